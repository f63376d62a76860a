# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_listener_info on the real SDK and the emulated cloud: calls, filters, certificates and their facts, bad days."""

from __future__ import annotations

import collections
import dataclasses
import importlib
import json
import typing as t

import pytest
import yaml
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.cases.alb_listener_info import listeners
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, comparable, key_pieces
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, Stage

MODULE = "alb_listener_info"
NOT_LISTED = {"certificates", "additional_certificates", "ca_enabled", "ca_certificate_id"}
FACTS = {
    "algorithm",
    "issuer",
    "key_size",
    "names",
    "not_after",
    "not_before",
    "serial",
    "sha1",
    "sha256",
    "subject",
}


def ids(answer: Answer) -> list[str]:
    return [one["id"] for one in answer["listeners"]]


def counted(cloud: Emulator) -> dict[str, int]:
    return dict(collections.Counter(cloud.actions))


def identifier(cloud: Emulator, name: str) -> str:
    (found,) = (one for one in cloud.world.certificates.values() if one.name == name)
    return found.identifier("cn-hangzhou")


def lose(cloud: Emulator, name: str) -> str:
    """Take a certificate out of CAS, and leave it where it is used."""
    lost = identifier(cloud, name)
    cloud.do(lambda emulated: emulated.world.certificates.pop(int(lost.partition("-")[0])))
    return lost


def many(cloud: Emulator, count: int, certificates: int = 200) -> list[str]:
    """Listeners on three load balancers, each with two additional certificates; by place."""
    cloud.seed({"scale": {"load_balancers": 3, "listeners": count, "certificates": certificates}})

    def add(emulated: t.Any) -> None:
        every = [one.identifier("cn-hangzhou") for one in emulated.world.certificates.values()]
        for number, one in enumerate(emulated.world.listeners.values()):
            some = [every[(2 * number + more) % certificates] for more in (60, 61)]
            one.additional.update(dict.fromkeys(some, "Associated"))

    cloud.do(add)
    cloud.clear_calls()
    places = ((one.load_balancer_id, one.port, one.listener_id) for one in cloud.world.listeners.values())
    return [listener_id for _balancer, _port, listener_id in sorted(places)]


# --- calls -----------------------------------------------------------------------------------------------------------


def test_a_hundred_without_certificates_are_one_call(run: Runner, cloud: Emulator) -> None:
    there = many(cloud, 100)
    answer = run(MODULE)
    assert ids(answer) == there
    assert cloud.actions == ["ListListeners"]
    assert answer["api_calls"] == {"ListListeners": 1}
    assert {name for one in answer["listeners"] for name, value in one.items() if value is None} >= NOT_LISTED


def test_all_pages_are_read(run: Runner, cloud: Emulator) -> None:
    there = many(cloud, 130)
    assert ids(run(MODULE)) == there
    assert cloud.actions == ["ListListeners"] * 2


def test_many_ids_in_one_task(run: Runner, cloud: Emulator) -> None:
    there = many(cloud, 60)
    assert ids(run(MODULE, listener_ids=there[::-1][:45])) == there[15:]
    assert cloud.actions == ["ListListeners"] * 3


def test_by_ids_of_load_balancers_it_is_one_call(run: Runner, cloud: Emulator) -> None:
    many(cloud, 60)
    some = sorted(cloud.world.load_balancers)[-2:]
    found = run(MODULE, load_balancers=some)["listeners"]
    assert {one["load_balancer_id"] for one in found} <= set(some)
    expected = [one for one in cloud.world.listeners.values() if one.load_balancer_id in some]
    assert len(found) == len(expected)
    assert counted(cloud)["ListListeners"] == 1


def test_names_of_load_balancers_take_one_call_for_ten(run: Runner, cloud: Emulator) -> None:
    there = many(cloud, 6)
    cloud.seed({"load_balancers": [{"name": f"empty-{number:02}"} for number in range(25)]})
    wanted = ["scale-00000", "scale-00001", "scale-00002", *(f"empty-{number:02}" for number in range(25))]
    assert ids(run(MODULE, load_balancers=wanted)) == there
    assert counted(cloud) == {"ListLoadBalancers": 3, "ListListeners": 2}


