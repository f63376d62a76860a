# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from collections.abc import Callable
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._cas.certificate import (
    Delete,
    StoredCertificate,
    Tag,
    Untag,
    Upload,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import (
    ApiError,
    DeadlineError,
    InputError,
    NotFoundError,
)
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import cas, certificates
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.cas import CasApi
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.certificates import ServerCertificates, _keyword
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import facts
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

Gateway = Callable[..., tuple[ServerCertificates, FakeConnection]]

FACTS = facts()
EXPIRED = facts(not_after="2026-11-22T23:59:59Z")
MISSING = api_error("NotFound", status=404)


@pytest.fixture
def gateway(monkeypatch, time) -> Gateway:
    """The gateway and the connection behind it, made from what each action answers; 10 s of fake time."""
    monkeypatch.setattr(certificates, "_today", lambda: "2026-11-23")

    def make(**answers: t.Any) -> tuple[ServerCertificates, FakeConnection]:
        fake = FakeConnection(answers)
        monkeypatch.setattr(cas, "Connection", lambda **_given: fake)
        access = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret")
        return ServerCertificates(CasApi(access, time.pace(10), CallLog(), "cn-hangzhou")), fake

    return make


def row(number: int, sha256: str = FACTS.sha256) -> dict[str, t.Any]:
    return {"CertificateId": number, "Name": f"www-{number}", "Sha2": sha256.upper()}


def other_rows(first: int, count: int) -> list[dict[str, t.Any]]:
    return [row(number, "00" * 32) for number in range(first, first + count)]


def detail(parameters: dict[str, t.Any]) -> dict[str, t.Any]:
    number = parameters["CertId"]
    return {
        "Id": number,
        "Name": f"www-{number}",
        "CertIdentifier": f"{number}-cn-hangzhou",
        "Common": "www.example.com",
        "Sans": "www.example.com, example.com",
        "Issuer": "Example CA",
        "StartDate": "2026-11-01",
        "EndDate": "2027-01-30",
        "Algorithm": "RSA",
        "Sha2": FACTS.sha256.upper(),
        "Fingerprint": "AB" * 20,
        "SerialNo": "001F",
    }


class Listing:
    """
    ListUserCertificateOrder as it is: pages, a keyword that may miss, and expired ones only when asked for.

    :ivar asked: keyword, status and page of each call.
    """

    def __init__(
        self,
        valid: list[dict[str, t.Any]],
        expired: list[dict[str, t.Any]] | None = None,
        *,
        by_keyword: list[dict[str, t.Any]] | None = None,
    ) -> None:
        self._valid, self._expired, self._by_keyword = valid, expired or [], by_keyword
        self.asked: list[tuple[str | None, str | None, int]] = []

    def __call__(self, parameters: dict[str, t.Any]) -> dict[str, t.Any]:
        keyword, status, page = (parameters.get(name) for name in ("Keyword", "Status", "CurrentPage"))
        self.asked.append((keyword, status, t.cast("int", page)))
        assert parameters["OrderType"] in {"CERT", "UPLOAD"}
        size = parameters["ShowSize"]
        rows = self._expired if status == "EXPIRED" else self._valid
        if keyword is not None and self._by_keyword is not None and status is None:
            rows = self._by_keyword
        start = (t.cast("int", page) - 1) * size
        return {"CertificateOrderList": rows[start : start + size], "TotalCount": len(rows), "ShowSize": size}


def found_with(gateway: Gateway, listing: Listing, **how: t.Any) -> list[int | None]:
    made, _fake = gateway(ListUserCertificateOrder=listing, GetUserCertificateDetail=detail)
    return [one.number for one in made.copies(FACTS.sha256, **how)]


def test_a_certificate_is_found_by_its_name_in_one_call(gateway):
    listing = Listing([*other_rows(100, 500), row(7)], by_keyword=[row(8, "11" * 32), row(7)])
    assert found_with(gateway, listing, facts=FACTS) == [7]
    assert listing.asked == [("www.example.com", None, 1)]


def test_a_keyword_that_misses_is_followed_by_everything(gateway):
    listing = Listing([*other_rows(100, 60), row(7)], by_keyword=[])
    assert found_with(gateway, listing, facts=FACTS) == [7]
    assert listing.asked == [("www.example.com", None, 1), (None, None, 1), (None, None, 2)]


def test_all_pages_are_read(gateway):
    listing = Listing([*other_rows(100, 50), row(9), *other_rows(200, 60), row(7)])
    assert found_with(gateway, listing) == [7, 9]
    assert [page for _keyword, status, page in listing.asked if status is None] == [1, 2, 3]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100])
