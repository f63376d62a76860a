# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""QUIC and HTTP/3 of the data plane, as aioquic's client sees it."""

from __future__ import annotations

import asyncio
import socket
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings, data_plane as data_plane_module
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import LOAD_BALANCER, Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.handshakes import (
    needs_openssl,
    quic_client,
    quic_connection,
    s_client,
)
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

pytest.importorskip("aioquic", reason="without the package aioquic there is no QUIC")
pytestmark = pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True)])
_NAME = "www.example.com"
_Algorithms = tuple[material.Algorithm, ...]


def _row(bench: Bench, listener_id: str) -> dict[str, t.Any]:
    return next(row for row in bench.emulator.data_plane() if row["listener_id"] == listener_id)


def _quic(bench: Bench, *certificate_ids: str, **parameters: object) -> str:
    listener_id = bench.listener(certificate_ids[0], **{"ListenerProtocol": "QUIC", **parameters})
    if len(certificate_ids) > 1:
        sent = {f"Certificates__{number}__CertificateId": each for number, each in enumerate(certificate_ids, 1)}
        assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, **sent).code == "ok"
    return listener_id


@pytest.mark.parametrize("algorithms", [("RSA",), ("ECC",), ("RSA", "ECC")], ids=["RSA", "ECC", "dual"])
def test_algorithm(bench: Bench, algorithms: _Algorithms) -> None:
    made = {each: material.make(_NAME, algorithm=each) for each in algorithms}
    row = _row(bench, _quic(bench, *(bench.certificate(each, name) for name, each in made.items())))
    assert (row["transport"], row["listening"], row["error"]) == ("udp", True, "")
    assert quic_client(row, _NAME).sha256 == made[algorithms[-1]].sha256
    for offered in ("RSA", "ECC"):
        if offered in made:
            assert quic_client(row, _NAME, algorithm=offered).sha256 == made[offered].sha256
        else:
            with pytest.raises(ConnectionError):
                quic_client(row, _NAME, algorithm=offered)


def test_pkcs1_is_not_for_handshakes(bench: Bench) -> None:
    """Whatever aioquic thinks: before 1.6 it signs with it, and takes it."""
    row = _row(bench, _quic(bench, bench.certificate(material.make(_NAME, algorithm="RSA"))))
    with pytest.raises(ConnectionError):
        quic_client(row, _NAME, algorithm="PKCS1")


def test_name(bench: Bench) -> None:
    made = {
        "default": material.make(_NAME),
        "exact": material.make("shop.example.org", key_number=1),
        "exact-rsa": material.make("shop.example.org", algorithm="RSA"),
        "wildcard": material.make("*.example.org", key_number=2),
    }
    ids = {name: bench.certificate(each, name) for name, each in made.items()}
    listener_id = _quic(bench, ids.pop("default"))
    sent = {f"Certificates__{number}__CertificateId": each for number, each in enumerate(ids.values(), 1)}
    assert bench.alb("AssociateAdditionalCertificatesWithListener", ListenerId=listener_id, **sent).code == "ok"
    row = _row(bench, listener_id)
    for name, expected in (
        (_NAME, "default"),
        ("shop.example.org", "exact"),
        ("other.example.org", "wildcard"),
    ):
        seen = quic_client(row, name)
        assert seen.sha256 == made[expected].sha256
        assert seen.answer is not None
        assert seen.answer["sni"] == name
    assert quic_client(row, "shop.example.org", algorithm="RSA").sha256 == made["exact-rsa"].sha256
    assert quic_client(row, "a.b.example.org", verify=False).sha256 == made["default"].sha256
    with pytest.raises(ConnectionError):
        quic_client(row, "a.b.example.org")


def test_answer(bench: Bench) -> None:
    listener_id = _quic(
        bench,
        bench.certificate(),
        XForwardedForConfig__XForwardedForProtoEnabled=True,
        XForwardedForConfig__XForwardedForHostEnabled=True,
    )
    row = _row(bench, listener_id)
    seen = quic_client(row, _NAME, method="PATCH")
    assert seen.answer is not None
    answer = dict(seen.answer)
    assert answer.pop("cipher").startswith("TLS_")
    assert len(answer.pop("request_id")) == 36
    assert answer == {
        "listener_id": listener_id,
        "load_balancer_id": LOAD_BALANCER,
        "listener_port": 443,
        "protocol": "QUIC",
        "sni": _NAME,
        "tls_version": "TLSv1.3",
        "alpn": "h3",
        "http_version": "HTTP/3",
        "client_certificate_subject": None,
        "forwarded_headers": {"X-Forwarded-Proto": "https", "X-Forwarded-Host": _NAME},
        "method": "PATCH",
        "path": "/hello",
    }
    head = quic_client(row, _NAME, method="HEAD")
    assert head.answer is None
    assert ":status: 200" in head.headers


