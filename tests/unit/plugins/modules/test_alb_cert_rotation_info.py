# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
alb_cert_rotation_info on the real SDK and the emulated cloud: calls, references, and that what it plans can be done.

What it decides is tested in test_rotation.py, without a cloud.
"""

from __future__ import annotations

import collections
import importlib
import json
import typing as t
from datetime import datetime, timezone

import pytest
import yaml
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.cases.alb_cert_rotation_info import served
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, comparable, key_pieces
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, Stage

MODULE = "alb_cert_rotation_info"
NOTHING: Answer = {"rotations": [], "unmatched": []}
LISTS = ("ListUserCertificateOrder", "ListCertificates")


def found(answer: Answer) -> Answer:
    """Which listeners have something to replace, and what stays there."""
    return {name: [one["id"] for one in answer[name]] for name in NOTHING}


def planned(rotation: Answer) -> tuple[list[str], list[str]]:
    """Identifiers of what there is to be."""
    kinds = ("planned_certificates", "planned_additional_certificates")
    default, additional = (sorted(str(one["id"]) for one in rotation[kind]) for kind in kinds)
    return default, additional


def counted(cloud: Emulator) -> dict[str, int]:
    return dict(collections.Counter(cloud.actions))


def lose(cloud: Emulator, identifier: str) -> None:
    """Take a certificate out of CAS, and leave it where it is used."""
    cloud.do(lambda emulated: emulated.world.certificates.pop(int(identifier.partition("-")[0])))


def moment(milliseconds: int) -> str:
    """In the way of a PEM's facts."""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def stored(cloud: Emulator, name: str) -> Answer:
    """A certificate as cas_certificate tells it."""
    (one,) = (one for one in cloud.world.certificates.values() if one.name == name)
    return {
        "id": one.identifier("cn-hangzhou"),
        "certificate_id": one.certificate_id,
        "name": name,
        "names": list(one.facts.names),
        "algorithm": one.facts.algorithm,
        "not_before": moment(one.facts.not_before_ms),
        "not_after": moment(one.facts.not_after_ms),
        "sha256": one.facts.sha256.lower(),
        "sha1": one.facts.sha1.lower(),
    }


# --- what there is to do ---------------------------------------------------------------------------------------------


def test_what_expires_and_has_a_successor_is_found(run: Runner, stage: Stage) -> None:
    there = served(stage)
    answer = run(MODULE, expires_within_days=30)
    assert found(answer) == {"rotations": [there["HTTPS"], there["QUIC"]], "unmatched": [there["HTTPS"]]}
    https, quic = answer["rotations"]
    place = {"load_balancer_id": DEMO, "port": 443, "status": "Running"}
    assert {name: https[name] for name in place} == {name: quic[name] for name in place} == place
    assert (https["protocol"], quic["protocol"]) == ("HTTPS", "QUIC")
    assert planned(https) == (
        [there["www-rsa-new"], there["www-ecc-new"]],
        sorted([there["old"], there["api-new"]]),
    )
    assert planned(quic) == ([there["api-new"]], [there["www-rsa-new"]])
    assert quic["default_changes"] == []
    (change,) = quic["additional_changes"]
    assert (change["old"]["id"], change["new"]["id"]) == (there["www-rsa"], there["www-rsa-new"])
    assert (change["days_left"], change["lost_names"]) in ((8, []), (9, []))
    old, new = (f"SHA-256 {change[which]['sha256'][:12]})" for which in ("old", "new"))
    assert f"{old} is replaced by " in change["summary"]
    assert change["summary"].endswith(new)
    (left,) = answer["unmatched"]
    assert (left["role"], left["certificate"]["id"]) == ("additional", there["old"])
    assert left["reason"] == "No other valid certificate in CAS is ECC and for exactly its names."


