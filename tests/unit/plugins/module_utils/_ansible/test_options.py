# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

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
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError, NotFoundError
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
        "proxy",
    }
    # Would be taken for secrets by their names; they are shown on purpose.
    assert [name for name, option in spec.items() if option.get("no_log") is False] == [
        "access_key_id",
        "oidc_token_file",
    ]


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
        "endpoint_type": "vpc",
        "proxy": "http://me:password@proxy.example:3128",
        "ca_bundle": str(tmp_path / "ca.pem"),
        "call_timeout": 3.5,
    }
    (tmp_path / "ca.pem").touch()
    assert access({**given, "no_proxy": "a.example, b.example"}) == Access(**given, no_proxy=("a.example", "b.example"))
    (tmp_path / "token").touch()
    oidc: dict[str, t.Any] = {
        "region": "cn-hangzhou",
        "assume_role_arn": "acs:ram::1:role/r",
        "oidc_provider_arn": "provider",
        "oidc_token_file": str(tmp_path / "token"),
    }
    assert access(oidc) == Access(**oidc)
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
    "ALIBABA_CLOUD_ASSUME_ROLE_EXTERNAL_ID": "ambient external id",
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


@pytest.mark.parametrize("given", [{"access_key_id": "own"}, {"access_key_secret": "own"}, {"security_token": "own"}])
def test_half_a_pair_of_keys_is_not_completed(monkeypatch, given):
    for name, value in AMBIENT.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match="No Alibaba Cloud credentials"):
        access({"region": "cn-hangzhou", **given})


def test_an_external_id_is_told_to_its_own_role_only(monkeypatch):
    for name, value in AMBIENT.items():
        monkeypatch.setenv(name, value)
    assert access({"region": "cn-hangzhou"}).assume_role_external_id == "ambient external id"
    own = {"region": "cn-hangzhou", "assume_role_arn": "acs:ram::1:role/own"}
    assert access(own).assume_role_external_id is None
    assert access({**own, "assume_role_external_id": "x"}).assume_role_external_id == "x"


def test_names_of_one_kind_are_not_mixed_with_the_other(monkeypatch):
    monkeypatch.setenv("ALICLOUD_ACCESS_KEY", "terraform id")
    monkeypatch.setenv("ALICLOUD_SECRET_KEY", "terraform secret")
    monkeypatch.setenv("ALICLOUD_SECURITY_TOKEN", "terraform token")
    found = access({"region": "cn-hangzhou"})
    assert (found.access_key_id, found.security_token) == ("terraform id", "terraform token")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "other id")
    with pytest.raises(InputError, match="access_key_secret is missing"):
        access({"region": "cn-hangzhou"})
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "other secret")
    found = access({"region": "cn-hangzhou"})
    assert (found.access_key_id, found.access_key_secret, found.security_token) == ("other id", "other secret", None)


# --- profiles and tokens ---------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a profile for each of two regions."""
    monkeypatch.setenv("HOME", str(tmp_path))
    rows = [
        {
            "name": name,
            "mode": "AK",
            "access_key_id": f"LTAI-{name}",
            "access_key_secret": "s3cr3t",
            "region_id": region,
        }
        for name, region in (("default", "cn-beijing"), ("prod", "eu-central-1"))
    ]
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_text(json.dumps({"current": "default", "profiles": rows}))
    return tmp_path


def key_of(found: Access) -> str | None:
    return found.profile.access_key_id if found.profile else found.access_key_id


@pytest.mark.usefixtures("home")
def test_no_profile_is_used_unless_so_wished():
    with pytest.raises(InputError, match="Credentials files are not read"):
        access({"region": "cn-hangzhou"})


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", ["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE", None])
def test_a_profile(monkeypatch, name):
    given = {} if name else {"profile": "prod"}
    if name:
        monkeypatch.setenv(name, "prod")
    found = access(given)
    assert key_of(found) == "LTAI-prod"
    assert found.region == "eu-central-1"
    assert access({**given, "region": "cn-hangzhou"}).region == "cn-hangzhou"
    monkeypatch.setenv("ALIBABA_CLOUD_REGION_ID", "cn-shanghai")
    assert access(given).region == "cn-shanghai"


def test_a_file_of_ones_own(home, tmp_path, monkeypatch):
    ini = "[default]\ntype=access_key\naccess_key_id=LTAI-ini\naccess_key_secret=a#b\n"
    (tmp_path / "mine.ini").write_text(f"{ini}[prod]{ini[9:].replace('ini', 'ini-prod')}")
    region = {"region": "cn-hangzhou"}
    assert key_of(access({**region, "credentials_file": "mine.ini"}, str(tmp_path))) == "LTAI-ini"
    assert key_of(access({**region, "credentials_file": "~/mine.ini", "profile": "prod"})) == "LTAI-ini-prod"
    for name in ("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"):
        with monkeypatch.context() as patched:
            patched.setenv(name, str(tmp_path / "mine.ini"))
            assert key_of(access(region)) == "LTAI-ini"
            # Where profiles are is no part of who signs.
            assert key_of(access({**region, "profile": "prod"})) == "LTAI-ini-prod"
    monkeypatch.setenv("ALIBABA_CLOUD_PROFILE", "prod")
    assert key_of(access({**region, "credentials_file": str(tmp_path / "mine.ini")})) == "LTAI-ini"
    with pytest.raises(InputError, match=r"There is no credentials file .*/gone"):
        access({**region, "credentials_file": str(home / "gone")})
    with pytest.raises(NotFoundError, match=r"no profile nobody: .*config\.json has default, prod"):
        access({**region, "profile": "nobody"})


