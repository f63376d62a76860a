# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.
"""What clients of a TLS or QUIC endpoint get: the task of alicloud.tls.tls_endpoint_info."""

from __future__ import annotations

import math
import typing as t

from .._ansible.task import Given, Probe
from .._core.errors import DeadlineError, InputError
from .._tls.endpoint import Endpoint, lacks_libraries, need_libraries, outcome
from .._tls.place import Place
from .._tls.seen import VERSIONS, Asked, Handshake, KeyType, Row
from .._tls.trust import ClientIdentity, Trust
from .._tls.wanted import UnmetError, Wanted, unmet
from .._x509.names import is_host_name, normalise_name

_MOST_PORTS = 65535
_MOST_ATTEMPTS = 1000
_KINDS: dict[str, KeyType | None] = {"any": None, "rsa": "rsa", "ecdsa": "ecdsa"}


def _look(given: Given) -> dict[str, t.Any]:
    params = given.params
    wanted = Wanted.of(params["until"]) if params["until"] is not None else None
    _check(params, wanted)
    need_libraries(params["transport"])
    endpoint = _endpoint(given, wanted)
    rows, looks = _seen(given, endpoint, wanted)
    if params["check_versions"]:
        rows = [row if row.versions else endpoint.with_versions(row) if row.last.reached else row for row in rows]
    if params["check_ciphers"]:
        rows = [endpoint.with_ciphers(row) if row.last.reached else row for row in rows]
    return {"endpoints": outcome(rows), "looks": looks}


def _seen(given: Given, endpoint: Endpoint, wanted: Wanted | None) -> tuple[list[Row], int]:
    """
    What was seen in the end, and how often it was looked for.

    :raises UnmetError: if that is not what was wanted.
    """
    if wanted is None:
        return endpoint.look(lambda _asked, _handshake: False), 1
    looks: list[list[Row]] = []

    def look() -> list[Row]:
        looks.append(endpoint.look(_deviates(wanted), versions=wanted.versions is not None))
        return looks[-1]

    def late(rows: list[Row]) -> str:
        place = f"{endpoint.place.address}, port {endpoint.place.port}"
        many = "look" if len(looks) == 1 else "looks"
        return (
            f"Not as wanted within {given.params['timeout']} s ({len(looks)} {many} at {place}):"
            f" {'; '.join(unmet(wanted, rows))}."
        )

    try:
        return given.pace.until(look, lambda rows: not unmet(wanted, rows), late), len(looks)
    except DeadlineError as error:
        last = looks[-1]
        seen = {"endpoints": outcome(last), "looks": len(looks)}
        raise UnmetError(error.message, seen, unmet(wanted, last)) from error


def _deviates(wanted: Wanted) -> t.Callable[[Asked, Handshake], bool]:
    return lambda asked, handshake: bool(wanted.handshake_problems(asked, handshake))


def _endpoint(given: Given, wanted: Wanted | None) -> Endpoint:
    params = given.params
    alpn = params["alpn"]
    if alpn is None:
        alpn = ["h3"] if params["transport"] == "quic" else ["h2", "http/1.1"]
    return Endpoint(
        place=Place(normalise_name(params["address"]), params["port"]),
        transport=params["transport"],
        asked=_asked(params, wanted),
        alpn=tuple(alpn),
        trust=_trust(given),
        client=_client(given),
        http=params["http"],
        attempts=params["attempts"],
        seconds=params["handshake_timeout"],
    )


def _asked(params: t.Mapping[str, t.Any], wanted: Wanted | None) -> tuple[Asked, ...]:
    """Names in their order, each with its kinds of keys."""
    meant = wanted.certificates if wanted is not None else None
    names = tuple(map(normalise_name, _names(params)))
    kinds = tuple(_KINDS[each] for each in params["key_types"] or [])
    if meant is None:
        return tuple(dict.fromkeys(Asked(name, kind) for name in names for kind in kinds or (None,)))
    if params["server_names"] is None:
        names = meant.names(params["names_per_certificate"]) or names
    return meant.asked(names, kinds)


def _trust(given: Given) -> Trust:
    texts = [(text, f"ca_certificates[{number}]") for number, text in enumerate(given.params["ca_certificates"] or [])]
    if given.params["ca_path"] is not None:
        texts.append(given.file_of("ca_path"))
    return Trust(texts or None)


def _client(given: Given) -> ClientIdentity | None:
    certificate, source = given.text_of("client_certificate")
    key, key_source = given.text_of("client_key")
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        lacking = "client_certificate" if certificate is None else "client_key"
        raise InputError(f"A client certificate and its key go together: {lacking} (or {lacking}_path) is missing.")
    return ClientIdentity.read((certificate, source), (key, key_source))


def _names(params: t.Mapping[str, t.Any]) -> list[str]:
    return [params["address"]] if params["server_names"] is None else params["server_names"]


