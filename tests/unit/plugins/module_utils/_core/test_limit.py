# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading

from ansible_collections.alicloud.tls.plugins.module_utils._core.limit import Limit, Limiter
from hypothesis import given, strategies as st


def limiter(calls: int = 3, seconds: float = 10) -> Limiter:
    return Limiter({"List": Limit(calls, seconds)})


def test_as_many_as_allowed_go_at_once():
    one = limiter()
    assert [one.reserve("List", 100.0) for _unused in range(3)] == [0, 0, 0]
    assert one.reserve("List", 100.0) == 10


def test_the_window_moves_on():
    one = limiter()
    for now in (100.0, 104.0, 108.0):
        assert one.reserve("List", now) == 0
    assert one.reserve("List", 109.0) == 1  # at 110
    assert one.reserve("List", 113.0) == 1  # at 114
    assert one.reserve("List", 200.0) == 0


def test_times_are_given_out_once():
    one = limiter()
    waits = [one.reserve("List", 100.0) for _unused in range(9)]
    assert waits == [0, 0, 0, 10, 10, 10, 20, 20, 20]


def test_each_action_has_its_own():
    one = Limiter({"List": Limit(1, 10)}, Limit(2, 10))
    assert [one.reserve("List", 0.0), one.reserve("List", 0.0)] == [0, 10]
    assert [one.reserve("Get", 0.0) for _unused in range(3)] == [0, 0, 10]
    assert one.reserve("Other", 0.0) == 0


def test_without_a_limit_nobody_waits():
    one = limiter(calls=1)
    assert {one.reserve("Get", 0.0) for _unused in range(1000)} == {0.0}


@given(
    gaps=st.lists(st.floats(0, 20), min_size=1, max_size=60),
    calls=st.integers(1, 5),
    seconds=st.floats(0.5, 30),
)
def test_no_window_holds_more_than_allowed(gaps, calls, seconds):
    one = limiter(calls, seconds)
    now, made = 0.0, []
    for gap in gaps:
        now += gap
        made.append(now + one.reserve("List", now))
    made.sort()
    for first, later in zip(made, made[calls:], strict=False):
        assert later - first >= seconds * (1 - 1e-9)


def test_threads_are_given_different_times():
    one = limiter(calls=1, seconds=1)
    waits: list[float] = []

    def ask() -> None:
        waits.extend(one.reserve("List", 0.0) for _unused in range(50))

    threads = [threading.Thread(target=ask) for _unused in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == list(range(200))
