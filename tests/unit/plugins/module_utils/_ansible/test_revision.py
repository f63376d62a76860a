# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task does after the API has refused a write, or its rehearsal: another plan, once."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.options import dry_run_options
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.task import Run, Task
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Plan, Step
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._ansible.boxes import Box, Grow, Shelf

KEYS = {"region": "cn-hangzhou", "access_key_id": "LTAI", "access_key_secret": "the-secret-of-the-key"}
REST = {"call_timeout": 1.0, "wait_timeout": 1.0, "secret": None, "text": None, "text_path": None}


def refusal(size: int) -> ApiError:
    return ApiError(
        action="Grow", code=f"No.{size}", detail="Not so.", status=400, request_id="REQ-1", endpoint="api.test"
    )


@dataclass
class Picky(Shelf):
    """
    A shelf that refuses some sizes, in rehearsals as well.

    :param detour: the sizes of the revised plan.
    :ivar asked: codes of the errors that a revision was asked for.
    """

    detour: tuple[int, ...] = ()
    asked: list[str] = field(default_factory=list)
    rehearsed: list[int] = field(default_factory=list)

    def revise(self, _run: Run, made: Plan[Box], error: ApiError) -> Plan[Box] | None:
        self.asked.append(error.code)
        return replace(made, steps=tuple(Grow(size, None) for size in self.detour)) if self.detour else None

    def rehearse(self, _run: Run, step: Step) -> bool:
        size = t.cast("Grow", step).to
        self.rehearsed.append(size)
        if size in self.fails_at:
            raise self.fails_at[size]
        return True

    def task(self) -> Task[Box, int]:
        task = super().task()
        options = {**task.options, **dry_run_options()}
        return replace(task, options=options, revise=self.revise, rehearse=self.rehearse)

    def answer(self, size: int, *, check_mode: bool = False, dry_run: bool = False) -> dict[str, t.Any]:
        task = self.task()
        params = {**dict.fromkeys(task.argument_spec()), **KEYS, **REST, "size": size, "check_mode_dry_run": dry_run}
        return task.run(params, check_mode=check_mode, diff=False, base_dir="/")


def test_a_refused_write_is_replaced_by_another_plan():
    shelf = Picky(Box(1), fails_at={2: refusal(2)}, detour=(5, 3))
    found = shelf.answer(3)
    assert found["steps"] == ["Grow: to 5", "Grow: to 3"]
    assert found["changed"]
    assert (shelf.sent, shelf.asked) == ([5, 3], ["No.2"])


def test_what_was_done_is_not_done_again():
    shelf = Picky(Box(1), fails_at={3: refusal(3)}, detour=(2, 5, 3))
    found = shelf.answer(4)
    # The revised plan meets the same refusal in the end, and is not revised itself.
    assert found["steps"] == ["Grow: to 2", "Grow: to 5"]
    assert (shelf.sent, shelf.asked) == ([2, 5], ["No.3"])
    assert "No.3" in found["msg"]


def test_a_plan_that_forgets_what_was_done_is_not_taken():
    shelf = Picky(Box(1), fails_at={3: refusal(3)}, detour=(5, 4))
    found = shelf.answer(4)
    assert found["failed"]
    assert (shelf.sent, shelf.asked) == ([2], ["No.3"])


def test_without_another_plan_the_refusal_is_the_answer():
    shelf = Picky(Box(1), fails_at={2: refusal(2)})
    found = shelf.answer(2)
    assert (found["failed"], found["changed"], shelf.asked) == (True, False, ["No.2"])


def test_check_mode_does_not_revise_what_it_does_not_rehearse():
    shelf = Picky(Box(1), fails_at={2: refusal(2)}, detour=(5, 3))
    found = shelf.answer(3, check_mode=True)
    assert found["steps"] == ["Grow: to 2", "Grow: to 3"]
    assert (shelf.rehearsed, shelf.asked) == ([], [])
    assert "dry_run" not in found


@pytest.mark.parametrize(
    ("fails", "rehearsed", "steps"),
    [
        pytest.param((), ["Grow: to 2"], ["Grow: to 2", "Grow: to 3"], id="taken"),
        pytest.param((2,), ["Grow: to 5"], ["Grow: to 5", "Grow: to 3"], id="revised"),
    ],
)
def test_a_rehearsal_shows_the_plan_that_the_api_takes(fails, rehearsed, steps):
    shelf = Picky(Box(1), fails_at={size: refusal(size) for size in fails}, detour=(5, 3))
    found = shelf.answer(3, check_mode=True, dry_run=True)
    assert (found["dry_run"], found["steps"], shelf.sent) == (rehearsed, steps, [])


@pytest.mark.parametrize("detour", [(), (2, 3)], ids=["none", "refused-too"])
def test_a_rehearsal_that_nothing_helps_fails(detour):
    shelf = Picky(Box(1), fails_at={2: refusal(2)}, detour=detour)
    found = shelf.answer(3, check_mode=True, dry_run=True)
    assert (found["failed"], found["changed"], found["error"]["code"]) == (True, False, "No.2")
    assert shelf.sent == []
