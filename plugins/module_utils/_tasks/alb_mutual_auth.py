# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_mutual_auth."""

from __future__ import annotations

from .._alb.mutual_auth import MutualAuth, check_edition, plan_disabled, plan_enabled
from .._ansible.task import Run, Task
from .._core.errors import ApiError
from .._core.plan import Plan, Step
from .._sdk.alb import Sent
from ._mutual_auth import (
    CONSTRAINTS,
    find_mutual_auth,
    given_ca,
    guard_ca_validity,
    options,
    refuses_replacement,
    rehearse,
    send,
    settle,
)


def _make_plan(run: Run) -> Plan[MutualAuth]:
    wanted = given_ca(run)
    if run.params["state"] == "disabled":
        return plan_disabled(find_mutual_auth(run))
    current = find_mutual_auth(run)
    made = plan_enabled(current, wanted)
    guard_ca_validity(run, made, wanted)
    if made.changed and not current.enabled:
        # Asked only now: a listener that has it shows that its load balancer can.
        check_edition(current, run.cloud.balancers.load_balancer(current.load_balancer_id))
    return made


def _send(run: Run, step: Step, _before: Sent | None) -> Sent:
    return send(run, step)


def _revise(_run: Run, made: Plan[MutualAuth], error: ApiError) -> None:
    if refuses_replacement(made, error):
        error.message += (
            " If the API does not replace the CA of a listener in one write, alicloud.tls.alb_ca_cert can do it in two"
            " with its option allow_interruption."
        )


TASK = Task(
    answer="listener",
    options={
        **options(),
        "state": {"type": "str", "choices": ["enabled", "disabled"], "default": "enabled"},
        "ca_certificate": {"type": "raw"},
    },
    constraints=CONSTRAINTS,
    make_plan=_make_plan,
    send=_send,
    settle=settle,
    rehearse=rehearse,
    revise=_revise,
)
