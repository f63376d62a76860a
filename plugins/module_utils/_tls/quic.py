# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
Handshakes over QUIC, with aioquic, which may be missing.

aioquic can neither be told which signature algorithms to offer nor tells the chain: both are taken from the TLS context
of a connection, which it keeps to itself. All of that is in this file, and what is not there is told as such.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import sys
import time
import typing as t

from .._core.errors import InputError, MissingLibraryError, TlsError
from .._x509.pem import Certificate, read_der
from .place import Place, peer_of, said
from .seen import ALGORITHMS, VERSIONS, Answer, Handshake, KeyType

try:
    from aioquic.h3.connection import H3Connection
    from aioquic.h3.events import HeadersReceived
    from aioquic.quic.configuration import QuicConfiguration
    from aioquic.quic.connection import QuicConnection
    from aioquic.quic.events import ConnectionTerminated, HandshakeCompleted, QuicEvent
    from aioquic.tls import AlertDescription, SignatureAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding
except (ImportError, AttributeError) as exc:  # pyOpenSSL says the latter of a cryptography that is too new for it
    PROBLEM: str | None = str(exc)
else:
    PROBLEM = None

if t.TYPE_CHECKING:
    from collections.abc import Sequence

_LARGEST = 65536
# A QUIC error of this and the 255 after it is a TLS alert (RFC 9001).
_ALERTS = 0x100
# PKCS#1 is not for TLS 1.3's own signatures, but for those in the chain.
_SIGNATURES = {"rsa": ("RSA_",), "ecdsa": ("ECDSA_", "RSA_PKCS1_")}
# What it raises, depending on its version, where it does not know what to do with what came.
_STUMBLES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
# It writes what it thinks of packets to the log.
logging.getLogger("quic").disabled = True


def need_aioquic() -> None:
    """:raises MissingLibraryError: if aioquic could not be imported."""
    if PROBLEM is not None:
        raise MissingLibraryError(
            f"transport=quic needs the Python package aioquic (1.2 or later), which cannot be used by {sys.executable}:"
            f" {PROBLEM}. Install it for that interpreter, or in AWX use an execution environment that has it."
        )


class QuicSession:
    """
    One connection to one of the addresses of an endpoint.

    :ivar seen: what the handshake showed.
    """

    def __init__(self, place: Place, server_name: str, key_type: KeyType | None, alpn: Sequence[str]) -> None:
        configuration = QuicConfiguration(is_client=True, alpn_protocols=list(alpn), server_name=server_name)
        # Trust is judged afterwards, so that all is seen of what is not trusted.
        configuration.verify_mode = ssl.CERT_NONE
        self._quic = QuicConnection(configuration=configuration)
        if key_type is not None:
            _offer_signatures(self._quic, _SIGNATURES[key_type])
        self._place = place
        self._name = server_name
        self._kind = key_type
        self._socket: socket.socket | None = None
        self._address: t.Any = None
        self._seconds = self._end = 0.0
        self._heard = False
        self._alpn: str | None = None
        self._ended: str | None = None
        self.seen = Handshake()

    def __enter__(self) -> QuicSession:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._socket is not None:
            self._quic.close()
            # If that fails, the other side will find out by itself.
            with contextlib.suppress(OSError):
                self._send()
            self._socket.close()

    def shake(self, seconds: float, turn: int = 0) -> None:
        """
        Try the handshake.

        :param seconds: for this, and for the request after it.
        """
        self._seconds, self._end = seconds, time.monotonic() + seconds
        done = False
        reason = None
        try:
            family, self._address = self._place.addresses(socket.SOCK_DGRAM, turn)[0]
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
            # So that the system tells of a port where nobody listens.
            self._socket.connect(self._address)
            self._quic.connect(self._address, now=time.monotonic())
            while not done and self._ended is None:
                for event in self._exchange():
                    if isinstance(event, HandshakeCompleted):
                        self._alpn = event.alpn_protocol
                        done = True
            reason = self._ended if not done else None
        except OSError as error:
            reason = said(error, seconds)
        self.seen = self._look(reason)

    def ask(self) -> Answer | None:
        """One HTTP/3 request, if the handshake was finished; None if HTTP/3 is not spoken."""
        if self.seen.error is not None:
            return Answer(error=self.seen.error)
        if self._alpn != "h3":
            return None
        # GET: aioquic minds that the answer to HEAD has a content-length and no content.
        fields = {
            ":method": "GET",
            ":scheme": "https",
            ":authority": self._place.host(self._name),
            ":path": "/",
            "user-agent": "alicloud.tls",
        }
        http = H3Connection(self._quic)
        stream = self._quic.get_next_available_stream_id()
        http.send_headers(stream, [(name.encode(), value.encode()) for name, value in fields.items()], end_stream=True)
        try:
            while self._ended is None:
                for event in self._exchange():
                    for each in http.handle_event(event):
                        if isinstance(each, HeadersReceived) and each.stream_id == stream:
                            answer = _answer(each.headers)
                            if answer is not None:
                                return answer
        except OSError as error:
            return Answer(error=said(error, self._seconds))
        return Answer(error=self._ended)

    def _exchange(self) -> list[QuicEvent]:
        """Send what there is to send, wait for something to come, and return what it meant."""
        connected = self._socket
        if connected is None:
            return []
        self._send()
        now = time.monotonic()
        if now >= self._end:
            raise TimeoutError
        timer = self._quic.get_timer()
        connected.settimeout(max(min(self._end, timer if timer is not None else self._end) - now, 0.001))
        try:
            datagram = connected.recv(_LARGEST)
        except TimeoutError:
            if timer is not None and time.monotonic() >= timer:
                self._quic.handle_timer(now=time.monotonic())
        else:
            self._heard = True
            self._take(datagram)
        self._send()
        events: list[QuicEvent] = []
        while (event := self._quic.next_event()) is not None:
            if isinstance(event, ConnectionTerminated):
                self._ended = _why(event)
            events.append(event)
        return events

    def _take(self, datagram: bytes) -> None:
        """:raises ConnectionError: aioquic stumbles over it; versions before 1.6 do over certificates, for example."""
        try:
            self._quic.receive_datagram(datagram, self._address, now=time.monotonic())
        except _STUMBLES as error:
            raise ConnectionError(f"aioquic cannot read what it answers ({type(error).__name__}: {error})") from error

    def _send(self) -> None:
        if self._socket is not None:
            for data, _address in self._quic.datagrams_to_send(now=time.monotonic()):
                self._socket.send(data)

    def _look(self, reason: str | None) -> Handshake:
        peer = peer_of(self._address) if self._address is not None else None
        try:
            chain = _chain(self._quic)
        except InputError as problem:
            return Handshake(peer=peer, error=problem.message)
        if not chain:
            return Handshake(peer=peer, error=reason or "It shows no certificate", answered=self._heard)
        algorithm = chain[0].facts.algorithm
        if reason is None and self._kind is not None and algorithm != ALGORITHMS[self._kind]:
            # aioquic before 1.6 lets a server sign with PKCS#1, which is offered for the chain only.
            reason = f"It shows a certificate with another kind of key ({algorithm}) than was asked for"
        schedule = self._quic.tls.key_schedule
        cipher = f"TLS_{schedule.cipher_suite.name}" if schedule is not None else None
        return Handshake(peer=peer, error=reason, version=VERSIONS[-1], cipher=cipher, alpn=self._alpn, chain=chain)


