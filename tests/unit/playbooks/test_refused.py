# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What playbooks refuse themselves, before a role has its turn; and that one of them creates no listener."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Playbooks, access_to

LISTENER = {
    "https_listener_region": "cn-hangzhou",
    "https_listener_load_balancer": "demo",
    "https_listener_server_group": "demo-web",
    "https_listener_port": 9443,
}


@pytest.mark.parametrize(
    ("playbook", "variables", "why"),
    [
        ("https_and_quic", {}, "Which listeners? Give https_and_quic_listeners. Nothing was changed."),
        ("verify", {}, "What is to be verified?"),
        ("mutual_tls", LISTENER, "What about mutual authentication?"),
        (
            "mutual_tls",
            {"https_listener_listeners": [{"port": 443, "mutual_auth": {"enabled": False}}, {"port": 8443}]},
            "What about mutual authentication?",
        ),
    ],
    ids=["no pairs", "nothing to verify", "no wish", "no wish for one of two"],
)
def test_what_is_not_said_is_asked_for(playbook: str, variables: dict[str, object], why: str, tmp_path: Path) -> None:
    ended = Playbooks(tmp_path).shipped(f"alicloud.tls.{playbook}", variables)
    assert ended.status == 2
    assert why in ended.output


def test_mutual_tls_creates_no_listener(tmp_path: Path) -> None:
    with Emulator() as cloud:
        cloud.seed_demo()
        cloud.seed({"certificates": [{"name": "shop", "names": ["shop.example.com"]}]})
        variables = {
            **LISTENER,
            "https_listener_mutual_auth": {"enabled": False},
            "https_listener_certificates": [{"reference": "name:shop"}],
            "https_listener_verify": {"enabled": False},
        }
        ended = Playbooks(tmp_path).shipped(
            "alicloud.tls.mutual_tls",
            variables,
            **access_to(cloud.url),
        )
        assert ended.status == 2
        assert "CreateListener" not in cloud.actions
        assert "ListListeners" in cloud.actions
