# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ALB actions of version 2020-06-16. Field names are the API's, misspelt ones included."""

from __future__ import annotations

from . import certificates, job_list, listeners, load_balancers, policies, regions, server_groups, tags
from .common import ALB

__all__ = [
    "ALB",
    "certificates",
    "job_list",
    "listeners",
    "load_balancers",
    "policies",
    "regions",
    "server_groups",
    "tags",
]
