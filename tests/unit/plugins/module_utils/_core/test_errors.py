# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core import errors


def refusal(request_id: str | None = "8A1B", advice: str = "") -> errors.ApiError:
    return errors.ApiError(
        action="CreateListener",
        code="IncorrectStatus.LoadBalancer",
        detail="The status of the load balancer is wrong.",
        status=409,
        request_id=request_id,
        endpoint="alb.cn-hangzhou.aliyuncs.com",
        advice=advice,
    )


def test_a_refusal_says_who_refused_what_and_why():
    assert refusal().message == (
        "CreateListener was refused by alb.cn-hangzhou.aliyuncs.com: IncorrectStatus.LoadBalancer: The status of the"
        " load balancer is wrong (request id 8A1B)."
    )
    assert refusal(None).message.endswith(" (request id not given).")
    assert refusal(advice="Wait.").message.endswith(" (request id 8A1B). Wait.")


def test_a_refusal_has_facts_for_programs():
    assert json.loads(json.dumps(refusal().facts())) == {
        "error": {
            "action": "CreateListener",
            "code": "IncorrectStatus.LoadBalancer",
            "message": "The status of the load balancer is wrong.",
            "http_status": 409,
            "request_id": "8A1B",
            "endpoint": "alb.cn-hangzhou.aliyuncs.com",
        }
    }


@pytest.mark.parametrize(
    "kind",
    [
        errors.InputError,
        errors.NotFoundError,
        errors.MissingLibraryError,
        errors.DeadlineError,
        errors.JobFailedError,
        errors.UnreachableError,
    ],
)
def test_every_error_stands_alone(kind):
    error = kind("What happened.")
    assert isinstance(error, errors.TlsError)
    assert error.message == str(error) == "What happened."
    assert error.facts() == {}
