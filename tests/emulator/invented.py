# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
What the emulator had to make up.

INVENTED: rules that are documented (or deduced) while the answer to breaking them is not. The real
cloud refuses these, too, with a code that nobody wrote down. ASSUMED: details of answers that no source settles.
Both are rendered into README.md, so that nobody takes them for facts.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ApiRefusal


@dataclass(frozen=True)
class Invention:
    """A refusal whose code is made up: the rule, why there is such a rule, and the code that the emulator gives."""

    rule: str
    reason: str
    code: str = "InvalidParameter"
    status: int = 400


INVENTED: dict[str, Invention] = {
    # any action
    "choice": Invention("A parameter has one of the documented values.", "The values are documented, the code is not."),
    "range": Invention("A number is within its documented range.", "The ranges are documented, the code is not."),
    "list-length": Invention(
        "A list has no more items than documented.", "The limits are documented, the code is not."
    ),
    "unknown-parameter": Invention(
        "strict_parameters: the action has the parameter.", "The real API ignores unknown parameters; this is a switch."
    ),
    "next-token": Invention("NextToken comes from the answer before.", "Tokens are opaque; no code is documented."),
    "client-token": Invention("ClientToken is ASCII and has at most 64 characters.", "Code not documented."),
    "client-token-reuse": Invention(
        "A ClientToken is not used again with other parameters.",
        "Code of the sibling product NLB; ALB and CAS document none.",
        "IdempotenceSignatureMismatch",
    ),
    "security-token": Invention(
        "The security token belongs to the AccessKey.",
        "A gateway code of other products; for ALB and CAS no table has it.",
        "InvalidSecurityToken.MismatchWithAccessKey",
    ),
    "signed-headers": Invention(
        "The host and x-acs-* headers are among the signed ones.",
        "The signature description asks for it; the code is the gateway's for odd signatures.",
        "IncompleteSignature",
    ),
    # ALB
    "https-needs-certificate": Invention(
        "An HTTPS or QUIC listener has a default certificate.", "Rule documented, code unknown."
    ),
    "too-many-defaults": Invention(
        "A listener has at most two default certificates; on CreateListener one, see two_defaults_on_create.",
        "Sources disagree about the number; code unknown.",
    ),
    "two-defaults-same-algorithm": Invention(
        "Of two default certificates one is RSA and one ECC.",
        "The console guide names RSA + ECC as the dual mode; code unknown.",
    ),
    "certificate-on-http": Invention("An HTTP listener takes no certificates.", "Rule documented, code unknown."),
    "https-only": Invention(
        "CaEnabled, CaCertificates, SecurityPolicyId, Http2Enabled and QuicConfig are for HTTPS listeners.",
        "Rule documented, code unknown.",
    ),
    "x-forwarded-for-protocol": Invention(
        "Each XForwardedForConfig field is for certain protocols.", "Rule documented, code unknown."
    ),
    "ca-on-basic": Invention(
        "Mutual authentication is not for Basic load balancers.", "Rule documented, code unknown."
    ),
    "ca-count": Invention(
        "CaEnabled needs exactly one CA certificate; CaCertificates has one item.", "Rule documented, code unknown."
    ),
    "ca-change": Invention(
        "The CA is not replaced while CaEnabled stays true, see change_ca_while_enabled.",
        "Nothing is documented either way; this is the strict reading.",
    ),
    "description": Invention(
        "ListenerDescription has 2 to 256 letters, digits, Chinese characters or . , ; / @ _ -",
        "Rule documented, code unknown.",
    ),
    "default-action": Invention(
        "DefaultActions has one item of type ForwardGroup with 1 to 20 server groups.", "Rule documented, code unknown."
    ),
    "quic-listener": Invention(
        "QuicUpgradeEnabled needs the QuicListenerId of a QUIC listener.", "Rule documented, code unknown."
    ),
    "tag": Invention(
        "A tag has a key and a value of at most 128 characters, no aliyun or acs: in front, no http(s)://.",
        "Rule documented, code unknown.",
    ),
    # CAS
    "no-certificate": Invention(
        "UploadUserCertificate needs Cert and Key.",
        "Neither is marked required, because an SM2 pair could stand in; SM2 is not modelled.",
    ),
    "broken-key": Invention("Key is an unencrypted PEM private key, RSA or ECC.", "Rule documented, code unknown."),
    "key-mismatch": Invention("Key belongs to the certificate.", "Rule documented, code unknown."),
    "algorithm": Invention("The certificate's key is RSA or ECC.", "Only RSA, ECC and SM2 are documented."),
    "name-length": Invention(
        "Name is not longer than certificate_name_length.",
        "Length documented (63, 64 or 128), code not; this one says that an input is too long.",
        "DataTooLongException",
    ),
    "bound-certificate": Invention(
        "A certificate that a listener uses is not deleted, see delete_bound_certificates.",
        "Nothing is documented either way; this is the strict reading.",
    ),
}

ASSUMED: tuple[str, ...] = (
    "ClientToken replay: the same answer as before with a new RequestId; a refused call does not use its token up.",
    "A replayed ClientToken is remembered until reset. It is the action's own.",
    "A call is counted, and jobs move on, when its signature is right; also when it is then refused.",
    "A busy listener gives `IncorrectStatus.Listener`, never the also documented `ResourceInConfiguring.Listener`.",
    "A listener write does not make its load balancer Configuring.",
    "A failed job leaves the listener as it was; a listener whose creation failed is gone.",
    "An update without any change is accepted and makes a job.",
    "An empty optional parameter is as good as none; an empty ListenerDescription is refused.",
    "Fields that are only for HTTPS are absent elsewhere; CaCertificates is absent when there is none.",
    "ListListenerCertificates shows the CA with IsDefault true, as GetListenerAttribute does.",
    "HTTP listeners forward to HTTP server groups only (one page says HTTPS, too).",
    "A CA certificate must have been seeded, else ResourceNotFound.Certificate.",
    "NextToken is bound to the action and its filters.",
    "An unknown load balancer in ListListeners gives an empty list, an unknown job in ListAsynJobs, too.",
    "CAS: a chain whose next certificate did not sign the one before gives CertificateChainNotMatch on upload.",
    "CAS: dates in StartDate and EndDate are UTC; WILLEXPIRED means at most 30 days left.",
    "CAS: Issuer is the issuer's common name, else its organization.",
    "CAS: Sans lists DNS names and IP addresses in the order of the certificate; without any, the common name.",
    "CAS: CertChain lists the leaf, too. CertSha2 equals Sha2.",
    "CAS: FingerPrint of ListCertificates is SHA-1 over the public key, as its description says, not Fingerprint.",
    "CAS: lists are sorted newest first. ShowSize above 50 in ListUserCertificateOrder is taken as 50.",
    "CAS: Keyword of ListUserCertificateOrder does not look at names.",
    "CAS: a name stays taken until its certificate is deleted, expired or not.",
)


def invented(key: str, detail: str) -> ApiRefusal:
    """The refusal for a rule of INVENTED; the detail says what is wrong with this request."""
    invention = INVENTED[key]
    return ApiRefusal(invention.code, detail, invention.status, rule=key)
