# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How parameters travel, and how answers look."""

from __future__ import annotations

import base64
import json
import random
import urllib.request

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.emulator.cloud import CATALOGUES
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import ALB, CAS
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import LOAD_BALANCER, Bench
from cryptography.hazmat.primitives import serialization


def test_error_body(bench: Bench) -> None:
    reply = bench.alb("GetListenerAttribute", ListenerId="lsn-none")
    request_id = reply.body["RequestId"]
    assert reply.status == 404
    assert reply.body == {
        "RequestId": request_id,
        "HostId": "alb.cn-hangzhou.aliyuncs.com",
        "Code": "ResourceNotFound.Listener",
        "Message": "The specified resource lsn-none is not found.",
        "Recommend": "https://api.aliyun.com/troubleshoot?q=ResourceNotFound.Listener&product=Alb"
        f"&requestId={request_id}",
    }
    assert request_id == request_id.upper()
    assert bench.cas("GetUserCertificateDetail", CertId=1).body["HostId"] == "cas.aliyuncs.com"


@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        ("GetListenerAttribute", {}, "MissingListenerId"),
        ("GetListenerAttribute", {"ListenerId": ""}, "MissingListenerId"),
        ("CreateListener", {"LoadBalancerId": "x", "ListenerProtocol": "HTTP"}, "MissingListenerPort"),
        (
            "CreateListener",
            {"LoadBalancerId": "x", "ListenerProtocol": "HTTP", "ListenerPort": 80},
            "MissingDefaultActions",
        ),
        ("ListListeners", {"MaxResults": "many"}, "InvalidMaxResults"),
    ],
)
def test_missing_and_malformed(bench: Bench, action: str, parameters: dict[str, object], code: str) -> None:
    reply = bench.raw.call(action, parameters)
    assert (reply.status, reply.code) == (400, code)
    if code.startswith("Missing"):
        assert reply.body["Message"] == f"{code.removeprefix('Missing')} is mandatory for this action."


@pytest.mark.parametrize(("strict", "code"), [(True, "InvalidParameter"), (False, "ok")])
@pytest.mark.parametrize("name", ["RegionId", "LoadBalancerId.1", "LoadBalancerIds.0", "Tag.1.Kay", "Nonsense"])
def test_unknown_parameter(bench: Bench, strict: bool, code: str, name: str) -> None:
    bench.emulator.change_settings(strict_parameters=strict)
    assert bench.raw.call("ListListeners", {name: "x"}).code == code


def test_get_works_as_post(bench: Bench) -> None:
    assert bench.raw.call("ListLoadBalancers", {"LoadBalancerNames.1": "demo"}, method="GET").body["TotalCount"] == 1
    assert bench.raw.call("ListLoadBalancers", method="PUT").code == "UnsupportedHTTPMethod"


def test_parameters_from_query_and_form_together(bench: Bench) -> None:
    reply = bench.raw.call("ListLoadBalancers", {"MaxResults": 1}, form={"LoadBalancerNames.1": "basic"})
    assert [each["LoadBalancerName"] for each in reply.body["LoadBalancers"]] == ["basic"]
    call = bench.emulator.calls[-1]
    assert (call.in_query, call.in_body) == (("MaxResults",), ("LoadBalancerNames.1",))


def test_lists_are_in_the_order_of_their_numbers(bench: Bench) -> None:
    names = {f"LoadBalancerNames.{number}": "none" for number in range(1, 10)} | {"LoadBalancerNames.10": "demo"}
    assert bench.raw.call("ListLoadBalancers", names).body["TotalCount"] == 1
    assert bench.raw.call("ListLoadBalancers", names | {"LoadBalancerNames.11": "basic"}).code == "InvalidParameter"


@pytest.mark.parametrize(("spelling", "code"), [("True", 0), ("true", 0), ("TRUE", 0), ("False", 1), ("false", 1)])
def test_booleans_in_any_case(bench: Bench, spelling: str, code: int) -> None:
    bench.certificate()
    certificate = bench.cas("ListCertificates").body["CertificateList"][0]["CertificateId"]
    detail = bench.cas("GetUserCertificateDetail", CertId=certificate, CertFilter=spelling).body
    assert ("Key" in detail) == bool(code)


def test_not_a_boolean(bench: Bench) -> None:
    assert bench.cas("GetUserCertificateDetail", CertId=1, CertFilter="1").code == "InvalidCertFilter"


def test_url_of_200_kilobytes(bench: Bench) -> None:
    reply = bench.raw.call("ListCertificates", {"Keyword": "x" * 200_000}, version=CAS)
    assert reply.code == "ok"


def test_blanks_umlauts_and_signs_are_decoded(bench: Bench) -> None:
    bench.raw.call("ListCertificates", {"Keyword": "a b*c~d/+é&=文"}, version=CAS)
    assert bench.emulator.calls[-1].parameters == {"Keyword": "a b*c~d/+é&=文"}


@pytest.mark.parametrize("settings", [Settings(polls=0, strict_parameters=True)])
def test_paging_with_tokens(bench: Bench) -> None:
    wanted = {bench.listener(ListenerPort=8000 + number) for number in range(5)}
    seen: list[str] = []
    token = ""
    for expected in (2, 2, 1):
        reply = bench.alb("ListListeners", MaxResults=2, NextToken=token or None, LoadBalancerIds__1=LOAD_BALANCER)
        assert (len(reply.body["Listeners"]), reply.body["TotalCount"]) == (expected, 5)
        seen += [each["ListenerId"] for each in reply.body["Listeners"]]
        token = reply.body["NextToken"]
    assert token == ""
    assert len(seen) == 5
    assert set(seen) == wanted


