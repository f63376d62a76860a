# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A CA certificate that is known to be out of date is put on no listener unasked: all clients would be refused."""

from __future__ import annotations

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, writes
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD, facts, known_ca
from ansible_collections.alicloud.tls.tests.unit.support.stage import GROUP, Stage

MODULES = ["alb_mutual_auth", "alb_ca_cert", "alb_listener"]


def _options(stage: Stage, module: str, ca: Answer | str) -> Answer:
    """A task that puts a CA certificate on a listener."""
    stage.cloud.change_settings(change_ca_while_enabled=True)
    good = known_ca(stage, stage.pki.root, OLD)
    if module == "alb_listener":
        new = {"server_group": GROUP, "certificates": [stage.uploaded(stage.pki.rsa)], "ca_enabled": True}
        return {**stage.at, **new, "ca_certificate": ca}
    mutual = {"ca_enabled": True, "ca_certificate": good} if module == "alb_ca_cert" else {}
    stage.served(stage.pki.rsa, **mutual)
    return {**stage.at, "ca_certificate": ca}


@pytest.mark.parametrize(("days", "words"), [((-90, -1), "expired on"), ((1, 90), "is not valid before")])
@pytest.mark.parametrize("module", MODULES)
def test_one_out_of_date_is_refused(stage: Stage, module: str, days: tuple[int, int], words: str) -> None:
    ca = known_ca(stage, stage.pki.issue("Late CA", ca=True, start=days[0], end=days[1]), NEW)
    options = _options(stage, module, ca)
    stage.cloud.clear_calls()
    for check in (True, False):
        answer = stage.run.fails(module, check=check, **options)
        for word in ("CN=Late CA", words, "allow_expired"):
            assert word in answer["msg"]
        assert (answer["changed"], answer["steps"], writes(stage.cloud.actions)) == (False, [], [])
    assert stage.run(module, **options, allow_expired=True)["changed"]
    # What the listener has already may expire, and be named.
    assert not stage.run(module, **options)["changed"]


@pytest.mark.parametrize("module", MODULES)
def test_one_of_a_bundle_counts(stage: Stage, module: str) -> None:
    good = known_ca(stage, stage.pki.stranger, NEW)
    late = facts(stage.pki.issue("Late CA", ca=True, start=-90, end=-1))
    options = _options(stage, module, {**good, "others": [late]})
    assert "CN=Late CA" in stage.run.fails(module, **options)["msg"]
    assert stage.run(module, **{**options, "ca_certificate": {**good, "others": []}})["changed"]


@pytest.mark.parametrize("module", MODULES)
def test_what_is_not_told_is_not_judged(stage: Stage, module: str) -> None:
    """By its identifier alone, a call would be needed."""
    known_ca(stage, stage.pki.issue("Late CA", ca=True, start=-90, end=-1), NEW)
    options = _options(stage, module, NEW)
    assert stage.run(module, **options)["changed"]
