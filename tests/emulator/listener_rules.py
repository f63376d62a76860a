# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listener may look like: from the parameters of a call to a checked configuration."""

from __future__ import annotations

import dataclasses
import re

from .actions import Context
from .errors import refusal
from .invented import invented
from .parameters import Arguments, Parameter, flag, integer, text
from .policies import SWITCHED_POLICY, SYSTEM_POLICIES, SecurityPolicy
from .settings import Settings
from .world import Listener, ListenerConfig, LoadBalancer, Protocol, UploadedCertificate

_ALL = ("HTTP", "HTTPS", "QUIC")
_WEB = ("HTTP", "HTTPS")
_HTTPS = ("HTTPS",)
X_FORWARDED_FOR: dict[str, tuple[tuple[str, ...], bool | str]] = {
    "XForwardedForEnabled": (_WEB, True),
    "XForwardedForProcessingMode": (_WEB, "append"),
    "XForwardedForProtoEnabled": (_ALL, False),
    "XForwardedForHostEnabled": (_ALL, False),
    "XForwardedForSLBIdEnabled": (_ALL, False),
    "XForwardedForSLBPortEnabled": (_ALL, False),
    "XForwardedForClientSrcPortEnabled": (_WEB, False),
    "XForwardedForClientSourceIpsEnabled": (_WEB, False),
    "XForwardedForClientSourceIpsTrusted": (_WEB, ""),
    "XForwardedForClientCertSubjectDNEnabled": (_HTTPS, False),
    "XForwardedForClientCertSubjectDNAlias": (_HTTPS, ""),
    "XForwardedForClientCertIssuerDNEnabled": (_HTTPS, False),
    "XForwardedForClientCertIssuerDNAlias": (_HTTPS, ""),
    "XForwardedForClientCertFingerprintEnabled": (_HTTPS, False),
    "XForwardedForClientCertFingerprintAlias": (_HTTPS, ""),
    "XForwardedForClientCertClientVerifyEnabled": (_HTTPS, False),
    "XForwardedForClientCertClientVerifyAlias": (_HTTPS, ""),
}
"""Field -> protocols that have it, value when not given."""


def _x_forwarded_for_parameter(name: str) -> Parameter:
    if name.endswith("Enabled"):
        return flag(f"XForwardedForConfig.{name}")
    if name.endswith("Mode"):
        return text(f"XForwardedForConfig.{name}", "append", "remove")
    return text(f"XForwardedForConfig.{name}")


CONFIG_PARAMETERS: tuple[Parameter, ...] = (
    text("ListenerDescription"),
    integer("IdleTimeout", 1, 600),
    integer("RequestTimeout", 1, 600),
    flag("GzipEnabled"),
    flag("Http2Enabled"),
    text("SecurityPolicyId"),
    text("Certificates.N.CertificateId"),
    flag("CaEnabled"),
    text("CaCertificates.N.CertificateId"),
    text("DefaultActions.N.Type"),
    text("DefaultActions.N.ForwardGroupConfig.ServerGroupTuples.N.ServerGroupId"),
    flag("QuicConfig.QuicUpgradeEnabled"),
    text("QuicConfig.QuicListenerId"),
    *(_x_forwarded_for_parameter(name) for name in X_FORWARDED_FOR),
)

_DESCRIPTION = re.compile(r"([^\x00-\xff]|[\w.,;/@-]){2,256}", re.ASCII)
_ALIAS = re.compile(r"[a-z0-9_-]{1,40}")
_GROUP_PROTOCOLS: dict[Protocol, tuple[str, ...]] = {
    "HTTP": ("HTTP",),
    "HTTPS": ("HTTP", "HTTPS", "GRPC"),
    "QUIC": ("HTTP", "GRPC"),
}


