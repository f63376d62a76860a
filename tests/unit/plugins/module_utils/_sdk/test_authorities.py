# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import typing as t
from collections.abc import Callable
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._cas.authority import (
    Content,
    CreateRepository,
    DeleteCaCertificate,
    Repository,
    StoredAuthority,
    UploadCaCertificate,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import (
    ApiError,
    DeadlineError,
    InputError,
    NotFoundError,
)
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import cas
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.authorities import Authorities
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.cas import CasApi
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import facts
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

Gateway = Callable[..., tuple[Authorities, FakeConnection]]

MISSING = api_error("NotFound")


def pem(content: bytes) -> str:
    """What the API gives; to the gateway it need not be a certificate."""
    return f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(content).decode()}\n-----END CERTIFICATE-----\n"


def content(*certificates: bytes, serial: str = "1f") -> Content:
    found = [
        replace(facts(), subject="CN=Example Root", names=(), sha256=hashlib.sha256(one).hexdigest(), serial=serial)
        for one in certificates
    ]
    return Content(found[0], True, tuple(found[1:]))


HOME = Repository("alicloud-tls", "cn-hangzhou", 12)
NEW_HOME = Repository("alicloud-tls", "cn-hangzhou")
PLANNED = StoredAuthority(content(b"root"), HOME, "root")
UPLOAD = UploadCaCertificate(PLANNED, pem(b"root"))


@pytest.fixture
def gateway(monkeypatch, time) -> Gateway:
    """The gateway and the connection behind it, made from what each action answers; 10 s of fake time."""

    def make(**answers: t.Any) -> tuple[Authorities, FakeConnection]:
        fake = FakeConnection(answers)
        monkeypatch.setattr(cas, "Connection", lambda **_given: fake)
        access = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret")
        return Authorities(CasApi(access, time.pace(10), CallLog(), "cn-hangzhou")), fake

    return make


def row(identifier: str, serial: str = "001F", **more: t.Any) -> dict[str, t.Any]:
    return {
        "Identifier": identifier,
        "CertType": "CA",
        "SourceType": "upload",
        "Status": "ISSUE",
        "WhId": 12,
        "CommonName": "Example Root",
        "Issuer": "Example Root",
        "SerialNo": serial,
        "Algorithm": "RSA",
        "SignAlgorithm": "SHA256WITHRSA",
        "BeforeDate": 1749580567000,
        "AfterDate": 1781116567000,
        **more,
    }


def page(*rows: dict[str, t.Any], name: str = "CertList") -> dict[str, t.Any]:
    return {name: list(rows), "TotalCount": len(rows)}


def warehouses(*pairs: tuple[int, str]) -> dict[str, t.Any]:
    return page(*({"WhId": number, "Name": name} for number, name in pairs), name="CertWarehouseList")


# --- reading ---------------------------------------------------------------------------------------------------------


def test_repositories(gateway):
    made, fake = gateway(ListCertWarehouse=[warehouses((3, "x"), (12, "alicloud-tls"))])
    there = made.repositories()
    assert [(one.number, one.name, one.site) for one in there] == [
        (3, "x", "cn-hangzhou"),
        (12, "alicloud-tls", "cn-hangzhou"),
    ]
    assert fake.calls[0].parameters["Type"] == "uploadCA"


def test_a_row_is_read(gateway):
    made, fake = gateway(ListCert=[page(row("a"), row("b", CertType="CERT", WhId=None, SerialNo=None, AfterDate=None))])
    first, second = made.listed()
    assert (first.identifier, first.source, first.is_ca, first.repository) == ("a", "upload", True, 12)
    assert (first.not_before, first.not_after) == ("2025-06-10T18:36:07Z", "2026-06-10T18:36:07Z")
    assert (second.is_ca, second.repository, second.serial, second.not_after) == (False, None, "", "")
    assert set(fake.calls[0].parameters) == {"CertType", "ShowSize", "CurrentPage"}


def test_filters_are_sent(gateway):
    made, fake = gateway(ListCert=[page()])
    assert list(made.listed(source="upload", repository=12, identifiers=["a", "b"], authorities_only=False)) == []
    assert {name: fake.calls[0].parameters[name] for name in ("SourceType", "WarehouseId", "Identifiers")} == {
        "SourceType": "upload",
        "WarehouseId": 12,
        "Identifiers": "a,b",
    }
    assert "CertType" not in fake.calls[0].parameters


