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
import importlib.util
import logging
import re
import sys
import threading
import typing as t
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping

from .._core.errors import (
    ApiError,
    DeadlineError,
    MissingLibraryError,
    TlsError,
    UnreachableError,
    UntrustedError,
)
from .._core.limit import Limit, Limiter
from .._core.pace import Pace
from .._core.secrecy import repeats_key
from .access import Access
from .credential import SignInError, credential_of
from .reason import is_untrusted, known_reason
from .sessions import SDK_PROBLEM as SESSIONS_PROBLEM, Trip, travelling

if t.TYPE_CHECKING:
    from alibabacloud_tea_openapi.client import Client

try:
    from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
    from alibabacloud_tea_openapi.utils import Utils
    from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
    from darabonba.exceptions import RetryError
    from darabonba.runtime import RuntimeOptions
    from Tea.exceptions import TeaException
except ImportError as exc:
    SDK_PROBLEM: str | None = str(exc)
else:
    SDK_PROBLEM = SESSIONS_PROBLEM

# They write tokens and signed requests to stderr when they feel like it.
for _name in ("credentials", "alibabacloud-tea", "darabonba-core"):
    logging.getLogger(_name).disabled = True

# Parameters that are private keys.
_KEYS = ("Key", "PrivateKey", "EncryptPrivateKey", "SignPrivateKey")
_NOT_SHOWN = "(its message repeats a part of the private key, and so is not shown)"

# Seconds that the last try of a call gets at least, unless that is more than a third of what the call may take.
_SHORTEST_TRY = 0.3

# Some way below what is published: 200 calls in 60 s for the ALB writes that say so, each by API, region and account,
# and nothing for its reads; 10 a second for these lists of CAS and for everything of its 2020-06-30 API.
_ALB_LIMIT = Limit(180, 60.0)
_CAS_LIMIT = Limit(8, 1.0)
_CAS_LIMITED = ("ListUserCertificateOrder", "ListCertWarehouse", "ListWarehouse", "UploadPCACert")

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


# The state in a refusal that a listener rests in, so that to wait for another one is in vain; for others: stopped.
_AT_REST = {"StartListener": "[Running]"}


_PERMISSION = "The account needs the RAM permission {permission}"
_RAISE = "The API's message tells usage and limit; the limit can be raised in the Quota Center of the console."
_CERTIFICATES = "alb_quota_loadbalancer_certificates_num"

# What to do next, by the beginning of the error code; the first that fits. Ids of quotas where they are documented.
_ADVICE = {
    "SignatureDoesNotMatch": "access_key_secret is not the secret of access_key_id.",
    "InvalidAccessKeyId": "access_key_id is unknown, or inactive.",
    "InvalidSecurityToken": "security_token has expired, or belongs to another access key.",
    "InvalidTimeStamp": "Is the clock of the host that runs the task right?",
    "ResourceNotFound.Certificate": "ALB finds certificates of its region's CAS site only.",
    "Forbidden.RAM": f"{_PERMISSION}.",
    "NoPermission": f"{_PERMISSION}.",
    "AccessDenied.NoAuth": f"{_PERMISSION}.",
    "PermissionDenied": f"{_PERMISSION}.",
    "Forbidden.LoadBalancer": f"{_PERMISSION} for the load balancer, which has to be its own.",
    "Forbidden.SecurityPolicy": f"{_PERMISSION} for the security policy, which has to be its own.",
    "ResourceQuotaExceeded.LoadBalancerCertificatesNum": (
        "Quota: additional certificates of the load balancer, where one on two listeners counts twice"
        f" ({_CERTIFICATES}_basic_edition, or {_CERTIFICATES}_standard_edition for Standard and WAF-enabled). {_RAISE}"
    ),
    "ResourceQuotaExceeded.LoadBalancerListenersNum": f"Quota: listeners of the load balancer. {_RAISE}",
    "ResourceQuotaExceeded.SecurityPolicyAttachedNum": (
        f"Quota: listeners that use the same custom security policy. {_RAISE}"
    ),
    "ResourceQuotaExceeded.ServerGroupAttachedNum": f"Quota: how often the server group is used. {_RAISE}",
    "ResourceQuotaExceeded.": f"A quota of this resource. {_RAISE}",
    "QuotaExceeded.SecurityPoliciesNum": f"Quota: custom security policies in the region. {_RAISE}",
    "QuotaExceeded.ServerGroupsNum": f"Quota: server groups in the region. {_RAISE}",
    "QuotaExceeded.": f"A quota of the account. {_RAISE}",
}

