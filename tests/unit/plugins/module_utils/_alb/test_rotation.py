# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import itertools
import json
import typing as t
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate, in_order
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listed import ListedListener
from ansible_collections.alicloud.tls.plugins.module_utils._alb.rotation import Aim, Rotation, plan
from ansible_collections.alicloud.tls.plugins.module_utils._x509.facts import CertificateFacts
from ansible_collections.alicloud.tls.plugins.module_utils._x509.names import covers
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import LISTENER
from hypothesis import given, settings, strategies as st

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
WWW, API, BOTH, ALL = (
    ("www.example.com",),
    ("api.example.com",),
    ("www.example.com", "api.example.com"),
    ("*.example.com",),
)


def made(
    number: int | None,
    names: Iterable[str] = WWW,
    algorithm: str = "RSA",
    days: int | None = 90,
    *,
    began: int = -30,
    content: object = None,
) -> Certificate:
    """
    A certificate as CAS tells it.

    :param days: how many it has left; None if CAS does not tell.
    :param content: what tells it from others; its number if none is given.
    """
    text = f"{number if content is None else content}"
    facts = CertificateFacts(
        subject=f"CN={text}",
        names=tuple(names),
        issuer="Example CA",
        not_before=f"{NOW + timedelta(days=began):%Y-%m-%d}",
        not_after="" if days is None else f"{NOW + timedelta(days=days):%Y-%m-%d}",
        algorithm=algorithm,
        key_size=None,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        sha1=None,
        serial=None,
    )
    return Certificate(None if number is None else f"{number}-cn-hangzhou", facts)


OLD = made(1, days=10)
OLD_ECC = made(2, algorithm="ECC", days=10)
NEW = made(11)
NEW_ECC = made(12, algorithm="ECC")
PLANNED = made(None, content="planned")
COPY = made(13, content=11)
OTHER = made(14, API)
OLD_API = made(3, API, days=10)
BOTH_NAMES = made(15, BOTH)
WILDCARD = made(16, ALL, days=60)
LONGER = made(17, days=200)
# Of which CAS tells less than somebody else.
BARE_COPY = made(13, algorithm="unknown", content=11)
UNKNOWN = Certificate("99-cn-hangzhou")
MORE_UNKNOWN = Certificate("98-cn-hangzhou")
NO_KIND = made(18, algorithm="unknown", days=10)
NO_NAMES = made(19, (), days=10)
NO_END = made(20, days=None)


def listed(default: Iterable[Certificate], additional: Iterable[Certificate] = ()) -> ListedListener:
    return ListedListener(replace(LISTENER, certificates=frozenset(default)), dict.fromkeys(additional, "Associated"))


def aim(new: Iterable[Certificate], *, old: Iterable[Certificate] | None = None, **more: t.Any) -> Aim:
    ids = None if old is None else {one.id for one in old}
    return Aim(new=new, now=NOW, superseded=None if ids is None else ids.__contains__, **{"named": True, **more})


def planned(one: ListedListener, wanted: Aim) -> Rotation:
    (found,) = plan([one], wanted)
    return found


def ids(certificates: Iterable[Certificate]) -> list[str | None]:
    return sorted((one.id for one in certificates), key=str)


def told(found: Rotation) -> tuple[list[str | None], list[str | None]]:
    return ids(found.planned_default), ids(found.planned_additional)


def reasons(found: Rotation) -> dict[str | None, str]:
    return {one.certificate.id: one.reason for one in found.unmatched}


