# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Options that the modules share, and what is made of them."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping
from pathlib import Path

from .._core.errors import InputError
from .._sdk.access import Access
from .._sdk.endpoints import CAS_SITES, ENDPOINT_TYPES, checked_proxy, checked_region
from .._sdk.profiles import find_profile

Spec = dict[str, dict[str, t.Any]]


# Environment variables for options that are left out, the first that is set and not empty.
ENVIRONMENT = {
    "access_key_id": ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALICLOUD_ACCESS_KEY_ID"),
    "access_key_secret": ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY", "ALICLOUD_ACCESS_KEY_SECRET"),
    "security_token": ("ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN"),
    "profile": ("ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"),
    "credentials_file": ("ALIBABA_CLOUD_CREDENTIALS_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE"),
    "assume_role_arn": ("ALIBABA_CLOUD_ASSUME_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN"),
    "assume_role_session_name": ("ALIBABA_CLOUD_ASSUME_ROLE_SESSION_NAME",),
    "assume_role_external_id": ("ALIBABA_CLOUD_ASSUME_ROLE_EXTERNAL_ID",),
    "oidc_provider_arn": ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN",),
    "oidc_token_file": ("ALIBABA_CLOUD_OIDC_TOKEN_FILE",),
    "sts_endpoint": ("ALIBABA_CLOUD_STS_ENDPOINT",),
    "region": ("ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION"),
    "cas_site": ("ALIBABA_CLOUD_CAS_SITE",),
    "endpoint_type": ("ALIBABA_CLOUD_ENDPOINT_TYPE",),
    "alb_endpoint": ("ALIBABA_CLOUD_ALB_ENDPOINT",),
    "cas_endpoint": ("ALIBABA_CLOUD_CAS_ENDPOINT",),
    "ca_bundle": ("ALIBABA_CLOUD_CA_BUNDLE",),
}

# The ways to say who signs, in the order in which the environment is asked. What is in one belongs together: never
# half from the options and half from the environment.
_KEYS = ("access_key_id", "access_key_secret", "security_token")
_OIDC = ("oidc_provider_arn", "oidc_token_file")
_PROFILE = ("profile", "credentials_file")
_ECS = ("ecs_ram_role",)
_WAYS = (_KEYS, _OIDC, _PROFILE, _ECS)
_ROLE = ("assume_role_arn", "assume_role_session_name", "assume_role_external_id")
_WHO = (*_KEYS, *_OIDC, *_PROFILE, *_ECS, *_ROLE)

# The role that the pod identity webhook of ACK gives a pod, with the two variables of _OIDC.
_POD_ROLE = "ALIBABA_CLOUD_ROLE_ARN"
_POD_SESSION = "ALIBABA_CLOUD_ROLE_SESSION_NAME"


def access_options() -> Spec:
    """
    Who calls, from where, and how long to wait. Described in the doc fragment C(_auth).

    The environment is read by access_of() and not by fallbacks, which take an empty option for one that is set.
    """
    return {
        "access_key_id": {"type": "str", "no_log": False},
        "access_key_secret": {"type": "str", "no_log": True},
        "security_token": {"type": "str", "no_log": True},
        "profile": {"type": "str"},
        "credentials_file": {"type": "path"},
        "ecs_ram_role": {"type": "str"},
        "assume_role_arn": {"type": "str"},
        "assume_role_session_name": {"type": "str"},
        "assume_role_external_id": {"type": "str", "no_log": True},
        "oidc_provider_arn": {"type": "str"},
        "oidc_token_file": {"type": "path", "no_log": False},
        "sts_endpoint": {"type": "str"},
        "region": {"type": "str"},
        "cas_site": {"type": "str", "choices": list(CAS_SITES)},
        "endpoint_type": {"type": "str", "choices": list(ENDPOINT_TYPES)},
        "alb_endpoint": {"type": "str"},
        "cas_endpoint": {"type": "str"},
        "proxy": {"type": "str", "no_log": True},
        "no_proxy": {"type": "list", "elements": "str"},
        "ca_bundle": {"type": "path"},
        "call_timeout": {"type": "float", "default": 20.0},
        "wait_timeout": {"type": "float", "default": 300.0},
    }


def wait_options() -> Spec:
    """Described in the doc fragment C(_wait)."""
    return {"wait": {"type": "bool", "default": True}}