def test_a_renewed_certificate_goes_where_its_predecessor_is(run: Runner, stage: Stage) -> None:
    there = served(stage)
    answer = run(MODULE, certificates=[there["www-rsa-new"]])
    assert found(answer) == {"rotations": [there["HTTPS"], there["QUIC"]], "unmatched": []}
    https, quic = answer["rotations"]
    assert planned(https) == (
        sorted([there["www-rsa-new"], there["www-ecc"]]),
        sorted([there["api"], there["old"]]),
    )
    assert planned(quic) == ([there["api-new"]], [there["www-rsa-new"]])


def test_one_that_is_valid_longer_is_told(run: Runner, stage: Stage) -> None:
    there = served(stage)
    answer = run(MODULE, certificates=[there["api"]])
    assert found(answer) == {"rotations": [], "unmatched": [there["QUIC"]]}
    (left,) = answer["unmatched"]
    assert left["role"] == "default"
    assert "longer than CN=api.example.com (ECC, " in left["reason"]


def test_covered_names(run: Runner, stage: Stage) -> None:
    there = served(stage)
    answer = run(MODULE, certificates=[there["wildcard"]], names="covered")
    assert found(answer) == {"rotations": [there["HTTPS"], there["QUIC"]], "unmatched": []}
    https, quic = answer["rotations"]
    # example.com is not covered, so that only the additional ones are replaced.
    assert planned(https) == ([there["www-rsa"], there["www-ecc"]], [there["wildcard"]])
    assert planned(quic) == ([there["wildcard"]], [there["www-rsa"]])
    assert run(MODULE, certificates=[there["wildcard"]])["rotations"] == []


def test_names_that_get_lost_are_told(run: Runner, stage: Stage) -> None:
    there = served(stage)
    answer = run(MODULE, certificates=[there["wildcard"]], supersedes=[there["www-ecc"]])
    (https,) = answer["rotations"]
    assert planned(https)[0] == sorted([there["www-rsa"], there["wildcard"]])
    assert https["default_changes"][0]["lost_names"] == []
    answer = run(MODULE, certificates=[there["wildcard"]], supersedes=[there["api"], there["api-new"]])
    assert [one["additional_changes"] != [] for one in answer["rotations"]] == [True, False]
    answer = run(MODULE, certificates=[there["api"]], supersedes=[there["www-ecc"], there["www-rsa"]])
    (https,) = answer["rotations"]
    # The RSA half of the pair is for the same names, and stays.
    assert https["default_changes"][0]["lost_names"] == []
    assert {one["certificate"]["id"] for one in answer["unmatched"]} == {there["www-rsa"]}
    answer = run(MODULE, certificates=[there["api"]], supersedes=[there["old"]])
    assert answer["rotations"][0]["additional_changes"][0]["lost_names"] == ["old.example.com"]


def test_what_it_plans_can_be_done_and_then_there_is_nothing_to_do(run: Runner, stage: Stage) -> None:
    there = served(stage)
    options: Answer = {"expires_within_days": 30}
    for one in run(MODULE, **options)["rotations"]:
        default = run("alb_listener_cert", listener_id=one["id"], certificates=one["planned_certificates"])
        additional = run(
            "alb_additional_cert",
            listener_id=one["id"],
            certificates=one["planned_additional_certificates"],
            state="exact",
            # The one that has expired is there already.
            allow_expired=True,
        )
        assert default["changed"] is bool(one["default_changes"])
        assert additional["changed"] is bool(one["additional_changes"])
        ids = [each["id"] for each in default["listener"]["certificates"]]
        assert (sorted(ids), sorted(each["id"] for each in additional["listener"]["certificates"])) == planned(one)
    assert found(run(MODULE, **options)) == {"rotations": [], "unmatched": [there["HTTPS"]]}


