# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import string
from dataclasses import replace
from datetime import date, datetime, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._x509.facts import CertificateFacts, normalise_fingerprint
from hypothesis import given, strategies as st

SHA256 = "1a2b3c4d5e6f" + "0" * 52
SHA1 = "ab" * 20
FACTS = CertificateFacts(
    subject="CN=www.example.com,O=Acme",
    names=("www.example.com", "192.0.2.1"),
    issuer="CN=Acme CA",
    not_before="2026-11-23T00:00:00Z",
    not_after="2027-01-31T23:59:59Z",
    algorithm="RSA",
    key_size=2048,
    sha256=SHA256,
    sha1=SHA1,
    serial="1f",
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(SHA256, SHA256, id="plain"),
        pytest.param(SHA1, SHA1, id="sha1"),
        pytest.param(SHA256.upper(), SHA256, id="upper"),
        pytest.param(":".join(SHA1[i : i + 2] for i in range(0, 40, 2)).upper(), SHA1, id="colons"),
        pytest.param(" ".join(SHA1[i : i + 4] for i in range(0, 40, 4)), SHA1, id="spaces"),
        pytest.param(f"  {SHA1}\r\n", SHA1, id="blanks-around"),
        pytest.param(f"sha256:{SHA256}", SHA256, id="prefix"),
        pytest.param(f"SHA-256: {SHA256}", SHA256, id="prefix-dash"),
        pytest.param(f"SHA256 Fingerprint={SHA256.upper()}", SHA256, id="openssl-1"),
        pytest.param(f"sha256 Fingerprint={SHA256}", SHA256, id="openssl-3"),
        pytest.param(f"SHA1 Fingerprint={SHA1}", SHA1, id="openssl-sha1"),
        pytest.param(f"sha1:{SHA256}", None, id="prefix-lies"),
        pytest.param(f"sha256:{SHA1}", None, id="prefix-lies-too"),
        pytest.param(f"md5:{SHA1}", None, id="md5-prefix"),
        pytest.param("ab" * 16, None, id="md5-length"),
        pytest.param(SHA256[:-1], None, id="short"),
        pytest.param(SHA256 + "0", None, id="long"),
        pytest.param(SHA256[:-1] + "g", None, id="not-hex"),
        pytest.param("\u0661" * 64, None, id="arabic-digits"),
        pytest.param("sha256:", None, id="prefix-only"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="none"),
        pytest.param(" " * 200_000 + "x", None, id="many-blanks"),
    ],
)
def test_fingerprints(text, wanted):
    assert normalise_fingerprint(text) == wanted


@given(
    digits=st.sampled_from((40, 64)).flatmap(lambda size: st.text("0123456789abcdef", min_size=size, max_size=size)),
    upper=st.booleans(),
    between=st.sampled_from(("", ":", " ", ": ")),
    every=st.sampled_from((1, 2, 4)),
    prefix=st.sampled_from(("", "sha{}:", "SHA{}=", "SHA-{} : ", "SHA{} Fingerprint=", "sha{} fingerprint = ")),
)
def test_every_way_to_write_a_fingerprint_is_the_same(digits, upper, between, every, prefix):
    written = between.join(digits[i : i + every] for i in range(0, len(digits), every))
    written = prefix.format({40: 1, 64: 256}[len(digits)]) + (written.upper() if upper else written)
    assert normalise_fingerprint(written) == digits


@given(st.one_of(st.text(), st.text(string.hexdigits + ": =sha")))
def test_a_normal_fingerprint_stays_as_it_is(text):
    normal = normalise_fingerprint(text)
    if normal is not None:
        assert len(normal) in (40, 64)
        assert normalise_fingerprint(normal) == normal


