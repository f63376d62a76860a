# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/2 of the data plane, with a client made of the package h2."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings, data_plane as data_plane_module
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench

pytest.importorskip("h2", reason="without the package h2 there is no HTTP/2")
pytestmark = pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True)])
_NAME = "www.example.com"


def _row(bench: Bench, listener_id: str) -> dict[str, t.Any]:
    return next(row for row in bench.emulator.data_plane() if row["listener_id"] == listener_id)


class _Client:
    """One connection. `window` is how many bytes the server may send per stream before it has to wait."""

    def __init__(self, row: t.Mapping[str, t.Any], window: int = 65535) -> None:
        from h2.config import H2Configuration
        from h2.connection import H2Connection
        from h2.settings import SettingCodes, Settings as Http2Settings

        context = ssl.create_default_context(cadata=material.authority_pem())
        context.set_alpn_protocols(["h2"])
        raw = socket.create_connection((row["address"], row["port"]), timeout=5)
        self.socket = context.wrap_socket(raw, server_hostname=_NAME)
        assert self.socket.selected_alpn_protocol() == "h2"
        self._connection = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self._connection.local_settings = Http2Settings(
            client=True, initial_values={SettingCodes.INITIAL_WINDOW_SIZE: window, SettingCodes.ENABLE_PUSH: 0}
        )
        self._connection.initiate_connection()

    def send(self, method: str = "GET", path: str = "/hello", body: bytes = b"") -> int:
        stream = self._connection.get_next_available_stream_id()
        headers = [(":method", method), (":scheme", "https"), (":authority", _NAME), (":path", path)]
        self._connection.send_headers(stream, headers, end_stream=not body)
        for start in range(0, len(body), 16384):
            self._connection.send_data(stream, body[start : start + 16384])
        if body:
            self._connection.end_stream(stream)
        return stream

    def read(self, *streams: int) -> dict[int, tuple[dict[str, str], t.Any]]:
        """Headers and decoded body of each."""
        from h2.events import DataReceived, ResponseReceived, StreamEnded

        heads: dict[int, dict[str, str]] = {}
        bodies: dict[int, bytes] = {}
        waiting = set(streams)
        while waiting:
            self.socket.sendall(self._connection.data_to_send())
            received = self.socket.recv(65536)
            if not received:
                raise ConnectionError("closed by the other side")
            for event in self._connection.receive_data(received):
                if isinstance(event, ResponseReceived):
                    heads[event.stream_id] = {str(name): str(value) for name, value in event.headers}
                elif isinstance(event, DataReceived):
                    bodies[event.stream_id] = bodies.get(event.stream_id, b"") + event.data
                    self._connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, StreamEnded):
                    waiting.discard(event.stream_id)
        return {each: (heads[each], json.loads(bodies[each]) if each in bodies else None) for each in streams}


def test_requests_side_by_side(bench: Bench) -> None:
    listener_id = bench.listener(bench.certificate())
    client = _Client(_row(bench, listener_id))
    streams = {method: client.send(method) for method in ("GET", "PUT", "HEAD", "PURGE")}
    answers = client.read(*streams.values())
    for method, stream in streams.items():
        headers, answer = answers[stream]
        assert headers[":status"] == "200"
        if method == "HEAD":
            assert answer is None
            assert int(headers["content-length"]) > 0
            continue
        told = {name: answer[name] for name in ("listener_id", "method", "path", "alpn", "http_version", "sni")}
        assert told == {
            "listener_id": listener_id,
            "method": method,
            "path": "/hello",
            "alpn": "h2",
            "http_version": "HTTP/2",
            "sni": _NAME,
        }
    client.socket.close()


def test_flow_control_in_both_directions(bench: Bench) -> None:
    client = _Client(_row(bench, bench.listener(bench.certificate())), window=100)
    for _number in range(3):
        # Together more than the connection's first window.
        stream = client.send("POST", "/" + "x" * 3000, b"y" * 30000)
        assert client.read(stream)[stream][1]["path"] == "/" + "x" * 3000
    client.socket.close()


def test_connection_lives_on_across_a_swap(bench: Bench) -> None:
    listener_id = bench.listener(bench.certificate())
    client = _Client(_row(bench, listener_id))
    client.read(client.send())
    renewed = bench.certificate(material.make(key_number=1), "renewed")
    change = {"Certificates__1__CertificateId": renewed, "Http2Enabled": False}
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, **change).code == "ok"
    stream = client.send()
    assert client.read(stream)[stream][1]["http_version"] == "HTTP/2"
    client.socket.close()
    with pytest.raises(AssertionError):
        _Client(_row(bench, listener_id))


def test_what_is_not_http2_is_sent_away(bench: Bench) -> None:
    row = _row(bench, bench.listener(bench.certificate()))
    client = _Client(row)
    client.socket.sendall(b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n" * 4)
    while client.socket.recv(65536):
        pass
    client.socket.close()
    other = _Client(row)
    assert other.read(other.send())
    other.socket.close()


def test_without_h2_it_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_plane_module, "_has", lambda package: package != "h2")
    row = _row(bench, bench.listener(bench.certificate()))
    assert row["error"] == ""
    assert row["notes"] == [note for note in row["notes"] if "DES-CBC3-SHA" in note] + [
        "HTTP/2 is not offered: it needs the Python package h2 (pip install h2)"
    ]
    with pytest.raises(AssertionError):
        _Client(row)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl program")
def test_curl_with_the_map_of_ports(bench: Bench, tmp_path: t.Any) -> None:
    listener_id = bench.listener(bench.certificate())
    (tmp_path / "ca.pem").write_text(material.authority_pem(), encoding="ascii")
    row = _row(bench, listener_id)
    address, port = bench.emulator.resolve(row["dns_name"], 443)
    command = ("curl", "-q", "-sS", "--noproxy", "*", "--cacert", str(tmp_path / "ca.pem"))
    target = ("--connect-to", f"{_NAME}:443:{address}:{port}", f"https://{_NAME}/")
    ran = subprocess.run((*command, *target), capture_output=True, check=True, timeout=20)
    assert json.loads(ran.stdout)["listener_id"] == listener_id
