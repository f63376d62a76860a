# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
playbooks/awx: the data, and what the modules of awx.awx make of it in a stand-in for AWX.

What it is not: a test with AWX. See tests/unit/support/awx_api.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.options import (
    ENVIRONMENT,
    access_of,
    access_options,
)
from ansible_collections.alicloud.tls.tests.unit.support import awx, others
from ansible_collections.alicloud.tls.tests.unit.support.awx import ROOT, Answer, by_name, pack, read, trouble
from ansible_collections.alicloud.tls.tests.unit.support.awx_api import TOKEN, FakeAwx
from ansible_collections.alicloud.tls.tests.unit.support.awx_jobs import CONTROLLER, SETUP, Job, Launcher
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import HAS_RUNNER, Ended, Playbooks, surroundings

PACK = pack()
TEMPLATES = by_name(PACK["awx_job_templates"])
QUESTIONS = [(name, each) for name, survey in PACK["awx_surveys"].items() for each in survey["spec"]]
# One of each kind: every module that is run takes a second.
AGAIN = (
    "ALB TLS: HTTPS listener",
    "ALB TLS: check listeners of an inventory",
    "ALB TLS: plan a rotation",
    "ALB TLS: verify",
)
IMAGE = "registry.example.com/alb-tls:0.1.0"
GUIDE = ROOT / "docs/docsite/rst/guide_awx.rst"
# Beside the variables of roles, those of the playbooks themselves.
PLAYBOOK_VARIABLES = re.compile(r"[{( ]((?:\w+_(?:hosts|serial))|verify_endpoints|https_and_quic_listeners)\b")


def options() -> dict[str, Answer]:
    """All variables of the roles, and how they are documented."""
    specs = [read(path)["argument_specs"]["main"]["options"] for path in ROOT.glob("roles/*/meta/argument_specs.yml")]
    return {name: option for spec in specs for name, option in spec.items()}


# --- the data ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("survey", "question"), QUESTIONS, ids=[each["variable"] for _survey, each in QUESTIONS])
def test_a_question_is_for_a_variable_of_a_role(survey: str, question: Answer) -> None:
    option = options()[question["variable"]]
    kinds = {
        "str": {"text", "textarea", "multiplechoice"},
        "int": {"integer"},
        "bool": {"multiplechoice"},
        "list": {"text", "multiselect"},
    }
    assert question["type"] in kinds[option["type"]]
    assert option["type"] != "list" or option["elements"] == "str"
    if option["type"] == "bool":
        assert question["choices"] == ["true", "false"]
    else:
        assert question.get("choices") == option.get("choices")
    if "default" in option:
        expected = option["default"]
        assert question["default"] == (json.dumps(expected) if isinstance(expected, bool) else expected)
    else:
        # What is left empty is left out: nothing but text can be empty.
        assert question.get("default", "") == ""
        assert question["type"] in ("text", "textarea", "integer", "multiselect")
    assert "default" not in question or not trouble(question, question["default"])


def test_all_surveys_are_used() -> None:
    used = {each["survey"] for each in [*TEMPLATES.values(), *PACK["awx_workflows"]] if "survey" in each}
    assert used == set(PACK["awx_surveys"])


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_a_playbook_and_variables_that_there_are(name: str) -> None:
    template = TEMPLATES[name]
    playbook = ROOT / template["playbook"]
    (play,) = yaml.safe_load(playbook.read_text(encoding="utf-8"))
    known = {*options(), *PLAYBOOK_VARIABLES.findall(playbook.read_text(encoding="utf-8"))}
    assert set(template.get("extra_vars", {})) <= known
    # A job may run as many hosts as it has, one or those of a slice.
    assert "hosts" in play
    if template["job_type"] == "check":
        assert template["diff_mode"]
        assert "ask_job_type_on_launch" not in template


def test_each_playbook_for_listeners_has_a_template() -> None:
    """issue_and_deploy keeps things in a directory, which jobs in containers do not have."""
    shipped = {f"playbooks/{path.name}" for path in ROOT.glob("playbooks/*.yml")}
    assert {each["playbook"] for each in TEMPLATES.values()} == shipped - {"playbooks/issue_and_deploy.yml"}


