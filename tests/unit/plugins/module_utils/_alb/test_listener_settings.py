# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener_settings import (
    AccessLog,
    CertificateHeader,
    QuicUpgrade,
    XForwardedFor,
    check_access_log,
    check_description,
    check_x_forwarded_for,
    x_forwarded_for_of,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError

HTTPS = x_forwarded_for_of("HTTPS")
TRACED = AccessLog(False, True, 5, "Zipkin")
ONLY_HTTPS = {
    "client_cert_subject_dn",
    "client_cert_issuer_dn",
    "client_cert_fingerprint",
    "client_cert_client_verify",
}
NOT_QUIC = {"enabled", "processing_mode", "client_src_port", "client_source_ips", "client_source_ips_trusted"}
EVERYTHING = ONLY_HTTPS | NOT_QUIC | {"proto", "host", "slb_id", "slb_port"}


@pytest.mark.parametrize(
    ("protocol", "without"), [("HTTPS", set()), ("HTTP", ONLY_HTTPS), ("QUIC", ONLY_HTTPS | NOT_QUIC)]
)
def test_what_a_protocol_has(protocol, without):
    """As alb.md 2.9 lists it."""
    found = x_forwarded_for_of(protocol).to_dict()
    assert set(found) == EVERYTHING
    none = {name for name, value in found.items() if value is None}
    assert none == without | {"client_source_ips_trusted"}
    for name in EVERYTHING:
        value: t.Any = {"client_source_ips_trusted": "10.0.0.0/8", "processing_mode": "append"}.get(name, True)
        wanted = {name: {"enabled": True} if name in ONLY_HTTPS else value}
        if name in without:
            with pytest.raises(InputError, match=rf"x_forwarded_for\.{name} exists on .* not on {protocol}"):
                check_x_forwarded_for(wanted, protocol)
        else:
            check_x_forwarded_for(wanted, protocol)


def test_documented_defaults():
    found = HTTPS.to_dict()
    assert (found["enabled"], found["processing_mode"], found["proto"]) == (True, "append", False)
    assert found["client_cert_issuer_dn"] == {"enabled": False, "alias": None}


def test_what_another_protocol_had_is_taken_over_as_far_as_it_goes():
    told = replace(
        HTTPS, slb_id=True, processing_mode="remove", client_cert_fingerprint=CertificateHeader(True)
    ).to_dict()
    assert x_forwarded_for_of("QUIC", told) == replace(x_forwarded_for_of("QUIC"), slb_id=True)
    assert x_forwarded_for_of("HTTPS", told).to_dict() == told


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"proto": None, "client_cert_issuer_dn": None}, {}, id="nothing-said"),
        pytest.param({"proto": True, "enabled": True}, {"proto": True}, id="one"),
        pytest.param({"proto": False}, {}, id="as-it-is"),
        pytest.param(
            {"client_cert_issuer_dn": {"enabled": True, "alias": None}},
            {"client_cert_issuer_dn": CertificateHeader(True)},
            id="header",
        ),
        pytest.param({"client_source_ips_trusted": ""}, {}, id="nobody-to-distrust"),
    ],
)
def test_merged(wanted, changes):
    assert HTTPS.merged(wanted) == replace(HTTPS, **changes)
    assert (HTTPS.merged(wanted) != HTTPS) is bool(changes)


def test_a_part_of_a_header_leaves_the_other_alone():
    there = replace(HTTPS, client_cert_issuer_dn=CertificateHeader(True, "a"))
    assert there.merged({"client_cert_issuer_dn": {"alias": "b"}}).client_cert_issuer_dn == CertificateHeader(True, "b")
    assert there.merged({"client_cert_issuer_dn": {"enabled": False}}).to_dict()["client_cert_issuer_dn"] == {
        "enabled": False,
        "alias": "a",
    }


def test_names_of_headers_count_only_while_they_are_added():
    assert CertificateHeader(False, "a") == CertificateHeader(False, "b")
    assert CertificateHeader(True, "a") != CertificateHeader(True, "b")
    assert len({CertificateHeader(False, "a"), CertificateHeader(False)}) == 1
    assert CertificateHeader() != "off"


def test_who_is_trusted_can_be_taken_away():
    there = replace(HTTPS, client_source_ips_trusted="10.0.0.0/8")
    gone = there.merged({"client_source_ips_trusted": ""})
    assert gone != there
    assert gone == HTTPS
    assert len({gone, HTTPS}) == 1
    assert gone.client_source_ips_trusted == ""
    assert gone.to_dict()["client_source_ips_trusted"] is None


