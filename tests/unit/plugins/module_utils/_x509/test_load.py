# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._x509.pem import load_server_certificate
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import (
    NOW,
    armour,
    as_sm2,
    issue,
    name,
    require_silence,
)
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.x509.oid import NameOID

P256, SM2 = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a811ccf5501822d")


def load(certificate, *, chain=None, private_key=None, now=NOW, allow_expired=False, allow_weak_key=False):
    return load_server_certificate(
        certificate=certificate,
        certificate_source="certificate_path /x/www.pem",
        chain=chain,
        chain_source=None if chain is None else "chain_path /x/chain.pem",
        private_key=private_key,
        private_key_source=None if private_key is None else "private_key_path /x/www.key",
        now=now,
        allow_expired=allow_expired,
        allow_weak_key=allow_weak_key,
    )


def refused(certificate, **options):
    with pytest.raises(InputError) as caught:
        load(certificate, **options)
    if options.get("private_key"):
        require_silence(caught.value, options["private_key"])
    return caught.value.message


def text(*issued):
    return "".join(each.pem for each in issued)


def test_leaf_and_chain(chain):
    leaf, lower, upper, _root = chain
    wanted = text(leaf, lower, upper)
    for loaded in (
        load(text(leaf), chain=text(lower, upper), private_key=leaf.key_pem()),
        load(text(leaf), chain=text(upper, lower).replace("\n", "\r\n"), private_key="\ufeff" + leaf.key_pem()),
        load(text(leaf, lower, upper), chain=text(lower, upper)),
        load("\ufeff" + text(leaf, lower, upper)),
        load(text(lower, leaf, upper)),
        load(text(lower), chain=text(leaf, upper), private_key=leaf.key_pem()),
    ):
        assert loaded.pem == wanted
        assert loaded.leaf.subject == "CN=www.example.com"
        assert [each.subject for each in loaded.chain] == ["CN=Acme Lower CA", "CN=Acme Upper CA"]
        assert "BEGIN" not in repr(loaded)


def test_a_self_signed_certificate_with_ca_true(stranger):
    loaded = load(stranger.pem, private_key=stranger.key_pem())
    assert (loaded.leaf.subject, loaded.chain, loaded.pem) == ("CN=Other Root", (), stranger.pem)


@pytest.mark.parametrize("kind", ["rsa2048", "rsa4096", "p256", "p384", "p521"])
def test_keys_that_alb_takes(kinds, kind):
    issued = getattr(kinds, kind)
    assert load(issued.pem, private_key=issued.key_pem()).leaf.subject == f"{issued.subject}"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("rsa1024", "RSA key of 1024 bits, too short to be safe: at least 2048 are needed; set allow_weak_key"),
        ("dsa", "a public key of type DSA; ALB takes RSA and ECC"),
        ("ed25519", "a public key of type Ed25519; ALB takes RSA and ECC"),
        ("ed448", "a public key of type Ed448; ALB takes RSA and ECC"),
    ],
)
def test_keys_that_alb_does_not_take(kinds, kind, told):
    issued = getattr(kinds, kind)
    with pytest.raises(InputError, match=told):
        load(issued.pem, private_key=issued.key_pem())
    refused(issued.pem, private_key=issued.key_pem(), allow_expired=True)
    if kind != "rsa1024":
        assert told in refused(issued.pem, private_key=issued.key_pem(), allow_weak_key=True)


def test_a_weak_key_that_is_allowed(kinds):
    issued = kinds.rsa1024
    loaded = load(issued.pem, private_key=issued.key_pem(), allow_weak_key=True)
    assert (loaded.leaf.algorithm, loaded.leaf.key_size) == ("RSA", 1024)
    assert loaded.warnings[0] == (
        "certificate_path /x/www.pem: CN=rsa1024 has an RSA key of 1024 bits, too short to be safe."
    )
    strong = load(kinds.rsa2048.pem, private_key=kinds.rsa2048.key_pem(), allow_weak_key=True)
    assert strong.warnings == ()


def test_a_weak_key_is_checked_all_the_same(kinds, other):
    told = refused(kinds.rsa1024.pem, private_key=other.key_pem(), allow_weak_key=True)
    assert "public key differs" in told


@pytest.mark.parametrize(
    "curve",
    [ec.SECP256K1(), ec.SECP224R1(), ec.SECP192R1(), ec.BrainpoolP256R1(), ec.BrainpoolP384R1(), ec.BrainpoolP512R1()],
    ids=lambda curve: str(curve.name),
)
def test_curves_that_tls_clients_do_not_know(curve):
    issued = issue("www.example.com", key=ec.generate_private_key(curve))
    for weak in (False, True):
        told = refused(issued.pem, private_key=issued.key_pem(), allow_weak_key=weak)
        assert f"CN=www.example.com has an ECC key on the curve {curve.name}, which" in told
        assert "one of P-256, P-384, P-521" in told


