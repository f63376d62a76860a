# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that goes on after the answer: a write makes a job, and calls or time bring it to its end."""

from __future__ import annotations

from .clock import Clock
from .settings import Settings
from .world import Job, Listener, ListenerConfig, OperateType, World

_BUSY: dict[OperateType, str] = {"Create": "Provisioning", "Update": "Configuring", "Delete": "Deleting"}


def start(
    world: World,
    clock: Clock,
    settings: Settings,
    listener: Listener,
    *,
    api_name: str,
    operate_type: OperateType,
    pending: ListenerConfig | None = None,
    fails_with: tuple[str, str] | None = None,
) -> Job:
    """Begin to create, update (to `pending`) or delete a listener."""
    now = clock.milliseconds()
    job = Job(
        job_id=world.new_uuid(),
        api_name=api_name,
        operate_type=operate_type,
        listener_id=listener.listener_id,
        created_ms=now,
        modified_ms=now,
        calls_left=settings.polls,
        due=None if settings.job_seconds is None else clock.now() + settings.job_seconds,
        fails_with=fails_with,
    )
    world.jobs[job.job_id] = world.running_jobs[job.job_id] = job
    listener.status = _BUSY[operate_type]
    listener.pending = pending
    listener.job_id = job.job_id
    if job.due is None and job.calls_left == 0:
        finish(world, clock, job)
    return job


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
    world.touched_listeners.add(job.listener_id)
    listener = world.listeners.get(job.listener_id)
    if listener is None:
        return
    if job.operate_type == ("Create" if failed else "Delete"):
        del world.listeners[job.listener_id]
        return
    if not failed and listener.pending is not None:
        listener.config = listener.pending
    listener.pending = None
    listener.job_id = None
    listener.status = "Running"
