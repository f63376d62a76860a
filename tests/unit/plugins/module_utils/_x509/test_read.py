# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import importlib.util
import sys
import textwrap
from datetime import datetime, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError, MissingLibraryError
from ansible_collections.alicloud.tls.plugins.module_utils._x509 import pem as subject
from ansible_collections.alicloud.tls.plugins.module_utils._x509.pem import read_certificates
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import (
    NOW,
    armour,
    issue,
    name,
    require_silence,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import example, given, settings, strategies as st

SOURCE = "certificate_path /x/y.pem"
BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
P256, SM2 = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a811ccf5501822d")


def read(text):
    return read_certificates(text, source=SOURCE)


def refused(text):
    with pytest.raises(InputError) as caught:
        read(text)
    assert SOURCE in caught.value.message
    return caught.value


def test_facts_of_a_certificate():
    issued = issue(
        name((NameOID.ORGANIZATION_NAME, "Acme"), (NameOID.COMMON_NAME, "www.example.com")),
        names=["WWW.Example.com", "192.0.2.1"],
        not_before=datetime(2026, 11, 23, tzinfo=timezone.utc),
        not_after=datetime(2027, 1, 31, 23, 59, 59, tzinfo=timezone.utc),
        serial=0x0ABC,
    )
    (certificate,) = read(issued.pem)
    assert certificate.facts.to_dict() == {
        "subject": "CN=www.example.com,O=Acme",
        "names": ["www.example.com", "192.0.2.1"],
        "issuer": "CN=www.example.com,O=Acme",
        "not_before": "2026-11-23T00:00:00Z",
        "not_after": "2027-01-31T23:59:59Z",
        "algorithm": "ECC",
        "key_size": 256,
        "sha256": hashlib.sha256(issued.der).hexdigest(),
        "sha1": hashlib.sha1(issued.der, usedforsecurity=False).hexdigest(),
        "serial": "abc",
    }
    assert certificate.pem == issued.pem
    assert certificate.pem.endswith(f"{END}\n")
    assert not certificate.is_ca
    assert repr(certificate) == f"Certificate({certificate.facts.label()})"


CN = NameOID.COMMON_NAME
OTHER_NAME = x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x05\x00")


@pytest.mark.parametrize(
    ("names_of_subject", "san", "wanted"),
    [
        pytest.param([(CN, "A.Example")], None, ["a.example"], id="no-san-is-cn"),
        pytest.param([(CN, "A.Example")], ["b.example"], ["b.example"], id="san-hides-cn"),
        pytest.param([], ["b.example"], ["b.example"], id="no-subject"),
        pytest.param([(NameOID.ORGANIZATION_NAME, "Acme")], None, [], id="no-cn-no-san"),
        pytest.param([(CN, "Acme Root CA")], None, [], id="cn-is-no-host"),
        pytest.param([(CN, "*.A.Example")], None, ["*.a.example"], id="wildcard-cn"),
        pytest.param([(CN, "192.0.2.1")], None, ["192.0.2.1"], id="address-cn"),
        pytest.param([(CN, "Acme"), (CN, "Acme, Inc."), (CN, "a/b")], None, ["acme"], id="cns-of-all-kinds"),
        pytest.param([(CN, "b.example"), (CN, "a.example")], None, ["b.example", "a.example"], id="two-cns"),
        pytest.param([(CN, "bücher.example")], None, ["bücher.example"], id="unicode-cn"),
        pytest.param([(CN, "x")], ["xn--bcher-kva.example"], ["xn--bcher-kva.example"], id="punycode"),
        pytest.param([(CN, "x")], ["*.Example.com", "example.com"], ["*.example.com", "example.com"], id="wildcard"),
        pytest.param([(CN, "x")], ["2001:DB8::1", "192.0.2.1"], ["2001:db8::1", "192.0.2.1"], id="addresses"),
        pytest.param([(CN, "x")], ["z", "a", "m"], ["z", "a", "m"], id="order-is-kept"),
        pytest.param([(CN, "x")], [x509.RFC822Name("a@b.example"), OTHER_NAME, "c"], ["c"], id="other-kinds"),
        pytest.param([(CN, "x")], [x509.UniformResourceIdentifier("spiffe://a/b")], [], id="no-name-of-a-host"),
        pytest.param([(CN, "x")], [f"n{i}" for i in range(200)], [f"n{i}" for i in range(200)], id="200-names"),
    ],
)
def test_names(names_of_subject, san, wanted, leaf):
    (certificate,) = read(issue(name(*names_of_subject), names=san, issuer=leaf).pem)
    assert list(certificate.facts.names) == wanted


@pytest.mark.parametrize(
    ("kind", "algorithm", "size"),
    [
        ("rsa1024", "RSA", 1024),
        ("rsa2048", "RSA", 2048),
        ("rsa4096", "RSA", 4096),
        ("p256", "ECC", 256),
        ("p384", "ECC", 384),
        ("p521", "ECC", 521),
        ("dsa", "DSA", 1024),
        ("ed25519", "Ed25519", None),
        ("ed448", "Ed448", None),
    ],
)
def test_algorithms(kinds, kind, algorithm, size):
    (certificate,) = read(getattr(kinds, kind).pem)
    assert (certificate.facts.algorithm, certificate.facts.key_size) == (algorithm, size)


@pytest.mark.parametrize(
    ("curve", "wanted"),
    [
        pytest.param(SM2, ("SM2", 256), id="sm2"),
        pytest.param(SM2[:-1] + b"\x7f", ("unknown", None), id="unknown-curve"),
    ],
)
def test_curves_that_cryptography_does_not_know(leaf, curve, wanted):
    (certificate,) = read(armour(leaf.der.replace(P256, curve)))
    assert (certificate.facts.algorithm, certificate.facts.key_size) == wanted


@pytest.mark.parametrize(("ca", "wanted"), [(True, True), (False, False), (None, False)])
def test_is_ca(ca, wanted):
    assert read(issue("x", ca=ca).pem)[0].is_ca is wanted


@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(lambda a, b: a + b, id="plain"),
        pytest.param(lambda a, b: (a + b).replace("\n", "\r\n"), id="crlf"),
        pytest.param(lambda a, b: (a + b).replace("\n", "\r"), id="cr"),
        pytest.param(lambda a, b: "\ufeff" + a + "\ufeff" + b, id="bom"),
        pytest.param(lambda a, b: f"# the leaf\n{a}\nsubject=CN = x\n{b}\nthe end", id="text-between"),
        pytest.param(lambda a, b: a.strip() + b.strip(), id="joined-without-newline"),
        pytest.param(lambda a, b: textwrap.indent(a + b, "    "), id="indented"),
        pytest.param(lambda a, b: (a + b).replace("\n", "  \n"), id="trailing-blanks"),
        pytest.param(lambda a, b: (a + b).replace("CERTIFICATE-", "X509 CERTIFICATE-"), id="old-label"),
        pytest.param(lambda a, b: a + armour(b"123", "EC PARAMETERS") + b, id="other-blocks"),
        pytest.param(
            lambda a, b: "".join(a.split("\n")).replace(BEGIN, BEGIN + "\n").replace(END, "\n" + END) + b, id="long"
        ),
        pytest.param(
            lambda a, b: f"see -----BEGIN CERTIFICATE----- below\n# {BEGIN}\n{a}{b}", id="marker-in-a-comment"
        ),
    ],
)
def test_dress_does_not_matter(dress, leaf, other):
    assert [each.pem for each in read(dress(leaf.pem, other.pem))] == [leaf.pem, other.pem]


