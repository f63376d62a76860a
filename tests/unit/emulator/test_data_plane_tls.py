# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS of the data plane as `openssl s_client` sees it: names and algorithms, policies, client certificates."""

from __future__ import annotations

import ssl
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.handshakes import client_files, needs_openssl, s_client
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

pytestmark = needs_openssl
_TLS13 = "tls_cipher_policy_1_2_strict_with_1_3"
_RSA_SIGNATURES = "RSA-PSS+SHA256:RSA+SHA256"
_ECC_SIGNATURES = "ECDSA+SHA256"


def _row(bench: Bench, listener_id: str) -> dict[str, t.Any]:
    return next(row for row in bench.emulator.data_plane() if row["listener_id"] == listener_id)


def _associate(bench: Bench, listener_id: str, *certificate_ids: str) -> None:
    sent = {f"Certificates__{number}__CertificateId": each for number, each in enumerate(certificate_ids, 1)}
    reply = bench.alb("AssociateAdditionalCertificatesWithListener", ListenerId=listener_id, **sent)
    assert reply.code == "ok", reply
    bench.emulator.settle()


class House:
    """A listener with many names."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.made = {
            "default-ecc": material.make("default.example.com"),
            "default-rsa": material.make("default.example.com", algorithm="RSA"),
            "exact-ecc": material.make("shop.example.com", key_number=1),
            "exact-rsa": material.make("shop.example.com", algorithm="RSA"),
            "wildcard": material.make("*.example.com", key_number=2),
            "rsa-only": material.make("rsa.example.org", algorithm="RSA"),
            "several": material.make("one.example.net", ("one.example.net", "Two.Example.NET"), key_number=3),
        }
        ids = {name: bench.certificate(each, name) for name, each in self.made.items()}
        self.listener_id = bench.listener(ids["default-ecc"], SecurityPolicyId=_TLS13)
        both = {
            "Certificates__1__CertificateId": ids["default-ecc"],
            "Certificates__2__CertificateId": ids["default-rsa"],
        }
        assert bench.alb("UpdateListenerAttribute", ListenerId=self.listener_id, **both).code == "ok"
        _associate(bench, self.listener_id, *(each for name, each in ids.items() if not name.startswith("default")))
        self.row = _row(bench, self.listener_id)

    def served(self, name: str | None, *options: str) -> str:
        """The name above of the certificate that a client gets; empty: it gets none."""
        seen = s_client(self.row, name, *options)
        assert seen.verified == (seen.sha256 != ""), seen.output
        return next((each for each, made in self.made.items() if made.sha256 == seen.sha256), seen.sha256)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with Emulator(Settings(polls=0, strict_parameters=True), demo=True) as emulator:
        yield House(Bench(emulator, RawClient(emulator.endpoint)))


@pytest.fixture
def quick() -> Iterator[Bench]:
    with Emulator(Settings(polls=0, strict_parameters=True), demo=True) as emulator:
        yield Bench(emulator, RawClient(emulator.endpoint))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop.example.com", "exact-ecc"),
        ("SHOP.Example.com", "exact-ecc"),
        ("other.example.com", "wildcard"),
        ("two.example.net", "several"),
        ("rsa.example.org", "rsa-only"),
        # The default's own name is an exact match, and goes before another's wildcard.
        ("default.example.com", "default-ecc"),
    ],
)
def test_name(house: House, name: str, expected: str) -> None:
    assert house.served(name) == expected
    assert house.served(name, "-tls1_2") == expected


@pytest.mark.parametrize("name", ["a.b.example.com", "example.com", "unknown.test", None])
def test_no_match_is_the_default(house: House, name: str | None) -> None:
    seen = s_client(house.row, name)
    assert seen.sha256 == house.made["default-ecc"].sha256
    assert seen.answer is not None
    assert seen.answer["sni"] == name


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize(("signatures", "algorithm"), [(_RSA_SIGNATURES, "rsa"), (_ECC_SIGNATURES, "ecc")])
@pytest.mark.parametrize(("name", "kind"), [("unknown.test", "default"), ("shop.example.com", "exact")])
def test_algorithm(house: House, version: str, signatures: str, algorithm: str, name: str, kind: str) -> None:
    seen = s_client(house.row, name, version, "-sigalgs", signatures)
    assert seen.sha256 == house.made[f"{kind}-{algorithm}"].sha256
    assert seen.answer is not None


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_name_goes_before_algorithm(house: House, version: str) -> None:
    assert not s_client(house.row, "rsa.example.org", version, "-sigalgs", _ECC_SIGNATURES).connected


def test_answer_tells_all(house: House) -> None:
    seen = s_client(house.row, "shop.example.com", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256")
    assert seen.answer is not None
    told = {name: seen.answer[name] for name in ("listener_id", "sni", "protocol", "alpn", "cipher", "tls_version")}
    assert told == {
        "listener_id": house.listener_id,
        "sni": "shop.example.com",
        "protocol": "HTTPS",
        "alpn": None,
        "cipher": "TLS_CHACHA20_POLY1305_SHA256",
        "tls_version": "TLSv1.3",
    }


@pytest.mark.parametrize("method", ["POST", "DELETE", "PURGE"])
def test_any_method(house: House, method: str) -> None:
    seen = s_client(house.row, "shop.example.com", request=f"{method} /some/path?x=1 HTTP/1.1")
    assert seen.answer is not None
    assert (seen.answer["method"], seen.answer["path"]) == (method, "/some/path")


def test_head_has_no_body(house: House) -> None:
    seen = s_client(house.row, "shop.example.com", request="HEAD / HTTP/1.1")
    assert seen.headers.startswith("http/1.1 200")
    assert "content-length: " in seen.headers
    assert seen.answer is None


def test_additional_certificates_come_and_go(quick: Bench) -> None:
    default, extra = material.make(), material.make("extra.example.com", key_number=1)
    listener_id, extra_id = quick.listener(quick.certificate(default)), quick.certificate(extra, "extra")
    row = _row(quick, listener_id)
    quick.emulator.change_settings(polls=5)
    one = {"Certificates__1__CertificateId": extra_id}
    assert quick.alb("AssociateAdditionalCertificatesWithListener", ListenerId=listener_id, **one).code == "ok"
    assert s_client(row, "extra.example.com").sha256 == default.sha256
    quick.emulator.settle()
    assert s_client(row, "extra.example.com").sha256 == extra.sha256
    assert quick.alb("DissociateAdditionalCertificatesFromListener", ListenerId=listener_id, **one).code == "ok"
    assert s_client(row, "extra.example.com").sha256 == extra.sha256
    quick.emulator.settle()
    assert s_client(row, "extra.example.com").sha256 == default.sha256


def _custom_policy(bench: Bench, versions: tuple[str, ...], ciphers: tuple[str, ...], name: str = "own") -> str:
    sent: dict[str, object] = {f"TLSVersions__{number}": each for number, each in enumerate(versions, 1)}
    sent.update({f"Ciphers__{number}": each for number, each in enumerate(ciphers, 1)})
    reply = bench.alb("CreateSecurityPolicy", SecurityPolicyName=name, **sent)
    assert reply.code == "ok", reply
    return str(reply.body["SecurityPolicyId"])


@pytest.mark.parametrize(
    ("policy", "taken"),
    [
        ("tls_cipher_policy_1_0", {"-tls1", "-tls1_1", "-tls1_2"}),
        ("tls_cipher_policy_1_1", {"-tls1_1", "-tls1_2"}),
        ("tls_cipher_policy_1_2", {"-tls1_2"}),
        ("tls_cipher_policy_1_2_strict", {"-tls1_2"}),
        (_TLS13, {"-tls1_2", "-tls1_3"}),
    ],
)
def test_versions_of_the_policies(quick: Bench, policy: str, taken: set[str]) -> None:
    row = _row(quick, quick.listener(quick.certificate(), SecurityPolicyId=policy))
    names = {"-tls1": "TLSv1", "-tls1_1": "TLSv1.1", "-tls1_2": "TLSv1.2", "-tls1_3": "TLSv1.3"}
    if not (ssl.HAS_TLSv1 and ssl.HAS_TLSv1_1):
        pytest.skip(f"{ssl.OPENSSL_VERSION} was built without TLS 1.0 or 1.1")
    for option, name in names.items():
        seen = s_client(row, "www.example.com", option, "-cipher", "DEFAULT@SECLEVEL=0")
        if "Unknown option" in seen.output:
            pytest.skip("this openssl program has no TLS 1.0 or 1.1")
        assert seen.connected == (option in taken), seen.output
        assert seen.answer is None or seen.answer["tls_version"] == name


def test_ciphers_of_the_policies(quick: Bench) -> None:
    certificate = quick.certificate(material.make(algorithm="RSA"))
    options = ("-tls1_2", "-cipher", "AES128-GCM-SHA256")
    loose = _row(quick, quick.listener(certificate, ListenerPort=1, SecurityPolicyId="tls_cipher_policy_1_2"))
    strict = _row(quick, quick.listener(certificate, ListenerPort=2, SecurityPolicyId="tls_cipher_policy_1_2_strict"))
    assert s_client(loose, "www.example.com", *options).connected
    assert not s_client(strict, "www.example.com", *options).connected
    assert s_client(strict, "www.example.com", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA").connected


def test_order_of_the_policy_counts(quick: Bench) -> None:
    row = _row(quick, quick.listener(quick.certificate()))
    seen = s_client(row, "www.example.com", "-cipher", "ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-GCM-SHA256")
    assert seen.answer is not None
    assert seen.answer["cipher"] == "ECDHE-ECDSA-AES128-GCM-SHA256"


def test_custom_policy(quick: Bench) -> None:
    policy = _custom_policy(quick, ("TLSv1.3",), ("TLS_AES_128_GCM_SHA256",))
    row = _row(quick, quick.listener(quick.certificate(), SecurityPolicyId=policy))
    if any("cannot keep" in note for note in row["notes"]):
        pytest.skip("this Python cannot restrict the ciphers of TLS 1.3")
    assert not s_client(row, "www.example.com", "-tls1_2").connected
    assert not s_client(row, "www.example.com", "-ciphersuites", "TLS_AES_256_GCM_SHA384").connected
    seen = s_client(row, "www.example.com")
    assert seen.answer is not None
    assert seen.answer["cipher"] == "TLS_AES_128_GCM_SHA256"


def test_custom_policy_with_a_hole_and_its_update(quick: Bench) -> None:
    policy = _custom_policy(quick, ("TLSv1.1", "TLSv1.2"), ("ECDHE-ECDSA-AES128-SHA",))
    row = _row(quick, quick.listener(quick.certificate(), SecurityPolicyId=policy))
    assert s_client(row, "www.example.com", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA").connected
    assert not s_client(row, "www.example.com", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256").connected
    changed = quick.alb(
        "UpdateSecurityPolicyAttribute",
        SecurityPolicyId=policy,
        TLSVersions__1="TLSv1.0",
        TLSVersions__2="TLSv1.2",
        Ciphers__1="ECDHE-ECDSA-AES256-SHA",
    )
    assert changed.code == "ok", changed
    assert not s_client(row, "www.example.com", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA").connected
    assert s_client(row, "www.example.com", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA").connected
    if ssl.HAS_TLSv1_1:
        old = ("-cipher", "ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0")
        assert not s_client(row, "www.example.com", "-tls1_1", *old).connected


def _stranger() -> material.Material:
    """A client certificate of nobody."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stranger")])
    own = material.key("ECC", 5)
    certificate = material._build(name, name, own, own, ())
    key_pem = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return material.Material(
        certificate, certificate.public_bytes(serialization.Encoding.PEM).decode(), key_pem.decode()
    )


