# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked for to see certificates, and whether what is served is one of them, without any endpoint."""

from __future__ import annotations

import typing as t
from collections.abc import Sequence

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._tls.meant import Meant
from ansible_collections.alicloud.tls.plugins.module_utils._tls.seen import Asked, Handshake, KeyType
from ansible_collections.alicloud.tls.plugins.module_utils._x509.pem import Certificate, read_certificates
from ansible_collections.alicloud.tls.tests.unit.support.pki import NAMES, Bundle, Pki

Given = dict[str, t.Any]


def _given(number: int, *names: str, algorithm: str | None = "RSA", **more: t.Any) -> Given:
    return {
        "id": f"{number}-cn-hangzhou",
        "sha256": f"{number:064x}",
        "names": list(names),
        "algorithm": algorithm,
    } | more


A, B = "a.example.com", "b.example.com"
MANY = [f"n{number:02}.example.com" for number in range(12)]


@pytest.mark.parametrize(
    ("given", "most", "wanted"),
    [
        pytest.param([_given(1, A, B)], 10, {A: ("rsa",), B: ("rsa",)}, id="one"),
        pytest.param([_given(1, B, A, algorithm="ECC")], 10, {B: ("ecdsa",), A: ("ecdsa",)}, id="order-of-names"),
        pytest.param(
            [_given(1, A, algorithm="ECC"), _given(2, A, algorithm="RSA")], 10, {A: ("rsa", "ecdsa")}, id="pair"
        ),
        pytest.param(
            [_given(1, A, B), _given(2, B, algorithm="ECC")], 10, {A: ("rsa",), B: ("rsa", "ecdsa")}, id="half-a-pair"
        ),
        pytest.param([_given(1, A), _given(2, B, A)], 10, {A: ("rsa",), B: ("rsa",)}, id="same-name-in-two"),
        pytest.param([_given(1, A), _given(1, A)], 10, {A: ("rsa",)}, id="same-certificate-twice"),
        pytest.param([_given(1, A, algorithm="unknown")], 10, {A: (None,)}, id="unknown-algorithm"),
        pytest.param([_given(1, A, algorithm=None)], 10, {A: (None,)}, id="no-algorithm"),
        pytest.param([_given(1, A, algorithm="SM2")], 10, {A: (None,)}, id="another-algorithm"),
        pytest.param(
            [_given(1, A), _given(2, A, B, algorithm="unknown")], 10, {A: (None, "rsa"), B: (None,)}, id="one-unknown"
        ),
        pytest.param([_given(1, "*.example.com")], 10, {"wildcard-check.example.com": ("rsa",)}, id="wildcard"),
        pytest.param(
            [_given(1, "*.example.com", "example.com"), _given(2, A, "*.example.com", algorithm="ECC")],
            10,
            {"wildcard-check.example.com": ("rsa", "ecdsa"), "example.com": ("rsa",), A: ("ecdsa",)},
            id="wildcards-and-a-name-of-its-own",
        ),
        pytest.param(
            [_given(1, "*.example.com"), _given(2, "*.a.example.com", algorithm="ECC")],
            10,
            {"wildcard-check.example.com": ("rsa",), "wildcard-check.a.example.com": ("ecdsa",)},
            id="a-wildcard-is-one-label",
        ),
        pytest.param([_given(1, A, "192.0.2.1", "2001:db8::1")], 10, {A: ("rsa",)}, id="address-beside-a-name"),
        pytest.param(
            [_given(1, "192.0.2.1", "2001:DB8:0::1"), _given(2, A, "192.0.2.1", algorithm="ECC")],
            10,
            {"192.0.2.1": ("rsa", "ecdsa"), "2001:db8::1": ("rsa",), A: ("ecdsa",)},
            id="addresses-only",
        ),
        pytest.param([_given(1, "192.0.2.1", "192.0.2.2")], 1, {"192.0.2.1": ("rsa",)}, id="limit-of-addresses"),
        pytest.param([_given(1, *MANY)], 10, dict.fromkeys(MANY[:10], ("rsa",)), id="limit"),
        pytest.param([_given(1, *MANY)], 0, dict.fromkeys(MANY, ("rsa",)), id="no-limit"),
        pytest.param(
            [_given(1, A, B), _given(2, A, B, *MANY)], 1, {A: ("rsa",)}, id="limit-of-each-counts-what-others-have"
        ),
        pytest.param(
            [_given(1, A), _given(2, B, A, algorithm="ECC")],
            1,
            {A: ("rsa", "ecdsa"), B: ("ecdsa",)},
            id="limit-of-names",
        ),
        pytest.param(
            [_given(1, "Bücher.example.com", "xn--bcher-kva.example.com.", "*.münchen.de")],
            10,
            {"xn--bcher-kva.example.com": ("rsa",), "wildcard-check.xn--mnchen-3ya.de": ("rsa",)},
            id="unicode",
        ),
        pytest.param([_given(1, "Acme Root CA", "*", "w*.example.com", A)], 1, {A: ("rsa",)}, id="what-is-no-host"),
        pytest.param(
            [_given(1, f"*.{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.de", A)], 1, {A: ("rsa",)}, id="too-long"
        ),
        pytest.param([{"sha256": "ab" * 32}, _given(2, A, names=None)], 10, {}, id="no-names"),
        pytest.param([_given(1, A), {"sha256": "ab" * 32}], 10, {A: ("rsa",)}, id="one-without-names"),
    ],
)
def test_what_is_asked_for(given: Sequence[Given], most: int, wanted: dict[str, tuple[KeyType | None, ...]]) -> None:
    meant = Meant.of(given)
    assert meant.names(most) == tuple(wanted)
    assert meant.asked(meant.names(most), ()) == tuple(Asked(name, kind) for name in wanted for kind in wanted[name])


