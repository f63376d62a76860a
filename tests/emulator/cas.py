# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CAS actions of version 2020-04-07. The types differ from action to action as they do in the API."""

from __future__ import annotations

import typing as t
from collections.abc import Collection

from .actions import PAGING, Catalogue, Context, Fields
from .certificates import ChainLink, read_upload
from .errors import missing, refusal
from .invented import invented
from .listener_rules import read_tags
from .parameters import flag, integer, text
from .world import UploadedCertificate

CAS = Catalogue("cas", "2020-04-07", "cas.aliyuncs.com")
SITES = ("cn-hangzhou", "ap-southeast-1")
_RowT = t.TypeVar("_RowT")
_DAY_MS = 24 * 60 * 60 * 1000
_ABOUT_TO_EXPIRE_MS = 30 * _DAY_MS


@CAS.action(
    "UploadUserCertificate",
    text("Name"),
    text("Cert"),
    text("Key"),
    text("EncryptCert"),
    text("EncryptPrivateKey"),
    text("SignCert"),
    text("SignPrivateKey"),
    text("ResourceGroupId"),
    text("Tags.N.Key", items=20),
    text("Tags.N.Value"),
    text("ClientToken"),
    required=("Name",),
)
def upload_user_certificate(context: Context) -> Fields:
    """Takes an RSA or ECC certificate with chain and key. The same content again under another name is a new one."""
    arguments, world, settings = context.arguments, context.world, context.settings
    name, certificate, key = (arguments.text(each) for each in ("Name", "Cert", "Key"))
    if len(name) > settings.certificate_name_length:
        raise invented("name-length", f"Name has more than {settings.certificate_name_length} characters.")
    if not certificate or not key:
        raise invented("no-certificate", "Cert and Key must be given (emulator: SM2 pairs are not modelled).")
    facts = read_upload(certificate, key)
    if facts.not_after_ms <= context.clock.milliseconds() and not settings.accept_expired_certificates:
        raise refusal("CertificateExpired")
    if any(each.name == name for each in certificates_here(context)):
        raise refusal("NameRepeat")
    tags = read_tags(arguments, "Tags")
    uploaded = UploadedCertificate(
        certificate_id=world.next_certificate_id,
        instance_id=world.new_id("cas-upload-", 6),
        name=name,
        resource_group_id=arguments.text("ResourceGroupId", "rg-emulator"),
        facts=facts,
        certificate_pem=certificate,
        key_pem=key,
        tags=tags,
        site=context.site,
    )
    # Ids grow, not by one each time: nobody should compute the next.
    world.next_certificate_id += world.names.randint(1, 900)
    world.certificates[uploaded.certificate_id] = uploaded
    return {"CertId": uploaded.certificate_id, "ResourceId": uploaded.instance_id}


@CAS.action("GetUserCertificateDetail", integer("CertId"), flag("CertFilter"), required=("CertId",))
def get_user_certificate_detail(context: Context) -> Fields:
    """One certificate; with its PEM and private key unless CertFilter is true."""
    certificate = _certificate(context)
    facts = certificate.facts
    fields: Fields = {
        "Id": certificate.certificate_id,
        "CertIdentifier": certificate.identifier(context.settings.site),
        "InstanceId": certificate.instance_id,
        "Name": certificate.name,
        "Common": facts.common_name,
        "Sans": ",".join(facts.names),
        "Issuer": facts.issuer,
        "Algorithm": facts.algorithm,
        "SerialNo": facts.serial,
        "Fingerprint": facts.sha1,
        "Sha2": facts.sha256,
        "CertSha2": facts.sha256,
        "StartDate": facts.start_date,
        "EndDate": facts.end_date,
        "NotBefore": facts.not_before_ms,
        "NotAfter": facts.not_after_ms,
        "Expired": _status(context, certificate) == "expired",
        "BuyInAliyun": False,
        "ResourceGroupId": certificate.resource_group_id,
        "CertChain": [_chain_fields(context, link) for link in facts.chain],
        "Tags": _tag_fields(certificate),
        **_subject_fields(certificate),
    }
    if not context.arguments.flag("CertFilter"):
        fields["Cert"] = certificate.certificate_pem
        fields["Key"] = certificate.key_pem
    return fields


