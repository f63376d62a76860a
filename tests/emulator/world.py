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
from .policies import DEFAULT_POLICY, SYSTEM_POLICIES, SecurityPolicy

Edition = t.Literal["Basic", "Standard", "StandardWithWaf"]
Protocol = t.Literal["HTTP", "HTTPS", "QUIC"]
JobStatus = t.Literal["Processing", "Succeeded", "Failed"]
OperateType = t.Literal["Create", "Update", "Delete"]
ResourceType = t.Literal["listener", "securitypolicy", "servergroup"]
AdditionalStatus = t.Literal["Associating", "Associated", "Dissociating"]


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
    log_project: str = ""
    """Where the access log goes, with `log_store`; empty: there is none."""
    log_store: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class BackendServer:
    """Seeded only."""

    server_id: str
    server_ip: str = ""
    server_type: str = "Ecs"
    port: int = 80
    weight: int = 100
    status: str = "Available"
    description: str = ""
    remote_ip_enabled: bool = False


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
    options: dict[str, t.Any] = field(default_factory=dict)
    """What else CreateServerGroup was told, by its names there: HealthCheckConfig and so on."""
    servers: list[BackendServer] = field(default_factory=list)
    job_id: str | None = None
    """The running job."""
    tags: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A seed has the servers as plain data."""
        self.servers = [BackendServer(**each) if isinstance(each, dict) else each for each in self.servers]


@dataclass
class CustomPolicy:
    """A TLS policy of the user's own."""

    security_policy_id: str
    name: str
    tls_versions: tuple[str, ...]
    ciphers: tuple[str, ...]
    status: str = "Available"
    resource_group_id: str = "rg-emulator"
    create_time: str = ""
    pending: tuple[str, tuple[str, ...], tuple[str, ...]] | None = None
    """Name, versions and ciphers that the running job will bring."""
    job_id: str | None = None
    """The running job."""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LogConfig:
    customized_headers: bool = False
    tracing_enabled: bool = False
    tracing_sample: int | None = None
    tracing_type: str = ""


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
    """Provisioning, Running, Configuring, Stopped or Deleting."""
    additional: dict[str, AdditionalStatus] = field(default_factory=dict)
    """Additional certificates by their id, in the order of association; the data plane serves `served_additional`."""
    log: LogConfig = LogConfig()
    stopped: bool = False
    """Stopped for good: `status` is Stopped but while a job runs. A stopping listener is not stopped yet."""
    pending: ListenerConfig | None = None
    """What the running job will make of `config`."""
    pending_log: LogConfig | None = None
    pending_stopped: bool | None = None
    job_id: str | None = None
    """The running job."""
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def transport(self) -> str:
        return "UDP" if self.protocol == "QUIC" else "TCP"

    @property
    def serves(self) -> bool:
        """Whether it has a data plane."""
        return not self.stopped and self.status in ("Running", "Configuring", "Deleting")

    @property
    def served_additional(self) -> tuple[str, ...]:
        """The additional certificates that are in use: one that comes is not yet, one that goes still is."""
        return tuple(each for each, status in self.additional.items() if status != "Associating")

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
    resource_id: str
    created_ms: int
    modified_ms: int
    calls_left: int
    resource_type: ResourceType = "listener"
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
    site: str = ""
    """The store it is in; empty: the one of the load balancers."""

    def identifier(self, site: str) -> str:
        """CertIdentifier: the id for ALB. The site given is that of the load balancers."""
        return f"{self.certificate_id}-{self.site or site}"


@dataclass
class Warehouse:
    """A repository of certificates. Old actions know it by its number, new ones by its instance id."""

    warehouse_id: int
    instance_id: str
    name: str
    kind: str
    """In the words of CreateWarehouse."""
    site: str = ""
    biz: str = ""


@dataclass
class CaCertificate:
    """A CA certificate, issued by Alibaba Cloud or uploaded to a repository, or another certificate of a repository."""

    identifier: str
    pem: str = ""
    name: str = ""
    site: str = ""
    source: str = "aliyun"
    """aliyun or upload, as SourceType of ListCert."""
    kind: str = "CA"
    """CA or CERT, as CertType of ListCert; only the former is good for mutual authentication."""
    warehouse_id: int = 0
    key_pem: str = field(default="", repr=False)
    facts: CertificateFacts | None = field(default=None, repr=False)
    """None if there is no PEM."""


