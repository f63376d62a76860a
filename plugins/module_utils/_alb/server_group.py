# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Server groups: what listeners forward requests to."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._core.plain import as_plain


@dataclass(frozen=True)
class Server:
    """
    A server in a group. All is None where the API does not tell it.

    :param type: C(Ecs), C(Eni), C(Eci), C(Ip) or C(Fc).
    :param status: C(Available), or C(Adding), C(Configuring) or C(Removing) meanwhile.
    """

    id: str | None = None
    ip: str | None = None
    type: str | None = None
    port: int | None = None
    weight: int | None = None
    status: str | None = None
    description: str | None = None
    remote_ip_enabled: bool | None = None


@dataclass(frozen=True)
class HealthCheck:
    """:param interval: in seconds, like the timeout. :param port: 0 is that of each server."""

    enabled: bool | None = None
    protocol: str | None = None
    port: int | None = None
    host: str | None = None
    path: str | None = None
    method: str | None = None
    http_version: str | None = None
    codes: tuple[str, ...] = ()
    interval: int | None = None
    timeout: int | None = None
    healthy_threshold: int | None = None
    unhealthy_threshold: int | None = None


@dataclass(frozen=True)
class StickySession:
    """:param cookie_timeout: in seconds."""

    enabled: bool | None = None
    type: str | None = None
    cookie: str | None = None
    cookie_timeout: int | None = None


@dataclass(frozen=True)
class ServerGroup:
    """
    A server group. All but the id is None where the API does not tell it.

    :param id: C(sgp-…).
    :param type: C(Instance), C(Ip) or C(Fc).
    :param protocol: C(HTTP), C(HTTPS) or C(GRPC).
    :param connection_drain: seconds that connections to a server may last after it was removed; None if there is no
        such limit.
    :param slow_start: seconds in which a new server gets its full share; None if that is at once.
    :param servers: None if nobody has asked; lists do not tell them.
    """

    id: str
    name: str | None = None
    status: str | None = None
    type: str | None = None
    protocol: str | None = None
    scheduler: str | None = None
    vpc_id: str | None = None
    resource_group_id: str | None = None
    service_name: str | None = None
    load_balancer_ids: tuple[str, ...] = ()
    server_count: int | None = None
    health_check: HealthCheck = HealthCheck()
    sticky_session: StickySession = StickySession()
    connection_drain: int | None = None
    slow_start: int | None = None
    upstream_keepalive_enabled: bool | None = None
    cross_zone_enabled: bool | None = None
    ipv6_enabled: bool | None = None
    create_time: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    servers: tuple[Server, ...] | None = None

    def to_dict(self) -> dict[str, t.Any]:
        found: dict[str, t.Any] = as_plain(self)
        return found
