# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError, InputError, NotFoundError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.balancers import Balancers
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

Gateway = Callable[..., tuple[Balancers, FakeConnection]]


@pytest.fixture
def gateway(monkeypatch, time) -> Gateway:
    """The gateway and the connection behind it, made from what each action answers; 10 s of fake time."""

    def make(**answers: t.Any) -> tuple[Balancers, FakeConnection]:
        fake = FakeConnection(answers)
        monkeypatch.setattr(alb, "Connection", lambda **_given: fake)
        access = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret")
        return Balancers(AlbApi(access, time.pace(10), CallLog())), fake

    return make


def test_two_load_balancers_of_a_name(gateway):
    found = [{"LoadBalancerId": one, "LoadBalancerName": "web"} for one in ("alb-2", "alb-1")]
    made, _fake = gateway(ListLoadBalancers=[{"LoadBalancers": found}])
    with pytest.raises(InputError, match=r"2 load balancers are named 'web': alb-1, alb-2\."):
        made.load_balancer("web")


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({}, False),
        ({"AccessLogConfig": {}}, False),
        ({"AccessLogConfig": {"LogProject": "shop", "LogStore": "a"}}, True),
    ],
)
def test_an_access_log_is_told_only_if_there_is_one(gateway, told, wanted):
    made, _fake = gateway(GetLoadBalancerAttribute=[{"LoadBalancerId": "alb-1", **told}])
    assert made.load_balancer("alb-1").access_log is wanted


def test_other_refusals_stay_as_they_are(gateway):
    made, _fake = gateway(GetLoadBalancerAttribute=[api_error("Forbidden.RAM", status=403)])
    with pytest.raises(ApiError) as caught:
        made.load_balancer("alb-1")
    assert caught.value.code == "Forbidden.RAM"


@pytest.mark.parametrize(
    ("given", "names", "asked", "wanted"),
    [
        pytest.param("sgp-1", ["web", "shop"], {"ServerGroupIds": ["sgp-1"]}, "sgp-1", id="id"),
        pytest.param("sgp-7", ["web"], {"ServerGroupIds": ["sgp-7"]}, NotFoundError, id="unknown-id"),
        pytest.param("web", ["web", "web2"], {"ServerGroupNames": ["web"]}, "sgp-0", id="name"),
        pytest.param("web", ["web2"], {"ServerGroupNames": ["web"]}, NotFoundError, id="unknown-name"),
        pytest.param("web", ["web", "web"], {"ServerGroupNames": ["web"]}, InputError, id="two"),
    ],
)
def test_server_groups(gateway, given, names, asked, wanted):
    groups = [{"ServerGroupId": f"sgp-{number}", "ServerGroupName": name} for number, name in enumerate(names)]
    made, fake = gateway(ListServerGroups=[{"ServerGroups": groups}])
    if isinstance(wanted, str):
        assert made.server_group_id(given) == wanted
    else:
        with pytest.raises(wanted, match=f"'{given}'"):
            made.server_group_id(given)
    assert fake.calls == [("ListServerGroups", asked, None)]
