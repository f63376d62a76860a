# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cas_ca_certificate on the real SDK and the emulated cloud: content, repositories, use, lost answers, bad input."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import Issued
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_pieces, writes
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

MODULE = "cas_ca_certificate"
WEAK = rsa.generate_private_key(65537, 1024)  # noqa: S505 - that it is refused is what is tested
LOOK = ["ListCertWarehouse", "ListCert"]


def _sha256(issued: Issued) -> str:
    return issued.certificate.fingerprint(hashes.SHA256()).hex()


def _uploaded(stage: Stage, issued: Issued, **more: t.Any) -> Answer:
    answer: Answer = stage.run(MODULE, certificate=issued.pem, **more)["ca_certificate"]
    stage.cloud.clear_calls()
    return answer


def _bound(stage: Stage, identifier: str, port: int = 443) -> str:
    """A listener that verifies its clients with a CA certificate."""
    server = stage.uploaded(stage.pki.rsa)
    listener = {
        "load_balancer": DEMO,
        "port": port,
        "server_groups": [GROUP],
        "certificates": [server["name"]],
        "ca_certificate": identifier,
    }
    (made,) = stage.cloud.seed({"listeners": [listener]})["listeners"]
    stage.cloud.settle()
    stage.cloud.clear_calls()
    return made


def test_what_is_uploaded_is_what_was_given(run: Runner, cloud: Emulator, pki: Pki) -> None:
    answer = run(MODULE, certificate=pki.root.pem)
    (home,), (there,) = cloud.world.warehouses.values(), cloud.world.ca_certificates.values()
    assert (home.name, home.kind) == ("alicloud-tls", "uploadedAuthorityCertificate")
    assert (there.pem, there.key_pem, there.warehouse_id) == (pki.root.pem, "", home.warehouse_id)
    found = answer["ca_certificate"]
    assert found["identifier"] == there.identifier
    assert found["repository"] == {"name": "alicloud-tls", "id": home.warehouse_id}
    assert found["name"] == there.name == f"Example-Root-{_sha256(pki.root)[:12]}"
    assert (found["sha256"], found["self_signed"], found["subject"]) == (_sha256(pki.root), True, "CN=Example Root")
    assert answer["previous"] is None
    assert cloud.actions == [
        *LOOK,
        "CreateWarehouse",
        "ListCertWarehouse",
        "UploadPCACert",
        "DescribeWarehouseCert",
    ]
    assert answer["api_calls"] == {name: cloud.actions.count(name) for name in sorted(set(cloud.actions))}


def test_with_nothing_to_do_it_makes_three_calls(stage: Stage) -> None:
    """However many other CA certificates there are."""
    for issued in (stage.pki.stranger, stage.pki.intermediate):
        _uploaded(stage, issued)
    first = _uploaded(stage, stage.pki.root)
    answer = stage.run(MODULE, certificate=stage.pki.root.pem)
    assert not answer["changed"]
    assert stage.cloud.actions == [*LOOK, "DescribeWarehouseCert"]
    assert answer["ca_certificate"] == {**first, "name": None}


def test_an_upload_into_a_repository_that_is_there_makes_four_calls(stage: Stage) -> None:
    _uploaded(stage, stage.pki.stranger)
    assert stage.run(MODULE, certificate=stage.pki.root.pem)["changed"]
    assert stage.cloud.actions == [*LOOK, "UploadPCACert", "DescribeWarehouseCert"]
    assert len(stage.cloud.world.warehouses) == 1


def test_it_is_found_on_the_second_page(stage: Stage) -> None:
    first = _uploaded(stage, stage.pki.root)
    others = [{"source": "upload", "warehouse": "alicloud-tls", "common_name": f"CA {n}"} for n in range(60)]
    stage.cloud.seed({"ca_certificates": others})
    answer = stage.run(MODULE, certificate=stage.pki.root.pem)
    assert not answer["changed"]
    assert answer["ca_certificate"]["identifier"] == first["identifier"]
    assert stage.cloud.actions == ["ListCertWarehouse", "ListCert", "ListCert", "DescribeWarehouseCert"]


