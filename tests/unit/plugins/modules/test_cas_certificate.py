# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cas_certificate on the real SDK and the emulated cloud: content, keys, lost answers, bad input."""

from __future__ import annotations

import time
import typing as t

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import certificates
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import armour, as_sm2
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_pieces, writes
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle, Pki, encrypted
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.x509.oid import NameOID


def test_what_is_uploaded_is_what_was_given(run: Runner, cloud: Emulator, pki: Pki) -> None:
    answer = run("cas_certificate", **pki.rsa.options())
    (there,) = cloud.world.certificates.values()
    assert there.certificate_pem == pki.rsa.fullchain
    assert there.key_pem == pki.rsa.key
    found = answer["certificate"]
    assert found["id"] == f"{there.certificate_id}-cn-hangzhou"
    assert found["certificate_id"] == there.certificate_id
    assert found["name"] == there.name == f"www.example.com-{pki.rsa.sha256[:12]}"
    assert found["names"] == ["www.example.com", "example.com"]
    assert (found["algorithm"], found["key_size"]) == ("RSA", 2048)
    assert found["sha256"] == pki.rsa.sha256
    assert answer["previous"] is None


def test_with_nothing_to_do_it_makes_two_calls(stage: Stage) -> None:
    stage.uploaded(stage.pki.rsa)
    stage.cloud.clear_calls()
    assert not stage.run("cas_certificate", **stage.pki.rsa.options())["changed"]
    assert stage.cloud.actions == ["ListUserCertificateOrder", "GetUserCertificateDetail"]