# What is there (default, additional), what is wanted, and what is there afterwards.
_TABLE: dict[str, tuple[list[Certificate], list[Certificate], Aim, list[Certificate], list[Certificate]]] = {
    # By names.
    "default": ([OLD], [], aim([NEW]), [NEW], []),
    "additional": ([OTHER], [OLD], aim([NEW]), [OTHER], [NEW]),
    "default and additional": ([OLD], [OLD_API], aim([NEW, OTHER]), [NEW], [OTHER]),
    "planned": ([OLD], [], aim([PLANNED]), [PLANNED], []),
    "there already": ([NEW], [OTHER], aim([NEW]), [NEW], [OTHER]),
    "a copy of it": ([COPY], [], aim([NEW]), [COPY], []),
    "other algorithm": ([OLD_ECC], [], aim([NEW]), [OLD_ECC], []),
    "half of a pair": ([OLD, OLD_ECC], [], aim([NEW]), [NEW, OLD_ECC], []),
    "other half of a pair": ([OLD, OLD_ECC], [], aim([NEW_ECC]), [OLD, NEW_ECC], []),
    "both halves of a pair": ([OLD, OLD_ECC], [], aim([NEW_ECC, NEW]), [NEW, NEW_ECC], []),
    "other names": ([OLD_API], [], aim([NEW]), [OLD_API], []),
    "more names": ([OLD], [], aim([BOTH_NAMES]), [OLD], []),
    "fewer names": ([made(5, BOTH, days=10)], [], aim([NEW]), [made(5, BOTH, days=10)], []),
    "another order of names": ([made(5, reversed(BOTH), days=10)], [], aim([BOTH_NAMES]), [BOTH_NAMES], []),
    "another spelling of names": ([made(5, ["WWW.example.com."], days=10)], [], aim([NEW]), [NEW], []),
    "unknown": ([UNKNOWN], [OLD], aim([NEW]), [UNKNOWN], [NEW]),
    "unknown algorithm": ([NO_KIND], [], aim([NEW]), [NO_KIND], []),
    "unknown algorithm of the new one": ([OLD], [], aim([made(5, algorithm="unknown")]), [OLD], []),
    "unknown algorithms": ([NO_KIND], [], aim([made(5, algorithm="unknown")]), [NO_KIND], []),
    "unknown names": ([NO_NAMES], [], aim([NEW]), [NO_NAMES], []),
    "no names at all": ([NO_NAMES], [], aim([made(5, ())], names="covered"), [NO_NAMES], []),
    "covered": ([OLD], [OLD_API], aim([BOTH_NAMES], names="covered"), [BOTH_NAMES], []),
    "covered by a wildcard": ([OLD], [OLD_API], aim([WILDCARD], names="covered"), [WILDCARD], []),
    "not covered": (
        [OLD],
        [made(5, ["example.com"], days=10)],
        aim([WILDCARD], names="covered"),
        [WILDCARD],
        [made(5)],
    ),
    "partly covered": ([made(5, BOTH, days=10)], [], aim([NEW], names="covered"), [made(5)], []),
    "same names before more": ([OLD], [], aim([NEW, made(5, BOTH, days=300)], names="covered"), [NEW], []),
    "longest": ([OLD], [], aim([NEW, LONGER]), [LONGER], []),
    "newest": ([OLD], [], aim([made(5, began=-2), made(6, began=-1), made(7, began=-3)]), [made(6)], []),
    "last upload": ([OLD], [], aim([made(8), made(9), made(7)]), [made(9)], []),
    "planned is newest": ([OLD], [], aim([made(8), PLANNED]), [PLANNED], []),
    "one of several new ones": ([NEW], [], aim([NEW, LONGER]), [LONGER], []),
    "a copy of one of several new ones": ([BARE_COPY], [], aim([NEW, LONGER]), [LONGER], []),
    "several old ones": ([OTHER], [OLD, made(4, days=-3)], aim([NEW]), [OTHER], [NEW]),
    "ends on the same day": ([made(5, began=-1)], [], aim([NEW]), [NEW], []),
    "valid longer": ([LONGER], [], aim([NEW]), [LONGER], []),
    "unknown end": ([NO_END], [], aim([NEW]), [NO_END], []),
    "unknown end of the new one": ([OLD], [], aim([NO_END]), [OLD], []),
    "the longer does not fit": ([LONGER], [], aim([NEW, made(5, BOTH, days=300)], names="covered"), [made(5)], []),
    # What ALB does not take twice.
    "becomes default": ([OLD], [NEW, OTHER], aim([NEW]), [NEW], [OTHER]),
    "is default": ([NEW], [OLD, OTHER], aim([NEW]), [NEW], [OTHER]),
    "is additional": ([OTHER], [OLD, NEW], aim([NEW]), [OTHER], [NEW]),
    "old as default and another copy of it": ([OLD], [made(4, content=1, days=10)], aim([NEW]), [NEW], []),
    "a copy becomes default": ([OLD], [COPY], aim([NEW]), [COPY], []),
    "a copy is additional": ([OTHER], [OLD, COPY], aim([NEW]), [OTHER], [COPY]),
    "a copy is default": ([COPY], [OLD], aim([NEW]), [COPY], []),
    # All that CAS has.
    "of all in CAS": ([OLD], [], aim([OLD, NEW, OTHER, NEW_ECC], named=False, within_days=30), [NEW], []),
    "the oldest copy": ([OLD], [], aim([COPY, NEW], named=False, within_days=30), [NEW], []),
    # By expiry.
    "soon": ([OLD], [made(5, days=31)], aim([NEW], within_days=30), [NEW], [made(5)]),
    "exactly": ([made(5, days=30)], [], aim([NEW], within_days=30), [NEW], []),
    "expired": ([made(5, days=-1)], [], aim([NEW], within_days=0), [NEW], []),
    "last day": ([made(5, days=0)], [], aim([NEW], within_days=0), [NEW], []),
    "one day": ([made(5, days=1)], [], aim([NEW], within_days=0), [made(5)], []),
    # Explicit.
    "explicit": ([OLD], [OLD_API], aim([OTHER], old=[OLD]), [OTHER], [OLD_API]),
    "explicit, and ends before": ([LONGER], [], aim([NEW], old=[LONGER]), [NEW], []),
    "explicit, unknown": ([UNKNOWN], [OLD], aim([NEW], old=[UNKNOWN]), [NEW], [OLD]),
    "explicit, two unknown": ([UNKNOWN], [MORE_UNKNOWN], aim([NEW], old=[UNKNOWN, MORE_UNKNOWN]), [NEW], []),
    "explicit, a pair of unknown": ([UNKNOWN, MORE_UNKNOWN], [], aim([NEW], old=[UNKNOWN, MORE_UNKNOWN]), [NEW], []),
    "explicit, unknown and known": ([UNKNOWN, OLD], [], aim([NEW], old=[UNKNOWN, OLD]), [NEW], []),
    "explicit, unknown beside another kind": ([UNKNOWN, OLD_ECC], [], aim([NEW], old=[UNKNOWN]), [NEW, OLD_ECC], []),
    "explicit, unknown beside the same kind": ([UNKNOWN, OLD], [], aim([NEW], old=[UNKNOWN]), [UNKNOWN, OLD], []),
    "explicit, unknown beside the new": ([UNKNOWN, NEW], [], aim([NEW], old=[UNKNOWN]), [NEW], []),
    "explicit, unknown beside the new and a copy": ([UNKNOWN, NEW], [COPY], aim([NEW], old=[UNKNOWN]), [NEW], [COPY]),
    "explicit, unknown among several": ([UNKNOWN], [], aim([NEW, NEW_ECC], old=[UNKNOWN]), [UNKNOWN], []),
    "explicit, by algorithm": ([OLD, OLD_ECC], [], aim([OTHER, NEW_ECC], old=[OLD, OLD_ECC]), [OTHER, NEW_ECC], []),
    "explicit, by cover": ([OLD], [], aim([LONGER, OTHER, NEW], old=[OLD]), [LONGER], []),
    "explicit, none covers": ([OLD], [], aim([OTHER, made(5, ["b.example.com"])], old=[OLD]), [OLD], []),
    "explicit, no such algorithm": ([OLD], [], aim([NEW_ECC], old=[OLD]), [OLD], []),
    "explicit, nothing new": ([OLD], [], aim([], old=[OLD]), [OLD], []),
    "explicit, the same": ([COPY], [], aim([NEW], old=[COPY]), [COPY], []),
    "explicit, and new": ([OLD], [NEW], aim([OLD, NEW], old=[OLD]), [NEW], []),
    "explicit, all of them new": ([OLD], [NEW], aim([OLD, NEW], old=[OLD, NEW]), [OLD], [NEW]),
    "explicit, not there": ([OLD], [NEW], aim([OTHER], old=[LONGER]), [OLD], [NEW]),
    "explicit, by a copy that stays": ([OTHER], [OLD, COPY], aim([NEW], old=[OLD, COPY]), [OTHER], [COPY]),
    "explicit, in CAS": ([OLD], [], aim([OTHER, WILDCARD, NEW], named=False, old=[OLD]), [NEW], []),
    "explicit, only one in CAS": ([OLD], [], aim([OTHER, OLD], named=False, old=[OLD]), [OLD], []),
    "explicit, unknown algorithm in CAS": ([NO_KIND], [], aim([NEW], named=False, old=[NO_KIND]), [NO_KIND], []),
    "explicit, unknown algorithms": (
        [UNKNOWN, MORE_UNKNOWN],
        [],
        aim([made(5, algorithm="unknown")], old=[UNKNOWN]),
        [made(5), MORE_UNKNOWN],
        [],
    ),
    "explicit, unknown in CAS": ([UNKNOWN], [], aim([NEW], named=False, old=[UNKNOWN]), [UNKNOWN], []),
    "explicit, copy in CAS": ([OLD], [], aim([made(4, content=1, days=10), NEW], named=False, old=[OLD]), [NEW], []),
    "explicit, longer copy in CAS": (
        [LONGER],
        [],
        aim([made(4, content=17, days=200), NEW], named=False, old=[LONGER]),
        [NEW],
        [],
    ),
    "explicit, by another copy in CAS": (
        [COPY],
        [OLD],
        aim([NEW, made(5, days=50)], named=False, old=[COPY, OLD]),
        [made(5)],
        [NEW],
    ),
    "explicit and soon": ([OLD], [LONGER], aim([OTHER], old=[OLD, LONGER], within_days=30), [OTHER], [LONGER]),
}


