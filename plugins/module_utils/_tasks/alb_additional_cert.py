# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_additional_cert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .._alb.additional_certs import (
    MOST,
    QUOTA,
    AdditionalCertificates,
    Associate,
    Dissociate,
    check_names_left,
    namesakes,
    plan,
    planned_certificates,
    superseded_by,
)
from .._alb.certificate import Certificate, is_identifier, number_of, site_of
from .._alb.reference import Reference, read_reference
from .._ansible.options import dry_run_options, listener_options, wait_options
from .._ansible.task import Run, Task
from .._core.errors import ApiError, InputError, NotFoundError
from .._core.plan import Plan, Step
from .._sdk.alb import Sent
from ._listeners import check_port, find_listener, listener_id_at
from ._references import Certificates, wanted_certificates, with_facts, with_facts_if_told, with_known_facts


def _make_plan(run: Run) -> Plan[AdditionalCertificates]:
    _check_options(run)
    current = _current(run)
    made = _decide(run, current)
    if current.listener_id is not None and any(isinstance(step, Dissociate) for step in made.steps):
        # While another change of the listener is under way, the list may show default certificates that are to go.
        settled = run.cloud.listeners.listener(current.listener_id)
        if settled.certificates != current.default:
            made = _decide(run, run.cloud.bound_certificates.of(current.listener_id))
    return made


def _check_options(run: Run) -> None:
    params = run.params
    check_port(params["port"])
    if params["replace_superseded"] and params["state"] != "present":
        raise InputError(
            f"replace_superseded goes with state present only, not with {params['state']}: exact removes all that are"
            " not named, absent those that are."
        )
    if not 1 <= params["certificate_quota"] <= MOST:
        raise InputError(f"certificate_quota must be from 1 to {MOST}, not {params['certificate_quota']}.")
    if not params["certificates"] and params["state"] != "exact":
        raise InputError(
            f"certificates must not be empty with state {params['state']}. To remove all additional certificates, set"
            " state to exact."
        )


def _current(run: Run) -> AdditionalCertificates:
    """The certificates of the listener that the options name; none if check mode was handed one that is planned."""
    params = run.params
    given = params["listener"]
    listener_id = given.get("id") if given else params["listener_id"]
    if given is not None and not listener_id:
        return planned_certificates(find_listener(run))
    if listener_id is None:
        listener_id = listener_id_at(run)
    elif params["protocol"] is not None:
        find_listener(run)
    return run.cloud.bound_certificates.of(str(listener_id))


def _decide(run: Run, current: AdditionalCertificates) -> Plan[AdditionalCertificates]:
    state, careful = run.params["state"], not run.params["allow_uncovered_names"]
    bound = current.certificates | current.default
    wanted = _unwanted(run, current) if state == "absent" else _wanted(run, bound)
    quota = run.params["certificate_quota"]
    made = plan(current, wanted, state=state, quota=quota)
    others = current.certificates - wanted if run.params["replace_superseded"] else frozenset()
    if not made.changed and not others:
        return made
    must_be_told = bool(others) or (careful and any(isinstance(step, Dissociate) for step in made.steps))
    told = (with_facts if must_be_told else with_facts_if_told)(run, bound | wanted, wanted)
    superseded: Certificates = frozenset()
    if others:
        told = _with_algorithms(run, told, wanted, others)
        superseded = superseded_by(_of(told, wanted), _of(told, others))
    known = replace(current, certificates=_of(told, current.certificates), default=_of(told, current.default))
    made = plan(known, _of(told, wanted), state=state, superseded=superseded, quota=quota)
    if careful:
        check_names_left(made)
    return made


def _wanted(run: Run, bound: Certificates) -> Certificates:
    """
    The certificates that the option names.

    What is bound is not asked about; what is new is read at once with what is bound, which will be shown beside it.
    """
    values: list[object] = []
    there, new = set(), set()
    for value in run.params["certificates"]:
        one = _bound_as(value, bound)
        if one is not None and one not in there:
            there.add(one)
            continue
        reference = read_reference(value)
        values.append(one.id if one else value)
        if reference.id is not None and reference.facts is None:
            new.add(Certificate(reference.id))
    if new - bound:
        with_facts_if_told(run, bound | new)
    found = wanted_certificates(run, values, bound)
    twice = sorted(one.label() for one in found if one in there)
    if twice:
        raise InputError(f"certificates names the same certificate twice: {', '.join(twice)}.")
    return found | there


