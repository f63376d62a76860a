# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Every playbook that is shipped, as a job of AWX: by ansible-runner, from the job templates of playbooks/awx.

The one that sets AWX up is run so in test_awx_setup.py.
Surveys are answered, credentials injected, an inventory is run in slices, and a workflow from its plan to verification.
Nothing that is kept of any job has a piece of a private key in it.
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
from ansible_collections.alicloud.tls.tests.emulator import (
    DEMO_ACCESS_KEY_ID,
    DEMO_ACCESS_KEY_SECRET,
    Emulator,
    Settings,
)
from ansible_collections.alicloud.tls.tests.unit.support import acme, others
from ansible_collections.alicloud.tls.tests.unit.support.acme import Acme
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_traces, writes
from ansible_collections.alicloud.tls.tests.unit.support.authorities import OLD
from ansible_collections.alicloud.tls.tests.unit.support.awx import by_name, pack, shipped
from ansible_collections.alicloud.tls.tests.unit.support.awx_jobs import ISSUE, SETUP, Job, Launcher, slices
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle, Pki
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import HAS_RUNNER
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

pytestmark = pytest.mark.skipif(not HAS_RUNNER, reason="ansible-runner is not installed")

TEMPLATES = by_name(pack()["awx_job_templates"])
NETWORK = acme.own_address().rpartition(".")[0]
BALANCERS = ("shop", "blog", "api", "partners", "many")
PORT = 8443
LATE = 9443
PORTS = {f"listener-{number}": 9000 + number for number in range(1, 5)}
DNS_TASKS = """- name: Write or remove the TXT records
  ansible.builtin.uri:
    url: "{{ management_url }}/{{ 'set' if issue_and_deploy_state == 'present' else 'clear' }}-txt"
    method: POST
    body_format: json
    body:
      host: "{{ item.record }}."
      value: "{{ item.texts[0] }}"
  loop: "{{ issue_and_deploy_records }}"
"""


@dataclass(frozen=True)
class Story:
    """
    :param jobs: by their labels.
    :param ran: which playbooks they were.
    :param calls: actions of the cloud that the jobs of the workflow asked for, by job.
    :param secrets: private keys, with what is public of them.
    """

    jobs: dict[str, Job]
    ran: set[str]
    calls: dict[str, list[str]]
    cloud: Emulator
    secrets: dict[str, tuple[str, str]]


