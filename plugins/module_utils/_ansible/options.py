# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Options that the modules share, and what is made of them."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping

from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._core.errors import InputError
from .._sdk.access import Access
from .._sdk.endpoints import CAS_SITES, checked_region

Spec = dict[str, dict[str, t.Any]]


def first_of(*names: str) -> str:
    """The first of some environment variables that is set and not empty: AWX sets unused ones to nothing."""
    for name in names:
        value = os.environ.get(name)
        if value:
            return value
    raise AnsibleFallbackNotFound


def access_options() -> Spec:
    """Who calls, from where, and how long to wait. Described in the doc fragment C(_auth)."""
    return {
        "access_key_id": _with_environment(
            "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALICLOUD_ACCESS_KEY_ID", no_log=False
        ),
        "access_key_secret": _with_environment(
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY", "ALICLOUD_ACCESS_KEY_SECRET", no_log=True
        ),
        "security_token": _with_environment("ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN", no_log=True),
        # No environment variable: it goes before the keys, which the environment may hold as well.
        "ecs_ram_role": {"type": "str"},
        "assume_role_arn": _with_environment("ALIBABA_CLOUD_ASSUME_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN"),
        "assume_role_session_name": _with_environment("ALIBABA_CLOUD_ASSUME_ROLE_SESSION_NAME"),
        "assume_role_external_id": _with_environment("ALIBABA_CLOUD_ASSUME_ROLE_EXTERNAL_ID", no_log=True),
        "sts_endpoint": _with_environment("ALIBABA_CLOUD_STS_ENDPOINT"),
        "region": _with_environment("ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION"),
        "cas_site": {**_with_environment("ALIBABA_CLOUD_CAS_SITE"), "choices": list(CAS_SITES)},
        "alb_endpoint": _with_environment("ALIBABA_CLOUD_ALB_ENDPOINT"),
        "cas_endpoint": _with_environment("ALIBABA_CLOUD_CAS_ENDPOINT"),
        "ca_bundle": {**_with_environment("ALIBABA_CLOUD_CA_BUNDLE"), "type": "path"},
        "call_timeout": {"type": "float", "default": 20.0},
        "wait_timeout": {"type": "float", "default": 300.0},
    }


def wait_options() -> Spec:
    """Described in the doc fragment C(_wait)."""
    return {"wait": {"type": "bool", "default": True}}


def listener_options() -> Spec:
    """Which listener. Described by the modules, which differ in it."""
    return {
        "listener_id": {"type": "str"},
        "listener": {"type": "dict"},
        "load_balancer": {"type": "str"},
        "port": {"type": "int"},
    }


def access_of(params: Mapping[str, t.Any]) -> Access:
    """:raises InputError: if there is no region, or nobody to sign as. Calls nobody."""
    names = (
        "access_key_id",
        "access_key_secret",
        "security_token",
        "ecs_ram_role",
        "assume_role_arn",
        "assume_role_session_name",
        "assume_role_external_id",
        "sts_endpoint",
        "alb_endpoint",
        "cas_endpoint",
        "ca_bundle",
    )
    for name in ("call_timeout", "wait_timeout"):
        if not params[name] > 0:
            raise InputError(f"{name} must be more than 0 seconds, not {params[name]:g}.")
    access = Access(
        region=checked_region(params["region"]),
        call_timeout=params["call_timeout"],
        **{name: params[name] or None for name in names},
    )
    access.check()
    return access


def _with_environment(*names: str, no_log: bool | None = None) -> dict[str, t.Any]:
    option: dict[str, t.Any] = {"type": "str", "fallback": (first_of, list(names))}
    return option if no_log is None else {**option, "no_log": no_log}
