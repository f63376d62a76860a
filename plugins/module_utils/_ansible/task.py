# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
A task: defined once, run by two fronts.

The module front runs it where the task's host is; the action front runs it inside the controller. Neither knows
more than this file, so both answer the same.
"""

from __future__ import annotations

import os
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from ansible.module_utils.common.parameters import remove_values

from .._core.errors import ApiError, InputError, JobFailedError, TlsError, UnreachableError
from .._core.pace import Pace
from .._core.plan import Cautious, Plan, Provisional, State, Step
from .._core.secrecy import has_key
from .._sdk.cloud import Cloud
from .options import ENVIRONMENT, Spec, access_of, access_options

# Stands in for one, in options that take none.
WITHHELD = "WITHHELD: THIS WAS A PRIVATE KEY"

# Seconds that putting something back may take, whatever is left of wait_timeout: half done is worse than late.
_TIME_TO_PUT_BACK = 30.0


@dataclass
class Given:
    """
    What one execution of a task has to go by.

    :param params: the checked options.
    :param base_dir: what relative paths are relative to.
    :param now: for expiry; UTC.
    """

    params: Mapping[str, t.Any]
    check_mode: bool
    base_dir: str
    now: datetime
    pace: Pace

    def text_of(self, name: str) -> tuple[str | None, str]:
        """
        What an option gives as text, or its twin C(…_path) as a file; and where it came from, for messages.

        :raises InputError: if the file cannot be read.
        """
        if self.params[name] is not None:
            return self.params[name], name
        if self.params[f"{name}_path"] is None:
            return None, name
        return self.file_of(f"{name}_path")

    def file_of(self, name: str) -> tuple[str, str]:
        """
        What is in the file that an option names; and where it came from, for messages.

        :raises InputError: if the file cannot be read.
        """
        path = self.params[name]
        if "-----" in path or "\n" in path:
            instead = (
                f"; give that as {name.removesuffix('_path')}" if name.removesuffix("_path") in self.params else ""
            )
            raise InputError(f"{name} is not a path but the text of a PEM file{instead}.")
        where = Path(self.base_dir, path)
        source = f"{name} {where}"
        try:
            return where.read_text(encoding="utf-8", errors="replace"), source
        except (OSError, ValueError) as exc:
            raise InputError(f"Cannot read {source}: {getattr(exc, 'strerror', exc)}.") from exc


@dataclass
class Run(Given):
    """
    One execution of a task that works with the cloud.

    :param done: sentences of the writes made so far.
    :param in_doubt: whether a write was sent whose answer never came.
    :param renewed: whether what was put back is another resource than before.
    :param resumable: whether the same task, run again, does the rest of what failed; else the message says what does.
    :param warnings: sentences for the user about what is odd, yet no failure.
    """

    cloud: Cloud
    done: list[str] = field(default_factory=list)
    in_doubt: bool = False
    renewed: bool = False
    resumable: bool = True
    warnings: list[str] = field(default_factory=list)


class Work(t.Protocol):
    """What one module does: a Task, which converges, an Inquiry, which only reads, or a Probe, which needs no cloud."""

    @property
    def constraints(self) -> Mapping[str, t.Any]:
        """C(mutually_exclusive) and its kin, as AnsibleModule takes them."""

    @property
    def key_options(self) -> frozenset[str]:
        """Options in whose text a private key may be."""

    def argument_spec(self) -> Spec:
        """Of all options."""

    def run(self, params: Mapping[str, t.Any], *, check_mode: bool, diff: bool, base_dir: str) -> dict[str, t.Any]:
        """The answer, with C(failed) if it is one. Does not raise what users have to know about."""


StateT = t.TypeVar("StateT", bound=State)
SentT = t.TypeVar("SentT")


@dataclass(frozen=True)
class Task(t.Generic[StateT, SentT]):
    """
    What a module that changes things does.

    :param answer: key of the resource in the answer.
    :param options: argument spec without the options all tasks share.
    :param constraints: C(mutually_exclusive) and its kin, as AnsibleModule takes them.
    :param make_plan: reads and decides; writes nothing. The same in check mode.
    :param send: makes one write of the plan; is given what the write before it returned, if there was one.
    :param settle: waits until a write can be seen, and tells what is there then.
    :param rehearse: has the API check a write without making it, and returns whether that was possible; for tasks with
        the option C(check_mode_dry_run).
    :param revise: makes another plan, from the same state to the same state, after the API refused a write (or its
        rehearsal) for a reason that the plan can do something about; None if it cannot. The new plan begins with the
        writes that were made already. Asked once.
    """

    answer: str
    options: Spec
    make_plan: Callable[[Run], Plan[StateT]]
    send: Callable[[Run, Step, SentT | None], SentT]
    settle: Callable[[Run, Plan[StateT], Step, SentT], StateT | None]
    constraints: Mapping[str, t.Any] = field(default_factory=dict)
    rehearse: Callable[[Run, Step], bool] | None = None
    revise: Callable[[Run, Plan[StateT], ApiError], Plan[StateT] | None] | None = None

    @property
    def key_options(self) -> frozenset[str]:
        return _marked(self.options)

    def argument_spec(self) -> Spec:
        return {**access_options(), **self.options}

    def run(self, params: Mapping[str, t.Any], *, check_mode: bool, diff: bool, base_dir: str) -> dict[str, t.Any]:
        return converge(self, params, check_mode=check_mode, diff=diff, base_dir=base_dir)


@dataclass(frozen=True)
class Inquiry:
    """
    What a module that only reads does.

    :param options: argument spec without the options all tasks share.
    :param constraints: C(mutually_exclusive) and its kin, as AnsibleModule takes them.
    :param look: reads; returns plain JSON types, by the keys of the answer.
    """

    options: Spec
    look: Callable[[Run], dict[str, list[dict[str, t.Any]]]]
    constraints: Mapping[str, t.Any] = field(default_factory=dict)

    @property
    def key_options(self) -> frozenset[str]:
        return _marked(self.options)

    def argument_spec(self) -> Spec:
        return {**access_options(), **self.options}

    def run(
        self,
        params: Mapping[str, t.Any],
        *,
        check_mode: bool,
        diff: bool,  # noqa: ARG002  (nothing ever differs)
        base_dir: str,
    ) -> dict[str, t.Any]:
        run = None
        try:
            run = _begin(self, params, check_mode=check_mode, base_dir=base_dir)
            found = self.look(run)
        except TlsError as error:
            answer = _failure(error, run, None)
            # Never any: nothing is written.
            del answer["steps"]
            return _without_secrets(answer, run)
        return _without_secrets({"changed": False, **found, **_cost(run)}, run)


@dataclass(frozen=True)
class Probe:
    """
    What a module does that only looks at something outside of the cloud's API.

    :param options: argument spec, whole; it has C(timeout) and C(interval), by which pauses go.
    :param look: looks; returns plain JSON types, by the keys of the answer.
    :param lacks: whether a library that it needs cannot be imported here, by the options as they came, unchecked.
    :param constraints: C(mutually_exclusive) and its kin, as AnsibleModule takes them.
    """

    options: Spec
    look: Callable[[Given], dict[str, t.Any]]
    lacks: Callable[[Mapping[str, t.Any]], bool]
    constraints: Mapping[str, t.Any] = field(default_factory=dict)

    @property
    def key_options(self) -> frozenset[str]:
        return _marked(self.options)

    def argument_spec(self) -> Spec:
        return self.options

    def run(
        self,
        params: Mapping[str, t.Any],
        *,
        check_mode: bool,
        diff: bool,  # noqa: ARG002  (nothing ever differs)
        base_dir: str,
    ) -> dict[str, t.Any]:
        pace = Pace(params["timeout"], longest=params["interval"])
        given = Given(params, check_mode, base_dir, datetime.now(timezone.utc), pace)
        answer: dict[str, t.Any] = {"changed": False}
        try:
            _require_no_misplaced_key(self, params)
            answer.update(self.look(given))
        except TlsError as error:
            answer.update(failed=True, msg=error.message, **error.facts())
        return {**answer, "waited": round(pace.waited, 3)}


def converge(
    task: Task[StateT, SentT], params: Mapping[str, t.Any], *, check_mode: bool, diff: bool, base_dir: str
) -> dict[str, t.Any]:
    """
    The one path of every changing task. Check mode leaves out the writes and what follows them, nothing else.

    :returns: the answer, with C(failed) if it is one.
    """
    run = None
    plan: Plan[StateT] | None = None
    rehearsed: list[str] | None = None
    try:
        run = _begin(task, params, check_mode=check_mode, base_dir=base_dir)
        plan = task.make_plan(run)
        after = plan.after
        if check_mode and task.rehearse is not None and run.params["check_mode_dry_run"]:
            try:
                rehearsed = _rehearse(run, plan, task.rehearse)
            except ApiError as error:
                revised = _revise(task, run, plan, error)
                if revised is None:
                    raise
                plan, after = revised, revised.after
                rehearsed = _rehearse(run, plan, task.rehearse)
        if plan.changed and not check_mode:
            plan, after = _apply(task, run, plan)
    except TlsError as error:
        return _without_secrets(_failure(error, run, plan), run)
    answer: dict[str, t.Any] = {
        "changed": plan.changed,
        task.answer: after.to_dict() if after else None,
        "previous": plan.before.to_dict() if plan.before else None,
        "steps": [step.sentence() for step in plan.steps],
        **_cost(run),
    }
    if rehearsed is not None:
        answer["dry_run"] = rehearsed
    if diff:
        answer["diff"] = _diff(plan.before, after)
    return _without_secrets(answer, run)


def _begin(task: Work, params: Mapping[str, t.Any], *, check_mode: bool, base_dir: str) -> Run:
    _require_no_misplaced_key(task, params)
    access = access_of(params, base_dir)
    pace = Pace(params["wait_timeout"])
    return Run(params, check_mode, base_dir, datetime.now(timezone.utc), pace, Cloud(access, pace))


def _marked(options: Spec) -> frozenset[str]:
    """The options that are marked as secret."""
    return frozenset(name for name, option in options.items() if option.get("no_log"))


def meant_by(task: Work, given: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """
    The options as both fronts take them, before anything is checked, logged or repeated.

    Empty ones are left out: to AWX that is a survey's question that nobody answered. Private keys are withheld from
    options that take none, which are refused for it later: see WITHHELD.

    :param given: options as they came, unknown ones too.
    """
    places = task.key_options
    meant = {name: value for name, value in given.items() if value != ""}
    return {name: value if name in places else _withheld(value) for name, value in meant.items()}


def _withheld(value: t.Any) -> t.Any:
    """The same, but for texts with a private key: the log of AnsibleModule and messages on wrong types tell values."""
    if isinstance(value, str):
        return WITHHELD if has_key(value) else value
    if isinstance(value, (list, tuple)):
        # Where one text is a key, the others may be the rest of its lines.
        lines = any(isinstance(one, str) and has_key(one) for one in value)
        return [WITHHELD if lines and isinstance(one, str) else _withheld(one) for one in value]
    if isinstance(value, Mapping):
        return {_withheld(key): _withheld(one) for key, one in value.items()}
    return value


def _require_no_misplaced_key(task: Work, params: Mapping[str, t.Any]) -> None:
    """:raises InputError: if there was a private key in an option that takes none."""
    place = " or ".join(sorted(task.key_options)) or "private_key of alicloud.tls.cas_certificate"
    for name, value in params.items():
        if name not in task.key_options and any(WITHHELD in text for text in _texts_of(value)):
            raise InputError(
                f"A private key was given as {name}, which takes none: nothing was sent, and what was given is not"
                f" repeated here. Give the key as {place} only, and change it if others may have seen it where it was."
            )


def _texts_of(value: t.Any) -> list[str]:
    """A text, or those in lists and dicts."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    return [text for one in value for text in _texts_of(one)] if isinstance(value, (list, tuple)) else []


