# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Runs job templates of playbooks/awx as AWX does: by ansible-runner, in a private data directory, with surveys, injected
credentials, an inventory or a slice of it, and what jobs before have handed on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from dataclasses import dataclass
from pathlib import Path

import yaml
from ansible_collections.alicloud.tls.tests.unit.support.awx import ROOT, Answer, by_name, extra_vars, inject, pack
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import surroundings

_LONGEST = 300
# Playbooks that have no template.
ISSUE = {"playbook": "playbooks/issue_and_deploy.yml", "job_type": "run", "diff_mode": True}
SETUP = {"playbook": "playbooks/awx/setup.yml", "job_type": "run", "diff_mode": True}
# A type of credentials that AWX has by itself, for jobs that change AWX; as far as it is used here.
CONTROLLER: Answer = {
    "name": "Red Hat Ansible Automation Platform",
    "inputs": {
        "fields": [{"id": "host", "type": "string"}, {"id": "oauth_token", "type": "string", "secret": True}],
        "required": ["host"],
    },
    "injectors": {"env": {"CONTROLLER_HOST": "{{ host }}", "CONTROLLER_OAUTH_TOKEN": "{{ oauth_token }}"}},
}
LOCALHOST = {
    "localhost": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
}


@dataclass(frozen=True)
class Job:
    """
    What is left of a job.

    :param kept: text of all files that ansible-runner keeps, and of what it printed.
    :param told: the same without the file that has the environment, which AWX deletes after the job.
    :param handed_on: for the jobs after it.
    """

    status: int
    kept: str
    told: str
    stdout: str
    handed_on: Answer

    @property
    def hosts(self) -> dict[str, bool]:
        """Whether something was changed, by host."""
        lines = [line.split() for line in self.stdout.partition("PLAY RECAP")[2].splitlines() if "unreachable=" in line]
        return {line[0]: "changed=0" not in line for line in lines}


class Launcher:
    """
    :param directory: for the private data directories.
    :param environment: of all jobs.
    :param collections: further places of collections.
    """

    def __init__(self, directory: Path, environment: dict[str, str], *collections: Path) -> None:
        self._directory = directory
        self._environment = environment
        self._collections = collections
        self._pack = pack()
        self._templates = by_name(self._pack["awx_job_templates"])
        self._types = by_name([*self._pack["awx_credential_types"], CONTROLLER])
        self.jobs: dict[str, Job] = {}

    def launch(
        self,
        label: str,
        template: str | Answer,
        given: Answer,
        credentials: dict[str, Answer],
        *,
        hosts: Answer | None = None,
        verbosity: int = 0,
    ) -> Job:
        """
        Run a job to its end.

        :param label: names it.
        :param template: by its name, or a playbook that has none, as a template.
        :param given: answers and variables, as JSON types.
        :param credentials: inputs by the name of the credential's type.
        :param hosts: of the inventory, with their variables; else there is the host of the pack's inventory.
        """
        wanted = self._templates[template] if isinstance(template, str) else template
        survey = self._pack["awx_surveys"][wanted["survey"]] if "survey" in wanted else None
        place = self._directory / label
        for folder in ("env", "inventory", "bin"):
            (place / folder).mkdir(parents=True)
        (place / "project").symlink_to(ROOT, target_is_directory=True)
        injected = [inject(self._types[kind], inputs, place) for kind, inputs in credentials.items()]
        environment = surroundings(self._directory)
        paths = [environment["ANSIBLE_COLLECTIONS_PATH"], *map(str, self._collections)]
        environment |= {
            **self._environment,
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(paths),
            "PATH": f"{place / 'bin'}{os.pathsep}{environment.get('PATH', os.defpath)}",
        }
        for each in injected:
            environment |= each.environment
        own = wanted.get("extra_vars", {})
        variables = {**extra_vars(wanted, survey, given), "awx_job_id": len(self.jobs) + 1}
        for each in injected:
            variables |= each.variables
        arguments = ["--check"] * (wanted["job_type"] == "check") + ["--diff"] * wanted["diff_mode"]
        arguments += ["-" + "v" * verbosity] * (verbosity > 0)
        files = {
            "env/envvars": json.dumps(environment),
            "env/extravars": _dumped(variables, own),
            "env/cmdline": " ".join(arguments),
            "inventory/hosts.json": json.dumps({"all": {"hosts": hosts or LOCALHOST}}),
            "bin/ansible-playbook": f'#!/bin/sh\nexec "{sys.executable}" -m ansible playbook "$@"\n',
        }
        for name, text in files.items():
            (place / name).touch(mode=0o700)
            (place / name).write_text(text, encoding="utf-8")
        self.jobs[label] = self._run(place, wanted["playbook"])
        return self.jobs[label]

    def _run(self, place: Path, playbook: str) -> Job:
        ended = subprocess.run(
            [sys.executable, "-m", "ansible_runner", "run", str(place), "-p", playbook, "-i", "job"],
            cwd=place,
            env=surroundings(self._directory),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        kept = [file for file in sorted((place / "artifacts").rglob("*")) if file.is_file()]
        texts = {file: file.read_text(encoding="utf-8", errors="replace") for file in kept}
        events = [json.loads(text) for file, text in texts.items() if file.parent.name == "job_events"]
        stats = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
        handed_on = stats[0].get("artifact_data", {}) if stats else {}
        everything = "\n".join([*texts.values(), ended.stdout])
        told = "\n".join([*(text for file, text in texts.items() if file.name != "command"), ended.stdout])
        return Job(ended.returncode, everything, told, ended.stdout, handed_on)


def slices(hosts: Answer, count: int) -> list[Answer]:
    """The parts of an inventory that sliced jobs get."""
    names = sorted(hosts)
    return [{name: hosts[name] for name in names[number::count]} for number in range(count)]


class _Unsafe(str):
    """What Ansible is not to fill in. From ansible-core 2.19 on it reads an empty one as null."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes anchors for nothing, as they would be for the same text twice."""

    def ignore_aliases(self, _data: t.Any) -> bool:
        return True


_Dumper.add_representer(_Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text)))


def _dumped(variables: Answer, own: Answer) -> str:
    """The file of variables. Only those of the template itself can have something to be filled in."""
    marked = {
        name: value if name in own and own[name] == value else _marked(value) for name, value in variables.items()
    }
    return yaml.dump(marked, Dumper=_Dumper)


def _marked(value: t.Any) -> t.Any:
    if isinstance(value, str):
        return _Unsafe(value)
    if isinstance(value, dict):
        return {_marked(key): _marked(each) for key, each in value.items()}
    return [_marked(each) for each in value] if isinstance(value, list) else value
