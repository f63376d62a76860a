# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sys
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import (
    InputError,
    MissingLibraryError,
    NotFoundError,
)
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb, cas, client
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.cloud import Cloud
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.profiles import Profile
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._core.fake_time import FakeTime
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import LocalApi

FULL = Access(
    region="cn-hangzhou",
    access_key_id="LTAI",
    access_key_secret="the secret",
    security_token="the token",
    assume_role_external_id="the external id",
)


def test_secrets_are_not_in_the_repr():
    told = repr(FULL)
    assert not [secret for secret in ("the secret", "the token", "the external id") if secret in told]


@pytest.mark.parametrize(
    ("proxy", "secrets"),
    [
        pytest.param("http://joe:p%40ss@proxy.example:3128", {"joe:p%40ss"}, id="url"),
        pytest.param("joe:p/4@ss@proxy.example", {"joe:p/4@ss"}, id="no-scheme"),
        pytest.param("http://proxy.example:3128", set(), id="no-password"),
        pytest.param(None, set(), id="none"),
    ],
)
def test_found_secrets(monkeypatch, proxy, secrets):
    source = Profile("a", "file", "keys", "LTAI", "the secret of the profile", security_token="its token")
    profile = Profile("b", "file", "role", external_id="its external id", source=source)
    assert replace(FULL, proxy=proxy).found_secrets() == secrets
    access = replace(FULL, profile=profile)
    monkeypatch.setenv("https_proxy", proxy or "")
    assert access.found_secrets() == {"the secret of the profile", "its token", "its external id", *secrets}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"access_key_id": None, "access_key_secret": None}, id="nothing"),
        pytest.param({"access_key_secret": None}, id="id-only"),
        pytest.param({"access_key_id": None}, id="secret-only"),
        pytest.param({"access_key_id": "", "access_key_secret": ""}, id="empty"),
        pytest.param({"access_key_id": None, "assume_role_arn": "acs:ram::1:role/r"}, id="role-to-assume-without-key"),
    ],
)
def test_without_credentials_nobody_is_called(changes, api: LocalApi, time: FakeTime):
    access = replace(FULL, alb_endpoint=api.url, cas_endpoint=api.url, **changes)
    cloud = Cloud(access, time.pace(10))
    for use in (
        access.check,
        lambda: cloud.listeners.listener("lsn-1"),
        lambda: cloud.certificates("cn-hangzhou").certificate(1),
    ):
        with pytest.raises(InputError) as caught:
            use()
        for part in ("access_key_id", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ecs_ram_role", "metadata service is not asked"):
            assert part in caught.value.message
    assert api.requests == []
    assert cloud.calls.to_dict() == {}


@pytest.mark.parametrize(
    ("changes", "temporary"),
    [
        pytest.param({}, False, id="keys"),
        pytest.param({"assume_role_arn": "acs:ram::1:role/r"}, True, id="role-to-assume"),
        pytest.param({"ecs_ram_role": "r", "access_key_id": None}, True, id="role-of-the-instance"),
    ],
)
def test_who_has_to_be_asked_for_keys(changes, temporary):
    access = replace(FULL, **changes)
    access.check()
    assert access.temporary() is temporary


@pytest.mark.parametrize("missing", ["oidc_provider_arn", "oidc_token_file", "assume_role_arn"])
def test_two_thirds_of_an_oidc_exchange(missing):
    access = Access("cn-hangzhou", oidc_provider_arn="p", oidc_token_file="/token", assume_role_arn="acs:ram::1:role/r")
    access.check()
    assert access.temporary()
    with pytest.raises(InputError, match=f"oidc_provider_arn, oidc_token_file, assume_role_arn; missing: {missing}"):
        replace(access, **t.cast("dict[str, t.Any]", {missing: None})).check()


def test_half_a_pair_is_named():
    with pytest.raises(InputError, match=r"Half of the pair is there; access_key_secret is missing\.$"):
        replace(FULL, access_key_secret=None).check()


def test_two_roles_are_one_too_many():
    with pytest.raises(InputError, match="either ecs_ram_role or assume_role_arn"):
        replace(FULL, ecs_ram_role="r", assume_role_arn="acs:ram::1:role/r").check()


def test_endpoints():
    assert FULL.alb() == ("HTTPS", "alb.cn-hangzhou.aliyuncs.com")
    assert FULL.cas("ap-southeast-1") == ("HTTPS", "cas.ap-southeast-1.aliyuncs.com")
    inside = replace(FULL, endpoint_type="vpc")
    assert inside.alb() == ("HTTPS", "alb-vpc.cn-hangzhou.aliyuncs.com")
    assert inside.cas("ap-southeast-1") == ("HTTPS", "cas-vpc.ap-southeast-1.aliyuncs.com")
    for one in (FULL, inside):
        own = replace(one, alb_endpoint="http://127.0.0.1:1", cas_endpoint="127.0.0.1:2")
        assert (own.alb(), own.cas("cn-hangzhou")) == (("HTTP", "127.0.0.1:1"), ("HTTPS", "127.0.0.1:2"))


def test_gateways_are_made_once(time: FakeTime):
    cloud = Cloud(FULL, time.pace(10))
    assert cloud.balancers is cloud.balancers
    assert cloud.certificates("cn-hangzhou") is cloud.certificates("cn-hangzhou")
    assert cloud.certificates("cn-hangzhou") is not cloud.certificates("ap-southeast-1")


def test_an_unknown_site(time: FakeTime):
    with pytest.raises(NotFoundError, match="no site eu-central-1; certificates are in cn-hangzhou or ap-southeast-1"):
        Cloud(FULL, time.pace(10)).certificates("eu-central-1")


@pytest.mark.parametrize(
    ("module", "missing", "use"),
    [
        pytest.param(alb, "Client", lambda cloud: cloud.balancers, id="alb"),
        pytest.param(cas, "Client", lambda cloud: cloud.certificates("cn-hangzhou"), id="cas"),
        # An old SDK may have the product's client and lack something else that calls need.
        pytest.param(client, "Config", lambda cloud: cloud.balancers, id="alb-common-part"),
        pytest.param(client, "Config", lambda cloud: cloud.certificates("cn-hangzhou"), id="cas-common-part"),
    ],
)
def test_a_missing_sdk_says_what_and_for_whom(module, missing, use, monkeypatch, time: FakeTime):
    monkeypatch.setattr(module, "SDK_PROBLEM", "No module named 'darabonba'")
    monkeypatch.delattr(module, missing)
    with pytest.raises(MissingLibraryError) as caught:
        use(Cloud(FULL, time.pace(10)))
    for part in (sys.executable, "No module named 'darabonba'", "requirements.txt", "execution environment"):
        assert part in caught.value.message
