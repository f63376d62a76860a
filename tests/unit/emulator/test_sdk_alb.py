# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each ALB action through the official Python SDK, and the fields of its answers against those of the SDK."""

from __future__ import annotations

import inspect
import re
import typing as t
from dataclasses import dataclass

import pytest
from alibabacloud_alb20200616 import models
from alibabacloud_alb20200616.client import Client
from alibabacloud_tea_openapi.models import Config
from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.emulator.alb import ALB
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import LOAD_BALANCER, SERVER_GROUP, Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.test_sdk import assert_contains

Parameters = dict[str, t.Any]
_TAG = [{"Key": "env", "Value": "test"}]
_FORWARD = [{"Type": "ForwardGroup", "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": SERVER_GROUP}]}}]


@pytest.fixture
def settings() -> Settings:
    return Settings(polls=0, strict_parameters=True, data_plane=False)


@dataclass(frozen=True)
class Scene:
    """One of everything, with every field filled."""

    listener: str
    stopped: str
    policy: str
    free_policy: str
    certificates: tuple[str, ...]

    @classmethod
    def made(cls, bench: Bench) -> Scene:
        server = {"server_id": "i-1", "server_ip": "192.168.0.1"}
        group = {"server_group_id": "sgp-1", "tags": {"a": "b"}, "servers": [server]}
        group["options"] = {
            "HealthCheckConfig": {"HealthCheckEnabled": True, "HealthCheckCodes": ["http_2xx"]},
            "UchConfig": {"Type": "QueryString", "Value": "id"},
        }
        bench.emulator.seed({"ca_certificates": [{"identifier": "ca-1"}], "server_groups": [group]})
        bench.emulator.do(lambda cloud: _with_access_log(cloud.world.load_balancers[LOAD_BALANCER]))
        policy = {"SecurityPolicyName": "mine", "TLSVersions__1": "TLSv1.2", "Ciphers__1": "AES128-SHA256"}
        policies = [bench.alb("CreateSecurityPolicy", **policy).body["SecurityPolicyId"] for _number in range(2)]
        certificates = tuple(
            bench.certificate(material.make(key_number=number), f"cert-{number}") for number in range(3)
        )
        quic = bench.listener(certificates[0], ListenerProtocol="QUIC", ListenerPort=8443)
        listener = bench.listener(
            certificates[0],
            SecurityPolicyId=policies[0],
            CaEnabled=True,
            CaCertificates__1__CertificateId="ca-1",
            QuicConfig__QuicUpgradeEnabled=True,
            QuicConfig__QuicListenerId=quic,
            Tag__1__Key="env",
            Tag__1__Value="test",
            XForwardedForConfig__XForwardedForClientSourceIpsTrusted="10.0.0.0/8",
            **{
                f"XForwardedForConfig__XForwardedForClientCert{name}Alias": "alias"
                for name in ("SubjectDN", "IssuerDN", "Fingerprint", "ClientVerify")
            },
        )
        log = {"TracingEnabled": True, "TracingSample": 100, "TracingType": "Zipkin"}
        traced = {f"AccessLogTracingConfig__{name}": value for name, value in log.items()}
        for action, sent in (
            ("UpdateListenerLogConfig", traced),
            ("AssociateAdditionalCertificatesWithListener", {"Certificates__1__CertificateId": certificates[1]}),
        ):
            assert bench.alb(action, ListenerId=listener, **sent).code == "ok"
        stopped = bench.listener()
        assert bench.alb("StopListener", ListenerId=stopped).code == "ok"
        for kind, name in (("securitypolicy", policies[0]), ("loadbalancer", LOAD_BALANCER)):
            sent = {"ResourceId__1": name, "ResourceType": kind, "Tag__1__Key": "env"}
            assert bench.alb("TagResources", **sent).code == "ok"
        return cls(listener, stopped, policies[0], policies[1], certificates)


def _with_access_log(load_balancer: t.Any) -> None:
    load_balancer.log_project, load_balancer.log_store = "project", "store"