@pytest.mark.parametrize("count", [1, 100, 250])
def test_among_many_it_is_found_within_the_budget(stage: Stage, count: int) -> None:
    """At most 1 + M/100 calls for M certificates in CAS, rounded up."""
    stage.cloud.seed({"scale": {"certificates": count}})
    for one in list(stage.cloud.world.certificates.values())[:: max(1, count // 3)]:
        stage.cloud.clear_calls()
        assert not stage.run("cas_certificate", certificate=one.certificate_pem, name="other")["changed"]
        assert len(stage.cloud.actions) <= 1 + -(-count // 100)


def test_calls_are_told(run: Runner, cloud: Emulator, pki: Pki) -> None:
    answer = run("cas_certificate", **pki.rsa.options())
    assert answer["api_calls"] == {name: cloud.actions.count(name) for name in sorted(set(cloud.actions))}


# --- the same content ------------------------------------------------------------------------------------------------


def _with_windows_newlines(bundle: Bundle) -> str:
    return bundle.fullchain.replace("\n", "\r\n")


def _with_comments(bundle: Bundle) -> str:
    return f"# the shop\nsubject=CN = www.example.com\n{bundle.pem}\n# and its issuer\n\n{bundle.chain}\n# end"


def _with_a_byte_order_mark(bundle: Bundle) -> str:
    return f"\ufeff{bundle.fullchain}"


def _without_chain(bundle: Bundle) -> str:
    return bundle.pem


def _on_long_lines(bundle: Bundle) -> str:
    first, *body, last = bundle.pem.splitlines()
    return "\n".join((first, "".join(body), last, ""))


@pytest.mark.parametrize(
    "rewritten",
    [_with_windows_newlines, _with_comments, _with_a_byte_order_mark, _without_chain, _on_long_lines],
)
def test_the_same_content_is_not_uploaded_again(stage: Stage, rewritten: t.Callable[[Bundle], str]) -> None:
    first = stage.uploaded(stage.pki.rsa, name="first")
    for name in (None, "second"):
        answer = stage.run(
            "cas_certificate", certificate=rewritten(stage.pki.rsa), private_key=stage.pki.rsa.key, name=name
        )
        assert not answer["changed"]
        assert answer["certificate"] == first
    assert len(stage.cloud.world.certificates) == 1


def test_a_renewed_certificate_is_another_one(stage: Stage) -> None:
    first, second = stage.uploaded(stage.pki.rsa), stage.uploaded(stage.pki.renewed)
    assert first["id"] != second["id"]
    assert first["name"] != second["name"]


def test_an_expired_one_is_found(stage: Stage) -> None:
    first = stage.uploaded(stage.pki.expired)
    answer = stage.run("cas_certificate", **stage.pki.expired.options(), allow_expired=True)
    assert not answer["changed"]
    assert answer["certificate"] == first


def test_it_is_found_on_the_second_page(stage: Stage) -> None:
    """The list has the newest first, and here all have one name, so that no keyword helps."""
    first = stage.uploaded(stage.pki.rsa)
    more = [Bundle(stage.pki.issue("www.example.com", names=["www.example.com"])) for _each in range(60)]
    for number, bundle in enumerate(more):
        stage.upload_anyway(bundle, f"n{number}")
    stage.cloud.clear_calls()
    answer = stage.run("cas_certificate", **stage.pki.rsa.options())
    assert not answer["changed"]
    assert answer["certificate"] == first
    assert [call.parameters.get("CurrentPage") for call in stage.cloud.calls][:2] == ["1", "2"]


def test_it_is_found_without_a_useful_name(run: Runner, cloud: Emulator, pki: Pki) -> None:
    """The keyword is a help, not a condition."""
    bundle = Bundle(pki.issue("Zürich, GmbH", names=["xn--zrich-kva.example.com"]))
    assert run("cas_certificate", **bundle.options())["changed"]
    assert not run("cas_certificate", **bundle.options())["changed"]
    assert len(cloud.world.certificates) == 1


def test_an_empty_name_counts_as_none(run: Runner, pki: Pki) -> None:
    """That is what a template without a value gives."""
    found = run("cas_certificate", **pki.rsa.options(), name="")["certificate"]
    assert found["name"] == f"www.example.com-{pki.rsa.sha256[:12]}"


def test_of_two_copies_the_older_one_is_taken(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.rsa, "one")
    stage.upload_anyway(stage.pki.rsa, "two")
    answer = stage.run("cas_certificate", **stage.pki.rsa.options())
    assert not answer["changed"]
    assert answer["certificate"]["name"] == "one"


def test_rsa_and_ecc_of_one_name_stand_beside_each_other(stage: Stage) -> None:
    found = [stage.uploaded(bundle) for bundle in (stage.pki.rsa, stage.pki.ecc)]
    assert [each["algorithm"] for each in found] == ["RSA", "ECC"]
    assert len(stage.cloud.world.certificates) == 2


def test_a_chain_in_the_wrong_order_is_put_right(run: Runner, cloud: Emulator, pki: Pki) -> None:
    shuffled = pki.root.pem + pki.rsa.chain + pki.rsa.pem
    run("cas_certificate", certificate=shuffled, private_key=pki.rsa.key)
    (there,) = cloud.world.certificates.values()
    assert there.certificate_pem == pki.rsa.fullchain + pki.root.pem


@pytest.mark.parametrize(
    "form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL], ids=["PKCS#8", "PKCS#1, SEC 1"]
)
@pytest.mark.parametrize("kind", ["rsa", "ecc"])
def test_keys_of_every_form_are_taken(run: Runner, cloud: Emulator, pki: Pki, kind: str, form: PrivateFormat) -> None:
    bundle: Bundle = getattr(pki, kind)
    run("cas_certificate", certificate=bundle.fullchain, private_key=bundle.issued.key_pem(form))
    assert len(cloud.world.certificates) == 1


# --- the private key -------------------------------------------------------------------------------------------------


def _told(run: Runner, cloud: Emulator) -> str:
    return run.said + repr(cloud.urls) + repr([call.to_dict() for call in cloud.calls])


def test_the_private_key_travels_in_the_body_only(run: Runner, cloud: Emulator, pki: Pki) -> None:
    run("cas_certificate", **pki.rsa.options())
    (upload,) = (call for call in cloud.calls if call.action == "UploadUserCertificate")
    assert {"Key", "Cert", "Name"} <= set(upload.in_body)
    assert not {"Key", "Cert"} & set(upload.in_query)
    assert not any(call.private_key_in_url for call in cloud.calls)
    (details,) = (call for call in cloud.calls if call.action == "GetUserCertificateDetail")
    assert details.parameters["CertFilter"].lower() == "true"


@pytest.mark.parametrize("by_file", [False, True], ids=["text", "file"])
@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_success_tells_nothing_of_the_key(
    run: Runner, cloud: Emulator, pki: Pki, tmp_path: t.Any, check: bool, by_file: bool
) -> None:
    options = pki.rsa.files(tmp_path) if by_file else pki.rsa.options()
    answer = run("cas_certificate", check=check, **options)
    assert answer["changed"]
    assert "private_key" in answer["invocation"]["module_args"]
    assert key_pieces(pki.rsa.key, _told(run, cloud), public=pki.rsa.fullchain) == []


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "error", "code": "CertificateFormatException"},
        {"kind": "error", "code": "InternalError", "count": 99},
        {"kind": "html", "count": 99},
        {"kind": "reset_before", "count": 99},
        {"kind": "slow", "seconds": 0.5, "count": 1},
    ],
    ids=lambda order: str(order["kind"]) + str(order.get("code", "")),
)
@pytest.mark.parametrize("transport", ["body", "query"])
def test_a_failed_upload_tells_nothing_of_the_key(stage: Stage, order: dict[str, t.Any], transport: str) -> None:
    stage.cloud.fault("UploadUserCertificate", **order)
    limits = {"call_timeout": 0.3, "wait_timeout": 0.5, "key_transport": transport}
    answer = stage.run._run("cas_certificate", False, True, {**stage.pki.rsa.options(), **limits})
    assert answer["changed"] or answer["failed"]
    while stage.cloud.actions.count("UploadUserCertificate") < answer["api_calls"]["UploadUserCertificate"]:
        time.sleep(0.02)  # the slow one: nobody listens to its answer any more, but it is still on its way
    assert key_pieces(stage.pki.rsa.key, _told(stage.run, stage.cloud), public=stage.pki.rsa.fullchain) == []


