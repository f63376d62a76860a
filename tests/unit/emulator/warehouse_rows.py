# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of test_refusals.py for what is new in CAS: repositories, CA certificates, tags, GetCertificateDetail."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import Reply
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench

Ask = Callable[[Bench], Reply]


def warehouse(bench: Bench, name: str = "cas", kind: str = "uploadedAuthorityCertificate") -> tuple[str, int]:
    """Make a repository; string id, and the number under which the old actions know it (0: they do not)."""
    made = bench.cas("CreateWarehouse", Name=name, Type=kind)
    assert made.code == "ok", made
    (row, *_more) = bench.emulator.do(lambda cloud: list(cloud.world.warehouses.values()))[::-1]
    return made.body["WarehouseInstanceId"], row.warehouse_id


def upload_ca(bench: Bench, number: int, **parameters: object) -> Reply:
    wanted: dict[str, object] = {"WarehouseId": number, "Cert": material.authority_pem(), "Name": "ca"}
    return bench.cas("UploadPCACert", **{**wanted, **parameters})


def bound_ca(bench: Bench) -> tuple[str, str]:
    """Identifier and repository of a CA that a listener uses."""
    instance_id, number = warehouse(bench)
    identifier = upload_ca(bench, number).body["Identifier"]
    bench.listener(bench.certificate(), CaEnabled=True, CaCertificates__1__CertificateId=identifier)
    return identifier, instance_id


def _cas(action: str, **parameters: object) -> Ask:
    return lambda bench: bench.cas(action, **parameters)


def _upload(kind: str = "uploadedAuthorityCertificate", **parameters: object) -> Ask:
    return lambda bench: upload_ca(bench, warehouse(bench, kind=kind)[1], **parameters)


def _twice(**parameters: object) -> Ask:
    def ask(bench: Bench) -> Reply:
        _instance_id, number = warehouse(bench)
        assert upload_ca(bench, number).code == "ok"
        return upload_ca(bench, number, **parameters)

    return ask


def _same_warehouse(bench: Bench) -> Reply:
    warehouse(bench)
    return bench.cas("CreateWarehouse", Name="cas", Type="ssl")


def _filled(bench: Bench) -> Reply:
    instance_id, number = warehouse(bench)
    upload_ca(bench, number)
    return bench.cas("DeleteWarehouse", WarehouseInstanceId=instance_id)


def _filled_with_a_bound_one(bench: Bench) -> Reply:
    bench.emulator.change_settings(delete_filled_warehouses=True)
    return bench.cas("DeleteWarehouse", WarehouseInstanceId=bound_ca(bench)[1])


def _expired(bench: Bench) -> Reply:
    bench.emulator.change_settings(accept_expired_certificates=False)
    bench.emulator.advance(10**9)
    return upload_ca(bench, warehouse(bench)[1])


def _other_certificate_for_ca(bench: Bench) -> Reply:
    bench.emulator.change_settings(other_certificates_as_ca=True)
    made = upload_ca(bench, warehouse(bench)[1], Cert=material.make().chain_pem)
    ca = {"CaEnabled": True, "CaCertificates__1__CertificateId": made.body["Identifier"]}
    return bench.create(bench.certificate(), **ca)


_TAGS = {"RegionId": "cn-hangzhou", "ResourceType": "instance"}
_TAG = {"Tag__1__Key": "k", "Tag__1__Value": "v"}