# --- content ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda pem: pem.replace("\n", "\r\n"),
        lambda pem: f"# our CA\n\n{pem}\n# end",
        lambda pem: pem + pem,
    ],
    ids=["windows", "comments", "twice"],
)
def test_the_same_content_is_not_uploaded_again(stage: Stage, rewritten: t.Callable[[str], str]) -> None:
    _uploaded(stage, stage.pki.root, name="first")
    for name in (None, "second"):
        assert not stage.run(MODULE, certificate=rewritten(stage.pki.root.pem), name=name)["changed"]
    assert len(stage.cloud.world.ca_certificates) == 1


def test_a_renewed_ca_of_the_same_name_and_serial_is_another_one(stage: Stage) -> None:
    old = stage.pki.issue("Example Root", ca=True, serial=77)
    new = stage.pki.issue("Example Root", ca=True, serial=77, end=4000)
    first, second = _uploaded(stage, old), stage.run(MODULE, certificate=new.pem)
    assert second["changed"]
    assert first["identifier"] != second["ca_certificate"]["identifier"]
    assert "DescribeWarehouseCert" in stage.cloud.actions


def test_a_copy_with_its_chain_is_another_content(stage: Stage) -> None:
    """ALB may trust all of it."""
    chain = stage.pki.intermediate.pem + stage.pki.root.pem
    stage.run(MODULE, certificate=chain, bundle=True)
    alone = stage.run(MODULE, certificate=stage.pki.intermediate.pem)
    assert alone["changed"]
    again = stage.run(MODULE, certificate=chain, bundle=True)
    assert not again["changed"]
    assert [one["subject"] for one in again["ca_certificate"]["others"]] == ["CN=Example Root"]
    assert alone["ca_certificate"]["others"] == []


def test_a_bundle_of_strangers_needs_an_api_that_takes_it(stage: Stage) -> None:
    both: dict[str, t.Any] = {"certificate": stage.pki.root.pem + stage.pki.stranger.pem, "bundle": True}
    refused = stage.run.fails(MODULE, **both)
    assert "CertificateChainNotMatch" in refused["msg"]
    stage.cloud.change_settings(ca_bundles=True)
    assert stage.run(MODULE, **both)["changed"]
    turned = stage.pki.stranger.pem + stage.pki.root.pem
    assert not stage.run(MODULE, certificate=turned, bundle=True)["changed"]
    (there,) = stage.cloud.world.ca_certificates.values()
    assert there.pem == both["certificate"]