def secrets_in(task: Work, params: Mapping[str, t.Any]) -> set[str]:
    """What no answer may repeat: secrets from options and environment."""
    spec = task.argument_spec()
    found = {text for name in _marked(spec) for text in _texts_of(params.get(name)) if text}
    variables = [one for name, option in spec.items() if option.get("no_log") for one in ENVIRONMENT.get(name, ())]
    return found | {value for one in variables if (value := os.environ.get(one))}


def _without_secrets(answer: dict[str, t.Any], run: Run | None) -> dict[str, t.Any]:
    """A second guard, for secrets that secrets_in() cannot know: no message is meant to have one."""
    found = run.cloud.access.found_secrets() if run else set()
    cleaned: dict[str, t.Any] = remove_values(answer, found) if found else answer
    return cleaned


def _apply(task: Task[StateT, SentT], run: Run, plan: Plan[StateT]) -> tuple[Plan[StateT], StateT | None]:
    """
    Make each write and see it done before the next: a resource takes no other change meanwhile.

    :returns: the plan that was carried out, and what is there then.
    """
    sent: SentT | None = None
    seen = plan.after
    first_plan = plan
    steps = list(plan.steps)
    while steps:
        step = steps.pop(0)
        try:
            sent = task.send(run, step, sent)
        except ApiError as error:
            revised = _revise(task, run, plan, error) if plan is first_plan else None
            if revised is not None:
                plan, steps = revised, list(revised.steps[len(run.done) :])
                continue
            error.message += f" Wanted: {step.sentence()}."
            if error.after_lost_try:
                run.in_doubt = True
                error.message += (
                    " A try before that got no answer, so whether it was done is not known; run the task again to find"
                    " out."
                )
            _put_back(task, run, plan, error)
            raise
        except TlsError as error:
            error.message += f" Wanted: {step.sentence()}."
            if isinstance(error, UnreachableError):
                run.in_doubt = True
                error.message += " Whether it was done is not known; run the task again to find out."
            raise
        run.done.append(step.sentence())
        try:
            seen = task.settle(run, plan, step, sent)
        except JobFailedError as error:
            run.done.pop()
            _put_back(task, run, plan, error)
            raise
    return plan, seen


