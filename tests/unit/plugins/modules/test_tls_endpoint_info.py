# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tls_endpoint_info with what the emulator's listeners serve."""

from __future__ import annotations

import importlib.util
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from ansible_collections.alicloud.tls.plugins.module_utils._tasks.tls_endpoint_info import TASK
from ansible_collections.alicloud.tls.plugins.module_utils._tls import quic
from ansible_collections.alicloud.tls.plugins.module_utils._x509.pem import read_certificates
from ansible_collections.alicloud.tls.plugins.modules import tls_endpoint_info
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS, RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench
from ansible_collections.alicloud.tls.tests.unit.plugins.modules.test_return import problems
from ansible_collections.alicloud.tls.tests.unit.plugins.modules.test_secrecy import misplaced
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_pieces, key_traces
from ansible_collections.alicloud.tls.tests.unit.support.pki import NAMES, Bundle, Pki
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner

NAME = NAMES[0]
GIVEN = {"sha256": "ab" * 32, "names": ["a.example.com"], "algorithm": "RSA"}
OLD, NEW = "tls_cipher_policy_1_2", "tls_cipher_policy_1_2_strict_with_1_3"
needs_aioquic = pytest.mark.skipif(importlib.util.find_spec("aioquic") is None, reason="needs aioquic")
needs_h2 = pytest.mark.skipif(importlib.util.find_spec("h2") is None, reason="needs h2")


@dataclass
class House:
    """Listeners, and the module that looks at them."""

    bench: Bench
    run: Runner

    def certificate(self, bundle: Bundle) -> str:
        form = {"Name": f"c-{bundle.sha256[:20]}", "Cert": bundle.fullchain, "Key": bundle.key}
        reply = self.bench.raw.call("UploadUserCertificate", version=CAS, form=form)
        assert reply.code == "ok", reply
        return f"{reply.body['CertId']}-cn-hangzhou"

    def listener(self, *bundles: Bundle, **more: object) -> str:
        first, *others = [self.certificate(each) for each in bundles]
        listener = self.bench.listener(first, **more)
        if others:
            self.change(listener, first, *others)
        return listener

    def change(self, listener: str, *certificates: str, **more: object) -> None:
        sent = {f"Certificates__{number}__CertificateId": each for number, each in enumerate(certificates, 1)}
        assert self.bench.alb("UpdateListenerAttribute", ListenerId=listener, **sent, **more).code == "ok"

    def place(self, listener: str) -> Answer:
        row = next(row for row in self.bench.emulator.data_plane() if row["listener_id"] == listener)
        return {"port": row["port"], "transport": "quic" if row["transport"] == "udp" else "tcp"}

    def look(self, listener: str, **options: t.Any) -> list[Answer]:
        rows: list[Answer] = self.run("tls_endpoint_info", **self.place(listener), **options)["endpoints"]
        return rows

    def see(self, listener: str, **options: t.Any) -> Answer:
        rows = self.look(listener, **options)
        assert len(rows) == 1
        return rows[0]


@pytest.fixture
def settings() -> Settings:
    """To be overridden by parametrization of this name."""
    return Settings(polls=0, strict_parameters=True)


@pytest.fixture
def house(settings: Settings, run: Runner, pki: Pki) -> Iterator[House]:
    run.defaults.clear()
    run.defaults.update(address="127.0.0.1", server_names=[NAME], ca_certificates=[pki.root.pem])
    with Emulator(settings, demo=True) as emulator:
        yield House(Bench(emulator, RawClient(emulator.endpoint)), run)