class World:
    """What the jobs of all templates have in common."""

    def __init__(self, directory: Path, cloud: Emulator, pki: Pki) -> None:
        self.cloud = cloud
        self.pki = pki
        self.directory = directory
        self.root = directory / "root.pem"
        self.root.write_text(pki.root.pem, encoding="ascii")
        self.client = Bundle(pki.issue("client", issuer=pki.stranger, names=["client"]))
        self.new_client = Bundle(pki.issue("client", issuer=pki.second_stranger, names=["client"]))
        endpoints = {"ALIBABA_CLOUD_ALB_ENDPOINT": cloud.url, "ALIBABA_CLOUD_CAS_ENDPOINT": cloud.url}
        self.launcher = Launcher(directory, endpoints, others.PLACE)
        self.ran: set[str] = set()
        self.calls: dict[str, list[str]] = {}
        self.verify = {"ca_path": str(self.root), "attempts": 1}
        self.access = {
            "Alibaba Cloud": {
                "access_key_id": DEMO_ACCESS_KEY_ID,
                "access_key_secret": DEMO_ACCESS_KEY_SECRET,
                "region": "cn-hangzhou",
            }
        }

    def run(
        self, label: str, template: str | Answer, given: Answer, certificates: Answer | None = None, **more: t.Any
    ) -> Job:
        """:param certificates: a further credential."""
        self.ran.add((TEMPLATES[template] if isinstance(template, str) else template)["playbook"])
        return self.launcher.launch(label, template, given, {**self.access, **(certificates or {})}, **more)

    def one(self, bundle: Bundle) -> Answer:
        return {"TLS certificate": {"certificate": bundle.fullchain, "private_key": bundle.key}}

    def pair(self) -> Answer:
        rsa, ecc = self.pki.rsa, self.pki.ecc
        inputs = {"rsa_certificate": rsa.fullchain, "rsa_private_key": rsa.key}
        inputs |= {"ecc_certificate": ecc.fullchain, "ecc_private_key": ecc.key}
        return {"TLS certificates, RSA and ECC": inputs}

    def lane_https(self) -> None:
        """Check and set up one listener, then another one with mutual TLS and its next CA."""
        answers = {
            "https_listener_load_balancer": "shop",
            "https_listener_port": PORT,
            "https_listener_server_group": "web",
            "https_listener_region": "",
            "https_listener_description": "of_a_survey",
            "https_listener_verify": self.verify,
        }
        self.run("https-check", "ALB TLS: check HTTPS listener", answers, self.pair())
        self.run("https", "ALB TLS: HTTPS listener", answers, self.pair(), verbosity=4)
        clients = {
            "https_listener_load_balancer": "partners",
            "https_listener_port": PORT,
            "https_listener_mutual_auth": {"ca_certificate": self.pki.stranger.pem},
            "https_listener_verify": {
                **self.verify,
                "client_certificate": self.client.pem,
                "client_key_path": self.file("client.key.pem", self.client.key),
            },
        }
        self.run("mutual-tls", "ALB TLS: mutual TLS", clients)
        rotation = {
            "ca_rotation_load_balancer": "partners",
            "ca_rotation_port": PORT,
            "ca_rotation_stage": "direct",
            "ca_rotation_ca_certificate": self.pki.second_stranger.pem,
            "ca_rotation_rollback": "true",
            "ca_rotation_verify": {
                **self.verify,
                "new_client_certificate": self.new_client.pem,
                "new_client_key_path": self.file("new.key.pem", self.new_client.key),
                "old_client_certificate": self.client.pem,
                "old_client_key_path": self.file("old.key.pem", self.client.key),
            },
        }
        self.run("rotate-ca", "ALB TLS: rotate a CA", rotation)

    def lane_others(self) -> None:
        """QUIC, both, and many in slices; with other certificates than the lane beside it, which uploads its own."""
        answers = {
            "quic_listener_load_balancer": "blog",
            "quic_listener_port": PORT,
            "quic_listener_server_group": "web",
            "quic_listener_verify": self.verify,
        }
        self.run("quic", "ALB TLS: QUIC listener", answers, self.one(self.pki.outdated))
        both = {
            "https_and_quic_listeners": [{"load_balancer": "api", "port": PORT, "server_group": "web"}],
            "https_listener_verify": self.verify,
            "quic_listener_verify": self.verify,
        }
        self.run(
            "both",
            "ALB TLS: HTTPS and QUIC",
            both,
            self.one(Bundle(self.pki.numbered(1).issued, self.pki.intermediate.pem)),
        )
        shared = {
            "ansible_connection": "local",
            "https_listener_load_balancer": "many",
            "https_listener_server_group": "web",
            "https_listener_certificates": [{"reference": "name:single"}],
            "https_listener_verify": self.verify,
        }
        hosts = {name: {**shared, "https_listener_port": port} for name, port in PORTS.items()}
        for number, part in enumerate(slices(hosts, 2), 1):
            self.run(f"slice-{number}", "ALB TLS: listeners of an inventory", {}, hosts=part)

    def workflow(self) -> None:
        """As the answers of its survey have it, and from node to node what was handed on."""
        given: Answer = {
            "certificate_rotation_load_balancers": "shop,blog",
            "certificate_rotation_canary": "blog, nobody",
            "certificate_rotation_protocols": ["HTTPS", "QUIC"],
            "certificate_rotation_supersedes": "",
            "certificate_rotation_verify": self.verify,
        }
        audit: Answer = pack()["awx_schedules"][0]
        # The certificates here have more days left than those that the schedule is for.
        late = {**audit["extra_data"], "certificate_rotation_expires_within_days": 100}
        self.run("audit", audit["unified_job_template"], {**given, **late}, self.one(self.pki.renewed))
        (workflow,) = pack()["awx_workflows"]
        nodes = {node["identifier"]: node for node in workflow["nodes"]}
        node = nodes["plan"]
        while True:
            if "unified_job_template" in node:
                name = node["identifier"]
                self.cloud.clear_calls()
                job = self.run(name, node["unified_job_template"], given, self.one(self.pki.renewed))
                self.calls[name] = list(self.cloud.actions)
                given |= job.handed_on
            else:
                self.add_listener()
            if "success_nodes" not in node:
                return
            (after,) = node["success_nodes"]
            node = nodes[after]

    def add_listener(self) -> None:
        """While the approval is waited for: another listener with a certificate that is to be replaced."""
        old = f"www.example.com-{self.pki.rsa.sha256[:12]}"
        listener = {"load_balancer": "shop", "port": LATE, "server_groups": ["web"], "certificates": [old]}
        self.cloud.seed({"listeners": [listener]})

    def issue(self) -> tuple[str, str]:
        """A certificate from an ACME server; its private key, and what is public of that."""
        directory = self.directory / "acme"
        directory.mkdir()
        tasks = self.file("dns.yml", DNS_TASKS)
        with Acme(directory).running() as server:
            given = {
                "issue_and_deploy_acme_directory": server.directory_url,
                "issue_and_deploy_acme_ca_path": str(server.ca_path),
                "issue_and_deploy_acme_terms_agreed": True,
                "issue_and_deploy_domains": ["shop.example.com"],
                "issue_and_deploy_key_types": ["ECC"],
                "issue_and_deploy_directory": str(directory / "certificates"),
                "issue_and_deploy_dns_tasks": tasks,
                "issue_and_deploy_with": "none",
                "management_url": server.management_url,
            }
            self.run("issue", ISSUE, given)
        (path,) = (directory / "certificates").glob("*/key.pem")
        key = path.read_text(encoding="ascii")
        public = load_pem_private_key(key.encode(), None).public_key()
        shown = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return key, shown + (path.parent / "fullchain.pem").read_text(encoding="ascii")

    def file(self, name: str, text: str) -> str:
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        return str(path)


