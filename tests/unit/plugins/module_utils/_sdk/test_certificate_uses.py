# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate_use import CertificateUse, uses_of
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.certificate_uses import CertificateUses
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

LISTENERS = [
    {"ListenerId": "lsn-1", "ListenerProtocol": "HTTPS", "ListenerPort": 443, "LoadBalancerId": "alb-1"},
    {"ListenerId": "lsn-2", "ListenerProtocol": "HTTP", "ListenerPort": 80, "LoadBalancerId": "alb-1"},
    {"ListenerId": "lsn-3", "ListenerProtocol": "QUIC", "ListenerPort": None},
]
DEFAULT = CertificateUse("7-cn-hangzhou", "lsn-1", "alb-1", "HTTPS", 443, default=True)
ADDITIONAL = CertificateUse("8-cn-hangzhou", "lsn-1", "alb-1", "HTTPS", 443, default=False)
ODD = CertificateUse("7", "lsn-3", "", "QUIC", 0, default=False)


def certificates(parameters: dict[str, t.Any]) -> dict[str, t.Any]:
    assert parameters["CertificateType"] == "Server"
    if parameters["ListenerId"] == "lsn-3":
        return {"Certificates": [{"CertificateId": "7"}, {"CertificateId": None}]}
    return {
        "Certificates": [
            {"CertificateId": "7-cn-hangzhou", "IsDefault": True},
            {"CertificateId": "8-cn-hangzhou", "IsDefault": False, "Status": "Dissociating"},
        ]
    }


def uses(answer: t.Any) -> tuple[CertificateUses, FakeConnection]:
    fake = FakeConnection({"ListListeners": [{"Listeners": LISTENERS}], "ListListenerCertificates": answer})
    api: t.Any = fake
    return CertificateUses(api, lambda function, rows: list(map(function, rows))), fake


def test_all_uses_are_found_once():
    made, fake = uses(certificates)
    assert made.everything() == [DEFAULT, ADDITIONAL, ODD]
    assert made.everything() == [DEFAULT, ADDITIONAL, ODD]
    assert fake.actions == ["ListListeners", "ListListenerCertificates", "ListListenerCertificates"]


def test_a_listener_that_has_gone_uses_nothing():
    assert uses([api_error("ResourceNotFound.Listener")])[0].everything() == []


def test_other_refusals_are_not_taken_for_no_use():
    with pytest.raises(ApiError):
        uses([api_error("Forbidden.RAM")])[0].everything()


@pytest.mark.parametrize(
    ("identifier", "wanted"),
    [
        ("7-cn-hangzhou", [DEFAULT, ODD]),
        ("7-ap-southeast-1", [ODD]),
        ("8-cn-hangzhou", [ADDITIONAL]),
        ("77-cn-hangzhou", []),
    ],
)
def test_uses_of_a_certificate(identifier, wanted):
    assert uses_of(identifier, [DEFAULT, ADDITIONAL, ODD]) == wanted


def test_a_use_in_words_and_as_an_answer():
    assert DEFAULT.label() == "HTTPS listener on port 443 of alb-1 (lsn-1)"
    assert DEFAULT.to_dict() == {
        "listener_id": "lsn-1",
        "load_balancer_id": "alb-1",
        "protocol": "HTTPS",
        "port": 443,
        "default": True,
    }
