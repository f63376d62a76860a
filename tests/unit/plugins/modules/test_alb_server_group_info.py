# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_server_group_info on the real SDK and the emulated cloud: filters, calls, what is told, bad days."""

from __future__ import annotations

import collections
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP

MODULE = "alb_server_group_info"


def names(answer: Answer) -> list[str]:
    return [one["name"] for one in answer["server_groups"]]


def seed(cloud: Emulator, *items: Answer) -> list[str]:
    ids = cloud.seed({"server_groups": list(items)})["server_groups"]
    cloud.clear_calls()
    return ids


# --- calls -----------------------------------------------------------------------------------------------------------


def test_a_hundred_are_one_call(run: Runner, cloud: Emulator) -> None:
    seed(cloud, *({"name": f"n{number:03}"} for number in range(99)))
    assert len(run(MODULE)["server_groups"]) == 100
    assert cloud.actions == ["ListServerGroups"]


def test_ids_and_names_may_be_mixed_and_as_many_as_you_like(run: Runner, cloud: Emulator) -> None:
    ids = seed(cloud, *({"name": f"n{number:03}"} for number in range(70)))
    wanted = [*ids[:45], *(f"n{number:03}" for number in range(40, 65))]
    assert names(run(MODULE, server_groups=wanted, vpc_ids=["vpc-demo", "vpc-2"])) == [
        f"n{number:03}" for number in range(65)
    ]
    assert cloud.actions == ["ListServerGroups"] * 6


def test_vpcs_are_asked_for_one_by_one(run: Runner, cloud: Emulator) -> None:
    seed(cloud, {"name": "one", "vpc_id": "vpc-1"}, {"name": "two", "vpc_id": "vpc-2"})
    assert names(run(MODULE, vpc_ids=["vpc-1", "vpc-2", "vpc-1"])) == ["one", "two"]
    assert cloud.actions == ["ListServerGroups"] * 2


def test_servers_take_a_call_for_each_group_that_has_some(run: Runner, cloud: Emulator) -> None:
    servers = [{"server_id": f"i-{number:03}"} for number in range(120)]
    seed(cloud, {"name": "many", "servers": servers}, {"name": "one", "servers": servers[:1]}, {"name": "none"})
    answer = run(MODULE, with_servers=True)
    assert names(answer) == ["demo-web", "many", "none", "one"]
    assert [len(one["servers"]) for one in answer["server_groups"]] == [0, 120, 0, 1]
    # Two pages of many, and one.
    assert collections.Counter(cloud.actions) == {"ListServerGroups": 1, "ListServerGroupServers": 3}


# --- filters ---------------------------------------------------------------------------------------------------------

_THERE: list[Answer] = [
    {"name": "shop", "vpc_id": "vpc-1", "server_group_type": "Ip", "tags": {"team": "web", "stage": "live"}},
    {"name": "shop-test", "vpc_id": "vpc-1", "tags": {"team": "web", "stage": "test"}},
    {"name": "sgp-front", "vpc_id": "vpc-2"},
    {"name": "functions", "vpc_id": None, "server_group_type": "Fc"},
]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, ["demo-web", "functions", "sgp-front", "shop", "shop-test"]),
        ({"server_groups": [GROUP, "demo-web"]}, ["demo-web"]),
        ({"server_groups": ["sgp-front", "shop"]}, ["sgp-front", "shop"]),
        ({"server_groups": ["nobody", "sgp-nobody", "SHOP"]}, []),
        ({"vpc_ids": ["vpc-1"]}, ["shop", "shop-test"]),
        ({"vpc_ids": ["vpc-9"]}, []),
        ({"server_groups": ["shop", "sgp-front"], "vpc_ids": ["vpc-2", "vpc-3"]}, ["sgp-front"]),
        ({"tags": {"team": "web"}}, ["shop", "shop-test"]),
        ({"tags": {"team": "web", "stage": "test"}}, ["shop-test"]),
        ({"type": "Ip"}, ["shop"]),
        ({"type": "Fc"}, ["functions"]),
        ({"type": "Fc", "vpc_ids": ["vpc-1"]}, []),
        ({"server_groups": ["shop", "functions"], "type": "Fc"}, ["functions"]),
    ],
)
def test_filters(run: Runner, cloud: Emulator, options: Answer, wanted: list[str]) -> None:
    seed(cloud, *_THERE)
    assert names(run(MODULE, **options)) == wanted


@pytest.mark.parametrize("more", [{}, {"server_groups": ["demo-web"]}], ids=["alone", "with names"])
@pytest.mark.parametrize(
    "none", [{"server_groups": []}, {"vpc_ids": []}, {"server_groups": [""]}], ids=["groups", "vpcs", "empty text"]
)
def test_of_none_there_is_none(run: Runner, cloud: Emulator, none: Answer, more: Answer) -> None:
    """What a template made of nothing must not mean everything."""
    assert run(MODULE, **{**more, **none})["server_groups"] == []
    assert cloud.actions == []


