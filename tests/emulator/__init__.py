# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
A strict local ALB (2020-06-16) and CAS (2020-04-07) on one loopback port.

Built from the API's documentation, never from what the collection sends; it does not import the collection.
"""

from __future__ import annotations

from .server import Emulator
from .settings import DEMO_ACCESS_KEY_ID, DEMO_ACCESS_KEY_SECRET, Account, Settings

__all__ = ["DEMO_ACCESS_KEY_ID", "DEMO_ACCESS_KEY_SECRET", "Account", "Emulator", "Settings"]