def hexadecimal(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789abcdef", min_size=size, max_size=size)


@given(
    st.builds(
        CertificateFacts,
        names=st.lists(st.text()).map(tuple),
        algorithm=st.sampled_from(("RSA", "ECC", "Ed25519", "unknown")),
        key_size=st.none() | st.integers(0, 16384),
        sha256=hexadecimal(64),
        sha1=st.none() | hexadecimal(40),
        serial=st.none() | st.integers(0, 2**160).map("{:x}".format),
    )
)
def test_facts_survive_json(facts):
    assert CertificateFacts.from_dict(json.loads(json.dumps(facts.to_dict()))) == facts


def test_to_dict_has_every_field_and_a_list_of_names():
    assert FACTS.to_dict() == {
        "subject": "CN=www.example.com,O=Acme",
        "names": ["www.example.com", "192.0.2.1"],
        "issuer": "CN=Acme CA",
        "not_before": "2026-11-23T00:00:00Z",
        "not_after": "2027-01-31T23:59:59Z",
        "algorithm": "RSA",
        "key_size": 2048,
        "sha256": SHA256,
        "sha1": SHA1,
        "serial": "1f",
    }


def test_from_dict_needs_sha256_only():
    assert CertificateFacts.from_dict({"sha256": SHA256.upper()}) == CertificateFacts(
        "", (), "", "", "", "unknown", None, SHA256, None, None
    )


@pytest.mark.parametrize(
    ("key", "given_value", "wanted"),
    [
        pytest.param("names", "a.example", ("a.example",), id="one-name"),
        pytest.param("names", None, (), id="names-none"),
        pytest.param("key_size", "2048", 2048, id="size-text"),
        pytest.param("key_size", "big", None, id="size-nonsense"),
        pytest.param("key_size", 0, 0, id="size-zero"),
        pytest.param("sha1", "AB:" * 19 + "AB", SHA1, id="sha1-colons"),
        pytest.param("sha1", "nonsense", None, id="sha1-nonsense"),
        pytest.param("sha1", SHA256, None, id="sha1-is-sha256"),
        pytest.param("serial", "00:0F:1A", "f1a", id="serial-colons"),
        pytest.param("serial", "00", "0", id="serial-zero"),
        pytest.param("serial", "", None, id="serial-empty"),
        pytest.param("not_after", "2027-01-31", "2027-01-31", id="bare-date"),
        pytest.param("unknown_key", 1, None, id="unknown-key"),
    ],
)
def test_from_dict_tolerates(key, given_value, wanted):
    facts = CertificateFacts.from_dict({"sha256": SHA256, key: given_value})
    assert getattr(facts, key, None) == wanted


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        pytest.param({}, "lack sha256", id="empty"),
        pytest.param({"sha256": None}, "lack sha256", id="none"),
        pytest.param({"sha256": "abc"}, "not 64 hexadecimal digits", id="malformed"),
        pytest.param({"sha256": SHA1}, "not 64 hexadecimal digits", id="sha1"),
        pytest.param({"sha256": 7}, "not 64 hexadecimal digits", id="number"),
    ],
)
def test_from_dict_refuses(mapping, told):
    with pytest.raises(InputError, match=told):
        CertificateFacts.from_dict(mapping)


def test_summary():
    assert FACTS.summary() == {
        "subject": "www.example.com",
        "names": ["192.0.2.1", "www.example.com"],
        "issuer": "Acme CA",
        "expires": "2027-01-31",
        "algorithm": "RSA",
        "sha256": SHA256,
    }


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        pytest.param("CN=www.example.com", "www.example.com", id="cn"),
        pytest.param("O=Acme,CN=www.example.com,C=CN", "www.example.com", id="cn-in-the-middle"),
        pytest.param(r"CN=Acme\, Inc.,O=x", "Acme, Inc.", id="escaped"),
        pytest.param("O=Acme", "O=Acme", id="no-cn"),
        pytest.param("Encryption Everywhere DV TLS CA - G2", "Encryption Everywhere DV TLS CA - G2", id="as-cas-says"),
        pytest.param("", "", id="empty"),
    ],
)
def test_summary_shows_the_common_name(subject, wanted):
    facts = CertificateFacts.from_dict({**FACTS.to_dict(), "subject": subject, "issuer": subject})
    assert (facts.summary()["subject"], facts.summary()["issuer"]) == (wanted, wanted)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        pytest.param(
            {}, "CN=www.example.com,O=Acme (RSA, expires 2027-01-31, SHA-256 1a2b3c4d5e6f)", id="all-is-known"
        ),
        pytest.param(
            {"subject": ""}, "www.example.com (RSA, expires 2027-01-31, SHA-256 1a2b3c4d5e6f)", id="no-subject"
        ),
        pytest.param(
            {"subject": "", "names": []},
            "certificate without a subject (RSA, expires 2027-01-31, SHA-256 1a2b3c4d5e6f)",
            id="no-name-at-all",
        ),
        pytest.param(
            {"not_after": ""}, "CN=www.example.com,O=Acme (RSA, expires unknown, SHA-256 1a2b3c4d5e6f)", id="no-date"
        ),
        pytest.param({"subject": "CN=a\nb"}, "CN=a b (RSA, expires 2027-01-31, SHA-256 1a2b3c4d5e6f)", id="one-line"),
    ],
)
def test_label(change, wanted):
    assert CertificateFacts.from_dict({**FACTS.to_dict(), **change}).label() == wanted


