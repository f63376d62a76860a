# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What alb_mutual_auth and alb_ca_cert share: reading, writing and waiting for mutual authentication."""

from __future__ import annotations

import contextlib
import re
import typing as t
from collections.abc import Iterator
from dataclasses import replace

from .._alb.mutual_auth import (
    CaReference,
    Interrupt,
    MutualAuth,
    Restore,
    SetMutualAuth,
    check_ca_validity,
    mutual_auth,
    read_ca_reference,
)
from .._ansible.options import Spec, dry_run_options, listener_options, wait_options
from .._ansible.task import Run
from .._core.errors import ApiError, InputError, JobFailedError, TlsError
from .._core.plan import Plan, State, Step
from .._sdk.alb import Sent
from ._listeners import find_listener

StateT = t.TypeVar("StateT", bound=State)

# No source tells what ALB answers to another CA for a listener that has mutual authentication enabled, if it does not
# take it. These are the families of codes that say "not like this"; others say who may not, what is missing or busy.
_NOT_LIKE_THIS = re.compile(
    r"(Conflict|IllegalParam|InvalidParameter|OperationDenied|ResourceAlreadyAssociated|ResourceInUse|Unsupported)"
)


def options() -> Spec:
    """Of both modules."""
    return {
        **listener_options(),
        "protocol": {"type": "str", "choices": ["HTTPS"]},
        "allow_expired": {"type": "bool", "default": False},
        **wait_options(),
        **dry_run_options(),
    }


CONSTRAINTS: dict[str, t.Any] = {
    "required_one_of": [("listener_id", "listener", "load_balancer")],
    "mutually_exclusive": [("listener_id", "listener", "load_balancer")],
    "required_together": [("load_balancer", "port")],
}


def find_mutual_auth(run: Run) -> MutualAuth:
    """The state of the listener that the options name; of one that is only planned, what it was planned with."""
    found = find_listener(run)
    given = run.params["listener"]
    if found.id is None and given:
        identifier = given.get("ca_certificate_id")
        found = replace(
            found,
            ca_enabled=bool(given.get("ca_enabled")),
            ca_certificate_id=str(identifier) if identifier else None,
        )
    return mutual_auth(found)


def send(run: Run, step: Step) -> Sent:
    with _explained(run, step):
        return run.cloud.listeners.send(step)


def settle(
    run: Run, made: Plan[MutualAuth], step: Step, sent: Sent, *, written: SetMutualAuth | None = None
) -> MutualAuth | None:
    """
    A write that another one follows is waited for in any case: the listener takes no other change meanwhile.

    :param written: the step as it was sent, if it had to be completed.
    """
    wanted = made.after
    if written is not None and wanted is not None:
        wanted = replace(wanted, ca_certificate=written.ca_certificate)
    if wanted is None or (not run.params["wait"] and step is made.steps[-1]):
        return wanted
    with _explained(run, step):
        seen = run.cloud.listeners.settle(sent, getattr(written or step, "settings", None))
    return mutual_auth(seen).knowing(wanted.ca_certificate) if seen else None


def rehearse(run: Run, step: Step) -> bool:
    """Not for a listener or a CA that is only planned."""
    if not isinstance(step, SetMutualAuth) or step.listener_id is None:
        return False
    if step.settings.get("ca_certificate_id", "") is None:
        return False
    with _explained(run, step):
        return run.cloud.listeners.rehearse(step)


def refuses_replacement(made: Plan[MutualAuth], error: ApiError) -> bool:
    """Whether the API seems not to take another CA while mutual authentication stays enabled."""
    step = made.steps[-1]
    return (
        isinstance(step, SetMutualAuth)
        and step.replaces
        and error.action == "UpdateListenerAttribute"
        and _NOT_LIKE_THIS.match(error.code) is not None
    )


@contextlib.contextmanager
def _explained(run: Run, step: Step) -> Iterator[None]:
    """Add to an error what the user has to know about it."""
    try:
        yield
    except TlsError as error:
        ca = step.ca_certificate if isinstance(step, SetMutualAuth) else None
        if isinstance(error, ApiError) and error.code == "ResourceNotFound.Certificate" and ca is not None:
            error.message += (
                f" ALB knows no CA certificate {ca.id}. Upload one with alicloud.tls.cas_ca_certificate and give what"
                " it returns, or take the identifier of a private CA from the console; the identifier of a server"
                " certificate (12345678-cn-hangzhou) is none of a CA."
            )
        if _leaves_gap(run, step, error):
            run.resumable = False
            error.message += (
                " Mutual authentication was disabled for the change and may still be: until it is enabled again,"
                " clients without a certificate are let in. Enable it with alicloud.tls.alb_mutual_auth and the CA that"
                " was wanted."
            )
        raise


def _leaves_gap(run: Run, step: Step, error: TlsError) -> bool:
    """Whether clients without a certificate may be let in although nobody wanted that to last."""
    if isinstance(step, Restore):
        return True
    if isinstance(error, (ApiError, JobFailedError)):
        # Either nothing was changed, or it is put back now.
        return False
    return isinstance(step, Interrupt) or Interrupt(None, {"ca_enabled": False}).sentence() in run.done


def given_ca(run: Run) -> CaReference | None:
    """
    What the option ca_certificate names; None if it is left out.

    :raises InputError: if it names none, or one that check mode has planned although this is not check mode.
    """
    value = run.params["ca_certificate"]
    if value is None:
        return None
    found = read_ca_reference(value)
    if found.id is None and not run.check_mode:
        raise InputError(
            "ca_certificate has no identifier: it comes from check mode, where the certificate was not uploaded."
        )
    return found


def guard_ca_validity(run: Run, made: Plan[StateT], given: CaReference | None) -> None:
    """
    See to it that no CA is put on a listener that vouches for nobody.

    Only facts that were given with it are looked at: no call is made. One that the listener has already may expire.

    :raises InputError: if it is known to be expired or not yet valid.
    """
    uses = any("ca_certificate_id" in getattr(step, "settings", {}) for step in made.steps)
    if given is not None and uses and not run.params["allow_expired"]:
        check_ca_validity(given, run.now)
