# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources that are there without an API call: load balancers, server groups, CA certificates."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Mapping

from .clock import Clock
from .settings import Settings
from .world import CaCertificate, LoadBalancer, ServerGroup, World

DEMO_SEED: dict[str, list[dict[str, str]]] = {
    "load_balancers": [
        {"load_balancer_id": "alb-demo0000000000000", "name": "demo", "edition": "Standard", "vpc_id": "vpc-demo"},
        {"load_balancer_id": "alb-basic000000000000", "name": "basic", "edition": "Basic", "vpc_id": "vpc-demo"},
    ],
    "server_groups": [
        {"server_group_id": "sgp-demo0000000000000", "name": "demo-web", "protocol": "HTTP", "vpc_id": "vpc-demo"},
    ],
}
_EDITIONS = ("Basic", "Standard", "StandardWithWaf")


def plant(world: World, clock: Clock, settings: Settings, seed: Mapping[str, t.Any]) -> dict[str, list[str]]:
    """
    Add what the seed names. An id that is there already is replaced.

    :param seed: lists under load_balancers, server_groups and ca_certificates; each item has the fields of the
        dataclass of that name, all optional but the identifier of a CA
    :raises ValueError: unknown kind or field, or an edition that does not exist; then nothing was added
    :return: ids by kind, in the order of the seed
    """
    load_balancers = [
        LoadBalancer(
            **{
                "load_balancer_id": world.new_id("alb-", 18),
                "create_time": clock.stamp(),
                **_fields(LoadBalancer, item),
            }
        )
        for item in _items(seed, "load_balancers")
    ]
    server_groups = [
        ServerGroup(
            **{
                "server_group_id": world.new_id("sgp-", 17),
                "create_time": clock.stamp(),
                **_fields(ServerGroup, item),
            }
        )
        for item in _items(seed, "server_groups")
    ]
    authorities = [
        CaCertificate(**{"identifier": world.new_uuid(), **_fields(CaCertificate, item)})
        for item in _items(seed, "ca_certificates")
    ]
    unknown = set(seed) - {"load_balancers", "server_groups", "ca_certificates"}
    if unknown:
        raise ValueError(f"a seed has no {', '.join(sorted(unknown))}")
    for load_balancer in load_balancers:
        if load_balancer.edition not in _EDITIONS:
            raise ValueError(f"edition must be one of {', '.join(_EDITIONS)}")
        if not load_balancer.dns_name:
            load_balancer.dns_name = f"{load_balancer.load_balancer_id}.{settings.region}.alb.aliyuncs.com"
    world.load_balancers.update({each.load_balancer_id: each for each in load_balancers})
    world.server_groups.update({each.server_group_id: each for each in server_groups})
    world.ca_certificates.update({each.identifier: each for each in authorities})
    return {
        "load_balancers": [each.load_balancer_id for each in load_balancers],
        "server_groups": [each.server_group_id for each in server_groups],
        "ca_certificates": [each.identifier for each in authorities],
    }


def _items(seed: Mapping[str, t.Any], kind: str) -> list[Mapping[str, t.Any]]:
    items = seed.get(kind, [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise ValueError(f"{kind} must be a list of objects")
    return items


def _fields(kind: type[t.Any], item: Mapping[str, t.Any]) -> dict[str, t.Any]:
    names = {each.name for each in dataclasses.fields(kind)}
    unknown = set(item) - names
    if unknown:
        raise ValueError(f"a {kind.__name__} has no {', '.join(sorted(unknown))}; it has: {', '.join(sorted(names))}")
    return dict(item)
