# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that goes on after the answer: a write makes a job, and calls or time bring it to its end."""

from __future__ import annotations

from .clock import Clock
from .settings import Settings
from .world import CustomPolicy, Job, Listener, OperateType, ResourceType, ServerGroup, World

_BUSY: dict[OperateType, str] = {"Create": "Provisioning", "Update": "Configuring", "Delete": "Deleting"}


def start(
    world: World,
    clock: Clock,
    settings: Settings,
    resource: Listener | CustomPolicy | ServerGroup,
    *,
    api_name: str,
    operate_type: OperateType,
    fails_with: tuple[str, str] | None = None,
) -> Job:
    """Begin to create, update (to what its `pending…` and `additional` say) or delete something."""
    now = clock.milliseconds()
    resource_type, resource_id, busy = _described(resource, operate_type)
    job = Job(
        job_id=world.new_uuid(),
        api_name=api_name,
        operate_type=operate_type,
        resource_id=resource_id,
        resource_type=resource_type,
        created_ms=now,
        modified_ms=now,
        calls_left=settings.polls,
        due=None if settings.job_seconds is None else clock.now() + settings.job_seconds,
        fails_with=fails_with,
    )
    world.jobs[job.job_id] = world.running_jobs[job.job_id] = job
    resource.status = busy
    resource.job_id = job.job_id
    if job.due is None and job.calls_left == 0:
        finish(world, clock, job)
    return job


def _described(
    resource: Listener | CustomPolicy | ServerGroup, operate_type: OperateType
) -> tuple[ResourceType, str, str]:
    """Type and id of a resource, and its status while the job runs."""
    if isinstance(resource, Listener):
        return "listener", resource.listener_id, _BUSY[operate_type]
    if isinstance(resource, CustomPolicy):
        return "securitypolicy", resource.security_policy_id, "Configuring"
    return "servergroup", resource.server_group_id, "Creating"


def count_call(world: World, clock: Clock) -> None:
    """An API call came in: finish what has waited long enough for it to see."""
    for job in list(world.running_jobs.values()):
        if job.due is None:
            job.calls_left -= 1
            if job.calls_left <= 0:
                finish(world, clock, job)
    finish_due(world, clock)


def finish_due(world: World, clock: Clock) -> None:
    for job in list(world.running_jobs.values()):
        if job.due is not None and clock.now() >= job.due:
            finish(world, clock, job)


def next_due(world: World) -> float | None:
    """When the first of the timed jobs ends."""
    return min((job.due for job in world.running_jobs.values() if job.due is not None), default=None)


def finish_all(world: World, clock: Clock) -> None:
    for job in list(world.running_jobs.values()):
        finish(world, clock, job)


def finish(world: World, clock: Clock, job: Job) -> None:
    """The end, good or bad. A failed job leaves things as they were."""
    world.running_jobs.pop(job.job_id, None)
    job.modified_ms = clock.milliseconds()
    failed = job.fails_with is not None
    job.status = "Failed" if failed else "Succeeded"
    if job.fails_with is not None:
        job.error_code, job.error_message = job.fails_with
    if job.resource_type == "securitypolicy":
        _finish_policy(world, job.resource_id, failed=failed)
    elif job.resource_type == "servergroup":
        _finish_server_group(world, job.resource_id, failed=failed)
    else:
        _finish_listener(world, job, failed=failed)


def _finish_listener(world: World, job: Job, *, failed: bool) -> None:
    world.touched_listeners.add(job.resource_id)
    listener = world.listeners.get(job.resource_id)
    if listener is None:
        return
    if job.operate_type == ("Create" if failed else "Delete"):
        del world.listeners[job.resource_id]
        return
    if not failed:
        listener.config = listener.pending or listener.config
        listener.log = listener.pending_log or listener.log
        if listener.pending_stopped is not None:
            listener.stopped = listener.pending_stopped
    gone = "Associating" if failed else "Dissociating"
    listener.additional = {
        each: "Associated"
        for each, status in listener.additional.items()
        if status != gone and each not in listener.config.certificate_ids
    }
    listener.pending = listener.pending_log = listener.pending_stopped = None
    listener.job_id = None
    listener.status = "Stopped" if listener.stopped else "Running"


def _finish_policy(world: World, policy_id: str, *, failed: bool) -> None:
    policy = world.security_policies.get(policy_id)
    if policy is None:
        return
    if not failed and policy.pending is not None:
        policy.name, policy.tls_versions, policy.ciphers = policy.pending
    policy.pending = policy.job_id = None
    policy.status = "Available"
    world.touched_listeners.update(each.listener_id for each in world.listeners_with_policy(policy_id))


def _finish_server_group(world: World, group_id: str, *, failed: bool) -> None:
    group = world.server_groups.get(group_id)
    if group is None:
        return
    if failed:
        del world.server_groups[group_id]
        return
    group.job_id = None
    group.status = "Available"
