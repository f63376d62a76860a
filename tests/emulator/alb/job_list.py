# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs, as the API tells of them."""

from __future__ import annotations

from ..actions import PAGING, Context, Fields
from ..parameters import integer, text
from ..world import Job
from .common import ALB


@ALB.action(
    "ListAsynJobs",
    text("JobIds.N", items=10),
    text("ResourceIds.N", items=10),
    text("ResourceType", "loadbalancer", "listener", "rule", "acl", "securitypolicy", "servergroup"),
    text("ApiName"),
    integer("BeginTime"),
    integer("EndTime"),
    *PAGING,
)
def list_asyn_jobs(context: Context) -> Fields:
    """Jobs by id, resource, type, action or time."""
    arguments = context.arguments
    ids, resources = arguments.texts("JobIds"), arguments.texts("ResourceIds")
    kind, api_name = arguments.text("ResourceType"), arguments.text("ApiName")
    begin, end = arguments.integer("BeginTime", 0), arguments.integer("EndTime", 2**63)
    found = [
        job
        for job in context.world.jobs.values()
        if (not ids or job.job_id in ids)
        and (not resources or job.resource_id in resources)
        and kind in ("", job.resource_type)
        and api_name in ("", job.api_name)
        and begin <= job.created_ms <= end
    ]
    rows, page = context.page(found)
    return {"Jobs": [_job_fields(each) for each in rows], **page}


def _job_fields(job: Job) -> Fields:
    return {
        "Id": job.job_id,
        "ApiName": job.api_name,
        "Status": job.status,
        "OperateType": job.operate_type,
        "ResourceType": job.resource_type,
        "ResourceId": job.resource_id,
        "CreateTime": job.created_ms,
        "ModifyTime": job.modified_ms,
        "ErrorCode": job.error_code,
        "ErrorMessage": job.error_message,
    }