# What may be under way when something still takes no change at the deadline, by the beginning of the error code.
_UNDER_WAY = {
    "IncorrectStatus.Listener": "the listener",
    "ResourceInConfiguring.Listener": "the listener",
    "IncorrectStatus.LoadBalancer": "the load balancer or one of its listeners",
    "IncorrectStatus.SecurityPolicy": "the security policy, which reaches all listeners that use it,",
    "IncorrectStatus.ServerGroup": "the server group",
    "IncorrectStatus.": "it",
    "ResourceInConfiguring": "it",
}


def _still(code: str) -> str:
    """Why it may have been so for all that time."""
    if code.startswith("IncorrectBusinessStatus."):
        return (
            " The load balancer may be locked, for an unpaid bill for example; see its business status in the console."
        )
    what = next((text for start, text in _UNDER_WAY.items() if code.startswith(start)), None)
    if what is None:
        return ""
    return (
        f" Another change of {what} is still under way, from the console or another run, or has got stuck, or its state"
        " allows none. Look at its status in the console, then run the task again; wait_timeout may be longer."
    )


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
    """How often each action was called in this task. Threads may share one."""

    def __init__(self) -> None:
        self._counts: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()

    def add(self, action: str) -> None:
        with self._lock:
            self._counts[action] += 1

    def to_dict(self) -> dict[str, int]:
        with self._lock:
            return dict(sorted(self._counts.items()))


def is_passing(error: ApiError) -> bool:
    """Whether the same call may succeed a little later: throttled, busy, or a fault on the cloud's side."""
    if error.code == "IncorrectStatus.Listener" and _AT_REST.get(error.action, "[Stopped]") in error.detail:
        return False
    return (
        error.retry_after is not None
        or error.code.startswith(_BUSY_PREFIXES)
        or "Throttling" in error.code
        or (error.status is not None and error.status >= 500)
    )