def test_the_project_and_the_image_are_of_this_version() -> None:
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    definition = read(awx.PACK / "execution-environment.yml")
    assert PACK["awx_project_branch"] == version
    assert definition["dependencies"]["galaxy"]["collections"] == [{"name": "alicloud.tls", "version": version}]


def test_credentials_are_injected_as_what_the_modules_read() -> None:
    kind = by_name(PACK["awx_credential_types"])["Alibaba Cloud"]
    inputs = {each["id"]: each for each in kind["inputs"]["fields"]}
    assert kind["injectors"]["env"] == {ENVIRONMENT[name][0]: f"{{{{ {name} }}}}" for name in inputs}
    secret = {name for name, each in inputs.items() if each.get("secret")}
    assert secret == {"access_key_secret", "security_token", "assume_role_external_id"}


@pytest.mark.parametrize(
    "inputs",
    [
        {"region": "cn-beijing"},
        {"region": "cn-beijing", "security_token": "token"},
        {"region": "cn-beijing", "assume_role_arn": "acs:ram::1:role/tls", "assume_role_session_name": "awx"},
    ],
    ids=["keys", "sts", "role"],
)
def test_inputs_that_are_left_empty_count_as_not_set(
    inputs: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = by_name(PACK["awx_credential_types"])["Alibaba Cloud"]
    given = {"access_key_id": "id", "access_key_secret": "secret", **inputs}
    environment = awx.inject(kind, given, tmp_path).environment
    assert "" in environment.values()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    nothing_said = {name: spec.get("default") for name, spec in access_options().items()}
    access = access_of(nothing_said, str(tmp_path))
    found = {each["id"]: getattr(access, each["id"]) for each in kind["inputs"]["fields"]}
    assert {name: value for name, value in found.items() if value is not None} == {**given, "endpoint_type": "public"}


@pytest.mark.parametrize("name", ["TLS certificate", "TLS certificates, RSA and ECC"])
def test_private_keys_are_secret_and_given_as_files(name: str, tmp_path: Path) -> None:
    kind = by_name(PACK["awx_credential_types"])[name]
    inputs = {each["id"]: f"text of {each['id']}" for each in kind["inputs"]["fields"]}
    secret = {each["id"] for each in kind["inputs"]["fields"] if each.get("secret")}
    assert secret == {each for each in inputs if each.endswith("private_key")}
    injected = awx.inject(kind, inputs, tmp_path)
    assert injected.environment == {}
    assert set(injected.variables) <= set(options())
    for certificates in injected.variables.values():
        read_back = [Path(path).read_text(encoding="utf-8") for each in certificates for path in each.values()]
        assert read_back == list(inputs.values())
        assert {key for each in certificates for key in each} == {"certificate_path", "private_key_path"}
        assert "text of" not in json.dumps(certificates)


# --- in the stand-in for AWX ---------------------------------------------------------------------------------------


def blocks(language: str) -> list[str]:
    """Code blocks of the guide."""
    found = re.findall(rf"code-block:: {language}\n\n((?:    .*\n|\n)+)", GUIDE.read_text(encoding="utf-8"))
    return ["".join(line[4:] for line in block.splitlines(keepends=True)).strip() + "\n" for block in found]


def test_the_guide_tells_what_is_run_here() -> None:
    """The story below takes its files from the guide, and these are its commands."""
    lines = re.findall(r"^    \$ (ansible-playbook .+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert lines == [
        "ansible-playbook alicloud.tls.awx.setup -e @awx.yml --tags credential_types",
        "ansible-playbook credential.yml",
        "ansible-playbook alicloud.tls.awx.setup -e @awx.yml",
    ]


def test_the_guide_names_everything_that_is_made() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    things = [*TEMPLATES.values(), *PACK["awx_workflows"], *PACK["awx_schedules"], *PACK["awx_credential_types"]]
    assert [each["name"] for each in things if each["name"].removeprefix("ALB TLS: ") not in text] == []


def test_the_inventory_of_the_guide_has_variables_of_the_role() -> None:
    (inventory,) = (yaml.safe_load(block)["all"] for block in blocks(r"yaml\+jinja")[2:])
    named = {*inventory["vars"], *(name for host in inventory["hosts"].values() for name in host)}
    assert named - {"ansible_connection"} <= set(options())
    assert len(inventory["hosts"]) > 1


@dataclass(frozen=True)
class Story:
    """
    :param runs: of setup, in the order of the guide.
    :param writes: what each of them asked AWX to do.
    :param job: the run C(all), which is one of ansible-runner.
    """

    fake: FakeAwx
    job: Job
    runs: dict[str, Ended]
    writes: dict[str, list[str]]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    if not HAS_RUNNER:
        pytest.skip("ansible-runner is not installed")
    directory = tmp_path_factory.mktemp("awx")
    launcher = Launcher(directory, {}, others.PLACE)
    playbooks = Playbooks(directory)
    with FakeAwx() as fake:
        environment = {
            "ANSIBLE_COLLECTIONS_PATH": f"{surroundings(directory)['ANSIBLE_COLLECTIONS_PATH']}:{others.PLACE}",
            "CONTROLLER_HOST": fake.url,
            "CONTROLLER_OAUTH_TOKEN": TOKEN,
        }
        runs, writes = {}, {}

        def note(name: str, ended: Ended) -> None:
            runs[name] = ended
            writes[name] = fake.writes[:]
            fake.writes.clear()

        settings, credential = (yaml.safe_load(block) for block in blocks(r"yaml\+jinja")[:2])
        assert settings["awx_credentials"], "the guide has changed"
        name = "alicloud.tls.awx.setup"
        note("types", playbooks.shipped(name, settings, "--tags", "credential_types", **environment))
        keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s3cret"}
        interpreter = ("-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
        note("credential", playbooks.run(credential, *interpreter, **environment, **keys))
        access = {CONTROLLER["name"]: {"host": fake.url, "oauth_token": TOKEN}}
        job = launcher.launch("all", SETUP, settings, access, verbosity=4)
        note("all", Ended(job.status, job.stdout, directory))
        few = {"awx_job_templates": [TEMPLATES[each] for each in AGAIN]}
        note("again", playbooks.shipped(name, settings | few, "--diff", **environment))
        yield Story(fake, job, runs, writes)


def recap(ended: Ended) -> dict[str, int]:
    (line,) = re.findall(r"^localhost +: (.+)$", ended.output, re.MULTILINE)
    return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line)}


