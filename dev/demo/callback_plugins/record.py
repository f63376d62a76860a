# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A callback that shows nothing and writes what the demo has to prove, as lines of JSON, to a file."""

from __future__ import annotations

import json
import os
import typing as t
from pathlib import Path

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: record
type: notification
short_description: Records the results of a playbook for C(dev/demo.py)
version_added: 0.1.0
description:
  - Writes one JSON object per task result and one for the recap to the file that E(ALICLOUD_TLS_RECORD) names.
options: {}
"""


class CallbackModule(CallbackBase):
    """Results of tasks with their diffs and steps, one per item of a loop, and the recap."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"

    def v2_runner_on_ok(self, result: t.Any) -> None:
        self._write_result(result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:  # noqa: ARG002 - given by name
        self._write_result(result)

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        self._write({"recap": {host: stats.summarize(host) for host in sorted(stats.processed)}})

    def _write_result(self, result: t.Any) -> None:
        answer = result.result
        for one in answer.get("results") or [answer]:
            self._write(
                {
                    "task": result.task.get_name(),
                    "changed": bool(one.get("changed")),
                    "diff": one.get("diff") or None,
                    "steps": one.get("steps") or [],
                }
            )

    def _write(self, line: dict[str, t.Any]) -> None:
        with Path(os.environ["ALICLOUD_TLS_RECORD"]).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
