# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_additional_cert on the real SDK and the emulated cloud: calls, references, guards, other runs, bad days."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import Connection
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, writes
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle, Pki
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, Stage

MODULE = "alb_additional_cert"
LIST = "ListListenerCertificates"
ASSOCIATE = "AssociateAdditionalCertificatesWithListener"
DISSOCIATE = "DissociateAdditionalCertificatesFromListener"
BASIC = "alb-basic000000000000"


def additional(stage: Stage, listener_id: str | None = None) -> dict[str, str]:
    """Status of each additional certificate, of the only listener or of one."""
    listeners = stage.cloud.world.listeners
    there = listeners[listener_id] if listener_id else next(iter(listeners.values()))
    return {one: str(status) for one, status in there.additional.items()}


def ids_of(stage: Stage, *bundles: Bundle) -> list[str]:
    return [str(stage.uploaded(bundle)["id"]) for bundle in bundles]


def numbered(stage: Stage, count: int, start: int = 1) -> list[str]:
    return ids_of(stage, *(stage.pki.numbered(number) for number in range(start, start + count)))


def bind(stage: Stage, *bundles: Bundle, listener_id: str | None = None) -> list[str]:
    """Make certificates additional ones, behind the back of the API."""
    ids = ids_of(stage, *bundles)
    place(stage, ids, listener_id)
    return ids


def place(stage: Stage, ids: t.Iterable[str], listener_id: str | None = None) -> None:
    wanted = list(ids)

    def do(cloud: t.Any) -> None:
        listeners = cloud.world.listeners
        there = listeners[listener_id] if listener_id else next(iter(listeners.values()))
        there.additional.update(dict.fromkeys(wanted, "Associated"))

    stage.cloud.do(do)


def seeded(stage: Stage, **listener: t.Any) -> str:
    """Id of a listener that the modules cannot make (yet)."""
    made = stage.cloud.seed({"listeners": [{"server_groups": ["demo-web"], **listener}]})
    stage.cloud.settle()
    return str(made["listeners"][0])


def sent(stage: Stage, action: str) -> list[list[str]]:
    """Ids in each call that was answered well."""
    calls = [call for call in stage.cloud.calls if call.action == action and call.http_status == 200]
    return [
        [value for name, value in call.parameters.items() if name.startswith("Certificates.")]  # in their order
        for call in calls
    ]


def forget(stage: Stage, identifier: str) -> None:
    """CAS no longer has a certificate that is bound."""
    stage.cloud.do(lambda cloud: cloud.world.certificates.pop(int(identifier.partition("-")[0])))


@pytest.fixture
def other(pki: Pki) -> Bundle:
    """For a name that nothing else here is for."""
    return pki.numbered(900)


# --- calls -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize(
    ("where", "calls"),
    [
        pytest.param("id", [LIST], id="id"),
        pytest.param("object", [LIST], id="object"),
        pytest.param(DEMO, ["ListListeners", LIST], id="load-balancer-id"),
        pytest.param("demo", ["ListLoadBalancers", "ListListeners", LIST], id="load-balancer-name"),
    ],
)
@pytest.mark.parametrize("state", ["present", "exact", "absent"])
def test_with_nothing_to_do_it_makes_few_calls(
    stage: Stage, where: str, calls: list[str], state: str, check: bool
) -> None:
    listener = stage.served(stage.pki.rsa)
    certificates = bind(stage, stage.pki.ecc, stage.pki.single) if state != "absent" else ["12345678-cn-hangzhou"]
    places: dict[str, Answer] = {"id": {"listener_id": listener["id"]}, "object": {"listener": listener}}
    options = places.get(where, {"load_balancer": where, "port": 443})
    stage.cloud.clear_calls()
    assert not stage.run(MODULE, check=check, **options, certificates=certificates, state=state)["changed"]
    assert stage.cloud.actions == calls


