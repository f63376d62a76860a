# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-runner, and so AWX, keeps of a job has no private key in it, through either front."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_traces
from ansible_collections.alicloud.tls.tests.unit.support.fronts import SWITCHES, plays, task
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki, encrypted
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import surroundings

# Not for Windows, and nothing that the collection itself needs.
pytest.importorskip("ansible_runner")

CAS = "alicloud.tls.cas_certificate"
UPLOAD = {"certificate": "{{ rsa_pem }}", "private_key": "{{ rsa_key }}"}
TASKS: dict[str, tuple[Answer, Answer]] = {
    "planned": (UPLOAD, {"check_mode": True, "diff": True}),
    "done": (UPLOAD, {"diff": True}),
    "hidden": (UPLOAD, {"no_log": True}),
    "refused": ({**UPLOAD, "access_key_secret": "not-the-secret"}, {}),
    "key_of_another": ({**UPLOAD, "private_key": "{{ other_key }}"}, {}),
    "key_encrypted": ({**UPLOAD, "private_key": "{{ encrypted_key }}"}, {}),
    "key_as_path": ({"certificate": "{{ rsa_pem }}", "private_key_path": "{{ rsa_key }}"}, {}),
    "key_as_name": ({**UPLOAD, "name": "{{ rsa_key }}"}, {}),
    "hidden_key_of_another": ({**UPLOAD, "private_key": "{{ other_key }}"}, {"no_log": True}),
}
CHANGE = {"planned", "done"}
FAIL = {"refused", "key_of_another", "key_encrypted", "key_as_path", "key_as_name", "hidden_key_of_another"}


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> dict[str, Path]:
    """The directory of each front's job."""
    variables = {
        "rsa_pem": pki.rsa.fullchain,
        "rsa_key": pki.rsa.key,
        "other_key": pki.renewed.key,
        "encrypted_key": encrypted(pki.rsa, traditional=True),
    }

    def job(front: str) -> Path:
        directory = tmp_path_factory.mktemp("job")
        for folder in ("bin", "project", "inventory", "elsewhere"):
            (directory / folder).mkdir()
        binary = directory / "bin" / "ansible-playbook"
        binary.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ansible playbook "$@"\n', encoding="utf-8")
        binary.chmod(0o700)
        (directory / "inventory" / "hosts").write_text("localhost\n", encoding="utf-8")
        around = surroundings(directory)
        around |= {"PATH": f"{binary.parent}:{around['PATH']}", "ALICLOUD_TLS_FAST_PATH": SWITCHES[front]}
        with Emulator(Settings(strict_parameters=True, polls=0, data_plane=False), demo=True) as cloud:
            tasks = [task(name, CAS, *each) for name, each in TASKS.items()]
            playbook = json.dumps(plays(cloud, tasks, variables))
            (directory / "project" / "play.yml").write_text(playbook, encoding="utf-8")
            # A process of its own: what starts others with a terminal of theirs should have no threads.
            ended = subprocess.run(
                [sys.executable, "-m", "ansible_runner", "run", str(directory), "-p", "play.yml", "-i", "job", "-vvvv"],
                cwd=directory / "elsewhere",
                env={**around, "ANSIBLE_INJECT_INVOCATION": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=300,
                check=False,
            )
        assert ended.returncode == 0, ended.stdout[-3000:]
        artifacts = directory / "artifacts" / "job"
        # What runner itself has printed counts as well.
        (artifacts / "printed").write_text(ended.stdout, encoding="utf-8")
        return artifacts

    for bundle in (pki.rsa, pki.renewed):
        assert bundle.pem  # made before there are threads
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(SWITCHES, pool.map(job, SWITCHES), strict=True))


def told(directory: Path) -> str:
    files = [path for path in directory.rglob("*") if path.is_file()]
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def events(directory: Path, kind: str) -> dict[str, Answer]:
    """Answers by name of the task."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in (directory / "job_events").glob("*.json")]
    data = [event["event_data"] for event in found if event["event"] == kind]
    return {each["task"]: each["res"] for each in data}


@pytest.mark.parametrize("front", SWITCHES)
def test_the_job_is_what_it_is_meant_to_be(artifacts: dict[str, Path], front: str) -> None:
    fine, failed = (events(artifacts[front], kind) for kind in ("runner_on_ok", "runner_on_failed"))
    assert set(fine) == set(TASKS) - FAIL
    assert set(failed) == FAIL
    assert {name for name, each in fine.items() if each.get("changed")} == CHANGE
    assert "censored" in fine["hidden"]
    text = told(artifacts[front])
    assert "not-the-secret" not in text
    assert ("AnsiballZ_cas_certificate" in text) is (front == "module")
    assert "private_key" in text


@pytest.mark.parametrize("front", SWITCHES)
def test_no_file_of_the_job_has_a_private_key(artifacts: dict[str, Path], pki: Pki, front: str) -> None:
    text = told(artifacts[front])
    assert pki.rsa.sha256 in text
    for key in (pki.rsa.key, pki.renewed.key, encrypted(pki.rsa, traditional=True)):
        assert key_traces(key, text, public=pki.rsa.fullchain) == []


def test_a_private_key_in_a_file_of_the_job_would_be_found(tmp_path: Path, pki: Pki) -> None:
    (tmp_path / "job_events").mkdir()
    event = {"event": "verbose", "stdout": f"\u001b[0;34mchanged: {json.dumps({'key': pki.rsa.key})}\u001b[0m"}
    (tmp_path / "job_events" / "1-0.json").write_text(json.dumps(event), encoding="utf-8")
    assert key_traces(pki.rsa.key, told(tmp_path), public=pki.rsa.fullchain)
