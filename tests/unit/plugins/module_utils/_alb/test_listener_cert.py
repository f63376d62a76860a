# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.additional_certs import Associate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener import UpdateListener
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener_cert import (
    Withdraw,
    default_certificates,
    plan,
    wanted_set,
)
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
)
from hypothesis import assume, given, settings, strategies as st

CURRENT = default_certificates(LISTENER)


@pytest.mark.parametrize(
    ("current", "wanted", "changed"),
    [
        pytest.param({RSA}, {RSA}, False, id="same"),
        pytest.param({RSA}, {Certificate("11-cn-hangzhou")}, False, id="same-without-facts"),
        pytest.param({RSA, ECC}, {ECC, RSA}, False, id="same-pair"),
        pytest.param({RSA}, {RENEWED}, True, id="renewed"),
        pytest.param({RSA}, {PLANNED}, True, id="planned"),
        pytest.param({RSA}, {RSA, ECC}, True, id="one-to-pair"),
        pytest.param({RSA, ECC}, {RSA}, True, id="pair-to-one"),
        pytest.param({RSA, ECC}, {RENEWED, THIRD}, True, id="pair-to-pair"),
        pytest.param({RSA, RENEWED}, {ECC}, True, id="odd-set-there"),
        pytest.param(set(), {RSA}, True, id="none-there"),
        pytest.param({RSA}, {UNKNOWN}, True, id="unknown"),
    ],
)
def test_plan(current, wanted, changed):
    before = CURRENT.with_certificates(frozenset(current))
    made = plan(before, frozenset(wanted))
    assert made.before == before
    assert made.after == before.with_certificates(frozenset(wanted))
    # One write for the whole set: never a moment without a certificate.
    assert made.steps == ((UpdateListener("lsn-1", {"certificates": frozenset(wanted)}),) if changed else ())


@pytest.mark.parametrize(
    ("current", "given_set", "wanted"),
    [
        pytest.param({RSA, ECC}, {RENEWED}, {RENEWED, ECC}, id="rsa-half"),
        pytest.param({RSA, ECC}, {THIRD}, {RSA, THIRD}, id="ecc-half"),
        pytest.param({RSA}, {RENEWED}, {RENEWED}, id="the-only-one"),
        pytest.param({RSA}, {ECC}, {RSA, ECC}, id="completes-the-pair"),
        pytest.param({RSA, ECC}, {RENEWED, THIRD}, {RENEWED, THIRD}, id="both-halves"),
        pytest.param({RSA, ECC}, {RSA}, {RSA, ECC}, id="as-it-is"),
    ],
)
def test_only_the_same_algorithm_is_replaced(current, given_set, wanted):
    assert wanted_set(frozenset(current), frozenset(given_set)) == wanted


@pytest.mark.parametrize("sets", [({UNKNOWN, ECC}, {RENEWED}), ({RSA}, {UNKNOWN})], ids=["there", "given"])
def test_the_half_of_an_unknown_algorithm_is_not_guessed(sets):
    with pytest.raises(InputError, match=r"algorithm of certificate 99-cn-hangzhou.*leave out algorithm_scope"):
        wanted_set(*map(frozenset, sets))


@pytest.mark.parametrize(
    ("wanted", "additional", "promoted"),
    [
        pytest.param({RENEWED}, {RENEWED, THIRD}, {RENEWED}, id="one"),
        pytest.param({RENEWED, ECC}, {RENEWED, ECC}, {RENEWED, ECC}, id="pair"),
        pytest.param({RENEWED}, {THIRD}, set(), id="none"),
    ],
)
def test_an_additional_certificate_is_promoted_as_late_as_possible(wanted, additional, promoted):
    made = plan(CURRENT, frozenset(wanted), frozenset(additional))
    withdraw = (Withdraw("lsn-1", frozenset(promoted)),) if promoted else ()
    assert made.steps == (*withdraw, UpdateListener("lsn-1", {"certificates": frozenset(wanted)}))
    for step in withdraw:
        assert step.reversal() == Associate("lsn-1", frozenset(promoted))
        assert step.sentence().startswith("DissociateAdditionalCertificatesFromListener: ")


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        pytest.param(set(), "must not be empty", id="none"),
        pytest.param({RSA, RENEWED}, "one RSA and one ECC", id="two-rsa"),
        pytest.param({RSA, ECC, THIRD}, "not 3", id="three"),
    ],
)
@pytest.mark.parametrize("current", [frozenset({RSA}), None], ids=["other", "same"])
def test_refusals(current, wanted, part):
    with pytest.raises(InputError, match=part):
        plan(CURRENT.with_certificates(frozenset(wanted) if current is None else current), frozenset(wanted))


def test_http_has_no_certificates():
    with pytest.raises(InputError, match=r"lsn-1 is an HTTP listener on port 80 of alb-1; only HTTPS and QUIC"):
        default_certificates(HTTP)


@pytest.mark.parametrize("listener", [LISTENER, QUIC, replace(LISTENER, id=None)], ids=["https", "quic", "planned"])
def test_the_answer_tells_which_listener(listener):
    found = default_certificates(listener)
    assert found.to_dict() == {
        "id": listener.id,
        "load_balancer_id": "alb-1",
        "protocol": listener.protocol,
        "port": 443,
        "certificates": [RSA.to_dict()],
    }
    assert found.title() == f"default certificates of the {listener.protocol} listener on port 443 of alb-1"
    assert found.summary() == {"certificates": [RSA.summary()]}


SETS = st.frozensets(st.sampled_from([RSA, ECC, RENEWED, THIRD, PLANNED, UNKNOWN]), max_size=3)


@settings(max_examples=60)
@given(current=SETS, wanted=SETS)
def test_a_plan_carried_out_leaves_nothing_to_plan(current, wanted):
    try:
        made = plan(CURRENT.with_certificates(current), wanted)
    except InputError:
        assume(False)
    assert made.before is not None
    assert made.after is not None
    assert not plan(made.after, wanted).changed
    assert set(made.before.summary()) == set(made.after.summary())
    json.dumps(made.after.to_dict())