def _ids(*names: str) -> list[dict[str, str]]:
    return [{"CertificateId": name} for name in names]


CALLS: dict[str, t.Callable[[Scene], Parameters]] = {
    "CreateListener": lambda _scene: {
        "LoadBalancerId": LOAD_BALANCER,
        "ListenerProtocol": "HTTP",
        "ListenerPort": 81,
        "DefaultActions": _FORWARD,
        "GzipEnabled": False,
        "Tag": _TAG,
    },
    "UpdateListenerAttribute": lambda scene: {
        "ListenerId": scene.listener,
        "Certificates": _ids(scene.certificates[2]),
    },
    "DeleteListener": lambda scene: {"ListenerId": scene.listener},
    "StartListener": lambda scene: {"ListenerId": scene.stopped},
    "StopListener": lambda scene: {"ListenerId": scene.listener},
    "UpdateListenerLogConfig": lambda scene: {
        "ListenerId": scene.listener,
        "AccessLogTracingConfig": {"TracingEnabled": False},
    },
    "GetListenerAttribute": lambda scene: {"ListenerId": scene.listener},
    "ListListeners": lambda _scene: {"Tag": _TAG},
    "ListListenerCertificates": lambda scene: {"ListenerId": scene.listener},
    "AssociateAdditionalCertificatesWithListener": lambda scene: {
        "ListenerId": scene.listener,
        "Certificates": _ids(scene.certificates[2]),
    },
    "DissociateAdditionalCertificatesFromListener": lambda scene: {
        "ListenerId": scene.listener,
        "Certificates": _ids(scene.certificates[1]),
    },
    "CreateSecurityPolicy": lambda _scene: {
        "SecurityPolicyName": "new",
        "TLSVersions": ["TLSv1.3"],
        "Ciphers": ["TLS_AES_128_GCM_SHA256"],
        "Tag": _TAG,
    },
    "UpdateSecurityPolicyAttribute": lambda scene: {"SecurityPolicyId": scene.policy, "SecurityPolicyName": "renamed"},
    "DeleteSecurityPolicy": lambda scene: {"SecurityPolicyId": scene.free_policy},
    "ListSecurityPolicies": lambda scene: {"SecurityPolicyIds": [scene.policy]},
    "ListSystemSecurityPolicies": lambda _scene: {},
    "ListSecurityPolicyRelations": lambda scene: {"SecurityPolicyIds": [scene.policy]},
    "GetLoadBalancerAttribute": lambda _scene: {"LoadBalancerId": LOAD_BALANCER},
    "ListLoadBalancers": lambda _scene: {"LoadBalancerIds": [LOAD_BALANCER]},
    "ListServerGroups": lambda _scene: {"ServerGroupIds": ["sgp-1"]},
    "ListServerGroupServers": lambda _scene: {"ServerGroupId": "sgp-1"},
    "CreateServerGroup": lambda _scene: {
        "ServerGroupName": "new",
        "VpcId": "vpc-demo",
        "HealthCheckConfig": {"HealthCheckEnabled": True, "HealthCheckCodes": ["http_2xx"]},
        "StickySessionConfig": {"StickySessionEnabled": True},
    },
    "ListAsynJobs": lambda scene: {"ResourceIds": [scene.listener]},
    "TagResources": lambda scene: {"ResourceId": [scene.listener], "ResourceType": "listener", "Tag": _TAG},
    "UnTagResources": lambda scene: {"ResourceId": [scene.listener], "ResourceType": "listener", "TagKey": ["env"]},
    "ListTagResources": lambda _scene: {"ResourceType": "listener", "Tag": _TAG},
    "DescribeRegions": lambda _scene: {"AcceptLanguage": "en-US"},
}
NEVER_ANSWERED: dict[str, set[str]] = {
    "GetListenerAttribute": {"AclConfig.*"},
    "GetLoadBalancerAttribute": {
        "BandwidthPackageId",
        "DeletionProtectionConfig.EnabledTime",
        "Ipv6AddressType",
        "LoadBalancerOperationLocks.N.*",
        "ModificationProtectionConfig.Reason",
        "SecurityGroupIds.N",
        "ZoneMappings.N.LoadBalancerAddresses.N.*",
    },
    "ListLoadBalancers": {
        "LoadBalancers.N.BandwidthPackageId",
        "LoadBalancers.N.DeletionProtectionConfig.EnabledTime",
        "LoadBalancers.N.Ipv6AddressType",
        "LoadBalancers.N.LoadBalancerOperationLocks.N.*",
        "LoadBalancers.N.ModificationProtectionConfig.Reason",
        "LoadBalancers.N.SecurityGroupIds.N",
    },
    "ListServerGroups": {
        "ServerGroups.N.ConnectionDrainConfig.*",
        "ServerGroups.N.HealthCheckConfig.*",
        "ServerGroups.N.IpVersionAffinityMode",
        "ServerGroups.N.RelatedLoadBalancerIds.N",
        "ServerGroups.N.ServiceName",
        "ServerGroups.N.SlowStartConfig.*",
        "ServerGroups.N.StickySessionConfig.*",
    },
}
"""What the SDK knows and these answers do not have: never, or not without cause. * stands for some names."""


