# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Where the APIs are, and which of the two certificate stores a region uses."""

from __future__ import annotations

import re

from .._core.errors import InputError

CAS_SITES = ("cn-hangzhou", "ap-southeast-1")

_CAS_HOSTS = {
    "cn-hangzhou": "cas.aliyuncs.com",
    "ap-southeast-1": "cas.ap-southeast-1.aliyuncs.com",
}

# The one region whose ALB endpoint does not follow the rule, as in the SDK's own table.
_ALB_HOSTS = {"cn-hangzhou-finance": "alb.cn-hangzhou.aliyuncs.com"}

_ENDPOINT = re.compile(
    r"((?P<scheme>https?)://)?(?P<host>([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?)/?", re.IGNORECASE
)
_REGION = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")


def checked_region(region: str | None) -> str:
    """:raises InputError: if there is none, or it cannot be one. Whether it exists, only the API knows."""
    if not region:
        raise InputError(
            "No region: set the option region, or the environment variable ALIBABA_CLOUD_REGION_ID or ALICLOUD_REGION,"
            " such as cn-hangzhou."
        )
    if not _REGION.fullmatch(region):
        raise InputError(f"{region!r} is not an Alibaba Cloud region; they look like cn-hangzhou or ap-southeast-1.")
    return region


def alb_host(region: str) -> str:
    return _ALB_HOSTS.get(region, f"alb.{region}.aliyuncs.com")


def cas_host(site: str) -> str:
    return _CAS_HOSTS[site]


def cas_site_for(region: str) -> str:
    """
    The CAS site that load balancers of a region take certificates from.

    Never the SDK's own table: it sends us-east-1 to China and cn-guangzhou to a host nobody documents.
    An account of the China site with load balancers abroad may differ; sources disagree, hence the option cas_site.
    """
    return "cn-hangzhou" if region.startswith("cn-") else "ap-southeast-1"


def split_endpoint(endpoint: str) -> tuple[str, str]:
    """Scheme (HTTP or HTTPS) and host[:port] of an endpoint given as host, host:port or URL."""
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None:
        raise InputError(f"{endpoint!r} is not an endpoint: give a host, host:port, or http(s)://host[:port].")
    return (found["scheme"] or "https").upper(), found["host"]
