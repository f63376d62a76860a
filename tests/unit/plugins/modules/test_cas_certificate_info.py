# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cas_certificate_info on the real SDK and the emulated cloud: filters, calls, bad input, bad days."""

from __future__ import annotations

import typing as t
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

INFO = "cas_certificate_info"


@pytest.fixture
def filled(stage: Stage) -> Stage:
    """Six certificates, named after what they are; RSA is a default certificate, ECC an additional one."""
    wildcard = Bundle(stage.pki.issue("*.example.org", names=["*.example.org", "192.0.2.1"]))
    for name, bundle in (
        ("rsa", stage.pki.rsa),
        ("ecc", stage.pki.ecc),
        ("expired", stage.pki.expired),
        ("not-yet", stage.pki.not_yet),
        ("single", stage.pki.single),
        ("wildcard", wildcard),
    ):
        stage.upload_anyway(bundle, name, team="web" if "c" in name else "shop", size=str(len(name)))
    stage.cloud.seed(
        {
            "listeners": [
                {
                    "load_balancer": "demo",
                    "port": 443,
                    "server_groups": ["demo-web"],
                    "certificates": ["rsa"],
                    "additional_certificates": ["ecc"],
                }
            ]
        }
    )
    stage.cloud.settle()
    stage.cloud.clear_calls()
    return stage


def names(stage: Stage, **options: t.Any) -> list[str]:
    return [one["name"] for one in stage.run(INFO, **options)["certificates"]]


ALL = ["rsa", "ecc", "expired", "not-yet", "single", "wildcard"]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, ALL),
        ({"status": ["valid"]}, ["rsa", "ecc", "single", "wildcard"]),
        ({"status": ["expired"]}, ["expired"]),
        ({"status": ["not_yet_valid", "expired"]}, ["expired", "not-yet"]),
        ({"names": ["ecc", "nobody"]}, ["ecc"]),
        ({"names": ["EC"]}, []),
        ({"domain": "www.example.com"}, ["rsa", "ecc", "expired", "not-yet"]),
        ({"domain": "WWW.example.com.", "status": ["valid"]}, ["rsa", "ecc"]),
        ({"domain": "shop.example.org"}, ["wildcard"]),
        ({"domain": "*.example.org"}, ["wildcard"]),
        ({"domain": "a.shop.example.org"}, []),
        ({"domain": "192.0.2.1"}, ["wildcard"]),
        ({"algorithm": "RSA"}, ["rsa"]),
        ({"algorithm": "SM2"}, []),
        ({"expires_within_days": -1}, ["expired"]),
        ({"expires_within_days": 30}, ["expired"]),
        ({"expires_within_days": 30, "status": ["valid"]}, []),
        ({"expires_within_days": 90, "domain": "single.example.com"}, ["single"]),
        ({"tags": {"team": "web"}}, ["ecc", "wildcard"]),
        ({"tags": {"team": "web", "size": 3}}, ["ecc"]),
        ({"tags": {"team": ""}}, []),
        ({"tags": {}}, ALL),
        ({"uploaded_only": True}, ALL),
        ({"names": []}, []),
        ({"status": []}, []),
        ({"sha256": []}, []),
        ({"ids": []}, []),
    ],
    ids=str,
)
def test_filters(filled: Stage, options: Answer, wanted: list[str]) -> None:
    assert names(filled, **options) == wanted


def test_fingerprints_are_taken_in_every_form(filled: Stage) -> None:
    rsa = filled.pki.rsa
    assert names(filled, sha256=[rsa.fingerprint, "ab" * 32]) == ["rsa"]
    (found,) = filled.run(INFO, sha256=[rsa.sha256])["certificates"]
    assert names(filled, sha1=[found["sha1"].upper()]) == ["rsa"]


def test_what_is_told(filled: Stage) -> None:
    rsa, ecc, expired, not_yet, *_more = filled.run(INFO, with_tags=True, with_listeners=True)["certificates"]
    listener = next(iter(filled.cloud.world.listeners))
    where = {"listener_id": listener, "load_balancer_id": filled.at["load_balancer"], "protocol": "HTTPS", "port": 443}
    where["load_balancer_id"] = filled.cloud.world.listeners[listener].load_balancer_id
    assert rsa["listeners"] == [{**where, "default": True}]
    assert ecc["listeners"] == [{**where, "default": False}]
    assert (rsa["used_by"], expired["used_by"], expired["listeners"]) == (["ALB"], [], [])
    assert (rsa["key_size"], ecc["algorithm"], ecc["key_size"]) == (2048, "ECC", 256)
    assert (rsa["sha256"], rsa["uploaded"]) == (filled.pki.rsa.sha256, True)
    assert (rsa["tags"], rsa["instance_id"]) == ({"team": "shop", "size": "3"}, "cas-rsa")
    assert [one["status"] for one in (rsa, expired, not_yet)] == ["valid", "expired", "not_yet_valid"]
    assert rsa["id"] == f"{rsa['certificate_id']}-cn-hangzhou"
    assert 89 <= rsa["days_left"] <= 90
    assert expired["days_left"] < 0
    plain = filled.run(INFO)["certificates"][0]
    assert plain == {**rsa, "tags": None, "listeners": None}