# --- what is told ----------------------------------------------------------------------------------------------------


def test_everything_is_told(run: Runner, cloud: Emulator) -> None:
    (group,) = seed(
        cloud,
        {
            "name": "shop",
            "protocol": "GRPC",
            "vpc_id": "vpc-1",
            "scheduler": "Wlc",
            "create_time": "2026-01-02T03:04:05Z",
            "tags": {"team": "web"},
            "options": {
                "HealthCheckConfig": {
                    "HealthCheckEnabled": True,
                    "HealthCheckProtocol": "HTTP",
                    "HealthCheckPath": "/healthz",
                    "HealthCheckCodes": ["http_2xx", "http_3xx"],
                    "HealthCheckConnectPort": 0,
                    "HealthCheckInterval": 2,
                    "HealthyThreshold": 3,
                },
                "StickySessionConfig": {
                    "StickySessionEnabled": True,
                    "StickySessionType": "Server",
                    "Cookie": "sticky",
                },
                "ConnectionDrainConfig": {"ConnectionDrainEnabled": True, "ConnectionDrainTimeout": 60},
                "SlowStartConfig": {"SlowStartEnabled": False, "SlowStartDuration": 30},
            },
            "servers": [{"server_id": "i-2", "server_ip": "192.168.1.2"}, {"server_id": "i-1", "port": 8080}],
        },
    )
    (found,) = run(MODULE, server_groups=["shop"], with_servers=True)["server_groups"]
    expected: Answer = {
        "id": group,
        "name": "shop",
        "status": "Available",
        "type": "Instance",
        "protocol": "GRPC",
        "scheduler": "Wlc",
        "vpc_id": "vpc-1",
        "load_balancer_ids": [],
        "server_count": 2,
        "connection_drain": 60,
        "slow_start": None,
        "cross_zone_enabled": True,
        "upstream_keepalive_enabled": False,
        "create_time": "2026-01-02T03:04:05Z",
        "tags": {"team": "web"},
    }
    assert {name: found[name] for name in expected} == expected
    assert found["health_check"] == {
        "enabled": True,
        "protocol": "HTTP",
        "port": 0,
        "host": None,
        "path": "/healthz",
        "method": None,
        "http_version": None,
        "codes": ["http_2xx", "http_3xx"],
        "interval": 2,
        "timeout": None,
        "healthy_threshold": 3,
        "unhealthy_threshold": None,
    }
    assert found["sticky_session"] == {"enabled": True, "type": "Server", "cookie": "sticky", "cookie_timeout": None}
    assert [(one["id"], one["port"], one["ip"]) for one in found["servers"]] == [
        ("i-1", 8080, None),
        ("i-2", 80, "192.168.1.2"),
    ]
    (listed,) = run(MODULE, server_groups=["shop"])["server_groups"]
    assert listed == {**found, "servers": None}


def test_the_load_balancers_that_use_it_are_told(run: Runner, cloud: Emulator) -> None:
    item = {"load_balancer": "demo", "server_groups": ["demo-web"], "protocol": "HTTP", "port": 80}
    cloud.seed({"listeners": [item]})
    (found,) = run(MODULE)["server_groups"]
    assert found["load_balancer_ids"] == [DEMO]


# --- bad days --------------------------------------------------------------------------------------------------------


def test_a_refused_read_of_servers_fails(run: Runner, cloud: Emulator) -> None:
    servers = [{"server_id": "i-1"}]
    seed(cloud, {"name": "one", "servers": servers}, {"name": "two", "servers": servers})
    cloud.fault("ListServerGroupServers", code="Forbidden.RAM", http_status=403, count=9)
    answer = run.fails(MODULE, with_servers=True)
    assert "alb:ListServerGroupServers" in answer["msg"]
    assert "server_groups" not in answer


def test_a_group_that_is_deleted_meanwhile_is_left_out(run: Runner, cloud: Emulator) -> None:
    servers = [{"server_id": "i-1"}]
    seed(cloud, {"name": "one", "servers": servers}, {"name": "two", "servers": servers})
    cloud.fault("ListServerGroupServers", code="ResourceNotFound.ServerGroup", http_status=404)
    assert len(run(MODULE, with_servers=True)["server_groups"]) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"type": "Vm"}, ["type", "Vm", "Instance"]),
        ({"tags": {"team": ["web"]}}, ["team", "text"]),
    ],
)
def test_bad_input_is_told(run: Runner, cloud: Emulator, options: dict[str, t.Any], words: list[str]) -> None:
    answer = run.fails(MODULE, **options)
    for word in words:
        assert word in answer["msg"]
    assert cloud.actions == []
