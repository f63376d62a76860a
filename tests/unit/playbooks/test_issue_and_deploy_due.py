# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
When the playbook issue_and_deploy has a certificate issued: check mode for an inventory with certificates of all ages.

None of it needs an ACME server.
"""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass
from datetime import timedelta

import pytest
from ansible_collections.alicloud.tls.tests.unit.support import others
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Ended, Playbooks, surroundings

_MISSING = others.missing("community.crypto", "ansible_collections/community/crypto")
pytestmark = pytest.mark.skipif(bool(_MISSING), reason=_MISSING)

# Where nobody listens: who asked it would fail in another way.
SERVER = "https://127.0.0.1:1/dir"
NAME = "shop.example.com"
REQUEST = {"acme_directory": SERVER, "domains": [NAME], "key": "RSA 2048"}


@dataclass(frozen=True)
class Host:
    """
    An inventory host that stands for a certificate.

    :param days: that the certificate is valid for.
    :param left: days of these that are left, and an hour.
    :param reason: why it is due; empty if it is not.
    """

    days: int
    left: int
    reason: str = ""
    variables: tuple[tuple[str, t.Any], ...] = ()


HOSTS = {
    "many_left": Host(90, 30),
    "few_left": Host(90, 29, "29 days are left, fewer than 30"),
    "over": Host(90, -2, "-2 days are left, fewer than 30"),
    # Half of its time at most.
    "half_left": Host(6, 3),
    "less_than_half_left": Host(7, 3, "3 days are left, fewer than 4"),
    "few_wanted": Host(90, 10, variables=(("issue_and_deploy_remaining_days", 10),)),
    "forced": Host(90, 80, "issue_and_deploy_force is set", (("issue_and_deploy_force", True),)),
    "other_key": Host(90, 80, "something else is asked for: key", (("issue_and_deploy_rsa_size", 3072),)),
}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> Ended:
    directory = tmp_path_factory.mktemp("due")
    (directory / "dns.yml").write_text("[]", encoding="utf-8")
    for name, host in HOSTS.items():
        place = directory / f"certificates/{name}.rsa"
        place.mkdir(parents=True)
        left = host.left + timedelta(hours=1) / timedelta(days=1)
        old = pki.issue(name, start=left - host.days, end=left)
        (place / "certificate.pem").write_text(old.pem, encoding="ascii")
        (place / "request.json").write_text(json.dumps(REQUEST), encoding="utf-8")
    shared = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    hosts = {name: {**shared, **dict(host.variables)} for name, host in HOSTS.items()}
    inventory = directory / "certificates.json"
    inventory.write_text(json.dumps({"certificates": {"hosts": hosts}}), encoding="utf-8")
    variables = {
        "issue_and_deploy_hosts": "certificates",
        "issue_and_deploy_acme_directory": SERVER,
        "issue_and_deploy_directory": f"{directory}/certificates",
        "issue_and_deploy_dns_tasks": f"{directory}/dns.yml",
        "issue_and_deploy_domains": [NAME],
        "issue_and_deploy_name": "{{ inventory_hostname }}",
        "issue_and_deploy_with": "none",
    }
    paths = f"{surroundings(directory)['ANSIBLE_COLLECTIONS_PATH']}:{others.PLACE}"
    return Playbooks(directory).shipped(
        "alicloud.tls.issue_and_deploy",
        variables,
        "--check",
        "-i",
        str(inventory),
        ANSIBLE_COLLECTIONS_PATH=paths,
        ANSIBLE_PIPELINING="1",
    )


def test_nothing_is_done(ended: Ended) -> None:
    assert ended.status == 0, ended.output[-3000:]
    kept = {path.parent.name: path for path in ended.place.glob("certificates/*/*") if path.name != "certificate.pem"}
    assert set(kept) == {f"{name}.rsa" for name in HOSTS}
    assert {json.dumps(json.loads(path.read_text(encoding="utf-8"))) for path in kept.values()} == {json.dumps(REQUEST)}


@pytest.mark.parametrize("name", HOSTS)
def test_a_certificate_is_issued_if_it_is_due(ended: Ended, name: str) -> None:
    host = HOSTS[name]
    told = f"would be issued, as {host.reason}" if host.reason else f"is valid for {host.left} days"
    (message,) = re.findall(rf'\[{name}\] => {{\s+"msg": \[\s+"(.+)"', ended.output)
    assert message == f"RSA certificate for {NAME}: {told}"
    (changed,) = re.findall(rf"^{name} +: ok=\d+ +changed=(\d+)", ended.output, re.MULTILINE)
    assert changed == str(int(bool(host.reason)))
