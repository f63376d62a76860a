# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""How long to wait: between tries, and in all. One Pace bounds one task."""

from __future__ import annotations

import random
import threading
import time
import typing as t
from collections.abc import Callable, Iterator

from .errors import DeadlineError

SeenT = t.TypeVar("SeenT")

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_GROWTH = 1.6


class _Asked(threading.local):
    """Seconds that the API asked this thread to wait."""

    at_least = 0.0


class Pace:
    """
    Growing, jittered pauses that end at a deadline. Threads may share one; each makes its own pauses.

    :ivar waited: seconds slept so far; those of several threads are added up.

    :param seconds: from now on, how long the task may wait for the cloud in all.
    :param longest: seconds that pauses grow to.
    :param clock: monotonic seconds.
    :param sleep: waits that many seconds.
    :param chance: a number from 0 to 1; spreads the pauses of runs that started together.
    """

    def __init__(
        self,
        seconds: float,
        *,
        longest: float = _LONGEST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.seconds = seconds
        self.waited = 0.0
        self._longest = longest
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._end = clock() + seconds
        self._asked = _Asked()
        self._lock = threading.Lock()

    def now(self) -> float:
        """Seconds of the clock that all pauses go by."""
        return self._clock()

    def tries(self, within: float | None = None) -> Iterator[bool]:
        """
        Yield before each try, and pause between two of them. The value is true for the last one.

        :param within: seconds, if these tries have to end before the task's deadline.
        """
        end = self._end if within is None else min(self._end, self._clock() + within)
        pause = min(_FIRST_PAUSE, self._longest)
        while True:
            left = end - self._clock()
            yield left <= 0
            if left <= 0:
                return
            jittered = pause * (0.75 + 0.5 * self._chance())
            length = min(max(jittered, self._asked.at_least), max(end - self._clock(), 0.0))
            self._asked.at_least = 0.0
            self._pause(length)
            pause = min(pause * _GROWTH, self._longest)

    def ask_for_pause(self, seconds: float) -> None:
        """Make the next pause at least this long, because the API asked for it."""
        self._asked.at_least = seconds

    def allow_more(self, seconds: float) -> None:
        """Let the deadline be no sooner than so many seconds from now."""
        self._end = max(self._end, self._clock() + seconds)

    def wait(self, seconds: float) -> bool:
        """Sleep that long. Returns false, and does not sleep, if that were past the deadline."""
        if seconds > 0:
            if self._clock() + seconds > self._end:
                return False
            self._pause(seconds)
        return True

    def until(
        self,
        look: Callable[[], SeenT],
        good: Callable[[SeenT], bool],
        late: Callable[[SeenT], str],
        *,
        pause_first: bool = False,
    ) -> SeenT:
        """
        Look again and again until what is seen is good.

        :param late: the message for the user, made from what was seen last.
        :param pause_first: true after a write, which never shows at once.
        :raises DeadlineError: if that was not so before the deadline.
        """
        tries = self.tries()
        last = next(tries)
        if pause_first:
            last = next(tries, True)
        while True:
            seen = look()
            if good(seen):
                return seen
            if last:
                raise DeadlineError(late(seen))
            last = next(tries)

    def _pause(self, seconds: float) -> None:
        self._sleep(seconds)
        with self._lock:
            self.waited += seconds
