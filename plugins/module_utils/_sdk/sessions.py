# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
The SDK's HTTP sessions, one for each route.

The SDK knows one answer for a process. It keeps one HTTP session for each host, so a CA that was trusted once stays
trusted for others; it takes proxies from the environment even where NO_PROXY excludes the host; behind a proxy it
forgets the well-known CAs; it follows redirects, with the request's secrets; of an answer that is not JSON it forgets
the status, and of every one the C(Retry-After) that anybody but its own gateway sends; and C(DEBUG=sdk) prints signed
requests.
Here a thread says which route it is on, and the SDK's two cores ask for the route's session. The environment is left
as it is, so threads do not disturb each other. Whoever uses the SDK without a route notices nothing.
"""

from __future__ import annotations

import contextlib
import threading
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass

from .route import Route

if t.TYPE_CHECKING:
    from requests import PreparedRequest, Response

try:
    from darabonba.core import DaraCore
    from requests import Session
    from requests.adapters import HTTPAdapter
    from Tea.core import TeaCore
except ImportError as exc:
    SDK_PROBLEM: str | None = str(exc)
else:
    SDK_PROBLEM = None


# HTTP statuses that say "later", and so may say when.
_LATER = (429, 503)


@dataclass
class Trip:
    """
    What came back for what a thread sent last on a route.

    :ivar status: of HTTP; None without an answer.
    :ivar retry_after: seconds that the answer asked to wait for, in the header that is standard for it.
    """

    status: int | None = None
    retry_after: float | None = None


class _Here(threading.local):
    route: Route | None = None
    trip: Trip | None = None


_here = _Here()
_sessions: dict[tuple[t.Any, ...], Session] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def travelling(route: Route) -> Iterator[Trip]:
    """What this thread sends meanwhile through the SDK goes this way."""
    before = _here.route, _here.trip
    trip = Trip()
    _here.route, _here.trip = route, trip
    try:
        yield trip
    finally:
        _here.route, _here.trip = before


if SDK_PROBLEM is None:

    class _Adapter(HTTPAdapter):
        """Trusts the same CAs directly and through a proxy."""

        def __init__(self, context: t.Any) -> None:
            self._context = context
            super().__init__(pool_maxsize=40)

        def init_poolmanager(self, *args: t.Any, **more: t.Any) -> None:
            super().init_poolmanager(*args, **more, ssl_context=self._context)

        def proxy_manager_for(self, proxy: str, **more: t.Any) -> t.Any:
            return super().proxy_manager_for(proxy, **more, ssl_context=self._context)

    class _RoutedSession(Session):
        def __init__(self, route: Route, *, over_tls: bool) -> None:
            super().__init__()
            self.trust_env = False
            # They would carry body and token to whoever the answer names.
            self.max_redirects = 0
            self._to_all = {"http": route.proxy, "https": route.proxy} if route.proxy else {}
            self._trusted = route.ca_bundle or True
            if over_tls:  # loading all CAs takes some 30 ms
                self.mount("https://", _Adapter(DaraCore.get_adapter("https").ssl_context))

        def send(self, request: PreparedRequest, **more: t.Any) -> Response:
            host = str(request.headers.get("host", ""))
            if "://" in host:  # what TeaCore makes of an endpoint given as URL
                request.headers["host"] = host.partition("://")[2]
            trip = _here.trip or Trip()
            trip.status = trip.retry_after = None
            response = super().send(request, **{**more, "proxies": self._to_all, "verify": self._trusted})
            trip.status = response.status_code
            asked = response.headers.get("Retry-After", "")
            if response.status_code in _LATER and asked.isascii() and asked.isdecimal():
                trip.retry_after = float(asked)
            return response

    def _guard(core: t.Any) -> None:
        make, tell = core._get_session, core._do_http_debug  # noqa: SLF001  (there is no public way to a session)

        def guarded(session_key: str, *args: t.Any, **more: t.Any) -> Session:
            route = _here.route
            if route is None:
                session: Session = make(session_key, *args, **more)
                return session
            key = (route, route.stamp(), session_key)
            with _lock:
                if key not in _sessions:
                    _sessions[key] = _RoutedSession(route, over_tls=session_key.startswith("https"))
                return _sessions[key]

        def quiet(request: t.Any, response: t.Any) -> None:
            if _here.route is None:
                tell(request, response)

        core._get_session = staticmethod(guarded)  # noqa: SLF001
        core._do_http_debug = staticmethod(quiet)  # noqa: SLF001

    for _core in (DaraCore, TeaCore):
        _guard(_core)
