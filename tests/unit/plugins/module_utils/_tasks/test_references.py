# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks on listeners share. The tasks themselves are tested through their modules, over HTTP."""

from __future__ import annotations

import types
import typing as t
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.task import Run
from ansible_collections.alicloud.tls.plugins.module_utils._cas.certificate import StoredCertificate
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError, NotFoundError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._tasks._references import (
    wanted_certificates,
    with_facts,
    with_known_facts,
)
from ansible_collections.alicloud.tls.plugins.module_utils._x509.facts import CertificateFacts
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    ECC,
    PLANNED,
    RENEWED,
    RSA,
    UNKNOWN,
    facts,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
EXPIRED = facts("old.example.com", not_after="2026-11-22T00:00:00Z")


@dataclass
class Store:
    """One CAS site. :ivar asked: for numbers, fingerprints and lists. :ivar told: numbers not to be asked for again."""

    site: str
    there: dict[int, CertificateFacts] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)

    def certificate(self, number: int) -> StoredCertificate:
        self.asked.append(number)
        if number not in self.there:
            raise NotFoundError(f"There is no certificate {number} in CAS {self.site}.")
        return StoredCertificate(f"www-{number}", self.site, self.there[number], number, f"{number}-{self.site}")

    def known(self, numbers: Iterable[int]) -> dict[int, CertificateFacts]:
        asked = [number for number in sorted(numbers) if number not in self.told]
        self.asked += asked
        self.told |= {number for number in asked if number in self.there}
        return {number: self.there[number] for number in numbers if number in self.there}

    def everything(self, *, expired: bool) -> list[StoredCertificate]:
        self.asked.append("expired" if expired else "all")
        return [
            StoredCertificate(self.names.get(number, f"www-{number}"), self.site, one, number, f"{number}-{self.site}")
            for number, one in self.there.items()
            if expired or not one.is_expired(NOW)
        ]

    def copies(self, sha256: str, **_how: object) -> list[StoredCertificate]:
        found = [number for number, one in self.there.items() if one.sha256 == sha256]
        stored = [self.certificate(number) for number in sorted(found)]
        self.asked[:] = [one for one in self.asked if one not in found] + [sha256[:6]]
        return stored


@dataclass
class World:
    region: str = "cn-hangzhou"
    stores: dict[str, Store] = field(default_factory=dict)

    def store(self, site: str | None = None) -> Store:
        wanted = site or "cn-hangzhou"
        return self.stores.setdefault(wanted, Store(wanted))

    def run(self, *, check_mode: bool = False, **params: t.Any) -> Run:
        cloud = types.SimpleNamespace(
            certificates=self.store,
            access=Access(self.region),
        )
        given = {"allow_expired": False, **params}
        return Run(given, check_mode, "/", NOW, t.cast("t.Any", None), t.cast("t.Any", cloud))


def hangzhou(*certificates: Certificate, **more: CertificateFacts) -> World:
    known = {int((one.id or "").partition("-")[0]): one.facts for one in certificates if one.facts}
    known.update({int(number.removeprefix("n")): one for number, one in more.items()})
    return World(stores={"cn-hangzhou": Store("cn-hangzhou", known)})


NOTHING: frozenset[Certificate] = frozenset()


@pytest.mark.parametrize(
    ("values", "bound", "asked"),
    [
        pytest.param(["11-cn-hangzhou"], {RSA}, [], id="bound"),
        pytest.param([RSA.to_dict()], NOTHING, [], id="object"),
        pytest.param(["11-cn-hangzhou"], {ECC}, [11], id="identifier"),
        pytest.param(["11"], {RSA}, [11], id="number"),
        pytest.param([facts().sha256], {ECC}, [facts().sha256[:6]], id="fingerprint"),
        pytest.param([{"id": "11-cn-hangzhou"}], {RSA}, [], id="object-id-only-bound"),
    ],
)
def test_what_is_known_is_not_asked_about(values, bound, asked):
    world = hangzhou(RSA, ECC)
    assert wanted_certificates(world.run(), values, frozenset(bound)) == {RSA}
    assert world.stores["cn-hangzhou"].asked == asked


def test_the_site_in_an_identifier_goes_before_that_of_the_region():
    world = World("cn-hangzhou", {"ap-southeast-1": Store("ap-southeast-1", {5: facts()})})
    assert wanted_certificates(world.run(), ["5-ap-southeast-1"], NOTHING) == {Certificate("5-ap-southeast-1")}


def test_of_several_copies_the_bound_one_is_meant():
    world = hangzhou(n5=facts(), n6=facts())
    assert wanted_certificates(world.run(), [facts().sha256], frozenset({Certificate("6-cn-hangzhou")})) == {
        Certificate("6-cn-hangzhou")
    }
    assert wanted_certificates(world.run(), [facts().sha256], NOTHING) == {Certificate("5-cn-hangzhou")}


