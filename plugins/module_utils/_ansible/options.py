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
from .._sdk.endpoints import CAS_SITES, checked_region

Spec = dict[str, dict[str, t.Any]]


# Environment variables for options that are left out, the first that is set and not empty.
ENVIRONMENT = {
    "access_key_id": ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALICLOUD_ACCESS_KEY_ID"),
    "access_key_secret": ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY", "ALICLOUD_ACCESS_KEY_SECRET"),
    "security_token": ("ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN"),
    "assume_role_arn": ("ALIBABA_CLOUD_ASSUME_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN"),
    "assume_role_session_name": ("ALIBABA_CLOUD_ASSUME_ROLE_SESSION_NAME",),
    "assume_role_external_id": ("ALIBABA_CLOUD_ASSUME_ROLE_EXTERNAL_ID",),
    "sts_endpoint": ("ALIBABA_CLOUD_STS_ENDPOINT",),
    "region": ("ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION"),
    "cas_site": ("ALIBABA_CLOUD_CAS_SITE",),
    "alb_endpoint": ("ALIBABA_CLOUD_ALB_ENDPOINT",),
    "cas_endpoint": ("ALIBABA_CLOUD_CAS_ENDPOINT",),
    "ca_bundle": ("ALIBABA_CLOUD_CA_BUNDLE",),
}

# Belong together: never half from the options and half from the environment.
_KEYS = ("access_key_id", "access_key_secret", "security_token")
_ROLE = ("assume_role_arn", "assume_role_session_name", "assume_role_external_id")


def access_options() -> Spec:
    """
    Who calls, from where, and how long to wait. Described in the doc fragment C(_auth).

    The environment is read by access_of() and not by fallbacks, which take an empty option for one that is set.
    """
    return {
        "access_key_id": {"type": "str", "no_log": False},
        "access_key_secret": {"type": "str", "no_log": True},
        "security_token": {"type": "str", "no_log": True},
        "ecs_ram_role": {"type": "str"},
        "assume_role_arn": {"type": "str"},
        "assume_role_session_name": {"type": "str"},
        "assume_role_external_id": {"type": "str", "no_log": True},
        "sts_endpoint": {"type": "str"},
        "region": {"type": "str"},
        "cas_site": {"type": "str", "choices": list(CAS_SITES)},
        "alb_endpoint": {"type": "str"},
        "cas_endpoint": {"type": "str"},
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
    Options and environment put together.

    :param base_dir: what a relative ca_bundle is relative to.
    :raises InputError: if there is no region, nobody to sign as, or no such CA bundle. Calls nobody.
    """
    for name in ("call_timeout", "wait_timeout"):
        if not params[name] > 0:
            raise InputError(f"{name} must be more than 0 seconds, not {params[name]:g}.")
    found: dict[str, t.Any] = {name: params[name] or None for name in (*ENVIRONMENT, "ecs_ram_role")}
    from_options = found["access_key_id"] or found["access_key_secret"] or found["ecs_ram_role"]
    for name, variables in ENVIRONMENT.items():
        if found[name] is None and not (from_options and name in (*_KEYS, *_ROLE)):
            found[name] = next((value for one in variables if (value := os.environ.get(one))), None)
    if found["cas_site"] not in (None, *CAS_SITES):
        raise InputError(f"cas_site must be one of {', '.join(CAS_SITES)}, not {found['cas_site']}.")
    if found["ca_bundle"]:
        bundle = Path(base_dir, found["ca_bundle"])
        if not bundle.is_file():
            raise InputError(f"There is no CA bundle {bundle}.")
        found["ca_bundle"] = str(bundle)
    access = Access(**{**found, "region": checked_region(found["region"])}, call_timeout=params["call_timeout"])
    access.check()
    return access
