# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private key is nowhere but in the answer that the API gives it in."""

from __future__ import annotations

import base64
import json
import logging
import typing as t
import urllib.parse
import urllib.request

import pytest
from ansible_collections.alicloud.tls.tests.emulator.wire import REDACTED, REDACTED_BASE64, WireRequest, redacted
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS, Reply
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench


def _traces(made: material.Material) -> list[str]:
    """Pieces of the key as text, of which none may show up."""
    lines = [line for line in made.key_pem.splitlines() if "PRIVATE KEY" not in line]
    der = base64.b64decode("".join(lines))
    return [*lines, *(urllib.parse.quote(line) for line in lines), der.hex(), repr(der)[2:40]]


def test_key_shows_up_nowhere(
    bench: Bench, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    made = material.make()
    sent = {"Name": "web", "Cert": made.chain_pem, "Key": made.key_pem}
    uploads = [
        bench.raw.call("UploadUserCertificate", form=sent, version=CAS),
        bench.raw.call("UploadUserCertificate", sent | {"Name": "in-the-url"}, version=CAS),
        # Refused ones, among them with the key where it does not belong.
        bench.raw.call("UploadUserCertificate", form=sent, version=CAS),
        bench.raw.call("UploadUserCertificate", sent | {"Name": "x", "PrivateKey": made.key_pem}, version=CAS),
        bench.raw.call("UploadUserCertificate", form=sent | {"Name": "y", "Cert": made.key_pem}, version=CAS),
        bench.raw.call("UploadUserCertificate", form={"Name": made.key_pem, "Cert": "c", "Key": "k"}, version=CAS),
        bench.raw.call("NoSuchAction", {"SignPrivateKey": made.key_pem, "EncryptPrivateKey": made.key_pem}),
    ]
    assert [each.code for each in uploads[:3]] == ["ok", "ok", "NameRepeat"]
    identifier = f"{uploads[0].body['CertId']}-cn-hangzhou"
    bench.listener(identifier)
    detail = bench.cas("GetUserCertificateDetail", CertId=uploads[0].body["CertId"])
    assert detail.body["Key"] == made.key_pem
    places = {
        "calls": repr(bench.emulator.calls),
        "lines": repr([call.line() for call in bench.emulator.calls]),
        "world": repr(bench.emulator.world),
        "state": repr(bench.emulator.state()),
        "settings": bench.emulator.do(lambda cloud: repr(cloud.settings) + repr(cloud.settings.facts())),
        "log": caplog.text,
        "output": "".join(capfd.readouterr()),
        "refusals": repr([each.body for each in uploads]),
    }
    for path in ("calls", "urls", "state", "data-plane", "settings"):
        with urllib.request.urlopen(f"{bench.emulator.url}/_emulator/{path}", timeout=5) as answer:  # noqa: S310
            places[path] = json.dumps(json.load(answer))
    assert "UploadUserCertificate" in places["log"]
    for place, text in places.items():
        for trace in _traces(made):
            assert trace not in text, place
        assert "emulator-secret" not in text, place


def _bare(made: material.Material) -> str:
    return "".join(line for line in made.key_pem.splitlines() if "PRIVATE KEY" not in line)


_COMBINED: list[tuple[str, t.Callable[[material.Material], str]]] = [
    ("key first", lambda made: made.key_pem + made.chain_pem),
    ("key last", lambda made: made.chain_pem + made.key_pem),
    ("key amid", lambda made: made.chain_pem.replace("-----BEGIN", made.key_pem + "-----BEGIN")),
    ("indented", lambda made: made.chain_pem + "  " + made.key_pem.replace("\n", "\n  ")),
    ("small letters", lambda made: made.chain_pem + made.key_pem.replace("BEGIN PRIVATE KEY", "begin private key")),
    ("no heading", lambda made: made.chain_pem + _bare(made)),
    ("encapsulated header", lambda made: made.chain_pem.replace("E-----\n", f"E-----\nX: {_bare(made)}\n\n", 1)),
    ("public key", lambda made: made.chain_pem + "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
]


@pytest.mark.parametrize("combine", [each[1] for each in _COMBINED], ids=[each[0] for each in _COMBINED])
def test_combined_pem_is_refused(bench: Bench, combine: t.Callable[[material.Material], str]) -> None:
    made = material.make()
    pem = combine(made)
    warehouse = bench.cas("CreateWarehouse", Name="w", Type="uploadedAuthorityCertificate")
    assert warehouse.code == "ok", warehouse
    number = bench.cas("ListCertWarehouse").body["CertWarehouseList"][0]["WhId"]
    replies = [
        bench.raw.call("UploadUserCertificate", form={"Name": "web", "Cert": pem, "Key": made.key_pem}, version=CAS),
        bench.raw.call("UploadPCACert", form={"Name": "ca", "Cert": pem, "WarehouseId": number}, version=CAS),
    ]
    assert [(each.status, each.code) for each in replies] == [(400, "CertificateFormatException")] * 2
    _shows_nowhere(bench, made)


def test_explanations_beside_certificates_pass(bench: Bench) -> None:
    made = material.make()
    pem = made.chain_pem.replace("-----BEGIN", "subject=CN = www.example.com\n-----BEGIN")
    sent = {"Name": "web", "Cert": pem, "Key": made.key_pem}
    assert bench.raw.call("UploadUserCertificate", form=sent, version=CAS).code == "ok"
    assert bench.emulator.calls[-1].parameters["Cert"] == pem


def _body(body: str, content_type: str | None) -> t.Callable[[Bench], Reply]:
    def send(bench: Bench) -> Reply:
        headers = {"x-acs-action": "UploadUserCertificate", "x-acs-version": CAS}
        if content_type is not None:
            headers["content-type"] = content_type
        return bench.raw.send("POST", "/", headers, body.encode())

    return send


def _get(target: str, **headers: str) -> t.Callable[[Bench], Reply]:
    return lambda bench: bench.raw.send("POST", target, {"x-acs-version": CAS, **headers})


def _strange_ways(made: material.Material) -> dict[str, t.Callable[[Bench], Reply]]:
    pem, bare, quote = made.key_pem, _bare(made), urllib.parse.quote
    lines = json.dumps(pem.splitlines())
    upload = {"x-acs-action": "UploadUserCertificate"}
    return {
        "raw PEM body": _body(pem, None),
        "raw bare body": _body(bare, None),
        "raw lines body": _body("\n".join(pem.splitlines()[1:-1]), None),
        "JSON body": _body(json.dumps({"Cert": made.chain_pem, "Key": pem}), None),
        "JSON body, bare": _body(json.dumps({"Cert": "c==", "k": bare}), None),
        "JSON body, lines": _body(lines, None),
        "JSON body, escaped slashes": _body(json.dumps({"k": bare}).replace("/", "\\/"), None),
        "JSON body as such": _body(json.dumps({"Key": pem}), "application/json"),
        "action": _get("/", **{"x-acs-action": bare}),
        "action, quoted": _get("/", **{"x-acs-action": quote(pem)}),
        "version": _get("/", **{"x-acs-action": "A", "x-acs-version": quote(pem)}),
        "path": _get(f"/{quote(pem)}", **upload),
        "path, bare": _get(f"/{quote(bare, safe='')}", **upload),
        "control path": _get(f"/_emulator/{quote(pem)}"),
        "name": _get(f"/?{quote(pem, safe='')}=1", **upload),
        "name only": _get(f"/?{quote(pem, safe='')}", **upload),
        "encoded twice": _get(f"/?Name={quote(quote(pem, safe=''), safe='')}", **upload),
        "encoded often": _get(f"/?Name={quote(quote(quote(quote(bare, safe=''), safe=''), safe=''))}", **upload),
        "plus signs": _get(f"/?Name={quote(urllib.parse.quote_plus(pem), safe='')}", **upload),
        "other separator": _get(f"/?Name={quote(pem.replace('PRIVATE KEY', 'PRIVATE_KEY'), safe='')}", **upload),
        "key=": _get(f"/?key={quote(bare, safe='')}", **upload),
        "PrivateKeyPem=": _get(f"/?PrivateKeyPem={quote(bare, safe='')}", **upload),
        "Cert, bare": _get(f"/?Cert={quote(bare, safe='')}", **upload),
        "Cert and bare": _get(f"/?Cert={quote(made.chain_pem + bare, safe='')}", **upload),
        "base64 of PEM": _get(f"/?Name={quote(base64.b64encode(pem.encode()), safe='')}", **upload),
        "URL-safe": _get(f"/?Name={bare.replace('+', '-').replace('/', '_')}", **upload),
    }


_WAYS = tuple(_strange_ways(material.make()))


@pytest.mark.parametrize("way", _WAYS)
def test_key_by_strange_ways(
    bench: Bench, way: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    made = material.make(algorithm="RSA")
    _strange_ways(made)[way](bench)
    assert bool(bench.emulator.calls) == (way != "control path")
    _shows_nowhere(bench, made, caplog.text, "".join(capfd.readouterr()))


def _shows_nowhere(bench: Bench, made: material.Material, *texts: str) -> None:
    emulator = bench.emulator
    everything = [*texts, repr(emulator.calls), repr([call.line() for call in emulator.calls]), repr(emulator.state())]
    for path in ("calls", "urls", "state"):
        with urllib.request.urlopen(f"{emulator.url}/_emulator/{path}", timeout=5) as answer:  # noqa: S310
            everything.append(json.dumps(json.load(answer)))
    lines = [line for line in made.key_pem.splitlines() if "PRIVATE KEY" not in line]
    # Pieces of a line, as no encoding changes them.
    traces = {line[at : at + 12] for line in lines for at in range(0, len(line) - 11, 4)}
    traces = {trace for trace in traces if trace.isalnum()}
    # What the public part has too is no secret.
    traces = {trace for trace in traces if trace not in made.chain_pem}
    assert traces
    for text in everything:
        assert not [trace for trace in traces if trace in text]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("key", "abc", REDACTED),
        ("KEY", "abc", REDACTED),
        ("privateKey", "abc", REDACTED),
        ("SIGNPRIVATEKEY", "abc", REDACTED),
        ("my_private_key", "abc", REDACTED),
        ("%4Bey", "abc", REDACTED),
        ("Key", "", ""),
        ("Tag.1.Key", "team", "team"),
        ("Name", "a" * 59, "a" * 59),
        ("Name", "a" * 60, REDACTED_BASE64),
        ("Name", "private.key", REDACTED),
        ("Name", "%25" + "25" * 20 + "41", REDACTED),
        ("Name", "The quick brown fox jumps over the lazy dog and on and on it goes", None),
        ("DefaultActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId", "sgp-1", None),
    ],
)
def test_redaction(name: str, value: str, shown: str | None) -> None:
    ((_name, safe),) = redacted(((name, value),))
    assert safe == (value if shown is None else shown)
    if "%" not in name:
        assert _name == name


def test_action_that_is_none_is_not_shown(bench: Bench) -> None:
    for action in ("No Such Action", "A" * 61, "ListThings"):
        bench.raw.call(action)
    assert bench.emulator.actions == ["[NO-ACTION-NAME]", "[NO-ACTION-NAME]", "ListThings"]


@pytest.mark.parametrize("origin", ["http://{}", "HTTP://{}", "https://{}"])
def test_request_as_to_a_proxy(bench: Bench, origin: str) -> None:
    begin = origin.format(bench.emulator.endpoint)
    for strip in (False, True):
        target, headers, body = bench.raw.prepare("ListLoadBalancers", {"MaxResults": 1})
        sent = target.removeprefix("/") if strip else target
        assert bench.raw.send("POST", begin + sent, headers, body).code == "ok"
        assert bench.emulator.urls[-1] == target
    target, headers, body = bench.raw.prepare("ListLoadBalancers")
    assert bench.raw.send("POST", begin, headers, body).code == "ok"


def test_target_is_decoded_without_its_origin() -> None:
    decoded = WireRequest.decode("POST", "http://alb.example.com/a/b?c=http://d/", {}, b"")
    assert (decoded.path, decoded.query) == ("/a/b", (("c", "http://d/"),))
