# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of an action: a table of what there is, and the typed, structured values of one call."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .errors import malformed, missing
from .invented import invented

Kind = t.Literal["text", "int", "bool"]
_INDEX = re.compile(r"[1-9][0-9]{0,5}")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True)
class Parameter:
    """
    A parameter by its name on the wire, with N for each place of a list index.

    Limits that are broken are refused with an invented code, since none is documented.
    """

    name: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    items: int | None = None
    """Greatest number of items of the outermost list."""

    def value(self, sent_name: str, text: str) -> str | int | bool:
        if self.kind == "bool":
            lowered = text.strip().lower()
            if lowered not in ("true", "false"):
                raise malformed(sent_name)
            return lowered == "true"
        if self.kind == "int":
            if not _INTEGER.fullmatch(text.strip()):
                raise malformed(sent_name)
            number = int(text)
            if (self.minimum is not None and number < self.minimum) or (
                self.maximum is not None and number > self.maximum
            ):
                raise invented("range", f"{sent_name} must be between {self.minimum} and {self.maximum}.")
            return number
        if self.choices and text not in self.choices:
            raise invented("choice", f"{sent_name} must be one of {', '.join(self.choices)}.")
        return text


def text(name: str, *choices: str, items: int | None = None) -> Parameter:
    return Parameter(name, choices=choices, items=items)


def integer(name: str, minimum: int | None = None, maximum: int | None = None) -> Parameter:
    return Parameter(name, "int", minimum=minimum, maximum=maximum)


def flag(name: str) -> Parameter:
    return Parameter(name, "bool")


class Arguments:
    """The values of one call. A list is a list in the order of its indexes, a nested name a dictionary."""

    def __init__(self, values: Mapping[str, t.Any]) -> None:
        self._values = values

    @classmethod
    def decode(
        cls, sent: Mapping[str, str], known: Mapping[str, Parameter], required: Iterable[str], *, strict: bool
    ) -> Arguments:
        """
        Check names and types, and build the structure.

        :raises ApiRefusal: missing, malformed, out of limits, or (strict) unknown parameter
        """
        present = {name: value for name, value in sent.items() if value != ""}
        for name in required:
            if not any(each == name or each.startswith(f"{name}.") for each in present):
                raise missing(name)
        tree: dict[str, t.Any] = {}
        for name, value in sent.items():
            segments = name.split(".")
            pattern = ".".join("N" if _INDEX.fullmatch(segment) else segment for segment in segments)
            parameter = known.get(pattern)
            if parameter is None:
                if strict:
                    raise invented("unknown-parameter", f"The action has no parameter {name}.")
                continue
            if value == "" and (parameter.kind != "text" or parameter.choices):
                continue
            _place(tree, segments, parameter.value(name, value))
        arguments = cls(t.cast("dict[str, t.Any]", _listed(tree)))
        for name in required:
            # What was sent may have been of a form that is ignored, as an item without a number.
            if not arguments._has(name):
                raise missing(name)
        for parameter in known.values():
            outer = parameter.name.split(".", 1)[0]
            if parameter.items is not None and len(arguments._list(outer)) > parameter.items:
                raise invented("list-length", f"{outer} takes at most {parameter.items} items.")
        return arguments

    def _has(self, name: str) -> bool:
        found: t.Any = self._values
        for segment in name.split("."):
            found = found.get(segment) if isinstance(found, dict) else None
        return found not in (None, "", [], {})

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """An absent and an empty text are the same."""
        value = self._values.get(name)
        return value if isinstance(value, str) and value else default

    def raw_text(self, name: str) -> str | None:
        """For the few parameters whose empty value matters."""
        value = self._values.get(name)
        return value if isinstance(value, str) else None

    def integer(self, name: str, default: int) -> int:
        value = self._values.get(name)
        return value if isinstance(value, int) else default

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._values.get(name)
        return value if isinstance(value, bool) else default

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self._list(name) if isinstance(value, str) and value)

    def items(self, name: str) -> tuple[Arguments, ...]:
        return tuple(Arguments(value) for value in self._list(name) if isinstance(value, dict))

    def group(self, name: str) -> Arguments:
        value = self._values.get(name)
        return Arguments(value if isinstance(value, dict) else {})

    def scalars(self) -> dict[str, str | int | bool]:
        return {name: value for name, value in self._values.items() if isinstance(value, (str, int, bool))}

    def without(self, *names: str) -> dict[str, t.Any]:
        """All values but these, as plain data."""
        return {name: value for name, value in self._values.items() if name not in names}

    def _list(self, name: str) -> list[t.Any]:
        value = self._values.get(name)
        return value if isinstance(value, list) else []


def _place(tree: dict[str, t.Any], segments: list[str], value: str | int | bool) -> None:
    """The table of names guarantees that no name is a leaf and a branch at the same time."""
    for segment in segments[:-1]:
        tree = tree.setdefault(segment, {})
    tree[segments[-1]] = value


def _listed(node: t.Any) -> t.Any:
    if not isinstance(node, dict):
        return node
    if node and all(_INDEX.fullmatch(key) for key in node):
        return [_listed(node[key]) for key in sorted(node, key=int)]
    return {key: _listed(value) for key, value in node.items()}
