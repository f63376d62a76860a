# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t
from datetime import timedelta, timezone

import pytest
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.task import Run, converge
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError, DeadlineError, InputError
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._ansible.boxes import Box, Shelf

SECRET = "the-secret-of-the-box"
KEYS = {"region": "cn-hangzhou", "access_key_id": "LTAI", "access_key_secret": "the-secret-of-the-key"}
REFUSED = ApiError(
    action="Grow", code="QuotaExceeded.Box", detail="Too big.", status=400, request_id="REQ-1", endpoint="api.test"
)


def run(shelf: Shelf, *, check_mode: bool = False, diff: bool = True, **options: t.Any) -> dict[str, t.Any]:
    """What the task answers, as JSON would carry it."""
    task = shelf.task()
    checked = ModuleArgumentSpecValidator(task.argument_spec(), **task.constraints).validate({**KEYS, **options})
    assert checked.error_messages == []
    answer = converge(task, checked.validated_parameters, check_mode=check_mode, diff=diff, base_dir="/")
    found: dict[str, t.Any] = json.loads(json.dumps(answer))
    return found


def without_number(answer: dict[str, t.Any]) -> dict[str, t.Any]:
    """Without what only the shelf can choose."""
    return {**answer, "box": answer["box"] and {**answer["box"], "number": None}}


@pytest.mark.parametrize(
    ("box", "size", "steps"),
    [
        pytest.param(None, 2, ["Grow: to 1", "Grow: to 2"], id="create"),
        pytest.param(Box(1, 7), 3, ["Grow: to 2", "Grow: to 3"], id="change"),
        pytest.param(Box(1, 7), None, ["Grow: to 0"], id="remove"),
        pytest.param(Box(1, 7), 1, [], id="as-it-is"),
        pytest.param(None, None, [], id="nothing"),
    ],
)
def test_check_mode_answers_what_the_run_answers(box, size, steps):
    shelf = Shelf(box)
    options = {} if size is None else {"size": size}
    told = run(shelf, check_mode=True, secret=SECRET, **options)
    assert (shelf.sent, shelf.box) == ([], box)
    done = run(shelf, secret=SECRET, **options)
    assert without_number(told) == without_number(done)
    assert told["steps"] == steps
    assert told["changed"] is bool(steps)
    assert [f"Grow: to {size}" for size in shelf.sent] == steps
    again = run(shelf, secret=SECRET, **options)
    assert (again["changed"], again["steps"], again["box"]) == (False, [], done["box"])
    assert again["previous"] == done["box"]
    assert SECRET not in json.dumps([told, done, again])


