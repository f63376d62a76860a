# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is let in by the older signature. The requests are signed by rpc.py, and once by the SDK."""

from __future__ import annotations

import time
import typing as t

import pytest
from alibabacloud_alb20200616 import models
from alibabacloud_alb20200616.client import Client
from alibabacloud_tea_openapi.models import Config
from ansible_collections.alicloud.tls.tests.emulator import Account, Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS, RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.rpc import RpcClient

ACCOUNTS = Settings(
    accounts=(
        Account("LTAI-emulator", "emulator-secret"),
        Account("LTAI-off", "off-secret", active=False),
        Account("STS.temporary", "sts-secret", "the-token"),
    ),
    strict_parameters=True,
)


@pytest.fixture
def rpc(bench: Bench) -> RpcClient:
    return RpcClient(bench.emulator.endpoint)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("place", ["query", "form", "all in the form"])
def test_parameters_travel_anywhere(rpc: RpcClient, method: str, place: str) -> None:
    sent = {"LoadBalancerNames.1": "basic"}
    if place == "query":
        reply = rpc.call("ListLoadBalancers", sent, method=method)
    else:
        reply = rpc.call("ListLoadBalancers", form=sent, method=method, all_in_form=place != "form")
    assert [each["LoadBalancerName"] for each in reply.body["LoadBalancers"]] == ["basic"]


def _stamp(offset: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))


@pytest.mark.parametrize(
    ("common", "status", "code"),
    [
        pytest.param({}, 200, "ok", id="right"),
        pytest.param({"Format": None}, 200, "ok", id="no format"),
        pytest.param({"Format": "json"}, 200, "ok", id="format in small letters"),
        pytest.param({"Format": "XML"}, 400, "InvalidParameter.Format", id="XML"),
        pytest.param({"Action": None}, 400, "MissingAction", id="no action"),
        pytest.param({"Action": "NoSuch"}, 404, "InvalidAction.NotFound", id="unknown action"),
        pytest.param({"Version": None}, 400, "MissingVersion", id="no version"),
        pytest.param({"Version": "1999-01-01"}, 400, "InvalidVersion", id="unknown version"),
        pytest.param({"AccessKeyId": None}, 400, "MissingAccessKeyId", id="no access key"),
        pytest.param({"AccessKeyId": "LTAI-no"}, 404, "InvalidAccessKeyId.NotFound", id="unknown access key"),
        pytest.param({"SignatureMethod": None}, 400, "MissingSignatureMethod", id="no method"),
        pytest.param({"SignatureMethod": "HMAC-SHA256"}, 400, "InvalidSignatureMethod", id="other method"),
        pytest.param({"SignatureType": "BEARERTOKEN"}, 400, "InvalidSignatureMethod", id="bearer token"),
        pytest.param({"SignatureVersion": "2.0"}, 400, "InvalidSignatureVersion", id="other version of the signature"),
        pytest.param({"SignatureNonce": None}, 400, "MissingSignatureNonce", id="no nonce"),
        pytest.param({"Timestamp": None}, 400, "MissingTimestamp", id="no timestamp"),
        pytest.param({"Timestamp": "yesterday"}, 400, "InvalidTimeStamp.Format", id="odd timestamp"),
        pytest.param({"seconds_off": -910}, 400, "InvalidTimeStamp.Expired", id="stale"),
        pytest.param({"seconds_off": 910}, 400, "InvalidTimeStamp.Expired", id="from the future"),
        pytest.param({"seconds_off": -800}, 200, "ok", id="a little late"),
        pytest.param({"Signature": "AAAA"}, 400, "SignatureDoesNotMatch", id="odd signature"),
        pytest.param({"Signature": "é"}, 400, "SignatureDoesNotMatch", id="signature that is not ASCII"),
        pytest.param({"Signature": None}, 400, "MissingSignature", id="no signature"),
        pytest.param({"SecurityToken": "t"}, 400, "InvalidSecurityToken.MismatchWithAccessKey", id="token of nobody"),
    ],
)
def test_request(bench: Bench, common: dict[str, t.Any], status: int, code: str) -> None:
    if "seconds_off" in common:
        common = {"Timestamp": _stamp(common["seconds_off"])}
    reply = RpcClient(bench.emulator.endpoint, common=common).call("ListLoadBalancers")
    assert (reply.status, reply.code) == (status, code), reply.body


@pytest.mark.parametrize(("name", "value"), [("MaxResults", "6"), ("Action", "ListListeners"), ("Extra", "x")])
def test_everything_is_signed(rpc: RpcClient, name: str, value: str) -> None:
    for place in ("query", "form"):
        query, body = rpc.prepare("ListLoadBalancers", {"MaxResults": 5})
        query = [(each, old) for each, old in query if each != name or place == "form"]
        (query if place == "query" else body).append((name, value))
        reply = rpc.send("POST", query, body)
        assert (reply.status, reply.code) == (400, "SignatureDoesNotMatch")


