# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._x509.pem import load_server_certificate
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import NOW, issue, require_silence

P256, SM2 = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a811ccf5501822d")


def load(certificate, *, chain=None, private_key=None, now=NOW, allow_expired=False):
    return load_server_certificate(
        certificate=certificate,
        certificate_source="certificate_path /x/www.pem",
        chain=chain,
        chain_source=None if chain is None else "chain_path /x/chain.pem",
        private_key=private_key,
        private_key_source=None if private_key is None else "private_key_path /x/www.key",
        now=now,
        allow_expired=allow_expired,
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
        ("rsa1024", "RSA key of 1024 bits, too short"),
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
                **options,
            )
