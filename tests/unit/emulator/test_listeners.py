# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners: states, jobs, what an update changes, replays, dry runs."""

from __future__ import annotations

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import LOAD_BALANCER, SERVER_GROUP, Bench


def test_creation_takes_two_calls(bench: Bench) -> None:
    listener_id = bench.create(bench.certificate()).body["ListenerId"]
    assert bench.get(listener_id)["ListenerStatus"] == "Provisioning"
    assert bench.get(listener_id)["ListenerStatus"] == "Running"


def test_update_shows_the_old_until_it_is_done(bench: Bench) -> None:
    listener_id = bench.listener(bench.certificate())
    renewed = bench.certificate(material.make(key_number=1), "renewed")
    before = bench.get(listener_id)
    reply = bench.alb("UpdateListenerAttribute", ListenerId=listener_id, Certificates__1__CertificateId=renewed)
    job = {"JobIds__1": reply.body["JobId"]}
    during = bench.get(listener_id)
    assert during["ListenerStatus"] == "Configuring"
    assert during["Certificates"] == before["Certificates"]
    assert bench.alb("ListAsynJobs", **job).body["Jobs"][0]["Status"] == "Succeeded"
    after = bench.get(listener_id)
    assert after["ListenerStatus"] == "Running"
    assert after["Certificates"] == [{"CertificateId": renewed}]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"Certificates", "RequestId"}


def test_job_is_seen_by_id_resource_and_action(bench: Bench) -> None:
    reply = bench.create()
    job_id, listener_id = reply.body["JobId"], reply.body["ListenerId"]
    job = bench.alb("ListAsynJobs", JobIds__1=job_id).body["Jobs"][0]
    assert {**job, "CreateTime": 0, "ModifyTime": 0} == {
        "Id": job_id,
        "ApiName": "CreateListener",
        "Status": "Processing",
        "OperateType": "Create",
        "ResourceType": "listener",
        "ResourceId": listener_id,
        "CreateTime": 0,
        "ModifyTime": 0,
        "ErrorCode": "",
        "ErrorMessage": "",
    }
    found = bench.alb("ListAsynJobs", ResourceIds__1=listener_id, ApiName="CreateListener", ResourceType="listener")
    assert [each["Status"] for each in found.body["Jobs"]] == ["Succeeded"]
    assert bench.alb("ListAsynJobs", JobIds__1="none").body["Jobs"] == []


@pytest.mark.parametrize("action", ["UpdateListenerAttribute", "DeleteListener"])
def test_busy_listener_refuses_writes_and_becomes_free_by_them(bench: Bench, action: str) -> None:
    listener_id = bench.listener()
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, IdleTimeout=20).code == "ok"
    refused = bench.alb(action, ListenerId=listener_id)
    assert (refused.status, refused.code) == (400, "IncorrectStatus.Listener")
    assert refused.body["Message"] == f"The status of {listener_id} [Configuring] is incorrect."
    assert bench.alb(action, ListenerId=listener_id).code == "ok"


def test_deletion(bench: Bench) -> None:
    listener_id = bench.listener()
    assert bench.alb("DeleteListener", ListenerId=listener_id).code == "ok"
    assert bench.get(listener_id)["ListenerStatus"] == "Deleting"
    gone = bench.alb("GetListenerAttribute", ListenerId=listener_id)
    assert (gone.status, gone.code) == (404, "ResourceNotFound.Listener")


@pytest.mark.parametrize("settings", [Settings(polls=0)])
def test_without_polls_all_is_done_at_once(bench: Bench) -> None:
    listener_id = bench.create().body["ListenerId"]
    assert bench.get(listener_id)["ListenerStatus"] == "Running"


@pytest.mark.parametrize("settings", [Settings(job_seconds=3600)])
def test_jobs_by_time(bench: Bench) -> None:
    listener_id = bench.create().body["ListenerId"]
    statuses = [bench.get(listener_id)["ListenerStatus"] for _number in range(5)]
    assert set(statuses) == {"Provisioning"}
    bench.emulator.advance(3600)
    assert bench.get(listener_id)["ListenerStatus"] == "Running"


