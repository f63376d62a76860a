# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""With stand-ins for apt-get, dpkg-deb and pip: nothing is fetched."""

from __future__ import annotations

import zipfile
from pathlib import Path

import get_others
import pytest

APT_GET = 'echo "$@" >> "$CALLS"; touch pebble_2.4.0-1_amd64.deb'
DPKG_DEB = 'mkdir -p "$3/usr/bin"; touch "$3/usr/bin/pebble" "$3/usr/bin/pebble-challtestsrv"'
PIP = 'echo "$@" >> "$CALLS"; mkdir wheels; cp "$WHEEL" wheels/ansible-13.8.0-py3-none-any.whl'
CRYPTO = "ansible_collections/community/crypto/plugins/modules/acme_certificate.py"
AWX = "ansible_collections/awx/awx/plugins/modules/job_template.py"


class Machine:
    """What is in PATH of a machine."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place = directory / "others"
        self.bin = directory / "path"
        self.bin.mkdir()
        self._calls = directory / "calls"
        self._calls.touch()
        monkeypatch.setenv("PATH", f"{self.bin}:/usr/bin:/bin")
        monkeypatch.setenv("CALLS", str(self._calls))
        monkeypatch.setenv("WHEEL", str(directory / "wheel"))
        self.wheel(directory / "wheel", CRYPTO, AWX, "ansible_collections/community/dns/README.md")
        for name, script in (("apt-get", APT_GET), ("dpkg-deb", DPKG_DEB), ("python", PIP)):
            self.program(name, script)

    @staticmethod
    def wheel(path: Path, *names: str) -> None:
        with zipfile.ZipFile(path, "w") as made:
            for name in names:
                made.writestr(name, "")

    def program(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o700)

    def prepare(self) -> str:
        """What is missing then."""
        assert get_others.prepare(self.bin / "python", self.place) == self.place
        missing = self.place / "missing.txt"
        return missing.read_text(encoding="utf-8") if missing.exists() else ""

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text(encoding="utf-8").splitlines()

    @property
    def files(self) -> set[str]:
        return {str(path.relative_to(self.place)) for path in self.place.rglob("*") if path.is_file()}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_all_are_fetched_once_and_nothing_else_is_kept(machine: Machine) -> None:
    assert machine.prepare() == ""
    assert machine.files == {"lock", "bin/pebble", "bin/pebble-challtestsrv", CRYPTO, AWX}
    assert [call.split()[-1] for call in machine.calls] == ["pebble", "ansible<14"]
    assert machine.prepare() == ""
    assert len(machine.calls) == 2


@pytest.mark.parametrize(
    ("name", "script", "reason"),
    [
        ("apt-get", 'echo "E: Unable to locate package pebble" >&2; exit 100', "E: Unable to locate package pebble"),
        ("dpkg-deb", 'mkdir -p "$3/usr/bin"; touch "$3/usr/bin/pebble"', "has no pebble-challtestsrv"),
        ("python", "exit 1", "ansible: exit status 1"),
    ],
)
def test_what_cannot_be_had_is_told_and_tried_again(machine: Machine, name: str, script: str, reason: str) -> None:
    works = (machine.bin / name).read_text(encoding="utf-8").partition("\n")[2]
    machine.program(name, script)
    assert reason in machine.prepare()
    machine.program(name, works)
    assert machine.prepare() == ""


def test_a_machine_without_apt_says_so(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine.bin / "apt-get").unlink()
    monkeypatch.setenv("PATH", str(machine.bin))
    assert "apt-get" in machine.prepare()


def test_a_wheel_without_a_collection_is_of_use_for_the_other(machine: Machine, tmp_path: Path) -> None:
    machine.wheel(tmp_path / "wheel", CRYPTO, "ansible_collections/community/dns/README.md")
    assert machine.prepare() == "PyPI's package ansible has no awx.awx"
    assert CRYPTO in machine.files
    # Only what is missing is looked for again.
    machine.wheel(tmp_path / "wheel", AWX)
    assert machine.prepare() == ""
