# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The inquiry of the module alb_cert_rotation_info."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable, Iterator

from .._alb.certificate import Certificate, check_validity, number_of, site_of
from .._alb.listed import ListedListener
from .._alb.listener import CERTIFICATE_PROTOCOLS
from .._alb.reference import Reference, read_reference
from .._alb.rotation import Aim, plan
from .._ansible.task import Inquiry, Run
from .._cas.certificate import StoredCertificate
from .._core.errors import InputError
from .._core.tags import tag_filter
from .._sdk.endpoints import CAS_SITES
from ._references import copies_of, not_found

_ADVICE = "It cannot replace another one."


def _look(run: Run) -> dict[str, list[dict[str, t.Any]]]:
    params = run.params
    days, tags = params["expires_within_days"], tag_filter(params["tags"] or {})
    if days is not None and days < 0:
        raise InputError(f"expires_within_days must be 0 or more, not {days}.")
    given, old = (
        None if params[name] is None else [read_reference(value) for value in params[name]]
        for name in ("certificates", "supersedes")
    )
    if old == [] or (given == [] and old is None and days is None):
        return {"rotations": [], "unmatched": []}
    named = None if given is None else [_named(run, one) for one in given]
    superseded = None if old is None else _superseded(run, old)
    listeners = _listeners(run, tags)
    if superseded is not None:
        listeners = [one for one in listeners if one.uses(superseded)]
    if not listeners:
        return {"rotations": [], "unmatched": []}
    new = _valid_ones(run) if named is None else named
    told = [*(named or ()), *(Certificate(one.id, one.facts) for one in old or () if one.id and one.facts)]
    aim = Aim(
        new=new,
        named=named is not None,
        now=run.now,
        superseded=superseded,
        names=params["names"],
        within_days=days,
    )
    plans = plan(_with_facts(run, listeners, told), aim)
    return {
        "rotations": [one.to_dict(run.now) for one in plans if one.changed],
        "unmatched": [each for one in plans for each in one.unmatched_to_dicts()],
    }


def _listeners(run: Run, tags: dict[str, str]) -> list[ListedListener]:
    """Those that the filters are for, with their certificates."""
    params, lists = run.params, run.cloud.listener_lists
    protocols = params["protocols"]
    found = lists.listeners(
        ids=params["listener_ids"],
        load_balancers=params["load_balancers"],
        protocols=CERTIFICATE_PROTOCOLS if protocols is None else protocols,
        tags=tags,
    )
    # One that is gone by now needs nothing any more.
    return [one for one in run.cloud.at_once(lists.with_bound_certificates, found) if one is not None]


def _named(run: Run, reference: Reference) -> Certificate:
    """
    The certificate that is meant. One that CAS does not have is meant to be uploaded, if it is given with its facts.

    :raises InputError: if it may be several, or if it is not valid now.
    :raises NotFoundError: if CAS has none.
    """
    found = _found(run, reference)
    check_validity(found, run.now, advice=_ADVICE)
    return found


def _found(run: Run, reference: Reference) -> Certificate:
    facts = reference.facts if reference.facts and reference.facts.algorithm != "unknown" else None
    if reference.id is not None and facts is not None:
        return Certificate(reference.id, facts)
    if reference.id is not None or reference.number is not None:
        number = number_of(reference.id) if reference.id else int(reference.number or 0)
        stored = _stored(run, site_of(reference.id or ""), number or 0)
        return Certificate(reference.id or _identifier(stored), stored.facts)
    copies = _copies(run, reference)
    if copies:
        return Certificate(_identifier(copies[0]), facts or copies[0].facts)
    if reference.facts is not None:
        return Certificate(None, reference.facts)
    raise not_found(run, reference)


def _stored(run: Run, site: str | None, number: int) -> StoredCertificate:
    """By its number; from the list, which is read anyway."""
    store = run.cloud.certificates(site)
    found = next((one for one in _everything(run, site) if one.number == number), None)
    # Whether the list tells a new one at once is documented nowhere.
    return found or store.certificate(number)