def test_failed_jobs_leave_things_as_they_were(bench: Bench) -> None:
    listener_id = bench.listener()
    for action, parameters in (("UpdateListenerAttribute", {"IdleTimeout": 30}), ("DeleteListener", {})):
        bench.emulator.fault(action, kind="job_failed", code="506", message="No resources")
        job_id = bench.alb(action, ListenerId=listener_id, **parameters).body["JobId"]
        bench.emulator.settle()
        job = bench.alb("ListAsynJobs", JobIds__1=job_id).body["Jobs"][0]
        assert (job["Status"], job["ErrorCode"], job["ErrorMessage"]) == ("Failed", "506", "No resources")
        now = bench.get(listener_id)
        assert (now["ListenerStatus"], now["IdleTimeout"]) == ("Running", 15)


def test_failed_creation_leaves_nothing(bench: Bench) -> None:
    bench.emulator.fault("CreateListener", kind="job_failed", code="506", message="No resources")
    listener_id = bench.create().body["ListenerId"]
    bench.emulator.settle()
    assert bench.alb("GetListenerAttribute", ListenerId=listener_id).code == "ResourceNotFound.Listener"
    assert bench.create().code == "ok"


def test_all_attributes_come_back(bench: Bench) -> None:
    bench.emulator.seed({"ca_certificates": [{"identifier": "1efd3cac-e8c1-611d-b971-f96e5e432aba"}]})
    certificate = bench.certificate()
    listener_id = bench.listener(
        certificate,
        ListenerDescription="web-1",
        IdleTimeout=20,
        RequestTimeout=30,
        GzipEnabled=False,
        Http2Enabled="false",
        SecurityPolicyId="tls_cipher_policy_1_2",
        CaEnabled=True,
        CaCertificates__1__CertificateId="1efd3cac-e8c1-611d-b971-f96e5e432aba",
        XForwardedForConfig__XForwardedForProtoEnabled=True,
        Tag__1__Key="env",
        Tag__1__Value="test",
    )
    seen = bench.get(listener_id)
    assert {
        "ListenerId": listener_id,
        "LoadBalancerId": LOAD_BALANCER,
        "ListenerProtocol": "HTTPS",
        "ListenerPort": 443,
        "ListenerStatus": "Running",
        "ListenerDescription": "web-1",
        "IdleTimeout": 20,
        "RequestTimeout": 30,
        "GzipEnabled": False,
        "Http2Enabled": False,
        "SecurityPolicyId": "tls_cipher_policy_1_2",
        "CaEnabled": True,
        "CaCertificates": [
            {"CertificateId": "1efd3cac-e8c1-611d-b971-f96e5e432aba", "Status": "Associated", "IsDefault": True}
        ],
        "Certificates": [{"CertificateId": certificate}],
        "DefaultActions": [
            {
                "Type": "ForwardGroup",
                "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": SERVER_GROUP}]},
            }
        ],
        "QuicConfig": {"QuicUpgradeEnabled": False},
        "Tags": [{"Key": "env", "Value": "test"}],
    }.items() <= seen.items()
    assert seen["XForwardedForConfig"]["XForwardedForProtoEnabled"] is True
    assert seen["XForwardedForConfig"]["XForwardedForEnabled"] is True
    listed = bench.alb("ListListeners", LoadBalancerIds__1=LOAD_BALANCER, Tag__1__Key="env").body["Listeners"][0]
    assert set(seen) - set(listed) == {"Certificates", "CaCertificates", "CaEnabled", "RequestId"}
    assert listed.items() <= seen.items()
    assert bench.alb("ListListeners", Tag__1__Key="other").body["Listeners"] == []


def test_http_listener_has_no_https_fields(bench: Bench) -> None:
    seen = bench.get(bench.listener())
    for name in ("Certificates", "CaEnabled", "CaCertificates", "SecurityPolicyId", "Http2Enabled", "QuicConfig"):
        assert name not in seen