@pytest.mark.parametrize("case", _TABLE)
def test_plan(case):
    default, additional, wanted, default_after, additional_after = _TABLE[case]
    found = planned(listed(default, additional), wanted)
    assert told(found) == (ids(default_after), ids(additional_after))
    assert found.changed is (told(found) != (ids(default), ids(additional)))
    assert not planned(listed(found.planned_default, found.planned_additional), wanted).changed


def test_what_is_told_of_changes():
    found = planned(listed([OLD], [OLD_API, UNKNOWN]), aim([OTHER], old=[OLD, OLD_API, UNKNOWN]))
    (default,) = found.default_changes
    assert (default.old, default.new, default.lost_names) == (OLD, OTHER, WWW)
    assert [(one.old, one.new, one.lost_names) for one in found.additional_changes] == [
        (UNKNOWN, OTHER, None),
        (OLD_API, OTHER, ()),
    ]
    assert default.to_dict(NOW)["days_left"] == 10
    assert found.additional_changes[0].to_dict(NOW)["days_left"] is None
    answer = found.to_dict(NOW)
    assert json.loads(json.dumps(answer)) == answer
    assert answer["status"] == "Running"
    assert answer["certificates"] == [OLD.to_dict()]
    assert [one["id"] for one in answer["additional_certificates"]] == [UNKNOWN.id, OLD_API.id]
    assert set(answer["additional_certificates"][0]) == set(OLD.to_dict())
    assert (answer["planned_certificates"], answer["planned_additional_certificates"]) == ([OTHER.to_dict()], [])