def test_sm2(chain):
    leaf, lower, *_rest = chain
    for given in (as_sm2(leaf), as_sm2(leaf) + lower.pem, as_sm2(leaf) + as_sm2(lower), lower.pem + as_sm2(leaf)):
        told = refused(given, private_key=leaf.key_pem())
        assert "CN=www.example.com has a public key of type SM2; ALB takes RSA and ECC" in told
        assert "SM2 is for accounts that Alibaba Cloud has enabled for it, and not supported here" in told


def test_an_sm2_key(leaf):
    """The key of an SM2 pair given for an ECC certificate."""
    der = base64.b64decode("".join(leaf.key_pem().splitlines()[1:-1]))
    assert P256 in der
    key = armour(der.replace(P256, SM2), "PRIVATE KEY")
    told = refused(leaf.pem, private_key=key)
    assert "the private key is of an unknown type or curve; ALB takes RSA and ECC" in told


@pytest.mark.parametrize(
    ("curve", "told"),
    [
        pytest.param(SM2, "a public key of type SM2", id="sm2"),
        pytest.param(SM2[:-1] + b"\x7f", "unknown type or curve", id="unknown"),
    ],
)
def test_curves_that_alb_does_not_take(leaf, curve, told):
    body = base64.encodebytes(leaf.der.replace(P256, curve)).decode()
    message = refused(f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n", private_key=leaf.key_pem())
    assert told in message
    assert "ALB takes RSA and ECC" in message


@pytest.mark.parametrize("with_key", [False, True])
@pytest.mark.parametrize(
    ("times", "told"),
    [
        pytest.param((-60, -1), "expired at 2026-11-22T12:00:00Z", id="expired"),
        pytest.param((1, 60), "is not valid before 2026-11-24T12:00:00Z", id="not-yet"),
    ],
)
def test_validity_of_the_leaf(chain, times, told, with_key):
    lower = chain[1]
    before, after = (NOW + timedelta(days=days) for days in times)
    issued = issue("old.example.com", issuer=lower, not_before=before, not_after=after)
    key = issued.key_pem() if with_key else None
    message = refused(text(issued, lower), private_key=key)
    assert f"CN=old.example.com {told}" in message
    assert "allow_expired" in message
    assert load(text(issued, lower), private_key=key, allow_expired=True).leaf.subject == "CN=old.example.com"


def test_validity_of_the_chain(chain):
    root = chain[3]
    lower = issue("Old CA", issuer=root, ca=True, not_before=NOW - timedelta(9), not_after=NOW - timedelta(seconds=1))
    leaf = issue("www.example.com", issuer=lower)
    assert "CN=Old CA expired at 2026-11-23T11:59:59Z" in refused(leaf.pem, chain=lower.pem)
    assert len(load(leaf.pem, chain=lower.pem, allow_expired=True).chain) == 1


def test_both_ends_of_the_validity_are_included():
    issued = issue("x", not_before=NOW, not_after=NOW + timedelta(seconds=1))
    for seconds in (0, 1):
        load(issued.pem, now=NOW + timedelta(seconds=seconds))
    for seconds in (-1, 2):
        refused(issued.pem, now=NOW + timedelta(seconds=seconds))


def test_errors_name_the_right_source(chain, other, stranger):
    leaf, lower, *_rest = chain
    assert refused("nothing").startswith("certificate_path /x/www.pem: ")
    assert refused(leaf.pem, chain="nothing").startswith("chain_path /x/chain.pem: ")
    assert refused(leaf.pem, chain="").startswith("chain_path /x/chain.pem: ")
    assert refused(leaf.pem, private_key="nothing").startswith("private_key_path /x/www.key: ")
    assert refused(leaf.pem, chain=stranger.pem).startswith(
        "certificate_path /x/www.pem with chain_path /x/chain.pem: "
    )
    assert refused(leaf.pem, chain=leaf.key_pem(), private_key=leaf.key_pem()).startswith("chain_path /x/chain.pem: ")
    assert "public key differs" in refused(leaf.pem, chain=lower.pem, private_key=other.key_pem())


def test_certificate_and_key_mixed_up(leaf):
    assert "it holds a private key" in refused(leaf.key_pem(), private_key=leaf.pem)


def test_sources_have_defaults(leaf):
    for options, told in (
        ({"chain": "x", "private_key": None}, "chain: "),
        ({"chain": None, "private_key": "x"}, "private_key: "),
    ):
        with pytest.raises(InputError, match=f"^{told}"):
            load_server_certificate(
                certificate=leaf.pem,
                certificate_source="certificate",
                chain_source=None,
                private_key_source=None,
                now=NOW,
                allow_expired=False,
                allow_weak_key=False,
                **options,
            )


NO_SAN = "has no subject alternative names; most TLS clients no longer take the common name instead."
NO_NAME = "names no host: no TLS client will accept it for one."
ORGANISATION = name((NameOID.ORGANIZATION_NAME, "Acme"))


@pytest.mark.parametrize(
    ("subject", "san", "names", "warning"),
    [
        pytest.param("www.example.com", ["www.example.com"], ["www.example.com"], None, id="both"),
        pytest.param("Acme, Inc.", ["www.example.com"], ["www.example.com"], None, id="cn-of-no-host"),
        pytest.param(ORGANISATION, ["a.example"], ["a.example"], None, id="no-cn"),
        pytest.param(name(), ["a.example"], ["a.example"], None, id="no-subject"),
        pytest.param("WWW.Example.com", None, ["www.example.com"], f"CN=WWW.Example.com {NO_SAN}", id="no-san"),
        pytest.param("Acme, Inc.", None, [], rf"CN=Acme\, Inc. {NO_NAME}", id="no-san-and-cn-of-no-host"),
        pytest.param(ORGANISATION, None, [], f"O=Acme {NO_NAME}", id="no-san-and-no-cn"),
        pytest.param(name(), None, [], f"certificate without a subject {NO_NAME}", id="nothing"),
        pytest.param(
            "www.example.com", [x509.RFC822Name("a@b.example")], [], f"CN=www.example.com {NO_NAME}", id="email-only"
        ),
        pytest.param(
            "x",
            [x509.RFC822Name("a@b.example"), x509.UniformResourceIdentifier("https://u.example/"), "c.example"],
            ["c.example"],
            None,
            id="email-and-uri-besides",
        ),
        pytest.param("x", ["192.0.2.1", "2001:DB8::1"], ["192.0.2.1", "2001:db8::1"], None, id="addresses"),
        pytest.param("x", ["xn--bcher-kva.example"], ["xn--bcher-kva.example"], None, id="unicode"),
        pytest.param("x", [f"n{i}.example" for i in range(200)], [f"n{i}.example" for i in range(200)], None, id="200"),
    ],
)
def test_names(leaf, subject, san, names, warning):
    issued = issue(subject, names=san, issuer=leaf)
    loaded = load(issued.pem, private_key=issued.key_pem())
    assert list(loaded.leaf.names) == names
    assert loaded.warnings == (() if warning is None else (f"certificate_path /x/www.pem: {warning}",))
    assert all(loaded.leaf.covers(each) for each in names)
    assert not loaded.leaf.covers("b.example")
    assert not loaded.leaf.covers("u.example")


def test_a_certificate_without_a_subject_is_still_called_something(leaf):
    nameless = issue(name(), issuer=leaf, names=["a.example"], not_after=NOW - timedelta(days=1))
    assert "/x/www.pem: a.example expired at" in refused(nameless.pem)


def as_s_client_prints(*issued):
    """What `openssl s_client -showcerts` writes: every certificate, and the leaf once more."""
    chain = "".join(f" {depth} s:{each.subject}\n   i:x\n{each.pem}" for depth, each in enumerate(issued))
    return (
        f"CONNECTED(00000003)\n---\nCertificate chain\n{chain}---\nServer certificate\n{issued[0].pem}"
        f"subject=/CN={issued[0].subject}\nissuer=/CN=x\n---\nNo client certificate CA names sent\n"
        "SSL-Session:\n    Protocol  : TLSv1.3\n---\nread:errno=0\n"
    )


@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(lambda text: text, id="plain"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="crlf"),
        pytest.param(lambda text: "\ufeff" + text, id="bom"),
        pytest.param(lambda text: f"# www.example.com, 2026\n\n{text}# that was all", id="comments"),
        pytest.param(lambda text: f"Bag Attributes\n    localKeyID: 01\nsubject=/CN=x\nissuer=/CN=y\n{text}", id="bag"),
    ],
)
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL], ids=["pkcs8", "traditional"])
def test_the_dress_of_files(chain, rsa_leaf, dress, form):
    leaf, lower, upper, _root = chain
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    loaded = load(dress(as_s_client_prints(leaf, lower, upper)), private_key=dress(parameters + leaf.key_pem(form)))
    assert loaded.pem == text(leaf, lower, upper)
    assert load(dress(rsa_leaf.pem), private_key=dress(rsa_leaf.key_pem(form))).pem == rsa_leaf.pem
