# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
Rubbish of every kind gets a 4xx JSON error: never a 5xx, a traceback or silence.

Seeded, so that a failure can be repeated. See also test_wire.py, which has a few of the kind.
"""

from __future__ import annotations

import json
import logging
import random
import socket
import string
import time
import typing as t
from collections.abc import Iterator

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.emulator.cloud import CATALOGUES
from ansible_collections.alicloud.tls.tests.emulator.parameters import Parameter
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS, Reply
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import LOAD_BALANCER, SERVER_GROUP, Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.warehouse_rows import upload_ca, warehouse

_ACTIONS = [(version, name) for version, each in CATALOGUES.items() for name in each.actions]
_PIECES: tuple[str, ...] = (
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "9" * 30,
    "٣",
    "true",
    "TRUE ",
    "é",
    "文",
    "\x00",
    "\r\n",
    "\ud7ff",
    "%00",
    "../",
    "[]",
)
_PIECES += (
    '["a"]',
    "[" * 2000,
    "{}",
    "null",
    "NaN",
    "1-cn-hangzhou",
    "-cn-hangzhou",
    "²-cn-hangzhou",
    "lsn-",
    "x" * 5000,
)
_PIECES += ("-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing of what is sent is worth an error in the log."""
    yield
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.fixture
def rich(bench: Bench) -> dict[str, list[str]]:
    """Something of each kind, so that rubbish gets further than the first check."""
    certificate = bench.certificate()
    uploaded = bench.cas("ListCertificates").body["CertificateList"][0]
    instance_id, number = warehouse(bench)
    identifier = upload_ca(bench, number).body["Identifier"]
    listener_id = bench.listener(certificate)
    return {
        "ListenerId": [listener_id],
        "LoadBalancerId": [LOAD_BALANCER],
        "ServerGroupId": [SERVER_GROUP],
        "CertificateId": [certificate, identifier, uploaded["CertificateId"]],
        "CertId": [uploaded["CertificateId"]],
        "ResourceId": [uploaded["InstanceId"], listener_id],
        "WarehouseId": [str(number)],
        "WarehouseInstanceId": [instance_id],
        "Identifier": [identifier],
        "CertIdentifier": [identifier],
        "Cert": [material.authority_pem(), material.make().chain_pem],
        "Key": [material.make().key_pem],
        "PrivateKey": [material.make().key_pem],
    }


def _value(chance: random.Random, parameter: Parameter, rich: dict[str, list[str]]) -> str:
    kind = chance.random()
    if kind < 0.35:
        return chance.choice(_PIECES)
    if kind < 0.45:
        return "".join(chance.choices(string.printable, k=chance.randint(0, 20)))
    known = rich.get(parameter.name.rpartition(".")[2])
    if known and kind < 0.9:
        return chance.choice(known)
    if parameter.choices:
        return chance.choice(parameter.choices)
    return {"int": str(chance.randint(-5, 500)), "bool": chance.choice(("True", "false"))}.get(parameter.kind, "text")


def _check(reply: Reply, what: object) -> None:
    assert reply.status == 200 or 400 <= reply.status < 500, (what, reply)
    assert reply.body["RequestId"]
    if reply.status != 200:
        assert reply.body["Code"]
        assert reply.body["Message"]


@pytest.mark.parametrize("settings", [Settings(polls=0, data_plane=False)])
@pytest.mark.parametrize("start", range(4))
def test_parameters(bench: Bench, rich: dict[str, list[str]], start: int) -> None:
    chance = random.Random(start)  # noqa: S311 - no secret
    for version, name in _ACTIONS * 8:
        action = CATALOGUES[version].actions[name]
        sent: dict[str, str] = {}
        for parameter in action.parameters.values():
            needed = parameter.name.split(".")[0] in action.required
            if chance.random() < (0.95 if needed else 0.3):
                index = chance.choice((1, 1, 1, 2, 0, 999999))
                name_sent = ".".join(str(index) if each == "N" else each for each in parameter.name.split("."))
                sent[name_sent] = _value(chance, parameter, rich)
        if chance.random() < 0.1:
            sent[chance.choice(("Tag", "Tag.1", "Tag.1.Key.1", ".", "..", "", "Certificates.x", "N", "Key.1"))] = "x"
        in_form = chance.random() < 0.5
        arguments: dict[str, t.Any] = {"form": sent} if in_form else {"parameters": sent}
        _check(bench.raw.call(name, version=version, **arguments), (name, sent))
    assert bench.alb("ListListeners").status == 200


def _spoilt(chance: random.Random, pem: str) -> str:
    """A PEM with something wrong."""
    text = list(pem)
    for _number in range(chance.randint(1, 4)):
        place = chance.randrange(len(text))
        match chance.randrange(6):
            case 0:
                text[place] = chance.choice(string.printable)
            case 1:
                del text[place : place + chance.randint(1, 80)]
            case 2:
                text[place:place] = list(chance.choice(_PIECES[:-3]))
            case 3:
                text = text[:place] or ["-"]
            case 4:
                text[place:place] = text[max(0, place - 70) : place]
            case _:
                text = list(
                    "".join(text).replace("\n", chance.choice(("\r\n", " ", "\\n", "\r")), chance.randint(1, 9))
                )
        if not text:
            text = ["x"]
    return "".join(text)