def test_only_what_may_be_the_same_is_read(gateway):
    made, fake = gateway(
        ListCert=[page(row("other-serial", "20"), row("other", "1F"), row("gone", "1F"), row("same", "1F"))],
        DescribeWarehouseCert=lambda asked: (
            MISSING
            if asked["CertIdentifier"] == "gone"
            else {"Content": pem(b"root" if asked["CertIdentifier"] == "same" else b"other")}
        ),
    )
    assert [one.identifier for one in made.copies(content(b"root"), made.listed())] == ["same"]
    read = [call.parameters["CertIdentifier"] for call in fake.calls if call.action == "DescribeWarehouseCert"]
    assert read == ["other", "gone", "same"]


@pytest.mark.parametrize(
    ("stored", "same"),
    [
        pytest.param([b"root"], False, id="one-of-both"),
        pytest.param([b"root", b"other"], True, id="both"),
        pytest.param([b"other", b"root"], True, id="both-turned"),
        pytest.param([b"root", b"other", b"third"], False, id="more"),
    ],
)
def test_a_bundle_is_compared_as_a_whole(gateway, stored, same):
    made, _fake = gateway(
        ListCert=[page(row("a"))], DescribeWarehouseCert=[{"Content": "".join(pem(one) for one in stored)}]
    )
    assert bool(list(made.copies(content(b"root", b"other"), made.listed()))) is same


def test_a_copy_is_enough(gateway):
    """No call is made for what nobody has asked for."""
    made, fake = gateway(ListCert=[page(row("a"), row("b"))], DescribeWarehouseCert=[{"Content": pem(b"root")}])
    assert next(made.copies(content(b"root"), made.listed())).identifier == "a"
    assert fake.actions == ["ListCert", "DescribeWarehouseCert"]


def test_other_refusals_are_told(gateway):
    made, _fake = gateway(DescribeWarehouseCert=[api_error("Forbidden.RAM", status=403)])
    with pytest.raises(ApiError):
        made.pem("a")


# --- writing ---------------------------------------------------------------------------------------------------------


def test_an_upload(gateway):
    made, fake = gateway(UploadPCACert=[{"Identifier": "new"}], DescribeWarehouseCert=[MISSING, MISSING, {}])
    sent = made.send(UPLOAD)
    assert sent == PLANNED
    assert isinstance(sent, StoredAuthority)
    assert (sent.identifier, sent.repository.number) == ("new", 12)
    assert fake.calls == [("UploadPCACert", {"WarehouseId": 12, "Name": "root", "Cert": pem(b"root")}, None)]
    assert fake.without_token == ["UploadPCACert"]
    assert made.uploaded == {PLANNED.content.fingerprints: "new"}
    made.settle(sent)
    assert fake.actions[1:] == ["DescribeWarehouseCert"] * 3


def test_an_upload_that_cannot_be_read_back(gateway):
    made, _fake = gateway(UploadPCACert=[{"Identifier": "new"}], DescribeWarehouseCert=[MISSING])
    sent = made.send(UPLOAD)
    with pytest.raises(DeadlineError, match="new was uploaded to CAS cn-hangzhou but cannot be read back"):
        made.settle(sent)


def test_an_upload_without_an_identifier(gateway):
    made, _fake = gateway(UploadPCACert=[{"RequestId": "r"}])
    with pytest.raises(NotFoundError, match="without telling its identifier"):
        made.send(UPLOAD)


def test_a_new_repository_is_waited_for(gateway):
    """CreateWarehouse does not tell the number that uploads need."""
    made, fake = gateway(
        CreateWarehouse=[{"WarehouseInstanceId": "cas-wh-uc-1"}],
        ListCertWarehouse=[warehouses((3, "x")), warehouses((3, "x"), (13, "alicloud-tls"))],
        UploadPCACert=[{"Identifier": "new"}],
    )
    made.send(CreateRepository(NEW_HOME))
    sent = made.send(UploadCaCertificate(replace(PLANNED, repository=NEW_HOME), pem(b"root")))
    assert isinstance(sent, StoredAuthority)
    assert sent.repository.number == 13
    assert fake.calls[0].parameters == {"Name": "alicloud-tls", "Type": "uploadedAuthorityCertificate"}
    assert fake.actions == ["CreateWarehouse", "ListCertWarehouse", "ListCertWarehouse", "UploadPCACert"]
    assert fake.without_token == ["CreateWarehouse", "UploadPCACert"]


