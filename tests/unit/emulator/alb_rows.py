# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of test_refusals.py: what ALB refuses with invented codes, and what is just within the limits."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import Reply
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import BASIC, LOAD_BALANCER, Bench

Ask = Callable[[Bench], Reply]
_ASSOCIATE = "AssociateAdditionalCertificatesWithListener"
_GCM13 = "TLS_AES_128_GCM_SHA256"


def policy(name: str = "mine", versions: str = "TLSv1.2", ciphers: str = "AES128-SHA256", **parameters: object) -> Ask:
    """CreateSecurityPolicy; versions and ciphers are words."""
    lists = {f"TLSVersions__{number}": each for number, each in enumerate(versions.split(), 1)}
    lists |= {f"Ciphers__{number}": each for number, each in enumerate(ciphers.split(), 1)}
    return lambda bench: bench.alb("CreateSecurityPolicy", SecurityPolicyName=name, **lists, **parameters)


def _half(switched: bool) -> Ask:
    def ask(bench: Bench) -> Reply:
        bench.emulator.change_settings(partial_policy_update=switched)
        made = policy()(bench).body["SecurityPolicyId"]
        return bench.alb("UpdateSecurityPolicyAttribute", SecurityPolicyId=made, Ciphers__1="AES256-SHA256")

    return ask


def _with_policy(load_balancer: str) -> Ask:
    def ask(bench: Bench) -> Reply:
        made = policy()(bench).body["SecurityPolicyId"]
        return bench.create(bench.certificate(), LoadBalancerId=load_balancer, SecurityPolicyId=made)

    return ask


def _twice(bench: Bench) -> Reply:
    listener_id = bench.listener(bench.certificate())
    other = bench.certificate(material.make(key_number=1), "other")
    sent = {"Certificates__1__CertificateId": other, "Certificates__2__CertificateId": other.partition("-")[0]}
    return bench.alb(_ASSOCIATE, ListenerId=listener_id, **sent)


def _expired(action: str, made: material.Material) -> Ask:
    def ask(bench: Bench) -> Reply:
        bench.emulator.change_settings(attach_expired_certificates=False)
        old = bench.certificate(made, "old")
        if action == "CreateListener":
            return bench.create(old)
        listener_id = bench.listener(bench.certificate(material.make(key_number=1), "good"))
        return bench.alb(action, ListenerId=listener_id, Certificates__1__CertificateId=old)

    return ask


def _group(**parameters: object) -> Ask:
    wanted = {"ServerGroupName": "new", "VpcId": "vpc-demo", "HealthCheckConfig__HealthCheckEnabled": True}
    return lambda bench: bench.alb("CreateServerGroup", **{**wanted, **parameters})


def _alias(value: str) -> Ask:
    alias = {"XForwardedForConfig__XForwardedForClientCertSubjectDNAlias": value}
    return lambda bench: bench.create(bench.certificate(), **alias)


def _new_system_policy(switched: bool) -> Ask:
    def ask(bench: Bench) -> Reply:
        bench.emulator.change_settings(policy_1_0_to_1_3=switched)
        return bench.create(bench.certificate(), SecurityPolicyId="tls_cipher_policy_1_0_to_1_3")

    return ask


def _full_tracing(bench: Bench) -> Reply:
    bench.emulator.do(lambda cloud: setattr(cloud.world.load_balancers[LOAD_BALANCER], "log_project", "p"))
    sent = {"AccessLogTracingConfig__TracingSample": 5}
    return bench.alb("UpdateListenerLogConfig", ListenerId=bench.listener(), **sent)


