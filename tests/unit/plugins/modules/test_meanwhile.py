# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
What happens in the middle of a task: the load balancer goes, another run is quicker, or never ends, throttling.

Of modules that change a listener that is there.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._ansible import task
from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, is_write
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD, known_ca
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage


def _options(stage: Stage, module: str) -> Answer:
    """A task of a module that changes a listener that is there."""
    old, new = known_ca(stage, stage.pki.root, OLD), known_ca(stage, stage.pki.stranger, NEW)
    stage.cloud.change_settings(change_ca_while_enabled=True)
    mutual = {"ca_enabled": True, "ca_certificate": old} if module == "alb_ca_cert" else {}
    listener = stage.served(stage.pki.rsa, **mutual)
    options: dict[str, Callable[[], Answer]] = {
        "alb_listener": lambda: {"description": "shop"},
        "alb_listener_cert": lambda: {"certificates": [stage.uploaded(stage.pki.renewed)["id"]]},
        "alb_additional_cert": lambda: {"certificates": [stage.uploaded(stage.pki.numbered(1))["id"]]},
        "alb_mutual_auth": lambda: {"state": "enabled", "ca_certificate": new},
        "alb_ca_cert": lambda: {"ca_certificate": new},
    }
    found = {"listener_id": listener["id"], **options[module]()}
    stage.cloud.settle()
    stage.cloud.clear_calls()
    return found


MODULES = ["alb_listener", "alb_listener_cert", "alb_additional_cert", "alb_mutual_auth", "alb_ca_cert"]
Order = Callable[[Callable[[], None]], None]


def _around_the_write(
    monkeypatch: pytest.MonkeyPatch, before: list[Callable[[], None]], after: list[Callable[[], None]]
) -> None:
    write = AlbApi.write

    def disturbed(self: AlbApi, *arguments: t.Any, **more: t.Any) -> dict[str, t.Any]:
        while before:
            before.pop()()
        answer = write(self, *arguments, **more)
        while after:
            after.pop()()
        return answer

    monkeypatch.setattr(AlbApi, "write", disturbed)


@pytest.fixture
def just_before(monkeypatch: pytest.MonkeyPatch) -> Order:
    """Have something happen once, right before the first write of a task is sent."""
    return lambda happen: _around_the_write(monkeypatch, [happen], [])


@pytest.fixture
def just_after(monkeypatch: pytest.MonkeyPatch) -> Order:
    """Have something happen once, right after the first write of a task was accepted."""
    return lambda happen: _around_the_write(monkeypatch, [], [happen])


def _delete_load_balancer(stage: Stage) -> None:
    def delete(cloud: t.Any) -> None:
        cloud.world.load_balancers.pop("alb-demo0000000000000")
        cloud.world.listeners.clear()

    stage.cloud.do(delete)


@pytest.mark.parametrize("module", MODULES)
def test_the_load_balancer_is_deleted_before_the_write(stage: Stage, just_before: Order, module: str) -> None:
    options = _options(stage, module)
    just_before(lambda: _delete_load_balancer(stage))
    answer = stage.run.fails(module, **options)
    assert options["listener_id"] in answer["msg"]
    assert answer["error"]["code"] == "ResourceNotFound.Listener"
    assert (answer["changed"], answer["steps"]) == (False, [])


@pytest.mark.parametrize("module", MODULES)
def test_the_load_balancer_is_deleted_after_the_write(stage: Stage, just_after: Order, module: str) -> None:
    """The task does not wait for what will not come back."""
    options = _options(stage, module)
    just_after(lambda: _delete_load_balancer(stage))
    answer = stage.run.fails(module, **options)
    for part in (options["listener_id"], "no listener" if module == "alb_additional_cert" else "not there any more"):
        assert part in answer["msg"]
    assert (answer["changed"], len(answer["steps"])) == (True, 1)
    assert answer["waited"] < 1


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("module", MODULES)
def test_another_change_that_outlasts_the_deadline_is_told(stage: Stage, module: str, check: bool) -> None:
    """Check mode plans with what it sees of additional certificates, which another change does not touch."""
    options = _options(stage, module)
    stage.cloud.change_settings(polls=10_000)
    stage.run("alb_listener", listener_id=options["listener_id"], idle_timeout=33, wait=False)
    answer = stage.run.either(module, **options, check=check, wait_timeout=0.3)
    if check and module == "alb_additional_cert":
        assert answer["changed"]
        return
    assert answer["failed"]
    busy = "IncorrectStatus.Listener" if module == "alb_additional_cert" else "is still Configuring"
    for part in (options["listener_id"], busy, "0.3 s", "another change"):
        assert part in answer["msg"].replace("Another", "another")
    assert (answer["changed"], answer["steps"]) == (False, [])


@pytest.mark.parametrize("module", MODULES)
def test_another_run_changes_the_same_listener_in_the_middle(stage: Stage, just_before: Order, module: str) -> None:
    """Its write makes the listener busy; ours waits, and both are there in the end."""
    options = _options(stage, module)
    defaults = dict(stage.run.defaults)

    def rival() -> None:
        stage.run("alb_listener", listener_id=options["listener_id"], idle_timeout=33, wait=False)

    just_before(rival)
    answer = stage.run(module, **options)
    assert answer["changed"]
    stage.cloud.settle()
    (there,) = stage.cloud.world.listeners.values()
    assert there.config.idle_timeout == 33
    stage.run.defaults = defaults
    assert not stage.run(module, **options)["changed"]


@pytest.mark.parametrize("module", [*MODULES, "cas_certificate"])
def test_throttling_for_thirty_seconds_is_survived(stage: Stage, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    options = stage.pki.rsa.options() if module == "cas_certificate" else _options(stage, module)
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds
        if clock[0] >= 30:
            stage.cloud.withdraw_faults()

    monkeypatch.setattr(task, "Pace", lambda seconds: Pace(seconds, clock=lambda: clock[0], sleep=sleep))
    stage.cloud.fault("*", code="Throttling.User", http_status=400, count=10_000)
    answer = stage.run(module, **options, wait_timeout=120)
    assert answer["changed"]
    assert answer["waited"] >= 30
    assert 5 < sum(answer["api_calls"].values()) < 40
    refused = [call for call in stage.cloud.calls if call.code == "Throttling.User"]
    assert not any(is_write(call.action) for call in refused)