def test_by_identifier_it_tells_the_same(filled: Stage) -> None:
    listed = {one["name"]: one for one in filled.run(INFO, with_tags=True)["certificates"]}
    ids = [
        listed["ecc"]["id"],
        listed["rsa"]["certificate_id"],
        7,
        str(listed["rsa"]["certificate_id"]),
        "8-cn-hangzhou",
    ]
    filled.cloud.clear_calls()
    answer = filled.run(INFO, ids=ids)
    assert answer["certificates"] == [listed["ecc"], listed["rsa"]]
    assert answer["api_calls"] == {"GetUserCertificateDetail": 4, "GetCertificateDetail": 2}
    assert names(filled, ids=ids, algorithm="RSA", tags={"team": "shop"}) == ["rsa"]


def test_references_are_as_modules_for_listeners_take_them(filled: Stage) -> None:
    """What is found says which reference means it, and is taken by those modules without another call to CAS."""
    rsa, ecc, *_others = filled.run(INFO)["certificates"]
    texts = ["domain:www.example.com/ECC", "name:rsa", rsa["id"], str(ecc["certificate_id"]), rsa["sha1"], "ab" * 32]
    texts += [filled.pki.rsa.fingerprint, "7", "9-cn-hangzhou", "name:nobody", "domain:nobody.example.net"]
    found = filled.run(INFO, references=texts)["certificates"]
    assert [(one["reference"], one["name"]) for one in found] == list(
        zip([*texts[:5], texts[6]], ["ecc", "rsa", "rsa", "ecc", "rsa", "rsa"], strict=True)
    )
    listener = next(iter(filled.cloud.world.listeners))
    filled.cloud.clear_calls()
    wanted = [{**one, "name": "whatever"} for one in found[:2]]
    answer = filled.run("alb_listener_cert", check=True, listener_id=listener, certificates=wanted)
    assert {one["sha256"] for one in answer["listener"]["certificates"]} == {rsa["sha256"], ecc["sha256"]}
    assert not any("Certificate" in action for action in filled.cloud.actions if action != "ListListenerCertificates")


def test_a_reference_to_several_certificates_is_refused(filled: Stage) -> None:
    filled.upload_anyway(filled.pki.renewed, "renewed")
    answer = filled.run.fails(INFO, references=["rsa", "domain:*.example.org", "sha1:x"])
    assert "does not name a certificate" in answer["msg"]
    filled.upload_anyway(Bundle(filled.pki.issue("www.example.com", names=["www.example.com"])), "rsa")
    answer = filled.run.fails(INFO, references=["name:rsa"])
    assert "may be several certificates" in answer["msg"]


def test_copies_and_filters_and_references(filled: Stage) -> None:
    filled.upload_anyway(filled.pki.rsa, "copy", team="web")
    both = filled.run(INFO, references=[filled.pki.rsa.sha256, "name:expired"], with_listeners=True)["certificates"]
    assert [(one["name"], len(one["listeners"])) for one in both] == [("rsa", 1), ("copy", 0), ("expired", 0)]
    options: Answer = {"references": [filled.pki.rsa.sha256, "name:expired"], "status": ["valid"]}
    assert names(filled, **options, tags={"team": "web"}) == ["copy"]
    assert names(filled, references=[]) == []


def test_certificates_of_the_other_site(filled: Stage) -> None:
    filled.cloud.seed({"certificates": [{"name": "abroad", "names": ["abroad.example.com"], "site": "ap-southeast-1"}]})
    (number,) = (one.certificate_id for one in filled.cloud.world.certificates.values() if one.name == "abroad")
    abroad = {"cas_endpoint": f"http://{filled.cloud.cas_endpoints['ap-southeast-1']}"}
    assert names(filled, ids=[f"{number}-ap-southeast-1"], **abroad) == ["abroad"]
    assert names(filled, references=[f"{number}-ap-southeast-1"], with_tags=True, **abroad) == ["abroad"]
    assert names(filled, cas_site="ap-southeast-1", with_tags=True, **abroad) == ["abroad"]
    assert "abroad" not in names(filled)