@awx.needs_awx
def test_everything_is_made(story: Story) -> None:
    for name in ("types", "credential", "all", "again"):
        assert story.runs[name].status == 0, story.runs[name].output[-3000:]
    fake = story.fake
    assert fake.names("job_templates") == list(TEMPLATES)
    assert fake.names("credential_types") == list(by_name(PACK["awx_credential_types"]))
    assert fake.names("workflow_job_templates") == list(by_name(PACK["awx_workflows"]))
    assert fake.names("schedules") == list(by_name(PACK["awx_schedules"]))
    assert [each["image"] for each in fake.things["execution_environments"]] == [IMAGE]


@awx.needs_awx
def test_types_of_credentials_arrive_as_they_are_written(story: Story) -> None:
    """What is in braces is for AWX, and not for Ansible."""
    for name, wanted in by_name(PACK["awx_credential_types"]).items():
        made = story.fake.named("credential_types", name)
        assert {key: made[key] for key in wanted} == wanted


@awx.needs_awx
def test_templates_arrive_as_they_are_written(story: Story) -> None:
    fake = story.fake
    (project,), (inventory,) = fake.things["projects"], fake.things["inventories"]
    for name, wanted in TEMPLATES.items():
        made = fake.named("job_templates", name)
        plain = {key: value for key, value in wanted.items() if key not in ("survey", "extra_vars")}
        assert {key: made[key] for key in plain} == plain
        assert json.loads(made["extra_vars"]) == wanted.get("extra_vars", {})
        assert (made["project"], made["inventory"]) == (project["id"], inventory["id"])
        assert made["survey_enabled"] is ("survey" in wanted)
        spec = PACK["awx_surveys"][wanted["survey"]] if "survey" in wanted else None
        assert fake.surveys.get(made["id"]) == spec
        assert fake.linked(made, "credentials") == ["Alibaba Cloud, production"]


