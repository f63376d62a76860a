# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time that can be put forward."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone

_EARLIEST = 0.0
_LATEST = datetime(9999, 1, 1, tzinfo=timezone.utc).timestamp()
"""A clock goes on by itself, and the year after this one has no date."""


@dataclass
class Clock:
    """
    Two clocks, both in Unix seconds.

    The world's says whether certificates have expired, when a job ends and when a nonce is forgotten. The gateway's
    is what x-acs-date is compared with; it stays with the callers' clocks when the world's is put forward.
    """

    world_offset: float = 0.0
    gateway_offset: float = 0.0

    def put_forward(self, world: object = 0.0, gateway: object = 0.0) -> None:
        """
        Both, or none; below 0 it is back.

        :raises ValueError: not a number of seconds, or a clock would leave the years 1970 to 9998
        """
        now = time.time()
        offsets = [
            _offset(old, seconds, now) for old, seconds in ((self.world_offset, world), (self.gateway_offset, gateway))
        ]
        self.world_offset, self.gateway_offset = offsets

    def now(self) -> float:
        return time.time() + self.world_offset

    def gateway_now(self) -> float:
        return time.time() + self.gateway_offset

    def milliseconds(self) -> int:
        return int(self.now() * 1000)

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now(), timezone.utc)

    def stamp(self) -> str:
        """As in CreateTime: 2026-11-23T08:50:25Z."""
        return self.moment().strftime("%Y-%m-%dT%H:%M:%SZ")


def _offset(old: float, seconds: object, now: float) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ValueError("a clock is put forward by a number of seconds")
    # In this order: NaN is in no range, and a large integer is no float.
    if not -_LATEST <= seconds <= _LATEST or not _EARLIEST <= now + old + seconds <= _LATEST:
        raise ValueError("a clock stays within the years 1970 to 9998")
    return old + seconds
