# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.balancer import LoadBalancer
from ansible_collections.alicloud.tls.plugins.module_utils._alb.server_group import Server, ServerGroup
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError, InputError, NotFoundError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb, balancers
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.balancers import Balancers
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error
from hypothesis import given, strategies as st

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


# --- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bare", ["gone", "null", "empty"])
def test_every_field_of_a_load_balancer_may_be_missing(gateway, bare):
    names = (
        *balancers._LOAD_BALANCER.values(),
        "AccessLogConfig",
        "DeletionProtectionConfig",
        "ModificationProtectionConfig",
        "LoadBalancerBillingConfig",
        "LoadBalancerOperationLocks",
        "SecurityGroupIds",
        "Tags",
    )
    rest = {} if bare == "gone" else dict.fromkeys(names, None if bare == "null" else "")
    zones = [{}, {"ZoneId": None, "LoadBalancerAddresses": None}, {"LoadBalancerAddresses": [{}, {"Address": None}]}]
    made, _fake = gateway(
        ListLoadBalancers=[{"LoadBalancers": [{"LoadBalancerId": "alb-1", **rest}]}],
        GetLoadBalancerAttribute=[{**rest, "ZoneMappings": zones}],
    )
    (found,) = made.load_balancers()
    assert found == LoadBalancer("alb-1", security_group_ids=(), operation_locks=(), tags={})
    detailed = made.with_zones(found)
    assert [len(zone["addresses"]) for zone in detailed.to_dict()["zones"]] == [0, 0, 2]
    assert {value for zone in detailed.to_dict()["zones"] for value in zone.values() if value != zone["addresses"]} == {
        None
    }


@pytest.mark.parametrize("bare", ["gone", "null", "empty"])
def test_every_field_of_a_server_group_may_be_missing(gateway, bare):
    names = (
        *balancers._SERVER_GROUP.values(),
        "Protocol",
        "HealthCheckConfig",
        "StickySessionConfig",
        "ConnectionDrainConfig",
        "SlowStartConfig",
        "RelatedLoadBalancerIds",
        "Tags",
    )
    rest = {} if bare == "gone" else dict.fromkeys(names, None if bare == "null" else "")
    made, _fake = gateway(
        ListServerGroups=[{"ServerGroups": [{"ServerGroupId": "sgp-1", **rest}]}],
        ListServerGroupServers=[{"Servers": [{}, dict.fromkeys(balancers._SERVER.values())]}],
    )
    (found,) = made.server_groups()
    assert found == ServerGroup("sgp-1")
    assert made.with_servers(found).servers == (Server(), Server())


def test_grpc_is_written_in_one_way(gateway):
    made, _fake = gateway(ListServerGroups=[{"ServerGroups": [{"ServerGroupId": "sgp-1", "Protocol": "gRPC"}]}])
    assert made.server_groups()[0].protocol == "GRPC"


def test_an_api_that_ignores_filters_does_not_widen_the_answer(gateway):
    rows = [
        {"LoadBalancerId": "alb-1", "LoadBalancerName": "one", "VpcId": "vpc-1", "Tags": [{"Key": "a", "Value": "b"}]},
        {"LoadBalancerId": "alb-2", "LoadBalancerName": "one-more", "VpcId": "vpc-2"},
    ]
    made, _fake = gateway(ListLoadBalancers=[{"LoadBalancers": rows}])
    assert len(made.load_balancers()) == 2
    for filters in ({"vpc_ids": ["vpc-1"]}, {"tags": {"a": "b"}}):
        assert [one.id for one in made.load_balancers(**filters)] == ["alb-1"]
    for named in (["alb-1"], ["one"]):
        assert [one.id for one in made.load_balancers(named)] == ["alb-1"]
    assert made.load_balancer_ids(["one"]) == ["alb-1"]


def test_servers_are_not_asked_for_where_there_are_none(gateway):
    made, fake = gateway()
    assert made.with_servers(ServerGroup("sgp-1", server_count=0)).servers == ()
    assert fake.calls == []


@given(st.none() | st.lists(st.text(max_size=3)), st.integers(1, 5))
def test_batches_have_everything_once(values, size):
    found = list(balancers.batches("Names", values, size))
    if values is None:
        assert found == [{}]
        return
    assert [one for some in found for one in some["Names"]] == [one for one in dict.fromkeys(values) if one]
    assert all(1 <= len(some["Names"]) <= size for some in found)
