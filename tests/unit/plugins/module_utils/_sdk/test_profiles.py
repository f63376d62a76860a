# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError, NotFoundError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.profiles import PLACES, Profile, find_profile

AK = {"name": "default", "mode": "AK", "access_key_id": "LTAI", "access_key_secret": "s3cr3t"}
INI = """[default]
type = access_key
access_key_id = LTAI
access_key_secret = s3cr3t
"""


def write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def config(*rows: dict[str, t.Any], current: str = "default") -> str:
    return json.dumps({"current": current, "profiles": rows, "meta_path": ""})


def find(tmp_path: Path, text: str, name: str | None = None) -> Profile:
    return find_profile(name, write(tmp_path / "credentials", text), tmp_path)


@pytest.mark.parametrize(
    "text", [config(AK), INI, f"\ufeff{INI}", f"# mine\n{INI}"], ids=["json", "ini", "bom", "note"]
)
def test_keys(tmp_path, text):
    found = find(tmp_path, text)
    assert (found.mode, found.name, found.access_key_id, found.access_key_secret, found.security_token) == (
        "keys",
        "default",
        "LTAI",
        "s3cr3t",
        None,
    )
    assert found.title() == f"profile default of {tmp_path / 'credentials'}"


@pytest.mark.parametrize("secret", ["a#b", "a;b", "a # b", "50%", "%(x)s", "a+b/c==", "a b  c", "a=b:c", '"a"'])
def test_odd_characters_survive(tmp_path, secret):
    text = INI.replace("s3cr3t", secret)
    assert find(tmp_path, text).access_key_secret == secret
    assert find(tmp_path, config({**AK, "access_key_secret": secret})).access_key_secret == secret


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        pytest.param(
            {**AK, "mode": "StsToken", "sts_token": "token"}, {"mode": "keys", "security_token": "token"}, id="sts"
        ),
        pytest.param(
            {
                **AK,
                "mode": "RamRoleArn",
                "ram_role_arn": "arn",
                "ram_session_name": "s",
                "expired_seconds": 900,
                "external_id": "x",
                "policy": "{}",
                "sts_region": "cn-beijing",
            },
            {
                "mode": "role",
                "role": "arn",
                "session_name": "s",
                "seconds": 900,
                "external_id": "x",
                "policy": "{}",
                "sts_region": "cn-beijing",
                "sts_by_vpc": False,
            },
            id="role",
        ),
        pytest.param(
            {"name": "default", "mode": "EcsRamRole", "ram_role_name": "r"}, {"mode": "instance", "role": "r"}, id="ecs"
        ),
        pytest.param(
            {"name": "default", "mode": "EcsRamRole"}, {"mode": "instance", "role": ""}, id="the-only-role-there-is"
        ),
        pytest.param(
            {
                "name": "default",
                "mode": "OIDC",
                "ram_role_arn": "arn",
                "oidc_provider_arn": "p",
                "oidc_token_file": "/t",
                "enable_vpc": True,
                "expired_seconds": 0,
            },
            {
                "mode": "oidc",
                "role": "arn",
                "oidc_provider_arn": "p",
                "oidc_token_file": "/t",
                "seconds": None,
                "sts_by_vpc": True,
            },
            id="oidc",
        ),
        pytest.param({**AK, "region_id": "cn-beijing"}, {"region": "cn-beijing"}, id="region"),
        pytest.param({**AK, "region_id": ""}, {"region": None}, id="empty-region"),
    ],
)
def test_modes_of_the_cli(tmp_path, row, wanted):
    found = find(tmp_path, config(row))
    assert {name: getattr(found, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        pytest.param(
            "type=sts\naccess_key_id=a\naccess_key_secret=b\nsecurity_token=c",
            {"mode": "keys", "security_token": "c"},
            id="sts",
        ),
        pytest.param(
            "type=ram_role_arn\naccess_key_id=a\naccess_key_secret=b\nrole_arn=arn\nrole_session_name=s",
            {"mode": "role", "role": "arn", "session_name": "s", "access_key_id": "a"},
            id="role",
        ),
        pytest.param("type=ecs_ram_role\nrole_name=r", {"mode": "instance", "role": "r"}, id="ecs"),
        pytest.param(
            "type=oidc_role_arn\nrole_arn=arn\noidc_provider_arn=p\noidc_token_file_path=/t",
            {"mode": "oidc", "role": "arn", "oidc_token_file": "/t"},
            id="oidc",
        ),
    ],
)
def test_types_of_ini_files(tmp_path, lines, wanted):
    found = find(tmp_path, f"[default]\n{lines}\n")
    assert {name: getattr(found, name) for name in wanted} == wanted


