# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of other projects is there for tests; dev/get_others.py puts it there."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.alicloud.tls.tests import emulator

# Not in the copies of the checkout that ansible-test makes.
PLACE = Path(emulator.__file__).resolve().parents[2] / ".cache" / "others"


def missing(what: str, *paths: str) -> str:
    """
    Why something is not there; empty if it is.

    :param paths: what of it has to be there.
    """
    if all((PLACE / path).exists() for path in paths):
        return ""
    told = PLACE / "missing.txt"
    if told.exists():
        return told.read_text(encoding="utf-8")
    return f"no {what}: nox -s units-newest fetches what is missing"
