# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Where server certificates are used."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class CertificateUse:
    """
    A listener that uses a certificate.

    :param certificate_id: as ALB tells it.
    :param default: whether it is a default certificate; otherwise it is an additional one (SNI).
    """

    certificate_id: str
    listener_id: str
    load_balancer_id: str
    protocol: str
    port: int
    default: bool

    def to_dict(self) -> dict[str, t.Any]:
        found = asdict(self)
        del found["certificate_id"]
        return found

    def label(self) -> str:
        return f"{self.protocol} listener on port {self.port} of {self.load_balancer_id} ({self.listener_id})"


def uses_of(identifier: str, uses: Iterable[CertificateUse]) -> list[CertificateUse]:
    """
    Which of some uses are of a certificate.

    A listener that was once given a bare number may tell it so; that it could be one of the other CAS site is no reason
    to call a certificate unused.
    """
    names = (identifier, identifier.partition("-")[0])
    return [one for one in uses if one.certificate_id in names]