# --- lost answers, throttling ----------------------------------------------------------------------------------------


def test_a_lost_answer_does_not_lead_to_a_second_upload(stage: Stage) -> None:
    stage.cloud.fault("UploadUserCertificate", kind="reset_after")
    answer = stage.run("cas_certificate", **stage.pki.rsa.options())
    assert answer["changed"]
    (number,) = stage.cloud.world.certificates
    assert answer["certificate"]["certificate_id"] == number
    assert writes(stage.cloud.actions) == ["UploadUserCertificate"]


def test_an_upload_that_never_arrived_is_sent_again(stage: Stage) -> None:
    stage.cloud.fault("UploadUserCertificate", kind="reset_before")
    assert stage.run("cas_certificate", **stage.pki.rsa.options())["changed"]
    assert len(stage.cloud.world.certificates) == 1


def test_an_upload_whose_answer_is_lost_and_that_cannot_be_looked_for_is_in_doubt(stage: Stage) -> None:
    stage.cloud.fault("UploadUserCertificate", kind="reset_after")
    # The third look is the one for what became of the upload.
    stage.cloud.fault("ListUserCertificateOrder", code="Forbidden.RAM", http_status=403, nth=3)
    answer = stage.run.fails("cas_certificate", **stage.pki.rsa.options())
    assert len(stage.cloud.world.certificates) == 1
    assert answer["changed"]
    assert "Whether it was done is not known" in answer["msg"]
    assert "Forbidden.RAM" in answer["msg"]
    assert answer["previous"] is None


def test_a_lost_answer_to_a_removal_is_no_failure(stage: Stage) -> None:
    stage.uploaded(stage.pki.rsa)
    stage.cloud.fault("DeleteUserCertificate", kind="reset_after")
    assert stage.run("cas_certificate", sha256=stage.pki.rsa.sha256, state="absent")["changed"]
    assert not stage.cloud.world.certificates


def test_throttling_is_survived(stage: Stage) -> None:
    stage.cloud.fault("*", code="Throttling.User", http_status=400, retry_after_ms=150, count=2)
    answer = stage.run("cas_certificate", **stage.pki.rsa.options())
    assert answer["changed"]
    assert answer["waited"] >= 0.3


def test_throttling_that_does_not_end_is_told(stage: Stage) -> None:
    stage.cloud.fault("ListUserCertificateOrder", code="Throttling.User", http_status=400, count=999)
    # So short that the calls are not too many for the published limit, of which the task would tell instead.
    answer = stage.run.fails("cas_certificate", **stage.pki.rsa.options(), wait_timeout=0.1)
    assert "ListUserCertificateOrder" in answer["msg"]
    assert "Throttling.User" in answer["msg"]
    assert "0.1 s" in answer["msg"]
    assert answer["error"]["code"] == "Throttling.User"


def test_a_refusal_is_told_in_full(stage: Stage) -> None:
    stage.cloud.fault("UploadUserCertificate", code="CertificateExpired", message="the API's own words")
    answer = stage.run.fails("cas_certificate", **stage.pki.rsa.options())
    call = stage.cloud.calls[-1]
    assert answer["error"] == {
        "action": "UploadUserCertificate",
        "code": "CertificateExpired",
        "message": "the API's own words",
        "http_status": 400,
        "request_id": call.request_id,
        "endpoint": stage.cloud.endpoint,
    }
    for part in ("UploadUserCertificate", "CertificateExpired", "the API's own words", call.request_id):
        assert part in answer["msg"]
    assert not answer["changed"]


def test_a_half_done_removal_is_told(stage: Stage) -> None:
    for name in ("one", "two"):
        stage.upload_anyway(stage.pki.rsa, name)
    stage.cloud.fault("DeleteUserCertificate", nth=2, code="Forbidden", http_status=403)
    answer = stage.run.fails("cas_certificate", sha256=stage.pki.rsa.sha256, state="absent")
    assert answer["changed"]
    assert len(answer["steps"]) == 1
    assert "Already done: DeleteUserCertificate" in answer["msg"]


# --- names -----------------------------------------------------------------------------------------------------------


