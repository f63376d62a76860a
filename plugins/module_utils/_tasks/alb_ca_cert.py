# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module alb_ca_cert."""

from __future__ import annotations

from dataclasses import replace

from .._alb.mutual_auth import CaReference, MutualAuth, SetMutualAuth, check_enabled, plan_ca, plan_ca_with_interruption
from .._ansible.task import Run, Task
from .._cas.authority import pem_fingerprints
from .._core.errors import ApiError, InputError
from .._core.plan import Plan, Step
from .._sdk import alb, authorities
from .._x509.ca import CaCertificate, load_ca_certificate
from ._authorities import is_authority_step, planned_authority, send_authority, settle_authority
from ._mutual_auth import (
    CONSTRAINTS,
    find_mutual_auth,
    given_ca,
    guard_ca_validity,
    options,
    refuses_replacement,
    rehearse,
    send,
    settle,
)

Sent = alb.Sent | authorities.Sent


def _make_plan(run: Run) -> Plan[MutualAuth]:
    wanted, given = given_ca(run), _given_pem(run)
    if wanted is not None:
        made = plan_ca(find_mutual_auth(run), wanted)
        guard_ca_validity(run, made, wanted)
        return made
    if given is None:
        raise InputError("One of ca_certificate and certificates must be given, and not be empty.")
    current = find_mutual_auth(run)
    check_enabled(current)
    run.warnings += given.warnings
    known = CaReference(None, given.facts, tuple(one.facts for one in given.others))
    used = current.ca_certificate.id if current.ca_certificate else None
    # One call, which spares those that look for it everywhere.
    if used is not None and pem_fingerprints(run.cloud.authorities().pem(used) or "") == known.fingerprints:
        return plan_ca(current, replace(known, id=used))
    stored = planned_authority(run, given, repository=run.params["repository"])
    identifier = stored.after.identifier if stored.after else None
    return plan_ca(current, replace(known, id=identifier), uploads=stored.steps)


def _given_pem(run: Run) -> CaCertificate | None:
    """What the option certificates gives, as one; None if it is left out."""
    params = run.params
    if params["certificates"] is None:
        for name in ("bundle", "repository"):
            if params[name]:
                raise InputError(f"{name} is for certificates; what ca_certificate names is in CAS already.")
        return None
    return load_ca_certificate(
        "\n".join(params["certificates"]),
        source="certificates",
        now=run.now,
        allow_expired=params["allow_expired"],
        allow_weak_key=params["allow_weak_key"],
        bundle=params["bundle"],
    )


def _send(run: Run, step: Step, _before: Sent | None) -> Sent:
    if not is_authority_step(step):
        return send(run, _completed(run, step) or step)
    try:
        return send_authority(run, step)
    except ApiError as error:
        if error.action == "UploadPCACert" and run.params["bundle"]:
            error.message += (
                " Whether CAS takes CA certificates that have nothing to do with each other as one is not documented;"
                " this answer may mean that it does not. Without a bundle, the new CA can be signed by the old one as"
                " well: clients that send this certificate of it along are let in before and after the change. The"
                " listener was not changed."
            )
        raise


def _settle(run: Run, made: Plan[MutualAuth], step: Step, sent: Sent) -> MutualAuth | None:
    if isinstance(sent, alb.Sent):
        return settle(run, made, step, sent, written=_completed(run, step))
    settle_authority(run, sent)
    return made.after


def _completed(run: Run, step: Step) -> SetMutualAuth | None:
    """A step whose CA certificate this task has uploaded, with its identifier; None for all others."""
    if not isinstance(step, SetMutualAuth) or step.ca_certificate is None or step.ca_certificate.id is not None:
        return None
    identifier = run.cloud.authorities().uploaded[step.ca_certificate.fingerprints]
    settings = {**step.settings, "ca_certificate_id": identifier}
    return replace(step, settings=settings, ca_certificate=replace(step.ca_certificate, id=identifier))


def _revise(run: Run, made: Plan[MutualAuth], error: ApiError) -> Plan[MutualAuth] | None:
    if not refuses_replacement(made, error):
        return None
    if run.params["allow_interruption"]:
        return plan_ca_with_interruption(made)
    error.message += (
        " Whether the API replaces the CA of a listener while its mutual authentication stays enabled is not"
        " documented; this answer may mean that it does not. The other way that is known is to disable it and to enable"
        " it with the new CA. That takes some seconds, during which clients without a certificate are let in, and is"
        " done only with allow_interruption. The listener was not changed."
    )
    return None


TASK = Task(
    answer="listener",
    options={
        **options(),
        "ca_certificate": {"type": "raw"},
        # Not secret, but a file with certificate and private key in one is common.
        "certificates": {"type": "list", "elements": "str", "no_log": True},
        "bundle": {"type": "bool", "default": False},
        "repository": {"type": "str"},
        "allow_weak_key": {"type": "bool", "default": False},
        "allow_interruption": {"type": "bool", "default": False},
    },
    constraints={
        **CONSTRAINTS,
        "required_one_of": [*CONSTRAINTS["required_one_of"], ("ca_certificate", "certificates")],
        "mutually_exclusive": [*CONSTRAINTS["mutually_exclusive"], ("ca_certificate", "certificates")],
    },
    make_plan=_make_plan,
    send=_send,
    settle=_settle,
    rehearse=rehearse,
    revise=_revise,
)