def dry_run_options() -> Spec:
    """Described in the doc fragment C(_dry_run)."""
    return {"check_mode_dry_run": {"type": "bool", "default": False}}


def listener_options() -> Spec:
    """Which listener. Described by the modules, which differ in it."""
    return {
        "listener_id": {"type": "str"},
        "listener": {"type": "dict"},
        "load_balancer": {"type": "str"},
        "port": {"type": "int"},
    }


def access_of(params: Mapping[str, t.Any], base_dir: str) -> Access:
    """
    Options, environment and, if asked for, a profile put together.

    :param base_dir: what relative paths are relative to.
    :raises InputError: if there is no region, nobody to sign as, or a file that is named is not there. Calls nobody.
    :raises NotFoundError: if there is no such profile.
    """
    for name in ("call_timeout", "wait_timeout"):
        if not params[name] > 0:
            raise InputError(f"{name} must be more than 0 seconds, not {params[name]:g}.")
    who = _who(params)
    where: dict[str, t.Any] = {name: params[name] or _ambient(name) for name in ENVIRONMENT if name not in _WHO}
    for name, choices in (("cas_site", CAS_SITES), ("endpoint_type", ENDPOINT_TYPES)):
        if where[name] not in (None, *choices):
            raise InputError(f"{name} must be one of {', '.join(choices)}, not {where[name]}.")
    where["ca_bundle"] = _file(where["ca_bundle"], "CA bundle", base_dir)
    who["oidc_token_file"] = _file(who["oidc_token_file"], "OIDC token file", base_dir)
    wanted, file = (who.pop(one) for one in _PROFILE)
    profile = None
    if wanted or file:
        profile = find_profile(wanted, _file(file, "credentials file", base_dir), Path.home())
        where["region"] = where["region"] or profile.region
    access = Access(
        **{**where, "region": checked_region(where["region"])},
        **who,
        profile=profile,
        proxy=checked_proxy(params["proxy"]) if params["proxy"] else None,
        no_proxy=_texts(params["no_proxy"]),
        call_timeout=params["call_timeout"],
    )
    access.check()
    return access


def _who(params: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options of _WHO, all from the options or, but for the role to assume, all from the environment."""
    who: dict[str, t.Any] = {name: params[name] or None for name in _WHO}
    ways = [way for way in _WAYS if any(who[name] for name in way)]
    if len(ways) > 1:
        named = " and ".join(next(name for name in way if who[name]) for way in ways)
        raise InputError(
            f"Who signs is said in {len(ways)} ways at once: {named}. Give one of them; empty ones count as not given."
        )
    if ways:
        # Which file profiles are in is no part of who signs.
        if who["profile"] and not who["credentials_file"]:
            who["credentials_file"] = _ambient("credentials_file")
        return who
    own_role = who["assume_role_arn"] is not None
    for prefix in ("ALIBABA_CLOUD_", "ALICLOUD_"):
        found = {name: _ambient(name, prefix) for name in _KEYS}
        if found["access_key_id"] or found["access_key_secret"]:
            break
    else:
        pod_role = who["assume_role_arn"] or os.environ.get(_POD_ROLE) or None
        found = {name: _ambient(name) for name in _OIDC}
        if pod_role and all(found.values()):
            session = who["assume_role_session_name"] or os.environ.get(_POD_SESSION) or None
            return {**who, **found, "assume_role_arn": pod_role, "assume_role_session_name": session}
        found = {name: _ambient(name) for name in _PROFILE}
    for name in _ROLE:
        # The external ID of one role is nothing to tell another.
        if who[name] is None and not (own_role and name == "assume_role_external_id"):
            who[name] = _ambient(name)
    return {**who, **found}


def _ambient(name: str, prefix: str = "") -> str | None:
    """What the environment says for an option, in the variables that start so."""
    values = (os.environ.get(one) for one in ENVIRONMENT[name] if one.startswith(prefix))
    return next((value for value in values if value), None)


def _file(given: str | None, what: str, base_dir: str) -> str | None:
    if not given:
        return None
    path = Path(base_dir, given)
    if not path.is_file():
        raise InputError(f"There is no {what} {path}.")
    return str(path)


def _texts(given: list[str] | None) -> tuple[str, ...] | None:
    """A list, of which each may be a text with commas as in NO_PROXY."""
    found = tuple(text for one in given or () for text in one.replace(",", " ").split())
    return found or None
