# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is let in. The requests are signed by acs3.py, not by the SDK."""

from __future__ import annotations

import time
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Account, Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS, RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench

STS = Settings(
    accounts=(Account("LTAI-emulator", "emulator-secret"), Account("STS.temporary", "sts-secret", "the-token"))
)


def _stamp(offset: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        pytest.param({}, 200, "ok", id="right"),
        pytest.param({"access_key_id": "LTAI-nobody"}, 404, "InvalidAccessKeyId.NotFound", id="unknown access key"),
        pytest.param({"secret": "wrong"}, 400, "SignatureDoesNotMatch", id="wrong secret"),
        pytest.param({"seconds_off": -890}, 200, "ok", id="14:50 behind"),
        pytest.param({"seconds_off": 890}, 200, "ok", id="14:50 ahead"),
        pytest.param({"seconds_off": -910}, 400, "InvalidTimeStamp.Expired", id="stale"),
        pytest.param({"seconds_off": 910}, 400, "InvalidTimeStamp.Expired", id="from the future"),
        pytest.param({"headers": {"x-acs-date": "yesterday"}}, 400, "InvalidTimeStamp.Format", id="no date"),
        pytest.param({"headers": {"x-acs-content-sha256": "0" * 64}}, 400, "SignatureDoesNotMatch", id="odd body hash"),
        pytest.param({"headers": {"x-acs-signature-nonce": None}}, 400, "IncompleteSignature", id="no nonce"),
        pytest.param({"headers": {"x-acs-action": None}}, 400, "MissingAction", id="no action"),
        pytest.param({"headers": {"x-acs-version": None}}, 400, "MissingVersion", id="no version"),
        pytest.param({"headers": {"x-acs-version": "1999-01-01"}}, 400, "InvalidVersion", id="unknown version"),
        pytest.param({"headers": {"x-acs-action": "NoSuch"}}, 404, "InvalidAction.NotFound", id="unknown action"),
        pytest.param({"token": "t"}, 400, "InvalidSecurityToken.MismatchWithAccessKey", id="token of nobody"),
    ],
)
def test_request(bench: Bench, changes: dict[str, t.Any], status: int, code: str) -> None:
    if "seconds_off" in changes:
        changes = {"headers": {"x-acs-date": _stamp(changes["seconds_off"])}}
    raw = RawClient(bench.emulator.endpoint, **changes)
    reply = raw.call("ListLoadBalancers")
    assert (reply.status, reply.code) == (status, code), reply.body


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic dXNlcjpwYXNz",
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 Credential=LTAI-emulator",
        "ACS3-HMAC-SHA256 Credential=LTAI-emulator,SignedHeaders=,Signature=",
        "ACS3-HMAC-SHA256 Credential=LTAI-emulator,SignedHeaders=host,Signature=00",
        "ACS3-HMAC-SM3 Credential=LTAI-emulator,SignedHeaders=host,Signature=00",
    ],
)
def test_odd_authorization(bench: Bench, authorization: str) -> None:
    reply = bench.raw.call("ListLoadBalancers", authorization=authorization)
    assert (reply.status, reply.code) == (400, "IncompleteSignature")


def test_nonce_is_good_once_and_is_forgotten(bench: Bench) -> None:
    raw = RawClient(bench.emulator.endpoint, headers={"x-acs-signature-nonce": "n1"})
    assert raw.call("ListLoadBalancers").code == "ok"
    assert (raw.call("ListLoadBalancers").status, raw.call("ListListeners").code) == (400, "SignatureNonceUsed")
    bench.emulator.advance(1801)
    assert raw.call("ListLoadBalancers").code == "ok"


def test_refused_request_does_not_use_up_its_nonce(bench: Bench) -> None:
    headers: dict[str, str | None] = {"x-acs-signature-nonce": "n1"}
    assert RawClient(bench.emulator.endpoint, secret="no", headers=headers).call("ListListeners").code != "ok"
    assert RawClient(bench.emulator.endpoint, headers=headers).call("ListListeners").code == "ok"


def test_body_is_signed(bench: Bench) -> None:
    reply = bench.raw.call("ListCertificates", version=CAS, form={"Keyword": "x"}, spoil_body=True)
    assert (reply.status, reply.code) == (400, "SignatureDoesNotMatch")


def test_query_is_signed(bench: Bench) -> None:
    target, headers, body = bench.raw.prepare("ListListeners", {"MaxResults": 5})
    reply = bench.raw.send("POST", target.replace("5", "6"), headers, body)
    assert (reply.status, reply.code) == (400, "SignatureDoesNotMatch")


def test_x_acs_header_that_is_not_signed(bench: Bench) -> None:
    target, headers, body = bench.raw.prepare("ListListeners")
    reply = bench.raw.send("POST", target, {**headers, "x-acs-extra": "1"}, body)
    assert (reply.status, reply.code) == (400, "IncompleteSignature")


@pytest.mark.parametrize(
    ("access_key_id", "secret", "token", "code"),
    [
        ("STS.temporary", "sts-secret", "the-token", "ok"),
        ("STS.temporary", "sts-secret", None, "MissingSecurityToken"),
        ("STS.temporary", "sts-secret", "another", "InvalidSecurityToken.MismatchWithAccessKey"),
        ("STS.temporary", "emulator-secret", "the-token", "SignatureDoesNotMatch"),
        ("LTAI-emulator", "emulator-secret", None, "ok"),
    ],
)
def test_temporary_account(access_key_id: str, secret: str, token: str | None, code: str) -> None:
    with Emulator(STS) as emulator:
        raw = RawClient(emulator.endpoint, access_key_id=access_key_id, secret=secret, token=token)
        assert raw.call("ListListeners").code == code


def test_gateway_clock_can_be_off(bench: Bench) -> None:
    bench.emulator.do(lambda cloud: setattr(cloud.clock, "gateway_offset", 1000.0))
    assert bench.raw.call("ListListeners").code == "InvalidTimeStamp.Expired"