def test_files_are_found_from_the_working_directory(
    run: Runner, pki: Pki, tmp_path: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_text(pki.root.pem, encoding="ascii")
    monkeypatch.chdir(tmp_path)
    assert run(MODULE, certificate_path="ca.pem")["changed"]


# --- repositories ----------------------------------------------------------------------------------------------------


def test_a_copy_anywhere_will_do_unless_a_repository_is_named(stage: Stage) -> None:
    first = _uploaded(stage, stage.pki.root, repository="partners")
    assert stage.run(MODULE, certificate=stage.pki.root.pem)["ca_certificate"]["identifier"] == first["identifier"]
    assert not stage.run(MODULE, certificate=stage.pki.root.pem, repository="partners")["changed"]
    second = stage.run(MODULE, certificate=stage.pki.root.pem, repository="mine")
    assert second["changed"]
    assert second["ca_certificate"]["repository"]["name"] == "mine"


def test_of_several_copies_the_one_in_the_own_repository_is_taken(stage: Stage) -> None:
    _uploaded(stage, stage.pki.root, repository="a")
    wanted = _uploaded(stage, stage.pki.root, repository="alicloud-tls")
    answer = stage.run(MODULE, certificate=stage.pki.root.pem)
    assert answer["ca_certificate"]["identifier"] == wanted["identifier"]
    assert stage.cloud.actions.count("DescribeWarehouseCert") == 1


def test_a_repository_whose_name_only_begins_alike_is_not_taken(stage: Stage) -> None:
    stage.cloud.seed({"warehouses": [{"name": "alicloud-tls-2"}, {"name": "Alicloud-TLS"}]})
    stage.run(MODULE, certificate=stage.pki.root.pem)
    assert [one.name for one in stage.cloud.world.warehouses.values()] == [
        "alicloud-tls-2",
        "Alicloud-TLS",
        "alicloud-tls",
    ]


def test_a_repository_of_another_type_is_in_the_way(stage: Stage) -> None:
    stage.cloud.seed({"warehouses": [{"name": "alicloud-tls", "type": "uploadedCertificate"}]})
    answer = stage.run.fails(MODULE, certificate=stage.pki.root.pem)
    assert "NameRepeat" in answer["msg"]
    assert "Wanted: CreateWarehouse: alicloud-tls" in answer["msg"]
    assert not answer["changed"]


def test_what_alibaba_cloud_issued_is_not_taken_for_an_upload(stage: Stage) -> None:
    stage.cloud.seed({"ca_certificates": [{"identifier": "issued", "pem": stage.pki.root.pem}]})
    assert stage.run(MODULE, certificate=stage.pki.root.pem)["changed"]


# --- removing --------------------------------------------------------------------------------------------------------


def test_a_removal_looks_at_all_https_listeners(stage: Stage) -> None:
    mine, other = _uploaded(stage, stage.pki.root), _uploaded(stage, stage.pki.stranger)
    for port in (443, 444, 445):
        _bound(stage, other["identifier"], port)
    answer = stage.run(MODULE, certificate=stage.pki.root.pem, state="absent")
    assert answer["changed"]
    assert answer["ca_certificate"] is None
    assert answer["previous"] == {**mine, "name": None}
    assert stage.cloud.actions[:4] == [*LOOK, "DescribeWarehouseCert", "ListListeners"]
    assert sorted(stage.cloud.actions[4:]) == ["DeletePCACert", *["GetListenerAttribute"] * 3]
    assert len(stage.cloud.world.warehouses) == 1


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_one_in_use_is_not_removed(stage: Stage, check: bool) -> None:
    mine = _uploaded(stage, stage.pki.root)
    listeners = [_bound(stage, mine["identifier"], port) for port in (443, 444)]
    ways: list[dict[str, t.Any]] = [{"certificate": stage.pki.root.pem}, {"identifier": mine["identifier"]}]
    for options in ways:
        answer = stage.run.fails(MODULE, check=check, state="absent", **options)
        for word in (*listeners, "CN=Example Root", "region cn-hangzhou", "alb_ca_cert", "alb_mutual_auth", "force"):
            assert word in answer["msg"]
        assert not answer["changed"]
    assert writes(stage.cloud.actions) == []


def test_force_leaves_it_to_the_api(stage: Stage) -> None:
    mine = _uploaded(stage, stage.pki.root)
    _bound(stage, mine["identifier"])
    refused = stage.run.fails(MODULE, identifier=mine["identifier"], state="absent", force=True)
    assert refused["error"]["action"] == "DeletePCACert"
    assert "ListListeners" not in stage.cloud.actions
    stage.cloud.change_settings(delete_bound_ca_certificates=True)
    assert stage.run(MODULE, identifier=mine["identifier"], state="absent", force=True)["changed"]
    assert not stage.cloud.world.ca_certificates


def test_one_that_a_listener_only_remembers_is_removed(stage: Stage) -> None:
    """After mutual authentication was ended, the API still shows the CA certificate."""
    mine = _uploaded(stage, stage.pki.root)
    listener = _bound(stage, mine["identifier"])
    stage.cloud.do(lambda cloud: _end_mutual_authentication(cloud, listener))
    assert stage.run(MODULE, certificate=stage.pki.root.pem, state="absent")["changed"]


def _end_mutual_authentication(cloud: t.Any, listener_id: str) -> None:
    listener = cloud.world.listeners[listener_id]
    listener.config = listener.config.__class__(**{**vars(listener.config), "ca_enabled": False})


def test_all_copies_are_removed_or_those_of_a_repository(stage: Stage) -> None:
    for name in ("a", "b", "c"):
        _uploaded(stage, stage.pki.root, repository=name)
    gone = stage.run(MODULE, certificate=stage.pki.root.pem, state="absent", repository="b")
    assert [one["repository"]["name"] for one in [gone["previous"]]] == ["b"]
    assert len(gone["steps"]) == 1
    assert len(stage.run(MODULE, certificate=stage.pki.root.pem, state="absent")["steps"]) == 2
    assert not stage.cloud.world.ca_certificates
    assert len(stage.cloud.world.warehouses) == 3


def test_nothing_to_remove_makes_few_calls(stage: Stage) -> None:
    assert not stage.run(MODULE, certificate=stage.pki.root.pem, state="absent")["changed"]
    assert not stage.run(MODULE, certificate=stage.pki.root.pem, state="absent", repository="nowhere")["changed"]
    assert not stage.run(MODULE, identifier="1efd3cac-nothing", state="absent")["changed"]
    assert stage.cloud.actions == ["ListCertWarehouse", "ListCertWarehouse", "ListCert"]


def test_an_expired_one_is_removed(stage: Stage) -> None:
    old = stage.pki.issue("Old Root", ca=True, end=-1)
    _uploaded(stage, old, allow_expired=True)
    assert stage.run(MODULE, certificate=old.pem, state="absent")["changed"]


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        ({"source": "aliyun"}, ["issued by Alibaba Cloud"]),
        ({"source": "upload", "kind": "CERT"}, ["not a CA certificate"]),
    ],
    ids=["issued", "no-ca"],
)
def test_what_is_not_ours_to_delete(stage: Stage, seed: dict[str, str], words: list[str]) -> None:
    stage.cloud.seed({"ca_certificates": [{"identifier": "not-ours", "pem": stage.pki.root.pem, **seed}]})
    answer = stage.run.fails(MODULE, identifier="not-ours", state="absent")
    for word in ["not-ours", *words]:
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_one_that_cannot_be_read_is_removed_by_its_identifier(stage: Stage) -> None:
    strange = stage.pki.issue("Strange", ca=None)
    seed = {"identifier": "strange", "pem": strange.pem, "source": "upload", "kind": "CA"}
    stage.cloud.seed({"ca_certificates": [seed]})
    answer = stage.run(MODULE, identifier="strange", state="absent")
    assert answer["changed"]
    assert (answer["previous"]["subject"], answer["previous"]["sha256"]) == ("CN=Strange", _sha256(strange))
    assert answer["previous"]["self_signed"] is None