# --- kinds of keys ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", [OLD, NEW])
@pytest.mark.parametrize("served", [("rsa",), ("ecdsa",), ("rsa", "ecdsa")], ids="-".join)
def test_each_kind_of_key(house: House, pki: Pki, served: tuple[str, ...], policy: str) -> None:
    have = {name: {"rsa": pki.rsa, "ecdsa": pki.ecc}[name] for name in served}
    listener = house.listener(*have.values(), SecurityPolicyId=policy)
    chosen, *forced = house.look(listener, key_types=["any", "rsa", "ecdsa"])
    assert chosen["key_type"] is None
    assert chosen["chain"][0]["sha256"] in {each.sha256 for each in have.values()}
    for row in forced:
        kind = row["key_type"]
        assert row["reached"] == (kind in have)
        if kind in have:
            assert row["version"] == ("TLSv1.3" if policy == NEW else "TLSv1.2")
            assert row["chain"][0]["sha256"] == have[kind].sha256
            assert row["chain"][0]["algorithm"] == {"rsa": "RSA", "ecdsa": "ECC"}[kind]
            assert row["chain"][1]["subject"] == "CN=Example CA"
            assert (row["verified"], row["verify_error"], row["covers_server_name"]) == (True, None, True)
        else:
            assert row["error"]


@needs_aioquic
@pytest.mark.parametrize("served", [("rsa",), ("ecdsa",), ("rsa", "ecdsa")], ids="-".join)
def test_each_kind_of_key_over_quic(house: House, pki: Pki, served: tuple[str, ...]) -> None:
    have = {name: {"rsa": pki.rsa, "ecdsa": pki.ecc}[name] for name in served}
    listener = house.listener(*have.values(), ListenerProtocol="QUIC")
    for row in house.look(listener, key_types=["rsa", "ecdsa"]):
        kind = row["key_type"]
        assert row["reached"] == (kind in have)
        if kind in have:
            assert row["leaves"] == [have[kind].sha256]
            assert (row["transport"], row["version"], row["alpn"]) == ("quic", "TLSv1.3", "h3")
            assert row["verified"]
            assert row["http"]["status"] == 200
            assert row["cipher"].startswith("TLS_")
        else:
            assert row["error"] == "TLS alert: handshake failure"
        assert (row["client_certificate"], row["versions"], row["ciphers"]) == (None, None, None)


# --- names and trust -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["HTTPS", pytest.param("QUIC", marks=needs_aioquic)])
def test_names(house: House, pki: Pki, protocol: str) -> None:
    other = pki.numbered(1)
    listener = house.listener(pki.ecc, ListenerProtocol=protocol)
    sent = {"Certificates__1__CertificateId": house.certificate(other)}
    bench = house.bench
    assert bench.alb("AssociateAdditionalCertificatesWithListener", ListenerId=listener, **sent).code == "ok"
    names = ["WWW.example.com", "n001.example.net", "n002.example.net"]
    default, additional, neither = house.look(listener, server_names=names)
    assert [default["server_name"], default["leaves"]] == [NAME, [pki.ecc.sha256]]
    assert [additional["server_name"], additional["leaves"]] == ["n001.example.net", [other.sha256]]
    assert additional["covers_server_name"]
    assert neither["leaves"] == [pki.ecc.sha256]
    assert (neither["verified"], neither["covers_server_name"]) == (True, False)
    until = {"covers_server_name": True}
    answer = house.run.fails(
        "tls_endpoint_info", **house.place(listener), server_names=names[2:], until=until, timeout=0
    )
    assert answer["unmet"] == [
        "n002.example.net: the certificate is not good for n002.example.net: its names are www.example.com, example.com"
    ]


def test_the_address_is_the_name_if_there_is_no_other(house: House, pki: Pki) -> None:
    bundle = Bundle(pki.issue("127.0.0.1", issuer=pki.root, names=["127.0.0.1", "a.example.com"]))
    row = house.see(house.listener(bundle), server_names=None)
    assert (row["server_name"], row["covers_server_name"]) == ("127.0.0.1", True)


