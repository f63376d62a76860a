# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handshakes with what the listeners really serve."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import sys
import tempfile
import time
import typing as t
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import BASIC, LOAD_BALANCER, Bench
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

pytestmark = pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True)])
_NAME = "www.example.com"


def _context() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=material.authority_pem())


def _row(bench: Bench, listener_id: str) -> dict[str, t.Any]:
    return next(row for row in bench.emulator.data_plane() if row["listener_id"] == listener_id)


def _connect(bench: Bench, listener_id: str, context: ssl.SSLContext | None = None, name: str = _NAME) -> ssl.SSLSocket:
    row = _row(bench, listener_id)
    raw = socket.create_connection((row["address"], row["port"]), timeout=5)
    return (context or _context()).wrap_socket(raw, server_hostname=name)


def _served(connection: ssl.SSLSocket) -> str:
    certificate = connection.getpeercert(binary_form=True)
    assert certificate is not None
    return x509.load_der_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex().upper()


def _ask(connection: socket.socket) -> dict[str, t.Any]:
    connection.sendall(b"GET /hello HTTP/1.1\r\nHost: www.example.com\r\n\r\n")
    content = b""
    while not content.endswith(b"}"):
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("closed by the other side")
        content += more
    assert content.startswith(b"HTTP/1.1 200")
    answer: dict[str, t.Any] = json.loads(content.partition(b"\r\n\r\n")[2])
    return answer


def test_chain_is_served_and_the_answer_tells_who_answered(bench: Bench) -> None:
    made = material.make(_NAME)
    listener_id = bench.listener(bench.certificate(made))
    row = _row(bench, listener_id)
    assert (row["address"], row["protocol"], row["listener_port"], row["error"]) == ("127.0.0.1", "HTTPS", 443, "")
    assert row["port"] >= 1024
    assert row["dns_name"].startswith(LOAD_BALANCER)
    with _connect(bench, listener_id) as connection:
        assert _served(connection) == made.sha256
        answer = _ask(connection)
    assert len(answer.pop("request_id")) == 36
    assert answer == {
        "listener_id": listener_id,
        "load_balancer_id": LOAD_BALANCER,
        "listener_port": 443,
        "protocol": "HTTPS",
        "sni": _NAME,
        "tls_version": "TLSv1.2",
        "cipher": answer["cipher"],
        "alpn": None,
        "http_version": "HTTP/1.1",
        "client_certificate_subject": None,
        "forwarded_headers": {"X-Forwarded-For": "127.0.0.1"},
        "method": "GET",
        "path": "/hello",
    }


def test_update_is_for_new_connections(bench: Bench) -> None:
    old, new = material.make(_NAME), material.make(_NAME, key_number=1)
    listener_id = bench.listener(bench.certificate(old))
    port = _row(bench, listener_id)["port"]
    with _connect(bench, listener_id) as living:
        assert _ask(living)["listener_id"] == listener_id
        renewed = bench.certificate(new, "renewed")
        bench.emulator.change_settings(polls=2)
        bench.alb("UpdateListenerAttribute", ListenerId=listener_id, Certificates__1__CertificateId=renewed)
        with _connect(bench, listener_id) as during:
            assert _served(during) == old.sha256
        bench.emulator.settle()
        with _connect(bench, listener_id) as after:
            assert _served(after) == new.sha256
            assert _ask(after)["listener_id"] == listener_id
        assert _ask(living)["listener_id"] == listener_id
        assert _served(living) == old.sha256
    assert _row(bench, listener_id)["port"] == port


def test_rsa_and_ecc_by_what_the_client_can(bench: Bench) -> None:
    made = {"ECC": material.make(_NAME), "RSA": material.make(_NAME, algorithm="RSA")}
    ids = {name: bench.certificate(each, name) for name, each in made.items()}
    listener_id = bench.listener(ids["ECC"])
    both = {"Certificates__1__CertificateId": ids["ECC"], "Certificates__2__CertificateId": ids["RSA"]}
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, **both).code == "ok"
    for algorithm, cipher in (("ECC", "ECDHE-ECDSA-AES128-GCM-SHA256"), ("RSA", "ECDHE-RSA-AES128-GCM-SHA256")):
        context = _context()
        context.set_ciphers(cipher)
        with _connect(bench, listener_id, context) as connection:
            assert _served(connection) == made[algorithm].sha256


@pytest.mark.parametrize(
    ("policy", "version"),
    [("tls_cipher_policy_1_2", "TLSv1.2"), ("tls_cipher_policy_1_2_strict_with_1_3", "TLSv1.3")],
)
def test_policy_sets_the_version(bench: Bench, policy: str, version: str) -> None:
    listener_id = bench.listener(bench.certificate(), SecurityPolicyId=policy)
    with _connect(bench, listener_id) as connection:
        assert _ask(connection)["tls_version"] == version


