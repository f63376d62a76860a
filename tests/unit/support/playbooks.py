# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs playbooks with the ansible-core that runs the tests, in a home of their own, or has ansible-runner do so."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.alicloud.tls.tests import emulator

# The directory with ansible_collections in it.
_TREE = Path(emulator.__file__).parents[5]

# What AWX runs jobs with; not for Windows, and nothing that the collection itself needs.
HAS_RUNNER = importlib.util.find_spec("ansible_runner") is not None


def surroundings(home: Path) -> dict[str, str]:
    """The environment of ansible-playbook, with a home of its own and nothing of whoever runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "LC_ALL": kept.get("LC_ALL", "C.UTF-8"),
        "ANSIBLE_HOME": f"{home}/.ansible",
        "ANSIBLE_LOCAL_TEMP": f"{home}/.ansible/tmp",
        "ANSIBLE_REMOTE_TEMP": f"{home}/.ansible/remote",
        "ANSIBLE_ASYNC_DIR": f"{home}/.ansible/async",
        "ANSIBLE_COLLECTIONS_PATH": str(_TREE),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_RETRY_FILES_ENABLED": "0",
        "ANSIBLE_DEVEL_WARNING": "0",
        # None of our own: what is on the way to the emulator must not meet a proxy.
        "NO_PROXY": "127.0.0.1",
    }


def access_to(url: str) -> dict[str, str]:
    """The environment of a user of an emulator at this URL."""
    return {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": emulator.DEMO_ACCESS_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": emulator.DEMO_ACCESS_KEY_SECRET,
        "ALIBABA_CLOUD_ALB_ENDPOINT": url,
        "ALIBABA_CLOUD_CAS_ENDPOINT": url,
    }


@dataclass(frozen=True)
class Ended:
    """
    :param place: directory of the playbook.
    :param artifacts: what ansible-runner keeps of the job; None if it was not asked.
    """

    status: int
    output: str
    place: Path
    artifacts: Path | None = None


class Playbooks:
    """
    :param directory: where playbooks are; also the home of what they run as.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "elsewhere").mkdir(exist_ok=True)

    def run(self, plays: list[dict[str, t.Any]], *arguments: str, **environment: str) -> Ended:
        """
        Run plays, from a working directory that is not that of the playbook.

        :param plays: as JSON types.
        :param environment: further variables.
        """
        playbook = self.directory / "play.yml"
        playbook.write_text(json.dumps(plays), encoding="utf-8")
        command = ["-m", "ansible", "playbook", "-i", "localhost,", *arguments, str(playbook)]
        ended = self._run(command, environment)
        return Ended(ended.returncode, ended.stdout, self.directory)

    def shipped(self, name: str, variables: dict[str, t.Any], *arguments: str, **environment: str) -> Ended:
        """
        Run a playbook of the collection by its name.

        :param variables: as JSON types; in a file, as users have them.
        :param arguments: may come with variables that go before those.
        """
        inventory = self.directory / "inventory"
        inventory.mkdir(exist_ok=True)
        host = "localhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n"
        (inventory / "hosts").write_text(host, encoding="utf-8")
        (self.directory / "variables.json").write_text(json.dumps(variables), encoding="utf-8")
        variable_file = f"@{self.directory / 'variables.json'}"
        command = ["-m", "ansible", "playbook", "-i", str(inventory / "hosts"), name, "-e", variable_file, *arguments]
        ended = self._run(command, environment)
        return Ended(ended.returncode, ended.stdout, self.directory)

    def job(self, plays: list[dict[str, t.Any]], *arguments: str, **environment: str) -> Ended:
        """Run plays likewise, but by ansible-runner, which keeps what AWX keeps of a job."""
        for folder in ("bin", "project", "inventory"):
            (self.directory / folder).mkdir()
        program = self.directory / "bin" / "ansible-playbook"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ansible playbook "$@"\n', encoding="utf-8")
        program.chmod(0o700)
        (self.directory / "inventory" / "hosts").write_text("localhost\n", encoding="utf-8")
        (self.directory / "project" / "play.yml").write_text(json.dumps(plays), encoding="utf-8")
        # A process of its own: what starts others with a terminal of theirs should have no threads.
        command = ["-m", "ansible_runner", "run", str(self.directory), "-p", "play.yml", "-i", "job", *arguments]
        path = f"{program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        ended = self._run(command, {"PATH": path, **environment})
        return Ended(ended.returncode, ended.stdout, self.directory / "project", self.directory / "artifacts" / "job")

    def _run(self, command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.directory / "elsewhere",
            env={**surroundings(self.directory), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,
            check=False,
        )
