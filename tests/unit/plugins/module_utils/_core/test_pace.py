# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
import sys
import threading

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core import pace as pace_module
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import DeadlineError
from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._core.fake_time import FakeTime
from hypothesis import given, strategies as st


@pytest.fixture(name="time")
def fake_time() -> FakeTime:
    return FakeTime()


def planned_pauses() -> list[float]:
    pauses = [pace_module._FIRST_PAUSE]
    while pauses[-1] < pace_module._LONGEST_PAUSE:
        pauses.append(min(pauses[-1] * pace_module._GROWTH, pace_module._LONGEST_PAUSE))
    return pauses


def test_pauses_grow_up_to_the_longest(time):
    tries = time.pace(1000).tries()
    wanted = [*planned_pauses(), pace_module._LONGEST_PAUSE, pace_module._LONGEST_PAUSE]
    lasts = list(itertools.islice(tries, len(wanted) + 1))
    assert time.pauses == pytest.approx(wanted)
    assert not any(lasts)


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2, 1.0, 12.5, 300.0])
def test_tries_end_at_the_deadline(time, seconds):
    lasts = list(time.pace(seconds).tries())
    assert lasts == [False] * (len(lasts) - 1) + [True]
    assert sum(time.pauses) == pytest.approx(seconds)
    assert len(time.pauses) == len(lasts) - 1


@given(chances=st.lists(st.floats(0, 1), min_size=1, max_size=20), seconds=st.floats(0, 100))
def test_jitter_stays_within_a_quarter_and_the_deadline(chances, seconds):
    time = FakeTime()
    chance = itertools.cycle(chances)
    list(Pace(seconds, clock=time.clock, sleep=time.sleep, chance=lambda: next(chance)).tries())
    planned = itertools.chain(planned_pauses(), itertools.repeat(pace_module._LONGEST_PAUSE))
    for length, whole in zip(time.pauses[:-1], planned, strict=False):
        assert 0.75 * whole * 0.999 <= length <= 1.25 * whole * 1.001
    assert all(length <= 1.25 * pace_module._LONGEST_PAUSE for length in time.pauses)
    assert sum(time.pauses) == pytest.approx(seconds)


def test_time_spent_by_the_tries_counts(time):
    lasts = []
    for last in time.pace(10).tries():
        lasts.append(last)
        time.now += 4
    assert lasts == [False, False, False, True]
    assert sum(time.pauses) < 1


@pytest.mark.parametrize(
    ("seconds", "within", "wanted"),
    [
        pytest.param(100, 3, 3, id="shorter"),
        pytest.param(3, 100, 3, id="deadline-is-sooner"),
        pytest.param(100, 0, 0, id="none"),
    ],
)
def test_within(time, seconds, within, wanted):
    list(time.pace(seconds).tries(within))
    assert sum(time.pauses) == pytest.approx(wanted)


def test_the_deadline_is_that_of_the_task(time):
    pace = time.pace(10)
    list(pace.tries(6))
    list(pace.tries(6))
    assert sum(time.pauses) == pytest.approx(10)
    assert list(pace.tries()) == [True]


def test_asked_pause_is_made_once(time):
    pace = time.pace(100)
    tries = pace.tries()
    next(tries)
    pace.ask_for_pause(7)
    next(tries)
    next(tries)
    assert time.pauses == pytest.approx([7, pace_module._FIRST_PAUSE * pace_module._GROWTH])


def test_asked_pause_does_not_shorten(time):
    pace = time.pace(100)
    tries = pace.tries()
    next(tries)
    pace.ask_for_pause(0.001)
    next(tries)
    assert time.pauses == pytest.approx([pace_module._FIRST_PAUSE])


def test_asked_pause_ends_at_the_deadline(time):
    pace = time.pace(5)
    tries = pace.tries()
    next(tries)
    pace.ask_for_pause(3600)
    assert next(tries) is True
    assert time.pauses == pytest.approx([5])


