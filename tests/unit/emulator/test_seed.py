# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: what a file may name, and what comes of it; the state file."""

from __future__ import annotations

import json
import socket
import ssl
import stat
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.emulator.cloud import Cloud
from ansible_collections.alicloud.tls.tests.emulator.seed import DEMO_SEED
from ansible_collections.alicloud.tls.tests.emulator.seed_file import parse_seed, read_seed_file
from ansible_collections.alicloud.tls.tests.emulator.state import StateFile, decoded, encoded
from ansible_collections.alicloud.tls.tests.emulator.wire import WireRequest
from ansible_collections.alicloud.tls.tests.emulator.world import World
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS, RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.test_command import running

SEED = """
load_balancers:
  - {name: basic, edition: Basic}
  - {name: standard, edition: Standard, tags: {team: a}}
  - {name: waf, edition: StandardWithWaf}
server_groups:
  - {name: web, protocol: HTTP}
warehouses:
  - {name: clients}
ca_certificates:
  - {name: issued, common_name: Issued CA}
  - {name: uploaded, source: upload, warehouse: clients, pem_file: ca.pem}
certificates:
  - {name: own, certificate_file: pem/own.pem, key_file: pem/own.key, tags: {env: test}}
  - {name: ecc, names: ["www.example.com", "*.example.org", 192.0.2.1]}
  - {name: rsa, names: [www.example.com], algorithm: RSA, resource_group_id: rg-other}
  - {name: old, days: -1}
  - {name: abroad, site: ap-southeast-1}
listeners:
  - load_balancer: standard
    server_groups: [web]
    certificates: [ecc, rsa]
    additional_certificates: [own]
    ca_certificate: uploaded
    tags: {tier: front}
    parameters: {SecurityPolicyId: tls_cipher_policy_1_2_strict_with_1_3, IdleTimeout: 30, GzipEnabled: false}
  - {load_balancer: basic, protocol: HTTP, port: 80, server_groups: [web], stopped: true}
"""


@pytest.fixture
def seed_file(tmp_path: Path) -> Path:
    made = material.make("own.example.com")
    (tmp_path / "pem").mkdir()
    (tmp_path / "pem/own.pem").write_text(made.chain_pem, encoding="utf-8")
    (tmp_path / "pem/own.key").write_text(made.key_pem, encoding="utf-8")
    (tmp_path / "ca.pem").write_text(material.authority_pem(), encoding="utf-8")
    path = tmp_path / "seed.yml"
    path.write_text(SEED, encoding="utf-8")
    return path


def test_everything_that_a_seed_may_have(seed_file: Path) -> None:
    with Emulator(Settings(polls=2, strict_parameters=True)) as emulator:
        ids = emulator.seed(read_seed_file(seed_file))
        bench = Bench(emulator, RawClient(emulator.endpoint))
        balancers = bench.alb("ListLoadBalancers").body["LoadBalancers"]
        assert [each["LoadBalancerEdition"] for each in balancers] == ["Basic", "Standard", "StandardWithWaf"]
        first, second = (bench.get(each) for each in ids["listeners"])
        assert [each["CertificateId"] for each in first["Certificates"]] == ids["certificates"][1:3]
        assert first["CaCertificates"][0]["CertificateId"] == ids["ca_certificates"][1]
        assert (first["ListenerStatus"], first["IdleTimeout"], first["GzipEnabled"]) == ("Running", 30, False)
        assert (second["ListenerStatus"], second["ListenerProtocol"]) == ("Stopped", "HTTP")
        extra = bench.alb("ListListenerCertificates", ListenerId=ids["listeners"][0]).body["Certificates"]
        assert ids["certificates"][0] in [each["CertificateId"] for each in extra]
        assert bench.alb("ListAsynJobs").body["Jobs"] == []
        old = bench.cas("ListUserCertificateOrder", OrderType="UPLOAD", Status="EXPIRED").body
        assert [each["Name"] for each in old["CertificateOrderList"]] == ["old"]
        there = RawClient(emulator.cas_endpoints["ap-southeast-1"])
        (row,) = there.call("ListCertificates", version=CAS).body["CertificateList"]
        assert row["CertificateName"] == "abroad"
        (uploaded,) = bench.cas("ListCert", SourceType="upload").body["CertList"]
        (issued,) = bench.cas("ListCert", SourceType="aliyun").body["CertList"]
        assert (uploaded["CommonName"], issued["CommonName"]) == ("Emulator Test CA", "Issued CA")
        assert "PRIVATE KEY" not in repr(emulator.state())


