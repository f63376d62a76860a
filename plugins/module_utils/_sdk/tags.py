# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The tag actions of ALB, which all of its resources share."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._core.tags import TagResource, UntagResource
from .alb import Request


def tag_request(step: TagResource | UntagResource) -> Request:
    """A step as the API takes it."""
    where = {"ResourceType": step.kind, "ResourceId": [step.resource_id]}
    if isinstance(step, TagResource):
        return Request("TagResources", {**where, "Tag": tag_list(step.tags)})
    return Request("UnTagResources", {**where, "TagKey": list(step.keys)})


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as requests have them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def read_tags(rows: t.Iterable[Mapping[str, t.Any]] | None) -> dict[str, str]:
    """Tags as answers have them, sorted by key."""
    found = {str(row["Key"]): str(row.get("Value") or "") for row in rows or []}
    return dict(sorted(found.items()))
