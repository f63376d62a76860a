# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
import typing as t

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.task import Run
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import DeadlineError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb, cas, client
from ansible_collections.alicloud.tls.plugins.plugin_utils._action import TaskAction, _environment
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._ansible.boxes import Box, Shelf

KEYS = {"region": "cn-hangzhou", "access_key_id": "LTAI", "access_key_secret": "the-secret-of-the-key"}
SHIPPED = {"changed": False, "shipped": True}


class Templar:
    """What is in double braces is looked up in a table."""

    def __init__(self, known: dict[str, object]) -> None:
        self._known = known

    def template(self, value: object) -> object:
        if isinstance(value, dict):
            return {name: self.template(one) for name, one in value.items()}
        return self._known.get(value, value) if isinstance(value, str) else value


def action(
    shelf: Shelf,
    *,
    transport: str = "local",
    become: bool = False,
    async_val: int = 0,
    check_mode: bool = False,
    environment: list[dict[str, str]] | None = None,
    known: dict[str, object] | None = None,
    **options: t.Any,
) -> TaskAction:
    """A real action plugin of a task about boxes; only what Ansible hands it is made up."""

    class ActionModule(TaskAction):
        TASK = shelf.task()

        def _execute_module(self, *_args: object, **given: t.Any) -> dict[str, t.Any]:
            self.shipped_options = given["module_args"]
            return {**SHIPPED, "wrap_async": given["wrap_async"]}

    task = types.SimpleNamespace(
        action="alicloud.tls.box",
        args={**KEYS, **options},
        async_val=async_val,
        check_mode=check_mode,
        diff=True,
        environment=environment,
    )
    shell = types.SimpleNamespace(tmpdir="/nowhere", env_prefix=lambda **_given: "")
    connection = types.SimpleNamespace(transport=transport, become=object() if become else None, _shell=shell)
    return ActionModule(
        task=t.cast("t.Any", task),
        connection=t.cast("t.Any", connection),
        play_context=t.cast("t.Any", types.SimpleNamespace(become=become)),
        loader=t.cast("t.Any", types.SimpleNamespace(get_basedir=lambda: "/playbooks")),
        templar=t.cast("t.Any", Templar(known or {})),
        shared_loader_obj=None,
    )


VARIABLE = "alicloud_tls_fast_path"


@pytest.mark.parametrize(
    ("how", "environ", "task_vars", "wanted"),
    [
        pytest.param({}, None, {}, True, id="local"),
        pytest.param({"transport": "ssh"}, None, {}, False, id="ssh"),
        pytest.param({"transport": "ssh"}, "1", {VARIABLE: True}, False, id="ssh-although-wanted"),
        pytest.param({"become": True}, None, {}, False, id="become"),
        pytest.param({"async_val": 30}, None, {}, False, id="async"),
        pytest.param({"check_mode": True}, None, {}, True, id="check-mode"),
        pytest.param({}, "0", {}, False, id="environment-0"),
        pytest.param({}, "false", {}, False, id="environment-false"),
        pytest.param({}, "1", {}, True, id="environment-1"),
        pytest.param({}, "", {}, True, id="environment-empty"),
        pytest.param({}, None, {VARIABLE: False}, False, id="variable-false"),
        pytest.param({}, None, {VARIABLE: "no"}, False, id="variable-no"),
        pytest.param({}, None, {VARIABLE: 0}, False, id="variable-0"),
        pytest.param({}, None, {VARIABLE: True}, True, id="variable-true"),
        pytest.param({}, None, {VARIABLE: ""}, True, id="variable-empty"),
        pytest.param({}, None, {VARIABLE: None}, True, id="variable-none"),
        pytest.param({}, "0", {VARIABLE: True}, True, id="variable-goes-first"),
        pytest.param({}, "1", {VARIABLE: False}, False, id="variable-goes-first-off"),
        pytest.param({"known": {"{{ fast }}": False}}, None, {VARIABLE: "{{ fast }}"}, False, id="variable-template"),
    ],
)
def test_where_it_runs(monkeypatch, how, environ, task_vars, wanted):
    if environ is not None:
        monkeypatch.setenv("ALICLOUD_TLS_FAST_PATH", environ)
    shelf = Shelf()
    found = action(shelf, size=1, **how).run(task_vars=task_vars)
    assert ("shipped" not in found) is wanted
    assert bool(shelf.runs) is wanted
    if not wanted:
        assert found == {**SHIPPED, "wrap_async": bool(how.get("async_val"))}