@CAS.action("GetCertificateDetail", integer("CertificateId"), required=("CertificateId",))
def get_certificate_detail(context: Context) -> Fields:
    """One certificate, new style: never with PEM or key. UsingProductList names ALB while a listener uses it."""
    certificate = _certificate(context, "CertificateId")
    return {
        **_certificate_fields(context, certificate, used=_used(context)),
        "CertificateId": certificate.certificate_id,
        "Serial": certificate.facts.serial,
        "CertificateChainList": [
            {
                "Subject": link.common_name,
                "Issuer": link.issuer_common_name,
                "NotBefore": link.not_before_ms,
                "NotAfter": link.not_after_ms,
                "RemainDay": _remaining_days(context, link),
            }
            for link in certificate.facts.chain
        ],
        "Tags": _tag_fields(certificate),
    }


@CAS.action(
    "ListUserCertificateOrder",
    text("OrderType", "CPACK", "BUY", "UPLOAD", "CERT"),
    text("Status", "PAYED", "CHECKING", "CHECKED_FAIL", "ISSUED", "WILLEXPIRED", "EXPIRED", "NOTACTIVATED", "REVOKED"),
    text("Keyword"),
    text("ResourceGroupId"),
    integer("CurrentPage", 1),
    integer("ShowSize", 1),
)
def list_user_certificate_order(context: Context) -> Fields:
    """
    Orders or certificates.

    Without OrderType it lists package orders: none. Without Status it leaves expired certificates out.
    """
    arguments = context.arguments
    found: list[UploadedCertificate] = []
    if arguments.text("OrderType", "CPACK") in ("UPLOAD", "CERT"):
        wanted = {"": ("issued", "willExpire"), "ISSUED": ("issued",), "WILLEXPIRED": ("willExpire",)}
        statuses = wanted.get(arguments.text("Status"), ("expired",) if arguments.text("Status") == "EXPIRED" else ())
        found = _found(context, statuses, with_name=False)
    rows, page = cut_page(context, found, size=min(arguments.integer("ShowSize", 50), 50))
    return {"CertificateOrderList": [_order_fields(context, each) for each in rows], **page}


@CAS.action(
    "ListCertificates",
    text("CertificateSource", "BUY", "TEST", "UPLOAD"),
    text("CertificateStatus", "issued", "revoked", "willExpire", "expired"),
    text("InstanceId"),
    text("Keyword"),
    text("ResourceGroupId"),
    integer("CurrentPage", 1),
    integer("ShowSize", 1, 100),
)
def list_certificates(context: Context) -> Fields:
    """Certificates, new style: no SHA-256, no serial, CertificateId as text."""
    arguments = context.arguments
    status = arguments.text("CertificateStatus")
    statuses: tuple[str, ...] = (status,) if status else ("issued", "willExpire")
    if not status and context.settings.list_certificates_shows_expired:
        statuses = ("issued", "willExpire", "expired")
    found: list[UploadedCertificate] = []
    if arguments.text("CertificateSource", "UPLOAD") == "UPLOAD":
        instance = arguments.text("InstanceId")
        found = [each for each in _found(context, statuses, with_name=True) if instance in ("", each.instance_id)]
    rows, page = cut_page(context, found, size=arguments.integer("ShowSize", 10))
    used = _used(context)
    return {"CertificateList": [_certificate_fields(context, each, used=used) for each in rows], **page}


