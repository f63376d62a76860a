# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
The settings of a listener that have settings of their own: headers, access log, the way from HTTPS to QUIC.

What an update that names only some of their fields does to the others is not documented. They are therefore always
written as a whole: what is there, with what is wanted put over it.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from .._core.errors import InputError

_ALL = ("HTTP", "HTTPS", "QUIC")
_WEB = ("HTTP", "HTTPS")
_HTTPS = ("HTTPS",)

_DESCRIPTION = re.compile(r"([^\x00-\xff]|[A-Za-z0-9_.,;/@-]){2,256}")
_MODES = ("append", "remove")
_TRACING_TYPES = ("Zipkin", "OpenTelemetry")
_ALIAS = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True)
class QuicUpgrade:
    """
    Whether an HTTPS listener tells its clients of a QUIC listener.

    :param listener_id: of the QUIC listener; None if that is off, or if check mode has only planned the listener.
    """

    enabled: bool = False
    listener_id: str | None = None

    def to_dict(self) -> dict[str, t.Any]:
        return {"enabled": self.enabled, "listener_id": self.listener_id}

    def __str__(self) -> str:
        return f"by {self.listener_id or 'a planned listener'}" if self.enabled else "off"


@dataclass(frozen=True, eq=False)
class CertificateHeader:
    """
    A header with a part of the client's certificate.

    Two that are off are the same: the name has an effect only while the header is on.

    :param alias: name of the header.
    """

    enabled: bool = False
    alias: str | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CertificateHeader) and self._effective() == other._effective()

    def __hash__(self) -> int:
        return hash(self._effective())

    def to_dict(self) -> dict[str, t.Any]:
        return {"enabled": self.enabled, "alias": self.alias}

    def _effective(self) -> tuple[bool, str | None]:
        return self.enabled, self.alias if self.enabled else None


@dataclass(frozen=True, eq=False)
class XForwardedFor:
    """
    What a listener adds to requests. A field is None where the listener's protocol does not have it.

    :param processing_mode: C(append) or C(remove).
    :param client_source_ips_trusted: empty text is how it is taken away; otherwise the same as None.
    """

    enabled: bool | None = None
    processing_mode: str | None = None
    proto: bool | None = None
    host: bool | None = None
    slb_id: bool | None = None
    slb_port: bool | None = None
    client_src_port: bool | None = None
    client_source_ips: bool | None = None
    client_source_ips_trusted: str | None = None
    client_cert_subject_dn: CertificateHeader | None = None
    client_cert_issuer_dn: CertificateHeader | None = None
    client_cert_fingerprint: CertificateHeader | None = None
    client_cert_client_verify: CertificateHeader | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, XForwardedFor) and self._effective() == other._effective()

    def __hash__(self) -> int:
        return hash(self._effective())

    def to_dict(self) -> dict[str, t.Any]:
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        told = {
            name: value.to_dict() if isinstance(value, CertificateHeader) else value for name, value in found.items()
        }
        return {**told, "client_source_ips_trusted": self.client_source_ips_trusted or None}

    def merged(self, wanted: Mapping[str, t.Any]) -> XForwardedFor:
        """The same, with what is wanted put over it. None in what is wanted leaves a field alone."""
        changes: dict[str, t.Any] = {}
        for name, value in wanted.items():
            if isinstance(value, Mapping):
                said = {key: one for key, one in value.items() if one is not None}
                changes[name] = replace(getattr(self, name) or CertificateHeader(), **said)
            elif value is not None:
                changes[name] = value
        return replace(self, **changes)

    def changes_to(self, other: XForwardedFor) -> str:
        """For people: what is different in another one."""
        names = [one.name for one in fields(self) if getattr(self, one.name) != getattr(other, one.name)]
        after = other.to_dict()
        return ", ".join(f"{name} {_shown(after[name])}" for name in names)

    def _effective(self) -> tuple[object, ...]:
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return tuple((found | {"client_source_ips_trusted": self.client_source_ips_trusted or None}).values())


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return f"on as {value['alias']}" if value["enabled"] and value["alias"] else _shown(value["enabled"])
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)


# Field of XForwardedFor: protocols that have it, and what a new listener has, as documented.
_X_FORWARDED_FOR: dict[str, tuple[tuple[str, ...], t.Any]] = {
    "enabled": (_WEB, True),
    "processing_mode": (_WEB, "append"),
    "proto": (_ALL, False),
    "host": (_ALL, False),
    "slb_id": (_ALL, False),
    "slb_port": (_ALL, False),
    "client_src_port": (_WEB, False),
    "client_source_ips": (_WEB, False),
    "client_source_ips_trusted": (_WEB, None),
    "client_cert_subject_dn": (_HTTPS, CertificateHeader()),
    "client_cert_issuer_dn": (_HTTPS, CertificateHeader()),
    "client_cert_fingerprint": (_HTTPS, CertificateHeader()),
    "client_cert_client_verify": (_HTTPS, CertificateHeader()),
}