@pytest.mark.parametrize(
    ("names", "name", "wanted"),
    [
        (["*.example.com", "192.0.2.1"], "WWW.example.com.", True),
        (["*.example.com", "192.0.2.1"], "192.0.2.1", True),
        (["*.example.com", "192.0.2.1"], "example.com", False),
        ([], "example.com", False),
    ],
)
def test_covers(names, name, wanted):
    assert CertificateFacts.from_dict({"sha256": SHA256, "names": names}).covers(name) is wanted


def at(text):
    return datetime.fromisoformat(text)


def dated(not_before="", not_after=""):
    return CertificateFacts.from_dict({"sha256": SHA256, "not_before": not_before, "not_after": not_after})


@pytest.mark.parametrize(
    ("not_after", "now", "expired", "days"),
    [
        pytest.param("2027-01-31T23:59:59Z", "2027-01-31T23:59:59+00:00", False, 0, id="last-second"),
        pytest.param("2027-01-31T23:59:59Z", "2027-02-01T00:00:00+00:00", True, -1, id="a-second-late"),
        pytest.param("2027-01-31T23:59:59Z", "2027-02-01T07:59:59+08:00", False, 0, id="last-second-in-china"),
        pytest.param("2027-01-31T23:59:59Z", "2027-02-01T08:00:00+08:00", True, -1, id="a-second-late-in-china"),
        pytest.param("2027-01-31T12:00:00Z", "2027-01-01T12:00:00+00:00", False, 30, id="thirty-days"),
        pytest.param("2027-01-31T12:00:00Z", "2027-01-01T12:00:01+00:00", False, 29, id="less-than-thirty-days"),
        pytest.param("2027-01-31T12:00:00Z", "2027-02-10T12:00:00+00:00", True, -10, id="ten-days-ago"),
        pytest.param("2027-01-31", "2027-01-31T23:59:59.999999+00:00", False, 0, id="last-day"),
        pytest.param("2027-01-31", "2027-02-01T00:00:00+00:00", True, -1, id="the-day-after"),
        pytest.param("2027-01-31", "2027-01-31T00:00:00-12:00", False, 0, id="last-day-in-the-west"),
        pytest.param("2027-01-31", "2027-02-01T08:00:00+08:00", True, -1, id="the-day-after-in-china"),
        pytest.param("2027-01-31", "2027-01-01T00:00:00+00:00", False, 30, id="bare-thirty-days"),
        pytest.param("2027-01-31 12:00:00", "2027-01-31T12:00:01+00:00", True, -1, id="without-a-time-zone"),
        pytest.param("9999-12-31T23:59:59Z", "2027-01-01T00:00:00+00:00", False, 2_912_077, id="never"),
        pytest.param("9999-12-31", "2027-01-01T00:00:00+00:00", False, 2_912_077, id="bare-never"),
        pytest.param("", "2027-01-01T00:00:00+00:00", False, None, id="unknown"),
        pytest.param("soon", "2027-01-01T00:00:00+00:00", False, None, id="nonsense"),
        pytest.param("2027-02-30", "2027-01-01T00:00:00+00:00", False, None, id="no-date"),
    ],
)
def test_the_end_of_validity(not_after, now, expired, days):
    facts = dated(not_after=not_after)
    assert (facts.is_expired(at(now)), facts.days_left(at(now))) == (expired, days)
    assert facts.is_not_yet_valid(at(now)) is False


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("2027-01-30", date(2027, 1, 30), id="day"),
        pytest.param("2027-01-30T15:59:59Z", date(2027, 1, 30), id="same-day-in-china"),
        pytest.param("2027-01-30T16:00:00Z", date(2027, 1, 31), id="next-day-in-china"),
        pytest.param("2027-01-30T20:00:00+05:00", date(2027, 1, 30), id="another-time-zone"),
        pytest.param("9999-12-31T23:59:59Z", date(9999, 12, 31), id="no-end"),
        pytest.param("9999-12-31", date(9999, 12, 31), id="no-end-as-a-day"),
        pytest.param("", None, id="unknown"),
        pytest.param("soon", None, id="nonsense"),
    ],
)
def test_days_to_compare(text, wanted):
    assert replace(FACTS, not_before=text, not_after="2027-06-01").days == (wanted, date(2027, 6, 1))
    assert replace(FACTS, not_before="", not_after=text).days == (None, wanted)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        pytest.param("2027-01-31", "2027-01-30", True, id="days"),
        pytest.param("2027-01-30", "2027-01-30", False, id="same-day"),
        pytest.param("2027-01-30", "2027-01-31", False, id="day-before"),
        pytest.param("2027-01-30T23:59:59Z", "2027-01-30T00:00:00Z", False, id="moments-of-a-day"),
        pytest.param("2027-01-31T00:00:00Z", "2027-01-30T15:59:59Z", True, id="moments"),
        # In China both are of the same day.
        pytest.param("2027-01-31", "2027-01-30T23:59:59Z", False, id="day-in-china"),
        pytest.param("2027-02-01", "2027-01-30T23:59:59Z", True, id="no-day-anywhere"),
        # In UTC they are.
        pytest.param("2027-01-30T23:59:59Z", "2027-01-30", False, id="day-in-utc"),
        pytest.param("9999-12-31T23:59:59Z", "9999-12-31", False, id="no-end"),
        pytest.param("", "2027-01-30", None, id="unknown"),
        pytest.param("2027-01-30", "", None, id="other-unknown"),
    ],
)
def test_which_one_is_valid_longer(one, other, wanted):
    assert replace(FACTS, not_after=one).outlasts(replace(FACTS, not_after=other)) is wanted


