# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
What is in playbooks/awx, and what AWX makes of it when it launches a job: written from AWX's documentation and its
sources, not with AWX, which is not here.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from ansible_collections.alicloud.tls.tests import emulator
from ansible_collections.alicloud.tls.tests.unit.support import others
from jinja2 import StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

Answer = dict[str, t.Any]

ROOT = Path(emulator.__file__).resolve().parents[2]
PACK = ROOT / "playbooks/awx"

_MISSING = others.missing("awx.awx", "ansible_collections/awx/awx")
needs_awx = pytest.mark.skipif(bool(_MISSING), reason=_MISSING)


class _Loader(yaml.SafeLoader):
    """Knows what Ansible is not to fill in."""


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(t.cast("yaml.ScalarNode", node)))


def read(path: Path) -> t.Any:
    """What is in a file of variables."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe one


def pack() -> Answer:
    """All variables of the pack."""
    return {name: value for path in sorted((PACK / "vars").glob("*.yml")) for name, value in read(path).items()}


def shipped() -> set[str]:
    """All playbooks of the collection, by their paths in the project. Beside them are tasks and variables of theirs."""
    files = {str(path.relative_to(ROOT)): read(path) for path in (ROOT / "playbooks").rglob("*.yml")}
    return {path for path, plays in files.items() if isinstance(plays, list) and "hosts" in plays[0]}


def by_name(things: list[Answer]) -> dict[str, Answer]:
    return {thing["name"]: thing for thing in things}


# --- surveys -------------------------------------------------------------------------------------------------------

_TYPES: dict[str, t.Any] = {"text": str, "textarea": str, "multiplechoice": str, "integer": int, "multiselect": list}


def trouble(question: Answer, value: t.Any) -> str:
    """Why AWX does not take an answer to a question; empty if it does."""
    kind = question["type"]
    if not isinstance(value, _TYPES[kind]) or isinstance(value, bool):
        return f"{question['variable']}: {value!r} is not of type {kind}"
    least, most = question.get("min"), question.get("max")
    size = value if kind == "integer" else len(value)
    if kind in ("integer", "text", "textarea") and not (
        (least is None or least <= size) and (most is None or size <= most)
    ):
        return f"{question['variable']}: {value!r} is too small or too large"
    chosen = value if kind == "multiselect" else [value] if kind == "multiplechoice" else []
    strangers = [each for each in chosen if each not in question["choices"]]
    return f"{question['variable']}: {strangers} are no choices" if strangers else ""


def extra_vars(template: Answer, survey: Answer | None, given: Answer) -> Answer:
    """
    The extra variables of a job: those of the template, over them what its survey has by default, and what is given.

    :param given: answers, variables and what jobs of the same workflow have handed on.
    """
    defaults = {}
    for question in survey["spec"] if survey else []:
        name = question["variable"]
        assert not question["required"] or name in given, f"{name} is missing"
        told = trouble(question, given[name]) if name in given else ""
        assert not told, told
        if "default" in question and not trouble(question, question["default"]):
            defaults[name] = question["default"]
    return {**template.get("extra_vars", {}), **defaults, **given}


# --- credentials ---------------------------------------------------------------------------------------------------


@dataclass
class Injected:
    """What a job gets from its credentials."""

    environment: dict[str, str] = field(default_factory=dict)
    variables: Answer = field(default_factory=dict)


def inject(kind: Answer, inputs: Answer, directory: Path) -> Injected:
    """
    What a credential gives a job.

    :param kind: its type.
    :param directory: for its files.
    """
    fields = {each["id"]: each for each in kind["inputs"]["fields"]}
    assert set(inputs) <= set(fields), "no such inputs"
    assert set(kind["inputs"]["required"]) <= set(inputs), "inputs are missing"
    defaults = {name: each["default"] for name, each in fields.items() if "default" in each}
    return _rendered(kind, {**defaults, **inputs}, directory, Undefined)


def check_injectors(kind: Answer, directory: Path) -> None:
    """:raises jinja2.UndefinedError: if an injector uses an input that the type does not have, as AWX would refuse."""
    everything = {each["id"]: "x" for each in kind["inputs"]["fields"]}
    _rendered(kind, everything, directory, StrictUndefined)


def _rendered(kind: Answer, inputs: Answer, directory: Path, undefined: type[Undefined]) -> Injected:
    engine = ImmutableSandboxedEnvironment(undefined=undefined)
    injectors = kind["injectors"]
    names: Answer = dict(inputs)
    paths = {}
    for label, template in injectors.get("file", {}).items():
        stem = label.removeprefix("template.")
        path = directory / f"tower_{stem}"
        path.touch(mode=0o600)
        path.write_text(engine.from_string(template).render(inputs), encoding="utf-8")
        paths[stem] = str(path)
    names["tower"] = {"filename": paths}

    def render(part: t.Any) -> t.Any:
        if isinstance(part, dict):
            return {name: render(value) for name, value in part.items()}
        if isinstance(part, list):
            return [render(value) for value in part]
        return engine.from_string(part).render(names)

    return Injected(render(injectors.get("env", {})), render(injectors.get("extra_vars", {})))
