# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RETURN of a module documents is what it answers: names, nesting and types."""

from __future__ import annotations

import importlib
import typing as t

import pytest
import yaml
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, is_write
from ansible_collections.alicloud.tls.tests.unit.support.cases import every_module
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

MODULES = {each.module: each for each in every_module()}
TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}
# What answers of all modules have in common.
SHARED = {"steps", "api_calls", "waited", "error"}
# Documented by ansible-core for all modules.
COMMON = {"changed", "diff", "failed", "invocation", "msg", "exception", "warnings"}


def documented(module: str) -> Answer:
    found = importlib.import_module(f"ansible_collections.alicloud.tls.plugins.modules.{module}")
    told: Answer = yaml.safe_load(found.RETURN)
    return told


def done(stage: Stage, module: str) -> Answer:
    """The answer to the first of a module's cases, which changes something if the module can."""
    options = MODULES[module].all[0].set_stage(stage)
    return stage.run(module, **options)


def problems(told: Answer, answered: t.Mapping[str, t.Any], where: str) -> list[str]:
    found = [f"{where}{name} is not documented" for name in sorted(set(answered) - set(told) - COMMON)]
    found += [
        f"{where}{name} is not answered"
        for name, about in sorted(told.items())
        if name not in answered and about["returned"].partition(",")[0] in {"always", "success", "if known"}
    ]
    for name, value in answered.items():
        about = told.get(name)
        if about is None or value is None:
            continue
        if not isinstance(value, TYPES[about["type"]]):
            found.append(f"{where}{name} is no {about['type']}")
        if "contains" in about:
            for one in value if isinstance(value, list) else [value]:
                found += problems(about["contains"], one, f"{where}{name}.")
    return found


@pytest.mark.parametrize("module", MODULES)
def test_a_success_is_as_documented(stage: Stage, module: str) -> None:
    told = documented(module)
    assert problems(told, done(stage, module), "") == []


@pytest.mark.parametrize("module", MODULES)
def test_a_refusal_is_as_documented(stage: Stage, module: str) -> None:
    options = MODULES[module].all[0].set_stage(stage)
    stage.cloud.fault("*", code="Forbidden.RAM", http_status=403, count=9)
    answer = stage.run.fails(module, **options)
    told = {
        name: about for name, about in documented(module).items() if about["returned"].partition(",")[0] != "success"
    }
    assert problems(told, answer, "") == []
    assert answer["error"]["code"] == "Forbidden.RAM"


CHANGING = [name for name, cases in MODULES.items() if not cases.informs]


@pytest.mark.parametrize("module", CHANGING)
def test_a_failure_half_way_is_as_documented(stage: Stage, module: str) -> None:
    """It tells what was there before, so that it can be put back."""
    options = MODULES[module].all[0].set_stage(stage)
    stage.cloud.settle()
    stage.cloud.clear_calls()
    stage.run(module, **options)
    number = next(number for number, action in enumerate(stage.cloud.actions, 1) if is_write(action))
    stage.cloud.reset()
    options = MODULES[module].all[0].set_stage(stage)
    stage.cloud.settle()
    before = stage.run(module, check=True, **options)["previous"]
    stage.cloud.fault("*", kind="reset_after", nth=number, count=999)
    answer = stage.run.fails(module, **options, call_timeout=0.3)
    told = {name: about for name, about in documented(module).items() if name not in {"error", "dry_run"}}
    told = {name: about for name, about in told.items() if about["returned"] != "success"}
    assert problems(told, answer, "") == []
    assert answer["changed"]
    assert answer["previous"] == before


def test_what_is_missing_is_found() -> None:
    told: Answer = {
        "a": {"returned": "always", "type": "dict", "contains": {"b": {"returned": "always", "type": "int"}}}
    }
    assert problems(told, {"a": {"b": 1}}, "") == []
    assert problems(told, {}, "") == ["a is not answered"]
    assert problems(told, {"a": {"b": "x", "c": 1}}, "") == ["a.c is not documented", "a.b is no int"]


def test_texts_that_modules_share_are_the_same() -> None:
    """ansible-core before 2.20 has no fragments for RETURN."""
    texts: dict[str, tuple[str, Answer]] = {}
    for module in MODULES:
        told = documented(module)
        for name in SHARED & set(told):
            _forget_samples(told[name])
            first, text = texts.setdefault(name, (module, told[name]))
            assert told[name] == text, f"{name} of {module} is not as {first} has it"
    listeners = [
        documented(module)["listener"]["contains"]["certificates"] for module in ("alb_listener", "alb_listener_cert")
    ]
    assert listeners[0] == listeners[1]


def _forget_samples(about: Answer) -> None:
    about.pop("sample", None)
    for one in about.get("contains", {}).values():
        _forget_samples(one)
