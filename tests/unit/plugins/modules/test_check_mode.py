# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Check mode against the run, for every module and every kind of change: they tell the same, key for key.

Each case goes the twelve steps: check, run, check again, run again. Only ids that the cloud chooses may differ, and
what a run costs (calls and waiting). The cases are in tests/unit/cases.
"""

from __future__ import annotations

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, comparable, differences, writes
from ansible_collections.alicloud.tls.tests.unit.support.cases import Case, every_module
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

_CASES = [pytest.param(each, id=each.name) for module in every_module() for each in module.all if not module.informs]
_QUESTIONS = [pytest.param(each, id=each.name) for module in every_module() for each in module.all if module.informs]


@pytest.mark.parametrize("case", _CASES)
def test_check_mode_tells_exactly_what_the_run_does(case: Case, stage: Stage) -> None:
    run, cloud = stage.run, stage.cloud
    module, changed = case.module, case.changed
    options = case.set_stage(stage)
    cloud.settle()
    before = cloud.state()
    cloud.clear_calls()

    predicted = run(module, check=True, **options)

    assert writes(cloud.actions) == []
    assert cloud.state() == before
    assert predicted["changed"] is changed
    assert bool(predicted["steps"]) is changed

    cloud.clear_calls()
    done = run(module, **options)

    assert differences(comparable(predicted), comparable(done)) == []
    assert predicted["diff"] == done["diff"]
    assert writes(cloud.actions) == [step.partition(":")[0] for step in done["steps"]]
    assert (done["diff"]["before"] != done["diff"]["after"]) is changed

    cloud.clear_calls()
    for again in (run(module, check=True, **options), run(module, **options)):
        assert not again["changed"]
        assert again["steps"] == []
        assert again["diff"]["before"] == again["diff"]["after"]
    assert writes(cloud.actions) == []


@pytest.mark.parametrize("case", _QUESTIONS)
def test_an_information_module_only_reads(case: Case, stage: Stage) -> None:
    run, cloud = stage.run, stage.cloud
    options = case.set_stage(stage)
    cloud.settle()
    before = cloud.state()
    cloud.clear_calls()

    predicted, done = run(case.module, check=True, **options), run(case.module, **options)

    assert comparable(predicted) == comparable(done)
    assert not done["changed"]
    assert writes(cloud.actions) == []
    assert cloud.state() == before


def test_check_mode_plans_a_listener_from_nothing(run: Runner, cloud: Emulator, pki: Pki) -> None:
    """What the role does: each task is handed what the one before has planned."""

    def tasks(check: bool) -> list[Answer]:
        uploads = [run("cas_certificate", check=check, **bundle.options()) for bundle in (pki.rsa, pki.ecc)]
        rsa, ecc = (answer["certificate"] for answer in uploads)
        listener = run(
            "alb_listener",
            check=check,
            load_balancer="demo",
            port=8443,
            server_group="demo-web",
            certificates=[rsa],
            description="shop",
        )
        served = run("alb_listener_cert", check=check, listener=listener["listener"], certificates=[rsa, ecc])
        return [*uploads, listener, served]

    before = cloud.state()
    predicted = tasks(check=True)
    assert cloud.state() == before
    assert writes(cloud.actions) == []

    done = tasks(check=False)
    found = [differences(comparable(one), comparable(two)) for one, two in zip(predicted, done, strict=True)]
    assert found == [[], [], [], []]
    assert all(answer["changed"] for answer in done)
    assert [one["certificate"]["id"] for one in predicted[:2]] == [None, None]

    assert not any(answer["changed"] for answer in tasks(check=True)[:2])
