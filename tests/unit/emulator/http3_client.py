# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client for HTTP/3, with the package aioquic, which may be missing: import this module only if it is there."""

from __future__ import annotations

import asyncio
import typing as t

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, QuicEvent
from aioquic.tls import SignatureAlgorithm
from cryptography.hazmat.primitives import hashes


class Http3Answer(t.NamedTuple):
    sha256: str
    """Of the server's leaf."""
    headers: str
    body: bytes


class Http3Client(QuicConnectionProtocol):
    """
    One connection.

    :param offered: part of the names of the signature algorithms to offer; empty: all
    """

    def __init__(self, quic: QuicConnection, name: str, offered: str) -> None:
        super().__init__(quic)
        if offered:
            _offer_only(quic, offered)
        self._name = name
        self._http = H3Connection(quic)
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._heads: dict[int, str] = {}
        self._bodies: dict[int, bytes] = {}

    async def ask(self, method: str) -> Http3Answer:
        stream = self._quic.get_next_available_stream_id()
        self._waiting[stream] = asyncio.get_running_loop().create_future()
        headers = {":method": method, ":scheme": "https", ":authority": self._name, ":path": "/hello"}
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._http.send_headers(stream, sent, end_stream=True)
        self.transmit()
        await asyncio.wait_for(self._waiting[stream], 5)
        leaf = self._quic.tls._peer_certificate
        assert leaf is not None
        sha256 = leaf.fingerprint(hashes.SHA256()).hex().upper()
        return Http3Answer(sha256, self._heads[stream], self._bodies.get(stream, b""))

    def quic_event_received(self, event: QuicEvent) -> None:
        if isinstance(event, ConnectionTerminated):
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError(event.reason_phrase))
        for each in self._http.handle_event(event):
            if isinstance(each, HeadersReceived):
                self._heads[each.stream_id] = "\n".join(f"{k.decode()}: {v.decode()}" for k, v in each.headers)
            elif isinstance(each, DataReceived):
                self._bodies[each.stream_id] = self._bodies.get(each.stream_id, b"") + each.data
            if isinstance(each, (HeadersReceived, DataReceived)) and each.stream_ended:
                self._waiting[each.stream_id].set_result(None)


def _offer_only(quic: QuicConnection, offered: str) -> None:
    """aioquic has no option for it."""
    initialize = quic._initialize

    def initialize_and_restrict(peer_cid: bytes) -> None:
        initialize(peer_cid)
        algorithms = quic.tls._signature_algorithms
        quic.tls._signature_algorithms = [each for each in algorithms if offered in SignatureAlgorithm(each).name]

    quic._initialize = initialize_and_restrict  # type: ignore[method-assign] # that is the only way
