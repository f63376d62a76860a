# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners: create, read, change, start, stop, delete."""

from __future__ import annotations

import typing as t

from ..actions import PAGING, WRITING, Context, Fields
from ..errors import missing, refusal
from ..listener_rules import CONFIG_PARAMETERS, checked_config, read_tags
from ..parameters import flag, integer, text
from ..world import Listener, LogConfig, Protocol
from .common import (
    ALB,
    TAGS,
    changeable_listener,
    find_listener,
    idle_listener,
    start,
    tag_fields,
    tagged,
    usable_load_balancer,
    wrong_status,
)


@ALB.action(
    "CreateListener",
    text("LoadBalancerId"),
    text("ListenerProtocol", "HTTP", "HTTPS", "QUIC"),
    integer("ListenerPort", 1, 65535),
    *CONFIG_PARAMETERS,
    *TAGS,
    *WRITING,
    required=("LoadBalancerId", "ListenerProtocol", "ListenerPort", "DefaultActions"),
)
def create_listener(context: Context) -> Fields:
    """Makes a listener (HTTP, HTTPS, QUIC) and a job."""
    world, arguments = context.world, context.arguments
    load_balancer = usable_load_balancer(context, arguments.text("LoadBalancerId"))
    protocol = t.cast(Protocol, arguments.text("ListenerProtocol"))
    port = arguments.integer("ListenerPort", 0)
    config = checked_config(context, load_balancer, protocol)
    tags = read_tags(arguments, "Tag")
    listener = Listener("", load_balancer.load_balancer_id, protocol, port, config, tags=tags)
    others = world.listeners_of(load_balancer.load_balancer_id)
    for other in others:
        if (other.port, other.transport) == (port, listener.transport):
            raise refusal("ResourceAlreadyExist.Listener", f"{listener.transport}:{port}")
    quota = context.settings.quota_listeners
    if len(others) >= quota:
        raise refusal(
            "ResourceQuotaExceeded.LoadBalancerListenersNum",
            "alb_quota_loadbalancer_listeners_num",
            load_balancer.load_balancer_id,
            len(others),
            quota,
        )
    context.passed()
    listener.listener_id = world.new_id("lsn-", 16)
    world.listeners[listener.listener_id] = listener
    job = start(context, listener, "Create")
    return {"JobId": job.job_id, "ListenerId": listener.listener_id}


@ALB.action("UpdateListenerAttribute", text("ListenerId"), *CONFIG_PARAMETERS, *WRITING, required=("ListenerId",))
def update_listener_attribute(context: Context) -> Fields:
    """Changes what is sent, leaves the rest; Certificates replaces the default certificates. Makes a job."""
    listener = changeable_listener(context)
    load_balancer = usable_load_balancer(context, listener.load_balancer_id)
    config = checked_config(context, load_balancer, listener.protocol, listener)
    context.passed()
    listener.pending = config
    return {"JobId": start(context, listener).job_id}


@ALB.action("DeleteListener", text("ListenerId"), *WRITING, required=("ListenerId",))
def delete_listener(context: Context) -> Fields:
    """Removes a listener through a job, its additional certificates with it; Deleting meanwhile."""
    listener = idle_listener(context)
    usable_load_balancer(context, listener.load_balancer_id)
    for other in context.world.listeners.values():
        if any(config.quic_listener_id == listener.listener_id for config in other.configs()):
            raise refusal("ResourceInUse.Listener", listener.listener_id)
    context.passed()
    return {"JobId": start(context, listener, "Delete").job_id}


@ALB.action("StartListener", text("ListenerId"), *WRITING, required=("ListenerId",))
def start_listener(context: Context) -> Fields:
    """Brings a stopped listener back through a job; Configuring meanwhile."""
    return _switch(context, stopped=False)


@ALB.action("StopListener", text("ListenerId"), *WRITING, required=("ListenerId",))
def stop_listener(context: Context) -> Fields:
    """Stops a listener through a job; it serves until the job has ended."""
    return _switch(context, stopped=True)


@ALB.action(
    "UpdateListenerLogConfig",
    text("ListenerId"),
    flag("AccessLogRecordCustomizedHeadersEnabled"),
    flag("AccessLogTracingConfig.TracingEnabled"),
    integer("AccessLogTracingConfig.TracingSample", 1, 10000),
    text("AccessLogTracingConfig.TracingType", "Zipkin", "OpenTelemetry"),
    *WRITING,
    required=("ListenerId",),
)
def update_listener_log_config(context: Context) -> Fields:
    """Changes what goes into the access log, through a job. The load balancer must have an access log."""
    listener, arguments = changeable_listener(context), context.arguments
    load_balancer = usable_load_balancer(context, listener.load_balancer_id)
    if not load_balancer.log_project:
        raise refusal("OperationDenied.AccessLogDisabled", "AccessLogDisabled")
    log = LogConfig(
        arguments.flag("AccessLogRecordCustomizedHeadersEnabled", listener.log.customized_headers),
        listener.log.tracing_enabled,
        listener.log.tracing_sample,
        listener.log.tracing_type,
    )
    if "AccessLogTracingConfig" in arguments:
        tracing = arguments.group("AccessLogTracingConfig")
        if "TracingEnabled" not in tracing:
            raise missing("AccessLogTracingConfig.TracingEnabled")
        log = LogConfig(
            log.customized_headers,
            tracing.flag("TracingEnabled"),
            tracing.integer("TracingSample", 0) or None,
            tracing.text("TracingType"),
        )
    context.passed()
    listener.pending_log = log
    return {"JobId": start(context, listener).job_id}


