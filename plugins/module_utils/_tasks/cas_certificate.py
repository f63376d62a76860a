# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module cas_certificate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .._alb.certificate_use import uses_of
from .._ansible.task import Run, Task
from .._cas.certificate import (
    Kept,
    StoredCertificate,
    Tag,
    Untag,
    Upload,
    check_deletable,
    chosen_name,
    free_name,
    in_use,
    plan_absent,
    plan_present,
    superseded,
    with_mark,
)
from .._core.errors import InputError, TlsError
from .._core.plan import Plan, Step
from .._core.tags import read_tags, tags_afterwards
from .._sdk.certificates import ServerCertificates
from .._x509.facts import normalise_fingerprint
from .._x509.pem import ServerCertificate, load_server_certificate, normalise_private_key

_LONGEST_NAME = 128  # The largest that any source gives; the API has the last word.
_ALB = "ALB"  # As UsingProductList names it.
_KEY_IN_URL = (
    "key_transport is query: the private key travels in the URL of the request. Proxies and gateways on the way that"
    " decrypt TLS may log it."
)


def _make_plan(run: Run) -> Plan[Kept]:
    params = run.params
    name = params["name"]
    if name is not None and not 1 <= len(name) <= _LONGEST_NAME:
        raise InputError(f"name must have 1 to {_LONGEST_NAME} characters, not {len(name)}.")
    if params["retire_after_days"] < 0:
        raise InputError(f"retire_after_days must not be negative, not {params['retire_after_days']}.")
    sha256 = _checked_sha256(params["sha256"])
    if params["state"] == "absent":
        copies = _copies_to_delete(run, sha256)
        _check_deletable(run, copies)
        return plan_absent(copies)
    own_tags = _own_tags(run)
    tags = None if params["tags"] is None else read_tags(params["tags"])
    if any((tags or {}).get(key, value) != value for key, value in own_tags.items()):
        raise InputError("tags gives a key of retire_tag another value; certificates so tagged would never be retired.")
    key, key_source = run.text_of("private_key")
    given = _load(run, key, key_source, allow_expired=params["allow_expired"], allow_weak_key=params["allow_weak_key"])
    if given is None:
        raise InputError("state present needs certificate or certificate_path.")
    copies = _cas(run).copies(given.leaf.sha256, facts=given.leaf, most=1)
    if copies:
        return _plan_found(run, copies[0], given, tags, own_tags)
    return _plan_upload(run, given, key, {**own_tags, **(tags or {})})


def _plan_found(
    run: Run,
    found: StoredCertificate,
    given: ServerCertificate,
    tags: Mapping[str, str] | None,
    own_tags: Mapping[str, str],
) -> Plan[Kept]:
    there = found.tags or {}
    afterwards = tags_afterwards(there, tags, purge=run.params["purge_tags"])
    # What the task has set for itself is not taken away by it.
    afterwards.update({key: value for key, value in there.items() if own_tags.get(key) == value})
    if afterwards != there and found.instance_id is None:
        raise InputError(f"CAS does not tell the instance ID of {found.label()}, by which its tags could be changed.")
    wanted = StoredCertificate(
        name=found.name,
        site=found.site,
        facts=given.leaf,
        tags=afterwards,
        number=found.number,
        id=found.id,
        instance_id=found.instance_id,
    )
    return plan_present(found, wanted, upload=None, retired=_to_retire(run, given, own_tags))


def _plan_upload(run: Run, given: ServerCertificate, key: str | None, tags: Mapping[str, str]) -> Plan[Kept]:
    params, cas = run.params, _cas(run)
    name = chosen_name(params["name"], given.leaf)
    if key is None:
        wanted = StoredCertificate(name=name, site=cas.site, facts=given.leaf)
        return plan_present(None, wanted, upload=None)
    replaced = None
    if params["name"] is not None:
        taken = cas.numbers_of({name, with_mark(name, given.leaf)})
        name, number = free_name(name, given.leaf, taken, on_conflict=params["on_name_conflict"], site=cas.site)
        replaced = None if number is None else cas.certificate(number)
    if replaced is not None:
        if not replaced.uploaded:
            raise InputError(f"{replaced.label()} has the name and was not uploaded but bought, so it is kept.")
        _check_deletable(run, [replaced])
    wanted = StoredCertificate(
        name=name, site=cas.site, facts=given.leaf, tags=dict(tags), resource_group_id=params["resource_group_id"]
    )
    in_url = params["key_transport"] == "query"
    upload = Upload(wanted, given.pem, normalise_private_key(key), key_in_url=in_url)
    run.warnings += [*given.warnings, *([_KEY_IN_URL] if in_url else [])]
    gone = replaced.number if replaced else None
    retired = [one for one in _to_retire(run, given, _own_tags(run)) if one.number != gone]
    return plan_present(None, wanted, upload=upload, replaced=replaced, retired=retired)


def _own_tags(run: Run) -> dict[str, str]:
    """What tells the certificates that the task may retire from others; it puts this on what it uploads."""
    if not run.params["retire_superseded"]:
        return {}
    tags = read_tags(run.params["retire_tag"])
    if not tags:
        raise InputError("retire_tag must not be empty: certificates of others would be deleted, too.")
    return tags