@pytest.mark.parametrize("module", [alb, cas, client], ids=["alb", "cas", "client"])
def test_without_the_sdk_the_module_is_shipped(monkeypatch, module):
    monkeypatch.setattr(module, "SDK_PROBLEM", "No module named 'alibabacloud'")
    assert "shipped" in action(Shelf(), size=1).run(task_vars={})


@pytest.mark.parametrize("where", ["environment", "variable"])
def test_a_switch_that_is_neither_on_nor_off(monkeypatch, where):
    """Named in the message, so that the user finds it."""
    if where == "environment":
        monkeypatch.setenv("ALICLOUD_TLS_FAST_PATH", "perhaps")
    found = action(Shelf(), size=1).run(task_vars={VARIABLE: "perhaps"} if where == "variable" else {})
    assert found["failed"] is True
    assert "fast_path" in found["msg"].lower()
    assert "perhaps" in found["msg"]


def test_empty_options_are_given_to_neither_front():
    """They count as not given: also where options exclude each other, and where only some values are allowed."""
    empty: dict[str, t.Any] = {"text": "", "cas_site": "", "profile": ""}
    found = action(Shelf(), size=1, text_path="/a", **empty).run(task_vars={})
    assert found["changed"] is True
    shipping = action(Shelf(), transport="ssh", size=1, text_path="/a", **empty)
    assert "shipped" in shipping.run(task_vars={})
    options = t.cast("t.Any", shipping).shipped_options
    assert options == {**KEYS, "size": 1, "text_path": "/a"}


def test_a_private_key_in_the_wrong_option_gets_no_further():
    key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n"
    places: tuple[dict[str, t.Any], ...] = (
        {"text": key},
        {"text_path": key},
        {"text": {key: "a"}},
        {"size": [key]},
        {"cas_site": key},
        {"colour": key},
    )
    for options in places:
        shelf = Shelf()
        found = action(shelf, **{"size": 1, **options}).run(task_vars={})
        assert found["failed"] is True
        assert next(iter(options)) in found["msg"]
        assert shelf.runs == []
        shipping = action(Shelf(), transport="ssh", **{"size": 1, **options})
        assert "shipped" in shipping.run(task_vars={})
        assert "MIGH" not in f"{found} {t.cast('t.Any', shipping).shipped_options}"


def test_the_answer():
    shelf = Shelf(Box(1, 7))
    found = action(shelf, size=2).run(task_vars={})
    found.pop("invocation", None)
    assert found == {
        "changed": True,
        "box": {"number": 7, "size": 2},
        "previous": {"number": 7, "size": 1},
        "steps": ["Grow: to 2"],
        "api_calls": {},
        "waited": 0.0,
        "diff": {"before_header": "box", "after_header": "box", "before": {"size": 1}, "after": {"size": 2}},
    }
    assert shelf.runs[0].base_dir == "/playbooks"


def test_check_mode():
    shelf = Shelf()
    found = action(shelf, size=1, check_mode=True).run(task_vars={})
    assert (found["changed"], found["box"], shelf.sent) == (True, {"number": None, "size": 1}, [])


def test_the_diff_comes_only_when_asked_for():
    made = action(Shelf(), size=1)
    made._task.diff = False
    assert "diff" not in made.run(task_vars={})


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        pytest.param({"size": "big"}, ("'size'", "int"), id="type"),
        pytest.param({"text": "a", "text_path": "b"}, ("mutually exclusive", "text|text_path"), id="constraint"),
        pytest.param(
            {"colour": "red"}, ("Unsupported parameters for (alicloud.tls.box) module: colour",), id="unknown"
        ),
    ],
)
def test_bad_options(options, parts):
    shelf = Shelf()
    found = action(shelf, **options).run(task_vars={})
    assert found["failed"] is True
    for part in parts:
        assert part in found["msg"]
    assert shelf.runs == []


