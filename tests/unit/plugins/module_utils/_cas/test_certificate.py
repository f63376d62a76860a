# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
import typing as t
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._cas.certificate import (
    Delete,
    Kept,
    StoredCertificate,
    Tag,
    Untag,
    Upload,
    check_deletable,
    chosen_name,
    free_name,
    in_use,
    plan_absent,
    plan_present,
    superseded,
    with_mark,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Plan
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import facts
from hypothesis import given, strategies as st

FACTS = facts()
MARK = FACTS.sha256[:12]
OTHER = facts("other.example.com")
PEM = "-----BEGIN CERTIFICATE-----\nMIIBpemBody\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nMIGHkeyBody\n-----END PRIVATE KEY-----\n"
STORED = StoredCertificate(
    name="www",
    site="cn-hangzhou",
    facts=FACTS,
    tags={},
    number=11,
    id="11-cn-hangzhou",
    instance_id="cas-upload-1",
    uploaded=True,
)
COPY = replace(STORED, name="www-2", number=12, id="12-cn-hangzhou")
NAMESAKE = replace(STORED, name="shop", number=13, id="13-cn-hangzhou", facts=OTHER)
OLD = replace(STORED, name="old", number=5, id="5-cn-hangzhou", facts=facts(not_after="2026-11-01"))
NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


def present(
    found: StoredCertificate | None,
    *,
    name: str = "shop",
    tags: Mapping[str, str] | None = None,
    key: str | None = KEY,
    **more: t.Any,
) -> Plan[Kept]:
    if found is not None:
        return plan_present(found, replace(found, facts=FACTS, tags=tags or {}), upload=None, **more)
    wanted = StoredCertificate(name, "cn-hangzhou", FACTS, tags=tags or {})
    return plan_present(None, wanted, upload=None if key is None else Upload(wanted, PEM, key), **more)


def test_the_same_content_is_not_uploaded_again():
    plan = present(STORED)
    assert plan.steps == ()
    assert plan.before == plan.after == Kept(STORED)


def test_the_answer_has_the_facts_of_the_pem():
    told = replace(FACTS, issuer="Example", not_before="2026-11-01", not_after="2027-01-30", key_size=None)
    plan = present(replace(STORED, facts=told, tags=None))
    assert not plan.changed
    assert plan.before is not None
    assert plan.before.certificate.facts == FACTS


def test_upload():
    plan = present(None, tags={"team": "web"})
    wanted = StoredCertificate("shop", "cn-hangzhou", FACTS, tags={"team": "web"})
    assert plan.before is None
    assert plan.after == Kept(wanted)
    assert plan.steps == (Upload(wanted, PEM, KEY),)
    assert plan.after is not None
    assert (plan.after.certificate.id, plan.after.certificate.number) == (None, None)


def test_upload_needs_the_key():
    with pytest.raises(InputError) as caught:
        present(None, key=None)
    for part in ("CN=www.example.com", "not in CAS cn-hangzhou yet", "private_key or private_key_path"):
        assert part in caught.value.message


def test_what_has_the_name_goes_first_and_what_is_old_last():
    plan = present(None, replaced=NAMESAKE, retired=[OLD])
    assert [type(step) for step in plan.steps] == [Delete, Upload, Delete]
    assert plan.before == Kept(NAMESAKE)
    assert plan.after is not None
    assert plan.after.retired == (OLD,)


def test_old_ones_go_when_the_certificate_is_there_already():
    plan = present(STORED, retired=[OLD, NAMESAKE])
    assert plan.steps == (Delete(OLD), Delete(NAMESAKE))
    assert plan.before is not None
    assert plan.after is not None
    assert plan.before.certificate == plan.after.certificate
    assert plan.before.summary()["retired"] == []
    assert plan.after.summary()["retired"] == [OLD.label(), NAMESAKE.label()]


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        pytest.param({}, {}, [], id="none"),
        pytest.param({"a": "1"}, {"a": "1"}, [], id="same"),
        pytest.param({}, {"a": "1"}, [Tag(STORED, {"a": "1"})], id="new"),
        pytest.param({"a": "1", "b": "2"}, {"a": "2", "b": "2"}, [Tag(STORED, {"a": "2"})], id="value"),
        pytest.param({"a": "1"}, {}, [Untag(STORED, ("a",))], id="gone"),
        pytest.param(
            {"b": "", "a": ""}, {"c": ""}, [Untag(STORED, ("a", "b")), Tag(STORED, {"c": ""})], id="gone-then-new"
        ),
    ],
)
def test_tags(before, after, steps):
    plan = present(replace(STORED, tags=before), tags=after)
    assert [replace(t.cast("Tag | Untag", step), certificate=STORED) for step in plan.steps] == steps
    assert plan.after is not None
    assert plan.after.to_dict()["tags"] == after


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
    assert plan.before == (Kept(found[0]) if found else None)
    assert [step.certificate.number for step in plan.steps if isinstance(step, Delete)] == numbers


