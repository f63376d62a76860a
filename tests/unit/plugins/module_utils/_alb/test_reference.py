# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.reference import (
    read_reference,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    PLANNED,
    RSA,
    facts,
)

SHA256 = facts().sha256
SHA1 = "ab" * 20
KINDS = ("id", "number", "sha256", "sha1", "name", "domain", "algorithm")
KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        pytest.param("12345678-cn-hangzhou", {"id": "12345678-cn-hangzhou"}, id="identifier"),
        pytest.param("1-ap-southeast-1", {"id": "1-ap-southeast-1"}, id="identifier-abroad"),
        pytest.param("  12345678-cn-hangzhou\n", {"id": "12345678-cn-hangzhou"}, id="blanks"),
        pytest.param("12345678", {"number": "12345678"}, id="number-text"),
        pytest.param(12345678, {"number": "12345678"}, id="number"),
        pytest.param(SHA256, {"sha256": SHA256}, id="fingerprint"),
        pytest.param(SHA256.upper(), {"sha256": SHA256}, id="upper"),
        pytest.param(f"sha256:{SHA256}", {"sha256": SHA256}, id="prefix"),
        pytest.param(
            "SHA256 Fingerprint=" + ":".join(SHA256[i : i + 2] for i in range(0, 64, 2)).upper(),
            {"sha256": SHA256},
            id="openssl",
        ),
        pytest.param("1" * 64, {"sha256": "1" * 64}, id="fingerprint-of-digits"),
        pytest.param(SHA1, {"sha1": SHA1}, id="sha1"),
        pytest.param(f"SHA1:{SHA1.upper()}", {"sha1": SHA1}, id="sha1-prefix"),
        pytest.param("www", {"name": "www"}, id="name"),
        pytest.param("shop 2026 (new)", {"name": "shop 2026 (new)"}, id="name-with-blanks"),
        pytest.param("name:12345678", {"name": "12345678"}, id="name-like-a-number"),
        pytest.param("name:a:b", {"name": "a:b"}, id="name-with-colon"),
        pytest.param("\u8bc1\u4e66", {"name": "\u8bc1\u4e66"}, id="chinese-name"),
        pytest.param({"name": "www"}, {"name": "www"}, id="object-name"),
        pytest.param("domain:WWW.example.com.", {"domain": "www.example.com"}, id="domain"),
        pytest.param("domain:*.example.com", {"domain": "*.example.com"}, id="wildcard"),
        pytest.param("domain:192.0.2.7", {"domain": "192.0.2.7"}, id="address"),
        pytest.param("domain:b\u00fccher.example", {"domain": "xn--bcher-kva.example"}, id="unicode-domain"),
        pytest.param("domain:a.example/ecc", {"domain": "a.example", "algorithm": "ECC"}, id="domain-algorithm"),
        pytest.param(
            {"domain": "a.example", "algorithm": "RSA"}, {"domain": "a.example", "algorithm": "RSA"}, id="dict"
        ),
        pytest.param(RSA.to_dict(), {"id": "11-cn-hangzhou"}, id="object"),
        pytest.param(PLANNED.to_dict(), {"sha256": facts("planned.example.com").sha256}, id="object-id-null"),
        pytest.param({"sha256": SHA256}, {"sha256": SHA256}, id="object-fingerprint-only"),
        # A task with nothing to do answers so, and so is RV(previous) documented: "what is needed to put it back".
        pytest.param({"id": "11-cn-hangzhou"}, {"id": "11-cn-hangzhou"}, id="object-id-only"),
    ],
)
def test_references(value, wanted):
    found = read_reference(value)
    assert {name: got for name in KINDS if (got := getattr(found, name)) is not None} == wanted


@pytest.mark.parametrize("one", [RSA, PLANNED])
def test_an_object_brings_its_facts(one):
    assert read_reference(json.loads(json.dumps(one.to_dict()))).facts == one.facts


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        pytest.param("", ("''", "does not name a certificate"), id="empty"),
        pytest.param("0", ("'0'",), id="zero"),
        pytest.param("-5", ("'-5'",), id="negative"),
        pytest.param(f"sha1:{SHA256}", ("sha1:",), id="prefix-lies"),
        pytest.param("domain:", ("domain:",), id="no-domain"),
        pytest.param("domain:not a host", ("no host name",), id="bad-domain"),
        pytest.param("domain:a.example/SM2", ("RSA or ECC",), id="bad-algorithm"),
        pytest.param("name:", ("does not name",), id="no-name"),
        pytest.param({"name": "a", "colour": "red"}, ("sha256",), id="object-with-more"),
        pytest.param(None, ("None",), id="none"),
        pytest.param(True, ("True",), id="true"),
        pytest.param(1.5, ("1.5",), id="float"),
        pytest.param([RSA.to_dict()], ("does not name a certificate",), id="list-in-list"),
        pytest.param({}, ("sha256",), id="empty-object"),
        pytest.param({"id": "www", "sha256": SHA256}, ("'www'", "12345678-cn-hangzhou"), id="object-bad-id"),
        pytest.param({"id": None, "sha256": "zz"}, ("sha256", "64 hexadecimal"), id="object-bad-fingerprint"),
    ],
)
def test_what_is_no_reference(value, parts):
    with pytest.raises(InputError) as caught:
        read_reference(value)
    for part in parts:
        assert part in caught.value.message


def test_a_key_given_by_mistake_is_not_repeated():
    with pytest.raises(InputError) as caught:
        read_reference(KEY)
    assert KEY.splitlines()[1] not in caught.value.message