def test_what_the_user_asks_for() -> None:
    meant = Meant.of(
        [_given(1, A), _given(2, "*.example.com", algorithm="ECC"), _given(3, "c.example.net", algorithm=None)]
    )
    assert meant.asked([B, "d.example.net"], ()) == (Asked(B, "ecdsa"), Asked("d.example.net"))
    assert meant.asked([B], (None,)) == (Asked(B),)
    # Servers may hold that a wildcard is good enough, too, and a key that is not known may be any.
    assert meant.asked([A], ("ecdsa", "rsa")) == (Asked(A, "ecdsa"), Asked(A, "rsa"))
    assert meant.asked(["c.example.net"], ("rsa",)) == (Asked("c.example.net", "rsa"),)
    with pytest.raises(
        InputError, match=r"key_types has rsa, but none of until.certificates .* b.example.com has such"
    ):
        meant.asked([A, B], ("rsa",))
    # One whose names are not known may be for it.
    unknown = Meant.of([_given(1, A), {"sha256": "ab" * 32, "algorithm": "ECC"}])
    assert unknown.asked([A], ("ecdsa",)) == (Asked(A, "ecdsa"),)


@pytest.mark.parametrize("sha256", [None, "", "ab", "ab" * 20, 7])
def test_a_certificate_without_fingerprint(sha256: object) -> None:
    given = {"id": "7-cn-hangzhou", "names": [A], "sha256": sha256}
    with pytest.raises(InputError, match=r"until.certificates\[1\] \(7-cn-hangzhou\): .*cas_certificate_info"):
        Meant.of([_given(1, A), given])


# --- what is served --------------------------------------------------------------------------------------------------


def _parsed(bundle: Bundle) -> Certificate:
    return read_certificates(bundle.pem, source="it")[0]


def _facts(bundle: Bundle, **changed: t.Any) -> Given:
    return {"id": "1-cn-hangzhou", "name": "x", **_parsed(bundle).facts.to_dict(), **changed}


def _problem(given: Sequence[Given], served: Bundle, name: str, kind: KeyType | None = None) -> str | None:
    return Meant.of(given).problem(Asked(name, kind), Handshake(chain=(_parsed(served),)))


