# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Where the demo and the benchmark work: a private temporary directory, child processes with an environment of their own,
and an end that leaves neither files nor processes behind, whatever happens.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import tree

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STOP_SECONDS = 10.0
# What children may know of the caller's environment. Whatever names an account, a proxy or a configuration is not here.
_PASSED_ON = ("PATH", "TERM", "COLORTERM", "NO_COLOR", "LD_LIBRARY_PATH")


class Interrupted(BaseException):
    """
    Somebody wants this process to end.

    :ivar number: the signal that said so.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Workplace:
    """
    A directory (0700) and the processes started from it; both are gone when the context ends.

    `SIGINT`, `SIGTERM` and `SIGHUP` raise `Interrupted`, but never while a child is being started or while cleaning
    up. One per process, in its main thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._children: list[subprocess.Popen[bytes]] = []
        self._handlers: dict[int, t.Any] = {}
        self._held = 0
        self._pending: int | None = None
        self.directory = Path()

    def __enter__(self) -> Workplace:
        with self._undisturbed():
            self._handlers = {number: signal.signal(number, self._interrupt) for number in _SIGNALS}
            self.directory = Path(tempfile.mkdtemp(prefix=f"alicloud-tls-{self._name}-")).resolve()
            for name in ("home", "tmp"):
                (self.directory / name).mkdir()
            (self.directory / "ansible.cfg").touch()
        return self

    def __exit__(self, kind: object, *_exception: object) -> None:
        self._held += 1
        for child in reversed(self._children):
            self.stop(child)
        shutil.rmtree(self.directory)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        if self._pending is not None and kind is None:
            raise Interrupted(self._pending)

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """
        What every child gets: nothing of the caller's but how to find programs and how the terminal is.

        :param extra: added to it.
        """
        return {
            **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            # Ansible wants UTF-8, and the output is to be the same everywhere.
            "LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",
            "HOME": str(self.directory / "home"),
            "TMPDIR": str(self.directory / "tmp"),
            **(extra or {}),
        }

    def ansible_environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """What `ansible-playbook` gets: this collection, and no configuration, inventory or files of the caller's."""
        return self.environment(
            {
                "ANSIBLE_CONFIG": str(self.directory / "ansible.cfg"),
                "ANSIBLE_HOME": str(self.directory / "home/ansible"),
                "ANSIBLE_LOCAL_TEMP": str(self.directory / "tmp"),
                "ANSIBLE_REMOTE_TEMP": str(self.directory / "tmp/remote"),
                "ANSIBLE_COLLECTIONS_PATH": str(tree.link()),
                # There is only localhost: nothing to warn about.
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                **(extra or {}),
            }
        )

    def start(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        output: t.IO[bytes] | None = None,
    ) -> subprocess.Popen[bytes]:
        """
        Start a program in a session of its own, so that Ctrl-C reaches it only through here.

        :param cwd: the workplace's directory, if not given.
        :param output: where stdout and stderr go, if not where ours do.
        """
        with self._undisturbed():
            child = subprocess.Popen(
                command,
                env=dict(env),
                cwd=cwd or self.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=None if output is None else subprocess.STDOUT,
                start_new_session=True,
            )
            self._children.append(child)
        return child

    def run(
        self, command: Sequence[str], *, env: Mapping[str, str], output: t.IO[bytes] | None = None, seconds: float
    ) -> int:
        """
        Run a program to its end.

        :param seconds: how long it may take.
        :returns: its exit status.
        :raises TimeoutError: if it takes longer; it is stopped then.
        """
        sys.stdout.flush()
        child = self.start(command, env=env, output=output)
        try:
            return child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop(child)
            raise TimeoutError(f"{Path(command[0]).name} was not done after {seconds:g} s") from None

    def playbook(
        self, *arguments: str, env: Mapping[str, str], output: t.IO[bytes] | None = None, seconds: float = 120
    ) -> int:
        """
        Run `ansible-playbook` of this interpreter's environment in the workplace's directory.

        :returns: its exit status.
        :raises TimeoutError: if it takes longer than `seconds`.
        """
        command = [sys.executable, "-m", "ansible", "playbook", *arguments]
        return self.run(command, env=self.ansible_environment(env), output=output, seconds=seconds)

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """End a child and reap it; by force, with all of its session, if it does not end when asked."""
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self._children.remove(child)

    @contextlib.contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """Put interruptions off."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        if self._pending is not None:
            raise Interrupted(self._pending)

    def _interrupt(self, number: int, _frame: object) -> None:
        if self._held:
            self._pending = number
        else:
            raise Interrupted(number)


def wait_for(path: Path, child: subprocess.Popen[bytes], *, seconds: float) -> None:
    """
    Wait until a child has written a file.

    :raises RuntimeError: if the child ends before.
    :raises TimeoutError: if it does not in that time.
    """
    deadline = time.monotonic() + seconds
    while not path.exists():
        if child.poll() is not None:
            raise RuntimeError(f"it ended with exit status {child.returncode}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"it was not ready after {seconds:g} s")
        time.sleep(0.02)