def test_token_of_another_list_is_refused(bench: Bench) -> None:
    token = bench.alb("ListLoadBalancers", MaxResults=1).body["NextToken"]
    assert bench.alb("ListLoadBalancers", MaxResults=1, NextToken=token).code == "ok"
    assert bench.alb("ListLoadBalancers", MaxResults=1, NextToken="x").code == "InvalidParameter"
    assert bench.alb("ListLoadBalancers", VpcIds__1="v", NextToken=token).code == "InvalidParameter"
    assert bench.alb("ListListeners", NextToken=token).code == "InvalidParameter"


@pytest.mark.parametrize("version", [ALB, CAS])
def test_products_are_told_apart_by_version(bench: Bench, version: str) -> None:
    other = {ALB: "ListCertificates", CAS: "ListListeners"}[version]
    assert bench.raw.call(other, version=version).code == "InvalidAction.NotFound"


def test_key_in_the_form_is_not_in_the_url(bench: Bench) -> None:
    bench.upload(material.make(), "form")
    assert not bench.emulator.calls[-1].private_key_in_url
    assert "Key" in bench.emulator.calls[-1].in_body
    made = material.make(key_number=1)
    sent = {"Name": "query", "Cert": made.chain_pem, "Key": made.key_pem}
    assert bench.raw.call("UploadUserCertificate", sent, version=CAS).code == "ok"
    assert bench.emulator.calls[-1].private_key_in_url


def test_rubbish_is_refused_as_anything_else(bench: Bench) -> None:
    """Seeded, so that a failure can be repeated."""
    chance = random.Random(16)  # noqa: S311 - no secret
    alphabet = ["A", "é", "文", "%", "&", "=", "+", ".", "1", "\x00", "\n", " ", "Key", "N", "-----BEGIN"]
    actions = [(version, name) for version, each in CATALOGUES.items() for name in each.actions]
    for _number in range(300):
        version, action = chance.choice(actions)
        known = list(CATALOGUES[version].actions[action].parameters)
        names = chance.sample(known, min(len(known), chance.randint(0, 6)))
        sent = {name.replace("N", str(chance.randint(0, 3))): "".join(chance.choices(alphabet, k=4)) for name in names}
        form = {"".join(chance.choices(alphabet, k=3)): "x"} if chance.random() < 0.3 else None
        reply = bench.raw.call(action, sent, version=version, form=form)
        assert reply.status in (200, 400, 404), (action, sent, reply.body)
        assert set(reply.body) >= {"RequestId"}
    assert bench.emulator.state()["listeners"] == []


@pytest.mark.parametrize(
    "header", ["x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "authorization"]
)
def test_bytes_that_are_no_text(bench: Bench, header: str) -> None:
    target, headers, body = bench.raw.prepare("ListListeners", {"NextToken": "x"})
    headers = {name.lower(): value for name, value in headers.items()} | {header: "\xff\xfe"}
    reply = bench.raw.send("POST", target + "%ff%00&Y=%ed%a0%80", headers, body)
    assert 400 <= reply.status < 500
    with urllib.request.urlopen(f"{bench.emulator.url}/_emulator/calls", timeout=5) as answer:  # noqa: S310
        assert len(json.load(answer)) == 1


@pytest.mark.parametrize("place", range(0, 900, 60))
def test_damaged_certificate_is_refused(bench: Bench, place: int) -> None:
    """Each time a few bytes of the DER are others."""
    der = bytearray(material.make().certificate.public_bytes(serialization.Encoding.DER))
    place = min(place, len(der) - 4)
    der[place : place + 3] = bytes(255 - each for each in der[place : place + 3])
    lines = [base64.b64encode(der)[index : index + 64].decode() for index in range(0, len(der) * 4 // 3 + 3, 64)]
    pem = "\n".join(["-----BEGIN CERTIFICATE-----", *(line for line in lines if line), "-----END CERTIFICATE-----", ""])
    reply = bench.upload(material.make(), "web", Cert=pem)
    assert reply.status in (200, 400), reply.body
    if reply.status == 400:
        assert reply.code in ("CertificateFormatException", "CertificateChainNotMatch", "InvalidParameter")


@pytest.mark.parametrize("settings", [Settings(strict_parameters=False)])
@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        ("TagResources", {"ResourceType": "loadbalancer", "ResourceId": LOAD_BALANCER}, "MissingResourceId"),
        ("TagResources", {"ResourceType": "loadbalancer", "ResourceId__0": LOAD_BALANCER}, "MissingResourceId"),
        ("UnTagResources", {"ResourceType": "loadbalancer", "ResourceId__x": "a", "All": True}, "MissingResourceId"),
        ("CreateSecurityPolicy", {"SecurityPolicyName": "p", "TLSVersions": "TLSv1.2"}, "MissingTLSVersions"),
    ],
)
def test_what_is_sent_in_a_form_that_is_ignored_is_missing(
    bench: Bench, action: str, parameters: dict[str, object], code: str
) -> None:
    """Else a write that names no resource would be one about all of them."""
    tags = {"Tag__1__Key": "k", "Tag__1__Value": "v"} if action == "TagResources" else {}
    ciphers = {"Ciphers__1": "AES128-SHA"} if action == "CreateSecurityPolicy" else {}
    assert bench.alb(action, **parameters, **tags, **ciphers).code == code
    assert not any(each.tags for each in bench.emulator.world.load_balancers.values())


@pytest.mark.parametrize("settings", [Settings(region="ap-southeast-1")])
def test_the_host_is_of_the_region(bench: Bench) -> None:
    reply = bench.alb("GetListenerAttribute", ListenerId="lsn-none")
    assert reply.body["HostId"] == "alb.ap-southeast-1.aliyuncs.com"
