# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the tables of README.md from the code: python -m tests.emulator.readme [--check]"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Iterable
from pathlib import Path

from .cloud import CATALOGUES
from .errors import CODES
from .invented import ASSUMED, INVENTED
from .settings import Settings

PATH = Path(__file__).with_name("README.md")
_BEGIN, _END = "<!-- begin {} -->", "<!-- end {} -->"


def rendered(text: str) -> str:
    """
    The text with its generated parts made anew.

    :raises ValueError: a part has no place in the text
    """
    parts = {
        "actions": _actions(),
        "switches": _switches(),
        "documented": _documented(),
        "invented": _invented(),
        "assumed": "\n".join(f"- {each}" for each in ASSUMED),
    }
    for name, content in parts.items():
        begin, end = _BEGIN.format(name), _END.format(name)
        head, found, rest = text.partition(begin)
        _old, closed, tail = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"README.md has no place for {name}")
        text = f"{head}{begin}\n\n{content}\n\n{end}{tail}"
    return text


def main(arguments: list[str] | None = None) -> int:
    """Write README.md, or with --check tell by the exit status whether it is up to date."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulator.readme", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if something would change")
    options = parser.parse_args(arguments)
    present = PATH.read_text(encoding="utf-8")
    wanted = rendered(present)
    if options.check:
        return int(present != wanted)
    PATH.write_text(wanted, encoding="utf-8")
    return 0


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _column in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _actions() -> str:
    return _table(
        ("Product", "Action", "What it does"),
        (
            (catalogue.product, f"`{action.name}`", action.summary)
            for catalogue in CATALOGUES.values()
            for action in catalogue.actions.values()
        ),
    )


def _switches() -> str:
    return _table(
        ("Switch", "Default", "Meaning"),
        (
            (f"`{each.name}`", f"`{each.default}`", str(each.metadata["meaning"]))
            for each in dataclasses.fields(Settings)
            if each.name != "accounts"
        ),
    )


def _documented() -> str:
    return _table(
        ("HTTP", "Code", "Message"),
        (
            (
                str(each.status),
                f"`{code}`",
                each.template.removesuffix(" %s") + (" (own words)" if each.own_words else ""),
            )
            for code, each in CODES.items()
        ),
    )


def _invented() -> str:
    return _table(
        ("Rule", "Answer", "Why invented", "Key"),
        ((each.rule, f"{each.status} `{each.code}`", each.reason, f"`{key}`") for key, each in INVENTED.items()),
    )


if __name__ == "__main__":
    sys.exit(main())
