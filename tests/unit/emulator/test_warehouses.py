# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CAS: repositories and CA certificates, GetCertificateDetail, tags, and the two sites."""

from __future__ import annotations

import re
import socket
import ssl
import time
import uuid
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings, generated
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS, RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench
from ansible_collections.alicloud.tls.tests.unit.emulator.warehouse_rows import bound_ca, upload_ca, warehouse
from cryptography.hazmat.primitives import hashes


def test_two_generations_of_actions_see_the_same_repositories(bench: Bench) -> None:
    authorities, number = warehouse(bench, "clients")
    others, _number = warehouse(bench, "servers", "uploadedCertificate")
    unseen, _number = warehouse(bench, "mine", "personal")
    assert re.fullmatch(r"cas-wh-uc-[a-z0-9]{6}", authorities)
    new = bench.cas("ListWarehouse").body
    assert [each["WarehouseInstanceId"] for each in new["Data"]] == [authorities, others, unseen]
    assert (new["TotalCount"], new["MaxResults"]) == (3, 20)
    assert new["Data"][0] == {
        "WarehouseInstanceId": authorities,
        "WarehouseName": "clients",
        "WarehouseType": "uploadedAuthorityCertificate",
    }
    old = bench.cas("ListCertWarehouse").body
    assert [(each["Name"], each["Type"]) for each in old["CertWarehouseList"]] == [
        ("clients", "uploadCA"),
        ("servers", "uploadPCA"),
    ]
    assert (old["CurrentPage"], old["ShowSize"], old["TotalCount"]) == (1, 50, 2)
    assert old["CertWarehouseList"][0] == {"WhId": number, "Name": "clients", "Type": "uploadCA", "IsExpired": False}
    assert isinstance(number, int)


def test_repositories_are_found(bench: Bench) -> None:
    authorities, _number = warehouse(bench, "Clients")
    mine, _number = warehouse(bench, "mine", "personal")

    def new(**filters: object) -> list[str]:
        return [each["WarehouseInstanceId"] for each in bench.cas("ListWarehouse", **filters).body["Data"]]

    def old(**filters: object) -> list[str]:
        return [each["Name"] for each in bench.cas("ListCertWarehouse", **filters).body["CertWarehouseList"]]

    assert new(WarehouseTypes='["personal", "ssl"]') == [mine]
    assert new(WarehouseInstanceIds=f'["{authorities}"]') == [authorities]
    assert new(WarehouseTypes="[]") == [authorities, mine]
    assert old(Name="lient") == old(Type="uploadCA") == ["Clients"]
    assert old(Type="aliyunPCA") == old(InstanceId=authorities) == []
    bench.emulator.change_settings(warehouse_instance_id_in_old_list=True)
    assert old(InstanceId=authorities) == ["Clients"]
    token = bench.cas("ListWarehouse", MaxResults=1).body["NextToken"]
    assert new(MaxResults=1, NextToken=token) == [mine]


def test_uploaded_ca(bench: Bench) -> None:
    before = time.time()
    instance_id, number = warehouse(bench)
    certificate = material.authority()[0]
    identifier = upload_ca(bench, number).body["Identifier"]
    shape = uuid.UUID(identifier)
    assert (shape.version, shape.variant, str(shape)) == (6, uuid.RFC_4122, identifier)
    ticks = shape.int >> 96 << 28 | (shape.int >> 80 & 0xFFFF) << 12 | shape.int >> 64 & 0xFFF
    assert ticks / 1e7 - 12219292800 == pytest.approx(before, abs=60)
    (row,) = bench.cas("ListCert", CertType="CA", SourceType="upload", WarehouseId=number).body["CertList"]
    serial = f"{certificate.serial_number:x}"
    assert row == {
        "Identifier": identifier,
        "CertType": "CA",
        "SourceType": "upload",
        "Status": "ISSUE",
        "ExistPrivateKey": False,
        "WhId": number,
        "WhInstanceId": instance_id,
        "CommonName": "Emulator Test CA",
        "Issuer": "Emulator Test CA",
        "Sans": "Emulator Test CA",
        "SerialNo": serial.zfill(len(serial) + len(serial) % 2),
        "Algorithm": "ECC",
        "SignAlgorithm": "SHA256WITHECDSA",
        "BeforeDate": int(certificate.not_valid_before_utc.timestamp() * 1000),
        "AfterDate": int(certificate.not_valid_after_utc.timestamp() * 1000),
    }
    detail = bench.cas("DescribeWarehouseCert", CertIdentifier=identifier).body
    assert detail["Fingerprint"] == certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - the API's choice
    assert (detail["Content"], detail["CertStatus"]) == (material.authority_pem(), "issued")
    assert (detail["WarehouseInstanceId"], detail["CommonName"]) == (instance_id, "Emulator Test CA")


