# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import bench
import pytest


def timings(*work: float) -> list[bench.Timing]:
    return [bench.Timing(seconds, seconds + 1.5) for seconds in work]


def test_rows_have_medians_and_ratios_to_the_base() -> None:
    taken = {"base": timings(9, 10, 50), "fast": timings(0.25, 0.5, 0.75)}
    assert bench.rows_of(taken, {"fast": 0.1}, "base", 50) == [
        bench.Row("base", ms=200, rest=1.5, ratio=bench.Figure(1)),
        bench.Row("fast", ms=10, rest=1.5, ratio=bench.Figure(0.05, 0.1)),
    ]


@pytest.mark.parametrize(
    ("value", "limit", "verdict"), [(6, 6, "met"), (6.01, 6, "missed"), (0, 1, "met"), (9, None, "")]
)
def test_a_figure_is_missed_beyond_its_limit(value: float, limit: float | None, verdict: str) -> None:
    figure = bench.Figure(value, limit)
    assert figure.verdict == verdict
    assert figure.missed is (verdict == "missed")


def test_the_table_has_the_wanted_beside_the_measured() -> None:
    rows = bench.rows_of({"no-op": timings(10), "module": timings(30)}, {"module": 2.8}, "no-op", 50)
    assert bench.format_times("loop", rows) == [
        "loop                        per item   / no-op    wanted                rest",
        "no-op                       200.0 ms     1.000                        1.50 s",
        "module                      600.0 ms     3.000   <= 2.80  missed      1.50 s",
    ]


def test_each_repetition_begins_with_another_case() -> None:
    cases = [bench.Case(name, lambda _items: None, 0) for name in "abc"]
    orders = ["".join(case.name for case in bench.in_turn(cases, repetition)) for repetition in range(4)]
    assert orders == ["abc", "bca", "cab", "abc"]


@pytest.mark.parametrize("arguments", [["--items", "1"], ["--repetitions", "0"], ["--itmes", "5"]])
def test_bad_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        bench.main(arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err