def test_certificates_take_two_calls_each_and_facts_one_for_fifty(run: Runner, cloud: Emulator) -> None:
    """As many as the API needs: it tells the certificates of one listener at a time."""
    there = many(cloud, 60, certificates=200)
    answer = run(MODULE, with_certificates=True)
    assert ids(answer) == there
    expected = {
        "ListListeners": 1,
        "GetListenerAttribute": 60,
        "ListListenerCertificates": 60,
        "ListUserCertificateOrder": 4,
    }
    assert counted(cloud) == expected
    assert answer["api_calls"] == expected
    world = cloud.world
    for one in answer["listeners"]:
        has = world.listeners[one["id"]]
        assert [each["id"] for each in one["certificates"]] == list(has.config.certificate_ids)
        assert {each["id"] for each in one["additional_certificates"]} == set(has.additional)
        for each in (*one["certificates"], *one["additional_certificates"]):
            stored = world.certificates[int(each["id"].partition("-")[0])]
            assert each["sha256"] == stored.facts.sha256.lower()
            assert each["names"] == [f"www-{stored.name[-5:]}.example.com"]


def test_without_facts_cas_is_not_asked(run: Runner, cloud: Emulator) -> None:
    many(cloud, 10)
    answer = run(MODULE, with_certificates=True, with_facts=False)
    assert counted(cloud) == {"ListListeners": 1, "GetListenerAttribute": 10, "ListListenerCertificates": 10}
    for one in answer["listeners"]:
        assert [set(each) for each in one["certificates"]] == [{"id"}]
        assert [set(each) for each in one["additional_certificates"]] == [{"id", "status"}] * 2


def test_http_listeners_are_not_asked_about(run: Runner, stage: Stage) -> None:
    _https, _quic, http = listeners(stage)
    stage.cloud.clear_calls()
    (found,) = run(MODULE, protocols=["HTTP"], with_certificates=True)["listeners"]
    assert stage.cloud.actions == ["ListListeners"]
    assert found["id"] == http
    assert (found["certificates"], found["additional_certificates"]) == ([], [])


@pytest.mark.parametrize("name", ["listener_ids", "load_balancers", "protocols", "ports"])
def test_of_none_there_is_none(run: Runner, cloud: Emulator, name: str) -> None:
    """What a template made of nothing must not mean everything."""
    options: Answer = {name: [], "with_certificates": True}
    assert run(MODULE, **options)["listeners"] == []
    assert cloud.actions == []


@pytest.mark.parametrize("name", ["listener_ids", "load_balancers"])
def test_empty_texts_are_nothing(run: Runner, stage: Stage, name: str) -> None:
    listeners(stage)
    stage.cloud.clear_calls()
    options: Answer = {name: [""]}
    assert run(MODULE, **options)["listeners"] == []
    assert stage.cloud.actions == []


# --- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, "HTTP HTTPS QUIC"),
        ({"load_balancers": ["demo"]}, "HTTP HTTPS QUIC"),
        ({"load_balancers": [DEMO, "demo", "basic"]}, "HTTP HTTPS QUIC"),
        ({"load_balancers": ["basic"]}, ""),
        ({"load_balancers": ["nobody", "alb-nobody"]}, ""),
        ({"load_balancers": ["alb-front"]}, "HTTP"),
        ({"load_balancers": ["alb-front", "demo"]}, "HTTP HTTP HTTPS QUIC"),
        ({"protocols": ["HTTPS"], "load_balancers": ["demo"]}, "HTTPS"),
        ({"protocols": ["HTTPS", "QUIC"]}, "HTTPS QUIC"),
        ({"ports": [443]}, "HTTPS QUIC"),
        ({"ports": [80, 443], "protocols": ["QUIC"]}, "QUIC"),
        ({"ports": [8080]}, ""),
        ({"tags": {"team": "web"}}, "HTTPS"),
        ({"tags": {"team": "web", "stage": "live"}}, ""),
        ({"listener_ids": ["lsn-nobody"]}, ""),
    ],
)
def test_filters(run: Runner, stage: Stage, options: Answer, wanted: str) -> None:
    listeners(stage)
    there = {"load_balancer": "alb-front", "server_groups": ["demo-web"], "protocol": "HTTP", "port": 8000}
    if any("alb-front" in str(value) for value in options.values()):
        stage.cloud.seed({"load_balancers": [{"name": "alb-front"}], "listeners": [there]})
    answer = run(MODULE, **options)
    assert sorted(one["protocol"] for one in answer["listeners"]) == wanted.split()


