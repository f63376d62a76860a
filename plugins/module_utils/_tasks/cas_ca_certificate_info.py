# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The task of the module cas_ca_certificate_info."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

from .._ansible.task import Inquiry, Run
from .._cas.authority import ListedAuthority, Repository, in_order_of_choice, named
from .._core.errors import InputError
from .._x509.facts import normalise_fingerprint
from ._authorities import read_content, repository_of

_SOURCES = {"uploaded": "upload", "alicloud": "aliyun"}
_SOURCE_NAMES = {value: name for name, value in _SOURCES.items()}
# How many identifiers one call takes is not documented; this is as many as a page has.
_AT_A_TIME = 50


def _look(run: Run) -> dict[str, list[dict[str, t.Any]]]:
    params, gateway = run.params, run.cloud.authorities()
    wanted = None if params["sha256"] is None else {_sha256(*item) for item in enumerate(params["sha256"], 1)}
    there = gateway.repositories()
    common_name = params["common_name"]
    rows = in_order_of_choice(
        one for one in _listed(run, there) if common_name is None or one.common_name.lower() == common_name.lower()
    )

    def told(one: ListedAuthority) -> dict[str, t.Any] | None:
        shown = _shown(one, there, gateway.site)
        if wanted is not None or params["with_details"]:
            held = read_content(gateway, one, run)
            if held is None or (wanted is not None and wanted.isdisjoint(held.fingerprints)):
                return None
            shown.update(held.content.to_dict())
            shown.update(sha256=shown["sha256"] or None, pem=held.pem)
        return shown

    return {"ca_certificates": [shown for shown in run.cloud.at_once(told, rows) if shown is not None]}


def _listed(run: Run, there: list[Repository]) -> Iterator[ListedAuthority]:
    params, gateway = run.params, run.cloud.authorities()
    source = _SOURCES.get(params["source"])
    numbers: list[int | None] = [None]
    if params["repository"] is not None:
        numbers = [one.number for one in named(there, params["repository"])]
    identifiers = params["identifiers"]
    chunks: list[list[str]] = [[]]
    if identifiers is not None:
        unique = list(dict.fromkeys(text for text in identifiers if text))
        chunks = [unique[start : start + _AT_A_TIME] for start in range(0, len(unique), _AT_A_TIME)]
    for number in numbers:
        for chunk in chunks:
            yield from gateway.listed(source=source, repository=number, identifiers=chunk)


def _shown(one: ListedAuthority, there: list[Repository], site: str) -> dict[str, t.Any]:
    """Without details. What they would tell is there, and None."""
    facts = {name: value for name, value in one.facts().to_dict().items() if name != "names"}
    return {
        "identifier": one.identifier,
        "source": _SOURCE_NAMES.get(one.source, one.source),
        "status": one.status,
        "repository": repository_of(one, there, site).to_dict() if one.repository else None,
        "site": site,
        "sign_algorithm": one.sign_algorithm or None,
        **facts,
        "sha256": None,
        "self_signed": None,
        "others": None,
        "pem": None,
    }


def _sha256(place: int, text: str) -> str:
    found = normalise_fingerprint(text)
    if found is None or len(found) != 64:
        raise InputError(f"sha256: item {place} is not a SHA-256 fingerprint, which has 64 hexadecimal digits.")
    return found


TASK = Inquiry(
    options={
        "identifiers": {"type": "list", "elements": "str"},
        "sha256": {"type": "list", "elements": "str"},
        "common_name": {"type": "str"},
        "repository": {"type": "str"},
        "source": {"type": "str", "choices": ["uploaded", "alicloud", "all"], "default": "all"},
        "with_details": {"type": "bool", "default": False},
    },
    look=_look,
)