@pytest.mark.parametrize("role", ["default", "additional"])
def test_one_that_is_there_already_changes_its_place_or_just_stays(run: Runner, stage: Stage, role: str) -> None:
    """ALB takes no certificate as default and as additional one at once."""
    ids = stage.cloud.seed(
        {
            "certificates": [
                {"name": "old", "days": 9, "names": ["a.example.com"]},
                {"name": "new", "names": ["a.example.com"]},
            ],
            "listeners": [
                {
                    "load_balancer": "demo",
                    "server_groups": ["demo-web"],
                    "certificates": ["new" if role == "default" else "old"],
                    "additional_certificates": ["old" if role == "default" else "new"],
                }
            ],
        }
    )
    _old, new = ids["certificates"]
    (one,) = run(MODULE, certificates=[new])["rotations"]
    assert planned(one) == ([new], [])
    run("alb_listener_cert", listener_id=one["id"], certificates=one["planned_certificates"])
    run("alb_additional_cert", listener_id=one["id"], certificates=[], state="exact")
    assert comparable(run(MODULE, certificates=[new])) == {"changed": False, **NOTHING}


def test_a_certificate_that_check_mode_has_planned_is_taken(run: Runner, stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    new = run("cas_certificate", check=True, **stage.pki.renewed.options())["certificate"]
    assert new["id"] is None
    answers = [run(MODULE, check=check, certificates=[new]) for check in (True, False)]
    for answer in answers:
        (one,) = answer["rotations"]
        assert one["id"] == listener["id"]
        (told,) = one["planned_certificates"]
        assert (told["id"], told["sha256"]) == (None, stage.pki.renewed.sha256)
        assert one["default_changes"][0]["new"] == told
    predicted = run(
        "alb_listener_cert", check=True, listener_id=listener["id"], certificates=one["planned_certificates"]
    )
    assert predicted["changed"]
    # Once it is there it is told by its identifier.
    uploaded = run("cas_certificate", **stage.pki.renewed.options())["certificate"]
    (one,) = run(MODULE, certificates=[new])["rotations"]
    assert planned(one) == ([uploaded["id"]], [])


# --- references ------------------------------------------------------------------------------------------------------

_REFERENCES: dict[str, t.Callable[[Answer], t.Any]] = {
    "id": lambda one: one["id"],
    "number": lambda one: one["certificate_id"],
    "number as text": lambda one: str(one["certificate_id"]),
    "SHA-256": lambda one: one["sha256"],
    "SHA-1": lambda one: one["sha1"],
    "name": lambda one: f"name:{one['name']}",
    "object": lambda one: one,
    "object without id": lambda one: {**one, "id": None, "certificate_id": None},
    "object without algorithm": lambda one: {**one, "algorithm": None},
    "id alone": lambda one: {"id": one["id"]},
}


@pytest.mark.parametrize("form", _REFERENCES)
def test_new_and_old_ones_are_named_in_every_form(run: Runner, stage: Stage, form: str) -> None:
    there = served(stage)
    new, old = (_REFERENCES[form](stored(stage.cloud, name)) for name in ("www-ecc-new", "www-ecc"))
    several: list[Answer] = [{"certificates": [new]}, {"certificates": [new], "supersedes": [old]}]
    for options in several:
        stage.cloud.clear_calls()
        answer = run(MODULE, **options)
        assert found(answer) == {"rotations": [there["HTTPS"]], "unmatched": []}
        (change,) = answer["rotations"][0]["default_changes"]
        assert (change["old"]["id"], change["new"]["id"]) == (there["www-ecc"], there["www-ecc-new"])
        assert set(counted(stage.cloud)) <= {"ListListeners", "ListListenerCertificates", *LISTS}


def test_a_certificate_is_named_by_a_host(run: Runner, stage: Stage) -> None:
    there = served(stage)
    answer = run(MODULE, certificates=["domain:api.example.com"], names="covered")
    # The wildcard ends later than the one that began with it.
    assert {each["new"]["id"] for one in answer["rotations"] for each in one["additional_changes"]} == {
        there["wildcard"]
    }


def test_what_cas_no_longer_has_is_replaced_by_identifier_and_number(run: Runner, stage: Stage) -> None:
    there = served(stage)
    lose(stage.cloud, there["www-rsa"])
    for reference in (there["www-rsa"], there["www-rsa"].partition("-")[0]):
        options: Answer = {"certificates": [there["www-rsa-new"]], "supersedes": [reference]}
        answer = run(MODULE, **options)
        assert found(answer) == {"rotations": [there["HTTPS"], there["QUIC"]], "unmatched": []}
        (change,) = answer["rotations"][0]["default_changes"]
        assert (change["old"]["id"], change["days_left"], change["lost_names"]) == (there["www-rsa"], None, None)
        assert {name for name, value in change["old"].items() if value is not None} == {"id"}
    answer = run(MODULE, certificates=[there["www-rsa-new"], there["wildcard"]], supersedes=[there["www-rsa"]])
    assert found(answer) == {"rotations": [], "unmatched": [there["HTTPS"], there["QUIC"]]}
    assert answer["unmatched"][0]["reason"] == "CAS tells nothing of it, and there are 2 new certificates."


def test_of_what_cas_no_longer_has_the_options_may_tell(run: Runner, stage: Stage) -> None:
    there = served(stage)
    old = stored(stage.cloud, "www-rsa")
    lose(stage.cloud, there["www-rsa"])
    answer = run(MODULE, certificates=[there["www-rsa-new"], there["wildcard"]], supersedes=[old])
    (change,) = answer["rotations"][0]["default_changes"]
    assert (change["new"]["id"], change["old"]["names"]) == (there["www-rsa-new"], old["names"])


@pytest.mark.parametrize("gone", ["cd" * 32, "cd" * 20, "name:nobody", "99999999-cn-hangzhou", 99999999], ids=str)
def test_what_is_nowhere_is_on_no_listener(run: Runner, stage: Stage, gone: object) -> None:
    there = served(stage)
    assert found(run(MODULE, certificates=[there["www-rsa-new"]], supersedes=[gone])) == NOTHING


@pytest.mark.parametrize("odd", ["77-eu-central-1", "12315790343_166f8204689_1714763408_709981430", "77"])
def test_identifiers_of_other_kinds_can_be_replaced(run: Runner, stage: Stage, odd: str) -> None:
    there = served(stage)
    stage.cloud.do(lambda emulated: emulated.world.listeners[there["QUIC"]].additional.update({odd: "Associated"}))
    (one,) = run(MODULE, certificates=[there["www-rsa-new"]], supersedes=[odd])["rotations"]
    assert (one["id"], one["additional_changes"][0]["old"]["id"]) == (there["QUIC"], odd)
    assert planned(one) == ([there["api-new"]], sorted([there["www-rsa"], there["www-rsa-new"]]))


def test_every_copy_is_meant_and_no_other_copy_is_put_in_its_place(run: Runner, stage: Stage) -> None:
    old = stage.served(stage.pki.rsa)
    stage.upload_anyway(stage.pki.rsa, "copy")
    copy = stored(stage.cloud, "copy")["id"]
    options: Answer = {"load_balancer": "demo", "port": 8443, "server_group": "demo-web", "certificates": [copy]}
    other = run("alb_listener", **options)["listener"]
    assert found(run(MODULE, certificates=[copy])) == NOTHING
    new = stage.uploaded(stage.pki.renewed)
    stage.upload_anyway(stage.pki.renewed, "copy of the new one")
    answer = run(MODULE, certificates=[new], supersedes=[stage.pki.rsa.sha256])
    assert found(answer)["rotations"] == [old["id"], other["id"]]
    assert found(run(MODULE, certificates=[new], supersedes=[copy]))["rotations"] == [other["id"]]
    answer = run(MODULE, certificates=[copy], supersedes=[stage.pki.rsa.sha256])
    assert [one["reason"] for one in answer["unmatched"]] == ["There is no new certificate."] * 2
    # Of those in CAS the older copy is taken.
    answer = run(MODULE, expires_within_days=999)
    assert [planned(one) for one in answer["rotations"]] == [([new["id"]], [])] * 2


def test_those_of_the_other_site_are_looked_up_there(run: Runner, stage: Stage) -> None:
    there = served(stage)
    (abroad,) = stage.cloud.seed(
        {"certificates": [{"name": "abroad", "site": "ap-southeast-1", "names": ["api.example.com"], "days": 5}]}
    )["certificates"]
    stage.cloud.do(lambda emulated: emulated.world.listeners[there["QUIC"]].additional.update({abroad: "Associated"}))
    new = stored(stage.cloud, "api-new")
    assert run(MODULE, certificates=[new], protocols=["QUIC"])["rotations"] == []
    # An endpoint that is given stands for both sites; this one has what is abroad.
    endpoint = f"http://{stage.cloud.cas_endpoints['ap-southeast-1']}"
    (one,) = run(MODULE, certificates=[new], protocols=["QUIC"], cas_endpoint=endpoint)["rotations"]
    assert one["additional_changes"][0]["old"]["id"] == abroad
    assert planned(one) == ([there["api-new"]], [there["www-rsa"]])


_REFUSED: dict[str, tuple[object, list[str]]] = {
    "expired": ("name:old", ["expired on", "cannot replace another one"]),
    "unknown identifier": ("99999999-cn-hangzhou", ["no certificate 99999999", "CAS cn-hangzhou"]),
    "unknown number": (99999999, ["no certificate 99999999"]),
    "unknown site": ("1-eu-central-1", ["no site eu-central-1"]),
    "unknown fingerprint": ("cd" * 32, ["no certificate"]),
    "unknown name": ("name:nobody", ["nobody"]),
    "unknown host": ("domain:nobody.example.org", ["covers nobody.example.org"]),
    "several": ("domain:example.com", ["may be several certificates", "domain:www.example.com/ECC"]),
}


@pytest.mark.parametrize("what", _REFUSED)
def test_a_new_certificate_has_to_be_there_and_valid(run: Runner, stage: Stage, what: str) -> None:
    served(stage)
    reference, words = _REFUSED[what]
    answer = run.fails(MODULE, certificates=[reference])
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert "ListListeners" not in stage.cloud.actions


def test_a_new_certificate_that_is_not_valid_yet_is_refused(run: Runner, stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    early = stage.uploaded(stage.pki.not_yet)
    for reference in (early, early["id"]):
        assert "is not valid before" in run.fails(MODULE, certificates=[reference])["msg"]
    # Nor is it one of those that CAS has to offer.
    answer = run(MODULE, expires_within_days=999)
    assert answer["unmatched"][0]["reason"].startswith("No other valid certificate in CAS")


# --- calls -----------------------------------------------------------------------------------------------------------


def many(cloud: Emulator, count: int, certificates: int) -> list[str]:
    """Listeners on three load balancers, each with an additional certificate, and an HTTP listener; by place."""
    cloud.seed({"scale": {"load_balancers": 3, "listeners": count, "certificates": certificates}})

    def add(emulated: t.Any) -> None:
        every = [one.identifier("cn-hangzhou") for one in emulated.world.certificates.values()]
        for number, one in enumerate(emulated.world.listeners.values()):
            one.additional[every[(number + count) % certificates]] = "Associated"

    cloud.do(add)
    places = sorted((one.load_balancer_id, one.port, one.listener_id) for one in cloud.world.listeners.values())
    cloud.seed(
        {"listeners": [{"load_balancer": "demo", "server_groups": ["demo-web"], "protocol": "HTTP", "port": 80}]}
    )
    cloud.clear_calls()
    return [listener_id for _balancer, _port, listener_id in places]


def test_what_it_takes_for_a_hundred_listeners(run: Runner, cloud: Emulator) -> None:
    """One call for each, and the lists once; HTTP listeners cost nothing."""
    there = many(cloud, 120, 240)
    answer = run(MODULE, expires_within_days=999)
    assert found(answer) == {"rotations": [], "unmatched": [one for one in there for _each in range(2)]}
    expected = {
        "ListListeners": 2,
        "ListListenerCertificates": 120,
        "ListUserCertificateOrder": 5,
        "ListCertificates": 3,
    }
    assert counted(cloud) == expected
    assert answer["api_calls"] == expected


def test_all_are_rotated_for_the_same_calls(run: Runner, cloud: Emulator) -> None:
    there = many(cloud, 30, 60)
    names = [f"www-{number:05}.example.com" for number in range(60)]
    cloud.seed(
        {"certificates": [{"name": f"new-{number}", "names": [one], "days": 200} for number, one in enumerate(names)]}
    )
    answer = run(MODULE, expires_within_days=100)
    assert found(answer) == {"rotations": there, "unmatched": []}
    expected = {
        "ListListeners": 1,
        "ListListenerCertificates": 30,
        "ListUserCertificateOrder": 3,
        "ListCertificates": 2,
    }
    assert counted(cloud) == expected
    # By name, too: what was listed is not asked for again.
    cloud.clear_calls()
    references = [f"name:new-{number}" for number in range(60)]
    assert found(run(MODULE, certificates=references))["rotations"] == there
    assert counted(cloud) == expected


def test_expired_ones_are_listed_only_if_there_may_be_some(run: Runner, stage: Stage) -> None:
    there = served(stage)
    run(MODULE, expires_within_days=30, protocols=["QUIC"])
    assert counted(stage.cloud) == {"ListListeners": 1, "ListListenerCertificates": 1, **dict.fromkeys(LISTS, 1)}
    stage.cloud.clear_calls()
    run(MODULE, expires_within_days=30, listener_ids=[there["HTTPS"]])
    assert counted(stage.cloud) == {"ListListeners": 1, "ListListenerCertificates": 1, **dict.fromkeys(LISTS, 2)}


def test_names_of_load_balancers_take_one_call_for_ten(run: Runner, stage: Stage) -> None:
    there = served(stage)
    new = stored(stage.cloud, "api-new")
    stage.cloud.clear_calls()
    answer = run(MODULE, certificates=[new], load_balancers=["demo", "basic", *(f"no-{each}" for each in range(12))])
    assert found(answer)["rotations"] == [there["HTTPS"]]
    assert counted(stage.cloud) == {
        "ListLoadBalancers": 2,
        "ListListeners": 1,
        "ListListenerCertificates": 2,
        **dict.fromkeys(LISTS, 2),
    }


def test_cas_is_not_asked_if_nothing_needs_it(run: Runner, stage: Stage) -> None:
    there = served(stage)
    new = stored(stage.cloud, "api-new")
    stage.cloud.clear_calls()
    assert found(run(MODULE, certificates=[new], load_balancers=["alb-nobody"])) == NOTHING
    assert not set(stage.cloud.actions) & {*LISTS, "ListListenerCertificates"}
    assert found(run(MODULE, expires_within_days=99, load_balancers=["alb-nobody"])) == NOTHING
    assert found(run(MODULE, supersedes=["7-cn-hangzhou"])) == NOTHING
    assert found(run(MODULE, certificates=[new], supersedes=[7])) == NOTHING
    assert not set(stage.cloud.actions) & {*LISTS, "GetUserCertificateDetail"}
    # All that there is to know is given: of the one certificate that the listener has, and of the other one.
    lone = stage.cloud.seed(
        {
            "listeners": [
                {"load_balancer": "basic", "server_groups": ["demo-web"], "port": 8443, "certificates": ["api"]}
            ]
        }
    )["listeners"]
    old = stored(stage.cloud, "api")
    stage.cloud.clear_calls()
    answer = run(MODULE, certificates=[new], supersedes=[old], listener_ids=lone)
    assert found(answer)["rotations"] == lone
    assert counted(stage.cloud) == {"ListListeners": 1, "ListListenerCertificates": 1}
    assert planned(answer["rotations"][0]) == ([there["api-new"]], [])


@pytest.mark.parametrize("name", ["listener_ids", "load_balancers", "protocols", "supersedes", "certificates"])
def test_of_none_there_is_none(run: Runner, stage: Stage, name: str) -> None:
    """What a template made of nothing must not mean everything."""
    there = served(stage)
    new = stored(stage.cloud, "api-new")
    stage.cloud.clear_calls()
    options: Answer = {"certificates": [new], name: []}
    assert comparable(run(MODULE, **options)) == {"changed": False, **NOTHING}
    assert stage.cloud.actions == []
    if name == "certificates":
        answer = run(MODULE, certificates=[], supersedes=[there["api"]])
        assert [one["reason"] for one in answer["unmatched"]] == ["There is no new certificate."]
        assert run(MODULE, certificates=[], expires_within_days=999)["rotations"] == []


# --- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, "HTTPS QUIC"),
        ({"load_balancers": ["demo"]}, "HTTPS QUIC"),
        ({"load_balancers": [DEMO], "protocols": ["QUIC"]}, "QUIC"),
        ({"load_balancers": ["basic"]}, ""),
        ({"protocols": ["HTTPS", "QUIC"]}, "HTTPS QUIC"),
        ({"protocols": ["HTTPS"]}, "HTTPS"),
        ({"tags": {"team": "web"}}, "HTTPS"),
        ({"tags": {"team": "shop"}}, ""),
    ],
    ids=str,
)
def test_filters(run: Runner, stage: Stage, options: Answer, wanted: str) -> None:
    there = served(stage)
    answer = run(MODULE, certificates=[there["www-rsa-new"]], **options)
    assert [one["protocol"] for one in answer["rotations"]] == wanted.split()
    for protocol in ("HTTPS", "QUIC", "HTTP"):
        answer = run(MODULE, certificates=[there["www-rsa-new"]], listener_ids=[there[protocol]], **options)
        assert [one["protocol"] for one in answer["rotations"]] == [each for each in wanted.split() if each == protocol]