def test_another_certificate_keeps_the_name(stage: Stage) -> None:
    stage.uploaded(stage.pki.rsa, name="shop")
    answer = stage.run("cas_certificate", **stage.pki.renewed.options(), name="shop")
    assert answer["certificate"]["name"] == f"shop-{stage.pki.renewed.sha256[:12]}"
    assert len(stage.cloud.world.certificates) == 2


def test_a_long_name_is_cut_for_its_suffix(stage: Stage) -> None:
    stage.uploaded(stage.pki.rsa, name="x" * 63)
    name = stage.run("cas_certificate", **stage.pki.renewed.options(), name="x" * 63)["certificate"]["name"]
    assert name == f"{'x' * 50}-{stage.pki.renewed.sha256[:12]}"


def test_the_name_of_an_expired_certificate_is_in_use(stage: Stage) -> None:
    stage.uploaded(stage.pki.expired, name="shop")
    answer = stage.run.fails("cas_certificate", **stage.pki.rsa.options(), name="shop", on_name_conflict="fail")
    assert "already has another certificate named 'shop'" in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_name_taken_in_the_meantime_is_told(stage: Stage) -> None:
    stage.cloud.fault("UploadUserCertificate", code="NameRepeat", http_status=400)
    answer = stage.run.fails("cas_certificate", **stage.pki.rsa.options(), name="shop")
    for part in ("'shop'", "just now", "run the task again", stage.cloud.calls[-3].request_id):
        assert part in answer["msg"]


def test_what_has_the_name_is_replaced(stage: Stage) -> None:
    old = stage.uploaded(stage.pki.rsa, name="shop")
    answer = stage.run("cas_certificate", **stage.pki.renewed.options(), name="shop", on_name_conflict="replace")
    assert answer["previous"]["id"] == old["id"]
    (there,) = stage.cloud.world.certificates.values()
    assert (there.name, there.certificate_pem) == ("shop", stage.pki.renewed.fullchain)


def test_what_is_in_use_is_not_replaced(stage: Stage) -> None:
    stage.uploaded(stage.pki.rsa, name="shop")
    stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    options: Answer = {**stage.pki.renewed.options(), "name": "shop", "on_name_conflict": "replace"}
    answer = stage.run.fails("cas_certificate", **options)
    assert "in use by ALB" in answer["msg"]
    assert writes(stage.cloud.actions) == []
    stage.cloud.change_settings(delete_bound_certificates=True)
    assert stage.run("cas_certificate", **options, force=True)["changed"]


@pytest.mark.parametrize("where", ["refused", "unreachable"])
def test_a_replacement_that_ends_in_the_middle_tells_how_to_go_on(stage: Stage, where: str) -> None:
    stage.uploaded(stage.pki.rsa, name="shop")
    how: dict[str, t.Any] = {"code": "CertificateExpired"} if where == "refused" else {"kind": "html", "count": 99}
    stage.cloud.fault("UploadUserCertificate", **how)
    options: Answer = {**stage.pki.renewed.options(), "name": "shop", "on_name_conflict": "replace"}
    answer = stage.run.fails("cas_certificate", **options, call_timeout=0.3)
    assert answer["changed"]
    assert [step.partition(":")[0] for step in answer["steps"]] == ["DeleteUserCertificate"]
    for part in ("is deleted already; nothing used it", "the same task uploads the new one"):
        assert part in answer["msg"]
    stage.cloud.withdraw_faults()
    assert stage.run("cas_certificate", **options)["certificate"]["name"] == "shop"


# --- tags ------------------------------------------------------------------------------------------------------------


def test_tags_go_with_the_upload(stage: Stage) -> None:
    stage.run("cas_certificate", **stage.pki.rsa.options(), tags={"team": "web", "level": 3, "empty": ""})
    (there,) = stage.cloud.world.certificates.values()
    assert there.tags == {"team": "web", "level": "3", "empty": ""}
    assert writes(stage.cloud.actions) == ["UploadUserCertificate"]


def test_tags_are_merged_or_purged(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.rsa, "shop", team="web", env="test")
    (there,) = stage.cloud.world.certificates.values()
    stage.run("cas_certificate", certificate=stage.pki.rsa.pem, tags={"env": "live"})
    assert there.tags == {"team": "web", "env": "live"}
    stage.run("cas_certificate", certificate=stage.pki.rsa.pem, tags={"env": "live"}, purge_tags=True)
    assert there.tags == {"env": "live"}


