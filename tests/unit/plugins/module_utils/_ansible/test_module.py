# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t

import pytest
from ansible.module_utils import basic
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.module import run_module
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import DeadlineError
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._ansible.boxes import Box, Shelf

KEYS = {"region": "cn-hangzhou", "access_key_id": "LTAI", "access_key_secret": "the-secret-of-the-key"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module front with these options; what it prints, and the exit status as C(rc)."""

    def run(shelf: Shelf, **options: t.Any) -> dict[str, t.Any]:
        given = json.dumps({"ANSIBLE_MODULE_ARGS": {**KEYS, **options}}).encode()
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", given)
        # Since ansible-core 2.19.
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit) as ended:
            run_module(shelf.task())
        return {**json.loads(capsys.readouterr().out), "rc": ended.value.code}

    return run


def test_a_change(run):
    shelf = Shelf()
    found = run(shelf, size=1, _ansible_diff=True)
    assert (found["rc"], found["changed"], found["box"]) == (0, True, {"number": 7, "size": 1})
    assert found["diff"]["after"] == {"size": 1}
    assert shelf.sent == [1]


def test_check_mode(run):
    shelf = Shelf()
    found = run(shelf, size=1, _ansible_check_mode=True)
    assert (found["rc"], found["changed"], found["box"], shelf.sent) == (0, True, {"number": None, "size": 1}, [])
    assert "diff" not in found


def test_a_failure(run):
    found = run(Shelf(fails_at={2: DeadlineError("No time.")}), size=2)
    assert (found["rc"], found["failed"], found["changed"], found["steps"]) == (1, True, True, ["Grow: to 1"])
    assert found["msg"].startswith("No time.")


def test_constraints_are_checked(run):
    found = run(Shelf(Box(1)), size=1, text="a", text_path="b")
    assert found["failed"]
    assert "mutually exclusive" in found["msg"]


def test_relative_paths_are_relative_to_the_working_directory(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    shelf = Shelf()
    run(shelf, size=1)
    assert shelf.runs[0].base_dir == str(tmp_path)


def test_secrets_are_not_told(run):
    found = run(
        Shelf(fails_at={1: DeadlineError("It said the-secret-of-the-box.")}), size=1, secret="the-secret-of-the-box"
    )
    assert "the-secret-of" not in json.dumps(found)


def test_empty_options_count_as_not_given(run):
    """Also where options exclude each other, and where only some values are allowed."""
    found = run(Shelf(), size=1, text="", text_path="/a", cas_site="", profile="")
    assert found["changed"] is True


KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"text": KEY}, id="text"),
        pytest.param({"text_path": KEY}, id="path"),
        pytest.param({"text": [f"a,{KEY}"]}, id="list-for-text"),
        pytest.param({"text": {KEY: [{"a": KEY}]}}, id="dict-for-text"),
        pytest.param({"no_proxy": f"a,{KEY},b"}, id="text-for-list"),
        pytest.param({"access_key_secret": KEY}, id="secret-of-all-tasks"),
        pytest.param({"size": KEY}, id="wrong-type"),
        pytest.param({"cas_site": KEY}, id="unknown-value"),
        pytest.param({"colour": KEY}, id="unknown-option"),
        pytest.param({"text": "a", "text_path": KEY}, id="excluded"),
    ],
)
def test_a_private_key_in_the_wrong_option_is_neither_logged_nor_told(run, monkeypatch, options):
    logged: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, text, **more: logged.append(f"{text} {more}"))
    shelf = Shelf()
    found = run(shelf, **{"size": 1, **options})
    assert found["failed"] is True
    assert list(options)[-1] in found["msg"]
    assert shelf.runs == []
    assert "MIGH" not in f"{found} {logged}"


def test_a_private_key_where_it_belongs_is_taken(run, monkeypatch):
    logged: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, text, **more: logged.append(f"{text} {more}"))
    shelf = Shelf()
    found = run(shelf, size=1, secret=KEY)
    assert found["changed"] is True
    assert shelf.runs[0].params["secret"] == KEY
    assert logged
    assert "MIGH" not in f"{found} {logged}"


@pytest.mark.parametrize("size", [1, 2])
def test_secrets_of_profiles_and_proxies_are_not_told(run, monkeypatch, tmp_path, size):
    """No message should have one; this one does."""
    monkeypatch.setenv("HTTPS_PROXY", "http://deployer:its-p4ssword@proxy.example:3128")
    told = "the-secret-of-the-profile at http://deployer:its-p4ssword@proxy.example:3128/"
    profile = tmp_path / "config.json"
    row = {"name": "p", "mode": "AK", "access_key_id": "LTAI", "access_key_secret": "the-secret-of-the-profile"}
    profile.write_text(json.dumps({"current": "p", "profiles": [row]}), encoding="utf-8")
    profile.chmod(0o600)
    shelf = Shelf(fails_at={2: DeadlineError(told)})
    keys = dict.fromkeys(("access_key_id", "access_key_secret"), None)
    found = run(shelf, size=size, profile="p", credentials_file=str(profile), **keys, text=told)
    assert found.get("failed", False) is (size == 2)
    assert size == 1 or found["msg"].startswith("******** at http://********@proxy.example:3128/")
    found.pop("invocation", None)
    assert "the-secret" not in json.dumps(found)
