# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listener answers over HTTP: a description of the connection, and of what a backend would get to see."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from .listener_rules import X_FORWARDED_FOR
from .wire import new_request_id
from .world import Listener, LoadBalancer

_CLIENT_CERTIFICATE: dict[str, tuple[str, Callable[[x509.Certificate], str]]] = {
    "ClientCertSubjectDN": ("X-Forwarded-Clientcert-subjectdn", lambda each: each.subject.rfc4514_string()),
    "ClientCertIssuerDN": ("X-Forwarded-Clientcert-issuerdn", lambda each: each.issuer.rfc4514_string()),
    # SHA-1 as nginx, from which ALB descends, gives it.
    "ClientCertFingerprint": (
        "X-Forwarded-Clientcert-fingerprint",
        lambda each: each.fingerprint(hashes.SHA1()).hex(),  # noqa: S303 - a name, not a proof
    ),
    # Who failed does not get this far.
    "ClientCertClientVerify": ("X-Forwarded-Clientcert-clientverify", lambda _each: "SUCCESS"),
}


@dataclass(frozen=True)
class Site:
    """The listener as it was when the connection came in; a later change is for later connections."""

    listener_id: str
    load_balancer_id: str
    dns_name: str
    protocol: str
    listener_port: int
    forwarding: Mapping[str, bool | str] = field(default_factory=dict)
    """XForwardedForConfig, defaults included."""
    quic_listener_id: str = ""
    """The listener that Alt-Svc points to."""

    @classmethod
    def of(cls, listener: Listener, load_balancer: LoadBalancer | None) -> Site:
        config, protocol = listener.config, listener.protocol
        defaults = {name: default for name, (protocols, default) in X_FORWARDED_FOR.items() if protocol in protocols}
        return cls(
            listener_id=listener.listener_id,
            load_balancer_id=listener.load_balancer_id,
            dns_name=load_balancer.dns_name if load_balancer is not None else "",
            protocol=protocol,
            listener_port=listener.port,
            forwarding={**defaults, **dict(config.x_forwarded_for)},
            quic_listener_id=config.quic_listener_id if config.quic_upgrade_enabled else "",
        )


@dataclass(frozen=True)
class Link:
    """A connection. Everything about TLS is None without it."""

    http_version: str
    """HTTP/2 or HTTP/3; empty: the request says."""
    peer: tuple[str, int] = ("", 0)
    alpn: str | None = None
    sni: str | None = None
    tls_version: str | None = None
    cipher: str | None = None
    client_certificate: bytes | None = field(default=None, repr=False)
    """DER."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    http_version: str


@dataclass(frozen=True)
class Reply:
    """Always 200. Header names are in lower case."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


def reply(site: Site, link: Link, request: Request, alternative_port: int | None) -> Reply:
    """
    Who answered, over what, and the headers that ALB would hand to a backend.

    :param alternative_port: UDP port of the QUIC listener that this one is linked to
    """
    request_id = new_request_id()
    subject = None
    if link.client_certificate is not None:
        subject = x509.load_der_x509_certificate(link.client_certificate).subject.rfc4514_string()
    body: dict[str, t.Any] = {
        "listener_id": site.listener_id,
        "load_balancer_id": site.load_balancer_id,
        "listener_port": site.listener_port,
        "protocol": site.protocol,
        "sni": link.sni,
        "tls_version": link.tls_version,
        "cipher": link.cipher,
        "alpn": link.alpn,
        "http_version": request.http_version,
        "client_certificate_subject": subject,
        "forwarded_headers": forwarded_headers(site, link, request),
        "method": request.method,
        "path": request.path,
        "request_id": request_id,
    }
    encoded = json.dumps(body).encode()
    headers = [
        ("content-type", "application/json; charset=utf-8"),
        ("content-length", str(len(encoded))),
        ("server", "alicloud-tls-emulator"),
        ("x-request-id", request_id),
    ]
    if alternative_port is not None:
        headers.append(("alt-svc", f'h3=":{alternative_port}"; ma=86400'))
    return Reply(tuple(headers), encoded)


def forwarded_headers(site: Site, link: Link, request: Request) -> dict[str, str]:
    """The headers of XForwardedForConfig as a backend would see them, in the order of the documentation."""
    wanted = {name.removeprefix("XForwardedFor"): value for name, value in site.forwarding.items()}
    address, port = link.peer
    headers: dict[str, str] = {}
    sent = request.headers.get("x-forwarded-for", "")
    if not wanted.get("Enabled"):
        # QUIC has no such switch: as if it were off.
        headers["X-Forwarded-For"] = sent
    elif wanted.get("ProcessingMode") != "remove":
        headers["X-Forwarded-For"] = f"{sent}, {address}" if sent else address
    plain = {
        "Proto": ("X-Forwarded-Proto", site.protocol.lower() if site.protocol != "QUIC" else "https"),
        "Host": ("X-Forwarded-Host", request.headers.get("host", "")),
        "SLBId": ("SLB-ID", site.load_balancer_id),
        "SLBPort": ("X-Forwarded-Port", str(site.listener_port)),
        "ClientSrcPort": ("X-Forwarded-Client-srcport", str(port)),
    }
    headers.update({header: value for name, (header, value) in plain.items() if wanted.get(f"{name}Enabled")})
    if link.client_certificate is not None:
        # Only with mutual authentication anyone is asked for one.
        certificate = x509.load_der_x509_certificate(link.client_certificate)
        for name, (header, value_of) in _CLIENT_CERTIFICATE.items():
            if wanted.get(f"{name}Enabled"):
                headers[str(wanted.get(f"{name}Alias") or header)] = value_of(certificate)
    return {name: value for name, value in headers.items() if value}
