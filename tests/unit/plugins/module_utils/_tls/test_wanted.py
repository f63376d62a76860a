# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what was seen differs from what was wanted, without any endpoint."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._tls.seen import Answer, ClientOutcome, Handshake, Row
from ansible_collections.alicloud.tls.plugins.module_utils._tls.wanted import Wanted, unmet
from ansible_collections.alicloud.tls.plugins.module_utils._x509.pem import read_certificates
from ansible_collections.alicloud.tls.tests.unit.support.pki import NAMES, Pki

ALL = {
    "verified": True,
    "covers_server_name": True,
    "client_certificate": "required",
    "client_certificate_accepted": True,
    "min_version": "TLSv1.2",
    "versions": ["TLSv1.2", "TLSv1.3"],
    "alpn": "h2",
    "http_status": [200],
    "h3_offered": True,
}


@pytest.fixture
def good(pki: Pki) -> Row:
    shaken = Handshake(
        peer="127.0.0.1:1",
        version="TLSv1.3",
        cipher="TLS_AES_128_GCM_SHA256",
        alpn="h2",
        chain=read_certificates(pki.ecc.fullchain, source="it"),
        requested=True,
    )
    return Row(
        NAMES[0],
        "ecdsa",
        "tcp",
        (shaken, shaken),
        client=ClientOutcome(True, tried_without=True, without_error="TLS alert: x", tried_with=True),
        http=Answer(200, 'h3=":443"'),
        versions={"TLSv1.0": None, "TLSv1.1": False, "TLSv1.2": True, "TLSv1.3": True},
    )


def test_all_as_wanted(good: Row, pki: Pki) -> None:
    assert unmet(Wanted.of({**ALL, "sha256": [pki.rsa.fingerprint, f"sha256:{pki.ecc.fingerprint}"]}), [good]) == []
    assert unmet(Wanted.of({}), [good]) == []
    # Each alone is of no matter to the others.
    for name, value in ALL.items():
        assert unmet(Wanted.of({name: value}), [good]) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"verify_error": "too old"}, "the chain is not verified: too old"),
        ({"server_name": "a.example.net"}, "the certificate is not good for a.example.net: its names are www.exam"),
        ({"client": ClientOutcome(False)}, "a client certificate is not requested, not required"),
        (
            {"client": ClientOutcome(True, tried_without=True, tried_with=True)},
            "a client certificate is optional, not required",
        ),
        (
            {"client": ClientOutcome(True, (), "x", "TLS alert: y", tried_without=True, tried_with=True)},
            "the client certificate is refused: TLS alert: y",
        ),
        ({"http": Answer(302, 'h3=":443"')}, "the HTTP status is 302, not 200"),
        ({"http": Answer(200, "h2=x")}, "HTTP/3 is not offered: Alt-Svc is h2=x"),
        ({"http": Answer(error="gone")}, "the request got no answer: gone"),
        ({"http": None}, "no request could be made"),
        ({"versions": {"TLSv1.1": True, "TLSv1.2": True}}, "TLSv1.1, TLSv1.2 are accepted, not TLSv1.2, TLSv1.3"),
        ({"versions": {"TLSv1.3": False}}, "none are accepted, not TLSv1.2, TLSv1.3"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_otherwise(good: Row, change: dict[str, object], sentence: str) -> None:
    row = replace(good, **change)  # type: ignore[arg-type]
    found = unmet(Wanted.of(ALL), [good, row])
    assert any(each.startswith(f"{row.server_name} (ecdsa): {sentence}") for each in found), found
    # And without conditions nobody minds.
    assert unmet(Wanted.of({}), [row]) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"version": "TLSv1.1"}, "TLSv1.1 was negotiated, not TLSv1.2 or later"),
        ({"alpn": None}, "no protocol was negotiated by ALPN, not h2"),
        ({"chain": (), "error": "No answer"}, "it is not reached: No answer"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_handshakes_that_are_otherwise(good: Row, change: dict[str, object], sentence: str) -> None:
    other = replace(good.last, **change)  # type: ignore[arg-type]
    found = unmet(Wanted.of(ALL), [replace(good, handshakes=(other, other))])
    assert found == [f"{NAMES[0]} (ecdsa): {sentence}"]
    (told,) = unmet(Wanted.of({}), [replace(good, handshakes=(good.last, other))])
    assert "did not agree" in told or "not reached" in told


def test_a_handshake_that_was_broken_off(good: Row) -> None:
    """If a client certificate was asked for, what becomes of clients without one tells more."""
    broken = replace(good.last, error="bad signature", requested=False)
    assert unmet(Wanted.of({}), [replace(good, handshakes=(broken,))]) == [
        f"{NAMES[0]} (ecdsa): the handshake was broken off after the certificate: bad signature"
    ]
    assert unmet(Wanted.of({}), [replace(good, handshakes=(replace(broken, requested=True),))]) == []


def test_the_reverse(good: Row) -> None:
    found = unmet(Wanted.of({"verified": False, "covers_server_name": False, "h3_offered": False}), [good])
    assert [each.partition(": ")[2] for each in found] == [
        "the chain is verified",
        f"the certificate is good for {NAMES[0]}: its names are www.example.com, example.com",
        'HTTP/3 is offered: Alt-Svc is h3=":443"',
    ]
    assert unmet(Wanted.of({"client_certificate_accepted": False}), [good]) == [
        f"{NAMES[0]} (ecdsa): the client certificate is accepted"
    ]


def test_nothing_is_there(good: Row) -> None:
    gone = replace(good, handshakes=(Handshake(error="Connection refused"),), client=None, http=None, versions=None)
    assert unmet(Wanted.of({"reached": False}), [gone]) == []
    assert len(unmet(Wanted.of({"reached": False}), [good])) == 1
    assert unmet(Wanted.of(ALL), [gone]) == [f"{NAMES[0]} (ecdsa): it is not reached: Connection refused"]


@pytest.mark.parametrize("name", ["sha256", "versions", "http_status"])
def test_an_empty_list_is_no_condition(name: str) -> None:
    with pytest.raises(InputError, match=f"until.{name} is empty"):
        Wanted.of({name: []})


@pytest.mark.parametrize(
    ("told", "h3"),
    [
        (None, ()),
        ("clear", ()),
        ('h3=":443"', (":443",)),
        ('h2="a:1", h3="b.example.com:2"; ma=1; persist=1,h3=":3"', ("b.example.com:2", ":3")),
        ('h3-29=":443", xh3=":1"', ()),
    ],
)
def test_alt_svc(told: str | None, h3: tuple[str, ...]) -> None:
    assert Answer(200, told).h3 == h3