@pytest.mark.parametrize(("policy", "version"), [("tls_cipher_policy_1_2", "TLSv1.2"), (_TLS13, "TLSv1.3")])
def test_mutual_authentication(quick: Bench, tmp_path: Path, policy: str, version: str) -> None:
    quick.emulator.seed({"ca_certificates": [{"identifier": "ca-1", "pem": material.authority_pem()}]})
    extra = quick.certificate(material.make("extra.example.com"), "extra")
    listener_id = quick.listener(
        quick.certificate(),
        SecurityPolicyId=policy,
        CaEnabled=True,
        CaCertificates__1__CertificateId="ca-1",
        XForwardedForConfig__XForwardedForClientCertSubjectDNEnabled=True,
        XForwardedForConfig__XForwardedForClientCertSubjectDNAlias="x-who",
        XForwardedForConfig__XForwardedForClientCertFingerprintEnabled=True,
        XForwardedForConfig__XForwardedForClientCertClientVerifyEnabled=True,
    )
    _associate(quick, listener_id, extra)
    row = _row(quick, listener_id)
    right = client_files(material.make("client"), tmp_path, "right")
    for name in ("www.example.com", "extra.example.com"):
        seen = s_client(row, name, *right)
        assert seen.answer is not None, seen.output
        assert seen.answer["tls_version"] == version
        assert seen.answer["client_certificate_subject"].startswith("CN=client,")
        forwarded = seen.answer["forwarded_headers"]
        assert forwarded["x-who"].startswith("CN=client,")
        assert len(forwarded["X-Forwarded-Clientcert-fingerprint"]) == 40
        assert forwarded["X-Forwarded-Clientcert-clientverify"] == "SUCCESS"
        assert "X-Forwarded-Clientcert-issuerdn" not in forwarded
        assert s_client(row, name).answer is None
        assert s_client(row, name, *client_files(_stranger(), tmp_path, "wrong")).answer is None
    off = quick.alb("UpdateListenerAttribute", ListenerId=listener_id, CaEnabled=False)
    assert off.code == "ok", off
    seen = s_client(row, "www.example.com", *right)
    assert seen.answer is not None
    assert seen.answer["client_certificate_subject"] is None
    assert set(seen.answer["forwarded_headers"]) == {"X-Forwarded-For"}