@awx.needs_awx
def test_the_workflow_leads_from_the_plan_over_an_approval_to_verification(story: Story) -> None:
    fake = story.fake
    node, path = fake.named("workflow_job_template_nodes", "plan"), []
    while True:
        leads_to = fake.linked(node, "success_nodes")
        (ran,) = (each for each in fake._listed("unified_job_templates") if each["id"] == node["unified_job_template"])
        path.append((ran["type"], ran["name"]))
        if not leads_to:
            break
        node = fake.named("workflow_job_template_nodes", leads_to[0])
    assert path == [
        ("job_template", "ALB TLS: plan a rotation"),
        ("workflow_approval_template", "ALB TLS: approve the rotation"),
        ("job_template", "ALB TLS: rotate what was planned"),
        ("job_template", "ALB TLS: verify what was rotated"),
    ]
    assert fake.surveys[fake.named("workflow_job_templates", PACK["awx_workflows"][0]["name"])["id"]]["spec"]
    assert {link.split("/")[-2] for link, ids in fake.links.items() if ids} == {"success_nodes", "credentials"}


@awx.needs_awx
def test_the_schedule_is_for_the_plan_and_begins_if_there_are_credentials(story: Story) -> None:
    (schedule,) = story.fake.things["schedules"]
    assert schedule["unified_job_template"] == story.fake.named("job_templates", "ALB TLS: plan a rotation")["id"]
    assert schedule["enabled"] is True
    assert PACK["awx_schedules_enabled"] == "{{ awx_credentials | length > 0 }}"
    assert schedule["extra_data"] == PACK["awx_schedules"][0]["extra_data"]


@awx.needs_awx
def test_the_last_run_changes_nothing(story: Story) -> None:
    assert [recap(story.runs[name])["changed"] > 0 for name in ("types", "credential", "all")] == [True] * 3
    assert recap(story.runs["again"])["changed"] == 0
    # That the project is brought up to date is not a change.
    (project,) = story.fake.things["projects"]
    assert story.writes["again"] == [f"POST {project['url']}update/"]


@awx.needs_awx
def test_no_secret_is_in_anything_that_is_kept_of_the_job(story: Story) -> None:
    """Neither the token for AWX nor a private key, for which there are types of credentials in there."""
    kept = story.job.kept
    for word in ('"event": "playbook_on_stats"', "AnsiballZ_credential_type", "task path: ", "private_key"):
        assert word in kept
    # It is in the environment, which AWX deletes after the job.
    assert TOKEN in kept
    assert TOKEN not in story.job.told
    assert "PRIVATE KEY-----" not in kept


@awx.needs_awx
def test_the_credential_of_the_guide_is_one_of_its_type(story: Story) -> None:
    (made,) = story.fake.things["credentials"]
    kind = story.fake.named("credential_types", "Alibaba Cloud")
    assert made["credential_type"] == kind["id"]
    assert made["inputs"]["access_key_secret"] == "s3cret"
    assert set(made["inputs"]) <= {each["id"] for each in kind["inputs"]["fields"]}
    assert "s3cret" not in story.runs["credential"].output


def test_it_says_what_is_missing(tmp_path: Path) -> None:
    playbooks = Playbooks(tmp_path)
    ended = playbooks.shipped("alicloud.tls.awx.setup", {}, ANSIBLE_COLLECTIONS_SCAN_SYS_PATH="false")
    assert ended.status == 2
    assert "Give awx_image" in ended.output
    ended = playbooks.shipped("alicloud.tls.awx.setup", {"awx_image": IMAGE}, ANSIBLE_COLLECTIONS_SCAN_SYS_PATH="false")
    assert ended.status == 2
    assert 'Install it with "ansible-galaxy collection install awx.awx". Nothing was changed.' in ended.output
    assert "couldn't resolve module" not in ended.output
