# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ALB actions share: the catalogue, finding things, and refusing what is busy."""

from __future__ import annotations

from .. import jobs
from ..actions import Catalogue, Context
from ..errors import ApiRefusal, refusal
from ..parameters import text
from ..world import CustomPolicy, Job, Listener, LoadBalancer, OperateType, ServerGroup

ALB = Catalogue("Alb", "2020-06-16", "alb.cn-hangzhou.aliyuncs.com")
TAGS = (text("Tag.N.Key", items=20), text("Tag.N.Value"))


def find_load_balancer(context: Context, load_balancer_id: str) -> LoadBalancer:
    load_balancer = context.world.load_balancers.get(load_balancer_id)
    if load_balancer is None:
        raise refusal("ResourceNotFound.LoadBalancer", load_balancer_id)
    return load_balancer


def load_balancer_status(context: Context, load_balancer: LoadBalancer) -> str:
    """Configuring, too, by the fault and by the switch of that name."""
    busy = context.load_balancer_busy or (
        context.settings.load_balancer_configuring
        and any(each.job_id is not None for each in context.world.listeners_of(load_balancer.load_balancer_id))
    )
    return "Configuring" if busy else load_balancer.status


def usable_load_balancer(context: Context, load_balancer_id: str) -> LoadBalancer:
    """
    :raises ApiRefusal: it is not there, or takes no writes now
    """
    load_balancer = find_load_balancer(context, load_balancer_id)
    status = load_balancer_status(context, load_balancer)
    if status != "Active":
        raise refusal("IncorrectStatus.LoadBalancer", load_balancer_id, status)
    if load_balancer.business_status != "Normal":
        raise refusal("IncorrectBusinessStatus.LoadBalancer", load_balancer_id, load_balancer.business_status)
    return load_balancer


def find_listener(context: Context) -> Listener:
    listener_id = context.arguments.text("ListenerId")
    listener = context.world.listeners.get(listener_id)
    if listener is None:
        raise refusal("ResourceNotFound.Listener", listener_id)
    return listener


def idle_listener(context: Context) -> Listener:
    """
    :raises ApiRefusal: it is not there, or a job of it is running
    """
    listener = find_listener(context)
    if listener.job_id is not None or listener.status not in ("Running", "Stopped"):
        if context.settings.resource_in_configuring:
            raise refusal("ResourceInConfiguring.Listener", listener.listener_id)
        raise wrong_status(listener)
    return listener


def changeable_listener(context: Context) -> Listener:
    """
    :raises ApiRefusal: as `idle_listener`; or it is stopped, and write_stopped_listener is not on
    """
    listener = idle_listener(context)
    if listener.stopped and not context.settings.write_stopped_listener:
        raise wrong_status(listener)
    return listener


def wrong_status(listener: Listener) -> ApiRefusal:
    return refusal("IncorrectStatus.Listener", listener.listener_id, listener.status)


def start(
    context: Context, resource: Listener | CustomPolicy | ServerGroup, operate_type: OperateType = "Update"
) -> Job:
    """Begin the job of this call."""
    return jobs.start(
        context.world,
        context.clock,
        context.settings,
        resource,
        api_name=context.action,
        operate_type=operate_type,
        fails_with=context.job_failure,
    )


def tagged(tags: dict[str, str], wanted: dict[str, str]) -> bool:
    """A tag given without a value asks for the key alone."""
    return all(name in tags and value in ("", tags[name]) for name, value in wanted.items())


def tag_fields(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]
