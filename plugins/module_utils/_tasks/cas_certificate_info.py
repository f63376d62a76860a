# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module cas_certificate_info."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable
from dataclasses import replace

from .._alb.certificate import number_of, site_of
from .._alb.certificate_use import uses_of
from .._alb.reference import read_reference
from .._ansible.task import Inquiry, Run
from .._cas.certificate import StoredCertificate
from .._cas.inquiry import STATUSES, Question, answer
from .._core.errors import InputError
from .._x509.facts import normalise_fingerprint
from .._x509.names import is_host_name
from ._references import copies_of

# Site and number.
_Where = tuple[str, int]


def _look(run: Run) -> dict[str, list[dict[str, t.Any]]]:
    params = run.params
    question = _question(run)
    found = [(text, one) for text, one in _candidates(run, question) if question.is_about(one)]
    if params["with_tags"] or question.tags is not None:
        told = {(one.site, one.number): one for one in _with_tags(run, [one for _text, one in found])}
        tagged = [(text, told.get((one.site, one.number))) for text, one in found]
        found = [(text, one) for text, one in tagged if one is not None and question.is_tagged(one)]
    uses = run.cloud.certificate_uses.everything() if params["with_listeners"] and found else []
    answers = []
    for text, one in found:
        users = [use.to_dict() for use in uses_of(one.id or str(one.number), uses)]
        answers.append({"reference": text, **answer(one, run.now, users if params["with_listeners"] else None)})
    return {"certificates": answers}


def _candidates(run: Run, question: Question) -> list[tuple[str | None, StoredCertificate]]:
    """What the filters are to judge; each with the reference that means it, if it is looked for by such."""
    params = run.params
    if params["references"] is not None:
        return [(text, one) for text in dict.fromkeys(params["references"]) for one in _meant(run, text)]
    if params["ids"] is not None:
        return [(None, one) for one in _by_id(run, _places(run, params["ids"]))]
    return [(None, one) for one in run.cloud.certificates().everything(expired=question.wants_expired)]


def _question(run: Run) -> Question:
    params = run.params
    domain, days, tags = params["domain"], params["expires_within_days"], params["tags"]
    if domain is not None and not is_host_name(domain):
        raise InputError(f"domain must be a host name, an IP address or a wildcard, not {domain!r}.")
    return Question(
        now=run.now,
        sha256=_fingerprints(params["sha256"], "sha256", 64),
        sha1=_fingerprints(params["sha1"], "sha1", 40),
        names=params["names"],
        domain=domain,
        statuses=params["status"],
        expires_within_days=days,
        algorithm=params["algorithm"],
        uploaded_only=params["uploaded_only"],
        tags=None if tags is None else {str(key): "" if value is None else str(value) for key, value in tags.items()},
    )


def _fingerprints(texts: Iterable[str] | None, option: str, digits: int) -> list[str] | None:
    if texts is None:
        return None
    found = []
    for text in texts:
        one = normalise_fingerprint(text)
        if one is None or len(one) != digits:
            raise InputError(f"{option} must be fingerprints of {digits} hexadecimal digits, not {text!r}.")
        found.append(one)
    return found


def _places(run: Run, ids: Iterable[object]) -> list[_Where]:
    """Where the certificates with these identifiers or numbers are, each once."""
    found = []
    for one in ids:
        text = str(one).strip()
        number = text.partition("-")[0]
        site = run.cloud.access.site() if text == number else site_of(text)
        if site is None or not (number.isascii() and number.isdecimal()):
            raise InputError(f"ids must be CAS identifiers (12345678-cn-hangzhou) or their numbers, not {text[:40]!r}.")
        found.append((site, int(number)))
    return list(dict.fromkeys(found))


def _meant(run: Run, text: str) -> list[StoredCertificate]:
    """What CAS has of the certificate that a reference names, the oldest copy first."""
    reference = read_reference(text)
    if reference.id is not None or reference.number is not None:
        number = number_of(reference.id) if reference.id else int(reference.number or 0)
        found = run.cloud.certificates(site_of(reference.id or "")).find(number or 0)
        return [found] if found else []
    return copies_of(run, reference)


def _by_id(run: Run, places: Iterable[_Where]) -> list[StoredCertificate]:
    given = list(places)
    sites = {site: run.cloud.certificates(site) for site, _number in given}

    def find(place: _Where) -> StoredCertificate | None:
        cas = sites[place[0]]
        found = cas.find(place[1])
        return found and cas.with_products(replace(found, tags=found.tags or {}))

    return [one for one in run.cloud.at_once(find, given) if one is not None]


def _with_tags(run: Run, certificates: Iterable[StoredCertificate]) -> list[StoredCertificate]:
    """Those that are still there, with their tags, which no list tells."""
    cas = run.cloud.certificates()

    def find(one: StoredCertificate) -> StoredCertificate | None:
        if one.tags is not None:
            return one
        found = cas.find(one.number or 0)
        return found and replace(one, tags=found.tags or {})

    return [one for one in run.cloud.at_once(find, certificates) if one is not None]


TASK = Inquiry(
    options={
        "ids": {"type": "list", "elements": "raw"},
        "references": {"type": "list", "elements": "str"},
        "sha256": {"type": "list", "elements": "str"},
        "sha1": {"type": "list", "elements": "str"},
        "names": {"type": "list", "elements": "str"},
        "domain": {"type": "str"},
        "status": {"type": "list", "elements": "str", "choices": list(STATUSES)},
        "expires_within_days": {"type": "int"},
        "algorithm": {"type": "str", "choices": ["RSA", "ECC", "SM2"]},
        "uploaded_only": {"type": "bool", "default": False},
        "tags": {"type": "dict"},
        "with_tags": {"type": "bool", "default": False},
        "with_listeners": {"type": "bool", "default": False},
    },
    constraints={"mutually_exclusive": [("ids", "references")]},
    look=_look,
)