def test_changes_are_told():
    other = HTTPS.merged(
        {
            "proto": True,
            "enabled": False,
            "processing_mode": "remove",
            "client_cert_issuer_dn": {"enabled": True, "alias": "i"},
            "client_cert_fingerprint": {"enabled": True},
            "client_cert_subject_dn": {"alias": "no-matter"},
        }
    )
    assert HTTPS.changes_to(other) == (
        "enabled off, processing_mode remove, proto on, client_cert_issuer_dn on as i, client_cert_fingerprint on"
    )
    trusting = replace(HTTPS, client_source_ips_trusted="10.0.0.0/8")
    assert trusting.changes_to(replace(trusting, client_source_ips_trusted="")) == "client_source_ips_trusted none"
    assert XForwardedFor() != "nothing"


@pytest.mark.parametrize(
    ("there", "wanted", "after"),
    [
        pytest.param(AccessLog(), {}, AccessLog(), id="nothing"),
        pytest.param(AccessLog(), {"customized_headers": None, "tracing": None}, AccessLog(), id="nothing-said"),
        pytest.param(TRACED, {"customized_headers": True}, replace(TRACED, customized_headers=True), id="headers"),
        pytest.param(TRACED, {"tracing": {"sample": 9}}, replace(TRACED, sample=9), id="sample"),
        pytest.param(TRACED, {"tracing": {"enabled": False}}, AccessLog(), id="off"),
        pytest.param(AccessLog(), {"tracing": {"enabled": True, "sample": 5, "type": "Zipkin"}}, TRACED, id="on"),
        pytest.param(AccessLog(), {"tracing": {"sample": 5}}, AccessLog(), id="of-no-effect"),
    ],
)
def test_access_log(there, wanted, after):
    assert there.merged(wanted) == after


@pytest.mark.parametrize("tracing", [{}, {"sample": 5}, {"type": "Zipkin"}])
def test_tracing_needs_to_know_how(tracing):
    with pytest.raises(InputError, match="sample and type"):
        AccessLog().merged({"tracing": {"enabled": True, **tracing}})


def test_what_is_traced_counts_only_while_it_is():
    assert AccessLog(False, False, 5, "Zipkin") == AccessLog()
    assert len({AccessLog(False, False, 5, "Zipkin"), AccessLog()}) == 1
    assert AccessLog(False, False, 5, "Zipkin").to_dict()["tracing"] == {"enabled": False, "sample": None, "type": None}
    assert replace(TRACED, sample=6) != TRACED
    assert AccessLog() != "off"


def test_texts():
    assert str(QuicUpgrade()) == "off"
    assert str(QuicUpgrade(True, "lsn-1")) == "by lsn-1"
    assert str(QuicUpgrade(True)) == "by a planned listener"
    assert str(AccessLog(True, True, 5, "Zipkin")) == "customized headers on, tracing Zipkin for 5 of 10000"


@pytest.mark.parametrize("text", ["ab", "a" * 256, "shop_1.web/a@b;c,d-", "商店", "商店-1"])
def test_descriptions(text):
    check_description(text)


@pytest.mark.parametrize("text", ["a", "a" * 257, "my shop", "shop!", "shop\n", "näh", "商"])
def test_descriptions_that_are_none(text):
    with pytest.raises(InputError, match="2 to 256"):
        check_description(text)


@pytest.mark.parametrize("alias", ["a", "client-subject_1", "a" * 40])
def test_aliases(alias):
    check_x_forwarded_for({"client_cert_subject_dn": {"alias": alias}}, "HTTPS")


@pytest.mark.parametrize("alias", ["", "A", "a b", "a" * 41, "a.b"])
def test_aliases_that_are_none(alias):
    with pytest.raises(InputError, match=re.escape("client_cert_subject_dn.alias must have 1 to 40")):
        check_x_forwarded_for({"client_cert_subject_dn": {"alias": alias}}, "HTTPS")


@pytest.mark.parametrize(
    "trusted", ["", "10.1.1.0/24", "10.1.1.1", "2001:db8::/32", "10.1.1.0/24; 192.0.2.0/24", "10.0.0.0/8,"]
)
def test_networks(trusted):
    check_x_forwarded_for({"client_source_ips_trusted": trusted}, "HTTPS")


@pytest.mark.parametrize("trusted", ["10.1.1.1/24", "10.1.1", "localhost", "10.1.1.0/24 10.1.2.0/24", "10.0.0.0/8,x"])
def test_networks_that_are_none(trusted):
    with pytest.raises(InputError, match="client_source_ips_trusted"):
        check_x_forwarded_for({"client_source_ips_trusted": trusted}, "HTTPS")


@pytest.mark.parametrize("sample", [1, 10000])
def test_samples(sample):
    check_access_log({"tracing": {"sample": sample, "type": "OpenTelemetry"}})


@pytest.mark.parametrize("tracing", [{"sample": 0}, {"sample": 10001}, {"type": "zipkin"}])
def test_tracing_that_is_none(tracing):
    with pytest.raises(InputError, match=r"access_log\.tracing\."):
        check_access_log({"tracing": tracing})
