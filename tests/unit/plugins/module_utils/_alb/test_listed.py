# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listed import ListedListener
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    ECC,
    HTTP,
    LISTENER,
    RENEWED,
    RSA,
    THIRD,
    UNKNOWN,
)
from hypothesis import given, strategies as st

NAKED = {str(one.id): Certificate(one.id) for one in (RSA, ECC, RENEWED, THIRD, UNKNOWN)}
FACTS = {name: None for name in RSA.to_dict() if name != "id"}
NOT_LISTED = ("certificates", "additional_certificates", "ca_enabled", "ca_certificate_id")


def listed(default: Certificate = RSA, *additional: Certificate) -> ListedListener:
    listener = replace(LISTENER, certificates=frozenset({Certificate(default.id)}))
    return ListedListener(listener, {Certificate(one.id): "Associated" for one in additional})


@pytest.mark.parametrize("facts", [True, False])
def test_without_certificates_nothing_is_said_of_them(facts):
    told = ListedListener(LISTENER).to_dict(facts=facts)
    assert {name: told[name] for name in NOT_LISTED} == dict.fromkeys(NOT_LISTED)
    everything = LISTENER.to_dict()
    assert {name: told[name] for name in everything if name not in NOT_LISTED} == {
        name: value for name, value in everything.items() if name not in NOT_LISTED
    }


def test_keys_are_the_same_with_and_without_certificates():
    assert set(ListedListener(LISTENER).to_dict(facts=False)) == set(listed().to_dict(facts=True))


def test_none_is_not_unknown():
    told = ListedListener(HTTP, {}).to_dict(facts=True)
    assert (told["certificates"], told["additional_certificates"]) == ([], [])


def test_facts_are_put_where_they_belong():
    one = listed(RSA, THIRD, UNKNOWN).with_facts({THIRD, RSA, ECC})
    told = one.to_dict(facts=True)
    assert told["certificates"] == [RSA.to_dict()]
    assert told["additional_certificates"] == [
        {**FACTS, "id": UNKNOWN.id, "status": "Associated"},
        {**THIRD.to_dict(), "status": "Associated"},
    ]
    assert json.loads(json.dumps(told)) == told


def test_without_facts_there_are_identifiers():
    told = listed(RSA, THIRD).to_dict(facts=False)
    assert told["certificates"] == [{"id": RSA.id}]
    assert told["additional_certificates"] == [{"id": THIRD.id, "status": "Associated"}]


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        (listed(RSA), {RSA.id}),
        (listed(RSA, THIRD, UNKNOWN), {RSA.id, THIRD.id, UNKNOWN.id}),
        (ListedListener(HTTP, {}), set()),
        (ListedListener(HTTP), set()),
    ],
)
def test_what_it_uses(one, wanted):
    assert {identifier for identifier in NAKED if one.uses(lambda each, it=identifier: each == it)} == wanted


@given(
    st.sampled_from(sorted(NAKED)),
    st.sets(st.sampled_from(sorted(NAKED))),
    st.sets(st.sampled_from([RSA, ECC, RENEWED, THIRD])),
)
def test_facts_add_nothing_else(default, additional, known):
    one = ListedListener(
        replace(LISTENER, certificates=frozenset({NAKED[default]})),
        {NAKED[each]: "Associated" for each in additional - {default}},
    )
    with_facts = one.with_facts(known)
    assert with_facts == one
    assert {each.id for each in with_facts.certificates if each.facts} == {
        each.id for each in known if each.id in additional | {default}
    }
    for each in with_facts.to_dict(facts=True)["additional_certificates"]:
        assert set(each) == {*FACTS, "id", "status"}
