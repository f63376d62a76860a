# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A callback that shows nothing and writes to a file how long the one task of a playbook took."""

from __future__ import annotations

import os
import time
import typing as t
from pathlib import Path

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: stopwatch
type: notification
short_description: Times a playbook of one task for C(dev/bench.py)
version_added: 0.1.0
description:
  - >-
    Writes the seconds from the start of the first task to the recap, on all hosts and with all items of its loop, to
    the file that E(ALICLOUD_TLS_STOPWATCH) names.
options: {}
"""


class CallbackModule(CallbackBase):
    """Runs from the start of the first task to the recap."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "stopwatch"

    def __init__(self) -> None:
        super().__init__()
        self._start: float | None = None

    def v2_playbook_on_task_start(self, task: t.Any, is_conditional: bool) -> None:  # noqa: ARG002 - given by name
        if self._start is None:
            self._start = time.perf_counter()

    def v2_playbook_on_stats(self, stats: t.Any) -> None:  # noqa: ARG002 - given by name
        if self._start is not None:
            seconds = time.perf_counter() - self._start
            Path(os.environ["ALICLOUD_TLS_STOPWATCH"]).write_text(f"{seconds}\n", encoding="utf-8")