def test_bound_numbers_and_objects_cost_no_call(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    bind(stage, stage.pki.ecc, stage.pki.single)
    certificates = [stage.uploaded(stage.pki.ecc)["certificate_id"], stage.uploaded(stage.pki.single)]
    stage.cloud.clear_calls()
    assert not stage.run(MODULE, listener_id=listener["id"], certificates=certificates)["changed"]
    assert stage.cloud.actions == [LIST]


def test_the_protocol_of_an_id_costs_one_call_more(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    options = {"listener_id": listener["id"], "protocol": "HTTPS", "certificates": bind(stage, stage.pki.ecc)}
    stage.cloud.clear_calls()
    assert not stage.run(MODULE, **options)["changed"]
    assert stage.cloud.actions == ["GetListenerAttribute", LIST]


def test_adding_twenty_takes_at_most_eight_calls(stage: Stage) -> None:
    """With a job that is seen to end by the second call after the write."""
    listener = stage.served(stage.pki.rsa)
    ids = numbered(stage, 20)
    stage.cloud.clear_calls()
    answer = stage.run(MODULE, listener_id=listener["id"], certificates=ids)
    assert stage.cloud.actions == [LIST, "ListUserCertificateOrder", *(ASSOCIATE, LIST, LIST) * 2]
    assert sum(answer["api_calls"].values()) == len(stage.cloud.actions) == 8
    assert [len(some) for some in sent(stage, ASSOCIATE)] == [15, 5]
    assert additional(stage) == dict.fromkeys(ids, "Associated")
    assert answer["listener"]["needs_free_slots"] == 20
    assert {one["id"] for one in answer["listener"]["certificates"]} == set(ids)
    assert {one["names"][0] for one in answer["listener"]["certificates"]} == {
        f"n{number:03}.example.net" for number in range(1, 21)
    }


def test_adding_two_takes_five_calls(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    bind(stage, stage.pki.ecc)
    ids = numbered(stage, 2)
    stage.cloud.clear_calls()
    answer = stage.run(MODULE, listener_id=listener["id"], certificates=ids)
    assert stage.cloud.actions == [LIST, "ListUserCertificateOrder", ASSOCIATE, LIST, LIST]
    # All are shown in words.
    assert all(one["subject"] for one in answer["diff"]["after"]["certificates"])
    assert all(one["subject"] for one in answer["listener"]["default_certificates"])


def test_it_sends_whole_identifiers_and_no_more(stage: Stage) -> None:
    """The API refuses to remove bare numbers."""
    listener = stage.served(stage.pki.rsa)
    one = stage.uploaded(stage.pki.ecc)
    for state in ("present", "absent"):
        stage.run(MODULE, listener_id=listener["id"], certificates=[one["certificate_id"]], state=state)
    calls = [call for call in stage.cloud.calls if call.action in (ASSOCIATE, DISSOCIATE)]
    assert [call.action for call in calls] == [ASSOCIATE, DISSOCIATE]
    for call in calls:
        assert set(call.parameters) == {"ListenerId", "Certificates.1.CertificateId", "ClientToken"}
        assert call.parameters["Certificates.1.CertificateId"] == one["id"]
    assert len({call.parameters["ClientToken"] for call in calls}) == 2


def test_default_certificates_and_settings_stay(stage: Stage, other: Bundle) -> None:
    stage.served(stage.pki.rsa, stage.pki.ecc, description="shop", idle_timeout=30)
    (before,) = stage.cloud.state()["listeners"]
    stage.run(MODULE, **stage.at, certificates=[stage.uploaded(other)], state="exact")
    stage.run(MODULE, **stage.at, certificates=[], state="exact", allow_uncovered_names=True)
    (after,) = stage.cloud.state()["listeners"]
    assert after == before


# --- kinds of listeners ----------------------------------------------------------------------------------------------


def test_https_and_quic_on_one_port_are_told_apart(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    quic = seeded(
        stage, load_balancer="demo", protocol="QUIC", port=443, certificates=[listener["certificates"][0]["id"]]
    )
    one, two = ids_of(stage, stage.pki.ecc, stage.pki.single)
    assert "protocol" in stage.run.fails(MODULE, **stage.at, certificates=[one])["msg"]
    stage.run(MODULE, **stage.at, protocol="QUIC", certificates=[one])
    stage.run(MODULE, **stage.at, protocol="HTTPS", certificates=[two])
    assert (list(additional(stage, quic)), list(additional(stage, listener["id"]))) == ([one], [two])
    assert stage.run(MODULE, listener_id=quic, certificates=[], state="exact")["changed"]
    assert additional(stage, quic) == {}


@pytest.mark.parametrize("state", ["present", "absent", "exact"])
def test_a_listener_without_certificates_is_told(stage: Stage, state: str) -> None:
    listener_id = seeded(stage, load_balancer="demo", protocol="HTTP", port=80)
    one = stage.uploaded(stage.pki.rsa)
    stage.cloud.clear_calls()
    places: list[Answer] = [{"listener_id": listener_id}, {"load_balancer": "demo", "port": 80}]
    for where in places:
        answer = stage.run.fails(MODULE, **where, certificates=[one], state=state)
        assert f"{listener_id} is an HTTP listener; only HTTPS and QUIC" in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_listener_that_is_only_planned(stage: Stage) -> None:
    one, two = (stage.run("cas_certificate", check=True, **each.options())["certificate"] for each in _two(stage))
    listener = stage.run("alb_listener", check=True, **stage.at, server_group="demo-web", certificates=[one])[
        "listener"
    ]
    answer = stage.run(MODULE, check=True, listener=listener, certificates=[two], check_mode_dry_run=True)
    assert answer["changed"]
    assert (answer["listener"]["id"], answer["dry_run"]) == (None, [])
    assert answer["listener"]["default_certificates"][0]["sha256"] == one["sha256"]
    assert answer["listener"]["certificates"][0]["sha256"] == two["sha256"]
    assert stage.run(MODULE, check=True, listener=listener, certificates=[], state="exact")["changed"] is False
    assert "check mode" in stage.run.fails(MODULE, listener=listener, certificates=[two])["msg"]


def _two(stage: Stage) -> tuple[Bundle, Bundle]:
    return stage.pki.rsa, stage.pki.single


# --- states ----------------------------------------------------------------------------------------------------------


def test_present_leaves_the_others(stage: Stage, other: Bundle) -> None:
    stage.served(stage.pki.rsa)
    first = bind(stage, stage.pki.ecc)
    new = ids_of(stage, other)
    answer = stage.run(MODULE, **stage.at, certificates=new)
    assert additional(stage) == dict.fromkeys([*first, *new], "Associated")
    assert writes(stage.cloud.actions)[-1:] == [ASSOCIATE]
    assert [one["id"] for one in answer["previous"]["certificates"]] == first


def test_previous_puts_it_back(stage: Stage, other: Bundle) -> None:
    stage.served(stage.pki.rsa)
    first = bind(stage, stage.pki.ecc, stage.pki.renewed)
    answer = stage.run(MODULE, **stage.at, certificates=ids_of(stage, other), state="exact")
    assert set(additional(stage)) == set(ids_of(stage, other))
    again = {**stage.at, "certificates": answer["previous"]["certificates"], "state": "exact"}
    assert stage.run(MODULE, **again, allow_uncovered_names=True)["changed"]
    assert set(additional(stage)) == set(first)
    assert not stage.run(MODULE, **again)["changed"]


def test_exact_adds_before_it_removes(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    old = bind(stage, *(stage.pki.numbered(number) for number in range(1, 19)))
    stage.cloud.change_settings(quota_certificates_standard=40)
    new = numbered(stage, 17, start=100)
    options = {**stage.at, "certificates": [*old[:1], *new], "state": "exact", "allow_uncovered_names": True}
    options["certificate_quota"] = 40
    predicted = stage.run(MODULE, check=True, **options)
    stage.cloud.clear_calls()
    answer = stage.run(MODULE, **options)
    assert writes(stage.cloud.actions) == [ASSOCIATE, ASSOCIATE, DISSOCIATE, DISSOCIATE]
    assert [len(some) for some in sent(stage, DISSOCIATE)] == [15, 2]
    assert set(additional(stage)) == {old[0], *new}
    assert predicted["listener"]["needs_free_slots"] == answer["listener"]["needs_free_slots"] == 17


@pytest.mark.parametrize(
    "refer",
    [
        pytest.param(lambda one: one["id"], id="id"),
        pytest.param(lambda one: one["certificate_id"], id="number"),
        pytest.param(lambda one: one["sha256"], id="sha256"),
        pytest.param(lambda one: one["sha1"], id="sha1"),
        pytest.param(lambda one: one["name"], id="name"),
        pytest.param(lambda one: one, id="object"),
        pytest.param(lambda one: {**one, "id": None, "certificate_id": None}, id="object-without-id"),
        pytest.param(lambda one: "domain:single.example.com", id="domain"),
    ],
)
def test_certificates_are_named_in_many_ways(stage: Stage, refer: t.Callable[[Answer], t.Any]) -> None:
    stage.served(stage.pki.rsa)
    one = stage.uploaded(stage.pki.single, name="single")
    for state in ("present", "absent"):
        options = {**stage.at, "certificates": [refer(one)], "state": state, "allow_uncovered_names": True}
        answer = stage.run(MODULE, **options)
        assert answer["changed"]
        assert list(additional(stage)) == ([one["id"]] if state == "present" else [])
        changed_to = answer["diff"]["after" if state == "present" else "before"]["certificates"]
        assert [each["sha256"] for each in changed_to] == [one["sha256"]]
        assert not stage.run(MODULE, **options)["changed"]


@pytest.mark.parametrize("refer", ["id", "certificate_id", "sha256", "sha1", "name"])
def test_absent_of_what_cas_has_lost(stage: Stage, refer: str) -> None:
    """By id or number it is removed. Nobody can say whether a name or fingerprint means it."""
    stage.served(stage.pki.rsa)
    bind(stage, stage.pki.single)
    one = stage.uploaded(stage.pki.single)
    forget(stage, one["id"])
    options = {**stage.at, "certificates": [one[refer]], "state": "absent"}
    if refer in ("id", "certificate_id"):
        refused = stage.run.fails(MODULE, **options)
        for word in ("cannot be told", one["id"], "allow_uncovered_names"):
            assert word in refused["msg"]
        assert list(additional(stage)) == [one["id"]]
        assert stage.run(MODULE, **options, allow_uncovered_names=True)["changed"]
        assert additional(stage) == {}
    else:
        assert not stage.run(MODULE, **options)["changed"]


def test_identifiers_of_older_kinds_name_what_is_bound(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    old = "12315790343_166f8204689_1714763408_709981430"
    (ecc,) = bind(stage, stage.pki.ecc)
    place(stage, [old])
    for value in (old, {"id": old}):
        assert not stage.run(MODULE, **stage.at, certificates=[value, ecc], state="exact")["changed"]
    # An object that is only planned is none of them.
    planned = stage.run("cas_certificate", check=True, **stage.pki.single.options())["certificate"]
    assert stage.run(MODULE, check=True, **stage.at, certificates=[planned])["changed"]
    assert not stage.run(MODULE, **stage.at, certificates=[planned], state="absent")["changed"]
    more: Answer = {"certificates": [ecc], "state": "exact"}
    assert old in stage.run.fails(MODULE, **stage.at, **more)["msg"]
    assert stage.run(MODULE, **stage.at, **more, allow_uncovered_names=True)["changed"]
    assert list(additional(stage)) == [ecc]


@pytest.mark.parametrize("again", ["id", "certificate_id", "sha256"])
def test_what_is_bound_named_twice_is_told(stage: Stage, again: str) -> None:
    stage.served(stage.pki.rsa)
    bind(stage, stage.pki.single)
    one = stage.uploaded(stage.pki.single)
    assert "twice" in stage.run.fails(MODULE, **stage.at, certificates=[one["id"], one[again]])["msg"]


def test_absent_by_content_removes_every_copy(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    stage.uploaded(stage.pki.ecc)
    stage.upload_anyway(stage.pki.ecc, "copy")
    copies = [
        each.identifier("cn-hangzhou")
        for each in stage.cloud.world.certificates.values()
        if each.certificate_pem == stage.pki.ecc.fullchain
    ]
    assert len(copies) == 2
    place(stage, copies)
    assert stage.run(MODULE, **stage.at, certificates=[stage.pki.ecc.sha256], state="absent")["changed"]
    assert additional(stage) == {}


def test_absent_by_content_leaves_a_copy_that_is_the_default(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.upload_anyway(stage.pki.rsa, "copy")
    place(stage, [f"{max(stage.cloud.world.certificates)}-cn-hangzhou"])
    options = {"listener_id": listener["id"], "certificates": [stage.pki.rsa.sha256], "state": "absent"}
    assert stage.run(MODULE, **options)["changed"]
    assert additional(stage) == {}
    assert "is the default of" in stage.run.fails(MODULE, **options)["msg"]


def test_of_two_copies_the_bound_one_stays(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    stage.uploaded(stage.pki.ecc)
    stage.upload_anyway(stage.pki.ecc, "copy")
    copy = max(stage.cloud.world.certificates)
    place(stage, [f"{copy}-cn-hangzhou"])
    for state in ("present", "exact"):
        assert not stage.run(MODULE, **stage.at, certificates=[stage.pki.ecc.sha256], state=state)["changed"]


# --- what is superseded ----------------------------------------------------------------------------------------------


def test_what_is_superseded_goes_when_its_successor_is_served(stage: Stage, other: Bundle) -> None:
    listener = stage.served(other)
    old, ecc, single = bind(stage, stage.pki.rsa, stage.pki.ecc, stage.pki.single)
    (new,) = ids_of(stage, stage.pki.renewed)
    options = {"listener_id": listener["id"], "certificates": [new], "replace_superseded": True}
    stage.cloud.clear_calls()
    answer = stage.run(MODULE, **options)
    assert set(additional(stage)) == {new, ecc, single}
    assert (sent(stage, ASSOCIATE), sent(stage, DISSOCIATE)) == ([[new]], [[old]])
    assert answer["listener"]["needs_free_slots"] == 1
    # Between the two writes, the new one was seen to be Associated.
    actions = stage.cloud.actions
    between = actions[actions.index(ASSOCIATE) + 1 : actions.index(DISSOCIATE)]
    assert between == [LIST, LIST]
    assert not stage.run(MODULE, **options)["changed"]


def test_what_is_valid_longer_is_not_superseded(stage: Stage, other: Bundle) -> None:
    """Somebody names the old certificate by mistake: it is added, and the new one stays."""
    stage.served(other)
    new, outdated = bind(stage, stage.pki.renewed, stage.pki.outdated)
    (old,) = ids_of(stage, stage.pki.rsa)
    stage.run(MODULE, **stage.at, certificates=[old], replace_superseded=True)
    assert set(additional(stage)) == {new, old}
    assert (sent(stage, ASSOCIATE)[-1], sent(stage, DISSOCIATE)) == ([old], [[outdated]])


def test_what_is_superseded_is_not_removed_unasked(stage: Stage, other: Bundle) -> None:
    stage.served(other)
    old = bind(stage, stage.pki.rsa)
    stage.run(MODULE, **stage.at, certificates=[stage.uploaded(stage.pki.renewed)])
    assert set(old) < set(additional(stage))


def test_without_waiting_nothing_is_removed_before_its_successor_is_served(stage: Stage, other: Bundle) -> None:
    stage.served(other)
    (old,) = bind(stage, stage.pki.rsa)
    new = stage.uploaded(stage.pki.renewed)
    stage.cloud.fault(ASSOCIATE, kind="job_failed", code="506", message="no luck")
    options = {**stage.at, "certificates": [new], "replace_superseded": True, "wait": False}
    answer = stage.run.fails(MODULE, **options)
    assert "no luck" in answer["msg"]
    assert (answer["changed"], answer["steps"], list(additional(stage))) == (False, [], [old])
    stage.cloud.clear_calls()
    assert stage.run(MODULE, **options)["changed"]
    assert stage.cloud.actions[-1] == DISSOCIATE
    stage.cloud.settle()
    assert list(additional(stage)) == [new["id"]]


def test_names_that_cas_does_not_tell_supersede_nothing(stage: Stage, other: Bundle, monkeypatch: t.Any) -> None:
    """A list of names that had become empty has once made a tool remove every certificate."""
    stage.served(other)
    old = bind(stage, stage.pki.rsa, stage.pki.ecc, stage.pki.single)
    (new,) = ids_of(stage, stage.pki.renewed)
    _without_names(monkeypatch)
    stage.run(MODULE, **stage.at, certificates=[new], replace_superseded=True)
    assert set(additional(stage)) == {*old, new}
    refused = stage.run.fails(MODULE, **stage.at, certificates=[new], state="exact")
    assert "cannot be told" in refused["msg"]
    assert set(additional(stage)) == {*old, new}


def _without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """CAS no longer tells Sans."""
    read = Connection.read

    def forgetful(self: Connection, action: str, parameters: t.Any = None) -> Answer:
        answer = read(self, action, parameters)
        for row in [answer, *(answer.get("CertificateOrderList") or [])]:
            row.pop("Sans", None)
        return answer

    monkeypatch.setattr(Connection, "read", forgetful)


# --- names that would be lost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("state", ["absent", "exact"])
def test_a_name_that_would_lose_its_certificate_stops_the_task(stage: Stage, state: str, check: bool) -> None:
    stage.served(stage.pki.rsa)
    (single,) = bind(stage, stage.pki.single)
    more = [stage.uploaded(stage.pki.ecc)] if state == "exact" else [single]
    options = {**stage.at, "certificates": more, "state": state}
    before = stage.cloud.state()["listeners"]
    stage.cloud.clear_calls()
    answer = stage.run.fails(MODULE, check=check, **options)
    for word in ("single.example.com", "Nothing was changed", "allow_uncovered_names"):
        assert word in answer["msg"]
    assert "www.example.com" not in answer["msg"]
    assert (answer["changed"], writes(stage.cloud.actions)) == (False, [])
    assert stage.cloud.state()["listeners"] == before
    assert stage.run(MODULE, check=check, **options, allow_uncovered_names=True)["changed"]


def test_a_default_certificate_that_is_on_its_way_out_covers_nothing(stage: Stage, other: Bundle) -> None:
    """The guard waits for the change that is under way, and judges by what is there then."""
    stage.served(stage.pki.rsa)
    (ecc,) = bind(stage, stage.pki.ecc)
    new = stage.uploaded(other)
    stage.cloud.change_settings(polls=4)
    stage.run("alb_listener_cert", **stage.at, certificates=[new], allow_uncovered_names=True, wait=False)
    answer = stage.run.fails(MODULE, **stage.at, certificates=[ecc], state="absent")
    assert "www.example.com" in answer["msg"]
    assert list(additional(stage)) == [ecc]


def test_without_the_permission_to_read_cas_removing_needs_the_users_word(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    ids = bind(stage, stage.pki.ecc)
    stage.cloud.fault("GetUserCertificateDetail", code="Forbidden.RAM", http_status=403, count=99)
    options = {**stage.at, "certificates": ids, "state": "absent"}
    assert "yundun-cert:GetUserCertificateDetail" in stage.run.fails(MODULE, **options)["msg"]
    answer = stage.run(MODULE, **options, allow_uncovered_names=True)
    assert answer["diff"]["before"]["certificates"] == [{"id": ids[0]}]


# --- quotas ----------------------------------------------------------------------------------------------------------


def basic(stage: Stage) -> str:
    return seeded(stage, load_balancer="basic", protocol="HTTPS", port=443, certificates=ids_of(stage, stage.pki.rsa))


def test_the_eleventh_certificate_of_a_basic_load_balancer_is_refused(stage: Stage) -> None:
    listener_id = basic(stage)
    ids = numbered(stage, 11)
    stage.run(MODULE, listener_id=listener_id, certificates=ids[:10])
    answer = stage.run.fails(MODULE, listener_id=listener_id, certificates=ids)
    for word in (
        "usage 10/10",
        "alb_quota_loadbalancer_certificates_num_basic_edition",
        "needs 1 free slot ",
        "Wanted",
    ):
        assert word in answer["msg"], answer["msg"]
    assert answer["error"]["code"] == "ResourceQuotaExceeded.LoadBalancerCertificatesNum"
    assert (answer["changed"], answer["steps"]) == (False, [])
    assert additional(stage, listener_id) == dict.fromkeys(ids[:10], "Associated")


def test_a_rotation_without_a_free_slot_loses_nothing(stage: Stage) -> None:
    listener_id = basic(stage)
    ids = bind(stage, stage.pki.ecc, *(stage.pki.numbered(number) for number in range(9)), listener_id=listener_id)
    new = stage.run("cas_certificate", **_reissued(stage, stage.pki.numbered(3)).options())["certificate"]
    options: Answer = {"listener_id": listener_id, "certificates": [new], "replace_superseded": True}
    assert stage.run(MODULE, check=True, **options)["listener"]["needs_free_slots"] == 1
    for check in (True, False):
        answer = stage.run.fails(MODULE, check=check, **options, check_mode_dry_run=True)
        for word in ("usage 10/10", "before it removes any"):
            assert word in answer["msg"]
    assert set(additional(stage, listener_id)) == set(ids)
    # The way out that the message tells.
    stage.run(MODULE, listener_id=listener_id, certificates=[stage.pki.ecc.sha256], state="absent")
    assert stage.run(MODULE, **options)["changed"]
    assert set(additional(stage, listener_id)) == {*ids, new["id"]} - {ids[0], ids[4]}


def _reissued(stage: Stage, old: Bundle) -> Bundle:
    name = old.issued.certificate.subject.rfc4514_string().removeprefix("CN=")
    return Bundle(stage.pki.issue(name, issuer=stage.pki.intermediate, names=[name], key=old.issued.key))


def test_a_quota_that_ends_in_the_second_call_tells_what_was_done(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    bind(stage, *(stage.pki.numbered(number) for number in range(200, 206)))
    ids = numbered(stage, 20)
    options = {"listener_id": listener["id"], "certificates": ids}
    for check in (True, False):
        stage.cloud.clear_calls()
        answer = stage.run.fails(MODULE, check=check, **options)
        for word in ("6 are in use", "20 are to be added", "taken to be 25", "_standard_edition", "certificate_quota"):
            assert word in answer["msg"]
        assert (answer["changed"], writes(stage.cloud.actions)) == (False, [])
    options["certificate_quota"] = 300
    answer = stage.run.fails(MODULE, **options)
    for word in ("usage 21/25", "needs 20 free slots", "Already done: AssociateAdditionalCertificatesWithListener"):
        assert word in answer["msg"]
    assert answer["changed"]
    assert len(answer["steps"]) == 1
    assert len(additional(stage)) == 21
    stage.cloud.change_settings(quota_certificates_standard=26)
    again = stage.run(MODULE, **options)
    assert again["listener"]["needs_free_slots"] == 5
    assert len(additional(stage)) == 26


# --- another run in the middle ---------------------------------------------------------------------------------------


class Meanwhile:
    """Does something in the cloud just before the nth write of a kind arrives there."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, action: str, what: t.Callable[[], None], *, nth: int = 1
    ) -> None:
        self.seen = 0
        write = Connection.write

        def intercepted(connection: Connection, name: str, *given: t.Any, **more: t.Any) -> Answer:
            self.seen += name == action
            if name == action and self.seen == nth:
                what()
            return write(connection, name, *given, **more)

        monkeypatch.setattr(Connection, "write", intercepted)


def test_another_run_adds_some_of_the_same(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.served(stage.pki.rsa)
    ids = numbered(stage, 4)
    meanwhile = Meanwhile(monkeypatch, ASSOCIATE, lambda: place(stage, ids[1:3]))
    answer = stage.run(MODULE, **stage.at, certificates=ids)
    assert meanwhile.seen == 2
    assert additional(stage) == dict.fromkeys([ids[1], ids[2], ids[0], ids[3]], "Associated")
    assert sent(stage, ASSOCIATE) == [[one for one in _in_order(stage, ids) if one in (ids[0], ids[3])]]
    assert {one["id"] for one in answer["listener"]["certificates"]} == set(ids)


def _in_order(stage: Stage, ids: list[str]) -> list[str]:
    facts = {each.identifier("cn-hangzhou"): each.facts.sha256 for each in stage.cloud.world.certificates.values()}
    return sorted(ids, key=lambda one: facts[one])


def test_another_run_adds_all_of_them(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.served(stage.pki.rsa)
    ids = numbered(stage, 3)
    Meanwhile(monkeypatch, ASSOCIATE, lambda: place(stage, ids))
    stage.run(MODULE, **stage.at, certificates=ids)
    assert sent(stage, ASSOCIATE) == []
    assert list(additional(stage)) == ids


def test_another_run_adds_others(stage: Stage, other: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    """They stay, and the answer tells them."""
    stage.served(stage.pki.rsa)
    ids = numbered(stage, 1)
    Meanwhile(monkeypatch, ASSOCIATE, lambda: place(stage, ids_of(stage, other)))
    answer = stage.run(MODULE, **stage.at, certificates=ids, state="exact")
    assert {one["id"] for one in answer["listener"]["certificates"]} == {*ids, *ids_of(stage, other)}


def test_another_run_removes_some_of_the_same(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.served(stage.pki.rsa)
    ids = bind(stage, stage.pki.ecc, stage.pki.renewed)

    def remove(cloud: t.Any) -> None:
        next(iter(cloud.world.listeners.values())).additional.pop(ids[0])

    Meanwhile(monkeypatch, DISSOCIATE, lambda: stage.cloud.do(remove))
    assert stage.run(MODULE, **stage.at, certificates=ids, state="absent")["changed"]
    assert sent(stage, DISSOCIATE) == [[ids[1]]]
    assert additional(stage) == {}


def test_another_run_makes_it_the_default(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.served(stage.pki.rsa)
    (one,) = ids_of(stage, stage.pki.ecc)

    def promote(cloud: t.Any) -> None:
        there = next(iter(cloud.world.listeners.values()))
        there.config = dataclasses.replace(there.config, certificate_ids=(one,))

    Meanwhile(monkeypatch, ASSOCIATE, lambda: stage.cloud.do(promote))
    answer = stage.run.fails(MODULE, **stage.at, certificates=[one])
    assert "OperationDenied.DefaultCertificateUsed" in answer["msg"]
    assert "is the default of" in stage.run.fails(MODULE, **stage.at, certificates=[one])["msg"]


@pytest.mark.parametrize("nth", [1, 2])
def test_the_listener_is_deleted_in_the_middle(stage: Stage, nth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = stage.served(stage.pki.rsa)
    ids = numbered(stage, 16)
    Meanwhile(monkeypatch, ASSOCIATE, lambda: stage.cloud.do(lambda cloud: cloud.world.listeners.clear()), nth=nth)
    answer = stage.run.fails(MODULE, listener_id=listener["id"], certificates=ids)
    assert "ResourceNotFound.Listener" in answer["msg"]
    assert ("Already done" in answer["msg"], answer["changed"]) == (nth == 2, nth == 2)


# --- bad days --------------------------------------------------------------------------------------------------------


def _addition(stage: Stage, count: int = 2) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "certificates": numbered(stage, count)}


@pytest.mark.parametrize("code", ["IncorrectStatus.Listener", "ResourceInConfiguring.Listener", "Throttling.User"])
def test_busy_and_throttled_is_survived(stage: Stage, code: str) -> None:
    options = _addition(stage)
    stage.cloud.clear_calls()
    stage.cloud.fault(ASSOCIATE, code=code, http_status=400, count=2)
    assert stage.run(MODULE, **options)["changed"]
    assert stage.cloud.actions.count(ASSOCIATE) == 3


def test_throttling_of_everything_is_survived(stage: Stage) -> None:
    options = _addition(stage)
    stage.cloud.fault("*", code="Throttling.User", http_status=400, retry_after_ms=120, count=2)
    answer = stage.run(MODULE, **options)
    assert answer["changed"]
    assert answer["waited"] >= 0.24


def test_certificates_on_their_way_before_the_task_are_waited_for(stage: Stage) -> None:
    options = _addition(stage)
    stage.cloud.change_settings(polls=6)
    stage.run(MODULE, **options, wait=False)
    assert set(additional(stage).values()) == {"Associating"}
    stage.cloud.change_settings(polls=2)
    stage.cloud.clear_calls()
    assert not stage.run(MODULE, **options)["changed"]
    assert set(additional(stage).values()) == {"Associated"}


def test_another_change_of_the_listener_is_waited_for(stage: Stage) -> None:
    options = _addition(stage)
    stage.cloud.change_settings(polls=5)
    stage.run("alb_listener", **stage.at, request_timeout=77, wait=False)
    stage.cloud.change_settings(polls=2)
    assert stage.run(MODULE, **options)["changed"]
    (there,) = stage.cloud.world.listeners.values()
    assert there.config.request_timeout == 77
    assert len(there.additional) == 2


def test_a_listener_that_stays_busy_is_told(stage: Stage) -> None:
    options = _addition(stage)
    stage.cloud.change_settings(polls=10000)
    stage.run("alb_listener", **stage.at, request_timeout=77, wait=False)
    answer = stage.run.fails(MODULE, **options, wait_timeout=0.3)
    for word in ("IncorrectStatus.Listener", options["listener_id"], "0.3 s"):
        assert word in answer["msg"]
    assert not answer["changed"]


def test_the_deadline_names_the_last_state(stage: Stage) -> None:
    options = _addition(stage, 16)
    stage.cloud.change_settings(polls=10000)
    answer = stage.run.fails(MODULE, **options, wait_timeout=0.3)
    again = stage.run.fails(MODULE, **options, wait_timeout=0.3)
    for word in (options["listener_id"], "is still Associating", "0.3 s", "wait_timeout"):
        assert word in answer["msg"]
    assert answer["changed"]
    assert len(sent(stage, ASSOCIATE)) == 1
    assert "another change of its certificates is under way" in again["msg"]
    assert not again["changed"]


@pytest.mark.parametrize("action", [ASSOCIATE, DISSOCIATE])
def test_a_failed_job_is_told(stage: Stage, other: Bundle, action: str) -> None:
    stage.served(other)
    old = bind(stage, stage.pki.rsa)
    new = ids_of(stage, stage.pki.renewed)
    stage.cloud.fault(action, kind="job_failed", code="Cert.Unusable", message="of an odd kind")
    options = {**stage.at, "certificates": new, "replace_superseded": True}
    answer = stage.run.fails(MODULE, **options)
    for word in (action, "Cert.Unusable", "of an odd kind"):
        assert word in answer["msg"]
    assert answer["waited"] < 2
    assert answer["changed"] is (action == DISSOCIATE)
    assert set(additional(stage)) == set(old if action == ASSOCIATE else [*old, *new])
    assert stage.run(MODULE, **options)["changed"]
    assert list(additional(stage)) == new


def test_after_a_batch_that_failed_the_next_run_goes_on(stage: Stage) -> None:
    options = _addition(stage, 20)
    stage.cloud.fault(ASSOCIATE, kind="job_failed", code="506", message="no luck", nth=2)
    answer = stage.run.fails(MODULE, **options)
    assert "no luck" in answer["msg"]
    assert "Already done: AssociateAdditionalCertificatesWithListener" in answer["msg"]
    assert len(additional(stage)) == 15
    again = stage.run(MODULE, **options)
    assert len(again["steps"]) == 1
    assert set(additional(stage)) == set(options["certificates"])
    assert not stage.run(MODULE, **options)["changed"]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_lost_answer_is_survived(stage: Stage, state: str, kind: str) -> None:
    options = {**_addition(stage), "state": state, "allow_uncovered_names": True}
    action = ASSOCIATE if state == "present" else DISSOCIATE
    if state == "absent":
        place(stage, options["certificates"])
    stage.cloud.clear_calls()
    stage.cloud.fault(action, kind=kind)
    assert stage.run(MODULE, **options)["changed"]
    assert set(additional(stage)) == (set(options["certificates"]) if state == "present" else set())
    first, second = (call for call in stage.cloud.calls if call.action == action)
    assert first.parameters["ClientToken"] == second.parameters["ClientToken"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_lost_answer_is_survived_where_tokens_are_not_kept(stage: Stage, state: str) -> None:
    """That the API answers a token again is its general word; ALB could also tell that it was done already."""
    options = {**_addition(stage), "state": state, "allow_uncovered_names": True}
    ids = options["certificates"]
    action, code = (
        (ASSOCIATE, "ResourceAlreadyAssociated.Certificate")
        if state == "present"
        else (DISSOCIATE, "ResourceNotAssociated.Certificate")
    )
    if state == "absent":
        place(stage, ids)
    stage.cloud.clear_calls()
    stage.cloud.fault(action, kind="reset_after")
    stage.cloud.fault(action, code=code, http_status=400, nth=2)
    assert stage.run(MODULE, **options)["changed"]
    assert stage.cloud.actions.count(action) == 2
    assert set(additional(stage)) == (set(ids) if state == "present" else set())


def test_a_write_whose_answers_are_all_lost_is_in_doubt(stage: Stage) -> None:
    options = _addition(stage)
    stage.cloud.fault(ASSOCIATE, kind="reset_after", count=999)
    answer = stage.run.fails(MODULE, **options, call_timeout=0.2)
    assert answer["changed"]
    assert "Whether it was done is not known" in answer["msg"]


@pytest.mark.parametrize("action", [LIST, "ListUserCertificateOrder", ASSOCIATE, DISSOCIATE, "GetListenerAttribute"])
def test_a_missing_permission_is_named(stage: Stage, other: Bundle, action: str) -> None:
    stage.served(other)
    bind(stage, stage.pki.rsa, stage.pki.ecc)
    new = ids_of(stage, stage.pki.renewed)
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=99)
    answer = stage.run.fails(MODULE, **stage.at, certificates=new, replace_superseded=True)
    product = "yundun-cert" if action == "ListUserCertificateOrder" else "alb"
    assert f"{product}:{action}" in answer["msg"]
    assert answer["changed"] is (action == DISSOCIATE)


def test_html_instead_of_json_is_told(stage: Stage) -> None:
    options = _addition(stage)
    stage.cloud.fault(LIST, kind="html", count=99)
    answer = stage.run.fails(MODULE, **options, call_timeout=0.3)
    assert "right endpoint" in answer["msg"]


# --- asking the cloud in check mode ----------------------------------------------------------------------------------


def test_check_mode_has_the_cloud_check_the_first_write(stage: Stage) -> None:
    options = _addition(stage, 16)
    before = stage.cloud.state()["listeners"]
    answer = stage.run(MODULE, check=True, **options, check_mode_dry_run=True)
    assert answer["dry_run"] == answer["steps"][:1]
    assert len(answer["steps"]) == 2
    assert [call.code for call in stage.cloud.calls if call.action == ASSOCIATE] == ["DryRunOperation"]
    assert stage.cloud.state()["listeners"] == before


# --- bad input -------------------------------------------------------------------------------------------------------

_BAD: dict[str, tuple[Answer, list[str]]] = {
    "port 0": ({"load_balancer": DEMO, "port": 0}, ["port", "1 to 65535", "not 0"]),
    "unknown load balancer": ({"load_balancer": "nobody", "port": 443}, ["load balancer", "'nobody'", "cn-hangzhou"]),
    "no listener on this port": ({"load_balancer": DEMO, "port": 444}, ["listener", "port 444", DEMO, "cn-hangzhou"]),
    "no such protocol on this port": (
        {"load_balancer": DEMO, "port": 443, "protocol": "QUIC"},
        ["QUIC listener", "port 443", DEMO],
    ),
    "another protocol": ({"protocol": "QUIC"}, ["not a QUIC listener"]),
    "unknown listener": ({"listener_id": "lsn-nobody"}, ["lsn-nobody", "cn-hangzhou", "127.0.0.1:"]),
    "listener that is none": ({"listener": {"port": 443}}, ["listener"]),
    "unknown certificate": ({"certificates": ["99999999-cn-hangzhou"]}, ["certificate 99999999", "CAS cn-hangzhou"]),
    "unknown certificates": (
        {"certificates": [f"9999999{digit}-cn-hangzhou" for digit in range(5)]},
        ["certificate 9999999", "CAS cn-hangzhou"],
    ),
    "certificate of nowhere": ({"certificates": ["12345678-cn-beijing"]}, ["cn-beijing", "ap-southeast-1"]),
    "unknown fingerprint": ({"certificates": ["cd" * 32]}, ["CAS cn-hangzhou", "cdcd"]),
    "unknown name": ({"certificates": ["nobody"]}, ["CAS cn-hangzhou", "nobody"]),
    "uncovered domain": ({"certificates": ["domain:nobody.example.org"]}, ["nobody.example.org"]),
    "object of nothing": ({"certificates": [{"id": None}]}, ["sha256"]),
    "no certificate": ({"certificates": []}, ["certificates", "empty", "exact"]),
    "nothing to remove": ({"certificates": [], "state": "absent"}, ["certificates", "empty", "exact"]),
    "certificates left out": ({"certificates": None}, ["missing required arguments", "certificates"]),
    "two listeners": ({"listener_id": "lsn-1", "load_balancer": DEMO, "port": 443}, ["mutually exclusive"]),
    "superseded and exact": ({"state": "exact", "replace_superseded": True}, ["replace_superseded", "present"]),
    "superseded and absent": ({"state": "absent", "replace_superseded": True}, ["replace_superseded", "present"]),
    "no state": ({"state": "purged"}, ["state", "present", "absent", "exact"]),
    "a key": ({"certificates": ["-----BEGIN PRIVATE KEY-----"]}, ["A private key was given as certificates"]),
}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("what", list(_BAD))
def test_bad_input_is_told_and_nothing_is_written(stage: Stage, what: str, check: bool) -> None:
    bad, words = _BAD[what]
    listener = stage.served(stage.pki.rsa)
    bind(stage, stage.pki.ecc)
    options: Answer = {"certificates": [stage.uploaded(stage.pki.single)], **bad}
    if not {"listener_id", "listener", "load_balancer"} & set(bad):
        options["listener_id"] = listener["id"]
    stage.cloud.clear_calls()
    answer = stage.run.fails(MODULE, check=check, **options)
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer.get("changed")


@pytest.mark.parametrize("state", ["present", "absent", "exact"])
def test_default_certificates_are_refused(stage: Stage, state: str) -> None:
    listener = stage.served(stage.pki.rsa, stage.pki.ecc)
    stage.cloud.clear_calls()
    for one in listener["certificates"]:
        for reference in (one, one["id"], one["sha256"]):
            answer = stage.run.fails(MODULE, **stage.at, certificates=[reference], state=state)
            assert "is the default of" in answer["msg"]
            assert ("alb_listener_cert" if state == "absent" else "leave it out") in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_one_certificate_named_twice_is_told(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    one = stage.uploaded(stage.pki.single)
    assert "twice" in stage.run.fails(MODULE, **stage.at, certificates=[one["id"], one["sha256"]])["msg"]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("state", ["present", "exact"])
def test_certificates_out_of_date_are_not_added(stage: Stage, state: str, check: bool) -> None:
    stage.served(stage.pki.rsa)
    for bundle, word in ((stage.pki.expired, "expired on"), (stage.pki.not_yet, "not valid before")):
        one = stage.uploaded(bundle)
        for references in ([one], [one["id"]], [one["id"], *numbered(stage, 3)]):
            stage.cloud.clear_calls()
            answer = stage.run.fails(MODULE, check=check, **stage.at, certificates=references, state=state)
            assert word in answer["msg"]
            assert "allow_expired" in answer["msg"]
            assert writes(stage.cloud.actions) == []


def test_what_is_bound_may_expire(stage: Stage) -> None:
    """A task with nothing to do does not begin to fail one day, and what has expired can be removed."""
    stage.served(stage.pki.rsa)
    (one,) = bind(stage, stage.pki.expired)
    for state in ("present", "exact"):
        assert not stage.run(MODULE, **stage.at, certificates=[one], state=state)["changed"]
    assert stage.run(MODULE, **stage.at, certificates=[stage.pki.expired.sha256], state="absent")["changed"]
