# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Additional certificates, start and stop, logs, TLS policies, server groups, tags, regions."""

from __future__ import annotations

import contextlib
import socket
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import Reply
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import BASIC, LOAD_BALANCER, SERVER_GROUP, Bench

_ASSOCIATE = "AssociateAdditionalCertificatesWithListener"
_DISSOCIATE = "DissociateAdditionalCertificatesFromListener"
_CIPHER = {"TLSVersions__1": "TLSv1.2", "Ciphers__1": "AES128-SHA256"}


@pytest.fixture
def settings() -> Settings:
    return Settings(strict_parameters=True, data_plane=False)


def _certificates(bench: Bench, count: int) -> list[str]:
    return [bench.certificate(material.make(key_number=each), f"cert-{each}") for each in range(count)]


def _call(bench: Bench, action: str, listener_id: str, *ids: str, **parameters: object) -> Reply:
    sent = {f"Certificates__{number}__CertificateId": each for number, each in enumerate(ids, 1)}
    return bench.alb(action, ListenerId=listener_id, **sent, **parameters)


def _rows(bench: Bench, listener_id: str) -> list[tuple[str, bool, str]]:
    body = bench.alb("ListListenerCertificates", ListenerId=listener_id, CertificateType="Server").body
    return [(each["CertificateId"], each["IsDefault"], each["Status"]) for each in body["Certificates"]]


def _job(bench: Bench, reply: Reply) -> dict[str, t.Any]:
    assert reply.code == "ok", reply.body
    (job,) = bench.alb("ListAsynJobs", JobIds__1=reply.body["JobId"]).body["Jobs"]
    return dict(job)


# --- additional certificates -------------------------------------------------------------------------------------


def test_additional_certificate_comes_and_goes(bench: Bench) -> None:
    default, first, second = _certificates(bench, 3)
    listener_id = bench.listener(default)
    # The bare number is taken, and comes back with its suffix.
    associated = _call(bench, _ASSOCIATE, listener_id, first, second.partition("-")[0])
    assert _rows(bench, listener_id) == [
        (default, True, "Associated"),
        (first, False, "Associating"),
        (second, False, "Associating"),
    ]
    job = _job(bench, associated)
    assert (job["Status"], job["OperateType"], job["ResourceType"]) == ("Succeeded", "Update", "listener")
    assert [status for _id, _default, status in _rows(bench, listener_id)] == ["Associated"] * 3
    assert bench.get(listener_id)["Certificates"] == [{"CertificateId": default}]
    dissociated = _call(bench, _DISSOCIATE, listener_id, first)
    assert (first, False, "Dissociating") in _rows(bench, listener_id)
    assert _job(bench, dissociated)["Status"] == "Succeeded"
    assert _rows(bench, listener_id) == [(default, True, "Associated"), (second, False, "Associated")]


def test_listener_is_configuring_meanwhile_and_refuses(bench: Bench) -> None:
    default, first = _certificates(bench, 2)
    listener_id = bench.listener(default)
    bench.emulator.change_settings(polls=3)
    assert _call(bench, _ASSOCIATE, listener_id, first).code == "ok"
    refused = _call(bench, _DISSOCIATE, listener_id, first)
    assert refused.body["Message"] == f"The status of {listener_id} [Configuring] is incorrect."
    assert bench.get(listener_id)["ListenerStatus"] == "Configuring"
    assert bench.get(listener_id)["ListenerStatus"] == "Running"


