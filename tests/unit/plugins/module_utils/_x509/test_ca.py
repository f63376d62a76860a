# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from datetime import timedelta

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError, MissingLibraryError
from ansible_collections.alicloud.tls.plugins.module_utils._x509 import ca as subject_module, pem
from ansible_collections.alicloud.tls.plugins.module_utils._x509.ca import load_ca_certificate
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import (
    NOW,
    OLD_SIGNATURES,
    armour,
    as_sm2,
    issue,
    name,
    require_silence,
    with_old_signature,
)
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings, strategies as st

SOURCE = "certificate_path /x/ca.pem"


def load(text, *, now=NOW, **options):
    return load_ca_certificate(text, source=SOURCE, now=now, **options)


def refused(text, **options):
    with pytest.raises(InputError) as caught:
        load(text, **options)
    assert caught.value.message.startswith(f"{SOURCE}: ")
    return caught.value.message


def usage(**allowed):
    kinds = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{kind: allowed.get(kind, False) for kind in kinds})


def test_a_root(chain):
    root = chain[3]
    loaded = load(root.pem)
    assert loaded.self_signed
    assert loaded.pem == root.pem
    assert (loaded.others, loaded.warnings) == ((), ())
    assert loaded.to_dict() == {
        "subject": "CN=Acme Root",
        "names": [],
        "issuer": "CN=Acme Root",
        "not_before": "2026-10-24T12:00:00Z",
        "not_after": "2027-01-22T12:00:00Z",
        "algorithm": "ECC",
        "key_size": 256,
        "sha256": hashlib.sha256(root.der).hexdigest(),
        "sha1": hashlib.sha1(root.der, usedforsecurity=False).hexdigest(),
        "serial": f"{root.certificate.serial_number:x}",
        "is_root": True,
    }
    assert json.loads(json.dumps(loaded.to_dict())) == loaded.to_dict()
    assert "BEGIN" not in repr(loaded)


def test_an_intermediate_ca(chain):
    lower = chain[1]
    loaded = load(lower.pem)
    assert not loaded.self_signed
    assert loaded.pem == lower.pem
    assert loaded.to_dict()["is_root"] is False
    assert (loaded.facts.subject, loaded.facts.issuer) == ("CN=Acme Lower CA", "CN=Acme Upper CA")


def test_a_root_in_its_cross_signed_form(chain):
    crossed = issue("New Root", ca=True, issuer=chain[3])
    assert not load(crossed.pem).self_signed


def test_the_next_key_of_a_root_signed_with_the_one_before(chain):
    """Issuer and subject are the same, and yet it is no root."""
    successor = issue("Acme Root", ca=True, issuer=chain[3])
    assert not load(successor.pem).self_signed


def test_the_next_key_of_a_root_is_of_another_kind(chain, kinds):
    successor = issue("Acme Root", ca=True, issuer=chain[3], key=kinds.rsa2048.key)
    assert not load(successor.pem).self_signed


@pytest.mark.parametrize("digest", OLD_SIGNATURES)
def test_a_root_whose_own_signature_is_too_old_to_be_verified(kinds, digest):
    root = issue("Old Root", ca=True, key=kinds.rsa2048.key)
    assert load(with_old_signature(root, digest)).self_signed


@pytest.mark.parametrize("kind", ["rsa2048", "rsa4096", "p256", "p384", "p521"])
def test_keys(kinds, kind):
    root = issue("Acme Root", ca=True, key=getattr(kinds, kind).key)
    assert load(root.pem).pem == root.pem


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("dsa", "a public key of type DSA; ALB takes RSA and ECC"),
        ("ed25519", "a public key of type Ed25519; ALB takes RSA and ECC"),
        ("ed448", "a public key of type Ed448; ALB takes RSA and ECC"),
    ],
)
def test_keys_that_alb_does_not_take(kinds, kind, told):
    root = issue("Acme Root", ca=True, key=getattr(kinds, kind).key)
    for weak in (False, True):
        assert f"CN=Acme Root has {told}" in refused(root.pem, allow_weak_key=weak)


def test_a_curve_that_tls_clients_do_not_know():
    root = issue("Acme Root", ca=True, key=ec.generate_private_key(ec.BrainpoolP256R1()))
    assert "on the curve brainpoolP256r1, which TLS clients do not know" in refused(root.pem)


def test_sm2(chain):
    assert "of type SM2; ALB takes RSA and ECC (SM2 is for accounts" in refused(as_sm2(chain[3]))


