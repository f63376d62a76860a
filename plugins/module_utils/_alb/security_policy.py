# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""TLS security policies: what they are, which TLS versions and ciphers go together, and the plan between two."""

from __future__ import annotations

import difflib
import re
import typing as t
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from .._core.errors import InputError
from .._core.plan import Plan, Step
from .._core.tags import TagResource, UntagResource, read_tags, shown_tags, tag_steps, tags_afterwards

TAG_KIND = "securitypolicy"

_ECDHE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-ECDSA-AES256-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-RSA-AES256-SHA384",
)
_RSA = ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA256", "AES256-SHA256")
_OLD = (
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA",
    "AES128-SHA",
    "AES256-SHA",
    "DES-CBC3-SHA",
)
_TLS13 = (
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_CCM_SHA256",
    "TLS_AES_128_CCM_8_SHA256",
)

# What the API's description of CreateSecurityPolicy lists for each version.
CIPHERS_OF: dict[str, tuple[str, ...]] = {
    "TLSv1.0": _OLD,
    "TLSv1.1": _OLD,
    "TLSv1.2": _ECDHE + _RSA + _OLD,
    "TLSv1.3": _TLS13,
}
TLS_VERSIONS = tuple(CIPHERS_OF)
# The order in which ciphers are sent and shown. It stays below the 32 that the API takes in a policy; the resource
# types of ROS say 20. So the catalogue leaves nothing to count.
CIPHERS = _ECDHE + _RSA + _OLD + _TLS13

_SYSTEM = "tls_cipher_policy_"
_NAME = re.compile(r"[^\W_][\w. -]{1,127}")


@dataclass(frozen=True)
class PolicyUser:
    """A listener that has a policy."""

    listener_id: str
    load_balancer_id: str
    protocol: str
    port: int

    def label(self) -> str:
        return f"{self.protocol} {self.port} of {self.load_balancer_id} ({self.listener_id})"

    def to_dict(self) -> dict[str, t.Any]:
        return {
            "id": self.listener_id,
            "load_balancer_id": self.load_balancer_id,
            "protocol": self.protocol,
            "port": self.port,
        }


@dataclass(frozen=True)
class SecurityPolicy:
    """
    A TLS security policy.

    :param id: C(sp-…), or C(tls_cipher_policy_…) for one of the system; None if it does not exist yet.
    :param name: None for one of the system.
    :param status: C(Available), or C(Configuring) while it is changed; None for one of the system.
    :param listeners: who has it; None if that was not asked.
    """

    id: str | None = field(compare=False)
    name: str | None
    tls_versions: frozenset[str]
    ciphers: frozenset[str]
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    status: str | None = field(default="Available", compare=False)
    listeners: tuple[PolicyUser, ...] | None = field(default=None, compare=False)
    resource_group_id: str | None = field(default=None, compare=False)
    create_time: str | None = field(default=None, compare=False)

    @property
    def settled(self) -> bool:
        return self.status != "Configuring"

    @property
    def of_system(self) -> bool:
        return self.id is not None and is_system_id(self.id)

    def title(self) -> str:
        return f"TLS security policy {self.name or self.id}"

    def to_dict(self) -> dict[str, t.Any]:
        users = None if self.listeners is None else [one.to_dict() for one in self.listeners]
        return {
            "id": self.id,
            "name": self.name,
            "tls_versions": versions_in_order(self.tls_versions),
            "ciphers": ciphers_in_order(self.ciphers),
            "tags": dict(sorted(self.tags.items())),
            "status": self.status,
            "listeners": users,
        }

    def to_row(self) -> dict[str, t.Any]:
        """More, for lists: what cannot be known before the policy is there."""
        return {
            **self.to_dict(),
            "kind": "system" if self.of_system else "custom",
            "resource_group_id": self.resource_group_id,
            "create_time": self.create_time,
        }

    def summary(self) -> dict[str, t.Any]:
        found = self.to_dict()
        shown = {name: found[name] for name in ("name", "tls_versions", "ciphers", "tags")}
        if self.listeners is not None:
            shown["listeners"] = [one.label() for one in self.listeners]
        return shown


@dataclass(frozen=True)
class Wishes:
    """
    What the user said of a policy. None: leave alone.

    :param purge_tags: whether tags that are not among C(tags) go.
    """

    name: str | None = None
    tls_versions: frozenset[str] | None = None
    ciphers: frozenset[str] | None = None
    tags: Mapping[str, str] | None = None
    purge_tags: bool = False