@pytest.mark.parametrize("action", [_ASSOCIATE, _DISSOCIATE])
def test_failed_job_leaves_certificates_as_they_were(bench: Bench, action: str) -> None:
    default, first, second = _certificates(bench, 3)
    listener_id = bench.listener(default)
    _call(bench, _ASSOCIATE, listener_id, first)
    bench.emulator.settle()
    before = _rows(bench, listener_id)
    bench.emulator.fault(action, kind="job_failed", code="506", message="No")
    reply = _call(bench, action, listener_id, second if action == _ASSOCIATE else first)
    bench.emulator.settle()
    job = _job(bench, reply)
    assert (job["Status"], job["ErrorCode"], job["ErrorMessage"]) == ("Failed", "506", "No")
    assert _rows(bench, listener_id) == before


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True, data_plane=False)])
def test_one_bad_certificate_spoils_the_call(bench: Bench) -> None:
    default, first = _certificates(bench, 2)
    listener_id = bench.listener(default)
    assert _call(bench, _ASSOCIATE, listener_id, first, "1-cn-hangzhou").code == "ResourceNotFound.Certificate"
    assert len(_rows(bench, listener_id)) == 1
    assert _call(bench, _ASSOCIATE, listener_id, first).code == "ok"
    assert _call(bench, _DISSOCIATE, listener_id, first, "1-cn-hangzhou").code == "ResourceNotAssociated.Certificate"
    assert len(_rows(bench, listener_id)) == 2


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True, data_plane=False)])
def test_bare_number_is_not_dissociated(bench: Bench) -> None:
    default, first = _certificates(bench, 2)
    listener_id = bench.listener(default)
    _call(bench, _ASSOCIATE, listener_id, first)
    number = first.partition("-")[0]
    refused = _call(bench, _DISSOCIATE, listener_id, number)
    assert (refused.status, refused.code) == (400, "ResourceNotAssociated.Certificate")
    assert refused.body["Message"] == f"The specified resource {number} is not associated."
    assert _call(bench, _DISSOCIATE, listener_id, default.partition("-")[0]).code == refused.code


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True, data_plane=False)])
def test_swap_of_default_and_additional(bench: Bench) -> None:
    old, new = _certificates(bench, 2)
    listener_id = bench.listener(old)
    assert _call(bench, _ASSOCIATE, listener_id, new).code == "ok"
    refused = _call(bench, "UpdateListenerAttribute", listener_id, new)
    assert (refused.status, refused.code) == (400, "ResourceAlreadyAssociated.Certificate")
    assert _call(bench, _ASSOCIATE, listener_id, old).code == "OperationDenied.DefaultCertificateUsed"
    # The safe way:
    for action, certificate in ((_DISSOCIATE, new), ("UpdateListenerAttribute", new), (_ASSOCIATE, old)):
        assert _call(bench, action, listener_id, certificate).code == "ok"
    assert _rows(bench, listener_id) == [(new, True, "Associated"), (old, False, "Associated")]
    # By switch at once; the old default is gone then.
    bench.emulator.change_settings(default_from_additional=True)
    assert _call(bench, "UpdateListenerAttribute", listener_id, old).code == "ok"
    assert _rows(bench, listener_id) == [(old, True, "Associated")]


def test_failed_swap_changes_nothing(bench: Bench) -> None:
    old, new = _certificates(bench, 2)
    bench.emulator.change_settings(default_from_additional=True)
    listener_id = bench.listener(old)
    _call(bench, _ASSOCIATE, listener_id, new)
    bench.emulator.settle()
    bench.emulator.fault("UpdateListenerAttribute", kind="job_failed", code="506")
    assert _call(bench, "UpdateListenerAttribute", listener_id, new).code == "ok"
    bench.emulator.settle()
    assert _rows(bench, listener_id) == [(old, True, "Associated"), (new, False, "Associated")]


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True, data_plane=False)])
@pytest.mark.parametrize(("load_balancer", "quota"), [(BASIC, 10), (LOAD_BALANCER, 25)])
def test_quota_counts_the_same_certificate_twice_and_no_default(bench: Bench, load_balancer: str, quota: int) -> None:
    default, *others = _certificates(bench, 16)
    first, second = (bench.listener(default, LoadBalancerId=load_balancer, ListenerPort=port) for port in (443, 444))
    here = min(quota, 15)
    assert _call(bench, _ASSOCIATE, first, *others[:here]).code == "ok"
    left = quota - here
    if left:
        assert _call(bench, _ASSOCIATE, second, *others[:left]).code == "ok"
    refused = _call(bench, _ASSOCIATE, second, others[14])
    assert refused.code == "ResourceQuotaExceeded.LoadBalancerCertificatesNum"
    edition = "basic" if load_balancer == BASIC else "standard"
    assert refused.body["Message"] == (
        f"The quota of alb_quota_loadbalancer_certificates_num_{edition}_edition is exceeded"
        f" for resource {load_balancer}, usage {quota}/{quota}."
    )
    assert _call(bench, _DISSOCIATE, first, others[0]).code == "ok"
    assert _call(bench, _ASSOCIATE, second, others[14]).code == "ok"
    bench.emulator.change_settings(quota_certificates_basic=11, quota_certificates_standard=26)
    assert _call(bench, _ASSOCIATE, first, others[0]).code == "ok"