def _rehearse(run: Run, plan: Plan[StateT], rehearse: Callable[[Run, Step], bool]) -> list[str]:
    # The writes after the first depend on it, so that the API could not judge them yet.
    return [step.sentence() for step in plan.steps[:1] if rehearse(run, step)]


def _revise(task: Task[StateT, SentT], run: Run, plan: Plan[StateT], error: ApiError) -> Plan[StateT] | None:
    revised = task.revise(run, plan, error) if task.revise else None
    made = len(run.done)
    return revised if revised and revised.steps[:made] == plan.steps[:made] else None


def _put_back(task: Task[StateT, SentT], run: Run, plan: Plan[StateT], error: TlsError) -> None:
    """Undo the write before the one that was refused, if it was made only for that one."""
    step = plan.steps[len(run.done) - 1] if run.done else None
    if not isinstance(step, Provisional):
        return
    reversal = step.reversal()
    # The time of the task may have been spent on what was refused.
    run.pace.allow_more(_TIME_TO_PUT_BACK)
    try:
        seen = task.settle(run, plan, reversal, task.send(run, reversal, None))
    except TlsError as second:
        error.message += f" It could not be put back as it was: {second.message}"
        return
    run.done.pop()
    error.message += f" It was put back as it was ({reversal.sentence()})."
    old, new = (one and one.to_dict().get("id") for one in (plan.before, seen))
    if old and new and old != new:
        run.renewed = True
        error.message += f" It has a new ID: {new}."