@pytest.mark.parametrize("algorithm", ["ECC", "RSA"])
def test_pem(bench: Bench, algorithm: t.Literal["ECC", "RSA"]) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    made = material.make(algorithm=algorithm)
    _instance_id, number = warehouse(bench, kind="uploadedCertificate")
    for count in range(150):
        cert, key = made.chain_pem, made.key_pem
        cert, key = (_spoilt(chance, cert), key) if chance.random() < 0.6 else (cert, _spoilt(chance, key))
        form: dict[str, object] = {"Name": f"cert-{count}", "Cert": cert, "Key": key}
        _check(bench.raw.call("UploadUserCertificate", form=form, version=CAS), form)
        form = {"Name": f"cert-{count}", "Cert": cert, "PrivateKey": key, "WarehouseId": number}
        _check(bench.raw.call("UploadPCACert", form=form, version=CAS), form)


def test_headers(bench: Bench) -> None:
    chance = random.Random(3)  # noqa: S311 - no secret
    target, sound, body = bench.raw.prepare("ListListeners")
    names = [*sound, "Content-Type", "x-acs-security-token", "x-acs-credentials-provider", "Accept", "x-acs-x"]
    values = [
        "",
        " ",
        ",",
        ";",
        "=",
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 ",
        "ACS3-HMAC-SHA256 Credential=,,=",
        "\xff",
    ]
    values += [
        "2026-13-45T99:99:99Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "x" * 60_000,
        "host;host;host",
        "%00",
    ]
    for _number in range(300):
        headers = dict(sound)
        for name in chance.sample(names, chance.randint(1, 3)):
            headers[name] = chance.choice(values)
        if headers.get("Host", headers.get("host", "")).strip() == "":
            headers["host"] = bench.raw.endpoint
        reply = bench.raw.send(chance.choice(("GET", "POST", "PUT", "HEAD-", "")) or "POST", target, headers, body)
        _check(reply, headers)


def _exchange(bench: Bench, sent: bytes, *, finish: bool = True) -> bytes:
    host, _colon, port = bench.raw.endpoint.partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(sent)
        if finish:
            connection.shutdown(socket.SHUT_WR)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionResetError:
            pass
    return b"".join(parts)


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\x00: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /?" + b"x" * 2_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"GET //_emulator/%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /_emulator/seed HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n\xff\xfe{",
    ],
)
def test_bytes_that_are_no_request(bench: Bench, sent: bytes) -> None:
    answer = _exchange(bench, sent, finish=False)
    head, _blank, body = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1].startswith(b"4"), answer[:200]
    content = json.loads(body)
    assert content.get("Code") or content.get("error")
    assert bench.alb("ListListeners").code == "ok"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST",
        b"POST / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    ],
)
def test_requests_that_break_off(bench: Bench, sent: bytes) -> None:
    began = time.monotonic()
    _exchange(bench, sent)
    assert bench.alb("ListListeners").code == "ok"
    assert time.monotonic() - began < 4


def test_random_bytes(bench: Bench) -> None:
    chance = random.Random(11)  # noqa: S311 - no secret
    sound = b"POST /?A=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nB=2&"
    for _number in range(150):
        sent = bytearray(sound)
        for _spoil in range(chance.randint(1, 5)):
            sent[chance.randrange(len(sent))] = chance.randrange(256)
        answer = _exchange(bench, bytes(sent))
        if answer:
            assert answer.split(b" ")[1].startswith(b"4"), (sent, answer[:300])
            assert b"application/json" in answer
    assert bench.alb("ListListeners").code == "ok"


@pytest.mark.parametrize("path", ["seed", "fault", "clock", "settings", "seed-demo"])
def test_control_api(bench: Bench, path: str) -> None:
    chance = random.Random(5)  # noqa: S311 - no secret
    pieces: list[t.Any] = [
        None,
        True,
        -1,
        10**30,
        1.5,
        "x",
        [],
        {},
        [None],
        [[1]],
        {"name": 5},
        float("nan"),
        float("inf"),
        -float("inf"),
        10**12,
        -(10**11),
        1000,
        7,
        "x\ny",
        "\ud800",
        {"a": 1},
    ]
    names = ["scale", "listeners", "certificates", "load_balancers", "server_groups", "warehouses", "ca_certificates"]
    names += ["action", "kind", "nth", "count", "seconds", "advance", "gateway", "polls", "region", "job_seconds", "x"]
    names += ["code", "http_status", "retry_after_ms", "tags", "servers"]
    if path == "seed-demo":
        names = ["x"]
    for _number in range(60):
        body: t.Any = {
            name: chance.choice(pieces) for name in chance.sample(names, min(len(names), chance.randint(0, 3)))
        }
        if chance.random() < 0.3:
            body = chance.choice(pieces)
        if chance.random() < 0.3:
            body = {name: [{"name": chance.choice(pieces), "port": chance.choice(pieces)}] for name in names[1:3]}
        if path == "seed" and chance.random() < 0.3:
            fields = chance.sample(("name", "tags", "servers", "code", "options", "days"), 2)
            body = {chance.choice(names[1:7]): [{each: chance.choice(pieces) for each in fields}]}
        reply = bench.raw.send("POST", f"/_emulator/{path}", {"Host": "x"}, json.dumps(body).encode())
        assert reply.status in (200, 400), (body, reply)
    # Whatever the settings and the world's clock are now, it answers; faults and the gateway's clock do as ordered.
    assert bench.raw.send("GET", "/_emulator/state", {"Host": "x"}).status == 200
    bench.emulator.withdraw_faults()
    bench.emulator.do(lambda cloud: cloud.clock.put_forward(0, -cloud.clock.gateway_offset))
    for action in ("ListLoadBalancers", "ListServerGroups", "ListListeners"):
        assert bench.alb(action).status == 200
    assert bench.cas("ListCertificates").status == 200
