# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of plugins/module_utils/_ansible/options.py: access_options()."""

    DOCUMENTATION = r"""
requirements:
  - python >= 3.10
  - alibabacloud-alb20200616 >= 1.3
  - alibabacloud-cas20200407 >= 3.9
  - alibabacloud-credentials >= 1.0
  - cryptography >= 42
notes:
  - >-
    On a local connection, without C(become) and C(async), the task runs inside the controller, which is much faster.
    Answers are the same. Set the environment variable E(ALICLOUD_TLS_FAST_PATH) to V(0), or the variable
    C(alicloud_tls_fast_path) to V(false), to have the module shipped as usual.
  - >-
    Environment variables are read where the task runs. An empty one counts as not set, and so does an empty option.
  - >-
    Who signs is said in one of four ways: by an AccessKey pair (O(access_key_id), O(access_key_secret),
    O(security_token)), by an OIDC token (O(oidc_provider_arn), O(oidc_token_file), O(assume_role_arn)), by a profile
    (O(profile), O(credentials_file)) or by the instance (O(ecs_ram_role)). Two of them in the options are an error. If
    one is, the environment is asked neither for another one, nor for what that one lacks, nor for a role to assume;
    only the file that O(profile) is in may still come from there. If none is, the environment is asked for a pair, then
    for an OIDC token, then for a profile, as the SDKs of Alibaba Cloud do, and the first of them is used alone.
    Variables that start with C(ALIBABA_CLOUD_) are never mixed with those that start with C(ALICLOUD_) in one pair.
  - >-
    No credentials file is read, and no metadata service is asked, unless an option or, for files, an environment
    variable says so.
  - >-
    Proxies are taken from E(https_proxy) and E(http_proxy), and what needs none from E(no_proxy), each in upper case
    too. The metadata service is always asked directly.
options:
  access_key_id:
    description:
      - ID of the AccessKey pair to sign with.
      - If left out, E(ALIBABA_CLOUD_ACCESS_KEY_ID), E(ALICLOUD_ACCESS_KEY) or E(ALICLOUD_ACCESS_KEY_ID) is used.
    type: str
  access_key_secret:
    description:
      - Secret of the AccessKey pair.
      - >-
        If left out, E(ALIBABA_CLOUD_ACCESS_KEY_SECRET), E(ALICLOUD_SECRET_KEY) or E(ALICLOUD_ACCESS_KEY_SECRET) is
        used.
    type: str
  security_token:
    description:
      - STS token that goes with a temporary AccessKey pair.
      - If left out, E(ALIBABA_CLOUD_SECURITY_TOKEN) or E(ALICLOUD_SECURITY_TOKEN) is used.
    type: str
  profile:
    description:
      - >-
        Profile of a credentials file: of the aliyun CLI's C(~/.aliyun/config.json) (modes C(AK), C(StsToken),
        C(RamRoleArn), C(ChainableRamRoleArn), C(EcsRamRole), C(OIDC)), or of C(~/.alibabacloud/credentials.ini) or
        C(~/.alibabacloud/credentials) (types C(access_key), C(sts), C(ram_role_arn), C(ecs_ram_role),
        C(oidc_role_arn)). They are looked at in this order.
      - >-
        If left out, E(ALIBABA_CLOUD_PROFILE) or E(ALICLOUD_PROFILE) is used. If only a file is named, the profile is
        the one that the CLI uses (C(current)), or C(default).
      - The profile's C(region_id) is used if the region is given neither by O(region) nor by the environment.
      - In an INI file, C(#) and C(;) within a value belong to it.
    type: str
  credentials_file:
    description:
      - File with the profile, JSON as the aliyun CLI writes it, or INI, instead of those in the home directory.
      - If left out, E(ALIBABA_CLOUD_CREDENTIALS_FILE) or E(ALICLOUD_SHARED_CREDENTIALS_FILE) is used.
    type: path
  ecs_ram_role:
    description:
      - Name of the RAM role of the ECS instance that the task runs on. Credentials then come from the metadata service.
      - No environment variable does the same.
    type: str
  assume_role_arn:
    description:
      - ARN of a RAM role to assume with the AccessKey pair, with the profile, or with the OIDC token.
      - If left out, E(ALIBABA_CLOUD_ASSUME_ROLE_ARN) or E(ALICLOUD_ASSUME_ROLE_ARN) is used.
    type: str
  assume_role_session_name:
    description:
      - Name of the session when a role is assumed, as it appears in the audit log.
      - If left out, E(ALIBABA_CLOUD_ASSUME_ROLE_SESSION_NAME) is used, or else C(alicloud-tls).
    type: str
  assume_role_external_id:
    description:
      - External ID that the role's trust policy asks for.
      - If left out, E(ALIBABA_CLOUD_ASSUME_ROLE_EXTERNAL_ID) is used, unless O(assume_role_arn) is given.
    type: str
  oidc_provider_arn:
    description:
      - ARN of the OIDC provider in RAM whose token is exchanged for a session with the role O(assume_role_arn).
      - >-
        If left out, E(ALIBABA_CLOUD_OIDC_PROVIDER_ARN) is used, but only together with
        C(ALIBABA_CLOUD_OIDC_TOKEN_FILE) and C(ALIBABA_CLOUD_ROLE_ARN), as pods of ACK with RRSA have them.
        C(ALIBABA_CLOUD_ROLE_SESSION_NAME) is used then, too.
    type: str
  oidc_token_file:
    description:
      - File with the OIDC token. It is read for each exchange.
      - If left out, E(ALIBABA_CLOUD_OIDC_TOKEN_FILE) is used, as for O(oidc_provider_arn).
    type: path
  sts_endpoint:
    description:
      - Host of the STS service that is asked when a role is assumed, by HTTPS unless it is a URL with C(http://).
      - If left out, E(ALIBABA_CLOUD_STS_ENDPOINT) is used, or else the one of O(region), or of the profile.
    type: str
  region:
    description:
      - Region of the load balancer, such as V(cn-hangzhou).
      - If left out, E(ALIBABA_CLOUD_REGION_ID) or E(ALICLOUD_REGION) is used. One of them has to be set.
    type: str
  cas_site:
    description:
      - >-
        Site of Certificate Management Service that certificates are in. The two sites are separate stores; load
        balancers in mainland China use V(cn-hangzhou), those abroad V(ap-southeast-1).
      - >-
        If left out, E(ALIBABA_CLOUD_CAS_SITE) is used, or else V(cn-hangzhou) for regions that start with C(cn-) and
        V(ap-southeast-1) for all others. Which site an account of the China site needs for a load balancer abroad is
        not documented; public sources disagree.
    type: str
    choices:
      - cn-hangzhou
      - ap-southeast-1
  endpoint_type:
    description:
      - >-
        Which endpoints to use where no other option names one: V(public), or V(vpc) for those that are reached from
        within a VPC (C(alb-vpc.REGION.aliyuncs.com), C(cas-vpc.SITE.aliyuncs.com), C(sts-vpc.REGION.aliyuncs.com)).
        Certificate Management Service has VPC endpoints at its two sites only; whether they are reached from VPCs in
        other regions is not documented.
      - If left out, E(ALIBABA_CLOUD_ENDPOINT_TYPE) is used, or else V(public).
    type: str
    choices:
      - public
      - vpc
  alb_endpoint:
    description:
      - Where the ALB API is, as host, C(host:port) or URL; for emulators, and where O(endpoint_type) does not fit.
      - If left out, E(ALIBABA_CLOUD_ALB_ENDPOINT) is used, or else the endpoint of O(region).
    type: str
  cas_endpoint:
    description:
      - Where the API of Certificate Management Service is, as host, C(host:port) or URL.
      - If left out, E(ALIBABA_CLOUD_CAS_ENDPOINT) is used, or else the endpoint of the site.
    type: str
  proxy:
    description:
      - >-
        Proxy to use for the APIs and for STS, such as V(http://proxy.example:3128). User and password may be in it,
        percent-encoded.
      - >-
        If left out, the environment's is used, see the notes. What O(no_proxy) names is reached without it.
    type: str
  no_proxy:
    description:
      - >-
        What is reached without a proxy, as a list or as text with commas: hosts, domains with all that is below them,
        either with a port if need be, addresses, networks such as V(10.0.0.0/8), or V(*) for everything.
      - If left out, the environment's is used, see the notes, for O(proxy) too.
    type: list
    elements: str
  ca_bundle:
    description:
      - PEM file with certification authorities to trust for the API, in addition to the well-known ones.
      - >-
        If left out, E(ALIBABA_CLOUD_CA_BUNDLE) is used, or else E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE).
    type: path
  call_timeout:
    description:
      - >-
        Seconds that one API call may take, with its repetitions after lost connections. Only an answer that comes bit
        by bit, or one that follows a slow connect, may exceed them.
    type: float
    default: 20.0
  wait_timeout:
    description:
      - >-
        Seconds that the task may wait in all: for other changes of the listener to finish, for the API to stop
        throttling, and for its own change to be seen.
      - >-
        What has to be put back because the write after it was refused may take up to 30 seconds more.
    type: float
    default: 300.0
"""
