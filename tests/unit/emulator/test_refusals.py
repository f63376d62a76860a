# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One row per refusal: what is asked, HTTP status, code."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.emulator.errors import CODES
from ansible_collections.alicloud.tls.tests.emulator.invented import INVENTED
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import Reply
from ansible_collections.alicloud.tls.tests.unit.emulator.alb_rows import ALB_ROWS
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import BASIC, LOAD_BALANCER, Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.test_documented import ROWS as DOCUMENTED_ROWS
from ansible_collections.alicloud.tls.tests.unit.emulator.warehouse_rows import WAREHOUSE_ROWS
from cryptography.hazmat.primitives import serialization

pytestmark = pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True)])

Ask = Callable[[Bench], Reply]
_CA = {"CaEnabled": True, "CaCertificates__1__CertificateId": "ca-1"}
_GROUPS = "DefaultActions__1__ForwardGroupConfig__ServerGroupTuples__1__ServerGroupId"


def _https(**parameters: object) -> Ask:
    return lambda bench: bench.create(bench.certificate(), **parameters)


def _http(**parameters: object) -> Ask:
    return lambda bench: bench.create(**parameters)


def _update(**parameters: object) -> Ask:
    return lambda bench: bench.alb(
        "UpdateListenerAttribute", ListenerId=bench.listener(bench.certificate()), **parameters
    )


def _upload(made: t.Callable[[], material.Material], **parameters: object) -> Ask:
    return lambda bench: bench.upload(made(), "cert", **parameters)


def _full(bench: Bench) -> Reply:
    for number in range(50):
        assert bench.create(ListenerPort=1000 + number).code == "ok"
    return bench.create(ListenerPort=99)


def _busy_load_balancer(field: str, value: str) -> Ask:
    def ask(bench: Bench) -> Reply:
        bench.emulator.do(lambda cloud: setattr(cloud.world.load_balancers[LOAD_BALANCER], field, value))
        return bench.create()

    return ask


def _two_of_a_kind(bench: Bench) -> Reply:
    first, second = bench.certificate(name="first"), bench.certificate(material.make(key_number=1), "second")
    listener_id = bench.listener(first)
    ids = {"Certificates__1__CertificateId": first, "Certificates__2__CertificateId": second}
    return bench.alb("UpdateListenerAttribute", ListenerId=listener_id, **ids)


def _three(bench: Bench) -> Reply:
    certificate = bench.certificate()
    ids = {f"Certificates__{number}__CertificateId": certificate for number in (1, 2, 3)}
    return bench.alb("UpdateListenerAttribute", ListenerId=bench.listener(certificate), **ids)


def _other_ca(bench: Bench) -> Reply:
    listener_id = bench.listener(bench.certificate(), **_CA)
    return bench.alb("UpdateListenerAttribute", ListenerId=listener_id, CaCertificates__1__CertificateId="ca-2")


def _quic(protocol: str, load_balancer: str = LOAD_BALANCER) -> Ask:
    def ask(bench: Bench) -> Reply:
        certificate = bench.certificate()
        target = bench.listener(
            certificate if protocol != "HTTP" else None,
            ListenerProtocol=protocol,
            ListenerPort=8443,
            LoadBalancerId=load_balancer,
        )
        quic = {"QuicConfig__QuicUpgradeEnabled": True, "QuicConfig__QuicListenerId": target}
        return bench.create(certificate, **quic)

    return ask


def _used_quic(bench: Bench) -> tuple[str, str]:
    certificate = bench.certificate()
    quic = bench.listener(certificate, ListenerProtocol="QUIC")
    bench.listener(certificate, QuicConfig__QuicUpgradeEnabled=True, QuicConfig__QuicListenerId=quic)
    return certificate, quic


def _quic_twice(bench: Bench) -> Reply:
    certificate, quic = _used_quic(bench)
    upgrade = {"QuicConfig__QuicUpgradeEnabled": True, "QuicConfig__QuicListenerId": quic}
    return bench.create(certificate, ListenerPort=444, **upgrade)


def _twice(bench: Bench) -> Reply:
    bench.listener()
    return bench.create(bench.certificate(), ListenerPort=80)


def _same_name(bench: Bench) -> Reply:
    bench.certificate(name="same")
    return bench.upload(material.make(key_number=1), "same")


def _bound(bench: Bench) -> Reply:
    certificate = bench.certificate()
    bench.listener(certificate)
    return bench.cas("DeleteUserCertificate", CertId=certificate.partition("-")[0])