def test_a_weak_key(kinds):
    root = issue("Acme Root", ca=True, key=kinds.rsa1024.key)
    assert "RSA key of 1024 bits, too short to be safe" in refused(root.pem)
    loaded = load(root.pem, allow_weak_key=True)
    assert loaded.warnings == (f"{SOURCE}: CN=Acme Root has an RSA key of 1024 bits, too short to be safe.",)


@pytest.mark.parametrize(
    ("ca", "extensions", "told"),
    [
        pytest.param(None, [], "it has no basic constraints", id="no-constraints"),
        pytest.param(False, [], "its basic constraints say CA:FALSE", id="ca-false"),
        pytest.param(
            False, [usage(key_cert_sign=True)], "its basic constraints say CA:FALSE", id="usage-does-not-make-a-ca"
        ),
        pytest.param(
            True,
            [usage(digital_signature=True, crl_sign=True)],
            "its key usage does not let it sign certificates",
            id="usage",
        ),
    ],
)
def test_what_is_no_ca(chain, ca, extensions, told):
    issued = issue("Acme Clients", ca=ca, issuer=chain[1], extensions=extensions)
    message = refused(issued.pem)
    assert message.startswith(
        f"{SOURCE}: CN=Acme Clients is not a CA certificate: {told}. Give the certificate of the CA"
    )
    assert message.endswith("; this one was issued by CN=Acme Lower CA.")


def test_a_server_certificate(leaf):
    assert refused(leaf.pem) == (
        f"{SOURCE}: CN=www.example.com is not a CA certificate: its basic constraints say CA:FALSE, and it looks like"
        " the server certificate of www.example.com. Give the certificate of the CA that issues the clients'"
        " certificates; this one was issued by CN=Acme Lower CA."
    )


def test_a_self_signed_server_certificate(rsa_leaf):
    message = refused(rsa_leaf.pem)
    assert "it has no basic constraints, and it looks like the server certificate of rsa.example.com" in message
    assert "issued by" not in message


def test_a_file_with_a_server_certificate_and_its_chain(chain):
    assert "CN=www.example.com is not a CA" in refused("".join(each.pem for each in chain[:3]), bundle=True)


def test_a_key_usage_with_what_a_ca_needs(stranger):
    issued = issue("Acme Root", ca=True, key=stranger.key, extensions=[usage(key_cert_sign=True)])
    assert load(issued.pem).warnings == ()


@pytest.mark.parametrize(
    ("purposes", "warned"),
    [
        ([ExtendedKeyUsageOID.CLIENT_AUTH], False),
        ([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH], False),
        ([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE], False),
        ([ExtendedKeyUsageOID.SERVER_AUTH], True),
        ([ExtendedKeyUsageOID.CODE_SIGNING, ExtendedKeyUsageOID.SERVER_AUTH], True),
    ],
)
def test_a_ca_for_servers_only(chain, purposes, warned):
    issued = issue("Acme TLS CA", ca=True, issuer=chain[3], extensions=[x509.ExtendedKeyUsage(purposes)])
    told = f"{SOURCE}: CN=Acme TLS CA is limited to other uses than client authentication"
    assert [warning.startswith(told) for warning in load(issued.pem).warnings] == [True] * warned


@pytest.mark.parametrize(
    ("times", "told"),
    [
        pytest.param((-60, -1), "CN=Acme Root expired at 2026-11-22T12:00:00Z", id="expired"),
        pytest.param((1, 60), "CN=Acme Root is not valid before 2026-11-24T12:00:00Z", id="not-yet"),
    ],
)
def test_validity(stranger, times, told):
    before, after = (NOW + timedelta(days=days) for days in times)
    root = issue("Acme Root", ca=True, not_before=before, not_after=after)
    message = refused(root.pem)
    assert told in message
    assert "allow_expired" in message
    assert load(root.pem, allow_expired=True).pem == root.pem
    assert told in refused(stranger.pem + root.pem, bundle=True)


def test_several_without_a_bundle(chain, stranger):
    message = refused(chain[3].pem + stranger.pem)
    assert "ALB takes one CA certificate per listener, but there are 2 in it" in message
    assert "CN=Acme Root (ECC, expires 2027-01-22, " in message
    assert "; CN=Other Root (ECC" in message
    assert "bundle: true of alicloud.tls.alb_ca_cert" in message


def test_one_given_twice_is_one(chain):
    assert load(chain[3].pem * 2) == load(chain[3].pem) == load(chain[3].pem, bundle=True)


def test_a_bundle(chain, stranger):
    _leaf, lower, _upper, root = chain
    loaded = load("".join(each.pem for each in (stranger, lower, root, stranger, lower)), bundle=True)
    assert loaded.pem == stranger.pem + lower.pem + root.pem
    assert (loaded.facts.subject, loaded.self_signed) == ("CN=Other Root", True)
    assert loaded.others == (load(lower.pem), load(root.pem))
    assert [each.self_signed for each in loaded.others] == [False, True]


