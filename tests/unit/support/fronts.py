# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks through either front, and what tasks in them have registered."""

from __future__ import annotations

import json
import re
import typing as t
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.alicloud.tls.tests.emulator import DEMO_ACCESS_KEY_ID, DEMO_ACCESS_KEY_SECRET, Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Playbooks

# Values of ALICLOUD_TLS_FAST_PATH.
SWITCHES = {"action": "", "module": "0"}
_RESULTS = "results.json"


@dataclass(frozen=True)
class Front:
    """
    What came of playbooks through one front.

    :param jobs: what ansible-runner keeps of them, a directory for each; none if they were run without it.
    """

    output: str
    results: dict[str, Answer]
    jobs: tuple[Path, ...] = ()

    def __add__(self, other: Front) -> Front:
        return Front(self.output + other.output, {**self.results, **other.results}, self.jobs + other.jobs)


def task(name: str, module: str, options: Answer, keywords: Answer) -> Answer:
    return {"name": name, module: options, "register": name, "ignore_errors": True, **keywords}


def keep(names: Iterable[str]) -> Answer:
    """A task that writes registered results down for play()."""
    content = "{{ {" + ", ".join(f"'{name}': {name}" for name in names) + "} | to_json }}"
    file = {"dest": "{{ playbook_dir }}/" + _RESULTS, "content": content, "mode": "0600"}
    return {"name": "keep", "ansible.builtin.copy": file}


def plays(cloud: Emulator, tasks: list[Answer], variables: Answer) -> list[Answer]:
    """A playbook whose tasks talk to this cloud; the secret of its access key is the variable C(secret)."""
    options = {
        "region": "cn-hangzhou",
        "access_key_id": DEMO_ACCESS_KEY_ID,
        "access_key_secret": "{{ secret }}",
        "alb_endpoint": cloud.url,
        "cas_endpoint": cloud.url,
        "wait_timeout": 20,
    }
    return [
        {
            "name": "fronts",
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "module_defaults": {"group/alicloud.tls.all": options},
            "vars": {
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                "secret": DEMO_ACCESS_KEY_SECRET,
                **variables,
            },
            "tasks": tasks,
        }
    ]


def play(
    directory: Path, cloud: Emulator, tasks: list[Answer], variables: Answer, front: str, *, by_runner: bool = False
) -> Front:
    """Run tasks, of which the last is keep(), with -vvvv."""
    playbooks = Playbooks(directory)
    environment = {"ALICLOUD_TLS_FAST_PATH": SWITCHES[front], "ANSIBLE_INJECT_INVOCATION": "1"}
    run = playbooks.job if by_runner else playbooks.run
    ended = run(plays(cloud, tasks, variables), "-vvvv", **environment)
    results = ended.place / _RESULTS
    assert results.is_file(), ended.output[-3000:]
    jobs = (ended.artifacts,) if ended.artifacts else ()
    return Front(ended.output, json.loads(results.read_text(encoding="utf-8")), jobs)


def masked(value: t.Any) -> t.Any:
    """Without what no two runs have in common."""
    if isinstance(value, dict):
        return {key: masked(each) for key, each in value.items() if key not in ("waited", "create_time")}
    if isinstance(value, list):
        return [masked(each) for each in value]
    if isinstance(value, str):
        value = re.sub(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", "REQUEST-ID", value)
        # Identifiers of CAs begin with the time.
        value = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-6[0-9a-f]{3}(?=-[0-9a-f]{4}-[0-9a-f]{12})", "TIME", value)
        value = re.sub(r"/\S*/fronts\d+", "DIRECTORY", value)
        return re.sub(r"127\.0\.0\.1:\d+", "ENDPOINT", value)
    return value