def _to_retire(run: Run, given: ServerCertificate, own_tags: Mapping[str, str]) -> list[StoredCertificate]:
    """The older certificates that are to go. What is still in use is kept, with a warning."""
    if not run.params["retire_superseded"]:
        return []
    cas, days = _cas(run), run.params["retire_after_days"]
    ready = superseded(given.leaf, cas.everything(expired=True), now=run.now, after_days=days)
    told = run.cloud.at_once(lambda one: cas.find(one.number or 0), ready)
    ours = [
        one
        for one, detail in zip(ready, told, strict=True)
        # Without a detail it was deleted meanwhile.
        if detail is not None and (detail.tags or {}).items() >= own_tags.items()
    ]
    found = []
    for one in ours:
        users = _users(run, one)
        if users:
            run.warnings.append(f"{one.label()} is superseded, but still in use by {users}, and so not retired.")
        else:
            found.append(one)
    return found


def _check_deletable(run: Run, certificates: Iterable[StoredCertificate]) -> None:
    """:raises InputError: if one of them is in use."""
    if run.params["force"]:
        return
    for one in run.cloud.at_once(_cas(run).with_products, certificates):
        check_deletable(one, _users(run, one))


def _users(run: Run, certificate: StoredCertificate) -> str | None:
    """
    What uses a certificate: what CAS says, and what a look at the region's listeners shows.

    If CAS names other products only, that is enough to keep it, and listeners are not looked at.
    """
    listeners: list[str] = []
    products = certificate.products or ()
    if run.params["check_listeners"] and (not products or _ALB in products):
        uses = uses_of(certificate.id or str(certificate.number), run.cloud.certificate_uses.everything())
        listeners = [one.label() for one in uses]
    return in_use(certificate, listeners)


def _copies_to_delete(run: Run, sha256: str | None) -> list[StoredCertificate]:
    if sha256 is not None:
        return _cas(run).copies(sha256, uploads_only=True)
    given = _load(run, None, "private_key", allow_expired=True, allow_weak_key=True)
    if given is None:
        raise InputError("state absent needs certificate, certificate_path or sha256.")
    return _cas(run).copies(given.leaf.sha256, facts=given.leaf, uploads_only=True)


def _load(
    run: Run, key: str | None, key_source: str, *, allow_expired: bool, allow_weak_key: bool
) -> ServerCertificate | None:
    certificate, certificate_source = run.text_of("certificate")
    if certificate is None:
        return None
    chain, chain_source = run.text_of("chain")
    return load_server_certificate(
        certificate=certificate,
        certificate_source=certificate_source,
        chain=chain,
        chain_source=chain_source,
        private_key=key,
        private_key_source=key_source,
        now=run.now,
        allow_expired=allow_expired,
        allow_weak_key=allow_weak_key,
    )


def _checked_sha256(text: str | None) -> str | None:
    if text is None:
        return None
    found = normalise_fingerprint(text)
    if found is None or len(found) != 64:
        raise InputError(f"sha256 must be a SHA-256 fingerprint (64 hexadecimal digits), not {text!r}.")
    return found


def _cas(run: Run) -> ServerCertificates:
    return run.cloud.certificates()


def _send(run: Run, step: Step, before: StoredCertificate | None) -> StoredCertificate | None:
    try:
        sent = _cas(run).send(step)
    except TlsError as error:
        if isinstance(step, Upload) and run.done:
            error.message += (
                " The certificate that had the name is deleted already; nothing used it. Once the cause is mended, the"
                " same task uploads the new one."
            )
        raise
    return sent if isinstance(step, Upload) else before


def _settle(run: Run, made: Plan[Kept], step: Step, sent: StoredCertificate | None) -> Kept | None:
    """:param sent: the upload, if that was this step or one before it."""
    if isinstance(step, (Tag, Untag)):
        _cas(run).settle_tags(step)
    if made.after is None or sent is None:
        return made.after
    return replace(made.after, certificate=made.after.certificate.located(_cas(run).settle(sent)))


TASK = Task(
    answer="certificate",
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        # Not secret, but a file with certificate and private key in one is common.
        "certificate": {"type": "str", "no_log": True},
        "certificate_path": {"type": "path"},
        "chain": {"type": "str", "no_log": True},
        "chain_path": {"type": "path"},
        "private_key": {"type": "str", "no_log": True},
        "private_key_path": {"type": "path", "no_log": False},
        "key_transport": {"type": "str", "choices": ["body", "query"], "default": "body", "no_log": False},
        "sha256": {"type": "str"},
        "name": {"type": "str"},
        "on_name_conflict": {"type": "str", "choices": ["suffix", "fail", "replace"], "default": "suffix"},
        "resource_group_id": {"type": "str"},
        "tags": {"type": "dict"},
        "purge_tags": {"type": "bool", "default": False},
        "allow_expired": {"type": "bool", "default": False},
        "allow_weak_key": {"type": "bool", "default": False, "no_log": False},
        "retire_superseded": {"type": "bool", "default": False},
        "retire_after_days": {"type": "int", "default": 30},
        "retire_tag": {"type": "dict", "default": {"managed-by": "alicloud.tls"}},
        "check_listeners": {"type": "bool", "default": True},
        "force": {"type": "bool", "default": False},
    },
    constraints={
        "mutually_exclusive": [
            ("certificate", "certificate_path", "sha256"),
            ("chain", "chain_path"),
            ("private_key", "private_key_path"),
        ],
        "required_if": [
            ("state", "present", ("certificate", "certificate_path"), True),
            ("state", "absent", ("certificate", "certificate_path", "sha256"), True),
        ],
    },
    make_plan=_make_plan,
    send=_send,
    settle=_settle,
)
