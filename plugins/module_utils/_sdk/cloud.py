# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The gateways of one task: made when first used, over one account, one pace and one call log."""

from __future__ import annotations

import concurrent.futures
import typing as t
from collections.abc import Callable, Iterable
from functools import cached_property

from .._core.errors import NotFoundError
from .._core.pace import Pace
from .access import Access
from .client import CallLog
from .endpoints import CAS_SITES

if t.TYPE_CHECKING:
    from .alb import AlbApi
    from .authorities import Authorities
    from .balancers import Balancers
    from .bound_certificates import BoundCertificates
    from .cas import CasApi
    from .certificate_uses import CertificateUses
    from .certificates import ServerCertificates
    from .listener_lists import ListenerLists
    from .listeners import Listeners
    from .policies import SecurityPolicies

ItemT = t.TypeVar("ItemT")
FoundT = t.TypeVar("FoundT")

# More would not help much, and get a user's calls throttled sooner.
_THREADS = 4


class Cloud:
    """
    What a task talks to. A product's SDK is imported when it is first needed, so that no task pays for the other one.

    :param pace: bounds all waiting of the task.
    """

    def __init__(self, access: Access, pace: Pace) -> None:
        self.access = access
        self.calls = CallLog()
        self._pace = pace
        self._sites: dict[str, CasApi] = {}
        self._authorities: dict[str, Authorities] = {}
        self._certificates: dict[str, ServerCertificates] = {}

    @cached_property
    def listeners(self) -> Listeners:
        from .listeners import Listeners

        return Listeners(self._alb, self.balancers)

    @cached_property
    def balancers(self) -> Balancers:
        from .balancers import Balancers

        return Balancers(self._alb)

    def authorities(self, site: str | None = None) -> Authorities:
        """
        :param site: of CAS; the one of the task's region if none is given.
        :raises NotFoundError: if there is no such site.
        """
        from .authorities import Authorities

        cas = self._cas(site or self.access.site())
        if cas.site not in self._authorities:
            self._authorities[cas.site] = Authorities(cas)
        return self._authorities[cas.site]

    @cached_property
    def bound_certificates(self) -> BoundCertificates:
        from .bound_certificates import BoundCertificates

        return BoundCertificates(self._alb)

    @cached_property
    def listener_lists(self) -> ListenerLists:
        from .listener_lists import ListenerLists

        return ListenerLists(self._alb, self.balancers)

    @cached_property
    def policies(self) -> SecurityPolicies:
        from .policies import SecurityPolicies

        return SecurityPolicies(self._alb)

    @cached_property
    def certificate_uses(self) -> CertificateUses:
        from .certificate_uses import CertificateUses

        return CertificateUses(self._alb, self.at_once)

    def certificates(self, site: str | None = None) -> ServerCertificates:
        """
        :param site: of CAS; the one of the task's region if none is given.
        :raises NotFoundError: if there is no such site.
        """
        from .certificates import ServerCertificates

        cas = self._cas(site or self.access.site())
        if cas.site not in self._certificates:
            self._certificates[cas.site] = ServerCertificates(cas)
        return self._certificates[cas.site]

    def at_once(self, function: Callable[[ItemT], FoundT], items: Iterable[ItemT]) -> list[FoundT]:
        """
        What a function returns for each item, in the order of the items; several calls are under way at a time.

        If it raises an error, so does this, and items that nobody has begun with are left out.

        :param function: only reads. Gateways that it needs should have been used before: making one is not for threads.
        """
        given = list(items)
        if len(given) < 2:
            return [function(item) for item in given]
        with concurrent.futures.ThreadPoolExecutor(min(_THREADS, len(given))) as pool:
            calls = [pool.submit(function, item) for item in given]
            done, _pending = concurrent.futures.wait(calls, return_when=concurrent.futures.FIRST_EXCEPTION)
            if any(call.exception() for call in done):
                pool.shutdown(cancel_futures=True)
            # Of several errors the first item's, whichever came first.
            failed = next((call for call in calls if not call.cancelled() and call.exception()), None)
        return [failed.result()] if failed else [call.result() for call in calls]

    @cached_property
    def _alb(self) -> AlbApi:
        from .alb import AlbApi

        return AlbApi(self.access, self._pace, self.calls)

    def _cas(self, site: str) -> CasApi:
        from .cas import CasApi

        if site not in CAS_SITES:
            raise NotFoundError(f"CAS has no site {site}; certificates are in {' or '.join(CAS_SITES)}.")
        if site not in self._sites:
            self._sites[site] = CasApi(self.access, self._pace, self.calls, site)
        return self._sites[site]
