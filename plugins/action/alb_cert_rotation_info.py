# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action front of alicloud.tls.alb_cert_rotation_info: see plugin_utils/_action.py."""

from __future__ import annotations

from ..module_utils._tasks.alb_cert_rotation_info import TASK
from ..plugin_utils._action import TaskAction


class ActionModule(TaskAction):
    TASK = TASK