@CAS.action("DeleteUserCertificate", integer("CertId"), text("ClientToken"), required=("CertId",))
def delete_user_certificate(context: Context) -> Fields:
    """Removes an uploaded certificate; refused while a listener uses it, unless switched otherwise."""
    certificate = _certificate(context)
    users = context.world.users_of(certificate.identifier(context.settings.site))
    if users and not context.settings.delete_bound_certificates:
        raise invented(
            "bound-certificate",
            f"The certificate is in use by {', '.join(users)} (emulator: delete_bound_certificates).",
        )
    del context.world.certificates[certificate.certificate_id]
    return {}


# --- tags --------------------------------------------------------------------------------------------------------

_TAGGED = (text("RegionId", *SITES), text("ResourceType", "instance"), text("ResourceId.N", items=50))
_ALWAYS = ("RegionId", "ResourceType")


@CAS.action(
    "TagResources", *_TAGGED, text("Tag.N.Key", items=20), text("Tag.N.Value"), required=(*_ALWAYS, "ResourceId")
)
def tag_resources(context: Context) -> Fields:
    """Sets tags of uploaded certificates, which it knows by their instance id."""
    tags = read_tags(context.arguments, "Tag")
    for each in _tag_targets(context):
        each.tags.update(tags)
    return {}


@CAS.action("UntagResources", *_TAGGED, text("TagKey.N", items=20), flag("All"), required=(*_ALWAYS, "ResourceId"))
def untag_resources(context: Context) -> Fields:
    """Removes the tags named by TagKey; without it and with All, every tag."""
    keys = context.arguments.texts("TagKey")
    for each in _tag_targets(context):
        for key in keys or (tuple(each.tags) if context.arguments.flag("All") else ()):
            each.tags.pop(key, None)
    return {}


@CAS.action("ListTagResources", *_TAGGED, text("Tag.N.Key", items=20), text("Tag.N.Value"), *PAGING, required=_ALWAYS)
def list_tag_resources(context: Context) -> Fields:
    """Tags of uploaded certificates, by instance id or tag."""
    wanted = read_tags(context.arguments, "Tag")
    ids = context.arguments.texts("ResourceId")
    if not ids and not wanted:
        raise missing("ResourceId")
    targets = _tag_targets(context) if ids else certificates_here(context)
    rows = [
        {"ResourceId": each.instance_id, "ResourceType": "instance", "TagKey": key, "TagValue": value}
        for each in targets
        if all(key in each.tags and value in ("", each.tags[key]) for key, value in wanted.items())
        for key, value in each.tags.items()
        if not wanted or key in wanted
    ]
    found, page = context.page(rows)
    del page["TotalCount"]
    return {"TagResources": {"TagResource": found}, **page}


def _tag_targets(context: Context) -> list[UploadedCertificate]:
    by_id = {each.instance_id: each for each in certificates_here(context)}
    if context.settings.tag_by_certificate_id:
        by_id |= {str(each.certificate_id): each for each in certificates_here(context)}
    ids = context.arguments.texts("ResourceId")
    if not set(ids) <= set(by_id):
        raise refusal("NotFound")
    return [by_id[each] for each in ids]


def _tag_fields(certificate: UploadedCertificate) -> list[Fields]:
    return [{"TagKey": name, "TagValue": value} for name, value in certificate.tags.items()]


# --- parts -------------------------------------------------------------------------------------------------------


def certificates_here(context: Context) -> list[UploadedCertificate]:
    """Those of the site that was asked, oldest first."""
    site, default = context.site, context.settings.site
    return [each for each in context.world.certificates.values() if (each.site or default) == site]


def _certificate(context: Context, name: str = "CertId") -> UploadedCertificate:
    certificate = context.world.certificates.get(context.arguments.integer(name, 0))
    if certificate is None or (certificate.site or context.settings.site) != context.site:
        raise refusal("NotFound")
    return certificate


def _used(context: Context) -> set[str]:
    """CertIdentifiers that listeners use, or are about to use."""
    used: set[str] = set()
    for listener in context.world.listeners.values():
        used.update(listener.additional)
        for config in listener.configs():
            used.update(config.certificate_ids)
    return used


