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
    checked_proxy,
    checked_region,
    goes_direct,
    split_endpoint,
    sts_host,
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
    assert sts_host("cn-beijing") == "sts.cn-beijing.aliyuncs.com"


def test_hosts_within_a_vpc():
    assert alb_host("eu-central-1", "vpc") == "alb-vpc.eu-central-1.aliyuncs.com"
    assert [cas_host(site, "vpc") for site in CAS_SITES] == [
        "cas-vpc.cn-hangzhou.aliyuncs.com",
        "cas-vpc.ap-southeast-1.aliyuncs.com",
    ]
    assert sts_host("cn-beijing", "vpc") == "sts-vpc.cn-beijing.aliyuncs.com"
    with pytest.raises(InputError, match="cn-hangzhou-finance is documented nowhere; give it as alb_endpoint"):
        alb_host("cn-hangzhou-finance", "vpc")


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


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://proxy.test:3128", "http://proxy.test:3128"),
        ("https://proxy.test", "https://proxy.test"),
        ("HTTP://proxy.test:1/", "HTTP://proxy.test:1/"),
        ("proxy.test:3128", "http://proxy.test:3128"),
        ("me:pass%23word@proxy.test:3128", "http://me:pass%23word@proxy.test:3128"),
        ("http://[::1]:3128", "http://[::1]:3128"),
    ],
)
def test_proxies(url, wanted):
    assert checked_proxy(url) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "socks5://me:s3cr3t@proxy.test:1080",
        "http://",
        "http://me:s3cr3t@",
        "http://me:s3cr3t@proxy.test:port",
        "http://me:s3cr3t@proxy.test:99999",
        "http://me:s3cr3t@proxy test",
        "http://me:s3cr3t@proxy.test\n",
        "http://me:s3#cr3t@proxy.test",
    ],
)
def test_what_is_no_proxy(url):
    with pytest.raises(InputError, match="The proxy cannot be used") as caught:
        checked_proxy(url)
    assert "s3" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "rules", "wanted"),
    [
        pytest.param("https://alb.example.com/", "alb.example.com", True, id="host"),
        pytest.param("https://alb.example.com/", "ALB.Example.COM", True, id="case"),
        pytest.param("https://alb.example.com/", "example.com", True, id="domain"),
        pytest.param("https://alb.example.com/", ".example.com", True, id="domain-with-dot"),
        pytest.param("https://alb.example.com/", "*.example.com", True, id="domain-with-star"),
        pytest.param("https://alb.example.com/", "  example.com ", True, id="blanks"),
        pytest.param("https://alb.example.com./", "example.com", True, id="rooted"),
        pytest.param("https://badexample.com/", "example.com", False, id="ends-alike"),
        pytest.param("https://badexample.com/", ".example.com", False, id="ends-alike-with-dot"),
        pytest.param("https://example.com.evil.test/", "example.com", False, id="begins-alike"),
        pytest.param("https://alb.example.com/", "other.test,example.com", True, id="second"),
        pytest.param("https://alb.example.com/", "", False, id="nothing"),
        pytest.param("https://alb.example.com/", ",,", False, id="commas"),
        pytest.param("https://alb.example.com/", "*", True, id="all"),
        pytest.param("https://alb.example.com/", "alb.example.com:443", True, id="port-of-the-scheme"),
        pytest.param("https://alb.example.com:8443/", "alb.example.com:8443", True, id="port"),
        pytest.param("https://alb.example.com:8443/", "alb.example.com:443", False, id="other-port"),
        pytest.param("https://alb.example.com:8443/", "example.com:8443", True, id="domain-and-port"),
        pytest.param("http://10.1.2.3/", "10.0.0.0/8", True, id="network"),
        pytest.param("http://10.1.2.3:8080/", "10.1.2.3", True, id="address"),
        pytest.param("http://11.1.2.3/", "10.0.0.0/8", False, id="other-network"),
        pytest.param("http://10.1.2.3/", "2.3", False, id="end-of-an-address"),
        pytest.param("http://10.1.2.3/", "10.0.0.0/99", False, id="no-network"),
        pytest.param("http://alb.example.com/", "10.0.0.0/8", False, id="a-name-in-no-network"),
        pytest.param("http://[::1]:8080/", "::1", True, id="ipv6"),
        pytest.param("http://[::1]:8080/", "[::1]:8080", True, id="ipv6-port"),
        pytest.param("http://[fd00::7]/", "fd00::/8", True, id="ipv6-network"),
        pytest.param("http://alb.example.com/", "example.com:port", False, id="no-port"),
    ],
)
def test_what_needs_no_proxy(url, rules, wanted):
    assert goes_direct(url, rules.split(",")) is wanted
