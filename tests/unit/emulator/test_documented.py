# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each documented error of each ALB action, with the documented HTTP status: one row per action and code."""

from __future__ import annotations

import functools
import time
import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Account, Settings
from ansible_collections.alicloud.tls.tests.emulator.alb import ALB
from ansible_collections.alicloud.tls.tests.emulator.errors import CODES
from ansible_collections.alicloud.tls.tests.unit.emulator import documented, material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import RawClient, Reply
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import BASIC, LOAD_BALANCER, Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.rpc import RpcClient

Ask = Callable[[Bench], Reply]
_GROUP = "DefaultActions__1__ForwardGroupConfig__ServerGroupTuples__1__ServerGroupId"
_UPGRADE = "QuicConfig__QuicUpgradeEnabled"
_CIPHER = {"TLSVersions__1": "TLSv1.2", "Ciphers__1": "AES128-SHA256"}
_CREATE_GROUP = {
    "ServerGroupName": "new",
    "VpcId": "vpc-demo",
    "HealthCheckConfig__HealthCheckEnabled": False,
}
_ASSOCIATE = "AssociateAdditionalCertificatesWithListener"
_DISSOCIATE = "DissociateAdditionalCertificatesFromListener"
_LISTENER_WRITES = (
    "UpdateListenerAttribute",
    "DeleteListener",
    "StartListener",
    "StopListener",
    "UpdateListenerLogConfig",
    _ASSOCIATE,
    _DISSOCIATE,
)


@pytest.fixture
def settings() -> Settings:
    accounts = (Account("LTAI-emulator", "emulator-secret"), Account("LTAI-off", "off", active=False))
    return Settings(accounts=accounts, polls=0, strict_parameters=True, data_plane=False)


# --- parts of rows -----------------------------------------------------------------------------------------------


def _certificate(bench: Bench, number: int = 0) -> str:
    return bench.certificate(material.make(key_number=number), f"cert-{number}")


def _policy(bench: Bench) -> str:
    made = bench.alb("CreateSecurityPolicy", SecurityPolicyName="mine", **_CIPHER)
    return str(made.body["SecurityPolicyId"])


def _change(field: str, value: object, name: str = LOAD_BALANCER) -> t.Callable[[Bench], None]:
    return lambda bench: bench.emulator.do(lambda cloud: setattr(cloud.world.load_balancers[name], field, value))


def _busy(bench: Bench, *, otherwise: bool = False) -> None:
    bench.emulator.change_settings(polls=9, resource_in_configuring=otherwise)
    ((listener_id, listener),) = bench.emulator.world.listeners.items()
    action = "StartListener" if listener.stopped else "UpdateListenerAttribute"
    assert bench.alb(action, ListenerId=listener_id).code == "ok"


def _write(action: str, before: t.Callable[[Bench], None] | None = None, /, **parameters: object) -> Ask:
    """A write to an HTTPS listener that would go well, but for what is done before it."""

    def ask(bench: Bench) -> Reply:
        _change("log_project", "project")(bench)
        default, other = _certificate(bench), _certificate(bench, 1)
        listener_id = bench.listener(default)
        sent = dict(parameters)
        if action in (_ASSOCIATE, _DISSOCIATE):
            sent.setdefault("Certificates__1__CertificateId", other)
        if action == _DISSOCIATE:
            assert bench.alb(_ASSOCIATE, ListenerId=listener_id, Certificates__1__CertificateId=other).code == "ok"
        if action == "StartListener":
            bench.alb("StopListener", ListenerId=listener_id)
        if before is not None:
            before(bench)
        return bench.alb(action, **{"ListenerId": listener_id, **sent})

    return ask


def _create(**parameters: object) -> Ask:
    return lambda bench: bench.create(_certificate(bench), **parameters)


def _forwarded(action: str, group: str) -> Ask:
    """To a server group that does not fit."""
    if action == "CreateListener":
        return _create(**{_GROUP: group})
    sent = {"DefaultActions__1__Type": "ForwardGroup", _GROUP: group}
    return _write(action, **sent)


