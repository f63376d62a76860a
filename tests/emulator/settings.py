# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call, and the switches. A switch for undocumented behaviour has the stricter value as its default."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

DEMO_ACCESS_KEY_ID = "LTAI-emulator"
DEMO_ACCESS_KEY_SECRET = "emulator-secret"


@dataclass(frozen=True)
class Account:
    """An AccessKey pair; with a security token it is a temporary (STS) one that only works together with the token."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)


def _switch(default: object, meaning: str) -> t.Any:
    # A shorthand inside of the class below.
    return field(default=default, metadata={"meaning": meaning})  # pylint: disable=invalid-field-call


@dataclass(frozen=True)
class Settings:
    """
    Everything one can switch, with its meaning as README.md and --help tell it. Times are in seconds.

    Two defaults are not the strict ones: that the cloud ignores unknown parameters is known, and that it would
    refuse expired certificates is not even hinted at.
    """

    accounts: tuple[Account, ...] = (Account(DEMO_ACCESS_KEY_ID, DEMO_ACCESS_KEY_SECRET),)
    region: str = _switch("cn-hangzhou", "Region of the load balancers.")
    site: str = _switch("cn-hangzhou", "Site of the certificate store, the suffix of `CertIdentifier`.")
    polls: int = _switch(
        2, "Which API call after a write is the first to see it finished; 0: it is finished before the write answers."
    )
    job_seconds: float | None = _switch(None, "If set, jobs take this long, and `polls` does not count.")
    data_plane: bool = _switch(True, "Open a loopback port for each running HTTP and HTTPS listener.")
    strict_parameters: bool = _switch(
        False, "Refuse a parameter that the action does not have; the real API ignores it."
    )
    delete_bound_certificates: bool = _switch(
        False, "Let `DeleteUserCertificate` remove a certificate that a listener uses."
    )
    accept_expired_certificates: bool = _switch(
        True, "Let `UploadUserCertificate` take an expired certificate; else `CertificateExpired`."
    )
    two_defaults_on_create: bool = _switch(
        False,
        "Take a second default certificate on `CreateListener`; `UpdateListenerAttribute` takes two in any case.",
    )
    change_ca_while_enabled: bool = _switch(
        False, "Let `UpdateListenerAttribute` replace the CA of a listener whose `CaEnabled` stays true."
    )
    show_ca_when_disabled: bool = _switch(
        True, "`GetListenerAttribute` still shows the CA after `CaEnabled` was set to false."
    )
    unfiltered_certificates_include_ca: bool = _switch(
        True, "`ListListenerCertificates` without `CertificateType` lists the CA, too."
    )
    keep_unsent_x_forwarded_for: bool = _switch(
        False,
        "An `XForwardedForConfig` in an update keeps the fields that it does not name; else they go back to defaults.",
    )
    list_certificates_shows_expired: bool = _switch(
        False, "`ListCertificates` without `CertificateStatus` lists expired certificates, too."
    )
    certificate_name_length: int = _switch(63, "Longest name of a certificate; sources say 63, 64 or 128.")
    signature_window: float = _switch(
        900.0, "How far `x-acs-date` may be off; a nonce is remembered for twice as long."
    )

    def changed(self, changes: Mapping[str, object]) -> Settings:
        """
        A copy with some switches changed, as the control API asks.

        :raises ValueError: for an unknown name or a value of the wrong type
        """
        names = {each.name for each in dataclasses.fields(self)} - {"accounts"}
        wanted: dict[str, t.Any] = {}
        for name, value in changes.items():
            if name not in names:
                raise ValueError(f"there is no setting {name!r}; there are: {', '.join(sorted(names))}")
            wanted[name] = _fitting(name, getattr(self, name), value)
        return dataclasses.replace(self, **wanted)

    def facts(self) -> dict[str, object]:
        """The switches, without secrets."""
        return {each.name: getattr(self, each.name) for each in dataclasses.fields(self) if each.name != "accounts"}


def _fitting(name: str, old: object, value: object) -> object:
    if isinstance(old, bool) or isinstance(value, bool):
        if isinstance(old, bool) and isinstance(value, bool):
            return value
    elif name == "job_seconds":
        if value is None or isinstance(value, (int, float)):
            return None if value is None else float(value)
    elif isinstance(old, int):
        if isinstance(value, int) and value >= 0:
            return value
    elif isinstance(old, float):
        if isinstance(value, (int, float)):
            return float(value)
    elif isinstance(old, str) and isinstance(value, str):
        return value
    raise ValueError(f"{value!r} does not fit the setting {name!r}")
