# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The inquiry of the module alb_security_policy_info."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._alb.security_policy import is_system_id
from .._ansible.task import Inquiry, Run
from .._core.tags import tag_filter


def _look(run: Run) -> dict[str, list[dict[str, t.Any]]]:
    params = run.params
    tags = None if params["tags"] is None else tag_filter(params["tags"])
    policies = run.cloud.policies
    found = []
    if params["kind"] != "system":
        ids = None if params["ids"] is None else [one for one in params["ids"] if not is_system_id(one)]
        found = policies.custom(ids=ids, names=params["names"], tags=tags)
        if params["with_listeners"]:
            users = policies.users([str(one.id) for one in found])
            # One that is gone by now is not told any more.
            found = [replace(one, listeners=users[str(one.id)]) for one in found if one.id in users]
    # The system's have neither names nor tags.
    if params["kind"] != "custom" and params["names"] is None and not tags:
        ids = None if params["ids"] is None else [one for one in params["ids"] if is_system_id(one)]
        if ids != []:
            found += policies.of_system(ids)
    return {"security_policies": [one.to_row() for one in found]}


TASK = Inquiry(
    options={
        "ids": {"type": "list", "elements": "str"},
        "names": {"type": "list", "elements": "str"},
        "tags": {"type": "dict"},
        "kind": {"type": "str", "choices": ["all", "custom", "system"], "default": "all"},
        "with_listeners": {"type": "bool", "default": False},
    },
    look=_look,
)
