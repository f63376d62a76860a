# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, Stage

CASES = Cases("alb_cert_rotation_info")

CERTIFICATES = {
    "www-rsa": {"names": ["www.example.com", "example.com"], "algorithm": "RSA", "days": 9},
    "www-ecc": {"names": ["www.example.com", "example.com"], "days": 9},
    "api": {"names": ["api.example.com"], "days": 9},
    "old": {"names": ["old.example.com"], "days": -3},
    "www-rsa-new": {"names": ["example.com", "www.example.com"], "algorithm": "RSA", "days": 99},
    "www-ecc-new": {"names": ["example.com", "www.example.com"], "days": 99},
    "api-new": {"names": ["api.example.com"], "days": 99},
    "wildcard": {"names": ["*.example.com"], "days": 199},
}


def served(stage: Stage) -> dict[str, t.Any]:
    """
    A pair with two additional certificates, a QUIC listener with one, and an HTTP listener; all of demo.

    :returns: identifiers of certificates by name, and of listeners by protocol.
    """
    listener = {"load_balancer": "demo", "server_groups": ["demo-web"]}
    ids = stage.cloud.seed(
        {
            "certificates": [{"name": name, **what} for name, what in CERTIFICATES.items()],
            "listeners": [
                {
                    **listener,
                    "certificates": ["www-rsa", "www-ecc"],
                    "additional_certificates": ["api"],
                    "tags": {"team": "web"},
                },
                {**listener, "protocol": "QUIC", "certificates": ["api-new"], "additional_certificates": ["www-rsa"]},
                {**listener, "protocol": "HTTP", "port": 80},
            ],
        }
    )

    def outlive(emulated: t.Any) -> None:
        """What has expired can only stay."""
        emulated.world.listeners[ids["listeners"][0]].additional[ids["certificates"][3]] = "Associated"

    stage.cloud.do(outlive)
    stage.cloud.clear_calls()
    found = dict(zip(CERTIFICATES, ids["certificates"], strict=True))
    return {**found, **dict(zip(("HTTPS", "QUIC", "HTTP"), ids["listeners"], strict=True))}


@CASES.case(changed=False)
def _what_expires(stage: Stage) -> Answer:
    served(stage)
    return {"expires_within_days": 30}


@CASES.case(changed=False)
def _for_new_certificates_by_every_filter(stage: Stage) -> Answer:
    there = served(stage)
    return {
        "certificates": ["name:www-rsa-new", there["wildcard"], "domain:www.example.com/ECC"],
        "names": "covered",
        "expires_within_days": 20,
        "listener_ids": [there["HTTPS"], there["QUIC"]],
        "load_balancers": ["demo", DEMO],
        "protocols": ["HTTPS"],
        "tags": {"team": "web"},
    }


@CASES.case(changed=False)
def _explicit(stage: Stage) -> Answer:
    there = served(stage)
    return {"certificates": [there["wildcard"]], "supersedes": [there["www-ecc"], there["www-rsa"], "name:old"]}


@CASES.case(changed=False)
def _nothing(stage: Stage) -> Answer:
    served(stage)
    return {"certificates": ["name:www-rsa-new"], "load_balancers": ["basic"]}
