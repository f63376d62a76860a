# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Load balancers and server groups, which listeners connect."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .._alb.balancer import LoadBalancer
from .._core.errors import ApiError, InputError, NotFoundError
from .alb import AlbApi, value_of

LOAD_BALANCER_ID = re.compile(r"alb-[0-9a-z]+")
SERVER_GROUP_ID = re.compile(r"sgp-[0-9a-z]+")
_NOT_FOUND = ("ResourceNotFound.LoadBalancer", "-735")


class Balancers:
    """:param api: ALB in the region of the task."""

    def __init__(self, api: AlbApi) -> None:
        self._api = api

    def load_balancer(self, load_balancer: str) -> LoadBalancer:
        """
        Look a load balancer up by id or name.

        :raises NotFoundError: if there is none.
        :raises InputError: if several have that name.
        """
        if LOAD_BALANCER_ID.fullmatch(load_balancer):
            try:
                answer = self._api.read("GetLoadBalancerAttribute", {"LoadBalancerId": load_balancer})
            except ApiError as error:
                if error.code not in _NOT_FOUND:
                    raise
            else:
                return _read_load_balancer({"LoadBalancerId": load_balancer, **answer})
        rows = self._api.pages("ListLoadBalancers", {"LoadBalancerNames": [load_balancer]}, "LoadBalancers")
        found = [_read_load_balancer(row) for row in rows if row.get("LoadBalancerName") == load_balancer]
        if len(found) > 1:
            ids = ", ".join(sorted(one.id for one in found))
            raise InputError(f"{len(found)} load balancers are named {load_balancer!r}: {ids}. Give the id of one.")
        if not found:
            raise NotFoundError(
                f"There is no ALB load balancer with the id or name {load_balancer!r} {self._api.where}."
            )
        return found[0]

    def server_group_id(self, server_group: str) -> str:
        """
        Id of a server group given by id or name.

        :raises NotFoundError: if there is none.
        :raises InputError: if several have that name.
        """
        by_id = SERVER_GROUP_ID.fullmatch(server_group) is not None
        where, attribute = ("ServerGroupIds", "ServerGroupId") if by_id else ("ServerGroupNames", "ServerGroupName")
        rows = self._api.pages("ListServerGroups", {where: [server_group]}, "ServerGroups")
        found = sorted(str(row["ServerGroupId"]) for row in rows if row.get(attribute) == server_group)
        if not found:
            raise NotFoundError(
                f"There is no server group with the {'id' if by_id else 'name'} {server_group!r} {self._api.where}."
            )
        if len(found) > 1:
            raise InputError(f"{len(found)} server groups are named {server_group!r}: {', '.join(found)}. Give an id.")
        return found[0]


def _read_load_balancer(answer: Mapping[str, t.Any]) -> LoadBalancer:
    return LoadBalancer(
        id=str(answer["LoadBalancerId"]),
        name=value_of(answer.get("LoadBalancerName")),
        edition=value_of(answer.get("LoadBalancerEdition")),
        status=value_of(answer.get("LoadBalancerStatus")),
        vpc_id=value_of(answer.get("VpcId")),
        # Absent while there is none.
        access_log=bool((answer.get("AccessLogConfig") or {}).get("LogProject")),
    )
