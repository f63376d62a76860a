# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
The playbook issue_and_deploy with a real ACME server, from the first certificate to one that cannot be issued.

The variables are those of the guide, but for addresses and places. Each run is one of ansible-playbook, by the name of
the playbook; what clients are served is looked at after each.
"""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import textwrap
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.support import acme, others
from ansible_collections.alicloud.tls.tests.unit.support.acme import Acme
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_traces, writes
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Ended, Playbooks, access_to, surroundings
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

pytestmark = acme.needs_acme

GUIDE = Path(__file__).resolve().parents[3] / "docs/docsite/rst/guide_acme.rst"
PORT = 8443
NAMES = ["shop.example.com", "*.shop.example.com"]
NEW_NAME = "other.example.com"
ORDER = "POST /order-plz"
# As the guide tells to write them, for the DNS server that belongs to Pebble.
DNS_TASKS = """\
- name: Write the TXT records
  ansible.builtin.uri:
    url: "{{ management_url }}/set-txt"
    method: POST
    body_format: json
    body:
      host: "{{ item.0.record }}."
      value: "{{ 'wrong' if issue_and_deploy_key_type == wrong_kind | default('') else item.1 }}"
  when: issue_and_deploy_state == 'present'
  loop: "{{ issue_and_deploy_records | subelements('texts') }}"

- name: Remove the TXT records
  ansible.builtin.uri:
    url: "{{ management_url }}/clear-txt"
    method: POST
    body_format: json
    body:
      host: "{{ item.record }}."
  when: issue_and_deploy_state == 'absent'
  loop: "{{ issue_and_deploy_records }}"
"""


@dataclass(frozen=True)
class Run:
    """
    One run, and how things were after it.

    :param asked: what the ACME server was asked.
    :param calls: actions of the cloud.
    :param served: SHA-256 fingerprints of what clients get, by name and kind of key; none without a listener.
    :param texts: how many TXT records there are, by name.
    """

    ended: Ended
    asked: list[str]
    calls: list[str]
    served: dict[tuple[str, str], str]
    texts: dict[str, int]

    @property
    def recap(self) -> dict[str, int]:
        (line,) = re.findall(r"^localhost +: (.+)$", self.ended.output, re.MULTILINE)
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line)}


class Shop:
    """A load balancer, an ACME server, and whoever runs the playbook."""

    def __init__(self, directory: Path, server: Acme, cloud: Emulator, address: str) -> None:
        self._playbooks = Playbooks(directory)
        self._server = server
        self._cloud = cloud
        self._address = address
        self.certificates = directory / "certificates"
        (directory / "inventory").mkdir()
        (directory / "inventory" / "dns.yml").write_text(DNS_TASKS, encoding="utf-8")
        serve, rotate = guide_variables()
        verify = {"ca_path": str(server.root_path), "attempts": 1}
        self.rotation = {**rotate, "certificate_rotation_verify": verify}
        self.variables = {
            **serve,
            "issue_and_deploy_acme_directory": server.directory_url,
            "issue_and_deploy_acme_ca_path": str(server.ca_path),
            "issue_and_deploy_directory": str(self.certificates),
            "management_url": server.management_url,
            "https_listener_port": PORT,
            "https_listener_verify": verify,
        }

    def run(self, *arguments: str, **variables: t.Any) -> Run:
        paths = surroundings(self._playbooks.directory)["ANSIBLE_COLLECTIONS_PATH"]
        asked = len(self._server.requests)
        self._cloud.clear_calls()
        ended = self._playbooks.shipped(
            "alicloud.tls.issue_and_deploy",
            {**self.variables, **variables},
            *arguments,
            ANSIBLE_COLLECTIONS_PATH=f"{paths}:{others.PLACE}",
            **access_to(self._cloud.url),
        )
        return Run(
            ended,
            self._server.requests[asked:],
            list(self._cloud.actions),
            self._served(),
            {name: self._server.texts(f"_acme-challenge.{name}") for name in (NAMES[0], NEW_NAME)},
        )

    def _served(self) -> dict[tuple[str, str], str]:
        if not self._cloud.world.listeners:
            return {}
        names = (NAMES[0], "any.shop.example.com")
        return {(name, kind): self._handshake(name, kind) for name in names for kind in ("RSA", "ECC")}

    def _handshake(self, name: str, kind: str) -> str:
        """As a client that trusts the ACME server's CA and nobody else."""
        trust = ssl.create_default_context(cafile=self._server.root_path)
        # The kind of certificate is part of the cipher below TLS 1.3 only.
        trust.maximum_version = ssl.TLSVersion.TLSv1_2
        trust.set_ciphers("ECDHE+aECDSA" if kind == "ECC" else "ECDHE+aRSA")
        with (
            socket.create_connection((self._address, PORT), timeout=10) as connection,
            trust.wrap_socket(connection, server_hostname=name) as secured,
        ):
            return hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()

    def place(self, kind: str, name: str = NAMES[0]) -> Path:
        return self.certificates / f"{name}.{kind.lower()}"

    def certificate(self, place: Path) -> x509.Certificate:
        return x509.load_pem_x509_certificate((place / "certificate.pem").read_bytes())


