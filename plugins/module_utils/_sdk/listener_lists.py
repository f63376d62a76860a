# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Many listeners at once."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from .._alb.certificate import Certificate
from .._alb.listed import ListedListener
from .._core.errors import ApiError
from .alb import AlbApi
from .balancers import IDS_PER_CALL, LOAD_BALANCER_ID, Balancers, batches
from .listeners import _read_listener
from .tags import read_tags, tag_list

_Row = Mapping[str, t.Any]

# As the API's documentation of the list spells it.
_MISSPELT = {"Diassociating": "Dissociating"}


class ListenerLists:
    """
    :param api: ALB in the region of the task.
    :param balancers: to look load balancers up by name.
    """

    def __init__(self, api: AlbApi, balancers: Balancers) -> None:
        self._api = api
        self._balancers = balancers

    def listeners(
        self,
        *,
        ids: Collection[str] | None = None,
        load_balancers: Collection[str] | None = None,
        protocols: Collection[str] | None = None,
        ports: Collection[int] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> list[ListedListener]:
        """
        Listeners to which all filters apply, without certificates: one call for each hundred, if names need none.

        None is no filter; of none there is none.

        :param load_balancers: ids and names.
        :param tags: which they have, perhaps among others.
        """
        if any(filtered is not None and not filtered for filtered in (ids, load_balancers, protocols, ports)):
            return []
        query: dict[str, t.Any] = {"Tag": tag_list(tags)} if tags else {}
        if protocols is not None and len(set(protocols)) == 1:
            query["ListenerProtocol"] = next(iter(protocols))
        if ids is None and load_balancers is not None:
            rows = list(self._of(load_balancers, query))
        else:
            rows = [
                row
                for where in batches("ListenerIds", ids, IDS_PER_CALL)
                for row in self._api.pages("ListListeners", {**query, **where}, "Listeners")
                if ids is None or row.get("ListenerId") in ids
            ]
            if load_balancers is not None:
                there = {str(row.get("LoadBalancerId")) for row in rows}
                named = self._balancers.load_balancer_ids([one for one in load_balancers if one not in there])
                wanted = {*load_balancers, *named} if rows else set()
                rows = [row for row in rows if row.get("LoadBalancerId") in wanted]
        found = {
            row["ListenerId"]: ListedListener(_read_listener(row))
            for row in rows
            if row.get("ListenerId") and (tags or {}).items() <= read_tags(row.get("Tags")).items()
        }
        return sorted(
            (
                one
                for one in found.values()
                if (protocols is None or one.listener.protocol in protocols)
                and (ports is None or one.listener.port in ports)
            ),
            key=lambda one: one.place,
        )

    def with_certificates(self, listed: ListedListener) -> ListedListener | None:
        """
        Read again, with its certificates and CA: two calls for a listener that can have some.

        One that is being changed is told as it is, without waiting.

        :returns: None if it was deleted meanwhile.
        """
        if listed.listener.protocol == "HTTP":
            return ListedListener(listed.listener, {})
        where = {"ListenerId": listed.listener.id}
        try:
            answer = self._api.read("GetListenerAttribute", where)
            rows = self._certificates(listed)
        except ApiError as error:
            if error.code == "ResourceNotFound.Listener":
                return None
            raise
        listener = _read_listener({**answer, **where})
        return ListedListener(listener, _additional(rows, listener.certificates))

    def with_bound_certificates(self, listed: ListedListener) -> ListedListener | None:
        """
        The same HTTPS or QUIC listener, with its certificates: one call.

        Nothing else is read again. Which are the default ones their list tells alone; see with_certificates().

        :returns: None if it was deleted meanwhile.
        """
        try:
            rows = self._certificates(listed)
        except ApiError as error:
            if error.code == "ResourceNotFound.Listener":
                return None
            raise
        default = frozenset(Certificate(str(row["CertificateId"])) for row in rows if row.get("IsDefault"))
        return ListedListener(replace(listed.listener, certificates=default), _additional(rows, default))

    def _certificates(self, listed: ListedListener) -> list[_Row]:
        query = {"ListenerId": listed.listener.id, "CertificateType": "Server"}
        rows = self._api.pages("ListListenerCertificates", query, "Certificates")
        return [row for row in rows if row.get("CertificateId")]

    def _of(self, load_balancers: Collection[str], query: _Row) -> Iterator[_Row]:
        """Rows of load balancers. Only one without listeners is looked up to learn whether its id is a name."""
        ids = [one for one in load_balancers if LOAD_BALANCER_ID.fullmatch(one)]
        there = set()
        for row in self._on(ids, query):
            there.add(row.get("LoadBalancerId"))
            yield row
        named = self._balancers.load_balancer_ids([one for one in load_balancers if one not in there])
        yield from self._on([one for one in named if one not in there], query)

    def _on(self, load_balancer_ids: Collection[str], query: _Row) -> Iterator[_Row]:
        for where in batches("LoadBalancerIds", load_balancer_ids, IDS_PER_CALL):
            rows = self._api.pages("ListListeners", {**query, **where}, "Listeners")
            yield from (row for row in rows if row.get("LoadBalancerId") in load_balancer_ids)


def _additional(rows: Iterable[_Row], default: Collection[Certificate]) -> dict[Certificate, str | None]:
    """:param default: certificates that are none, whatever the rows say."""
    found = {Certificate(str(row["CertificateId"])): _status(row) for row in rows if not row.get("IsDefault")}
    return {one: status for one, status in found.items() if one not in default}


def _status(row: _Row) -> str | None:
    found = row.get("Status") or None
    return _MISSPELT.get(found, found) if found else None
