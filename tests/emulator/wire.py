# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers as they travel: query and form parameters in, JSON out. Knows no action."""

from __future__ import annotations

import functools
import json
import re
import typing as t
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode

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
SECRET_PARAMETERS = frozenset({"key", "privatekey", "encryptprivatekey", "signprivatekey"})
"""Letters of their names in lower case; see `_names_a_secret`."""
CERTIFICATE_PARAMETERS = frozenset({"Cert", "EncryptCert", "SignCert"})
REDACTED = "[PRIVATE-KEY-REDACTED]"
REDACTED_BASE64 = "[LONG-BASE64-REDACTED]"
"""In place of what may be a key without its heading."""
NO_WORD = "[NO-ACTION-NAME]"
REDACTED_TOKEN = "[SECURITY-TOKEN-REDACTED]"
_FORM = "application/x-www-form-urlencoded"
_ORIGIN = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9_.]{1,60}")
_HEADING = re.compile(r"private[\W_]{1,16}key", re.IGNORECASE)
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----")
_BASE64 = re.compile(r"[A-Za-z0-9+/=_-]+")
# What comes between the lines of a key: also as JSON escapes it, and the blank that a form makes of a plus sign.
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/=_-]+(?:(?:\s|\\u00[0-9A-Fa-f]{2}|\\[nrt]?)+[A-Za-z0-9+/=_-]+)*")
_LONG = 60
_LONG_LINE = 16
"""In a run of several pieces one has to be this long, or it is words."""
_LAYERS = 8
"""How often something may be percent-encoded."""


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
        """:param target: path and query, percent-encoded, or a whole URL, as in the request line"""
        origin = _ORIGIN.match(target)
        if origin is not None:
            # As clients write it to a proxy. What is signed is the path.
            target = target[origin.end() :]
            target = target if target.startswith("/") else f"/{target}"
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

    @property
    def safe_action(self) -> str:
        """As `action`, if it can be the name of one."""
        return redacted_word(self.action)

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
        path = redacted_text(self.path)
        return f"{path}?{urlencode(redacted(self.query))}" if self.query else path


def redacted(pairs: Pairs) -> Pairs:
    """Replace what is, or looks like, a private key, and the token that travels with the older signature."""
    return tuple(_redacted(name, value) for name, value in pairs)


def redacted_text(text: str) -> str:
    """The text, or what is shown in its place if there is, or may be, a private key in it."""
    layers = _layers(text)
    if layers is None or any(_HEADING.search(layer) for layer in layers):
        return REDACTED
    return REDACTED_BASE64 if any(_has_long_base64(layer) for layer in layers) else text


def redacted_word(text: str) -> str:
    """As `redacted_text`, for what is the name of an action or nothing that needs to be shown."""
    return redacted_text(text) if not text or _WORD.fullmatch(text) else NO_WORD


def _redacted(name: str, value: str) -> tuple[str, str]:
    # Names such as private_key are no secret, however they look.
    safe_name = name if _WORD.fullmatch(name) and not _has_long_base64(name) else redacted_text(name)
    if name == "SecurityToken":
        return name, REDACTED_TOKEN
    if not value:
        return safe_name, value
    if _names_a_secret(name):
        return safe_name, REDACTED
    if safe_name != name:
        # A body that is no form falls apart at any equals sign.
        return safe_name, safe_name
    if name not in CERTIFICATE_PARAMETERS:
        return safe_name, redacted_text(value)
    rest = _BLOCK.sub("\n.\n", value)
    safe = redacted_text(rest)
    return safe_name, value if safe == rest else safe


def _names_a_secret(name: str) -> bool:
    for layer in _layers(name) or ():
        letters = "".join(character for character in layer.lower() if "a" <= character <= "z")
        if letters in SECRET_PARAMETERS or ("private" in letters and "key" in letters):
            return True
    return False


def _layers(text: str) -> list[str] | None:
    """The text, and what it is when percent-decoded again and again; None: there is no end to it."""
    layers = [text]
    for _layer in range(_LAYERS):
        decoded = unquote(layers[-1], errors="replace")
        if decoded == layers[-1]:
            return layers
        layers.append(decoded)
    return None


def _has_long_base64(text: str) -> bool:
    for run in _BASE64_RUN.finditer(text):
        lengths = [len(piece) for piece in _BASE64.findall(run.group())]
        if sum(lengths) >= _LONG and max(lengths) >= _LONG_LINE:
            return True
    return False


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