def test_each_action_is_called() -> None:
    assert set(CALLS) == set(ALB.actions)


@pytest.mark.parametrize("action", CALLS)
def test_answer_has_the_fields_of_the_sdk(bench: Bench, action: str) -> None:
    reply = bench.raw.call(action, dict(_flat(CALLS[action](Scene.made(bench)))))
    assert reply.code == "ok", reply.body
    model = getattr(models, f"{action}ResponseBody")
    assert_contains(model().from_map(reply.body).to_map(), reply.body, action)
    allowed = NEVER_ANSWERED.get(action, set())
    absent = _declared(model) - {re.sub(r"\.\d+", ".N", name) for name, _value in _flat(reply.body)}
    patterns = [re.compile(re.escape(each).replace(r"\*", ".*")) for each in allowed]
    unexplained = {name for name in absent if not any(pattern.fullmatch(name) for pattern in patterns)}
    assert not unexplained
    assert all(any(pattern.fullmatch(name) for name in absent) for pattern in patterns), "a line too many"


@pytest.mark.parametrize("action", CALLS)
def test_action_through_the_sdk(bench: Bench, action: str) -> None:
    parameters = CALLS[action](Scene.made(bench))
    config = Config(
        access_key_id="LTAI-emulator",
        access_key_secret="emulator-secret",
        endpoint=bench.emulator.endpoint,
        protocol="HTTP",
    )
    method = getattr(Client(config), re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower())
    request = getattr(models, f"{action}Request", None)
    response = method() if request is None else method(request().from_map(parameters))
    assert response.status_code == 200
    assert response.body.request_id
    call = bench.emulator.calls[-1]
    assert (call.action, call.code) == (action, "")
    assert {name for name, _value in _flat(parameters)} == set(call.parameters)


def _flat(value: t.Any, prefix: str = "") -> t.Iterator[tuple[str, t.Any]]:
    """As parameters travel."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{prefix}.{number}")
    else:
        yield prefix, value


def _declared(model: type[t.Any], prefix: str = "") -> set[str]:
    """All names that a model of the SDK can hold, from the generated code of its from_map()."""
    names: set[str] = set()
    for name, block in re.findall(r"if m\.get\('(\w+)'\) is not None:\n((?:            .*\n|\n)+)", _source(model)):
        inner = re.search(r"main_models\.(\w+)\(\)", block)
        number = ".N" if "for k" in block or "append" in block else ""
        if inner:
            names |= _declared(getattr(models, inner.group(1)), f"{prefix}{name}{number}.")
        else:
            attribute = re.search(r"self\.(\w+) = m\.get", block)
            assert attribute, (model, name)
            listed = "List[" in str(inspect.signature(model).parameters[attribute.group(1)].annotation)
            names.add(f"{prefix}{name}{'.N' if listed else ''}")
    return names


def _source(model: type[t.Any]) -> str:
    return inspect.getsource(model.from_map) + "\n"