@dataclass(frozen=True)
class CreatePolicy:
    name: str
    tls_versions: frozenset[str]
    ciphers: frozenset[str]
    tags: Mapping[str, str]

    def sentence(self) -> str:
        names = versions_in_order(self.tls_versions) + ciphers_in_order(self.ciphers)
        tagged = f", tagged {shown_tags(self.tags)}" if self.tags else ""
        return f"CreateSecurityPolicy: {self.name} with {', '.join(names)}{tagged}"


@dataclass(frozen=True)
class UpdatePolicy:
    """
    Both lists, because what the API makes of one alone is not documented.

    :param name: None if it stays.
    :param changes: for the sentence.
    """

    policy_id: str
    name: str | None
    tls_versions: frozenset[str]
    ciphers: frozenset[str]
    changes: tuple[str, ...]

    def sentence(self) -> str:
        return f"UpdateSecurityPolicyAttribute: {'; '.join(self.changes)} ({self.policy_id})"


@dataclass(frozen=True)
class DeletePolicy:
    policy_id: str
    name: str | None

    def sentence(self) -> str:
        return f"DeleteSecurityPolicy: {self.policy_id} ({self.name})"


def is_system_id(text: str) -> bool:
    return text.startswith(_SYSTEM)


def check_not_of_system(text: str) -> None:
    """:raises InputError: for id or name of a policy that belongs to the cloud."""
    if is_system_id(text):
        raise InputError(
            f"{text} is a policy of the system, which nobody can change or delete. Listeners can have it as it is;"
            " for other versions or ciphers, make a policy with a name of your own."
        )


def check_name(name: str) -> None:
    """:raises InputError: if the API would not take it for a new name."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"The name of a security policy has 2 to 128 letters, digits, Chinese characters, '.', '_', '-' and blanks,"
            f" and begins with a letter, digit or Chinese character; {name!r} does not."
        )


def versions_in_order(versions: Iterable[str]) -> list[str]:
    return _in_order(versions, TLS_VERSIONS)


def ciphers_in_order(ciphers: Iterable[str]) -> list[str]:
    """As the catalogue has them; others after them, by name."""
    return _in_order(ciphers, CIPHERS)


def _in_order(names: Iterable[str], catalogue: tuple[str, ...]) -> list[str]:
    places = {name: place for place, name in enumerate(catalogue)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def check_combination(
    versions: Collection[str], ciphers: Collection[str], *, there: Collection[str] = frozenset()
) -> None:
    """
    Whether versions and ciphers make a policy.

    That each version needs a cipher of its own is documented for TLSv1.3 only. It is asked of the others as well: a
    version without ciphers would be offered, and nobody could connect with it.

    :param there: ciphers that the policy has already: the API took them, whether they are known here or not.
    :raises InputError: says what is wrong, and what would be right.
    """
    for option, given in (("tls_versions", versions), ("ciphers", ciphers)):
        if not given:
            raise InputError(f"{option} must not be empty.")
    _check_known("TLS version", versions, TLS_VERSIONS)
    _check_known("cipher", frozenset(ciphers) - frozenset(there), CIPHERS)
    chosen = ", ".join(versions_in_order(versions))
    fitting = {cipher for version in versions for cipher in CIPHERS_OF[version]}
    for cipher in ciphers_in_order(ciphers):
        owners = [version for version, of_version in CIPHERS_OF.items() if cipher in of_version]
        if owners and cipher not in fitting:
            raise InputError(
                f"{cipher} is a cipher of {' and '.join(owners)}; tls_versions has {chosen}. Add a version, or leave"
                " the cipher out."
            )
    # Which versions the unknown ones serve is not known either; the rule for TLSv1.3 holds all the same.
    strange = not set(ciphers) <= set(CIPHERS)
    for version in versions_in_order(versions):
        if not set(CIPHERS_OF[version]) & set(ciphers) and not (strange and version != "TLSv1.3"):
            raise InputError(
                f"No client could connect with {version}: none of the ciphers is one of {version}. Leave {version} out,"
                f" or add at least one of {', '.join(CIPHERS_OF[version])}."
            )


def _check_known(what: str, names: Iterable[str], catalogue: tuple[str, ...]) -> None:
    for name in sorted(set(names) - set(catalogue)):
        near = _nearest(name, catalogue)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(catalogue)}."
        raise InputError(f"{name!r} is no {what} that a custom policy can have. {hint}")


def _nearest(name: str, catalogue: tuple[str, ...]) -> list[str]:
    """Names that only look different, in the spelling of IANA for example, are as near as can be."""
    squeezed = {_squeezed(known): known for known in catalogue}
    found = difflib.get_close_matches(_squeezed(name), squeezed, n=3, cutoff=0.75)
    return [squeezed[found[0]]] if found[:1] == [_squeezed(name)] else [squeezed[one] for one in found]


def _squeezed(name: str) -> str:
    """Without separators; of IANA's TLS_..._WITH_... what OpenSSL has of it."""
    words = re.findall(r"[A-Z]+|[0-9]+", name.upper())
    return "".join(word for word in words if word not in (("TLS", "WITH") if "WITH" in words else ()))


