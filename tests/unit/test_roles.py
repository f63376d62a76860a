# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every role has to have, and what has to agree in them, as far as their files tell."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())
PUBLIC = [role for role in ROLES if role.name != "tls_listener"]
LISTENERS = [role for role in PUBLIC if role.name in ("https_listener", "quic_listener")]
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
# It asks an endpoint, not the cloud.
WITHOUT_REGION = "alicloud.tls.tls_endpoint_info"


def by_name(path: Path) -> str:
    return path.name


def load(path: Path) -> t.Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def tasks(items: t.Any) -> Iterator[dict[str, t.Any]]:
    """With those in blocks."""
    for item in items or []:
        parts = [item[key] for key in ("block", "rescue", "always") if key in item]
        if not parts:
            yield item
        for part in parts:
            yield from tasks(part)


def all_tasks(role: Path) -> Iterator[tuple[str, dict[str, t.Any]]]:
    for path in sorted((role / "tasks").glob("*.yml")):
        for task in tasks(load(path)):
            yield f"{role.name}/{path.name}: {task.get('name')}", task


def options(role: Path) -> dict[str, t.Any]:
    found: dict[str, t.Any] = load(role / "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    return found


def test_there_are_roles_and_playbooks() -> None:
    assert len(LISTENERS) == 2
    assert {"certificate_rotation", "ca_rotation", "issue_and_deploy"} < {role.name for role in PUBLIC}
    assert len(PLAYBOOKS) >= 8


@pytest.mark.parametrize("role", ROLES, ids=by_name)
def test_every_task_says_its_region(role: Path) -> None:
    """Else it would be that of the environment, for one step of several."""
    silent = [
        title
        for title, task in all_tasks(role)
        for module, arguments in task.items()
        if module.startswith("alicloud.tls.") and module != WITHOUT_REGION and "region" not in arguments
    ]
    assert silent == []


@pytest.mark.parametrize("role", ROLES, ids=by_name)
def test_every_task_has_a_tag(role: Path) -> None:
    """With --tags, a task without one would be left out, and its result missed."""
    applied = {
        arguments["file"]
        for _title, task in all_tasks(role)
        if isinstance(arguments := task.get("ansible.builtin.include_tasks"), dict)
        and arguments.get("apply", {}).get("tags")
    }
    without = [title for title, task in all_tasks(role) if not task.get("tags")]
    assert [title for title in without if title.partition("/")[2].partition(":")[0] not in applied] == []


@pytest.mark.parametrize("role", PUBLIC, ids=by_name)
def test_variables_have_the_prefix_of_their_role(role: Path) -> None:
    names = options(role)
    assert names
    assert [name for name in names if not name.startswith(f"{role.name}_")] == []


@pytest.mark.parametrize("role", PUBLIC, ids=by_name)
def test_defaults_are_those_documented(role: Path) -> None:
    documented = {name: option["default"] for name, option in options(role).items() if "default" in option}
    # Empty is left out.
    assert {name: value for name, value in load(role / "defaults/main.yml").items() if value != ""} == documented


@pytest.mark.parametrize("role", LISTENERS, ids=by_name)
def test_items_of_the_list_take_what_the_variables_take(role: Path) -> None:
    known = options(role)
    several = known.pop(f"{role.name}_listeners")["options"]
    # A default in an item would hide the variable that all items share.
    alone = {name.removeprefix(f"{role.name}_"): option for name, option in known.items()}
    assert set(several) <= set(alone)
    assert set(alone) - set(several) <= {"rollback"}
    for name, option in several.items():
        assert {key: value for key, value in option.items() if key != "default"} == {
            key: value for key, value in alone[name].items() if key != "default"
        }


@pytest.mark.parametrize("role", LISTENERS, ids=by_name)
def test_what_is_documented_is_understood(role: Path) -> None:
    variables = load(ROOT / "roles/tls_listener/vars/main.yml")
    put_together = load(ROOT / "roles/tls_listener/tasks/listener.yml")[0]["ansible.builtin.set_fact"]
    known = options(role)
    names = {name.removeprefix(f"{role.name}_") for name in known} - {"listeners"}
    assert names <= set(variables["tls_listener_left_out"])
    # The key is never put together with the others.
    told = set(known[f"{role.name}_verify"]["options"]) - {"client_key"}
    assert [name for name in told if f"'{name}':" not in put_together["tls_listener_verify"]] == []


def _plays(playbook: Path) -> list[dict[str, t.Any]]:
    plays: list[dict[str, t.Any]] = load(playbook)
    return plays


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=by_name)
def test_playbooks_are_driven_by_variables(playbook: Path) -> None:
    """Which hosts, and how many at a time: to be had for slices of AWX, --limit and serial."""
    for play in _plays(playbook):
        prefix = play["hosts"].split()[1].removesuffix("_hosts")
        assert play["hosts"] == "{{ " + prefix + "_hosts | default('localhost') }}"
        assert play["serial"] == "{{ " + prefix + "_serial | default('100%') }}"
        assert play["connection"] == "local"
        assert play["gather_facts"] is False
        assert [task["name"] for task in tasks(play["tasks"]) if not task.get("tags")] == []


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=by_name)
def test_each_playbook_is_in_a_guide_and_in_readme(playbook: Path) -> None:
    guides = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/docsite/rst").glob("*.rst"))
    assert f"alicloud.tls.{playbook.stem} " in guides
    assert f"`{playbook.stem}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_each_guide_is_listed() -> None:
    sections = load(ROOT / "docs/docsite/extra-docs.yml")["sections"]
    listed = [name for section in sections for name in section["toctree"]]
    assert sorted(listed) == sorted(path.stem for path in (ROOT / "docs/docsite/rst").glob("*.rst"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in listed if f"docs/docsite/rst/{name}.rst" not in readme] == []
