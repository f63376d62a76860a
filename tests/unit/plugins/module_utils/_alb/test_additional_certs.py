# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.additional_certs import (
    BATCH,
    MOST,
    AdditionalCertificates,
    Associate,
    Dissociate,
    check_names_left,
    namesakes,
    plan,
    planned_certificates,
    superseded_by,
)
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    ECC,
    HTTP,
    LISTENER,
    PLANNED,
    QUIC,
    RENEWED,
    RSA,
    THIRD,
    UNKNOWN,
    certificate,
    facts,
)
from hypothesis import assume, example, given, settings, strategies as st

DEFAULT = certificate(900, "default.example.com")
MANY = [certificate(number, f"n{number:03}.example.com") for number in range(100, 100 + MOST + 1)]


def there(*certificates: Certificate, default: Certificate = DEFAULT) -> AdditionalCertificates:
    return AdditionalCertificates("lsn-1", frozenset(certificates), frozenset({default}))


def named(number: int, *names: str, algorithm: str = "RSA", until: str = "2027-01-01") -> Certificate:
    made = facts(f"n{number}.example.com", algorithm)
    return Certificate(f"{number}-cn-hangzhou", replace(made, names=names, not_after=until))


@pytest.mark.parametrize(
    ("state", "current", "wanted", "added", "removed"),
    [
        pytest.param("present", [], [RSA], [RSA], [], id="first"),
        pytest.param("present", [RSA], [RSA], [], [], id="there"),
        pytest.param("present", [RSA], [Certificate("11-cn-hangzhou")], [], [], id="there-without-facts"),
        pytest.param("present", [RSA], [RSA, ECC], [ECC], [], id="one-more"),
        pytest.param("present", [RSA, UNKNOWN], [ECC], [ECC], [], id="others-stay"),
        pytest.param("present", [RSA], [PLANNED], [PLANNED], [], id="planned"),
        pytest.param("absent", [RSA], [RSA], [], [RSA], id="last"),
        pytest.param("absent", [RSA, ECC], [ECC, THIRD], [], [ECC], id="what-is-there"),
        pytest.param("absent", [RSA], [ECC], [], [], id="not-there"),
        pytest.param("absent", [UNKNOWN], [UNKNOWN], [], [UNKNOWN], id="unknown"),
        pytest.param("exact", [RSA, ECC], [ECC, THIRD], [THIRD], [RSA], id="exactly"),
        pytest.param("exact", [RSA, ECC], [ECC, RSA], [], [], id="exactly-already"),
        pytest.param("exact", [RSA, UNKNOWN], [], [], [RSA, UNKNOWN], id="none"),
        pytest.param("exact", [], [], [], [], id="none-already"),
    ],
)
def test_plan(state, current, wanted, added, removed):
    before = there(*current)
    made = plan(before, frozenset(wanted), state=state)
    assert made.before == before
    assert made.after is not None
    assert made.after.certificates == (frozenset(current) | frozenset(added)) - frozenset(removed)
    assert made.after.default == before.default
    assert made.after.needs_free_slots == len(added)
    steps = [Associate("lsn-1", frozenset(added), len(added))] if added else []
    assert [*steps, *([Dissociate("lsn-1", frozenset(removed))] if removed else [])] == list(made.steps)


def test_calls_take_fifteen_in_an_order_that_does_not_depend_on_identifiers():
    wanted = frozenset(MANY[:20])
    first, second = plan(there(*MANY[20:51]), wanted, state="present").steps
    assert isinstance(first, Associate)
    assert isinstance(second, Associate)
    assert (len(first.certificates), len(second.certificates)) == (15, 5)
    assert first.slots == second.slots == 20
    others = frozenset(replace(one, id=f"{number}-cn-hangzhou") for number, one in enumerate(MANY[19::-1], 1000))
    again = plan(there(*MANY[20:51]), others, state="present").steps
    assert [step.sentence() for step in again] == [first.sentence(), second.sentence()]


