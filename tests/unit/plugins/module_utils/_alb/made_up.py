# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Made-up certificates and listeners."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener import Listener
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener_settings import QuicUpgrade, x_forwarded_for_of
from ansible_collections.alicloud.tls.plugins.module_utils._x509.facts import CertificateFacts


def facts(
    name: str = "www.example.com",
    algorithm: str = "RSA",
    *,
    not_before: str = "2026-11-01T00:00:00Z",
    not_after: str = "2027-01-30T23:59:59Z",
) -> CertificateFacts:
    return CertificateFacts(
        subject=f"CN={name}",
        names=(name,),
        issuer="CN=Example CA",
        not_before=not_before,
        not_after=not_after,
        algorithm=algorithm,
        key_size=2048 if algorithm == "RSA" else 256,
        sha256=hashlib.sha256(f"{name} {algorithm} {not_after}".encode()).hexdigest(),
        sha1="ab" * 20,
        serial="1f",
    )


def certificate(number: int | None, name: str = "www.example.com", algorithm: str = "RSA") -> Certificate:
    """:param number: None for one that is not uploaded."""
    return Certificate(None if number is None else f"{number}-cn-hangzhou", facts(name, algorithm))


RSA = certificate(11)
ECC = certificate(12, algorithm="ECC")
RENEWED = certificate(13, "renewed.example.com")
THIRD = certificate(14, "third.example.com", "ECC")
PLANNED = certificate(None, "planned.example.com")
UNKNOWN = Certificate("99-cn-hangzhou")

LISTENER = Listener(
    id="lsn-1",
    status="Running",
    load_balancer_id="alb-1",
    protocol="HTTPS",
    port=443,
    description="web",
    certificates=frozenset({RSA}),
    security_policy_id="tls_cipher_policy_1_0",
    http2_enabled=True,
    gzip_enabled=True,
    idle_timeout=15,
    request_timeout=60,
    server_group_id="sgp-1",
    quic_upgrade=QuicUpgrade(),
    x_forwarded_for=x_forwarded_for_of("HTTPS"),
)
HTTP = replace(
    LISTENER,
    protocol="HTTP",
    port=80,
    certificates=frozenset(),
    security_policy_id=None,
    http2_enabled=None,
    quic_upgrade=None,
    x_forwarded_for=x_forwarded_for_of("HTTP"),
)
QUIC = replace(
    LISTENER,
    protocol="QUIC",
    security_policy_id=None,
    http2_enabled=None,
    quic_upgrade=None,
    x_forwarded_for=x_forwarded_for_of("QUIC"),
)