def test_bound_as_additional_is_bound(bench: Bench) -> None:
    default, first = _certificates(bench, 2)
    listener_id = bench.listener(default)
    _call(bench, _ASSOCIATE, listener_id, first)
    assert bench.cas("DeleteUserCertificate", CertId=first.partition("-")[0]).code == "InvalidParameter"
    assert bench.alb("DeleteListener", ListenerId=listener_id).code == "ok"
    bench.emulator.settle()
    assert bench.cas("DeleteUserCertificate", CertId=first.partition("-")[0]).code == "ok"


def test_certificates_in_pages(bench: Bench) -> None:
    default, *others = _certificates(bench, 5)
    listener_id = bench.listener(default)
    _call(bench, _ASSOCIATE, listener_id, *others)
    seen: list[str] = []
    token = None
    for expected in (2, 2, 1):
        body = bench.alb("ListListenerCertificates", ListenerId=listener_id, MaxResults=2, NextToken=token).body
        assert (len(body["Certificates"]), body["TotalCount"], body["MaxResults"]) == (expected, 5, 2)
        seen += [each["CertificateId"] for each in body["Certificates"]]
        token = body["NextToken"]
    assert (seen, token) == ([default, *others], "")


# --- start, stop, logs -------------------------------------------------------------------------------------------


def test_stop_and_start(bench: Bench) -> None:
    listener_id = bench.listener()
    stopping = bench.alb("StopListener", ListenerId=listener_id)
    assert bench.get(listener_id)["ListenerStatus"] == "Configuring"
    assert _job(bench, stopping)["ApiName"] == "StopListener"
    assert bench.get(listener_id)["ListenerStatus"] == "Stopped"
    starting = bench.alb("StartListener", ListenerId=listener_id)
    assert bench.get(listener_id)["ListenerStatus"] == "Configuring"
    assert _job(bench, starting)["Status"] == "Succeeded"
    assert bench.get(listener_id)["ListenerStatus"] == "Running"


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True)])
def test_stopped_listener_does_not_listen(bench: Bench) -> None:
    listener_id = bench.listener()

    def listens() -> bool:
        for row in bench.emulator.data_plane():
            with contextlib.suppress(OSError), socket.create_connection((row["address"], row["port"]), timeout=1):
                return True
        return False

    assert listens()
    bench.emulator.change_settings(polls=2, write_stopped_listener=True)
    bench.alb("StopListener", ListenerId=listener_id)
    assert listens()
    bench.emulator.settle()
    assert not listens()
    bench.alb("UpdateListenerAttribute", ListenerId=listener_id, IdleTimeout=20)
    assert not listens()
    bench.emulator.settle()
    assert not listens()
    assert bench.get(listener_id)["ListenerStatus"] == "Stopped"
    bench.alb("StartListener", ListenerId=listener_id)
    assert not listens()
    bench.emulator.settle()
    assert listens()


def test_failed_stop_and_failed_start(bench: Bench) -> None:
    listener_id = bench.listener()
    bench.emulator.fault("StopListener", kind="job_failed", code="506")
    bench.alb("StopListener", ListenerId=listener_id)
    bench.emulator.settle()
    assert bench.get(listener_id)["ListenerStatus"] == "Running"
    bench.alb("StopListener", ListenerId=listener_id)
    bench.emulator.settle()
    bench.emulator.fault("StartListener", kind="job_failed", code="506")
    bench.alb("StartListener", ListenerId=listener_id)
    bench.emulator.settle()
    assert bench.get(listener_id)["ListenerStatus"] == "Stopped"


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True, data_plane=False)])
@pytest.mark.parametrize(("switched", "code"), [(False, "IncorrectStatus.Listener"), (True, "ok")])
def test_start_of_the_running_and_stop_of_the_stopped(bench: Bench, switched: bool, code: str) -> None:
    bench.emulator.change_settings(start_started_listener=switched)
    listener_id = bench.listener()
    assert bench.alb("StartListener", ListenerId=listener_id).code == code
    bench.alb("StopListener", ListenerId=listener_id)
    assert bench.alb("StopListener", ListenerId=listener_id).code == code


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True, data_plane=False)])
@pytest.mark.parametrize(("switched", "code"), [(False, "IncorrectStatus.Listener"), (True, "ok")])
def test_writes_to_the_stopped(bench: Bench, switched: bool, code: str) -> None:
    bench.emulator.change_settings(write_stopped_listener=switched)
    bench.emulator.do(lambda cloud: setattr(cloud.world.load_balancers[LOAD_BALANCER], "log_project", "p"))
    default, first = _certificates(bench, 2)
    listener_id = bench.listener(default)
    bench.alb("StopListener", ListenerId=listener_id)
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id).code == code
    assert bench.alb("UpdateListenerLogConfig", ListenerId=listener_id).code == code
    assert _call(bench, _ASSOCIATE, listener_id, first).code == code
    assert bench.get(listener_id)["ListenerStatus"] == "Stopped"
    assert bench.alb("DeleteListener", ListenerId=listener_id).code == "ok"