class Connection:
    """
    Calls the actions of one product. Threads may share one.

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
        self._route = access.route_to(scheme, host)
        self._limiter = _limiter(product, version)
        self._credential = credential_of(access) if access.temporary() else None
        config = Config(endpoint=host, protocol=scheme, region_id=access.region)
        if self._credential is not None:
            config.credential = t.cast("t.Any", self._credential)
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
        refusal: ApiError | None = None
        lost: list[UnreachableError] = []
        try:
            for last in self._pace.tries():
                try:
                    return self._connected(send, landed, lost)
                except ApiError as error:
                    # Who may not do it now might not do it then.
                    error.after_lost_try = bool(lost) and error.status != 403
                    if not is_passing(error):
                        raise
                    refusal = error
                    if last:
                        break
                    if error.retry_after:
                        self._pace.ask_for_pause(error.retry_after)
        except DeadlineError:
            # What the API has said tells more than that it could not be asked again.
            if refusal is None:
                raise
        if refusal is None:
            raise DeadlineError(f"No time was left to call {action}.")
        refusal.message += f" It was still so after {self._pace.seconds:g} s.{_still(refusal.code)}"
        raise refusal

    def _connected(
        self, send: _Send, landed: Callable[[], dict[str, t.Any] | None] | None, lost: list[UnreachableError]
    ) -> dict[str, t.Any]:
        """
        Try again after a lost connection, for as long as one call may take.

        :param lost: gets the failure of each try that had no answer.

        That may be exceeded by a try that gets a connection at the last moment, and then an answer bit by bit.
        """
        whole = self._access.call_timeout
        shortest = min(_SHORTEST_TRY, whole / 3)
        end = self._pace.now() + whole
        sent = 0
        for last in self._pace.tries(whole - shortest):
            try:
                sent += 1
                return send(max(end - self._pace.now(), shortest))
            except UntrustedError:
                raise
            except UnreachableError as error:
                lost.append(error)
                answer = _looked(landed, error) if landed else None
                if answer is not None:
                    return answer
                if last or end - self._pace.now() < shortest:
                    raise UnreachableError(
                        f"{error.message} Gave up after {sent} {'try' if sent == 1 else 'tries'}; call_timeout is"
                        f" {whole:g} s."
                    ) from error
        raise DeadlineError(f"No time was left to reach {self.host}.")

    def _sign_in(self) -> None:
        """Get keys, or new ones, before the SDK asks for them: what it makes of a failure tells too much or nothing."""
        if self._credential is None:
            return
        for last in self._pace.tries(self._access.call_timeout):
            try:
                self._credential.get_credential()
            except SignInError as error:
                if last or not error.passing:
                    raise
            else:
                return

    def _take_turn(self, action: str) -> None:
        """Wait until the action may be called again without being throttled."""
        if not self._pace.wait(self._limiter.reserve(action, self._pace.now())):
            raise DeadlineError(
                f"{action} may be called only so often, and the {self._pace.seconds:g} s of wait_timeout end before the"
                " next time."
            )

    def _send(
        self, action: str, query: dict[str, t.Any], body: Mapping[str, str] | None, limit: float
    ) -> dict[str, t.Any]:
        """:param limit: seconds for this try."""
        self._sign_in()
        self._take_turn(action)
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
        with travelling(self._route) as trip:
            try:
                answer = self._client.call_api(params, request, runtime)
            except AlibabaCloudException as exc:
                raise self._refusal(action, exc, _keys_in(query, body or {}), trip) from None
            except TeaException as exc:
                raise self._no_answer(action, exc, trip) from None
        found = answer.get("body")
        if not isinstance(found, dict):
            raise UnreachableError(f"{self._product} at {self.host} answered {action} without a JSON object.")
        return found

    def _refusal(self, action: str, exc: AlibabaCloudException, keys: Iterable[str], trip: Trip) -> TlsError:
        """:param keys: private keys that were sent, which the API's message might repeat."""
        data: Mapping[str, t.Any] = exc.data or {}
        milliseconds = getattr(exc, "retry_after", None)
        code = data.get("Code") or data.get("code")
        if not code:
            return UnreachableError(
                f"{self._scheme.lower()}://{self.host} answered {action} with HTTP {exc.status_code}, but not as"
                f" {self._product} does. Is that the right endpoint, or is a proxy in between?"
            )
        detail = str(data.get("Message") or data.get("message") or "")
        if any(repeats_key(detail, key) for key in keys):
            detail = _NOT_SHOWN
        permission = f"{'yundun-cert' if self._product == 'CAS' else 'alb'}:{action}"
        advice = next((text for start, text in _ADVICE.items() if str(code).startswith(start)), "")
        return ApiError(
            action=action,
            code=str(code),
            detail=detail,
            status=exc.status_code,
            request_id=data.get("RequestId") or data.get("requestId"),
            endpoint=self.host,
            retry_after=milliseconds / 1000 if milliseconds else trip.retry_after,
            advice=advice.replace("{permission}", permission),
        )

    def _no_answer(self, action: str, exc: TeaException, trip: Trip) -> UnreachableError:
        inner = getattr(exc, "inner_exception", None)
        where = f"{self._product} at {self._scheme.lower()}://{self.host}"
        if isinstance(inner, RetryError):
            reason = _reason(str(inner.message or inner))
            if is_untrusted(reason):
                return UntrustedError(
                    f"Cannot reach {where} for {action}: {reason}. If a proxy or gateway in between has a CA of its"
                    " own, name its PEM file in ca_bundle."
                )
            return UnreachableError(f"Cannot reach {where} for {action}: {reason}.")
        status = f"HTTP {trip.status}, and " if trip.status else ""
        return UnreachableError(
            f"What answered {action} as {where} is not the API (its answer is {status}not JSON). Is that the right"
            " endpoint, or is a proxy or gateway in between?"
        )


def _keys_in(*sent: Mapping[str, t.Any]) -> list[str]:
    return [some[name] for some in sent for name in _KEYS if isinstance(some.get(name), str)]


def _looked(landed: Callable[[], dict[str, t.Any] | None], error: UnreachableError) -> dict[str, t.Any] | None:
    """:raises UnreachableError: if what became of the try that had no answer cannot be found out."""
    try:
        return landed()
    except TlsError as second:
        raise UnreachableError(f"{error.message} Looking for what became of it failed: {second.message}") from second


def _limiter(product: str, version: str) -> Limiter:
    if product == "ALB":
        return Limiter({}, _ALB_LIMIT)
    return Limiter(dict.fromkeys(_CAS_LIMITED, _CAS_LIMIT), _CAS_LIMIT if version == "2020-06-30" else None)


def _reason(text: str) -> str:
    """What happened, without the URL, whose parameters nobody needs to see, and without a proxy's user and password."""
    return known_reason(text) or re.sub(r"//[^/@\s'\"]*@", "//", re.sub(r"url: \S+", "", text))