def test_tags_that_stay_as_they_were_are_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody documents that the tag actions are for uploaded certificates, too."""
    monkeypatch.setattr(certificates, "_TAGS_WITHIN", 0.05)
    stage.upload_anyway(stage.pki.rsa, "shop")
    stage.cloud.fault("GetUserCertificateDetail", kind="stale", count=99)
    answer = stage.run.fails("cas_certificate", certificate=stage.pki.rsa.pem, tags={"env": "live"})
    assert "its tags are still {}" in answer["msg"]
    assert "not documented" in answer["msg"]


def test_tags_that_show_late_are_waited_for(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.rsa, "shop")
    stage.cloud.fault("GetUserCertificateDetail", kind="stale", count=2)
    answer = stage.run("cas_certificate", certificate=stage.pki.rsa.pem, tags={"env": "live"})
    assert answer["certificate"]["tags"] == {"env": "live"}
    assert answer["api_calls"]["GetUserCertificateDetail"] == 4


# --- in use ----------------------------------------------------------------------------------------------------------

ABSENT: Answer = {"state": "absent"}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_certificate_in_use_is_not_removed(stage: Stage, check: bool) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    answer = stage.run.fails("cas_certificate", check=check, sha256=stage.pki.rsa.sha256, **ABSENT)
    for part in ("in use by ALB", "HTTPS listener on port 443", listener["id"], "nothing was changed", "force"):
        assert part in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_none_is_removed_if_one_copy_is_in_use(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.rsa, "unused")
    stage.upload_anyway(stage.pki.rsa, "used")
    used = max(stage.cloud.world.certificates)
    stage.run("alb_listener", **stage.at, server_group="demo-web", certificates=[used])
    assert "(used)" in stage.run.fails("cas_certificate", sha256=stage.pki.rsa.sha256, **ABSENT)["msg"]
    assert len(stage.cloud.world.certificates) == 2


def _forget_products(stage: Stage, monkeypatch: pytest.MonkeyPatch, products: tuple[str, ...]) -> None:
    """Have CAS say that others use the certificates: it may be late, and ALB is not its only client."""
    monkeypatch.setattr(certificates, "_products", lambda _answer: products)


def test_the_listeners_count_though_cas_says_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    _forget_products(stage, monkeypatch, ())
    stage.served(stage.pki.rsa)
    options: Answer = {"sha256": stage.pki.rsa.sha256, **ABSENT}
    assert "in use by HTTPS listener on port 443" in stage.run.fails("cas_certificate", **options)["msg"]
    stage.cloud.clear_calls()
    answer = stage.run.fails("cas_certificate", **options, check_listeners=False)
    # It was tried, and the emulator knows better.
    assert answer["error"]["action"] == "DeleteUserCertificate"
    assert "ListListeners" not in stage.cloud.actions


def test_an_additional_certificate_is_in_use(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    _forget_products(stage, monkeypatch, ())
    listener = stage.served(stage.pki.rsa)
    more = stage.uploaded(stage.pki.ecc)

    def bind(cloud: t.Any) -> None:
        cloud.world.listeners[listener["id"]].additional[more["id"]] = "Associated"

    stage.cloud.do(bind)
    assert (
        "in use by HTTPS listener" in stage.run.fails("cas_certificate", sha256=stage.pki.ecc.sha256, **ABSENT)["msg"]
    )


def test_what_other_products_use_needs_no_look_at_listeners(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    _forget_products(stage, monkeypatch, ("CDN",))
    stage.uploaded(stage.pki.rsa)
    stage.cloud.clear_calls()
    assert "in use by CDN;" in stage.run.fails("cas_certificate", sha256=stage.pki.rsa.sha256, **ABSENT)["msg"]
    assert "ListListeners" not in stage.cloud.actions


def test_a_removal_looks_at_each_listener_once(stage: Stage) -> None:
    """Found by its name, read twice (in the old and the new style), and the listeners that have certificates."""
    stage.uploaded(stage.pki.ecc, name="ecc")
    on_demo = {"load_balancer": "demo", "server_groups": ["demo-web"]}
    served = [
        {**on_demo, "port": port, "protocol": protocol, "certificates": ["ecc"]}
        for port, protocol in ((443, "HTTPS"), (8443, "HTTPS"), (443, "QUIC"))
    ]
    stage.cloud.seed({"listeners": [*served, {**on_demo, "port": 80, "protocol": "HTTP"}]})
    for name in ("one", "two"):
        stage.upload_anyway(stage.pki.rsa, name)
    stage.cloud.clear_calls()
    assert stage.run("cas_certificate", certificate=stage.pki.rsa.pem, **ABSENT)["api_calls"] == {
        "ListUserCertificateOrder": 1,
        "GetUserCertificateDetail": 2,
        "GetCertificateDetail": 2,
        "ListListeners": 1,
        "ListListenerCertificates": 3,
        "DeleteUserCertificate": 2,
    }


def test_a_listener_deleted_during_the_look_uses_nothing(stage: Stage) -> None:
    stage.uploaded(stage.pki.rsa)
    stage.served(stage.pki.ecc)
    stage.cloud.fault("ListListenerCertificates", code="ResourceNotFound.Listener", http_status=404)
    assert stage.run("cas_certificate", sha256=stage.pki.rsa.sha256, **ABSENT)["changed"]


def test_a_missing_permission_is_told_before_anything_is_removed(stage: Stage) -> None:
    stage.served(stage.pki.ecc)
    stage.uploaded(stage.pki.rsa)
    stage.cloud.clear_calls()
    stage.cloud.fault("ListListeners", code="Forbidden.RAM", http_status=403, count=9)
    answer = stage.run.fails("cas_certificate", sha256=stage.pki.rsa.sha256, **ABSENT)
    assert "alb:ListListeners" in answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert stage.run("cas_certificate", sha256=stage.pki.rsa.sha256, **ABSENT, check_listeners=False)["changed"]


def test_bought_certificates_are_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.uploaded(stage.pki.rsa, name="shop")
    monkeypatch.setattr(certificates, "_is_uploaded", lambda _answer: False)
    options: Answer = {**stage.pki.renewed.options(), "name": "shop", "on_name_conflict": "replace", "force": True}
    assert "bought" in stage.run.fails("cas_certificate", **options)["msg"]


# --- predecessors ----------------------------------------------------------------------------------------------------

RETIRE: Answer = {"retire_superseded": True, "retire_after_days": 0}


def test_what_is_uploaded_can_be_retired_later(stage: Stage) -> None:
    first = stage.run("cas_certificate", **stage.pki.outdated.options(), **RETIRE)["certificate"]
    assert first["tags"] == {"managed-by": "alicloud.tls"}
    answer = stage.run("cas_certificate", **stage.pki.rsa.options(), **RETIRE, tags={"team": "web"})
    assert answer["certificate"]["tags"] == {"managed-by": "alicloud.tls", "team": "web"}
    assert [one["id"] for one in answer["certificate"]["retired"]] == [first["id"]]
    assert list(stage.cloud.world.certificates) == [answer["certificate"]["certificate_id"]]


def test_the_mark_of_the_task_is_not_purged(stage: Stage) -> None:
    stage.run("cas_certificate", **stage.pki.rsa.options(), **RETIRE, tags={"team": "web"})
    options: Answer = {"certificate": stage.pki.rsa.pem, "tags": {}, "purge_tags": True}
    answer = stage.run("cas_certificate", **options, **RETIRE)
    assert answer["certificate"]["tags"] == {"managed-by": "alicloud.tls"}
    assert stage.run("cas_certificate", **options)["certificate"]["tags"] == {}


def test_another_mark_can_be_chosen(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.outdated, "outdated", owner="shop", stage="live")
    options: Answer = {**stage.pki.rsa.options(), **RETIRE}
    assert len(stage.run("cas_certificate", **options, retire_tag={"owner": "web"})["certificate"]["retired"]) == 0
    mark: Answer = {"owner": "shop", "stage": "live"}
    assert len(stage.run("cas_certificate", **options, retire_tag=mark)["certificate"]["retired"]) == 1


def test_of_what_is_in_use_it_warns(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.outdated, "outdated", managed_by="alicloud.tls")
    stage.served(stage.pki.outdated)
    answer = stage.run("cas_certificate", **stage.pki.rsa.options(), **RETIRE)
    (warning,) = answer["warnings"]
    assert "(outdated) is superseded, but still in use by ALB, HTTPS listener on port 443" in warning
    assert len(stage.cloud.world.certificates) == 2
    # Not even by force: that is for what the task names.
    assert not stage.run("cas_certificate", **stage.pki.rsa.options(), **RETIRE, force=True)["changed"]


def test_a_retirement_that_ends_in_the_middle_is_gone_on_with(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.outdated, "outdated", managed_by="alicloud.tls")
    stage.cloud.fault("DeleteUserCertificate", code="Forbidden.RAM", http_status=403)
    answer = stage.run.fails("cas_certificate", **stage.pki.rsa.options(), **RETIRE)
    assert [step.partition(":")[0] for step in answer["steps"]] == ["UploadUserCertificate"]
    assert "yundun-cert:DeleteUserCertificate" in answer["msg"]
    answer = stage.run("cas_certificate", **stage.pki.rsa.options(), **RETIRE)
    assert [step.partition(":")[0] for step in answer["steps"]] == ["DeleteUserCertificate"]


def test_a_predecessor_deleted_by_somebody_else_is_no_failure(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.outdated, "outdated", managed_by="alicloud.tls")
    stage.cloud.fault("DeleteUserCertificate", code="NotFound", http_status=400)
    assert stage.run("cas_certificate", **stage.pki.rsa.options(), **RETIRE)["changed"]


# --- what is unusual -------------------------------------------------------------------------------------------------


def test_the_key_travels_in_the_url_only_if_told_so(stage: Stage) -> None:
    answer = stage.run("cas_certificate", **stage.pki.rsa.options(), key_transport="query")
    assert [call.action for call in stage.cloud.calls if call.private_key_in_url] == ["UploadUserCertificate"]
    assert len(answer["warnings"]) == 1
    assert "URL" in answer["warnings"][0]
    again = stage.run("cas_certificate", **stage.pki.rsa.options(), key_transport="query")
    assert "warnings" not in again
    assert key_pieces(stage.pki.rsa.key, stage.run.said, public=stage.pki.rsa.fullchain) == []


@pytest.fixture(scope="module")
def unusual() -> dict[str, Bundle]:
    """Certificates that are odd, and yet to be taken."""
    pki = Pki()
    many = [f"n{number:03}.example.com" for number in range(200)]
    acme = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme")])
    return {
        "no CN": Bundle(pki.issue(acme, names=["www.example.com"])),
        "no SAN": Bundle(pki.issue("www.example.com")),
        "200 SANs": Bundle(pki.issue(many[0], names=many)),
        "IP addresses": Bundle(pki.issue("192.0.2.1", names=["192.0.2.1", "2001:db8::1"])),
        "Unicode": Bundle(pki.issue("bücher.example", names=["xn--bcher-kva.example"])),
        "wildcard": Bundle(pki.issue("*.example.com", names=["*.example.com"])),
        "4096 bits": Bundle(
            pki.issue("www.example.com", names=["a.example"], key=rsa.generate_private_key(65537, 4096))
        ),
        "self-signed CA": Bundle(pki.issue("www.example.com", names=["www.example.com"], ca=True)),
    }


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("no CN", ["www.example.com"]),
        ("no SAN", ["www.example.com"]),
        ("200 SANs", [f"n{number:03}.example.com" for number in range(200)]),
        ("IP addresses", ["192.0.2.1", "2001:db8::1"]),
        ("Unicode", ["xn--bcher-kva.example"]),
        ("wildcard", ["*.example.com"]),
        ("4096 bits", ["a.example"]),
        ("self-signed CA", ["www.example.com"]),
    ],
)
def test_unusual_certificates_are_taken_and_found_again(
    stage: Stage, unusual: dict[str, Bundle], what: str, names: list[str]
) -> None:
    options = unusual[what].options()
    first = stage.run("cas_certificate", **options)
    assert first["certificate"]["names"] == names
    again = stage.run("cas_certificate", **options)
    assert (again["changed"], again["certificate"]) == (False, first["certificate"])
    assert stage.run("cas_certificate", sha256=unusual[what].sha256, **ABSENT)["changed"]
    assert ("warnings" in first) is (what == "no SAN")
    assert "warnings" not in again


def test_a_short_key_is_taken_only_if_told_so(stage: Stage) -> None:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505  (to be refused)
    weak = Bundle(stage.pki.issue("www.example.com", names=["www.example.com"], key=key))
    answer = stage.run.fails("cas_certificate", **weak.options())
    for part in ("1024 bits", "2048", "allow_weak_key"):
        assert part in answer["msg"]
    assert stage.cloud.actions == []
    answer = stage.run("cas_certificate", **weak.options(), allow_weak_key=True)
    assert answer["changed"]
    assert "1024 bits" in answer["warnings"][0]
    assert stage.run("cas_certificate", certificate=weak.pem, **ABSENT)["changed"]


# --- bad input -------------------------------------------------------------------------------------------------------


def _bad_input(pki: Pki) -> dict[str, tuple[Answer, list[str]]]:
    rsa, ecc = pki.rsa, pki.ecc
    return {
        "no PEM": ({"certificate": "hello", "private_key": rsa.key}, ["certificate", "PEM", "BEGIN CERTIFICATE"]),
        "broken base64": (
            {"certificate": rsa.pem.replace("\nMII", "\n*MII", 1), "private_key": rsa.key},
            ["certificate 1 (line 1)", "base64"],
        ),
        "cut off": ({"certificate": rsa.pem[:400], "private_key": rsa.key}, ["certificate 1 (line 1)", "END"]),
        "no certificate inside": (
            {"certificate": armour(b"hello"), "private_key": rsa.key},
            ["certificate 1 (line 1)", "X.509"],
        ),
        "key for certificate": ({"certificate": rsa.key, "private_key": rsa.key}, ["certificate", "a private key"]),
        "certificate for key": (
            {"certificate": rsa.pem, "private_key": rsa.pem},
            ["private_key", "BEGIN PRIVATE KEY", "a certificate"],
        ),
        "broken key": (
            {"certificate": rsa.pem, "private_key": "\n".join(rsa.key.splitlines()[:9] + rsa.key.splitlines()[10:])},
            ["private_key", "damaged"],
        ),
        "encrypted key, PKCS#8": (
            {"certificate": rsa.pem, "private_key": encrypted(rsa, traditional=False)},
            ["private_key", "encrypted", "openssl pkey"],
        ),
        "encrypted key, OpenSSL": (
            {"certificate": rsa.pem, "private_key": encrypted(rsa, traditional=True)},
            ["private_key", "encrypted", "openssl pkey"],
        ),
        "key of another certificate": (
            {"certificate": rsa.pem, "private_key": ecc.key},
            ["private_key", "another certificate", "CN=www.example.com"],
        ),
        "key of its predecessor": (
            {"certificate": rsa.pem, "private_key": pki.renewed.key},
            ["private_key", "another certificate"],
        ),
        "chain of another issuer": (
            {"certificate": rsa.pem, "chain": pki.stranger.pem, "private_key": rsa.key},
            ["CN=Other CA", "does not belong", "CN=Example CA"],
        ),
        "two leaves": (
            {"certificate": rsa.pem + pki.single.pem, "private_key": rsa.key},
            ["single.example.com", "does not belong"],
        ),
        "expired": (pki.expired.options(), ["expired", "allow_expired", "CN=www.example.com"]),
        "not yet valid": (pki.not_yet.options(), ["not valid before", "allow_expired"]),
        "no key where one is needed": ({"certificate": rsa.fullchain}, ["private_key", "not in CAS cn-hangzhou"]),
        "no such file": (
            {"certificate_path": "nowhere/www.pem"},
            ["certificate_path", "nowhere/www.pem", "No such file"],
        ),
        "long name": ({**rsa.options(), "name": "x" * 200}, ["name", "128", "200"]),
        "no certificate": ({"private_key": rsa.key}, ["state is present", "certificate, certificate_path"]),
        "nothing to remove": ({"state": "absent"}, ["state is absent", "sha256"]),
        "text and file": (
            {**rsa.options(), "certificate_path": "www.pem"},
            ["mutually exclusive", "certificate|certificate_path|sha256"],
        ),
        "fingerprint of another kind": ({"sha256": "ab" * 20, "state": "absent"}, ["sha256", "64", "abab"]),
        "negative age": (
            {"certificate": rsa.pem, "retire_superseded": True, "retire_after_days": -1},
            ["retire_after_days", "-1"],
        ),
        "no mark": ({**rsa.options(), "retire_superseded": True, "retire_tag": {}}, ["retire_tag", "empty"]),
        "mark with another value": (
            {**rsa.options(), "retire_superseded": True, "tags": {"managed-by": "me"}},
            ["retire_tag", "another value"],
        ),
        "reserved tag": ({**rsa.options(), "tags": {"acs:owner": "me"}}, ["acs:owner", "cloud's own"]),
        "tag that is a list": ({**rsa.options(), "tags": {"a": [1]}}, ["tag a", "text"]),
        "long tag": ({**rsa.options(), "tags": {"a": "x" * 129}}, ["'a'", "128"]),
        "Ed25519": (
            {"certificate": pki.edwards.pem, "private_key": pki.edwards.key},
            ["Ed25519", "RSA", "ECC"],
        ),
        "SM2": ({"certificate": as_sm2(ecc.issued), "private_key": ecc.key}, ["SM2", "RSA", "ECC"]),
        "unknown site": ({**rsa.options(), "cas_site": "cn-beijing"}, ["cas_site", "cn-hangzhou", "cn-beijing"]),
    }


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("what", list(_bad_input(Pki())))
def test_bad_input_is_told_and_nothing_is_written(stage: Stage, what: str, check: bool) -> None:
    options, words = _bad_input(stage.pki)[what]
    answer = stage.run.fails("cas_certificate", check=check, **options)
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer.get("changed")
    assert "Traceback" not in stage.run.said
    key = str(options.get("private_key", ""))
    public = stage.pki.rsa.fullchain + stage.pki.expired.fullchain + stage.pki.not_yet.fullchain
    assert key_pieces(key, stage.run.said, public=public) == []


def test_allow_expired_accepts_both(run: Runner, cloud: Emulator, pki: Pki) -> None:
    for bundle in (pki.expired, pki.not_yet):
        assert run("cas_certificate", **bundle.options(), allow_expired=True)["changed"]
    assert len(cloud.world.certificates) == 2


def test_files_are_found_from_the_working_directory(
    run: Runner, pki: Pki, tmp_path: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pki.rsa.files(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run("cas_certificate", certificate_path="www.pem", private_key_path="www.key.pem")["changed"]