def _expired_not_taken(bench: Bench) -> Reply:
    bench.emulator.change_settings(accept_expired_certificates=False)
    return bench.upload(material.make(days=-0.5), "old")


def _mixed() -> material.Material:
    return material.Material(
        material.make().certificate, material.make().chain_pem, material.make(key_number=1).key_pem
    )


def _wrong_chain() -> material.Material:
    made = material.make()
    return material.Material(made.certificate, made.chain_pem + material.make(key_number=1).chain_pem, made.key_pem)


def _ids(number: int) -> dict[str, object]:
    return {f"ListenerIds__{index}": "lsn-no" for index in range(1, number + 1)}


def _edwards() -> material.Material:
    made = material.make()
    return material.Material(made.certificate, material.edwards_pem(), made.key_pem)


def _busy_listener(bench: Bench) -> Reply:
    listener_id = bench.listener()
    bench.emulator.change_settings(polls=9)
    bench.alb("UpdateListenerAttribute", ListenerId=listener_id)
    return bench.alb("DeleteListener", ListenerId=listener_id)


ROWS: list[tuple[str, Ask, int, str]] = [
    # Listeners, documented codes
    ("unknown load balancer", _http(LoadBalancerId="alb-no"), 404, "ResourceNotFound.LoadBalancer"),
    (
        "unknown load balancer, read",
        lambda bench: bench.alb("GetLoadBalancerAttribute", LoadBalancerId="x"),
        404,
        "ResourceNotFound.LoadBalancer",
    ),
    ("load balancer not ready", _busy_load_balancer("status", "Configuring"), 400, "IncorrectStatus.LoadBalancer"),
    (
        "load balancer not well",
        _busy_load_balancer("business_status", "Abnormal"),
        400,
        "IncorrectBusinessStatus.LoadBalancer",
    ),
    ("port in use", _twice, 400, "ResourceAlreadyExist.Listener"),
    ("51 listeners", _full, 400, "ResourceQuotaExceeded.LoadBalancerListenersNum"),
    ("unknown server group", _http(**{_GROUPS: "sgp-no"}), 404, "ResourceNotFound.ServerGroup"),
    ("server group elsewhere", _http(**{_GROUPS: "sgp-other-vpc"}), 400, "Mismatch.VpcId"),
    ("HTTP to GRPC", _http(**{_GROUPS: "sgp-grpc"}), 400, "OperationDenied.ServerGroupProtocolNotSupport"),
    ("HTTP to HTTPS", _http(**{_GROUPS: "sgp-https"}), 400, "OperationDenied.ServerGroupProtocolNotSupport"),
    (
        "GRPC without HTTP/2",
        _https(**{_GROUPS: "sgp-grpc", "Http2Enabled": False}),
        400,
        "OperationDenied.GRPCServerGroup",
    ),
    ("GRPC with HTTP/2", _https(**{_GROUPS: "sgp-grpc"}), 200, "ok"),
    (
        "unknown certificate",
        _https(Certificates__1__CertificateId="1-cn-hangzhou"),
        404,
        "ResourceNotFound.Certificate",
    ),
    (
        "certificate of the other site",
        _update(Certificates__1__CertificateId="24100001-ap-southeast-1"),
        404,
        "ResourceNotFound.Certificate",
    ),
    ("unknown CA", _https(**{**_CA, "CaCertificates__1__CertificateId": "ca-0"}), 404, "ResourceNotFound.Certificate"),
    ("unknown policy", _https(SecurityPolicyId="sp-no"), 404, "ResourceNotFound.SecurityPolicy"),
    ("known policy", _https(SecurityPolicyId="tls_cipher_policy_1_2_strict_with_1_3"), 200, "ok"),
    ("busy listener", _busy_listener, 400, "IncorrectStatus.Listener"),
    (
        "unknown listener",
        lambda bench: bench.alb("DeleteListener", ListenerId="lsn-no"),
        404,
        "ResourceNotFound.Listener",
    ),
    (
        "certificates of an HTTP listener",
        lambda bench: bench.alb("ListListenerCertificates", ListenerId=bench.listener()),
        400,
        "OperationDenied.HttpListenerNotSupport",
    ),
    (
        "unknown QUIC listener",
        _https(QuicConfig__QuicUpgradeEnabled=True, QuicConfig__QuicListenerId="lsn-no"),
        404,
        "ResourceNotFound.Listener",
    ),
    ("QUIC listener elsewhere", _quic("QUIC", BASIC), 400, "OperationDenied.CrossLoadBalancerQUICListener"),
    ("QUIC listener taken", _quic_twice, 400, "ResourceAlreadyAssociated.Listener"),
    (
        "QUIC listener in use",
        lambda bench: bench.alb("DeleteListener", ListenerId=_used_quic(bench)[1]),
        400,
        "ResourceInUse.Listener",
    ),
    ("dry run", _http(DryRun=True), 400, "DryRunOperation"),
    # Listeners, invented codes
    ("port 0", _http(ListenerPort=0), 400, "InvalidParameter range"),
    ("port 65536", _http(ListenerPort=65536), 400, "InvalidParameter range"),
    ("port 65535", _http(ListenerPort=65535), 200, "ok"),
    ("port 1", _http(ListenerPort=1), 200, "ok"),
    ("unknown protocol", _http(ListenerProtocol="TCP"), 400, "InvalidParameter choice"),
    ("HTTPS without certificate", _http(ListenerProtocol="HTTPS"), 400, "InvalidParameter https-needs-certificate"),
    ("QUIC without certificate", _http(ListenerProtocol="QUIC"), 400, "InvalidParameter https-needs-certificate"),
    ("HTTP with certificate", _https(ListenerProtocol="HTTP"), 400, "InvalidParameter certificate-on-http"),
    ("three certificates", _three, 400, "InvalidParameter too-many-defaults"),
    ("two ECC certificates", _two_of_a_kind, 400, "InvalidParameter two-defaults-same-algorithm"),
    ("policy on HTTP", _http(SecurityPolicyId="tls_cipher_policy_1_2"), 400, "InvalidParameter https-only"),
    ("HTTP/2 on HTTP", _http(Http2Enabled=True), 400, "InvalidParameter https-only"),
    ("CA on HTTP", _http(CaEnabled=True), 400, "InvalidParameter https-only"),
    ("CA on QUIC", _https(ListenerProtocol="QUIC", **_CA), 400, "InvalidParameter https-only"),
    ("CA on Basic", _https(LoadBalancerId=BASIC, **_CA), 400, "InvalidParameter ca-on-basic"),
    ("CaEnabled without CA", _https(CaEnabled=True), 400, "InvalidParameter ca-count"),
    ("two CAs", _https(**_CA, CaCertificates__2__CertificateId="ca-2"), 400, "InvalidParameter ca-count"),
    ("another CA", _other_ca, 400, "InvalidParameter ca-change"),
    ("QUIC upgrade to HTTPS listener", _quic("HTTPS"), 400, "InvalidParameter quic-listener"),
    ("QUIC upgrade to nowhere", _https(QuicConfig__QuicUpgradeEnabled=True), 400, "InvalidParameter quic-listener"),
    (
        "XFF subject on HTTP",
        _http(XForwardedForConfig__XForwardedForClientCertSubjectDNEnabled=True),
        400,
        "InvalidParameter x-forwarded-for-protocol",
    ),
    ("XFF mode", _http(XForwardedForConfig__XForwardedForProcessingMode="keep"), 400, "InvalidParameter choice"),
    ("short description", _http(ListenerDescription="x"), 400, "InvalidParameter description"),
    ("empty description", _http(ListenerDescription=""), 400, "InvalidParameter description"),
    ("blank in description", _http(ListenerDescription="a b"), 400, "InvalidParameter description"),
    ("Chinese description", _http(ListenerDescription="网站"), 200, "ok"),
    ("idle timeout 0", _http(IdleTimeout=0), 400, "InvalidParameter range"),
    ("request timeout 601", _http(RequestTimeout=601), 400, "InvalidParameter range"),
    ("two actions", _http(DefaultActions__2__Type="ForwardGroup"), 400, "InvalidParameter default-action"),
    ("other action", _http(DefaultActions__1__Type="Redirect"), 400, "InvalidParameter default-action"),
    ("reserved tag", _http(Tag__1__Key="acs:x", Tag__1__Value="v"), 400, "InvalidParameter tag"),
    ("long token", _http(ClientToken="x" * 65), 400, "InvalidParameter client-token"),
    ("page of 101", lambda bench: bench.alb("ListListeners", MaxResults=101), 400, "InvalidParameter range"),
    ("21 ids", lambda bench: bench.alb("ListListeners", **_ids(21)), 400, "InvalidParameter list-length"),
    ("20 ids", lambda bench: bench.alb("ListListeners", **_ids(20)), 200, "ok"),
    # Certificates, documented codes
    ("same name", _same_name, 400, "NameRepeat"),
    ("unknown id", lambda bench: bench.cas("GetUserCertificateDetail", CertId=1), 400, "NotFound"),
    ("delete unknown id", lambda bench: bench.cas("DeleteUserCertificate", CertId=1), 400, "NotFound"),
    ("no name", _upload(material.make, Name=""), 400, "MissingName"),
    ("no id", lambda bench: bench.cas("DeleteUserCertificate"), 400, "MissingCertId"),
    ("broken PEM", _upload(material.make, Cert="broken"), 400, "CertificateFormatException"),
    (
        "PEM without line breaks",
        lambda bench: bench.upload(material.make(), "cert", Cert=material.make().chain_pem.replace("\n", "")),
        400,
        "CertificateFormatException",
    ),
    ("wrong chain", _upload(_wrong_chain), 400, "CertificateChainNotMatch"),
    ("expired, by switch", _expired_not_taken, 400, "CertificateExpired"),
    ("expired", _upload(lambda: material.make(days=-0.5)), 200, "ok"),
    # Certificates, invented codes
    ("no key", _upload(material.make, Key=None), 400, "InvalidParameter no-certificate"),
    ("broken key", _upload(material.make, Key="broken"), 400, "InvalidParameter broken-key"),
    ("encrypted key", _upload(lambda: material.make(password=b"secret")), 400, "InvalidParameter broken-key"),
    ("Ed25519", _upload(_edwards), 400, "InvalidParameter algorithm"),
    ("other key", _upload(_mixed), 400, "InvalidParameter key-mismatch"),
    ("long name", _upload(material.make, Name="x" * 64), 400, "DataTooLongException name-length"),
    ("longest name", _upload(material.make, Name="x" * 63), 200, "ok"),
    ("bound certificate", _bound, 400, "InvalidParameter bound-certificate"),
    (
        "unknown order type",
        lambda bench: bench.cas("ListUserCertificateOrder", OrderType="X"),
        400,
        "InvalidParameter choice",
    ),
    (
        "page of 101 certificates",
        lambda bench: bench.cas("ListCertificates", ShowSize=101),
        400,
        "InvalidParameter range",
    ),
    (
        "PKCS#1 key",
        _upload(lambda: material.make(algorithm="RSA", key_format=serialization.PrivateFormat.TraditionalOpenSSL)),
        200,
        "ok",
    ),
    (
        "SEC1 key",
        _upload(lambda: material.make(key_format=serialization.PrivateFormat.TraditionalOpenSSL)),
        200,
        "ok",
    ),
    *ALB_ROWS,
    *WAREHOUSE_ROWS,
]


