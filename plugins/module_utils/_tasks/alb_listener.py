# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_listener."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable
from dataclasses import replace

from .._alb.certificate import Certificate, check_default_set, in_order
from .._alb.listener import (
    CreateListener,
    DeleteListener,
    Listener,
    UpdateListener,
    Wishes,
    check_balancer,
    check_recreatable,
    is_at,
    needs_balancer,
    plan_absent,
    plan_present,
    plan_recreation,
)
from .._alb.listener_settings import QuicUpgrade
from .._ansible.options import dry_run_options, wait_options
from .._ansible.task import Run, Task
from .._core.errors import ApiError, InputError, NotFoundError
from .._core.plan import Plan, Step
from .._core.tags import TagResource, UntagResource, read_tags
from .._sdk.alb import Sent
from .._sdk.balancers import SERVER_GROUP_ID
from .._sdk.listeners import Listed, Place
from ._coverage import additional_certificates, guard_coverage
from ._listeners import check_port
from ._mutual_auth import given_ca, guard_ca_validity
from ._references import (
    Certificates,
    same_content,
    wanted_certificates,
    with_facts,
    with_facts_if_told,
    with_known_facts,
)

_SETTINGS = (
    "description",
    "security_policy_id",
    "http2_enabled",
    "gzip_enabled",
    "idle_timeout",
    "request_timeout",
    "ca_enabled",
    "x_forwarded_for",
    "access_log",
    "purge_tags",
)
_STOPPED = {"running": False, "stopped": True}


class Found(t.NamedTuple):
    """
    What is there.

    :param load_balancer_id: where the listener is to be; empty if nothing says so.
    :param place: what was learnt of its load balancer, if that was asked.
    """

    load_balancer_id: str
    listener: Listener | None
    place: Place | None = None


class Progress(t.NamedTuple):
    """
    A write under way.

    :param new_id: of the listener that a write of the same plan has created.
    """

    sent: Sent
    new_id: str | None = None


def _make_plan(run: Run) -> Plan[Listener]:
    params = run.params
    check_port(params["port"])
    if params["load_balancer"] and params["port"] is None and not params["listener_id"]:
        raise InputError("port is needed with load_balancer, to say which listener.")
    tags = None if params["tags"] is None else read_tags(params["tags"])
    ca = given_ca(run)
    found = _find(run)
    if params["state"] == "absent":
        return _plan_absence(run, found)
    current = found.listener
    moves = current is not None and not is_at(current, found.load_balancer_id, params["protocol"], params["port"])
    recreates = moves and params["force_recreate"]
    if recreates and current is not None:
        found = _check_recreation(run, current, found)
    settings = {name: params[name] for name in _SETTINGS}
    if current is not None and not params["replace_certificates"] and not (recreates and current.protocol != "HTTPS"):
        # Other modules are to change what is there.
        ca, settings["ca_enabled"] = None, None
    if params["security_policy"]:
        settings["security_policy_id"] = _security_policy_id(run, params["security_policy"])
    wishes = Wishes(
        security_policy_planned=True if params["security_policy"] and not settings["security_policy_id"] else None,
        ca_certificate=Certificate(ca.id, ca.facts) if ca else None,
        server_group_id=_server_group_id(run, current),
        tags=tags,
        quic_upgrade=_quic_upgrade(run, current, found),
        stopped=_STOPPED.get(params["state"]),
        **settings,
    )
    if not moves or recreates:
        current, wishes = _with_certificates(run, current, wishes, recreates=recreates)
    protocol, port = params["protocol"], params["port"]
    if recreates and current is not None:
        there = _left_behind(run, current, found.place)
        made = plan_recreation(
            current, wishes, load_balancer_id=found.load_balancer_id, protocol=protocol, port=port, there=there
        )
    else:
        made = plan_present(current, wishes, load_balancer_id=found.load_balancer_id, protocol=protocol, port=port)
    guard_ca_validity(run, made, ca)
    if needs_balancer(made):
        known = found.place.balancer if found.place else None
        check_balancer(made, known or run.cloud.balancers.load_balancer(found.load_balancer_id))
    return made


def _plan_absence(run: Run, found: Found) -> Plan[Listener]:
    current = found.listener
    if current is not None:
        listed = found.place.listed if found.place else None
        if listed is None:
            quic = current.protocol == "QUIC"
            listed = run.cloud.listeners.listed(current.load_balancer_id) if quic else ()
        _check_unlinked(current, listed, "deleted")
        current = replace(current, certificates=with_facts_if_told(run, current.certificates))
    return plan_absent(
        current,
        load_balancer_id=found.load_balancer_id,
        protocol=run.params["protocol"],
        port=run.params["port"],
    )