def _check(params: t.Mapping[str, t.Any], wanted: Wanted | None) -> None:
    """:raises InputError: for what cannot be done."""
    if not is_host_name(params["address"]) or "*" in params["address"]:
        raise InputError(f"address is {params['address']!r}, which is neither the name of a host nor an IP address.")
    for name in _names(params):
        if not is_host_name(name) or "*" in name:
            raise InputError(f"{name!r} in server_names is not the name of a host. A client asks for one name.")
    for option in ("server_names", "key_types", "ca_certificates"):
        if params[option] == []:
            raise InputError(f"{option} is empty. Leave it out, or name some.")
    for protocol in params["alpn"] or []:
        if not (protocol.isascii() and 1 <= len(protocol) <= 255):
            raise InputError(f"alpn: {protocol!r} is not the name of a protocol.")
    _check_numbers(params)
    if params["transport"] == "quic":
        _check_quic(params, wanted)
    if wanted is not None:
        _check_wanted(params, wanted)


def _check_numbers(params: t.Mapping[str, t.Any]) -> None:
    for option, most in (("port", _MOST_PORTS), ("attempts", _MOST_ATTEMPTS)):
        if not 1 <= params[option] <= most:
            raise InputError(f"{option} must be from 1 to {most}, not {params[option]}.")
    for option in ("handshake_timeout", "interval"):
        if not (math.isfinite(params[option]) and params[option] > 0):
            raise InputError(f"{option} must be a number of seconds above 0, not {params[option]}.")
    for option in ("timeout", "names_per_certificate"):
        if params[option] < 0:
            raise InputError(f"{option} must not be below 0, but is {params[option]}.")


def _check_quic(params: t.Mapping[str, t.Any], wanted: Wanted | None) -> None:
    given = [name for name in ("check_versions", "check_ciphers") if params[name]]
    given += [name for name in ("client_certificate", "client_certificate_path") if params[name] is not None]
    if wanted is not None:
        given += ["until.versions"] if wanted.versions is not None else []
        given += ["until.client_certificate"] if wanted.needs_client_outcome else []
    if given:
        raise InputError(
            f"{', '.join(given)} cannot be used with transport=quic: QUIC is TLS 1.3 always, and ALB has no mutual"
            " authentication for it."
        )


def _check_wanted(params: t.Mapping[str, t.Any], wanted: Wanted) -> None:
    if wanted.needs_http and not params["http"]:
        raise InputError("until.http_status and until.h3_offered need a request, but http is false.")
    if wanted.client_certificate_accepted is not None and not (
        params["client_certificate"] or params["client_certificate_path"]
    ):
        raise InputError("until.client_certificate_accepted needs client_certificate and client_key.")
    if wanted.alpn is not None and params["alpn"] is not None and wanted.alpn not in params["alpn"]:
        raise InputError(f"until.alpn is {wanted.alpn}, which alpn does not offer.")


TASK = Probe(
    look=_look,
    lacks=lambda options: lacks_libraries(options.get("transport")),
    options={
        "address": {"type": "str", "required": True},
        "port": {"type": "int", "default": 443},
        "transport": {"type": "str", "choices": ["tcp", "quic"], "default": "tcp"},
        "server_names": {"type": "list", "elements": "str"},
        "key_types": {"type": "list", "elements": "str", "choices": [*_KINDS], "no_log": False},
        "names_per_certificate": {"type": "int", "default": 10},
        "ca_certificates": {"type": "list", "elements": "str"},
        "ca_path": {"type": "path"},
        "client_certificate": {"type": "str"},
        "client_certificate_path": {"type": "path"},
        "client_key": {"type": "str", "no_log": True},
        "client_key_path": {"type": "path", "no_log": False},
        "alpn": {"type": "list", "elements": "str"},
        "http": {"type": "bool", "default": True},
        "check_versions": {"type": "bool", "default": False},
        "check_ciphers": {"type": "bool", "default": False},
        "attempts": {"type": "int", "default": 1},
        "handshake_timeout": {"type": "float", "default": 10.0},
        "until": {
            "type": "dict",
            "options": {
                "reached": {"type": "bool", "default": True},
                "sha256": {"type": "list", "elements": "str"},
                "certificates": {"type": "list", "elements": "dict"},
                "verified": {"type": "bool"},
                "covers_server_name": {"type": "bool"},
                "client_certificate": {"type": "str", "choices": ["not_requested", "optional", "required"]},
                "client_certificate_accepted": {"type": "bool"},
                "min_version": {"type": "str", "choices": [*VERSIONS]},
                "versions": {"type": "list", "elements": "str", "choices": [*VERSIONS]},
                "alpn": {"type": "str"},
                "http_status": {"type": "list", "elements": "int"},
                "h3_offered": {"type": "bool"},
            },
        },
        "timeout": {"type": "int", "default": 60},
        "interval": {"type": "float", "default": 5.0},
    },
    constraints={
        "mutually_exclusive": [("client_certificate", "client_certificate_path"), ("client_key", "client_key_path")],
    },
)
