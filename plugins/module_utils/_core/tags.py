# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Tags of resources: what is wanted of them, and the writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import InputError

# As documented: of TagResources and UnTagResources in one call, and of a tag.
TAGS_PER_CALL = 20
_LONGEST = 128
_RESERVED = ("aliyun", "acs:")


@dataclass(frozen=True)
class TagResource:
    """
    Sets tags; a key that is there gets the new value.

    :param kind: type of the resource as the tag actions know it, such as C(securitypolicy).
    """

    kind: str
    resource_id: str
    tags: Mapping[str, str]

    def sentence(self) -> str:
        return f"TagResources: set {shown_tags(self.tags)} on {self.resource_id}"


@dataclass(frozen=True)
class UntagResource:
    """Takes tags away. :param kind: as of TagResource."""

    kind: str
    resource_id: str
    keys: tuple[str, ...]

    def sentence(self) -> str:
        return f"UnTagResources: remove {', '.join(self.keys)} from {self.resource_id}"


def shown_tags(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))


def read_tags(given: Mapping[object, object]) -> dict[str, str]:
    """
    Tags as an option gives them.

    :raises InputError: for those that break the documented rules.
    """
    tags: dict[str, str] = {}
    for name, content in given.items():
        key, value = str(name), _text(name, content)
        if not key or max(len(key), len(value)) > _LONGEST:
            raise InputError(f"Tag {key!r}: a key has 1 to {_LONGEST} characters, a value at most {_LONGEST}.")
        if key.startswith(_RESERVED):
            raise InputError(f"Tag {key!r}: keys that start with {' or '.join(_RESERVED)} are the cloud's own.")
        if any(mark in text for mark in ("http://", "https://") for text in (key, value)):
            raise InputError(f"Tag {key!r}: neither http:// nor https:// may be in a tag.")
        tags[key] = value
    if len(tags) > TAGS_PER_CALL:
        raise InputError(f"{len(tags)} tags were given; the API takes {TAGS_PER_CALL} in a call.")
    return tags


def tag_filter(given: Mapping[object, object]) -> dict[str, str]:
    """
    Tags to look for, as an option gives them; they may be those of the cloud.

    :raises InputError: for what no tag can be, or if they are too many.
    """
    tags = {str(name): _text(name, content) for name, content in given.items()}
    if "" in tags:
        raise InputError("Tag '': a key is not empty.")
    if len(tags) > TAGS_PER_CALL:
        raise InputError(f"{len(tags)} tags were given; the API takes {TAGS_PER_CALL} in a call.")
    return tags


def _text(name: object, content: object) -> str:
    if isinstance(content, (bool, dict, list)):
        raise InputError(f"The value of tag {name} must be text, not {content!r}; put quotes around it.")
    return "" if content is None else str(content)


def tags_afterwards(there: Mapping[str, str], wanted: Mapping[str, str] | None, *, purge: bool) -> dict[str, str]:
    """
    What the tags are to be.

    :param wanted: None leaves all alone.
    :param purge: whether those that are not wanted go; the cloud's own stay.
    """
    if wanted is None:
        return dict(there)
    kept = {key: value for key, value in there.items() if not purge or key.startswith(_RESERVED)}
    return {**kept, **wanted}


def tag_steps(
    kind: str, resource_id: str, there: Mapping[str, str], afterwards: Mapping[str, str]
) -> tuple[TagResource | UntagResource, ...]:
    """The writes between two sets of tags. Removals come first: a resource has room for so many only."""
    gone = tuple(sorted(set(there) - set(afterwards)))
    new = {key: value for key, value in afterwards.items() if there.get(key) != value}
    steps: list[TagResource | UntagResource] = [
        UntagResource(kind, resource_id, gone[start : start + TAGS_PER_CALL])
        for start in range(0, len(gone), TAGS_PER_CALL)
    ]
    if new:
        steps.append(TagResource(kind, resource_id, new))
    return tuple(steps)
