# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search for private keys finds what it is there for."""

from __future__ import annotations

import base64
import json
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import key_traces
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle, Pki, encrypted
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def secret_number(bundle: Bundle) -> int:
    key = bundle.issued.key
    if isinstance(key, rsa.RSAPrivateKey):
        return key.private_numbers().d
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.private_numbers().private_value


def der(bundle: Bundle, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return bundle.issued.key.private_bytes(Encoding.DER, form, NoEncryption())


WAYS: dict[str, t.Callable[[Bundle], str]] = {
    "as it is": lambda bundle: bundle.key,
    "as JSON": lambda bundle: json.dumps({"msg": bundle.key}),
    "as JSON in JSON": lambda bundle: json.dumps({"msg": json.dumps([bundle.key])}),
    "as a list": lambda bundle: str([bundle.key]),
    "on one line": lambda bundle: bundle.key.replace("\n", " "),
    "half a line": lambda bundle: f"cannot read {bundle.key.splitlines()[1][10:40]}",
    "in the older form": lambda bundle: bundle.issued.key_pem(PrivateFormat.TraditionalOpenSSL),
    "DER": lambda bundle: repr(der(bundle)),
    "hexadecimal DER": lambda bundle: der(bundle).hex(),
    "base64 of older DER": lambda bundle: base64.b64encode(der(bundle, PrivateFormat.TraditionalOpenSSL)).decode(),
    "a number": lambda bundle: f"d={secret_number(bundle)}",
    "a hexadecimal number": lambda bundle: f"d={secret_number(bundle):#X}",
    "as openssl prints it": lambda bundle: secret_number(bundle).to_bytes(256, "big").hex(":", 1),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_a_private_key_is_found(pki: Pki, algorithm: str, way: str) -> None:
    bundle: Bundle = getattr(pki, algorithm)
    text = WAYS[way](bundle)
    public = bundle.fullchain
    assert key_traces(bundle.key, json.dumps({"before": public}) + text + "after", public=public)
    assert not key_traces(pki.numbered(1).key if algorithm == "rsa" else pki.rsa.key, text, public=public)


def test_an_encrypted_key_is_found(pki: Pki) -> None:
    for traditional in (True, False):
        key = encrypted(pki.rsa, traditional=traditional)
        assert key_traces(key, f"certificate={key!r}")
        assert key_traces(key, pki.rsa.key)


def test_what_is_public_is_not_taken_for_a_key(pki: Pki) -> None:
    for bundle in (pki.rsa, pki.ecc):
        key = bundle.issued.key.public_key()
        assert isinstance(key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey))
        numbers = str(key.public_numbers())
        public = bundle.fullchain
        for text in (public, json.dumps(public), numbers, bundle.sha256, public.encode().hex()):
            assert key_traces(bundle.key, text, public=public) == []