def test_check_mode_takes_a_certificate_that_is_not_uploaded():
    assert wanted_certificates(World().run(check_mode=True), [PLANNED.to_dict()], NOTHING) == {PLANNED}


def test_check_mode_prefers_what_is_uploaded_by_now():
    planned = Certificate(None, RSA.facts).to_dict()
    assert wanted_certificates(hangzhou(RSA).run(check_mode=True), [planned], NOTHING) == {RSA}


@pytest.mark.parametrize(
    ("values", "kind", "parts"),
    [
        pytest.param(["99-cn-hangzhou"], NotFoundError, ("99", "cn-hangzhou"), id="unknown-identifier"),
        pytest.param(["99"], NotFoundError, ("99",), id="unknown-number"),
        pytest.param(["0" * 64], NotFoundError, ("CAS cn-hangzhou", "0" * 64), id="unknown-fingerprint"),
        pytest.param(
            [PLANNED.to_dict()], NotFoundError, ("planned.example.com", "cas_certificate first"), id="not-uploaded"
        ),
        pytest.param(["11-cn-hangzhou", "11"], InputError, ("twice", "www.example.com"), id="twice"),
        pytest.param(["11", facts().sha256], InputError, ("twice",), id="twice-by-content"),
        pytest.param(["16"], InputError, ("old.example.com", "expired on", "allow_expired"), id="expired"),
        pytest.param(["-5"], InputError, ("'-5' does not name a certificate",), id="garbage"),
    ],
)
def test_certificates_that_cannot_be_used(values, kind, parts):
    with pytest.raises(kind) as caught:
        wanted_certificates(hangzhou(RSA, n16=EXPIRED).run(), values, NOTHING)
    for part in parts:
        assert part in caught.value.message


def test_an_expired_certificate_may_be_wanted_or_stay():
    world = hangzhou(n16=EXPIRED)
    wanted = {Certificate("16-cn-hangzhou")}
    assert wanted_certificates(world.run(allow_expired=True), ["16"], NOTHING) == wanted
    assert wanted_certificates(world.run(), ["16"], frozenset(wanted)) == wanted


def test_facts_are_asked_for_where_they_are_missing():
    world = hangzhou(RENEWED)
    bare = Certificate("13-cn-hangzhou")
    found = {one.id: one.facts for one in with_facts(world.run(), frozenset({RSA, bare, UNKNOWN, Certificate("odd")}))}
    assert found == {"11-cn-hangzhou": RSA.facts, "13-cn-hangzhou": RENEWED.facts, "99-cn-hangzhou": None, "odd": None}
    assert sorted(map(str, world.stores["cn-hangzhou"].asked)) == ["13", "99"]


def test_facts_are_taken_from_where_they_are_known():
    bare = frozenset({Certificate("11-cn-hangzhou"), UNKNOWN})
    found = {one.id: one.facts for one in with_known_facts(bare, frozenset({ECC}), frozenset({RSA}))}
    assert found == {"11-cn-hangzhou": RSA.facts, "99-cn-hangzhou": None}


# --- by name, SHA-1 and domain ---------------------------------------------------------------------------------------

OLD_RSA = facts("shop.example.com", not_before="2026-08-01T00:00:00Z", not_after="2026-12-01T00:00:00Z")
NEW_RSA = facts("shop.example.com", not_before="2026-11-01T00:00:00Z", not_after="2027-02-01T00:00:00Z")
NEW_ECC = replace(
    facts("shop.example.com", not_before="2026-11-01T09:00:00Z", not_after="2027-02-01T00:00:00Z"),
    algorithm="ECC",
    sha256="e" * 64,
    sha1="e" * 40,
)
WILDCARD = facts("*.example.com", not_before="2026-10-01T00:00:00Z", not_after="2027-01-01T00:00:00Z")
LAPSED = facts("lapsed.example.org", not_after="2026-11-22T00:00:00Z")
ODD = {20: "xn--bcher-kva.example", 21: "192.0.2.1", 22: "2001:db8::1"}
FUTURE = facts("shop.example.com", not_before="2026-12-24T00:00:00Z", not_after="2027-12-01T00:00:00Z")


