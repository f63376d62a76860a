# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What a task decides: the difference between two states, as steps in the order they must be done."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass


class State(t.Protocol):
    """What a resource is, or will be. Comparable with ==; holds no secret."""

    def title(self) -> str:
        """Names the resource above a diff."""

    def to_dict(self) -> dict[str, t.Any]:
        """The task's answer: plain JSON types."""

    def summary(self) -> dict[str, t.Any]:
        """The task's diff: what a person compares, without what only the cloud can choose."""


class Step(t.Protocol):
    """One write."""

    def sentence(self) -> str:
        """The API action and what it does, for C(steps) in the answer."""


@t.runtime_checkable
class Provisional(Step, t.Protocol):
    """A write that is there only for the next one to be possible; put back if that is refused."""

    def reversal(self) -> Step:
        """The write that puts back what was there before."""


@t.runtime_checkable
class Cautious(Provisional, t.Protocol):
    """One after which running the task again does not bring back everything, if the next one fails for good."""

    def caution(self) -> str:
        """What to do instead, for the user."""


StateT = t.TypeVar("StateT", bound=State)


@dataclass(frozen=True)
class Plan(t.Generic[StateT]):
    """
    The way from one state to another.

    :param before: what is there; None if the resource does not exist.
    :param after: what will be there; None if the resource will not exist.
    :param steps: the writes; there are some if, and only if, the states differ.
    """

    before: StateT | None
    after: StateT | None
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.steps) != (self.before != self.after):
            raise ValueError("a plan must have steps if, and only if, it changes something")

    @property
    def changed(self) -> bool:
        return bool(self.steps)
