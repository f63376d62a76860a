# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of all certificates of a CAS site, as tasks that need many of them read it."""

from __future__ import annotations

import typing as t
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.cloud import Cloud
from ansible_collections.alicloud.tls.tests.emulator import DEMO_ACCESS_KEY_ID, DEMO_ACCESS_KEY_SECRET
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage


@pytest.fixture
def cas(stage: Stage) -> t.Any:
    access = Access(
        "cn-hangzhou",
        access_key_id=DEMO_ACCESS_KEY_ID,
        access_key_secret=DEMO_ACCESS_KEY_SECRET,
        alb_endpoint=stage.cloud.url,
        cas_endpoint=stage.cloud.url,
    )
    return Cloud(access, Pace(20)).certificates()


def test_both_lists_are_joined(stage: Stage, cas: t.Any) -> None:
    stage.served(stage.pki.rsa)
    for bundle in (stage.pki.ecc, stage.pki.expired):
        stage.uploaded(bundle)
    stage.cloud.clear_calls()

    valid = cas.everything(expired=False)
    assert [(one.facts.algorithm, one.facts.key_size, one.products) for one in valid] == [
        ("RSA", 2048, ("ALB",)),
        ("ECC", 256, ()),
    ]
    assert [one.facts.sha256 for one in cas.everything(expired=True)] == [
        bundle.sha256 for bundle in (stage.pki.rsa, stage.pki.ecc, stage.pki.expired)
    ]
    assert all(one.uploaded and one.id == f"{one.number}-cn-hangzhou" for one in valid)
    # The second question is answered from what the first one has read.
    assert stage.cloud.actions == ["ListCertificates", "ListUserCertificateOrder"] * 2
    # It tells what a single certificate tells, and the size of the key.
    for one in valid:
        assert replace(one.facts, key_size=None) == cas.certificate(one.number).facts


@pytest.mark.parametrize("count", [1, 100, 250])
def test_it_takes_one_call_for_fifty_and_one_for_a_hundred(stage: Stage, cas: t.Any, count: int) -> None:
    stage.cloud.seed({"scale": {"certificates": count}})
    assert len(cas.everything(expired=False)) == count
    assert stage.cloud.actions.count("ListUserCertificateOrder") == -(-count // 50)
    assert stage.cloud.actions.count("ListCertificates") == -(-count // 100)
    assert len(stage.cloud.actions) == -(-count // 50) + -(-count // 100)