def test_strict_policy_has_no_rsa_key_exchange(bench: Bench) -> None:
    certificate = bench.certificate(material.make(_NAME, algorithm="RSA"))
    for port, policy, works in ((1, "tls_cipher_policy_1_2", True), (2, "tls_cipher_policy_1_2_strict", False)):
        listener_id = bench.listener(certificate, ListenerPort=port, SecurityPolicyId=policy)
        context = _context()
        context.set_ciphers("AES128-GCM-SHA256")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        if works:
            _connect(bench, listener_id, context).close()
        else:
            with pytest.raises(ssl.SSLError):
                _connect(bench, listener_id, context)


def test_client_certificate_is_demanded(bench: Bench, tmp_path: Path) -> None:
    bench.emulator.seed({"ca_certificates": [{"identifier": "ca-1", "pem": material.authority_pem()}]})
    listener_id = bench.listener(bench.certificate(), CaEnabled=True, CaCertificates__1__CertificateId="ca-1")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        # With TLS 1.2 the handshake itself fails.
        _ask(_connect(bench, listener_id))
    client = material.make("client")
    (tmp_path / "client.pem").write_text(client.chain_pem + client.key_pem, encoding="ascii")
    context = _context()
    context.load_cert_chain(tmp_path / "client.pem")
    with _connect(bench, listener_id, context) as connection:
        assert _ask(connection)["listener_id"] == listener_id


def test_http_listener_is_plain(bench: Bench) -> None:
    row = _row(bench, bench.listener())
    with urllib.request.urlopen(f"http://{row['address']}:{row['port']}/", timeout=5) as response:
        assert json.load(response)["tls_version"] is None


def test_no_port_before_it_runs_and_none_after_it_is_gone(bench: Bench) -> None:
    bench.emulator.change_settings(polls=2)
    listener_id = bench.create(bench.certificate()).body["ListenerId"]
    assert bench.emulator.data_plane() == []
    bench.emulator.settle()
    row = _row(bench, listener_id)
    living = _connect(bench, listener_id)
    bench.alb("DeleteListener", ListenerId=listener_id)
    _connect(bench, listener_id).close()
    bench.emulator.settle()
    assert bench.emulator.data_plane() == []
    with pytest.raises(OSError):  # noqa: PT011 - refused, or reset
        socket.create_connection((row["address"], row["port"]), timeout=1)
    with pytest.raises(OSError):  # noqa: PT011 - closed, or reset
        _ask(living)
    living.close()


def test_reset_closes_the_ports(bench: Bench) -> None:
    row = _row(bench, bench.listener())
    bench.emulator.reset()
    assert bench.emulator.data_plane() == []
    with pytest.raises(OSError):  # noqa: PT011 - refused
        socket.create_connection((row["address"], row["port"]), timeout=1)


def test_switched_off(bench: Bench) -> None:
    bench.emulator.change_settings(data_plane=False)
    bench.listener()
    assert bench.emulator.data_plane() == []


def test_what_tls_cannot_serve_is_told_and_the_old_stays(bench: Bench) -> None:
    made = material.make(_NAME)
    listener_id = bench.listener(bench.certificate(made))
    bench.emulator.seed({"ca_certificates": [{"identifier": "ca-1"}]})
    ca = {"CaEnabled": True, "CaCertificates__1__CertificateId": "ca-1"}
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, **ca).code == "ok"
    assert "without its PEM" in _row(bench, listener_id)["error"]
    with _connect(bench, listener_id) as connection:
        assert _served(connection) == made.sha256


def test_rude_clients_do_no_harm(bench: Bench) -> None:
    listener_id = bench.listener(bench.certificate())
    row = _row(bench, listener_id)
    for rubbish in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + b"\xff" * 200):
        with socket.create_connection((row["address"], row["port"]), timeout=5) as connection:
            connection.sendall(rubbish)
    with _connect(bench, listener_id) as connection:
        assert _ask(connection)["listener_id"] == listener_id


@pytest.mark.parametrize("memory", [True, False])
def test_keys_do_not_stay_in_files(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, memory: bool) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if not memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    listener_id = bench.listener(bench.certificate())
    with _connect(bench, listener_id) as connection:
        assert _ask(connection)["listener_id"] == listener_id
    assert list(tmp_path.iterdir()) == []


def test_stays_quick_with_many_connections(bench: Bench) -> None:
    listener_id = bench.listener(bench.certificate())
    began = time.monotonic()
    connections = [_connect(bench, listener_id) for _number in range(30)]
    answers = {_ask(each)["request_id"] for each in connections}
    for each in connections:
        each.close()
    assert len(answers) == 30
    assert time.monotonic() - began < 5


def test_key_of_pkcs1_under_the_heading_of_pkcs8(bench: Bench) -> None:
    made = material.make(_NAME, algorithm="RSA", key_format=serialization.PrivateFormat.TraditionalOpenSSL)
    relabelled = made.key_pem.replace("RSA PRIVATE KEY", "PRIVATE KEY")
    uploaded = bench.upload(made, "web", Key=relabelled)
    assert uploaded.code == "ok"
    listener_id = bench.listener(f"{uploaded.body['CertId']}-cn-hangzhou")
    with _connect(bench, listener_id) as connection:
        assert _served(connection) == made.sha256


