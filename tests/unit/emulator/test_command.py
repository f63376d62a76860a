# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: python -m tests.emulator"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import typing as t
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS, RawClient

_MODULE = "ansible_collections.alicloud.tls.tests.emulator"
_TREE = Path(__file__).resolve().parents[3]


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.emulator", *arguments]


def _control(url: str, method: str, path: str) -> t.Any:
    request = urllib.request.Request(f"{url}/_emulator/{path}", method=method)  # noqa: S310 - http, and loopback
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
        return json.load(answer)


@contextmanager
def running(tmp_path: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, t.Any]]]:
    ready = tmp_path / "ready.json"
    process = subprocess.Popen(
        _command("--ready-file", str(ready), "--lifetime", "60", *arguments),
        cwd=_TREE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 30
        while not ready.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield process, json.loads(ready.read_text(encoding="utf-8"))
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_start_and_stop_by_signal(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, "--demo-seed") as (process, ready):
        sites = ready.pop("cas_endpoints")
        assert ready == {"url": f"http://{ready['endpoint']}", "endpoint": ready["endpoint"], "pid": process.pid}
        assert set(sites) == {"cn-hangzhou", "ap-southeast-1"}
        assert sites["cn-hangzhou"] == ready["endpoint"] != sites["ap-southeast-1"]
        assert RawClient(sites["ap-southeast-1"]).call("ListCertificates", version=CAS).code == "ok"
        assert RawClient(ready["endpoint"]).call("ListLoadBalancers").body["TotalCount"] == 2
        listener = {
            "LoadBalancerId": "alb-demo0000000000000",
            "ListenerProtocol": "HTTP",
            "ListenerPort": 80,
            "DefaultActions.1.Type": "ForwardGroup",
            "DefaultActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId": "sgp-demo0000000000000",
        }
        assert RawClient(ready["endpoint"]).call("CreateListener", listener).code == "ok"
        _control(ready["url"], "POST", "settle")
        began = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - began < 3
    assert process.returncode == 0
    assert "export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI-emulator" in out
    assert f"export ALIBABA_CLOUD_ALB_ENDPOINT={ready['url']}" in out
    assert f"ALIBABA_CLOUD_CAS_ENDPOINT=http://{sites['ap-southeast-1']}" in out
    assert "POST ListLoadBalancers 200 ok" in err
    assert re.search(r"lsn-\w+ \(HTTP 80 of alb-demo0000000000000\) at 127.0.0.1:\d+ listens", err)
    assert "Traceback" not in err


def test_options_seed_file_and_stop_by_control(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"load_balancers": [{"load_balancer_id": "alb-1"}]}), encoding="utf-8")
    options = ("--seed", str(seed), "--quiet", "--polls", "5", "--strict-parameters", "--no-data-plane")
    with running(tmp_path, *options, "--set", "certificate_name_length=9") as (process, ready):
        raw = RawClient(ready["endpoint"])
        assert raw.call("GetLoadBalancerAttribute", {"LoadBalancerId": "alb-1"}).code == "ok"
        assert raw.call("ListListeners", {"Odd": 1}).code == "InvalidParameter"
        settings = _control(ready["url"], "GET", "settings")
        assert (settings["polls"], settings["data_plane"], settings["certificate_name_length"]) == (5, False, 9)
        _control(ready["url"], "POST", "stop")
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_lifetime() -> None:
    done = subprocess.run(_command("--lifetime", "0.1"), cwd=_TREE, capture_output=True, timeout=20, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--host", "0.0.0.0"), "loopback addresses only"),  # noqa: S104 - it is refused
        (("--host", "192.0.2.1"), "loopback addresses only"),
        (("--host", "example.com"), "loopback addresses only"),
        (("--set", "colour=1"), "there is no setting 'colour'"),
        (("--set", "polls"), "NAME=JSON"),
        (("--seed", "/does/not/exist"), "No such file"),
        (("--port", "99999"), "from 0 to 65535"),
        (("--port", "-1"), "from 0 to 65535"),
        (("--second-port", "65536"), "from 0 to 65535"),
        (("--port", "http"), "--port"),
        (("--lifetime", "nan"), "--lifetime"),
        (("--lifetime", "-1"), "--lifetime"),
    ],
)
def test_bad_arguments(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.alicloud.tls.tests.emulator.__main__ import main

    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_unsafe_bind_takes_any_address(capsys: pytest.CaptureFixture[str]) -> None:
    """Here one that no machine has, so that nothing is bound: to be refused by the system, it must have been asked."""
    from ansible_collections.alicloud.tls.tests.emulator.__main__ import main

    assert main(["--host", "192.0.2.1", "--unsafe-bind", "--lifetime", "0.1"]) == 1
    assert "192.0.2.1" in capsys.readouterr().err


def test_bad_seed_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "seed.json").write_text('{"colours": []}', encoding="utf-8")
    done = subprocess.run(
        _command("--seed", str(tmp_path / "seed.json")),
        cwd=_TREE,
        capture_output=True,
        timeout=20,
        check=False,
        text=True,
    )
    assert done.returncode == 2
    assert "a seed has no colours" in done.stderr


def test_runs_under_its_full_name(tmp_path: Path) -> None:
    """As integration targets start it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-m", _MODULE, "--lifetime", "0.1", "--quiet"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
