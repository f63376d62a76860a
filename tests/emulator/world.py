# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the emulated cloud: plain data, and looking things up in it."""

from __future__ import annotations

import dataclasses
import random
import string
import typing as t
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .certificates import CertificateFacts

Edition = t.Literal["Basic", "Standard", "StandardWithWaf"]
Protocol = t.Literal["HTTP", "HTTPS", "QUIC"]
JobStatus = t.Literal["Processing", "Succeeded", "Failed"]
OperateType = t.Literal["Create", "Update", "Delete"]


@dataclass
class LoadBalancer:
    load_balancer_id: str
    name: str = ""
    edition: Edition = "Standard"
    vpc_id: str = "vpc-demo"
    status: str = "Active"
    business_status: str = "Normal"
    address_type: str = "Intranet"
    resource_group_id: str = "rg-emulator"
    dns_name: str = ""
    create_time: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class ServerGroup:
    server_group_id: str
    name: str = ""
    protocol: str = "HTTP"
    vpc_id: str | None = "vpc-demo"
    server_group_type: str = "Instance"
    status: str = "Available"
    scheduler: str = "Wrr"
    resource_group_id: str = "rg-emulator"
    create_time: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListenerConfig:
    """What an update can change. Replaced as a whole when its job succeeds."""

    description: str = ""
    idle_timeout: int = 15
    request_timeout: int = 60
    gzip_enabled: bool = True
    http2_enabled: bool = True
    security_policy_id: str = "tls_cipher_policy_1_0"
    certificate_ids: tuple[str, ...] = ()
    ca_enabled: bool = False
    ca_certificate_ids: tuple[str, ...] = ()
    server_group_ids: tuple[str, ...] = ()
    quic_upgrade_enabled: bool = False
    quic_listener_id: str = ""
    x_forwarded_for: tuple[tuple[str, bool | str], ...] = ()


@dataclass
class Listener:
    listener_id: str
    load_balancer_id: str
    protocol: Protocol
    port: int
    config: ListenerConfig
    status: str = "Provisioning"
    pending: ListenerConfig | None = None
    """What the running job will make of `config`."""
    job_id: str | None = None
    """The running job."""
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def transport(self) -> str:
        return "UDP" if self.protocol == "QUIC" else "TCP"

    def configs(self) -> Iterator[ListenerConfig]:
        """The present one, and the one that is on its way."""
        yield self.config
        if self.pending is not None:
            yield self.pending


@dataclass
class Job:
    job_id: str
    api_name: str
    operate_type: OperateType
    listener_id: str
    created_ms: int
    modified_ms: int
    calls_left: int
    due: float | None = None
    """Time of the world's clock when it is finished; None: counts calls."""
    fails_with: tuple[str, str] | None = None
    """Code and message, if it is going to fail."""
    status: JobStatus = "Processing"
    error_code: str = ""
    error_message: str = ""


@dataclass
class UploadedCertificate:
    certificate_id: int
    instance_id: str
    name: str
    resource_group_id: str
    facts: CertificateFacts
    certificate_pem: str
    key_pem: str = field(repr=False)
    """As uploaded; shown by GetUserCertificateDetail only."""
    tags: dict[str, str] = field(default_factory=dict)

    def identifier(self, site: str) -> str:
        """CertIdentifier: the id for ALB."""
        return f"{self.certificate_id}-{site}"


@dataclass
class CaCertificate:
    """A CA of the private CA service or of a repository. Seeded only."""

    identifier: str
    pem: str = ""


@dataclass
class World:
    """All of it. One at a time may touch it: the server's event loop, under its lock."""

    load_balancers: dict[str, LoadBalancer] = field(default_factory=dict)
    server_groups: dict[str, ServerGroup] = field(default_factory=dict)
    listeners: dict[str, Listener] = field(default_factory=dict)
    certificates: dict[int, UploadedCertificate] = field(default_factory=dict)
    ca_certificates: dict[str, CaCertificate] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    running_jobs: dict[str, Job] = field(default_factory=dict)
    replays: dict[tuple[str, str, str], tuple[str, dict[str, t.Any]]] = field(default_factory=dict)
    """(version, action, ClientToken) -> digest of the parameters, answer."""
    touched_listeners: set[str] = field(default_factory=set)
    """Those the data plane has to look at."""
    next_certificate_id: int = 24100001
    names: random.Random = field(default_factory=lambda: random.Random(20200616), repr=False)  # noqa: S311 - ids only

    def new_id(self, prefix: str, length: int) -> str:
        """Ids come in the same order after each reset, so that a failing test can be repeated."""
        return prefix + "".join(self.names.choices(string.ascii_lowercase + string.digits, k=length))

    def new_uuid(self) -> str:
        return str(uuid.UUID(int=self.names.getrandbits(128), version=4))

    def listeners_of(self, load_balancer_id: str) -> list[Listener]:
        return [each for each in self.listeners.values() if each.load_balancer_id == load_balancer_id]

    def certificate_of(self, identifier: str, site: str) -> UploadedCertificate | None:
        """The certificate that ALB means by this CertIdentifier."""
        number, _dash, suffix = identifier.partition("-")
        if suffix != site or not number.isdecimal():
            return None
        return self.certificates.get(int(number))

    def users_of(self, identifier: str) -> list[str]:
        """Ids of the listeners that use, or are about to use, this certificate."""
        return [
            listener.listener_id
            for listener in self.listeners.values()
            if any(identifier in config.certificate_ids for config in listener.configs())
        ]

    def dump(self) -> dict[str, t.Any]:
        """Everything but private keys, ready for JSON."""
        return {
            "load_balancers": _plain(self.load_balancers.values()),
            "server_groups": _plain(self.server_groups.values()),
            "listeners": _plain(self.listeners.values()),
            "certificates": _plain(self.certificates.values(), leave_out="key_pem"),
            "ca_certificates": _plain(self.ca_certificates.values()),
            "jobs": _plain(self.jobs.values()),
        }


def _plain(things: Iterable[t.Any], leave_out: str = "") -> list[dict[str, t.Any]]:
    rows = [dataclasses.asdict(thing) for thing in things]
    for row in rows:
        row.pop(leave_out, None)
    return rows
