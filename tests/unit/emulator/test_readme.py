# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md is current, and INVENTED is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import readme
from ansible_collections.alicloud.tls.tests.emulator.errors import CODES
from ansible_collections.alicloud.tls.tests.emulator.invented import INVENTED

_SOURCES = {str(path): path.read_text(encoding="utf-8") for path in readme.PATH.parent.rglob("*.py")}


def test_readme_is_current() -> None:
    assert readme.main(["--check"]) == 0, "run python -m tests.emulator.readme"


def test_readme_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "README.md"
    path.write_text(re.sub(r"(?m)^\| .*\n", "", readme.PATH.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setattr(readme, "PATH", path)
    assert readme.main(["--check"]) == 1
    assert readme.main([]) == 0
    assert readme.main(["--check"]) == 0
    assert "`CreateListener`" in path.read_text(encoding="utf-8")
    path.write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="no place for actions"):
        readme.main([])


def test_codes_and_rules_are_all_used_and_all_known() -> None:
    source = "\n".join(_SOURCES.values())
    assert set(re.findall(r'invented\(\s*"([^"]+)"', source)) == set(INVENTED)
    assert set(re.findall(r'refusal\(\s*"([^"]+)"', source)) == set(CODES)


def test_emulator_does_not_import_the_collection() -> None:
    for name, source in _SOURCES.items():
        assert not re.search(r"^\s*(?:from|import)\s.*(?:plugins|ansible)", source, re.MULTILINE), name
