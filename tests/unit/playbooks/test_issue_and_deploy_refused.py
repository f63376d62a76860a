# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook issue_and_deploy refuses before it does anything; none of it needs an ACME server."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Playbooks

# Where nobody listens: who asked it would fail in another way.
GOOD = {
    "issue_and_deploy_acme_directory": "https://127.0.0.1:1/dir",
    "issue_and_deploy_domains": ["shop.example.com", "*.shop.example.com"],
    "issue_and_deploy_dns_tasks": "dns.yml",
}
# Why, by what is refused; the rest of the sentence is of no interest here.
REFUSED: dict[str, tuple[Answer, str]] = {
    "no names": ({"issue_and_deploy_domains": []}, "issue_and_deploy_domains has to have host names"),
    "a name twice": ({"issue_and_deploy_domains": ["a.example", "A.example"]}, "each once"),
    "an address": ({"issue_and_deploy_domains": ["https://a.example"]}, "issue_and_deploy_domains has to have"),
    "two wildcards": ({"issue_and_deploy_domains": ["*.*.a.example"]}, "not more than a * as the first label"),
    "a wildcard inside": ({"issue_and_deploy_domains": ["a.*.example"]}, "not more than a * as the first label"),
    "other letters": ({"issue_and_deploy_domains": ["bücher.example"]}, "written as in DNS (xn--)"),
    "a relative directory": ({"issue_and_deploy_directory": "certificates"}, "have to be absolute"),
    "a relative key": ({"issue_and_deploy_account_key_path": "account.key.pem"}, "have to be absolute"),
    "a name with a path": ({"issue_and_deploy_name": "../shop"}, "issue_and_deploy_name can have letters"),
    "no tasks": ({"issue_and_deploy_dns_tasks": "other.yml"}, "There is no file with tasks that write DNS records"),
    "no tasks where they should be": ({"issue_and_deploy_dns_tasks": "/other.yml"}, "Looked for: /other.yml."),
    "certificates of others to rotate": ({"certificate_rotation_certificates": []}, "Leave out certificate_rotation_"),
    "certificates of others to serve": (
        {"issue_and_deploy_with": "https_listener", "https_listener_certificates": []},
        "Leave out certificate_rotation_certificates and https_listener_certificates",
    ),
    "another kind of key": ({"issue_and_deploy_key_types": ["DSA"]}, "RSA, ECC"),
    "another deployment": ({"issue_and_deploy_with": "ftp"}, "rotation, https_listener, none"),
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("refused")
    (directory / "inventory").mkdir()
    (directory / "inventory" / "dns.yml").write_text("[]", encoding="utf-8")
    return directory


@pytest.fixture(scope="module")
def refusals(directory: Path) -> dict[str, str]:
    """The message for each, all from one run."""
    tasks: list[dict[str, t.Any]] = []
    for name, (variables, _why) in REFUSED.items():
        included = {"name": "alicloud.tls.issue_and_deploy"}
        keep = {"messages": "{{ messages | combine({wanted: ansible_failed_result.msg}) }}"}
        tasks.append(
            {
                "name": name,
                "vars": {"wanted": name, **variables},
                "block": [{"name": name, "ansible.builtin.include_role": included}],
                "rescue": [{"name": "keep", "ansible.builtin.set_fact": keep}],
            }
        )
    file = {"dest": f"{directory}/messages.json", "content": "{{ messages | to_json }}", "mode": "0600"}
    tasks.append({"name": "write", "ansible.builtin.copy": file})
    play = {
        "name": "refused",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "messages": {},
            **GOOD,
            "issue_and_deploy_dns_tasks": f"{directory}/inventory/dns.yml",
            "issue_and_deploy_directory": f"{directory}/certificates",
        },
        "tasks": tasks,
    }
    ended = Playbooks(directory).run([play])
    assert ended.status == 0, ended.output[-3000:]
    found: dict[str, str] = json.loads((directory / "messages.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused(refusals: dict[str, str], directory: Path, name: str) -> None:
    assert REFUSED[name][1] in refusals[name]
    assert not (directory / "certificates").exists()


def test_without_the_collection_it_says_how_to_get_it(directory: Path) -> None:
    """No path has it here; that there are tasks is seen in the directory of the inventory."""
    variables = {**GOOD, "issue_and_deploy_directory": f"{directory}/certificates"}
    environment = {"ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false"}
    ended = Playbooks(directory).shipped("alicloud.tls.issue_and_deploy", variables, **environment)
    assert ended.status == 2
    assert (
        "Certificates are issued with the collection community.crypto, version 2.10 or newer, which is not there."
        in (ended.output)
    )
    assert "ansible-galaxy collection install community.crypto" in ended.output
    assert "couldn't resolve module" not in ended.output
    assert not (directory / "certificates").exists()
