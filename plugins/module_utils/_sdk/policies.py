# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""TLS security policies: reads that end in states, and the writes of plans."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Iterator, Mapping, Sequence

from .._alb.security_policy import (
    CreatePolicy,
    DeletePolicy,
    PolicyUser,
    SecurityPolicy,
    UpdatePolicy,
    ciphers_in_order,
    versions_in_order,
)
from .._core.errors import ApiError, DeadlineError, InputError
from .._core.tags import TagResource, UntagResource
from .alb import AlbApi, Request, Sent, value_of
from .tags import read_tags, tag_list, tag_request

_NOT_FOUND = "ResourceNotFound.SecurityPolicy"
_IN_USE = "ResourceInUse.SecurityPolicy"

# How many the API takes in one call.
_IDS = 20
_NAMES = 10
_RELATIONS = 5

Users = tuple[PolicyUser, ...]


class SecurityPolicies:
    """:param api: ALB in the region of the task."""

    def __init__(self, api: AlbApi) -> None:
        self._api = api

    @property
    def where(self) -> str:
        """For messages about what was not found."""
        return self._api.where

    def by_id(self, policy_id: str) -> SecurityPolicy | None:
        """
        A custom policy, once no other change of it is under way.

        :raises DeadlineError: if it does not settle.
        """
        return self._settled(lambda: self._by_id(policy_id))

    def by_name(self, name: str) -> SecurityPolicy | None:
        """
        The custom policy of a name, once no other change of it is under way.

        :raises InputError: if several have that name, which the API allows.
        :raises DeadlineError: if it does not settle.
        """
        return self._settled(lambda: self._by_name(name))

    def custom(
        self,
        *,
        ids: Collection[str] | None = None,
        names: Collection[str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> list[SecurityPolicy]:
        """
        The user's own policies, by name and id.

        :param ids: only these; likewise names. None is all; of none there is none.
        :param tags: only those that have all of these.
        """
        found: dict[str, SecurityPolicy] = {}
        for filters in _filters(ids, names, tags):
            for row in self._api.pages("ListSecurityPolicies", filters, "SecurityPolicies"):
                one = _read_policy(row)
                # What the API takes for a hit is not documented in all detail.
                hit = (ids is None or one.id in ids) and (names is None or one.name in names)
                if hit and (tags or {}).items() <= one.tags.items():
                    found[str(one.id)] = one
        return sorted(found.values(), key=lambda one: (one.name or "", one.id or ""))

    def of_system(self, ids: Collection[str] | None = None) -> list[SecurityPolicy]:
        """The system's policies, by id. :param ids: only these; None is all."""
        answer = self._api.read("ListSystemSecurityPolicies")
        found = [_read_policy(row) for row in answer.get("SecurityPolicies") or []]
        return sorted((one for one in found if ids is None or one.id in ids), key=lambda one: one.id or "")

    def users(self, policy_ids: Sequence[str]) -> dict[str, Users]:
        """
        The listeners that have custom policies, by load balancer and port. Policies that are gone are not in it.

        Whether the API takes ids of system policies is not documented.
        """
        found: dict[str, Users] = {}
        for start in range(0, len(policy_ids), _RELATIONS):
            found.update(self._users(policy_ids[start : start + _RELATIONS]))
        return found

    def send(self, step: object) -> Sent:
        """
        Make one write of a plan; an update is under way when this returns, all else is done.

        :raises ApiError: if the API refuses; of a policy that is to be deleted, with the listeners that have it.
        """
        if isinstance(step, DeletePolicy):
            self._delete(step)
            return Sent(step.policy_id, None)
        answer = self._api.write(_request(step))
        known = step.resource_id if isinstance(step, (TagResource, UntagResource)) else getattr(step, "policy_id", "")
        return Sent(str(answer.get("SecurityPolicyId") or known), value_of(answer.get("JobId")))

    def rehearse(self, step: object) -> bool:
        """
        Have the API check a write without making it.

        :returns: whether it could be asked: not about tags.
        :raises ApiError: what it would refuse the write with.
        """
        if isinstance(step, (TagResource, UntagResource)):
            return False
        self._api.rehearse(_request(step))
        return True

    def settle(self, sent: Sent, wanted: t.Callable[[SecurityPolicy], bool] | None) -> SecurityPolicy | None:
        """
        Wait until a fresh read shows what was written.

        :param wanted: whether a policy at rest is as it was to become; None if it is to be gone.
        :raises JobFailedError: if the cloud gave up; with its reason.
        :raises DeadlineError: if it was not so in time.
        """

        def done(seen: SecurityPolicy | None) -> bool:
            if wanted is None or seen is None:
                reached = seen is None and wanted is None
            else:
                reached = seen.settled and wanted(seen)
            if not reached and (seen is None or seen.settled):
                # At rest, but not as planned: the job has failed, or not begun, or this read is stale.
                self._api.job(sent)
            return reached

        def late(seen: SecurityPolicy | None) -> str:
            # A last question, which raises if the job has failed without the policy coming to rest.
            job = f" (job {sent.job_id}: {self._api.job(sent)})" if sent.job_id else ""
            return (
                f"Security policy {sent.id} is not as planned after {self._api.pace.seconds:g} s: it is"
                f" {_state_of(seen)}{job}. The change was accepted and may still be under way, or somebody else has"
                " changed the policy meanwhile; run the task again, or raise wait_timeout."
            )

        # Only what a job does takes time.
        return self._api.pace.until(lambda: self._by_id(sent.id), done, late, pause_first=sent.job_id is not None)

    def _settled(self, look: t.Callable[[], SecurityPolicy | None]) -> SecurityPolicy | None:
        return self._api.pace.until(
            look,
            lambda seen: seen is None or seen.settled,
            lambda seen: (
                f"Security policy {seen.id if seen else ''} is still {_state_of(seen)} after"
                f" {self._api.pace.seconds:g} s, so another change of it is under way. Nothing was changed."
            ),
        )

    def _by_id(self, policy_id: str) -> SecurityPolicy | None:
        return next(iter(self.custom(ids=[policy_id])), None)

    def _by_name(self, name: str) -> SecurityPolicy | None:
        found = self.custom(names=[name])
        if len(found) > 1:
            ids = ", ".join(str(one.id) for one in found)
            raise InputError(f"{len(found)} security policies are named {name!r}: {ids}. Give the policy_id of one.")
        return found[0] if found else None

    def _users(self, policy_ids: Sequence[str]) -> dict[str, Users]:
        """:param policy_ids: no more than fit in one call."""
        try:
            answer = self._api.read("ListSecurityPolicyRelations", {"SecurityPolicyIds": list(policy_ids)})
        except ApiError as error:
            if error.code != _NOT_FOUND:
                raise
            # Deleted since they were listed; the others still count.
            if len(policy_ids) == 1:
                return {}
            found: dict[str, Users] = {}
            for one in policy_ids:
                found.update(self._users([one]))
            return found
        # The key is misspelt in the API.
        rows = answer.get("SecrityPolicyRelations") or []
        told = {str(row["SecurityPolicyId"]): _read_users(row.get("RelatedListeners") or []) for row in rows}
        return {one: told.get(one, ()) for one in policy_ids}

    def _delete(self, step: DeletePolicy) -> None:
        """A policy may count as in use for a while after its last listener was given another one."""
        request = _request(step)
        for last in self._api.pace.tries():
            try:
                self._api.write(request)
            except ApiError as error:
                if error.code == _NOT_FOUND:
                    # Deleted by somebody else, or by a try whose answer was lost.
                    return
                if error.code != _IN_USE:
                    raise
                users = self.users([step.policy_id]).get(step.policy_id, ())
                if users:
                    error.message += f" It is in use by {', '.join(one.label() for one in users)}."
                    raise
                if last:
                    error.message += (
                        f" It was still so after {self._api.pace.seconds:g} s, with no listener to be seen."
                    )
                    raise
            else:
                return
        raise DeadlineError(f"No time was left to call {request.action}.")


def _filters(
    ids: Collection[str] | None, names: Collection[str] | None, tags: Mapping[str, str] | None
) -> Iterator[dict[str, t.Any]]:
    """The parameters of as many calls as are needed."""
    tagged = {"Tag": tag_list(tags)} if tags else {}
    wire, given, size = ("SecurityPolicyIds", ids, _IDS) if ids is not None else ("SecurityPolicyNames", names, _NAMES)
    if given is None:
        yield tagged
        return
    different = list(dict.fromkeys(given))
    for start in range(0, len(different), size):
        yield {wire: different[start : start + size], **tagged}


def _request(step: object) -> Request:
    """A step as the API takes it."""
    if isinstance(step, (TagResource, UntagResource)):
        return tag_request(step)
    if isinstance(step, DeletePolicy):
        return Request("DeleteSecurityPolicy", {"SecurityPolicyId": step.policy_id})
    if not isinstance(step, (CreatePolicy, UpdatePolicy)):
        raise TypeError(f"there is no write for {type(step).__name__}")
    lists = {"TLSVersions": versions_in_order(step.tls_versions), "Ciphers": ciphers_in_order(step.ciphers)}
    if isinstance(step, UpdatePolicy):
        renamed = {"SecurityPolicyName": step.name} if step.name is not None else {}
        return Request("UpdateSecurityPolicyAttribute", {"SecurityPolicyId": step.policy_id, **renamed, **lists})
    tagged = {"Tag": tag_list(step.tags)} if step.tags else {}
    return Request("CreateSecurityPolicy", {"SecurityPolicyName": step.name, **lists, **tagged})


def _read_policy(row: Mapping[str, t.Any]) -> SecurityPolicy:
    """System policies have ids and lists only."""
    return SecurityPolicy(
        id=str(row["SecurityPolicyId"]),
        name=value_of(row.get("SecurityPolicyName")),
        tls_versions=frozenset(row.get("TLSVersions") or []),
        ciphers=frozenset(row.get("Ciphers") or []),
        tags=read_tags(row.get("Tags")),
        status=value_of(row.get("SecurityPolicyStatus")),
        resource_group_id=value_of(row.get("ResourceGroupId")),
        create_time=value_of(row.get("CreateTime")),
    )


def _read_users(rows: Sequence[Mapping[str, t.Any]]) -> Users:
    found = [
        PolicyUser(
            listener_id=str(row.get("ListenerId") or ""),
            load_balancer_id=str(row.get("LoadBalancerId") or ""),
            protocol=str(row.get("ListenerProtocol") or "").upper(),
            port=int(row.get("ListenerPort") or 0),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.load_balancer_id, one.port, one.listener_id)))


def _state_of(seen: SecurityPolicy | None) -> str:
    return str(seen.status) if seen else "not to be found"
