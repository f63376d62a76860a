# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exchanges with a stand-in for STS. The library signs them; here it is about who asks whom, how, and what is told."""

from __future__ import annotations

import json
import threading
import time as real_time
import typing as t
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alibabacloud_credentials.provider import EcsRamRoleCredentialsProvider
from alibabacloud_credentials.provider.refreshable import Credentials
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import MissingLibraryError, TlsError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import credential as credential_module
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.credential import SignInError, _sts, credential_of
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.profiles import find_profile
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.sessions import _here
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._core.fake_time import FakeTime
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.connecting import connection_of
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import (
    Answer,
    LocalApi,
    own_tls,
    proxying,
    refusal,
    serving,
    unused_port,
)
from Tea.exceptions import RetryError

ROLE = "acs:ram::1:role/r"
SECRETS = ("the secret", "the-token", "the external id", "the-oidc-token", "fresh-secret", "fresh-token", "Signature")


def given(key_id: str = "STS.fresh", seconds: float = 3600) -> Answer:
    """What STS answers."""
    end = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    keys = {
        "AccessKeyId": key_id,
        "AccessKeySecret": "fresh-secret",
        "SecurityToken": "fresh-token",
        "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return Answer({"RequestId": "REQ-STS", "Credentials": keys})


@pytest.fixture
def sts() -> Iterator[LocalApi]:
    with serving() as one:
        one.answers = [given()]
        yield one


@pytest.fixture(name="access")
def access_by_role(sts: LocalApi) -> Access:
    return Access(
        "cn-hangzhou",
        access_key_id="LTAI",
        access_key_secret="the secret",
        security_token="the-token",
        assume_role_arn=ROLE,
        assume_role_external_id="the external id",
        sts_endpoint=sts.url,
        call_timeout=1.0,
    )


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text("the-oidc-token", encoding="ascii")
    return file


@pytest.fixture(name="pod")
def access_by_oidc(sts: LocalApi, token_file: Path) -> Access:
    return Access(
        "cn-hangzhou",
        assume_role_arn=ROLE,
        oidc_provider_arn="acs:ram::1:oidc-provider/ack",
        oidc_token_file=str(token_file),
        sts_endpoint=sts.url,
        call_timeout=1.0,
    )


def profile_access(tmp_path: Path, sts: LocalApi | None, *rows: dict[str, t.Any], **options: t.Any) -> Access:
    """Access by the first of the profiles."""
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"current": rows[0]["name"], "profiles": rows}), encoding="utf-8")
    profile = find_profile(None, str(file), tmp_path)
    endpoint = sts.url if sts else None
    return Access("cn-hangzhou", profile=profile, sts_endpoint=endpoint, call_timeout=1.0, **options)


AK = {"name": "ak", "mode": "AK", "access_key_id": "LTAI-profile", "access_key_secret": "the secret"}


def test_a_role_is_assumed(sts, access):
    found = credential_of(access).get_credential()
    assert (found.access_key_id, found.access_key_secret, found.security_token) == (
        "STS.fresh",
        "fresh-secret",
        "fresh-token",
    )
    (request,) = sts.requests
    assert request.headers["host"] == sts.host
    query = request.query
    assert (query["Action"], query["RoleArn"], query["RoleSessionName"], query["ExternalId"], query["AccessKeyId"]) == (
        "AssumeRole",
        ROLE,
        "alicloud-tls",
        "the external id",
        "LTAI",
    )
    assert query["SecurityToken"] == "the-token"


def test_a_pod_exchanges_its_token(sts, pod, token_file):
    credential = credential_of(replace(pod, assume_role_session_name="pod-7"))
    assert credential.get_credential().access_key_id == "STS.fresh"
    query = sts.requests[0].query
    assert (query["Action"], query["RoleArn"], query["OIDCProviderArn"], query["OIDCToken"]) == (
        "AssumeRoleWithOIDC",
        ROLE,
        "acs:ram::1:oidc-provider/ack",
        "the-oidc-token",
    )
    assert query["RoleSessionName"] == "pod-7"
    assert "AccessKeyId" not in query


@pytest.mark.parametrize("who", ["access", "pod"])
def test_calls_are_signed_with_what_sts_has_given(sts, api, time, who, request):
    connection = connection_of(("HTTP", api.host), request.getfixturevalue(who), time.pace(10))
    assert sts.requests == []  # nobody is asked before there is something to sign
    for _unused in range(3):
        connection.read("GetListenerAttribute")
    assert {one.headers["x-acs-security-token"] for one in api.requests} == {"fresh-token"}
    assert all("Credential=STS.fresh," in one.headers["authorization"] for one in api.requests)
    assert len(sts.requests) == 1


