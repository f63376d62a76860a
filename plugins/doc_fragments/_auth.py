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
  - cryptography >= 42
notes:
  - >-
    On a local connection, without C(become) and C(async), the task runs inside the controller, which is much faster.
    Answers are the same. Set the environment variable E(ALICLOUD_TLS_FAST_PATH) to V(0), or the variable
    C(alicloud_tls_fast_path) to V(false), to have the module shipped as usual.
  - >-
    Environment variables are read where the task runs. An empty one counts as not set, and so does an empty option.
  - >-
    AccessKey pair, token and role to assume are taken together: if one of O(access_key_id), O(access_key_secret) and
    O(ecs_ram_role) is given, the environment is not asked for any of them.
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
  ecs_ram_role:
    description:
      - Name of the RAM role of the ECS instance that the task runs on. Credentials then come from the metadata service.
      - >-
        It goes before O(access_key_id) and its environment variables. The metadata service is never asked unless this
        is set.
    type: str
  assume_role_arn:
    description:
      - ARN of a RAM role to assume with the AccessKey pair.
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
      - If left out, E(ALIBABA_CLOUD_ASSUME_ROLE_EXTERNAL_ID) is used.
    type: str
  sts_endpoint:
    description:
      - Host of the STS service that is asked when a role is assumed.
      - If left out, E(ALIBABA_CLOUD_STS_ENDPOINT) is used, or else the one of O(region).
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
  alb_endpoint:
    description:
      - Where the ALB API is, as host, C(host:port) or URL; for VPC endpoints and emulators.
      - If left out, E(ALIBABA_CLOUD_ALB_ENDPOINT) is used, or else the public endpoint of O(region).
    type: str
  cas_endpoint:
    description:
      - Where the API of Certificate Management Service is, as host, C(host:port) or URL.
      - If left out, E(ALIBABA_CLOUD_CAS_ENDPOINT) is used, or else the public endpoint of the site.
    type: str
  ca_bundle:
    description:
      - PEM file with certification authorities to trust for the API, in addition to the well-known ones.
      - >-
        If left out, E(ALIBABA_CLOUD_CA_BUNDLE) is used, or else E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE).
    type: path
  call_timeout:
    description:
      - Seconds that one API call may take, with its repetitions after lost connections.
    type: float
    default: 20.0
  wait_timeout:
    description:
      - >-
        Seconds that the task may wait in all: for other changes of the listener to finish, for the API to stop
        throttling, and for its own change to be seen.
    type: float
    default: 300.0
"""
