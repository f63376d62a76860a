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
    """
    An AccessKey pair.

    With a security token it is a temporary (STS) one that only works together with the token; inactive it is refused.
    """

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
    active: bool = True


def _switch(default: object, meaning: str) -> t.Any:
    # A shorthand inside of the class below.
    return field(default=default, metadata={"meaning": meaning})  # pylint: disable=invalid-field-call


@dataclass(frozen=True)
class Settings:
    """
    Everything one can switch, with its meaning as README.md and --help tell it. Times are in seconds.

    A few defaults are not the strict ones: that the cloud ignores unknown parameters is known; that it would refuse
    expired certificates is not even hinted at (listeners are known to show them); and that a load balancer is
    Configuring with its listeners is only guessed from the retries of other clients.
    """

    accounts: tuple[Account, ...] = (Account(DEMO_ACCESS_KEY_ID, DEMO_ACCESS_KEY_SECRET),)
    region: str = _switch("cn-hangzhou", "Region of the load balancers.")
    site: str = _switch(
        "cn-hangzhou",
        "Site of the load balancers' certificates, the suffix of their `CertIdentifier`; CAS on the first port is it.",
    )
    certificates_of_any_site: bool = _switch(
        False, "Let listeners use certificates and CAs of the other site, too; else they are not found."
    )
    polls: int = _switch(
        2, "Which API call after a write is the first to see it finished; 0: it is finished before the write answers."
    )
    job_seconds: float | None = _switch(None, "If set, jobs take this long, and `polls` does not count.")
    data_plane: bool = _switch(True, "Open a loopback port for each running listener: TCP, and UDP for QUIC.")
    real_ports: bool = _switch(
        False,
        "Listeners get their own port numbers, each load balancer a loopback address: its DNS name if that is one, else"
        " the next from 127.0.0.1 on (below 1024 the system may want privileges). Without it: free ports of 127.0.0.1.",
    )
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
    attach_expired_certificates: bool = _switch(
        True, "Let listeners take certificates that have expired or are not valid yet."
    )
    default_from_additional: bool = _switch(
        False,
        "Let an additional certificate of a listener become its default one, and thereby cease to be additional; else"
        " `ResourceAlreadyAssociated.Certificate`.",
    )
    start_started_listener: bool = _switch(
        False,
        "`StartListener` on a running, `StopListener` on a stopped one makes a job; else the status is incorrect.",
    )
    write_stopped_listener: bool = _switch(
        False, "Let a stopped listener be changed, too (start and delete it one can in any case)."
    )
    resource_in_configuring: bool = _switch(
        False,
        "A busy listener gives `ResourceInConfiguring.Listener`, not `IncorrectStatus.Listener`; both are documented.",
    )
    load_balancer_configuring: bool = _switch(
        False, "A load balancer is `Configuring` while a job of one of its listeners runs, and takes no other writes."
    )
    policy_1_0_to_1_3: bool = _switch(
        False,
        "There is a system policy `tls_cipher_policy_1_0_to_1_3` (documented for an edition that is not modelled).",
    )
    partial_policy_update: bool = _switch(
        False, "`UpdateSecurityPolicyAttribute` takes `TLSVersions` without `Ciphers`, and the other way round."
    )
    relations_of_system_policies: bool = _switch(
        False, "`ListSecurityPolicyRelations` takes system policies, too; else they are not found."
    )
    quota_listeners: int = _switch(50, "Listeners per load balancer.")
    quota_certificates_basic: int = _switch(10, "Additional certificates per Basic load balancer.")
    quota_certificates_standard: int = _switch(25, "Additional certificates per load balancer of another edition.")
    quota_security_policies: int = _switch(50, "TLS policies of one's own.")
    quota_listeners_per_policy: int = _switch(10, "Listeners with the same TLS policy of one's own.")
    quota_server_groups: int = _switch(3000, "Server groups.")
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
    show_subject_alternative_names: bool = _switch(
        False,
        "`GetCertificateDetail` and `ListCertificates` give `SubjectAlternativeNames`: documented, but, as clients"
        " tell, not there.",
    )
    tag_by_certificate_id: bool = _switch(
        False, "The tag actions of CAS take a certificate's number for a `ResourceId`, too; else the instance id alone."
    )
    warehouse_instance_id_in_old_list: bool = _switch(
        False, "`ListCertWarehouse` gives the `WarehouseInstanceId` as `InstanceId`; else none."
    )
    repeated_warehouse_names: bool = _switch(
        False, "`CreateWarehouse` takes a name that another repository has; else `NameRepeat`."
    )
    repeated_ca_certificates: bool = _switch(
        False, "`UploadPCACert` takes a name or content that the repository has; else `NameRepeat`, `ParamRepeat`."
    )
    other_certificates_as_ca: bool = _switch(
        False, "A repository of CA certificates takes other certificates, too (as `CERT`, of no use to a listener)."
    )
    ca_bundles: bool = _switch(
        False,
        "`UploadPCACert` takes several CA certificates that have nothing to do with each other as one, and a listener"
        " trusts all of them; else `CertificateChainNotMatch`.",
    )
    delete_filled_warehouses: bool = _switch(
        False, "Let `DeleteWarehouse` remove a repository with everything in it; else it must be empty."
    )
    delete_bound_ca_certificates: bool = _switch(
        False, "Let `DeletePCACert` remove a CA that a listener uses for mutual authentication."
    )
    calls_kept: int = _switch(10_000, "How many calls the list of calls keeps; older ones are forgotten.")
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