def test_secrets_are_not_told():
    secret = "the-secret-of-the-box"
    shelf = Shelf(fails_at={1: DeadlineError(f"It said {secret} and the-secret-of-the-key.")})
    made = action(shelf, size=1, secret=secret, text="hello", text_path=None)
    found = made.run(task_vars={})
    assert found["failed"] is True
    assert "the-secret-of" not in json.dumps(found)
    # Clearing them out of the answer must not take them from the task, which may be tried again.
    assert made._task.args["secret"] == secret


def test_secrets_of_bad_options_are_not_told():
    found = action(Shelf(), size="big", secret="the-secret-of-the-box").run(task_vars={})
    assert found["failed"] is True
    assert "the-secret-of" not in json.dumps(found)


def test_secrets_from_the_environment_are_not_told(monkeypatch):
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "the-secret-of-the-session")
    found = action(Shelf(fails_at={1: DeadlineError("the-secret-of-the-session")}), size=1).run(task_vars={})
    assert found["failed"] is True
    assert "the-secret-of" not in json.dumps(found)


def test_the_environment_of_the_task(monkeypatch):
    monkeypatch.setenv("ALICLOUD_TLS_TEST_A", "outer")
    names = ("ALICLOUD_TLS_TEST_A", "ALICLOUD_TLS_TEST_B", "ALIBABA_CLOUD_REGION_ID")

    class Looking(Shelf):
        def make_plan(self, run: Run) -> t.Any:
            seen.update({name: os.environ.get(name) for name in names}, region=run.cloud.access.region)
            return super().make_plan(run)

    seen: dict[str, t.Any] = {}
    environment = [{"ALICLOUD_TLS_TEST_A": "play", "ALICLOUD_TLS_TEST_B": "play"}, {"ALICLOUD_TLS_TEST_A": "{{ a }}"}]
    environment[1]["ALIBABA_CLOUD_REGION_ID"] = "eu-central-1"
    made = action(Looking(), size=1, environment=environment, known={"{{ a }}": "task"})
    del made._task.args["region"]
    before = dict(os.environ)
    assert made.run(task_vars={})["changed"] is True
    assert seen == {
        "ALICLOUD_TLS_TEST_A": "task",
        "ALICLOUD_TLS_TEST_B": "play",
        "ALIBABA_CLOUD_REGION_ID": "eu-central-1",
        "region": "eu-central-1",
    }
    assert dict(os.environ) == before


def test_the_environment_comes_back_after_an_error(monkeypatch):
    monkeypatch.setenv("ALICLOUD_TLS_TEST_A", "outer")
    before = dict(os.environ)

    def fail() -> None:
        with _environment({"ALICLOUD_TLS_TEST_A": "inner", "ALICLOUD_TLS_TEST_B": 1}):
            assert os.environ["ALICLOUD_TLS_TEST_B"] == "1"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert dict(os.environ) == before


def test_async_and_check_mode_are_supported():
    assert issubclass(TaskAction, ActionBase)
    assert TaskAction._supports_async
    assert TaskAction._supports_check_mode


WITHOUT_SDK = """
import importlib.abc
import sys
import types


class Blocker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        if first.startswith("alibabacloud") or first in ("darabonba", "Tea", "requests", "cryptography"):
            raise ModuleNotFoundError(f"No module named {first!r}", name=first)
        return None


sys.meta_path.insert(0, Blocker())
import importlib

for name in sys.argv[1:]:
    plugin = importlib.import_module(f"ansible_collections.alicloud.tls.plugins.action.{name}")
    shell = types.SimpleNamespace(tmpdir="/nowhere", env_prefix=lambda **given: "")
    made = plugin.ActionModule(
        task=types.SimpleNamespace(action=name, args={}, async_val=0, check_mode=False, diff=False, environment=None),
        connection=types.SimpleNamespace(transport="local", become=None, _shell=shell),
        play_context=types.SimpleNamespace(become=False),
        loader=None,
        templar=None,
        shared_loader_obj=None,
    )
    made._execute_module = lambda **given: {"shipped": given}
    print(name, sorted(made.run(task_vars={})))
"""


def test_action_plugins_are_there_without_the_sdk():
    """An import error of an action plugin would end the whole run, and neither rescue nor ignore_errors would help."""
    names = ["alb_listener", "alb_listener_cert", "cas_certificate"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", WITHOUT_SDK, *names]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{name} ['shipped']" for name in names]
