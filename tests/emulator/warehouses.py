# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
The CAS actions for repositories and the CA certificates in them.

There are two generations of them, with two kinds of ids and two vocabularies for the same repositories.
"""

from __future__ import annotations

import json
import typing as t

from .actions import PAGING, Context, Fields
from .cas import CAS, cut_page
from .certificates import fingerprints, load_key, read_authorities, read_chain
from .errors import malformed, refusal
from .invented import invented
from .parameters import Arguments, integer, text
from .world import CaCertificate, Warehouse

__all__ = ["CAS", "KINDS"]

KINDS = {
    "uploadedAuthorityCertificate": "uc",
    "pcaCertificate": "pc",
    "uploadedCertificate": "up",
    "personal": "pe",
    "ssl": "ss",
    "pcaAuthorityCertificate": "pa",
}
"""In the words of CreateWarehouse, and as the WarehouseInstanceId tells them."""
_OLD_KINDS = {
    "uploadedAuthorityCertificate": "uploadCA",
    "uploadedCertificate": "uploadPCA",
    "pcaCertificate": "aliyunPCA",
}


@CAS.action("CreateWarehouse", text("Name"), text("Type", *KINDS), text("Biz"))
def create_warehouse(context: Context) -> Fields:
    """Makes a repository; answers with its string id only, UploadPCACert wants the number of ListCertWarehouse."""
    arguments = context.arguments
    name, kind = arguments.text("Name"), arguments.text("Type")
    if not name or not kind:
        raise invented("warehouse-facts", "Name and Type must be given.")
    if not context.settings.repeated_warehouse_names and any(each.name == name for each in _warehouses(context)):
        raise refusal("NameRepeat")
    made = new_warehouse(context, name, kind, biz=arguments.text("Biz"))
    return {"WarehouseInstanceId": made.instance_id}


@CAS.action(
    "ListWarehouse",
    text("WarehouseTypes"),
    text("WarehouseInstanceIds"),
    *PAGING,
)
def list_warehouse(context: Context) -> Fields:
    """Repositories by type or id, both given as JSON lists; string ids."""
    kinds, ids = (_json_texts(context.arguments, name) for name in ("WarehouseTypes", "WarehouseInstanceIds"))
    found = [
        {"WarehouseInstanceId": each.instance_id, "WarehouseName": each.name, "WarehouseType": each.kind}
        for each in _warehouses(context)
        if (not kinds or each.kind in kinds) and (not ids or each.instance_id in ids)
    ]
    rows, page = context.page(found)
    return {"Data": rows, **page}


@CAS.action(
    "ListCertWarehouse",
    text("Type", *_OLD_KINDS.values()),
    text("InstanceId"),
    text("Name"),
    integer("CurrentPage", 1),
    integer("ShowSize", 1),
)
def list_cert_warehouse(context: Context) -> Fields:
    """Repositories by type, part of the name or id; numeric ids."""
    arguments = context.arguments
    kind, instance_id, name = (arguments.text(each) for each in ("Type", "InstanceId", "Name"))
    rows = [_old_fields(context, each) for each in _warehouses(context) if each.kind in _OLD_KINDS]
    found = [
        row
        for row in rows
        if kind in ("", row["Type"])
        and name.lower() in row["Name"].lower()
        and instance_id in ("", row.get("InstanceId"))
    ]
    shown, page = cut_page(context, found, size=arguments.integer("ShowSize", 50))
    return {"CertWarehouseList": shown, **page}


@CAS.action("DeleteWarehouse", text("WarehouseInstanceId"))
def delete_warehouse(context: Context) -> Fields:
    """Removes an empty repository; a filled one if switched so."""
    world = context.world
    warehouse = world.warehouse_of(context.arguments.text("WarehouseInstanceId"))
    if warehouse is None or warehouse not in _warehouses(context):
        raise refusal("NotFound")
    content = [each for each in world.ca_certificates.values() if each.warehouse_id == warehouse.warehouse_id]
    if content and not context.settings.delete_filled_warehouses:
        raise invented(
            "filled-warehouse",
            f"The repository holds {len(content)} certificates (emulator: delete_filled_warehouses).",
        )
    for each in content:
        _refuse_bound(context, each)
    for each in content:
        del world.ca_certificates[each.identifier]
    del world.warehouses[warehouse.warehouse_id]
    return {}


@CAS.action(
    "UploadPCACert",
    text("Name"),
    text("Cert"),
    text("PrivateKey"),
    integer("WarehouseId"),
    required=("Cert", "WarehouseId"),
)
def upload_pca_cert(context: Context) -> Fields:
    """Puts a CA certificate with its chain into a repository of CAs, or another certificate into one for these."""
    arguments, world, settings = context.arguments, context.world, context.settings
    name, pem, key_pem = (arguments.text(each) for each in ("Name", "Cert", "PrivateKey"))
    warehouse = world.warehouses.get(arguments.integer("WarehouseId", 0))
    if warehouse is None or warehouse not in _warehouses(context):
        raise invented("no-warehouse", "There is no such repository.")
    if warehouse.kind not in ("uploadedAuthorityCertificate", "uploadedCertificate"):
        raise invented("warehouse-kind", f"Nothing can be uploaded to a repository of type {warehouse.kind}.")
    if len(name) > settings.certificate_name_length:
        raise invented("name-length", f"Name has more than {settings.certificate_name_length} characters.")
    for_authorities = warehouse.kind == "uploadedAuthorityCertificate"
    if for_authorities and settings.ca_bundles and not key_pem:
        facts = read_authorities(pem)
    else:
        facts = read_chain(pem, (lambda: load_key(key_pem)) if key_pem else None)
    if for_authorities and not facts.is_ca and not settings.other_certificates_as_ca:
        raise invented("no-authority", "Cert is not a CA certificate (emulator: other_certificates_as_ca).")
    if facts.not_after_ms <= context.clock.milliseconds() and not settings.accept_expired_certificates:
        raise refusal("CertificateExpired")
    if not settings.repeated_ca_certificates:
        beside = [each for each in world.ca_certificates.values() if each.warehouse_id == warehouse.warehouse_id]
        if name and any(each.name == name for each in beside):
            raise refusal("NameRepeat")
        if any(each.pem and fingerprints(each.pem) == fingerprints(pem) for each in beside):
            raise refusal("ParamRepeat")
    uploaded = CaCertificate(
        identifier=world.new_ca_identifier(context.clock.milliseconds()),
        pem=pem,
        name=name,
        site=context.site,
        source="upload",
        kind="CA" if facts.is_ca else "CERT",
        warehouse_id=warehouse.warehouse_id,
        key_pem=key_pem,
        facts=facts,
    )
    world.ca_certificates[uploaded.identifier] = uploaded
    return {"Identifier": uploaded.identifier}


@CAS.action(
    "ListCert",
    integer("WarehouseId"),
    text("CertType", "CA", "CERT"),
    text("SourceType", "upload", "aliyun"),
    text("Status", "ISSUE", "REVOKE"),
    text("KeyWord"),
    text("Identifiers"),
    integer("CurrentPage", 1),
    integer("ShowSize", 1),
)
def list_cert(context: Context) -> Fields:
    """Certificates of repositories, and CAs issued by Alibaba Cloud. Neither names nor fingerprints in the rows."""
    arguments = context.arguments
    kind, source, status = (arguments.text(name) for name in ("CertType", "SourceType", "Status"))
    keyword = arguments.text("KeyWord").lower()
    ids = [each.strip() for each in arguments.text("Identifiers").split(",") if each.strip()]
    found = [
        each
        for each in reversed(_authorities(context))
        if ("WarehouseId" not in arguments or each.warehouse_id == arguments.integer("WarehouseId", 0))
        and kind in ("", each.kind)
        and source in ("", each.source)
        and status in ("", "ISSUE")
        and (not ids or each.identifier in ids)
        and any(keyword in place.lower() for place in _places(each))
    ]
    rows, page = cut_page(context, found, size=arguments.integer("ShowSize", 50))
    return {"CertList": [_row(context, each) for each in rows], **page}


@CAS.action("DescribeWarehouseCert", text("CertIdentifier"))
def describe_warehouse_cert(context: Context) -> Fields:
    """One certificate of a repository, or one CA issued by Alibaba Cloud, with its PEM and fingerprint."""
    certificate = _authority(context, "CertIdentifier")
    facts = certificate.facts
    warehouse = context.world.warehouses.get(certificate.warehouse_id)
    fields: Fields = {
        "CertIdentifier": certificate.identifier,
        "CertStatus": "issued",
        "CertType": certificate.kind,
        "Content": certificate.pem,
        "CommonName": facts.common_name if facts is not None else "",
        "Issuer": facts.issuer if facts is not None else "",
        "IssuerIdentifier": "",
        "PrivateCaInstanceId": "",
        "PrivateCaRegionId": "",
        "WarehouseInstanceId": warehouse.instance_id if warehouse is not None else "",
    }
    if facts is not None:
        fields["Fingerprint"] = facts.sha1
    return fields


@CAS.action("DeletePCACert", text("Identifier"), required=("Identifier",))
def delete_pca_cert(context: Context) -> Fields:
    """Removes an uploaded certificate of a repository; a CA that a listener uses only if switched so."""
    certificate = _authority(context, "Identifier")
    if certificate.source != "upload":
        raise invented("issued-ca", "The CA certificate was issued by Alibaba Cloud, not uploaded.")
    _refuse_bound(context, certificate)
    del context.world.ca_certificates[certificate.identifier]
    return {}


def new_warehouse(context: Context, name: str, kind: str, *, biz: str = "") -> Warehouse:
    """Make a repository without further ado."""
    world = context.world
    made = Warehouse(
        warehouse_id=world.next_warehouse_id,
        instance_id=world.new_id(f"cas-wh-{KINDS[kind]}-", 6),
        name=name,
        kind=kind,
        site=context.site,
        biz=biz,
    )
    world.next_warehouse_id += world.names.randint(1, 9)
    world.warehouses[made.warehouse_id] = made
    return made


def _warehouses(context: Context) -> list[Warehouse]:
    """Those of the site that was asked."""
    return [each for each in context.world.warehouses.values() if (each.site or context.settings.site) == context.site]


def _authorities(context: Context) -> list[CaCertificate]:
    """Those of the site that was asked."""
    default = context.settings.site
    return [each for each in context.world.ca_certificates.values() if (each.site or default) == context.site]


def _authority(context: Context, name: str) -> CaCertificate:
    certificate = context.world.ca_certificates.get(context.arguments.text(name))
    if certificate is None or (certificate.site or context.settings.site) != context.site:
        raise refusal("NotFound")
    return certificate


def _refuse_bound(context: Context, certificate: CaCertificate) -> None:
    users = context.world.ca_users_of(certificate.identifier)
    if users and not context.settings.delete_bound_ca_certificates:
        raise invented(
            "bound-ca-certificate",
            f"The CA certificate is in use by {', '.join(users)} (emulator: delete_bound_ca_certificates).",
        )


def _old_fields(context: Context, warehouse: Warehouse) -> Fields:
    fields: Fields = {
        "WhId": warehouse.warehouse_id,
        "Name": warehouse.name,
        "Type": _OLD_KINDS[warehouse.kind],
        "IsExpired": False,
    }
    if context.settings.warehouse_instance_id_in_old_list:
        fields["InstanceId"] = warehouse.instance_id
    return fields


def _places(certificate: CaCertificate) -> tuple[str, ...]:
    """Where KeyWord is looked for: name, domain, subject alternative names."""
    facts = certificate.facts
    return (certificate.name, *((facts.common_name, *facts.names) if facts is not None else ()))


def _row(context: Context, certificate: CaCertificate) -> Fields:
    fields: Fields = {
        "Identifier": certificate.identifier,
        "CertType": certificate.kind,
        "SourceType": certificate.source,
        "Status": "ISSUE",
        "ExistPrivateKey": bool(certificate.key_pem) or certificate.source == "aliyun",
    }
    warehouse = context.world.warehouses.get(certificate.warehouse_id)
    if warehouse is not None:
        fields |= {"WhId": warehouse.warehouse_id, "WhInstanceId": warehouse.instance_id}
    facts = certificate.facts
    if facts is not None:
        fields |= {
            "CommonName": facts.common_name,
            "Issuer": facts.issuer,
            "Sans": ",".join(facts.names),
            "SerialNo": facts.serial,
            "Algorithm": facts.algorithm,
            "SignAlgorithm": facts.sign_algorithm,
            "BeforeDate": facts.not_before_ms,
            "AfterDate": facts.not_after_ms,
        }
    return fields


def _json_texts(arguments: Arguments, name: str) -> tuple[str, ...]:
    value = arguments.text(name)
    if not value:
        return ()
    try:
        decoded: t.Any = json.loads(value)
    except (ValueError, RecursionError) as exc:
        raise malformed(name) from exc
    if not isinstance(decoded, list) or not all(isinstance(each, str) for each in decoded):
        raise malformed(name)
    return tuple(decoded)
