# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from _workplace import Interrupted, Workplace, wait_for

SLEEPER = [sys.executable, "-c", "import pathlib, signal; pathlib.Path('up').touch(); signal.pause()"]
STUBBORN = [sys.executable, "-c", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER[2]]


def test_the_directory_is_private_and_goes_away() -> None:
    with Workplace("test") as place:
        directory = place.directory
        assert directory.stat().st_mode & 0o777 == 0o700
        (directory / "file").touch()
    assert not directory.exists()


def test_children_know_nothing_of_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_REGION", "HTTPS_PROXY", "ANSIBLE_STDOUT_CALLBACK", "HOME"):
        monkeypatch.setenv(name, "/of/the/caller")
    with Workplace("test") as place:
        found = place.ansible_environment({"ALICLOUD_REGION": "cn-hangzhou"})
        assert "/of/the/caller" not in found.values()
        assert found["ALICLOUD_REGION"] == "cn-hangzhou"
        assert Path(found["HOME"]).parent == place.directory


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_ends_the_children(number: signal.Signals) -> None:
    handler = signal.getsignal(number)
    place = Workplace("test")
    children: list[subprocess.Popen[bytes]] = []
    with pytest.raises(Interrupted) as caught:
        _interrupt(place, number, children)
    assert caught.value.number == number
    assert [child.returncode for child in children] == [-signal.SIGTERM]
    assert not place.directory.exists()
    assert signal.getsignal(number) is handler


def _interrupt(place: Workplace, number: signal.Signals, children: list[subprocess.Popen[bytes]]) -> None:
    """Interrupt this process while a child runs."""
    with place:
        children.append(place.start(SLEEPER, env=place.environment()))
        wait_for(place.directory / "up", children[0], seconds=20)
        os.kill(os.getpid(), number)
        children[0].wait(20)


def test_a_stubborn_child_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("_workplace._STOP_SECONDS", 0.1)
    with Workplace("test") as place:
        child = place.start(STUBBORN, env=place.environment())
        wait_for(place.directory / "up", child, seconds=20)
    assert child.returncode == -signal.SIGKILL


def test_a_run_has_a_deadline() -> None:
    with Workplace("test") as place, pytest.raises(TimeoutError, match=r"not done after 0\.2 s"):
        place.run(SLEEPER, env=place.environment(), seconds=0.2)


def test_a_run_gives_its_exit_status_and_output() -> None:
    with Workplace("test") as place:
        log = place.directory / "log"
        with log.open("wb") as output:
            command = [sys.executable, "-c", "import sys; print('out', flush=True); sys.exit('err')"]
            assert place.run(command, env=place.environment(), output=output, seconds=20) == 1
        assert log.read_text(encoding="utf-8").splitlines() == ["out", "err"]


def test_waiting_ends_with_the_child() -> None:
    with Workplace("test") as place:
        child = place.start([sys.executable, "-c", "raise SystemExit(3)"], env=place.environment())
        with pytest.raises(RuntimeError, match="exit status 3"):
            wait_for(place.directory / "never", child, seconds=20)


def test_waiting_has_a_deadline() -> None:
    with Workplace("test") as place:
        child = place.start(SLEEPER, env=place.environment())
        with pytest.raises(TimeoutError, match=r"not ready after 0\.1 s"):
            wait_for(place.directory / "never", child, seconds=0.1)