def test_cas_are_found(bench: Bench) -> None:
    bench.emulator.seed(
        {"ca_certificates": [{"identifier": "issued", "pem": material.authority_pem(), "name": "Root"}]}
    )
    _instance_id, number = warehouse(bench)
    uploaded = upload_ca(bench, number, Name="clients").body["Identifier"]

    def found(**filters: object) -> list[str]:
        return [each["Identifier"] for each in bench.cas("ListCert", **filters).body["CertList"]]

    assert found() == found(CertType="CA") == found(Status="ISSUE") == [uploaded, "issued"]
    assert found(SourceType="aliyun") == found(KeyWord="roo") == found(Identifiers="issued, nothing") == ["issued"]
    assert found(WarehouseId=number) == found(KeyWord="CLIENTS") == [uploaded]
    assert found(Status="REVOKE") == found(CertType="CERT") == found(WarehouseId=1) == []
    assert found(ShowSize=1, CurrentPage=2) == ["issued"]
    assert bench.cas("DescribeWarehouseCert", CertIdentifier="issued").body["WarehouseInstanceId"] == ""


def test_key_of_a_repository_shows_up_nowhere(bench: Bench) -> None:
    _instance_id, number = warehouse(bench, kind="uploadedCertificate")
    made = material.make()
    sent = {"WarehouseId": number, "Cert": made.chain_pem, "PrivateKey": made.key_pem, "Name": "with-key"}
    reply = bench.raw.call("UploadPCACert", form=sent, version=CAS)
    assert reply.code == "ok"
    (row,) = bench.cas("ListCert").body["CertList"]
    assert (row["CertType"], row["ExistPrivateKey"]) == ("CERT", True)
    piece = made.key_pem.splitlines()[1]
    detail = bench.cas("DescribeWarehouseCert", CertIdentifier=reply.body["Identifier"]).body
    for place in (detail, bench.emulator.state(), bench.emulator.calls, bench.emulator.world):
        assert piece not in repr(place)


def test_uploaded_ca_serves_a_listener_and_is_bound_by_it(bench: Bench) -> None:
    identifier, instance_id = bound_ca(bench)
    (listener,) = bench.emulator.world.listeners.values()
    assert bench.get(listener.listener_id)["CaCertificates"][0]["CertificateId"] == identifier
    assert bench.cas("DeletePCACert", Identifier=identifier).code == "InvalidParameter"
    bench.emulator.change_settings(delete_bound_ca_certificates=True, delete_filled_warehouses=True)
    assert bench.cas("DeleteWarehouse", WarehouseInstanceId=instance_id).code == "ok"
    assert bench.cas("ListCert").body["CertList"] == bench.cas("ListWarehouse").body["Data"] == []


def test_uploaded_ca_checks_client_certificates(bench: Bench, tmp_path: Path) -> None:
    bound_ca(bench)
    (row,) = bench.emulator.data_plane()
    made = material.make("client.example.com", algorithm="RSA")
    (tmp_path / "client.pem").write_text(made.chain_pem + made.key_pem, encoding="utf-8")
    context = ssl.create_default_context(cadata=material.authority_pem())
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def connect() -> None:
        with (
            socket.create_connection((row["address"], row["port"]), timeout=5) as raw,
            context.wrap_socket(raw, server_hostname="www.example.com"),
        ):
            pass

    with pytest.raises(OSError, match=r"(?i)alert|reset|EOF"):
        connect()
    context.load_cert_chain(tmp_path / "client.pem")
    connect()


