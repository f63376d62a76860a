# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.balancer import LoadBalancer
from ansible_collections.alicloud.tls.plugins.module_utils._alb.mutual_auth import (
    CaReference,
    Interrupt,
    MutualAuth,
    Restore,
    SetMutualAuth,
    check_edition,
    mutual_auth,
    plan_ca,
    plan_ca_with_interruption,
    plan_disabled,
    plan_enabled,
    read_ca_reference,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Provisional
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import HTTP, LISTENER, QUIC, facts
from hypothesis import given, settings, strategies as st

OFF = mutual_auth(LISTENER)
A = CaReference("1efd3cac-e8c1-611d-b971-f96e5e432aba")
B = CaReference("160ae6bb538d538c70c01f81dcf2abcd")
A_FACTS = facts("Old CA", "ECC")
B_FACTS = facts("New CA")
A_KNOWN = CaReference(A.id, A_FACTS)
B_KNOWN = CaReference(B.id, B_FACTS)
P_FACTS = facts("Planned CA")
PLANNED = CaReference(None, P_FACTS)
BUNDLE = CaReference("b-1", A_FACTS, (B_FACTS,))
ON = replace(OFF, enabled=True, ca_certificate=A)


def _on(ca: CaReference | None) -> MutualAuth:
    return replace(OFF, enabled=True, ca_certificate=ca)


def _summary(made):
    """Enabled and CA afterwards, and what is written."""
    return made.after.enabled, made.after.ca_certificate, [dict(step.settings) for step in made.steps]


@pytest.mark.parametrize(
    ("enabled", "shown", "state"),
    [
        pytest.param(None, None, (False, None, None), id="nothing-told"),
        pytest.param(False, None, (False, None, None), id="disabled"),
        pytest.param(False, A.id, (False, None, A), id="disabled-and-remembered"),
        pytest.param(True, A.id, (True, A, None), id="enabled"),
        pytest.param(True, None, (True, None, None), id="enabled-without-ca"),
    ],
)
def test_state_of_a_listener(enabled, shown, state):
    found = mutual_auth(replace(LISTENER, ca_enabled=enabled, ca_certificate_id=shown))
    assert (found.enabled, found.ca_certificate, found.remembered) == state


def test_a_remembered_ca_is_no_difference():
    assert replace(OFF, remembered=A) == OFF


@pytest.mark.parametrize(
    ("current", "ca", "expected"),
    [
        pytest.param(OFF, A, (True, A, [{"ca_enabled": True, "ca_certificate_id": A.id}]), id="enable"),
        pytest.param(
            replace(OFF, remembered=A), None, (True, A, [{"ca_enabled": True, "ca_certificate_id": A.id}]), id="resume"
        ),
        pytest.param(
            replace(OFF, remembered=A), B, (True, B, [{"ca_enabled": True, "ca_certificate_id": B.id}]), id="other"
        ),
        pytest.param(OFF, PLANNED, (True, PLANNED, [{"ca_enabled": True, "ca_certificate_id": None}]), id="planned"),
        pytest.param(ON, A, (True, A, []), id="same"),
        pytest.param(ON, None, (True, A, []), id="leave-alone"),
        pytest.param(_on(None), None, (True, None, []), id="none-told"),
        pytest.param(_on(None), A, (True, A, [{"ca_enabled": True, "ca_certificate_id": A.id}]), id="none-told-set"),
        pytest.param(ON, B, (True, B, [{"ca_enabled": True, "ca_certificate_id": B.id}]), id="replace"),
    ],
)
def test_enabling(current, ca, expected):
    made = plan_enabled(current, ca)
    assert made.before == current
    assert _summary(made) == expected


@pytest.mark.parametrize("current", [ON, _on(None)], ids=["on", "on-without-ca"])
def test_disabling_sends_nothing_else(current):
    assert _summary(plan_disabled(current)) == (False, None, [{"ca_enabled": False}])


@pytest.mark.parametrize("current", [OFF, mutual_auth(HTTP), mutual_auth(QUIC)], ids=["https", "http", "quic"])
def test_what_is_disabled_stays(current):
    assert not plan_disabled(current).changed


def test_another_ca_takes_one_write():
    made = plan_ca(ON, B_KNOWN)
    assert _summary(made) == (True, B, [{"ca_enabled": True, "ca_certificate_id": B.id}])
    assert [step.sentence() for step in made.steps] == [
        f"UpdateListenerAttribute: replace the CA of mutual authentication with the CA {B_FACTS.label()}"
    ]
    assert not isinstance(made.steps[0], Provisional)


def test_the_same_ca_is_shown_with_what_is_known_of_it():
    made = plan_ca(ON, A_KNOWN)
    assert not made.changed
    assert made.after is not None
    assert made.after.to_dict()["ca_certificate"]["subject"] == "CN=Old CA"


@pytest.mark.parametrize("old", [A, None], ids=["known", "not-told"])
def test_another_ca_with_an_interruption(old):
    one = plan_ca(_on(old), B)
    made = plan_ca_with_interruption(one)
    assert (made.before, made.after) == (one.before, one.after)
    first, second = made.steps
    assert isinstance(first, Interrupt)
    assert first.settings == {"ca_enabled": False}
    assert first.sentence() != SetMutualAuth("lsn-1", {"ca_enabled": False}).sentence()
    assert isinstance(first, Provisional)
    back = first.reversal()
    assert isinstance(back, Restore)
    assert back.settings == {"ca_enabled": True, **({"ca_certificate_id": old.id} if old else {})}
    assert back.sentence().startswith("UpdateListenerAttribute: enable mutual authentication")
    assert second == SetMutualAuth("lsn-1", {"ca_enabled": True, "ca_certificate_id": B.id}, ca_certificate=B)
    assert not isinstance(second, Provisional)


def test_uploads_come_first_and_stay_in_a_revised_plan():
    upload = SetMutualAuth("an upload", {"ca_enabled": True})
    made = plan_ca(ON, PLANNED, uploads=(upload,))
    assert made.steps[0] is upload
    assert plan_ca_with_interruption(made).steps[0] is upload
    assert len(plan_ca_with_interruption(made).steps) == 3
    assert plan_ca(ON, A_KNOWN, uploads=(upload,)).steps == ()


def test_a_bundle_is_told_whole():
    told = BUNDLE.to_dict()
    assert [told["subject"], *(one["subject"] for one in told["others"])] == ["CN=Old CA", "CN=New CA"]
    assert [one["subject"] for one in BUNDLE.summary()["others"]] == ["New CA"]
    assert "names" not in json.dumps([told, BUNDLE.summary()])
    assert BUNDLE.label() == f"{A_FACTS.label()} and {B_FACTS.label()}"
    assert read_ca_reference(told).fingerprints == BUNDLE.fingerprints == {A_FACTS.sha256, B_FACTS.sha256}
    assert CaReference("b-1") == BUNDLE != A_KNOWN


def test_a_reference_to_nothing_is_a_mistake():
    with pytest.raises(ValueError, match="needs facts"):
        CaReference(None)


def test_only_a_new_ca_can_be_interrupted_for():
    with pytest.raises(ValueError, match="plan_ca"):
        plan_ca_with_interruption(plan_disabled(ON))


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        pytest.param(lambda: plan_enabled(OFF, None), ["ca_certificate is needed", "lsn-1"], id="no-ca"),
        pytest.param(lambda: plan_enabled(mutual_auth(HTTP), A), ["lsn-1", "HTTPS", "not for HTTP"], id="http"),
        pytest.param(lambda: plan_enabled(mutual_auth(QUIC), A), ["lsn-1", "HTTPS", "not for QUIC"], id="quic"),
        pytest.param(lambda: plan_ca(mutual_auth(QUIC), A), ["lsn-1", "HTTPS", "not for QUIC"], id="quic-ca"),
        pytest.param(lambda: plan_ca(OFF, A), ["disabled", "alb_mutual_auth", "state enabled"], id="off"),
        pytest.param(
            lambda: plan_ca(replace(OFF, remembered=A), A), ["disabled", "alb_mutual_auth"], id="off-and-remembered"
        ),
        pytest.param(
            lambda: check_edition(OFF, LoadBalancer("alb-1", "shop", "Basic")),
            ["alb-1 (shop)", "Basic edition", "StandardWithWaf"],
            id="basic",
        ),
    ],
)
def test_refusals(refuse, words):
    with pytest.raises(InputError) as refused:
        refuse()
    for word in words:
        assert word in refused.value.message