def test_all_are_added_before_any_is_removed():
    made = plan(there(*MANY[:31]), frozenset(MANY[31:48]), state="exact")
    kinds = [type(step) for step in made.steps]
    assert kinds == [Associate, Associate, Dissociate, Dissociate, Dissociate]
    assert made.after is not None
    assert made.after.needs_free_slots == 17


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ("present", ("default of lsn-1", "served already", "leave it out")),
        ("exact", ("default of lsn-1", "served already", "leave it out")),
        ("absent", ("default of lsn-1", "cannot be removed", "alicloud.tls.alb_listener_cert")),
    ],
)
@pytest.mark.parametrize("current", [[], [RSA]])
def test_default_certificates_are_refused(state, parts, current):
    with pytest.raises(InputError) as caught:
        plan(there(*current), frozenset({DEFAULT, ECC}), state=state)
    for part in ("CN=default.example.com", "Nothing was changed", *parts):
        assert part in caught.value.message


@pytest.mark.parametrize("state", ["present", "exact"])
def test_what_no_quota_allows_is_refused_at_once(state):
    """With exact the final number would do; but those that go are removed only afterwards."""
    assert plan(there(*MANY[:MOST]), frozenset(MANY[:MOST]), state=state).steps == ()
    with pytest.raises(InputError, match=r"lsn-1 would have 301 .* 299 are in use .* 2 are to be added .* 300;"):
        plan(there(*MANY[: MOST - 1]), frozenset(MANY[MOST - 1 :]), state=state)


def test_a_quota_that_is_exceeded_already_was_raised():
    some = MANY[:26]
    assert plan(there(*some), frozenset([*some, ECC]), state="present", quota=25).changed
    with pytest.raises(InputError, match="taken to be 25"):
        plan(there(*some[:25]), frozenset([*some[:25], ECC]), state="present", quota=25)


# --- what is superseded ----------------------------------------------------------------------------------------------

AB_NAMES = ("a.example.com", "b.example.com")
AB = named(21, *AB_NAMES)


@pytest.mark.parametrize(
    ("other", "same_names", "goes"),
    [
        pytest.param(named(22, "b.example.com", "a.example.com"), True, True, id="another-order"),
        pytest.param(named(22, "A.example.com", "b.example.com."), True, True, id="another-spelling"),
        pytest.param(named(22, "a.example.com", "b.example.com", algorithm="ECC"), True, False, id="ecc"),
        pytest.param(named(22, "a.example.com", "b.example.com", algorithm="unknown"), True, False, id="unknown-kind"),
        pytest.param(named(22, "a.example.com"), False, False, id="fewer-names"),
        pytest.param(named(22, "a.example.com", "b.example.com", "c.example.com"), False, False, id="more-names"),
        pytest.param(named(22, "*.example.com"), False, False, id="covers-but-is-another"),
        pytest.param(named(22), False, False, id="no-names"),
        pytest.param(UNKNOWN, False, False, id="unknown"),
        pytest.param(named(21, "a.example.com", "b.example.com"), False, False, id="itself"),
        pytest.param(named(22, *AB_NAMES, until="2026-12-31T23:59:59Z"), True, True, id="ends-before"),
        pytest.param(named(22, *AB_NAMES, until="2027-01-01T23:59:59Z"), True, True, id="ends-on-the-same-day"),
        pytest.param(named(22, *AB_NAMES, until="2027-01-02T00:00:00Z"), True, False, id="ends-after"),
        pytest.param(named(22, *AB_NAMES, until=""), True, False, id="ends-nobody-knows-when"),
    ],
)
def test_superseded(other, same_names, goes):
    assert namesakes(frozenset({AB}), frozenset({other, THIRD})) == ({other} if same_names else set())
    assert superseded_by(frozenset({AB}), frozenset({other, THIRD})) == ({other} if goes else set())


def test_nothing_is_known_of_nothing():
    """No names on both sides are not the same names, and two unknown algorithms not the same one."""
    assert namesakes(frozenset({named(21)}), frozenset({named(22)})) == frozenset()
    two = [named(number, "a.example.com", algorithm="unknown") for number in (21, 22)]
    assert superseded_by(frozenset(two[:1]), frozenset(two[1:])) == frozenset()


