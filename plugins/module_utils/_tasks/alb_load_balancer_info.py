# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The inquiry of the module alb_load_balancer_info."""

from __future__ import annotations

import typing as t

from .._ansible.task import Inquiry, Run
from .._core.tags import tag_filter


def _look(run: Run) -> dict[str, list[dict[str, t.Any]]]:
    params = run.params
    balancers = run.cloud.balancers
    found = balancers.load_balancers(
        params["load_balancers"],
        vpc_ids=params["vpc_ids"],
        tags=tag_filter(params["tags"] or {}),
        address_type=params["address_type"],
        status=params["status"],
    )
    if params["with_details"]:
        # One that is gone by now is not told any more.
        found = [one for one in run.cloud.at_once(balancers.with_zones, found) if one is not None]
    return {"load_balancers": [one.to_dict() for one in found]}


TASK = Inquiry(
    options={
        "load_balancers": {"type": "list", "elements": "str"},
        "vpc_ids": {"type": "list", "elements": "str"},
        "tags": {"type": "dict"},
        "address_type": {"type": "str", "choices": ["Internet", "Intranet"]},
        "status": {"type": "str", "choices": ["Active", "Configuring", "CreateFailed", "Inactive", "Provisioning"]},
        "with_details": {"type": "bool", "default": False},
    },
    look=_look,
)
