# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks on listeners share. The tasks themselves are tested through their modules, over HTTP."""

from __future__ import annotations

import json
import types
import typing as t
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener import Listener
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.task import Run
from ansible_collections.alicloud.tls.plugins.module_utils._cas.certificate import StoredCertificate
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError, NotFoundError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._tasks._listeners import (
    check_port,
    find_listener,
    planned_listener,
    wanted_certificates,
    with_facts,
    with_known_facts,
)
from ansible_collections.alicloud.tls.plugins.module_utils._x509.facts import CertificateFacts
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    ECC,
    LISTENER,
    PLANNED,
    RENEWED,
    RSA,
    UNKNOWN,
    facts,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
EXPIRED = facts("old.example.com", not_after="2026-11-22T00:00:00Z")


@dataclass
class Store:
    """One CAS site. :ivar asked: for numbers and fingerprints."""

    site: str
    known: dict[int, CertificateFacts] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)

    def certificate(self, number: int) -> StoredCertificate:
        self.asked.append(number)
        if number not in self.known:
            raise NotFoundError(f"There is no certificate {number} in CAS {self.site}.")
        return StoredCertificate(f"www-{number}", self.site, self.known[number], number, f"{number}-{self.site}")

    def copies(self, sha256: str, **_how: object) -> list[StoredCertificate]:
        found = [number for number, one in self.known.items() if one.sha256 == sha256]
        stored = [self.certificate(number) for number in sorted(found)]
        self.asked[:] = [one for one in self.asked if one not in found] + [sha256[:6]]
        return stored


@dataclass
class Alb:
    known: list[Listener]

    def listener(self, listener_id: str) -> Listener:
        return next(one for one in self.known if one.id == listener_id)

    def find_listener_id(self, balancer: str, port: int, _protocol: str | None) -> tuple[str, str | None]:
        return f"id-of-{balancer}", next((one.id for one in self.known if one.port == port), None)


@dataclass
class World:
    region: str = "cn-hangzhou"
    stores: dict[str, Store] = field(default_factory=dict)

    def run(self, *, check_mode: bool = False, **params: t.Any) -> Run:
        options = dict.fromkeys(("listener_id", "listener", "load_balancer", "port", "protocol"))
        cloud = types.SimpleNamespace(
            listeners=Alb([LISTENER]),
            certificates=lambda site: self.stores.setdefault(site, Store(site)),
            access=Access(self.region),
        )
        given = {**options, "allow_expired": False, **params}
        return Run(given, check_mode, "/", NOW, t.cast("t.Any", None), t.cast("t.Any", cloud))


def hangzhou(*certificates: Certificate, **more: CertificateFacts) -> World:
    known = {int((one.id or "").partition("-")[0]): one.facts for one in certificates if one.facts}
    known.update({int(number.removeprefix("n")): one for number, one in more.items()})
    return World(stores={"cn-hangzhou": Store("cn-hangzhou", known)})


NOTHING: frozenset[Certificate] = frozenset()


@pytest.mark.parametrize("port", [1, 443, 65535, None])
def test_ports(port):
    check_port(port)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port(port):
    with pytest.raises(InputError, match=f"from 1 to 65535, not {port}"):
        check_port(port)


@pytest.mark.parametrize(
    ("params", "check_mode"),
    [
        pytest.param({"listener_id": "lsn-1"}, False, id="id"),
        pytest.param({"load_balancer": "web", "port": 443}, False, id="place"),
        pytest.param({"listener": {"id": "lsn-1"}}, False, id="object"),
        pytest.param({"listener": {"id": "lsn-1"}}, True, id="object-check-mode"),
        pytest.param({"listener": {**LISTENER.to_dict(), "id": None}}, True, id="planned"),
    ],
)
def test_find_listener(params, check_mode):
    found = find_listener(World().run(check_mode=check_mode, **params))
    assert (found.load_balancer_id, found.protocol, found.port, found.certificates) == (
        "alb-1",
        "HTTPS",
        443,
        frozenset({RSA}),
    )


@pytest.mark.parametrize(
    ("params", "check_mode", "kind", "parts"),
    [
        pytest.param(
            {"load_balancer": "web", "port": 80},
            False,
            NotFoundError,
            ("no listener on port 80 of load balancer id-of-web in region cn-hangzhou",),
            id="nothing-there",
        ),
        pytest.param(
            {"load_balancer": "web", "port": 80, "protocol": "QUIC"},
            True,
            NotFoundError,
            ("no QUIC listener",),
            id="quic",
        ),
        pytest.param({"load_balancer": "web", "port": 70000}, False, InputError, ("65535",), id="port"),
        pytest.param(
            {"listener": {**LISTENER.to_dict(), "id": None}}, False, InputError, ("no id", "check mode"), id="planned"
        ),
        pytest.param({"listener": {"id": None}}, True, InputError, ("alicloud.tls.alb_listener returned",), id="empty"),
    ],
)
def test_a_listener_that_is_not_found(params, check_mode, kind, parts):
    with pytest.raises(kind) as caught:
        find_listener(World().run(check_mode=check_mode, **params))
    for part in parts:
        assert part in caught.value.message


def test_a_planned_listener_survives_the_way_through_a_playbook():
    planned = replace(LISTENER, id=None, certificates=frozenset({PLANNED, ECC}))
    found = planned_listener(json.loads(json.dumps(planned.to_dict())))
    assert found.certificates == planned.certificates
    assert {one.facts for one in found.certificates} == {PLANNED.facts, ECC.facts}


