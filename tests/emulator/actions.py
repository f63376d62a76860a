# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions as a table: name, parameters, and the function that answers."""

from __future__ import annotations

import hashlib
import json
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .clock import Clock
from .errors import refusal
from .invented import invented
from .parameters import Arguments, Parameter, flag, integer, text
from .settings import Settings
from .world import World

Fields = dict[str, t.Any]
PAGING = (integer("MaxResults", 1, 100), text("NextToken"))
WRITING = (text("ClientToken"), flag("DryRun"))
_ItemT = t.TypeVar("_ItemT")


@dataclass(frozen=True)
class Context:
    """One call, for the function that answers it."""

    action: str
    arguments: Arguments
    world: World
    settings: Settings
    clock: Clock
    job_failure: tuple[str, str] | None = None
    """Code and message with which the job of this call is to fail."""

    def passed(self) -> None:
        """
        To be called between the checks and the change.

        :raises ApiRefusal: DryRunOperation, if this was a dry run
        """
        if self.arguments.flag("DryRun"):
            raise refusal("DryRunOperation")

    def page(self, things: list[_ItemT], *, default: int = 20) -> tuple[list[_ItemT], Fields]:
        """
        Cut the page that MaxResults and NextToken ask for.

        :return: the page, and the fields that tell of it
        """
        size = self.arguments.integer("MaxResults", default)
        mark = hashlib.sha256(
            json.dumps([self.action, self.arguments.without("NextToken", "MaxResults")], sort_keys=True).encode()
        ).hexdigest()[:24]
        begin = 0
        token = self.arguments.text("NextToken")
        if token:
            head, _dash, offset = token.partition("-")
            if head != mark or not offset.isdecimal() or int(offset) > len(things):
                raise invented("next-token", "NextToken is not valid.")
            begin = int(offset)
        end = begin + size
        following = f"{mark}-{end}" if end < len(things) else ""
        return things[begin:end], {"MaxResults": size, "NextToken": following, "TotalCount": len(things)}


@dataclass(frozen=True)
class Action:
    name: str
    parameters: Mapping[str, Parameter]
    required: tuple[str, ...]
    answer: Callable[[Context], Fields]
    summary: str


@dataclass
class Catalogue:
    """The actions of one product in one version."""

    product: str
    version: str
    host: str
    """HostId of its errors."""
    actions: dict[str, Action] = field(default_factory=dict)

    def action(
        self, name: str, *parameters: Parameter, required: tuple[str, ...] = ()
    ) -> Callable[[Callable[[Context], Fields]], Callable[[Context], Fields]]:
        """Register the decorated function as the answer to an action."""

        def register(answer: Callable[[Context], Fields]) -> Callable[[Context], Fields]:
            summary = " ".join((answer.__doc__ or "").split())
            table = {each.name: each for each in parameters}
            self.actions[name] = Action(name, table, required, answer, summary)
            return answer

        return register
