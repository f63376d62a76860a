# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Which targets of ansible-test CI runs, and in which fronts of the modules.

The sessions are those of noxfile.py, with the arguments that dev/check.py gives them; ansible-test itself is not run.
"""

from __future__ import annotations

import importlib
import types
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import check
import pytest
import tree
import yaml
from jinja2.nativetypes import NativeEnvironment

nox = pytest.importorskip("nox", reason="nox is not in this environment")

TARGETS = tree.ROOT / "tests/integration/targets"
MODULES = {path.stem for path in (tree.ROOT / "plugins/modules").glob("*.py")}
STEPS = [step for step in check.STEPS if step.session.startswith("integration-")]
# What alicloud_tls_fast_path is in each front.
FRONTS = {True: "controller", False: "module"}


class RefusedError(Exception):
    """The session has failed by itself."""


@dataclass(frozen=True)
class Run:
    """
    :param options: that ansible-test got.
    :param targets: that it was to run.
    :param variables: that targets have from it; None if no file with some was written.
    """

    options: list[str]
    targets: list[str]
    variables: dict[str, t.Any] | None


class Sessions:
    """Runs sessions of noxfile.py, with a stand-in for ansible-test."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(tree.ROOT)
        noxfile = importlib.import_module("noxfile")
        # Not where a session that runs now has its own.
        monkeypatch.setattr(noxfile, "RESULTS", directory / "results")
        self.collection = directory / "collection"
        (self.collection / "tests/integration").mkdir(parents=True)
        self.commands: list[list[str]] = []

        def prepare(tool: t.Any, *_arguments: object) -> None:
            tool._collection = self.collection

        def run(_tool: object, *arguments: str, silent: bool = False) -> str:
            self.commands.append(list(arguments))
            return "\n".join(each for each in arguments if not each.startswith("-")) if silent else ""

        monkeypatch.setattr(noxfile.AnsibleTest, "__init__", prepare)
        monkeypatch.setattr(noxfile.AnsibleTest, "run", run)
        monkeypatch.setattr(noxfile.AnsibleTest, "bring_back", lambda *_arguments: None)

    def run(self, name: str, *arguments: str) -> Run:
        self.commands.clear()
        written = self.collection / integration_variables(self.collection)
        written.unlink(missing_ok=True)

        def error(*told: object) -> t.NoReturn:
            raise RefusedError(*told)

        nox.registry.get()[name](types.SimpleNamespace(name=name, posargs=[*arguments], error=error))
        (command,) = (each for each in self.commands if "--list-targets" not in each)
        options = [each for each in command if each.startswith("-")]
        targets = [each for each in command if (TARGETS / each).is_dir()]
        variables = yaml.safe_load(written.read_text(encoding="utf-8")) if written.exists() else None
        return Run(options, targets, variables)


def integration_variables(collection: Path) -> str:
    """The file that ansible-test takes variables for its targets from, as it says itself."""
    layout = importlib.import_module("ansible_test._internal.provider.layout.collection")
    content = layout.CollectionLayout(str(collection)).create(str(collection), [])
    return t.cast("str", content.integration_vars_path)


def fronts_of(target: str, variables: dict[str, t.Any] | None) -> set[str]:
    """The fronts that a target is run in, as its tasks make them of the variables."""
    tasks = yaml.safe_load((TARGETS / target / "tasks/main.yml").read_text(encoding="utf-8"))
    engine = NativeEnvironment()
    found = set()
    for task in flat(tasks):
        chosen = task.get("vars", {}).get("alicloud_tls_fast_path")
        if chosen is not None:
            for item in engine.from_string(task["loop"]).render(variables or {}):
                fast = engine.from_string(chosen).render({task["loop_control"]["loop_var"]: item})
                found.add(FRONTS[bool(fast)])
    return found


def flat(tasks: list[dict[str, t.Any]]) -> Iterator[dict[str, t.Any]]:
    """Tasks, and those in blocks."""
    for task in tasks:
        yield task
        yield from flat(task.get("block", []))


@pytest.fixture
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    return Sessions(tmp_path, monkeypatch)


def test_ci_runs_each_target_of_a_module_in_both_fronts(sessions: Sessions) -> None:
    fronts: dict[str, set[str]] = {}
    for step in STEPS:
        for target in (run := sessions.run(step.session, *step.arguments)).targets:
            fronts.setdefault(target, set()).update(fronts_of(target, run.variables))
    assert set(fronts) >= MODULES
    assert {target: each for target, each in fronts.items() if each != set(FRONTS.values())} == {}


@pytest.mark.parametrize("step", [pytest.param(each, id=each.session) for each in STEPS])
def test_each_core_has_all_targets_once(sessions: Sessions, step: check.Step) -> None:
    run = sessions.run(step.session, *step.arguments)
    assert len(run.targets) == len(set(run.targets))
    assert set(run.targets) >= MODULES
    assert not [each for each in run.targets if each.startswith(("role_", "guides"))]
    # ansible-test does not know the option.
    assert not [each for each in run.options if "front" in each]


def test_without_a_front_targets_run_in_both(sessions: Sessions) -> None:
    run = sessions.run("integration-newest", "alb_listener", "-v")
    assert (run.targets, run.variables) == (["alb_listener"], None)
    assert "-v" in run.options
    assert fronts_of("alb_listener", run.variables) == set(FRONTS.values())


@pytest.mark.parametrize("front", FRONTS.values())
@pytest.mark.parametrize("target", sorted(MODULES))
def test_a_target_runs_in_the_front_that_is_named(sessions: Sessions, target: str, front: str) -> None:
    run = sessions.run("integration-newest", f"--front={front}", target)
    assert run.targets == [target]
    assert fronts_of(target, run.variables) == {front}


@pytest.mark.parametrize("wrong", ["modul", "", "controller,module", "Module"])
def test_a_front_that_there_is_not_is_refused(sessions: Sessions, wrong: str) -> None:
    """Else nothing, or both, would be run, and pass."""
    with pytest.raises(RefusedError, match=f"there is no front .*{wrong}"):
        sessions.run("integration-newest", "--front=module", f"--front={wrong}", "alb_listener")
    assert sessions.commands == []
