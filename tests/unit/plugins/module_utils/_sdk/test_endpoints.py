# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.endpoints import (
    CAS_SITES,
    alb_host,
    cas_host,
    cas_site_for,
    checked_region,
    split_endpoint,
)


@pytest.mark.parametrize(
    ("endpoint", "wanted"),
    [
        pytest.param("alb.cn-hangzhou.aliyuncs.com", ("HTTPS", "alb.cn-hangzhou.aliyuncs.com"), id="host"),
        pytest.param("127.0.0.1:8080", ("HTTPS", "127.0.0.1:8080"), id="host-port"),
        pytest.param("http://127.0.0.1:8080", ("HTTP", "127.0.0.1:8080"), id="http"),
        pytest.param("https://alb.example", ("HTTPS", "alb.example"), id="https"),
        pytest.param("HTTPS://alb.example/", ("HTTPS", "alb.example"), id="upper-and-slash"),
        pytest.param("http://[::1]:8080", ("HTTP", "[::1]:8080"), id="ipv6"),
    ],
)
def test_endpoints(endpoint, wanted):
    assert split_endpoint(endpoint) == wanted


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param("ftp://alb.example", id="scheme"),
        pytest.param("http://", id="no-host"),
        pytest.param("://alb.example", id="no-scheme"),
        pytest.param("/", id="slash"),
        pytest.param("alb.example/path", id="path"),
        pytest.param("http://alb.example/path", id="url-path"),
        pytest.param("https://me@alb.example", id="user"),
        pytest.param("http://alb.example?x=1", id="query"),
        pytest.param("alb.example#x", id="fragment"),
        pytest.param("alb example", id="blank"),
        pytest.param(":8080", id="port-only"),
    ],
)
def test_what_is_no_endpoint(endpoint):
    with pytest.raises(InputError, match="is not an endpoint: give a host, host:port"):
        split_endpoint(endpoint)


@pytest.mark.parametrize(
    ("region", "wanted"),
    [
        ("cn-hangzhou", "cn-hangzhou"),
        ("cn-guangzhou", "cn-hangzhou"),
        ("cn-hongkong", "cn-hangzhou"),
        ("cn-hangzhou-finance", "cn-hangzhou"),
        ("ap-southeast-1", "ap-southeast-1"),
        ("us-east-1", "ap-southeast-1"),
        ("eu-central-1", "ap-southeast-1"),
        ("me-east-1", "ap-southeast-1"),
    ],
)
def test_cas_sites(region, wanted):
    assert cas_site_for(region) == wanted
    assert wanted in CAS_SITES


def test_hosts():
    assert alb_host("eu-central-1") == "alb.eu-central-1.aliyuncs.com"
    assert alb_host("cn-hangzhou-finance") == "alb.cn-hangzhou.aliyuncs.com"
    assert [cas_host(site) for site in CAS_SITES] == ["cas.aliyuncs.com", "cas.ap-southeast-1.aliyuncs.com"]


@pytest.mark.parametrize("region", ["cn-hangzhou", "ap-southeast-1", "cn-wulanchabu-acdr-1", "me-central-1"])
def test_regions(region):
    assert checked_region(region) == region


@pytest.mark.parametrize(
    ("region", "part"),
    [
        pytest.param(None, "No region: set the option region, or the environment variable", id="none"),
        pytest.param("", "No region", id="empty"),
        pytest.param("hangzhou", "'hangzhou' is not an Alibaba Cloud region", id="no-country"),
        pytest.param("CN-HANGZHOU", "is not an Alibaba Cloud region", id="upper"),
        pytest.param("cn-hangzhou.evil.example", "is not an Alibaba Cloud region", id="host"),
        pytest.param("cn-hangzhou\n", "is not an Alibaba Cloud region", id="newline"),
    ],
)
def test_what_is_no_region(region, part):
    with pytest.raises(InputError, match=part):
        checked_region(region)
