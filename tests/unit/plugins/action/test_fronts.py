# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Both fronts of each task answer the same, key for key: the module, and the action plugin inside the controller.

Playbooks with every case are run by the real ansible-playbook, once per front and with -vvvv; what they register is
compared. The output of both must not have a piece of a private key in it.
"""

from __future__ import annotations

import json
import re
import types
import typing as t
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.task import Work
from ansible_collections.alicloud.tls.plugins.module_utils._tasks import cas_certificate, tls_endpoint_info
from ansible_collections.alicloud.tls.plugins.module_utils._tls import quic, trust
from ansible_collections.alicloud.tls.plugins.plugin_utils import _action
from ansible_collections.alicloud.tls.tests.emulator import (
    DEMO_ACCESS_KEY_ID,
    DEMO_ACCESS_KEY_SECRET,
    Emulator,
    Settings,
)
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, differences, key_pieces, key_traces
from ansible_collections.alicloud.tls.tests.unit.support.fronts import Front, keep, masked, play, task
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki, encrypted

CAS = "alicloud.tls.cas_certificate"
LISTENER = "alicloud.tls.alb_listener"
CERT = "alicloud.tls.alb_listener_cert"
OMIT = "{{ omit }}"
AT = {"load_balancer": "demo", "port": 443}
CREDENTIALS = ("access_key_id", "access_key_secret")
RSA = {"certificate": "{{ rsa_pem }}", "private_key": "{{ rsa_key }}"}

# name of the case: module, options, keywords of the task. In this order, since each finds what those before have left.
HISTORY: dict[str, tuple[str, Answer, Answer]] = {
    "upload_planned": (CAS, RSA, {"check_mode": True, "diff": True}),
    "listener_planned": (
        LISTENER,
        {**AT, "server_group": "demo-web", "certificates": ["{{ upload_planned.certificate }}"]},
        {"check_mode": True, "diff": True},
    ),
    "served_planned": (
        CERT,
        {"listener": "{{ listener_planned.listener }}", "certificates": ["{{ upload_planned.certificate }}"]},
        {"check_mode": True, "diff": True},
    ),
    "upload": (CAS, RSA, {"diff": True}),
    "upload_again": (CAS, RSA, {}),
    "upload_by_relative_paths": (
        CAS,
        {"certificate_path": "files/ecc.pem", "private_key_path": "files/ecc.key.pem", "name": "ecc"},
        {},
    ),
    "create": (
        LISTENER,
        {
            **AT,
            "port": "443",
            "server_group": "demo-web",
            "certificates": ["{{ upload.certificate }}"],
            "description": "shop",
        },
        {"diff": True},
    ),
    "create_again": (LISTENER, {**AT, "certificates": ["{{ upload.certificate.id }}"], "wait": "no"}, {"diff": True}),
    "change": (LISTENER, {**AT, "idle_timeout": 30, "gzip_enabled": "no"}, {"diff": True}),
    "description_like_a_secret": (
        LISTENER,
        {**AT, "description": DEMO_ACCESS_KEY_SECRET},
        {"check_mode": True, "diff": True},
    ),
    "replace_planned": (CERT, {**AT, "certificates": ["{{ ecc_sha256 }}"]}, {"check_mode": True, "diff": True}),
    "replace": (
        CERT,
        {"listener": "{{ create.listener }}", "certificates": ["{{ upload_by_relative_paths.certificate }}"]},
        {"diff": True},
    ),
    "replace_again": (
        CERT,
        {
            "listener_id": "{{ create.listener.id }}",
            "certificates": ["{{ upload_by_relative_paths.certificate.certificate_id }}"],
        },
        {},
    ),
    "loop": (
        CERT,
        {**AT, "certificates": ["{{ item }}"]},
        {"loop": ["{{ ecc_sha256 }}", "ff" * 32], "check_mode": True},
    ),
    "refused": (CAS, {"state": "absent", "sha256": "{{ ecc_sha256 }}"}, {"diff": True}),
    "hidden": (CAS, RSA, {"no_log": True}),
    "remove": (LISTENER, {**AT, "state": "absent"}, {"diff": True}),
    "remove_again": (LISTENER, {**AT, "state": "absent"}, {"diff": True}),
    "remove_upload": (CAS, {"state": "absent", "sha256": "{{ ecc_sha256 }}"}, {"diff": True}),
}
# These do not depend on one another.
OTHERS: dict[str, tuple[str, Answer, Answer]] = {
    "invocation_not_wanted": (CAS, {**RSA, "colour": "blue"}, {"vars": {"ansible_inject_invocation": False}}),
    "unsupported_option": (CAS, {**RSA, "colour": "blue"}, {}),
    "missing_option": (CERT, AT, {}),
    "exclusive_options": (LISTENER, {**AT, "listener_id": "lsn-1"}, {}),
    "option_alone": (LISTENER, {"load_balancer": "demo"}, {}),
    "option_of_wrong_type": (LISTENER, {**AT, "port": "https"}, {}),
    "option_of_unknown_value": (CAS, {**RSA, "state": "gone"}, {}),
    "option_needed_by_another": (CAS, {"private_key": "{{ rsa_key }}"}, {}),
    "key_of_another": (CAS, {**RSA, "private_key": "{{ other_key }}"}, {}),
    "key_encrypted": (CAS, {**RSA, "private_key": "{{ encrypted_key }}"}, {}),
    "expired": (CAS, {"certificate": "{{ expired_pem }}", "private_key": "{{ other_key }}"}, {}),
    "no_such_file": (CAS, {"certificate_path": "files/nothing.pem"}, {}),
    "unknown_load_balancer": (CERT, {**AT, "load_balancer": "nobody", "certificates": [1]}, {}),
    "no_credentials": (CAS, {**RSA, **dict.fromkeys(CREDENTIALS, OMIT)}, {}),
    "environment_of_the_task": (
        CAS,
        {**RSA, **dict.fromkeys((*CREDENTIALS, "region"), OMIT)},
        {
            "environment": {
                "ALIBABA_CLOUD_ACCESS_KEY_ID": DEMO_ACCESS_KEY_ID,
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "{{ secret }}",
                "ALICLOUD_REGION": "cn-hangzhou",
            },
            "check_mode": True,
        },
    ),
    # In one process of the fast front: what one account is given must not be another's.
    "accounts_in_a_loop": (
        CAS,
        {**RSA, "access_key_id": "{{ item.id }}", "cas_site": "{{ item.site | default(omit) }}"},
        {
            "loop": [
                {"id": DEMO_ACCESS_KEY_ID},
                {"id": "LTAI-nobody"},
                {"id": DEMO_ACCESS_KEY_ID, "site": "ap-southeast-1"},
                {"id": DEMO_ACCESS_KEY_ID},
            ],
            "check_mode": True,
        },
    ),
    "warned": (CAS, {**RSA, "key_transport": "query"}, {"check_mode": True}),
    "probed": ("alicloud.tls.tls_endpoint_info", {"address": "127.0.0.1", "port": 1, "key_types": ["any", "rsa"]}, {}),
    "probed_with_a_key": (
        "alicloud.tls.tls_endpoint_info",
        {"address": "127.0.0.1", "port": 1, "client_certificate": "{{ rsa_pem }}", "client_key": "{{ rsa_key }}"},
        {},
    ),
    "probed_until": (
        "alicloud.tls.tls_endpoint_info",
        {"address": "127.0.0.1", "port": 1, "until": {}, "timeout": 0},
        {},
    ),
    "probed_for_certificates": (
        "alicloud.tls.tls_endpoint_info",
        {
            "address": "127.0.0.1",
            "port": 1,
            "until": {"certificates": [{"sha256": "ab" * 32, "names": ["*.example.com"], "algorithm": "ECC"}]},
            "timeout": 0,
        },
        {"check_mode": True},
    ),
    "asked": (f"{CAS}_info", {"ids": [7, "8-cn-hangzhou"]}, {}),
    "wrong_environment_of_the_task": (
        CAS,
        {**RSA, **dict.fromkeys(CREDENTIALS, OMIT)},
        {"environment": [{"ALICLOUD_ACCESS_KEY": DEMO_ACCESS_KEY_ID}, {"ALICLOUD_SECRET_KEY": "not-the-secret"}]},
    ),
}
# Run by the module, whatever the front: in the controller they could not be what they are.
SHIPPED: dict[str, tuple[str, Answer, Answer]] = {
    "asynchronous": (CAS, RSA, {"async": 30, "poll": 1}),
    "switched_off_by_variable": (CAS, RSA, {"vars": {"alicloud_tls_fast_path": False}}),
    "with_become": (CAS, RSA, {"become": True, "vars": {"ansible_become_exe": "{{ playbook_dir }}/sudo"}}),
}
COMPARED = (*HISTORY, *OTHERS)
REMOTE = re.compile(
    r"PUT \S+ TO \S+AnsiballZ_(cas_certificate(_info)?|alb_listener_cert|alb_listener|tls_endpoint_info)\.py"
)

# Stands in for sudo, which is not everywhere and may ask for a password.
SUDO = """#!/bin/sh
while [ "$1" != /bin/sh ]; do shift; done
exec "$@"
"""


def _history() -> list[Answer]:
    return [*(task(name, *case) for name, case in HISTORY.items()), keep(HISTORY)]


def _others() -> list[Answer]:
    tasks = [task(name, *case) for name, case in [*OTHERS.items(), *SHIPPED.items()]]
    # An option of the wrong type beside the private key: the message of Ansible's own check must not tell the key.
    role = {
        "name": "role_refused",
        "ansible.builtin.include_role": {"name": "alicloud.tls.https_listener"},
        "vars": {
            "https_listener_load_balancer": "demo",
            "https_listener_certificates": [RSA],
            "https_listener_idle_timeout": "soon",
        },
    }
    tasks.append({"name": "refused", "block": [role], "rescue": [{"ansible.builtin.meta": "clear_host_errors"}]})
    return [*tasks, keep([*OTHERS, *SHIPPED])]


def _play(directory: Path, pki: Pki, tasks: list[Answer], front: str) -> Front:
    """One playbook on a cloud of its own."""
    (directory / "files").mkdir()
    pki.ecc.files(directory / "files", "ecc")
    (directory / "sudo").write_text(SUDO, encoding="ascii")
    (directory / "sudo").chmod(0o700)
    variables = {
        "rsa_pem": pki.rsa.fullchain,
        "rsa_key": pki.rsa.key,
        "other_key": pki.renewed.key,
        "encrypted_key": encrypted(pki.rsa, traditional=True),
        "expired_pem": pki.expired.fullchain,
        "ecc_sha256": pki.ecc.sha256,
    }
    # What is compared here is fronts, not opinions on what CreateListener takes.
    settings = Settings(strict_parameters=True, polls=2, data_plane=False, two_defaults_on_create=True)
    with Emulator(settings, demo=True) as cloud:
        return play(directory, cloud, tasks, variables, front)


@pytest.fixture(scope="module")
def fronts(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> tuple[Front, Front]:
    """The fast front, and the module."""
    for bundle in (pki.rsa, pki.renewed, pki.ecc, pki.expired):
        assert bundle.pem  # made before there are threads
    with ThreadPoolExecutor(2) as pool:
        running = [
            pool.submit(_play, tmp_path_factory.mktemp("fronts"), pki, tasks, front)
            for front in ("module", "action")
            for tasks in (_history(), _others())
        ]
        module, more_module, fast, more_fast = (each.result() for each in running)
    return fast + more_fast, module + more_module


@pytest.mark.parametrize("name", COMPARED)
def test_both_fronts_answer_the_same(fronts: tuple[Front, Front], name: str) -> None:
    fast, module = (masked(front.results[name]) for front in fronts)
    assert differences(fast, module) == []
    assert fast == module


def test_the_cases_are_what_they_are_meant_to_be(fronts: tuple[Front, Front]) -> None:
    """Else both fronts could agree on the same mistake."""
    results = fronts[0].results
    failed = {name for name in COMPARED if results[name].get("failed")}
    assert failed == {
        "loop",
        "accounts_in_a_loop",
        "invocation_not_wanted",
        "unsupported_option",
        "missing_option",
        "exclusive_options",
        "option_alone",
        "option_of_wrong_type",
        "option_of_unknown_value",
        "option_needed_by_another",
        "key_of_another",
        "key_encrypted",
        "expired",
        "no_such_file",
        "unknown_load_balancer",
        "refused",
        "no_credentials",
        "probed_until",
        "probed_for_certificates",
        "wrong_environment_of_the_task",
    }
    changed = {name for name in COMPARED if results[name].get("changed")}
    assert changed == {
        "upload_planned",
        "listener_planned",
        "upload",
        "upload_by_relative_paths",
        "create",
        "change",
        "description_like_a_secret",
        "replace_planned",
        "replace",
        "environment_of_the_task",
        "accounts_in_a_loop",
        "warned",
        "remove",
        "remove_upload",
    }
    assert "diff" in results["upload"]
    (warning,) = results["warned"]["warnings"]
    assert "key_transport is query" in warning
    for front in fronts:
        assert f"[WARNING]: {warning}" in re.sub(r"\s+", " ", front.output)
    assert results["asked"]["certificates"] == []
    assert [row["error"] for row in results["probed"]["endpoints"]] == ["Connection refused"] * 2
    assert "it is not reached: Connection refused" in results["probed_until"]["msg"]
    assert "diff" not in results["upload_again"]
    assert len(results["loop"]["results"]) == 2
    accounts = results["accounts_in_a_loop"]["results"]
    assert [each.get("error", {}).get("code") for each in accounts] == [None, "InvalidAccessKeyId.NotFound", None, None]
    sites = [each["certificate"]["site"] for each in accounts if not each.get("failed")]
    assert sites == ["cn-hangzhou", "ap-southeast-1", "cn-hangzhou"]


def test_each_front_is_where_it_should_be(fronts: tuple[Front, Front]) -> None:
    """A module is copied to where it runs; what runs inside of the controller is not."""
    fast, module = (REMOTE.findall(front.output) for front in fronts)
    assert len(fast) == len(SHIPPED)
    # One and three more items in the loops.
    assert len(module) == len(HISTORY) + len(OTHERS) + len(SHIPPED) + 1 + 3


@pytest.mark.parametrize("name", list(SHIPPED))
def test_what_the_controller_cannot_do_is_shipped_and_works(fronts: tuple[Front, Front], pki: Pki, name: str) -> None:
    for front in fronts:
        assert not front.results[name].get("failed"), front.results[name]["msg"]
        assert front.results[name]["certificate"]["sha256"] == pki.rsa.sha256


def test_a_piece_of_a_private_key_would_be_found(pki: Pki) -> None:
    for bundle in (pki.rsa, pki.ecc):
        middle = bundle.key.splitlines()[1][10:40]
        assert key_pieces(bundle.key, json.dumps({"msg": f"cannot read {middle}"}), public=bundle.fullchain)
        assert key_pieces(bundle.key, json.dumps({"key": bundle.key}), public=bundle.fullchain)
        assert not key_pieces(bundle.key, json.dumps({"pem": bundle.fullchain}), public=bundle.fullchain)


def test_a_role_is_refused_for_its_wrong_option(fronts: tuple[Front, Front]) -> None:
    """With a private key beside it, so that it is in the outputs that are searched below."""
    for front in fronts:
        assert re.search("idle_timeout.{1,200}int", front.output)


def test_no_output_has_a_piece_of_a_private_key(fronts: tuple[Front, Front], pki: Pki) -> None:
    public = pki.rsa.fullchain + pki.renewed.fullchain + pki.ecc.fullchain
    keys = [pki.rsa.key, pki.renewed.key, pki.ecc.key, encrypted(pki.rsa, traditional=True)]
    for front in fronts:
        for key in keys:
            assert key_traces(key, front.output, public=public) == []
            assert key_traces(key, json.dumps(front.results), public=public) == []


def test_no_output_has_another_secret(fronts: tuple[Front, Front]) -> None:
    for front in fronts:
        for secret in (DEMO_ACCESS_KEY_SECRET, "not-the-secret"):
            told = [line for line in front.output.splitlines() if secret in line]
            # A secret in the environment of a task is on the command line of its module: that is Ansible's way.
            assert [line for line in told if "EXEC" not in line] == []


def test_options_with_secrets_aremasked(fronts: tuple[Front, Front]) -> None:
    """In what is printed; which version of ansible-core registers the options, too, depends."""
    for front in fronts:
        for name in ("private_key", "client_key", "access_key_secret"):
            assert f'"{name}": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"' in front.output
            invocations = [each["invocation"] for each in front.results.values() if "invocation" in each]
            told = {each["module_args"].get(name) for each in invocations}
            assert told <= {"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", None}


# --- where a task runs -----------------------------------------------------------------------------------------------


def _runs_here(monkeypatch: pytest.MonkeyPatch, task: Work = cas_certificate.TASK, **changes: t.Any) -> bool:
    """The decision alone."""
    situation = {
        "transport": "local",
        "become": None,
        "async_val": 0,
        "variables": {},
        "switch": None,
        "args": {},
        **changes,
    }
    if situation["switch"] is not None:
        monkeypatch.setenv("ALICLOUD_TLS_FAST_PATH", situation["switch"])
    parts: Answer = {
        "TASK": task,
        "_connection": types.SimpleNamespace(transport=situation["transport"], become=situation["become"]),
        "_task": types.SimpleNamespace(async_val=situation["async_val"], args=situation["args"]),
        "_templar": types.SimpleNamespace(template=lambda value: value),
    }
    action = _action.TaskAction.__new__(_action.TaskAction)
    vars(action).update(parts)
    return action._runs_here(situation["variables"])


@pytest.mark.parametrize(
    ("situation", "here"),
    [
        ({}, True),
        ({"transport": "ssh"}, False),
        ({"transport": "ansible.netcommon.network_cli"}, False),
        ({"become": object()}, False),
        ({"async_val": 30}, False),
        ({"switch": "0"}, False),
        ({"switch": "false"}, False),
        ({"switch": "1"}, True),
        ({"switch": ""}, True),
        ({"variables": {"alicloud_tls_fast_path": False}}, False),
        ({"variables": {"alicloud_tls_fast_path": "no"}}, False),
        ({"variables": {"alicloud_tls_fast_path": True}, "switch": "0"}, True),
        ({"variables": {"alicloud_tls_fast_path": ""}}, True),
    ],
    ids=str,
)
def test_where_a_task_runs(monkeypatch: pytest.MonkeyPatch, situation: Answer, here: bool) -> None:
    assert _runs_here(monkeypatch, **situation) is here


@pytest.mark.parametrize("sdk", ["alb", "cas", "client"])
def test_without_the_sdk_the_module_is_shipped(monkeypatch: pytest.MonkeyPatch, sdk: str) -> None:
    """Its interpreter may have the SDK; if not, it says so."""
    monkeypatch.setattr(getattr(_action, sdk), "SDK_PROBLEM", "No module named 'x'")
    assert not _runs_here(monkeypatch)
    assert _runs_here(monkeypatch, tls_endpoint_info.TASK)


def test_without_what_a_probe_needs_the_module_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    by_transport = [{}, {"transport": "tcp"}, {"transport": "quic"}]
    with monkeypatch.context() as patched:
        patched.setattr(quic, "PROBLEM", "No module named 'aioquic'")
        assert [_runs_here(patched, tls_endpoint_info.TASK, args=each) for each in by_transport] == [True, True, False]
    monkeypatch.setattr(trust, "PROBLEM", "No module named 'OpenSSL'")
    assert not any(_runs_here(monkeypatch, tls_endpoint_info.TASK, args=each) for each in by_transport)