@pytest.mark.parametrize("kind", [None, "rsa", "ecdsa"])
def test_one_of_the_pair(pki: Pki, kind: KeyType | None) -> None:
    pair = [_facts(pki.rsa), _facts(pki.ecc)]
    for served, its in ((pki.rsa, "rsa"), (pki.ecc, "ecdsa")):
        assert (_problem(pair, served, NAMES[0], kind) is None) == (kind in (None, its))
        assert (_problem(pair, served, "elsewhere.example.net", kind) is None) == (kind in (None, its))


def test_another_certificate(pki: Pki) -> None:
    expires, later = (_parsed(each).facts.expires for each in (pki.rsa, pki.renewed))
    told = (
        f"the certificate is CN={NAMES[0]} (RSA, good until {expires}, SHA-256 fingerprint {pki.rsa.sha256}), not"
        f" CN={NAMES[0]} (RSA, good until {later}, SHA-256 fingerprint {pki.renewed.sha256})"
    )
    assert _problem([_facts(pki.renewed)], pki.rsa, NAMES[0]) == told
    # The other kind of key is not what could be expected.
    assert _problem([_facts(pki.renewed), _facts(pki.ecc)], pki.rsa, NAMES[0], "rsa") == told
    both = _problem([_facts(pki.renewed), _facts(pki.ecc)], pki.rsa, NAMES[0])
    assert both is not None
    assert "not one of CN=" in both
    assert pki.renewed.sha256 in both
    assert pki.ecc.sha256 in both
    # Nor is that of another name.
    other = _problem([_facts(pki.renewed), _facts(pki.single)], pki.rsa, NAMES[0])
    assert other == told


def test_one_of_them_that_is_for_other_names(pki: Pki) -> None:
    """As it is when an additional certificate is not served yet, and the default is in its place."""
    given = [_facts(pki.ecc), _facts(pki.single)]
    found = _problem(given, pki.ecc, "single.example.com")
    assert found is not None
    assert f"{pki.ecc.sha256}), not CN=single.example.com" in found
    assert _problem(given, pki.single, "single.example.com") is None


def test_a_name_that_none_is_for_gets_any_of_them(pki: Pki) -> None:
    given = [_facts(pki.ecc), _facts(pki.single)]
    for served in (pki.ecc, pki.single):
        assert _problem(given, served, "elsewhere.example.net") is None
    found = _problem(given, pki.rsa, "elsewhere.example.net")
    assert found is not None
    assert "not one of CN=www.example.com (" in found
    assert "CN=single.example.com (" in found


def test_what_is_not_known_of_a_certificate_is_seen(pki: Pki) -> None:
    bare = {"sha256": pki.ecc.fingerprint}
    assert _problem([bare], pki.ecc, NAMES[0], "ecdsa") is None
    assert _problem([bare], pki.rsa, NAMES[0]) == (
        f"the certificate is CN={NAMES[0]} (RSA, good until {_parsed(pki.rsa).facts.expires}, SHA-256 fingerprint"
        f" {pki.rsa.sha256}), not the one with the SHA-256 fingerprint {pki.ecc.sha256}"
    )
    # It is for the name, as one sees; what is for another one is not.
    assert _problem([bare, _facts(pki.rsa)], pki.ecc, NAMES[0]) is None
    assert _problem([bare, _facts(pki.single)], pki.ecc, "single.example.com") is not None
    assert _problem([_facts(pki.ecc, algorithm=None)], pki.ecc, NAMES[0], "ecdsa") is None
    # CAS has the CN among the names, whatever is in the certificate.
    assert _problem([_facts(pki.single, names=["a.example.net"])], pki.single, "a.example.net") is None


def test_a_sentence_names_some_of_many(pki: Pki) -> None:
    given = [_given(number, A) for number in range(7)]
    found = _problem(given, pki.ecc, A)
    assert found is not None
    assert found.count("SHA-256 fingerprint") == 1 + 5
    assert found.endswith(f"{4:064x}), 2 more")
