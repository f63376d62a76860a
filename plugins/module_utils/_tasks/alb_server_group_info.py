# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The inquiry of the module alb_server_group_info."""

from __future__ import annotations

import typing as t

from .._ansible.task import Inquiry, Run
from .._core.tags import tag_filter


def _look(run: Run) -> dict[str, list[dict[str, t.Any]]]:
    params = run.params
    balancers = run.cloud.balancers
    found = balancers.server_groups(
        params["server_groups"],
        vpc_ids=params["vpc_ids"],
        tags=tag_filter(params["tags"] or {}),
        kind=params["type"],
    )
    if params["with_servers"]:
        # One that is gone by now is not told any more.
        found = [one for one in run.cloud.at_once(balancers.with_servers, found) if one is not None]
    return {"server_groups": [one.to_dict() for one in found]}


TASK = Inquiry(
    options={
        "server_groups": {"type": "list", "elements": "str"},
        "vpc_ids": {"type": "list", "elements": "str"},
        "tags": {"type": "dict"},
        "type": {"type": "str", "choices": ["Fc", "Instance", "Ip"]},
        "with_servers": {"type": "bool", "default": False},
    },
    look=_look,
)
