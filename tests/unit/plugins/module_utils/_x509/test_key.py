# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import textwrap

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._x509.pem import (
    match_key,
    normalise_private_key,
    read_certificates,
)
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import PASSPHRASE, require_silence
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings, strategies as st

SOURCE = "private_key_path /x/y.key"
PKCS8, TRADITIONAL, OPENSSH = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH


def match(issued, key_text):
    (certificate,) = read_certificates(issued.pem, source="certificate")
    return match_key(certificate, key_text, source=SOURCE)


def refused(issued, key_text, *secrets):
    with pytest.raises(InputError) as caught:
        match(issued, key_text)
    assert caught.value.message.startswith(SOURCE)
    assert caught.value.__context__ is None
    for secret in (key_text, issued.key_pem(), *secrets):
        require_silence(caught.value, secret)
    return caught.value.message


@pytest.mark.parametrize("kind", ["rsa2048", "rsa4096", "p256", "p384", "p521"])
@pytest.mark.parametrize("form", [PKCS8, TRADITIONAL], ids=["pkcs8", "traditional"])
def test_keys_that_match(kinds, kind, form):
    issued = getattr(kinds, kind)
    match(issued, issued.key_pem(form))


DRESSES = [
    pytest.param(lambda key: key, id="plain"),
    pytest.param(lambda key: key.replace("\n", "\r\n"), id="crlf"),
    pytest.param(lambda key: key.replace("\n", "\r"), id="cr"),
    pytest.param(lambda key: "\ufeff" + key, id="bom"),
    pytest.param(lambda key: key.strip(), id="no-newline-at-the-end"),
    pytest.param(lambda key: f"Bag Attributes\n    friendlyName: x\n{key}\nthe end\n", id="text-around"),
    pytest.param(
        lambda key: "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + key, id="ec"
    ),
    pytest.param(lambda key: textwrap.indent(key, "  "), id="indented"),
    pytest.param(lambda key: key.replace("\n", " \t\n"), id="trailing-blanks"),
]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("form", [PKCS8, TRADITIONAL], ids=["pkcs8", "sec1"])
def test_dress_does_not_matter(leaf, dress, form):
    key = leaf.key_pem(form)
    assert normalise_private_key(dress(key)) == key
    match(leaf, dress(key))


def test_the_key_in_a_combined_file(leaf):
    assert normalise_private_key(leaf.pem + leaf.key_pem()) == leaf.key_pem()
    match(leaf, leaf.pem + leaf.key_pem())


def test_normalising_leaves_the_key_untouched():
    legacy = (
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nAAAA\n"
        "-----END RSA PRIVATE KEY-----\n"
    )
    assert normalise_private_key("\ufeff" + legacy.replace("\n", "\r\n")) == legacy


@pytest.mark.parametrize(
    ("kind", "form", "label"),
    [
        pytest.param("p256", PKCS8, "ENCRYPTED PRIVATE KEY", id="pkcs8"),
        pytest.param("p256", TRADITIONAL, "EC PRIVATE KEY", id="sec1-legacy"),
        pytest.param("rsa2048", TRADITIONAL, "RSA PRIVATE KEY", id="pkcs1-legacy"),
    ],
)
def test_encrypted_keys(kinds, kind, form, label):
    issued = getattr(kinds, kind)
    key = issued.key_pem(form, PASSPHRASE)
    assert f"-----BEGIN {label}-----" in key
    for dressed in (key, key.replace("\n", "\r\n")):
        message = refused(issued, dressed)
        assert "encrypted" in message
        assert "openssl pkey -in encrypted.key -out decrypted.key" in message


def without_a_line(key):
    lines = key.splitlines(keepends=True)
    return "".join((lines[0], *lines[2:]))


def body_reversed(key):
    lines = key.splitlines(keepends=True)
    return "".join((lines[0], *lines[-2:0:-1], lines[-1]))


