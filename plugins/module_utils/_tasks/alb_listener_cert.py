# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_listener_cert."""

from __future__ import annotations

from .._alb.additional_certs import Associate, Dissociate
from .._alb.certificate import check_default_set
from .._alb.listener_cert import DefaultCertificates, default_certificates, plan, wanted_set
from .._ansible.options import dry_run_options, listener_options, wait_options
from .._ansible.task import Run, Task
from .._core.errors import ApiError
from .._core.plan import Plan, Step
from .._sdk.alb import Sent
from ._coverage import additional_certificates, guard_coverage
from ._listeners import find_listener
from ._references import (
    same_content,
    wanted_certificates,
    with_facts,
    with_facts_if_told,
    with_known_facts,
)


def _make_plan(run: Run) -> Plan[DefaultCertificates]:
    current = default_certificates(find_listener(run))
    given = wanted_certificates(run, run.params["certificates"], current.certificates)
    check_default_set(given)
    same = run.params["algorithm_scope"] == "same"
    if given == current.certificates or (same and given <= current.certificates):
        current = current.with_certificates(with_known_facts(current.certificates, given))
        return plan(current, current.certificates)
    current = current.with_certificates(with_facts_if_told(run, current.certificates, given))
    given = with_facts(run, given, current.certificates)
    wanted = wanted_set(current.certificates, given) if same else given
    check_default_set(wanted)
    if same_content(current.certificates, wanted):
        wanted = current.certificates
    additional = guard_coverage(run, current.listener_id, current.certificates, wanted)
    if additional is None:
        # The run is told by the API if there is something to promote, and then looks; see _revise().
        look = run.check_mode and wanted != current.certificates
        additional = additional_certificates(run, current.listener_id) if look else frozenset()
    return plan(current, wanted, additional)


def _revise(run: Run, made: Plan[DefaultCertificates], error: ApiError) -> Plan[DefaultCertificates] | None:
    """Promote what turns out to be an additional certificate of the listener."""
    if error.code != "ResourceAlreadyAssociated.Certificate" or made.before is None or made.after is None:
        return None
    revised = plan(made.before, made.after.certificates, additional_certificates(run, made.before.listener_id))
    return revised if revised.steps != made.steps else None


def _send(run: Run, step: Step, _before: Sent | None) -> Sent:
    if isinstance(step, (Associate, Dissociate)):
        return run.cloud.bound_certificates.send(step)
    return run.cloud.listeners.send(step)


def _rehearse(run: Run, step: Step) -> bool:
    if isinstance(step, (Associate, Dissociate)):
        return run.cloud.bound_certificates.rehearse(step)
    return run.cloud.listeners.rehearse(step)


def _settle(run: Run, made: Plan[DefaultCertificates], step: Step, sent: Sent) -> DefaultCertificates | None:
    wanted = made.after
    if wanted is None:
        return None
    if isinstance(step, (Associate, Dissociate)):
        run.cloud.bound_certificates.settle(sent, step)
        return made.before
    if not run.params["wait"]:
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
        "algorithm_scope": {"type": "str", "choices": ["all", "same"], "default": "all"},
        "allow_expired": {"type": "bool", "default": False},
        "allow_uncovered_names": {"type": "bool", "default": False},
        **wait_options(),
        **dry_run_options(),
    },
    constraints={
        "required_one_of": [("listener_id", "listener", "load_balancer")],
        "mutually_exclusive": [("listener_id", "listener", "load_balancer")],
        "required_together": [("load_balancer", "port")],
    },
    make_plan=_make_plan,
    send=_send,
    settle=_settle,
    rehearse=_rehearse,
    revise=_revise,
)