def _grpc(action: str) -> Ask:
    if action == "CreateListener":
        return _create(**{_GROUP: "sgp-grpc"}, Http2Enabled=False)
    return _write(action, DefaultActions__1__Type="ForwardGroup", **{_GROUP: "sgp-grpc"}, Http2Enabled=False)


def _http_to_https(action: str) -> Ask:
    def ask(bench: Bench) -> Reply:
        sent = {"DefaultActions__1__Type": "ForwardGroup", _GROUP: "sgp-https"}
        if action == "CreateListener":
            return bench.create(**sent)
        return bench.alb(action, ListenerId=bench.listener(), **sent)

    return ask


def _attached_too_often(action: str) -> Ask:
    def ask(bench: Bench) -> Reply:
        bench.emulator.change_settings(quota_listeners_per_policy=1)
        certificate, policy = _certificate(bench), _policy(bench)
        bench.listener(certificate, SecurityPolicyId=policy)
        if action == "CreateListener":
            return bench.create(certificate, ListenerPort=444, SecurityPolicyId=policy)
        second = bench.listener(certificate, ListenerPort=444)
        return bench.alb(action, ListenerId=second, SecurityPolicyId=policy)

    return ask


def _quic(action: str, *, elsewhere: bool = False, taken: bool = False) -> Ask:
    """QUIC upgrade to a listener that cannot be linked."""

    def ask(bench: Bench) -> Reply:
        certificate = _certificate(bench)
        balancer = BASIC if elsewhere else LOAD_BALANCER
        quic = bench.listener(certificate, ListenerProtocol="QUIC", LoadBalancerId=balancer)
        upgrade = {_UPGRADE: True, "QuicConfig__QuicListenerId": quic}
        if taken:
            bench.listener(certificate, ListenerPort=1, **upgrade)
        if action == "CreateListener":
            return bench.create(certificate, **upgrade)
        return bench.alb(action, ListenerId=bench.listener(certificate), **upgrade)

    return ask


def _twice(bench: Bench) -> Reply:
    certificate = _certificate(bench)
    bench.listener(certificate)
    return bench.create(certificate)


def _full(bench: Bench) -> Reply:
    bench.emulator.change_settings(quota_listeners=1)
    bench.listener()
    return bench.create(ListenerPort=81)


def _on_basic(block: str, flag: str) -> Ask:
    def ask(bench: Bench) -> Reply:
        group = bench.alb("CreateServerGroup", **_CREATE_GROUP, **{f"{block}__{flag}": True})
        return bench.create(LoadBalancerId=BASIC, **{_GROUP: group.body["ServerGroupId"]})

    return ask


def _used_quic(bench: Bench) -> Reply:
    certificate = _certificate(bench)
    quic = bench.listener(certificate, ListenerProtocol="QUIC")
    bench.listener(certificate, **{_UPGRADE: True}, QuicConfig__QuicListenerId=quic)
    return bench.alb("DeleteListener", ListenerId=quic)


def _no_load_balancer(bench: Bench) -> Reply:
    listener_id = bench.listener()
    bench.emulator.do(lambda cloud: cloud.world.load_balancers.pop(LOAD_BALANCER))
    return bench.alb("DeleteListener", ListenerId=listener_id)


def _additional_as_default(bench: Bench) -> Reply:
    default, other = _certificate(bench), _certificate(bench, 1)
    sent = {"ListenerId": bench.listener(default), "Certificates__1__CertificateId": other}
    assert bench.alb(_ASSOCIATE, **sent).code == "ok"
    return bench.alb("UpdateListenerAttribute", **sent)


def _to_http(action: str, **parameters: object) -> Ask:
    return lambda bench: bench.alb(action, ListenerId=bench.listener(), **parameters)


