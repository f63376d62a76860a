# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_listener_cert."""

from __future__ import annotations

from .._alb.listener_cert import DefaultCertificates, default_certificates, plan
from .._ansible.options import listener_options, wait_options
from .._ansible.task import Run, Task
from .._core.plan import Plan, Step
from .._sdk.alb import Sent
from ._listeners import find_listener
from ._references import same_content, wanted_certificates, with_facts, with_facts_if_told, with_known_facts


def _make_plan(run: Run) -> Plan[DefaultCertificates]:
    current = default_certificates(find_listener(run))
    wanted = wanted_certificates(run, run.params["certificates"], current.certificates)
    if wanted != current.certificates:
        current = current.with_certificates(with_facts_if_told(run, current.certificates, wanted))
        wanted = with_facts(run, wanted)
        if same_content(current.certificates, wanted):
            wanted = current.certificates
    return plan(current, wanted)


def _send(run: Run, step: Step, _before: Sent | None) -> Sent:
    return run.cloud.listeners.send(step)


def _settle(run: Run, made: Plan[DefaultCertificates], _step: Step, sent: Sent) -> DefaultCertificates | None:
    wanted = made.after
    if wanted is None or not run.params["wait"]:
        return wanted
    seen = run.cloud.listeners.settle(sent, {"certificates": wanted.certificates})
    if seen is None:
        return None
    return default_certificates(seen).with_certificates(with_known_facts(seen.certificates, wanted.certificates))


TASK = Task(
    answer="listener",
    options={
        **listener_options(),
        "protocol": {"type": "str", "choices": ["HTTPS", "QUIC"]},
        "certificates": {"type": "list", "elements": "raw", "required": True},
        "allow_expired": {"type": "bool", "default": False},
        **wait_options(),
    },
    constraints={
        "required_one_of": [("listener_id", "listener", "load_balancer")],
        "mutually_exclusive": [("listener_id", "listener", "load_balancer")],
        "required_together": [("load_balancer", "port")],
    },
    make_plan=_make_plan,
    send=_send,
    settle=_settle,
)