def test_nonce_is_good_once_for_both_signatures(bench: Bench) -> None:
    rpc = RpcClient(bench.emulator.endpoint, common={"SignatureNonce": "n1"})
    assert rpc.call("ListLoadBalancers").code == "ok"
    assert rpc.call("ListListeners").code == "SignatureNonceUsed"
    acs3 = RawClient(bench.emulator.endpoint, headers={"x-acs-signature-nonce": "n1"})
    assert acs3.call("ListListeners").code == "SignatureNonceUsed"
    bench.emulator.advance(1801)
    assert rpc.call("ListLoadBalancers").code == "ok"


@pytest.mark.parametrize(
    ("access_key_id", "secret", "token", "code"),
    [
        ("STS.temporary", "sts-secret", "the-token", "ok"),
        ("STS.temporary", "sts-secret", None, "MissingSecurityToken"),
        ("STS.temporary", "sts-secret", "another", "InvalidSecurityToken.MismatchWithAccessKey"),
        ("STS.temporary", "emulator-secret", "the-token", "SignatureDoesNotMatch"),
        ("LTAI-off", "off-secret", None, "InvalidAccessKeyId.Inactive"),
        ("LTAI-emulator", "emulator-secret", None, "ok"),
    ],
)
def test_accounts(access_key_id: str, secret: str, token: str | None, code: str) -> None:
    with Emulator(ACCOUNTS) as emulator:
        for client in (RpcClient, RawClient):
            made = client(emulator.endpoint, access_key_id=access_key_id, secret=secret, token=token)
            assert made.call("ListListeners").code == code
        assert "the-token" not in str(emulator.calls)


def test_parameters_of_the_signature_are_not_those_of_the_action(bench: Bench, rpc: RpcClient) -> None:
    """strict_parameters is on."""
    rpc.call("ListLoadBalancers", {"MaxResults": 1}, form={"NextToken": ""})
    call = bench.emulator.calls[-1]
    assert (call.action, call.version, call.code) == ("ListLoadBalancers", "2020-06-16", "")
    assert call.parameters == {"MaxResults": "1", "NextToken": ""}
    assert (call.in_query, call.in_body) == (("MaxResults",), ("NextToken",))
    assert bench.raw.call("ListLoadBalancers", {"Format": "JSON"}).code == "InvalidParameter"


@pytest.mark.parametrize("spelling", ["true", "True", "TRUE"])
def test_as_terraform_does(bench: Bench, rpc: RpcClient, spelling: str) -> None:
    """The parameters of the action in the form, the rest in the query, and a RegionId that nobody asked for."""
    bench.emulator.change_settings(strict_parameters=False)
    form = {
        "RegionId": "cn-hangzhou",
        "LoadBalancerId": "alb-demo0000000000000",
        "ListenerProtocol": "HTTP",
        "ListenerPort": 80,
        "GzipEnabled": spelling,
        "DefaultActions.1.Type": "ForwardGroup",
        "DefaultActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId": "sgp-demo0000000000000",
        "ListenerDescription": "文文_x",
        "ClientToken": "token 1+2",
    }
    reply = rpc.call("CreateListener", form=form)
    assert reply.code == "ok", reply.body
    assert rpc.call("CreateListener", form=form).body["ListenerId"] == reply.body["ListenerId"]
    assert bench.get(reply.body["ListenerId"])["GzipEnabled"] is True


def test_signs_and_letters_of_all_kinds(bench: Bench, rpc: RpcClient) -> None:
    for value in ("a b*c~d/+é&=文%", "-_.~", "\n"):
        assert rpc.call("ListCertificates", {"Keyword": value}, version=CAS, form={"InstanceId": value}).code == "ok"
        assert bench.emulator.calls[-1].parameters == {"Keyword": value, "InstanceId": value}


def test_key_in_the_form_is_not_in_the_url(bench: Bench, rpc: RpcClient) -> None:
    made = material.make()
    sent = {"Name": "web", "Cert": made.chain_pem, "Key": made.key_pem}
    assert rpc.call("UploadUserCertificate", form=sent, version=CAS).code == "ok"
    sent["Name"] = "other"
    assert rpc.call("UploadUserCertificate", sent, version=CAS).code == "ok"
    assert [call.private_key_in_url for call in bench.emulator.calls] == [False, True]
    assert "PRIVATE KEY" not in str(bench.emulator.calls)


def test_sdk_with_the_older_signature() -> None:
    with Emulator(ACCOUNTS, demo=True) as emulator:
        config = Config(
            access_key_id="STS.temporary",
            access_key_secret="sts-secret",
            security_token="the-token",
            endpoint=emulator.endpoint,
            protocol="HTTP",
            signature_algorithm="v2",
        )
        request = models.ListLoadBalancersRequest(load_balancer_names=["demo"])
        body = Client(config).list_load_balancers(request).body
        assert body is not None
        assert body.total_count == 1
        assert "the-token" not in str(emulator.calls)
        assert "the-token" not in str(emulator.urls)