# --- bad days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["CreateWarehouse", "UploadPCACert"])
@pytest.mark.parametrize("kind", ["reset_after", "reset_before", "html"])
def test_a_lost_answer_does_not_lead_to_a_second_one(stage: Stage, action: str, kind: str) -> None:
    stage.cloud.fault(action, kind=kind)
    answer = stage.run(MODULE, certificate=stage.pki.root.pem)
    assert answer["changed"]
    (there,) = stage.cloud.world.ca_certificates.values()
    assert answer["ca_certificate"]["identifier"] == there.identifier
    assert len(stage.cloud.world.warehouses) == 1
    assert stage.cloud.actions.count(action) == (1 if kind == "reset_after" else 2)


def test_a_lost_answer_does_not_lead_to_a_second_one_where_repeats_are_taken(stage: Stage) -> None:
    stage.cloud.change_settings(repeated_ca_certificates=True, repeated_warehouse_names=True)
    for action in ("CreateWarehouse", "UploadPCACert"):
        stage.cloud.fault(action, kind="reset_after")
    stage.run(MODULE, certificate=stage.pki.root.pem)
    assert (len(stage.cloud.world.warehouses), len(stage.cloud.world.ca_certificates)) == (1, 1)


def test_a_lost_answer_to_a_removal_is_no_failure(stage: Stage) -> None:
    _uploaded(stage, stage.pki.root)
    stage.cloud.fault("DeletePCACert", kind="reset_after")
    assert stage.run(MODULE, certificate=stage.pki.root.pem, state="absent")["changed"]
    assert not stage.cloud.world.ca_certificates


def test_an_upload_whose_answers_are_all_lost_is_in_doubt(stage: Stage) -> None:
    _uploaded(stage, stage.pki.stranger)
    stage.cloud.fault("UploadPCACert", kind="reset_before", count=999)
    answer = stage.run.fails(MODULE, certificate=stage.pki.root.pem, call_timeout=0.2)
    assert answer["changed"]
    assert "Whether it was done is not known" in answer["msg"]