def test_warnings_of_a_bundle(kinds, stranger):
    weak = issue("Weak Root", ca=True, key=kinds.rsa1024.key)
    loaded = load(stranger.pem + weak.pem, bundle=True, allow_weak_key=True)
    assert loaded.warnings == loaded.others[0].warnings == load(weak.pem, allow_weak_key=True).warnings
    assert len(loaded.warnings) == 1
    assert "CN=Weak Root" in refused(stranger.pem + weak.pem, bundle=True)


@settings(deadline=None)
@given(data=st.data())
def test_any_bundle_keeps_its_order(chain, stranger, data):
    given_ones = data.draw(st.lists(st.sampled_from((*chain[1:], stranger)), min_size=1, max_size=6))
    wanted = list(dict.fromkeys(each.pem for each in given_ones))
    loaded = load("".join(each.pem for each in given_ones), bundle=True)
    assert loaded.pem == "".join(wanted)
    assert [load(wanted[0]).facts, *(each.facts for each in loaded.others)] == [load(each).facts for each in wanted]


@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="crlf"),
        pytest.param(lambda text: "\ufeff" + text, id="bom"),
        pytest.param(lambda text: f"# our clients' CA\nsubject=/CN=Acme Root\n{text}\nthe end", id="text-around"),
        pytest.param(lambda text: text.replace("CERTIFICATE-", "X509 CERTIFICATE-"), id="old-label"),
        pytest.param(lambda text: text.strip(), id="no-newline-at-the-end"),
        pytest.param(lambda text: f"{text}-----BEGIN X509 CRL-----\nMA==\n-----END X509 CRL-----\n", id="crl"),
    ],
)
def test_dress_does_not_matter(stranger, dress):
    assert load(dress(stranger.pem)) == load(stranger.pem)


@pytest.mark.parametrize(
    "mix",
    [
        pytest.param(lambda certificate, key: certificate + key, id="behind"),
        pytest.param(lambda certificate, key: key + certificate, id="in-front"),
        pytest.param(lambda _certificate, key: key, id="alone"),
        pytest.param(lambda certificate, key: certificate.strip() + key, id="joined"),
        pytest.param(lambda certificate, key: f"{certificate}key: {key}", id="in-a-line"),
        pytest.param(lambda certificate, key: certificate + key[:100], id="cut-off"),
        pytest.param(lambda certificate, key: (certificate + key).replace("\n", "\r\n"), id="crlf"),
        pytest.param(lambda certificate, key: certificate + key.replace("\n", " "), id="folded"),
    ],
)
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL], ids=["pkcs8", "sec1"])
def test_a_private_key(stranger, mix, form):
    key = stranger.key_pem(form)
    with pytest.raises(InputError, match="there is a private key in it") as caught:
        load(mix(stranger.pem, key))
    require_silence(caught.value, key)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "a PEM certificate (BEGIN CERTIFICATE) is needed", id="empty"),
        pytest.param("hello", "it holds no PEM block of a known kind", id="no-pem"),
        pytest.param(armour(b"1"), "certificate 1 (line 1) is not an X.509 certificate", id="nonsense"),
    ],
)
def test_what_is_no_certificate(text, told):
    assert told in refused(text)


def test_a_ca_without_a_subject(chain):
    message = refused(issue(name(), ca=False, issuer=chain[1]).pem)
    assert message.startswith(f"{SOURCE}: certificate without a subject is not a CA certificate")


@settings(deadline=None)
@given(text=st.text(), data=st.data())
def test_damaged_text_raises_nothing_else(stranger, text, data):
    where = data.draw(st.integers(0, len(stranger.pem)))
    try:
        loaded = load(stranger.pem[:where] + text + stranger.pem[where:], bundle=True)
    except InputError:
        return
    assert loaded.facts == load(stranger.pem).facts


def test_cryptography_is_missing(monkeypatch, stranger):
    spec = importlib.util.spec_from_file_location(f"{subject_module.__package__}.ca_again", subject_module.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, spec.name, fresh)
        for module in [each for each in sys.modules if each.split(".")[0] == "cryptography"]:
            patch.setitem(sys.modules, module, None)
        spec.loader.exec_module(fresh)
    monkeypatch.setattr(pem, "HAS_CRYPTOGRAPHY", False)
    with pytest.raises(MissingLibraryError, match="cryptography"):
        fresh.load_ca_certificate(stranger.pem, source=SOURCE, now=NOW)
