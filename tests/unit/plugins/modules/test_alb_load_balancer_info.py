# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_load_balancer_info on the real SDK and the emulated cloud: filters, calls, what is told, bad days."""

from __future__ import annotations

import collections
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO

MODULE = "alb_load_balancer_info"
BASIC = "alb-basic000000000000"


def names(answer: Answer) -> list[str]:
    return [one["name"] for one in answer["load_balancers"]]


def seed(cloud: Emulator, *items: Answer) -> list[str]:
    ids = cloud.seed({"load_balancers": list(items)})["load_balancers"]
    cloud.clear_calls()
    return ids


# --- calls -----------------------------------------------------------------------------------------------------------


def test_a_hundred_are_one_call(run: Runner, cloud: Emulator) -> None:
    seed(cloud, *({"name": f"n{number:03}"} for number in range(98)))
    answer = run(MODULE)
    assert len(answer["load_balancers"]) == 100
    assert cloud.actions == ["ListLoadBalancers"]
    assert answer["api_calls"] == {"ListLoadBalancers": 1}


def test_all_pages_are_read(run: Runner, cloud: Emulator) -> None:
    seed(cloud, *({"name": f"n{number:03}"} for number in range(203)))
    assert len(run(MODULE)["load_balancers"]) == 205
    assert cloud.actions == ["ListLoadBalancers"] * 3


def test_ids_and_names_may_be_mixed_and_as_many_as_you_like(run: Runner, cloud: Emulator) -> None:
    ids = seed(cloud, *({"name": f"n{number:03}"} for number in range(70)))
    wanted = [*ids[:45], *(f"n{number:03}" for number in range(40, 65))]
    answer = run(MODULE, load_balancers=wanted)
    assert names(answer) == [f"n{number:03}" for number in range(65)]
    assert cloud.actions == ["ListLoadBalancers"] * 6
    sent = [sum(name.startswith("LoadBalancer") for name in call.parameters) for call in cloud.calls]
    assert sent == [20, 20, 5, 10, 10, 5]


def test_details_take_a_call_each(run: Runner, cloud: Emulator) -> None:
    seed(cloud, *({"name": f"n{number:03}"} for number in range(10)))
    answer = run(MODULE, with_details=True)
    assert names(answer) == ["basic", "demo", *(f"n{number:03}" for number in range(10))]
    assert collections.Counter(cloud.actions) == {"ListLoadBalancers": 1, "GetLoadBalancerAttribute": 12}
    for one in answer["load_balancers"]:
        assert [zone["id"] for zone in one["zones"]] == ["cn-hangzhou-h", "cn-hangzhou-i"]
        assert one["zones"][0]["addresses"][0]["intranet_address"] == "192.168.0.10"


# --- filters ---------------------------------------------------------------------------------------------------------

_THERE: list[Answer] = [
    {"name": "shop", "vpc_id": "vpc-1", "address_type": "Internet", "tags": {"team": "web", "stage": "live"}},
    {"name": "shop-test", "vpc_id": "vpc-1", "status": "Inactive", "tags": {"team": "web", "stage": "test"}},
    {"name": "alb-front", "vpc_id": "vpc-2"},
    {"name": "twin", "vpc_id": "vpc-3", "load_balancer_id": "alb-twin2"},
    {"name": "twin", "vpc_id": "vpc-4", "load_balancer_id": "alb-twin1"},
]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, ["alb-front", "basic", "demo", "shop", "shop-test", "twin", "twin"]),
        ({"load_balancers": ["demo"]}, ["demo"]),
        ({"load_balancers": [DEMO, "demo", DEMO]}, ["demo"]),
        ({"load_balancers": ["alb-front"]}, ["alb-front"]),
        ({"load_balancers": ["alb-front", BASIC, "shop"]}, ["alb-front", "basic", "shop"]),
        ({"load_balancers": ["twin"]}, ["twin", "twin"]),
        ({"load_balancers": ["nobody", "alb-nobody"]}, []),
        ({"load_balancers": ["sho", "SHOP"]}, []),
        ({"tags": {"team": "web"}}, ["shop", "shop-test"]),
        ({"tags": {"team": "web", "stage": "live"}}, ["shop"]),
        ({"tags": {"team": "web", "stage": "none"}}, []),
        ({"tags": {}}, ["alb-front", "basic", "demo", "shop", "shop-test", "twin", "twin"]),
        ({"vpc_ids": ["vpc-1", "vpc-2"]}, ["alb-front", "shop", "shop-test"]),
        ({"vpc_ids": ["vpc-9"]}, []),
        ({"vpc_ids": [f"vpc-{number}" for number in range(1, 30)]}, ["alb-front", "shop", "shop-test", "twin", "twin"]),
        ({"load_balancers": ["twin"], "vpc_ids": ["vpc-4"]}, ["twin"]),
        ({"address_type": "Internet"}, ["shop"]),
        ({"status": "Inactive"}, ["shop-test"]),
        ({"status": "Inactive", "address_type": "Internet"}, []),
        ({"load_balancers": ["shop", "shop-test"], "status": "Active"}, ["shop"]),
    ],
)
def test_filters(run: Runner, cloud: Emulator, options: Answer, wanted: list[str]) -> None:
    seed(cloud, *_THERE)
    assert names(run(MODULE, **options)) == wanted