def _check_unlinked(current: Listener, listed: Iterable[Listed], what: str) -> None:
    """:raises InputError: if it is a QUIC listener that an HTTPS one is linked to, which ALB does not delete."""
    linked = [one.id for one in listed if one.linked_to == current.id]
    if linked:
        raise InputError(
            f"{current.id} cannot be {what}: {', '.join(linked)} is linked to it. Unlink that first (quic_upgrade with"
            " enabled false)."
        )


def _find(run: Run) -> Found:
    """The listener that the options name, if it exists, and where it is or is to be."""
    params = run.params
    listeners, balancers = run.cloud.listeners, run.cloud.balancers
    if params["listener_id"]:
        # One that was replaced has another id, but is where it was wanted.
        replaced = params["force_recreate"] and params["load_balancer"] and params["port"]
        try:
            current = listeners.listener(params["listener_id"])
        except NotFoundError:
            if params["state"] == "absent":
                # Nothing says where a listener with that id would be, so only its absence can be wanted.
                return Found("", None)
            if not replaced:
                raise
        else:
            wanted = params["load_balancer"]
            elsewhere = wanted not in (None, current.load_balancer_id)
            return Found(balancers.load_balancer(wanted).id if elsewhere else current.load_balancer_id, current)
    place = listeners.place(params["load_balancer"], params["port"], params["protocol"] or "HTTPS")
    try:
        listener = listeners.listener(place.listener_id) if place.listener_id else None
    except NotFoundError:
        # It was listed, and being deleted.
        listener = None
    return Found(place.load_balancer_id, listener, place)


def _check_recreation(run: Run, current: Listener, found: Found) -> Found:
    """
    :returns: the same, with what is at the place of the new listener.
    :raises InputError: if the old listener has more than its settings, or could not be deleted.
    """
    additional = additional_certificates(run, current.id) if current.protocol != "HTTP" else frozenset()
    check_recreatable(current, len(additional))
    place = found.place or run.cloud.listeners.place(
        found.load_balancer_id, run.params["port"] or current.port, run.params["protocol"] or current.protocol
    )
    on_old = place.listed
    if place.load_balancer_id != current.load_balancer_id and current.protocol == "QUIC":
        on_old = run.cloud.listeners.listed(current.load_balancer_id)
    _check_unlinked(current, on_old, "replaced")
    return found._replace(place=place)


def _left_behind(run: Run, current: Listener, place: Place | None) -> Listener | None:
    """What is where a listener is to be created instead of another one: perhaps by a run that was interrupted."""
    if place is None or place.listener_id in (None, current.id):
        return None
    there = run.cloud.listeners.listener(place.listener_id)
    return replace(there, certificates=with_known_facts(there.certificates, current.certificates))


def _security_policy_id(run: Run, given: t.Mapping[str, t.Any]) -> str | None:
    """
    Of a policy as alb_security_policy returned it; None if check mode has only planned that.

    :raises InputError: if that is no policy, or one that was never created.
    """
    if given.get("id"):
        return str(given["id"])
    if not given.get("name") or "id" not in given:
        raise InputError("security_policy is not what alicloud.tls.alb_security_policy returned as security_policy.")
    if not run.check_mode:
        raise InputError("security_policy has no id: it comes from check mode, where it was not created.")
    return None


def _server_group_id(run: Run, current: Listener | None) -> str | None:
    """An id is judged by the API when it is written, which saves a call; check mode has to ask."""
    group: str | None = run.params["server_group"]
    if not group or (current is not None and current.server_group_id == group):
        return group
    if SERVER_GROUP_ID.fullmatch(group) and not run.check_mode:
        return group
    return run.cloud.balancers.server_group_id(group)