def test_one_of_those_that_are_wanted_has_to_be_valid_as_long():
    old = named(22, *AB_NAMES, until="2027-06-01")
    nobody_knows = named(23, *AB_NAMES, until="")
    longer = named(24, *AB_NAMES, until="2027-07-01")
    assert superseded_by(frozenset({AB, nobody_knows}), frozenset({old})) == frozenset()
    assert superseded_by(frozenset({AB, nobody_knows, longer}), frozenset({old})) == {old}


def test_days_of_cas_may_be_those_of_china():
    """A certificate that was issued again often ends with the one before it, at the end of a day in UTC."""
    old, late = named(22, *AB_NAMES, until="2027-01-31"), named(23, *AB_NAMES, until="2027-02-01")
    new = named(24, *AB_NAMES, until="2027-01-30T23:59:59Z")
    assert superseded_by(frozenset({new}), frozenset({old, late})) == {old}


def test_wanted_ones_do_not_supersede_each_other():
    both = frozenset({AB, named(22, "a.example.com", "b.example.com")})
    assert superseded_by(both, both) == frozenset()


def test_superseded_ones_go_last():
    old = named(22, "a.example.com", "b.example.com")
    made = plan(there(old, ECC), frozenset({AB}), state="present", superseded=frozenset({old}))
    assert made.steps == (Associate("lsn-1", frozenset({AB}), 1), Dissociate("lsn-1", frozenset({old})))
    assert made.after is not None
    assert made.after.certificates == {AB, ECC}
    # Not even by mistake is what is wanted, or a default one, removed.
    state = there(old, default=ECC)
    assert not plan(state, frozenset({old}), state="present", superseded=frozenset({old, ECC})).changed


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "wanted", "lost"),
    [
        pytest.param([RSA, ECC], [ECC], None, id="other-algorithm-covers"),
        pytest.param([RSA], [named(22, "*.example.com")], None, id="wildcard-covers"),
        pytest.param([RSA, UNKNOWN], [UNKNOWN], "www.example.com", id="unknown-covers-nothing"),
        pytest.param([certificate(23, "default.example.com")], [], None, id="default-covers"),
        pytest.param([RSA, RENEWED, THIRD], [RENEWED], "third.example.com, www.example.com", id="two"),
        pytest.param([UNKNOWN], [RSA], "certificate 99-cn-hangzhou", id="unknown-goes"),
        pytest.param([named(22)], [RSA], "CN=n22.example.com", id="nameless-goes"),
        pytest.param([RSA, ECC], [RSA, ECC, THIRD], None, id="nothing-goes"),
    ],
)
def test_names_left(current, wanted, lost):
    made = plan(there(*current), frozenset(wanted), state="exact")
    if lost is None:
        check_names_left(made)
        return
    with pytest.raises(InputError) as caught:
        check_names_left(made)
    for part in (lost, "Nothing was changed", "allow_uncovered_names"):
        assert part in caught.value.message


# --- answers ---------------------------------------------------------------------------------------------------------


def test_the_answer_tells_which_listener():
    state = there(ECC, RSA)
    assert state.title() == "additional certificates of listener lsn-1"
    assert state.to_dict() == {
        "id": "lsn-1",
        "certificates": [ECC.to_dict(), RSA.to_dict()],
        "default_certificates": [DEFAULT.to_dict()],
    }
    assert state.summary() == {"certificates": [ECC.summary(), RSA.summary()]}
    assert replace(state, needs_free_slots=2).to_dict()["needs_free_slots"] == 2


def test_sentences_name_each_certificate():
    step = Associate("lsn-1", frozenset({RSA, UNKNOWN}))
    start, _colon, told = step.sentence().partition(": ")
    assert start == "AssociateAdditionalCertificatesWithListener"
    assert told == f"add certificate 99-cn-hangzhou and {RSA.label()}"
    assert Dissociate("lsn-1", frozenset({RSA})).sentence() == (
        f"DissociateAdditionalCertificatesFromListener: remove {RSA.label()}"
    )