def test_log_configuration(bench: Bench) -> None:
    bench.emulator.seed(
        {"load_balancers": [{"load_balancer_id": "alb-log", "log_project": "project", "log_store": "store"}]}
    )
    shown = bench.alb("GetLoadBalancerAttribute", LoadBalancerId="alb-log").body
    assert shown["AccessLogConfig"] == {"LogProject": "project", "LogStore": "store"}
    assert "AccessLogConfig" not in bench.alb("GetLoadBalancerAttribute", LoadBalancerId=LOAD_BALANCER).body
    listener_id = bench.listener(LoadBalancerId="alb-log")
    off = {"AccessLogRecordCustomizedHeadersEnabled": False, "AccessLogTracingConfig": {"TracingEnabled": False}}
    assert bench.get(listener_id)["LogConfig"] == off
    tracing = {"TracingEnabled": True, "TracingSample": 10000, "TracingType": "OpenTelemetry"}
    sent = {f"AccessLogTracingConfig__{name}": value for name, value in tracing.items()}
    bench.alb("UpdateListenerLogConfig", ListenerId=listener_id, **sent)
    assert bench.get(listener_id)["LogConfig"] == off
    bench.emulator.settle()
    wanted = {"AccessLogRecordCustomizedHeadersEnabled": False, "AccessLogTracingConfig": tracing}
    assert bench.get(listener_id)["LogConfig"] == wanted
    bench.alb("UpdateListenerLogConfig", ListenerId=listener_id, AccessLogRecordCustomizedHeadersEnabled="TRUE")
    bench.emulator.settle()
    wanted["AccessLogRecordCustomizedHeadersEnabled"] = True
    assert bench.get(listener_id)["LogConfig"] == wanted
    assert bench.alb("ListListeners").body["Listeners"][0]["LogConfig"] == wanted


# --- TLS policies ------------------------------------------------------------------------------------------------


def test_policy_is_there_at_once(bench: Bench) -> None:
    made = bench.alb("CreateSecurityPolicy", SecurityPolicyName="mine", **_CIPHER, Tag__1__Key="k", Tag__1__Value="v")
    assert set(made.body) == {"RequestId", "SecurityPolicyId"}
    policy_id = made.body["SecurityPolicyId"]
    (policy,) = bench.alb("ListSecurityPolicies", SecurityPolicyNames__1="mine", Tag__1__Key="k").body[
        "SecurityPolicies"
    ]
    assert policy["CreateTime"].endswith("Z")
    assert policy == {
        "SecurityPolicyId": policy_id,
        "SecurityPolicyName": "mine",
        "SecurityPolicyStatus": "Available",
        "TLSVersions": ["TLSv1.2"],
        "Ciphers": ["AES128-SHA256"],
        "ResourceGroupId": "rg-emulator",
        "CreateTime": policy["CreateTime"],
        "Tags": [{"Key": "k", "Value": "v"}],
    }
    again = bench.alb("CreateSecurityPolicy", SecurityPolicyName="mine", **_CIPHER)
    assert again.body["SecurityPolicyId"] != policy_id
    assert bench.alb("ListSecurityPolicies", SecurityPolicyNames__1="other").body["TotalCount"] == 0