def test_ca_is_free_when_mutual_authentication_ends(bench: Bench) -> None:
    identifier, instance_id = bound_ca(bench)
    (listener,) = bench.emulator.world.listeners.values()
    bench.alb("UpdateListenerAttribute", ListenerId=listener.listener_id, CaEnabled=False)
    bench.emulator.settle()
    assert bench.cas("DeletePCACert", Identifier=identifier).code == "ok"
    # The listener remembers it, which must not stand in the way of other changes.
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener.listener_id, IdleTimeout=20).code == "ok"
    bench.emulator.settle()
    assert bench.cas("DescribeWarehouseCert", CertIdentifier=identifier).code == "NotFound"
    assert bench.cas("DeleteWarehouse", WarehouseInstanceId=instance_id).code == "ok"


@pytest.mark.parametrize(
    "settings", [Settings(repeated_ca_certificates=True, repeated_warehouse_names=True, other_certificates_as_ca=True)]
)
def test_switches_that_let_more_in(bench: Bench) -> None:
    _first, number = warehouse(bench)
    warehouse(bench)
    assert upload_ca(bench, number).body["Identifier"] != upload_ca(bench, number).body["Identifier"]
    assert upload_ca(bench, number, Cert=material.make().chain_pem).code == "ok"


def test_bundle_of_cas_is_taken_only_by_switch(bench: Bench) -> None:
    _instance_id, number = warehouse(bench)
    other = generated.pem_of(generated.authority("Other CA"))
    both = other + material.authority_pem()
    assert upload_ca(bench, number, Cert=both).code == "CertificateChainNotMatch"
    bench.emulator.change_settings(ca_bundles=True)
    made = upload_ca(bench, number, Cert=both).body["Identifier"]
    assert bench.cas("DescribeWarehouseCert", CertIdentifier=made).body["Content"] == both
    assert upload_ca(bench, number, Cert=both, Name="again").code == "ParamRepeat"
    assert upload_ca(bench, number, Cert=other, Name="alone").code == "ok"
    refused = upload_ca(bench, number, Cert=other + material.make().chain_pem, Name="no CA")
    assert (refused.code, bench.emulator.calls[-1].rule) == ("InvalidParameter", "no-authority")


def test_listener_trusts_all_of_a_bundle(bench: Bench, tmp_path: Path) -> None:
    bench.emulator.change_settings(ca_bundles=True)
    both = generated.pem_of(generated.authority("Other CA")) + material.authority_pem()
    identifier = upload_ca(bench, warehouse(bench)[1], Cert=both).body["Identifier"]
    bench.listener(bench.certificate(), CaEnabled=True, CaCertificates__1__CertificateId=identifier)
    (row,) = bench.emulator.data_plane()
    made = material.make("client.example.com", algorithm="RSA")
    (tmp_path / "client.pem").write_text(made.chain_pem + made.key_pem, encoding="utf-8")
    context = ssl.create_default_context(cadata=material.authority_pem())
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(tmp_path / "client.pem")
    with (
        socket.create_connection((row["address"], row["port"]), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname="www.example.com") as secured,
    ):
        assert secured.version() == "TLSv1.2"


