# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.additional_certs import (
    AdditionalCertificates,
    Associate,
    Dissociate,
)
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import (
    ApiError,
    DeadlineError,
    InputError,
    JobFailedError,
    NotFoundError,
)
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi, Sent
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.bound_certificates import BoundCertificates
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import ECC, PLANNED, RENEWED, RSA
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

Gateway = Callable[..., tuple[BoundCertificates, FakeConnection]]

LIST = "ListListenerCertificates"
ASSOCIATE = "AssociateAdditionalCertificatesWithListener"
DISSOCIATE = "DissociateAdditionalCertificatesFromListener"
ALREADY = api_error("ResourceAlreadyAssociated.Certificate")
NOT_THERE = api_error("ResourceNotAssociated.Certificate")
DEFAULT: dict[str, t.Any] = {"CertificateId": "10-cn-hangzhou", "CertificateType": "Server", "IsDefault": True}
SENT = Sent("lsn-1", "job-1")


@pytest.fixture
def gateway(monkeypatch, time) -> Gateway:
    """The gateway and the connection behind it, made from what each action answers; 10 s of fake time."""

    def make(**answers: t.Any) -> tuple[BoundCertificates, FakeConnection]:
        fake = FakeConnection(answers)
        monkeypatch.setattr(alb, "Connection", lambda **_given: fake)
        access = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret")
        return BoundCertificates(AlbApi(access, time.pace(10), CallLog())), fake

    return make


def listed(*rows: dict[str, t.Any], **additional: str) -> dict[str, t.Any]:
    """An answer of the list: a default certificate and additional ones, as n11="Associated"."""
    more = [row(int(number[1:]), status) for number, status in additional.items()]
    return {"Certificates": [{**DEFAULT, "Status": "Associated"}, *rows, *more]}


def row(number: int, status: str | None = "Associated", **more: t.Any) -> dict[str, t.Any]:
    about = {"CertificateId": f"{number}-cn-hangzhou", "CertificateType": "Server", "IsDefault": False}
    return {**about, "Status": status, **more}


def numbers(state: AdditionalCertificates) -> tuple[list[str], list[str]]:
    told = [sorted((one.id or "").partition("-")[0] for one in some) for some in (state.certificates, state.default)]
    return told[0], told[1]


def sent_ids(fake: FakeConnection, action: str) -> list[list[str]]:
    return [
        [one["CertificateId"] for one in call.parameters["Certificates"]]
        for call in fake.calls
        if call.action == action
    ]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_default_and_additional_ones_are_told_apart_in_one_call(gateway):
    made, fake = gateway(ListListenerCertificates=[listed(n11="Associated", n12="Associated")])
    found = made.of("lsn-1")
    assert (found.listener_id, *numbers(found)) == ("lsn-1", ["11", "12"], ["10"])
    assert [call[:2] for call in fake.calls] == [(LIST, {"ListenerId": "lsn-1", "CertificateType": "Server"})]


@pytest.mark.parametrize(
    ("rows", "additional", "default"),
    [
        pytest.param([], [], ["10"], id="none"),
        pytest.param([{}, {"CertificateId": None}, {"CertificateId": ""}], [], ["10"], id="no-identifier"),
        pytest.param([row(11, None)], ["11"], ["10"], id="no-status"),
        pytest.param([row(11, IsDefault=True)], [], ["10", "11"], id="pair"),
        pytest.param([row(11, IsDefault=None)], [], ["10", "11"], id="not-said-to-be-additional"),
    ],
)
def test_odd_rows(gateway, rows, additional, default):
    made, _fake = gateway(ListListenerCertificates=[listed(*rows)])
    assert numbers(made.of("lsn-1")) == (additional, default)


@pytest.mark.parametrize("answer", [{}, {"Certificates": None}, {"Certificates": []}])
def test_no_rows(gateway, answer):
    made, _fake = gateway(ListListenerCertificates=[answer])
    assert numbers(made.of("lsn-1")) == ([], [])


def test_identifiers_of_older_kinds_are_taken_as_they_are(gateway):
    old = "12315790343_166f8204689_1714763408_709981430"
    made, _fake = gateway(ListListenerCertificates=[listed(row(1, CertificateId=old))])
    assert made.of("lsn-1").certificates == {Certificate(old)}


@pytest.mark.parametrize("status", ["Associating", "Dissociating", "Diassociating"])
def test_what_is_on_its_way_is_waited_for(gateway, time, status):
    made, fake = gateway(ListListenerCertificates=[listed(n11=status), listed(n11=status), listed(n12="Associated")])
    assert numbers(made.of("lsn-1"))[0] == ["12"]
    assert fake.actions == [LIST] * 3
    assert len(time.pauses) == 2