def test_a_key_in_a_combined_file_is_passed_over(leaf):
    (certificate,) = read(leaf.key_pem() + leaf.pem)
    assert certificate.pem == leaf.pem


@pytest.mark.parametrize(
    ("make", "told"),
    [
        pytest.param(lambda _a: "", "no PEM block", id="empty"),
        pytest.param(lambda _a: "hello\n", "no PEM block", id="no-pem"),
        pytest.param(lambda a: base64.b64encode(a.der).decode(), "no PEM block", id="bare-base64"),
        pytest.param(lambda a: a.key_pem(), "it holds a private key", id="private-key"),
        pytest.param(lambda a: a.pem + f"{BEGIN}\n%%%\n{END}\n", "certificate 2 (line", id="second-block"),
        pytest.param(lambda _a: f"{BEGIN}\nMII\n{END}", "certificate 1 (line 1) is not valid base64", id="padding"),
        pytest.param(lambda _a: f"{BEGIN}\nMIÏ=\n{END}", "certificate 1 (line 1) is not valid base64", id="not-ascii"),
        pytest.param(lambda a: armour(a.der[:-1]), "is not an X.509 certificate", id="der-cut-off"),
        pytest.param(lambda a: armour(a.der + b"\0"), "is not an X.509 certificate", id="der-and-more"),
        pytest.param(lambda _a: f"\n\n{BEGIN}\n{END}\n", "certificate 1 (line 3) is not an X.509", id="empty-block"),
        pytest.param(lambda a: a.pem.replace(END, ""), "cut off", id="no-end"),
        pytest.param(
            lambda a: a.pem.replace(END, "") + a.pem, "certificate 1 (line 1) has no END", id="no-end-but-next"
        ),
        pytest.param(lambda a: a.pem.replace("\n", ""), "lost its newlines", id="no-newlines"),
        pytest.param(lambda a: a.pem.replace("\n", " "), "lost its newlines", id="folded"),
        pytest.param(lambda a: (a.pem + a.pem).replace("\n", " "), "lost its newlines", id="folded-twice"),
        pytest.param(lambda a: a.pem.replace("\n", "\\n"), "lost its newlines", id="backslash-n"),
        pytest.param(lambda a: a.pem.replace("CERTIFICATE-", "TRUSTED CERTIFICATE-"), "OpenSSL trusted", id="trusted"),
        pytest.param(lambda _a: armour(b"1", "PKCS7"), "PKCS#7", id="pkcs7"),
    ],
)
def test_refusals(make, told, leaf):
    error = refused(make(leaf))
    assert told in error.message
    require_silence(error, leaf.key_pem())


