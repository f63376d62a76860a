# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of plugins/module_utils/_ansible/options.py: dry_run_options()."""

    DOCUMENTATION = r"""
options:
  check_mode_dry_run:
    description:
      - >-
        Whether check mode also sends the first write with the API's C(DryRun), so that the cloud checks permissions,
        quotas and states without changing anything; a refusal fails the task.
      - >-
        Writes after the first depend on it and cannot be checked that way. Neither can a write about certificates that
        check mode has only planned. RV(dry_run) tells what was checked.
      - Without check mode it does nothing.
    type: bool
    default: false
"""
