# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator of `tests/emulator` as a process of its own, for the demo and the benchmark."""

from __future__ import annotations

import collections
import http.client
import json
import sys
import typing as t
from collections.abc import Iterable, Mapping

import tree
from _workplace import Workplace, wait_for

# Those that `python -m tests.emulator` prints when it starts.
_ACCESS_KEY_ID = "LTAI-emulator"
_ACCESS_KEY_SECRET = "emulator-secret"  # noqa: S105 - opens nothing
_REGION = "cn-hangzhou"
_READY_SECONDS = 30.0
_READS = ("Get", "List")


class Emulator:
    """
    A running emulator; it ends with the workplace, or by itself after `lifetime` seconds.

    :param options: of `python -m tests.emulator`, added to those that every user here needs.
    :raises RuntimeError: if it does not start; with what it said.
    """

    def __init__(self, place: Workplace, *options: str, lifetime: float = 900) -> None:
        ready = place.directory / "emulator.json"
        log = place.directory / "emulator.log"
        command = [sys.executable, "-m", "tests.emulator", "--quiet"]
        command += ["--ready-file", str(ready), "--lifetime", f"{lifetime:g}", *options]
        with log.open("wb") as output:
            process = place.start(command, env=place.environment(), cwd=tree.ROOT, output=output)
        try:
            wait_for(ready, process, seconds=_READY_SECONDS)
        except (RuntimeError, TimeoutError) as exc:
            raise RuntimeError(f"the emulator did not start: {exc}\n{log.read_text(errors='replace')}") from exc
        facts = json.loads(ready.read_text(encoding="utf-8"))
        self.url: str = facts["url"]
        self.endpoint: str = facts["endpoint"]

    def environment(self) -> dict[str, str]:
        """The variables that lead the collection's modules, and the SDK script of the benchmark, to it."""
        return {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": _ACCESS_KEY_ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": _ACCESS_KEY_SECRET,
            "ALIBABA_CLOUD_REGION_ID": _REGION,
            "ALIBABA_CLOUD_ALB_ENDPOINT": self.url,
            "ALIBABA_CLOUD_CAS_ENDPOINT": self.url,
        }

    def state(self) -> dict[str, t.Any]:
        """All resources, without private keys."""
        found = self._ask("GET", "state")
        if not isinstance(found, dict):
            raise TypeError(f"the emulator's state is a {type(found).__name__}")
        return found

    def take_calls(self) -> list[str]:
        """The actions called since the last time, in their order."""
        calls = self._ask("GET", "calls")
        if not isinstance(calls, list):
            raise TypeError(f"the emulator's log is a {type(calls).__name__}")
        self._ask("DELETE", "calls")
        return [str(call["action"]) for call in calls]

    def _ask(self, method: str, path: str) -> object:
        """By hand, since urllib would heed proxy variables."""
        connection = http.client.HTTPConnection(self.endpoint, timeout=10)
        try:
            connection.request(method, f"/_emulator/{path}")
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"the emulator answered {method} {path} with {answer.status}: {content!r}")
        return json.loads(content)


def writes(actions: Iterable[str]) -> list[str]:
    """Those of some actions that change something."""
    return [action for action in actions if not action.startswith(_READS)]


def counted(actions: Iterable[str]) -> str:
    """Actions as text: each once, in the order of its first call, with how often if more than once."""
    counts: Mapping[str, int] = collections.Counter(actions)
    return ", ".join(f"{action} x{count}" if count > 1 else action for action, count in counts.items()) or "none"
