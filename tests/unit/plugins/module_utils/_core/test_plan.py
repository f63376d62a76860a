# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from dataclasses import FrozenInstanceError, dataclass

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Plan


@dataclass(frozen=True)
class Box:
    size: int

    def title(self) -> str:
        return "box"

    def to_dict(self) -> dict[str, t.Any]:
        return {"size": self.size}

    def summary(self) -> dict[str, t.Any]:
        return self.to_dict()


@dataclass(frozen=True)
class Resize:
    to: int

    def sentence(self) -> str:
        return f"Resize: {self.to}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, Box(1), id="create"),
        pytest.param(Box(1), Box(2), id="change"),
        pytest.param(Box(1), None, id="remove"),
    ],
)
def test_a_difference_needs_steps(before, after):
    assert Plan(before, after, (Resize(1),)).changed
    with pytest.raises(ValueError, match="if, and only if"):
        Plan(before, after)


@pytest.mark.parametrize("state", [None, Box(1)])
def test_steps_need_a_difference(state):
    assert not Plan(state, state).changed
    with pytest.raises(ValueError, match="if, and only if"):
        Plan(state, state, (Resize(1),))


def test_equal_is_enough():
    assert not Plan(Box(1), Box(1)).changed


def test_a_plan_stays_as_it_was_made():
    plan = Plan(Box(1), Box(2), (Resize(2),))
    with pytest.raises(FrozenInstanceError):
        plan.after = Box(3)  # type: ignore[misc]  # that is the point
