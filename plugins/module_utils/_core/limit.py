# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""How often an action may be called, so that the API need not refuse."""

from __future__ import annotations

import collections
import threading
import typing as t
from collections.abc import Mapping


class Limit(t.NamedTuple):
    """So many calls in any window of so many seconds."""

    calls: int
    seconds: float


class Limiter:
    """
    Gives out times at which an action may be called. Threads may share one.

    :param limits: by action.
    :param other: for all other actions; None for no limit.
    """

    def __init__(self, limits: Mapping[str, Limit], other: Limit | None = None) -> None:
        self._limits = limits
        self._other = other
        self._times: dict[str, collections.deque[float]] = {}
        self._lock = threading.Lock()

    def reserve(self, action: str, now: float) -> float:
        """
        Take the next free time for a call; it is counted whether it is used or not.

        :param now: seconds of a monotonic clock.
        :returns: seconds to wait for it.
        """
        limit = self._limits.get(action, self._other)
        if limit is None:
            return 0.0
        with self._lock:
            times = self._times.setdefault(action, collections.deque(maxlen=limit.calls))
            free = max(now, times[0] + limit.seconds) if len(times) == limit.calls else now
            times.append(free)
        return free - now
