# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Do what guides say: guide.py [--show] DIRECTORY GUIDE.rst...

Their code blocks are gone through from top to bottom, for each guide in a directory of its own and with an emulated
cloud of its own.

* A block whose first comment is a file name and nothing else is written to that file.
* In a console block, each line that begins with "$ " is a command, and what follows is what it prints: these lines have
  to be in what it really prints, in this order. "..." stands for anything, and blanks count as one. If "failed=1" or
  "fatal:" is among them, the command has to fail, otherwise to succeed.
* Other blocks are for reading.

The guides use port 443, for which a program may need privileges; here it is 8443. Credentials and endpoints are in the
environment, so that lines that export some are skipped, as those are that install packages.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "setup_emulator/files"))

from ansible_collections.alicloud.tls.tests.emulator import (
    DEMO_ACCESS_KEY_ID,
    DEMO_ACCESS_KEY_SECRET,
    Emulator,
    Settings,
)
from world import REGION, SEEDS, SETTINGS, Files, everywhere

_BLOCK = re.compile(r"^\.\. code-block:: (?P<language>\S+)\n\n(?P<text>(?:    .*\n|\n)+)", re.MULTILINE)
_FILE = re.compile(r"\A(?:---\n)?[#;] (?P<name>\S+\.(?:yml|ini))\n")
_SKIPPED = ("export ", "python -m pip ", "ansible-galaxy ")
_LONGEST = 120


class NotSoError(Exception):
    """A guide says what is not so."""


@dataclass(frozen=True)
class File:
    name: str
    text: str


@dataclass(frozen=True)
class Command:
    line: str
    shown: tuple[str, ...]

    @property
    def fails(self) -> bool:
        return any("failed=1" in each or "fatal:" in each for each in self.shown)


def parts(guide: str) -> Iterator[File | Command]:
    """What a guide has its reader do, in this order."""
    for block in _BLOCK.finditer(guide):
        lines = [line[4:] for line in block["text"].rstrip().splitlines()]
        text = "\n".join(lines) + "\n"
        if block["language"] == "console":
            yield from _commands(lines)
        elif found := _FILE.match(text):
            yield File(found["name"], text)


def _commands(lines: list[str]) -> Iterator[Command]:
    line, shown, open_ended = "", [], False
    for each in lines:
        if each.startswith("$ "):
            if line:
                yield Command(line, tuple(shown))
            line, shown = each[2:], []
        elif open_ended:
            line = f"{line[:-1]} {each.strip()}"
        elif each.strip():
            shown.append(each)
        open_ended = line.endswith("\\")
    if line:
        yield Command(line, tuple(shown))


def compare(command: Command, printed: str) -> None:
    """:raises NotSoError: if something that is shown was not printed."""
    rest = iter(" ".join(line.split()) for line in printed.splitlines())
    for line in command.shown:
        pattern = ".*".join(re.escape(part) for part in " ".join(line.split()).split("..."))
        if not any(re.fullmatch(pattern, each) for each in rest):
            raise NotSoError(f"{command.line}\n  does not print: {line}\n  but:\n{printed}")


def follow(guide: Path, directory: Path, *, show: bool) -> None:
    """:raises NotSoError: at the first thing that is not as the guide says."""
    home = directory / guide.stem
    home.mkdir(mode=0o700, parents=True)
    files = Files(home / "tls")
    switches = SETTINGS.get(guide.stem, {})
    with Emulator(Settings(real_ports=True, strict_parameters=True, **switches)) as emulator:
        seed: dict[str, list[dict[str, t.Any]]] = {**everywhere(), **SEEDS.get(guide.stem, lambda _files: {})(files)}
        seed["listeners"] = [{**each, "port": 8443} for each in seed.get("listeners", [])]
        emulator.seed(seed)
        environment = {
            **_environment(home, files, emulator.url),
            "SHOP_ADDRESS": seed["load_balancers"][0]["dns_name"],
        }
        for part in parts(_with_ports(guide.read_text(encoding="utf-8"))):
            if isinstance(part, File):
                (home / part.name).write_text(part.text, encoding="utf-8")
            elif not part.line.startswith(_SKIPPED):
                _run(part, home, environment, show=show)


def _with_ports(text: str) -> str:
    return re.sub(r"\b443\b", "8443", text)


def _environment(home: Path, files: Files, url: str) -> dict[str, str]:
    kept = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH", "VIRTUAL_ENV")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "HOME": str(home),
        "ALIBABA_CLOUD_ACCESS_KEY_ID": DEMO_ACCESS_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": DEMO_ACCESS_KEY_SECRET,
        "ALIBABA_CLOUD_REGION_ID": REGION,
        "ALIBABA_CLOUD_ALB_ENDPOINT": url,
        "ALIBABA_CLOUD_CAS_ENDPOINT": url,
        # So that the certificates of the guides come from a CA that the system trusts.
        "SSL_CERT_FILE": str(files.root),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }


def _run(command: Command, home: Path, environment: dict[str, str], *, show: bool) -> None:
    began = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", command.line],  # noqa: S607 - PATH decides, as for a reader
        cwd=home,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LONGEST,
        check=False,
    )
    sys.stdout.write(f"  {time.monotonic() - began:.1f} s: {command.line}\n")
    if show:
        sys.stdout.write(done.stdout)
    if (done.returncode != 0) != command.fails:
        raise NotSoError(f"{command.line}\n  exits with {done.returncode}:\n{done.stdout}")
    compare(command, done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description="Do what guides say.")
    parser.add_argument("--show", action="store_true", help="print what the commands print")
    parser.add_argument("directory", type=Path)
    parser.add_argument("guides", type=Path, nargs="+")
    arguments = parser.parse_args()
    wrong = 0
    for guide in arguments.guides:
        sys.stdout.write(f"{guide.stem}\n")
        try:
            follow(guide, arguments.directory, show=arguments.show)
        except NotSoError as error:
            wrong += 1
            sys.stdout.write(f"  NOT SO: {error}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