def x_forwarded_for_of(protocol: str, told: Mapping[str, t.Any] | None = None) -> XForwardedFor:
    """
    What a listener of a protocol has.

    :param told: what is known of it, such as another listener's; the rest is as documented for a new listener. Fields
        that the protocol does not have are left out.
    """
    known = told or {}
    found = {name: default for name, (protocols, default) in _X_FORWARDED_FOR.items() if protocol in protocols}
    return XForwardedFor(**found).merged({name: known.get(name) for name in found})


@dataclass(frozen=True, eq=False)
class AccessLog:
    """
    What a listener writes to the access log of its load balancer.

    :param sample: requests out of 10000 that are traced; None while tracing is off.
    :param type: C(Zipkin) or C(OpenTelemetry); None while tracing is off.
    """

    customized_headers: bool = False
    tracing_enabled: bool = False
    sample: int | None = None
    type: str | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AccessLog) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.customized_headers, self.tracing_enabled))

    def to_dict(self) -> dict[str, t.Any]:
        on = self.tracing_enabled
        tracing = {"enabled": on, "sample": self.sample if on else None, "type": self.type if on else None}
        return {"customized_headers": self.customized_headers, "tracing": tracing}

    def merged(self, wanted: Mapping[str, t.Any]) -> AccessLog:
        """
        The same, with what is wanted put over it; in the form of the option, where None leaves a field alone.

        :raises InputError: if tracing would be on without saying how.
        """
        given = {"customized_headers": wanted.get("customized_headers")}
        tracing = wanted.get("tracing") or {}
        given |= {
            "tracing_enabled": tracing.get("enabled"),
            "sample": tracing.get("sample"),
            "type": tracing.get("type"),
        }
        after = replace(self, **{name: value for name, value in given.items() if value is not None})
        if after.tracing_enabled and (after.sample is None or after.type is None):
            raise InputError("access_log.tracing needs sample and type to be switched on.")
        return after

    def __str__(self) -> str:
        headers = "on" if self.customized_headers else "off"
        tracing = f"{self.type} for {self.sample} of 10000" if self.tracing_enabled else "off"
        return f"customized headers {headers}, tracing {tracing}"


def check_description(description: str) -> None:
    """:raises InputError: if it is not as documented for UpdateListenerAttribute."""
    if not _DESCRIPTION.fullmatch(description):
        raise InputError(
            f"description must have 2 to 256 characters: letters, digits, Chinese characters and , . ; / @ _ -; not"
            f" {description[:40]!r}."
        )


def check_x_forwarded_for(wanted: Mapping[str, t.Any], protocol: str) -> None:
    """:raises InputError: for fields that the protocol does not have, and for values that are none."""
    for name, value in wanted.items():
        if value is None:
            continue
        protocols = _X_FORWARDED_FOR[name][0]
        if protocol not in protocols:
            raise InputError(
                f"x_forwarded_for.{name} exists on {' and '.join(protocols)} listeners only, not on {protocol}."
            )
        alias = value.get("alias") if isinstance(value, Mapping) else None
        if alias is not None and not _ALIAS.fullmatch(alias):
            raise InputError(
                f"x_forwarded_for.{name}.alias must have 1 to 40 characters of a-z 0-9 - _, not {alias!r}."
            )
    _check_choice("x_forwarded_for.processing_mode", wanted.get("processing_mode"), _MODES)
    for one in re.split(r"[,;]", wanted.get("client_source_ips_trusted") or ""):
        if one.strip():
            _check_network(one.strip())


def check_access_log(wanted: Mapping[str, t.Any]) -> None:
    """:raises InputError: for values that are none."""
    tracing = wanted.get("tracing") or {}
    _check_choice("access_log.tracing.type", tracing.get("type"), _TRACING_TYPES)
    sample = tracing.get("sample")
    if sample is not None and not 1 <= sample <= 10000:
        raise InputError(f"access_log.tracing.sample must be from 1 to 10000, not {sample}.")


def _check_choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise InputError(f"{name} must be {' or '.join(choices)}, not {value!r}.")


def _check_network(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as exc:
        raise InputError(
            f"x_forwarded_for.client_source_ips_trusted: {text!r} is no IP address or CIDR block such as 10.1.1.0/24"
            f" ({exc})."
        ) from exc
