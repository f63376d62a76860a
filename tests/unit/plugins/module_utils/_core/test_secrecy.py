# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t
import urllib.parse

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.secrecy import has_key, repeats_key
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import issue
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, PublicFormat

if t.TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

# No key, but as long as the lines of one.
LINES = [f"{number}AbCdEfGhIjKlMnOpQrStUvWxYz+/{number}" * 2 for number in range(1, 5)]
PEM = "\n".join(["-----BEGIN PRIVATE KEY-----", *LINES, "-----END PRIVATE KEY-----", ""])


@pytest.mark.parametrize(
    "text",
    [
        PEM,
        json.dumps(PEM),
        urllib.parse.quote_plus("\n".join(LINES)),
        "".join(LINES),
        "\r\n".join(LINES),
        f"Line 2 is bad: {LINES[1]}",
        LINES[0][-8:] + "\n" + LINES[1][:8],
        LINES[2][5:21],
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_what_repeats_a_key(text):
    assert repeats_key(f"The key is not valid: {text}.", PEM)


@pytest.mark.parametrize(
    "text",
    ["", "The key is not valid.", "-----BEGIN CERTIFICATE-----", LINES[0][:15], "Invalid parameter, please check."],
)
def test_what_does_not(text):
    assert not repeats_key(text, PEM)


@pytest.mark.parametrize("key", ["", "short", "-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_key_is_in_no_text(key):
    assert not repeats_key("Anything at all, even what is short.", key)


KEYS: dict[str, CertificateIssuerPrivateKeyTypes] = {
    **{f"rsa-{bits}": rsa.generate_private_key(65537, bits) for bits in (1024, 2048, 4096)},
    **{curve.name: ec.generate_private_key(curve) for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1())},
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
}
FORMS = {"pkcs8": PrivateFormat.PKCS8, "traditional": PrivateFormat.TraditionalOpenSSL}
PEMS = {
    f"{kind}-{form}": issue("www.example.com", key=key).key_pem(FORMS[form])
    for kind, key in KEYS.items()
    for form in FORMS
    if (kind, form) != ("ed25519", "traditional")
}


@pytest.mark.parametrize("pem", PEMS.values(), ids=PEMS)
@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(lambda pem: pem, id="pem"),
        pytest.param(lambda pem: json.dumps(f"\n{pem}"), id="escaped"),
        pytest.param(lambda pem: "".join(pem.splitlines()[1:-1]), id="bare"),
        pytest.param(lambda pem: f"key: {''.join(pem.splitlines()[1:-1])}", id="bare-behind-words"),
        pytest.param(lambda pem: json.dumps("\n".join(["", *pem.splitlines()[1:-1]])), id="bare-and-escaped"),
        pytest.param(lambda pem: pem.splitlines()[1], id="first-line"),
        pytest.param(lambda pem: "\n".join(pem.splitlines()[:-1]), id="without-its-end"),
        pytest.param(lambda pem: "\n".join(pem.splitlines()[1:]), id="without-its-beginning"),
    ],
)
def test_what_is_a_key(pem, dress):
    assert has_key(dress(pem))


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_what_is_none(key):
    """Certificates and public keys of all kinds."""
    issued = issue("www.example.com", key=key, names=["www.example.com"])
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for text in (issued.pem, public):
        for dressed in (text, json.dumps(text), "".join(text.splitlines()[1:-1])):
            assert not has_key(dressed)


@pytest.mark.parametrize(
    "text",
    ["", "MIIEvQ", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKc", "9f2d1c0b" * 8, "12345678-cn-hangzhou", "abc" * 99, "M" * 99],
)
def test_what_is_none_at_all(text):
    assert not has_key(text)
