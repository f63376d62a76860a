# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task without a cloud behind it: boxes on a shelf, which grow step by step."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.alicloud.tls.plugins.module_utils._ansible.task import Run, Task
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Plan, Step


@dataclass(frozen=True)
class Box:
    """:param number: what only the shelf can choose."""

    size: int
    number: int | None = field(default=None, compare=False)

    def title(self) -> str:
        return "box"

    def to_dict(self) -> dict[str, t.Any]:
        return {"number": self.number, "size": self.size}

    def summary(self) -> dict[str, t.Any]:
        return {"size": self.size}


@dataclass(frozen=True)
class Grow:
    to: int
    secret: str | None = field(repr=False)

    def sentence(self) -> str:
        return f"Grow: to {self.to}"


@dataclass
class Shelf:
    """
    :param fails_at: the size that cannot be reached, and why.
    :param late: why the last write is not seen.
    :ivar sent: sizes that were sent.
    :ivar before: what each write was told of the one before it.
    """

    box: Box | None = None
    fails_at: dict[int, Exception] = field(default_factory=dict)
    late: Exception | None = None
    sent: list[int] = field(default_factory=list)
    before: list[int | None] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def make_plan(self, run: Run) -> Plan[Box]:
        self.runs.append(run)
        wanted = run.params["size"]
        if wanted is not None and wanted < 0:
            raise InputError(f"size must not be negative, not {wanted}.")
        here = self.box.size if self.box else 0
        if wanted is None:
            return Plan(self.box, None, (Grow(0, None),) if self.box else ())
        if self.box and here == wanted:
            return Plan(self.box, self.box)
        after = replace(self.box, size=wanted) if self.box else Box(wanted)
        return Plan(self.box, after, tuple(Grow(size, run.params["secret"]) for size in range(here + 1, wanted + 1)))

    def send(self, _run: Run, step: Step, before: int | None) -> int:
        size = t.cast("Grow", step).to
        self.before.append(before)
        if size in self.fails_at:
            raise self.fails_at[size]
        self.sent.append(size)
        self.box = Box(size, number=7) if size else None
        return size

    def settle(self, _run: Run, _plan: Plan[Box], _step: Step, _sent: int) -> Box | None:
        if self.late is not None:
            raise self.late
        return self.box

    def task(self) -> Task[Box, int]:
        return Task(
            answer="box",
            options={
                "size": {"type": "int"},
                "secret": {"type": "str", "no_log": True},
                "text": {"type": "str"},
                "text_path": {"type": "path"},
            },
            make_plan=self.make_plan,
            send=self.send,
            settle=self.settle,
            constraints={"mutually_exclusive": [("text", "text_path")]},
        )
