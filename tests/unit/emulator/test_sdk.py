# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official Python SDK against the emulator, and the emulator's parameters against the SDK's."""

from __future__ import annotations

import inspect
import re
import types
import typing as t

import pytest
from alibabacloud_alb20200616 import models as alb_models
from alibabacloud_alb20200616.client import Client as AlbClient
from alibabacloud_cas20200407 import models as cas_models
from alibabacloud_cas20200407.client import Client as CasClient
from alibabacloud_tea_openapi import exceptions
from alibabacloud_tea_openapi.models import Config
from ansible_collections.alicloud.tls.tests.emulator import Account, Emulator, Settings
from ansible_collections.alicloud.tls.tests.emulator.cloud import CATALOGUES
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import LOAD_BALANCER, SERVER_GROUP, Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.warehouse_rows import upload_ca, warehouse

_MODELS = {"2020-06-16": alb_models, "2020-04-07": cas_models}
_ACTIONS = [(version, name) for version, catalogue in CATALOGUES.items() for name in catalogue.actions]


def _config(
    endpoint: str, key_id: str = "LTAI-emulator", secret: str = "emulator-secret", token: str | None = None
) -> Config:
    return Config(
        access_key_id=key_id, access_key_secret=secret, security_token=token, endpoint=endpoint, protocol="HTTP"
    )


def _body(response: t.Any) -> t.Any:
    """The SDK declares every body as optional."""
    assert response.body is not None
    return response.body


def _names(model: type[t.Any], prefix: str = "") -> set[str]:
    """All wire names of a request model, lists with N. Read from its to_map(), which is generated code."""
    hints = t.get_type_hints(model.__init__)
    made = model(**dict.fromkeys(hints, None))
    names: set[str] = set()
    for attribute, declared in hints.items():
        # Python 3.10 makes Optional of what is None by default.
        hint = next((each for each in t.get_args(declared) if each is not types.NoneType), declared)
        hint = declared if t.get_origin(declared) is list else hint
        inner = next(iter(t.get_args(hint)), None) if t.get_origin(hint) is list else hint
        number = ".N" if t.get_origin(hint) is list else ""
        wire = _wire_name(made, attribute)
        if isinstance(inner, type) and hasattr(inner, "to_map"):
            names |= _names(inner, f"{prefix}{wire}{number}.")
        else:
            names.add(f"{prefix}{wire}{number}")
    return names


def _wire_name(made: t.Any, attribute: str) -> str:
    source = inspect.getsource(type(made).to_map)
    found = re.search(rf"result\['(\w+)'\] = self\.{attribute}\b", source) or re.search(
        rf"result\['(\w+)'\] = \[\]\s+if self\.{attribute} is not None", source
    )
    assert found, (type(made), attribute)
    return found.group(1)


@pytest.mark.parametrize(("version", "action"), _ACTIONS)
def test_parameters_are_those_of_the_sdk(version: str, action: str) -> None:
    known = set(CATALOGUES[version].actions[action].parameters)
    # ListSystemSecurityPolicies has no request model.
    model = getattr(_MODELS[version], f"{action}Request", None)
    # What it sends where it puts a list into one parameter.
    model = getattr(_MODELS[version], f"{action}ShrinkRequest", model)
    assert known == (set() if model is None else _names(model))


@pytest.mark.parametrize("action", CATALOGUES["2020-04-07"].actions)
def test_answers_have_no_field_that_the_sdk_does_not_know(bench: Bench, action: str) -> None:
    """CAS. For ALB see test_sdk_alb.py."""
    uploaded = bench.upload(material.make(), "cert", Tags__1__Key="k").body
    number = uploaded["CertId"]
    _filled, numeric = warehouse(bench)
    identifier = upload_ca(bench, numeric).body["Identifier"]
    empty, free = warehouse(bench, "empty")
    tagged = {"RegionId": "cn-hangzhou", "ResourceType": "instance", "ResourceId.1": uploaded["ResourceId"]}
    parameters: dict[str, dict[str, object]] = {
        "GetCertificateDetail": {"CertificateId": number},
        "TagResources": {**tagged, "Tag.1.Key": "k"},
        "UntagResources": tagged,
        "ListTagResources": tagged,
        "CreateWarehouse": {"Name": "new", "Type": "ssl"},
        "DeleteWarehouse": {"WarehouseInstanceId": empty},
        "UploadPCACert": {"WarehouseId": free, "Cert": material.authority_pem()},
        "DescribeWarehouseCert": {"CertIdentifier": identifier},
        "DeletePCACert": {"Identifier": identifier},
        "GetUserCertificateDetail": {"CertId": number},
        "DeleteUserCertificate": {"CertId": number},
        "ListUserCertificateOrder": {"OrderType": "CERT"},
    }
    if action == "UploadUserCertificate":
        reply = bench.upload(material.make(), "another")
    else:
        reply = bench.raw.call(action, parameters.get(action), version="2020-04-07")
    assert reply.code == "ok", reply.body
    body = getattr(cas_models, f"{action}ResponseBody")().from_map(reply.body)
    assert_contains(body.to_map(), reply.body, action)