ALB_ROWS: list[tuple[str, Ask, int, str]] = [
    ("additional certificate twice", _twice, 400, "InvalidParameter certificate-twice"),
    (
        "no additional certificate",
        lambda bench: bench.alb(_ASSOCIATE, ListenerId=bench.listener(bench.certificate())),
        400,
        "MissingCertificates",
    ),
    *(
        (f"{action}, {word}", _expired(action, made), 400, "InvalidParameter expired-on-attach")
        for action in ("CreateListener", "UpdateListenerAttribute", _ASSOCIATE)
        for word, made in (("expired", material.make(days=-0.5)), ("not yet", material.make(begins=1)))
    ),
    ("one letter policy", policy("a"), 400, "InvalidParameter policy-name"),
    ("policy that begins with a dash", policy("-a"), 400, "InvalidParameter policy-name"),
    ("129 letter policy", policy("a" * 129), 400, "InvalidParameter policy-name"),
    ("128 letter policy", policy("a" * 128), 200, "ok"),
    ("Chinese policy", policy("策略 1.0_a-b"), 200, "ok"),
    ("no policy name", policy(""), 400, "MissingSecurityPolicyName"),
    ("no ciphers", policy(ciphers=""), 400, "MissingCiphers"),
    ("no versions", policy(versions=""), 400, "MissingTLSVersions"),
    ("unknown version", policy(versions="SSLv3"), 400, "InvalidParameter choice"),
    ("unknown cipher", policy(ciphers="RC4-MD5"), 400, "InvalidParameter cipher"),
    ("33 ciphers", policy(ciphers=" ".join(["AES128-SHA"] * 33)), 400, "InvalidParameter list-length"),
    ("cipher of TLS 1.2 for 1.1", policy(versions="TLSv1.0 TLSv1.1"), 400, "InvalidParameter cipher-version"),
    ("cipher of TLS 1.3 for 1.2", policy(ciphers=_GCM13), 400, "InvalidParameter cipher-version"),
    ("TLS 1.3 without its ciphers", policy(versions="TLSv1.2 TLSv1.3"), 400, "InvalidParameter cipher-tls13"),
    ("TLS 1.3 with one", policy(versions="TLSv1.2 TLSv1.3", ciphers=f"AES128-SHA256 {_GCM13}"), 200, "ok"),
    ("old cipher in all versions", policy(versions="TLSv1.0 TLSv1.1 TLSv1.2", ciphers="AES128-SHA"), 200, "ok"),
    ("ciphers alone", _half(switched=False), 400, "InvalidParameter policy-halves"),
    ("ciphers alone, by switch", _half(switched=True), 200, "ok"),
    ("own policy on Basic", _with_policy(BASIC), 400, "InvalidParameter policy-on-basic"),
    ("own policy on Standard", _with_policy(LOAD_BALANCER), 200, "ok"),
    ("policy of 2026", _new_system_policy(switched=False), 404, "ResourceNotFound.SecurityPolicy"),
    ("policy of 2026, by switch", _new_system_policy(switched=True), 200, "ok"),
    ("server group with odd name", _group(ServerGroupName="_x"), 400, "InvalidParameter server-group-name"),
    ("server group without VPC", _group(VpcId=None), 400, "InvalidParameter server-group-vpc"),
    ("function group without VPC", _group(VpcId=None, ServerGroupType="Fc"), 200, "ok"),
    ("server group, odd protocol", _group(Protocol="TCP"), 400, "InvalidParameter choice"),
    ("server group, gRPC", _group(Protocol="gRPC"), 200, "ok"),
    ("hash without value", _group(UchConfig__Type="QueryString"), 400, "InvalidParameter uch-config"),
    (
        "server group without health check",
        _group(HealthCheckConfig__HealthCheckEnabled=None),
        400,
        "MissingHealthCheckConfig.HealthCheckEnabled",
    ),
    ("tracing without TracingEnabled", _full_tracing, 400, "MissingAccessLogTracingConfig.TracingEnabled"),
    (
        "tags of everything",
        lambda bench: bench.alb("ListTagResources", ResourceType="loadbalancer"),
        400,
        "InvalidParameter tag-query",
    ),
    (
        "tag of a rule",
        lambda bench: bench.alb("ListTagResources", ResourceType="rule", ResourceId__1="x"),
        400,
        "InvalidParameter choice",
    ),
    ("alias with capitals", _alias("Subject"), 400, "InvalidParameter x-forwarded-for-alias"),
    ("alias of 41", _alias("a" * 41), 400, "InvalidParameter x-forwarded-for-alias"),
    ("alias of 40", _alias("a" * 40), 200, "ok"),
]