def checked_config(
    context: Context,
    load_balancer: LoadBalancer,
    protocol: Protocol,
    listener: Listener | None = None,
) -> ListenerConfig:
    """
    The configuration that this call asks for.

    :param listener: the one that is updated; what the call does not name stays as it is. None: a new one
    :raises ApiRefusal: any rule broken
    """
    arguments = context.arguments
    old = listener.config if listener is not None else ListenerConfig(http2_enabled=protocol == "HTTPS")
    _check_protocol(arguments, protocol)
    config = dataclasses.replace(
        old,
        description=_description(arguments, old.description),
        idle_timeout=arguments.integer("IdleTimeout", old.idle_timeout),
        request_timeout=arguments.integer("RequestTimeout", old.request_timeout),
        gzip_enabled=arguments.flag("GzipEnabled", old.gzip_enabled),
        http2_enabled=arguments.flag("Http2Enabled", old.http2_enabled),
        security_policy_id=arguments.text("SecurityPolicyId", old.security_policy_id),
        certificate_ids=_certificate_ids(context, old.certificate_ids),
        ca_enabled=arguments.flag("CaEnabled", old.ca_enabled),
        ca_certificate_ids=_column(arguments, "CaCertificates", "CertificateId") or old.ca_certificate_ids,
        server_group_ids=_server_group_ids(arguments) or old.server_group_ids,
        x_forwarded_for=_x_forwarded_for(context, protocol, old),
    )
    if "QuicConfig" in arguments:
        quic = arguments.group("QuicConfig")
        upgrade = quic.flag("QuicUpgradeEnabled", old.quic_upgrade_enabled)
        config = dataclasses.replace(
            config,
            quic_upgrade_enabled=upgrade,
            quic_listener_id=quic.text("QuicListenerId", old.quic_listener_id) if upgrade else "",
        )
    _check_server_groups(context, load_balancer, protocol, config)
    _check_certificates(context, protocol, config, listener)
    _check_ca(context, load_balancer, config, old if listener is not None else None)
    if protocol == "HTTPS" and (listener is None or config.security_policy_id != old.security_policy_id):
        _check_policy(context, load_balancer, config.security_policy_id)
    _check_quic(context, load_balancer, config, listener)
    return config


def system_policies(settings: Settings) -> dict[str, SecurityPolicy]:
    """Those that there are, by this switch."""
    return {
        name: each for name, each in SYSTEM_POLICIES.items() if name != SWITCHED_POLICY or settings.policy_1_0_to_1_3
    }


def check_validity(context: Context, certificate: UploadedCertificate, identifier: str) -> None:
    """Refuse to attach a certificate that is not valid now, if so switched."""
    facts = certificate.facts
    if context.settings.attach_expired_certificates:
        return
    if not facts.not_before_ms <= context.clock.milliseconds() < facts.not_after_ms:
        raise invented("expired-on-attach", f"{identifier} is not valid now (emulator: attach_expired_certificates).")


def read_tags(arguments: Arguments, name: str) -> dict[str, str]:
    """
    Tags given as `<name>.N.Key` and `.Value`.

    :raises ApiRefusal: a tag that breaks the rules for tags
    """
    tags: dict[str, str] = {}
    for item in arguments.items(name):
        key, value = item.text("Key"), item.text("Value")
        if not key or max(len(key), len(value)) > 128:
            raise invented("tag", "A tag needs a key; key and value have at most 128 characters.")
        if key.startswith(("aliyun", "acs:")) or any(mark in key + value for mark in ("http://", "https://")):
            raise invented("tag", f"The tag {key} is not allowed.")
        tags[key] = value
    return tags


def normal_certificate_id(certificate_id: str, site: str) -> str:
    """The bare number is taken, too, and comes back with the suffix of the site."""
    return f"{certificate_id}-{site}" if certificate_id.isascii() and certificate_id.isdecimal() else certificate_id


def _column(arguments: Arguments, name: str, field: str) -> tuple[str, ...]:
    return tuple(item.text(field) for item in arguments.items(name) if item.text(field))


