# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may import whom. The table is the architecture; everything else here reads files."""

from __future__ import annotations

import ast
import fnmatch
import sys
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.alicloud.tls.tests.unit.support.cases import CLOUDLESS

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
EMULATOR = ROOT / "tests" / "emulator"

CORE = "module_utils._core"
FACTS = "module_utils._x509.facts"
NAMES = "module_utils._x509.names"

# Layer: what its files may import. The longest name that fits a file counts; {name} is that of the file itself.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    CORE: ("stdlib", CORE),
    NAMES: ("stdlib",),
    FACTS: ("stdlib", CORE, NAMES),
    "module_utils._x509": ("stdlib", CORE, "module_utils._x509", "cryptography"),
    "module_utils._alb": ("stdlib", CORE, FACTS, NAMES, "module_utils._alb"),
    "module_utils._cas": ("stdlib", CORE, FACTS, NAMES, "module_utils._cas"),
    "module_utils._sdk": (
        "stdlib",
        CORE,
        FACTS,
        NAMES,
        "module_utils._alb",
        "module_utils._cas",
        "module_utils._sdk",
        "alibabacloud_*",
        "darabonba",
        "Tea",
        "requests",
    ),
    "module_utils._tls": ("stdlib", CORE, "module_utils._x509", "module_utils._tls", "cryptography", "OpenSSL"),
    "module_utils._tls.quic": (
        "stdlib",
        CORE,
        "module_utils._x509",
        "module_utils._tls",
        "cryptography",
        "aioquic",
    ),
    "module_utils._ansible": (
        "stdlib",
        "ansible.module_utils",
        CORE,
        "module_utils._sdk.access",
        "module_utils._sdk.endpoints",
        "module_utils._sdk.profiles",
        "module_utils._sdk.cloud",
        "module_utils._ansible",
    ),
    "module_utils._tasks": ("stdlib", "module_utils"),
    "plugin_utils": ("stdlib", "ansible", "module_utils", "plugin_utils"),
    "modules": ("__future__", "module_utils._ansible.module", "module_utils._tasks.{name}"),
    "action": ("__future__", "plugin_utils._action", "module_utils._tasks.{name}"),
    "doc_fragments": ("__future__",),
}


def fits(name: str, pattern: str) -> bool:
    """Whether an import is of a package or of something in it."""
    first = name.partition(".")[0]
    if pattern == "stdlib":
        return first in sys.stdlib_module_names
    if "*" in pattern:
        return fnmatch.fnmatchcase(first, pattern)
    return name == pattern or name.startswith(f"{pattern}.")


def python_files(top: Path) -> list[Path]:
    return sorted(path.relative_to(top) for path in top.rglob("*.py"))