def test_a_new_repository_that_stays_away(gateway):
    made, _fake = gateway(ListCertWarehouse=[warehouses((3, "x"))])
    with pytest.raises(DeadlineError, match="alicloud-tls was created in CAS cn-hangzhou, but after 10 s"):
        made.send(UploadCaCertificate(replace(PLANNED, repository=NEW_HOME), pem(b"root")))


def test_a_repository_that_somebody_has_created_just_now(gateway):
    made, _fake = gateway(
        CreateWarehouse=[api_error("NameRepeat")], ListCertWarehouse=[warehouses((13, "alicloud-tls"))]
    )
    assert made.send(CreateRepository(NEW_HOME)) == NEW_HOME


def test_a_name_that_a_repository_of_another_type_has(gateway):
    made, _fake = gateway(CreateWarehouse=[api_error("NameRepeat")], ListCertWarehouse=[warehouses()])
    with pytest.raises(ApiError, match="NameRepeat"):
        made.send(CreateRepository(NEW_HOME))


def test_lost_answers_are_looked_for(gateway):
    made, fake = gateway(
        CreateWarehouse=[{}],
        UploadPCACert=[{"Identifier": "new"}],
        ListCertWarehouse=[warehouses(), warehouses((12, "alicloud-tls"))],
        ListCert=[page(), page(row("landed"))],
        DescribeWarehouseCert=[{"Content": pem(b"root")}],
    )
    made.send(CreateRepository(NEW_HOME))
    assert fake.landed is not None
    assert (fake.landed(), fake.landed()) == (None, {})
    made.send(UPLOAD)
    assert fake.landed() is None
    assert fake.landed() == {"Identifier": "landed"}
    assert fake.calls[-2].parameters["WarehouseId"] == 12


@pytest.mark.parametrize("code", ["NameRepeat", "ParamRepeat"])
def test_an_upload_that_repeats_what_is_there(gateway, code):
    made, _fake = gateway(
        UploadPCACert=[api_error(code)],
        ListCert=[page(row("there"))],
        DescribeWarehouseCert=[{"Content": pem(b"root")}],
    )
    sent = made.send(UPLOAD)
    assert isinstance(sent, StoredAuthority)
    assert sent.identifier == "there"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("NameRepeat", ["another certificate has the name 'root'", "leave out name"]),
        ("ParamRepeat", ["something that it takes for the same", "cas_ca_certificate_info"]),
    ],
)
def test_an_upload_that_repeats_something_else(gateway, code, words):
    made, _fake = gateway(
        UploadPCACert=[api_error(code)],
        ListCert=[page(row("there"))],
        DescribeWarehouseCert=[{"Content": pem(b"other")}],
    )
    with pytest.raises(InputError) as caught:
        made.send(UPLOAD)
    for word in [*words, "repository alicloud-tls", code, "REQ-1"]:
        assert word in caught.value.message


@pytest.mark.parametrize("answer", [{}, MISSING], ids=["there", "gone"])
def test_a_removal(gateway, answer):
    made, fake = gateway(DeletePCACert=[answer])
    stored = replace(PLANNED, identifier="old")
    assert made.send(DeleteCaCertificate(stored)) is stored
    assert fake.calls == [("DeletePCACert", {"Identifier": "old"}, None)]
    assert fake.without_token == ["DeletePCACert"]


def test_a_removal_that_is_refused(gateway):
    made, _fake = gateway(DeletePCACert=[api_error("InvalidParameter")])
    with pytest.raises(ApiError, match="InvalidParameter"):
        made.send(DeleteCaCertificate(replace(PLANNED, identifier="old")))


def test_other_steps_are_none_of_it(gateway):
    made, _fake = gateway()
    with pytest.raises(TypeError, match="str"):
        made.send("x")
