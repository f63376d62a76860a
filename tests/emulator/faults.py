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
_A_DAY = 86_400
_NUMBERS = {
    "nth": range(1, 10**9),
    "count": range(1, 10**9),
    "http_status": range(200, 600),
    "retry_after_ms": range(_A_DAY * 1000 + 1),
}
_LONGEST = {"action": 100, "code": 200, "message": 10_000}


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
        :raises ValueError: unknown field, wrong type, unknown kind, or a number out of range
        """
        fields = {each.name: each for each in dataclasses.fields(cls) if each.init}
        values: dict[str, t.Any] = {}
        for name, value in order.items():
            if name not in fields:
                raise ValueError(f"a fault has no {name!r}; it has: {', '.join(fields)}")
            if value is not None:
                values[name] = value
        for name, value in values.items():
            _require_fitting(name, value)
        return cls(**values)

    def refusal(self) -> ApiRefusal:
        documented = CODES.get(self.code)
        status = self.http_status or (documented.status if documented else 0) or _usual_status(self.code)
        message = self.message or "The request has failed because the emulator was told so."
        return ApiRefusal(self.code, message, status, retry_after_ms=self.retry_after_ms)


def _require_fitting(name: str, value: object) -> None:
    """:raises ValueError: it does not fit this field of a fault"""
    if name == "kind":
        if value not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    elif name in _LONGEST:
        # Code and action are in the log, in a line.
        sound = isinstance(value, str) and len(value) <= _LONGEST[name] and (name == "message" or value.isprintable())
        if not sound or any("\ud800" <= each <= "\udfff" for each in str(value)):
            raise ValueError(f"{name} must be text of at most {_LONGEST[name]} characters")
    elif isinstance(value, bool) or not isinstance(value, (int, float) if name == "seconds" else int):
        raise ValueError(f"{name} must be a number")
    elif name == "seconds":
        # NaN is in no range.
        if not 0 <= value <= _A_DAY:
            raise ValueError(f"seconds must be from 0 to {_A_DAY}")
    elif value not in _NUMBERS[name] and (name, value) != ("http_status", 0):
        raise ValueError(f"{name} must be from {_NUMBERS[name].start} to {_NUMBERS[name].stop - 1}")


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
