# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CAS: what it tells of a certificate, and the traps of its lists."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench
from cryptography.hazmat.primitives import hashes, serialization

_DAY = 24 * 60 * 60


def _listed(bench: Bench, **parameters: object) -> list[str]:
    reply = bench.cas("ListUserCertificateOrder", **{"OrderType": "UPLOAD", **parameters})
    return [each["Name"] for each in reply.body["CertificateOrderList"]]


def test_upload_and_detail(bench: Bench) -> None:
    made = material.make("www.example.com", ("www.example.com", "*.example.com", "192.0.2.1"), algorithm="RSA")
    uploaded = bench.upload(made, "web", Tags__1__Key="env", Tags__1__Value="test").body
    assert isinstance(uploaded["CertId"], int)
    assert 10_000_000 <= uploaded["CertId"] <= 99_999_999
    assert re.fullmatch(r"cas-upload-[a-z0-9]{6}", uploaded["ResourceId"])
    detail = bench.cas("GetUserCertificateDetail", CertId=uploaded["CertId"]).body
    serial = f"{made.certificate.serial_number:x}"
    begin, end = made.certificate.not_valid_before_utc, made.certificate.not_valid_after_utc
    chain = detail.pop("CertChain")
    del detail["RequestId"]
    assert detail == {
        "Id": uploaded["CertId"],
        "CertIdentifier": f"{uploaded['CertId']}-cn-hangzhou",
        "InstanceId": uploaded["ResourceId"],
        "Name": "web",
        "Common": "www.example.com",
        "Sans": "www.example.com,*.example.com,192.0.2.1",
        "Issuer": "Emulator Test CA",
        "Algorithm": "RSA",
        "SerialNo": serial.zfill(len(serial) + len(serial) % 2),
        "Fingerprint": made.certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 - the API's choice
        "Sha2": made.sha256,
        "CertSha2": made.sha256,
        "StartDate": f"{begin:%Y-%m-%d}",
        "EndDate": f"{end:%Y-%m-%d}",
        "NotBefore": int(begin.timestamp() * 1000),
        "NotAfter": int(end.timestamp() * 1000),
        "Expired": False,
        "BuyInAliyun": False,
        "ResourceGroupId": "rg-emulator",
        "OrgName": "Example",
        "Country": "CN",
        "Province": "Zhejiang",
        "City": "Hangzhou",
        "Tags": [{"TagKey": "env", "TagValue": "test"}],
        "Cert": made.chain_pem,
        "Key": made.key_pem,
    }
    assert [each["CommonName"] for each in chain] == ["www.example.com", "Emulator Test CA"]
    assert chain[0]["RemainDay"] == 89
    filtered = bench.cas("GetUserCertificateDetail", CertId=uploaded["CertId"], CertFilter=True).body
    assert set(detail) - set(filtered) == {"Cert", "Key"}


def test_order_list_row(bench: Bench) -> None:
    made = material.make()
    uploaded = bench.upload(made, "web").body
    row = bench.cas("ListUserCertificateOrder", OrderType="CERT").body["CertificateOrderList"][0]
    assert row["CertificateId"] == uploaded["CertId"]
    assert (row["Sha2"], row["Upload"], row["Expired"]) == (made.sha256, True, False)
    assert not {"CertIdentifier", "Tags", "Cert", "Key"} & set(row)


def test_new_list_row(bench: Bench) -> None:
    made = material.make()
    identifier = bench.certificate(made, "web")
    bench.create(identifier)
    row = bench.cas("ListCertificates").body["CertificateList"][0]
    spki = made.certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA1())  # noqa: S303 - the API's choice
    digest.update(spki)
    assert row["FingerPrint"] == digest.finalize().hex().upper()
    assert row["CertificateId"] == identifier.partition("-")[0]
    assert (row["CertIdentifier"], row["CertificateName"]) == (identifier, "web")
    assert (row["CertificateStatus"], row["CertificateSource"], row["Algorithm"]) == ("issued", "UPLOAD", "ECC")
    assert row["UsingProductList"] == ["ALB"]
    assert not {"Serial", "SubjectAlternativeNames", "Sha2", "Cert", "Key"} & set(row)


@pytest.mark.parametrize("settings", [Settings(site="ap-southeast-1")])
def test_site_is_the_suffix(bench: Bench) -> None:
    certificate_id = bench.upload(material.make(), "web").body["CertId"]
    detail = bench.cas("GetUserCertificateDetail", CertId=certificate_id, CertFilter=True).body
    assert detail["CertIdentifier"] == f"{certificate_id}-ap-southeast-1"


def test_first_trap_default_order_type_lists_no_certificates(bench: Bench) -> None:
    bench.certificate(name="web")
    assert bench.cas("ListUserCertificateOrder").body["CertificateOrderList"] == []
    assert bench.cas("ListUserCertificateOrder", OrderType="BUY").body["TotalCount"] == 0
    assert _listed(bench) == _listed(bench, OrderType="CERT") == ["web"]


