# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_listener."""

from __future__ import annotations

from dataclasses import replace

from .._alb.listener import Listener, Wishes, plan_absent, plan_present
from .._ansible.options import wait_options
from .._ansible.task import Run, Task
from .._core.errors import InputError, NotFoundError
from .._core.plan import Plan, Step
from .._sdk.alb import Sent
from ._listeners import check_port
from ._references import same_content, wanted_certificates, with_facts, with_facts_if_told, with_known_facts

_SETTINGS = ("description", "security_policy_id", "http2_enabled", "gzip_enabled", "idle_timeout", "request_timeout")


def _make_plan(run: Run) -> Plan[Listener]:
    params = run.params
    check_port(params["port"])
    for name in ("idle_timeout", "request_timeout"):
        if params[name] is not None and not 1 <= params[name] <= 3600:
            raise InputError(f"{name} must be from 1 to 3600 seconds, not {params[name]}.")
    balancer_id, current = _find(run)
    protocol = params["protocol"] if params["listener_id"] else params["protocol"] or "HTTPS"
    if params["state"] == "absent":
        if current is not None:
            current = replace(current, certificates=with_facts_if_told(run, current.certificates))
        return plan_absent(current, protocol=protocol)
    group = params["server_group"]
    if group and not (current and current.server_group_id == group):
        group = run.cloud.balancers.server_group_id(group)
    wishes = Wishes(
        server_group_id=group,
        **{name: params[name] for name in _SETTINGS},
    )
    if params["certificates"] is not None and (current is None or params["replace_certificates"]):
        bound = current.certificates if current else frozenset()
        wanted = wanted_certificates(run, params["certificates"], bound)
        if wanted != bound:
            wanted = with_facts(run, wanted)
            if current is not None:
                current = replace(current, certificates=with_facts_if_told(run, bound, wanted))
                if same_content(current.certificates, wanted):
                    wanted = current.certificates
        wishes = replace(wishes, certificates=wanted)
    return plan_present(current, wishes, load_balancer_id=balancer_id, protocol=protocol, port=params["port"])


def _find(run: Run) -> tuple[str, Listener | None]:
    """Id of the load balancer, and the listener if it exists."""
    params = run.params
    listeners = run.cloud.listeners
    if params["listener_id"]:
        try:
            found = listeners.listener(params["listener_id"])
        except NotFoundError:
            # Nothing says where a listener with that id would be, so only its absence can be wanted.
            if params["state"] == "absent":
                return "", None
            raise
        return found.load_balancer_id, found
    balancer_id, listener_id = listeners.find_listener_id(
        params["load_balancer"], params["port"], params["protocol"] or "HTTPS"
    )
    try:
        return balancer_id, listeners.listener(listener_id) if listener_id else None
    except NotFoundError:
        # It was listed, and being deleted.
        return balancer_id, None


def _send(run: Run, step: Step, before: Sent | None) -> Sent:
    return run.cloud.listeners.send(step, before)


def _settle(run: Run, made: Plan[Listener], step: Step, sent: Sent) -> Listener | None:
    wanted = made.after
    last = step is made.steps[-1]
    if last and not run.params["wait"]:
        return wanted and replace(wanted, id=sent.id, status="Configuring")
    settings = getattr(step, "settings", None)
    seen = run.cloud.listeners.settle(sent, settings)
    if seen is None or wanted is None:
        return seen
    return replace(seen, certificates=with_known_facts(seen.certificates, wanted.certificates))


TASK = Task(
    answer="listener",
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "listener_id": {"type": "str"},
        "load_balancer": {"type": "str"},
        "port": {"type": "int"},
        "protocol": {"type": "str", "choices": ["HTTPS"]},
        "certificates": {"type": "list", "elements": "raw"},
        "replace_certificates": {"type": "bool", "default": True},
        "allow_expired": {"type": "bool", "default": False},
        "server_group": {"type": "str"},
        "description": {"type": "str"},
        "security_policy_id": {"type": "str"},
        "http2_enabled": {"type": "bool"},
        "gzip_enabled": {"type": "bool"},
        "idle_timeout": {"type": "int"},
        "request_timeout": {"type": "int"},
        **wait_options(),
    },
    constraints={
        "required_one_of": [("listener_id", "load_balancer")],
        "mutually_exclusive": [("listener_id", "load_balancer")],
        "required_together": [("load_balancer", "port")],
    },
    make_plan=_make_plan,
    send=_send,
    settle=_settle,
)
