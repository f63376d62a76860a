# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Which listeners of a region use which server certificates."""

from __future__ import annotations

import itertools
import typing as t
from collections.abc import Callable, Iterable, Mapping

from .._alb.certificate_use import CertificateUse
from .._alb.listener import CERTIFICATE_PROTOCOLS
from .._core.errors import ApiError
from .alb import AlbApi

Row = Mapping[str, t.Any]
AtOnce = Callable[[Callable[[Row], list[CertificateUse]], Iterable[Row]], list[list[CertificateUse]]]


class CertificateUses:
    """
    :param api: ALB in the region of the task.
    :param at_once: calls a function for many rows.
    """

    def __init__(self, api: AlbApi, at_once: AtOnce) -> None:
        self._api = api
        self._at_once = at_once
        self._found: list[CertificateUse] | None = None

    def everything(self) -> list[CertificateUse]:
        """
        All uses in the region, read once for a task.

        One call for each hundred listeners, and, as their list tells no certificates, one for each that has some.
        """
        if self._found is None:
            rows = [
                row
                for row in self._api.pages("ListListeners", {}, "Listeners")
                if row.get("ListenerProtocol") in CERTIFICATE_PROTOCOLS
            ]
            self._found = list(itertools.chain.from_iterable(self._at_once(self._of_listener, rows)))
        return self._found

    def _of_listener(self, listener: Row) -> list[CertificateUse]:
        listener_id = str(listener["ListenerId"])
        query = {"ListenerId": listener_id, "CertificateType": "Server"}
        try:
            return [
                CertificateUse(
                    certificate_id=str(row["CertificateId"]),
                    listener_id=listener_id,
                    load_balancer_id=str(listener.get("LoadBalancerId") or ""),
                    protocol=str(listener["ListenerProtocol"]),
                    port=int(listener.get("ListenerPort") or 0),
                    default=bool(row.get("IsDefault")),
                )
                for row in self._api.pages("ListListenerCertificates", query, "Certificates")
                if row.get("CertificateId")
            ]
        except ApiError as error:
            if error.code == "ResourceNotFound.Listener":  # deleted meanwhile
                return []
            raise