def plan_present(current: SecurityPolicy | None, wishes: Wishes) -> Plan[SecurityPolicy]:
    """
    Plan a policy that is there and as wished.

    :raises InputError: if what is wished for is incomplete or does not fit together. What is there already, and
        stays, is not judged.
    """
    if current is None or current.id is None:
        return _plan_creation(wishes)
    name = current.name if wishes.name is None else wishes.name
    versions = current.tls_versions if wishes.tls_versions is None else wishes.tls_versions
    ciphers = current.ciphers if wishes.ciphers is None else wishes.ciphers
    tags = tags_afterwards(current.tags, wishes.tags, purge=wishes.purge_tags)
    after = replace(current, name=name, tls_versions=versions, ciphers=ciphers, tags=tags)
    steps: list[Step] = []
    if (versions, ciphers) != (current.tls_versions, current.ciphers):
        check_combination(versions, ciphers, there=current.ciphers)
    renamed = name if name != current.name else None
    if renamed is not None:
        check_name(renamed)
    changes = _changes(current, after)
    if changes:
        steps.append(UpdatePolicy(current.id, renamed, versions, ciphers, changes))
    steps += tag_steps(TAG_KIND, current.id, current.tags, tags)
    return Plan(before=current, after=after, steps=tuple(steps))


def plan_absent(current: SecurityPolicy | None) -> Plan[SecurityPolicy]:
    """
    Plan a policy that is not there.

    :raises InputError: if listeners are known to have it; names them.
    """
    if current is None or current.id is None:
        return Plan(before=None, after=None)
    if current.listeners:
        raise InputError(
            f"Security policy {current.id} ({current.name}) is in use by"
            f" {', '.join(one.label() for one in current.listeners)}. Give"
            f" {'this listener' if len(current.listeners) == 1 else 'these listeners'} another policy first, with"
            " security_policy_id of alicloud.tls.alb_listener. Nothing was changed."
        )
    return Plan(before=current, after=None, steps=(DeletePolicy(current.id, current.name),))


def _plan_creation(wishes: Wishes) -> Plan[SecurityPolicy]:
    if wishes.name is None or wishes.tls_versions is None or wishes.ciphers is None:
        missing = [one for one in ("name", "tls_versions", "ciphers") if getattr(wishes, one) is None]
        raise InputError(
            f"There is no security policy{f' named {wishes.name!r}' if wishes.name else ''} yet;"
            f" {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} needed to create it."
        )
    check_name(wishes.name)
    check_combination(wishes.tls_versions, wishes.ciphers)
    tags = dict(wishes.tags or {})
    after = SecurityPolicy(None, wishes.name, wishes.tls_versions, wishes.ciphers, tags, listeners=())
    step = CreatePolicy(wishes.name, wishes.tls_versions, wishes.ciphers, tags)
    return Plan(before=None, after=after, steps=(step,))


def _changes(before: SecurityPolicy, after: SecurityPolicy) -> tuple[str, ...]:
    """In words; none if the policy's own attributes stay as they are."""
    found = []
    if before.name != after.name:
        found.append(f"rename {before.name} to {after.name}")
    for verb, new, old in (("add", after, before), ("remove", before, after)):
        names = versions_in_order(new.tls_versions - old.tls_versions) + ciphers_in_order(new.ciphers - old.ciphers)
        if names:
            found.append(f"{verb} {', '.join(names)}")
    return tuple(found)


def shows(policy: SecurityPolicy, step: Step) -> bool:
    """Whether a policy is as a write was to make it."""
    if isinstance(step, TagResource):
        return step.tags.items() <= policy.tags.items()
    if isinstance(step, UntagResource):
        return not set(step.keys) & set(policy.tags)
    if isinstance(step, (CreatePolicy, UpdatePolicy)):
        lists = (policy.tls_versions, policy.ciphers) == (step.tls_versions, step.ciphers)
        return lists and step.name in (None, policy.name)
    return False


def wishes_of(params: Mapping[str, t.Any]) -> Wishes:
    """
    Options as wishes.

    :raises InputError: for tags that break the rules.
    """
    return Wishes(
        name=params["name"],
        tls_versions=_set_of(params["tls_versions"]),
        ciphers=_set_of(params["ciphers"]),
        tags=None if params["tags"] is None else read_tags(params["tags"]),
        purge_tags=params["purge_tags"],
    )


def _set_of(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