def test_no_page_too_many(gateway, count):
    listing = Listing(other_rows(100, count))
    assert found_with(gateway, listing, facts=replace(FACTS, subject="", names=())) == []
    assert len(listing.asked) == max(1, -(-count // 50))


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        pytest.param(replace(FACTS, subject="", names=()), [None], id="valid"),
        pytest.param(replace(EXPIRED, subject="", names=()), [None, "EXPIRED"], id="expired"),
        pytest.param(
            replace(FACTS, subject="", names=(), not_after="2026-11-23T23:59:59Z"), [None, "EXPIRED"], id="last-day"
        ),
        pytest.param(replace(FACTS, subject="", names=(), not_after="2026-11-24"), [None], id="tomorrow"),
        pytest.param(replace(FACTS, subject="", names=(), not_after=""), [None, "EXPIRED"], id="unknown-expiry"),
        pytest.param(None, [None, "EXPIRED"], id="unknown"),
    ],
)
def test_expired_ones_are_listed_only_when_needed(gateway, known, asked):
    listing = Listing([])
    assert found_with(gateway, listing, facts=known) == []
    assert [status for _keyword, status, _page in listing.asked] == asked


def test_an_expired_copy_is_found(gateway):
    assert found_with(gateway, Listing([], [row(7)])) == [7]


def test_what_is_in_two_lists_is_one_certificate(gateway):
    assert found_with(gateway, Listing([row(7)], [row(7), row(3)])) == [3, 7]


def test_no_more_is_read_than_asked_for(gateway):
    made, fake = gateway(ListUserCertificateOrder=Listing([row(9), row(7)]), GetUserCertificateDetail=detail)
    assert [one.number for one in made.copies(FACTS.sha256, facts=FACTS, most=1)] == [7]
    assert fake.actions == ["ListUserCertificateOrder", "GetUserCertificateDetail"]


def listed(number: int, **changes: t.Any) -> dict[str, t.Any]:
    return {"CertificateId": str(number), "CertIdentifier": f"{number}-cn-hangzhou", "Algorithm": "ECC", **changes}


def everything(gateway: Gateway, rows: list[dict[str, t.Any]], more: list[dict[str, t.Any]]) -> t.Any:
    made, fake = gateway(
        ListUserCertificateOrder=Listing(rows),
        ListCertificates=[{"CertificateList": more, "TotalCount": len(more)}],
        GetUserCertificateDetail=detail,
    )
    return made.everything(expired=False), fake.actions


def test_certificates_of_both_lists(gateway):
    rows = [{**row(9), "Upload": True}, {"Name": "an order"}, {**row(7), "Upload": False}]
    found, actions = everything(gateway, rows, [listed(7, UsingProductList=["ALB"]), listed(8), listed(9, KeySize=256)])
    assert [(one.number, one.id, one.uploaded, one.products) for one in found] == [
        (7, "7-cn-hangzhou", False, ("ALB",)),
        (9, "9-cn-hangzhou", True, None),
    ]
    assert (found[1].name, found[1].facts.algorithm, found[1].facts.key_size) == ("www-9", "ECC", 256)
    assert actions == ["ListCertificates", "ListUserCertificateOrder"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(row(7), [], id="only-in-one"),
        pytest.param(row(7), [listed(7, CertIdentifier=None)], id="no-identifier"),
        pytest.param({**row(7), "Sha2": None}, [listed(7)], id="no-fingerprint"),
    ],
)
def test_what_the_lists_lack_is_asked_for(gateway, first, second):
    found, actions = everything(gateway, [first], second)
    assert [(one.id, one.name, one.facts.sha256) for one in found] == [("7-cn-hangzhou", "www-7", FACTS.sha256)]
    assert actions[-1] == "GetUserCertificateDetail"