def test_what_never_comes_to_rest_is_told(gateway):
    made, _fake = gateway(ListListenerCertificates=[listed(n11="Diassociating", n12="Associated")])
    with pytest.raises(DeadlineError) as caught:
        made.of("lsn-1")
    for part in ("certificate 11-cn-hangzhou is still Diassociating on lsn-1 after 10 s", "Nothing was changed"):
        assert part in caught.value.message
    assert "12-cn-hangzhou" not in caught.value.message


@pytest.mark.parametrize(
    ("code", "kind", "parts"),
    [
        ("OperationDenied.HttpListenerNotSupport", InputError, ("lsn-1 is an HTTP listener", "HTTPS and QUIC")),
        ("ResourceNotFound.Listener", NotFoundError, ("no listener lsn-1 in region cn-hangzhou", "api.test")),
        ("Forbidden.RAM", ApiError, ("Forbidden.RAM",)),
    ],
)
def test_refusals_to_read(gateway, code, kind, parts):
    made, _fake = gateway(ListListenerCertificates=[api_error(code)])
    with pytest.raises(kind) as caught:
        made.of("lsn-1")
    for part in parts:
        assert part in caught.value.message


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "action"), [(Associate, ASSOCIATE), (Dissociate, DISSOCIATE)])
def test_writes(gateway, step, action):
    made, fake = gateway(**{action: [{"JobId": "job-7"}]})
    assert made.send(step("lsn-1", frozenset({RSA, ECC}))) == Sent("lsn-1", "job-7")
    rows = [{"CertificateId": "12-cn-hangzhou"}, {"CertificateId": "11-cn-hangzhou"}]
    assert [call[:2] for call in fake.calls] == [(action, {"ListenerId": "lsn-1", "Certificates": rows})]


def test_only_own_steps_are_written(gateway):
    made, fake = gateway()
    for write in (made.send, made.rehearse):
        with pytest.raises(TypeError, match="no write for str"):
            write("Associate")
    assert fake.calls == []


@pytest.mark.parametrize(
    ("step", "action", "refusal", "seen"),
    [
        pytest.param(Associate, ASSOCIATE, ALREADY, {"n11": "Associated", "n12": "Associating"}, id="associate"),
        pytest.param(Dissociate, DISSOCIATE, NOT_THERE, {"n12": "Diassociating"}, id="dissociate"),
    ],
)
def test_what_is_so_already_is_no_error(gateway, step, action, refusal, seen):
    """By another run, or by a try whose answer was lost."""
    made, fake = gateway(**{action: [refusal], LIST: [listed(**seen)]})
    assert made.send(step("lsn-1", frozenset({RSA, ECC}))) == Sent("lsn-1", None)
    assert fake.actions == [action, LIST]


@pytest.mark.parametrize(
    ("step", "action", "refusal", "looks", "last"),
    [
        pytest.param(
            Associate,
            ASSOCIATE,
            ALREADY,
            [{"n11": "Associated"}, {"n11": "Associated", "n13": "Associated"}],
            "12-cn-hangzhou",
            id="associate",
        ),
        pytest.param(
            Dissociate,
            DISSOCIATE,
            NOT_THERE,
            [{"n12": "Associated", "n13": "Associated"}, {"n13": "Associated"}],
            "13-cn-hangzhou",
            id="dissociate",
        ),
    ],
)
def test_what_is_not_so_yet_is_asked_for_again(gateway, step, action, refusal, looks, last):
    answers = {action: [refusal, refusal, {"JobId": "job-2"}], LIST: [listed(**each) for each in looks]}
    made, fake = gateway(**answers)
    assert made.send(step("lsn-1", frozenset({RSA, ECC, RENEWED}))) == Sent("lsn-1", "job-2")
    assert [len(ids) for ids in sent_ids(fake, action)] == [3, 2, 1]
    assert sent_ids(fake, action)[-1] == [last]


@pytest.mark.parametrize(
    ("step", "action", "refusal", "seen"),
    [
        pytest.param(Associate, ASSOCIATE, ALREADY, listed(), id="associate-not-there"),
        pytest.param(Associate, ASSOCIATE, ALREADY, listed(row(11, IsDefault=True)), id="associate-default"),
        pytest.param(Associate, ASSOCIATE, ALREADY, listed(n11="Dissociating"), id="associate-leaving"),
        pytest.param(Dissociate, DISSOCIATE, NOT_THERE, listed(n11="Associated"), id="dissociate-there"),
    ],
)
def test_a_refusal_that_a_look_does_not_explain_stands(gateway, step, action, refusal, seen):
    made, fake = gateway(**{action: [refusal], LIST: [seen]})
    with pytest.raises(ApiError, match=refusal.code):
        made.send(step("lsn-1", frozenset({RSA})))
    assert fake.actions == [action, LIST]


