# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The CAS API, 2020-04-07: the connection that the gateways of its resources share."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator, Mapping

from .._core.errors import ApiError
from .._core.pace import Pace
from .access import Access
from .client import CallLog, Connection, defer_models, need_sdk

try:
    defer_models("alibabacloud_cas20200407")
    from alibabacloud_cas20200407.client import Client
except ImportError as exc:
    SDK_PROBLEM: str | None = str(exc)
else:
    SDK_PROBLEM = None

# What clients use; the largest that most lists take is documented nowhere.
_PAGE = 50


class CasApi:
    """
    CAS at one site.

    :param pace: bounds all waiting of the task.
    :param log: counts the calls.
    :param site: C(cn-hangzhou) or C(ap-southeast-1).
    """

    def __init__(self, access: Access, pace: Pace, log: CallLog, site: str) -> None:
        need_sdk(SDK_PROBLEM)
        self._api = Connection(
            product="CAS",
            version="2020-04-07",
            make_client=Client,
            where=access.cas(site),
            access=access,
            pace=pace,
            log=log,
        )
        self.site = site
        self.pace = pace

    @property
    def where(self) -> str:
        """Site and host, for messages about what was not found."""
        return f"in CAS {self.site} (asked {self._api.host})"

    def read(self, action: str, parameters: Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
        return self._api.read(action, parameters)

    def pages(
        self, action: str, parameters: Mapping[str, t.Any], rows: str, *, size: int = _PAGE
    ) -> Iterator[dict[str, t.Any]]:
        """The rows of all pages of a list that pages with CurrentPage and ShowSize."""
        query = {**parameters, "ShowSize": size, "CurrentPage": 1}
        seen = 0
        while True:
            answer = self.read(action, query)
            found = answer.get(rows) or []
            yield from found
            seen += len(found)
            if not found or seen >= int(answer.get("TotalCount") or 0):
                return
            query["CurrentPage"] += 1

    def write(
        self,
        action: str,
        parameters: Mapping[str, t.Any],
        *,
        body: Mapping[str, str] | None = None,
        token: bool = True,
        landed: Callable[[], dict[str, t.Any] | None] | None = None,
    ) -> dict[str, t.Any]:
        """See Connection.write(). What CAS writes is done when it answers."""
        return self._api.write(action, parameters, body=body, token=token, landed=landed)


def is_not_found(error: ApiError) -> bool:
    return error.code == "NotFound" or error.code.startswith("NotFound.")
