# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The error tables of the documentation: gateway (all products) and ALB 2020-06-16, by action and HTTP status."""

from __future__ import annotations

GATEWAY: dict[int, tuple[str, ...]] = {
    400: (
        "Missing<Param>",
        "Invalid<Param>",
        "InvalidParameter.Format",
        "InvalidAccessKeyId.Inactive",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "InvalidTimeStamp.Format",
        "InvalidTimeStamp.Expired",
        "SignatureNonceUsed",
        "InvalidSignatureMethod",
        "UnsupportedHTTPMethod",
        "Throttling",
        "Throttling.User",
        "Throttling.Api",
    ),
    403: ("Forbidden.RAM", "NoPermission"),
    404: ("InvalidApi.NotFound", "InvalidAction.NotFound", "InvalidAccessKeyId.NotFound"),
    500: ("InternalError",),
    503: ("ServiceUnavailable",),
}

_LISTENER_STATUS = (
    "IncorrectStatus.LoadBalancer",
    "IncorrectBusinessStatus.LoadBalancer",
    "IncorrectStatus.Listener",
    "ResourceInConfiguring.Listener",
)
_FORWARDING = (
    "ResourceQuotaExceeded.SecurityPolicyAttachedNum",
    "ResourceQuotaExceeded.ServerGroupAttachedNum",
    "ResourceQuotaExceeded.LoadBalancerServersNum",
    "ResourceQuotaExceeded.ServerAddedNum",
    "OperationDenied.CrossLoadBalancerQUICListener",
    "ResourceAlreadyAssociated.Listener",
    "OperationDenied.ServerGroupProtocolNotSupport",
    "OperationDenied.GRPCServerGroup",
    "Mismatch.VpcId",
    "InvalidParameter",
    "DryRunOperation",
)
_TAGGED: dict[int, tuple[str, ...]] = {
    404: (
        "ResourceNotFound.Acl",
        "ResourceNotFound.LoadBalancer",
        "ResourceNotFound.SecurityPolicy",
        "ResourceNotFound.ServerGroup",
    )
}

