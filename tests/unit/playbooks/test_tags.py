# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tag alone, where everything about a listener is to change: its step is done, and no other one."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.emulator.actions import is_read
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Ended, Playbooks, access_to


def _run(cloud: Emulator, directory: Path, tag: str, wanted: dict[str, t.Any]) -> Ended:
    """:param wanted: more variables, without the prefix of the role."""
    variables = {
        "region": "cn-hangzhou",
        "load_balancer": "demo",
        "verify": {"address": "127.0.0.1", "port": _port(cloud), "timeout": 1, "chain": False},
        **wanted,
    }
    return Playbooks(directory).shipped(
        "alicloud.tls.https_listener",
        {f"https_listener_{name}": value for name, value in variables.items()},
        "--tags",
        tag,
        **access_to(cloud.url),
    )


def _port(cloud: Emulator) -> int:
    (address,) = cloud.ports().values()
    port: int = address["443"]["tcp"]["port"]
    return port


def _changed(before: dict[str, t.Any], after: dict[str, t.Any]) -> set[str]:
    """What is different about the listener: names of its settings."""
    (old,), (new,) = before["listeners"], after["listeners"]
    old, new = {**old, **old["config"], "config": None}, {**new, **new["config"], "config": None}
    return {name for name in old if old[name] != new[name]}


@pytest.mark.parametrize(
    ("tag", "changed", "writes"),
    [
        ("certificates", {"certificate_ids"}, ["UploadUserCertificate", "UpdateListenerAttribute"]),
        ("mutual_auth", {"ca_enabled", "ca_certificate_ids"}, ["UploadPCACert", "UpdateListenerAttribute"]),
        ("listener", {"idle_timeout"}, ["UpdateListenerAttribute"]),
        # The default certificate is uploaded as well.
        (
            "additional_certificates",
            {"additional"},
            ["UploadUserCertificate", "AssociateAdditionalCertificatesWithListener"],
        ),
        ("security_policy", set(), ["CreateSecurityPolicy"]),
        ("verify", set(), []),
    ],
    ids=["certificates", "mutual_auth", "listener", "additional_certificates", "security_policy", "verify"],
)
def test_a_tag_alone_does_its_step_and_no_other(
    tag: str, changed: set[str], writes: list[str], pki: Pki, tmp_path: Path
) -> None:
    with Emulator(Settings(polls=0, strict_parameters=True), demo=True) as cloud:
        cloud.seed(
            {
                "certificates": [
                    {"name": "old", "certificate": pki.rsa.fullchain, "key": pki.rsa.key},
                    {"name": "api", "names": ["api.example.com"]},
                ],
                "listeners": [{"load_balancer": "demo", "server_groups": ["demo-web"], "certificates": ["old"]}],
            }
        )
        before, seeded = cloud.state(), len(cloud.actions)
        everything = {
            "server_group": "demo-web",
            "certificates": [pki.renewed.files(tmp_path)],
            "additional_certificates": [{"reference": "name:api"}],
            "security_policy": {
                "name": "strict",
                "tls_versions": ["TLSv1.2"],
                "ciphers": ["ECDHE-RSA-AES128-GCM-SHA256"],
            },
            "idle_timeout": 33,
            "mutual_auth": {"ca_certificate": pki.stranger.pem},
        }
        ended = _run(cloud, tmp_path, tag, everything)
        done = [action for action in cloud.actions[seeded:] if not is_read(action)]
        # Clients are asked only then; they are still served what is no longer wanted.
        assert ended.status == (2 if tag == "verify" else 0), ended.output
        assert ("See what clients are served: Not as wanted" in ended.output) == (tag == "verify")
        assert _changed(before, cloud.state()) == changed
        # The first CA of an account needs a repository, too.
        assert [action for action in done if action != "CreateWarehouse"] == writes


def test_verifying_alone_misses_a_certificate_that_is_given_as_a_file(pki: Pki, tmp_path: Path) -> None:
    with Emulator(Settings(polls=0, strict_parameters=True), demo=True) as cloud:
        old = {"name": "old", "certificate": pki.rsa.fullchain, "key": pki.rsa.key}
        listener = {"load_balancer": "demo", "server_groups": ["demo-web"], "certificates": ["old"]}
        cloud.seed({"certificates": [old], "listeners": [listener]})
        before = cloud.state()
        served = _run(cloud, tmp_path, "verify", {"certificates": [pki.rsa.files(tmp_path)]})
        assert served.status == 0, served.output
        missed = _run(cloud, tmp_path, "verify", {"certificates": [pki.renewed.files(tmp_path)]})
        assert missed.status == 2
        assert "See what clients are served: Not as wanted" in missed.output
        assert cloud.state() == before


def test_another_ca_alone_with_an_interruption(pki: Pki, tmp_path: Path) -> None:
    with Emulator(Settings(polls=0, strict_parameters=True), demo=True) as cloud:
        cloud.seed(
            {
                "certificates": [{"name": "old", "certificate": pki.rsa.fullchain, "key": pki.rsa.key}],
                "ca_certificates": [{"identifier": "1efd0000-0000-6000-8000-000000000001", "pem": pki.stranger.pem}],
                "listeners": [
                    {
                        "load_balancer": "demo",
                        "server_groups": ["demo-web"],
                        "certificates": ["old"],
                        "ca_certificate": "1efd0000-0000-6000-8000-000000000001",
                    }
                ],
            }
        )
        wanted = {"ca_certificate": pki.root.pem, "allow_interruption": True}
        ended = _run(cloud, tmp_path, "mutual_auth", {"mutual_auth": wanted, "idle_timeout": 33})
        assert ended.status == 0, ended.output
        (listener,) = cloud.state()["listeners"]
        assert listener["config"]["ca_enabled"]
        assert listener["config"]["ca_certificate_ids"] != ["1efd0000-0000-6000-8000-000000000001"]
        assert listener["config"]["idle_timeout"] != 33