def test_a_refused_upload_tells_that_the_repository_is_there(stage: Stage) -> None:
    stage.cloud.fault("UploadPCACert", code="InsufficientQuota", message="the API's own words")
    answer = stage.run.fails(MODULE, certificate=stage.pki.root.pem)
    assert answer["changed"]
    assert [step.partition(":")[0] for step in answer["steps"]] == ["CreateWarehouse"]
    for word in ("InsufficientQuota", "the API's own words", "Already done: CreateWarehouse", "Wanted: UploadPCACert"):
        assert word in answer["msg"]
    again = stage.run(MODULE, certificate=stage.pki.root.pem)
    assert [step.partition(":")[0] for step in again["steps"]] == ["UploadPCACert"]


def test_a_name_in_use_is_told(stage: Stage) -> None:
    _uploaded(stage, stage.pki.root, name="clients")
    answer = stage.run.fails(MODULE, certificate=stage.pki.stranger.pem, name="clients")
    assert "another certificate has the name 'clients'; leave out name" in answer["msg"]
    assert not answer["changed"]


@pytest.mark.parametrize("code", ["NameRepeat", "ParamRepeat"])
def test_another_run_that_uploads_the_same_in_the_middle(stage: Stage, code: str) -> None:
    """The refusal is followed by a look, which finds what the other run has uploaded."""
    _uploaded(stage, stage.pki.stranger)
    pem, upload = stage.pki.root.pem, {"identifier": "theirs", "source": "upload", "warehouse": "alicloud-tls"}
    stage.cloud.change_settings(repeated_ca_certificates=True)
    stage.cloud.fault("UploadPCACert", code=code)
    stage.cloud.fault("ListCert", kind="stale", nth=1, count=1)
    stage.cloud.seed({"ca_certificates": [{**upload, "pem": pem, "name": "theirs"}]})
    answer = stage.run(MODULE, certificate=pem)
    assert answer["ca_certificate"]["identifier"] == "theirs"


def test_throttling_is_survived(stage: Stage) -> None:
    stage.cloud.fault("*", code="Throttling.User", http_status=400, retry_after_ms=100, count=3)
    answer = stage.run(MODULE, certificate=stage.pki.root.pem)
    assert answer["changed"]
    assert answer["waited"] >= 0.3


@pytest.mark.parametrize(
    "action", ["ListCertWarehouse", "ListCert", "CreateWarehouse", "UploadPCACert", "DescribeWarehouseCert"]
)
def test_a_missing_permission_is_named(stage: Stage, action: str) -> None:
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=99)
    answer = stage.run.fails(MODULE, certificate=stage.pki.root.pem)
    assert f"yundun-cert:{action}" in answer["msg"]
    assert answer["error"]["action"] == action


def test_a_missing_permission_to_look_at_listeners_is_named(stage: Stage) -> None:
    _uploaded(stage, stage.pki.root)
    stage.cloud.fault("ListListeners", code="Forbidden.RAM", http_status=403)
    answer = stage.run.fails(MODULE, certificate=stage.pki.root.pem, state="absent")
    assert "alb:ListListeners" in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_listener_that_goes_while_it_is_looked_for(stage: Stage) -> None:
    mine, other = _uploaded(stage, stage.pki.root), _uploaded(stage, stage.pki.stranger)
    _bound(stage, other["identifier"])
    stage.cloud.fault("GetListenerAttribute", code="ResourceNotFound.Listener", http_status=404)
    assert stage.run(MODULE, identifier=mine["identifier"], state="absent")["changed"]


def test_the_other_site_is_another_store(stage: Stage) -> None:
    _uploaded(stage, stage.pki.root)
    abroad: dict[str, t.Any] = {
        "cas_site": "ap-southeast-1",
        "cas_endpoint": f"http://{stage.cloud.cas_endpoints['ap-southeast-1']}",
    }
    answer = stage.run(MODULE, certificate=stage.pki.root.pem, **abroad)
    assert answer["changed"]
    assert answer["ca_certificate"]["site"] == "ap-southeast-1"