def seed(pki: Pki) -> Answer:
    return {
        "load_balancers": [
            {"name": name, "edition": "Standard", "dns_name": f"{NETWORK}.{number}"}
            for number, name in enumerate(BALANCERS, 1)
        ],
        "server_groups": [{"name": "web"}],
        "certificates": [{"name": "single", "certificate": pki.single.fullchain, "key": pki.single.key}],
        "ca_certificates": [{"identifier": OLD, "pem": pki.root.pem}],
        "listeners": [
            {"load_balancer": "partners", "port": PORT, "server_groups": ["web"], "certificates": ["single"]}
        ],
    }


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> Iterator[Story]:
    settings = Settings(strict_parameters=True, polls=0, real_ports=True, change_ca_while_enabled=True)
    with Emulator(settings) as cloud:
        cloud.seed(seed(pki))
        world = World(tmp_path_factory.mktemp("jobs"), cloud, pki)
        with ThreadPoolExecutor(2) as lanes:
            for done in [lanes.submit(world.lane_https), lanes.submit(world.lane_others)]:
                done.result()
        world.workflow()
        secrets = {
            name: (bundle.key, bundle.fullchain)
            for name, bundle in {
                "rsa": pki.rsa,
                "ecc": pki.ecc,
                "outdated": pki.outdated,
                "renewed": pki.renewed,
                "client": world.client,
                "new client": world.new_client,
            }.items()
        }
        if not acme.MISSING:
            secrets["issued"] = world.issue()
        yield Story(world.launcher.jobs, world.ran, world.calls, cloud, secrets)


def served(story: Story, balancer: str) -> dict[int, t.Any]:
    """The listeners of a load balancer, by port."""
    world = story.cloud.world
    (wanted,) = (each.load_balancer_id for each in world.load_balancers.values() if each.name == balancer)
    return {each.port: each for each in world.listeners.values() if each.load_balancer_id == wanted}


LABELS = ("https-check", "https", "mutual-tls", "rotate-ca", "quic", "both", "slice-1", "slice-2")


@pytest.mark.parametrize("label", [*LABELS, "plan", "rotate", "verify"])
def test_the_job_is_successful(story: Story, label: str) -> None:
    job = story.jobs[label]
    assert job.status == 0, job.stdout[-4000:]
    assert set(job.hosts.values()) == {label != "verify"}


def test_every_playbook_that_is_shipped_was_a_job(story: Story) -> None:
    without = set() if not acme.MISSING else {ISSUE["playbook"]}
    # The one that changes AWX is a job in test_awx_setup.py.
    assert shipped() - without == story.ran | {SETUP["playbook"]}