def test_certificate_detail_new_style(bench: Bench) -> None:
    made = material.make("www.example.com", ("www.example.com", "*.example.com"))
    identifier = bench.certificate(made, "web")
    number = int(identifier.partition("-")[0])
    listed = bench.cas("ListCertificates").body["CertificateList"][0]
    detail = bench.cas("GetCertificateDetail", CertificateId=number).body
    assert (detail["CertificateId"], listed["CertificateId"]) == (number, str(number))
    assert detail["Domain"] == "www.example.com,*.example.com"
    assert (detail["CertificateSource"], detail["ExistPrivateKey"], detail["UsingProductList"]) == ("UPLOAD", True, [])
    assert len(str(detail["NotAfter"])) == 13
    assert detail["Serial"].lstrip("0") == f"{made.certificate.serial_number:x}"
    assert [each["Subject"] for each in detail["CertificateChainList"]] == ["www.example.com", "Emulator Test CA"]
    assert detail["CertificateChainList"][0]["RemainDay"] == 89
    assert not {"SubjectAlternativeNames", "Cert", "Key", "Sha2", "Fingerprint"} & set(detail)
    same = set(listed) & set(detail) - {"CertificateId"}
    assert {name: listed[name] for name in same} == {name: detail[name] for name in same}
    bench.emulator.change_settings(show_subject_alternative_names=True)
    detail = bench.cas("GetCertificateDetail", CertificateId=number).body
    assert detail["SubjectAlternativeNames"] == ["www.example.com", "*.example.com"]
    listener_id = bench.listener(identifier)
    extra = bench.certificate(material.make(key_number=1), "extra")
    bench.alb(
        "AssociateAdditionalCertificatesWithListener", ListenerId=listener_id, Certificates__1__CertificateId=extra
    )
    for each in (identifier, extra):
        detail = bench.cas("GetCertificateDetail", CertificateId=each.partition("-")[0]).body
        assert detail["UsingProductList"] == ["ALB"]


def test_tags(bench: Bench) -> None:
    uploaded = bench.upload(material.make(), "web", Tags__1__Key="env", Tags__1__Value="test").body
    bench.upload(material.make(), "other")
    target = {"RegionId": "cn-hangzhou", "ResourceType": "instance", "ResourceId__1": uploaded["ResourceId"]}

    def tags(**filters: object) -> dict[str, str]:
        body = bench.cas("ListTagResources", **{**target, **filters}).body
        assert "TotalCount" not in body
        return {each["TagKey"]: each["TagValue"] for each in body["TagResources"]["TagResource"]}

    assert bench.cas("TagResources", **target, Tag__1__Key="team", Tag__1__Value="a").code == "ok"
    assert tags() == {"env": "test", "team": "a"}
    detail = bench.cas("GetCertificateDetail", CertificateId=uploaded["CertId"]).body
    assert detail["Tags"] == [{"TagKey": "env", "TagValue": "test"}, {"TagKey": "team", "TagValue": "a"}]
    assert tags(ResourceId__1=None, Tag__1__Key="team") == {"team": "a"}
    assert tags(ResourceId__1=None, Tag__1__Key="team", Tag__1__Value="b") == {}
    assert bench.cas("UntagResources", **target, TagKey__1="env", All=True).code == "ok"
    assert tags() == {"team": "a"}
    bench.cas("UntagResources", **target)
    assert tags() == {"team": "a"}
    bench.cas("UntagResources", **target, All=True)
    assert tags() == {}
    by_number = {**target, "ResourceId__1": uploaded["CertId"]}
    assert bench.cas("TagResources", **by_number, Tag__1__Key="n").code == "NotFound"
    bench.emulator.change_settings(tag_by_certificate_id=True)
    assert bench.cas("TagResources", **by_number, Tag__1__Key="n").code == "ok"
    assert tags() == {"n": ""}


# --- sites -------------------------------------------------------------------------------------------------------


def _there(bench: Bench) -> Bench:
    """The same emulator, at the other site."""
    return Bench(bench.emulator, RawClient(bench.emulator.cas_endpoints["ap-southeast-1"]))