# --- bad days --------------------------------------------------------------------------------------------------------


def test_a_listener_that_is_deleted_meanwhile_is_left_out(run: Runner, cloud: Emulator) -> None:
    there = many(cloud, 12, 24)
    cloud.fault("ListListenerCertificates", code="ResourceNotFound.Listener", http_status=404, nth=5)
    assert len(set(found(run(MODULE, expires_within_days=999))["unmatched"])) == len(there) - 1


def test_of_many_reads_a_refused_one_fails_the_task(run: Runner, cloud: Emulator) -> None:
    many(cloud, 40, 80)
    cloud.fault("ListListenerCertificates", code="Forbidden.RAM", http_status=403, nth=3)
    answer = run.fails(MODULE, expires_within_days=30)
    assert "alb:ListListenerCertificates" in answer["msg"]
    assert sum(answer["api_calls"].values()) == len(cloud.actions) < 40
    assert not set(NOTHING) & set(answer)


def test_an_account_that_may_not_read_cas_is_told_so(run: Runner, stage: Stage) -> None:
    there = served(stage)
    for action in LISTS:
        stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=9)
    answer = run.fails(MODULE, certificates=[there["api-new"]])
    assert "yundun-cert:ListCertificates" in answer["msg"]
    assert answer["error"]["code"] == "Forbidden.RAM"


