# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The ALB API, 2020-06-16: the connection that the gateways of its resources share."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from .._core.errors import ApiError, JobFailedError, TlsError
from .._core.pace import Pace
from .access import Access
from .client import CallLog, Connection, defer_models, need_sdk

try:
    defer_models("alibabacloud_alb20200616")
    from alibabacloud_alb20200616.client import Client
except ImportError as exc:
    SDK_PROBLEM: str | None = str(exc)
else:
    SDK_PROBLEM = None


# Writes that have no ClientToken, nor need one: twice is the same as once.
_WITHOUT_TOKEN = ("TagResources", "UnTagResources")


class Request(t.NamedTuple):
    """
    A write as the API takes it.

    :param parameters: wire names; lists and mappings are flattened later.
    """

    action: str
    parameters: dict[str, t.Any]


class Sent(t.NamedTuple):
    """
    A write that the API accepted.

    :param id: of the resource.
    :param job_id: of the work that goes on behind it; None if the API told none.
    """

    id: str
    job_id: str | None


class AlbApi:
    """
    ALB in one region.

    :param pace: bounds all waiting of the task.
    :param log: counts the calls.
    """

    def __init__(self, access: Access, pace: Pace, log: CallLog) -> None:
        need_sdk(SDK_PROBLEM)
        self._api = Connection(
            product="ALB",
            version="2020-06-16",
            make_client=Client,
            where=access.alb(),
            access=access,
            pace=pace,
            log=log,
        )
        self.pace = pace
        self.region = access.region

    @property
    def where(self) -> str:
        """Region and host, for messages about what was not found."""
        return f"in region {self.region} (asked {self._api.host})"

    def read(self, action: str, parameters: Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
        return self._api.read(action, parameters)

    def pages(self, action: str, parameters: Mapping[str, t.Any], rows: str) -> Iterator[dict[str, t.Any]]:
        """The rows of all pages."""
        return self._api.pages(action, parameters, rows)

    def write(self, request: Request) -> dict[str, t.Any]:
        if request.action in _WITHOUT_TOKEN:
            return self._api.read(request.action, request.parameters)
        return self._api.write(request.action, request.parameters)

    def rehearse(self, request: Request) -> None:
        """
        Have the API check a write without making it: permissions, quotas, states.

        :raises ApiError: what it would refuse the write with.
        """
        try:
            self._api.write(request.action, {**request.parameters, "DryRun": True})
        except ApiError as error:
            # A check that has passed is an error, too.
            if error.code != "DryRunOperation":
                raise
            return
        raise TlsError(f"{request.action} was to be checked only (DryRun), but ALB answered as if it had done it.")

    def job(self, sent: Sent) -> str:
        """
        Status of the job behind a write.

        :raises JobFailedError: if the cloud gave up; with its reason.
        """
        if sent.job_id is None:
            return "unknown"
        answer = self.read("ListAsynJobs", {"JobIds": [sent.job_id]})
        for job in answer.get("Jobs") or []:
            if job.get("Status") == "Failed":
                raise JobFailedError(
                    f"The cloud accepted {job.get('ApiName')} for {sent.id} and then failed to do it:"
                    f" {job.get('ErrorCode')}: {job.get('ErrorMessage')} (job {sent.job_id})."
                )
            return str(job.get("Status"))
        return "unknown"


def value_of(found: t.Any) -> t.Any:
    """Empty text is how the API says that there is none."""
    return None if found == "" else found
