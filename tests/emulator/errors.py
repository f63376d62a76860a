# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The error codes that ALB, CAS and the gateway before them document, and the exception that carries one."""

from __future__ import annotations

from dataclasses import dataclass


class ApiRefusal(Exception):
    """The cloud says no: HTTP status, code and message of the answer."""

    def __init__(
        self, code: str, message: str, status: int = 400, *, retry_after_ms: int | None = None, rule: str = ""
    ) -> None:
        """:param rule: key of the rule in invented.INVENTED, if the code is made up"""
        super().__init__(f"{status} {code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.retry_after_ms = retry_after_ms
        self.rule = rule


@dataclass(frozen=True)
class Documented:
    """A code out of an error table: HTTP status and message template, `%s` where the cloud fills something in."""

    status: int
    template: str
    own_words: bool = False
    """The code is documented, a message is not."""


CODES: dict[str, Documented] = {
    # gateway
    "InvalidAction.NotFound": Documented(404, "Specified api is not found, please check your url and method."),
    "InvalidVersion": Documented(400, "Specified parameter Version is not valid."),
    "InvalidAccessKeyId.NotFound": Documented(404, "Specified access key is not found."),
    "SignatureDoesNotMatch": Documented(400, "Specified signature is not matched with our calculation. %s"),
    "IncompleteSignature": Documented(
        400, "The request signature does not conform to Aliyun standards. %s", own_words=True
    ),
    "InvalidTimeStamp.Format": Documented(
        400, "Specified time stamp or date value is not well formatted.", own_words=True
    ),
    "InvalidTimeStamp.Expired": Documented(400, "Specified time stamp or date value is expired.", own_words=True),
    "SignatureNonceUsed": Documented(400, "Specified signature nonce was used already.", own_words=True),
    "UnsupportedHTTPMethod": Documented(400, "Specified HTTP method %s is not supported.", own_words=True),
    "InvalidSignatureMethod": Documented(400, "Specified signature method is not supported.", own_words=True),
    "InvalidAccessKeyId.Inactive": Documented(400, "Specified access key is disabled.", own_words=True),
    "InvalidParameter.Format": Documented(400, "Specified parameter Format is not valid.", own_words=True),
    # ALB
    "DryRunOperation": Documented(400, "Request validation has been passed with DryRun flag set."),
    "ResourceAlreadyExist.Listener": Documented(400, "The specified resource %s is already exist."),
    "IncorrectStatus.LoadBalancer": Documented(400, "The status of %s [%s] is incorrect."),
    # two spaces: as documented
    "IncorrectBusinessStatus.LoadBalancer": Documented(400, "The business status of %s [%s]  is incorrect."),
    "IncorrectStatus.Listener": Documented(400, "The status of %s [%s] is incorrect."),
    "ResourceQuotaExceeded.LoadBalancerListenersNum": Documented(
        400, "The quota of %s is exceeded for resource %s, usage %s/%s."
    ),
    "OperationDenied.CrossLoadBalancerQUICListener": Documented(400, "The operation is not allowed because of %s."),
    "OperationDenied.ServerGroupProtocolNotSupport": Documented(
        400, "The operation is not allowed because of ServerGroupProtocolNotSupport."
    ),
    "OperationDenied.GRPCServerGroup": Documented(400, "The operation is not allowed because of %s."),
    "OperationDenied.HttpListenerNotSupport": Documented(
        400, "The operation is not allowed because of %s.", own_words=True
    ),
    "ResourceAlreadyAssociated.Listener": Documented(400, "The specified resource %s is already associated."),
    "ResourceInUse.Listener": Documented(400, "The specified resource %s is in use.", own_words=True),
    "ResourceInConfiguring.Listener": Documented(
        400, "The specified resource of %s is being configured, please try again later."
    ),
    "ResourceQuotaExceeded.SecurityPolicyAttachedNum": Documented(
        400, "The quota of %s is exceeded for resource %s, usage %s/%s."
    ),
    "ResourceQuotaExceeded.LoadBalancerCertificatesNum": Documented(
        400, "The quota of %s is exceeded for resource %s, usage %s/%s.", own_words=True
    ),
    "ResourceAlreadyAssociated.Certificate": Documented(400, "The specified resource %s is already associated."),
    "ResourceNotAssociated.Certificate": Documented(400, "The specified resource %s is not associated."),
    "OperationDenied.DefaultCertificateUsed": Documented(
        400, "The operation is not allowed because of %s.", own_words=True
    ),
    "OperationFailed.DefaultCertificateNotFound": Documented(400, "The operation failed because of %s."),
    "OperationDenied.AccessLogDisabled": Documented(400, "The operation is not allowed because of %s.", own_words=True),
    "IncorrectStatus.SecurityPolicy": Documented(400, "The status of %s [%s] is incorrect.", own_words=True),
    "ResourceInUse.SecurityPolicy": Documented(400, "The specified resource %s is in use."),
    "QuotaExceeded.SecurityPoliciesNum": Documented(400, "The quota of %s is exceeded, usage %s/%s."),
    "QuotaExceeded.ServerGroupsNum": Documented(400, "The quota of %s is exceeded, usage %s/%s.", own_words=True),
    "QuotaExceeded.SlowStartDuration": Documented(400, "The quota of %s is exceeded, usage %s/%s.", own_words=True),
    "QuotaExceeded.ConnectionDrainTimeout": Documented(
        400, "The quota of %s is exceeded, usage %s/%s.", own_words=True
    ),
    "Mismatch.VpcId": Documented(400, "The %s is mismatched for %s and %s."),
    "Mismatch.LoadBalancerEditionAndConnectionDrain": Documented(400, "The %s and %s are mismatched."),
    "Mismatch.LoadBalancerEditionAndSlowStartEnable": Documented(400, "The %s and %s are mismatched."),
    "Mismatch.ServerGroupSchedulerAndSlowStartEnable": Documented(400, "The %s and %s are mismatched.", own_words=True),
    "UnsupportedFeature.SlowStart": Documented(400, "The feature of %s is not supported.", own_words=True),
    "UnsupportedFeature.ConnectionDrain": Documented(400, "The feature of %s is not supported.", own_words=True),
    "OperationDenied.VpcNotSupportIpv6": Documented(400, "The operation is not allowed because of %s.", own_words=True),
    "NotExist.ResourceGroup": Documented(400, "The resource group %s does not exist.", own_words=True),
    "ResourceNotFound.LoadBalancer": Documented(404, "The specified resource %s is not found."),
    "ResourceNotFound.Listener": Documented(404, "The specified resource %s is not found."),
    "ResourceNotFound.ServerGroup": Documented(404, "The specified resource %s is not found."),
    "ResourceNotFound.SecurityPolicy": Documented(404, "The specified resource %s is not found."),
    "ResourceNotFound.Certificate": Documented(404, "The specified resource %s is not found."),
    "ResourceNotFound.Vpc": Documented(404, "The specified resource %s is not found.", own_words=True),
    "ResourceNotFound.Acl": Documented(404, "The specified resource %s is not found.", own_words=True),
    # CAS; its messages are Chinese over the API
    "NameRepeat": Documented(400, "名称重复, 请重新输入。"),
    "NotFound": Documented(400, "资源不存在。", own_words=True),
    "ParamRepeat": Documented(400, "输入内容与已有数据重复。", own_words=True),
    "CertificateFormatException": Documented(400, "证书格式异常，请检查输入内容。"),
    "CertificateChainNotMatch": Documented(400, "证书链不匹配。", own_words=True),
    "CertificateExpired": Documented(400, "证书已过期。", own_words=True),
}


def refusal(code: str, *fillers: object) -> ApiRefusal:
    """The refusal with a documented code; the fillers take the places of `%s` in its message."""
    documented = CODES[code]
    return ApiRefusal(code, (documented.template % fillers).strip(), documented.status)


def missing(parameter: str) -> ApiRefusal:
    """The gateway's answer when a required parameter is not there."""
    return ApiRefusal(f"Missing{parameter}", f"{parameter} is mandatory for this action.")


def malformed(parameter: str) -> ApiRefusal:
    """The gateway's answer when a parameter is not of its type."""
    name = parameter.split(".", 1)[0]
    return ApiRefusal(f"Invalid{name}", f"Specified parameter {parameter} is not valid.")