@pytest.fixture
def pod(monkeypatch, tmp_path) -> dict[str, str]:
    """What the pod identity webhook of ACK sets."""
    (tmp_path / "token").touch()
    variables = {
        "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/pod",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/ack",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(tmp_path / "token"),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def test_a_pod(pod, monkeypatch):
    found = access({"region": "cn-hangzhou"})
    assert (found.assume_role_arn, found.oidc_provider_arn, found.oidc_token_file) == tuple(pod.values())
    assert found.assume_role_session_name is None
    monkeypatch.setenv("ALIBABA_CLOUD_ROLE_SESSION_NAME", "pod-7")
    assert access({"region": "cn-hangzhou"}).assume_role_session_name == "pod-7"
    own = access({"region": "cn-hangzhou", "assume_role_arn": "acs:ram::1:role/own"})
    assert (own.assume_role_arn, own.oidc_provider_arn) == ("acs:ram::1:role/own", "acs:ram::1:oidc-provider/ack")


@pytest.mark.parametrize(
    "missing", ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"]
)
@pytest.mark.usefixtures("pod")
def test_two_of_a_pods_variables_are_none(monkeypatch, missing):
    monkeypatch.delenv(missing)
    with pytest.raises(InputError, match="No Alibaba Cloud credentials"):
        access({"region": "cn-hangzhou"})


@pytest.mark.usefixtures("pod")
def test_the_role_of_a_pod_is_not_assumed_with_keys():
    assert access(KEYS).assume_role_arn is None


def test_a_token_file_that_is_not_there(pod):
    Path(pod["ALIBABA_CLOUD_OIDC_TOKEN_FILE"]).unlink()
    with pytest.raises(InputError, match=r"There is no OIDC token file .*/token\."):
        access({"region": "cn-hangzhou"})


@pytest.mark.usefixtures("pod", "home")
def test_the_order_of_the_environment(monkeypatch):
    """As the SDKs have it: keys, OIDC, profile."""
    region = {"region": "cn-hangzhou"}
    monkeypatch.setenv("ALIBABA_CLOUD_PROFILE", "prod")
    found = access(region)
    assert found.oidc_provider_arn
    assert found.profile is None
    for name, value in AMBIENT.items():
        monkeypatch.setenv(name, value)
    found = access(region)
    assert (found.access_key_id, found.oidc_provider_arn, found.profile) == ("ambient id", None, None)
    # Options go before all of it, and are alone.
    found = access({**region, "profile": "default"})
    assert (key_of(found), found.access_key_id, found.oidc_provider_arn, found.assume_role_arn) == (
        "LTAI-default",
        None,
        None,
        None,
    )
    found = access({**region, "ecs_ram_role": "r"})
    assert (found.ecs_ram_role, found.oidc_provider_arn, found.profile) == ("r", None, None)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({**KEYS, "profile": "prod"}, "access_key_id and profile"),
        ({**KEYS, "ecs_ram_role": "r"}, "access_key_id and ecs_ram_role"),
        (
            {"region": "cn-hangzhou", "credentials_file": "f", "oidc_token_file": "t"},
            "oidc_token_file and cred",
        ),
    ],
)
def test_two_ways_in_the_options_are_one_too_many(given, named):
    with pytest.raises(InputError, match=rf"in 2 ways at once: {named}"):
        access(given)


def test_empty_options_are_no_way():
    empty = dict.fromkeys(
        ("profile", "credentials_file", "ecs_ram_role", "oidc_provider_arn", "oidc_token_file", "proxy", "no_proxy"), ""
    )
    assert access({**KEYS, **empty, "security_token": "", "alb_endpoint": "", "ca_bundle": ""}) == access(KEYS)


# --- where -----------------------------------------------------------------------------------------------------------


def test_within_a_vpc(monkeypatch):
    monkeypatch.setenv("ALIBABA_CLOUD_ENDPOINT_TYPE", "vpc")
    assert access(KEYS).alb() == ("HTTPS", "alb-vpc.cn-hangzhou.aliyuncs.com")
    assert access({**KEYS, "endpoint_type": "public"}).alb() == ("HTTPS", "alb.cn-hangzhou.aliyuncs.com")
    monkeypatch.setenv("ALIBABA_CLOUD_ENDPOINT_TYPE", "VPC")
    with pytest.raises(InputError, match="endpoint_type must be one of public, vpc, not VPC"):
        access(KEYS)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, None),
        ("", None),
        ([], None),
        ("a.example", ("a.example",)),
        ("a.example,.b.example, 10.0.0.0/8", ("a.example", ".b.example", "10.0.0.0/8")),
        (["a.example", "b.example:443,c.example"], ("a.example", "b.example:443", "c.example")),
        ("*", ("*",)),
    ],
)
def test_no_proxy(given, wanted):
    assert access({**KEYS, "no_proxy": given}).no_proxy == wanted


def test_a_proxy():
    assert access({**KEYS, "proxy": "proxy.example:3128"}).proxy == "http://proxy.example:3128"
    with pytest.raises(InputError, match="The proxy cannot be used") as caught:
        access({**KEYS, "proxy": "socks5://me:s3cr3t@proxy.example"})
    assert "s3cr3t" not in caught.value.message


@pytest.mark.parametrize("secret", ["a#b", "50%", "a+b/c==", "a b", "${x}", "ü"])
def test_odd_characters_survive(monkeypatch, secret):
    assert access({**KEYS, "access_key_secret": secret}).access_key_secret == secret
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret)
    assert access({"region": "cn-hangzhou"}).access_key_secret == secret


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
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "")
    monkeypatch.setenv("ALICLOUD_ACCESS_KEY", "LTAI")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "")
    monkeypatch.setenv("ALICLOUD_SECRET_KEY", "first")
    monkeypatch.setenv("ALICLOUD_ACCESS_KEY_SECRET", "second")
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