def test_sentences():
    label = FACTS.label()
    plans = [
        present(None, tags={"team": "web", "env": "live"}),
        present(None),
        plan_absent([STORED, replace(COPY, id=None)]),
        present(replace(STORED, tags={"b": "2", "a": "1"}), tags={"c": "3", "d": ""}),
    ]
    assert [step.sentence() for plan in plans for step in plan.steps] == [
        f"UploadUserCertificate: {label} to CAS cn-hangzhou as shop, tagged env=live, team=web",
        f"UploadUserCertificate: {label} to CAS cn-hangzhou as shop",
        f"DeleteUserCertificate: {label}, 11-cn-hangzhou (www)",
        f"DeleteUserCertificate: {label}, 12 (www-2)",
        f"UntagResources: remove a, b from {label}, 11-cn-hangzhou (www)",
        f"TagResources: set c=3, d= on {label}, 11-cn-hangzhou (www)",
    ]


def test_located():
    planned = present(None).after
    assert planned is not None
    located = planned.certificate.located(STORED)
    assert (located.number, located.id, located.instance_id, located.name) == (
        11,
        "11-cn-hangzhou",
        "cas-upload-1",
        "shop",
    )
    assert located == planned.certificate


def test_the_diff_leaves_out_what_the_cloud_chooses():
    kept = Kept(replace(STORED, tags={"team": "web"}))
    assert kept.to_dict() == {
        "id": "11-cn-hangzhou",
        "certificate_id": 11,
        "name": "www",
        "site": "cn-hangzhou",
        **FACTS.to_dict(),
        "tags": {"team": "web"},
        "retired": [],
    }
    assert kept.summary() == {
        "name": "www",
        "site": "cn-hangzhou",
        **FACTS.summary(),
        "tags": {"team": "web"},
        "retired": [],
    }
    assert kept.title() == "certificate in CAS cn-hangzhou"
    assert replace(STORED, tags=None).to_dict()["tags"] is None


# --- names -----------------------------------------------------------------------------------------------------------


def test_names():
    assert chosen_name("shop", FACTS) == "shop"
    assert chosen_name(None, FACTS) == f"www.example.com-{MARK}"
    assert chosen_name(None, replace(FACTS, names=())) == f"certificate-{MARK}"
    assert with_mark("x" * 128, FACTS) == f"{'x' * 50}-{MARK}"


@pytest.mark.parametrize(
    ("taken", "policy", "wanted"),
    [
        pytest.param({}, "suffix", ("shop", None), id="free"),
        pytest.param({}, "fail", ("shop", None), id="free-fail"),
        pytest.param({}, "replace", ("shop", None), id="free-replace"),
        pytest.param({f"shop-{MARK}": 4}, "suffix", ("shop", None), id="only-the-other-is-taken"),
        pytest.param({"shop": 13}, "suffix", (f"shop-{MARK}", None), id="suffix"),
        pytest.param({"shop": 13}, "replace", ("shop", 13), id="replace"),
    ],
)
def test_a_name_that_can_be_had(taken, policy, wanted):
    assert free_name("shop", FACTS, taken, on_conflict=policy, site="cn-hangzhou") == wanted


@pytest.mark.parametrize(
    ("taken", "policy", "words"),
    [
        pytest.param({"shop": 13}, "fail", ["'shop'", "(number 13)", "on_name_conflict"], id="fail"),
        pytest.param({"shop": 13, f"shop-{MARK}": 14}, "suffix", [f"'shop-{MARK}'", "(number 14)"], id="both"),
    ],
)
def test_a_name_that_cannot_be_had(taken, policy, words):
    with pytest.raises(InputError) as caught:
        free_name("shop", FACTS, taken, on_conflict=policy, site="cn-hangzhou")
    for word in ("CAS cn-hangzhou already has another certificate named", *words):
        assert word in caught.value.message


@given(names=st.lists(st.from_regex(r"[a-z0-9.*-]{1,253}", fullmatch=True), max_size=2).map(tuple))
def test_made_names_are_short_and_tell_certificates_apart(names):
    made = chosen_name(None, replace(FACTS, names=names))
    other = chosen_name(None, replace(FACTS, names=names, sha256="0" * 64))
    assert 13 < len(made) <= 63
    assert made != other
    assert made.endswith(MARK)


# --- use -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("products", "listeners", "wanted"),
    [
        (None, [], None),
        ((), [], None),
        (("CDN", "ALB"), [], "CDN, ALB"),
        ((), ["HTTPS listener"], "HTTPS listener"),
        (("ALB",), ["one", "two", "one"], "ALB, one, two"),
    ],
)
def test_use(products, listeners, wanted):
    assert in_use(replace(STORED, products=products), listeners) == wanted


def test_what_is_used_is_not_deleted():
    check_deletable(STORED, None)
    with pytest.raises(InputError) as caught:
        check_deletable(STORED, "CDN, ALB")
    for part in (STORED.label(), "in use by CDN, ALB", "nothing was changed", "force"):
        assert part in caught.value.message


# --- superseded ones -------------------------------------------------------------------------------------------------