def test_swap_is_for_new_connections(bench: Bench) -> None:
    old, new = material.make(_NAME), material.make(_NAME, key_number=1)
    listener_id, renewed = _quic(bench, bench.certificate(old)), bench.certificate(new, "renewed")
    row = _row(bench, listener_id)

    async def run() -> None:
        async with quic_connection(row, _NAME) as living:
            assert (await living.ask("GET")).sha256 == old.sha256
            change = {"ListenerId": listener_id, "Certificates__1__CertificateId": renewed}
            assert (await asyncio.to_thread(bench.alb, "UpdateListenerAttribute", **change)).code == "ok"
            async with quic_connection(row, _NAME) as fresh:
                assert (await fresh.ask("GET")).sha256 == new.sha256
            assert (await living.ask("GET")).sha256 == old.sha256

    asyncio.run(run())
    assert _row(bench, listener_id)["port"] == row["port"]


def test_stop_and_start(bench: Bench) -> None:
    listener_id = _quic(bench, bench.certificate())
    row = _row(bench, listener_id)
    assert quic_client(row, _NAME).verified
    assert bench.alb("StopListener", ListenerId=listener_id).code == "ok"
    assert _row(bench, listener_id) == {**row, "listening": False}
    assert bench.alb("StartListener", ListenerId=listener_id).code == "ok"
    assert _row(bench, listener_id) == row
    assert quic_client(row, _NAME).verified
    assert bench.alb("DeleteListener", ListenerId=listener_id).code == "ok"
    assert bench.emulator.data_plane() == []


@needs_openssl
def test_alt_svc(bench: Bench) -> None:
    certificate = bench.certificate()
    quic = _quic(bench, certificate, ListenerPort=8443)
    https = bench.listener(certificate)
    row = _row(bench, https)
    assert "alt-svc" not in s_client(row, _NAME).headers
    link = {"QuicConfig__QuicUpgradeEnabled": True, "QuicConfig__QuicListenerId": quic}
    assert bench.alb("UpdateListenerAttribute", ListenerId=https, **link).code == "ok"
    udp = bench.emulator.resolve(row["dns_name"], 8443, "udp")
    assert f'alt-svc: h3=":{udp[1]}"' in s_client(row, _NAME).headers
    assert quic_client({"address": udp[0], "port": udp[1]}, _NAME).verified
    assert bench.alb("StopListener", ListenerId=quic).code == "ok"
    assert "alt-svc" not in s_client(row, _NAME).headers


def test_curve_that_aioquic_lacks_is_told(bench: Bench) -> None:
    own, (issuer, issuer_key) = ec.generate_private_key(ec.SECP521R1()), material.authority()
    good = material.make(_NAME)
    certificate = material._build(good.certificate.subject, issuer.subject, own, issuer_key, (_NAME,))
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode() + material.authority_pem()
    key = own.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    odd = bench.certificate(material.Material(certificate, pem, key.decode()), "odd")
    listener_id = _quic(bench, bench.certificate(good))
    change = {"Certificates__1__CertificateId": odd}
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, **change).code == "ok"
    row = _row(bench, listener_id)
    assert "secp521r1" in row["error"]
    assert quic_client(row, _NAME).sha256 == good.sha256


def test_rubbish_does_no_harm(bench: Bench) -> None:
    row = _row(bench, _quic(bench, bench.certificate()))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for rubbish in (b"", b"GET /", b"\xc0\x00\x00\x00\x01\x08" + bytes(1300), bytes(range(256)) * 5):
            sender.sendto(rubbish, (row["address"], row["port"]))
    assert quic_client(row, _NAME).verified


def test_without_aioquic_it_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_plane_module, "_has", lambda package: package != "aioquic")
    row = _row(bench, _quic(bench, bench.certificate()))
    assert (row["listening"], row["error"]) == (
        False,
        "QUIC is not served: it needs the Python package aioquic (pip install aioquic)",
    )
