# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
The two sites of CAS, and which one a request is for.

A site is a host name in the cloud. On loopback it is a port, since host:port is the one form of endpoint that every SDK
takes and every system resolves; a client that resolves the real host names to loopback by itself is understood, too.
"""

from __future__ import annotations

from .cas import SITES

_HOSTS = {
    "cas.aliyuncs.com": "cn-hangzhou",
    "cas-vpc.cn-hangzhou.aliyuncs.com": "cn-hangzhou",
    "cas-vpc.ap-southeast-1.aliyuncs.com": "ap-southeast-1",
}


def other_site(site: str) -> str:
    """The one that the second port stands for."""
    return next(each for each in SITES if each != site)


def site_named_by(host: str) -> str:
    """
    The site that a host name stands for, whatever the port: the real names, and `cas.<site>.` with anything behind.

    :param host: the Host header
    :return: empty, if it says nothing
    """
    name = host.partition(":")[0].lower()
    known = _HOSTS.get(name)
    if known is not None:
        return known
    return next((site for site in SITES if name.startswith(f"cas.{site}.")), "")


def host_of(site: str) -> str:
    """HostId in the errors of CAS."""
    return "cas.aliyuncs.com" if site == SITES[0] else f"cas.{site}.aliyuncs.com"