def test_a_csr_is_named(leaf):
    request = x509.CertificateSigningRequestBuilder(name((CN, "x"))).sign(leaf.key, hashes.SHA256())
    assert "certificate signing request" in refused(request.public_bytes(Encoding.PEM).decode()).message


def test_a_public_key_is_named(leaf):
    text = leaf.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert "it holds a public key" in refused(text).message


def test_dates_before_the_year_2000_have_four_digits():
    old = issue("x", not_before=datetime(1999, 1, 2, 3, 4, 5, tzinfo=timezone.utc), not_after=NOW)
    assert read(old.pem)[0].facts.not_before == "1999-01-02T03:04:05Z"


MARKERS = [
    BEGIN,
    END,
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "\n",
    "\r",
    "-----",
    " ",
    "MIIB",
    "\ufeff",
]


@settings(deadline=None)
@given(
    st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(MARKERS), st.text(max_size=9)), max_size=12).map("".join))
)
@example("\udcff" + BEGIN + "\n\udcff\n" + END)
@example(f"{BEGIN}\n\n{END}")
@example(f"{BEGIN} \n {END}")
def test_arbitrary_text_raises_nothing_else(text):
    try:
        read(text)
    except InputError as error:
        message = error.message
    else:
        return
    assert message.startswith(SOURCE)


@pytest.mark.parametrize("tag", [pytest.param(0x00, id="unknown-type"), pytest.param(0x03, id="bit-string")])
def test_a_name_with_an_odd_asn1_type(leaf, tag):
    text = b"www.example.com"
    assert leaf.der.count(b"\x0c\x0f" + text) == 1
    damaged = leaf.der.replace(b"\x0c\x0f" + text, bytes((tag, 0x0F)) + text)
    assert "is not an X.509 certificate" in refused(armour(damaged)).message


@settings(deadline=None)
@given(data=st.data())
def test_damaged_der_raises_nothing_else(leaf, data):
    der = bytearray(leaf.der)
    for _turn in range(data.draw(st.integers(1, 3))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    try:
        (certificate,) = read(armour(bytes(der)))
    except InputError:
        return
    assert certificate.pem == armour(bytes(der))
    assert certificate.facts.sha256 == hashlib.sha256(der).hexdigest()


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_der_raises_nothing_else(der):
    with pytest.raises(InputError):
        read(armour(der))


def test_cryptography_is_missing(monkeypatch, leaf):
    (certificate,) = read(leaf.pem)
    monkeypatch.setattr(subject, "HAS_CRYPTOGRAPHY", False)
    calls = (
        lambda: subject.read_certificates(leaf.pem, source=SOURCE),
        lambda: subject.order_chain([certificate], source=SOURCE),
        lambda: subject.match_key(certificate, leaf.key_pem(), source=SOURCE),
        lambda: subject.load_server_certificate(
            certificate=leaf.pem,
            certificate_source=SOURCE,
            chain=None,
            chain_source=None,
            private_key=None,
            private_key_source=None,
            now=NOW,
            allow_expired=False,
        ),
    )
    for call in calls:
        with pytest.raises(MissingLibraryError, match="cryptography") as caught:
            call()
        assert sys.executable in caught.value.message


@pytest.mark.parametrize("how", ["absent", "too-old"])
def test_the_module_can_be_imported_without_cryptography(monkeypatch, how, leaf):
    spec = importlib.util.spec_from_file_location(f"{subject.__package__}.pem_again", subject.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, spec.name, fresh)
        if how == "absent":
            for module in [each for each in sys.modules if each.split(".")[0] == "cryptography"]:
                patch.setitem(sys.modules, module, None)
        else:
            patch.setattr(x509, "Certificate", type("Certificate", (), {}))
        spec.loader.exec_module(fresh)
    with pytest.raises(MissingLibraryError):
        fresh.read_certificates(leaf.pem, source=SOURCE)
    assert fresh.normalise_private_key(leaf.key_pem()) == leaf.key_pem()


def test_the_curve_swap_of_these_tests_is_possible(leaf):
    assert isinstance(leaf.key.curve, ec.SECP256R1)
    assert leaf.der.count(P256) == 1
