# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core import pace
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._core.fake_time import FakeTime
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import LocalApi, serving


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what needs real time."""
    monkeypatch.setattr(pace, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(pace, "_LONGEST_PAUSE", 0.05)


@pytest.fixture(name="time")
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def api() -> Iterator[LocalApi]:
    with serving() as one:
        yield one
