# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_ca_cert."""

from __future__ import annotations

from .._alb.mutual_auth import MutualAuth, plan_ca, plan_ca_with_interruption
from .._ansible.task import Run, Task
from .._core.errors import ApiError, InputError
from .._core.plan import Plan, Step
from .._sdk.alb import Sent
from ._mutual_auth import CONSTRAINTS, find_mutual_auth, given_ca, options, refuses_replacement, rehearse, send, settle


def _make_plan(run: Run) -> Plan[MutualAuth]:
    wanted = given_ca(run)
    if wanted is None:
        raise InputError("ca_certificate must not be empty.")
    return plan_ca(find_mutual_auth(run), wanted)


def _send(run: Run, step: Step, _before: Sent | None) -> Sent:
    return send(run, step)


def _revise(run: Run, made: Plan[MutualAuth], error: ApiError) -> Plan[MutualAuth] | None:
    if not refuses_replacement(made, error):
        return None
    if run.params["allow_interruption"]:
        return plan_ca_with_interruption(made)
    error.message += (
        " Whether the API replaces the CA of a listener while its mutual authentication stays enabled is not"
        " documented; this answer may mean that it does not. The other way that is known is to disable it and to enable"
        " it with the new CA. That takes some seconds, during which clients without a certificate are let in, and is"
        " done only with allow_interruption. Nothing was changed."
    )
    return None


TASK = Task(
    answer="listener",
    options={
        **options(),
        "ca_certificate": {"type": "raw", "required": True},
        "allow_interruption": {"type": "bool", "default": False},
    },
    constraints=CONSTRAINTS,
    make_plan=_make_plan,
    send=_send,
    settle=settle,
    rehearse=rehearse,
    revise=_revise,
)