def test_ids_and_load_balancers_together(run: Runner, stage: Stage) -> None:
    https, quic, _http = listeners(stage)
    for given, wanted in (([DEMO], [https, quic]), (["demo"], [https, quic]), (["basic"], []), (["nobody"], [])):
        assert ids(run(MODULE, listener_ids=[quic, https], load_balancers=given)) == wanted


def test_it_tells_what_the_module_for_one_listener_tells(run: Runner, stage: Stage) -> None:
    https, _quic, _http = listeners(stage)
    one = run("alb_listener", listener_id=https)["listener"]
    (listed,) = run(MODULE, listener_ids=[https])["listeners"]
    assert {**listed, **{name: one.get(name) for name in NOT_LISTED}} == {**one, "additional_certificates": None}
    (found,) = run(MODULE, listener_ids=[https], with_certificates=True, with_facts=False)["listeners"]
    assert {**found, "additional_certificates": None} == {**one, "additional_certificates": None}


# --- certificates ----------------------------------------------------------------------------------------------------


def test_certificates_and_their_facts_are_told(run: Runner, stage: Stage) -> None:
    https, quic, _http = listeners(stage)
    first, second = run(MODULE, listener_ids=[https, quic], with_certificates=True)["listeners"]
    assert (first["id"], second["id"]) == (https, quic)
    (default,) = first["certificates"]
    assert set(default) == FACTS | {"id"}
    assert default["id"] == identifier(stage.cloud, "www")
    assert default["names"] == ["www.example.com", "example.com"]
    assert default["subject"] == "CN=www.example.com"
    more = {tuple(one["names"]): one for one in first["additional_certificates"]}
    assert set(more) == {("api.example.com",), ("shop.example.com",)}
    assert all(set(one) == FACTS | {"id", "status"} for one in more.values())
    assert {one["status"] for one in more.values()} == {"Associated"}
    assert first["ca_enabled"] is True
    assert first["ca_certificate_id"] in stage.cloud.world.ca_certificates
    assert [one["names"] for one in second["certificates"]] == [["api.example.com"]]
    assert second["additional_certificates"] == []


def test_a_change_under_way_is_told_without_waiting(run: Runner, stage: Stage) -> None:
    https, _quic, _http = listeners(stage)
    api, shop = (identifier(stage.cloud, name) for name in ("api", "shop"))

    def change(emulated: t.Any) -> None:
        one = emulated.world.listeners[https]
        one.status = "Configuring"
        one.additional.update({api: "Diassociating", shop: "Associating"})

    stage.cloud.do(change)
    answer = run(MODULE, listener_ids=[https], with_certificates=True)
    (found,) = answer["listeners"]
    assert found["status"] == "Configuring"
    statuses = {one["id"]: one["status"] for one in found["additional_certificates"]}
    assert statuses == {api: "Dissociating", shop: "Associating"}
    assert answer["waited"] == 0


def test_what_cas_no_longer_has_is_told_by_its_identifier(run: Runner, stage: Stage) -> None:
    https, _quic, _http = listeners(stage)
    lost = {lose(stage.cloud, name) for name in ("www", "shop")}
    (found,) = run(MODULE, listener_ids=[https], with_certificates=True)["listeners"]
    told = [*found["certificates"], *found["additional_certificates"]]
    assert {one["id"] for one in told if one["sha256"] is None} == lost
    for one in told:
        assert set(one) - {"status"} == FACTS | {"id"}
        assert (one["names"] is None) == (one["id"] in lost)


@pytest.mark.parametrize("odd", ["77-eu-central-1", "12315790343_166f8204689_1714763408_709981430", "77"])
def test_identifiers_of_other_kinds_are_told(run: Runner, stage: Stage, odd: str) -> None:
    https, _quic, _http = listeners(stage)
    stage.cloud.do(lambda emulated: emulated.world.listeners[https].additional.update({odd: "Associated"}))
    (found,) = run(MODULE, listener_ids=[https], with_certificates=True)["listeners"]
    one = next(one for one in found["additional_certificates"] if one["id"] == odd)
    assert {name: one[name] for name in FACTS} == dict.fromkeys(FACTS)
    assert len(found["additional_certificates"]) == 3


def test_facts_alone_imply_certificates(run: Runner, stage: Stage) -> None:
    listeners(stage)
    answers = run(MODULE, with_facts=True), run(MODULE, with_certificates=True, with_facts=True)
    assert comparable(answers[0]) == comparable(answers[1])


# --- which listeners use a certificate -------------------------------------------------------------------------------


