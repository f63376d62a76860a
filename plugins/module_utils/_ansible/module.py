# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The module front: runs a task where the task's host is."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from .task import Work, secrets_in


def run_module(task: Work) -> t.NoReturn:
    """Check the options, run the task, answer, and exit."""
    module = AnsibleModule(argument_spec=task.argument_spec(), supports_check_mode=True, **task.constraints)
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