@pytest.mark.parametrize("name", ["load_balancers", "vpc_ids"])
@pytest.mark.parametrize("given", [[], [""]], ids=["empty", "empty text"])
def test_of_none_there_is_none(run: Runner, cloud: Emulator, name: str, given: list[str]) -> None:
    """What a template made of nothing must not mean everything."""
    options: Answer = {name: given}
    answer = run(MODULE, **options)
    assert answer["load_balancers"] == []
    assert cloud.actions == []


# --- what is told ----------------------------------------------------------------------------------------------------


def test_everything_is_told(run: Runner, cloud: Emulator) -> None:
    (one_id,) = seed(
        cloud,
        {
            "name": "shop",
            "edition": "StandardWithWaf",
            "vpc_id": "vpc-1",
            "business_status": "Abnormal",
            "address_type": "Internet",
            "log_project": "logs",
            "log_store": "alb",
            "create_time": "2026-01-02T03:04:05Z",
            "tags": {"team": "web", "stage": "live"},
        },
    )
    (found,) = run(MODULE, load_balancers=["shop"])["load_balancers"]
    assert found == {
        "id": one_id,
        "name": "shop",
        "edition": "StandardWithWaf",
        "status": "Active",
        "business_status": "Abnormal",
        "dns_name": f"{one_id}.cn-hangzhou.alb.aliyuncs.com",
        "address_type": "Internet",
        "address_ip_version": "IPv4",
        "ipv6_address_type": None,
        "address_allocated_mode": "Dynamic",
        "bandwidth_package_id": None,
        "vpc_id": "vpc-1",
        "resource_group_id": "rg-emulator",
        "security_group_ids": [],
        "access_log": {"project": "logs", "store": "alb"},
        "deletion_protection": False,
        "modification_protection": "NonProtection",
        "operation_locks": [],
        "pay_type": "PostPay",
        "create_time": "2026-01-02T03:04:05Z",
        "tags": {"stage": "live", "team": "web"},
        "zones": None,
    }
    (detailed,) = run(MODULE, load_balancers=["shop"], with_details=True)["load_balancers"]
    assert {**detailed, "zones": None} == found
    assert len(detailed["zones"]) == 2


def test_without_an_access_log(run: Runner) -> None:
    assert [one["access_log"] for one in run(MODULE)["load_balancers"]] == [None, None]


# --- bad days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["ResourceNotFound.LoadBalancer", "-735"])
def test_one_that_is_deleted_meanwhile_is_left_out(run: Runner, cloud: Emulator, code: str) -> None:
    seed(cloud, {"name": "shop"}, {"name": "web"})
    cloud.fault("GetLoadBalancerAttribute", code=code, http_status=404, nth=2)
    assert len(run(MODULE, with_details=True)["load_balancers"]) == 3


def test_a_refused_detail_fails(run: Runner, cloud: Emulator) -> None:
    seed(cloud, {"name": "shop"}, {"name": "web"})
    cloud.fault("GetLoadBalancerAttribute", code="Forbidden.RAM", http_status=403, count=9)
    answer = run.fails(MODULE, with_details=True)
    assert "alb:GetLoadBalancerAttribute" in answer["msg"]
    assert answer["error"]["code"] == "Forbidden.RAM"
    assert not answer["changed"]
    assert "load_balancers" not in answer


def test_throttling_is_survived(run: Runner, cloud: Emulator) -> None:
    seed(cloud, {"name": "shop"})
    cloud.fault("*", code="Throttling.User", http_status=400, retry_after_ms=100, count=3)
    assert names(run(MODULE, with_details=True)) == ["basic", "demo", "shop"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"status": "Broken"}, ["status", "Broken", "Active"]),
        ({"address_type": "internet"}, ["address_type", "internet", "Internet"]),
        ({"tags": {"team": True}}, ["team", "text", "quotes"]),
        ({"tags": {"": "web"}}, ["key"]),
        ({"tags": {f"k{number}": "v" for number in range(21)}}, ["21 tags", "20"]),
    ],
)
def test_bad_input_is_told(run: Runner, cloud: Emulator, options: dict[str, t.Any], words: list[str]) -> None:
    answer = run.fails(MODULE, **options)
    for word in words:
        assert word in answer["msg"]
    assert cloud.actions == []