def test_a_certificate_without_fingerprint_is_left_out(gateway):
    made, _fake = gateway(
        ListUserCertificateOrder=Listing([{**row(7), "Sha2": ""}, row(9)]),
        ListCertificates=[{"CertificateList": [listed(7), listed(9)], "TotalCount": 2}],
        GetUserCertificateDetail=[{**detail({"CertId": 7}), "Sha2": None}],
    )
    assert [one.number for one in made.everything(expired=False)] == [9]


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("CN=www.example.com", "www.example.com"),
        ("O=Acme,CN=www.example.com,C=DE", "www.example.com"),
        ("CN=*.example.com,O=Acme", "*.example.com"),
        ("CN=Acme\\, Inc.,O=Acme", "shop.example.com"),
        ("CN=,O=Acme", "shop.example.com"),
        ("O=Acme", "shop.example.com"),
        ("", "shop.example.com"),
    ],
)
def test_keywords(subject, wanted):
    assert _keyword(replace(FACTS, subject=subject, names=("what is this?", "shop.example.com"))) == wanted


def test_without_names_there_is_no_keyword():
    assert _keyword(replace(FACTS, subject="O=Acme", names=())) is None


def test_without_facts_there_is_no_keyword():
    assert _keyword(None) is None


def test_a_certificate_is_read_without_its_key(gateway):
    made, fake = gateway(GetUserCertificateDetail=detail)
    found = made.certificate(7)
    assert (found.name, found.site, found.number, found.id) == ("www-7", "cn-hangzhou", 7, "7-cn-hangzhou")
    assert found.facts.to_dict() == {
        "subject": "CN=www.example.com",
        "names": ["www.example.com", "example.com"],
        "issuer": "Example CA",
        "not_before": "2026-11-01",
        "not_after": "2027-01-30",
        "algorithm": "RSA",
        "key_size": None,
        "sha256": FACTS.sha256,
        "sha1": "ab" * 20,
        "serial": "1f",
    }
    assert fake.calls[0].parameters == {"CertId": 7, "CertFilter": True}


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        pytest.param({"Sans": None}, (), id="no-sans"),
        pytest.param({"Sans": "", "Common": None}, (), id="no-names"),
        pytest.param({"Sha2": None, "CertSha2": FACTS.sha256}, ("www.example.com", "example.com"), id="other-field"),
        pytest.param({"Id": "7", "Algorithm": None}, ("www.example.com", "example.com"), id="number-as-text"),
    ],
)
def test_what_is_told_differs(gateway, changes, names):
    made, _fake = gateway(GetUserCertificateDetail=[{**detail({"CertId": 7}), **changes}])
    found = made.certificate(7)
    assert (found.number, found.facts.names, found.facts.sha256) == (7, names, FACTS.sha256)


@pytest.mark.parametrize("code", ["NotFound", "NotFound.Certificate"])
def test_an_unknown_certificate(gateway, code):
    made, _fake = gateway(GetUserCertificateDetail=[api_error(code)])
    with pytest.raises(NotFoundError) as caught:
        made.certificate(7)
    for part in ("no certificate 7 in CAS cn-hangzhou", "api.test", "cas_site"):
        assert part in caught.value.message


def test_other_refusals_stay_as_they_are(gateway):
    made, _fake = gateway(GetUserCertificateDetail=[api_error("NotFoundButOtherwise")])
    with pytest.raises(ApiError):
        made.certificate(7)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        pytest.param({}, None, id="not-told"),
        pytest.param({"Tags": None}, {}, id="null"),
        pytest.param({"Tags": []}, {}, id="none"),
        pytest.param(
            {"Tags": [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "b", "TagValue": None}, {"TagKey": ""}]},
            {"a": "1", "b": ""},
            id="some",
        ),
    ],
)
def test_tags_are_read(gateway, changes, wanted):
    made, _fake = gateway(GetUserCertificateDetail=[{**detail({"CertId": 7}), **changes}])
    assert made.certificate(7).tags == wanted


