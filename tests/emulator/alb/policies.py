# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS policies, the system's and the user's own."""

from __future__ import annotations

import re

from ..actions import PAGING, WRITING, Context, Fields
from ..errors import refusal
from ..invented import invented
from ..listener_rules import read_tags, system_policies
from ..parameters import Arguments, text
from ..policies import CIPHERS
from ..world import CustomPolicy
from .common import ALB, TAGS, start, tag_fields, tagged

_LISTS = (text("TLSVersions.N", *CIPHERS, items=4), text("Ciphers.N", items=32))
_NAME = re.compile(r"[^\W_][\w. -]{1,127}")
_ALL_CIPHERS = frozenset(cipher for ciphers in CIPHERS.values() for cipher in ciphers)


@ALB.action(
    "CreateSecurityPolicy",
    text("SecurityPolicyName"),
    *_LISTS,
    text("ResourceGroupId"),
    *TAGS,
    *WRITING,
    required=("SecurityPolicyName", "TLSVersions", "Ciphers"),
)
def create_security_policy(context: Context) -> Fields:
    """Makes a TLS policy of one's own at once, without a job. Two may have the same name."""
    world, arguments = context.world, context.arguments
    versions, ciphers = _checked_lists(arguments.texts("TLSVersions"), arguments.texts("Ciphers"))
    name, tags = _checked_name(arguments), read_tags(arguments, "Tag")
    used, quota = len(world.security_policies), context.settings.quota_security_policies
    if used >= quota:
        raise refusal("QuotaExceeded.SecurityPoliciesNum", "alb_quota_securitypolicies_num", used, quota)
    context.passed()
    policy = CustomPolicy(
        world.new_id("sp-", 17),
        name,
        versions,
        ciphers,
        resource_group_id=arguments.text("ResourceGroupId", "rg-emulator"),
        create_time=context.clock.stamp(),
        tags=tags,
    )
    world.security_policies[policy.security_policy_id] = policy
    return {"SecurityPolicyId": policy.security_policy_id}


@ALB.action(
    "UpdateSecurityPolicyAttribute",
    text("SecurityPolicyId"),
    text("SecurityPolicyName"),
    *_LISTS,
    *WRITING,
    required=("SecurityPolicyId",),
)
def update_security_policy_attribute(context: Context) -> Fields:
    """Changes a policy of one's own through a job, Configuring meanwhile; its listeners follow when it has ended."""
    arguments = context.arguments
    policy = _idle_policy(context)
    versions, ciphers = arguments.texts("TLSVersions"), arguments.texts("Ciphers")
    if bool(versions) != bool(ciphers) and not context.settings.partial_policy_update:
        raise invented("policy-halves", "TLSVersions and Ciphers go together (emulator: partial_policy_update).")
    versions, ciphers = _checked_lists(versions or policy.tls_versions, ciphers or policy.ciphers)
    name = _checked_name(arguments, policy.name)
    context.passed()
    policy.pending = (name, versions, ciphers)
    return {"JobId": start(context, policy).job_id}


@ALB.action("DeleteSecurityPolicy", text("SecurityPolicyId"), *WRITING, required=("SecurityPolicyId",))
def delete_security_policy(context: Context) -> Fields:
    """Removes a policy of one's own at once, without a job; refused while a listener has it."""
    policy = _idle_policy(context)
    if context.world.listeners_with_policy(policy.security_policy_id):
        raise refusal("ResourceInUse.SecurityPolicy", policy.security_policy_id)
    context.passed()
    del context.world.security_policies[policy.security_policy_id]
    return {}


