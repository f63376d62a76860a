# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
The one way to the API: sign and send through the official SDK, try again where that is safe, translate what goes wrong.

Calls go through the SDK client's generic C(call_api) and not through its typed request models, for three reasons:
the models put private keys into the URL, they cannot tell an absent field from an empty one, and loading them costs
every task some 50 ms per product.
"""

from __future__ import annotations

import collections
import contextlib
import importlib.util
import logging
import os
import re
import sys
import time
import typing as t
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from .._core.errors import ApiError, DeadlineError, MissingLibraryError, TlsError, UnreachableError
from .._core.pace import Pace
from .access import Access

if t.TYPE_CHECKING:
    from alibabacloud_tea_openapi.client import Client

try:
    from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
    from alibabacloud_tea_openapi.utils import Utils
    from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
    from darabonba.core import DaraCore
    from darabonba.exceptions import RetryError
    from darabonba.runtime import RuntimeOptions
    from requests import Session
    from requests.utils import should_bypass_proxies
    from Tea.exceptions import TeaException
except ImportError as exc:
    SDK_PROBLEM: str | None = str(exc)
else:
    SDK_PROBLEM = None

# They write tokens and signed requests to stderr when they feel like it.
for _name in ("credentials", "alibabacloud-tea", "darabonba-core"):
    logging.getLogger(_name).disabled = True

_PROXY_VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")

# Seconds that the last try gets at least, when the time for the call is over.
_SHORTEST_TRY = 0.3

_Send = Callable[[float], dict[str, t.Any]]

_BUSY_PREFIXES = (
    "IncorrectStatus.",
    "IncorrectBusinessStatus.",
    "ResourceInConfiguring",
    "SystemBusy",
    "IdempotenceProcessing",
    "VipStatusNotSupport",
    "LockFailed",
    "FlowControlError",
    "Throttling",
    "Rejected.Throttling",
    "ServiceUnavailable",
)


# What to do next, by the beginning of the error code.
_ADVICE = {
    "SignatureDoesNotMatch": "access_key_secret is not the secret of access_key_id.",
    "InvalidAccessKeyId": "access_key_id is unknown, or inactive.",
    "InvalidSecurityToken": "security_token has expired, or belongs to another access key.",
    "InvalidTimeStamp": "Is the clock of the host that runs the task right?",
    "ResourceNotFound.Certificate": "ALB finds certificates of its region's CAS site only.",
    "Forbidden.RAM": "The account needs the RAM permission {permission}.",
    "NoPermission": "The account needs the RAM permission {permission}.",
}


def _guard_sessions() -> None:
    """
    Mend how the SDK shares HTTP sessions in a process.

    It keeps one for each host, whatever is to be verified, so a CA that was trusted once stays trusted for others; and
    it follows redirects, with the request's secrets.
    """
    core: t.Any = DaraCore
    make = core._get_session  # noqa: SLF001  (there is no public way to a session)

    def guarded(session_key: str, protocol: str, verify: bool | str = True, **more: t.Any) -> Session:
        session: Session = make(f"{session_key}:verify={verify}", protocol, verify=verify, **more)
        session.max_redirects = 0
        return session

    core._get_session = staticmethod(guarded)  # noqa: SLF001


if SDK_PROBLEM is None:
    _guard_sessions()


def defer_models(package: str) -> None:
    """
    Have a product's request models loaded when one of them is first used.

    Its client imports them all, hundreds of files that generic calls never look at: 40 to 70 ms for every task.
    """
    name = f"{package}.models"
    spec = importlib.util.find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    # Found as an attribute; found in sys.modules only, the import statement would look inside and so load it.
    setattr(sys.modules[package], "models", module)  # noqa: B010  (a module object has no such attribute to mypy)


def need_sdk(problem: str | None) -> None:
    """:raises MissingLibraryError: if the SDK could not be imported, for the reason given."""
    if problem is not None:
        raise MissingLibraryError(
            f"The Alibaba Cloud SDK cannot be used by {sys.executable}: {problem}. Install the collection's"
            " requirements.txt for that interpreter (alibabacloud-alb20200616, alibabacloud-cas20200407), or in AWX"
            " use an execution environment that has them."
        )


class CallLog:
    """How often each action was called in this task."""

    def __init__(self) -> None:
        self._counts: collections.Counter[str] = collections.Counter()

    def add(self, action: str) -> None:
        self._counts[action] += 1

    def to_dict(self) -> dict[str, int]:
        return dict(sorted(self._counts.items()))


def is_passing(error: ApiError) -> bool:
    """Whether the same call may succeed a little later: throttled, busy, or a fault on the cloud's side."""
    return (
        error.retry_after is not None
        or error.code.startswith(_BUSY_PREFIXES)
        or "Throttling" in error.code
        or (error.status is not None and error.status >= 500)
    )