@pytest.mark.parametrize(
    ("changes", "wanted"), [({}, None), ({"BuyInAliyun": True}, False), ({"BuyInAliyun": False}, True)]
)
def test_whether_it_was_uploaded(gateway, changes, wanted):
    made, _fake = gateway(GetUserCertificateDetail=[{**detail({"CertId": 7}), **changes}])
    assert made.certificate(7).uploaded is wanted


def test_nothing_is_found_under_an_unknown_number(gateway):
    made, _fake = gateway(GetUserCertificateDetail=[MISSING])
    assert made.find(7) is None


@pytest.mark.parametrize(
    ("answer", "products", "key_size"),
    [
        pytest.param({"UsingProductList": ["ALB", "CDN"], "KeySize": 3072}, ("ALB", "CDN"), 3072, id="used"),
        pytest.param({"UsingProductList": []}, (), None, id="unused"),
        pytest.param({}, (), None, id="not-told"),
        pytest.param(MISSING, (), None, id="deleted-meanwhile"),
    ],
)
def test_products_that_use_it(gateway, answer, products, key_size):
    made, fake = gateway(GetUserCertificateDetail=detail, GetCertificateDetail=[answer])
    found = made.with_products(made.certificate(7))
    assert (found.products, found.facts.key_size) == (products, key_size)
    assert fake.calls[-1][:2] == ("GetCertificateDetail", {"CertificateId": 7})


def test_products_are_not_guessed(gateway):
    made, _fake = gateway(GetUserCertificateDetail=detail, GetCertificateDetail=[api_error("Forbidden.RAM")])
    with pytest.raises(ApiError):
        made.with_products(made.certificate(7))


def test_names_in_use(gateway):
    listing = Listing([*other_rows(100, 60), row(7)], [row(9), {**row(10), "Name": None}])
    made, _fake = gateway(ListUserCertificateOrder=listing)
    assert made.numbers_of({"www-7", "www-9", "WWW-7", "www-100"}) == {"www-7": 7, "www-9": 9, "www-100": 100}
    assert [(status, page) for _keyword, status, page in listing.asked] == [(None, 1), (None, 2), ("EXPIRED", 1)]


WANTED = StoredCertificate(name="www", site="cn-hangzhou", facts=FACTS)
UPLOAD = Upload(WANTED, "the pem", "the key")


def test_upload(gateway):
    made, fake = gateway(UploadUserCertificate=[{"CertId": 7, "ResourceId": "cas-upload-x"}])
    sent = made.send(UPLOAD)
    assert (sent, sent.number) == (WANTED, 7)
    assert fake.calls == [("UploadUserCertificate", {}, {"Name": "www", "Cert": "the pem", "Key": "the key"})]


@pytest.mark.parametrize(
    ("listing", "wanted"),
    [
        pytest.param(Listing([row(7), row(9)]), {"CertId": 9}, id="newest"),
        pytest.param(Listing([], [row(9)]), {"CertId": 9}, id="expired"),
        pytest.param(Listing(other_rows(1, 3)), None, id="not-there"),
    ],
)
def test_whether_a_lost_upload_was_made(gateway, listing, wanted):
    made, fake = gateway(UploadUserCertificate=[{"CertId": 7}], ListUserCertificateOrder=listing)
    made.send(UPLOAD)
    assert fake.landed is not None
    assert fake.landed() == wanted


def test_a_name_that_another_certificate_has(gateway):
    made, _fake = gateway(UploadUserCertificate=[api_error("NameRepeat")], ListUserCertificateOrder=Listing([]))
    with pytest.raises(InputError) as caught:
        made.send(UPLOAD)
    for part in ("CAS cn-hangzhou", "another certificate named 'www'", "REQ-1"):
        assert part in caught.value.message


def test_a_name_that_the_same_certificate_has(gateway):
    """Uploaded by another host of the same play a moment ago: it is there, under this name, as wanted."""
    made, _fake = gateway(UploadUserCertificate=[api_error("NameRepeat")], ListUserCertificateOrder=Listing([row(7)]))
    assert made.send(UPLOAD).number == 7


def test_delete(gateway):
    stored = replace(WANTED, number=7)
    made, fake = gateway(DeleteUserCertificate=[{}])
    assert made.send(Delete(stored)) is stored
    assert fake.calls[0][:2] == ("DeleteUserCertificate", {"CertId": 7})


