# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Listeners as lists tell of them, with all their certificates if somebody asks for those."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from .certificate import Certificate, in_order
from .listener import Listener

# What a list of listeners does not tell.
_NOT_LISTED = ("certificates", "ca_enabled", "ca_certificate_id")


@dataclass(frozen=True)
class ListedListener:
    """
    A listener, and the certificates for SNI besides its default ones.

    :param additional: each additional certificate and its status; None if nobody has asked for certificates, and then
        the listener does not know its own either.
    """

    listener: Listener
    additional: Mapping[Certificate, str | None] | None = None

    @property
    def certificates(self) -> frozenset[Certificate]:
        """Default and additional server certificates."""
        return self.listener.certificates | frozenset(self.additional or {})

    @property
    def place(self) -> tuple[str, int, str, str]:
        """What to sort by."""
        one = self.listener
        return one.load_balancer_id, one.port, one.protocol, one.id or ""

    def uses(self, meant: Callable[[str], bool]) -> bool:
        """:param meant: whether a certificate with an identifier is the one that is looked for."""
        return any(meant(one.id) for one in self.certificates if one.id is not None)

    def with_facts(self, known: Iterable[Certificate]) -> ListedListener:
        """The same, with what is known of its certificates."""
        told = {one: one for one in known}
        default = frozenset(told.get(one, one) for one in self.listener.certificates)
        additional = {told.get(one, one): status for one, status in (self.additional or {}).items()}
        return ListedListener(replace(self.listener, certificates=default), additional)

    def to_dict(self, *, facts: bool) -> dict[str, t.Any]:
        """:param facts: whether certificates have keys for them; None of those that nobody knows."""
        found = self.listener.to_dict()
        if self.additional is None:
            return {**found, **dict.fromkeys(_NOT_LISTED), "additional_certificates": None}

        def told(one: Certificate) -> dict[str, t.Any]:
            return one.told() if facts else one.to_dict()

        return {
            **found,
            "certificates": [told(one) for one in in_order(self.listener.certificates)],
            "additional_certificates": [
                {**told(one), "status": self.additional[one]} for one in in_order(self.additional)
            ],
        }
