# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The keys to sign with, where they have to be asked for: through the providers of alibabacloud-credentials."""

from __future__ import annotations

import functools
import re
import threading
import typing as t
from collections.abc import Callable

from .._core.errors import MissingLibraryError, TlsError
from .access import Access
from .endpoints import split_endpoint, sts_host
from .profiles import Profile
from .reason import is_untrusted, known_reason
from .route import Route
from .sessions import travelling

try:
    from alibabacloud_credentials.client import Client
    from alibabacloud_credentials.exceptions import CredentialException
    from alibabacloud_credentials.http import HttpOptions
    from alibabacloud_credentials.provider import (
        EcsRamRoleCredentialsProvider,
        OIDCRoleArnCredentialsProvider,
        RamRoleArnCredentialsProvider,
        StaticAKCredentialsProvider,
        StaticSTSCredentialsProvider,
    )
    from Tea.exceptions import RetryError, TeaException
except ImportError as exc:
    SDK_PROBLEM: str | None = str(exc)
else:
    SDK_PROBLEM = None

if t.TYPE_CHECKING:
    from alibabacloud_credentials.models import CredentialModel

# What the library calls a provider; its interface is in a package without types.
Provider = t.Any

# What a library can say of an answer it does not understand.
_MISUNDERSTOOD = (ValueError, TypeError, KeyError, AttributeError)

_STATUS = re.compile(r"(?:http_code: |HttpCode=)([0-9]{3})\b")
# Error codes of STS are words and dots; anything else of its answer stays where it is.
_CODE = re.compile(r'"Code"\s*:\s*"([A-Z][A-Za-z]{2,40}(?:\.[A-Za-z]{2,40}){0,3})"')

_ADVICE = {
    "NoPermission": "Needed: the RAM permission sts:AssumeRole, and a trust policy of the role that allows it.",
    "EntityNotExist": "There is no such role.",
    "AuthenticationFail": "The token does not fit the role's trust policy, or the OIDC provider's issuer or client ID.",
    "SignatureDoesNotMatch": "The secret does not belong to the AccessKey ID.",
    "InvalidAccessKeyId": "The AccessKey ID is unknown, or inactive.",
    "InvalidSecurityToken": "The security token has expired, or belongs to another access key.",
}