def _default(action: str) -> Ask:
    def ask(bench: Bench) -> Reply:
        default = _certificate(bench)
        sent = {"ListenerId": bench.listener(default), "Certificates__1__CertificateId": default}
        return bench.alb(action, **sent)

    return ask


def _default_gone(bench: Bench) -> Reply:
    bench.emulator.change_settings(delete_bound_certificates=True)
    default, other = _certificate(bench), _certificate(bench, 1)
    listener_id = bench.listener(default)
    assert bench.cas("DeleteUserCertificate", CertId=default.partition("-")[0]).code == "ok"
    return bench.alb(_ASSOCIATE, ListenerId=listener_id, Certificates__1__CertificateId=other)


def _associated_twice(bench: Bench) -> Reply:
    sent = {"ListenerId": bench.listener(_certificate(bench)), "Certificates__1__CertificateId": _certificate(bench, 1)}
    assert bench.alb(_ASSOCIATE, **sent).code == "ok"
    return bench.alb(_ASSOCIATE, **sent)


def _policy_busy(action: str) -> Ask:
    def ask(bench: Bench) -> Reply:
        policy = _policy(bench)
        bench.emulator.change_settings(polls=9)
        bench.alb("UpdateSecurityPolicyAttribute", SecurityPolicyId=policy, SecurityPolicyName="renamed")
        return bench.alb(action, SecurityPolicyId=policy)

    return ask


def _policy_used(bench: Bench) -> Reply:
    policy = _policy(bench)
    bench.listener(_certificate(bench), SecurityPolicyId=policy)
    return bench.alb("DeleteSecurityPolicy", SecurityPolicyId=policy)


def _quota(name: str, ask: Ask) -> Ask:
    def quota(bench: Bench) -> Reply:
        bench.emulator.change_settings(**{name: 0})
        return ask(bench)

    return quota


def _tag(action: str, kind: str) -> Ask:
    tag = {"Tag__1__Key": "k"} if action == "TagResources" else {}
    return lambda bench: bench.alb(action, ResourceType=kind, ResourceId__1="none", **tag)


def _group(**parameters: object) -> Ask:
    return lambda bench: bench.alb("CreateServerGroup", **{**_CREATE_GROUP, **parameters})


def _dry(action: str) -> Ask:
    if action == "CreateListener":
        return _create(DryRun=True)
    if action == "CreateServerGroup":
        return _group(DryRun="TRUE")
    if action == "CreateSecurityPolicy":
        return lambda bench: bench.alb(action, SecurityPolicyName="mine", **_CIPHER, DryRun=True)
    if "SecurityPolicy" in action:
        return lambda bench: bench.alb(action, SecurityPolicyId=_policy(bench), DryRun=True)
    return _write(action, DryRun=True)


def _raw(**changes: t.Any) -> Ask:
    return lambda bench: RawClient(bench.emulator.endpoint, **changes).call("ListListeners")


def _rpc(**changes: t.Any) -> Ask:
    return lambda bench: RpcClient(bench.emulator.endpoint, common=changes).call("ListListeners")


def _nonce_twice(bench: Bench) -> Reply:
    raw = RawClient(bench.emulator.endpoint, headers={"x-acs-signature-nonce": "n"})
    raw.call("ListListeners")
    return raw.call("ListListeners")


# --- the rows ----------------------------------------------------------------------------------------------------

