# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of modules: what each can do, for the tests that every module has to pass."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

# Modules that call no API: they take no options of the connection, are in no action group that sets these, answer
# nothing about calls, and have tests of their own in place of cases.
CLOUDLESS = {"tls_endpoint_info"}
SetStage = Callable[[Stage], Answer]


@dataclass(frozen=True)
class Case:
    """
    A task of a module.

    :param changed: whether it changes something.
    :param set_stage: puts there what has to be there before, and returns the options of the task.
    """

    module: str
    changed: bool
    set_stage: SetStage

    @property
    def name(self) -> str:
        return f"{self.module}: {self.set_stage.__name__.strip('_').replace('_', ' ')}"


@dataclass
class Cases:
    """The cases of one module, in the order of their definition; an information module has none that change."""

    module: str
    all: list[Case] = field(default_factory=list)

    def case(self, changed: bool = True) -> Callable[[SetStage], SetStage]:
        """Register a case: a function that sets the stage and returns the options of the task."""

        def register(function: SetStage) -> SetStage:
            self.all.append(Case(self.module, changed, function))
            return function

        return register

    @property
    def informs(self) -> bool:
        return self.module.endswith("_info")


def every_module() -> Iterator[Cases]:
    """The cases of all modules that have some, by name of the module: one file for each in tests/unit/cases."""
    for file in sorted((Path(__file__).parents[1] / "cases").glob("*.py")):
        found = importlib.import_module(f"ansible_collections.alicloud.tls.tests.unit.cases.{file.stem}").CASES
        assert found.module == file.stem
        yield found
