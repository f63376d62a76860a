# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulated cloud, certificates, and running modules against it. Nothing here leaves the loopback interface."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import typing as t
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from ansible.module_utils import basic
from ansible_collections.alicloud.tls.plugins.module_utils._ansible import task
from ansible_collections.alicloud.tls.plugins.module_utils._core import pace
from ansible_collections.alicloud.tls.tests.emulator import (
    DEMO_ACCESS_KEY_ID,
    DEMO_ACCESS_KEY_SECRET,
    Emulator,
    Settings,
)
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki
from ansible_collections.alicloud.tls.tests.unit.support.runner import ACTIONS, Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

_VARIABLES = ("ALIBABA_CLOUD_", "ALICLOUD_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_MORE_VARIABLES = ("DEBUG", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


# The same examples in every run: a failure is of the change, not of chance, and no slow machine fails a deadline.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None)
hypothesis.settings.load_profile("fixed")


def pytest_configure(config: pytest.Config) -> None:
    # The SDK's own affair.
    config.addinivalue_line("filterwarnings", "ignore:datetime.datetime.utcnow:DeprecationWarning:alibabacloud_.*")


def pytest_sessionfinish() -> None:
    """Write down what modules used, if dev/permissions.py is to compare it with what they document."""
    wanted = os.environ.get("ALICLOUD_TLS_ACTIONS")
    if wanted:
        used = {module: sorted(actions) for module, actions in sorted(ACTIONS.items())}
        Path(wanted).write_text(json.dumps(used, indent=1), encoding="utf-8")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither credentials nor proxies of whoever runs the tests."""
    for name in list(os.environ):
        if name.upper().startswith(_VARIABLES) or name in _MORE_VARIABLES:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def strangers(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Addresses outside of the loopback interface that something tried to connect to; none is ever reached."""
    tried: list[object] = []
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse(address: t.Any) -> None:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            tried.append(address)
            raise ConnectionRefusedError(f"tests do not connect to {address}")

    def guarded_connect(self: socket.socket, address: t.Any) -> None:
        refuse(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: t.Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    return tried


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session")
def pki() -> Pki:
    return Pki()


@pytest.fixture(scope="session")
def _emulator() -> Iterator[Emulator]:
    with Emulator(Settings(strict_parameters=True, polls=2, data_plane=False), demo=True) as emulator:
        yield emulator


@pytest.fixture
def cloud(_emulator: Emulator) -> Emulator:
    """A new cloud: two load balancers and a server group, no listener, no certificate, no call yet."""
    _emulator.reset()
    return _emulator


@pytest.fixture
def run(cloud: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Runs modules against the cloud, with short pauses."""
    log: list[str] = []
    monkeypatch.setattr(pace, "_FIRST_PAUSE", 0.005)
    monkeypatch.setattr(task, "_TIME_TO_PUT_BACK", 1.0)
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, text, **more: log.append(f"{text} {more}"))
    defaults = {
        "region": "cn-hangzhou",
        "access_key_id": DEMO_ACCESS_KEY_ID,
        "access_key_secret": DEMO_ACCESS_KEY_SECRET,
        "alb_endpoint": cloud.url,
        "cas_endpoint": cloud.url,
        "wait_timeout": 20,
    }
    return Runner(capsys, log, cloud, defaults)


@pytest.fixture
def stage(run: Runner, cloud: Emulator, pki: Pki) -> Stage:
    return Stage(run, cloud, pki)