def imports(top: Path, file: Path) -> Iterator[tuple[int, str]]:
    """
    Line and name of all imports of a file, nested and under TYPE_CHECKING too.

    Names of what is below C(top) start there, those of what is above it with C(outside).
    """
    package = file.parent.parts
    for node in ast.walk(ast.parse((top / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, node.module or ""
        elif isinstance(node, ast.ImportFrom):
            up = node.level - 1
            start = package[: len(package) - up] if up <= len(package) else ("outside",)
            parts = (*start, *(node.module or "").split(".")) if node.module else start
            is_package = (top / Path(*parts)).is_dir()
            names = [(*parts, alias.name) for alias in node.names] if is_package else [parts]
            yield from ((node.lineno, ".".join(name)) for name in names)
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__"):
                yield node.lineno, f"whatever {called}() is given"


def violations(plugins: Path) -> list[str]:
    found = []
    for file in python_files(plugins):
        name = ".".join(file.with_suffix("").parts)
        layers = [layer for layer in MAY_IMPORT if fits(name, layer)]
        if not layers:
            found.append(f"{file.as_posix()} is in no layer")
            continue
        allowed = [pattern.format(name=file.stem) for pattern in MAY_IMPORT[max(layers, key=len)]]
        found += [
            f"{file.as_posix()}:{line} imports {imported}"
            for line, imported in imports(plugins, file)
            if not any(fits(imported, pattern) for pattern in allowed)
        ]
    return found


def test_layers():
    assert violations(PLUGINS) == []


def test_every_layer_has_files():
    names = [".".join(file.with_suffix("").parts) for file in python_files(PLUGINS)]
    assert [layer for layer in MAY_IMPORT if not any(fits(name, layer) for name in names)] == []


@pytest.mark.parametrize(
    ("file", "source", "wanted"),
    [
        pytest.param("module_utils/_core/a.py", "from .._x509 import pem", "module_utils._x509.pem", id="upwards"),
        pytest.param("module_utils/_core/a.py", "import cryptography.x509", "cryptography.x509", id="third-party"),
        pytest.param("module_utils/_x509/facts.py", "import cryptography", "cryptography", id="stricter-file"),
        pytest.param("module_utils/_alb/a.py", "from .._x509.pem import x", "module_utils._x509.pem", id="not-facts"),
        pytest.param("module_utils/_x509/names.py", "from .facts import b", "module_utils._x509.facts", id="not-names"),
        pytest.param("module_utils/_alb/a.py", "from .._cas import b", "module_utils._cas.b", id="sideways"),
        pytest.param("module_utils/_alb/a.py", "from ansible.module_utils import b", "ansible.module_utils", id="core"),
        pytest.param("module_utils/_tasks/a.py", "from ansible import b", "ansible", id="task-imports-ansible"),
        pytest.param(
            "module_utils/_tasks/a.py", "from alibabacloud_tea_openapi import b", "alibabacloud_tea_openapi", id="sdk"
        ),
        pytest.param("module_utils/_ansible/a.py", "from .._sdk.alb import b", "module_utils._sdk.alb", id="gateway"),
        pytest.param("module_utils/_ansible/a.py", "import ansible.plugins", "ansible.plugins", id="controller-code"),
        pytest.param(
            "module_utils/_ansible/a.py", "import ansible.module_utils_b", "ansible.module_utils_b", id="like-a-prefix"
        ),
        pytest.param("module_utils/_core/a.py", "def f():\n    import yaml", "yaml", id="nested"),
        pytest.param(
            "module_utils/_core/a.py",
            "import typing\nif typing.TYPE_CHECKING:\n    from .._sdk.client import b",
            "module_utils._sdk.client",
            id="for-types-only",
        ),
        pytest.param(
            "module_utils/_core/a.py", "import importlib\nimportlib.import_module('b')", "whatever", id="call"
        ),
        pytest.param(
            "module_utils/_core/a.py",
            "from ansible_collections.alicloud.tls.plugins.module_utils._core import b",
            "ansible_collections",
            id="absolute",
        ),
        pytest.param("modules/a.py", "import json", "json", id="module-imports-stdlib"),
        pytest.param("modules/a.py", "from ..module_utils._tasks.b import T", "module_utils._tasks.b", id="other-task"),
        pytest.param("modules/a.py", "from ....tests import emulator", "outside", id="emulator"),
        pytest.param("action/a.py", "from ..module_utils._tasks import b", "module_utils._tasks.b", id="action"),
        pytest.param("doc_fragments/a.py", "import typing", "typing", id="fragment"),
        pytest.param("lookup/a.py", "", "lookup/a.py is in no layer", id="no-layer"),
    ],
)
def test_violations_are_seen(tmp_path, file, source, wanted):
    for folder in ("_x509", "_cas", "_sdk", "_tasks"):
        (tmp_path / "module_utils" / folder).mkdir(parents=True)
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"from __future__ import annotations\n{source}\n", encoding="utf-8")
    found = violations(tmp_path)
    assert len(found) == 1
    assert wanted in found[0]
    assert found[0].startswith(file)


def test_what_is_allowed_is_not_a_violation(tmp_path):
    path = tmp_path / "module_utils" / "_sdk" / "a.py"
    path.parent.mkdir(parents=True)
    lines = (
        "from __future__ import annotations",
        "import os.path",
        "from .._alb.listener import Listener",
        "from . import client",
        "from alibabacloud_alb20200616.client import Client",
        "from requests.utils import should_bypass_proxies",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    assert violations(tmp_path) == []


def test_emulator_stands_alone():
    found = [
        f"{file}:{line} imports {name}"
        for file in python_files(EMULATOR)
        for line, name in imports(EMULATOR, file)
        if name.partition(".")[0] in ("outside", "plugins", "ansible", "ansible_collections")
    ]
    assert found == []


def test_plugins_do_not_name_the_emulator():
    named = [file for file in python_files(PLUGINS) if "tests.emulator" in (PLUGINS / file).read_text(encoding="utf-8")]
    assert named == []


MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))


def assigned(file: Path) -> dict[str, ast.expr]:
    """The assignments at the top of a file."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    found = [(node.targets, node.value) for node in body if isinstance(node, ast.Assign)]
    return {target.id: value for targets, value in found for target in targets if isinstance(target, ast.Name)}


def documented(name: str) -> dict[str, t.Any]:
    """DOCUMENTATION, EXAMPLES and RETURN of a module, read."""
    values = assigned(PLUGINS / "modules" / f"{name}.py")
    return {key: yaml.safe_load(ast.literal_eval(values[key])) for key in ("DOCUMENTATION", "EXAMPLES", "RETURN")}


def action_groups() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))[
        "action_groups"
    ]
    return groups


def test_there_are_modules():
    assert MODULES


@pytest.mark.parametrize("name", MODULES)
def test_module_has_an_action_plugin_of_its_name(name):
    body = ast.parse((PLUGINS / "action" / f"{name}.py").read_text(encoding="utf-8")).body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    assert [node.name for node in classes] == ["ActionModule"]
    assert [ast.unparse(base) for base in classes[0].bases] == ["TaskAction"]


@pytest.mark.parametrize("name", MODULES)
def test_module_has_a_task(name):
    assert "TASK" in assigned(PLUGINS / "module_utils" / "_tasks" / f"{name}.py")


@pytest.mark.parametrize("name", MODULES)
def test_module_is_documented(name):
    found = documented(name)
    assert found["DOCUMENTATION"]["module"] == name
    assert found["EXAMPLES"]
    told = set() if name.endswith("_info") else {"previous", "steps"}
    told |= {"waited"} if name in CLOUDLESS else {"api_calls", "waited", "error"}
    assert told <= set(found["RETURN"])


@pytest.mark.parametrize("name", MODULES)
def test_module_is_in_its_action_groups(name):
    product = name.partition("_")[0]
    groups = {group for group, members in action_groups().items() if name in members}
    if name in CLOUDLESS:
        assert groups == set()
        assert "alicloud.tls._auth" not in documented(name)["DOCUMENTATION"]["extends_documentation_fragment"]
        return
    assert groups == {product, "all"}
    fragments = documented(name)["DOCUMENTATION"]["extends_documentation_fragment"]
    assert f"alicloud.tls._attributes.actiongroup_{product}" in fragments
    assert "alicloud.tls._auth" in fragments


def test_nothing_is_left_over():
    assert sorted(path.stem for path in (PLUGINS / "action").glob("*.py")) == MODULES
    assert {member for members in action_groups().values() for member in members} == set(MODULES) - CLOUDLESS
    tasks = sorted(path.stem for path in (PLUGINS / "module_utils" / "_tasks").glob("[!_]*.py"))
    assert tasks == MODULES