_STALE = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(0))
ROWS: dict[tuple[str, str], Ask] = {
    ("gateway", "Missing<Param>"): lambda bench: bench.alb("GetListenerAttribute"),
    ("gateway", "Invalid<Param>"): lambda bench: bench.alb("ListListeners", MaxResults="x"),
    ("gateway", "InvalidParameter.Format"): _rpc(Format="XML"),
    ("gateway", "InvalidAccessKeyId.Inactive"): _raw(access_key_id="LTAI-off", secret="off"),
    ("gateway", "InvalidAccessKeyId.NotFound"): _raw(access_key_id="LTAI-no"),
    ("gateway", "SignatureDoesNotMatch"): _raw(secret="no"),
    ("gateway", "IncompleteSignature"): lambda bench: bench.raw.call("ListListeners", authorization="x"),
    ("gateway", "InvalidTimeStamp.Format"): _raw(headers={"x-acs-date": "x"}),
    ("gateway", "InvalidTimeStamp.Expired"): _raw(headers={"x-acs-date": _STALE}),
    ("gateway", "SignatureNonceUsed"): _nonce_twice,
    ("gateway", "InvalidSignatureMethod"): _rpc(SignatureMethod="MD5"),
    ("gateway", "UnsupportedHTTPMethod"): lambda bench: bench.raw.call("ListListeners", method="PUT"),
    ("gateway", "InvalidAction.NotFound"): lambda bench: bench.alb("NoSuchAction"),
    ("CreateListener", "ResourceAlreadyExist.Listener"): _twice,
    ("CreateListener", "IncorrectStatus.LoadBalancer"): lambda bench: (
        _change("status", "Configuring")(bench),
        bench.create(),
    )[1],
    ("CreateListener", "IncorrectBusinessStatus.LoadBalancer"): lambda bench: (
        _change("business_status", "Abnormal")(bench),
        bench.create(),
    )[1],
    ("CreateListener", "ResourceQuotaExceeded.LoadBalancerListenersNum"): _full,
    ("CreateListener", "InvalidParameter"): _create(ListenerPort=0),
    ("CreateListener", "Mismatch.LoadBalancerEditionAndConnectionDrain"): _on_basic(
        "ConnectionDrainConfig", "ConnectionDrainEnabled"
    ),
    ("CreateListener", "Mismatch.LoadBalancerEditionAndSlowStartEnable"): _on_basic(
        "SlowStartConfig", "SlowStartEnabled"
    ),
    ("CreateListener", "ResourceNotFound.LoadBalancer"): _create(LoadBalancerId="alb-no"),
    ("CreateListener", "ResourceNotFound.SecurityPolicy"): _create(SecurityPolicyId="sp-no"),
    ("CreateListener", "ResourceNotFound.Listener"): _create(**{_UPGRADE: True}, QuicConfig__QuicListenerId="lsn-no"),
    ("CreateListener", "ResourceNotFound.Certificate"): _create(Certificates__1__CertificateId="1-cn-hangzhou"),
    ("UpdateListenerAttribute", "InvalidParameter"): _write("UpdateListenerAttribute", IdleTimeout=0),
    ("UpdateListenerAttribute", "ResourceAlreadyAssociated.Certificate"): _additional_as_default,
    ("UpdateListenerAttribute", "ResourceNotFound.SecurityPolicy"): _write(
        "UpdateListenerAttribute", SecurityPolicyId="sp-no"
    ),
    ("UpdateListenerAttribute", "ResourceNotFound.Certificate"): _write(
        "UpdateListenerAttribute", Certificates__1__CertificateId="1-cn-hangzhou"
    ),
    ("DeleteListener", "ResourceInUse.Listener"): _used_quic,
    ("DeleteListener", "ResourceNotFound.LoadBalancer"): _no_load_balancer,
    ("UpdateListenerLogConfig", "OperationDenied.AccessLogDisabled"): _to_http("UpdateListenerLogConfig"),
    ("ListListenerCertificates", "OperationDenied.HttpListenerNotSupport"): _to_http("ListListenerCertificates"),
    (_ASSOCIATE, "OperationDenied.HttpListenerNotSupport"): _to_http(_ASSOCIATE, Certificates__1__CertificateId="1"),
    (_DISSOCIATE, "OperationDenied.HttpListenerNotSupport"): _to_http(_DISSOCIATE, Certificates__1__CertificateId="1"),
    (_ASSOCIATE, "OperationDenied.DefaultCertificateUsed"): _default(_ASSOCIATE),
    (_DISSOCIATE, "OperationDenied.DefaultCertificateUsed"): _default(_DISSOCIATE),
    (_ASSOCIATE, "OperationFailed.DefaultCertificateNotFound"): _default_gone,
    (_ASSOCIATE, "ResourceAlreadyAssociated.Certificate"): _associated_twice,
    (_ASSOCIATE, "ResourceQuotaExceeded.LoadBalancerCertificatesNum"): _quota(
        "quota_certificates_standard", _write(_ASSOCIATE)
    ),
    (_ASSOCIATE, "InvalidParameter"): _write(
        _ASSOCIATE, **{f"Certificates__{number}__CertificateId": number for number in range(1, 17)}
    ),
    (_ASSOCIATE, "ResourceNotFound.Certificate"): _write(_ASSOCIATE, Certificates__1__CertificateId="1-cn-hangzhou"),
    (_DISSOCIATE, "ResourceNotAssociated.Certificate"): _write(_DISSOCIATE, Certificates__1__CertificateId="1"),
    ("CreateSecurityPolicy", "QuotaExceeded.SecurityPoliciesNum"): _quota(
        "quota_security_policies",
        lambda bench: bench.alb("CreateSecurityPolicy", SecurityPolicyName="mine", **_CIPHER),
    ),
    ("DeleteSecurityPolicy", "ResourceInUse.SecurityPolicy"): _policy_used,
    ("ListSecurityPolicyRelations", "ResourceNotFound.SecurityPolicy"): lambda bench: bench.alb(
        "ListSecurityPolicyRelations", SecurityPolicyIds__1="sp-no"
    ),
    ("GetLoadBalancerAttribute", "ResourceNotFound.LoadBalancer"): lambda bench: bench.alb(
        "GetLoadBalancerAttribute", LoadBalancerId="alb-no"
    ),
    ("CreateServerGroup", "QuotaExceeded.ServerGroupsNum"): _quota("quota_server_groups", _group()),
    ("CreateServerGroup", "QuotaExceeded.SlowStartDuration"): _group(SlowStartConfig__SlowStartDuration=901),
    ("CreateServerGroup", "QuotaExceeded.ConnectionDrainTimeout"): _group(
        ConnectionDrainConfig__ConnectionDrainTimeout=901
    ),
    ("CreateServerGroup", "Mismatch.ServerGroupSchedulerAndSlowStartEnable"): _group(
        SlowStartConfig__SlowStartEnabled=True, Scheduler="Wlc"
    ),
    ("CreateServerGroup", "UnsupportedFeature.SlowStart"): _group(
        SlowStartConfig__SlowStartEnabled=True, ServerGroupType="Fc"
    ),
    ("CreateServerGroup", "UnsupportedFeature.ConnectionDrain"): _group(
        ConnectionDrainConfig__ConnectionDrainEnabled=True, ServerGroupType="Fc"
    ),
    ("CreateServerGroup", "NotExist.ResourceGroup"): _group(ResourceGroupId="rg-no"),
    ("CreateServerGroup", "OperationDenied.VpcNotSupportIpv6"): _group(Ipv6Enabled=True),
    ("CreateServerGroup", "ResourceNotFound.Vpc"): _group(VpcId="vpc-no"),
}


