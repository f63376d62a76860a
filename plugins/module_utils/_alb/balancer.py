# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Load balancers: what listeners and their certificates may be on them."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._core.plain import as_plain


@dataclass(frozen=True)
class ZoneAddress:
    """
    What a load balancer can be reached at in one zone.

    :param address: the public IPv4 address; None of a load balancer in an intranet.
    :param intranet_address_health: of the servers, as seen from there: C(Healthy) or C(Unhealthy).
    """

    address: str | None = None
    allocation_id: str | None = None
    eip_type: str | None = None
    intranet_address: str | None = None
    intranet_address_health: str | None = None
    ipv4_local_addresses: tuple[str, ...] = ()
    ipv6_address: str | None = None
    ipv6_address_health: str | None = None
    ipv6_local_addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Zone:
    """:param status: C(Active), C(Stopped), C(Shifted), C(Starting) or C(Stopping)."""

    id: str | None
    vswitch_id: str | None
    status: str | None
    addresses: tuple[ZoneAddress, ...]


@dataclass(frozen=True)
class AccessLog:
    """Where the access log goes: a project and a store in it, in Simple Log Service."""

    project: str | None
    store: str | None


@dataclass(frozen=True)
class OperationLock:
    """Why the cloud refuses changes, such as C(FinancialLocked)."""

    type: str | None
    reason: str | None


@dataclass(frozen=True)
class LoadBalancer:
    """
    A load balancer. All but the id is None where the API does not tell it.

    :param id: C(alb-…).
    :param edition: C(Basic), C(Standard), C(StandardWithWaf), or one that the API has learnt since.
    :param status: C(Active), or one of the states in which it takes no changes.
    :param business_status: C(Normal), or C(Abnormal) when it takes no changes because of overdue payment, say.
    :param zones: None if nobody has asked; lists do not tell them.
    """

    id: str
    name: str | None = None
    edition: str | None = None
    status: str | None = None
    vpc_id: str | None = None
    business_status: str | None = None
    dns_name: str | None = None
    address_type: str | None = None
    address_ip_version: str | None = None
    ipv6_address_type: str | None = None
    address_allocated_mode: str | None = None
    bandwidth_package_id: str | None = None
    resource_group_id: str | None = None
    security_group_ids: tuple[str, ...] = ()
    access_log: AccessLog | None = None
    deletion_protection: bool | None = None
    modification_protection: str | None = None
    operation_locks: tuple[OperationLock, ...] = ()
    pay_type: str | None = None
    create_time: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    zones: tuple[Zone, ...] | None = None

    @property
    def basic(self) -> bool:
        return self.edition == "Basic"

    def label(self) -> str:
        return f"{self.id} ({self.name})" if self.name else self.id

    def to_dict(self) -> dict[str, t.Any]:
        found: dict[str, t.Any] = as_plain(self)
        return found
