# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_security_policy."""

from __future__ import annotations

from dataclasses import replace

from .._alb.security_policy import (
    TLS_VERSIONS,
    DeletePolicy,
    SecurityPolicy,
    UpdatePolicy,
    check_not_of_system,
    plan_absent,
    plan_present,
    shows,
    wishes_of,
)
from .._ansible.options import dry_run_options, wait_options
from .._ansible.task import Run, Task
from .._core.errors import InputError, NotFoundError
from .._core.plan import Plan, Step
from .._sdk.alb import Sent


def _make_plan(run: Run) -> Plan[SecurityPolicy]:
    given = [run.params[option] for option in ("policy_id", "name") if run.params[option] is not None]
    if not given:
        raise InputError("name or policy_id must be given, and not be empty.")
    for one in given:
        check_not_of_system(one)
    wishes = wishes_of(run.params)
    current = _find(run)
    if run.params["state"] == "absent":
        return plan_absent(_with_users(run, current))
    made = plan_present(current, wishes)
    if any(isinstance(step, UpdatePolicy) for step in made.steps):
        return plan_present(_with_users(run, current), wishes)
    return made


def _find(run: Run) -> SecurityPolicy | None:
    policy_id, name, absent = run.params["policy_id"], run.params["name"], run.params["state"] == "absent"
    if policy_id is None:
        return run.cloud.policies.by_name(name)
    found = run.cloud.policies.by_id(policy_id)
    if found is None and not absent:
        raise NotFoundError(
            f"There is no custom security policy {policy_id} {run.cloud.policies.where}. To create one, give its name"
            " and leave policy_id out; the cloud chooses the id."
        )
    if found is not None and absent and name not in (None, found.name):
        raise InputError(
            f"{policy_id} is named {found.name!r}, not {name!r}. Leave name out to delete it all the same."
        )
    return found


def _with_users(run: Run, policy: SecurityPolicy | None) -> SecurityPolicy | None:
    if policy is None or policy.id is None:
        return policy
    return replace(policy, listeners=run.cloud.policies.users([policy.id]).get(policy.id, ()))


def _send(run: Run, step: Step, _before: Sent | None) -> Sent:
    return run.cloud.policies.send(step)


def _settle(run: Run, made: Plan[SecurityPolicy], step: Step, sent: Sent) -> SecurityPolicy | None:
    wanted = made.after
    if step is made.steps[-1] and not run.params["wait"]:
        return wanted and replace(wanted, id=sent.id, status="Configuring" if sent.job_id else wanted.status)
    if isinstance(step, DeletePolicy):
        return run.cloud.policies.settle(sent, None)
    seen = run.cloud.policies.settle(sent, lambda policy: shows(policy, step))
    return seen and wanted and replace(seen, listeners=wanted.listeners)


def _rehearse(run: Run, step: Step) -> bool:
    return run.cloud.policies.rehearse(step)


TASK = Task(
    answer="security_policy",
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str"},
        "policy_id": {"type": "str"},
        "tls_versions": {"type": "list", "elements": "str", "choices": list(TLS_VERSIONS)},
        "ciphers": {"type": "list", "elements": "str"},
        "tags": {"type": "dict"},
        "purge_tags": {"type": "bool", "default": False},
        **wait_options(),
        **dry_run_options(),
    },
    constraints={"required_one_of": [("name", "policy_id")]},
    make_plan=_make_plan,
    send=_send,
    settle=_settle,
    rehearse=_rehearse,
)
