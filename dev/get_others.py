# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Have what of other projects the tests need, in `.cache/others`; nothing is installed.

* Pebble, the server for tests by Let's Encrypt, and the DNS server that belongs to it: from Debian's package `pebble`.
* community.crypto and awx.awx, which the collection does not depend on: from PyPI's package `ansible`, which contains
  them; awx.awx up to version 13.

All are kept until `make clean`. Where one cannot be had, `missing.txt` says why, and the tests are skipped with that
reason. Standard library only.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import tree

PLACE = tree.CACHE / "others"
_PROGRAMS = ("pebble", "pebble-challtestsrv")
_COLLECTIONS = ("ansible_collections/community/crypto/", "ansible_collections/awx/awx/")
_WITH_BOTH = "ansible<14"
_SECONDS = 240


class Unavailable(Exception):
    """Something cannot be had here; the message tells why."""


def prepare(python: Path, place: Path = PLACE) -> Path:
    """
    Have them, or know why not.

    :param python: whose pip is asked; it takes the newest such `ansible` for its version of Python.
    :returns: the place: a directory with `bin`, `ansible_collections` and, if something is missing, `missing.txt`.
    """
    place.mkdir(parents=True, exist_ok=True)
    missing = place / "missing.txt"
    # Two sessions that run at the same time may want it.
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        reasons = []
        for get in (_get_pebble, _get_collections):
            try:
                with tempfile.TemporaryDirectory(dir=place) as directory:
                    get(place, Path(directory), python)
            except Unavailable as error:
                reasons.append(str(error))
        if reasons:
            missing.write_text("; ".join(reasons), encoding="utf-8")
        else:
            missing.unlink(missing_ok=True)
    return place


def _get_pebble(place: Path, directory: Path, _python: Path) -> None:
    if (place / "bin").is_dir():
        return
    what = "Debian's package pebble"
    _run(what, ["apt-get", "--quiet", "download", "pebble"], directory)
    package = next(directory.glob("pebble_*.deb"))
    _run(what, ["dpkg-deb", "--extract", str(package), "root"], directory)
    programs = directory / "root/usr/bin"
    # Another package could have that name elsewhere.
    missing = [name for name in _PROGRAMS if not (programs / name).is_file()]
    if missing:
        raise Unavailable(f"{what} has no {' and no '.join(missing)}")
    programs.rename(place / "bin")


def _get_collections(place: Path, directory: Path, python: Path) -> None:
    wanted = [collection for collection in _COLLECTIONS if not (place / collection).is_dir()]
    if not wanted:
        return
    what = "community.crypto and awx.awx from PyPI's package ansible"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "--retries", "1", "download"]
    _run(what, [*pip, "--no-deps", "--only-binary=:all:", "--dest", "wheels", _WITH_BOTH], directory)
    missing = []
    with zipfile.ZipFile(next((directory / "wheels").glob("ansible-*.whl"))) as wheel:
        for collection in wanted:
            names = [name for name in wheel.namelist() if name.startswith(collection)]
            if not names:
                missing.append(collection.split("/", 1)[1].strip("/").replace("/", "."))
                continue
            wheel.extractall(directory, names)
            (place / collection).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(directory / collection, place / collection)
    if missing:
        raise Unavailable(f"PyPI's package ansible has no {' and no '.join(missing)}")


def _run(what: str, command: Sequence[str], directory: Path) -> None:
    """
    Run a program in a directory.

    :param what: is to be had by it.
    :raises Unavailable: if it is not there, fails or takes too long.
    """
    try:
        ended = subprocess.run(
            command, cwd=directory, capture_output=True, text=True, timeout=_SECONDS, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"no {what}: {error}") from error
    if ended.returncode:
        said = (ended.stderr or ended.stdout).strip().splitlines() or [f"exit status {ended.returncode}"]
        raise Unavailable(f"no {what}: {said[-1]}")
