# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A callback that shows what the default one shows, and writes what the demo has to prove to a file, as JSON."""

from __future__ import annotations

import json
import os
import typing as t
from pathlib import Path

from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback.default import CallbackModule as Default

DOCUMENTATION = r"""
name: record
type: stdout
short_description: Records the results of a playbook for C(dev/demo.py)
version_added: 0.1.0
description:
  - Prints as P(ansible.builtin.default#callback) does, but for what includes files.
  - Writes one JSON object per task result and one for the recap to the file that E(ALICLOUD_TLS_RECORD) names.
extends_documentation_fragment:
  - default_callback
  - result_format_callback
"""


class CallbackModule(Default):
    """Results of tasks with their diffs and steps, one per item of a loop, and the recap."""

    # Some methods of the default callback have no annotations, which is what is ignored below.
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "record"

    def v2_playbook_on_include(self, included_file: t.Any) -> None:
        """Says nothing."""

    def v2_runner_on_ok(self, result: t.Any) -> None:
        if not isinstance(result.task, TaskInclude):
            super().v2_runner_on_ok(result)
            self._write_result(result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:  # noqa: ARG002 - given by name
        """The message alone: an answer of a probe with all its certificates is a long line."""
        self._print_task_banner(result.task)  # type: ignore[no-untyped-call]
        message = result.result.get("msg")
        self._display.display(f"fatal: [{result.host.get_name()}]: FAILED! => {message}\n", color="red")
        self._write_result(result)

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        super().v2_playbook_on_stats(stats)  # type: ignore[no-untyped-call]
        self._write({"recap": {host: stats.summarize(host) for host in sorted(stats.processed)}})

    def _write_result(self, result: t.Any) -> None:
        answer = result.result
        says = result.task.action == "ansible.builtin.debug"
        for one in answer.get("results") or [answer]:
            self._write(
                {
                    "task": result.task.get_name(),
                    "changed": bool(one.get("changed")),
                    "diff": one.get("diff") or None,
                    "steps": one.get("steps") or [],
                    "said": one.get("msg") if says else None,
                }
            )

    def _write(self, line: dict[str, t.Any]) -> None:
        with Path(os.environ["ALICLOUD_TLS_RECORD"]).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