def test_stop_and_start(bench: Bench) -> None:
    listener_id = bench.listener(bench.certificate())
    row = _row(bench, listener_id)
    living = _connect(bench, listener_id)
    bench.emulator.change_settings(polls=5)
    assert bench.alb("StopListener", ListenerId=listener_id).code == "ok"
    _connect(bench, listener_id).close()
    bench.emulator.settle()
    assert _row(bench, listener_id) == {**row, "listening": False, "notes": []}
    with pytest.raises(OSError):  # noqa: PT011 - refused
        socket.create_connection((row["address"], row["port"]), timeout=1)
    with pytest.raises(OSError):  # noqa: PT011 - closed, or reset
        _ask(living)
    living.close()
    assert bench.emulator.resolve(row["dns_name"], 443) == (row["address"], row["port"])
    assert bench.alb("StartListener", ListenerId=listener_id).code == "ok"
    assert not _row(bench, listener_id)["listening"]
    bench.emulator.settle()
    assert _row(bench, listener_id) == row
    with _connect(bench, listener_id) as connection:
        assert _ask(connection)["listener_id"] == listener_id


def test_map_of_ports(bench: Bench) -> None:
    plain, secure = bench.listener(), bench.listener(bench.certificate())
    name = _row(bench, plain)["dns_name"]
    with urllib.request.urlopen(f"http://{bench.emulator.endpoint}/_emulator/ports", timeout=5) as response:
        told = json.load(response)
    assert told == bench.emulator.ports()
    assert told == {
        name: {
            str(port): {"tcp": {"address": "127.0.0.1", "port": _row(bench, listener_id)["port"]}}
            for port, listener_id in ((80, plain), (443, secure))
        }
    }
    with pytest.raises(LookupError, match="on udp port 443"):
        bench.emulator.resolve(name, 443, "udp")


def test_map_of_ports_as_resolver(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that only knows the load balancer's name and port gets there."""
    plain, secure = bench.listener(), bench.listener(bench.certificate())
    name = _row(bench, secure)["dns_name"]
    connect = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda to, *more: connect(bench.emulator.resolve(*to), *more))
    with urllib.request.urlopen(f"http://{name}/", timeout=5) as response:
        assert json.load(response)["listener_id"] == plain
    with pytest.raises(urllib.error.URLError, match="Hostname mismatch"):
        urllib.request.urlopen(f"https://{name}/", timeout=5, context=_context())


def test_real_ports(bench: Bench) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bench.emulator.change_settings(real_ports=True)
    first, second = bench.listener(ListenerPort=port), None
    assert (_row(bench, first)["address"], _row(bench, first)["port"]) == ("127.0.0.1", port)
    if sys.platform == "linux":  # elsewhere only the first loopback address is there
        second = bench.listener(ListenerPort=port, LoadBalancerId=BASIC)
        assert (_row(bench, second)["address"], _row(bench, second)["port"]) == ("127.0.0.2", port)
    bench.emulator.reset()
    bench.emulator.change_settings(real_ports=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        row = _row(bench, bench.listener(ListenerPort=port))
    assert (row["port"], row["listening"]) == (None, False)
    assert "in use" in row["error"]
    assert bench.emulator.ports() == {}


@pytest.mark.parametrize(
    ("dns_name", "served"),
    [
        ("127.0.0.1", True),
        pytest.param("127.9.8.7", True, marks=pytest.mark.skipif(sys.platform != "linux", reason="only 127.0.0.1")),
        ("192.0.2.1", False),  # not ours to listen on
        ("::1", False),
    ],
)
def test_a_load_balancer_is_served_at_the_loopback_address_that_it_is_named(
    bench: Bench, dns_name: str, served: bool
) -> None:
    bench.emulator.change_settings(real_ports=True)
    (load_balancer_id,) = bench.emulator.seed({"load_balancers": [{"vpc_id": "vpc-demo", "dns_name": dns_name}]})[
        "load_balancers"
    ]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    row = _row(bench, bench.listener(ListenerPort=port, LoadBalancerId=load_balancer_id))
    assert (row["address"] == dns_name) is served
    with socket.create_connection((row["address"], port), timeout=5):
        pass


def test_a_broken_request_gets_json(bench: Bench) -> None:
    listener_id = bench.listener(bench.certificate())
    for request in (
        b"\x00\x01 nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ):
        with _connect(bench, listener_id) as connection:
            connection.sendall(request)
            content = connection.recv(65536)
        assert content.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
        assert json.loads(content.partition(b"\r\n\r\n")[2])["Code"]


def test_big_body_is_taken(bench: Bench) -> None:
    row = _row(bench, bench.listener())
    connection = http.client.HTTPConnection(row["address"], row["port"], timeout=5)
    connection.request("PUT", "/x", b"x" * 3_000_000)
    assert json.load(connection.getresponse())["method"] == "PUT"
    connection.close()


def test_no_key_is_told(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    made = material.make(_NAME)
    listener_id = bench.listener(bench.certificate(made))
    _connect(bench, listener_id).close()
    planes = repr(bench.emulator._running().data_plane._endpoints)
    secret = made.key_pem.splitlines()[1]
    assert secret not in caplog.text + planes + json.dumps(bench.emulator.data_plane())
