# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
from datetime import datetime, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import (
    Certificate,
    check_default_set,
    check_validity,
    in_order,
    site_of,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    ECC,
    PLANNED,
    RENEWED,
    RSA,
    THIRD,
    UNKNOWN,
    certificate,
    facts,
)

SHA256 = facts().sha256
SHA1 = "ab" * 20
KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("identifier", "wanted"),
    [
        pytest.param("1-cn-hangzhou", "cn-hangzhou", id="china"),
        pytest.param("1-ap-southeast-1", "ap-southeast-1", id="abroad"),
        pytest.param("1", None, id="number"),
        pytest.param("", None, id="empty"),
        pytest.param("160ae6bb538d538c70c01f81dcf20000", None, id="older-kind"),
    ],
)
def test_site_of(identifier, wanted):
    assert site_of(identifier) == wanted


def test_the_identifier_is_what_counts():
    assert certificate(11, "other.example.com") == RSA == Certificate("11-cn-hangzhou")
    assert len({RSA, Certificate("11-cn-hangzhou")}) == 1
    assert certificate(15) != RSA


def test_without_identifiers_the_content_counts():
    assert Certificate(None, facts()) == Certificate(None, facts())
    assert Certificate(None, facts()) != Certificate(None, facts("other.example.com"))
    assert Certificate(None, facts()) != Certificate("11-cn-hangzhou", facts())


def test_an_identifier_is_no_certificate():
    assert RSA != "11-cn-hangzhou"


def test_something_has_to_be_known():
    with pytest.raises(ValueError, match="facts"):
        Certificate(None)


def test_the_diff_does_not_show_identifiers_of_what_is_known():
    assert RSA.summary() == Certificate(None, RSA.facts).summary()
    assert UNKNOWN.summary() == {"id": "99-cn-hangzhou"}
    assert RSA.to_dict()["id"] == "11-cn-hangzhou"


def test_all_are_told_with_the_same_keys():
    assert RSA.told() == RSA.to_dict()
    assert UNKNOWN.told() == {**dict.fromkeys(RSA.to_dict()), "id": "99-cn-hangzhou"}


@pytest.mark.parametrize("given", list(itertools.permutations([RSA, ECC, UNKNOWN])))
def test_order_is_of_the_content(given):
    assert in_order(given) == in_order([RSA, ECC, UNKNOWN])
    assert [one.id for one in in_order(given)] == ["99-cn-hangzhou", "12-cn-hangzhou", "11-cn-hangzhou"]


def test_copies_have_an_order_too():
    copies = [Certificate(f"{number}-cn-hangzhou", RSA.facts) for number in range(11, 17)]
    assert in_order(copies[::-1]) == in_order(copies) == copies


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({RSA}, id="one-rsa"),
        pytest.param({ECC}, id="one-ecc"),
        pytest.param({RSA, ECC}, id="pair"),
        pytest.param({UNKNOWN}, id="one-unknown"),
        pytest.param({RSA, UNKNOWN}, id="pair-half-known"),
        pytest.param({PLANNED, ECC}, id="pair-half-planned"),
    ],
)
def test_default_sets(given):
    check_default_set(given)


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        pytest.param((), ("must not be empty",), id="none"),
        pytest.param({RSA, RENEWED}, ("one RSA and one ECC", "www.example.com", "renewed.example.com"), id="two-rsa"),
        pytest.param({ECC, THIRD}, ("one RSA and one ECC",), id="two-ecc"),
        pytest.param({RSA, certificate(16, algorithm="SM2")}, ("one RSA and one ECC", "SM2"), id="other-kind"),
        pytest.param({RSA, ECC, RENEWED}, ("one RSA and one ECC", "not 3"), id="three"),
        pytest.param({RSA, PLANNED}, ("planned.example.com",), id="two-rsa-one-planned"),
    ],
)
def test_what_is_no_default_set(given, parts):
    with pytest.raises(InputError) as caught:
        check_default_set(given)
    for part in parts:
        assert part in caught.value.message


NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("not_before", "not_after", "parts"),
    [
        pytest.param("2026-11-01T00:00:00Z", "2027-01-30T23:59:59Z", None, id="valid"),
        pytest.param("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z", None, id="only-now"),
        pytest.param(
            "", "2026-11-23T11:59:59Z", ("expired on 2026-11-23T11:59:59Z", "allow_expired"), id="a-second-ago"
        ),
        pytest.param(
            "2026-11-23T12:00:01Z", "", ("not valid before 2026-11-23T12:00:01Z", "allow_expired"), id="in-a-second"
        ),
        pytest.param("2026-11-23", "2026-11-23", None, id="dates-of-today"),
        pytest.param("2026-11-01", "2026-11-22", ("expired on 2026-11-22",), id="date-of-yesterday"),
        # Of which time zone is not told; in China it may have begun.
        pytest.param("2026-11-24", "2027-11-24", None, id="date-of-tomorrow"),
        pytest.param("2026-11-25", "2027-11-25", ("not valid before 2026-11-25",), id="date-of-the-day-after"),
        pytest.param("", "", None, id="unknown"),
        pytest.param("1999-01-01", "9999-12-31T23:59:59Z", None, id="forever"),
    ],
)
def test_validity(not_before, not_after, parts):
    one = Certificate("11-cn-hangzhou", facts(not_before=not_before, not_after=not_after))
    if parts is None:
        check_validity(one, NOON)
        return
    with pytest.raises(InputError) as caught:
        check_validity(one, NOON)
    for part in ("CN=www.example.com", *parts):
        assert part in caught.value.message


@pytest.mark.parametrize("when", [{"not_after": "2026-11-22"}, {"not_before": "2026-11-25"}])
def test_what_is_not_valid_comes_with_advice(when):
    with pytest.raises(InputError, match=r"2026-11-2\d\. Take another one\.$"):
        check_validity(Certificate("11-cn-hangzhou", facts(**when)), NOON, advice="Take another one.")


def test_validity_of_what_nobody_knows_is_not_judged():
    check_validity(UNKNOWN, NOON)