def _quic_upgrade(run: Run, current: Listener | None, found: Found) -> QuicUpgrade | None:
    """:raises InputError: if what is named is no QUIC listener of the same load balancer, free for this one."""
    given = run.params["quic_upgrade"]
    if given is None or not given["enabled"]:
        return given and QuicUpgrade()
    stays = current is not None and current.load_balancer_id == found.load_balancer_id
    there = current.quic_upgrade if current is not None and stays else None
    object_id = given["listener"] and given["listener"].get("id")
    if given["listener"] is not None and not object_id:
        if not run.check_mode:
            raise InputError("quic_upgrade.listener has no id: it comes from check mode, where it was not created.")
        return QuicUpgrade(True)
    wanted = given["listener_id"] or object_id
    if wanted is None and given["port"] is None:
        if there is not None and there.enabled:
            return there
        raise InputError("quic_upgrade needs listener_id, listener or port, to say which QUIC listener.")
    if there is not None and there.enabled and there.listener_id == wanted:
        return there
    listed = found.place.listed if found.place else run.cloud.listeners.listed(found.load_balancer_id)
    target = _quic_listener(listed, wanted, given["port"], found.load_balancer_id)
    for other in listed:
        if other.linked_to == target.id and (current is None or other.id != current.id):
            raise InputError(f"{target.id} is linked to {other.id} already; a QUIC listener can be linked to one only.")
    return QuicUpgrade(True, target.id)


def _quic_listener(listed: tuple[Listed, ...], wanted: str | None, port: int | None, load_balancer_id: str) -> Listed:
    fitting = [one for one in listed if (one.id == wanted if wanted else one.protocol == "QUIC" and one.port == port)]
    if not fitting:
        what = wanted or f"QUIC listener on port {port}"
        raise InputError(
            f"quic_upgrade: load balancer {load_balancer_id} has no {what}. A QUIC listener of the same load balancer"
            " is needed; create it first."
        )
    if fitting[0].protocol != "QUIC":
        raise InputError(f"quic_upgrade: {wanted} is no QUIC listener, but an {fitting[0].protocol} one.")
    return fitting[0]


def _with_certificates(
    run: Run, current: Listener | None, wishes: Wishes, *, recreates: bool
) -> tuple[Listener | None, Wishes]:
    """
    Put the default certificates that the options name among the wishes. All that has to do with them is here.

    :returns: also the listener, with what is known of the certificates that it has.
    """
    params = run.params
    bound = current.certificates if current else frozenset()
    if current is not None and recreates:
        bound = with_facts_if_told(run, bound)
        current = replace(current, certificates=bound)
    wanted_at_all = params["replace_certificates"] or current is None or (recreates and not bound)
    if params["certificates"] is None or not wanted_at_all:
        return current, wishes
    wanted = wanted_certificates(run, params["certificates"], bound)
    check_default_set(wanted)
    if wanted != bound:
        wanted = with_facts(run, wanted)
        if current is not None:
            current = replace(current, certificates=with_facts_if_told(run, bound, wanted))
            if same_content(current.certificates, wanted):
                wanted = current.certificates
            elif bound:
                additional = guard_coverage(run, current.id, current.certificates, wanted)
                if not recreates:
                    _check_not_additional(run, current.id, wanted, additional)
    return current, replace(wishes, certificates=wanted)


def _check_not_additional(
    run: Run, listener_id: str | None, wanted: Certificates, additional: Certificates | None
) -> None:
    """
    :param additional: of the listener, if they were looked at.
    :raises InputError: if a certificate would be default and additional at once, which ALB does not take.
    """
    if additional is None:
        additional = additional_certificates(run, listener_id)
    both = in_order(one for one in wanted if one in additional)
    if both:
        raise InputError(
            f"{' and '.join(one.label() for one in both)} {'is' if len(both) == 1 else 'are'} additional on"
            f" {listener_id}, and ALB does not take a certificate as default and as additional one at once."
            " alicloud.tls.alb_listener_cert makes it the default. Nothing was changed."
        )


def _send(run: Run, step: Step, before: Progress | None) -> Progress:
    new_id = before.new_id if before else None
    on_new = new_id is not None and getattr(step, "listener_id", "") is None
    try:
        sent = run.cloud.listeners.send(step, Sent(str(new_id), None) if on_new else None)
    except ApiError as error:
        _advise(run, step, error)
        raise
    return Progress(sent, sent.id if isinstance(step, CreateListener) else new_id)


def _rehearse(run: Run, step: Step) -> bool:
    try:
        return run.cloud.listeners.rehearse(step)
    except ApiError as error:
        _advise(run, step, error)
        raise


