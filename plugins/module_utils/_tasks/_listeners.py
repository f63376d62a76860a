# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What tasks on listeners share: which listener, and which certificates."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import replace

from .._alb.certificate import Certificate, Reference, check_validity, read_reference, site_of
from .._alb.listener import Listener
from .._ansible.task import Run
from .._core.errors import ApiError, InputError, NotFoundError
from .._x509.facts import CertificateFacts

Certificates = frozenset[Certificate]


def check_port(port: int | None) -> None:
    if port is not None and not 1 <= port <= 65535:
        raise InputError(f"port must be from 1 to 65535, not {port}.")


def find_listener(run: Run) -> Listener:
    """
    The listener that the options name.

    :raises NotFoundError: if it does not exist, unless check mode was handed one that is only planned.
    """
    found = _find_listener(run)
    protocol = run.params["protocol"]
    if protocol not in (None, found.protocol):
        raise InputError(f"{found.id} is the {found.title()}, not a {protocol} listener.")
    return found


def _find_listener(run: Run) -> Listener:
    params = run.params
    check_port(params["port"])
    given = params["listener"]
    if given is not None:
        if given.get("id"):
            found = run.cloud.listeners.listener(str(given["id"]))
            known = _planned_certificates({"certificates": given.get("certificates") or []})
            return replace(found, certificates=with_known_facts(found.certificates, known))
        if not run.check_mode:
            raise InputError("listener has no id: it comes from check mode, where the listener was not created.")
        return planned_listener(given)
    if params["listener_id"]:
        return run.cloud.listeners.listener(params["listener_id"])
    balancer_id, listener_id = run.cloud.listeners.find_listener_id(
        params["load_balancer"], params["port"], params["protocol"]
    )
    if listener_id is None:
        kind = f"{params['protocol']} listener" if params["protocol"] else "listener"
        raise NotFoundError(
            f"There is no {kind} on port {params['port']} of load balancer {balancer_id} in region"
            f" {run.cloud.access.region}."
        )
    return run.cloud.listeners.listener(listener_id)


def planned_listener(given: Mapping[str, t.Any]) -> Listener:
    """A listener that alicloud.tls.alb_listener would create, from what it answered in check mode."""
    try:
        return Listener(
            id=None,
            status=str(given["status"]),
            load_balancer_id=str(given["load_balancer_id"]),
            protocol=str(given["protocol"]),
            port=int(given["port"]),
            certificates=_planned_certificates(given),
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise _no_listener(exc) from exc


def _planned_certificates(given: Mapping[str, t.Any]) -> Certificates:
    try:
        return frozenset(
            Certificate(one["id"], CertificateFacts.from_dict(one) if one.get("sha256") else None)
            for one in given["certificates"]
        )
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise _no_listener(exc) from exc


def _no_listener(exc: Exception) -> InputError:
    return InputError(
        f"listener is not what alicloud.tls.alb_listener returned as listener ({type(exc).__name__}: {exc})."
    )


def wanted_certificates(run: Run, values: Iterable[object], bound: Certificates) -> Certificates:
    """
    The certificates that an option names.

    What is bound already is not asked about, so that a task with nothing to do makes no call for it.

    :param bound: what the listener has now.
    """
    references = [read_reference(value) for value in values]
    found = [_resolve(run, reference, bound) for reference in references]
    twice = sorted({one.label() for one in found if found.count(one) > 1})
    if twice:
        raise InputError(f"certificates names the same certificate twice: {', '.join(twice)}.")
    if not run.params["allow_expired"]:
        for one in found:
            if one not in bound:
                check_validity(one, run.now)
    return frozenset(found)


def with_facts(run: Run, certificates: Certificates, *known: Certificates) -> Certificates:
    """
    The same certificates, with the facts that other sets have of them, or else what CAS tells.

    :raises ApiError: if CAS does not tell.
    """
    return frozenset(
        one if one.facts else replace(one, facts=_facts(run, one.id)) for one in with_known_facts(certificates, *known)
    )


def with_facts_if_told(run: Run, certificates: Certificates, *known: Certificates) -> Certificates:
    """
    Like with_facts(), for certificates that are there already.

    What is known of them is for people to read. An account that may not read CAS, or a certificate that CAS no longer
    has, does not stop the change; they are shown by identifier.
    """
    found = set()
    for one in with_known_facts(certificates, *known):
        try:
            found.add(one if one.facts else replace(one, facts=_facts(run, one.id)))
        except (ApiError, InputError):
            found.add(one)
    return frozenset(found)


def same_content(one: Certificates, other: Certificates) -> bool:
    """Whether both are the same certificates, perhaps as other copies in CAS."""
    contents = [{single.facts and single.facts.sha256 for single in some} for some in (one, other)]
    return contents[0] == contents[1] and None not in contents[0]


def _facts(run: Run, identifier: str | None) -> CertificateFacts | None:
    """None for a certificate that CAS no longer has, or whose identifier is of an older kind."""
    site = site_of(identifier or "")
    if identifier is None or site is None:
        return None
    try:
        return run.cloud.certificates(site).certificate(int(identifier.partition("-")[0])).facts
    except NotFoundError:
        return None


def with_known_facts(certificates: Certificates, *known: Certificates) -> Certificates:
    """The same certificates, with the facts that other sets have of them. No call is made."""
    facts = {one.key: one.facts for some in known for one in some if one.facts}
    return frozenset(replace(one, facts=one.facts or facts.get(one.key)) for one in certificates)


def _resolve(run: Run, reference: Reference, bound: Certificates) -> Certificate:
    if reference.id is not None:
        one = Certificate(reference.id, reference.facts)
        if one in bound or one.facts is not None:
            return one
        return _in_cas(run, reference.id.partition("-")[0], site_of(reference.id) or run.cloud.access.site())
    if reference.number is not None:
        return _in_cas(run, reference.number, run.cloud.access.site())
    site = run.cloud.access.site()
    copies = run.cloud.certificates(site).copies(reference.sha256 or "", facts=reference.facts)
    if not copies and reference.facts is not None and run.check_mode:
        return Certificate(None, reference.facts)
    if not copies:
        hint = " Upload it with alicloud.tls.cas_certificate first." if reference.facts else ""
        raise NotFoundError(f"CAS {site} has no uploaded certificate that is {reference.text}.{hint}")
    ids = {one.id for one in bound}
    chosen = next((one for one in copies if one.id in ids), copies[0])
    return Certificate(chosen.id, reference.facts or chosen.facts)


def _in_cas(run: Run, number: str, site: str) -> Certificate:
    stored = run.cloud.certificates(site).certificate(int(number))
    return Certificate(stored.id, stored.facts)
