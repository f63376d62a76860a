# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Every case of every module on bad days: what is disturbed must end as if it had not been, or say what happened.

The cases are in tests/unit/cases. Each is done once undisturbed, to learn what it answers, leaves behind and calls.
"""

from __future__ import annotations

import copy
import typing as t
from dataclasses import dataclass

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, comparable, differences, is_write
from ansible_collections.alicloud.tls.tests.unit.support.cases import Case, every_module
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

# Certificates are read for people to see what they are; an account that may not read them does not stop every task.
_MAY_BE_REFUSED = {"GetUserCertificateDetail", "ListUserCertificateOrder", "ListCertificates"}
_PRODUCTS = {"2020-06-16": "alb", "2020-04-07": "yundun-cert"}

_ALL = [each for module in every_module() for each in module.all]
# The first of each module that changes something, and the first that does not: for what one place does for all.
_FIRST = list({(each.module, each.changed): each for each in reversed(_ALL)}.values())
_CHANGING = [each for each in _ALL if each.changed and not each.module.endswith("_info")]


@dataclass
class Undisturbed:
    """
    :ivar calls: RAM actions and names of the actions that were called, in the order of their first call.
    :ivar left: how many of each kind of thing there are afterwards.
    """

    answer: Answer
    calls: dict[str, str]
    left: dict[str, int]


def things(stage: Stage) -> dict[str, int]:
    return {kind: len(them) for kind, them in stage.cloud.state().items() if kind != "jobs" and isinstance(them, list)}


@dataclass(frozen=True)
class Scene:
    """
    A case with its stage set. That takes most of the time of these tests, so each is set once and copied.

    :param options: of the task.
    :param cloud: what is in the cloud then, without calls.
    """

    options: Answer
    cloud: dict[str, t.Any]

    @classmethod
    def of(cls, case: Case, stage: Stage) -> Scene:
        """Set the stage, on a new cloud."""
        options = case.set_stage(stage)
        stage.cloud.settle()
        return cls(
            options, stage.cloud.do(lambda cloud: copy.deepcopy({name: getattr(cloud, name) for name in _PARTS}))
        )

    def enter(self, stage: Stage) -> Answer:
        """Make the cloud as it was; the options."""

        def fill(cloud: t.Any) -> None:
            cloud.reset()
            for name, value in copy.deepcopy(self.cloud).items():
                setattr(cloud, name, value)

        stage.cloud.do(fill)
        return copy.deepcopy(self.options)


_PARTS = ("world", "settings", "faults")
_SCENES: dict[Case, Scene] = {}
_UNDISTURBED: dict[Case, Undisturbed] = {}


def prepare(case: Case, stage: Stage) -> Answer:
    """Set the stage of a case; the options of its task."""
    if case not in _SCENES:
        _SCENES[case] = Scene.of(case, stage)
    return _SCENES[case].enter(stage)


def undisturbed(case: Case, stage: Stage) -> Undisturbed:
    """Do it, unless that was done for another test."""
    if case not in _UNDISTURBED:
        options = prepare(case, stage)
        answer = stage.run(case.module, **options)
        calls = {f"{_PRODUCTS[call.version]}:{call.action}": call.action for call in stage.cloud.calls}
        _UNDISTURBED[case] = Undisturbed(answer, calls, things(stage))
    return _UNDISTURBED[case]


def assert_as_undisturbed(wanted: Undisturbed, answer: Answer, stage: Stage) -> None:
    ignored = {"id", "number", "certificate_id", "identifier", "instance_id", "create_time"}
    assert differences(_without(ignored, comparable(wanted.answer)), _without(ignored, comparable(answer))) == []
    assert things(stage) == wanted.left


def _without(names: set[str], value: t.Any) -> t.Any:
    """Identifiers count up in one cloud; sentences name them."""
    if isinstance(value, dict):
        return {key: _without(names, each) for key, each in value.items() if key not in names and key != "steps"}
    if isinstance(value, list):
        return [_without(names, each) for each in value]
    return value


@pytest.mark.parametrize("case", [pytest.param(each, id=each.name) for each in _CHANGING])
def test_lost_answers_and_throttling_do_no_harm(case: Case, stage: Stage) -> None:
    """The answer to each kind of write is lost after the change was made; and the first calls are throttled."""
    wanted = undisturbed(case, stage)
    options = prepare(case, stage)
    for action in set(wanted.calls.values()):
        if is_write(action):
            stage.cloud.fault(action, kind="reset_after")
    stage.cloud.fault("*", code="Throttling.User", http_status=400, count=2)
    assert_as_undisturbed(wanted, stage.run(case.module, **options), stage)


@pytest.mark.parametrize("case", [pytest.param(each, id=each.name) for each in _ALL])
def test_a_missing_permission_is_named(case: Case, stage: Stage) -> None:
    wanted = undisturbed(case, stage)
    for permission, action in wanted.calls.items():
        options = prepare(case, stage)
        stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=999)
        if action in _MAY_BE_REFUSED:
            answer = stage.run.either(case.module, **options)
            assert not answer.get("failed") or permission in answer["msg"] or "cannot be told" in answer["msg"]
        else:
            answer = stage.run.fails(case.module, **options)
            assert permission in answer["msg"]
            assert answer["error"]["code"] == "Forbidden.RAM"
            assert bool(answer.get("steps")) is answer["changed"]


@pytest.mark.parametrize("case", [pytest.param(each, id=each.name) for each in _FIRST])
def test_a_page_in_place_of_an_answer_is_told(case: Case, stage: Stage) -> None:
    """What a proxy or a wrong endpoint answers."""
    wanted = undisturbed(case, stage)
    for action in [*wanted.calls.values()][:: max(len(wanted.calls) - 1, 1)]:
        options = prepare(case, stage)
        stage.cloud.fault(action, kind="html", count=999)
        answer = stage.run.either(case.module, **{**options, "call_timeout": 0.3})
        if action not in _MAY_BE_REFUSED:
            assert answer["failed"]
        if answer.get("failed"):
            assert action in answer["msg"]
            assert "not the API" in answer["msg"] or "Is that the right endpoint" in answer["msg"]


# CAS has no jobs.
_OF_ALB = [each for each in _CHANGING if each.module.startswith("alb_")]


@pytest.mark.parametrize("case", [pytest.param(each, id=each.name) for each in _OF_ALB])
def test_a_failed_job_is_told(case: Case, stage: Stage) -> None:
    """The cloud accepts a write and then fails to carry it out."""
    wanted = undisturbed(case, stage)
    options = prepare(case, stage)
    writes = [name for permission, name in wanted.calls.items() if is_write(name) and permission.startswith("alb:")]
    stage.cloud.fault(writes[-1], kind="job_failed", code="506", message="no luck today")
    answer = stage.run.either(case.module, **options)
    if answer.get("failed"):
        assert "506: no luck today" in answer["msg"]
        assert "Already done" in answer["msg"] or "put back" in answer["msg"] or not answer["changed"]
    else:
        # This write has no job that could fail.
        assert_as_undisturbed(wanted, answer, stage)