def test_forwarded_headers(quick: Bench) -> None:
    listener_id = quick.listener(
        quick.certificate(),
        XForwardedForConfig__XForwardedForProtoEnabled=True,
        XForwardedForConfig__XForwardedForHostEnabled=True,
        XForwardedForConfig__XForwardedForSLBIdEnabled=True,
        XForwardedForConfig__XForwardedForSLBPortEnabled=True,
        XForwardedForConfig__XForwardedForClientSrcPortEnabled=True,
        # Without mutual authentication there is nothing to tell.
        XForwardedForConfig__XForwardedForClientCertSubjectDNEnabled=True,
    )
    row = _row(quick, listener_id)
    seen = s_client(row, "www.example.com", headers="X-Forwarded-For: 192.0.2.1\r\n")
    assert seen.answer is not None
    forwarded = dict(seen.answer["forwarded_headers"])
    assert int(forwarded.pop("X-Forwarded-Client-srcport")) > 0
    assert forwarded == {
        "X-Forwarded-For": "192.0.2.1, 127.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "www.example.com",
        "SLB-ID": row["load_balancer_id"],
        "X-Forwarded-Port": "443",
    }
    for change, expected in (
        ({"XForwardedForProcessingMode": "remove"}, {}),
        ({"XForwardedForEnabled": False}, {"X-Forwarded-For": "192.0.2.1"}),
    ):
        sent = {f"XForwardedForConfig__{name}": value for name, value in change.items()}
        assert quick.alb("UpdateListenerAttribute", ListenerId=listener_id, **sent).code == "ok"
        seen = s_client(row, "www.example.com", headers="X-Forwarded-For: 192.0.2.1\r\n")
        assert seen.answer is not None
        assert seen.answer["forwarded_headers"] == expected


def test_alpn(quick: Bench) -> None:
    pytest.importorskip("h2", reason="without the package h2 there is no HTTP/2")
    on = _row(quick, quick.listener(quick.certificate()))
    off = _row(quick, quick.listener(quick.certificate(name="b"), ListenerPort=444, Http2Enabled=False))
    assert "ALPN protocol: h2" in s_client(on, "www.example.com", "-alpn", "h2,http/1.1").output
    assert "ALPN protocol: http/1.1" in s_client(on, "www.example.com", "-alpn", "http/1.1").output
    seen = s_client(off, "www.example.com", "-alpn", "h2,http/1.1")
    assert "ALPN protocol: http/1.1" in seen.output
    assert seen.answer is not None
    assert seen.answer["alpn"] == "http/1.1"
    assert s_client(off, "www.example.com", "-alpn", "h2").answer is not None