def _repeated() -> t.Iterator[tuple[tuple[str, str], Ask]]:
    """Rows that are the same for several actions."""
    for action in ("CreateListener", "UpdateListenerAttribute"):
        yield (action, "OperationDenied.CrossLoadBalancerQUICListener"), _quic(action, elsewhere=True)
        yield (action, "ResourceAlreadyAssociated.Listener"), _quic(action, taken=True)
        yield (action, "OperationDenied.ServerGroupProtocolNotSupport"), _http_to_https(action)
        yield (action, "OperationDenied.GRPCServerGroup"), _grpc(action)
        yield (action, "Mismatch.VpcId"), _forwarded(action, "sgp-other-vpc")
        yield (action, "ResourceNotFound.ServerGroup"), _forwarded(action, "sgp-no")
        yield (action, "ResourceQuotaExceeded.SecurityPolicyAttachedNum"), _attached_too_often(action)
    for action in _LISTENER_WRITES:
        yield (action, "IncorrectStatus.Listener"), _write(action, _busy)
        yield (action, "ResourceInConfiguring.Listener"), _write(action, functools.partial(_busy, otherwise=True))
        yield (action, "IncorrectStatus.LoadBalancer"), _write(action, _change("status", "Configuring"))
        yield (action, "IncorrectBusinessStatus.LoadBalancer"), _write(action, _change("business_status", "Abnormal"))
    for action in ("GetListenerAttribute", "ListListenerCertificates", *_LISTENER_WRITES):
        yield (action, "ResourceNotFound.Listener"), _write(action, ListenerId="lsn-no")
    for action in ("UpdateSecurityPolicyAttribute", "DeleteSecurityPolicy"):
        yield (action, "IncorrectStatus.SecurityPolicy"), _policy_busy(action)
        yield (action, "ResourceNotFound.SecurityPolicy"), _write(action, SecurityPolicyId="sp-no", ListenerId=None)
    for action in ("TagResources", "UnTagResources", "ListTagResources"):
        for name in ("Acl", "LoadBalancer", "SecurityPolicy", "ServerGroup"):
            yield (action, f"ResourceNotFound.{name}"), _tag(action, name.lower())
    for action, each in ALB.actions.items():
        if "DryRun" in each.parameters:
            yield (action, "DryRunOperation"), _dry(action)