def _stored(cloud: Emulator, name: str) -> Answer:
    """A certificate as cas_certificate tells it."""
    (one,) = (one for one in cloud.world.certificates.values() if one.name == name)
    return {
        "id": identifier(cloud, name),
        "certificate_id": one.certificate_id,
        "name": name,
        "names": list(one.facts.names),
        "sha256": one.facts.sha256.lower(),
        "sha1": one.facts.sha1.lower(),
    }


_REFERENCES: dict[str, t.Callable[[Answer], t.Any]] = {
    "id": lambda one: one["id"],
    "number": lambda one: one["certificate_id"],
    "number as text": lambda one: str(one["certificate_id"]),
    "SHA-256": lambda one: one["sha256"],
    "SHA-1": lambda one: one["sha1"],
    "name": lambda one: one["name"],
    "domain": lambda one: f"domain:{one['names'][0]}",
    "object": lambda one: one,
    "object without id": lambda one: {**one, "id": None, "certificate_id": None},
}


@pytest.mark.parametrize("form", _REFERENCES)
def test_a_certificate_is_found_as_default_and_as_additional_one(run: Runner, stage: Stage, form: str) -> None:
    https, quic, _http = listeners(stage)
    api, www = (_stored(stage.cloud, name) for name in ("api", "www"))
    assert ids(run(MODULE, certificate=_REFERENCES[form](api))) == [https, quic]
    answer = run(MODULE, certificate=_REFERENCES[form](www))
    assert ids(answer) == [https]
    assert answer["listeners"][0]["certificates"][0]["sha256"] == www["sha256"]


def test_by_identifier_no_certificate_is_looked_up(run: Runner, stage: Stage) -> None:
    listeners(stage)
    www = identifier(stage.cloud, "www")
    stage.cloud.clear_calls()
    run(MODULE, certificate=www, with_facts=False)
    assert counted(stage.cloud) == {"ListListeners": 1, "GetListenerAttribute": 2, "ListListenerCertificates": 2}


def test_facts_are_asked_for_what_was_found_only(run: Runner, stage: Stage) -> None:
    _https, quic, _http = listeners(stage)
    www, api = (identifier(stage.cloud, name) for name in ("www", "api"))
    stage.cloud.clear_calls()
    assert run(MODULE, certificate=www, listener_ids=[quic])["listeners"] == []
    assert "GetUserCertificateDetail" not in stage.cloud.actions
    run(MODULE, certificate=api, listener_ids=[quic])
    assert stage.cloud.actions.count("GetUserCertificateDetail") == 1


def test_one_that_cas_no_longer_has_is_found_by_identifier_and_number(run: Runner, stage: Stage) -> None:
    https, quic, _http = listeners(stage)
    lost = lose(stage.cloud, "api")
    for reference in (lost, lost.partition("-")[0]):
        assert ids(run(MODULE, certificate=reference)) == [https, quic]


