# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What tasks on listeners share: which listener."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import replace

from .._alb.certificate import Certificate
from .._alb.listener import Listener
from .._ansible.task import Run
from .._core.errors import InputError, NotFoundError
from .._x509.facts import CertificateFacts
from ._references import Certificates, with_known_facts


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
    return run.cloud.listeners.listener(params["listener_id"] or listener_id_at(run))


def listener_id_at(run: Run) -> str:
    """
    The listener on the load balancer and port that the options name.

    :raises NotFoundError: if there is none.
    """
    params = run.params
    check_port(params["port"])
    balancer_id, listener_id = run.cloud.listeners.find_listener_id(
        params["load_balancer"], params["port"], params["protocol"]
    )
    if listener_id is None:
        kind = f"{params['protocol']} listener" if params["protocol"] else "listener"
        raise NotFoundError(
            f"There is no {kind} on port {params['port']} of load balancer {balancer_id} in region"
            f" {run.cloud.access.region}."
        )
    return listener_id


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
