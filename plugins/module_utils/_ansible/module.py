# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The module front: runs a task where the task's host is."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from .task import Work, meant_by, secrets_in


class _Module(AnsibleModule):
    """An AnsibleModule that checks, logs and repeats no option before meant_by() has seen it."""

    def __init__(self, task: Work) -> None:
        self._task = task
        super().__init__(  # type: ignore[no-untyped-call]
            argument_spec=task.argument_spec(), supports_check_mode=True, **task.constraints
        )

    def _load_params(self) -> None:
        """Called by all versions of ansible-core before anything else is done with the options."""
        super()._load_params()  # type: ignore[no-untyped-call]
        own = {name: value for name, value in self.params.items() if name.startswith("_ansible_")}
        given = {name: value for name, value in self.params.items() if name not in own}
        self.params = {**own, **meant_by(self._task, given)}


def run_module(task: Work) -> t.NoReturn:
    """Check the options, run the task, answer, and exit."""
    module = _Module(task)
    # AnsibleModule removes these from whatever it answers, the options themselves included.
    module.no_log_values.update(secrets_in(task, module.params))
    answer = task.run(
        module.params,
        check_mode=module.check_mode,
        # AnsibleModule has no public name for --diff.
        diff=module._diff,  # pylint: disable=protected-access  # noqa: SLF001
        base_dir=str(Path.cwd()),
    )
    for warning in answer.pop("warnings", []):
        module.warn(warning)
    if answer.pop("failed", False):
        module.fail_json(**answer)
    module.exit_json(**answer)