def test_sites_are_separate_stores(bench: Bench) -> None:
    there = _there(bench)
    assert bench.emulator.cas_endpoints["cn-hangzhou"] == bench.emulator.endpoint != there.raw.endpoint
    here_id = bench.upload(material.make(), "web").body["CertId"]
    there_id = there.upload(material.make(), "web").body["CertId"]
    detail = there.cas("GetUserCertificateDetail", CertId=there_id).body
    assert (detail["CertIdentifier"], detail["Name"]) == (f"{there_id}-ap-southeast-1", "web")
    for one, other_id in ((bench, there_id), (there, here_id)):
        assert one.cas("ListCertificates").body["TotalCount"] == 1
        assert one.cas("GetUserCertificateDetail", CertId=other_id).code == "NotFound"
        assert one.cas("GetCertificateDetail", CertificateId=other_id).code == "NotFound"
        assert one.cas("DeleteUserCertificate", CertId=other_id).code == "NotFound"
    _instance_id, number = warehouse(there)
    assert upload_ca(bench, number).code == "NotFound"
    ca = upload_ca(there, number).body["Identifier"]
    assert bench.cas("ListWarehouse").body["Data"] == bench.cas("ListCert").body["CertList"] == []
    assert bench.cas("DescribeWarehouseCert", CertIdentifier=ca).code == "NotFound"
    assert bench.cas("NoSuchAction").body["HostId"] == "cas.aliyuncs.com"
    assert there.cas("NoSuchAction").body["HostId"] == "cas.ap-southeast-1.aliyuncs.com"
    assert there.alb("ListLoadBalancers").body["TotalCount"] == 2


def test_client_token_belongs_to_its_site(bench: Bench) -> None:
    there, made = _there(bench), material.make()
    ids = {one.upload(made, "web", ClientToken="t").body["CertId"] for one in (bench, there)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("cas.aliyuncs.com", "cn-hangzhou"),
        ("cas.ap-southeast-1.aliyuncs.com", "ap-southeast-1"),
        ("CAS.ap-southeast-1.aliyuncs.com:443", "ap-southeast-1"),
        ("cas.ap-southeast-1.localhost:8600", "ap-southeast-1"),
        ("cas-vpc.ap-southeast-1.aliyuncs.com", "ap-southeast-1"),
        ("localhost", "cn-hangzhou"),
    ],
)
def test_site_by_host_name(bench: Bench, host: str, site: str) -> None:
    """As of a client that resolves the names to loopback by itself: the host wins over the port."""
    bench.raw.headers["host"] = host
    uploaded = bench.upload(material.make(), "web").body["CertId"]
    detail = bench.cas("GetUserCertificateDetail", CertId=uploaded).body
    assert detail["CertIdentifier"] == f"{uploaded}-{site}"


def test_listener_takes_certificates_of_its_own_site(bench: Bench) -> None:
    there = _there(bench)
    certificate = f"{there.upload(material.make(), 'web').body['CertId']}-ap-southeast-1"
    ca = upload_ca(there, warehouse(there)[1]).body["Identifier"]
    mutual = {"CaEnabled": True, "CaCertificates__1__CertificateId": ca}
    assert bench.create(certificate).code == "ResourceNotFound.Certificate"
    assert bench.create(certificate.partition("-")[0]).code == "ResourceNotFound.Certificate"
    assert bench.create(bench.certificate(), **mutual).code == "ResourceNotFound.Certificate"
    bench.emulator.change_settings(certificates_of_any_site=True)
    bench.listener(certificate, **mutual)
    assert there.cas("DeleteUserCertificate", CertId=certificate.partition("-")[0]).code == "InvalidParameter"
    (row,) = there.cas("ListCertificates").body["CertificateList"]
    assert row["UsingProductList"] == ["ALB"]
    assert [each["error"] for each in bench.emulator.data_plane()] == [""]


def test_load_balancers_abroad() -> None:
    """Then the first port is CAS abroad, and the second the one at home."""
    with Emulator(Settings(site="ap-southeast-1", region="ap-southeast-1"), demo=True) as emulator:
        assert emulator.cas_endpoints["ap-southeast-1"] == emulator.endpoint
        bench = Bench(emulator, RawClient(emulator.endpoint))
        number = bench.upload(material.make(), "web").body["CertId"]
        assert bench.create(f"{number}-ap-southeast-1").code == "ok"
        home = Bench(emulator, RawClient(emulator.cas_endpoints["cn-hangzhou"]))
        assert bench.create(home.certificate(), ListenerPort=444).code == "ResourceNotFound.Certificate"