@ALB.action(
    "ListSecurityPolicies",
    text("SecurityPolicyIds.N", items=20),
    text("SecurityPolicyNames.N", items=10),
    text("ResourceGroupId"),
    *TAGS,
    *PAGING,
)
def list_security_policies(context: Context) -> Fields:
    """The user's own policies by id, name, resource group or tag."""
    arguments = context.arguments
    ids, names = arguments.texts("SecurityPolicyIds"), arguments.texts("SecurityPolicyNames")
    resource_group, wanted_tags = arguments.text("ResourceGroupId"), read_tags(arguments, "Tag")
    found = [
        each
        for each in context.world.security_policies.values()
        if (not ids or each.security_policy_id in ids)
        and (not names or each.name in names)
        and resource_group in ("", each.resource_group_id)
        and tagged(each.tags, wanted_tags)
    ]
    rows, page = context.page(found)
    return {"SecurityPolicies": [_policy_fields(each) for each in rows], **page}


@ALB.action("ListSystemSecurityPolicies")
def list_system_security_policies(context: Context) -> Fields:
    """The system's policies. It has no parameters and no pages."""
    return {
        "SecurityPolicies": [
            {"SecurityPolicyId": name, "TLSVersions": list(each.tls_versions), "Ciphers": list(each.ciphers)}
            for name, each in system_policies(context.settings).items()
        ]
    }


@ALB.action("ListSecurityPolicyRelations", text("SecurityPolicyIds.N", items=5), required=("SecurityPolicyIds",))
def list_security_policy_relations(context: Context) -> Fields:
    """The listeners that have a policy; the key of the answer is misspelt as in the API."""
    ids = context.arguments.texts("SecurityPolicyIds")
    system = system_policies(context.settings) if context.settings.relations_of_system_policies else {}
    for each in ids:
        if each not in context.world.security_policies and each not in system:
            raise refusal("ResourceNotFound.SecurityPolicy", each)
    return {"SecrityPolicyRelations": [_relation_fields(context, each) for each in ids]}


def _idle_policy(context: Context) -> CustomPolicy:
    policy_id = context.arguments.text("SecurityPolicyId")
    policy = context.world.security_policies.get(policy_id)
    if policy is None:
        raise refusal("ResourceNotFound.SecurityPolicy", policy_id)
    if policy.status != "Available":
        raise refusal("IncorrectStatus.SecurityPolicy", policy_id, policy.status)
    return policy


def _checked_name(arguments: Arguments, old: str = "") -> str:
    name = arguments.text("SecurityPolicyName", old)
    if not _NAME.fullmatch(name):
        raise invented("policy-name", "SecurityPolicyName must have 2 to 128 characters, of certain kinds.")
    return name


def _checked_lists(versions: tuple[str, ...], ciphers: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both without what is said twice, in the order in which they were sent."""
    versions, ciphers = tuple(dict.fromkeys(versions)), tuple(dict.fromkeys(ciphers))
    for cipher in ciphers:
        if cipher not in _ALL_CIPHERS:
            raise invented("cipher", f"There is no cipher {cipher}.")
        if not any(cipher in CIPHERS[version] for version in versions):
            raise invented("cipher-version", f"{cipher} is not a cipher of {', '.join(versions)}.")
    if "TLSv1.3" in versions and not set(ciphers) & set(CIPHERS["TLSv1.3"]):
        raise invented("cipher-tls13", "TLSv1.3 needs a cipher of TLSv1.3.")
    return versions, ciphers


def _policy_fields(policy: CustomPolicy) -> Fields:
    return {
        "SecurityPolicyId": policy.security_policy_id,
        "SecurityPolicyName": policy.name,
        "SecurityPolicyStatus": policy.status,
        "TLSVersions": list(policy.tls_versions),
        "Ciphers": list(policy.ciphers),
        "ResourceGroupId": policy.resource_group_id,
        "CreateTime": policy.create_time,
        "Tags": tag_fields(policy.tags),
    }


def _relation_fields(context: Context, policy_id: str) -> Fields:
    related = [
        {
            "ListenerId": each.listener_id,
            "ListenerPort": each.port,
            "ListenerProtocol": each.protocol,
            "LoadBalancerId": each.load_balancer_id,
        }
        for each in context.world.listeners.values()
        if each.protocol == "HTTPS" and each.config.security_policy_id == policy_id
    ]
    return {"SecurityPolicyId": policy_id, "RelatedListeners": related}
