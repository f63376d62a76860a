# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._cas.certificate import (
    Delete,
    StoredCertificate,
    Upload,
    chosen_name,
    plan_absent,
    plan_present,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Plan
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import facts
from hypothesis import given, strategies as st

FACTS = facts()
PEM = "-----BEGIN CERTIFICATE-----\nMIIBpemBody\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nMIGHkeyBody\n-----END PRIVATE KEY-----\n"
STORED = StoredCertificate(name="www", site="cn-hangzhou", facts=FACTS, number=11, id="11-cn-hangzhou")
COPY = replace(STORED, name="www-2", number=12, id="12-cn-hangzhou")


def present(found: list[StoredCertificate], name: str | None = None, key: str | None = KEY) -> Plan[StoredCertificate]:
    return plan_present(found, facts=FACTS, name=name, site="cn-hangzhou", pem=PEM, private_key=key)


@pytest.mark.parametrize(
    ("found", "name", "key"),
    [
        pytest.param([STORED], None, KEY, id="there"),
        pytest.param([STORED], None, None, id="there-no-key-needed"),
        pytest.param([STORED], "other", KEY, id="under-another-name"),
        pytest.param([STORED, COPY], None, KEY, id="twice"),
    ],
)
def test_the_same_content_is_not_uploaded_again(found, name, key):
    plan = present(found, name, key)
    assert plan.steps == ()
    assert plan.before == plan.after == STORED
    assert plan.after is not None
    assert (plan.after.number, plan.after.id, plan.after.name) == (11, "11-cn-hangzhou", "www")


def test_the_answer_has_the_facts_of_the_pem():
    told = replace(FACTS, issuer="Example", not_before="2026-11-01", not_after="2027-01-30", key_size=None)
    plan = present([replace(STORED, facts=told)])
    assert plan.before is not None
    assert plan.before.facts == FACTS


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param("shop", "shop", id="given"),
        pytest.param(None, f"www.example.com-{FACTS.sha256[:12]}", id="made"),
    ],
)
def test_upload(name, wanted):
    plan = present([], name)
    assert plan.before is None
    assert plan.after == StoredCertificate(name=wanted, site="cn-hangzhou", facts=FACTS)
    assert plan.steps == (Upload(StoredCertificate(wanted, "cn-hangzhou", FACTS), PEM, KEY),)
    assert plan.after is not None
    assert (plan.after.id, plan.after.number) == (None, None)


def test_upload_needs_the_key():
    with pytest.raises(InputError) as caught:
        present([], key=None)
    for part in ("CN=www.example.com", "not in CAS cn-hangzhou yet", "private_key or private_key_path"):
        assert part in caught.value.message


@pytest.mark.parametrize(
    ("found", "numbers"),
    [
        pytest.param([], [], id="none"),
        pytest.param([STORED], [11], id="one"),
        pytest.param([STORED, COPY], [11, 12], id="all-copies"),
    ],
)
def test_absent(found, numbers):
    plan = plan_absent(found)
    assert plan.after is None
    assert plan.before == (found[0] if found else None)
    assert plan.steps == tuple(Delete(one) for one in found)
    assert [step.certificate.number for step in plan.steps if isinstance(step, Delete)] == numbers


def test_sentences():
    label = FACTS.label()
    assert [step.sentence() for step in present([], "shop").steps] == [
        f"UploadUserCertificate: {label} to CAS cn-hangzhou as shop"
    ]
    assert [step.sentence() for step in plan_absent([STORED, replace(COPY, id=None)]).steps] == [
        f"DeleteUserCertificate: {label}, 11-cn-hangzhou (www)",
        f"DeleteUserCertificate: {label}, 12 (www-2)",
    ]


def test_located():
    planned = present([], "shop").after
    assert planned is not None
    located = planned.located(STORED)
    assert (located.number, located.id, located.name) == (11, "11-cn-hangzhou", "shop")
    assert located == planned


def test_the_diff_leaves_out_what_the_cloud_chooses():
    assert STORED.to_dict() == {
        "id": "11-cn-hangzhou",
        "certificate_id": 11,
        "name": "www",
        "site": "cn-hangzhou",
        **FACTS.to_dict(),
    }
    assert STORED.summary() == {"name": "www", "site": "cn-hangzhou", **FACTS.summary()}
    assert STORED.title() == "certificate in CAS cn-hangzhou"


@given(names=st.lists(st.from_regex(r"[a-z0-9.*-]{1,253}", fullmatch=True), max_size=2).map(tuple))
def test_made_names_are_short_and_tell_certificates_apart(names):
    made = chosen_name(None, replace(FACTS, names=names))
    other = chosen_name(None, replace(FACTS, names=names, sha256="0" * 64))
    assert 13 < len(made) <= 63
    assert made != other
    assert made.endswith(FACTS.sha256[:12])


TEXT = st.text("abcdefghijklmnopqrstuvwxyz0123456789+/=", min_size=20, max_size=60)


@given(pem=TEXT, key=TEXT, name=st.none() | st.just("shop"))
def test_nothing_tells_pem_or_key(pem, key, name):
    plan = plan_present([], facts=FACTS, name=name, site="cn-hangzhou", pem=pem, private_key=key)
    assert plan.after is not None
    told = [repr(plan), json.dumps([plan.after.to_dict(), plan.after.summary()])]
    told += [step.sentence() for step in plan.steps]
    assert not [text for text in told if pem in text or key in text]


@pytest.mark.parametrize("found", [[], [STORED], [STORED, COPY]], ids=["none", "one", "two"])
def test_a_plan_carried_out_leaves_nothing_to_plan(found):
    plan = present(found)
    assert plan.after is not None
    again = present([plan.after.located(STORED)])
    assert not again.changed
    assert set(plan.after.summary()) == set((again.after or plan.after).summary())
    assert not plan_absent([]).changed