def _unwanted(run: Run, current: AdditionalCertificates) -> Certificates:
    """
    What is bound of the certificates that the option names. What CAS no longer has can still be removed by identifier
    or number; what nobody has is absent already.
    """
    bound = current.certificates | current.default
    anyhow = replace(run, params={**run.params, "allow_expired": True})
    found: set[Certificate] = set()
    for value in run.params["certificates"]:
        one = _bound_as(value, bound)
        if one is not None:
            found.add(one)
            continue
        reference = read_reference(value)
        if reference.id is not None or reference.number is not None:
            continue
        if reference.sha256 is not None or reference.sha1 is not None:
            copies = {one for one in with_facts(run, bound) if _has_fingerprint(one, reference)}
            # A copy of it may be the default.
            found |= (copies & current.certificates) or copies
            continue
        try:
            found |= wanted_certificates(anyhow, [value], bound)
        except NotFoundError:
            continue
    return frozenset(found)


def _bound_as(value: object, bound: Certificates) -> Certificate | None:
    """
    What is bound, if it is named by its identifier or number.

    Identifiers of kinds that only old listeners have can name nothing else; to others they would look like names.
    """
    text = str(value.get("id") if isinstance(value, Mapping) else value).strip()
    number = int(text) if text.isascii() and text.isdecimal() else None
    for one in bound:
        if one.id is None or (one.id != text and (number is None or number_of(one.id) != number)):
            continue
        facts = read_reference(value).facts if is_identifier(one.id) else None
        return replace(one, facts=one.facts or facts)
    return None


def _has_fingerprint(one: Certificate, reference: Reference) -> bool:
    if one.facts is None:
        return False
    if reference.sha256 is not None:
        return one.facts.sha256 == reference.sha256
    return one.facts.sha1 is not None and one.facts.sha1 == reference.sha1


def _with_algorithms(run: Run, told: Certificates, wanted: Certificates, others: Certificates) -> Certificates:
    """Have the algorithms known of those that may be superseded, and of what they are by: CAS's list tells none."""
    candidates = namesakes(_of(told, wanted), _of(told, others))
    asked = candidates | namesakes(candidates, _of(told, wanted))
    return frozenset(_with_algorithm(run, one) if one in asked else one for one in told)


def _with_algorithm(run: Run, one: Certificate) -> Certificate:
    site, number = site_of(one.id or ""), number_of(one.id or "")
    if one.facts is None or one.facts.algorithm != "unknown" or site is None or number is None:
        return one
    try:
        algorithm = run.cloud.certificates(site).certificate(number).facts.algorithm
    except NotFoundError:
        return one
    return replace(one, facts=replace(one.facts, algorithm=algorithm))


def _of(told: Certificates, some: Certificates) -> Certificates:
    """Some certificates, with what is told of them."""
    return frozenset(one for one in told if one in some)


def _rehearse(run: Run, step: Step) -> bool:
    try:
        return run.cloud.bound_certificates.rehearse(step)
    except ApiError as error:
        raise _with_advice(error, step) from None


def _send(run: Run, step: Step, before: Sent | None) -> Sent:
    try:
        return run.cloud.bound_certificates.send(step, before)
    except ApiError as error:
        raise _with_advice(error, step) from None


def _with_advice(error: ApiError, step: Step) -> ApiError:
    """Only the cloud knows how many slots are free: they are shared by all listeners of the load balancer."""
    if error.code == "ResourceQuotaExceeded.LoadBalancerCertificatesNum" and isinstance(step, Associate):
        slots = f"{step.slots} free slot{'' if step.slots == 1 else 's'}"
        error.message += (
            f" The task needs {slots} at its start, because it adds certificates before it removes any; what counts are"
            " the additional certificates of all listeners of the load balancer. Remove"
            " certificates that are not needed any more, or have the quota raised:"
            " alb_quota_loadbalancer_certificates_num_basic_edition (10 unless raised) for a Basic load balancer,"
            " alb_quota_loadbalancer_certificates_num_standard_edition (25 unless raised) for others."
        )
    return error


def _settle(run: Run, made: Plan[AdditionalCertificates], step: Step, sent: Sent) -> AdditionalCertificates | None:
    before, wanted = made.before, made.after
    # Certificates are removed only once those that replace them are seen to be served: then even wait=false waits.
    if before is None or wanted is None or (not run.params["wait"] and step == made.steps[-1]):
        return wanted
    seen = run.cloud.bound_certificates.settle(sent, step)
    known = (wanted.certificates, before.certificates, wanted.default)
    return replace(
        wanted,
        certificates=with_known_facts(seen.certificates, *known),
        default=with_known_facts(seen.default, *known),
    )


TASK = Task(
    answer="listener",
    options={
        **listener_options(),
        "protocol": {"type": "str", "choices": ["HTTPS", "QUIC"]},
        "certificates": {"type": "list", "elements": "raw", "required": True},
        "state": {"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
        "replace_superseded": {"type": "bool", "default": False},
        "allow_expired": {"type": "bool", "default": False},
        "allow_uncovered_names": {"type": "bool", "default": False},
        "certificate_quota": {"type": "int", "default": QUOTA},
        **dry_run_options(),
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
    rehearse=_rehearse,
)
