# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/2 of a listener, with the package h2, which may be missing: import this module only if it is there."""

from __future__ import annotations

import asyncio
import typing as t
from collections.abc import Callable

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RequestReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError, StreamClosedError

from .http_answer import Reply, Request


class Http2(asyncio.Protocol):
    """One connection. A request is answered when it is complete; its body is thrown away."""

    def __init__(self, respond: Callable[[Request], Reply]) -> None:
        self._respond = respond
        self._connection = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._requests: dict[int, Request] = {}
        self._unsent: dict[int, bytes] = {}
        """Rest of an answer that waits for the client to open its window."""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = t.cast(asyncio.Transport, transport)
        self._connection.initiate_connection()
        self._flush()

    def data_received(self, data: bytes) -> None:
        try:
            for event in self._connection.receive_data(data):
                self._handle(event)
        except (ProtocolError, UnicodeDecodeError):
            # h2 has put a GOAWAY into its buffer.
            self._flush()
            self._close()
        else:
            self._flush()

    def _handle(self, event: Event) -> None:
        if isinstance(event, RequestReceived):
            self._requests[event.stream_id] = _request(event)
        elif isinstance(event, DataReceived):
            self._connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamEnded):
            self._answer(event.stream_id, self._requests.pop(event.stream_id))
        elif isinstance(event, StreamReset):
            self._requests.pop(event.stream_id, None)
            self._unsent.pop(event.stream_id, None)
        elif isinstance(event, WindowUpdated):
            for stream_id in [event.stream_id] if event.stream_id else list(self._unsent):
                self._send_rest(stream_id)
        elif isinstance(event, ConnectionTerminated):
            self._close()

    def _answer(self, stream_id: int, request: Request) -> None:
        if not request.path:
            self._connection.reset_stream(stream_id, ErrorCodes.PROTOCOL_ERROR)
            return
        answer = self._respond(request)
        bare = request.method == "HEAD"
        self._connection.send_headers(stream_id, [(":status", "200"), *answer.headers], end_stream=bare)
        if not bare:
            self._unsent[stream_id] = answer.body
            self._send_rest(stream_id)

    def _send_rest(self, stream_id: int) -> None:
        """As much as the client's windows allow."""
        rest = self._unsent.pop(stream_id, b"")
        try:
            while rest:
                window = self._connection.local_flow_control_window(stream_id)
                size = min(window, self._connection.max_outbound_frame_size)
                if size <= 0:
                    self._unsent[stream_id] = rest
                    return
                piece, rest = rest[:size], rest[size:]
                self._connection.send_data(stream_id, piece, end_stream=not rest)
        except StreamClosedError:
            return

    def _flush(self) -> None:
        if self._transport is not None:
            self._transport.write(self._connection.data_to_send())

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _request(event: RequestReceived) -> Request:
    headers = {_text(name): _text(value) for name, value in event.headers}
    headers.setdefault("host", headers.get(":authority", ""))
    return Request(headers.get(":method", ""), headers.get(":path", ""), headers, "HTTP/2")


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
