# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of load balancers, listeners, server groups and TLS policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..actions import PAGING, Context, Fields
from ..errors import ApiRefusal, missing, refusal
from ..invented import invented
from ..listener_rules import read_tags
from ..parameters import flag, text
from .common import ALB, TAGS, tagged

_TYPES: dict[str, Callable[[str], ApiRefusal]] = {
    "acl": lambda name: refusal("ResourceNotFound.Acl", name),
    "loadbalancer": lambda name: refusal("ResourceNotFound.LoadBalancer", name),
    "listener": lambda name: refusal("ResourceNotFound.Listener", name),
    "securitypolicy": lambda name: refusal("ResourceNotFound.SecurityPolicy", name),
    "servergroup": lambda name: refusal("ResourceNotFound.ServerGroup", name),
}
"""Type -> the refusal when there is none of that id."""
_RESOURCES = (text("ResourceId.N", items=50), text("ResourceType", *_TYPES))


@ALB.action("TagResources", *_RESOURCES, *TAGS, required=("ResourceId", "ResourceType", "Tag"))
def tag_resources(context: Context) -> Fields:
    """Sets tags at once; a key that is there gets the new value."""
    tags = read_tags(context.arguments, "Tag")
    if not tags:
        raise missing("Tag")
    for of_resource in [each for _name, each in _resources(context)]:
        of_resource.update(tags)
    return {}


@ALB.action(
    "UnTagResources",
    *_RESOURCES,
    text("TagKey.N", items=20),
    *TAGS,
    flag("All"),
    required=("ResourceId", "ResourceType"),
)
def un_tag_resources(context: Context) -> Fields:
    """Takes tags away at once: those of TagKey, those of Tag (key and value), or with All every one."""
    arguments = context.arguments
    keys, pairs = arguments.texts("TagKey"), read_tags(arguments, "Tag")
    every = arguments.flag("All") and not keys and not pairs
    for of_resource in [each for _name, each in _resources(context)]:
        for key, value in list(of_resource.items()):
            if every or key in keys or (key in pairs and pairs[key] in ("", value)):
                del of_resource[key]
    return {}


@ALB.action("ListTagResources", *_RESOURCES, *TAGS, *PAGING, required=("ResourceType",))
def list_tag_resources(context: Context) -> Fields:
    """The tags of resources that are named, or that have certain tags. Its pages have no TotalCount."""
    wanted = read_tags(context.arguments, "Tag")
    if not wanted and not context.arguments.texts("ResourceId"):
        raise invented("tag-query", "ResourceId or Tag must be given.")
    kind = context.arguments.text("ResourceType")
    rows: list[Fields] = [
        {"ResourceId": name, "ResourceType": kind, "TagKey": key, "TagValue": value}
        for name, tags in _resources(context)
        if tagged(tags, wanted)
        for key, value in tags.items()
    ]
    found, page = context.page(rows)
    del page["TotalCount"]
    return {"TagResources": found, **page}


def _resources(context: Context) -> Iterable[tuple[str, dict[str, str]]]:
    """
    Ids and tags of the resources that are named, else of all of that type.

    :raises ApiRefusal: there is none of that id
    """
    world, kind = context.world, context.arguments.text("ResourceType")
    there: dict[str, dict[str, str]] = {}
    if kind == "loadbalancer":
        there = {name: each.tags for name, each in world.load_balancers.items()}
    elif kind == "listener":
        there = {name: each.tags for name, each in world.listeners.items()}
    elif kind == "securitypolicy":
        there = {name: each.tags for name, each in world.security_policies.items()}
    elif kind == "servergroup":
        there = {name: each.tags for name, each in world.server_groups.items()}
    ids = context.arguments.texts("ResourceId")
    for name in ids:
        if name not in there:
            raise _TYPES[kind](name)
    return [(name, tags) for name, tags in there.items() if not ids or name in ids]
