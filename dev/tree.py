# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Make an `ansible_collections` tree in which `alicloud.tls` is this checkout.

Two forms, as the tools differ in what they accept:

* `link`: the collection is a symbolic link to the checkout. For ansible-playbook, ansible-doc, pytest and mypy.
* `copy`: a copy of what git knows or would add, in a repository of its own. For ansible-test, which resolves links
  and then misses `ansible_collections` in the path, and for ansible-lint and antsibull-docs.

`python dev/tree.py link` and `python dev/tree.py copy DIRECTORY` print the directory to set
`ANSIBLE_COLLECTIONS_PATH` to. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
_NAME = Path("ansible_collections", "alicloud", "tls")


def link(into: Path = CACHE / "collections") -> Path:
    """
    Make the tree of a single link, or leave it if it is there.

    :param into: directory to hold `ansible_collections`.
    :returns: that directory.
    """
    collection = into / _NAME
    collection.parent.mkdir(parents=True, exist_ok=True)
    if not (collection.is_symlink() and collection.resolve() == ROOT):
        # Made aside and renamed, since two checks may come here at the same time.
        new = collection.with_name(f".tls-{os.getpid()}")
        new.symlink_to(ROOT, target_is_directory=True)
        new.replace(collection)
    return into


def copy(into: Path) -> Path:
    """
    Make the tree as a copy of all files that git tracks or would add, anew if it is there.

    :param into: directory to hold `ansible_collections`.
    :returns: the copied collection; its third parent is `into`.
    """
    collection = into / _NAME
    shutil.rmtree(collection, ignore_errors=True)
    collection.mkdir(parents=True)
    for name in known_files():
        target = collection / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    for command in (["init", "--quiet"], ["add", "--all", "--force"]):
        subprocess.run(["git", *command], cwd=collection, check=True, env=_git_environment())  # noqa: S607 - PATH decides
    return collection


def known_files() -> list[str]:
    """Files of the checkout that git tracks or would add, without those deleted but not yet staged."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],  # noqa: S607 - as above
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env=_git_environment(),
    )
    return sorted(name for name in listed.stdout.split("\0") if name and os.path.lexists(ROOT / name))


def _git_environment() -> dict[str, str]:
    """The environment without what a git hook sets, which would point each command at the wrong repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def main(arguments: list[str]) -> int:
    """Run from the command line; the exit status."""
    if arguments == ["link"]:
        print(link())
    elif len(arguments) == 2 and arguments[0] == "copy":
        into = Path(arguments[1]).resolve()
        copy(into)
        print(into)
    else:
        print("usage: tree.py link | copy DIRECTORY", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