def _copies(run: Run, reference: Reference) -> list[StoredCertificate]:
    """All copies in CAS, from the list as well. Expired ones are listed only if it may be one."""
    if reference.sha256 is None:
        return copies_of(run, reference)
    valid = reference.facts is not None and not reference.facts.is_expired(run.now)
    for expired in (False,) if valid else (False, True):
        stored = run.cloud.certificates().everything(expired=expired)
        found = [one for one in stored if one.facts.sha256 == reference.sha256]
        if found:
            return found
    return []


def _everything(run: Run, site: str | None) -> Iterator[StoredCertificate]:
    """What a site has, and then that with expired ones: they take further calls, unless nobody wants more."""
    store = run.cloud.certificates(site)
    yield from store.everything(expired=False)
    yield from store.everything(expired=True)


def _identifier(stored: StoredCertificate) -> str:
    return stored.id or f"{stored.number}-{stored.site}"


def _superseded(run: Run, references: Iterable[Reference]) -> Callable[[str], bool]:
    """
    Tells which identifiers are of the certificates that are meant.

    By identifier and number no call is made, so that one that CAS no longer has can be replaced. By anything else all
    copies that CAS has are meant; a certificate that it does not have is nowhere.
    """
    ids, numbers = set(), set()
    for reference in references:
        if reference.number is not None:
            numbers.add(int(reference.number))
        elif reference.id is not None:
            ids.add(reference.id)
        else:
            ids.update(_identifier(one) for one in _copies(run, reference))
            # Identifiers of kinds that only old listeners have look like names.
            ids.add(reference.name or "")
    # A listener that was once given a bare number may tell it so.
    bare = {str(one) for one in (*map(number_of, ids), *numbers)}
    return lambda identifier: identifier in ids or identifier in bare or number_of(identifier) in numbers


def _valid_ones(run: Run) -> list[Certificate]:
    """All that CAS has and that is valid now."""
    return [
        Certificate(_identifier(one), one.facts)
        for one in run.cloud.certificates().everything(expired=False)
        if not one.is_expired(run.now) and not one.facts.is_not_yet_valid(run.now)
    ]


def _with_facts(run: Run, listeners: list[ListedListener], told: Iterable[Certificate]) -> list[ListedListener]:
    """
    With what CAS tells of their certificates, but for those of a site that nobody knows how to reach.

    :param told: certificates whose facts the options tell. They need not be looked up, unless something is missing.
    """
    known = {one.id: one for one in told}
    wanted: dict[str, set[int]] = {}
    for identifier in {one.id or "" for each in listeners for one in each.certificates}:
        facts = known[identifier].facts if identifier in known else None
        site, number = site_of(identifier), number_of(identifier)
        if site in CAS_SITES and number is not None and (facts is None or facts.algorithm == "unknown"):
            wanted.setdefault(str(site), set()).add(number)
    for site, numbers in sorted(wanted.items()):
        left = set(numbers)
        for one in _everything(run, site):
            if one.number in left:
                known[_identifier(one)] = Certificate(_identifier(one), one.facts)
                left.discard(one.number)
            if not left:
                break
    return [one.with_facts(known.values()) for one in listeners]


TASK = Inquiry(
    options={
        "certificates": {"type": "list", "elements": "raw"},
        "supersedes": {"type": "list", "elements": "raw"},
        "names": {"type": "str", "choices": ["same", "covered"], "default": "same"},
        "expires_within_days": {"type": "int"},
        "load_balancers": {"type": "list", "elements": "str"},
        "listener_ids": {"type": "list", "elements": "str"},
        "protocols": {"type": "list", "elements": "str", "choices": list(CERTIFICATE_PROTOCOLS)},
        "tags": {"type": "dict"},
    },
    constraints={"required_one_of": [("certificates", "supersedes", "expires_within_days")]},
    look=_look,
)
