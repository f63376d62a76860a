# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The inquiry of the module alb_listener_info."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from .._alb.certificate import Certificate, number_of, site_of
from .._alb.listed import ListedListener
from .._alb.reference import read_reference
from .._ansible.task import Inquiry, Run
from .._core.tags import tag_filter
from .._sdk.endpoints import CAS_SITES
from ._listeners import check_port
from ._references import copies_of, with_facts


def _look(run: Run) -> dict[str, list[dict[str, t.Any]]]:
    params = run.params
    for port in params["ports"] or ():
        check_port(port)
    tags = tag_filter(params["tags"] or {})
    meant = None if params["certificate"] is None else _meant(run, params["certificate"])
    lists = run.cloud.listener_lists
    found = lists.listeners(
        ids=params["listener_ids"],
        load_balancers=params["load_balancers"],
        protocols=params["protocols"],
        ports=params["ports"],
        tags=tags,
    )
    if not (params["with_certificates"] or params["with_facts"] or meant):
        return {"listeners": [one.to_dict(facts=False) for one in found]}
    # One that is gone by now is not told any more.
    found = [one for one in run.cloud.at_once(lists.with_certificates, found) if one is not None]
    if meant is not None:
        found = [one for one in found if one.uses(meant)]
    facts = params["with_facts"] is not False
    if facts:
        known = _known(run, found)
        found = [one.with_facts(known) for one in found]
    return {"listeners": [one.to_dict(facts=facts) for one in found]}


def _meant(run: Run, value: object) -> Callable[[str], bool]:
    """
    Tells which identifiers are of the certificate that is meant.

    By identifier and number no call is made, so that one that CAS no longer has can be looked for. By anything else all
    copies that CAS has are meant; a certificate that it does not have is nowhere.
    """
    reference = read_reference(value)
    if reference.id is not None:
        return lambda identifier: identifier == reference.id
    if reference.number is not None:
        number = int(reference.number)
        return lambda identifier: number_of(identifier) == number
    ids = {one.id or f"{one.number}-{one.site}" for one in copies_of(run, reference)}
    return lambda identifier: identifier in ids


def _known(run: Run, found: list[ListedListener]) -> frozenset[Certificate]:
    """What CAS tells of all certificates. Those of a site that nobody knows how to reach are left out."""
    return with_facts(
        run, frozenset(one for each in found for one in each.certificates if site_of(one.id or "") in CAS_SITES)
    )


TASK = Inquiry(
    options={
        "listener_ids": {"type": "list", "elements": "str"},
        "load_balancers": {"type": "list", "elements": "str"},
        "protocols": {"type": "list", "elements": "str", "choices": ["HTTP", "HTTPS", "QUIC"]},
        "ports": {"type": "list", "elements": "int"},
        "tags": {"type": "dict"},
        "certificate": {"type": "raw"},
        "with_certificates": {"type": "bool", "default": False},
        "with_facts": {"type": "bool"},
    },
    look=_look,
)