def meant(world: World, value: object, bound: Iterable[str] = (), **params: t.Any) -> str | None:
    (found,) = wanted_certificates(world.run(**params), [value], frozenset(map(Certificate, bound)))
    assert found.facts is not None
    return found.id


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        pytest.param("www-12", "12-cn-hangzhou", id="name"),
        pytest.param({"name": "www-12"}, "12-cn-hangzhou", id="name-object"),
        pytest.param("name:www-12", "12-cn-hangzhou", id="name-prefix"),
        pytest.param("e" * 40, "13-cn-hangzhou", id="sha1"),
        pytest.param("domain:shop.example.com/RSA", "12-cn-hangzhou", id="newest-rsa"),
        pytest.param("domain:SHOP.example.com/ECC", "13-cn-hangzhou", id="newest-ecc"),
        pytest.param("domain:mail.example.com", "14-cn-hangzhou", id="by-wildcard"),
        pytest.param("domain:*.example.com", "14-cn-hangzhou", id="wildcard-itself"),
        pytest.param("domain:BÜCHER.example.", "20-cn-hangzhou", id="unicode"),
        pytest.param("domain:xn--bcher-kva.example/RSA", "20-cn-hangzhou", id="its-a-label"),
        pytest.param("domain:192.0.2.1", "21-cn-hangzhou", id="address"),
        pytest.param("domain:2001:DB8:0:0::1", "22-cn-hangzhou", id="long-address"),
        pytest.param("domain:[2001:db8::1]/rsa", "22-cn-hangzhou", id="address-in-brackets"),
    ],
)
def test_a_certificate_is_found_in_the_list(value, wanted):
    odd = {f"n{number}": facts(name) for number, name in ODD.items()}
    world = hangzhou(n11=OLD_RSA, n12=NEW_RSA, n13=NEW_ECC, n14=WILDCARD, n15=EXPIRED, n16=FUTURE, **odd)
    assert meant(world, value) == wanted
    assert world.store().asked == ["all"]


def test_expired_ones_are_listed_only_if_no_other_has_the_name():
    world = hangzhou(n12=NEW_RSA, n15=EXPIRED)
    assert meant(world, "www-15", allow_expired=True) == "15-cn-hangzhou"
    assert world.store().asked == ["all", "expired"]


def test_of_two_copies_of_the_newest_the_bound_one_is_meant():
    world = hangzhou(n12=NEW_RSA, n17=NEW_RSA)
    assert meant(world, "domain:shop.example.com") == "12-cn-hangzhou"
    assert meant(world, "domain:shop.example.com", ["17-cn-hangzhou"]) == "17-cn-hangzhou"


@pytest.mark.parametrize(
    ("value", "kind", "parts"),
    [
        pytest.param(
            "domain:shop.example.com",
            InputError,
            ("may be several", "12-cn-hangzhou", "13-cn-hangzhou", "/ECC"),
            id="pair-of-one-day",
        ),
        pytest.param("www-14", InputError, ("may be several", "14-cn-hangzhou", "19-cn-hangzhou"), id="name-twice"),
        pytest.param("nobody", NotFoundError, ("named 'nobody'", "12345678-cn-hangzhou"), id="no-such-name"),
        pytest.param("0" * 40, NotFoundError, ("0" * 40,), id="no-such-sha1"),
        pytest.param("domain:other.example", NotFoundError, ("no valid certificate", "other.example"), id="no-domain"),
        pytest.param("domain:a.b.example.com", NotFoundError, ("a.b.example.com",), id="two-labels"),
        pytest.param("domain:mail.example.com/ECC", NotFoundError, ("no valid ECC certificate",), id="no-such-kind"),
        pytest.param("domain:192.0.2.2", NotFoundError, ("192.0.2.2",), id="no-such-address"),
        pytest.param("domain:a b.example", InputError, ("no host name",), id="no-name-at-all"),
        pytest.param("domain:shop.example.com/DSA", InputError, ("RSA or ECC",), id="no-such-algorithm"),
        pytest.param("domain:lapsed.example.org", NotFoundError, ("no valid certificate",), id="expired-domain"),
    ],
)
def test_what_is_not_found_or_may_be_several(value, kind, parts):
    world = hangzhou(
        n11=OLD_RSA, n12=NEW_RSA, n13=NEW_ECC, n14=WILDCARD, n15=EXPIRED, n16=FUTURE, n18=LAPSED, n19=NEW_ECC
    )
    world.store().names = {19: "www-14"}
    with pytest.raises(kind) as caught:
        meant(world, value)
    for part in parts:
        assert part in caught.value.message


def test_many_are_read_at_once():
    world = hangzhou(n11=OLD_RSA, n12=NEW_RSA, n13=NEW_ECC, n14=WILDCARD)
    values = [f"{number}-cn-hangzhou" for number in (11, 12, 13, 14)]
    found = wanted_certificates(world.run(), values, NOTHING)
    assert {one.id for one in found} == set(values)
    assert world.store().asked == [11, 12, 13, 14]


def test_a_line_of_a_key_is_not_repeated():
    line = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/x+y"
    with pytest.raises(NotFoundError) as caught:
        meant(World(), line)
    assert line not in caught.value.message