@pytest.mark.parametrize("code", ["ResourceNotAssociated.Certificate", "ResourceNotFound.Certificate"])
def test_other_refusals_stand_at_once(gateway, code):
    made, fake = gateway(AssociateAdditionalCertificatesWithListener=[api_error(code)])
    with pytest.raises(ApiError, match=code):
        made.send(Associate("lsn-1", frozenset({RSA})))
    assert fake.actions == [ASSOCIATE]


def test_a_write_is_rehearsed(gateway):
    made, fake = gateway(AssociateAdditionalCertificatesWithListener=[api_error("DryRunOperation")])
    assert made.rehearse(Associate("lsn-1", frozenset({RSA})))
    assert [call.parameters["DryRun"] for call in fake.calls] == [True]
    assert not made.rehearse(Associate("lsn-1", frozenset({RSA, PLANNED})))
    assert not made.rehearse(Associate(None, frozenset({RSA})))
    assert len(fake.calls) == 1


# --- waiting ---------------------------------------------------------------------------------------------------------


def job(status: str) -> dict[str, t.Any]:
    about = {"Id": "job-1", "ApiName": ASSOCIATE, "ErrorCode": "506", "ErrorMessage": "out of slots"}
    return {"Jobs": [{**about, "Status": status}]}


ADD = Associate("lsn-1", frozenset({RSA, ECC}))
REMOVE = Dissociate("lsn-1", frozenset({RSA, ECC}))


def test_it_pauses_first_and_takes_one_read(gateway, time):
    made, fake = gateway(ListListenerCertificates=[listed(n11="Associated", n12="Associated", n13="Associating")])
    assert numbers(made.settle(SENT, ADD)) == (["11", "12", "13"], ["10"])
    assert fake.actions == [LIST]
    assert len(time.pauses) == 1


@pytest.mark.parametrize(
    ("step", "seen"),
    [
        pytest.param(
            ADD,
            [{"n11": "Associating", "n12": "Associated"}, {"n11": "Associated", "n12": "Associated"}],
            id="associate",
        ),
        pytest.param(REMOVE, [{"n11": "Diassociating", "n13": "Associated"}, {"n13": "Associated"}], id="dissociate"),
    ],
)
def test_it_waits_for_what_is_on_its_way(gateway, step, seen):
    """What moves is not asked about twice."""
    made, fake = gateway(ListListenerCertificates=[listed(**seen[0]), *(listed(**each) for each in seen)])
    made.settle(SENT, step)
    assert fake.actions == [LIST] * 3


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [(ADD, {}, {"n11": "Associated", "n12": "Associated"}), (REMOVE, {"n11": "Associated"}, {})],
)
def test_a_stale_read_is_survived(gateway, step, before, after):
    made, fake = gateway(
        ListListenerCertificates=[listed(**before), listed(**before), listed(**after)], ListAsynJobs=[job("Processing")]
    )
    made.settle(SENT, step)
    assert fake.calls[1][:2] == ("ListAsynJobs", {"JobIds": ["job-1"]})


@pytest.mark.parametrize(
    ("step", "seen"), [(ADD, {"n11": "Associated"}), (REMOVE, {"n11": "Associated", "n12": "Associated"})]
)
def test_a_failed_job_is_told_at_once(gateway, time, step, seen):
    made, _fake = gateway(ListListenerCertificates=[listed(**seen)], ListAsynJobs=[job("Processing"), job("Failed")])
    with pytest.raises(JobFailedError) as caught:
        made.settle(SENT, step)
    for part in ("lsn-1", "506", "out of slots", "job-1"):
        assert part in caught.value.message
    assert sum(time.pauses) < 2


@pytest.mark.parametrize(
    ("step", "answer", "parts"),
    [
        pytest.param(
            ADD,
            listed(row(12, IsDefault=True), n11="Associating"),
            ("11-cn-hangzhou is still Associating", "12-cn-hangzhou is a default certificate"),
            id="associate",
        ),
        pytest.param(ADD, listed(n11="Associated"), ("12-cn-hangzhou is not to be found",), id="not-there"),
        pytest.param(REMOVE, listed(n11="Associated"), ("11-cn-hangzhou is Associated",), id="dissociate"),
    ],
)
def test_the_deadline_tells_what_is_missing(gateway, time, step, answer, parts):
    made, _fake = gateway(ListListenerCertificates=[answer], ListAsynJobs=[job("Succeeded")])
    with pytest.raises(DeadlineError) as caught:
        made.settle(SENT, step)
    for part in ("lsn-1 is not as planned after 10 s", "job job-1: Succeeded", "wait_timeout", *parts):
        assert part in caught.value.message
    assert sum(time.pauses) == pytest.approx(10)


def test_a_listener_that_is_gone_meanwhile_is_told(gateway):
    made, _fake = gateway(ListListenerCertificates=[api_error("ResourceNotFound.Listener", status=404)])
    with pytest.raises(NotFoundError, match="lsn-1"):
        made.settle(SENT, ADD)