def test_policy_update_is_a_job(bench: Bench) -> None:
    policy_id = bench.alb("CreateSecurityPolicy", SecurityPolicyName="mine", **_CIPHER).body["SecurityPolicyId"]
    new = {"TLSVersions__1": "TLSv1.3", "Ciphers__1": "TLS_AES_128_GCM_SHA256"}
    reply = bench.alb("UpdateSecurityPolicyAttribute", SecurityPolicyId=policy_id, SecurityPolicyName="new", **new)
    (during,) = bench.alb("ListSecurityPolicies").body["SecurityPolicies"]
    assert (during["SecurityPolicyStatus"], during["SecurityPolicyName"]) == ("Configuring", "mine")
    job = _job(bench, reply)
    assert (job["Status"], job["ResourceType"], job["ResourceId"]) == ("Succeeded", "securitypolicy", policy_id)
    (after,) = bench.alb("ListSecurityPolicies").body["SecurityPolicies"]
    assert (after["SecurityPolicyStatus"], after["SecurityPolicyName"]) == ("Available", "new")
    assert (after["TLSVersions"], after["Ciphers"]) == (["TLSv1.3"], ["TLS_AES_128_GCM_SHA256"])
    bench.emulator.fault("UpdateSecurityPolicyAttribute", kind="job_failed", code="506")
    bench.alb("UpdateSecurityPolicyAttribute", SecurityPolicyId=policy_id, SecurityPolicyName="newer")
    bench.emulator.settle()
    assert bench.alb("ListSecurityPolicies").body["SecurityPolicies"] == [after]


def test_relations_and_deletion(bench: Bench) -> None:
    policy_id = bench.alb("CreateSecurityPolicy", SecurityPolicyName="mine", **_CIPHER).body["SecurityPolicyId"]
    listener_id = bench.listener(bench.certificate(), SecurityPolicyId=policy_id)
    assert bench.get(listener_id)["SecurityPolicyId"] == policy_id
    relations = bench.alb("ListSecurityPolicyRelations", SecurityPolicyIds__1=policy_id).body["SecrityPolicyRelations"]
    listener = {"ListenerId": listener_id, "ListenerPort": 443, "ListenerProtocol": "HTTPS"}
    related = [{**listener, "LoadBalancerId": LOAD_BALANCER}]
    assert relations == [{"SecurityPolicyId": policy_id, "RelatedListeners": related}]
    assert bench.alb("DeleteSecurityPolicy", SecurityPolicyId=policy_id).code == "ResourceInUse.SecurityPolicy"
    bench.alb("UpdateListenerAttribute", ListenerId=listener_id, SecurityPolicyId="tls_cipher_policy_1_2")
    # It is in use until the job has ended.
    assert bench.alb("DeleteSecurityPolicy", SecurityPolicyId=policy_id).code == "ResourceInUse.SecurityPolicy"
    bench.emulator.settle()
    gone = bench.alb("DeleteSecurityPolicy", SecurityPolicyId=policy_id)
    assert (gone.code, set(gone.body)) == ("ok", {"RequestId"})
    assert bench.alb("DeleteSecurityPolicy", SecurityPolicyId=policy_id).code == "ResourceNotFound.SecurityPolicy"


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True, data_plane=False)])
def test_listeners_per_policy(bench: Bench) -> None:
    bench.emulator.change_settings(quota_listeners_per_policy=2)
    certificate = bench.certificate()
    policy_id = bench.alb("CreateSecurityPolicy", SecurityPolicyName="mine", **_CIPHER).body["SecurityPolicyId"]
    first, _second = (bench.listener(certificate, ListenerPort=port, SecurityPolicyId=policy_id) for port in (1, 2))
    third = bench.create(certificate, ListenerPort=3, SecurityPolicyId=policy_id)
    assert third.code == "ResourceQuotaExceeded.SecurityPolicyAttachedNum"
    # One that has it already can be told so again.
    assert bench.alb("UpdateListenerAttribute", ListenerId=first, SecurityPolicyId=policy_id).code == "ok"