@pytest.mark.parametrize("listener", [LISTENER, QUIC], ids=["https", "quic"])
def test_a_listener_that_is_only_planned(listener):
    state = planned_certificates(replace(listener, id=None))
    assert state == AdditionalCertificates(None, frozenset(), frozenset({RSA}))
    assert "only planned" in state.title()
    assert plan(state, frozenset({ECC}), state="present").steps == (Associate(None, frozenset({ECC}), 1),)


def test_http_has_no_certificates():
    with pytest.raises(InputError, match="HTTP listener on port 80 of alb-1; only HTTPS and QUIC"):
        planned_certificates(replace(HTTP, id=None))


# --- properties ------------------------------------------------------------------------------------------------------

_NAMES = ("a.example.com", "b.example.com", "*.example.com", "a.b.example.com", "192.0.2.1")


@st.composite
def _certificates(draw: st.DrawFn) -> Certificate:
    number = draw(st.integers(1, 60))
    # The facts of a certificate depend on its number, and are not always known.
    if number % 7 == 0:
        return Certificate(f"{number}-cn-hangzhou")
    names = tuple(name for bit, name in enumerate(_NAMES) if (number * 11) >> bit & 1)
    until = ("2027-01-01", "2027-05-01", "")[number % 5 % 3]
    return named(number, *names, algorithm=("RSA", "ECC", "unknown")[number % 3], until=until)


SETS = st.frozensets(_certificates(), max_size=40)
STATES = st.sampled_from(["present", "absent", "exact"])


def _planned(
    current: frozenset[Certificate],
    default: frozenset[Certificate],
    wanted: frozenset[Certificate],
    state: t.Literal["present", "absent", "exact"],
    replacing: bool,
) -> t.Any:
    before = AdditionalCertificates("lsn-1", current - default, default)
    others = before.certificates - wanted
    superseded = superseded_by(wanted, others) if replacing and state == "present" else frozenset()
    try:
        return plan(before, wanted, state=state, superseded=superseded)
    except InputError:
        assume(False)


@settings(max_examples=200)
@given(SETS, st.frozensets(_certificates(), max_size=2), SETS, STATES, st.booleans())
@example(frozenset(), frozenset(), frozenset(), "exact", False)
def test_properties_of_plans(current, default, wanted, state, replacing):
    made = _planned(current, default, wanted, state, replacing)
    before, after = made.before, made.after
    added = [step for step in made.steps if isinstance(step, Associate)]
    removed = [step for step in made.steps if isinstance(step, Dissociate)]

    # A plan carried out leaves nothing to plan.
    assert not _planned(after.certificates, default, wanted, state, replacing).changed
    # Calls are as large as the API takes them, and additions come first.
    assert list(made.steps) == [*added, *removed]
    assert all(1 <= len(step.certificates) <= BATCH for step in made.steps)
    assert len(added) == -(-len(after.certificates - before.certificates) // BATCH)
    # Carried out one by one they lead to the state that was planned, without adding what is there.
    now = set(before.certificates)
    for step in made.steps:
        assert step.certificates.isdisjoint(now) is isinstance(step, Associate)
        assert not step.certificates & default
        now = now | step.certificates if isinstance(step, Associate) else now - step.certificates
    assert now == after.certificates
    assert after.needs_free_slots == sum(len(step.certificates) for step in added)
    # What was not named stays, unless that was asked for.
    if state == "present" and not replacing:
        assert before.certificates <= after.certificates
    assert set(before.summary()) == set(after.summary())
    json.dumps(after.to_dict())


def _refused(made: t.Any) -> bool:
    try:
        check_names_left(made)
    except InputError:
        return True
    return False


@settings(max_examples=200)
@given(SETS, SETS, SETS)
def test_more_certificates_never_lose_more_names(current, wanted, more):
    before = there(*current)
    assert not _refused(plan(before, current | more, state="exact"))
    if not _refused(plan(before, wanted, state="exact")):
        assert not _refused(plan(before, wanted | more, state="exact"))


@settings(max_examples=200)
@given(SETS, SETS)
def test_replacing_what_is_superseded_never_loses_a_name(current, wanted):
    made = _planned(current, frozenset({DEFAULT}), wanted, "present", True)
    check_names_left(made)