def der_changed(key):
    der = bytearray(base64.b64decode("".join(key.splitlines()[1:-1])))
    der[4] ^= 0xFF
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"{key.splitlines()[0]}\n{body}\n{key.splitlines()[-1]}\n"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        pytest.param(without_a_line, "damaged", id="a-line-is-missing"),
        pytest.param(body_reversed, "damaged", id="lines-reversed"),
        pytest.param(der_changed, "damaged", id="der-changed"),
        pytest.param(lambda key: key.replace("M", "%"), "damaged", id="not-base64"),
        pytest.param(lambda key: key.replace("M", "\udcff"), "damaged", id="surrogates"),
        pytest.param(lambda key: key.replace("M", "Ä"), "damaged", id="not-ascii"),
        pytest.param(lambda key: key.replace("\n", ""), "lost its newlines", id="no-newlines"),
        pytest.param(lambda key: key.replace("\n", " "), "lost its newlines", id="folded"),
        pytest.param(lambda key: key.replace("\n", "\\n"), "lost its newlines", id="backslash-n"),
        pytest.param(lambda key: key[: len(key) // 2], "cut off", id="cut-off"),
        pytest.param(lambda key: key.replace("END PRIVATE", "END RSA PRIVATE"), "cut off", id="other-end"),
        pytest.param(lambda key: key + key, "2 private keys", id="twice"),
        pytest.param(lambda key: "".join(key.splitlines()[1:-1]), "no PEM block", id="bare-base64"),
        pytest.param(
            lambda key: "".join(key.splitlines()[1:-1]) + "\n" + key + key, "2 private keys", id="bare-and-twice"
        ),
        pytest.param(lambda key: key.replace("PRIVATE KEY-", "FOO-"), "no PEM block", id="unknown-label"),
        pytest.param(lambda key: key.replace("PRIVATE KEY-", "FOO PRIVATE KEY-"), "damaged", id="odd-label"),
        pytest.param(lambda _key: "", "no PEM block", id="empty"),
    ],
)
@pytest.mark.parametrize("kind", ["p256", "rsa2048"])
def test_damaged_keys(kinds, kind, damage, told):
    issued = getattr(kinds, kind)
    assert told in refused(issued, damage(issued.key_pem()))


@pytest.mark.parametrize("form", [PKCS8, TRADITIONAL], ids=["pkcs8", "traditional"])
@pytest.mark.parametrize("theirs", ["p384", "rsa2048", "rsa4096", "p256", "dsa"])
def test_the_key_of_another_certificate(leaf, kinds, theirs, form):
    message = refused(leaf, getattr(kinds, theirs).key_pem(form))
    assert "CN=www.example.com" in message
    assert "public key differs" in message


@pytest.mark.parametrize("theirs", ["ed25519", "ed448"])
def test_an_edwards_key(leaf, kinds, theirs):
    assert "public key differs" in refused(leaf, getattr(kinds, theirs).key_pem())


def test_a_key_that_cannot_sign(leaf):
    key = x25519.X25519PrivateKey.generate().private_bytes(Encoding.PEM, PKCS8, NoEncryption()).decode()
    assert "public key differs" in refused(leaf, key)


def test_an_openssh_key(kinds):
    assert "PKCS#8" in refused(kinds.p256, kinds.p256.key_pem(OPENSSH))


def test_a_certificate_instead(leaf):
    assert "it holds a certificate" in refused(leaf, leaf.pem)


def test_the_default_source():
    with pytest.raises(InputError, match=r"^private_key: "):
        normalise_private_key("x")


PARTS = [
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "\n",
    "-----BEGIN ",
    "ENCRYPTED",
    "Proc-Type: ",
    "MIGH",
    "=",
]


@settings(deadline=None)
@given(text=st.one_of(st.text(), st.lists(st.sampled_from(PARTS) | st.text(max_size=9), max_size=12).map("".join)))
def test_arbitrary_text_raises_nothing_else(leaf, text):
    with pytest.raises(InputError) as caught:
        match(leaf, text)
    require_silence(caught.value, text)


@settings(deadline=None)
@given(data=st.data())
def test_damaged_keys_raise_nothing_else_and_tell_nothing(leaf, data):
    key = leaf.key_pem()
    where = data.draw(st.integers(0, len(key) - 1))
    damaged = key[:where] + data.draw(st.text(max_size=3)) + key[where + data.draw(st.integers(0, 40)) :]
    try:
        match(leaf, damaged)
    except InputError as error:
        require_silence(error, key)


@settings(deadline=None)
@given(data=st.data())
def test_damaged_der_raises_nothing_else_and_tells_nothing(leaf, data):
    key = leaf.key_pem()
    der = bytearray(base64.b64decode("".join(key.splitlines()[1:-1])))
    der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    body = base64.b64encode(der).decode()
    try:
        match(leaf, f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
    except InputError as error:
        require_silence(error, key)
        require_silence(error, body)