@ALB.action("GetListenerAttribute", text("ListenerId"), required=("ListenerId",))
def get_listener_attribute(context: Context) -> Fields:
    """One listener with its default certificates and CA; while Configuring, as it was before."""
    listener = find_listener(context)
    config = listener.config
    fields = _listener_fields(listener)
    if listener.protocol != "HTTP":
        fields["Certificates"] = [{"CertificateId": each} for each in config.certificate_ids]
    if listener.protocol == "HTTPS":
        fields["CaEnabled"] = config.ca_enabled
        shown = config.ca_enabled or context.settings.show_ca_when_disabled
        if config.ca_certificate_ids and shown:
            fields["CaCertificates"] = [
                {"CertificateId": each, "Status": "Associated", "IsDefault": True} for each in config.ca_certificate_ids
            ]
    return fields


@ALB.action(
    "ListListeners",
    text("ListenerIds.N", items=20),
    text("LoadBalancerIds.N", items=20),
    text("ListenerProtocol", "HTTP", "HTTPS", "QUIC"),
    *TAGS,
    *PAGING,
)
def list_listeners(context: Context) -> Fields:
    """Listeners by id, load balancer, protocol or tag; without certificates."""
    arguments = context.arguments
    ids, load_balancers = arguments.texts("ListenerIds"), arguments.texts("LoadBalancerIds")
    protocol = arguments.text("ListenerProtocol")
    wanted_tags = read_tags(arguments, "Tag")
    found = [
        listener
        for listener in context.world.listeners.values()
        if (not ids or listener.listener_id in ids)
        and (not load_balancers or listener.load_balancer_id in load_balancers)
        and (not protocol or listener.protocol == protocol)
        and tagged(listener.tags, wanted_tags)
    ]
    rows, page = context.page(found)
    return {"Listeners": [_listener_fields(each) for each in rows], **page}


def _switch(context: Context, *, stopped: bool) -> Fields:
    listener = idle_listener(context)
    usable_load_balancer(context, listener.load_balancer_id)
    if listener.stopped == stopped and not context.settings.start_started_listener:
        raise wrong_status(listener)
    context.passed()
    listener.pending_stopped = stopped
    return {"JobId": start(context, listener).job_id}


def _listener_fields(listener: Listener) -> Fields:
    config = listener.config
    tuples = [{"ServerGroupId": each} for each in config.server_group_ids]
    fields: Fields = {
        "ListenerId": listener.listener_id,
        "LoadBalancerId": listener.load_balancer_id,
        "ListenerProtocol": listener.protocol,
        "ListenerPort": listener.port,
        "ListenerStatus": listener.status,
        "ListenerDescription": config.description,
        "GzipEnabled": config.gzip_enabled,
        "IdleTimeout": config.idle_timeout,
        "RequestTimeout": config.request_timeout,
        "DefaultActions": [{"Type": "ForwardGroup", "ForwardGroupConfig": {"ServerGroupTuples": tuples}}],
        "XForwardedForConfig": {name: value for name, value in config.x_forwarded_for if value != ""},
        "LogConfig": {
            "AccessLogRecordCustomizedHeadersEnabled": listener.log.customized_headers,
            "AccessLogTracingConfig": _tracing_fields(listener.log),
        },
        "Tags": tag_fields(listener.tags),
    }
    if listener.protocol == "HTTPS":
        fields["SecurityPolicyId"] = config.security_policy_id
        fields["Http2Enabled"] = config.http2_enabled
        fields["QuicConfig"] = {"QuicUpgradeEnabled": config.quic_upgrade_enabled}
        if config.quic_listener_id:
            fields["QuicConfig"]["QuicListenerId"] = config.quic_listener_id
    return fields


def _tracing_fields(log: LogConfig) -> Fields:
    fields: Fields = {"TracingEnabled": log.tracing_enabled}
    if log.tracing_sample is not None:
        fields["TracingSample"] = log.tracing_sample
    if log.tracing_type:
        fields["TracingType"] = log.tracing_type
    return fields