def _offer_signatures(quic: QuicConnection, beginnings: tuple[str, ...]) -> None:
    initialize = getattr(quic, "_initialize", None)
    if initialize is None:
        raise _unknown("_initialize")

    def initialize_and_restrict(peer_cid: bytes) -> None:
        initialize(peer_cid)
        offered = getattr(quic.tls, "_signature_algorithms", None)
        if offered is None:
            raise _unknown("_signature_algorithms")
        offered[:] = [each for each in offered if SignatureAlgorithm(each).name.startswith(beginnings)]

    setattr(quic, "_initialize", initialize_and_restrict)  # noqa: B010


def _unknown(name: str) -> TlsError:
    return TlsError(
        f"With this version of aioquic the kind of key cannot be chosen (it has no {name}). Leave key_types out, or use"
        " another version."
    )


def _chain(quic: QuicConnection) -> tuple[Certificate, ...]:
    context = getattr(quic, "tls", None)
    if context is None:  # not even begun
        return ()
    try:
        leaf, others = (getattr(context, name) for name in ("_peer_certificate", "_peer_certificate_chain"))
    except AttributeError as error:
        raise TlsError(
            f"With this version of aioquic the chain cannot be told ({error}). Use another version."
        ) from error
    parsed = [leaf, *others] if leaf is not None else []
    ders = [each.public_bytes(Encoding.DER) for each in parsed]
    return tuple(read_der(der, source=f"Certificate {number} of the chain") for number, der in enumerate(ders, 1))


def _why(event: ConnectionTerminated) -> str:
    alert = event.error_code - _ALERTS
    if alert in list(AlertDescription):
        return f"TLS alert: {AlertDescription(alert).name.replace('_', ' ')}"
    reason = event.reason_phrase or "the connection was closed"
    return f"QUIC error {event.error_code:#x}: {reason}" if event.error_code else reason[:1].upper() + reason[1:]


def _answer(headers: Sequence[tuple[bytes, bytes]]) -> Answer | None:
    """None for one that is only a beginning (1xx)."""
    told = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]
    status = next((value for name, value in told if name == ":status"), "")
    if not status.isdecimal():
        return Answer(error="What it answers to a request is not HTTP/3")
    if status.startswith("1"):
        return None
    return Answer(int(status), ", ".join(value for name, value in told if name == "alt-svc") or None)