@pytest.mark.parametrize(
    ("staying", "lost"),
    [
        ([], list(BOTH)),
        ([OLD_API], [WWW[0]]),
        ([WILDCARD], []),
        ([OLD_API, made(7, WWW, "ECC")], []),
        ([UNKNOWN], list(BOTH)),
    ],
)
def test_names_that_something_else_covers_are_not_lost(staying, lost):
    old = made(5, BOTH)
    found = planned(listed([old], staying), aim([made(6, ["b.example.com"])], old=[old]))
    assert found.to_dict(NOW)["default_changes"][0]["lost_names"] == sorted(lost)


def test_names_that_change_with_it_are_not_lost_if_they_stay():
    found = planned(listed([OLD], [OLD_API]), aim([made(5, API), made(6, BOTH)], old=[OLD, OLD_API]))
    assert [one.lost_names for one in (*found.default_changes, *found.additional_changes)] == [(), ()]


_REASONS: list[tuple[str, Certificate, Aim, str]] = [
    (
        "nothing fits",
        OLD,
        aim([OTHER], within_days=30),
        "None of the new certificates is RSA and for exactly its names.",
    ),
    (
        "nothing covers",
        OLD,
        aim([OTHER, NEW_ECC], within_days=30, names="covered"),
        "None of the new certificates is RSA and for all of its names.",
    ),
    (
        "nothing in CAS",
        OLD,
        aim([OLD, OTHER], named=False, within_days=30),
        "No other valid certificate in CAS is RSA and for exactly its names.",
    ),
    (
        "nothing longer in CAS",
        OLD,
        aim([OLD, made(5, days=8)], named=False, within_days=30),
        "No other valid certificate in CAS that is RSA and for exactly its names is valid longer.",
    ),
    ("valid longer", LONGER, aim([NEW]), f"It is valid until 2027-06-11, longer than {NEW.label()}."),
    (
        "valid longer than what covers it",
        LONGER,
        aim([NEW, WILDCARD], names="covered"),
        f"It is valid until 2027-06-11, longer than {NEW.label()}.",
    ),
    ("end unknown", NO_END, aim([NEW]), f"Whether it is valid longer than {NEW.label()} is not known."),
    (
        "end of the new one unknown",
        OLD,
        aim([NO_END]),
        f"Whether it is valid longer than {NO_END.label()} is not known.",
    ),
    ("expiry unknown", UNKNOWN, aim([NEW], within_days=30), "CAS does not tell when it expires."),
    ("algorithm unknown", NO_KIND, aim([NEW], within_days=30), "CAS does not tell its algorithm, so that nothing"),
    ("names unknown", NO_NAMES, aim([NEW], within_days=30), "CAS does not tell its names, so that nothing"),
    ("explicit, nothing new", OLD, aim([], old=[OLD]), "There is no new certificate."),
    ("explicit, copy", COPY, aim([NEW], old=[COPY]), "It is a copy of one of the new certificates."),
    ("explicit, kind", OLD, aim([NEW_ECC], old=[OLD]), "None of the new certificates is RSA."),
    (
        "explicit, none covers",
        OLD,
        aim([OTHER, made(5, API)], old=[OLD]),
        "2 of the new certificates are RSA, and none of them is for all of its names.",
    ),
    (
        "explicit, names unknown",
        NO_NAMES,
        aim([OTHER, NEW], old=[NO_NAMES]),
        "2 of the new certificates are RSA, and CAS does not tell its names.",
    ),
    (
        "explicit, unknown",
        UNKNOWN,
        aim([OTHER, NEW], old=[UNKNOWN]),
        "CAS tells nothing of it, and there are 2 new certificates.",
    ),
    (
        "explicit, unknown, in CAS",
        UNKNOWN,
        aim([NEW], named=False, old=[UNKNOWN]),
        "CAS tells nothing of it, so that nothing can be found in its place.",
    ),
    (
        "explicit, names unknown, in CAS",
        NO_NAMES,
        aim([NEW], named=False, old=[NO_NAMES]),
        "CAS does not tell its names, so that nothing can be found in its place.",
    ),
    (
        "explicit, none covers in CAS",
        OLD,
        aim([OTHER], named=False, old=[OLD]),
        "No other valid certificate in CAS is RSA and for all of its names.",
    ),
    (
        "explicit, expiry unknown",
        UNKNOWN,
        aim([NEW], old=[UNKNOWN], within_days=3),
        "CAS does not tell when it expires.",
    ),
]


