# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happens between a task's look and its write: the load balancer goes, another run is quicker, throttling."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._ansible import task
from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, is_write
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CA = "1efd3cac-e8c1-611d-b971-f96e5e432aba"


def _options(stage: Stage, module: str) -> Answer:
    """A task of a module that changes a listener that is there."""
    listener = stage.served(stage.pki.rsa)
    options: dict[str, Callable[[], Answer]] = {
        "alb_listener": lambda: {"description": "shop"},
        "alb_listener_cert": lambda: {"certificates": [stage.uploaded(stage.pki.renewed)["id"]]},
        "alb_additional_cert": lambda: {"certificates": [stage.uploaded(stage.pki.numbered(1))["id"]]},
        "alb_mutual_auth": lambda: {"state": "enabled", "ca_certificate": CA},
    }
    stage.cloud.seed({"ca_certificates": [{"identifier": CA, "pem": stage.pki.root.pem}]})
    found = {"listener_id": listener["id"], **options[module]()}
    stage.cloud.settle()
    stage.cloud.clear_calls()
    return found


MODULES = ["alb_listener", "alb_listener_cert", "alb_additional_cert", "alb_mutual_auth"]


@pytest.fixture
def just_before(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Have something happen once, right before the first write of a task is sent."""

    def order(happen: Callable[[], None]) -> None:
        write = AlbApi.write
        waiting = [happen]

        def late(self: AlbApi, *arguments: t.Any, **more: t.Any) -> dict[str, t.Any]:
            if waiting:
                waiting.pop()()
            return write(self, *arguments, **more)

        monkeypatch.setattr(AlbApi, "write", late)

    return order


@pytest.mark.parametrize("module", MODULES)
def test_the_load_balancer_is_deleted_in_the_middle(
    stage: Stage, just_before: Callable[[Callable[[], None]], None], module: str
) -> None:
    options = _options(stage, module)

    def delete(cloud: t.Any) -> None:
        cloud.world.load_balancers.pop("alb-demo0000000000000")
        cloud.world.listeners.clear()

    just_before(lambda: stage.cloud.do(delete))
    answer = stage.run.fails(module, **options)
    assert options["listener_id"] in answer["msg"]
    assert answer["error"]["code"] == "ResourceNotFound.Listener"
    assert (answer["changed"], answer["steps"]) == (False, [])


@pytest.mark.parametrize("module", MODULES)
def test_another_run_changes_the_same_listener_in_the_middle(
    stage: Stage, just_before: Callable[[Callable[[], None]], None], module: str
) -> None:
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