def test_throttling_and_lost_answers_are_survived(run: Runner, cloud: Emulator) -> None:
    there = many(cloud, 20, 40)
    cloud.fault("ListListenerCertificates", code="Throttling.User", http_status=400, retry_after_ms=50, count=6)
    cloud.fault("ListCertificates", kind="reset_before", count=2)
    answer = run(MODULE, expires_within_days=999)
    assert list(dict.fromkeys(found(answer)["unmatched"])) == there
    assert answer["waited"] > 0


def test_a_change_under_way_is_told_without_waiting(run: Runner, stage: Stage) -> None:
    there = served(stage)

    def change(emulated: t.Any) -> None:
        one = emulated.world.listeners[there["QUIC"]]
        one.status = "Configuring"
        one.additional[there["www-rsa"]] = "Dissociating"
        one.additional[there["api"]] = "Associating"

    stage.cloud.do(change)
    answer = run(MODULE, certificates=[there["www-rsa-new"], there["api-new"]], protocols=["QUIC"])
    (one,) = answer["rotations"]
    assert (one["status"], planned(one)) == ("Configuring", ([there["api-new"]], []))
    assert [each["id"] for each in one["additional_certificates"]] == [there["api"]]
    assert answer["waited"] == 0


_BAD: dict[str, tuple[Answer, list[str]]] = {
    "nothing": ({"certificates": None}, ["certificates, supersedes, expires_within_days"]),
    "days": ({"expires_within_days": -1}, ["expires_within_days", "0 or more", "-1"]),
    "protocol": ({"protocols": ["HTTP"]}, ["protocols", "HTTPS, QUIC"]),
    "names": ({"names": "alike"}, ["names", "covered"]),
    "tag": ({"tags": {"team": True}}, ["team", "text", "quotes"]),
    "certificate": ({"certificates": [1.5]}, ["'1.5' does not name a certificate"]),
    "old certificate": ({"supersedes": ["-5"]}, ["does not name a certificate"]),
    "old certificate without anything": ({"supersedes": [{"id": None}]}, ["sha256"]),
}