def test_seeded_listener_serves_its_generated_certificate() -> None:
    with Emulator(demo=True) as emulator:
        item = {"load_balancer": "demo", "server_groups": ["demo-web"], "certificates": ["web"]}
        emulator.seed({"certificates": [{"name": "web", "names": ["www.example.com"]}], "listeners": [item]})
        (row,) = emulator.data_plane()
        number = next(iter(emulator.world.certificates))
        bench = Bench(emulator, RawClient(emulator.endpoint))
        chain = bench.cas("GetUserCertificateDetail", CertId=number).body["Cert"].partition("-----END CERTIFICATE-----")
        context = ssl.create_default_context(cadata=chain[2].partition("\n")[2])
        with (
            socket.create_connection((row["address"], row["port"]), timeout=5) as raw,
            context.wrap_socket(raw, server_hostname="www.example.com") as tls,
        ):
            assert tls.version() == "TLSv1.2"


def test_scale() -> None:
    with Emulator(Settings(polls=0), demo=True) as emulator:
        emulator.seed({"scale": {"load_balancers": 4, "listeners": 10, "certificates": 6}})
        bench = Bench(emulator, RawClient(emulator.endpoint))
        assert bench.alb("ListListeners", MaxResults=100).body["TotalCount"] == 10
        assert bench.cas("ListCertificates", ShowSize=100).body["TotalCount"] == 6
        assert len({each.facts.sha256 for each in emulator.world.certificates.values()}) == 6
        assert emulator.data_plane() == []
        listener_id = bench.alb("ListListeners").body["Listeners"][7]["ListenerId"]
        bench.alb("UpdateListenerAttribute", ListenerId=listener_id, IdleTimeout=20)
        assert [each["listener_id"] for each in emulator.data_plane()] == [listener_id]
        emulator.reset()
        assert not emulator.world.asleep
        assert emulator.data_plane() == []


def test_control_api_takes_yaml(bench: Bench) -> None:
    target = bench.emulator.url.removeprefix("http://")
    reply = RawClient(target).send("POST", "/_emulator/seed", {"Host": target}, b"server_groups:\n- {name: x}\n")
    assert (reply.status, len(reply.body["server_groups"])) == (200, 1)