@pytest.mark.parametrize("default", [True, False])
@pytest.mark.parametrize(
    ("one", "wanted", "reason"), [each[1:] for each in _REASONS], ids=[each[0] for each in _REASONS]
)
def test_why_one_stays_is_told(one, wanted, reason, default):
    neighbour = made(50, ["neighbour.example.com"], "ECC", 500)
    where = ([one], [neighbour]) if default else ([neighbour], [one])
    found = planned(listed(*where), wanted)
    assert not found.changed
    (left,) = found.unmatched_to_dicts()
    assert left["reason"].startswith(reason)
    assert left["reason"].endswith(".")
    assert left["certificate"] == one.told()
    assert left["role"] == ("default" if default else "additional")
    place = {"id": "lsn-1", "load_balancer_id": "alb-1", "protocol": "HTTPS", "port": 443}
    assert {name: left[name] for name in place} == place


def test_why_a_pair_does_not_take_it_is_told():
    found = planned(listed([UNKNOWN, OLD]), aim([NEW], old=[UNKNOWN]))
    assert reasons(found) == {UNKNOWN.id: f"{NEW.label()} cannot be the default beside {OLD.label()}: both are RSA."}


@pytest.mark.parametrize(
    ("default", "wanted"),
    [
        pytest.param([NEW], aim([NEW], within_days=999), id="it is new"),
        pytest.param([COPY], aim([NEW], within_days=999), id="a copy of it is new"),
        pytest.param([LONGER], aim([NEW, LONGER]), id="it is the best of the new"),
        pytest.param([OTHER], aim([NEW]), id="other names"),
        pytest.param([LONGER], aim([NEW], within_days=30), id="not soon"),
        pytest.param([LONGER], aim([NEW], named=False, within_days=30), id="not soon in CAS"),
        pytest.param([UNKNOWN], aim([NEW]), id="unknown"),
        pytest.param([OLD], aim([], old=[NEW]), id="not asked for"),
        pytest.param([LONGER], aim([NEW], old=[LONGER], within_days=30), id="asked for, but not soon"),
    ],
)
def test_nothing_is_said_of_others(default, wanted):
    found = planned(listed(default), wanted)
    assert not found.changed
    assert found.unmatched == ()