@pytest.mark.parametrize("edition", ["Standard", "StandardWithWaf", "Extensible", None])
def test_other_editions_are_left_to_the_api(edition):
    check_edition(OFF, LoadBalancer("alb-1", None, edition))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(A.id, A, id="uuid"),
        pytest.param(f" {B.id}\n", B, id="hexadecimal"),
        pytest.param(16061606, CaReference("16061606"), id="number"),
        pytest.param("139a00604bd-cn-east-hangzhou01", CaReference("139a00604bd-cn-east-hangzhou01"), id="old"),
        pytest.param({"identifier": A.id}, A, id="object"),
        pytest.param({"id": A.id}, A, id="own-answer"),
        pytest.param({"identifier": A.id, **A_FACTS.to_dict()}, A_KNOWN, id="object-with-facts"),
        pytest.param({"identifier": None, **P_FACTS.to_dict()}, PLANNED, id="planned"),
    ],
)
def test_references(value, expected):
    found = read_ca_reference(value)
    assert (found.id, found.facts) == (expected.id, expected.facts)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
        {},
        {"identifier": None},
        {"identifier": "two words", "sha256": "ab" * 32},
        [A.id],
        {"id": ""},
    ],
)
def test_what_names_no_ca_is_not_repeated(value):
    with pytest.raises(InputError, match="does not name a CA certificate") as refused:
        read_ca_reference(value)
    assert "MII" not in refused.value.message
    assert "cas_ca_certificate" in refused.value.message


CAS = st.sampled_from([A, B, A_KNOWN, B_KNOWN, PLANNED])
STATES = st.builds(lambda on, ca, kept: _on(ca) if on else replace(OFF, remembered=kept), st.booleans(), CAS, CAS)


@settings(max_examples=80)
@given(current=STATES, ca=st.none() | CAS, enabled=st.booleans())
def test_a_plan_carried_out_leaves_nothing_to_plan(current, ca, enabled):
    def wanted(state):
        return plan_enabled(state, ca) if enabled else plan_disabled(state)

    made = wanted(current)
    again = wanted(made.after)
    assert not again.changed
    assert set(made.before.to_dict()) == set(made.after.to_dict())
    assert set(made.before.summary()) == set(made.after.summary())
    assert made.after.enabled is enabled
    assert (made.after.ca_certificate is not None) is enabled
    json.dumps(made.after.to_dict())


@settings(max_examples=40)
@given(old=CAS, new=CAS)
def test_both_ways_to_another_ca_end_alike(old, new):
    made = plan_ca(_on(old), new)
    assert made.after is not None
    assert not plan_ca(made.after, new).changed
    if made.changed:
        detour = plan_ca_with_interruption(made)
        assert (detour.before, detour.after) == (made.before, made.after)
        ends = [t.cast("SetMutualAuth", one.steps[-1]).settings for one in (detour, made)]
        assert ends[0] == ends[1]
