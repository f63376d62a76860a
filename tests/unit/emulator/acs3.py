# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw requests with a signature of their own making: shares no line with the emulator, and none with the SDK."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
import typing as t
import urllib.parse
import uuid
from dataclasses import dataclass, field

ALB = "2020-06-16"
CAS = "2020-04-07"


@dataclass
class Reply:
    status: int
    body: dict[str, t.Any]
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """Error code, or "ok"."""
        return str(self.body.get("Code", "ok"))


@dataclass
class RawClient:
    """Signs ACS3-HMAC-SHA256 as it is described, and lets a test get any part of it wrong."""

    endpoint: str
    access_key_id: str = "LTAI-emulator"
    secret: str = "emulator-secret"
    token: str | None = None
    headers: dict[str, str | None] = field(default_factory=dict)
    """Put in place of what would be sent; None: left out."""

    def call(
        self,
        action: str,
        parameters: t.Mapping[str, object] | None = None,
        *,
        version: str = ALB,
        method: str = "POST",
        form: t.Mapping[str, object] | None = None,
        authorization: str | None = None,
        spoil_body: bool = False,
    ) -> Reply:
        target, headers, body = self.prepare(action, parameters, version=version, method=method, form=form)
        if authorization is not None:
            headers["Authorization"] = authorization
        if spoil_body:
            body += b"&Extra=1"
        return self.send(method, target, headers, body)

    def prepare(
        self,
        action: str,
        parameters: t.Mapping[str, object] | None = None,
        *,
        version: str = ALB,
        method: str = "POST",
        form: t.Mapping[str, object] | None = None,
    ) -> tuple[str, dict[str, str], bytes]:
        escape = urllib.parse.quote
        body = urllib.parse.urlencode({k: str(v) for k, v in (form or {}).items()}).encode()
        digest = hashlib.sha256(body).hexdigest()
        wanted: dict[str, str | None] = {
            "host": self.endpoint,
            "x-acs-action": action,
            "x-acs-version": version,
            "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": digest,
        }
        if form is not None:
            wanted["content-type"] = "application/x-www-form-urlencoded"
        if self.token is not None:
            wanted["x-acs-security-token"] = self.token
        wanted.update(self.headers)
        headers = {name: value for name, value in wanted.items() if value is not None}
        sent = {name: str(value) for name, value in (parameters or {}).items()}
        query = "&".join(f"{escape(name, safe='-_.~')}={escape(sent[name], safe='-_.~')}" for name in sorted(sent))
        names = sorted(headers)
        lines = [method, "/", query, *(f"{name}:{headers[name]}" for name in names), "", ";".join(names), digest]
        to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256("\n".join(lines).encode()).hexdigest()
        signature = hmac.new(self.secret.encode(), to_sign.encode(), "sha256").hexdigest()
        headers["Authorization"] = (
            f"ACS3-HMAC-SHA256 Credential={self.access_key_id},SignedHeaders={';'.join(names)},Signature={signature}"
        )
        return (f"/?{query}" if query else "/"), headers, body

    def send(self, method: str, target: str, headers: t.Mapping[str, str], body: bytes = b"") -> Reply:
        connection = http.client.HTTPConnection(self.endpoint, timeout=10)
        try:
            connection.request(method, target, body=body, headers=dict(headers))
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        return Reply(response.status, json.loads(content), {k.lower(): v for k, v in response.getheaders()})
