# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""QUIC and HTTP/3, with the package aioquic, which may be missing: import this module only if it is there."""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from aioquic import tls
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.asyncio.server import QuicServer
from aioquic.buffer import Buffer, BufferReadError  # type: ignore[attr-defined] # re-exported without saying so
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import NetworkAddress, QuicConnection
from aioquic.quic.events import ProtocolNegotiated, QuicEvent
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from .http_answer import Link, Reply, Request, Site
from .identities import Identities, Identity

_RSA = (tls.SignatureAlgorithm.RSA_PSS_RSAE_SHA256, tls.SignatureAlgorithm.RSA_PSS_RSAE_SHA384)
_ECC = {
    "secp256r1": tls.SignatureAlgorithm.ECDSA_SECP256R1_SHA256,
    "secp384r1": tls.SignatureAlgorithm.ECDSA_SECP384R1_SHA384,
}
Respond = Callable[[Site, Link, Request], Reply]


@dataclass
class QuicService:
    """
    A QUIC listener as it was when this was made.

    :raises ValueError: aioquic has no signature algorithm for the curve of a certificate
    """

    site: Site
    identities: Identities
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for identity in (*self.identities.default, *self.identities.additional):
            _signature_algorithms(identity)

    def choose(self, server_name: str | None, offered: Sequence[int]) -> Identity:
        """The certificate for a ClientHello; if the client can verify none of those for the name, the first."""
        candidates = self.identities.for_name(server_name)
        for identity in candidates:
            if not set(offered).isdisjoint(_signature_algorithms(identity)):
                return identity
        return candidates[0]


class QuicFront:
    """A UDP port. `service` is what the next connection gets."""

    def __init__(self, service: QuicService, respond: Respond) -> None:
        self.service = service
        self._respond = respond
        self._server: QuicServer | None = None

    async def listen(self, listening: socket.socket) -> None:
        """Take a bound socket over."""
        # aioquic wants a certificate before it sees a ClientHello. It is replaced then, for every connection.
        identity = self.service.identities.default[0]
        chain = _chain(identity.chain_pem)
        configuration = QuicConfiguration(
            is_client=False, alpn_protocols=H3_ALPN, certificate=chain[0], private_key=identity.key
        )
        _transport, self._server = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: QuicServer(configuration=configuration, create_protocol=self._connect), sock=listening
        )

    def close(self) -> None:
        """Tell the clients, and give the port up."""
        if self._server is not None:
            self._server.close()

    def _connect(self, quic: QuicConnection, stream_handler: object = None) -> QuicConnectionProtocol:
        return _Connection(quic, self.service, self._respond)