def test_a_planned_listener_may_have_certificates_nobody_knows():
    planned = replace(LISTENER, id=None, certificates=frozenset({UNKNOWN}))
    assert planned_listener(planned.to_dict()).certificates == {UNKNOWN}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"port": None}, id="port-null"),
        pytest.param({"port": "https"}, id="port-text"),
        pytest.param({"certificates": None}, id="certificates-null"),
        pytest.param({"certificates": ["11-cn-hangzhou"]}, id="certificates-text"),
        pytest.param({"certificates": [{}]}, id="certificate-empty"),
    ],
)
def test_what_is_no_planned_listener(changes):
    with pytest.raises(InputError, match=r"listener is not what alicloud\.tls\.alb_listener returned"):
        planned_listener({**LISTENER.to_dict(), "id": None, **changes})


@pytest.mark.parametrize(
    ("values", "bound", "asked"),
    [
        pytest.param(["11-cn-hangzhou"], {RSA}, [], id="bound"),
        pytest.param([RSA.to_dict()], NOTHING, [], id="object"),
        pytest.param(["11-cn-hangzhou"], {ECC}, [11], id="identifier"),
        pytest.param(["11"], {RSA}, [11], id="number"),
        pytest.param([facts().sha256], {ECC}, [facts().sha256[:6]], id="fingerprint"),
        pytest.param([{"id": "11-cn-hangzhou"}], {RSA}, [], id="object-id-only-bound"),
    ],
)
def test_what_is_known_is_not_asked_about(values, bound, asked):
    world = hangzhou(RSA, ECC)
    assert wanted_certificates(world.run(), values, frozenset(bound)) == {RSA}
    assert world.stores["cn-hangzhou"].asked == asked


def test_the_site_in_an_identifier_goes_before_that_of_the_region():
    world = World("cn-hangzhou", {"ap-southeast-1": Store("ap-southeast-1", {5: facts()})})
    assert wanted_certificates(world.run(), ["5-ap-southeast-1"], NOTHING) == {Certificate("5-ap-southeast-1")}


def test_of_several_copies_the_bound_one_is_meant():
    world = hangzhou(n5=facts(), n6=facts())
    assert wanted_certificates(world.run(), [facts().sha256], frozenset({Certificate("6-cn-hangzhou")})) == {
        Certificate("6-cn-hangzhou")
    }
    assert wanted_certificates(world.run(), [facts().sha256], NOTHING) == {Certificate("5-cn-hangzhou")}


def test_check_mode_takes_a_certificate_that_is_not_uploaded():
    assert wanted_certificates(World().run(check_mode=True), [PLANNED.to_dict()], NOTHING) == {PLANNED}


def test_check_mode_prefers_what_is_uploaded_by_now():
    planned = Certificate(None, RSA.facts).to_dict()
    assert wanted_certificates(hangzhou(RSA).run(check_mode=True), [planned], NOTHING) == {RSA}


@pytest.mark.parametrize(
    ("values", "kind", "parts"),
    [
        pytest.param(["99-cn-hangzhou"], NotFoundError, ("99", "cn-hangzhou"), id="unknown-identifier"),
        pytest.param(["99"], NotFoundError, ("99",), id="unknown-number"),
        pytest.param(["0" * 64], NotFoundError, ("CAS cn-hangzhou", "0" * 64), id="unknown-fingerprint"),
        pytest.param(
            [PLANNED.to_dict()], NotFoundError, ("planned.example.com", "cas_certificate first"), id="not-uploaded"
        ),
        pytest.param(["11-cn-hangzhou", "11"], InputError, ("twice", "www.example.com"), id="twice"),
        pytest.param(["11", facts().sha256], InputError, ("twice",), id="twice-by-content"),
        pytest.param(["16"], InputError, ("old.example.com", "expired on", "allow_expired"), id="expired"),
        pytest.param(["www"], InputError, ("'www' does not name a certificate",), id="garbage"),
    ],
)
def test_certificates_that_cannot_be_used(values, kind, parts):
    with pytest.raises(kind) as caught:
        wanted_certificates(hangzhou(RSA, n16=EXPIRED).run(), values, NOTHING)
    for part in parts:
        assert part in caught.value.message


def test_an_expired_certificate_may_be_wanted_or_stay():
    world = hangzhou(n16=EXPIRED)
    wanted = {Certificate("16-cn-hangzhou")}
    assert wanted_certificates(world.run(allow_expired=True), ["16"], NOTHING) == wanted
    assert wanted_certificates(world.run(), ["16"], frozenset(wanted)) == wanted


def test_facts_are_asked_for_where_they_are_missing():
    world = hangzhou(RENEWED)
    bare = Certificate("13-cn-hangzhou")
    found = {one.id: one.facts for one in with_facts(world.run(), frozenset({RSA, bare, UNKNOWN, Certificate("odd")}))}
    assert found == {"11-cn-hangzhou": RSA.facts, "13-cn-hangzhou": RENEWED.facts, "99-cn-hangzhou": None, "odd": None}
    assert sorted(map(str, world.stores["cn-hangzhou"].asked)) == ["13", "99"]


def test_facts_are_taken_from_where_they_are_known():
    bare = frozenset({Certificate("11-cn-hangzhou"), UNKNOWN})
    found = {one.id: one.facts for one in with_known_facts(bare, frozenset({ECC}), frozenset({RSA}))}
    assert found == {"11-cn-hangzhou": RSA.facts, "99-cn-hangzhou": None}