@pytest.mark.parametrize(("ask", "status", "code"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_refusal(bench: Bench, ask: Ask, status: int, code: str) -> None:
    bench.emulator.seed(
        {
            "server_groups": [
                {"server_group_id": "sgp-other-vpc", "vpc_id": "vpc-other"},
                {"server_group_id": "sgp-grpc", "protocol": "GRPC"},
                {"server_group_id": "sgp-https", "protocol": "HTTPS"},
            ],
            "ca_certificates": [{"identifier": "ca-1"}, {"identifier": "ca-2"}],
        }
    )
    reply = ask(bench)
    last = bench.emulator.calls[-1]
    assert (reply.status, f"{reply.code} {last.rule}".strip()) == (status, code), reply.body
    assert last.code == (reply.code if reply.code != "ok" else "")
    if code != "ok":
        assert reply.body["Message"]
        assert "%" not in reply.body["Message"]


def test_every_documented_code_has_a_row(settings: Settings) -> None:
    """Those of the gateway have theirs in test_signature.py and test_wire.py, many of ALB in test_documented.py."""
    gateway = {code for code in CODES if code.startswith(("Invalid", "Signature", "Incomplete", "Unsupported"))}
    elsewhere = {code for _action, code in DOCUMENTED_ROWS}
    assert set(CODES) - gateway - elsewhere - {code for _name, _ask, _status, code in ROWS} == set(), settings


def test_every_invented_rule_has_a_row(settings: Settings) -> None:
    """But those that test_signature.py, test_wire.py, test_fuzz.py and test_listeners.py break."""
    elsewhere = {"signed-headers", "security-token", "client-token-reuse", "unknown-parameter", "next-token"}
    elsewhere |= {"http", "body-size"}
    rows = {code.partition(" ")[2] for _name, _ask, _status, code in ROWS} - {""}
    assert rows | elsewhere == set(INVENTED), settings