def test_what_is_being_removed_counts_as_removed():
    one = ListedListener(
        replace(LISTENER, certificates=frozenset({OLD})), {OLD_API: "Dissociating", NEW: "Dissociating"}
    )
    found = planned(one, aim([NEW, OTHER]))
    assert told(found) == ([NEW.id], [])
    assert (found.additional, found.additional_changes) == (frozenset(), ())


def test_precise_moments_and_days_are_compared_as_days():
    """CAS may call 20:00 UTC the next day; a certificate that it does not have yet must not seem to end before."""
    facts = t.cast("CertificateFacts", PLANNED.facts)
    ends = "2027-01-30T20:00:00Z"
    new = Certificate(None, replace(facts, not_after=ends))
    for day, replaced in (("2027-01-30", True), ("2027-01-31", True), ("2027-02-01", False)):
        old = Certificate("1-cn-hangzhou", replace(facts, not_after=day, sha256="ab" * 32))
        assert planned(listed([old]), aim([new])).changed is replaced


def test_listeners_stay_in_their_order():
    every = [replace(listed([OLD]), listener=replace(LISTENER, id=f"lsn-{number}")) for number in (3, 1, 2)]
    assert [one.listed.listener.id for one in plan(every, aim([NEW]))] == ["lsn-3", "lsn-1", "lsn-2"]


# --- properties ------------------------------------------------------------------------------------------------------

