# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates of listeners: the list, and additional ones."""

from __future__ import annotations

from ..actions import PAGING, WRITING, Context, Fields
from ..errors import missing, refusal
from ..invented import invented
from ..listener_rules import check_validity, normal_certificate_id
from ..parameters import text
from ..world import Listener, LoadBalancer
from .common import ALB, changeable_listener, find_listener, start, usable_load_balancer


@ALB.action(
    "ListListenerCertificates",
    text("ListenerId"),
    text("CertificateType", "Ca", "Server"),
    text("CertificateIds.N", items=20),
    *PAGING,
    required=("ListenerId",),
)
def list_listener_certificates(context: Context) -> Fields:
    """Default, additional and CA certificates of an HTTPS or QUIC listener; refused for HTTP."""
    listener = find_listener(context)
    _refuse_http(listener)
    kind = context.arguments.text("CertificateType")
    with_ca = kind == "Ca" or (not kind and context.settings.unfiltered_certificates_include_ca)
    rows: list[Fields] = []
    if kind != "Ca":
        rows += [_row(each, "Server") for each in listener.config.certificate_ids]
        rows += [_row(each, "Server", status) for each, status in listener.additional.items()]
    if with_ca and listener.config.ca_enabled:
        rows += [_row(each, "Ca") for each in listener.config.ca_certificate_ids]
    ids = context.arguments.texts("CertificateIds")
    site = context.settings.site
    wanted = {normal_certificate_id(each, site) for each in ids}
    found, page = context.page([row for row in rows if not ids or row["CertificateId"] in wanted])
    return {"Certificates": found, **page}


@ALB.action(
    "AssociateAdditionalCertificatesWithListener",
    text("ListenerId"),
    text("Certificates.N.CertificateId", items=15),
    *WRITING,
    required=("ListenerId", "Certificates"),
)
def associate_additional_certificates_with_listener(context: Context) -> Fields:
    """Adds up to 15 certificates for SNI through a job; each is Associating meanwhile. All or none."""
    listener, load_balancer, sent = _writable(context)
    ids = [normal_certificate_id(each, context.settings.site) for each in sent]
    defaults = listener.config.certificate_ids
    if not any(context.certificate(each) for each in defaults):
        raise refusal("OperationFailed.DefaultCertificateNotFound", "DefaultCertificateNotFound")
    for each in ids:
        certificate = context.certificate(each)
        if certificate is None:
            raise refusal("ResourceNotFound.Certificate", each)
        if each in defaults:
            raise refusal("OperationDenied.DefaultCertificateUsed", "DefaultCertificateUsed")
        if each in listener.additional:
            raise refusal("ResourceAlreadyAssociated.Certificate", each)
        check_validity(context, certificate, each)
    _check_quota(context, load_balancer, len(ids))
    context.passed()
    listener.additional.update(dict.fromkeys(ids, "Associating"))
    return {"JobId": start(context, listener).job_id}


@ALB.action(
    "DissociateAdditionalCertificatesFromListener",
    text("ListenerId"),
    text("Certificates.N.CertificateId", items=15),
    *WRITING,
    required=("ListenerId", "Certificates"),
)
def dissociate_additional_certificates_from_listener(context: Context) -> Fields:
    """Takes up to 15 additional certificates away through a job. Ids must have their suffix. All or none."""
    listener, _load_balancer, ids = _writable(context)
    for each in ids:
        if each in listener.config.certificate_ids:
            raise refusal("OperationDenied.DefaultCertificateUsed", "DefaultCertificateUsed")
        if each not in listener.additional:
            raise refusal("ResourceNotAssociated.Certificate", each)
    context.passed()
    listener.additional.update(dict.fromkeys(ids, "Dissociating"))
    return {"JobId": start(context, listener).job_id}


def _writable(context: Context) -> tuple[Listener, LoadBalancer, list[str]]:
    """The listener, its load balancer, and the ids that were sent."""
    _refuse_http(find_listener(context))
    listener = changeable_listener(context)
    load_balancer = usable_load_balancer(context, listener.load_balancer_id)
    items = context.arguments.items("Certificates")
    ids = [item.text("CertificateId") for item in items if item.text("CertificateId")]
    if not ids:
        raise missing("Certificates")
    if len({normal_certificate_id(each, context.settings.site) for each in ids}) != len(ids):
        raise invented("certificate-twice", "The same certificate is given twice.")
    return listener, load_balancer, ids


def _refuse_http(listener: Listener) -> None:
    if listener.protocol == "HTTP":
        raise refusal("OperationDenied.HttpListenerNotSupport", "HttpListenerNotSupport")


def _check_quota(context: Context, load_balancer: LoadBalancer, more: int) -> None:
    """A certificate on two listeners counts twice; default ones do not count."""
    basic = load_balancer.edition == "Basic"
    quota = context.settings.quota_certificates_basic if basic else context.settings.quota_certificates_standard
    used = sum(len(each.additional) for each in context.world.listeners_of(load_balancer.load_balancer_id))
    if used + more > quota:
        raise refusal(
            "ResourceQuotaExceeded.LoadBalancerCertificatesNum",
            f"alb_quota_loadbalancer_certificates_num_{'basic' if basic else 'standard'}_edition",
            load_balancer.load_balancer_id,
            used,
            quota,
        )


def _row(certificate_id: str, kind: str, status: str | None = None) -> Fields:
    """:param status: of an additional certificate"""
    return {
        "CertificateId": certificate_id,
        "CertificateType": kind,
        "IsDefault": status is None,
        "Status": status or "Associated",
    }
