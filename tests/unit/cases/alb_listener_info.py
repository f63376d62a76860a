# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, Stage

CASES = Cases("alb_listener_info")


def listeners(stage: Stage, **more: t.Any) -> tuple[str, str, str]:
    """Ids of an HTTPS listener with two additional certificates and a CA, a QUIC and an HTTP one, all of demo."""
    ids = stage.cloud.seed(
        {
            "ca_certificates": [{"name": "clients", "common_name": "Clients"}],
            "certificates": [
                {"name": "www", "names": ["www.example.com", "example.com"], "algorithm": "RSA", "days": 20},
                {"name": "api", "names": ["api.example.com"]},
                {"name": "shop", "names": ["shop.example.com"]},
            ],
            "listeners": [
                {
                    "load_balancer": "demo",
                    "server_groups": ["demo-web"],
                    "certificates": ["www"],
                    "additional_certificates": ["api", "shop"],
                    "ca_certificate": "clients",
                    "tags": {"team": "web"},
                    **more,
                },
                {"load_balancer": "demo", "server_groups": ["demo-web"], "protocol": "QUIC", "certificates": ["api"]},
                {"load_balancer": "demo", "server_groups": ["demo-web"], "protocol": "HTTP", "port": 80},
            ],
        }
    )
    https, quic, http = ids["listeners"]
    return https, quic, http


@CASES.case(changed=False)
def _with_certificates(stage: Stage) -> Answer:
    https, _quic, _http = listeners(stage)
    return {"listener_ids": [https], "with_certificates": True}


@CASES.case(changed=False)
def _all_without_certificates(stage: Stage) -> Answer:
    listeners(stage)
    return {}


@CASES.case(changed=False)
def _by_every_filter(stage: Stage) -> Answer:
    https, quic, _http = listeners(stage)
    return {
        "listener_ids": [https, quic],
        "load_balancers": ["demo", DEMO],
        "protocols": ["HTTPS", "QUIC"],
        "ports": [443],
        "tags": {"team": "web"},
        "certificate": "domain:api.example.com",
        "with_facts": False,
    }


@CASES.case(changed=False)
def _nothing(_stage: Stage) -> Answer:
    return {"load_balancers": ["demo"], "with_certificates": True}
