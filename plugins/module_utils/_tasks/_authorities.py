# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
What tasks on CA certificates share: "have this PEM in CAS, and tell me the identifier".

A task that needs a CA certificate in CAS for something else plans it with planned_authority(), puts the steps of that
plan before its own, and hands them on::

    made = planned_authority(run, given, prefer=identifier_on_the_listener)
    identifier = made.after.identifier  # None if it is only planned
    steps = (*made.steps, UpdateListener(...))


    def _send(run, step, before):
        if is_authority_step(step):
            return send_authority(run, step)  # a StoredAuthority with its identifier, after the upload
        ...  # here before.identifier is the CA certificate's


    def _settle(run, plan, step, sent):
        if is_authority_step(step):
            settle_authority(run, sent)
            return plan.after
        ...
"""

from __future__ import annotations

import typing as t

from .._ansible.task import Run
from .._cas.authority import (
    DEFAULT_REPOSITORY,
    Content,
    CreateRepository,
    DeleteCaCertificate,
    ListedAuthority,
    Repository,
    StoredAuthority,
    UploadCaCertificate,
    in_order_of_choice,
    named,
    pem_fingerprints,
    plan_present,
)
from .._core.errors import InputError
from .._core.plan import Plan, Step
from .._sdk.authorities import Authorities, Sent
from .._x509.ca import CaCertificate, load_ca_certificate

_LONGEST_NAME = 128  # The largest that any source gives for any certificate; the API has the last word.


def load_authority(run: Run, *, allow_expired: bool, allow_weak_key: bool) -> CaCertificate | None:
    """
    The CA certificate of the options C(certificate), C(certificate_path) and C(bundle); None if there is none.

    :raises InputError: if it is none that ALB could use, or if there is a private key in it.
    """
    text, source = run.text_of("certificate")
    if text is None:
        return None
    return load_ca_certificate(
        text,
        source=source,
        now=run.now,
        allow_expired=allow_expired,
        allow_weak_key=allow_weak_key,
        bundle=run.params["bundle"],
    )


def content_of(given: CaCertificate) -> Content:
    return Content(given.facts, given.self_signed, tuple(one.facts for one in given.others))


def planned_authority(
    run: Run,
    given: CaCertificate,
    *,
    repository: str | None = None,
    name: str | None = None,
    prefer: str | None = None,
) -> Plan[StoredAuthority]:
    """
    Plan that CAS has a CA certificate, at the site of the task's region.

    Costs two calls, and one for each certificate in CAS with the same serial number.

    :param given: from load_authority(), or from load_ca_certificate().
    :param repository: name of the one it is to be in; without it, a copy in any of them will do.
    :param name: for an upload.
    :param prefer: identifier of the copy to take if there are several, such as the one that a listener uses.
    :raises InputError: if a name is too long.
    """
    for option, value in (("name", name), ("repository", repository)):
        if value is not None and len(value) > _LONGEST_NAME:
            raise InputError(f"{option} must have at most {_LONGEST_NAME} characters, not {len(value)}.")
    gateway, wanted = run.cloud.authorities(), content_of(given)
    there = gateway.repositories()
    homes = named(there, repository or DEFAULT_REPOSITORY)
    numbers = {one.number for one in homes}
    listed = [one for one in gateway.listed(source="upload") if repository is None or one.repository in numbers]
    candidates = in_order_of_choice(listed, prefer=prefer, repositories=numbers)
    found = next(gateway.copies(wanted, candidates), None)
    home = homes[0] if homes else Repository(repository or DEFAULT_REPOSITORY, gateway.site)
    return plan_present(
        StoredAuthority(wanted, repository_of(found, there, gateway.site), identifier=found.identifier)
        if found
        else None,
        wanted=wanted,
        repository=home,
        name=name,
        pem=given.pem,
    )


def uploaded_identifier(run: Run, given: CaCertificate) -> str | None:
    """What ALB takes for a CA certificate that this task has uploaded; None if it has not."""
    return run.cloud.authorities().uploaded.get(content_of(given).fingerprints)


def repository_of(found: ListedAuthority, repositories: list[Repository], site: str) -> Repository:
    """
    The repository of a certificate.

    One that the list of repositories for CA certificates does not have is called by its number.
    """
    unknown = Repository(str(found.repository or ""), site, found.repository)
    return next((one for one in repositories if one.number == found.repository), unknown)


class Held(t.NamedTuple):
    """
    What a repository has under an identifier.

    :param pem: encoded anew; None if it cannot be read.
    :param fingerprints: SHA-256 of each certificate, even of those that cannot be read.
    """

    content: Content
    pem: str | None
    fingerprints: frozenset[str]


def read_content(gateway: Authorities, found: ListedAuthority, run: Run) -> Held | None:
    """
    Read what a repository has; a call. None if it is gone.

    Of what is not a CA certificate that ALB could use, the content is as far as the list of CAS tells it.
    """
    text = gateway.pem(found.identifier)
    if text is None:
        return None
    prints = pem_fingerprints(text)
    try:
        given = load_ca_certificate(
            text, source=found.identifier, now=run.now, allow_expired=True, allow_weak_key=True, bundle=True
        )
    except InputError:
        return Held(Content(found.facts(next(iter(prints)) if len(prints) == 1 else ""), None), None, prints)
    return Held(content_of(given), given.pem, prints)


def is_authority_step(step: Step) -> bool:
    return isinstance(step, (CreateRepository, UploadCaCertificate, DeleteCaCertificate))


def send_authority(run: Run, step: Step) -> Sent:
    """Make one of the writes of planned_authority(). After the upload, what is returned has its identifier."""
    return run.cloud.authorities().send(step)


def settle_authority(run: Run, sent: Sent) -> StoredAuthority | None:
    """Wait until an upload can be read back. None after a write that made no certificate."""
    run.cloud.authorities().settle(sent)
    return sent if isinstance(sent, StoredAuthority) and sent.identifier else None