def guide_variables() -> list[Answer]:
    """The variables in the guide: to set a listener up, and to rotate."""
    blocks = re.findall(r"code-block:: yaml\+jinja\n\n((?:    .*\n|\n)+)", GUIDE.read_text(encoding="utf-8"))
    return [read for read in map(yaml.safe_load, map(textwrap.dedent, blocks)) if isinstance(read, dict)]


def test_the_guide_tells_what_is_run_here() -> None:
    """Check mode and the run are the first two of the story."""
    lines = re.findall(r"^    \$ (ansible-playbook .+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert lines == [
        "ansible-playbook alicloud.tls.issue_and_deploy --check -e @shop.yml",
        "ansible-playbook alicloud.tls.issue_and_deploy --diff -e @shop.yml",
    ]


@dataclass(frozen=True)
class Story:
    """
    All runs, one after another.

    :param first: the first certificates, by kind.
    :param forced: the one of ECC that was issued although the first one was not due.
    :param keys: all private keys there were, with what is public of them.
    """

    shop: Shop
    runs: dict[str, Run]
    first: dict[str, x509.Certificate]
    forced: x509.Certificate
    keys: list[tuple[str, str]]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    directory, servers = (tmp_path_factory.mktemp(name) for name in ("shop", "acme"))
    address = acme.own_address()
    settings = Settings(strict_parameters=True, polls=0, real_ports=True)
    with Acme(servers).running() as server, Emulator(settings) as cloud:
        cloud.seed(
            {
                "load_balancers": [{"name": "shop", "edition": "Standard", "dns_name": address}],
                "server_groups": [{"name": "shop-web"}],
            }
        )
        shop = Shop(directory, server, cloud, address)
        runs = {"planned": shop.run("--check", "--diff"), "first": shop.run("--diff", "-vvvv")}
        first = {kind: shop.certificate(shop.place(kind)) for kind in ("RSA", "ECC")}
        keys = private_keys(shop)
        runs["again"] = shop.run("--diff")
        force = {"issue_and_deploy_force": True}
        runs["issued"] = shop.run("--tags", "issue", issue_and_deploy_key_types=["ECC"], **force)
        forced = shop.certificate(shop.place("ECC"))
        runs["deployed"] = shop.run("--tags", "deploy", **force)
        # ECC first, for which the records are wrong; and from here on with rotation.
        shop.variables |= shop.rotation
        changed = {"issue_and_deploy_domains": [*NAMES, NEW_NAME], "issue_and_deploy_key_types": ["ECC", "RSA"]}
        runs["changed"] = shop.run("--diff", "-vvvv", wrong_kind="ECC", issue_and_deploy_dns_wait=1, **changed)
        keys += private_keys(shop)
        yield Story(shop, runs, first, forced, keys)


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def names_of(certificate: x509.Certificate) -> list[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return sorted(names.get_values_for_type(x509.DNSName))


def private_keys(shop: Shop) -> list[tuple[str, str]]:
    found = []
    for path in shop.certificates.rglob("*key.pem"):
        pem = path.read_text(encoding="ascii")
        public = load_pem_private_key(pem.encode(), None).public_key()
        text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        certificates = "".join(each.read_text(encoding="ascii") for each in path.parent.glob("*chain.pem"))
        found.append((pem, text + certificates))
    return found


def test_check_mode_tells_what_would_be_issued_and_does_nothing(story: Story) -> None:
    run = story.runs["planned"]
    assert run.ended.status == 0, run.ended.output[-3000:]
    for kind in ("RSA", "ECC"):
        assert f"{kind} certificate for {', '.join(NAMES)}: would be issued, as there is none yet" in run.ended.output
    assert "cannot be planned" in run.ended.output
    assert run.recap["changed"] == 1
    assert run.asked == []
    assert run.calls == []
    assert run.served == {}


def test_certificates_of_both_kinds_are_issued_and_served(story: Story) -> None:
    run = story.runs["first"]
    assert run.ended.status == 0, run.ended.output[-3000:]
    assert run.asked.count(ORDER) == 2
    assert run.served == {
        (name, kind): fingerprint(certificate)
        for name in (NAMES[0], "any.shop.example.com")
        for kind, certificate in story.first.items()
    }
    assert names_of(story.first["RSA"]) == names_of(story.first["ECC"]) == sorted(NAMES)
    key = story.first["RSA"].public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 2048
    key = story.first["ECC"].public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"


def test_dns_records_are_there_only_while_they_are_needed(story: Story) -> None:
    """Names that were just proven need no proof again: the second certificate has no records."""
    run = story.runs["first"]
    assert run.asked.count("POST /chalZ") == 2
    # Once before the first certificate, once after it.
    assert run.ended.output.count("TASK [alicloud.tls.issue_and_deploy : Write the TXT records]") == 2
    assert run.texts == {NAMES[0]: 0, NEW_NAME: 0}


def test_the_second_run_orders_and_changes_nothing(story: Story) -> None:
    run = story.runs["again"]
    assert run.ended.status == 0, run.ended.output[-3000:]
    assert run.recap["changed"] == 0
    assert f"ECC certificate for {', '.join(NAMES)}: is valid for 89 days" in run.ended.output
    assert run.asked == []
    assert writes(run.calls) == []
    assert run.served == story.runs["first"].served


def test_one_that_is_not_due_is_issued_if_that_is_forced(story: Story) -> None:
    run = story.runs["issued"]
    assert run.ended.status == 0, run.ended.output[-3000:]
    assert (
        f"ECC certificate for {', '.join(NAMES)}: will be issued, as issue_and_deploy_force is set" in run.ended.output
    )
    assert run.asked.count(ORDER) == 1
    assert story.forced != story.first["ECC"]
    assert names_of(story.forced) == sorted(NAMES)


def test_with_the_tag_issue_nothing_is_handed_on(story: Story) -> None:
    run = story.runs["issued"]
    assert run.calls == []
    assert run.served == story.runs["first"].served


def test_with_the_tag_deploy_what_there_is_is_handed_on_and_nothing_is_issued(story: Story) -> None:
    """Although there would be something to issue: that it is forced is set in this run as well."""
    run = story.runs["deployed"]
    assert run.ended.status == 0, run.ended.output[-3000:]
    assert run.asked == []
    assert writes(run.calls)
    for name in (NAMES[0], "any.shop.example.com"):
        assert run.served[name, "ECC"] == fingerprint(story.forced)
        assert run.served[name, "RSA"] == fingerprint(story.first["RSA"])


def test_certificates_for_other_names_are_issued_anew(story: Story) -> None:
    run, shop = story.runs["changed"], story.shop
    assert "RSA certificate for" in run.ended.output
    assert "will be issued, as something else is asked for: domains" in run.ended.output
    assert run.asked.count(ORDER) == 2
    assert names_of(shop.certificate(shop.place("RSA"))) == sorted([*NAMES, NEW_NAME])


def test_what_cannot_be_proven_does_not_keep_the_rest_from_being_served(story: Story) -> None:
    run, shop = story.runs["changed"], story.shop
    assert run.ended.status == 2
    assert run.recap["failed"] == 1
    assert f"Get the certificate: Failed to validate challenge for dns:{NEW_NAME}" in run.ended.output
    assert "TASK [alicloud.tls.certificate_rotation : Report]" in run.ended.output
    assert run.served[NAMES[0], "RSA"] == fingerprint(shop.certificate(shop.place("RSA")))
    assert run.served[NAMES[0], "ECC"] == fingerprint(story.forced)


def test_dns_records_are_removed_if_they_do_not_prove_anything(story: Story) -> None:
    run = story.runs["changed"]
    # There were some, and wrong ones.
    assert "Correct value not found for DNS challenge" in run.ended.output
    assert run.texts == {NAMES[0]: 0, NEW_NAME: 0}


def test_records_are_waited_for(story: Story) -> None:
    """Between writing them and having them looked at, if there are some, and if that is asked for."""
    for name, seconds in {"first": [], "changed": [1, 1]}.items():
        tasks = re.split(r"^TASK \[", story.runs[name].ended.output, flags=re.MULTILINE)
        titles = [task.partition("]")[0].rpartition(" : ")[2] for task in tasks]
        at = [number for number, title in enumerate(titles) if title == "Wait for DNS"]
        assert len(at) == 2
        waited = [int(each) for number in at for each in re.findall(r'"elapsed": (\d+)', tasks[number])]
        assert waited == seconds
        number = at[0]
        assert titles.index("Write the TXT records") < number < titles.index("Get the certificate")


def test_each_certificate_has_a_key_of_its_own(story: Story) -> None:
    keys = {pem for pem, _public in story.keys}
    # The account, two of ECC and one that got no certificate, two of RSA.
    assert len(keys) == 6
    rsa, ecc = story.shop.place("RSA"), story.shop.place("ECC")
    for each in (rsa, rsa.with_name(f"{rsa.name}.previous"), ecc, ecc.with_name(f"{ecc.name}.previous")):
        key = load_pem_private_key((each / "key.pem").read_bytes(), None)
        assert story.shop.certificate(each).public_key() == key.public_key()


def test_only_the_owner_can_read_private_keys(story: Story) -> None:
    paths = [story.shop.certificates, *story.shop.certificates.rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_dir()} == {"0o700"}
    keys = [path for path in paths if path.name.endswith("key.pem")]
    assert len(keys) == 6
    assert {oct(path.stat().st_mode & 0o777) for path in keys} == {"0o600"}


def test_the_certificate_before_and_the_attempt_that_failed_are_kept(story: Story) -> None:
    names = {path.name for path in story.shop.certificates.iterdir()}
    base = NAMES[0]
    places = (f"{base}.{kind}{suffix}" for kind in ("rsa", "ecc") for suffix in ("", ".previous"))
    assert names == {"account.key.pem", *places, f"{base}.ecc.pending"}
    for kind, first in story.first.items():
        previous = story.shop.certificates / f"{base}.{kind.lower()}.previous"
        assert story.shop.certificate(previous) == first


@pytest.mark.parametrize("name", ["first", "changed"])
def test_no_private_key_is_in_any_output(story: Story, name: str) -> None:
    output = story.runs[name].ended.output
    assert "openssl_privatekey" in output
    for pem, public in story.keys:
        assert key_traces(pem, output, public=public) == []
