# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module cas_certificate."""

from __future__ import annotations

from .._ansible.task import Run, Task
from .._cas.certificate import StoredCertificate, plan_absent, plan_present
from .._core.errors import InputError
from .._core.plan import Plan, Step
from .._sdk.certificates import ServerCertificates
from .._x509.facts import normalise_fingerprint
from .._x509.pem import ServerCertificate, load_server_certificate, normalise_private_key

_LONGEST_NAME = 128  # The largest that any source gives; the API has the last word.


def _make_plan(run: Run) -> Plan[StoredCertificate]:
    params = run.params
    name = params["name"]
    if name is not None and not 1 <= len(name) <= _LONGEST_NAME:
        raise InputError(f"name must have 1 to {_LONGEST_NAME} characters, not {len(name)}.")
    sha256 = _checked_sha256(params["sha256"])
    if params["state"] == "absent":
        return plan_absent(_copies_to_delete(run, sha256))
    key, key_source = run.text_of("private_key")
    given = _load(run, key, key_source, allow_expired=params["allow_expired"])
    if given is None:
        raise InputError("state present needs certificate or certificate_path.")
    found = _cas(run).copies(given.leaf.sha256, facts=given.leaf, most=1)
    if not found and name is not None:
        _cas(run).check_name(name)
    return plan_present(
        found,
        facts=given.leaf,
        name=name,
        site=run.cloud.access.site(),
        pem=given.pem,
        private_key=normalise_private_key(key) if key is not None else None,
    )


def _copies_to_delete(run: Run, sha256: str | None) -> list[StoredCertificate]:
    if sha256 is not None:
        return _cas(run).copies(sha256, uploads_only=True)
    given = _load(run, None, "private_key", allow_expired=True)
    if given is None:
        raise InputError("state absent needs certificate, certificate_path or sha256.")
    return _cas(run).copies(given.leaf.sha256, facts=given.leaf, uploads_only=True)


def _load(run: Run, key: str | None, key_source: str, *, allow_expired: bool) -> ServerCertificate | None:
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


def _send(run: Run, step: Step, _before: StoredCertificate | None) -> StoredCertificate:
    return _cas(run).send(step)


def _settle(run: Run, made: Plan[StoredCertificate], _step: Step, sent: StoredCertificate) -> StoredCertificate | None:
    if made.after is None:
        return None
    return made.after.located(_cas(run).settle(sent))


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
        "sha256": {"type": "str"},
        "name": {"type": "str"},
        "allow_expired": {"type": "bool", "default": False},
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