@pytest.mark.parametrize(
    ("not_before", "now", "wanted"),
    [
        pytest.param("2027-01-31T12:00:00Z", "2027-01-31T12:00:00+00:00", False, id="first-second"),
        pytest.param("2027-01-31T12:00:00Z", "2027-01-31T11:59:59+00:00", True, id="a-second-early"),
        pytest.param("2027-01-31T12:00:00Z", "2027-01-31T20:00:00+08:00", False, id="first-second-in-china"),
        pytest.param("2027-01-31", "2027-01-30T00:00:00+00:00", False, id="may-have-begun-in-the-east"),
        pytest.param("2027-01-31", "2027-01-29T23:59:59+00:00", True, id="has-begun-nowhere"),
        pytest.param("0001-01-01", "2027-01-29T23:59:59+00:00", False, id="always"),
        pytest.param("", "2027-01-29T23:59:59+00:00", False, id="unknown"),
        pytest.param("soon", "2027-01-29T23:59:59+00:00", False, id="nonsense"),
    ],
)
def test_the_start_of_validity(not_before, now, wanted):
    facts = dated(not_before=not_before)
    assert facts.is_not_yet_valid(at(now)) is wanted
    assert (facts.is_expired(at(now)), facts.days_left(at(now))) == (False, None)


@pytest.mark.parametrize("ask", [CertificateFacts.is_expired, CertificateFacts.is_not_yet_valid])
def test_now_needs_a_time_zone(ask):
    with pytest.raises(TypeError):
        ask(FACTS, at("2027-01-01T00:00:00"))


MOMENTS = st.datetimes(timezones=st.just(timezone.utc)).map(lambda moment: moment.replace(microsecond=0))


@given(MOMENTS, MOMENTS, st.booleans())
def test_expired_is_when_no_days_are_left(end, now, bare):
    facts = dated(not_after=end.date().isoformat() if bare else f"{end.replace(tzinfo=None).isoformat()}Z")
    days = facts.days_left(now)
    assert days == ((end.date() - now.date()).days if bare else (end - now).days)
    assert facts.is_expired(now) is (days < 0)


@given(MOMENTS, MOMENTS)
def test_a_bare_date_is_never_stricter_than_the_moment(moment, now):
    text = moment.replace(tzinfo=None).isoformat()
    exact, bare = dated(f"{text}Z", f"{text}Z"), dated(text[:10], text[:10])
    assert exact.is_expired(now) or not bare.is_expired(now)
    assert exact.is_not_yet_valid(now) or not bare.is_not_yet_valid(now)


@given(st.text(), st.text())
def test_arbitrary_dates_raise_nothing(not_before, not_after):
    facts, now = dated(not_before, not_after), at("2027-01-01T00:00:00+00:00")
    assert facts.is_expired(now) is (facts.days_left(now) is not None and facts.days_left(now) < 0)
    assert facts.is_not_yet_valid(now) in (False, True)
    assert (facts.days[1] is None) is (facts.days_left(now) is None)
