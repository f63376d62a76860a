# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
Handshakes over TCP, with pyOpenSSL.

The ssl module of Python cannot choose signature algorithms before 3.15, which is how TLS 1.3 tells the kinds of keys
apart, and cannot tell the chain before 3.13. pyOpenSSL has no method for the first either, but the call is in the
bindings that it uses; see _offer_signatures().
"""

from __future__ import annotations

import contextlib
import email.parser
import re
import socket
import time
import typing as t
from dataclasses import dataclass

from .._core.errors import InputError, TlsError
from .._x509.pem import Certificate, read_der
from .place import Place, is_address, peer_of, said
from .seen import VERSIONS, Answer, Handshake, KeyType
from .trust import ClientIdentity

try:
    from OpenSSL import SSL, crypto
except (ImportError, AttributeError):
    pass  # trust.py says so to the user
else:
    _FAILURES = (SSL.Error, OSError)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

# What OpenSSL offers by itself, but with versions before 1.2 and short keys, so that such an endpoint is told, too.
_USUAL = "DEFAULT"
_ALL = "ALL:COMPLEMENTOFALL:!aNULL:!eNULL"
_SUITES = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
_ALL_SUITES = f"{_SUITES}:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"
_LEVEL = "@SECLEVEL=0"
# The kind of key is that of the ciphers up to TLS 1.2, and that of the signatures with TLS 1.3, which has no use for
# PKCS#1: RSA signatures of that kind may be in the chain of an ECDSA key, and servers look whether they may.
_OTHER_KEYS = {"rsa": "!aECDSA:!aDSS", "ecdsa": "!aRSA:!aDSS"}
_PKCS1 = "RSA+SHA256:RSA+SHA384:RSA+SHA512"
_SIGNATURES = {
    "rsa": f"RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:{_PKCS1}",
    "ecdsa": f"ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:{_PKCS1}",
}
_ALERT = re.compile(r"(?:sslv3|tlsv1|tlsv13|tls|ssl/tls) alert (.+)")
# In a name as RFC 4514 writes it.
_SPECIAL, _ESCAPED = re.compile(r'([,+"\\<>;])'), r"\\\1"
_ALERT_RECORD, _HANDSHAKE_RECORD = 0x15, 0x16
_CLOSED = "The connection was closed by the other side"
_PIECE = 65536
# As they are on the wire.
_NUMBERS = dict(zip(VERSIONS, range(0x0301, 0x0305), strict=True))
_LONGEST_HEAD = 65536
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: |$)", re.MULTILINE)
_ResultT = t.TypeVar("_ResultT")


@dataclass(frozen=True)
class Offer:
    """
    What a client offers.

    :param key_type: None for any.
    :param versions: lowest and highest.
    :param ciphers: of the one version there is, by OpenSSL's names; None for the usual ones.
    :param everything: instead of the usual ciphers, all that there are.
    """

    server_name: str
    key_type: KeyType | None = None
    alpn: tuple[str, ...] = ()
    client: ClientIdentity | None = None
    versions: tuple[str, str] = (VERSIONS[0], VERSIONS[-1])
    ciphers: tuple[str, ...] | None = None
    everything: bool = False


class Session:
    """
    A handshake that was tried, and the connection if there is one.

    :ivar seen: what it showed.
    """

    def __init__(
        self,
        seen: Handshake,
        tls: SSL.Connection | None = None,
        link: _Link | None = None,
        states: Collection[bytes] = (),
    ) -> None:
        self.seen = seen
        self._tls = tls
        self._link = link
        self._states = states

    def ask(self, host: str) -> Answer:
        """One request, if the handshake was finished."""
        tls, link = self._tls, self._link
        if tls is None or link is None or self.seen.error is not None:
            return Answer(error=self.seen.error)
        lines = (f"HEAD / HTTP/1.1\r\nHost: {host}", "User-Agent: alicloud.tls", "Accept: */*", "Connection: close")
        request = "\r\n".join((*lines, "", "")).encode("ascii")
        try:
            link.exchange(lambda: tls.sendall(request))
            return _read_head(lambda: link.exchange(lambda: tls.recv(_PIECE)))
        except _FAILURES as error:
            return Answer(error=link.reason(error))

    def served(self) -> str | None:
        """
        Why the server does not want to have to do with this client; None if it does.

        With TLS 1.3 a server looks at the client's certificate when the client has finished: an alert comes instead of
        what is read next. Saying goodbye makes it come without a request. Some servers then close the connection and do
        not say goodbye themselves, such as those with Python's asyncio before 3.11.
        """
        tls, link = self._tls, self._link
        if tls is None or link is None or self.seen.error is not None:
            return self.seen.error
        try:
            link.exchange(tls.shutdown)
            while True:
                link.exchange(lambda: tls.recv(_PIECE))
        except SSL.ZeroReturnError:
            return None
        except _FAILURES as error:
            return None if isinstance(error, OSError) and self._accepted else link.reason(error)

    @property
    def _accepted(self) -> bool:
        """Whether the server has said something that it says to clients only whose certificate it has looked at."""
        return self.seen.version != VERSIONS[-1] or any(b"session ticket" in state for state in self._states)


class _NotTls(ConnectionError):
    """The other side speaks something else."""


class _Link:
    """Carries what OpenSSL has to say over a socket, until a point in time."""

    def __init__(self, tls: SSL.Connection, connected: socket.socket, seconds: float, end: float) -> None:
        self._tls = tls
        self._socket = connected
        self._seconds = seconds
        self._end = end
        self._first = True

    def exchange(self, step: Callable[[], _ResultT]) -> _ResultT:
        """
        Let a step of OpenSSL have all that it waits for.

        :raises SSL.Error: what OpenSSL says.
        :raises OSError: what the socket says; TimeoutError in the end.
        :raises _NotTls: the first that comes is something else.
        """
        while True:
            try:
                return step()
            except SSL.WantReadError:
                self._send()
                self._tls.bio_write(self._receive())
            finally:
                # The last message of a handshake, or an alert.
                self._send()

    def reason(self, error: Exception) -> str:
        """What went wrong, for the user."""
        if isinstance(error, OSError):
            return said(error, self._seconds)
        reasons = _openssl_says(error)
        alert = _ALERT.search(reasons)
        if alert:
            return f"TLS alert: {alert[1]}"
        return f"TLS error: {reasons}" if reasons else _CLOSED

    def _send(self) -> None:
        while True:
            try:
                piece = self._tls.bio_read(_PIECE)
            except SSL.WantReadError:
                return
            self._wait()
            # Who does not want to hear any more may have said why: that is read next.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._socket.sendall(piece)

    def _receive(self) -> bytes:
        self._wait()
        piece = self._socket.recv(_PIECE)
        if not piece:
            raise ConnectionAbortedError(_CLOSED)
        if self._first and piece[0] not in (_ALERT_RECORD, _HANDSHAKE_RECORD):
            raise _NotTls("It answers in plain HTTP" if piece.startswith(b"HTTP/") else "What it answers is not TLS")
        self._first = False
        return piece

    def _wait(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)


@contextlib.contextmanager
def shake(place: Place, offer: Offer, seconds: float, turn: int = 0) -> Iterator[Session]:
    """
    Connect, and try a handshake.

    :param seconds: for both, and for what is done with the session.
    :param turn: which address to begin with, if there are several.
    """
    end = time.monotonic() + seconds
    try:
        connected = place.connect(seconds, turn)
    except OSError as error:
        yield Session(Handshake(error=said(error, seconds), answered=False))
        return
    with connected:
        peer = peer_of(connected.getpeername())
        states: set[bytes] = set()
        tls = SSL.Connection(_context(offer, states), None)
        if not is_address(offer.server_name):
            tls.set_tlsext_host_name(offer.server_name.encode("ascii"))
        tls.set_connect_state()
        link = _Link(tls, connected, seconds, end)
        reason = None
        try:
            link.exchange(tls.do_handshake)
        except _FAILURES as error:
            reason = link.reason(error)
        yield Session(_seen(tls, peer, reason, states), tls, link, states)


def ciphers_of(version: str, key_type: KeyType | None) -> list[str]:
    """All that can be tried with one version."""
    context = _context(Offer("", key_type, versions=(version, version), everything=True), set())
    names = SSL.Connection(context, None).get_cipher_list()
    return [name for name in names if name.startswith("TLS_") == (version == VERSIONS[-1])]


def _context(offer: Offer, states: set[bytes]) -> SSL.Context:
    context = SSL.Context(SSL.TLS_METHOD)
    low, high = (_NUMBERS[name] for name in offer.versions)
    context.set_min_proto_version(low)
    context.set_max_proto_version(high)
    old, new = (_ALL, _ALL_SUITES) if offer.everything else (_USUAL, _SUITES)
    if offer.ciphers is not None:
        joined = ":".join(offer.ciphers)
        old, new = (old, joined) if offer.versions[1] == VERSIONS[-1] else (joined, new)
    parts = (old, _OTHER_KEYS[offer.key_type] if offer.key_type and offer.ciphers is None else "", _LEVEL)
    context.set_cipher_list(":".join(filter(None, parts)).encode("ascii"))
    context.set_tls13_ciphersuites(new.encode("ascii"))
    # Trust is judged afterwards, so that all is seen of what is not trusted.
    context.set_verify(SSL.VERIFY_NONE)
    if offer.key_type is not None:
        _offer_signatures(context, _SIGNATURES[offer.key_type])
    if offer.alpn:
        context.set_alpn_protos([each.encode("ascii") for each in offer.alpn])
    if offer.client is not None:
        offer.client.show(context)
    context.set_info_callback(lambda tls, _where, _result: states.add(tls.get_state_string()))
    return context


def _offer_signatures(context: SSL.Context, names: str) -> None:
    """pyOpenSSL has no method for it; the bindings below have had the call for as long as they have had TLS 1.3."""
    try:
        from OpenSSL._util import lib  # pylint: disable=import-outside-toplevel

        native = context._context  # pylint: disable=protected-access  # noqa: SLF001
        done = lib.SSL_CTX_set1_sigalgs_list(native, names.encode("ascii"))
    except (ImportError, AttributeError) as error:
        raise TlsError(
            f"With this version of pyOpenSSL the kind of key cannot be chosen ({error}). Leave key_types out, or use"
            " another version."
        ) from error
    if done != 1:
        raise TlsError("OpenSSL refuses to offer signatures of one kind of key only.")


def _seen(tls: SSL.Connection, peer: str, error: str | None, states: set[bytes]) -> Handshake:
    natives = tls.get_peer_cert_chain() or []
    chain: tuple[Certificate, ...] = ()
    try:
        ders = [crypto.dump_certificate(crypto.FILETYPE_ASN1, each) for each in natives]
        chain = tuple(read_der(der, source=f"Certificate {number} of the chain") for number, der in enumerate(ders, 1))
    except InputError as problem:
        error = problem.message
    if not chain:
        return Handshake(peer=peer, error=error or "It shows no certificate")
    alpn = tls.get_alpn_proto_negotiated().decode("ascii", "replace")
    return Handshake(
        peer=peer,
        error=error,
        version=_version(tls.get_protocol_version_name()),
        cipher=tls.get_cipher_name(),
        alpn=alpn or None,
        chain=chain,
        requested=any(b"certificate request" in state for state in states),
        issuers=tuple(_issuers(tls)),
    )


def _issuers(tls: SSL.Connection) -> Iterator[str]:
    for name in tls.get_client_ca_list():
        pairs = [(key.decode("ascii"), value.decode("utf-8", "replace")) for key, value in name.get_components()]
        yield ",".join(f"{key}={_SPECIAL.sub(_ESCAPED, value)}" for key, value in reversed(pairs))


def _version(name: str) -> str:
    return "TLSv1.0" if name == "TLSv1" else name


def _openssl_says(error: Exception) -> str:
    queue: Sequence[t.Any] = error.args[0] if error.args and isinstance(error.args[0], list) else ()
    return "; ".join(dict.fromkeys(str(entry[-1]) for entry in queue if entry[-1]))


def _read_head(read: Callable[[], bytes]) -> Answer:
    head = b""
    while True:
        block, blank, rest = head.partition(b"\r\n\r\n")
        status = _STATUS.match(block)
        if (b"\r\n" in block and status is None) or len(block) > _LONGEST_HEAD:
            return Answer(error="What it answers to a request is not HTTP/1.1")
        if blank and status is not None:
            if not status[1].startswith(b"1"):
                return _answer(int(status[1]), block)
            head = rest
        else:
            head += read()


def _answer(status: int, block: bytes) -> Answer:
    _line, _newline, fields = block.decode("latin-1").partition("\r\n")
    told = email.parser.Parser().parsestr(fields, headersonly=True).get_all("Alt-Svc", [])
    return Answer(status, ", ".join(" ".join(str(each).split()) for each in told) or None)
