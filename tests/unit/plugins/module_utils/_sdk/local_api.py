# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for the cloud: an HTTP server on loopback that answers what it is told, and a connection without HTTP."""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import threading
import typing as t
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError


@dataclass(frozen=True)
class Answer:
    """
    One HTTP answer.

    :param body: sent as JSON unless it is bytes.
    :param lost: the request arrives, and the connection is closed without an answer.
    :param held: how long the answer is held back; set() lets it go.
    """

    body: object = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False
    held: threading.Event | None = None


def refusal(code: str, status: int = 400, message: str = "No.", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer({"Code": code, "Message": message, "RequestId": "REQ-1"}, status, named)


class Request(t.NamedTuple):
    action: str
    url: str
    query: dict[str, str]
    body: dict[str, str]
    headers: dict[str, str]


class LocalApi:
    """
    :ivar answers: given in this order; the last one again and again.
    :ivar requests: what has arrived.
    """

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.answers: list[Answer] = [Answer()]
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextlib.contextmanager
def serving() -> Iterator[LocalApi]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            split = urllib.parse.urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            api.requests.append(
                Request(
                    self.headers.get("x-acs-action", ""),
                    self.path,
                    dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True)),
                    dict(urllib.parse.parse_qsl(body, keep_blank_values=True)),
                    {name.lower(): value for name, value in self.headers.items()},
                )
            )
            answer = api.next_answer()
            if answer.held is not None:
                answer.held.wait(10)
            if answer.lost or answer.held is not None:
                return
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = LocalApi(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def unused_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def api_error(code: str, action: str = "Action", status: int = 400) -> ApiError:
    return ApiError(action=action, code=code, detail="No.", status=status, request_id="REQ-1", endpoint="api.test")


class Call(t.NamedTuple):
    action: str
    parameters: dict[str, t.Any]
    body: dict[str, str] | None = None


class FakeConnection:
    """
    A Connection without HTTP.

    :param answers: what each action answers: a function of its parameters, or values in order, the last one again and
        again. An error is raised.
    :ivar calls: what was called, in order.
    :ivar without_token: the writes that were to carry no ClientToken.
    """

    host = "api.test"

    def __init__(self, answers: Mapping[str, Callable[[dict[str, t.Any]], object] | list[object]]) -> None:
        self._answers = answers
        self.calls: list[Call] = []
        self.without_token: list[str] = []
        self.landed: Callable[[], dict[str, t.Any] | None] | None = None

    def read(self, action: str, parameters: Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
        return self._answer(Call(action, dict(parameters or {})))

    def write(
        self,
        action: str,
        parameters: Mapping[str, t.Any],
        *,
        body: Mapping[str, str] | None = None,
        token: bool = True,
        landed: Callable[[], dict[str, t.Any] | None] | None = None,
    ) -> dict[str, t.Any]:
        self.landed = landed
        if not token:
            self.without_token.append(action)
        return self._answer(Call(action, dict(parameters), dict(body) if body else None))

    def pages(self, action: str, parameters: Mapping[str, t.Any], rows: str) -> Iterator[dict[str, t.Any]]:
        yield from self.read(action, parameters).get(rows) or []

    @property
    def actions(self) -> list[str]:
        return [call.action for call in self.calls]

    def _answer(self, call: Call) -> dict[str, t.Any]:
        self.calls.append(call)
        given = self._answers[call.action]
        values = [given(call.parameters)] if callable(given) else given
        found = values.pop(0) if len(values) > 1 else values[0]
        if isinstance(found, Exception):
            raise found
        return t.cast("dict[str, t.Any]", found)