def test_every_copy_is_meant(run: Runner, stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.upload_anyway(stage.pki.rsa, "copy")
    other = run(
        "alb_listener",
        load_balancer="demo",
        port=8443,
        server_group="demo-web",
        certificates=[identifier(stage.cloud, "copy")],
    )["listener"]
    assert set(ids(run(MODULE, certificate=stage.pki.rsa.sha256))) == {listener["id"], other["id"]}
    assert ids(run(MODULE, certificate=identifier(stage.cloud, "copy"))) == [other["id"]]


@pytest.mark.parametrize(
    "reference",
    ["99999999-cn-hangzhou", 99999999, "cd" * 32, "cd" * 20, "no-such-name", "domain:nobody.example.org"],
    ids=str,
)
def test_a_certificate_that_is_nowhere_is_on_no_listener(run: Runner, stage: Stage, reference: object) -> None:
    listeners(stage)
    assert run(MODULE, certificate=reference)["listeners"] == []


def test_a_certificate_that_may_be_several_is_told(run: Runner, stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    for bundle in (stage.pki.renewed, stage.pki.ecc):
        stage.upload_anyway(bundle, "twice")
    answer = run.fails(MODULE, certificate="twice")
    for word in ("'twice'", "several", *(one.sha256[:12] for one in (stage.pki.renewed, stage.pki.ecc))):
        assert word in answer["msg"]


# --- bad days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["GetListenerAttribute", "ListListenerCertificates"])
def test_a_listener_that_is_deleted_meanwhile_is_left_out(run: Runner, cloud: Emulator, action: str) -> None:
    there = many(cloud, 12)
    cloud.fault(action, code="ResourceNotFound.Listener", http_status=404, nth=5)
    found = ids(run(MODULE, with_certificates=True))
    assert len(found) == 11
    assert found == [one for one in there if one in found]


def test_an_account_that_may_not_read_cas_is_told_so(run: Runner, stage: Stage) -> None:
    https, _quic, _http = listeners(stage)
    for action in ("ListUserCertificateOrder", "GetUserCertificateDetail"):
        stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=9)
    answer = run.fails(MODULE, listener_ids=[https], with_certificates=True)
    assert "yundun-cert:" in answer["msg"]
    assert answer["error"]["code"] == "Forbidden.RAM"
    assert "listeners" not in answer
    assert ids(run(MODULE, listener_ids=[https], with_certificates=True, with_facts=False)) == [https]


def test_of_many_reads_a_refused_one_fails_the_task(run: Runner, cloud: Emulator) -> None:
    many(cloud, 40)
    cloud.fault("ListListenerCertificates", code="Forbidden.RAM", http_status=403, nth=3)
    answer = run.fails(MODULE, with_certificates=True)
    assert "alb:ListListenerCertificates" in answer["msg"]
    assert len(cloud.actions) < 40
    assert sum(answer["api_calls"].values()) == len(cloud.actions)


def test_throttling_and_lost_answers_are_survived(run: Runner, cloud: Emulator) -> None:
    there = many(cloud, 20)
    cloud.fault("GetListenerAttribute", code="Throttling.User", http_status=400, retry_after_ms=50, count=6)
    cloud.fault("ListListenerCertificates", kind="reset_before", nth=4, count=2)
    answer = run(MODULE, with_certificates=True)
    assert ids(answer) == there
    assert answer["waited"] > 0


_BAD: dict[str, tuple[Answer, list[str]]] = {
    "port 0": ({"ports": [443, 0]}, ["port", "1 to 65535", "not 0"]),
    "port 65536": ({"ports": [65536]}, ["1 to 65535", "65536"]),
    "port that is none": ({"ports": ["https"]}, ["ports"]),
    "protocol": ({"protocols": ["TCP"]}, ["protocols", "TCP"]),
    "tag": ({"tags": {"team": True}}, ["team", "text", "quotes"]),
    "certificate": ({"certificate": 1.5}, ["certificate", "12345678-cn-hangzhou"]),
    "certificate without anything": ({"certificate": {"id": None}}, ["sha256"]),
    "two certificates": ({"certificate": ["1-cn-hangzhou", "2-cn-hangzhou"]}, ["does not name a certificate"]),
}


@pytest.mark.parametrize("what", _BAD)
def test_bad_input_is_told_before_any_call(run: Runner, cloud: Emulator, what: str) -> None:
    bad, words = _BAD[what]
    answer = run.fails(MODULE, **bad)
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert cloud.actions == []


def test_a_private_key_given_by_mistake_is_not_repeated(run: Runner, stage: Stage) -> None:
    answer = run.fails(MODULE, certificate=stage.pki.rsa.key)
    assert key_pieces(stage.pki.rsa.key, json.dumps(answer)) == []
    assert "A private key was given as certificate" in answer["msg"]


# --- RETURN ----------------------------------------------------------------------------------------------------------


def _told(module: str, key: str) -> Answer:
    found = importlib.import_module(f"ansible_collections.alicloud.tls.plugins.modules.{module}")
    told: Answer = yaml.safe_load(found.RETURN)[key]["contains"]
    return told


def test_a_listener_is_described_as_that_of_alb_listener() -> None:
    """ansible-core before 2.20 has no fragments for RETURN."""
    ours, theirs = _told(MODULE, "listeners"), _told("alb_listener", "listener")
    additional = ours.pop("additional_certificates")
    assert ours == theirs
    assert {**additional["contains"], "status": None} == {**theirs["certificates"]["contains"], "status": None}


def test_what_a_list_does_not_tell_is_known() -> None:
    listed = importlib.import_module("ansible_collections.alicloud.tls.plugins.module_utils._alb.listed")
    listener = importlib.import_module("ansible_collections.alicloud.tls.plugins.module_utils._alb.listener").Listener
    assert set(listed._NOT_LISTED) == NOT_LISTED - {"additional_certificates"}
    assert set(listed._NOT_LISTED) <= {one.name for one in dataclasses.fields(listener)}