@pytest.mark.parametrize(("show", "shown"), [(True, True), (False, False)])
def test_ca_after_switching_off(bench: Bench, show: bool, shown: bool) -> None:
    bench.emulator.seed({"ca_certificates": [{"identifier": "ca-1"}]})
    bench.emulator.change_settings(show_ca_when_disabled=show)
    listener_id = bench.listener(bench.certificate(), CaEnabled=True, CaCertificates__1__CertificateId="ca-1")
    bench.alb("UpdateListenerAttribute", ListenerId=listener_id, CaEnabled=False)
    bench.emulator.settle()
    seen = bench.get(listener_id)
    assert seen["CaEnabled"] is False
    assert ("CaCertificates" in seen) is shown


def test_bare_certificate_number_comes_back_with_its_suffix(bench: Bench) -> None:
    certificate = bench.certificate()
    listener_id = bench.listener(certificate.partition("-")[0])
    assert bench.get(listener_id)["Certificates"] == [{"CertificateId": certificate}]


def test_listener_certificates(bench: Bench) -> None:
    bench.emulator.seed({"ca_certificates": [{"identifier": "ca-1"}]})
    certificate = bench.certificate()
    listener_id = bench.listener(certificate, CaEnabled=True, CaCertificates__1__CertificateId="ca-1")
    server = {"CertificateId": certificate, "CertificateType": "Server", "IsDefault": True, "Status": "Associated"}
    ca = {"CertificateId": "ca-1", "CertificateType": "Ca", "IsDefault": True, "Status": "Associated"}
    for filters, expected in (
        ({}, [server, ca]),
        ({"CertificateType": "Server"}, [server]),
        ({"CertificateType": "Ca"}, [ca]),
        ({"CertificateIds__1": certificate}, [server]),
        ({"CertificateIds__1": "none"}, []),
    ):
        reply = bench.alb("ListListenerCertificates", ListenerId=listener_id, **filters)
        assert reply.body["Certificates"] == expected, filters
        assert reply.body["TotalCount"] == len(expected)
    bench.emulator.change_settings(unfiltered_certificates_include_ca=False)
    assert bench.alb("ListListenerCertificates", ListenerId=listener_id).body["Certificates"] == [server]


def test_rsa_and_ecc_together(bench: Bench) -> None:
    ecc, rsa = bench.certificate(name="ecc"), bench.certificate(material.make(algorithm="RSA"), "rsa")
    both = {"Certificates__1__CertificateId": ecc, "Certificates__2__CertificateId": rsa}
    assert bench.create(ecc, **both).code == "InvalidParameter"
    listener_id = bench.listener(ecc)
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, **both).code == "ok"
    bench.emulator.settle()
    assert bench.get(listener_id)["Certificates"] == [{"CertificateId": ecc}, {"CertificateId": rsa}]
    bench.emulator.change_settings(two_defaults_on_create=True)
    assert bench.create(ecc, ListenerPort=444, **both).code == "ok"


def test_x_forwarded_for_update_is_whole_or_partial_by_switch(bench: Bench) -> None:
    listener_id = bench.listener(XForwardedForConfig__XForwardedForProtoEnabled=True)
    other = {"XForwardedForConfig__XForwardedForHostEnabled": True}
    for keep, proto in ((True, True), (False, False)):
        bench.emulator.change_settings(keep_unsent_x_forwarded_for=keep)
        assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, **other).code == "ok"
        bench.emulator.settle()
        seen = bench.get(listener_id)["XForwardedForConfig"]
        assert (seen["XForwardedForHostEnabled"], seen["XForwardedForProtoEnabled"]) == (True, proto)