def assert_contains(known: t.Any, sent: t.Any, where: str) -> None:
    if isinstance(sent, dict):
        for name, value in sent.items():
            assert name in known, f"{where}.{name}"
            assert_contains(known[name], value, f"{where}.{name}")
    elif isinstance(sent, list):
        assert len(known) == len(sent), where
        for first, second in zip(known, sent, strict=True):
            assert_contains(first, second, where)
    else:
        assert known == sent, where


def test_way_through_with_both_clients(bench: Bench) -> None:
    made = material.make()
    alb, cas = AlbClient(_config(bench.emulator.endpoint)), CasClient(_config(bench.emulator.endpoint))
    upload = cas_models.UploadUserCertificateRequest(name="web", cert=made.chain_pem, key=made.key_pem)
    uploaded = _body(cas.upload_user_certificate(upload))
    wanted = cas_models.GetUserCertificateDetailRequest(cert_id=uploaded.cert_id, cert_filter=True)
    detail = _body(cas.get_user_certificate_detail(wanted))
    assert (detail.sha_2, detail.cert, detail.key) == (made.sha256, None, None)
    forward = {"ServerGroupTuples": [{"ServerGroupId": SERVER_GROUP}]}
    listener = {
        "LoadBalancerId": LOAD_BALANCER,
        "ListenerProtocol": "HTTPS",
        "ListenerPort": 443,
        "CaEnabled": False,
        "Certificates": [{"CertificateId": detail.cert_identifier}],
        "DefaultActions": [{"Type": "ForwardGroup", "ForwardGroupConfig": forward}],
    }
    created = _body(alb.create_listener(alb_models.CreateListenerRequest().from_map(listener)))
    request = alb_models.GetListenerAttributeRequest(listener_id=created.listener_id)
    statuses = [_body(alb.get_listener_attribute(request)).listener_status for _number in range(3)]
    assert statuses == ["Provisioning", "Running", "Running"]
    with pytest.raises(exceptions.ClientException) as caught:
        alb.get_listener_attribute(alb_models.GetListenerAttributeRequest(listener_id="lsn-no"))
    assert caught.value.code == "ResourceNotFound.Listener"
    assert caught.value.status_code == 404
    # The SDK sends a key in the URL, as its model says.
    assert [call.action for call in bench.emulator.calls if call.private_key_in_url] == ["UploadUserCertificate"]


def test_throttling_becomes_the_sdk_s_own_exception(bench: Bench) -> None:
    alb = AlbClient(_config(bench.emulator.endpoint))
    bench.emulator.fault("ListListeners", code="Throttling.User", retry_after_ms=70)
    with pytest.raises(exceptions.ThrottlingException) as caught:
        alb.list_listeners(alb_models.ListListenersRequest())
    assert (caught.value.code, caught.value.retry_after) == ("Throttling.User", 70)
    bench.emulator.fault("ListListeners", code="InternalError")
    with pytest.raises(exceptions.ServerException):
        alb.list_listeners(alb_models.ListListenersRequest())


def test_security_token() -> None:
    with Emulator(Settings(accounts=(Account("STS.x", "s", "token"),))) as emulator:
        good = AlbClient(_config(emulator.endpoint, "STS.x", "s", "token"))
        assert _body(good.list_load_balancers(alb_models.ListLoadBalancersRequest())).total_count == 0
        with pytest.raises(exceptions.ClientException) as caught:
            AlbClient(_config(emulator.endpoint, "STS.x", "s")).list_load_balancers(
                alb_models.ListLoadBalancersRequest()
            )
        assert caught.value.code == "MissingSecurityToken"