def test_waited_sums_all_pauses(time):
    pace = time.pace(100)
    assert pace.waited == 0
    list(pace.tries(2))
    list(pace.tries(3))
    assert pace.waited == pytest.approx(5)
    assert pace.waited == pytest.approx(sum(time.pauses))


def test_until_returns_what_is_good_without_a_pause(time):
    assert time.pace(10).until(lambda: 5, lambda seen: seen == 5, str) == 5
    assert time.pauses == []


def test_until_looks_again(time):
    seen = iter([1, 2, 3, 4])
    assert time.pace(10).until(lambda: next(seen), lambda one: one == 3, str) == 3
    assert len(time.pauses) == 2


def test_until_tells_what_it_saw_last(time):
    seen = itertools.count(1)
    looks: list[int] = []

    def look() -> int:
        looks.append(next(seen))
        return looks[-1]

    with pytest.raises(DeadlineError) as caught:
        time.pace(10).until(look, lambda _seen: False, lambda last: f"still {last}")
    assert caught.value.message == f"still {looks[-1]}"
    assert sum(time.pauses) == pytest.approx(10)


def test_until_pauses_first_after_a_write(time):
    looked_at: list[float] = []

    def look() -> bool:
        looked_at.append(time.now)
        return True

    start = time.now
    time.pace(10).until(look, bool, str, pause_first=True)
    assert [at - start for at in looked_at] == pytest.approx([pace_module._FIRST_PAUSE])


@pytest.mark.parametrize("pause_first", [False, True])
def test_until_looks_once_even_if_no_time_is_left(time, pause_first):
    """The last try of a busy write may succeed at the deadline; whether it shows has to be looked at all the same."""
    pace = time.pace(3)
    list(pace.tries())
    assert pace.until(lambda: 5, lambda seen: seen == 5, str, pause_first=pause_first) == 5
    with pytest.raises(DeadlineError, match="still 5"):
        pace.until(lambda: 5, lambda seen: seen == 6, lambda seen: f"still {seen}", pause_first=pause_first)


def test_the_clock_is_monotonic_by_default():
    assert Pace(0.01).until(lambda: 1, bool, str) == 1


def test_pauses_grow_to_what_is_wanted(time):
    pace = Pace(10, longest=0.25, clock=time.clock, sleep=time.sleep, chance=lambda: 0.5)
    tries = pace.tries()
    for _look in range(4):
        next(tries)
    assert time.pauses == pytest.approx([0.2, 0.25, 0.25])
    pace = Pace(10, longest=0.1, clock=time.clock, sleep=time.sleep, chance=lambda: 0.5)
    tries = pace.tries()
    for _look in range(2):
        next(tries)
    assert time.pauses[-1] == pytest.approx(0.1)


@pytest.mark.parametrize(("seconds", "wanted"), [(0, []), (3, [3]), (10, [10])])
def test_wait(time, seconds, wanted):
    pace = time.pace(10)
    assert pace.wait(seconds)
    assert time.pauses == wanted
    assert pace.waited == seconds


def test_nobody_waits_for_what_is_past_the_deadline(time):
    pace = time.pace(10)
    assert pace.wait(6)
    assert not pace.wait(5)
    assert time.pauses == [6]
    list(pace.tries())
    assert pace.wait(0)  # nothing to wait for


def test_a_pause_asked_of_one_thread_is_not_made_by_another(time):
    pace = time.pace(100)
    thread = threading.Thread(target=pace.ask_for_pause, args=(50,))
    thread.start()
    thread.join()
    tries = pace.tries()
    next(tries)
    next(tries)
    assert time.pauses == pytest.approx([pace_module._FIRST_PAUSE])


def test_pauses_of_all_threads_are_counted():
    pace = Pace(100, sleep=lambda _seconds: None)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=lambda: [pace.wait(0.5) for _unused in range(2000)]) for _thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert pace.waited == 4000


def test_more_time_is_counted_from_now_and_takes_none_away(time):
    pace = time.pace(10)
    time.now += 8
    pace.allow_more(1)
    assert pace.wait(2)
    assert not pace.wait(1)
    pace.allow_more(5)
    assert pace.wait(5)
    assert not pace.wait(1)
