# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

# It imports from `tests`, which a type checker that reads this file does not find.
bench_emulator = importlib.import_module("bench_emulator")


@pytest.mark.parametrize(
    ("values", "wanted", "at_most", "verdict"),
    [
        ((1, 9, 2), 2, True, "met"),
        ((1, 3, 9), 2, True, "missed"),
        ((1000, 1, 2000), 1000, False, "met"),
        ((999, 1, 2000), 1000, False, "missed"),
        ((5,), None, True, ""),
    ],
)
def test_a_figure_is_its_median(values: tuple[float, ...], wanted: float | None, at_most: bool, verdict: str) -> None:
    figure = bench_emulator.Figure("name", values, "s", wanted, at_most)
    assert figure.missed is (verdict == "missed")
    assert verdict in figure.line()


@pytest.mark.skipif(sys.platform != "linux", reason="CPU time and memory come from /proc")
def test_requests_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_emulator, "_SCALE", {"load_balancers": 2, "listeners": 2, "certificates": 1})
    took, memory = bench_emulator.seeding(tmp_path)
    assert 0 < took < 30
    assert memory > 10**7
    per_second, _per_cpu_second = bench_emulator.requests(tmp_path, 200, None)
    assert per_second > 10
