# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for the cloud: servers on loopback that answer what they are told, a proxy, a connection without HTTP."""

from __future__ import annotations

import base64
import contextlib
import http.server
import ipaddress
import json
import select
import socket
import ssl
import threading
import typing as t
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


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

    def __init__(self, port: int, scheme: str = "http") -> None:
        self.scheme = scheme
        self.host = f"127.0.0.1:{port}"
        self.answers: list[Answer] = [Answer()]
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextlib.contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[LocalApi]:
    """:param context: with the server's certificate, for HTTPS."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            split = urllib.parse.urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            query = dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True))
            api.requests.append(
                Request(
                    self.headers.get("x-acs-action", query.get("Action", "")),
                    self.path,
                    query,
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

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_args: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    api = LocalApi(server.server_port, "https" if context else "http")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_args: object) -> None:
        """Handshakes that fail are what some tests are about."""


class LocalProxy:
    """
    :ivar seen: what has arrived: method, target, user and password.
    :ivar status: what a tunnel is refused with, if not None.
    """

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.seen: list[tuple[str, str, str | None]] = []
        self.status: int | None = None


@contextlib.contextmanager
def proxying() -> Iterator[LocalProxy]:
    """A proxy that opens tunnels, and answers plain requests itself, with its own address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            self._note()
            if proxy.status is not None:
                self.send_error(proxy.status)
                return
            host, _colon, port = self.path.partition(":")
            with socket.create_connection((host, int(port)), timeout=5) as far:
                self.send_response(200)
                self.end_headers()
                ends = {self.connection: far, far: self.connection}
                while True:
                    ready, _writable, _broken = select.select(list(ends), [], [], 5)
                    if not ready:
                        return
                    for one in ready:
                        data = one.recv(65536)
                        if not data:
                            return
                        ends[one].sendall(data)

        def do_POST(self) -> None:
            self._note()
            self.rfile.read(int(self.headers.get("content-length") or 0))
            content = json.dumps({"Proxy": proxy.host}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _note(self) -> None:
            given = self.headers.get("proxy-authorization")
            who = base64.b64decode(given.split()[1]).decode() if given else None
            proxy.seen.append((self.command, self.path.partition("?")[0], who))

        def log_message(self, *_args: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    proxy = LocalProxy(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def own_tls(directory: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server on 127.0.0.1 speaks TLS with, and the file of the CA that has signed its certificate."""
    now = datetime.now(timezone.utc)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _unused in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in ("Test CA", "127.0.0.1")]
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    # Python 3.13 insists on all of these.
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    extensions: list[list[tuple[x509.ExtensionType, bool]]] = [
        [
            (x509.BasicConstraints(ca=True, path_length=None), True),
            (usage, True),
            (x509.SubjectKeyIdentifier.from_public_key(keys[0].public_key()), False),
        ],
        [(address, False), (x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), False)],
    ]
    pems = []
    for name, key, wanted in zip(names, keys, extensions, strict=True):
        builder = x509.CertificateBuilder(names[0], name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        for extension, critical in wanted:
            builder = builder.add_extension(extension, critical)
        pems.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    pkcs8 = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (directory / "server.pem").write_bytes(pems[1] + keys[1].private_bytes(*pkcs8))
    (directory / "ca.pem").write_bytes(pems[0])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "server.pem")
    return context, directory / "ca.pem"


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
