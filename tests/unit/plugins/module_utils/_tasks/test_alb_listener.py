# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests over HTTP cannot time: the second write of a new listener with a pair of certificates."""

from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener import Wishes, plan_present
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi, Sent
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.balancers import Balancers
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.listeners import Listeners
from ansible_collections.alicloud.tls.plugins.module_utils._tasks.alb_listener import TASK, Progress
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import ECC, RSA
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._core.fake_time import FakeTime
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

GONE = api_error("ResourceNotFound.Listener", status=404)
NEW = {
    "ListenerId": "lsn-9",
    "ListenerProtocol": "HTTPS",
    "ListenerPort": 443,
    "Certificates": [{"CertificateId": RSA.id}],
    "DefaultActions": [{"ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": "sgp-1"}]}}],
}


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([{"ListenerStatus": "Running"}], id="there"),
        pytest.param([{"ListenerStatus": "Provisioning"}, {"ListenerStatus": "Running"}], id="soon"),
        # A read right behind the creation may be answered by somebody who has not heard of it; the job has.
        pytest.param([None, {"ListenerStatus": "Provisioning"}, {"ListenerStatus": "Running"}], id="not-seen-yet"),
    ],
)
def test_the_second_certificate_waits_for_the_listener(monkeypatch, seen):
    answers: list[object] = [GONE if one is None else {**NEW, **one} for one in seen]
    fake = FakeConnection(
        {
            "GetListenerAttribute": answers,
            "UpdateListenerAttribute": [{"JobId": "job-2"}],
            "ListAsynJobs": [{"Jobs": [{"Id": "job-1", "Status": "Processing"}]}],
        }
    )
    monkeypatch.setattr(alb, "Connection", lambda **_given: fake)
    pace = FakeTime().pace(10)
    api = AlbApi(Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret"), pace, CallLog())
    gateway = Listeners(api, Balancers(api))
    run: t.Any = types.SimpleNamespace(cloud=types.SimpleNamespace(listeners=gateway), params={"wait": True})
    wishes = Wishes(certificates=frozenset({RSA, ECC}), server_group_id="sgp-1")
    plan = plan_present(None, wishes, load_balancer_id="alb-1", protocol="HTTPS", port=443)
    create, update = plan.steps
    created = Progress(Sent("lsn-9", "job-1"), "lsn-9")
    TASK.settle(run, plan, create, created)
    assert TASK.send(run, update, created) == Progress(Sent("lsn-9", "job-2"), "lsn-9")
    reads = [action for one in seen for action in ["GetListenerAttribute", *(["ListAsynJobs"] if one is None else [])]]
    assert fake.actions == [*reads, "UpdateListenerAttribute"]
