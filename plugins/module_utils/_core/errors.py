# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What can go wrong, in the words a user reads. No error here ever carries key material."""

from __future__ import annotations

import typing as t


class TlsError(Exception):
    """Something the user has to know about. The message stands alone; facts() adds what a program may want."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def facts(self) -> dict[str, t.Any]:
        """More keys for the failed task's answer."""
        return {}


class InputError(TlsError):
    """The options, or the files they name, cannot be used. Always raised before the first write."""


class NotFoundError(TlsError):
    """Something that the options name does not exist where it was looked for."""


class MissingLibraryError(TlsError):
    """A Python package is not installed for the interpreter that runs the task."""


class DeadlineError(TlsError):
    """The planned state was not seen in time. The change may still be under way."""


class JobFailedError(TlsError):
    """The cloud accepted the change and then failed to carry it out."""


class UnreachableError(TlsError):
    """No answer from the endpoint: refused, timed out, TLS failure, or an answer that is not the API's."""


class UntrustedError(UnreachableError):
    """The endpoint's certificate is not trusted, or is for other names. Trying again does not help."""


class ApiError(TlsError):
    """
    The API refused a call.

    :param action: API action, such as C(CreateListener).
    :param code: the API's error code, such as C(IncorrectStatus.Listener).
    :param detail: the API's own message, without the request id.
    :param status: HTTP status.
    :param request_id: the API's request id; what Alibaba Cloud support asks for.
    :param endpoint: host (and port) that answered.
    :param retry_after: seconds the API asked to wait for, if it did.
    :param advice: what the user can do about it.
    :ivar after_lost_try: whether an earlier try of the same write got no answer, so that it may have been carried out.
    """

    def __init__(
        self,
        *,
        action: str,
        code: str,
        detail: str,
        status: int | None,
        request_id: str | None,
        endpoint: str,
        retry_after: float | None = None,
        advice: str = "",
    ) -> None:
        asked = f"request id {request_id or 'not given'}"
        said = f"{action} was refused by {endpoint}: {code}: {detail.rstrip('.')} ({asked})."
        super().__init__(f"{said} {advice}".rstrip())
        self.action = action
        self.code = code
        self.detail = detail
        self.status = status
        self.request_id = request_id
        self.endpoint = endpoint
        self.retry_after = retry_after
        self.after_lost_try = False

    def facts(self) -> dict[str, t.Any]:
        return {
            "error": {
                "action": self.action,
                "code": self.code,
                "message": self.detail,
                "http_status": self.status,
                "request_id": self.request_id,
                "endpoint": self.endpoint,
            }
        }