def test_upload_with_more(gateway):
    made, fake = gateway(UploadUserCertificate=[{"CertId": 7}])
    wanted = replace(WANTED, tags={"team": "web", "env": ""}, resource_group_id="rg-1")
    more = {
        "Tags": [{"Key": "env", "Value": ""}, {"Key": "team", "Value": "web"}],
        "ResourceGroupId": "rg-1",
    }
    material = {"Name": "www", "Cert": "the pem", "Key": "the key"}
    made.send(replace(UPLOAD, certificate=wanted))
    made.send(replace(UPLOAD, certificate=wanted, key_in_url=True))
    assert fake.calls == [
        ("UploadUserCertificate", more, material),
        ("UploadUserCertificate", {**more, **material}, None),
    ]


def test_tags_are_written_by_the_instance(gateway):
    stored = replace(WANTED, number=7, instance_id="cas-upload-1")
    made, fake = gateway(TagResources=[{}], UntagResources=[{}])
    made.send(Tag(stored, {"b": "2", "a": "1"}))
    made.send(Untag(stored, ("c", "d")))
    target = {"RegionId": "cn-hangzhou", "ResourceType": "instance", "ResourceId": ["cas-upload-1"]}
    assert [call[:2] for call in fake.calls] == [
        ("TagResources", {**target, "Tag": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}),
        ("UntagResources", {**target, "TagKey": ["c", "d"]}),
    ]


@pytest.mark.parametrize(
    ("step", "seen"),
    [
        (Tag(WANTED, {"a": "1"}), [[], [{"TagKey": "a", "TagValue": "0"}], [{"TagKey": "a", "TagValue": "1"}]]),
        (Untag(WANTED, ("a", "b")), [[{"TagKey": "b", "TagValue": ""}], [{"TagKey": "a", "TagValue": ""}], None]),
    ],
    ids=["tag", "untag"],
)
def test_tags_are_waited_for(gateway, time, step, seen):
    made, fake = gateway(GetUserCertificateDetail=[{"Tags": tags} for tags in seen])
    made.settle_tags(replace(step, certificate=replace(WANTED, number=7)))
    assert len(fake.calls) == 3
    assert len(time.pauses) == 2


@pytest.mark.parametrize("step", [Tag(WANTED, {"a": "1"}), Untag(WANTED, ("b",))], ids=["tag", "untag"])
def test_tags_that_never_change(gateway, step):
    made, _fake = gateway(GetUserCertificateDetail=[{"Tags": [{"TagKey": "b", "TagValue": "2"}]}])
    with pytest.raises(DeadlineError, match=r"certificate 7, but its tags are still \{'b': '2'\}"):
        made.settle_tags(replace(step, certificate=replace(WANTED, number=7)))


def test_an_upload_is_read_back_once(gateway):
    made, fake = gateway(GetUserCertificateDetail=detail)
    assert made.settle(replace(WANTED, number=7)) == made.settle(replace(WANTED, number=7))
    assert len(fake.calls) == 1


def test_only_own_steps_are_written(gateway):
    made, fake = gateway()
    with pytest.raises(TypeError, match="no write for str"):
        made.send("Upload")
    assert fake.calls == []


def test_settle_waits_until_it_can_be_read(gateway, time):
    made, _fake = gateway(GetUserCertificateDetail=[MISSING, MISSING, detail({"CertId": 7})])
    assert made.settle(replace(WANTED, number=7)).id == "7-cn-hangzhou"
    assert len(time.pauses) == 2


def test_settle_ends_at_the_deadline(gateway, time):
    made, _fake = gateway(GetUserCertificateDetail=[MISSING])
    with pytest.raises(DeadlineError, match="Certificate 7 was uploaded to CAS cn-hangzhou but cannot be read back"):
        made.settle(replace(WANTED, number=7))
    assert sum(time.pauses) == pytest.approx(10)


def test_nothing_of_the_key_is_told(gateway):
    made, _fake = gateway(UploadUserCertificate=[api_error("InvalidParameter")])
    with pytest.raises(ApiError) as caught:
        made.send(UPLOAD)
    assert "the key" not in f"{caught.value!r}{caught.value.message}{made.__dict__}"