_CONTENTS = itertools.product([WWW, API, BOTH, ALL, ()], ["RSA", "ECC", "unknown"], [90, 7, 91, -5, None], [-30, -1])
# Each with a copy, and as a certificate that is not uploaded.
_EVERY = [
    tuple(made(one, names, kind, days, began=began, content=number) for one in (2 * number, 2 * number + 1, None))
    for number, (names, kind, days, began) in enumerate(_CONTENTS, 100)
]


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[ListedListener, Aim]:
    """A listener that there can be, and what is wanted of it."""
    some = draw(st.lists(st.sampled_from(_EVERY), min_size=2, max_size=8))
    copies = [one for each in some for one in each[:2]]
    new = draw(st.lists(st.sampled_from([one for each in some for one in each]), max_size=6))
    # Some CAS no longer has, and nobody else tells of them.
    lost = draw(st.sets(st.sampled_from(copies), max_size=2)) - set(new)
    bound = [Certificate(one.id) if one in lost else one for one in copies]
    first, second, *additional = draw(st.lists(st.sampled_from(bound), min_size=2, max_size=7))
    kinds = _kind(first), _kind(second)
    pair = kinds[0] != kinds[1] or None in kinds
    default = {first, second} if pair and not _same_content(first, second) else {first}
    wanted = aim(
        new,
        old=draw(st.none() | st.sets(st.sampled_from(copies), min_size=1)),
        named=draw(st.booleans()),
        names=draw(st.sampled_from(["same", "covered"])),
        within_days=draw(st.sampled_from([None, None, 30])),
    )
    return listed(default, set(additional) - default), wanted


def _same_content(one: Certificate, other: Certificate) -> bool:
    return one.facts is not None and other.facts is not None and one.facts.sha256 == other.facts.sha256


def _kind(one: Certificate) -> str | None:
    return None if one.facts is None or one.facts.algorithm == "unknown" else one.facts.algorithm


@settings(max_examples=200)
@given(_worlds())
def test_properties(world):
    one, wanted = world
    found = planned(one, wanted)
    changes = [*found.default_changes, *found.additional_changes]
    bound, after = found.default | found.additional, found.planned_default | found.planned_additional
    new = list(wanted.new)

    # Nothing not asked for changes, and what is replaced goes.
    olds = {each.old for each in changes}
    assert after >= bound - olds - {each for each in bound if each in found.planned_default}
    assert not after & olds
    assert len(olds) == len(changes)
    assert {each.old for each in found.default_changes} <= found.default
    assert {each.old for each in found.additional_changes} <= found.additional
    # Each new one comes, and is one of those that were given, or a copy of it.
    assert after - bound <= {each.new for each in changes} <= after
    contents = {each.facts.sha256 for each in new if each.facts}
    assert {each.new.facts.sha256 for each in changes if each.new.facts} <= contents
    assert all(each.new.facts is not None for each in changes)
    # A listener has a default, and at most one of a kind; and nothing twice.
    assert 1 <= len(found.planned_default) <= len(found.default)
    kinds = [kind for each in found.planned_default if (kind := _kind(each))]
    assert len(set(kinds)) == len(kinds)
    assert not found.planned_default & found.planned_additional
    # Only what is asked for, by what is better.
    for each in changes:
        assert each.old.key != each.new.key
        if wanted.superseded is not None:
            assert wanted.superseded(str(each.old.id))
            # A copy of a new one may stay although it is named as an old one.
            assert each.new.id is None or each.new in bound or not wanted.superseded(each.new.id)
        else:
            assert _kind(each.old) is not None
            assert _kind(each.old) == _kind(each.new)
            assert each.old.facts is not None
            assert each.new.facts is not None
            assert each.old.facts.not_after[:10] <= each.new.facts.not_after[:10]
            assert all(covers(each.new.facts.names, name) for name in each.old.facts.names)
            assert each.lost_names == ()
        if wanted.within_days is not None:
            assert each.old.facts is not None
            assert t.cast("int", each.old.facts.days_left(NOW)) <= wanted.within_days
    # What is told to stay does.
    stays = {each.certificate for each in found.unmatched}
    assert not stays & olds
    assert stays <= after
    # There is nothing left to do then.
    assert not planned(listed(found.planned_default, found.planned_additional), wanted).changed
    # The order of what is given does not matter.
    turned = listed(in_order(found.default)[::-1], [*(one.additional or ())][::-1])
    assert planned(turned, replace(wanted, new=new[::-1])).to_dict(NOW) == found.to_dict(NOW)