WAREHOUSE_ROWS: list[tuple[str, Ask, int, str]] = [
    ("unknown certificate, new style", _cas("GetCertificateDetail", CertificateId=1), 400, "NotFound"),
    ("no certificate id", _cas("GetCertificateDetail"), 400, "MissingCertificateId"),
    ("certificate id is no number", _cas("GetCertificateDetail", CertificateId="x"), 400, "InvalidCertificateId"),
    ("repository of that name", _same_warehouse, 400, "NameRepeat"),
    ("repository without type", _cas("CreateWarehouse", Name="x"), 400, "InvalidParameter warehouse-facts"),
    ("repository without name", _cas("CreateWarehouse", Type="ssl"), 400, "InvalidParameter warehouse-facts"),
    ("repository of odd type", _cas("CreateWarehouse", Name="x", Type="y"), 400, "InvalidParameter choice"),
    ("types are no JSON", _cas("ListWarehouse", WarehouseTypes="ssl"), 400, "InvalidWarehouseTypes"),
    ("types are no list", _cas("ListWarehouse", WarehouseTypes='"ssl"'), 400, "InvalidWarehouseTypes"),
    ("ids are no texts", _cas("ListWarehouse", WarehouseInstanceIds="[1]"), 400, "InvalidWarehouseInstanceIds"),
    ("unknown old type", _cas("ListCertWarehouse", Type="ssl"), 400, "InvalidParameter choice"),
    ("delete unknown repository", _cas("DeleteWarehouse", WarehouseInstanceId="cas-wh-no"), 400, "NotFound"),
    ("delete no repository", _cas("DeleteWarehouse"), 400, "NotFound"),
    ("delete filled repository", _filled, 400, "InvalidParameter filled-warehouse"),
    ("delete repository with bound CA", _filled_with_a_bound_one, 400, "InvalidParameter bound-ca-certificate"),
    ("upload CA nowhere", _cas("UploadPCACert", Cert="x"), 400, "MissingWarehouseId"),
    ("upload no CA", _cas("UploadPCACert", WarehouseId=1), 400, "MissingCert"),
    ("unknown repository", _cas("UploadPCACert", Cert="x", WarehouseId=1), 400, "NotFound no-warehouse"),
    ("repository of private CA", _upload("pcaCertificate"), 400, "InvalidParameter warehouse-kind"),
    ("broken CA", _upload(Cert="broken"), 400, "CertificateFormatException"),
    ("no CA", _upload(Cert=material.make().chain_pem), 400, "InvalidParameter no-authority"),
    ("no CA, but not for CAs", _upload("uploadedCertificate", Cert=material.make().chain_pem), 200, "ok"),
    ("broken key of CA", _upload(PrivateKey="broken"), 400, "InvalidParameter broken-key"),
    ("wrong key of CA", _upload(PrivateKey=material.make().key_pem), 400, "InvalidParameter key-mismatch"),
    ("long name of CA", _upload(Name="x" * 64), 400, "DataTooLongException name-length"),
    ("CA without name", _upload(Name=None), 200, "ok"),
    ("CA with that name", _twice(), 400, "NameRepeat"),
    ("CA with that content", _twice(Name="other"), 400, "ParamRepeat"),
    ("expired CA, by switch", _expired, 400, "CertificateExpired"),
    ("other certificate as CA", _other_certificate_for_ca, 404, "ResourceNotFound.Certificate"),
    ("unknown CA of CAS", _cas("DescribeWarehouseCert", CertIdentifier="no"), 400, "NotFound"),
    ("delete unknown CA", _cas("DeletePCACert", Identifier="no"), 400, "NotFound"),
    ("delete no CA", _cas("DeletePCACert"), 400, "MissingIdentifier"),
    ("delete issued CA", _cas("DeletePCACert", Identifier="ca-1"), 400, "InvalidParameter issued-ca"),
    (
        "delete bound CA",
        lambda bench: bench.cas("DeletePCACert", Identifier=bound_ca(bench)[0]),
        400,
        "InvalidParameter bound-ca-certificate",
    ),
    ("tag what is not there", _cas("TagResources", ResourceId__1="x", **_TAGS, **_TAG), 400, "NotFound"),
    ("tag in no region", _cas("TagResources", ResourceType="instance", ResourceId__1="x"), 400, "MissingRegionId"),
    (
        "tag elsewhere",
        _cas("TagResources", RegionId="cn-beijing", ResourceType="instance", ResourceId__1="x"),
        400,
        "InvalidParameter choice",
    ),
    ("untag what is not there", _cas("UntagResources", ResourceId__1="x", **_TAGS), 400, "NotFound"),
    ("tags of nothing", _cas("ListTagResources", **_TAGS), 400, "MissingResourceId"),
]