ALB: dict[str, dict[int, tuple[str, ...]]] = {
    "CreateListener": {
        400: (
            "ResourceAlreadyExist.Listener",
            "IncorrectStatus.LoadBalancer",
            "IncorrectBusinessStatus.LoadBalancer",
            "ResourceQuotaExceeded.LoadBalancerListenersNum",
            *_FORWARDING,
            "Mismatch.LoadBalancerEditionAndConnectionDrain",
            "Mismatch.LoadBalancerEditionAndSlowStartEnable",
        ),
        403: ("Forbidden.SecurityPolicy", "Forbidden.LoadBalancer", "Forbidden.Listener"),
        404: (
            "ResourceNotFound.LoadBalancer",
            "ResourceNotFound.ServerGroup",
            "ResourceNotFound.SecurityPolicy",
            "ResourceNotFound.Listener",
            "ResourceNotFound.Certificate",
        ),
    },
    "UpdateListenerAttribute": {
        400: (
            *_LISTENER_STATUS,
            *_FORWARDING,
            "ResourceAlreadyAssociated.Certificate",
            "UnsupportedFeature.FullTraceHttps",
        ),
        403: ("Forbidden.LoadBalancer",),
        404: (
            "ResourceNotFound.Listener",
            "ResourceNotFound.ServerGroup",
            "ResourceNotFound.SecurityPolicy",
            "ResourceNotFound.Certificate",
        ),
    },
    "GetListenerAttribute": {403: ("Forbidden.LoadBalancer",), 404: ("ResourceNotFound.Listener",)},
    "ListListeners": {403: ("Forbidden.LoadBalancer",)},
    "DeleteListener": {
        400: (
            "IncorrectStatus.Listener",
            "ResourceInUse.Listener",
            "ResourceInConfiguring.Listener",
            "IncorrectStatus.LoadBalancer",
            "DryRunOperation",
        ),
        403: ("Forbidden.LoadBalancer",),
        404: ("ResourceNotFound.Listener", "ResourceNotFound.LoadBalancer"),
    },
    "StartListener": {400: (*_LISTENER_STATUS, "DryRunOperation"), 404: ("ResourceNotFound.Listener",)},
    "StopListener": {400: (*_LISTENER_STATUS, "DryRunOperation"), 404: ("ResourceNotFound.Listener",)},
    "UpdateListenerLogConfig": {
        400: (*_LISTENER_STATUS, "OperationDenied.AccessLogDisabled", "DryRunOperation"),
        404: ("ResourceNotFound.Listener",),
    },
    "ListListenerCertificates": {
        400: ("OperationDenied.HttpListenerNotSupport",),
        404: ("ResourceNotFound.Listener",),
    },
    "AssociateAdditionalCertificatesWithListener": {
        400: (
            "IncorrectStatus.Listener",
            "ResourceInConfiguring.Listener",
            "OperationDenied.DefaultCertificateUsed",
            "OperationFailed.DefaultCertificateNotFound",
            "ResourceAlreadyAssociated.Certificate",
            "ResourceQuotaExceeded.LoadBalancerCertificatesNum",
            "OperationDenied.HttpListenerNotSupport",
            "InvalidParameter",
            "DryRunOperation",
        ),
        403: ("Forbidden.LoadBalancer",),
        404: ("ResourceNotFound.Certificate", "ResourceNotFound.Listener"),
    },
    "DissociateAdditionalCertificatesFromListener": {
        400: (
            "IncorrectStatus.Listener",
            "ResourceInConfiguring.Listener",
            "OperationDenied.HttpListenerNotSupport",
            "OperationDenied.DefaultCertificateUsed",
            "ResourceNotAssociated.Certificate",
            "DryRunOperation",
        ),
        404: ("ResourceNotFound.Listener",),
    },
    "CreateSecurityPolicy": {400: ("QuotaExceeded.SecurityPoliciesNum", "DryRunOperation")},
    "UpdateSecurityPolicyAttribute": {
        400: ("IncorrectStatus.SecurityPolicy", "DryRunOperation"),
        404: ("ResourceNotFound.SecurityPolicy",),
    },
    "DeleteSecurityPolicy": {
        400: ("IncorrectStatus.SecurityPolicy", "ResourceInUse.SecurityPolicy", "DryRunOperation"),
        403: ("Forbidden.SecurityPolicy",),
        404: ("ResourceNotFound.SecurityPolicy",),
    },
    "ListSecurityPolicies": {403: ("Forbidden.SecurityPolicy",)},
    "ListSystemSecurityPolicies": {},
    "ListSecurityPolicyRelations": {404: ("ResourceNotFound.SecurityPolicy",)},
    "GetLoadBalancerAttribute": {400: ("Forbidden.LoadBalancer",), 404: ("ResourceNotFound.LoadBalancer",)},
    "ListLoadBalancers": {},
    "ListServerGroups": {},
    "ListServerGroupServers": {403: ("Forbidden.ServerGroup",)},
    "CreateServerGroup": {
        400: (
            "QuotaExceeded.ServerGroupsNum",
            "QuotaExceeded.SlowStartDuration",
            "QuotaExceeded.ConnectionDrainTimeout",
            "Mismatch.LoadBalancerEditionAndSlowStartEnable",
            "Mismatch.LoadBalancerEditionAndConnectionDrain",
            "Mismatch.ServerGroupSchedulerAndSlowStartEnable",
            "UnsupportedFeature.SlowStart",
            "UnsupportedFeature.ConnectionDrain",
            "UnsupportedFeature.FcServerGroup",
            "NotExist.ResourceGroup",
            "OperationDenied.VpcNotSupportIpv6",
            "DryRunOperation",
        ),
        404: ("ResourceNotFound.Vpc",),
    },
    "ListAsynJobs": {},
    "TagResources": _TAGGED,
    "UnTagResources": _TAGGED,
    "ListTagResources": _TAGGED,
    "DescribeRegions": {},
}
"""Forms and messages are in the emulator's errors.py."""

_RAM = "RAM permissions are not modelled; a fault can order it"
_SERVERS = "a number that no source tells; listeners here have no servers worth counting"
NOT_MODELLED: dict[tuple[str, str], str] = {
    ("*", "Forbidden.RAM"): _RAM,
    ("*", "NoPermission"): _RAM,
    ("*", "Forbidden.LoadBalancer"): _RAM,
    ("*", "Forbidden.Listener"): _RAM,
    ("*", "Forbidden.SecurityPolicy"): _RAM,
    ("*", "Forbidden.ServerGroup"): _RAM,
    ("*", "Throttling"): "there is no rate limit; a fault can order it",
    ("*", "Throttling.User"): "there is no rate limit; a fault can order it",
    ("*", "Throttling.Api"): "there is no rate limit; a fault can order it",
    ("*", "InternalError"): "a fault can order it",
    ("*", "ServiceUnavailable"): "a fault can order it",
    ("*", "InvalidApi.NotFound"): "the gateway of RPC products says InvalidAction.NotFound",
    ("*", "ResourceQuotaExceeded.ServerGroupAttachedNum"): _SERVERS,
    ("*", "ResourceQuotaExceeded.LoadBalancerServersNum"): _SERVERS,
    ("*", "ResourceQuotaExceeded.ServerAddedNum"): _SERVERS,
    ("UpdateListenerAttribute", "UnsupportedFeature.FullTraceHttps"): "no source tells what it is about",
    ("CreateServerGroup", "Mismatch.LoadBalancerEditionAndSlowStartEnable"): "no load balancer is named in the call",
    ("CreateServerGroup", "Mismatch.LoadBalancerEditionAndConnectionDrain"): "no load balancer is named in the call",
    ("CreateServerGroup", "UnsupportedFeature.FcServerGroup"): "groups of type Fc are there in every region",
}
"""(action, or * for all; code) -> why the emulator does not raise it."""