def test_the_check_tells_what_the_run_does(story: Story) -> None:
    """The second one, which is louder, says all that the first one did."""
    told = re.findall(r"^[+-] .+", story.jobs["https-check"].stdout, re.MULTILINE)
    assert told
    assert [line for line in told if line not in story.jobs["https"].stdout] == []
    listener = served(story, "shop")[PORT]
    assert (listener.config.description, listener.port) == ("of_a_survey", PORT)
    # The pair of the credential.
    assert len(listener.config.certificate_ids) == 2


def test_each_slice_does_its_part(story: Story) -> None:
    hosts = [set(story.jobs[f"slice-{number}"].hosts) for number in (1, 2)]
    assert hosts == [{"listener-1", "listener-3"}, {"listener-2", "listener-4"}]
    assert set(served(story, "many")) == set(PORTS.values())


def test_the_workflow_hands_on_what_its_nodes_need(story: Story) -> None:
    planned = story.jobs["plan"].handed_on["certificate_rotation_summary_planned"]["listeners"]
    rotated = story.jobs["rotate"].handed_on["certificate_rotation_summary_rotated"]["listeners"]
    assert [each["result"] for each in planned] == ["to be rotated"] * 2
    assert [each["result"] for each in rotated] == ["rotated"] * 2
    # The canary that the survey names, although it has the worse name.
    assert [each["load_balancer"] for each in rotated] == ["blog", "shop"]
    assert [each["listener_id"] for each in planned] == [each["listener_id"] for each in rotated]
    assert writes(story.calls["plan"]) == writes(story.calls["verify"]) == []
    assert writes(story.calls["rotate"])


def test_the_audit_fails_if_there_is_something_to_rotate(story: Story) -> None:
    job = story.jobs["audit"]
    assert job.status == 2
    assert "2 listeners would be changed, more than the 0 that certificate_rotation_most allows." in job.stdout


def test_only_what_was_approved_is_rotated(story: Story) -> None:
    shop = served(story, "shop")
    (renewed,) = served(story, "blog")[PORT].config.certificate_ids
    assert renewed in shop[PORT].config.certificate_ids
    assert renewed not in shop[LATE].config.certificate_ids


def test_the_last_node_asks_for_what_was_rotated(story: Story, pki: Pki) -> None:
    output = story.jobs["verify"].kept
    endpoints = [
        each["endpoint"] for each in story.jobs["rotate"].handed_on["certificate_rotation_summary_rotated"]["listeners"]
    ]
    assert [each["transport"] for each in endpoints] == ["quic", "tcp"]
    for each in endpoints:
        assert pki.renewed.sha256 in each["until"]["sha256"]
        assert f"(item={each['address']})" in output
    assert output.count("TASK [Look at ") >= 2


@acme.needs_acme
def test_a_certificate_is_issued_by_a_job(story: Story) -> None:
    job = story.jobs["issue"]
    assert job.status == 0, job.stdout[-4000:]
    key = load_pem_private_key(story.secrets["issued"][0].encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)


def test_what_is_kept_is_the_whole_job(story: Story) -> None:
    """So that nothing found in there says something."""
    for label, job in story.jobs.items():
        assert '"event": "playbook_on_stats"' in job.kept, label
    loud = story.jobs["https"].told
    # Verbosity 4 of Ansible.
    for word in ("task path: ", "Loading callback plugin", "Parsed "):
        assert word in loud, word


def test_no_private_key_is_in_anything_that_is_kept(story: Story) -> None:
    public = "".join(each[1] for each in story.secrets.values())
    found = [
        (label, name, key_traces(key, job.kept, public=public))
        for label, job in story.jobs.items()
        for name, (key, _public) in story.secrets.items()
    ]
    assert [each for each in found if each[2]] == []


def test_no_secret_of_a_credential_is_in_anything_that_is_kept(story: Story) -> None:
    assert [label for label, job in story.jobs.items() if DEMO_ACCESS_KEY_SECRET in job.told] == []


def test_a_private_key_would_be_found(story: Story) -> None:
    key, public = story.secrets["rsa"]
    event = json.dumps({"event": "runner_on_ok", "event_data": {"res": {"key": key}}})
    assert key_traces(key, story.jobs["https"].kept + event, public=public)
