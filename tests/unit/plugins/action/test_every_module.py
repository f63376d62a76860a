# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Every module through both fronts, by the real ansible-playbook and with -vvvv: both answer the same, key for key.

What a module changes is planned, done and done again; what the API or the module refuses fails; with and without
C(no_log). Private keys are given to the modules that take them, and by mistake to others; no output has a piece of one,
nor has the log of requests, nor what ansible-runner, and so AWX, keeps of the job.
What the fronts make of the keywords of a task is the business of test_fronts.py.
"""

from __future__ import annotations

import json
import re
import typing as t
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.plugins import modules
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, differences, key_traces
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD
from ansible_collections.alicloud.tls.tests.unit.support.cases import CLOUDLESS
from ansible_collections.alicloud.tls.tests.unit.support.fronts import Front, keep, masked, play, task
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki, encrypted
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import HAS_RUNNER

# Those that call no API are tried in test_fronts.py.
MODULES = sorted({path.stem for path in Path(modules.__path__[0]).glob("*.py")} - CLOUDLESS)
Options = dict[str, t.Any]


@dataclass(frozen=True)
class Tries:
    """
    What is tried of one module.

    :param works: options that change something, and change nothing the second time; those of an information module
        find something.
    :param fails: further options by the words of the message that they end in.
    :param hidden: further options of tasks with C(no_log), beside those that every module is tried with.
    """

    works: Options
    fails: dict[str, Options]
    hidden: tuple[Options, ...] = ()


def at(port: int, **more: t.Any) -> Options:
    return {"load_balancer": "demo", "port": port, **more}


REFUSED = {"SignatureDoesNotMatch": {"access_key_secret": "not-the-secret"}}
UPLOAD = {"certificate": "{{ rsa_pem }}", "private_key": "{{ rsa_key }}"}
# Only planned, as check mode tells it.
RENEWED = {
    "id": None,
    "sha256": "ab" * 32,
    "names": ["www.example.com", "example.com"],
    "algorithm": "RSA",
    "not_before": "2026-01-01T00:00:00Z",
    "not_after": "2099-12-31T23:59:59Z",
}
TRIES = {
    "alb_additional_cert": Tries(
        at(8003, certificates=["{{ ecc_id }}", "name:api"], state="exact"),
        {**REFUSED, "does not name a certificate": {"certificates": ["-5"]}},
    ),
    "alb_ca_cert": Tries(
        at(8005, certificates=["{{ other_ca_pem }}"], repository="clients"),
        {**REFUSED, "without its key": {"certificates": ["{{ other_ca_pem }}{{ other_ca_key }}"]}},
        hidden=({"certificates": ["{{ other_ca_key }}"]},),
    ),
    "alb_cert_rotation_info": Tries(
        {"certificates": [RENEWED], "expires_within_days": 999},
        {**REFUSED, "given as certificates,": {"certificates": [{"id": "{{ web_id }}", "key": "{{ rsa_key }}"}]}},
    ),
    "alb_listener": Tries(
        at(8001, server_group="demo-web", certificates=["name:web"], description="shop"),
        {**REFUSED, "given as description": {"port": 8011, "description": "{{ rsa_key }}"}},
    ),
    "alb_listener_cert": Tries(
        at(8002, certificates=["{{ ecc_id }}"], allow_uncovered_names=True),
        {**REFUSED, "has no certificate": {"certificates": ["ff" * 32]}},
    ),
    "alb_listener_info": Tries(
        {"ports": [8443], "with_certificates": True},
        {**REFUSED, "given as certificate,": {"certificate": {"id": "{{ web_id }}", "key": "{{ rsa_key }}"}}},
    ),
    "alb_load_balancer_info": Tries({"load_balancers": ["demo"], "with_details": True}, REFUSED),
    "alb_mutual_auth": Tries(
        at(8004, ca_certificate=OLD),
        {**REFUSED, "no CA certificate": {"ca_certificate": "1ed65580-0000-0000-0000-000000000000"}},
    ),
    "alb_security_policy": Tries(
        {"name": "modern", "tls_versions": ["TLSv1.2"], "ciphers": ["AES128-SHA"], "tags": {"team": "web"}},
        {**REFUSED, "given as tags": {"tags": {"{{ rsa_key }}": "web", "team": ["{{ ecc_key }}"]}}},
    ),
    "alb_security_policy_info": Tries({"kind": "system"}, REFUSED),
    "alb_server_group_info": Tries({"server_groups": ["demo-web"], "with_servers": True}, REFUSED),
    "cas_ca_certificate": Tries(
        # One that alb_ca_cert does not upload.
        {"certificate": "{{ another_ca_pem }}", "name": "another"},
        {**REFUSED, "without its key": {"certificate": "{{ other_ca_key }}"}},
        hidden=({"certificate": "{{ other_ca_key }}{{ other_ca_pem }}"},),
    ),
    "cas_ca_certificate_info": Tries({"with_details": True}, REFUSED),
    "cas_certificate": Tries(
        {**UPLOAD, "name": "rsa", "tags": {"team": "web"}},
        {
            **REFUSED,
            "the key of another certificate": {"private_key": "{{ ecc_key }}"},
            "is encrypted": {"private_key": "{{ encrypted_key }}"},
            "given as name": {"name": "{{ rsa_key }}"},
            "given as private_key_path": {"private_key": "{{ omit }}", "private_key_path": "{{ rsa_key }}"},
        },
        hidden=(
            {"private_key": "{{ ecc_key }}"},
            {"private_key": "{{ rsa_key }}", "resource_group_id": "{{ rsa_key }}"},
        ),
    ),
    "cas_certificate_info": Tries({"names": ["web"], "with_tags": True, "with_listeners": True}, REFUSED),
}
LISTENERS = ({"port": 8002}, {"port": 8003}, {"port": 8004}, {"port": 8005, "ca_certificate": OLD}, {"port": 8443})


def tasks_of(module: str) -> Iterator[Answer]:
    tries = TRIES[module]
    name = f"alicloud.tls.{module}"
    refused = {**tries.works, **REFUSED["SignatureDoesNotMatch"]}
    yield task(f"{module}__refused", name, refused, {"diff": True})
    yield task(f"{module}__hidden_refused", name, refused, {"no_log": True})
    if module.endswith("_info"):
        yield task(f"{module}__found", name, tries.works, {"diff": True})
        yield task(f"{module}__hidden_again", name, tries.works, {"no_log": True})
    else:
        yield task(f"{module}__planned", name, tries.works, {"check_mode": True, "diff": True})
        yield task(f"{module}__done", name, tries.works, {"diff": True})
        yield task(f"{module}__hidden_again", name, tries.works, {"diff": True, "no_log": True})
    others = [options for options in tries.fails.values() if options is not REFUSED["SignatureDoesNotMatch"]]
    for number, options in enumerate(others):
        yield task(f"{module}__fails_{number}", name, {**tries.works, **options}, {"diff": number % 2 == 0})
    for number, options in enumerate(tries.hidden):
        yield task(f"{module}__hidden_{number}", name, {**tries.works, **options}, {"no_log": True})


TASKS = {module: list(tasks_of(module)) for module in sorted(TRIES)}
NAMES = [each["name"] for tasks in TASKS.values() for each in tasks]


def seed(pki: Pki) -> Answer:
    """Certificates, CAs, and a listener for each module that changes one."""
    rsa, ecc = ("web", pki.renewed), ("ecc", pki.ecc)
    listener = {"load_balancer": "demo", "server_groups": ["demo-web"], "certificates": ["web"]}
    return {
        "ca_certificates": [{"identifier": OLD, "pem": pki.root.pem}, {"identifier": NEW, "pem": pki.intermediate.pem}],
        "certificates": [
            *({"name": name, "certificate": bundle.fullchain, "key": bundle.key} for name, bundle in (rsa, ecc)),
            {"name": "api", "certificate": pki.single.fullchain, "key": pki.single.key},
        ],
        "listeners": [{**listener, **more} for more in LISTENERS],
    }


def through(front: str, directory: Path, pki: Pki, wanted: list[str]) -> tuple[Front, str]:
    """
    The tasks of some modules on a cloud of their own.

    :returns: what came of it, and what the cloud has logged.
    """
    settings = Settings(strict_parameters=True, polls=0, data_plane=False, change_ca_while_enabled=True)
    with Emulator(settings, demo=True) as cloud:
        web_id, ecc_id, _api_id = cloud.seed(seed(pki))["certificates"]
        variables = {
            "rsa_pem": pki.rsa.fullchain,
            "rsa_key": pki.rsa.key,
            "ecc_key": pki.ecc.key,
            "encrypted_key": encrypted(pki.rsa, traditional=True),
            "other_ca_pem": pki.stranger.pem,
            "other_ca_key": pki.stranger.key_pem(),
            "another_ca_pem": pki.second_stranger.pem,
            "web_id": web_id,
            "ecc_id": ecc_id,
        }
        tasks = [each for module in wanted for each in TASKS[module]]
        tasks.append(keep(each["name"] for each in tasks))
        done = play(directory, cloud, tasks, variables, front, by_runner=HAS_RUNNER)
        return done, json.dumps([cloud.urls, [call.to_dict() for call in cloud.calls]])


@dataclass(frozen=True)
class Fronts:
    action: Front
    module: Front
    logs: str


@pytest.fixture(scope="module")
def fronts(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> Fronts:
    for bundle in (pki.rsa, pki.renewed, pki.ecc, pki.single):
        assert bundle.pem  # made before there are threads
    assert pki.stranger.pem
    assert pki.second_stranger.pem
    names = list(TASKS)
    with ThreadPoolExecutor(2) as pool:
        running = [
            pool.submit(through, front, tmp_path_factory.mktemp("fronts"), pki, some)
            for front in ("module", "action")
            for some in (names[::2], names[1::2])
        ]
        done = [each.result() for each in running]
    module, more_module, action, more_action = (each for each, _log in done)
    return Fronts(action + more_action, module + more_module, "".join(log for _each, log in done))


def kept_of(job: Path) -> str:
    """All that ansible-runner has written down of a job."""
    files = sorted(path for path in job.rglob("*") if path.is_file())
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def events_of(jobs: tuple[Path, ...], kind: str) -> dict[str, Answer]:
    """What is kept as the answers of tasks, by the name of the task."""
    files = (file for job in jobs for file in (job / "job_events").glob("*.json"))
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    data = [each["event_data"] for each in found if each["event"] == kind]
    return {each["task"]: each["res"] for each in data}


def test_every_module_is_tried() -> None:
    assert sorted(TRIES) == MODULES


@pytest.mark.parametrize("name", NAMES)
def test_both_fronts_answer_the_same(fronts: Fronts, name: str) -> None:
    action, module = masked(fronts.action.results[name]), masked(fronts.module.results[name])
    assert differences(action, module) == []
    assert action == module


@pytest.mark.parametrize("module", sorted(TRIES))
def test_tasks_end_as_they_are_meant_to(fronts: Fronts, module: str) -> None:
    """Else both fronts could agree on the same mistake."""
    results = {
        name.partition("__")[2]: each for name, each in fronts.action.results.items() if name.startswith(f"{module}__")
    }
    for each in (results.pop("refused"), results.pop("hidden_refused")):
        assert each["failed"]
        assert each["error"]["code"] == "SignatureDoesNotMatch"
    if module.endswith("_info"):
        found = results.pop("found")
        for each in (found, results.pop("hidden_again")):
            assert not each.get("failed"), each["msg"]
            assert not each["changed"]
        assert [each for each in found.values() if isinstance(each, list) and each]
    else:
        planned, done, again = (results.pop(step) for step in ("planned", "done", "hidden_again"))
        for each, changed in ((planned, True), (done, True), (again, False)):
            assert not each.get("failed"), each["msg"]
            assert each["changed"] is changed
            assert (each["diff"]["before"] != each["diff"]["after"]) is changed
    told = [each["msg"] for name, each in results.items() if name.startswith("fails_")]
    words = [each for each in TRIES[module].fails if each not in REFUSED]
    assert len(told) == len(words)
    assert [word for word, message in zip(words, told, strict=True) if word not in message] == [], told


def test_each_front_is_where_it_should_be(fronts: Fronts) -> None:
    shipped = [re.findall(r"PUT \S+ TO \S+AnsiballZ_\w+\.py", each.output) for each in (fronts.action, fronts.module)]
    # The task that keeps what was registered is one of ansible-core's, with a copy of a file as well.
    ours = [[line for line in lines if re.search("AnsiballZ_(alb|cas)_", line)] for lines in shipped]
    assert [len(lines) for lines in ours] == [0, len(NAMES)]


@pytest.mark.skipif(not HAS_RUNNER, reason="ansible-runner is not installed")
@pytest.mark.parametrize("front", ["action", "module"])
def test_the_job_is_kept_as_it_was(fronts: Fronts, front: str) -> None:
    """With the answers of all tasks, but for those that are not to be told."""
    done: Front = getattr(fronts, front)
    failed = {name for name, each in done.results.items() if each.get("failed")}
    kept = {kind: events_of(done.jobs, f"runner_on_{kind}") for kind in ("ok", "failed")}
    assert set(kept["failed"]) == failed
    assert set(kept["ok"]) - {"keep"} == set(NAMES) - failed
    for name, each in {**kept["ok"], **kept["failed"]}.items():
        assert ("censored" in each) is ("__hidden_" in name), name
    text = "".join(map(kept_of, done.jobs))
    for word in ("private_key", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"):
        assert word in text
    assert ("AnsiballZ_cas_certificate" in text) is (front == "module")


def test_a_private_key_in_what_is_kept_of_a_job_would_be_found(tmp_path: Path, pki: Pki) -> None:
    (tmp_path / "job_events").mkdir()
    event = {"event": "verbose", "stdout": f"\u001b[0;34mchanged: {json.dumps({'key': pki.rsa.key})}\u001b[0m"}
    (tmp_path / "job_events" / "1-0.json").write_text(json.dumps(event), encoding="utf-8")
    assert key_traces(pki.rsa.key, kept_of(tmp_path), public=pki.rsa.fullchain)


def test_nothing_tells_a_private_key(fronts: Fronts, pki: Pki) -> None:
    public = "".join(each.fullchain for each in (pki.rsa, pki.renewed, pki.ecc, pki.single))
    public += pki.stranger.pem + pki.second_stranger.pem + pki.root.pem
    keys = [pki.rsa.key, pki.ecc.key, encrypted(pki.rsa, traditional=True), pki.stranger.key_pem()]
    for kept in (fronts.action.jobs, fronts.module.jobs):
        assert len(kept) == (2 if HAS_RUNNER else 0)
    places = {
        "output of the action front": fronts.action.output,
        "output of the module front": fronts.module.output,
        "registered by the action front": json.dumps(fronts.action.results),
        "registered by the module front": json.dumps(fronts.module.results),
        "job of the action front": "".join(map(kept_of, fronts.action.jobs)),
        "job of the module front": "".join(map(kept_of, fronts.module.jobs)),
        "log of requests": fronts.logs,
    }
    found = [(place, key_traces(key, text, public=public)) for key in keys for place, text in places.items()]
    assert [each for each in found if each[1]] == []
    assert "not-the-secret" not in "".join(places.values())


def test_no_private_key_was_sent_but_as_one(fronts: Fronts) -> None:
    """The log of requests says instead of it that there was one."""
    urls, calls = zip(*(json.loads(log) for log in fronts.logs.replace("][", "]\n[").splitlines()), strict=True)
    assert "PRIVATE-KEY" not in json.dumps(urls)
    sent = {
        (call["action"], name)
        for some in calls
        for call in some
        for name, value in call["parameters"].items()
        if "REDACTED" in value
    }
    assert sent == {("UploadUserCertificate", "Key")}