def test_system_policies(bench: Bench) -> None:
    listed = bench.alb("ListSystemSecurityPolicies").body["SecurityPolicies"]
    by_id = {each["SecurityPolicyId"]: (each["TLSVersions"], len(each["Ciphers"])) for each in listed}
    assert by_id == {
        "tls_cipher_policy_1_0": (["TLSv1.0", "TLSv1.1", "TLSv1.2"], 19),
        "tls_cipher_policy_1_1": (["TLSv1.1", "TLSv1.2"], 19),
        "tls_cipher_policy_1_2": (["TLSv1.2"], 19),
        "tls_cipher_policy_1_2_strict": (["TLSv1.2"], 12),
        "tls_cipher_policy_1_2_strict_with_1_3": (["TLSv1.2", "TLSv1.3"], 17),
    }
    bench.emulator.change_settings(policy_1_0_to_1_3=True)
    assert len(bench.alb("ListSystemSecurityPolicies").body["SecurityPolicies"]) == 6
    asked = {"SecurityPolicyIds__1": "tls_cipher_policy_1_2"}
    assert bench.alb("ListSecurityPolicyRelations", **asked).code == "ResourceNotFound.SecurityPolicy"
    bench.emulator.change_settings(relations_of_system_policies=True)
    listener_id = bench.listener(bench.certificate(), SecurityPolicyId="tls_cipher_policy_1_2")
    (relation,) = bench.alb("ListSecurityPolicyRelations", **asked).body["SecrityPolicyRelations"]
    assert [each["ListenerId"] for each in relation["RelatedListeners"]] == [listener_id]


# --- server groups, tags, regions --------------------------------------------------------------------------------


def test_server_group(bench: Bench) -> None:
    reply = bench.alb(
        "CreateServerGroup",
        ServerGroupName="new",
        VpcId="vpc-demo",
        Protocol="grpc",
        HealthCheckConfig__HealthCheckEnabled=True,
        HealthCheckConfig__HealthCheckProtocol="GRPC",
        StickySessionConfig__StickySessionEnabled=True,
        CrossZoneEnabled=False,
    )
    group_id = reply.body["ServerGroupId"]
    asked = {"ServerGroupIds__1": group_id}
    (during,) = bench.alb("ListServerGroups", **asked).body["ServerGroups"]
    assert during["ServerGroupStatus"] == "Creating"
    job = _job(bench, reply)
    assert (job["Status"], job["ResourceType"], job["OperateType"]) == ("Succeeded", "servergroup", "Create")
    (after,) = bench.alb("ListServerGroups", **asked).body["ServerGroups"]
    assert after["ServerGroupStatus"] == "Available"
    assert (after["Protocol"], after["Scheduler"], after["CrossZoneEnabled"]) == ("GRPC", "Wrr", False)
    assert after["HealthCheckConfig"]["HealthCheckProtocol"] == "gRPC"
    assert after["HealthCheckConfig"]["HealthCheckInterval"] == 2
    assert after["StickySessionConfig"]["CookieTimeout"] == 1000
    groups = {"DefaultActions__1__ForwardGroupConfig__ServerGroupTuples__1__ServerGroupId": group_id}
    assert bench.create(bench.certificate(), **groups).code == "ok"


def test_server_group_whose_creation_failed_is_gone(bench: Bench) -> None:
    bench.emulator.fault("CreateServerGroup", kind="job_failed", code="506")
    sent = {"ServerGroupName": "new", "VpcId": "vpc-demo", "HealthCheckConfig__HealthCheckEnabled": False}
    assert bench.alb("CreateServerGroup", **sent).code == "ok"
    bench.emulator.settle()
    assert bench.alb("ListServerGroups", ServerGroupNames__1="new").body["TotalCount"] == 0


def test_seeded_servers(bench: Bench) -> None:
    servers = [{"server_id": "i-1", "server_ip": "10.0.0.1", "port": 8080}, {"server_id": "i-2", "weight": 5}]
    bench.emulator.seed({"server_groups": [{"server_group_id": "sgp-1", "servers": servers, "tags": {"a": "b"}}]})
    body = bench.alb("ListServerGroupServers", ServerGroupId="sgp-1").body
    assert [(each["ServerId"], each["Port"], each["Weight"]) for each in body["Servers"]] == [
        ("i-1", 8080, 100),
        ("i-2", 80, 5),
    ]
    assert bench.alb("ListServerGroupServers", ServerIds__1="i-2").body["TotalCount"] == 1
    assert bench.alb("ListServerGroupServers", Tag__1__Key="a").body["TotalCount"] == 2
    assert bench.alb("ListServerGroupServers", ServerGroupId="sgp-no").body["Servers"] == []
    (group,) = bench.alb("ListServerGroups", ServerGroupIds__1="sgp-1").body["ServerGroups"]
    assert group["ServerCount"] == 2