def test_tasks_of_a_loop_share_an_exchange(sts, access):
    for _unused in range(3):
        credential_of(replace(access)).get_credential()
    assert len(sts.requests) == 1
    credential_of(replace(access, assume_role_arn=f"{ROLE}2")).get_credential()
    assert [request.query["RoleArn"] for request in sts.requests] == [ROLE, f"{ROLE}2"]


def test_threads_share_an_exchange(sts, access, monkeypatch):
    make = credential_module._assumed

    def slowly(wanted: Access) -> t.Any:
        real_time.sleep(0.05)
        return make(wanted)

    monkeypatch.setattr(credential_module, "_assumed", slowly)
    credential = credential_of(access)
    threads = [threading.Thread(target=credential.get_credential) for _unused in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sts.requests) == 1


def test_keys_that_are_about_to_expire_are_renewed(sts, access):
    sts.answers = [given("STS.first", seconds=60), given("STS.second")]
    credential = credential_of(access)
    assert [credential.get_credential().access_key_id for _unused in range(3)] == [
        "STS.first",
        "STS.second",
        "STS.second",
    ]


def test_the_environment_does_not_fill_what_is_left_out(sts, tmp_path, monkeypatch):
    """The library would."""
    monkeypatch.setattr("alibabacloud_credentials.utils.auth_util.environment_role_session_name", "ambient")
    monkeypatch.setattr("alibabacloud_credentials.utils.auth_util.environment_security_token", "ambient")
    row = {**AK, "name": "role", "mode": "RamRoleArn", "ram_role_arn": ROLE}
    credential_of(profile_access(tmp_path, sts, row)).get_credential()
    assert sts.requests[0].query["RoleSessionName"] == "alicloud-tls"
    assert "SecurityToken" not in sts.requests[0].query


# --- profiles --------------------------------------------------------------------------------------------------------


def test_keys_of_a_profile(tmp_path, api, time):
    rows = {**AK, "access_key_secret": "s#e%c+r e;t"}, {**AK, "name": "other"}
    connection_of(("HTTP", api.host), profile_access(tmp_path, None, *rows), time.pace(10)).read("ListListeners")
    assert "Credential=LTAI-profile," in api.requests[0].headers["authorization"]
    found = credential_of(profile_access(tmp_path, None, *rows)).get_credential()
    assert (found.access_key_secret, found.security_token) == ("s#e%c+r e;t", None)


def test_a_token_of_a_profile(tmp_path):
    row = {**AK, "mode": "StsToken", "sts_token": "the-token"}
    assert credential_of(profile_access(tmp_path, None, row)).get_credential().security_token == "the-token"


