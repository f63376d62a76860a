# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
No module tells a private key: not in its answer, on its outputs, in the system's log or in the URL of a request.

A key is given to every option of every module, in every form that Ansible makes something of, and to the options that
it is for, where everything that can go wrong does.
"""

from __future__ import annotations

import importlib
import json
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.plugins import modules
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_traces
from ansible_collections.alicloud.tls.tests.unit.support.cases import CLOUDLESS, every_module
from ansible_collections.alicloud.tls.tests.unit.support.pki import encrypted
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

MODULES = sorted({path.stem for path in Path(modules.__path__[0]).glob("*.py")} - CLOUDLESS)
CASES = {each.module: each for each in every_module()}


def task(module: str) -> t.Any:
    return importlib.import_module(f"ansible_collections.alicloud.tls.plugins.module_utils._tasks.{module}").TASK


def told(stage: Stage) -> str:
    """All that modules and the emulator have told."""
    cloud = stage.cloud
    return stage.run.said + json.dumps([cloud.urls, cloud.state(), [call.to_dict() for call in cloud.calls]])


def public(stage: Stage) -> str:
    """The certificates that the cloud has."""
    world = stage.cloud.world
    servers = [each.certificate_pem for each in world.certificates.values()]
    return "".join([*servers, *(each.pem for each in world.ca_certificates.values())])


def twins(module: str, name: str, other: str) -> bool:
    """Whether one option is the path of what the other has as text."""
    return task(module).argument_spec().get(name, {}).get("type") == "path" and f"{other}_path" == name


def misplaced(module: str, key: str, pem: str) -> Iterator[tuple[str, t.Any]]:
    """Every option that is not for keys, with a key in every form."""
    for name, option in task(module).argument_spec().items():
        if name in task(module).key_options:
            continue
        yield name, key
        yield name, key.replace("\n", " ")
        if "Proc-Type" not in key:
            yield name, "".join(key.splitlines()[1:-1])
        if option["type"] in ("raw", "list", "str", "path"):
            yield name, [pem + key]
            yield name, key.splitlines()
        if option["type"] in ("raw", "dict", "str", "list"):
            yield name, {"a-name": key}
            yield name, {key: "a-value"}
        for part in option.get("options", ()):
            one = {part: key}
            yield name, [one] if option["type"] == "list" else one
        if option["type"] == "list":
            yield name, f"a,{key}"
            yield name, [{"id": [key]}]
    yield "colour", key
    yield "colour", {key: [key]}


@pytest.mark.parametrize("module", MODULES)
def test_a_private_key_in_the_wrong_option_is_told_and_sent_to_nobody(stage: Stage, module: str) -> None:
    options = CASES[module].all[0].set_stage(stage)
    pki, run, cloud = stage.pki, stage.run, stage.cloud
    keys = {"rsa": pki.renewed.key, "ecc": pki.single.key, "encrypted": encrypted(pki.renewed, traditional=True)}
    before = cloud.state()
    refused: set[str] = set()
    run.forget()
    cloud.clear_calls()
    for kind, key in keys.items():
        for name, value in misplaced(module, key, pki.renewed.pem):
            beside = {other: each for other, each in options.items() if not twins(module, name, other)}
            answer = run.fails(module, **{**beside, name: value}, check=kind == "ecc")
            # Ansible itself does not name an option with options of its own.
            assert name in answer["msg"] or "dictionary requested" in answer["msg"], (kind, name, value)
            if "A private key was given as" in answer["msg"]:
                refused.add(name)
    assert cloud.actions == []
    assert cloud.state() == before
    for key in keys.values():
        assert key_traces(key, told(stage), public=pki.renewed.pem + pki.single.pem + public(stage)) == []
    assert "Invoked with" in run.said
    # What Ansible itself refuses, it refuses first; but what it takes must get no further.
    taken = {name for name, option in task(module).argument_spec().items() if option["type"] in ("path", "raw")}
    assert taken - task(module).key_options <= refused


# Ways of the API to go wrong, and how many of the calls of a task it lets pass before.
_FAULTS: list[tuple[int, Answer]] = [
    (passed, fault)
    for passed in (0, 2)
    for fault in (
        {"code": "Forbidden.RAM", "http_status": 403},
        {"code": "InvalidParameter", "message": "No."},
        {"kind": "html"},
        {"kind": "reset_after"},
    )
]


@pytest.mark.parametrize("module", MODULES)
def test_no_module_tells_a_private_key_whatever_happens(stage: Stage, module: str) -> None:
    """Those of the certificates that the cloud has are in its answers, if it is asked for them."""
    run, cloud = stage.run, stage.cloud
    hidden = False
    all_cases = CASES[module].all
    for case in all_cases[::4] if module == "cas_certificate" else all_cases[:2]:
        cloud.reset()
        options = {**case.set_stage(stage), "_ansible_verbosity": 4, "_ansible_no_log": hidden}
        hidden = not hidden
        cloud.settle()
        run.forget()
        keys = {each.key_pem for each in cloud.world.certificates.values()}
        keys |= {options["private_key"]} if "private_key" in options else set()
        certificates = public(stage) + options.get("certificate", "")
        run(module, check=True, **options)
        for passed, fault in _FAULTS:
            cloud.fault("*", **fault, nth=passed + 1, count=99)
            run.either(module, check=True, **options, call_timeout=0.2, wait_timeout=0.3)
            cloud.withdraw_faults()
        cloud.fault("*", code="InvalidParameter", nth=2, count=99)
        run.either(module, **options)
        cloud.withdraw_faults()
        run(module, **options)
        for key in keys:
            assert key_traces(key, told(stage), public=certificates + public(stage)) == []


@pytest.mark.parametrize("hidden", [False, True])
def test_whatever_is_wrong_with_a_private_key_it_is_not_told(stage: Stage, hidden: bool) -> None:
    run, pki = stage.run, stage.pki
    key, other = pki.rsa.key, pki.renewed.key
    lines = key.splitlines()
    wrong: dict[str, t.Any] = {
        "another's": other,
        "encrypted": encrypted(pki.rsa, traditional=False),
        "encrypted in the older form": encrypted(pki.rsa, traditional=True),
        "on one line": key.replace("\n", " "),
        "escaped": key.replace("\n", "\\n"),
        "cut off": "\n".join(lines[:-4]),
        "without its head": "\n".join(lines[1:]),
        "bare": "".join(lines[1:-1]),
        "without a line": "\n".join([*lines[:5], *lines[6:]]),
        "damaged": key.replace(lines[3], lines[3][::-1]),
        "twice": key + key,
        "after a certificate": pki.renewed.pem + key,
        "in a list": [key],
        "in a dict": {"key": key},
        "no file": None,
    }
    for way, given in wrong.items():
        options = {"private_key": given} if given else {"private_key_path": "/nowhere/key.pem"}
        options |= {"_ansible_no_log": hidden, "_ansible_verbosity": 4}
        answer = run.either("cas_certificate", certificate=pki.rsa.fullchain, **options)
        assert answer.get("failed") or way in ("after a certificate", "on one line"), way
    for each in (key, other, wrong["encrypted"], wrong["encrypted in the older form"]):
        assert key_traces(each, told(stage), public=pki.rsa.fullchain + pki.renewed.fullchain) == []
    for name in ("certificate", "chain"):
        for text in (key, pki.rsa.pem + key, "".join(lines)):
            answer = run.either("cas_certificate", **{**pki.rsa.options(), name: text, "_ansible_no_log": hidden})
    assert key_traces(key, told(stage), public=pki.rsa.fullchain) == []
