# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Where the APIs are, how to get there, and which of the two certificate stores a region uses."""

from __future__ import annotations

import ipaddress
import re
import urllib.parse
from collections.abc import Sequence

from .._core.errors import InputError

CAS_SITES = ("cn-hangzhou", "ap-southeast-1")

# From the internet, or from within a VPC.
ENDPOINT_TYPES = ("public", "vpc")

_CAS_HOSTS = {
    "cn-hangzhou": {"public": "cas.aliyuncs.com", "vpc": "cas-vpc.cn-hangzhou.aliyuncs.com"},
    "ap-southeast-1": {"public": "cas.ap-southeast-1.aliyuncs.com", "vpc": "cas-vpc.ap-southeast-1.aliyuncs.com"},
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


def alb_host(region: str, kind: str = "public") -> str:
    """:raises InputError: if nobody documents the region's VPC endpoint."""
    if kind == "vpc":
        if region in _ALB_HOSTS:
            raise InputError(f"The VPC endpoint of ALB in {region} is documented nowhere; give it as alb_endpoint.")
        return f"alb-vpc.{region}.aliyuncs.com"
    return _ALB_HOSTS.get(region, f"alb.{region}.aliyuncs.com")


def cas_host(site: str, kind: str = "public") -> str:
    return _CAS_HOSTS[site][kind]


def sts_host(region: str, kind: str = "public") -> str:
    return f"{'sts-vpc' if kind == 'vpc' else 'sts'}.{region}.aliyuncs.com"


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


def checked_proxy(url: str) -> str:
    """
    A proxy with its scheme, C(http) if it has none.

    :raises InputError: if it cannot be one. The message does not repeat it, for it may hold a password.
    """
    whole = url if "://" in url else f"http://{url}"
    try:
        found = urllib.parse.urlsplit(whole)
        usable = found.scheme.lower() in ("http", "https") and bool(found.hostname) and found.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", url):
        raise InputError(
            "The proxy cannot be used: it has to be a URL such as http://proxy.example:3128 or"
            " http://user:password@proxy.example:3128, with the special characters of user and password"
            " percent-encoded. SOCKS is not supported."
        )
    return whole


def goes_direct(url: str, without_proxy: Sequence[str]) -> bool:
    """
    Whether no proxy is to be used for a URL.

    :param without_proxy: hosts, domains (with all below them, with or without the dot before), either with a port,
        addresses, networks such as C(10.0.0.0/8), or C(*) for all.
    """
    found = urllib.parse.urlsplit(url)
    name = (found.hostname or "").rstrip(".")
    port = found.port or (443 if found.scheme == "https" else 80)
    return any(_fits(name, port, one.strip().lower()) for one in without_proxy)


def _fits(name: str, port: int, rule: str) -> bool:
    if rule in ("", "*"):
        return rule == "*"
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        address = None
    if "/" in rule or (rule.count(":") > 1 and not rule.startswith("[")):
        try:
            return address is not None and address in ipaddress.ip_network(rule, strict=False)
        except ValueError:
            return False
    try:
        wanted = urllib.parse.urlsplit(f"//{rule}")
        fits_port = wanted.port in (None, port)
    except ValueError:
        return False
    domain = (wanted.hostname or "").removeprefix("*").strip(".")
    if not domain or not fits_port:
        return False
    return name == domain or (address is None and name.endswith(f".{domain}"))