def _check_protocol(arguments: Arguments, protocol: Protocol) -> None:
    """Refuse what this protocol does not have. To switch off what it does not have is no harm."""
    if protocol == "HTTP" and _column(arguments, "Certificates", "CertificateId"):
        raise invented("certificate-on-http", "An HTTP listener takes no certificates.")
    if protocol != "HTTPS":
        sent = {
            "CaEnabled": arguments.flag("CaEnabled"),
            "CaCertificates": bool(_column(arguments, "CaCertificates", "CertificateId")),
            "SecurityPolicyId": bool(arguments.text("SecurityPolicyId")),
            "Http2Enabled": arguments.flag("Http2Enabled"),
            "QuicConfig": arguments.group("QuicConfig").flag("QuicUpgradeEnabled"),
        }
        for name, is_sent in sent.items():
            if is_sent:
                raise invented("https-only", f"{name} is for HTTPS listeners, not for {protocol}.")
    for name, value in arguments.group("XForwardedForConfig").scalars().items():
        if value and protocol not in X_FORWARDED_FOR[name][0]:
            raise invented("x-forwarded-for-protocol", f"{name} is not for {protocol} listeners.")
        if value and name.endswith("Alias") and not (isinstance(value, str) and _ALIAS.fullmatch(value)):
            raise invented("x-forwarded-for-alias", f"{name} must have 1 to 40 characters, a-z 0-9 - _")


def _description(arguments: Arguments, old: str) -> str:
    sent = arguments.raw_text("ListenerDescription")
    if sent is None:
        return old
    if not _DESCRIPTION.fullmatch(sent):
        raise invented("description", "ListenerDescription must have 2 to 256 characters, of certain kinds.")
    return sent


def _certificate_ids(context: Context, old: tuple[str, ...]) -> tuple[str, ...]:
    sent = _column(context.arguments, "Certificates", "CertificateId")
    return tuple(normal_certificate_id(each, context.settings.site) for each in sent) or old


def _server_group_ids(arguments: Arguments) -> tuple[str, ...]:
    if "DefaultActions" not in arguments:
        return ()
    actions = arguments.items("DefaultActions")
    if len(actions) != 1 or actions[0].text("Type") != "ForwardGroup":
        raise invented("default-action", "DefaultActions must have one item, of type ForwardGroup.")
    groups = _column(actions[0].group("ForwardGroupConfig"), "ServerGroupTuples", "ServerGroupId")
    if not 1 <= len(groups) <= 20:
        raise invented("default-action", "A forward action must name 1 to 20 server groups.")
    return groups


def _x_forwarded_for(context: Context, protocol: Protocol, old: ListenerConfig) -> tuple[tuple[str, bool | str], ...]:
    sent = context.arguments.group("XForwardedForConfig").scalars()
    if old.x_forwarded_for and not sent:
        return old.x_forwarded_for
    values = {name: default for name, (protocols, default) in X_FORWARDED_FOR.items() if protocol in protocols}
    if context.settings.keep_unsent_x_forwarded_for:
        values.update(old.x_forwarded_for)
    for name, value in sent.items():
        if name in values and isinstance(value, (bool, str)):
            values[name] = value
    return tuple(values.items())


def _check_server_groups(
    context: Context, load_balancer: LoadBalancer, protocol: Protocol, config: ListenerConfig
) -> None:
    for group_id in config.server_group_ids:
        group = context.world.server_groups.get(group_id)
        if group is None:
            raise refusal("ResourceNotFound.ServerGroup", group_id)
        if group.vpc_id is not None and group.vpc_id != load_balancer.vpc_id:
            raise refusal("Mismatch.VpcId", "VpcId", group_id, load_balancer.load_balancer_id)
        if group.protocol not in _GROUP_PROTOCOLS[protocol]:
            raise refusal("OperationDenied.ServerGroupProtocolNotSupport")
        if group.protocol == "GRPC" and protocol == "HTTPS" and not config.http2_enabled:
            raise refusal("OperationDenied.GRPCServerGroup", "GRPCServerGroup")
        if load_balancer.edition == "Basic" and group.options.get("ConnectionDrainConfig", {}).get(
            "ConnectionDrainEnabled"
        ):
            raise refusal("Mismatch.LoadBalancerEditionAndConnectionDrain", load_balancer.edition, "ConnectionDrain")
        if load_balancer.edition == "Basic" and group.options.get("SlowStartConfig", {}).get("SlowStartEnabled"):
            raise refusal("Mismatch.LoadBalancerEditionAndSlowStartEnable", load_balancer.edition, "SlowStartEnabled")