@pytest.mark.parametrize(
    ("options", "calls"),
    [
        ({}, {"ListCertificates": 2, "ListUserCertificateOrder": 2}),
        ({"status": ["valid"]}, {"ListCertificates": 1, "ListUserCertificateOrder": 1}),
        (
            {"status": ["valid"], "names": ["ecc", "rsa"], "with_tags": True},
            {"ListCertificates": 1, "ListUserCertificateOrder": 1, "GetUserCertificateDetail": 2},
        ),
        (
            {"status": ["valid"], "with_listeners": True},
            {"ListCertificates": 1, "ListUserCertificateOrder": 1, "ListListeners": 1, "ListListenerCertificates": 1},
        ),
        ({"ids": []}, {}),
        ({"references": ["7", "8-cn-hangzhou"]}, {"GetUserCertificateDetail": 2}),
        (
            {"references": ["rsa", "name:ecc", "domain:single.example.com"]},
            {"ListCertificates": 1, "ListUserCertificateOrder": 1},
        ),
    ],
    ids=str,
)
def test_calls(filled: Stage, options: Answer, calls: Answer) -> None:
    assert filled.run(INFO, **options)["api_calls"] == calls
    assert len(filled.cloud.actions) == sum(calls.values())


def test_many_take_few_calls(stage: Stage) -> None:
    stage.cloud.seed({"scale": {"certificates": 250}})
    answer = stage.run(INFO, domain="www-00123.example.com")
    assert [one["name"] for one in answer["certificates"]] == ["scale-00123"]
    assert answer["api_calls"] == {"ListCertificates": 4, "ListUserCertificateOrder": 6}


def test_many_identifiers_in_one_task(stage: Stage) -> None:
    stage.cloud.seed({"scale": {"certificates": 60}})
    ids = list(stage.cloud.world.certificates)
    assert [one["certificate_id"] for one in stage.run(INFO, ids=ids)["certificates"]] == ids


def test_what_expires_while_it_is_looked_at(stage: Stage) -> None:
    """CAS knows the hour, and its lists tell the day: on the last day its word counts."""
    now = datetime.now(timezone.utc)
    soon = timedelta(seconds=30)
    end = (now + soon - stage.pki.now) / timedelta(days=1)
    bundle = Bundle(stage.pki.issue("www.example.com", names=["www.example.com"], end=end))
    stage.upload_anyway(bundle, "soon")
    assert names(stage, status=["valid"]) == ["soon"]
    stage.cloud.advance(60)
    assert names(stage, status=["valid"]) == []
    (found,) = stage.run(INFO)["certificates"]
    assert (found["status"], found["not_after"]) == ("expired", (now + soon).strftime("%Y-%m-%d"))


# --- bad input and bad days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ids": ["www"]}, ["ids", "12345678-cn-hangzhou", "'www'"]),
        ({"ids": ["12-"]}, ["ids"]),
        ({"references": ["-5"]}, ["-5", "does not name a certificate"]),
        ({"ids": ["7"], "references": ["7"]}, ["mutually exclusive"]),
        ({"ids": [{"id": 1}]}, ["ids"]),
        ({"sha256": ["ab" * 20]}, ["sha256", "64"]),
        ({"sha1": ["ab" * 32]}, ["sha1", "40"]),
        ({"domain": "what is this"}, ["domain", "host name"]),
        ({"status": ["old"]}, ["status", "not_yet_valid"]),
        ({"ids": ["1-eu-central-1"]}, ["eu-central-1", "no site"]),
    ],
    ids=str,
)
def test_bad_input(stage: Stage, options: Answer, words: list[str]) -> None:
    answer = stage.run.fails(INFO, **options)
    for word in words:
        assert word in answer["msg"]
    assert stage.cloud.actions == []


@pytest.mark.parametrize(
    ("action", "permission"),
    [
        ("ListCertificates", "yundun-cert:ListCertificates"),
        ("ListUserCertificateOrder", "yundun-cert:ListUserCertificateOrder"),
        ("GetUserCertificateDetail", "yundun-cert:GetUserCertificateDetail"),
        ("ListListeners", "alb:ListListeners"),
        ("ListListenerCertificates", "alb:ListListenerCertificates"),
    ],
)
def test_a_missing_permission_is_named(filled: Stage, action: str, permission: str) -> None:
    filled.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=99)
    answer = filled.run.fails(INFO, with_tags=True, with_listeners=True)
    assert f"{permission}." in answer["msg"]
    assert answer["error"]["action"] == action


def test_throttling_is_survived(filled: Stage) -> None:
    filled.cloud.fault("*", code="FlowControlError", http_status=400, count=6)
    assert names(filled, with_tags=True) == ALL


def test_a_certificate_deleted_in_the_middle_is_left_out(filled: Stage) -> None:
    filled.cloud.fault("GetUserCertificateDetail", code="NotFound", http_status=400)
    assert len(names(filled, with_tags=True)) == len(ALL) - 1


def test_no_key_comes_back(filled: Stage) -> None:
    """CAS would send private keys along, unless told not to."""
    filled.run(INFO, with_tags=True)
    asked = [call.parameters["CertFilter"] for call in filled.cloud.calls if call.action == "GetUserCertificateDetail"]
    assert asked == ["True"] * len(ALL)
    assert "PRIVATE KEY" not in filled.run.said
