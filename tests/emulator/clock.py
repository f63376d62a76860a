# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time that can be put forward."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone


@dataclass
class Clock:
    """
    Two clocks, both in Unix seconds.

    The world's says whether certificates have expired, when a job ends and when a nonce is forgotten. The gateway's
    is what x-acs-date is compared with; it stays with the callers' clocks when the world's is put forward.
    """

    world_offset: float = 0.0
    gateway_offset: float = 0.0

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