@pytest.mark.parametrize(
    ("box", "size", "before", "after"),
    [
        pytest.param(None, 1, {}, {"size": 1}, id="create"),
        pytest.param(Box(1), 2, {"size": 1}, {"size": 2}, id="change"),
        pytest.param(Box(1), None, {"size": 1}, {}, id="remove"),
        pytest.param(Box(1), 1, {"size": 1}, {"size": 1}, id="as-it-is"),
        pytest.param(None, None, {}, {}, id="nothing"),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_diff(box, size, before, after, check_mode):
    found = run(Shelf(box), check_mode=check_mode, **({} if size is None else {"size": size}))["diff"]
    assert (found["before"], found["after"]) == (before, after)
    assert found["before_header"] == found["after_header"] == ("nothing" if before == after == {} else "box")


def test_no_diff_unless_asked_for():
    assert "diff" not in run(Shelf(), diff=False, size=1)


def test_the_answer():
    assert run(Shelf(Box(1, 7)), diff=False, size=2) == {
        "changed": True,
        "box": {"number": 7, "size": 2},
        "previous": {"number": 7, "size": 1},
        "steps": ["Grow: to 2"],
        "api_calls": {},
        "waited": 0.0,
    }


class OddShelf(Shelf):
    def make_plan(self, run: Run) -> t.Any:
        run.warnings.append("The shelf leans.")
        return super().make_plan(run)


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("size", [2, -1])
def test_warnings_are_answered_in_success_and_failure(size, check_mode):
    answer = run(OddShelf(), size=size, check_mode=check_mode)
    assert answer["warnings"] == ["The shelf leans."]
    assert answer.get("failed", False) is (size < 0)
    assert "warnings" not in run(Shelf(), size=size, check_mode=check_mode)


def test_a_write_is_told_of_the_one_before_it():
    shelf = Shelf()
    run(shelf, size=3)
    assert shelf.before == [None, 1, 2]


def test_a_failure_after_a_first_write_tells_what_was_done():
    shelf = Shelf(fails_at={3: REFUSED})
    found = run(shelf, size=4, secret=SECRET)
    assert found["failed"] is True
    assert found["changed"] is True
    assert found["steps"] == ["Grow: to 1", "Grow: to 2"]
    assert found["error"]["code"] == "QuotaExceeded.Box"
    for part in ("QuotaExceeded.Box", "REQ-1", "Wanted: Grow: to 3", "Already done: Grow: to 1; Grow: to 2."):
        assert part in found["msg"]
    assert SECRET not in json.dumps(found)
    assert shelf.box == Box(2)


def test_a_failure_of_the_first_write_changes_nothing():
    found = run(Shelf(fails_at={1: DeadlineError("No time was left.")}), size=2)
    assert (found["failed"], found["changed"], found["steps"]) == (True, False, [])
    assert "Already done" not in found["msg"]
    assert "error" not in found


def test_a_failure_to_settle_has_changed_something():
    found = run(Shelf(late=DeadlineError("Not seen in time.")), size=1)
    assert (found["failed"], found["changed"], found["steps"]) == (True, True, ["Grow: to 1"])
    assert found["msg"].startswith("Not seen in time. Already done: Grow: to 1.")


@pytest.mark.parametrize(
    ("options", "part"),
    [
        pytest.param({"size": -1}, "size must not be negative", id="plan"),
        pytest.param({"size": 1, "region": "mars"}, "'mars' is not", id="region"),
        pytest.param({"size": 1, "access_key_id": ""}, "No Alibaba Cloud credentials", id="credentials"),
        pytest.param({"size": 1, "wait_timeout": 0}, "wait_timeout must be", id="time"),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_bad_input_fails_before_any_write(options, part, check_mode):
    shelf = Shelf()
    found = run(shelf, check_mode=check_mode, **options)
    assert part in found.pop("msg")
    assert found == {"failed": True, "changed": False, "steps": [], "api_calls": {}, "waited": 0.0}
    assert shelf.sent == []


def test_what_is_not_an_own_error_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run(Shelf(fails_at={1: ZeroDivisionError()}), size=1)


def test_the_run_knows_the_time_in_utc():
    shelf = Shelf()
    run(shelf, size=1)
    assert shelf.runs[0].now.tzinfo is timezone.utc
    assert shelf.runs[0].now.utcoffset() == timedelta(0)


def run_of(base_dir: object, **params: object) -> Run:
    shelf = Shelf()
    run(shelf, size=1)
    found = shelf.runs[0]
    return Run({"text": None, "text_path": None, **params}, False, str(base_dir), found.now, found.pace, found.cloud)


def test_text_of_an_option():
    assert run_of("/", text="hello").text_of("text") == ("hello", "text")
    assert run_of("/").text_of("text") == (None, "text")


@pytest.mark.parametrize("absolute", [False, True])
def test_text_of_a_file(tmp_path, absolute):
    path = tmp_path / "a.pem"
    path.write_bytes("héllo\n".encode())
    found = run_of(tmp_path, text_path=str(path) if absolute else "a.pem").text_of("text")
    assert found == ("héllo\n", f"text_path {path}")


def test_text_of_a_file_that_is_no_text(tmp_path):
    (tmp_path / "a.der").write_bytes(b"\x30\x82\xff")
    text, _source = run_of(tmp_path, text_path="a.der").text_of("text")
    assert text is not None


@pytest.mark.parametrize(
    ("path", "part"),
    [pytest.param("missing.pem", "No such file", id="missing"), pytest.param(".", "Is a directory", id="directory")],
)
def test_a_file_that_cannot_be_read(tmp_path, path, part):
    with pytest.raises(InputError) as caught:
        run_of(tmp_path, text_path=path).text_of("text")
    assert caught.value.message.startswith(f"Cannot read text_path {tmp_path}")
    assert part in caught.value.message


def test_a_path_with_a_null_byte_is_bad_input(tmp_path):
    with pytest.raises(InputError, match="Cannot read text_path"):
        run_of(tmp_path, text_path="a\0b").text_of("text")


def test_options_are_the_shared_ones_and_the_own():
    spec = Shelf().task().argument_spec()
    assert {"region", "access_key_secret", "wait_timeout", "size", "text_path"} <= set(spec)