class Connection:
    """
    Calls the actions of one product.

    :param product: name for messages.
    :param version: of the API.
    :param make_client: the product's client class in the SDK.
    :param where: scheme (HTTP or HTTPS) and host[:port].
    """

    def __init__(
        self,
        *,
        product: str,
        version: str,
        make_client: Callable[[Config], Client],
        where: tuple[str, str],
        access: Access,
        pace: Pace,
        log: CallLog,
    ) -> None:
        need_sdk(SDK_PROBLEM)
        access.check()
        scheme, host = where
        self.host = host
        self._product = product
        self._version = version
        self._scheme = scheme
        self._access = access
        self._pace = pace
        self._log = log
        self._direct = should_bypass_proxies(f"{scheme.lower()}://{host}/", None)
        config = Config(endpoint=host, protocol=scheme, region_id=access.region, ca=_ca_bundle(access))
        if access.temporary():
            config.credential = access.credential()
        else:
            config.access_key_id = access.access_key_id
            config.access_key_secret = access.access_key_secret
            config.security_token = access.security_token
        self._client = make_client(config)

    def read(self, action: str, parameters: Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
        """
        Call an action that changes nothing.

        :param parameters: wire names; lists and mappings are flattened as the API wants them.
        :returns: the API's answer.
        :raises ApiError: if the API refuses and trying again does not help before the deadline.
        :raises UnreachableError: if there is no answer in the time one call may take.
        """
        return self._retry(action, lambda limit: self._send(action, dict(parameters or {}), None, limit))

    def write(
        self,
        action: str,
        parameters: Mapping[str, t.Any],
        *,
        body: Mapping[str, str] | None = None,
        token: bool = True,
        landed: Callable[[], dict[str, t.Any] | None] | None = None,
    ) -> dict[str, t.Any]:
        """
        Call an action that changes something, with one ClientToken for all tries.

        :param body: parameters that must not be in the URL.
        :param token: false for actions that have no ClientToken.
        :param landed: for actions whose ClientToken is not known to hold: looks, after an answer was lost, whether the
            change was made all the same, and returns what the answer would have been.
        """
        query = {**parameters, "ClientToken": uuid.uuid4().hex} if token else dict(parameters)
        return self._retry(action, lambda limit: self._send(action, query, body, limit), landed)

    def pages(self, action: str, parameters: Mapping[str, t.Any], rows: str) -> Iterator[dict[str, t.Any]]:
        """The rows of all pages of an action that pages with NextToken."""
        query = {**parameters, "MaxResults": 100}
        while True:
            answer = self.read(action, query)
            yield from answer.get(rows) or []
            token = answer.get("NextToken")
            if not token:
                return
            query["NextToken"] = token

    def _retry(
        self,
        action: str,
        send: _Send,
        landed: Callable[[], dict[str, t.Any] | None] | None = None,
    ) -> dict[str, t.Any]:
        for last in self._pace.tries():
            try:
                return self._connected(send, landed)
            except ApiError as error:
                if not is_passing(error):
                    raise
                if last:
                    error.message += f" It was still so after {self._pace.seconds:g} s."
                    raise
                if error.retry_after:
                    self._pace.ask_for_pause(error.retry_after)
        raise DeadlineError(f"No time was left to call {action}.")

    def _connected(self, send: _Send, landed: Callable[[], dict[str, t.Any] | None] | None) -> dict[str, t.Any]:
        """Try again after a lost connection, for as long as one call may take."""
        end = time.monotonic() + self._access.call_timeout
        sent = 0
        for last in self._pace.tries(self._access.call_timeout):
            try:
                sent += 1
                return send(max(end - time.monotonic(), _SHORTEST_TRY))
            except UnreachableError as error:
                answer = landed() if landed else None
                if answer is not None:
                    return answer
                if last:
                    raise UnreachableError(
                        f"{error.message} Gave up after {sent} {'try' if sent == 1 else 'tries'}; call_timeout is"
                        f" {self._access.call_timeout:g} s."
                    ) from error
        raise DeadlineError(f"No time was left to reach {self.host}.")

    def _send(
        self, action: str, query: dict[str, t.Any], body: Mapping[str, str] | None, limit: float
    ) -> dict[str, t.Any]:
        """:param limit: seconds for this try."""
        self._log.add(action)
        params = Params(
            action=action,
            version=self._version,
            protocol=self._scheme,
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        runtime = RuntimeOptions(connect_timeout=int(min(5.0, limit) * 1000), read_timeout=int(min(10.0, limit) * 1000))
        request = OpenApiRequest(query=Utils.query(query), body=dict(body) if body else None)
        try:
            with _environment_for_sdk(self._direct):
                answer = self._client.call_api(params, request, runtime)
        except AlibabaCloudException as exc:
            raise self._refusal(action, exc) from None
        except TeaException as exc:
            raise self._no_answer(action, exc) from None
        found = answer.get("body")
        if not isinstance(found, dict):
            raise UnreachableError(f"{self._product} at {self.host} answered {action} without a JSON object.")
        return found

    def _refusal(self, action: str, exc: AlibabaCloudException) -> TlsError:
        data: Mapping[str, t.Any] = exc.data or {}
        retry_after = getattr(exc, "retry_after", None)
        code = data.get("Code") or data.get("code")
        if not code:
            return UnreachableError(
                f"{self._scheme.lower()}://{self.host} answered {action} with HTTP {exc.status_code}, but not as"
                f" {self._product} does. Is that the right endpoint, or is a proxy in between?"
            )
        permission = f"{'yundun-cert' if self._product == 'CAS' else 'alb'}:{action}"
        advice = next((text for start, text in _ADVICE.items() if str(code).startswith(start)), "")
        return ApiError(
            action=action,
            code=str(code),
            detail=str(data.get("Message") or data.get("message") or ""),
            status=exc.status_code,
            request_id=data.get("RequestId") or data.get("requestId"),
            endpoint=self.host,
            retry_after=retry_after / 1000 if retry_after else None,
            advice=advice.format(permission=permission),
        )

    def _no_answer(self, action: str, exc: TeaException) -> UnreachableError:
        inner = getattr(exc, "inner_exception", None)
        where = f"{self._product} at {self._scheme.lower()}://{self.host}"
        if isinstance(inner, RetryError):
            return UnreachableError(f"Cannot reach {where} for {action}: {_reason(str(inner.message or inner))}.")
        return UnreachableError(
            f"What answered {action} as {where} is not the API (its answer is not JSON). Is that the right endpoint, or"
            " is a proxy or gateway in between?"
        )


# What a network error's text says in the end, after host, URL and the classes it went through.
_REASONS = (
    re.compile(r"(certificate verify failed: .+?)\.?(?: \(_ssl|$)"),
    re.compile(r"\[SSL: [A-Z0-9_ ]+\] (.+?)(?: \(_ssl|$)"),
    re.compile(r"\[Errno -?[0-9]+\] ([^'\"\])]+)"),
    re.compile(r"(timed out)"),
    re.compile(r"RemoteDisconnected\('([^']+)'"),
    re.compile(r"(Connection reset by peer)"),
    re.compile(r"Exceeded 0 (redirects)"),
)


_WORDS = {"redirects": "it redirects to another address, which is not followed"}


def _reason(text: str) -> str:
    """What happened, without the URL, whose parameters nobody needs to see."""
    text = re.sub(r"url: \S+", "", text)
    proxy = "the proxy in between: " if "ProxyError" in text else ""
    for pattern in _REASONS:
        found = pattern.search(text)
        if found:
            return proxy + _WORDS.get(found[1], found[1].strip())
    return proxy + text


def _ca_bundle(access: Access) -> str | None:
    """The SDK ignores the two variables that everything else on requests honours. It takes files only."""
    ambient = (os.environ.get("REQUESTS_CA_BUNDLE"), os.environ.get("CURL_CA_BUNDLE"))
    return access.ca_bundle or next((path for path in ambient if path and Path(path).is_file()), None)


@contextlib.contextmanager
def _environment_for_sdk(direct: bool) -> Iterator[None]:
    """
    Hide variables from the SDK during one call.

    C(DEBUG=sdk) would print the signed request. The proxy variables are used even where C(NO_PROXY) excludes the host.
    """
    hidden = [name for name in _PROXY_VARIABLES if direct and name in os.environ]
    if "DEBUG" in os.environ:
        hidden.append("DEBUG")
    kept = {name: os.environ.pop(name) for name in hidden}
    try:
        yield
    finally:
        os.environ.update(kept)