def _check_policy(context: Context, load_balancer: LoadBalancer, policy_id: str) -> None:
    """For a listener that gets the policy anew."""
    if policy_id in system_policies(context.settings):
        return
    if policy_id not in context.world.security_policies:
        raise refusal("ResourceNotFound.SecurityPolicy", policy_id)
    if load_balancer.edition == "Basic":
        raise invented("policy-on-basic", "A Basic load balancer has no custom TLS policies.")
    used, quota = len(context.world.listeners_with_policy(policy_id)), context.settings.quota_listeners_per_policy
    if used >= quota:
        raise refusal(
            "ResourceQuotaExceeded.SecurityPolicyAttachedNum",
            "alb_quota_securitypolicy_attached_num",
            policy_id,
            used,
            quota,
        )


def _check_certificates(
    context: Context, protocol: Protocol, config: ListenerConfig, listener: Listener | None
) -> None:
    if protocol == "HTTP":
        return
    if not config.certificate_ids:
        raise invented("https-needs-certificate", f"A listener of protocol {protocol} needs a certificate.")
    algorithms: list[str] = []
    for certificate_id in config.certificate_ids:
        certificate = context.certificate(certificate_id)
        if certificate is not None:
            algorithms.append(certificate.facts.algorithm)
            if "Certificates" in context.arguments:
                check_validity(context, certificate, certificate_id)
        elif "Certificates" in context.arguments:
            raise refusal("ResourceNotFound.Certificate", certificate_id)
        if (
            listener is not None
            and certificate_id in listener.additional
            and not context.settings.default_from_additional
        ):
            raise refusal("ResourceAlreadyAssociated.Certificate", certificate_id)
    allowed = 1 if listener is None and not context.settings.two_defaults_on_create else 2
    if len(config.certificate_ids) > allowed:
        raise invented(
            "too-many-defaults",
            f"Only {allowed} default certificate(s) can be given (emulator: two_defaults_on_create).",
        )
    if len(set(algorithms)) != len(algorithms):
        raise invented("two-defaults-same-algorithm", "Of two default certificates one must be RSA and one ECC.")


def _check_ca(
    context: Context, load_balancer: LoadBalancer, config: ListenerConfig, old: ListenerConfig | None
) -> None:
    if config.ca_enabled and load_balancer.edition == "Basic":
        raise invented("ca-on-basic", "A Basic load balancer has no mutual authentication.")
    if (config.ca_enabled and not config.ca_certificate_ids) or len(config.ca_certificate_ids) > 1:
        raise invented("ca-count", "CaEnabled needs exactly one CA certificate.")
    if (
        old is not None
        and old.ca_enabled
        and config.ca_enabled
        and config.ca_certificate_ids != old.ca_certificate_ids
        and not context.settings.change_ca_while_enabled
    ):
        raise invented("ca-change", "The CA cannot change while CaEnabled is true (emulator: change_ca_while_enabled).")
    if old is not None and not config.ca_enabled and config.ca_certificate_ids == old.ca_certificate_ids:
        # What is left of mutual authentication that was switched off; it may be deleted by now.
        return
    for identifier in config.ca_certificate_ids:
        if context.authority(identifier) is None:
            raise refusal("ResourceNotFound.Certificate", identifier)


def _check_quic(
    context: Context, load_balancer: LoadBalancer, config: ListenerConfig, listener: Listener | None
) -> None:
    if not config.quic_upgrade_enabled:
        return
    if not config.quic_listener_id:
        raise invented("quic-listener", "QuicUpgradeEnabled needs a QuicListenerId.")
    target = context.world.listeners.get(config.quic_listener_id)
    if target is None:
        raise refusal("ResourceNotFound.Listener", config.quic_listener_id)
    if target.load_balancer_id != load_balancer.load_balancer_id:
        raise refusal("OperationDenied.CrossLoadBalancerQUICListener", "CrossLoadBalancerQUICListener")
    if target.protocol != "QUIC":
        raise invented("quic-listener", f"{target.listener_id} is not a QUIC listener.")
    for other in context.world.listeners.values():
        if other is not listener and any(each.quic_listener_id == target.listener_id for each in other.configs()):
            raise refusal("ResourceAlreadyAssociated.Listener", target.listener_id)
