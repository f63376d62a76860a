# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of plugins/module_utils/_ansible/options.py: wait_options()."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until a fresh read of the listener shows what was changed.
      - >-
        With V(false) the task ends as soon as the API has accepted the change; that it then fails is not noticed, and
        the next write to the listener may have to wait.
    type: bool
    default: true
"""