def test_quic_upgrade(bench: Bench) -> None:
    certificate = bench.certificate()
    quic = bench.listener(certificate, ListenerProtocol="QUIC")
    https = bench.listener(certificate)  # same port, other transport
    upgrade = {"QuicConfig__QuicUpgradeEnabled": True, "QuicConfig__QuicListenerId": quic}
    assert bench.alb("UpdateListenerAttribute", ListenerId=https, **upgrade).code == "ok"
    bench.emulator.settle()
    assert bench.get(https)["QuicConfig"] == {"QuicUpgradeEnabled": True, "QuicListenerId": quic}
    assert bench.alb("DeleteListener", ListenerId=quic).code == "ResourceInUse.Listener"
    second = bench.listener(certificate, ListenerPort=444)
    taken = bench.alb("UpdateListenerAttribute", ListenerId=second, **upgrade)
    assert taken.code == "ResourceAlreadyAssociated.Listener"
    off = {"QuicConfig__QuicUpgradeEnabled": False, "QuicConfig__QuicListenerId": ""}
    assert bench.alb("UpdateListenerAttribute", ListenerId=https, **off).code == "ok"
    bench.emulator.settle()
    assert bench.alb("DeleteListener", ListenerId=quic).code == "ok"


def test_client_token_replay(bench: Bench) -> None:
    first = bench.create(ClientToken="token-1")
    bench.emulator.settle()
    again = bench.create(ClientToken="token-1")
    assert again.code == "ok"
    assert {**again.body, "RequestId": ""} == {**first.body, "RequestId": ""}
    other = bench.create(ClientToken="token-1", ListenerPort=81)
    assert (other.status, other.code) == (400, "IdempotenceSignatureMismatch")
    assert bench.alb("ListListeners").body["TotalCount"] == 1
    # Another action, another token space; and a refused call leaves its token free.
    listener_id = first.body["ListenerId"]
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, ClientToken="token-1").code == "ok"
    assert bench.alb("DeleteListener", ListenerId=listener_id, ClientToken="t").code == "IncorrectStatus.Listener"
    assert bench.alb("DeleteListener", ListenerId=listener_id, ClientToken="t").code == "ok"


def test_dry_run(bench: Bench) -> None:
    passed = bench.create(DryRun=True, ClientToken="t")
    assert (passed.status, passed.code) == (400, "DryRunOperation")
    assert bench.create(DryRun=True, ListenerPort=70000).code == "InvalidParameter"
    assert bench.alb("ListListeners").body["TotalCount"] == 0
    listener_id = bench.listener()
    for action in ("UpdateListenerAttribute", "DeleteListener"):
        assert bench.alb(action, ListenerId=listener_id, DryRun=True).code == "DryRunOperation"
    assert bench.get(listener_id)["ListenerStatus"] == "Running"


def test_load_balancers_and_server_groups(bench: Bench) -> None:
    load_balancer = bench.alb("GetLoadBalancerAttribute", LoadBalancerId=LOAD_BALANCER).body
    assert load_balancer["LoadBalancerBussinessStatus"] == "Normal"
    assert load_balancer["DNSName"] == f"{LOAD_BALANCER}.cn-hangzhou.alb.aliyuncs.com"
    listed = bench.alb("ListLoadBalancers", LoadBalancerIds__1=LOAD_BALANCER, LoadBalancerStatus="Active").body
    assert set(load_balancer) - set(listed["LoadBalancers"][0]) == {"RegionId", "ZoneMappings", "RequestId"}
    assert bench.alb("ListLoadBalancers", LoadBalancerBussinessStatus="Abnormal").body["LoadBalancers"] == []
    assert bench.alb("ListLoadBalancers", VpcIds__1="vpc-demo").body["TotalCount"] == 2
    bench.listener()
    groups = bench.alb("ListServerGroups", ServerGroupNames__1="demo-web", VpcId="vpc-demo").body["ServerGroups"]
    assert [(each["ServerGroupId"], each["Protocol"]) for each in groups] == [(SERVER_GROUP, "HTTP")]
    assert groups[0]["RelatedLoadBalancerIds"] == [LOAD_BALANCER]
    assert bench.alb("ListServerGroups", ServerGroupType="Fc").body["ServerGroups"] == []
