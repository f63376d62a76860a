# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.alicloud.tls.plugins.doc_fragments import _auth as auth, _wait as wait
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.options import (
    ENVIRONMENT,
    access_of,
    access_options,
    listener_options,
    wait_options,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access


def documented(fragment: t.Any) -> dict[str, dict[str, t.Any]]:
    found: dict[str, dict[str, t.Any]] = yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"]
    return found


CASES = [
    pytest.param(name, option, documented(fragment).get(name), id=name)
    for spec, fragment in ((access_options(), auth), (wait_options(), wait))
    for name, option in spec.items()
]


@pytest.mark.parametrize(("name", "option", "told"), CASES)
def test_an_option_is_documented_as_it_is(name, option, told):
    assert told is not None, f"{name} is not documented"
    assert told["description"]
    for key in ("type", "default", "choices"):
        assert told.get(key) == option.get(key), key


@pytest.mark.parametrize(("name", "told"), documented(auth).items())
def test_the_environment_variables_are_documented_in_their_order(name, told):
    text = " ".join(told["description"])
    named = [one for one in re.findall(r"E\((\w+)\)", text) if one.startswith(("ALIBABA_CLOUD_", "ALICLOUD_"))]
    assert named == list(ENVIRONMENT.get(name, ()))


@pytest.mark.parametrize(("spec", "fragment"), [(access_options(), auth), (wait_options(), wait)], ids=["auth", "wait"])
def test_nothing_else_is_documented(spec, fragment):
    assert sorted(documented(fragment)) == sorted(spec)


def test_secrets_are_marked():
    spec = access_options()
    assert {name for name, option in spec.items() if option.get("no_log")} == {
        "access_key_secret",
        "security_token",
        "assume_role_external_id",
    }
    # Would be taken for a secret by its name; it is shown on purpose.
    assert spec["access_key_id"]["no_log"] is False


def test_specs_are_made_anew():
    access_options()["region"]["type"] = "int"
    assert access_options()["region"]["type"] == "str"


KEYS = {"region": "cn-hangzhou", "access_key_id": "LTAI", "access_key_secret": "the secret"}


def checked(given: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options as a front hands them on."""
    found = ModuleArgumentSpecValidator({**access_options(), **wait_options(), **listener_options()}).validate(given)
    assert found.error_messages == []
    params: dict[str, t.Any] = found.validated_parameters
    return params


def access(given: dict[str, t.Any], base_dir: str = "/") -> Access:
    return access_of(checked(given), base_dir)


def test_access():
    assert access(KEYS) == Access(
        region="cn-hangzhou", access_key_id="LTAI", access_key_secret="the secret", call_timeout=20.0
    )


def test_access_has_every_option(tmp_path):
    given: dict[str, t.Any] = {
        **KEYS,
        "security_token": "token",
        "assume_role_arn": "acs:ram::1:role/r",
        "assume_role_session_name": "session",
        "assume_role_external_id": "external",
        "sts_endpoint": "sts.example",
        "cas_site": "ap-southeast-1",
        "alb_endpoint": "alb.example",
        "cas_endpoint": "cas.example",
        "ca_bundle": str(tmp_path / "ca.pem"),
        "call_timeout": 3.5,
    }
    (tmp_path / "ca.pem").touch()
    assert access(given) == Access(**given)
    assert access({"region": "cn-hangzhou", "ecs_ram_role": "r"}).ecs_ram_role == "r"


def test_a_relative_ca_bundle_is_relative_to_the_base(tmp_path):
    (tmp_path / "ca.pem").touch()
    assert access({**KEYS, "ca_bundle": "ca.pem"}, str(tmp_path)).ca_bundle == str(tmp_path / "ca.pem")
    with pytest.raises(InputError, match=r"There is no CA bundle .*/other\.pem"):
        access({**KEYS, "ca_bundle": "other.pem"}, str(tmp_path))


AMBIENT = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "ambient id",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "ambient secret",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "ambient token",
    "ALIBABA_CLOUD_ASSUME_ROLE_ARN": "acs:ram::1:role/ambient",
}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param(
            {}, ("ambient id", "ambient secret", "ambient token", "acs:ram::1:role/ambient"), id="all-ambient"
        ),
        pytest.param(
            {"access_key_id": "own", "access_key_secret": "own secret"},
            ("own", "own secret", None, None),
            id="own-keys",
        ),
        pytest.param({"ecs_ram_role": "r"}, (None, None, None, None), id="instance-role"),
        pytest.param(
            {"assume_role_arn": "acs:ram::1:role/own"},
            ("ambient id", "ambient secret", "ambient token", "acs:ram::1:role/own"),
            id="own-role",
        ),
    ],
)
def test_options_and_environment_are_never_mixed(monkeypatch, given, wanted):
    for name, value in AMBIENT.items():
        monkeypatch.setenv(name, value)
    found = access({"region": "cn-hangzhou", **given})
    assert (found.access_key_id, found.access_key_secret, found.security_token, found.assume_role_arn) == wanted


def test_half_a_pair_of_keys_is_not_completed(monkeypatch):
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "of another key")
    with pytest.raises(InputError, match="No Alibaba Cloud credentials"):
        access({"region": "cn-hangzhou", "access_key_id": "own"})


def test_an_unknown_site_in_the_environment(monkeypatch):
    monkeypatch.setenv("ALIBABA_CLOUD_CAS_SITE", "eu-central-1")
    with pytest.raises(InputError, match="cas_site must be one of cn-hangzhou, ap-southeast-1, not eu-central-1"):
        access(KEYS)


@pytest.mark.parametrize(
    ("region", "given", "wanted"),
    [
        pytest.param("cn-shanghai", None, "cn-hangzhou", id="china"),
        pytest.param("us-east-1", None, "ap-southeast-1", id="abroad"),
        pytest.param("us-east-1", "cn-hangzhou", "cn-hangzhou", id="own-choice"),
    ],
)
def test_site(region, given, wanted):
    chosen = {"cas_site": given} if given else {}
    assert access({**KEYS, "region": region, **chosen}).site() == wanted


def test_access_from_the_environment(monkeypatch):
    monkeypatch.setenv("ALIBABA_CLOUD_REGION_ID", "")
    monkeypatch.setenv("ALICLOUD_REGION", "eu-central-1")
    monkeypatch.setenv("ALICLOUD_ACCESS_KEY", "LTAI")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "first")
    monkeypatch.setenv("ALICLOUD_SECRET_KEY", "second")
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "")
    found = access({})
    assert found == Access("eu-central-1", access_key_id="LTAI", access_key_secret="first", call_timeout=20.0)
    assert access({"region": "cn-beijing"}).region == "cn-beijing"


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        pytest.param({"region": None}, "No region", id="no-region"),
        pytest.param({"region": ""}, "No region", id="empty-region"),
        pytest.param({"region": "mars"}, "'mars' is not an Alibaba Cloud region", id="bad-region"),
        pytest.param({"access_key_secret": None}, "No Alibaba Cloud credentials", id="no-secret"),
        pytest.param({"access_key_id": ""}, "No Alibaba Cloud credentials", id="empty-key"),
        pytest.param({"call_timeout": 0}, "call_timeout must be more than 0 seconds, not 0", id="no-time-for-a-call"),
        pytest.param({"wait_timeout": -1}, "wait_timeout must be more than 0 seconds, not -1", id="no-time"),
        pytest.param({"wait_timeout": "nan"}, "wait_timeout", id="not-a-number"),
    ],
)
def test_what_is_no_access(changes, part):
    with pytest.raises(InputError) as caught:
        access({**KEYS, **changes})
    assert part in caught.value.message
    assert "the secret" not in caught.value.message