def _advise(run: Run, step: Step, error: ApiError) -> None:
    """What the options have to do with a refusal."""
    if error.code == "ResourceNotFound.ServerGroup":
        error.message += (
            f" There is no server group with the id {run.params['server_group']!r} in region {run.cloud.access.region}."
        )
    if error.code == "ResourceAlreadyAssociated.Certificate":
        error.message += (
            " An additional certificate of the listener is made the default by alicloud.tls.alb_listener_cert."
        )
    if isinstance(step, UpdateListener) and step.replaces_ca and error.status == 400:
        error.message += (
            " Sources disagree on whether ALB takes another CA while mutual authentication is on;"
            " alicloud.tls.alb_ca_cert has a way if it does not."
        )


def _settle(run: Run, made: Plan[Listener], step: Step, progress: Progress) -> Listener | None:
    wanted = made.after
    last = step is made.steps[-1]
    tags = isinstance(step, (TagResource, UntagResource))
    if last and not run.params["wait"]:
        return wanted and replace(
            wanted, id=wanted.id or progress.new_id, status=wanted.status if tags else "Configuring"
        )
    if tags and not last:
        # They are there at once; the last step looks.
        return wanted
    settings = _changed_tags(made) if tags else getattr(step, "settings", None)
    seen = run.cloud.listeners.settle(progress.sent, settings)
    new_id = progress.new_id or (wanted.id if wanted else None)
    if isinstance(step, DeleteListener) and last and new_id:
        seen = run.cloud.listeners.listener(new_id)
    if seen is None or wanted is None:
        return seen
    return replace(seen, certificates=with_known_facts(seen.certificates, wanted.certificates))


def _changed_tags(made: Plan[Listener]) -> dict[str, t.Any]:
    """Those of a plan, and None for those that go."""
    before, after = (dict(one.tags) if one else {} for one in (made.before, made.after))
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {"tags": {key: after.get(key) for key in keys}}


def _suboptions(**types: t.Any) -> dict[str, t.Any]:
    """
    An option that is a mapping, from its names and types.

    Without choices, which ansible-core holds against null in a mapping, and so against what was returned as previous.
    """
    return {
        "type": "dict",
        "options": {name: {"type": one} if isinstance(one, str) else one for name, one in types.items()},
    }


_HEADER = _suboptions(enabled="bool", alias="str")
_X_FORWARDED_FOR = _suboptions(
    enabled="bool",
    processing_mode="str",
    proto="bool",
    host="bool",
    slb_id="bool",
    slb_port="bool",
    client_src_port="bool",
    client_source_ips="bool",
    client_source_ips_trusted="str",
    client_cert_subject_dn=_HEADER,
    client_cert_issuer_dn=_HEADER,
    client_cert_fingerprint=_HEADER,
    client_cert_client_verify=_HEADER,
)
_ACCESS_LOG = _suboptions(
    customized_headers="bool",
    tracing=_suboptions(enabled="bool", sample="int", type="str"),
)
_QUIC_UPGRADE = {
    **_suboptions(enabled={"type": "bool", "required": True}, listener_id="str", listener="dict", port="int"),
    "mutually_exclusive": [("listener_id", "listener", "port")],
}

TASK = Task(
    answer="listener",
    options={
        "state": {"type": "str", "choices": ["present", "absent", "running", "stopped"], "default": "present"},
        "listener_id": {"type": "str"},
        "load_balancer": {"type": "str"},
        "port": {"type": "int"},
        "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "QUIC"]},
        "force_recreate": {"type": "bool", "default": False},
        "certificates": {"type": "list", "elements": "raw"},
        "replace_certificates": {"type": "bool", "default": True},
        "allow_expired": {"type": "bool", "default": False},
        "allow_uncovered_names": {"type": "bool", "default": False},
        "ca_enabled": {"type": "bool"},
        "ca_certificate": {"type": "raw"},
        "server_group": {"type": "str"},
        "description": {"type": "str"},
        "security_policy_id": {"type": "str"},
        "security_policy": {"type": "dict"},
        "http2_enabled": {"type": "bool"},
        "gzip_enabled": {"type": "bool"},
        "idle_timeout": {"type": "int"},
        "request_timeout": {"type": "int"},
        "quic_upgrade": _QUIC_UPGRADE,
        "x_forwarded_for": _X_FORWARDED_FOR,
        "access_log": _ACCESS_LOG,
        "tags": {"type": "dict"},
        "purge_tags": {"type": "bool", "default": False},
        **wait_options(),
        **dry_run_options(),
    },
    constraints={
        "required_one_of": [("listener_id", "load_balancer")],
        "mutually_exclusive": [("security_policy_id", "security_policy")],
    },
    make_plan=_make_plan,
    send=_send,
    settle=_settle,
    rehearse=_rehearse,
)
