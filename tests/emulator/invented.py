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
    "http": Invention("A request is well-formed HTTP.", "What the gateway's web server says is not documented."),
    "body-size": Invention(
        "A body has at most 64 MiB.", "A limit of the emulator; the real one is not documented.", status=413
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
    "certificate-twice": Invention(
        "A certificate is given once in a call.", "Nothing is documented either way; this is the strict reading."
    ),
    "expired-on-attach": Invention(
        "A certificate is valid when a listener gets it, see attach_expired_certificates.",
        "Nothing is documented either way; this is the strict reading.",
    ),
    "policy-name": Invention(
        "SecurityPolicyName has 2 to 128 letters, digits, Chinese characters, . _ - or blanks, and begins with one of"
        " the first three.",
        "Rule documented, code unknown.",
    ),
    "policy-halves": Invention(
        "UpdateSecurityPolicyAttribute has both TLSVersions and Ciphers or neither, see partial_policy_update.",
        "Nothing is documented either way; this is the strict reading.",
    ),
    "policy-on-basic": Invention(
        "A Basic load balancer takes no TLS policies of one's own.", "Rule documented, code unknown."
    ),
    "cipher": Invention("Ciphers are among the documented ones.", "Rule documented, code unknown."),
    "cipher-version": Invention(
        "Each cipher belongs to one of the TLS versions of its policy.", "Rule documented, code unknown."
    ),
    "cipher-tls13": Invention(
        "A policy with TLSv1.3 has a cipher of TLSv1.3.",
        "Rule documented (one is enough for a known test), code unknown.",
    ),
    "server-group-name": Invention(
        "ServerGroupName has 2 to 128 letters, digits, Chinese characters, . _ - or blanks, and begins with one of the"
        " first three.",
        "Rule documented, code unknown.",
    ),
    "server-group-vpc": Invention(
        "A server group of type Instance or Ip has a VpcId.",
        "It takes effect for these types; nobody says what else holds.",
    ),
    "uch-config": Invention("UchConfig has Type and Value.", "Both are marked required, the code is not told."),
    "tag-query": Invention("ListTagResources has ResourceId or Tag.", "Rule documented, code unknown."),
    "x-forwarded-for-alias": Invention(
        "An alias in XForwardedForConfig has 1 to 40 characters, a-z 0-9 - _", "Rule documented, code unknown."
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
    "warehouse-facts": Invention(
        "CreateWarehouse needs Name and Type.",
        "Neither is marked required; without them there is nothing to find it by.",
    ),
    "no-warehouse": Invention("UploadPCACert goes into a repository that exists.", "Code not documented.", "NotFound"),
    "warehouse-kind": Invention(
        "UploadPCACert goes into a repository for uploads.", "The types are documented, a code is not."
    ),
    "no-authority": Invention(
        "A repository of CA certificates takes nothing else, see other_certificates_as_ca.",
        "Nothing is documented either way; this is the strict reading.",
    ),
    "filled-warehouse": Invention(
        "A repository is deleted when it is empty, see delete_filled_warehouses.",
        "Nothing is documented either way; this is the strict reading.",
    ),
    "bound-ca-certificate": Invention(
        "A CA certificate that a listener uses is not deleted, see delete_bound_ca_certificates.",
        "Nothing is documented either way; this is the strict reading.",
    ),
    "issued-ca": Invention(
        "DeletePCACert does not delete a CA that Alibaba Cloud issued.",
        "Private CAs have an API of their own (2020-06-30).",
    ),
}

ASSUMED: tuple[str, ...] = (
    "ClientToken replay: the same answer as before with a new RequestId; a refused call does not use its token up.",
    "A replayed ClientToken is remembered until reset. It is the action's own.",
    "A call is counted, and jobs move on, when its signature is right; also when it is then refused.",
    "Additional certificates come and go all or none, per call. One that comes is served when the job has ended.",
    "The default certificate that an update replaces is gone from the listener, not kept as additional.",
    "Associate gives OperationFailed.DefaultCertificateNotFound if the listener's default certificate was deleted.",
    "UpdateListenerLogConfig is refused without access log even if it switches things off; a tracing block is whole.",
    "Associate and Dissociate, too, need an Active and Normal load balancer; their tables lack the two codes.",
    "A stopped listener can be deleted. A listener whose stop has not ended serves.",
    "An update of a TLS policy leaves its listeners Running; they follow when its job has ended.",
    "To the write actions a system policy is a policy that is not found.",
    "Two TLS policies, and two server groups, may have the same name. Versions and ciphers keep the order sent.",
    "ResourceInConfiguring.Listener has the wording of UpdateListenerAttribute for all actions.",
    "CreateServerGroup: VPCs and resource groups are known if a resource is in them. No VPC has IPv6.",
    "CreateServerGroup: more than 900 s of draining or slow start is QuotaExceeded. Fc groups have neither.",
    "A server group in status Creating can be used.",
    "UnTagResources without TagKey, Tag and All does nothing. ListTagResources by Tag gives all tags of what it finds.",
    "The tag actions of ALB take `listener`, too, as Terraform uses it; no page names it. There are no ACLs.",
    "ListServerGroupServers: an unknown group has no servers.",
    "A failed job leaves the listener as it was; a listener whose creation failed is gone.",
    "An update without any change is accepted and makes a job.",
    "An empty optional parameter is as good as none; an empty ListenerDescription is refused.",
    "Fields that are only for HTTPS are absent elsewhere; CaCertificates is absent when there is none.",
    "ListListenerCertificates shows the CA with IsDefault true, as GetListenerAttribute does.",
    "HTTP listeners forward to HTTP server groups only (one page says HTTPS, too).",
    "CaCertificates takes the Identifier of any CA certificate: issued by Alibaba Cloud (seeded only), or uploaded.",
    "NextToken is bound to the action and its filters.",
    "An unknown load balancer in ListListeners gives an empty list, an unknown job in ListAsynJobs, too.",
    "Data plane: the name decides before the algorithm; who cannot verify what is there for it gets nothing.",
    "Data plane: names are looked for in default certificates, too, on an equal footing with additional ones.",
    "Data plane: of two with one name and algorithm additional goes before default, older before newer.",
    "Data plane: of RSA and ECC a client that takes both gets ECC. Ciphers are preferred in the order of the policy.",
    "Data plane: to stop or delete a listener closes its connections.",
    "Data plane: open connections keep the configuration they began with, X-Forwarded headers included.",
    "Data plane: a CA is trusted as it is, also one that another CA issued. There are no CRLs.",
    "Data plane: of a CA that was uploaded together with other certificates, these are trusted, too.",
    "Data plane: Alt-Svc offers h3 for 86400 s, and only while the linked QUIC listener runs.",
    "Data plane: QUIC has no switch for X-Forwarded-For, so it stays as it came. X-Forwarded-Proto is https there.",
    "Data plane: XForwardedForClientSourceIps adds no header.",
    "Data plane: X-Forwarded-Clientcert headers have RFC 4514 names, the SHA-1 fingerprint in lower case, and SUCCESS.",
    "CAS: a chain whose next certificate did not sign the one before gives CertificateChainNotMatch on upload.",
    "CAS: dates in StartDate and EndDate are UTC; WILLEXPIRED means at most 30 days left.",
    "CAS: Issuer is the issuer's common name, else its organization.",
    "CAS: Sans lists DNS names and IP addresses in the order of the certificate; without any, the common name.",
    "CAS: CertChain lists the leaf, too. CertSha2 equals Sha2.",
    "CAS: FingerPrint of ListCertificates is SHA-1 over the public key, as its description says, not Fingerprint.",
    "CAS: lists are sorted newest first. ShowSize above 50 in ListUserCertificateOrder is taken as 50.",
    "CAS: Keyword of ListUserCertificateOrder does not look at names.",
    "CAS: a name stays taken until its certificate is deleted, expired or not.",
    "CAS: names are unique per site: those of certificates, those of repositories, and those in one repository.",
    "CAS: a certificate, repository or CA of the other site is not found. Numbers are not used twice over both sites.",
    "CAS: Subject and Issuer in CertificateChainList are common names.",
    "CAS: GetCertificateDetail of an upload has no DeploymentDesc, CompanyId, ContactId and Csr.",
    "CAS: the tag actions take uploaded certificates as type `instance`, by their `cas-upload-` id.",
    "CAS: RegionId of the tag actions is one of the two sites; which one does not matter.",
    "CAS: uploadCA is uploadedAuthorityCertificate, uploadPCA uploadedCertificate, aliyunPCA pcaCertificate.",
    "CAS: ListCertWarehouse shows no repository of another type; ListWarehouse tells types as CreateWarehouse does.",
    "CAS: a WarehouseInstanceId is `cas-wh-`, two letters for the type, and six letters or digits.",
    "CAS: UploadPCACert checks the chain as other uploads do, see ca_bundles. Content repeats if all of it does.",
    "CAS: repositories cost nothing and have no quota. Everything in them is ISSUE, `issued`.",
    "CAS: DescribeWarehouseCert finds CAs that Alibaba Cloud issued, too, and gives CA or CERT as CertType.",
    "CAS: BeforeDate is the begin, AfterDate the end. SignAlgorithm of an ECC signature is as in SHA256WITHECDSA.",
)


def invented(key: str, detail: str) -> ApiRefusal:
    """The refusal for a rule of INVENTED; the detail says what is wrong with this request."""
    invention = INVENTED[key]
    return ApiRefusal(invention.code, detail, invention.status, rule=key)
