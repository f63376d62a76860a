# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers as they travel: query and form parameters in, JSON out. Knows no action."""

from __future__ import annotations

import functools
import json
import typing as t
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

from .errors import ApiRefusal

Pairs = tuple[tuple[str, str], ...]

RPC_PARAMETERS = frozenset(
    {
        "AccessKeyId",
        "Action",
        "Format",
        "SecurityToken",
        "Signature",
        "SignatureMethod",
        "SignatureNonce",
        "SignatureType",
        "SignatureVersion",
        "Timestamp",
        "Version",
    }
)
"""Those of the request itself, when it is signed the older way; not of its action."""
SECRET_PARAMETERS = frozenset({"Key", "PrivateKey", "EncryptPrivateKey", "SignPrivateKey"})
REDACTED = "[PRIVATE-KEY-REDACTED]"
REDACTED_TOKEN = "[SECURITY-TOKEN-REDACTED]"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class WireRequest:
    """One HTTP request to the API. Header names are in lower case; of a repeated header the last one counts."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Pairs
    form: Pairs
    body: bytes = field(repr=False)
    site: str = ""
    """Site of CAS that host name or port stand for; empty: that of the load balancers."""

    @classmethod
    def decode(cls, method: str, target: str, headers: Mapping[str, str], body: bytes, site: str = "") -> WireRequest:
        """:param target: path and query, percent-encoded, as in the request line"""
        path, _mark, raw_query = target.partition("?")
        query = tuple(parse_qsl(raw_query, keep_blank_values=True, errors="replace"))
        form: Pairs = ()
        if body and headers.get("content-type", _FORM).split(";", 1)[0].strip().lower() == _FORM:
            form = tuple(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))
        return cls(method, path, headers, query, form, body, site)

    @functools.cached_property
    def rpc(self) -> Mapping[str, str] | None:
        """The parameters of the older signature; None if the request is not signed that way."""
        if self.headers.get("authorization"):
            return None
        sent = {name: value for name, value in self.query + self.form if name in RPC_PARAMETERS}
        return sent if sent.keys() & {"Signature", "SignatureMethod", "AccessKeyId"} else None

    @property
    def action(self) -> str:
        if self.rpc is not None:
            return self.rpc.get("Action", "")
        return self.headers.get("x-acs-action", "")

    @property
    def version(self) -> str:
        if self.rpc is not None:
            return self.rpc.get("Version", "")
        return self.headers.get("x-acs-version", "")

    @property
    def parameters(self) -> dict[str, str]:
        """Those of the action, query and form merged, by name as sent."""
        return dict(self.query_of_action + self.form_of_action)

    @property
    def query_of_action(self) -> Pairs:
        return self._of_action(self.query)

    @property
    def form_of_action(self) -> Pairs:
        return self._of_action(self.form)

    @property
    def safe_parameters(self) -> dict[str, str]:
        """As `parameters`, without private keys."""
        return dict(redacted(self.query_of_action + self.form_of_action))

    def _of_action(self, pairs: Pairs) -> Pairs:
        if self.rpc is None:
            return pairs
        return tuple(pair for pair in pairs if pair[0] not in RPC_PARAMETERS)

    @property
    def safe_url(self) -> str:
        """
        Path and query, without private keys.

        A key that travelled in the URL shows as REDACTED: the log tells of the sin without repeating it.
        """
        return f"{self.path}?{urlencode(redacted(self.query))}" if self.query else self.path


def redacted(pairs: Pairs) -> Pairs:
    """Replace what is, or looks like, a private key, and the token that travels with the older signature."""
    return tuple((name, _redacted(name, value)) for name, value in pairs)


def _redacted(name: str, value: str) -> str:
    if value and (name in SECRET_PARAMETERS or "PRIVATE KEY" in value):
        return REDACTED
    return REDACTED_TOKEN if name == "SecurityToken" else value


@dataclass(frozen=True)
class WireAnswer:
    """One HTTP answer; `code` is the error code, or empty, `rule` the key in invented.INVENTED, or empty."""

    status: int
    body: bytes
    code: str = ""
    request_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    rule: str = ""


def new_request_id() -> str:
    return str(uuid.uuid4()).upper()


def success(request_id: str, fields: Mapping[str, t.Any]) -> WireAnswer:
    body = {"RequestId": request_id, **fields}
    return WireAnswer(200, json.dumps(body, ensure_ascii=False).encode(), request_id=request_id)


def failure(request_id: str, refusal: ApiRefusal, *, product: str, host: str) -> WireAnswer:
    """The error body with all five keys, and x-acs-retry-after if there is something to wait for."""
    troubleshoot = "https://api.aliyun.com/troubleshoot"
    body = {
        "RequestId": request_id,
        "HostId": host,
        "Code": refusal.code,
        "Message": refusal.message,
        "Recommend": f"{troubleshoot}?q={quote(refusal.code, safe='')}&product={product}&requestId={request_id}",
    }
    headers = {} if refusal.retry_after_ms is None else {"x-acs-retry-after": str(refusal.retry_after_ms)}
    encoded = json.dumps(body, ensure_ascii=False).encode()
    return WireAnswer(refusal.status, encoded, refusal.code, request_id, headers, rule=refusal.rule)