def _status(context: Context, certificate: UploadedCertificate) -> str:
    left = certificate.facts.not_after_ms - context.clock.milliseconds()
    if left <= 0:
        return "expired"
    return "willExpire" if left <= _ABOUT_TO_EXPIRE_MS else "issued"


def _found(context: Context, statuses: tuple[str, ...], *, with_name: bool) -> list[UploadedCertificate]:
    """Newest first. The keyword is looked for anywhere in domain names, ids and, if so wished, the name."""
    keyword = context.arguments.text("Keyword").lower()
    resource_group = context.arguments.text("ResourceGroupId")
    found = []
    for each in reversed(certificates_here(context)):
        places = [each.facts.common_name, *each.facts.names, str(each.certificate_id), each.instance_id]
        if with_name:
            places.append(each.name)
        if (
            _status(context, each) in statuses
            and resource_group in ("", each.resource_group_id)
            and any(keyword in place.lower() for place in places)
        ):
            found.append(each)
    return found


def cut_page(context: Context, found: list[_RowT], *, size: int) -> tuple[list[_RowT], Fields]:
    """The page that CurrentPage asks for, and the fields that tell of it."""
    number = context.arguments.integer("CurrentPage", 1)
    begin = (number - 1) * size
    return found[begin : begin + size], {"CurrentPage": number, "ShowSize": size, "TotalCount": len(found)}


def _subject_fields(certificate: UploadedCertificate) -> Fields:
    facts = certificate.facts
    given = {
        "OrgName": facts.organization,
        "Country": facts.country,
        "Province": facts.province,
        "City": facts.city,
    }
    return {name: value for name, value in given.items() if value}


def _order_fields(context: Context, certificate: UploadedCertificate) -> Fields:
    facts = certificate.facts
    return {
        "CertificateId": certificate.certificate_id,
        "InstanceId": certificate.instance_id,
        "Name": certificate.name,
        "CommonName": facts.common_name,
        "Sans": ",".join(facts.names),
        "Fingerprint": facts.sha1,
        "Sha2": facts.sha256,
        "SerialNo": facts.serial,
        "Issuer": facts.issuer,
        "StartDate": facts.start_date,
        "EndDate": facts.end_date,
        "Expired": _status(context, certificate) == "expired",
        "Upload": True,
        "ResourceGroupId": certificate.resource_group_id,
        **_subject_fields(certificate),
    }


def _certificate_fields(context: Context, certificate: UploadedCertificate, *, used: Collection[str]) -> Fields:
    facts = certificate.facts
    identifier = certificate.identifier(context.settings.site)
    names = {"SubjectAlternativeNames": list(facts.names)} if context.settings.show_subject_alternative_names else {}
    return {
        **names,
        "CertificateId": str(certificate.certificate_id),
        "CertIdentifier": identifier,
        "InstanceId": certificate.instance_id,
        "CertificateName": certificate.name,
        "CertificateSource": "UPLOAD",
        "CertificateStatus": _status(context, certificate),
        "CommonName": facts.common_name,
        "Domain": ",".join(facts.names),
        "FingerPrint": facts.public_key_sha1,
        "Issuer": facts.issuer,
        "Algorithm": facts.algorithm,
        "KeySize": facts.key_size,
        "NotBefore": facts.not_before_ms,
        "NotAfter": facts.not_after_ms,
        "ExistPrivateKey": True,
        "UsingProductList": ["ALB"] if identifier in used else [],
    }


def _chain_fields(context: Context, link: ChainLink) -> Fields:
    return {
        "CommonName": link.common_name,
        "IssuerCommonName": link.issuer_common_name,
        "NotBefore": link.not_before_ms,
        "NotAfter": link.not_after_ms,
        "RemainDay": _remaining_days(context, link),
    }


def _remaining_days(context: Context, link: ChainLink) -> int:
    return max(0, (link.not_after_ms - context.clock.milliseconds()) // _DAY_MS)