@pytest.mark.parametrize("text", ["- 1", "text", "1: {}", "{a: [}", "a: !!python/object:os.system {}", "", "[" * 700])
def test_what_is_no_seed(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_seed(text)


def test_json_needs_no_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert parse_seed('{"server_groups": []}') == {"server_groups": []}
    with pytest.raises(ValueError, match="PyYAML"):
        parse_seed("server_groups: []")


def test_seed_of_the_command(seed_file: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--seed", str(seed_file)) as (_process, ready):
        assert RawClient(ready["endpoint"]).call("ListListeners").body["TotalCount"] == 2


_PEM_LINE = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG"


@pytest.mark.parametrize(
    "text",
    [
        "load_balancers: [{tags: {a: 2024-01-01}}]",
        "load_balancers: [{tags: {year: 2024}}]",
        "load_balancers: [{tags: {2024: year}}]",
        "load_balancers: [{tags: [1]}]",
        "load_balancers: [{tags: null}]",
        "load_balancers: [{name: 2024}]",
        "load_balancers: [{name: null}]",
        "load_balancers: [{load_balancer_id: ''}]",
        "load_balancers: [{edition: [Basic]}]",
        'load_balancers: [{name: "\\uD800"}]',
        '{"load_balancers": [{"name": "\\ud800"}]}',
        "server_groups: [{servers: [5]}]",
        "server_groups: [{servers: 5}]",
        "server_groups: [{servers: [{}]}]",
        "server_groups: [{servers: [{server_id: ecs, port: '80'}]}]",
        "server_groups: [{servers: [{server_id: ecs, colour: red}]}]",
        "server_groups: [{options: {a: 2024-01-01}}]",
        "server_groups: [{options: {a: .nan}}]",
        "server_groups: [{options: {a: 0x" + "f" * 20 + "}}]",
        "server_groups: [{options: &a {a: *a}}]",
        "server_groups: [{options: " + "{a: " * 40 + "1" + "}" * 40 + "}]",
        "warehouses: [{name: 5}]",
        "warehouses: [{name: x, type: [a]}]",
        "ca_certificates: [{identifier: 5}]",
        "ca_certificates: [{name: 2024-01-01}]",
        "ca_certificates: [{pem: 5}]",
        "ca_certificates: [{facts: {}}]",
        "certificates: [{name: x, days: .inf}]",
        "certificates: [{name: x, days: 1000000000}]",
        "certificates: [{name: x, days: '5'}]",
        "certificates: [{name: x, tags: {a: 1}}]",
        "certificates: [{name: x, tags: [1]}]",
        "certificates: [{name: x, certificate: 5, key: 5}]",
        "listeners: [{load_balancer: demo, server_groups: [demo-web], protocol: HTTP, port: 80, tags: [1]}]",
        "listeners: [{load_balancer: demo, server_groups: [demo-web], protocol: HTTP, port: '80'}]",
        "listeners: [{load_balancer: demo, server_groups: [demo-web], protocol: HTTP, port: 80, stopped: 'no'}]",
        "listeners: [{load_balancer: demo, server_groups: [demo-web], protocol: HTTP, port: 80, parameters: [1]}]",
        "scale: {certificates: true}",
    ],
)
def test_types_in_a_seed_are_strict(bench: Bench, text: str) -> None:
    before = bench.emulator.state()
    reply = bench.raw.send("POST", "/_emulator/seed", {"Host": "x"}, text.encode())
    assert (reply.status, bool(reply.body["error"])) == (400, True)
    assert bench.emulator.state() == before
    assert bench.raw.send("GET", "/_emulator/state", {"Host": "x"}).status == 200
    for action in ("ListLoadBalancers", "ListServerGroups", "ListListeners"):
        assert bench.alb(action).code == "ok"


def test_aliases_that_multiply_are_refused(bench: Bench) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{each}: &a{each} [{', '.join([f'*a{each - 1}'] * 10)}]" for each in range(1, 9)]
    text = "server_groups: [{options: {" + ", ".join(lines) + "}}]"
    reply = bench.raw.send("POST", "/_emulator/seed", {"Host": "x"}, text.encode())
    assert (reply.status, "too large" in reply.body["error"]) == (400, True)


def test_each_seed_has_its_own_copy(bench: Bench) -> None:
    seed: dict[str, t.Any] = {"load_balancers": [{"load_balancer_id": "alb-1", "tags": {"a": "b"}}]}
    bench.emulator.seed(seed)
    bench.emulator.world.load_balancers["alb-1"].tags["c"] = "d"
    assert seed["load_balancers"][0]["tags"] == {"a": "b"}


@pytest.mark.parametrize(
    "seed",
    [
        {_PEM_LINE: []},
        {"load_balancers": [{_PEM_LINE: "x"}]},
        {"certificates": [{_PEM_LINE: "x"}]},
        {"server_groups": [{"servers": [{"server_id": "x", _PEM_LINE: "x"}]}]},
        {"scale": {_PEM_LINE: 1}},
        {"listeners": [{"load_balancer": _PEM_LINE}]},
        {"certificates": [{"name": "x", "key_file": _PEM_LINE}]},
        {"certificates": [{"name": _PEM_LINE, "key": "x"}]},
    ],
)
def test_what_may_be_a_key_is_not_repeated(tmp_path: Path, seed: dict[str, t.Any]) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(seed), encoding="utf-8")
    with pytest.raises(ValueError, match=r".") as caught:
        Cloud(Settings(), [read_seed_file(path)])
    assert "MIGH" not in str(caught.value)
    assert "BEGIN" not in str(caught.value)


@pytest.mark.parametrize("text", ["a: [\n" + _PEM_LINE + ": {", "a: !!int MIGHAgEAMBMG", "a: !!timestamp MIGH"])
def test_yaml_errors_do_not_repeat_the_line(text: str) -> None:
    with pytest.raises(ValueError, match="neither JSON nor YAML") as caught:
        parse_seed(text)
    assert "MIGH" not in str(caught.value)


# --- state -------------------------------------------------------------------------------------------------------


def _all(world: World) -> t.Any:
    return json.dumps(encoded(world), sort_keys=True)


def test_every_part_of_the_world_is_kept(seed_file: Path, tmp_path: Path) -> None:
    cloud = Cloud(Settings(polls=3), [DEMO_SEED, read_seed_file(seed_file)])
    raw = RawClient("x")
    listener_id = next(iter(cloud.world.listeners))
    target, headers, _body = raw.prepare("DeleteListener", {"ListenerId": listener_id, "ClientToken": "t"})
    lowered = {name.lower(): value for name, value in headers.items()}
    assert cloud.answer(WireRequest.decode("POST", target, lowered, b"")).status == 200
    cloud.advance(50)
    path = tmp_path / "state"
    StateFile(path, cloud).write()
    other = Cloud(Settings())
    assert StateFile(path, other).load()
    assert _all(other.world) == _all(cloud.world)
    (job,) = list(other.world.running_jobs.values())
    assert other.world.jobs[job.job_id] is job
    assert other.world.touched_listeners == set(cloud.world.listeners)
    assert other.world.new_uuid() == cloud.world.new_uuid()
    assert other.clock.world_offset == 50


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"format": 99}', '{"format": 1, "world": {"listeners": 5}, "names": [3, [], null], "clock": 0}'],
)
def test_broken_state_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="no state of this emulator"):
        StateFile(path, Cloud(Settings())).load()
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("clock", each) for each in (float("nan"), float("inf"), 1e12, -1e11, 10**400, "5", None)),
        *(("names", [3, [word] * 624 + [624], None]) for word in (-1, 2**70, "x")),
        ("names", [3, [1] * 624 + [999], None]),
        ("names", []),
        ("running_jobs", {"nobody": {}}),
    ],
)
def test_spoilt_state_is_refused(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "state"
    cloud = Cloud(Settings(), [DEMO_SEED])
    StateFile(path, cloud).write()
    content = json.loads(path.read_text(encoding="utf-8"))
    if name == "running_jobs":
        job = {"job_id": "x", "api_name": "x", "operate_type": "Create", "resource_id": "x"}
        value = {"nobody": {**job, "created_ms": 1, "modified_ms": 1, "calls_left": 1}}
        content["world"][name] = value
    else:
        content[name] = value
    path.write_text(json.dumps(content), encoding="utf-8")
    before = cloud.world
    with pytest.raises(ValueError, match="no state of this emulator"):
        StateFile(path, cloud).load()
    assert (cloud.world, cloud.clock.world_offset) == (before, 0)


def test_state_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="no state of this emulator"):
        StateFile(tmp_path / "state", Cloud(Settings())).load()