class _Connection(QuicConnectionProtocol):
    def __init__(self, quic: QuicConnection, service: QuicService, respond: Respond) -> None:
        super().__init__(quic)
        self._service = service
        self._respond = respond
        self._http: H3Connection | None = None
        self._peer: tuple[str, int] = ("", 0)
        self._sni: str | None = None
        self._requests: dict[int, Request] = {}
        self._wait_for_tls()

    def datagram_received(self, data: bytes | str, addr: NetworkAddress) -> None:
        self._peer = (str(addr[0]), int(addr[1]))
        super().datagram_received(data, addr)

    def quic_event_received(self, event: QuicEvent) -> None:
        if isinstance(event, ProtocolNegotiated):
            self._http = H3Connection(self._quic)
        if self._http is None:
            return
        for each in self._http.handle_event(event):
            if isinstance(each, HeadersReceived):
                # A second block of headers are trailers.
                self._requests.setdefault(each.stream_id, _request(each))
            if isinstance(each, (HeadersReceived, DataReceived)) and each.stream_ended:
                request = self._requests.pop(each.stream_id, None)
                if request is not None:
                    self._answer(self._http, each.stream_id, request)

    def _answer(self, http: H3Connection, stream_id: int, request: Request) -> None:
        answer = self._respond(self._service.site, self._link(), request)
        bare = request.method == "HEAD"
        headers = [(b":status", b"200"), *((name.encode(), value.encode()) for name, value in answer.headers)]
        if bare:
            # It may be left out, and aioquic's own client wants that many bytes, HEAD or not.
            headers = [(name, value) for name, value in headers if name != b"content-length"]
        http.send_headers(stream_id, headers, end_stream=bare)
        if not bare:
            http.send_data(stream_id, answer.body, end_stream=True)
        self.transmit()

    def _link(self) -> Link:
        schedule = self._quic.tls.key_schedule
        return Link(
            http_version="HTTP/3",
            peer=self._peer,
            alpn=self._quic.tls.alpn_negotiated,
            sni=self._sni,
            tls_version="TLSv1.3",
            cipher=f"TLS_{schedule.cipher_suite.name}" if schedule is not None else None,
        )

    def _wait_for_tls(self) -> None:
        """
        Have a look at the ClientHello before aioquic answers it; it has no hook for that.

        The first packet makes the TLS context; from there on only what is public is used.
        """
        initialize = self._quic._initialize

        def initialize_and_watch(peer_cid: bytes) -> None:
            initialize(peer_cid)
            self._choose_at_hello(self._quic.tls)

        self._quic._initialize = initialize_and_watch  # type: ignore[method-assign]

    def _choose_at_hello(self, context: tls.Context) -> None:
        go_on = context.handle_message
        waiting = b""

        def handle_message(input_data: bytes, output_buf: dict[tls.Epoch, Buffer]) -> None:
            nonlocal waiting
            waiting += input_data
            # Type, three bytes of length, body: it may come in pieces.
            if len(waiting) < 4 or len(waiting) < 4 + int.from_bytes(waiting[1:4], "big"):
                return
            context.handle_message = go_on  # type: ignore[method-assign]
            if waiting[0] == tls.HandshakeType.CLIENT_HELLO:
                self._choose(context, waiting)
            go_on(waiting, output_buf)

        context.handle_message = handle_message  # type: ignore[method-assign]

    def _choose(self, context: tls.Context, message: bytes) -> None:
        try:
            hello = tls.pull_client_hello(Buffer(data=message))
        except (BufferReadError, UnicodeDecodeError, tls.Alert):
            # aioquic comes to the same end in a moment, and knows what to answer.
            return
        self._sni = hello.server_name
        identity = self._service.choose(hello.server_name, hello.signature_algorithms or [])
        chain = _chain(identity.chain_pem)
        context.certificate, context.certificate_chain = chain[0], list(chain[1:])
        context.certificate_private_key = identity.key
        # aioquic before 1.6, the newest for Python 3.10 among them, signs with PKCS#1 then, which TLS 1.3 forbids
        # (RFC 8446, 4.4.3), and has another alert for want of a protocol (RFC 9001, 8.1).
        if set(hello.signature_algorithms or []).isdisjoint(_signature_algorithms(identity)):
            raise tls.AlertHandshakeFailure("No supported signature algorithm")
        if set(hello.alpn_protocols or []).isdisjoint(H3_ALPN):
            raise _NoApplicationProtocol("No common ALPN protocols")


class _NoApplicationProtocol(tls.Alert):
    description = tls.AlertDescription.no_application_protocol


def _signature_algorithms(identity: Identity) -> tuple[int, ...]:
    key = identity.key
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        return _RSA
    if key.curve.name not in _ECC:
        raise ValueError(f"aioquic cannot sign with {key.curve.name}, the curve of {identity.certificate_id}")
    return (_ECC[key.curve.name],)


@functools.lru_cache(maxsize=64)
def _chain(chain_pem: str) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(chain_pem.encode()))


def _request(event: HeadersReceived) -> Request:
    headers = {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in event.headers}
    headers.setdefault("host", headers.get(":authority", ""))
    return Request(headers.get(":method", ""), headers.get(":path", ""), headers, "HTTP/3")