def test_a_role_of_a_profile(tmp_path, sts):
    row = {
        **AK,
        "mode": "RamRoleArn",
        "ram_role_arn": ROLE,
        "ram_session_name": "mine",
        "expired_seconds": 900,
        "policy": "{}",
        "external_id": "ext",
    }
    assert credential_of(profile_access(tmp_path, sts, row)).get_credential().access_key_id == "STS.fresh"
    query = sts.requests[0].query
    names = ("AccessKeyId", "RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "ExternalId")
    assert [query[name] for name in names] == ["LTAI-profile", ROLE, "mine", "900", "{}", "ext"]


def test_a_chain_of_profiles(tmp_path, sts):
    sts.answers = [given("STS.one"), given("STS.two")]
    chain = (
        {"name": "c", "mode": "ChainableRamRoleArn", "source_profile": "b", "ram_role_arn": f"{ROLE}2"},
        {**AK, "name": "b", "mode": "RamRoleArn", "ram_role_arn": f"{ROLE}1"},
    )
    assert credential_of(profile_access(tmp_path, sts, *chain)).get_credential().access_key_id == "STS.two"
    assert [(one.query["RoleArn"], one.query["AccessKeyId"]) for one in sts.requests] == [
        (f"{ROLE}1", "LTAI-profile"),
        (f"{ROLE}2", "STS.one"),
    ]


def test_an_oidc_token_of_a_profile(tmp_path, sts, token_file):
    row = {
        "name": "o",
        "mode": "OIDC",
        "ram_role_arn": ROLE,
        "oidc_provider_arn": "provider",
        "oidc_token_file": str(token_file),
    }
    credential_of(profile_access(tmp_path, sts, row)).get_credential()
    assert sts.requests[0].query["OIDCToken"] == "the-oidc-token"


def test_a_role_is_assumed_with_a_profile(tmp_path, sts):
    credential_of(profile_access(tmp_path, sts, AK, assume_role_arn=ROLE)).get_credential()
    assert (sts.requests[0].query["AccessKeyId"], sts.requests[0].query["RoleArn"]) == ("LTAI-profile", ROLE)


def test_the_metadata_service_is_asked_directly_and_without_threads(tmp_path, sts, monkeypatch):
    """Also where it is the first in a chain that goes on through a proxy."""
    asked: list[object] = []

    def get(self: EcsRamRoleCredentialsProvider) -> Credentials:
        asked.append((self._role_name, _here.route and _here.route.proxy))
        return Credentials(access_key_id="STS.instance", access_key_secret="x", security_token="y")

    monkeypatch.setattr(EcsRamRoleCredentialsProvider, "get_credentials", get)
    before = set(threading.enumerate())
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    role = {"name": "i", "mode": "EcsRamRole", "ram_role_name": "of-instance"}
    chain = {"name": "c", "mode": "ChainableRamRoleArn", "source_profile": "i", "ram_role_arn": ROLE}
    for access in (
        Access("cn-hangzhou", ecs_ram_role="own", proxy="http://127.0.0.1:1"),
        profile_access(tmp_path, None, role, proxy="http://127.0.0.1:1"),
        profile_access(tmp_path, sts, chain, role),
    ):
        credential_of(access).get_credential()
    assert asked == [("own", None), ("of-instance", None), ("of-instance", None)]
    assert sts.requests[0].query["AccessKeyId"] == "STS.instance"
    assert not [thread.name for thread in set(threading.enumerate()) - before if "Scheduler" in thread.name]


# --- where STS is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        pytest.param({}, "sts.cn-hangzhou.aliyuncs.com", id="region"),
        pytest.param({"endpoint_type": "vpc"}, "sts-vpc.cn-hangzhou.aliyuncs.com", id="vpc"),
        pytest.param({"endpoint_type": "vpc", "sts_endpoint": "sts.example"}, "sts.example", id="own"),
        pytest.param({"sts_endpoint": "https://sts.example:8443/"}, "sts.example:8443", id="url"),
    ],
)
def test_endpoints(options, wanted):
    assert _sts(Access("cn-hangzhou", **options)) == wanted


def test_endpoints_of_a_profile(tmp_path):
    row = {**AK, "mode": "RamRoleArn", "ram_role_arn": ROLE, "sts_region": "eu-central-1"}
    access = profile_access(tmp_path, None, row)
    assert _sts(access, access.profile) == "sts.eu-central-1.aliyuncs.com"
    access = profile_access(tmp_path, None, {**row, "enable_vpc": True})
    assert _sts(access, access.profile) == "sts-vpc.eu-central-1.aliyuncs.com"


@pytest.mark.parametrize("through", [False, True], ids=["directly", "through-a-proxy"])
@pytest.mark.parametrize("who", ["access", "pod"])
def test_sts_by_https_with_an_own_ca(tmp_path, who, through, request):
    context, ca = own_tls(tmp_path)
    with serving(context) as sts, proxying() as proxy:
        sts.answers = [given()]
        access = replace(request.getfixturevalue(who), sts_endpoint=sts.host)
        if through:
            access = replace(access, proxy=f"http://me:the-password@{proxy.host}")
        with pytest.raises(SignInError, match="certificate verify failed") as caught:
            credential_of(access).get_credential()
        assert not caught.value.passing
        assert credential_of(replace(access, ca_bundle=str(ca))).get_credential().access_key_id == "STS.fresh"
        assert len(sts.requests) == 1
    assert {(method, who) for method, _target, who in proxy.seen} == (
        {("CONNECT", "me:the-password")} if through else set()
    )
    assert not [secret for secret in (*SECRETS, "the-password") if secret in caught.value.message]