def test_second_trap_expired_are_hidden(bench: Bench) -> None:
    for name, days in (("expired", -0.5), ("soon", 20), ("long", 90)):
        bench.upload(material.make(days=days), name)
    assert _listed(bench) == ["long", "soon"]
    assert _listed(bench, Status="ISSUED") == ["long"]
    assert _listed(bench, Status="WILLEXPIRED") == ["soon"]
    assert _listed(bench, Status="EXPIRED") == ["expired"]
    assert _listed(bench, Status="REVOKED") == []
    newer = bench.cas("ListCertificates").body
    assert [each["CertificateStatus"] for each in newer["CertificateList"]] == ["issued", "willExpire"]
    bench.emulator.change_settings(list_certificates_shows_expired=True)
    assert bench.cas("ListCertificates").body["TotalCount"] == 3


def test_certificates_expire_when_time_goes_by(bench: Bench) -> None:
    bench.upload(material.make(days=90), "web")
    bench.emulator.advance(61 * _DAY)
    assert _listed(bench, Status="WILLEXPIRED") == ["web"]
    bench.emulator.advance(30 * _DAY)
    assert _listed(bench, Status="EXPIRED") == ["web"]
    row = bench.cas("ListUserCertificateOrder", OrderType="CERT", Status="EXPIRED").body["CertificateOrderList"][0]
    assert row["Expired"] is True


def test_keyword(bench: Bench) -> None:
    first = bench.upload(material.make("www.example.com", ("www.example.com", "shop.example.com")), "first").body
    bench.upload(material.make("api.example.org"), "second")
    for keyword, names in (
        ("example.com", ["first"]),
        ("SHOP", ["first"]),
        ("example", ["second", "first"]),
        (str(first["CertId"]), ["first"]),
        (first["ResourceId"], ["first"]),
        ("second", []),
    ):
        assert _listed(bench, Keyword=keyword) == names, keyword
    assert bench.cas("ListCertificates", Keyword="second").body["TotalCount"] == 1


def test_pages(bench: Bench) -> None:
    made = material.make()
    for number in range(52):
        assert bench.upload(made, f"web-{number}").code == "ok"
    first = bench.cas("ListUserCertificateOrder", OrderType="CERT", ShowSize=100).body
    assert (len(first["CertificateOrderList"]), first["ShowSize"], first["TotalCount"]) == (50, 50, 52)
    second = bench.cas("ListUserCertificateOrder", OrderType="CERT", CurrentPage=2).body
    assert [each["Name"] for each in second["CertificateOrderList"]] == ["web-1", "web-0"]
    assert len(bench.cas("ListCertificates").body["CertificateList"]) == 10
    assert len(bench.cas("ListCertificates", ShowSize=100).body["CertificateList"]) == 52
    assert bench.cas("ListCertificates", CurrentPage=9).body["CertificateList"] == []


def test_same_content_under_another_name_is_another_certificate(bench: Bench) -> None:
    made = material.make()
    assert bench.certificate(made, "first") != bench.certificate(made, "second")


def test_names_are_free_again_after_deletion(bench: Bench) -> None:
    certificate = bench.certificate(name="web")
    assert bench.upload(material.make(), "web").code == "NameRepeat"
    assert bench.cas("DeleteUserCertificate", CertId=certificate.partition("-")[0]).code == "ok"
    assert bench.upload(material.make(), "web").code == "ok"


def test_upload_replay(bench: Bench) -> None:
    made = material.make()
    first = bench.upload(made, "web", ClientToken="t")
    again = bench.upload(made, "web", ClientToken="t")
    assert (again.code, again.body["CertId"]) == ("ok", first.body["CertId"])
    assert bench.upload(made, "web-2", ClientToken="t").code == "IdempotenceSignatureMismatch"
    assert _listed(bench) == ["web"]


@pytest.mark.parametrize("settings", [Settings(delete_bound_certificates=True, polls=0)])
def test_bound_certificate_may_go_by_switch(bench: Bench) -> None:
    certificate = bench.certificate()
    listener_id = bench.listener(certificate)
    assert bench.cas("DeleteUserCertificate", CertId=certificate.partition("-")[0]).code == "ok"
    assert bench.get(listener_id)["Certificates"] == [{"CertificateId": certificate}]
    # What the update does not name is not looked for again.
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, IdleTimeout=20).code == "ok"


def test_certificate_that_an_update_is_about_to_bind_is_bound(bench: Bench) -> None:
    listener_id = bench.listener(bench.certificate())
    renewed = bench.certificate(name="renewed")
    bench.alb("UpdateListenerAttribute", ListenerId=listener_id, Certificates__1__CertificateId=renewed)
    assert bench.cas("DeleteUserCertificate", CertId=renewed.partition("-")[0]).code == "InvalidParameter"


def test_not_before_is_milliseconds(bench: Bench) -> None:
    bench.certificate()
    row = bench.cas("ListCertificates").body["CertificateList"][0]
    assert len(str(row["NotAfter"])) == 13
    assert dt.datetime.fromtimestamp(row["NotAfter"] / 1000, dt.timezone.utc) > dt.datetime.now(dt.timezone.utc)