@pytest.mark.parametrize("kind", ["listener", "loadbalancer", "servergroup", "securitypolicy"])
def test_tags(bench: Bench, kind: str) -> None:
    made = {
        "listener": bench.listener,
        "loadbalancer": lambda: LOAD_BALANCER,
        "servergroup": lambda: SERVER_GROUP,
        "securitypolicy": lambda: bench.alb("CreateSecurityPolicy", SecurityPolicyName="mine", **_CIPHER).body[
            "SecurityPolicyId"
        ],
    }[kind]()
    resource = {"ResourceType": kind, "ResourceId__1": made}

    def tags() -> dict[str, str]:
        body = bench.alb("ListTagResources", **resource).body
        assert "TotalCount" not in body
        assert {(each["ResourceId"], each["ResourceType"]) for each in body["TagResources"]} <= {(made, kind)}
        return {each["TagKey"]: each["TagValue"] for each in body["TagResources"]}

    for number, value in ((1, "v"), (1, "w"), (2, "x"), (3, "")):
        sent = {"Tag__1__Key": f"k{number}", "Tag__1__Value": value}
        assert bench.alb("TagResources", **resource, **sent).code == "ok"
    assert tags() == {"k1": "w", "k2": "x", "k3": ""}
    found = bench.alb("ListTagResources", ResourceType=kind, Tag__1__Key="k2", Tag__1__Value="x").body
    assert len(found["TagResources"]) == 3
    assert (
        bench.alb("ListTagResources", ResourceType=kind, Tag__1__Key="k2", Tag__1__Value="y").body["TagResources"] == []
    )
    bench.alb("UnTagResources", **resource, TagKey__1="k3", Tag__1__Key="k2", Tag__1__Value="other")
    assert tags() == {"k1": "w", "k2": "x"}
    bench.alb("UnTagResources", **resource)
    assert tags() == {"k1": "w", "k2": "x"}
    bench.alb("UnTagResources", **resource, All=True)
    assert tags() == {}


def test_tags_in_pages(bench: Bench) -> None:
    for number in range(5):
        sent = {"Tag__1__Key": f"k{number}"}
        bench.alb("TagResources", ResourceType="loadbalancer", ResourceId__1=BASIC, ResourceId__2=LOAD_BALANCER, **sent)
    asked = {"ResourceType": "loadbalancer", "ResourceId__1": BASIC, "MaxResults": 3}
    first = bench.alb("ListTagResources", **asked).body
    second = bench.alb("ListTagResources", **asked, NextToken=first["NextToken"]).body
    assert [len(each["TagResources"]) for each in (first, second)] == [3, 2]
    assert second["NextToken"] == ""


def test_regions(bench: Bench) -> None:
    regions = {each["RegionId"]: each for each in bench.alb("DescribeRegions").body["Regions"]}
    assert regions["cn-hangzhou"]["LocalName"].startswith("华东1")
    assert regions["eu-central-1"]["RegionEndpoint"] == "alb.eu-central-1.aliyuncs.com"
    english = bench.alb("DescribeRegions", AcceptLanguage="en-US").body["Regions"]
    assert "China (Hangzhou)" in [each["LocalName"] for each in english]


# --- replays -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True, data_plane=False)])
def test_replay_of_any_write_does_nothing_again(bench: Bench) -> None:
    default, first = _certificates(bench, 2)
    listener_id = bench.listener(default)
    policy = {"SecurityPolicyName": "mine", **_CIPHER}
    group = {"ServerGroupName": "new", "VpcId": "vpc-demo", "HealthCheckConfig__HealthCheckEnabled": False}
    for action, sent in (
        (_ASSOCIATE, {"ListenerId": listener_id, "Certificates__1__CertificateId": first}),
        (_DISSOCIATE, {"ListenerId": listener_id, "Certificates__1__CertificateId": first}),
        ("StopListener", {"ListenerId": listener_id}),
        ("StartListener", {"ListenerId": listener_id}),
        ("CreateSecurityPolicy", policy),
        ("CreateServerGroup", group),
        ("DeleteListener", {"ListenerId": listener_id}),
    ):
        reply = bench.alb(action, **sent, ClientToken="token")
        assert reply.code == "ok", (action, reply.body)
        before = bench.emulator.state()
        again = bench.alb(action, **sent, ClientToken="token")
        assert {**again.body, "RequestId": ""} == {**reply.body, "RequestId": ""}
        assert bench.emulator.state() == before, action
        assert bench.alb(action, **{**sent, "DryRun": True}, ClientToken="token").code == "IdempotenceSignatureMismatch"