ROWS.update(_repeated())
_DOCUMENTED = {
    (action, code): status
    for action, table in (("gateway", documented.GATEWAY), *documented.ALB.items())
    for status, codes in table.items()
    for code in codes
}


def _not_modelled(action: str, code: str) -> bool:
    return bool({(action, code), ("*", code)} & set(documented.NOT_MODELLED))


@pytest.mark.parametrize(("action", "code"), ROWS, ids=" ".join)
def test_refusal(bench: Bench, action: str, code: str) -> None:
    groups = [
        {"server_group_id": "sgp-other-vpc", "vpc_id": "vpc-other"},
        {"server_group_id": "sgp-grpc", "protocol": "GRPC"},
        {"server_group_id": "sgp-https", "protocol": "HTTPS"},
    ]
    bench.emulator.seed({"server_groups": groups})
    reply = ROWS[action, code](bench)
    if action != "gateway":
        assert bench.emulator.calls[-1].action == action
    expected = {"Missing<Param>": "MissingListenerId", "Invalid<Param>": "InvalidMaxResults"}.get(code, code)
    # What the tables have in common with what is only said elsewhere is 400.
    assert (reply.status, reply.code) == (_DOCUMENTED.get((action, code), 400), expected), reply.body
    assert "%" not in reply.body["Message"]
    assert bench.emulator.calls[-1].rule == "" or code == "InvalidParameter"


def test_each_documented_code_has_a_row_or_a_reason() -> None:
    assert set(documented.ALB) == set(ALB.actions)
    assert {pair for pair in _DOCUMENTED if pair not in ROWS and not _not_modelled(*pair)} == set()
    assert {pair for pair in ROWS if _not_modelled(*pair)} == set()


def test_reasons_are_for_documented_codes() -> None:
    for action, code in documented.NOT_MODELLED:
        assert any(code == each and action in ("*", where) for where, each in _DOCUMENTED), (action, code)
        assert action != "*" or code not in CODES


def test_each_code_of_the_emulator_is_documented_or_of_the_other_product() -> None:
    known = {code for _action, code in _DOCUMENTED} | {code for _action, code in ROWS}
    assert set(CODES) - known == {"InvalidVersion"} | CAS_CODES


CAS_CODES = {code for code, each in CODES.items() if any("\u4e00" <= letter <= "\u9fff" for letter in each.template)}
"""Its messages are Chinese."""
