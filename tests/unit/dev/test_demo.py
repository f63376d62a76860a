# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import _emulator
import demo
import pytest


def line(task: str, *, changed: bool) -> str:
    diff = {"after": task}
    return json.dumps(
        {"task": f"role : {task}", "changed": changed, "diff": diff, "steps": [f"do {task}"], "said": None}
    )


def recap(**counters: int) -> str:
    return json.dumps({"recap": {"one": counters, "two": counters}})


def test_a_record_has_what_changed_and_the_recap() -> None:
    said = json.dumps({"task": "say", "changed": False, "said": {"plan": ["one", "two"], "rest": "none"}})
    text = "\n".join([line("upload", changed=True), line("look", changed=False), said, recap(ok=3, changed=1)])
    record = demo.Record.read(text)
    assert record.changes == [demo.Change("role : upload", {"after": "upload"}, ("do upload",))]
    assert record.tasks == ["upload"]
    assert record.said == [["plan:", "  one", "  two", "rest:", "  none"]]
    assert record.recap == {"ok": 6, "changed": 2}


def test_a_record_without_recap_is_refused() -> None:
    with pytest.raises(ValueError, match="recap"):
        demo.Record.read(line("upload", changed=True))


def test_proofs_are_kept_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    proofs = demo.Proofs()
    proofs.begin("1.", "1. First")
    proofs.that(so=True, sentence="it is", otherwise="it is not")
    with pytest.raises(demo.NotSoError, match="it is not"):
        proofs.that(so=False, sentence="it is as well", otherwise="it is not")
    assert proofs.sentences == {"1.": ["it is"]}
    assert capsys.readouterr().out == "\n1. First\n========\n  proven: it is\n"


def test_table() -> None:
    assert demo.table([("step", "calls"), ("1. check", "5")]) == ["step      calls", "1. check  5"]


def test_repeated_first_cells_are_left_out() -> None:
    rows = [("a", "1"), ("a", "2"), ("b", "3"), ("a", "4")]
    assert demo.without_repeats(rows) == [("a", "1"), ("", "2"), ("b", "3"), ("a", "4")]


def test_actions_are_told_apart_and_counted() -> None:
    actions = ["GetListenerAttribute", "UpdateListenerAttribute", "GetListenerAttribute", "ListAsynJobs"]
    assert _emulator.writes(actions) == ["UpdateListenerAttribute"]
    assert _emulator.counted(actions) == "GetListenerAttribute x2, UpdateListenerAttribute, ListAsynJobs"
    assert _emulator.counted([]) == "none"
