# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module's main() inside the test's process, and keeps all that it says."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import typing as t
from collections.abc import Iterator
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer

MODULES = "ansible_collections.alicloud.tls.plugins.modules"


@contextlib.contextmanager
def _arguments(arguments: Answer) -> Iterator[None]:
    """Hand arguments to the next AnsibleModule, as the ansible-core at hand wants it."""
    if importlib.util.find_spec("ansible.module_utils.testing"):
        testing = importlib.import_module("ansible.module_utils.testing")
        with testing.patch_module_args(arguments):
            yield
    else:  # ansible-core 2.16
        encoded = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        with mock.patch.object(basic, "_ANSIBLE_ARGS", encoded):
            yield


# Which RAM actions each module has used so far, for dev/permissions.py.
ACTIONS: dict[str, set[str]] = {}
_PRODUCTS = {"2020-06-16": "alb", "2020-04-07": "yundun-cert"}


class Runner:
    """
    Runs modules.

    :param cloud: that they talk to.
    :param defaults: options of each run; None in a run takes one out.
    :ivar said: everything that was written to stdout, stderr and the system's log.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str], log: list[str], cloud: Emulator, defaults: Answer) -> None:
        self._cloud = cloud
        self._capsys = capsys
        self._log = log
        self.defaults = defaults
        self._said: list[str] = []
        # Numbers of the calls that are known to be a module's: one may run while another does.
        self._theirs: set[int] = set()

    @property
    def said(self) -> str:
        return "".join([*self._said, *self._log])

    def forget(self) -> None:
        """Begin anew to keep what is said."""
        self._said.clear()
        self._log.clear()

    def __call__(self, module: str, *, check: bool = False, diff: bool = True, **options: t.Any) -> Answer:
        """Run a module that is to succeed."""
        answer = self._run(module, check, diff, options)
        assert not answer.get("failed"), answer["msg"]
        return answer

    def fails(self, module: str, *, check: bool = False, diff: bool = True, **options: t.Any) -> Answer:
        """Run a module that is to fail."""
        answer = self._run(module, check, diff, options)
        assert answer.get("failed"), answer
        return answer

    def either(self, module: str, *, check: bool = False, diff: bool = True, **options: t.Any) -> Answer:
        """Run a module that may succeed or fail."""
        return self._run(module, check, diff, options)

    def _run(self, module: str, check: bool, diff: bool, options: Answer) -> Answer:
        given = {name: value for name, value in {**self.defaults, **options}.items() if value is not None}
        given.update(_ansible_check_mode=check, _ansible_diff=diff, _ansible_module_name=f"alicloud.tls.{module}")
        self._capsys.readouterr()  # what the test itself has printed
        if "inject_invocation" in PASS_VARS:  # where that is a choice
            given["_ansible_inject_invocation"] = True
        main = importlib.import_module(f"{MODULES}.{module}").main
        last = max((call.number for call in self._cloud.calls), default=0)
        # Where they go depends on the version of ansible-core, and on what else the process has imported.
        warnings: list[str] = []
        warn = mock.patch.object(basic.AnsibleModule, "warn", lambda _self, text: warnings.append(text))
        with _arguments(given), warn, pytest.raises(SystemExit) as ended:
            main()
        made = [call for call in self._cloud.calls if call.number > last and call.number not in self._theirs]
        self._theirs.update(call.number for call in made)
        ACTIONS.setdefault(module, set()).update(f"{_PRODUCTS[call.version]}:{call.action}" for call in made)
        stdout, stderr = self._capsys.readouterr()
        self._said += [stdout, stderr, *warnings]
        answer: Answer = json.loads(stdout)
        if warnings:
            answer["warnings"] = warnings
        assert ended.value.code == (1 if answer.get("failed") else 0)
        assert not stderr
        return answer
