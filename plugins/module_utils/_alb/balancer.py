# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Load balancers: what listeners and their certificates may be on them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LoadBalancer:
    """
    A load balancer.

    :param id: C(alb-…).
    :param edition: C(Basic), C(Standard), C(StandardWithWaf), or one that the API has learnt since.
    :param status: C(Active), or one of the states in which it takes no changes.
    :param access_log: whether it writes one; None if nobody has told.
    """

    id: str
    name: str | None = None
    edition: str | None = None
    status: str | None = None
    vpc_id: str | None = None
    access_log: bool | None = None

    @property
    def basic(self) -> bool:
        return self.edition == "Basic"

    def label(self) -> str:
        return f"{self.id} ({self.name})" if self.name else self.id
