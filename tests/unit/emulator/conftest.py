# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator per test, and a client that speaks to it without the SDK."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import ALB, CAS, RawClient, Reply

LOAD_BALANCER = "alb-demo0000000000000"
BASIC = "alb-basic000000000000"
SERVER_GROUP = "sgp-demo0000000000000"


@dataclass
class Bench:
    """The emulator and what tests do with it all the time."""

    emulator: Emulator
    raw: RawClient

    def alb(self, action: str, **parameters: object) -> Reply:
        """Nested names with two underscores: Certificates__1__CertificateId."""
        return self.raw.call(action, _dotted(parameters), version=ALB)

    def cas(self, action: str, **parameters: object) -> Reply:
        return self.raw.call(action, _dotted(parameters), version=CAS)

    def upload(self, made: material.Material, name: str, **parameters: object) -> Reply:
        form = _dotted({"Name": name, "Cert": made.chain_pem, "Key": made.key_pem, **parameters})
        return self.raw.call("UploadUserCertificate", version=CAS, form=form)

    def certificate(self, made: material.Material | None = None, name: str = "cert") -> str:
        """Upload; return the id for ALB."""
        reply = self.upload(made or material.make(), name)
        assert reply.code == "ok", reply
        return f"{reply.body['CertId']}-cn-hangzhou"

    def create(self, certificate_id: str | None = None, /, **parameters: object) -> Reply:
        """CreateListener: HTTPS on 443 if there is a certificate, else HTTP on 80."""
        wanted: dict[str, object] = {
            "LoadBalancerId": LOAD_BALANCER,
            "ListenerProtocol": "HTTPS" if certificate_id else "HTTP",
            "ListenerPort": 443 if certificate_id else 80,
            "DefaultActions__1__Type": "ForwardGroup",
            "DefaultActions__1__ForwardGroupConfig__ServerGroupTuples__1__ServerGroupId": SERVER_GROUP,
        }
        if certificate_id:
            wanted["Certificates__1__CertificateId"] = certificate_id
        return self.alb("CreateListener", **{**wanted, **parameters})

    def listener(self, certificate_id: str | None = None, /, **parameters: object) -> str:
        """Create, and wait until it runs; return the id."""
        reply = self.create(certificate_id, **parameters)
        assert reply.code == "ok", reply
        self.emulator.settle()
        return str(reply.body["ListenerId"])

    def get(self, listener_id: str) -> dict[str, t.Any]:
        reply = self.alb("GetListenerAttribute", ListenerId=listener_id)
        assert reply.code == "ok", reply
        return reply.body


def _dotted(parameters: t.Mapping[str, object]) -> dict[str, object]:
    return {name.replace("__", "."): value for name, value in parameters.items() if value is not None}


@pytest.fixture
def settings() -> Settings:
    """To be overridden by parametrization of this name."""
    return Settings(strict_parameters=True)


@pytest.fixture
def bench(settings: Settings) -> Iterator[Bench]:
    with Emulator(settings, demo=True) as emulator:
        yield Bench(emulator, RawClient(emulator.endpoint))
