# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of API calls. Private keys do not get in."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass
from urllib.parse import unquote

from .wire import REDACTED, WireAnswer, WireRequest, redacted, redacted_text


@dataclass(frozen=True)
class Call:
    """One API call and how it ended."""

    number: int
    time: str
    action: str
    version: str
    method: str
    parameters: dict[str, str]
    """As sent, private keys redacted."""
    in_query: tuple[str, ...]
    """Names of the parameters that travelled in the URL."""
    in_body: tuple[str, ...]
    """Names of the parameters that travelled in the body."""
    url: str
    """Path and query, private keys redacted."""
    access_key_id: str
    http_status: int
    """0: the connection was reset."""
    code: str
    """Error code, or empty."""
    rule: str
    """Key of the rule in invented.INVENTED, if the code is made up; else empty."""
    request_id: str
    milliseconds: float

    @property
    def private_key_in_url(self) -> bool:
        return REDACTED in unquote(self.url)

    def to_dict(self) -> dict[str, t.Any]:
        fields = dataclasses.asdict(self)
        del fields["url"]
        return fields

    def line(self) -> str:
        """One line for people."""
        outcome = (self.code or "ok") + (f" (invented: {self.rule})" if self.rule else "")
        names = ", ".join(f"{name}={_short(value)}" for name, value in self.parameters.items() if name != "ClientToken")
        return f"{self.method} {self.action or '-'} {self.http_status} {outcome} {self.milliseconds:.1f}ms {names}"


def log_entry(
    number: int, time: str, request: WireRequest, answer: WireAnswer, *, account: str, milliseconds: float
) -> Call:
    return Call(
        number=number,
        time=time,
        action=request.safe_action,
        version=redacted_text(request.version),
        method=redacted_text(request.method),
        parameters=request.safe_parameters,
        in_query=tuple(name for name, _value in redacted(request.query_of_action)),
        in_body=tuple(name for name, _value in redacted(request.form_of_action)),
        url=request.safe_url,
        access_key_id=account,
        http_status=answer.status,
        code=answer.code,
        rule=answer.rule,
        request_id=answer.request_id,
        milliseconds=round(milliseconds, 3),
    )


def _short(value: str) -> str:
    first = value.split("\n", 1)[0]
    return first if len(first) <= 40 and first == value else f"{first[:37]}..."