def days(start: float, end: float = 100, **more: t.Any) -> t.Any:
    """Facts of a certificate that begins and ends so many days from now, as CAS tells them."""
    begins, ends = ((NOW + timedelta(days=each)).strftime("%Y-%m-%d") for each in (start, end))
    made = facts(**{"name": "www.example.com", "algorithm": "RSA", **more}, not_before=begins, not_after=ends)
    return replace(made, sha256=hashlib.sha256(f"{start} {end} {more}".encode()).hexdigest())


def stored(number: int, start: float, end: float = 100, **more: t.Any) -> StoredCertificate:
    changes = {name: more.pop(name) for name in ("uploaded", "expired") if name in more}
    return replace(STORED, number=number, facts=days(start, end, **more), **changes)


GIVEN = days(-10, 80)


@pytest.mark.parametrize(
    ("others", "after_days", "wanted"),
    [
        pytest.param([], 30, [], id="none"),
        pytest.param([stored(1, -60, 30)], 30, [], id="followed-lately"),
        pytest.param([stored(1, -60, 30)], 9, [1], id="followed-for-longer"),
        pytest.param([stored(1, -60, 30)], 10, [], id="not-more-than"),
        pytest.param([stored(1, -100, -5)], 30, [1], id="expired"),
        pytest.param([stored(1, -60, 0, expired=True)], 30, [1], id="expired-as-cas-says"),
        pytest.param([stored(2, -50, 40), stored(1, -120, 30)], 30, [1], id="followed-by-one-in-between"),
        pytest.param([stored(2, -50, -1), stored(1, -120, -1)], 30, [1, 2], id="oldest-first"),
        pytest.param([stored(1, -10, 20)], 0, [], id="begun-on-the-same-day"),
        pytest.param([stored(1, -5, -1)], 0, [], id="newer"),
        pytest.param([stored(1, -100, -5, algorithm="ECC")], 0, [], id="other-algorithm"),
        pytest.param([stored(1, -100, -5, name="example.com")], 0, [], id="other-names"),
        pytest.param([stored(1, -100, -5, uploaded=False)], 0, [], id="bought"),
        pytest.param([stored(1, -100, -5, uploaded=None)], 0, [], id="perhaps-bought"),
        pytest.param([replace(STORED, number=1, facts=replace(GIVEN, not_before="2026-01-01"))], 0, [], id="itself"),
        pytest.param(
            [replace(STORED, number=1, facts=replace(days(-100, -5), not_before=""))], 0, [], id="unknown-beginning"
        ),
    ],
)
def test_superseded(others, after_days, wanted):
    found = superseded(GIVEN, others, now=NOW, after_days=after_days)
    assert [one.number for one in found] == wanted


@pytest.mark.parametrize("bad", [days(-50, -2), days(3, 90), replace(GIVEN, not_before="soon")])
def test_nothing_is_superseded_by_what_is_no_good_itself(bad):
    assert superseded(bad, [stored(1, -100, -5)], now=NOW, after_days=0) == []


def test_certificates_without_names_supersede_nothing():
    """An empty list of names is the same as no other one."""
    others = [replace(STORED, number=1, facts=replace(days(-100, -5), names=()))]
    assert superseded(replace(GIVEN, names=()), others, now=NOW, after_days=0) == []


_STARTS = st.lists(st.integers(-200, 50), max_size=6)


@given(starts=_STARTS, ends=_STARTS, after_days=st.integers(0, 90))
def test_what_is_superseded_began_before_and_goes_for_good(starts, ends, after_days):
    others = [stored(number, start, end) for number, (start, end) in enumerate(zip(starts, ends, strict=False))]
    found = superseded(GIVEN, others, now=NOW, after_days=after_days)
    assert all(one.facts.not_before < GIVEN.not_before for one in found)
    left = [one for one in others if one not in found]
    again = superseded(GIVEN, left, now=NOW, after_days=after_days)
    assert again == []


# --- properties ------------------------------------------------------------------------------------------------------

TEXT = st.text("abcdefghijklmnopqrstuvwxyz0123456789+/=", min_size=20, max_size=60)
TAGS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "1", "2"]))


@given(pem=TEXT, key=TEXT)
def test_nothing_tells_pem_or_key(pem, key):
    wanted = StoredCertificate("shop", "cn-hangzhou", FACTS, tags={})
    plan = plan_present(None, wanted, upload=Upload(wanted, pem, key))
    assert plan.after is not None
    told = [repr(plan), json.dumps([plan.after.to_dict(), plan.after.summary()])]
    told += [step.sentence() for step in plan.steps]
    assert not [text for text in told if pem in text or key in text]


@given(
    found=st.sampled_from([None, STORED]),
    before=TAGS,
    after=TAGS,
    replaced=st.sampled_from([None, NAMESAKE]),
    retired=st.sampled_from([[], [OLD]]),
)
def test_a_plan_carried_out_leaves_nothing_to_plan(found, before, after, replaced, retired):
    there = found and replace(found, tags=before)
    plan = present(there, tags=after, replaced=None if found else replaced, retired=retired)
    assert plan.after is not None
    if plan.before is not None:
        assert set(plan.before.summary()) == set(plan.after.summary())
    made = plan.after.certificate.located(STORED)
    assert not present(made, tags=after).changed
    assert not plan_absent([]).changed