def _failure(error: TlsError, run: Run | None, plan: Plan[StateT] | None) -> dict[str, t.Any]:
    done = run.done if run else []
    message = error.message
    # The next one, too, if it may have been done.
    made = len(done) + int(run is not None and run.in_doubt)
    cautions = [step.caution() for step in plan.steps[:made] if isinstance(step, Cautious)] if plan else []
    if done:
        message += f" Already done: {'; '.join(done)}."
    if cautions:
        message += f" {' '.join(cautions)}"
    elif done and run is not None and run.resumable:
        message += " Running the task again goes on from there."
    changed = bool(done) or (run is not None and (run.in_doubt or run.renewed))
    answer = {"failed": True, "msg": message, "changed": changed, "steps": done, **_cost(run), **error.facts()}
    if changed and plan is not None:
        answer["previous"] = plan.before.to_dict() if plan.before else None
    return answer


def _cost(run: Run | None) -> dict[str, t.Any]:
    if run is None:
        return {"api_calls": {}, "waited": 0.0}
    warnings = {"warnings": run.warnings} if run.warnings else {}
    return {"api_calls": run.cloud.calls.to_dict(), "waited": round(run.pace.waited, 3), **warnings}


def _diff(before: State | None, after: State | None) -> dict[str, t.Any]:
    """Before and after: with the same keys, or with none where there is nothing."""
    shown = [one.summary() if one else {} for one in (before, after)]
    keys = list(dict.fromkeys(key for one in shown for key in one))
    title = next((one.title() for one in (after, before) if one), "nothing")
    aligned = [{key: one.get(key) for key in keys} if one else {} for one in shown]
    return {"before_header": title, "after_header": title, "before": aligned[0], "after": aligned[1]}
