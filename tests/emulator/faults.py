# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on order: what a test wants to go wrong, and with which call."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .actions import is_read
from .errors import CODES, ApiRefusal
from .world import World

FaultKind = t.Literal[
    "error",
    "html",
    "reset_before",
    "reset_after",
    "slow",
    "job_failed",
    "load_balancer_configuring",
    "stale",
    "refused",
]
KINDS: tuple[FaultKind, ...] = t.get_args(FaultKind)


@dataclass
class Fault:
    """
    One ordered fault.

    :ivar action: name of an action, or * for any
    :ivar nth: which matching call from now on is the first to be hit
    :ivar count: how many calls are hit
    :ivar kind: error: refused with code and http_status. html: a page instead of JSON. reset_before, reset_after: the
        connection is reset before, after the change was made. slow: the call waits for `seconds` first. job_failed:
        the call answers well, and its job fails with code and message. load_balancer_configuring: the call finds each
        load balancer Configuring. stale: the read shows everything as it was before the next write that is made after
        this order; reads before that write are not counted. refused: the sockets of the emulator are closed, instead
        of the nth matching call; they open again after `seconds`, or, if that is 0, when the order is withdrawn.
    """

    action: str = "*"
    kind: FaultKind = "error"
    nth: int = 1
    count: int = 1
    code: str = "InternalError"
    http_status: int = 0
    message: str = ""
    retry_after_ms: int | None = None
    seconds: float = 1.0
    before: World | None = field(default=None, init=False, repr=False)
    """For stale: what was before the write."""

    @classmethod
    def ordered(cls, order: Mapping[str, object]) -> Fault:
        """
        :raises ValueError: unknown field, wrong type, or unknown kind
        """
        fields = {each.name: each for each in dataclasses.fields(cls) if each.init}
        values: dict[str, t.Any] = {}
        for name, value in order.items():
            if name not in fields:
                raise ValueError(f"a fault has no {name!r}; it has: {', '.join(fields)}")
            if value is not None:
                values[name] = value
        fault = cls(**values)
        if fault.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        for name in ("nth", "count", "http_status"):
            if not isinstance(getattr(fault, name), int):
                raise ValueError(f"{name} must be a number")
        if not isinstance(fault.seconds, (int, float)) or fault.seconds < 0:
            raise ValueError("seconds must be a number, and not negative")
        return fault

    def refusal(self) -> ApiRefusal:
        documented = CODES.get(self.code)
        status = self.http_status or (documented.status if documented else 0) or _usual_status(self.code)
        message = self.message or "The request has failed because the emulator was told so."
        return ApiRefusal(self.code, message, status, retry_after_ms=self.retry_after_ms)


def _usual_status(code: str) -> int:
    return {"InternalError": 500, "ServiceUnavailable": 503}.get(code, 400)


def _stale(fault: Fault, action: str) -> bool:
    return fault.before is not None and is_read(action)


class Faults:
    """The orders that are still open, oldest first."""

    def __init__(self) -> None:
        self.open: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.open.append(fault)

    def clear(self) -> None:
        self.open.clear()

    def withdraw(self, fault: Fault) -> None:
        self.open = [each for each in self.open if each is not fault]

    def waiting_for_a_write(self) -> list[Fault]:
        """Those that want to know what was before it."""
        return [fault for fault in self.open if fault.kind == "stale" and fault.before is None]

    def refusing(self) -> Fault | None:
        """The one by which the sockets are to be closed now."""
        return next((fault for fault in self.open if fault.kind == "refused" and fault.nth <= 1), None)

    def take(self, action: str) -> Fault | None:
        """The fault for this call. Each open order that matches counts the call, the first that is due hits it."""
        hit: Fault | None = None
        for fault in list(self.open):
            if fault.action not in ("*", action) or (fault.kind == "stale" and not _stale(fault, action)):
                continue
            if fault.nth > 1:
                fault.nth -= 1
            elif hit is None and fault.kind != "refused":
                hit = fault
                fault.count -= 1
                if fault.count <= 0:
                    self.open.remove(fault)
        return hit
