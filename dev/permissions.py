# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Which API actions the modules used in the unit tests, and whether their documentation tells just those.

`python dev/permissions.py FILE`: FILE is what the tests wrote (variable ALICLOUD_TLS_ACTIONS), RAM actions by module.
The documentation tells them in a note that begins with "RAM permissions:". A module that does not take the options of
the connection calls no API, and needs no note. Needs PyYAML.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "plugins" / "modules"
_BEGINNING = "RAM permissions:"
_CONNECTION = "alicloud.tls._auth"
_ACTION = re.compile(r"C\(((?:alb|yundun-cert):[A-Za-z]+)\)")

Actions = dict[str, set[str]]


def documented() -> Actions:
    """The RAM actions that the documentation of each module tells, but for modules that call no API."""
    read = {file.stem: _documentation(file) for file in sorted(MODULES.glob("*.py"))}
    return {name: told(one) for name, one in read.items() if _CONNECTION in one["extends_documentation_fragment"]}


def told(documentation: t.Mapping[str, t.Any]) -> set[str]:
    """The RAM actions in a module's documentation."""
    notes = [note for note in documentation.get("notes") or [] if note.startswith(_BEGINNING)]
    return {action for note in notes for action in _ACTION.findall(note)}


def problems(told_by_module: Actions, used_by_module: Actions) -> list[str]:
    """What documentation and use do not agree on."""
    strangers = {module: actions for module, actions in used_by_module.items() if module not in told_by_module}
    found = [
        f"{one}: uses {action}, but calls no API" for one in sorted(strangers) for action in sorted(strangers[one])
    ]
    for module, told_actions in sorted(told_by_module.items()):
        used = used_by_module.get(module, set())
        if not used:
            found.append(f"{module}: no test has used it")
            continue
        found += [f"{module}: uses {action}, which is not documented" for action in sorted(used - told_actions)]
        found += [f"{module}: documents {action}, which no test has used" for action in sorted(told_actions - used)]
    return found


def _documentation(file: Path) -> dict[str, t.Any]:
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="DOCUMENTATION")], value=ast.Constant(value=text)):
                found: dict[str, t.Any] = yaml.safe_load(str(text))
                return found
    return {}


def main(arguments: list[str]) -> int:
    """Run from the command line; the exit status."""
    if len(arguments) != 1:
        print("usage: permissions.py FILE", file=sys.stderr)
        return 2
    read = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    used = {module: set(actions) for module, actions in read.items()}
    for module in sorted(used):
        print(f"{module}\n    " + "\n    ".join(sorted(used[module])))
    found = problems(documented(), used)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