@dataclass
class World:
    """All of it. One at a time may touch it: the server's event loop, under its lock."""

    load_balancers: dict[str, LoadBalancer] = field(default_factory=dict)
    server_groups: dict[str, ServerGroup] = field(default_factory=dict)
    listeners: dict[str, Listener] = field(default_factory=dict)
    security_policies: dict[str, CustomPolicy] = field(default_factory=dict)
    certificates: dict[int, UploadedCertificate] = field(default_factory=dict)
    ca_certificates: dict[str, CaCertificate] = field(default_factory=dict)
    warehouses: dict[int, Warehouse] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    running_jobs: dict[str, Job] = field(default_factory=dict)
    replays: dict[tuple[str, str, str], tuple[str, dict[str, t.Any]]] = field(default_factory=dict)
    """(version, action, ClientToken) -> digest of the parameters, answer."""
    touched_listeners: set[str] = field(default_factory=set)
    """Those the data plane has to look at."""
    asleep: set[str] = field(default_factory=set)
    """Listeners made for scale: the data plane opens no port for them until they are written to."""
    next_certificate_id: int = 24100001
    next_warehouse_id: int = 101
    names: random.Random = field(default_factory=lambda: random.Random(20200616), repr=False)  # noqa: S311 - ids only

    def new_id(self, prefix: str, length: int) -> str:
        """Ids come in the same order after each reset, so that a failing test can be repeated."""
        return prefix + "".join(self.names.choices(string.ascii_lowercase + string.digits, k=length))

    def new_uuid(self) -> str:
        return str(uuid.UUID(int=self.names.getrandbits(128), version=4))

    def new_ca_identifier(self, milliseconds: int) -> str:
        """
        A UUID of version 6, which begins with the time, as those of CAs do.

        :param milliseconds: now
        """
        ticks = milliseconds * 10_000 + self.names.randrange(10_000) + 0x01B21DD213814000  # 100 ns since 1582
        high, middle, low = ticks >> 28, ticks >> 12 & 0xFFFF, ticks & 0xFFF
        rest = 1 << 63 | self.names.getrandbits(62)
        return str(uuid.UUID(int=high << 96 | middle << 80 | 6 << 76 | low << 64 | rest))

    def listeners_of(self, load_balancer_id: str) -> list[Listener]:
        return [each for each in self.listeners.values() if each.load_balancer_id == load_balancer_id]

    def certificate_of(self, identifier: str, site: str) -> UploadedCertificate | None:
        """The certificate that ALB means by this CertIdentifier; the site given is that of the load balancers."""
        number, _dash, suffix = identifier.partition("-")
        if not (number.isascii() and number.isdecimal()) or len(number) > 18:
            return None
        found = self.certificates.get(int(number))
        return found if found is not None and suffix == (found.site or site) else None

    def warehouse_of(self, instance_id: str) -> Warehouse | None:
        """The repository with this WarehouseInstanceId."""
        return next((each for each in self.warehouses.values() if each.instance_id == instance_id), None)

    def ca_users_of(self, identifier: str) -> list[str]:
        """Ids of the listeners that use, or are about to use, this CA certificate."""
        return [
            listener.listener_id
            for listener in self.listeners.values()
            if any(config.ca_enabled and identifier in config.ca_certificate_ids for config in listener.configs())
        ]

    def users_of(self, identifier: str) -> list[str]:
        """Ids of the listeners that use, or are about to use, this certificate."""
        return [
            listener.listener_id
            for listener in self.listeners.values()
            if identifier in listener.additional
            or any(identifier in config.certificate_ids for config in listener.configs())
        ]

    def policy_of(self, listener: Listener) -> SecurityPolicy:
        """
        TLS versions and ciphers of a listener, as `versions, ciphers = world.policy_of(listener)`.

        A policy of the user's own may change while its id stays: its listeners are touched then.
        """
        policy_id = listener.config.security_policy_id
        custom = self.security_policies.get(policy_id)
        if custom is not None:
            return SecurityPolicy(custom.tls_versions, custom.ciphers)
        return SYSTEM_POLICIES.get(policy_id, SYSTEM_POLICIES[DEFAULT_POLICY])

    def listeners_with_policy(self, policy_id: str) -> list[Listener]:
        """Those that have it, or are about to."""
        return [
            listener
            for listener in self.listeners.values()
            if any(config.security_policy_id == policy_id for config in listener.configs())
        ]

    def dump(self) -> dict[str, t.Any]:
        """Everything but private keys, ready for JSON."""
        return {
            "load_balancers": _plain(self.load_balancers.values()),
            "server_groups": _plain(self.server_groups.values()),
            "listeners": _plain(self.listeners.values()),
            "security_policies": _plain(self.security_policies.values()),
            "certificates": _plain(self.certificates.values(), leave_out="key_pem"),
            "ca_certificates": _plain(self.ca_certificates.values(), leave_out="key_pem"),
            "warehouses": _plain(self.warehouses.values()),
            "jobs": _plain(self.jobs.values()),
        }


def _plain(things: Iterable[t.Any], leave_out: str = "") -> list[dict[str, t.Any]]:
    rows = [dataclasses.asdict(thing) for thing in things]
    for row in rows:
        row.pop(leave_out, None)
    return rows
