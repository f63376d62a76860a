# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tls_endpoint_info where a library is missing, or cannot be imported, through both fronts."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.fronts import SWITCHES, keep, task
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Playbooks

MISSING, BROKEN = "raise ModuleNotFoundError('it is not there')", "raise AttributeError('lib has no GEN_EMAIL')"
PORT = {"address": "127.0.0.1", "port": 1}


def _answers(directory: Path, front: str, library: str, code: str, tasks: dict[str, Answer]) -> dict[str, Answer]:
    """What tasks answer where a library does that when it is imported."""
    package = directory / "shadow" / library
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(code, encoding="utf-8")
    play = {
        "name": "missing",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "tasks": [
            *(task(name, "alicloud.tls.tls_endpoint_info", {**PORT, **options}, {}) for name, options in tasks.items()),
            keep(tasks),
        ],
    }
    path = os.pathsep.join(filter(None, (str(package.parent), os.environ.get("PYTHONPATH"))))
    ended = Playbooks(directory).run([play], PYTHONPATH=path, ALICLOUD_TLS_FAST_PATH=SWITCHES[front])
    results = directory / "results.json"
    assert results.is_file(), ended.output[-3000:]
    found: dict[str, Answer] = json.loads(results.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("front", SWITCHES)
@pytest.mark.parametrize(("code", "reason"), [(MISSING, "it is not there"), (BROKEN, "lib has no GEN_EMAIL")])
def test_without_pyopenssl(tmp_path: Path, front: str, code: str, reason: str) -> None:
    (answer,) = _answers(tmp_path, front, "OpenSSL", code, {"looked": {}}).values()
    assert answer["failed"]
    assert answer["msg"].startswith(
        f"The Python package pyOpenSSL (25.2 or later) cannot be used by {sys.executable}: {reason}. Install "
    )


@pytest.mark.parametrize("front", SWITCHES)
def test_without_aioquic(tmp_path: Path, front: str) -> None:
    """TLS over TCP does not need it."""
    tasks: dict[str, Answer] = {"tcp": {}, "quic": {"transport": "quic"}}
    answers = _answers(tmp_path, front, "aioquic", MISSING, tasks)
    assert not answers["tcp"].get("failed")
    assert answers["tcp"]["endpoints"][0]["error"] == "Connection refused"
    assert answers["quic"]["failed"]
    assert answers["quic"]["msg"].startswith(
        "transport=quic needs the Python package aioquic (1.2 or later), which cannot be used by"
        f" {sys.executable}: it is not there. Install "
    )
