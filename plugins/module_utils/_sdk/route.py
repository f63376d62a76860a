# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""How requests of one account travel."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Route:
    """
    :param account: who signs; names, no secrets.
    :param proxy: URL, or None to go directly.
    :param ca_bundle: path of a PEM file with further CAs to trust.
    """

    account: str
    proxy: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None

    def stamp(self) -> tuple[int, int] | None:
        """Changes with the bundle: a session never forgets a CA."""
        if self.ca_bundle is None:
            return None
        found = Path(self.ca_bundle).stat()
        return found.st_mtime_ns, found.st_size