@pytest.mark.parametrize("what", _BAD)
def test_bad_input_is_told_before_any_call(run: Runner, cloud: Emulator, what: str) -> None:
    bad, words = _BAD[what]
    answer = run.fails(MODULE, **{"certificates": ["name:new"], **bad})
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert cloud.actions == []


@pytest.mark.parametrize("name", ["certificates", "supersedes"])
def test_a_private_key_given_by_mistake_is_not_repeated(run: Runner, stage: Stage, name: str) -> None:
    options: Answer = {"certificates": ["name:new"], name: [stage.pki.rsa.key]}
    answer = run.fails(MODULE, **options)
    assert key_pieces(stage.pki.rsa.key, json.dumps(answer)) == []
    assert f"A private key was given as {name}" in answer["msg"]


# --- documentation ---------------------------------------------------------------------------------------------------


def documentation(module: str, part: str) -> Answer:
    text = getattr(importlib.import_module(f"ansible_collections.alicloud.tls.plugins.modules.{module}"), part)
    told: Answer = yaml.safe_load(text)
    return told


def test_all_certificates_are_told_in_the_same_form(run: Runner, stage: Stage) -> None:
    """RETURN tells it once."""
    there = served(stage)
    lose(stage.cloud, there["api"])
    form = set(documentation(MODULE, "RETURN")["rotations"]["contains"]["certificates"]["contains"])
    answer = run(MODULE, expires_within_days=30)
    told: list[Answer] = [one["certificate"] for one in answer["unmatched"]]
    for one in answer["rotations"]:
        for name in ("certificates", "additional_certificates", "planned_certificates"):
            told += one[name]
        told += one["planned_additional_certificates"]
        for change in (*one["default_changes"], *one["additional_changes"]):
            told += [change["old"], change["new"]]
    assert {frozenset(one) for one in told} == {frozenset(form)}
    assert there["api"] in {one["id"] for one in told}


def test_filters_are_described_as_those_of_alb_listener_info() -> None:
    ours, theirs = (documentation(module, "DOCUMENTATION")["options"] for module in (MODULE, "alb_listener_info"))
    for name in ("listener_ids", "load_balancers", "tags"):
        assert ours[name] == theirs[name]
    assert ours["protocols"]["description"] == theirs["protocols"]["description"]


def test_changes_are_described_alike() -> None:
    told = documentation(MODULE, "RETURN")["rotations"]["contains"]
    assert set(told["default_changes"]["contains"]) == set(told["additional_changes"]["contains"])
