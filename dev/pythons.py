# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the Python interpreters of this machine that really run, wherever they are. Standard library only."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path

# Newest first. The newest that ansible-core's test tool knows, not the newest there may be.
KNOWN = ("3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8")
# Some distributions split off what virtual environments need. Asked without "site", which is half of the time.
_PROBE = """
import sys
from importlib.util import find_spec
print("%d.%d" % sys.version_info[:2] if find_spec("ensurepip") and find_spec("venv") else "incomplete")
"""


@functools.cache
def locate(version: str) -> Path | None:
    """
    The interpreter of a version such as "3.13", if there is one.

    Looked for in PATH, and where pyenv and uv keep theirs.
    """
    candidates = (directory / f"python{version}" for directory in _directories())
    return next((candidate for candidate in candidates if runs(candidate, version)), None)


def first(*versions: str) -> tuple[str, Path] | None:
    """The first of these versions that is there, and its interpreter."""
    for version in versions:
        found = locate(version)
        if found is not None:
            return version, found
    return None


@functools.cache
def runs(candidate: Path, version: str) -> bool:
    """True if the file is an interpreter of that version which can make virtual environments."""
    if not os.access(candidate, os.X_OK):
        return False
    try:
        answer = subprocess.run([candidate, "-ISc", _PROBE], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version


def search_path() -> str:
    """
    PATH for tools that look up `pythonX.Y` themselves, as ansible-test does.

    Real interpreters come first, and a directory where one of those names does not run is left out: ansible-test takes
    the first it finds and gives up if that one fails.
    """
    found = [path for path in map(locate, KNOWN) if path is not None]
    rest = [
        directory
        for directory in _in_path()
        if all(runs(directory / f"python{v}", v) for v in KNOWN if os.path.lexists(directory / f"python{v}"))
    ]
    return os.pathsep.join(dict.fromkeys(map(str, [*(path.parent for path in found), *rest])))


def _in_path() -> list[Path]:
    """The directories of PATH, without those of an active environment and of pyenv's slow launchers."""
    own = Path(sys.prefix) if sys.prefix != sys.base_prefix else None
    names = dict.fromkeys(os.environ.get("PATH", os.defpath).split(os.pathsep))
    paths = [Path(name) for name in names if name]
    return [path for path in paths if path.name != "shims" and not (own and path.is_relative_to(own))]


@functools.cache
def _directories() -> tuple[Path, ...]:
    """Where interpreters may be. Those of version managers come last, so that PATH decides where it can."""
    managed = [
        *Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob("*/bin"),
        *Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python")).glob("*/bin"),
    ]
    # The one that runs this: it is there for certain.
    return (*_in_path(), Path(sys.base_prefix, "bin"), *sorted(managed))
