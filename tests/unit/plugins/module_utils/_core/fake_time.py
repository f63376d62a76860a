# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time that passes only when somebody sleeps."""

from __future__ import annotations

from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace


class FakeTime:
    """
    :ivar now: seconds.
    :ivar pauses: what was slept, in order.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def pace(self, seconds: float, *, chance: float = 0.5) -> Pace:
        """:param chance: 0.5 is no jitter."""
        return Pace(seconds, clock=self.clock, sleep=self.sleep, chance=lambda: chance)