@pytest.mark.parametrize("protocol", ["HTTPS", pytest.param("QUIC", marks=needs_aioquic)])
@pytest.mark.parametrize(
    ("bundle", "word"),
    [("expired", "expired"), ("ecc", None)],
    ids=["expired", "unknown-ca"],
)
def test_what_cannot_be_verified(house: House, pki: Pki, bundle: str, word: str | None, protocol: str) -> None:
    listener = house.listener(getattr(pki, bundle), ListenerProtocol=protocol)
    own: Answer = {} if word else {"ca_certificates": [pki.stranger.pem]}
    row = house.see(listener, **own)
    assert (row["reached"], row["verified"]) == (True, False)
    assert (word or "unable to get") in row["verify_error"]
    answer = house.run.fails("tls_endpoint_info", **house.place(listener), **own, until={"verified": True}, timeout=0)
    assert f"{NAME}: the chain is not verified: {row['verify_error']}" in answer["msg"]
    assert house.see(listener, **own, until={"verified": False})["reached"]


# --- versions, ciphers, ALPN, HTTP -----------------------------------------------------------------------------------


def test_versions_and_ciphers(house: House, pki: Pki) -> None:
    listener = house.listener(pki.rsa, pki.ecc, SecurityPolicyId=NEW)
    rsa, ecdsa = house.look(listener, key_types=["rsa", "ecdsa"], check_versions=True, check_ciphers=True, http=False)
    for row, kind in ((rsa, "ECDHE-RSA"), (ecdsa, "ECDHE-ECDSA")):
        assert row["versions"] == {"TLSv1.0": False, "TLSv1.1": False, "TLSv1.2": True, "TLSv1.3": True}
        assert set(row["ciphers"]) == {"TLSv1.2", "TLSv1.3"}
        assert {name.rpartition("-AES")[0] for name in row["ciphers"]["TLSv1.2"]} == {kind}
        assert {"TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"} <= set(row["ciphers"]["TLSv1.3"])
        assert row["http"] is None
    until = {"versions": ["TLSv1.3", "TLSv1.2"], "min_version": "TLSv1.3"}
    assert house.see(listener, until=until)["versions"] == rsa["versions"]
    answer = house.run.fails("tls_endpoint_info", **house.place(listener), until={"versions": ["TLSv1.3"]}, timeout=0)
    assert answer["unmet"] == [f"{NAME}: TLSv1.2, TLSv1.3 are accepted, not TLSv1.3"]


def test_an_old_policy(house: House, pki: Pki) -> None:
    listener = house.listener(pki.rsa, SecurityPolicyId="tls_cipher_policy_1_0")
    row = house.see(listener, check_versions=True)
    assert row["versions"] == {"TLSv1.0": True, "TLSv1.1": True, "TLSv1.2": True, "TLSv1.3": False}
    place = house.place(listener)
    answer = house.run.fails("tls_endpoint_info", **place, until={"min_version": "TLSv1.3"}, timeout=0)
    assert answer["unmet"] == [f"{NAME}: TLSv1.2 was negotiated, not TLSv1.3 or later"]


@needs_h2
def test_alpn(house: House, pki: Pki) -> None:
    listener = house.listener(pki.ecc, Http2Enabled=True)
    assert house.see(listener)["alpn"] == "h2"
    assert house.see(listener)["http"]["status"] == 200
    assert house.see(listener, alpn=["http/1.1", "h2"])["alpn"] in ("http/1.1", "h2")
    assert house.see(listener, alpn=["http/1.1"])["alpn"] == "http/1.1"
    assert house.see(listener, alpn=[])["alpn"] is None
    house.change(listener, Http2Enabled=False)
    row = house.see(listener)
    assert row["alpn"] == "http/1.1"
    answer = house.run.fails("tls_endpoint_info", **house.place(listener), until={"alpn": "h2"}, timeout=0)
    assert answer["unmet"] == [f"{NAME}: http/1.1 was negotiated by ALPN, not h2"]