@pytest.mark.parametrize(
    ("hint", "value"),
    [(int, "1"), (int, True), (bool, 1), (tuple[int, str], [1]), (t.Literal["a"], "b"), (list[int], 1)],
)
def test_types_are_checked(hint: t.Any, value: t.Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        decoded(hint, value)


def test_state_across_restarts(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    options = ("--state", str(path), "--demo-seed", "--no-data-plane")
    made = material.make()
    with running(tmp_path, *options) as (process, ready):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        bench = RawClient(ready["endpoint"])
        form = {"Name": "web", "Cert": made.chain_pem, "Key": made.key_pem}
        number = bench.call("UploadUserCertificate", version=CAS, form=form).body["CertId"]
        deadline = time.monotonic() + 5
        while '"web"' not in path.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        # Not even a chance to say goodbye.
        process.kill()
    (tmp_path / "ready.json").unlink()
    with running(tmp_path, *options) as (process, ready):
        raw = RawClient(ready["endpoint"])
        assert raw.call("GetUserCertificateDetail", {"CertId": number}, version=CAS).body["Key"] == made.key_pem
        assert raw.call("ListLoadBalancers").body["TotalCount"] == 2
        raw.call("DeleteUserCertificate", {"CertId": number}, version=CAS)
        process.terminate()
        assert process.wait(10) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text(encoding="utf-8"))["world"]["certificates"] == {}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ready.json", "state.json"]


def test_command_says_that_a_state_is_broken(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("broken", encoding="utf-8")
    command = [sys.executable, "-m", "tests.emulator", "--state", str(tmp_path / "state"), "--lifetime", "5"]
    tree = Path(__file__).resolve().parents[3]
    done = subprocess.run(command, cwd=tree, capture_output=True, timeout=20, check=False, text=True)
    assert (done.returncode, "no state of this emulator" in done.stderr) == (2, True)


def test_call_log_is_bounded(bench: Bench) -> None:
    bench.emulator.change_settings(calls_kept=3)
    for _number in range(5):
        bench.alb("ListListeners")
    assert [each.number for each in bench.emulator.calls] == [3, 4, 5]
    bench.emulator.change_settings(calls_kept=0)
    bench.alb("ListListeners")
    assert bench.emulator.calls == []