class SignInError(TlsError):
    """
    No keys to sign with. The message carries no part of the exchange but its HTTP status and error code.

    :param passing: whether trying again may help.
    """

    def __init__(self, message: str, *, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


class Credential:
    """
    Keys that renew themselves; what the SDK asks for before each call.

    :param wanted: what is done to get keys, for messages.
    :param again: whether it may help to try again after a lost connection. It does not where nobody is.
    """

    def __init__(self, wanted: str, make: Callable[[], Provider], route: Route, *, again: bool = True) -> None:
        self._again = again
        self._wanted = wanted
        self._make = make
        self._route = route
        self._client: Client | None = None
        self._lock = threading.Lock()

    def get_credential(self) -> CredentialModel:
        """:raises SignInError: if there are no keys to be had."""
        with self._lock, travelling(self._route):
            try:
                if self._client is None:
                    self._client = Client(provider=self._make())
                return self._client.get_credential()
            except (CredentialException, RetryError, TeaException, OSError, *_MISUNDERSTOOD) as exc:
                raise self._failure(exc) from None

    def _failure(self, exc: Exception) -> SignInError:
        text = str(getattr(exc, "message", None) or exc)
        status, code = _STATUS.search(text), _CODE.search(text)
        if status:
            told = f"HTTP {status[1]}{', ' + code[1] if code else ''}"
            number = int(status[1])
            passing = number >= 500 or number == 429 or bool(code and code[1].startswith("Throttling"))
        else:
            told = known_reason(text) or type(exc).__name__
            lost = isinstance(exc, (RetryError, OSError)) and not isinstance(exc, FileNotFoundError)
            passing = lost and not is_untrusted(told)
        advice = next((one for start, one in _ADVICE.items() if code and code[1].startswith(start)), "")
        return SignInError(f"Could not {self._wanted} ({told}). {advice}".rstrip(), passing=passing and self._again)


def credential_of(access: Access) -> Credential:
    """
    The same object for the same access, so that the tasks of a loop share one exchange. Asks nobody yet.

    :raises MissingLibraryError: if alibabacloud-credentials is not installed.
    """
    if SDK_PROBLEM is not None:
        raise MissingLibraryError(
            f"Roles, OIDC and profiles need the Python package alibabacloud-credentials: {SDK_PROBLEM}."
        )
    scheme, host = split_endpoint(_sts(access, None if access.assume_role_arn else access.profile))
    return _remembered(access, access.route_to(scheme, host))


@functools.lru_cache(maxsize=16)
def _remembered(access: Access, to_sts: Route) -> Credential:
    if access.ecs_ram_role is not None:
        return _instance(access.ecs_ram_role, to_sts)
    if access.oidc_provider_arn is not None:
        wanted = f"assume the RAM role {access.assume_role_arn} with the OIDC token"
        return Credential(wanted, lambda: _oidc(access), to_sts)
    profile = access.profile
    if profile is not None and access.assume_role_arn is None:
        if profile.mode == "instance":
            return _instance(profile.role or "", to_sts)
        wanted = f"assume the RAM role {profile.role}" if profile.role else "read the keys"
        return Credential(f"{wanted} of {profile.title()}", lambda: _of_profile(access, profile), to_sts)
    return Credential(f"assume the RAM role {access.assume_role_arn}", lambda: _assumed(access), to_sts)


class _Metadata:
    """The metadata service, which is in the instance's own network: no proxy ever reaches it."""

    def __init__(self, role: str) -> None:
        # Without the thread that would renew the keys every minute: no task runs for as long as they last.
        self._provider = EcsRamRoleCredentialsProvider(role_name=role, async_update_enabled=False)

    def get_credentials(self) -> t.Any:
        with travelling(Route("metadata service")):
            return self._provider.get_credentials()

    def get_provider_name(self) -> str:
        return str(self._provider.get_provider_name())


def _instance(role: str, route: Route) -> Credential:
    wanted = f"get credentials of the ECS instance's RAM role {role}".rstrip()
    return Credential(f"{wanted} from the metadata service", lambda: _Metadata(role), route, again=False)


def _oidc(access: Access) -> Provider:
    return OIDCRoleArnCredentialsProvider(
        role_arn=access.assume_role_arn,
        oidc_provider_arn=access.oidc_provider_arn,
        oidc_token_file_path=access.oidc_token_file,
        role_session_name=access.session_name(),
        sts_endpoint=_sts(access),
        http_options=_patience(access),
    )


def _assumed(access: Access) -> Provider:
    """:param access: has a role to assume, and keys or a profile to do so with."""
    if access.profile is not None:
        source = _of_profile(access, access.profile)
    else:
        source = _keys(access.access_key_id, access.access_key_secret, access.security_token)
    return RamRoleArnCredentialsProvider(
        credentials_provider=source,
        role_arn=access.assume_role_arn,
        role_session_name=access.session_name(),
        external_id=access.assume_role_external_id,
        sts_endpoint=_sts(access),
        http_options=_patience(access),
    )


def _patience(access: Access) -> HttpOptions:
    connect, read = (int(min(seconds, access.call_timeout) * 1000) for seconds in (5.0, 10.0))
    return HttpOptions(connect_timeout=connect, read_timeout=read)


def _keys(key_id: str | None, secret: str | None, token: str | None) -> Provider:
    if token:
        return StaticSTSCredentialsProvider(access_key_id=key_id, access_key_secret=secret, security_token=token)
    return StaticAKCredentialsProvider(access_key_id=key_id, access_key_secret=secret)


def _of_profile(access: Access, profile: Profile) -> Provider:
    if profile.mode == "keys":
        return _keys(profile.access_key_id, profile.access_key_secret, profile.security_token)
    if profile.mode == "instance":
        return _Metadata(profile.role or "")
    shared: dict[str, t.Any] = {
        "role_arn": profile.role,
        "role_session_name": profile.session_name or access.session_name(),
        "duration_seconds": profile.seconds,
        "policy": profile.policy,
        "sts_endpoint": _sts(access, profile),
        "http_options": _patience(access),
    }
    if profile.mode == "oidc":
        return OIDCRoleArnCredentialsProvider(
            oidc_provider_arn=profile.oidc_provider_arn, oidc_token_file_path=profile.oidc_token_file, **shared
        )
    if profile.source is not None:
        source = _of_profile(access, profile.source)
    else:
        source = _keys(profile.access_key_id, profile.access_key_secret, profile.security_token)
    return RamRoleArnCredentialsProvider(credentials_provider=source, external_id=profile.external_id, **shared)


def _sts(access: Access, profile: Profile | None = None) -> str:
    """The library takes a host, and an URL too; what it makes of a host is HTTPS."""
    if access.sts_endpoint:
        scheme, host = split_endpoint(access.sts_endpoint)
        return host if scheme == "HTTPS" else f"http://{host}"
    region, kind = access.region, access.endpoint_type or "public"
    if profile is not None:
        region = profile.sts_region or region
        kind = "vpc" if profile.sts_by_vpc else kind
    return sts_host(region, kind)