@needs_aioquic
def test_the_upgrade_to_quic(house: House, pki: Pki) -> None:
    quic = house.listener(pki.ecc, ListenerProtocol="QUIC")
    listener = house.listener(pki.rsa)
    assert house.see(listener)["http"] == {"status": 200, "alt_svc": None, "h3": [], "error": None}
    until: Answer = {"h3_offered": True, "http_status": [200, 204]}
    answer = house.run.fails("tls_endpoint_info", **house.place(listener), until=until, timeout=0)
    assert answer["unmet"] == [f"{NAME}: HTTP/3 is not offered: there is no Alt-Svc"]
    house.change(listener, QuicConfig__QuicUpgradeEnabled=True, QuicConfig__QuicListenerId=quic)
    row = house.see(listener, until=until)
    assert row["http"]["h3"] == [f":{house.place(quic)['port']}"]
    row = house.see(quic, until={"alpn": "h3", "http_status": [200]})
    assert row["http"]["status"] == 200
    answer = house.run.fails("tls_endpoint_info", **house.place(quic), until={"http_status": [500]}, timeout=0)
    assert answer["unmet"] == [f"{NAME}: the HTTP status is 200, not 500"]


@needs_aioquic
def test_another_kind_of_key_than_was_asked_for_over_quic(
    house: House, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the module offers it. aioquic before 1.6 takes it from a server that does not mind what was offered."""
    monkeypatch.setattr(quic, "_SIGNATURES", {"ecdsa": ("ECDSA_", "RSA_")})
    listener = house.listener(pki.rsa, ListenerProtocol="QUIC")
    row = house.see(listener, key_types=["ecdsa"])
    told = "It shows a certificate with another kind of key (RSA) than was asked for"
    assert (row["reached"], row["leaves"], row["error"]) == (True, [pki.rsa.sha256], told)
    assert row["http"]["error"] == told
    options: Answer = {"key_types": ["ecdsa"], "until": {"sha256": [pki.rsa.sha256]}, "timeout": 0}
    answer = house.run.fails("tls_endpoint_info", **house.place(listener), **options)
    assert answer["unmet"] == [f"{NAME} (ecdsa): the handshake was broken off after the certificate: {told}"]


@needs_aioquic
def test_what_aioquic_stumbles_over(house: House, pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 1.6 it does over a certificate that is none, for example."""
    listener = house.listener(pki.ecc, ListenerProtocol="QUIC")

    def stumble(context: object, certificate: object) -> t.NoReturn:
        raise ValueError("error parsing asn1 value")

    monkeypatch.setattr("aioquic.tls.Context._set_peer_certificate", stumble)
    row = house.see(listener)
    told = "aioquic cannot read what it answers (ValueError: error parsing asn1 value)"
    assert (row["reached"], row["error"]) == (False, told)


@needs_aioquic
def test_no_protocol_in_common_over_quic(house: House, pki: Pki) -> None:
    row = house.see(house.listener(pki.ecc, ListenerProtocol="QUIC"), alpn=["hq"])
    assert (row["reached"], row["error"]) == (False, "TLS alert: no application protocol")


def test_a_listener_without_tls(house: House) -> None:
    row = house.see(house.bench.listener())
    assert (row["reached"], row["error"]) == (False, "It answers in plain HTTP")


# --- mutual authentication -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("http", [True, False], ids=["request", "no-request"])
@pytest.mark.parametrize("policy", [OLD, NEW])
def test_mutual_authentication(house: House, pki: Pki, tmp_path: Path, policy: str, http: bool) -> None:
    house.bench.emulator.seed({"ca_certificates": [{"identifier": "ca-1", "pem": pki.intermediate.pem}]})
    mutual = {"CaEnabled": True, "CaCertificates__1__CertificateId": "ca-1"}
    listener = house.listener(pki.ecc, SecurityPolicyId=policy, **mutual)
    bare = house.see(listener, http=http)
    assert bare["verified"]
    client = bare["client_certificate"]
    assert (client["requested"], client["without"], client["with"]) == (True, "refused", None)
    assert client["without_error"]

    good = pki.rsa.files(tmp_path, "good")
    files = {"client_certificate_path": good["certificate_path"], "client_key_path": good["private_key_path"]}
    until: Answer = {"client_certificate": "required", "client_certificate_accepted": True}
    row = house.see(listener, http=http, until=until, **files)
    client = row["client_certificate"]
    assert (client["without"], client["with"], client["with_error"]) == ("refused", "served", None)
    assert (row["http"] or {}).get("status") == (200 if http else None)

    wrong = Bundle(pki.issue("client", issuer=pki.stranger))
    given: Answer = {"client_certificate": wrong.fullchain, "client_key": wrong.key}
    place = house.place(listener)
    answer = house.run.fails("tls_endpoint_info", **place, http=http, until=until, timeout=0, **given)
    assert answer["unmet"][0].startswith(f"{NAME}: the client certificate is refused: ")
    assert answer["invocation"]["module_args"]["client_key"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    for bundle in (pki.rsa, wrong):
        assert key_pieces(bundle.key, house.run.said, public=bundle.fullchain) == []


@pytest.mark.parametrize("policy", [OLD, NEW])
@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_client_certificate_of_another_kind_than_is_asked_for(house: House, pki: Pki, policy: str, kind: str) -> None:
    """Who can offer signatures with RSA keys only cannot sign with an EC key, nor the other way round."""
    house.bench.emulator.seed({"ca_certificates": [{"identifier": "ca-1", "pem": pki.intermediate.pem}]})
    mutual = {"CaEnabled": True, "CaCertificates__1__CertificateId": "ca-1"}
    server, client = (pki.rsa, pki.ecc) if kind == "rsa" else (pki.ecc, pki.rsa)
    listener = house.listener(server, SecurityPolicyId=policy, **mutual)
    given: Answer = {"client_certificate": client.fullchain, "client_key": client.key}
    until: Answer = {"client_certificate": "required", "client_certificate_accepted": True}
    row = house.see(listener, key_types=[kind], until=until, timeout=0, **given)
    assert row["leaves"] == [server.sha256]


# --- until -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [Settings(job_seconds=0.7, strict_parameters=True)])
def test_until_a_change_has_come(house: House, pki: Pki) -> None:
    listener = house.listener(pki.rsa)
    house.change(listener, house.certificate(pki.renewed))
    until: Answer = {"sha256": [pki.renewed.fingerprint], "verified": True}
    answer = house.run("tls_endpoint_info", **house.place(listener), until=until, attempts=3, timeout=20, interval=0.1)
    assert answer["looks"] > 2
    assert 0 < answer["waited"] < 20
    row = answer["endpoints"][0]
    assert (row["leaves"], row["attempts"], row["agreed"]) == ([pki.renewed.sha256], 3, True)


def test_until_is_missed(house: House, pki: Pki) -> None:
    listener = house.listener(pki.rsa)
    place = house.place(listener)
    until: Answer = {"sha256": [pki.renewed.sha256, pki.ecc.sha256]}
    names = [NAME, "example.com"]
    answer = house.run.fails("tls_endpoint_info", **place, server_names=names, until=until, timeout=1, interval=0.1)
    assert answer["looks"] > 2
    assert answer["msg"].startswith(f"Not as wanted within 1 s ({answer['looks']} looks at 127.0.0.1, port ")
    expires = answer["endpoints"][0]["chain"][0]["not_after"][:10]
    assert answer["unmet"] == [
        f"{name}: the certificate has the SHA-256 fingerprint {pki.rsa.sha256}, not one of {pki.renewed.sha256},"
        f" {pki.ecc.sha256} (it is CN={NAME}, good until {expires})"
        for name in names
    ]
    assert [row["leaves"] for row in answer["endpoints"]] == [[pki.rsa.sha256]] * 2
    assert not answer["changed"]


# --- until.certificates ----------------------------------------------------------------------------------------------


def _told(*bundles: Bundle) -> list[Answer]:
    """As modules return them."""
    return [{"id": "1-cn-hangzhou", **read_certificates(each.pem, source="it")[0].facts.to_dict()} for each in bundles]


@pytest.mark.parametrize("protocol", ["HTTPS", pytest.param("QUIC", marks=needs_aioquic)])
def test_until_every_name_is_served_with_its_certificates(house: House, pki: Pki, protocol: str) -> None:
    listener = house.listener(pki.rsa, pki.ecc, ListenerProtocol=protocol)
    wildcard = Bundle(pki.issue("*.example.org", issuer=pki.root, names=["*.example.org", "192.0.2.1"]))
    additional = [pki.numbered(1), wildcard]
    place = house.place(listener)
    until: Answer = {"certificates": _told(pki.rsa, pki.ecc, *additional), "verified": True, "covers_server_name": True}
    trusted = [pki.root.pem, pki.intermediate.pem]
    asked: Answer = {"server_names": None, "until": until, "ca_certificates": trusted}
    # Before there are additional ones, the default is served in their place.
    answer = house.run.fails("tls_endpoint_info", **place, **asked, timeout=0)
    expires = answer["endpoints"][0]["chain"][0]["not_after"][:10]
    missing = [each for each in answer["unmet"] if ": the certificate is CN=" in each]
    assert missing == [
        f"{name} (ecdsa): the certificate is CN={NAME} (ECC, good until {expires}, SHA-256 fingerprint"
        f" {pki.ecc.sha256}), not CN={title} (ECC, good until {expires}, SHA-256 fingerprint {bundle.sha256})"
        for name, title, bundle in (
            ("n001.example.net", "n001.example.net", additional[0]),
            ("wildcard-check.example.org", "*.example.org", wildcard),
        )
    ]
    sent = {f"Certificates__{n}__CertificateId": house.certificate(each) for n, each in enumerate(additional, 1)}
    bench = house.bench
    assert bench.alb("AssociateAdditionalCertificatesWithListener", ListenerId=listener, **sent).code == "ok"
    for check in (False, True):
        rows = house.run("tls_endpoint_info", check=check, **place, **asked, attempts=2, timeout=0)["endpoints"]
        assert [(row["server_name"], row["key_type"], row["leaves"]) for row in rows] == [
            (NAME, "rsa", [pki.rsa.sha256]),
            (NAME, "ecdsa", [pki.ecc.sha256]),
            ("example.com", "rsa", [pki.rsa.sha256]),
            ("example.com", "ecdsa", [pki.ecc.sha256]),
            ("n001.example.net", "ecdsa", [additional[0].sha256]),
            ("wildcard-check.example.org", "ecdsa", [wildcard.sha256]),
        ]


def test_until_names_of_the_user_are_served_with_the_certificates(house: House, pki: Pki) -> None:
    listener = house.listener(pki.rsa, pki.ecc)
    place = house.place(listener)
    until: Answer = {"certificates": _told(pki.rsa, pki.ecc)}
    asked: Answer = {"server_names": ["Example.com", "elsewhere.example.net"], "until": until}
    rows = house.look(listener, **asked, timeout=0)
    assert [(row["server_name"], row["key_type"]) for row in rows] == [
        ("example.com", "rsa"),
        ("example.com", "ecdsa"),
        ("elsewhere.example.net", None),
    ]
    rows = house.look(listener, **asked, key_types=["rsa", "any"], timeout=0)
    assert [row["key_type"] for row in rows] == ["rsa", None] * 2
    # What is served to whoever asks for another name must be one of them, too.
    house.change(listener, house.certificate(pki.renewed))
    answer = house.run.fails("tls_endpoint_info", **place, **asked, key_types=["rsa"], timeout=0)
    assert [each.partition(": ")[0] for each in answer["unmet"]] == ["example.com (rsa)", "elsewhere.example.net (rsa)"]
    for sentence in answer["unmet"]:
        assert f"{pki.renewed.sha256}), not CN={NAME} (RSA" in sentence
        assert sentence.endswith(f"{pki.rsa.sha256})")


def test_certificates_go_together_with_fingerprints(house: House, pki: Pki) -> None:
    listener = house.listener(pki.rsa)
    place = house.place(listener)
    until: Answer = {"certificates": _told(pki.rsa, pki.renewed), "sha256": [pki.rsa.sha256]}
    options: Answer = {"server_names": None, "names_per_certificate": 1, "timeout": 0}
    assert [row["server_name"] for row in house.look(listener, until=until, **options)] == [NAME]
    for name, value in (("sha256", [pki.renewed.sha256]), ("certificates", _told(pki.renewed))):
        answer = house.run.fails("tls_endpoint_info", **place, **options, until={**until, name: value})
        assert len(answer["unmet"]) == 1
        assert pki.renewed.sha256 in answer["unmet"][0]


def test_certificates_without_names_are_looked_for_at_the_address(house: House, pki: Pki) -> None:
    until: Answer = {"certificates": [{"sha256": pki.rsa.fingerprint}]}
    row = house.see(house.listener(pki.rsa), server_names=None, until=until, timeout=0)
    assert (row["server_name"], row["key_type"]) == ("127.0.0.1", None)


@pytest.mark.parametrize("protocol", ["HTTPS", pytest.param("QUIC", marks=needs_aioquic)])
def test_a_certificate_for_addresses_only(house: House, pki: Pki, protocol: str) -> None:
    bundle = Bundle(pki.issue("127.0.0.1", issuer=pki.root, names=["127.0.0.1"]))
    listener = house.listener(bundle, ListenerProtocol=protocol)
    until: Answer = {"certificates": _told(bundle), "covers_server_name": True}
    row = house.see(listener, server_names=None, until=until, timeout=0)
    assert (row["server_name"], row["key_type"], row["leaves"]) == ("127.0.0.1", "ecdsa", [bundle.sha256])


def test_until_it_is_gone(house: House, pki: Pki) -> None:
    listener = house.listener(pki.rsa)
    place = house.place(listener)
    answer = house.run.fails("tls_endpoint_info", **place, until={"reached": False}, timeout=0)
    assert f"{NAME}: it is reached, and shows CN={NAME}" in answer["msg"]
    assert house.bench.alb("DeleteListener", ListenerId=listener).code == "ok"
    assert not house.run("tls_endpoint_info", **place, until={"reached": False})["endpoints"][0]["reached"]


# --- the answer ------------------------------------------------------------------------------------------------------


def test_answers_are_as_documented(house: House, pki: Pki) -> None:
    told = yaml.safe_load(tls_endpoint_info.RETURN)
    listener = house.listener(pki.rsa)
    place = house.place(listener)
    for check in (False, True):
        answer = house.run("tls_endpoint_info", check=check, **place, check_versions=True, check_ciphers=True)
        del told["unmet"]
        assert problems(told, answer, "") == []
        told = yaml.safe_load(tls_endpoint_info.RETURN)
    answer = house.run.fails("tls_endpoint_info", **place, until={"verified": False}, timeout=0)
    assert problems(told, answer, "") == []
    answer = house.run.fails("tls_endpoint_info", **{**place, "port": 0})
    refused = {name: about for name, about in told.items() if about["returned"].startswith("always")}
    assert problems(refused, answer, "") == []
    assert house.bench.emulator.actions.count("GetListenerAttribute") == 0


# --- options ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"address": f"{'a' * 64}.com", "server_names": ["a.example.com"]}, ["address is 'aaa", "neither the name"]),
        ({"address": "https://www.example.com/"}, ["address is 'https://www.example.com/'"]),
        ({"port": 0}, ["port must be from 1 to 65535, not 0"]),
        ({"attempts": 0}, ["attempts must be from 1"]),
        ({"handshake_timeout": 0}, ["handshake_timeout must be a number of seconds above 0, not 0"]),
        ({"interval": -1}, ["interval must be"]),
        ({"timeout": -1}, ["timeout must not be below 0"]),
        ({"server_names": []}, ["server_names is empty"]),
        ({"server_names": ["*.example.com"]}, ["'*.example.com'", "A client asks for one name"]),
        ({"server_names": ["a b"]}, ["'a b'", "not the name of a host"]),
        ({"key_types": []}, ["key_types is empty"]),
        ({"ca_certificates": []}, ["ca_certificates is empty"]),
        ({"ca_certificates": ["nothing"]}, ["ca_certificates[0]", "PEM certificate"]),
        ({"ca_certificates": None, "ca_path": "nowhere.pem"}, ["Cannot read ca_path", "nowhere.pem"]),
        ({"ca_certificates": None, "ca_path": "-----BEGIN X"}, ["ca_path is not a path", "PEM file."]),
        ({"alpn": ["x" * 256]}, ["alpn", "not the name of a protocol"]),
        ({"alpn": ["http/1.1"], "until": {"alpn": "h2"}}, ["until.alpn is h2, which alpn does not offer"]),
        ({"until": {"sha256": []}}, ["until.sha256 is empty"]),
        ({"until": {"sha256": ["ab"]}}, ["until.sha256", "'ab'", "64 hexadecimal digits"]),
        ({"until": {"sha256": ["ab" * 20]}}, ["until.sha256", "64 hexadecimal digits"]),
        ({"until": {"certificates": []}}, ["until.certificates is empty"]),
        ({"until": {"certificates": [{"id": "7-cn-hangzhou"}]}}, ["until.certificates[0] (7-cn-hangzhou)", "sha256"]),
        ({"until": {"reached": False, "certificates": [GIVEN]}}, ["until.reached is false", "certificates"]),
        ({"until": {"certificates": [GIVEN]}, "key_types": ["ecdsa"]}, ["key_types has ecdsa", "a.example.com"]),
        ({"names_per_certificate": -1}, ["names_per_certificate must not be below 0"]),
        ({"until": {"reached": False, "verified": True}}, ["until.reached is false", "verified"]),
        ({"until": {"h3_offered": True}, "http": False}, ["until.h3_offered", "http is false"]),
        ({"until": {"client_certificate_accepted": True}}, ["needs client_certificate and client_key"]),
        ({"transport": "quic", "check_versions": True}, ["check_versions", "transport=quic"]),
        ({"transport": "quic", "until": {"client_certificate": "required"}}, ["until.client_certificate"]),
        ({"client_key_path": "nowhere.pem"}, ["Cannot read client_key_path"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_options_that_cannot_be_used(run: Runner, pki: Pki, options: Answer, words: list[str]) -> None:
    run.defaults.clear()
    run.defaults.update(address="127.0.0.1", ca_certificates=[pki.root.pem])
    answer = run.fails("tls_endpoint_info", **{"port": 1, **options})
    for word in words:
        assert word in answer["msg"]
    assert answer["waited"] == 0


def test_a_client_key_of_another(run: Runner, pki: Pki) -> None:
    run.defaults.clear()
    given: Answer = {"client_certificate": pki.rsa.fullchain, "address": "127.0.0.1", "port": 1}
    assert "client_key (or client_key_path) is missing" in run.fails("tls_endpoint_info", **given)["msg"]
    answer = run.fails("tls_endpoint_info", **given, client_key=pki.ecc.key)
    assert "the key of another certificate" in answer["msg"]
    assert key_pieces(pki.ecc.key, run.said) == []


def test_a_private_key_in_the_wrong_option_is_told_to_nobody(run: Runner, pki: Pki) -> None:
    """As test_secrecy.py does it with the modules that call an API."""
    run.defaults.clear()
    options: Answer = {"address": "127.0.0.1", "port": 1}
    assert TASK.key_options == {"client_key"}
    refused = set()
    for name, value in misplaced("tls_endpoint_info", pki.renewed.key, pki.renewed.pem):
        answer = run.fails("tls_endpoint_info", **{**options, name: value})
        if "A private key was given as" in answer["msg"]:
            refused.add(name)
            assert "Give the key as client_key only" in answer["msg"]
    assert {"ca_path", "ca_certificates", "client_certificate", "client_key_path", "server_names"} <= refused
    assert key_traces(pki.renewed.key, run.said, public=pki.renewed.pem) == []