def test_no_proxy_counts_for_sts(access, sts, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert credential_of(access).get_credential().access_key_id == "STS.fresh"


# --- failures --------------------------------------------------------------------------------------------------------

ECHO = "the-oidc-token the-token fresh-secret Signature=abc"


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        pytest.param(refusal("NoPermission", 403, ECHO), ("HTTP 403, NoPermission", "sts:AssumeRole"), id="forbidden"),
        pytest.param(refusal("EntityNotExist.Role", 404, ECHO), ("EntityNotExist.Role", "no such role"), id="no-role"),
        pytest.param(
            refusal("AuthenticationFail.OIDCToken.Invalid", 400, ECHO),
            ("AuthenticationFail.OIDCToken.Invalid", "trust policy"),
            id="token",
        ),
        pytest.param(Answer({"Code": "fresh-secret", "Message": ECHO}, 400), ("HTTP 400)",), id="odd-code"),
        pytest.param(Answer(f"<html>{ECHO}</html>".encode(), 400), ("HTTP 400)",), id="html-400"),
        pytest.param(Answer(f"<html>{ECHO}</html>".encode(), 200), ("JSONDecodeError",), id="html-200"),
        pytest.param(Answer(b"\xff\xfe", 200), ("UnicodeDecodeError",), id="not-utf8"),
        pytest.param(Answer({"Echo": ECHO}, 200), ("CredentialException",), id="no-credentials"),
        pytest.param(Answer({"Credentials": None}, 200), ("TypeError",), id="null"),
        pytest.param(Answer([ECHO], 200), ("CredentialException",), id="list"),
        pytest.param(
            Answer(
                {"Credentials": {"AccessKeyId": "a", "AccessKeySecret": "fresh-secret", "SecurityToken": "fresh-token"}}
            ),
            ("TypeError",),
            id="no-expiration",
        ),
    ],
)
@pytest.mark.parametrize("who", ["access", "pod"])
def test_a_refusal_tells_no_secret(sts, api, time, answer, parts, who, request, capfd):
    sts.answers = [answer]
    connection = connection_of(("HTTP", api.host), request.getfixturevalue(who), time.pace(10))
    with pytest.raises(TlsError) as caught:
        connection.write("DeleteListener", {"ListenerId": "lsn-1"})
    for part in (f"Could not assume the RAM role {ROLE}", *parts):
        assert part in caught.value.message
    said = f"{caught.value.message} {caught.value!r} {''.join(capfd.readouterr())}"
    assert not [secret for secret in SECRETS if secret in said]
    assert len(sts.requests) == 1  # trying again would not help
    assert api.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(refusal("ServiceUnavailable", 503), id="503"),
        pytest.param(refusal("Throttling.User", 400), id="throttled"),
        pytest.param(Answer(lost=True), id="lost"),
    ],
)
def test_what_passes_is_tried_again(sts, api, time, access, answer):
    sts.answers = [answer, answer, given()]
    connection_of(("HTTP", api.host), access, time.pace(10)).read("ListListeners")
    assert len(sts.requests) == 3


def test_nobody_answers_for_sts(api, time, pod, capfd):
    access = replace(pod, sts_endpoint=f"http://127.0.0.1:{unused_port()}")
    with pytest.raises(SignInError) as caught:
        connection_of(("HTTP", api.host), access, time.pace(10)).read("ListListeners")
    assert "Connection refused" in caught.value.message
    said = f"{caught.value.message} {caught.value!r} {''.join(capfd.readouterr())}"
    assert not [secret for secret in SECRETS if secret in said]
    assert sum(time.pauses) == pytest.approx(access.call_timeout)


def test_a_redirect_of_sts_is_not_followed(sts, pod):
    sts.answers = [Answer(status=302, headers={"Location": f"{sts.url}/elsewhere"})]
    with pytest.raises(SignInError, match="redirects to another address"):
        credential_of(pod).get_credential()
    assert len(sts.requests) == 1


def test_a_token_file_that_is_gone(sts, pod, token_file):
    token_file.unlink()
    with pytest.raises(SignInError, match="No such file") as caught:
        credential_of(pod).get_credential()
    assert not caught.value.passing
    assert sts.requests == []


def test_no_metadata_service_is_asked_for_once(api, time, monkeypatch):
    """Where there is none, it takes two seconds to notice."""
    asked: list[object] = []

    def get(self: EcsRamRoleCredentialsProvider) -> t.NoReturn:
        asked.append(self)
        raise RetryError("HTTPConnectionPool(host='100.100.100.200', port=80): Connection timed out. (Signature=abc)")

    monkeypatch.setattr(EcsRamRoleCredentialsProvider, "get_credentials", get)
    with pytest.raises(SignInError, match=r"RAM role r from the metadata service \(timed out\)\.$"):
        connection_of(("HTTP", api.host), Access("cn-hangzhou", ecs_ram_role="r"), time.pace(10)).read("ListListeners")
    assert len(asked) == 1
    assert time.pauses == []


def test_a_missing_library(access, monkeypatch):
    monkeypatch.setattr(credential_module, "SDK_PROBLEM", "No module named 'apscheduler'")
    with pytest.raises(MissingLibraryError, match=r"alibabacloud-credentials: No module named 'apscheduler'"):
        credential_of(access)


@pytest.fixture(name="time")
def fake_time() -> FakeTime:
    return FakeTime()