# --- bad input -------------------------------------------------------------------------------------------------------


def _bad_input(pki: Pki) -> dict[str, tuple[dict[str, t.Any], list[str]]]:
    root = pki.root.pem
    return {
        "no CA": ({"certificate": pki.rsa.pem}, ["certificate", "not a CA certificate", "www.example.com"]),
        "expired": ({"certificate": pki.issue("Old", ca=True, end=-1).pem}, ["Old", "expired", "allow_expired"]),
        "not yet": ({"certificate": pki.issue("New", ca=True, start=2).pem}, ["New", "not valid", "allow_expired"]),
        "several": ({"certificate": root + pki.stranger.pem}, ["ALB takes one CA", "Other CA", "bundle"]),
        "not PEM": ({"certificate": "hello"}, ["certificate", "BEGIN CERTIFICATE"]),
        "Ed25519": (
            {"certificate": pki.issue("Edward", ca=True, key=ed25519.Ed25519PrivateKey.generate()).pem},
            ["Edward", "Ed25519", "RSA and ECC"],
        ),
        "weak": (
            {"certificate": pki.issue("Weak", ca=True, key=WEAK).pem},
            ["Weak", "1024", "allow_weak_key"],
        ),
        "with its key": ({"certificate": root + pki.root.key_pem()}, ["private key", "without its key"]),
        "the key": ({"certificate": pki.root.key_pem()}, ["private key"]),
        "the key for a path": ({"certificate_path": pki.root.key_pem()}, ["given as certificate_path"]),
        "no file": ({"certificate_path": "nowhere/ca.pem"}, ["nowhere/ca.pem", "No such file"]),
        "long name": ({"certificate": root, "name": "x" * 129}, ["name", "128", "129"]),
        "long repository": ({"certificate": root, "repository": "x" * 129}, ["repository", "128", "129"]),
        "nothing": ({}, ["state is present", "certificate, certificate_path"]),
        "nothing to remove": ({"state": "absent"}, ["state is absent", "identifier"]),
        "identifier for present": ({"identifier": "x"}, ["state is present", "certificate"]),
        "two things": ({"certificate": root, "identifier": "x", "state": "absent"}, ["mutually exclusive"]),
        "identifier and repository": (
            {"identifier": "x", "repository": "y", "state": "absent"},
            ["mutually exclusive", "identifier|repository"],
        ),
    }


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("what", list(_bad_input(Pki())))
def test_bad_input_is_told_and_nothing_is_written(stage: Stage, what: str, check: bool) -> None:
    options, words = _bad_input(stage.pki)[what]
    answer = stage.run.fails(MODULE, check=check, **options)
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer.get("changed")
    assert "Traceback" not in stage.run.said
    # A path is no secret to ansible-core, which has logged it before the module looks at it.
    told = json.dumps(answer) if what == "the key for a path" else stage.run.said
    assert key_pieces(stage.pki.root.key_pem(), told, public=stage.pki.root.pem) == []


def test_what_is_bad_can_be_allowed(stage: Stage) -> None:
    old, weak = stage.pki.issue("Old", ca=True, end=-1), stage.pki.issue("Weak", ca=True, key=WEAK)
    assert stage.run(MODULE, certificate=old.pem, allow_expired=True)["changed"]
    answer = stage.run(MODULE, certificate=weak.pem, allow_weak_key=True)
    assert answer["changed"]
    assert "too short to be safe" in answer["warnings"][0]


def test_no_private_key_travels(stage: Stage) -> None:
    stage.run(MODULE, certificate=stage.pki.root.pem)
    stage.run.fails(MODULE, certificate=stage.pki.root.pem + stage.pki.root.key_pem())
    (upload,) = (call for call in stage.cloud.calls if call.action == "UploadPCACert")
    assert set(upload.parameters) == {"WarehouseId", "Name", "Cert"}
    told = stage.run.said + repr(stage.cloud.urls) + repr([call.to_dict() for call in stage.cloud.calls])
    assert key_pieces(stage.pki.root.key_pem(), told, public=stage.pki.root.pem) == []
