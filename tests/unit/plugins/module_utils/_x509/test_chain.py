# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._x509.pem import order_chain, read_certificates
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import (
    OLD_SIGNATURES,
    armour,
    issue,
    with_old_signature,
)
from hypothesis import given, settings, strategies as st

SOURCE = "chain_path /x/chain.pem"


def ordered(*issued):
    certificates = read_certificates("".join(each.pem for each in issued), source=SOURCE)
    return [each.pem for each in order_chain(certificates, source=SOURCE)]


def refused(*issued):
    with pytest.raises(InputError) as caught:
        ordered(*issued)
    assert caught.value.message.startswith(SOURCE)
    return caught.value.message


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_every_order_becomes_the_right_one(chain, length):
    right = [each.pem for each in chain[:length]]
    for order in itertools.permutations(chain[:length]):
        assert ordered(*order) == right


@settings(deadline=None)
@given(data=st.data())
def test_any_part_of_a_chain_in_any_order_with_repeats(chain, data):
    start = data.draw(st.integers(0, 3))
    part = chain[start : data.draw(st.integers(start + 1, 4))]
    repeated = data.draw(st.permutations([*part, *data.draw(st.lists(st.sampled_from(part), max_size=3))]))
    assert ordered(*repeated) == [each.pem for each in part]


def test_a_certificate_given_twice_counts_once(chain):
    leaf, lower, upper, _root = chain
    assert ordered(leaf, lower, upper, lower, upper) == [leaf.pem, lower.pem, upper.pem]


def test_self_signed_alone(stranger):
    assert ordered(stranger) == [stranger.pem]


def test_a_certificate_of_another_issuer(chain, stranger):
    message = refused(chain[0], stranger)
    assert message == (
        f"{SOURCE}: CN=Other Root does not belong to the chain of CN=www.example.com: "
        "the issuer of CN=www.example.com was expected, which is CN=Acme Lower CA."
    )


def test_a_gap(chain):
    leaf, lower, _upper, root = chain
    message = refused(leaf, lower, root)
    assert "CN=Acme Root does not belong to the chain of CN=www.example.com" in message
    assert "the issuer of CN=Acme Lower CA was expected, which is CN=Acme Upper CA" in message


def test_one_more_behind_the_root(chain, stranger):
    message = refused(*chain, stranger)
    assert "CN=Other Root does not belong" in message
    assert "complete with the self-signed CN=Acme Root" in message


def test_two_leaves(chain, other):
    message = refused(chain[0], other, chain[1])
    assert "CN=other.example.com does not belong to the chain of CN=www.example.com" in message


def test_a_stranger_first(chain, stranger):
    assert "CN=Other Root does not belong to the chain of CN=www.example.com" in refused(stranger, *chain[:3])


def test_two_roots_only(chain, stranger):
    assert "CN=Other Root does not belong to the chain of CN=Acme Root" in refused(chain[3], stranger)


def test_the_right_name_with_the_wrong_key(chain):
    impostor = issue("Acme Lower CA", ca=True)
    message = refused(chain[0], impostor)
    assert "CN=Acme Lower CA does not belong to the chain of CN=www.example.com" in message
    assert "its key did not sign" in message


def test_the_right_name_with_a_key_of_another_kind(chain, rsa_leaf):
    impostor = issue("Acme Lower CA", ca=True, key=rsa_leaf.key)
    assert "its key did not sign" in refused(chain[0], impostor)


def test_more_than_one_order(chain):
    leaf, _lower, _upper, root = chain
    again = issue("Acme Root", ca=True, key=root.key)
    direct = issue("direct.example.com", issuer=root)
    assert "more than one order" in refused(again, direct, root)
    assert ordered(direct, again, root) == [direct.pem, again.pem, root.pem], "an order that is right is not touched"
    assert leaf.subject == "CN=www.example.com"


def test_a_cross_signed_root():
    """The old root vouches for the new one: both forms of the new root in one file, in any order."""
    old = issue("Old Root", ca=True)
    new = issue("New Root", ca=True)
    crossed = issue("New Root", issuer=old, key=new.key, ca=True)
    leaf = issue("www.example.com", issuer=new)
    for order in itertools.permutations((leaf, crossed, old)):
        assert ordered(*order) == [leaf.pem, crossed.pem, old.pem]


def test_a_bundle_of_roots_is_no_chain(chain):
    roots = [issue(f"Root {number}", ca=True, key=chain[3].key) for number in range(11)]
    assert "12 certificates in no order" in refused(chain[0], *roots)


def test_a_signature_that_cannot_be_verified(chain):
    (leaf,) = read_certificates(chain[0].pem, source=SOURCE)
    sm2 = chain[1].der.replace(bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a811ccf5501822d"))
    (parsed,) = read_certificates(armour(sm2), source=SOURCE)
    with pytest.raises(InputError, match="cannot be verified; ALB takes RSA and ECC") as caught:
        order_chain([leaf, parsed], source=SOURCE)
    assert caught.value.message.startswith(
        f"{SOURCE}: the signature of CN=www.example.com (made with a key of type SM2)"
    )


@pytest.mark.parametrize("digest", OLD_SIGNATURES)
def test_a_signature_with_an_old_hash(rsa_leaf, digest):
    ca = issue("Acme CA", ca=True, key=rsa_leaf.key)
    old = with_old_signature(issue("www.example.com", issuer=ca), digest)
    with pytest.raises(InputError) as caught:
        order_chain(read_certificates(old + ca.pem, source=SOURCE), source=SOURCE)
    assert caught.value.message == (
        f"{SOURCE}: the signature of CN=www.example.com (with an old hash such as SHA-1) cannot be verified; TLS"
        " clients refuse it as well."
    )
