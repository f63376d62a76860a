# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module cas_ca_certificate."""

from __future__ import annotations

from .._ansible.task import Run, Task
from .._cas.authority import ListedAuthority, StoredAuthority, in_order_of_choice, named, plan_absent
from .._core.errors import InputError
from .._core.plan import Plan, Step
from .._sdk.authorities import Sent
from ._authorities import (
    content_of,
    load_authority,
    planned_authority,
    read_content,
    repository_of,
    send_authority,
    settle_authority,
)


def _make_plan(run: Run) -> Plan[StoredAuthority]:
    params = run.params
    if params["state"] == "absent":
        found = _to_delete(run)
        if found and not params["force"]:
            _check_unused(run, found)
        return plan_absent(found)
    given = load_authority(run, allow_expired=params["allow_expired"], allow_weak_key=params["allow_weak_key"])
    if given is None:
        raise InputError("state present needs certificate or certificate_path.")
    run.warnings += given.warnings
    return planned_authority(run, given, repository=params["repository"], name=params["name"])


def _to_delete(run: Run) -> list[StoredAuthority]:
    """The copies that the options mean, oldest first."""
    gateway, params = run.cloud.authorities(), run.params
    if params["identifier"] is not None:
        one = next(gateway.listed(identifiers=[params["identifier"]], authorities_only=False), None)
        if one is None:
            return []
        _check_deletable(one)
        held = read_content(gateway, one, run)
        if held is None:
            return []
        home = repository_of(one, gateway.repositories(), gateway.site)
        return [StoredAuthority(held.content, home, identifier=one.identifier)]
    given = load_authority(run, allow_expired=True, allow_weak_key=True)
    if given is None:
        raise InputError("state absent needs certificate, certificate_path or identifier.")
    wanted, there = content_of(given), gateway.repositories()
    name = params["repository"]
    numbers = {one.number for one in (there if name is None else named(there, name))}
    if not numbers:
        return []
    listed = (one for one in gateway.listed(source="upload") if name is None or one.repository in numbers)
    copies = gateway.copies(wanted, in_order_of_choice(listed))
    return [
        StoredAuthority(wanted, repository_of(one, there, gateway.site), identifier=one.identifier) for one in copies
    ]


def _check_deletable(one: ListedAuthority) -> None:
    if one.source == "aliyun":
        raise InputError(
            f"{one.identifier} was issued by Alibaba Cloud, not uploaded; this module deletes uploaded CA certificates."
        )
    if not one.is_ca:
        raise InputError(f"{one.identifier} is not a CA certificate.")


def _check_unused(run: Run, found: list[StoredAuthority]) -> None:
    """:raises InputError: if a listener of the region verifies its clients with one of them."""
    identifiers = {one.identifier for one in found}
    listeners = run.cloud.listeners
    users = [
        f"{one.id} ({one.title()})"
        for one in run.cloud.at_once(listeners.as_it_is, listeners.ids("HTTPS"))
        if one is not None and one.ca_enabled and one.ca_certificate_id in identifiers
    ]
    if users:
        raise InputError(
            f"{found[0].content.label()} is in use for mutual authentication by {', '.join(users)} in region"
            f" {run.cloud.access.region}. Give these listeners another CA with alicloud.tls.alb_ca_cert or end mutual"
            " authentication with alicloud.tls.alb_mutual_auth; or set force to leave the decision to the API."
        )


def _send(run: Run, step: Step, _before: Sent | None) -> Sent:
    return send_authority(run, step)


def _settle(run: Run, made: Plan[StoredAuthority], _step: Step, sent: Sent) -> StoredAuthority | None:
    if made.after is None:
        return None
    return settle_authority(run, sent) or made.after


TASK = Task(
    answer="ca_certificate",
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        # Not secret, but a file with certificate and private key in one is common.
        "certificate": {"type": "str", "no_log": True},
        "certificate_path": {"type": "path"},
        "bundle": {"type": "bool", "default": False},
        "identifier": {"type": "str"},
        "repository": {"type": "str"},
        "name": {"type": "str"},
        "allow_expired": {"type": "bool", "default": False},
        "allow_weak_key": {"type": "bool", "default": False},
        "force": {"type": "bool", "default": False},
    },
    constraints={
        "mutually_exclusive": [
            ("certificate", "certificate_path", "identifier"),
            ("identifier", "repository"),
        ],
        "required_if": [
            ("state", "present", ("certificate", "certificate_path"), True),
            ("state", "absent", ("certificate", "certificate_path", "identifier"), True),
        ],
    },
    make_plan=_make_plan,
    send=_send,
    settle=_settle,
)