def test_which_profile(tmp_path):
    rows = [{**AK, "name": name, "access_key_id": name} for name in ("default", "prod", "test")]
    text = config(*rows, current="prod")
    assert find(tmp_path, text).name == "prod"
    assert find(tmp_path, text, "test").access_key_id == "test"
    assert (
        find(tmp_path, f"{INI}[prod]\ntype=access_key\naccess_key_id=p\naccess_key_secret=p\n", "prod").name == "prod"
    )


def test_a_chain(tmp_path):
    chain = {"name": "c", "mode": "ChainableRamRoleArn", "ram_role_arn": "arn", "source_profile": "default"}
    found = find(tmp_path, config(chain, AK, current="c"))
    assert found.mode == "role"
    assert found.access_key_id is None
    assert found.source == find(tmp_path, config(AK))


def test_places_in_their_order(tmp_path):
    for number, place in reversed(list(enumerate(PLACES))):
        name = f"only-{number}"
        rows = [{**AK, "access_key_id": place}, {**AK, "name": name}]
        sections = [f"{INI.replace('LTAI', place)}[{name}]", *INI.splitlines()[1:]]
        write(tmp_path / place, config(*rows) if place.endswith("json") else "\n".join(sections))
        assert find_profile("default", None, tmp_path).access_key_id == place
    for number, place in enumerate(PLACES):
        assert find_profile(f"only-{number}", None, tmp_path).file == str(tmp_path / place)


def test_no_file(tmp_path):
    with pytest.raises(NotFoundError) as caught:
        find_profile("prod", None, tmp_path)
    for place in PLACES:
        assert str(tmp_path / place) in caught.value.message


def test_no_such_profile(tmp_path):
    write(tmp_path / PLACES[0], config(AK, {**AK, "name": "test"}))
    write(tmp_path / PLACES[1], INI)
    with pytest.raises(NotFoundError) as caught:
        find_profile("prod", None, tmp_path)
    assert "no profile prod" in caught.value.message
    assert "config.json has default, test" in caught.value.message
    assert "credentials.ini has default" in caught.value.message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param('{"profiles": [{"access_key_secret": "s3cr3t"', "starts as JSON, but is not", id="json"),
        pytest.param(
            "access_key_secret = s3cr3t\n", "neither JSON nor INI (MissingSectionHeaderError)", id="no-section"
        ),
        pytest.param("[default]\ns3cr3t\n", "neither JSON nor INI (ParsingError)", id="no-value"),
        pytest.param(f"{INI}access_key_secret = s3cr3t2\n", "neither JSON nor INI (Duplicate", id="twice"),
        pytest.param(INI.replace("access_key_id = LTAI\n", ""), "has no access_key_id", id="no-id"),
        pytest.param(config({**AK, "access_key_id": ""}), "has no access_key_id", id="empty-id"),
        pytest.param(config({**AK, "mode": "StsToken"}), "has no sts_token", id="no-token"),
        pytest.param(config({**AK, "mode": "RamRoleArn"}), "has no ram_role_arn", id="no-role"),
        pytest.param(
            config({**AK, "mode": "RamRoleArn", "ram_role_arn": "r", "expired_seconds": 60}),
            "expired_seconds that are not a number of at least 900",
            id="short",
        ),
        pytest.param(config({**AK, "mode": "External"}), "of mode External, which cannot be used", id="external"),
        pytest.param(config({**AK, "mode": "OAuth"}), "of mode OAuth, which cannot be used", id="oauth"),
        pytest.param(config({"name": "default"}), "of mode none", id="no-mode"),
        pytest.param(INI.replace("type = access_key\n", ""), "of mode none", id="no-type"),
        pytest.param(
            config({**AK, "mode": "ChainableRamRoleArn", "ram_role_arn": "r", "source_profile": "gone"}),
            "source_profile gone, which is not in that file",
            id="no-source",
        ),
        pytest.param(
            config({**AK, "mode": "ChainableRamRoleArn", "ram_role_arn": "r", "source_profile": "default"}),
            "its own source: default -> default",
            id="circle",
        ),
    ],
)
def test_what_cannot_be_used(tmp_path, text, part):
    with pytest.raises(InputError) as caught:
        find(tmp_path, text)
    assert part in caught.value.message
    assert str(tmp_path / "credentials") in caught.value.message
    assert "s3cr3t" not in f"{caught.value.message} {caught.value!r}"


@pytest.mark.parametrize("text", ["{}", '{"profiles": null}', '{"profiles": [1]}', "", "[other]\ntype=access_key"])
def test_files_without_it(tmp_path, text):
    with pytest.raises(NotFoundError, match="no profile"):
        find(tmp_path, text)


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "credentials").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"Cannot read credentials file .*: not UTF-8"):
        find_profile(None, str(tmp_path / "credentials"), tmp_path)


def test_secrets_are_not_in_the_repr(tmp_path):
    row = {**AK, "mode": "StsToken", "sts_token": "the-token"}
    told = repr(find(tmp_path, config(row)))
    assert "s3cr3t" not in told
    assert "the-token" not in told
