# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw requests with the older signature, of their own making: no line is the emulator's or the SDK's."""

from __future__ import annotations

import base64
import hmac
import time
import typing as t
import urllib.parse
import uuid
from dataclasses import dataclass, field

from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import ALB, RawClient, Reply


@dataclass
class RpcClient:
    """Signs HMAC-SHA1 in RPC style as it is described, and lets a test get any part of it wrong."""

    endpoint: str
    access_key_id: str = "LTAI-emulator"
    secret: str = "emulator-secret"
    token: str | None = None
    common: dict[str, str | None] = field(default_factory=dict)
    """Put in place of what would be sent; None: left out. Signature is put in after signing."""

    def call(
        self,
        action: str,
        parameters: t.Mapping[str, object] | None = None,
        *,
        version: str = ALB,
        method: str = "POST",
        form: t.Mapping[str, object] | None = None,
        all_in_form: bool = False,
    ) -> Reply:
        """:param all_in_form: the signature and what belongs to it travels there, too"""
        query, body = self.prepare(
            action, parameters, version=version, method=method, form=form, all_in_form=all_in_form
        )
        return self.send(method, query, body)

    def prepare(
        self,
        action: str,
        parameters: t.Mapping[str, object] | None = None,
        *,
        version: str = ALB,
        method: str = "POST",
        form: t.Mapping[str, object] | None = None,
        all_in_form: bool = False,
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Query and form, signed."""
        wanted: dict[str, str | None] = {
            "Action": action,
            "Version": version,
            "Format": "JSON",
            "AccessKeyId": self.access_key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
            "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "SecurityToken": self.token,
            **{name: value for name, value in self.common.items() if name != "Signature"},
        }
        query = [(name, value) for name, value in wanted.items() if value is not None]
        query += [(name, str(value)) for name, value in (parameters or {}).items()]
        body = [(name, str(value)) for name, value in (form or {}).items()]
        if all_in_form:
            query, body = [], query + body
        canonical = "&".join(sorted(f"{_escaped(name)}={_escaped(value)}" for name, value in query + body))
        to_sign = "&".join((method, _escaped("/"), _escaped(canonical)))
        digest = hmac.digest((self.secret + "&").encode(), to_sign.encode(), "sha1")
        signature = self.common.get("Signature", base64.b64encode(digest).decode())
        if signature is not None:
            (body if all_in_form else query).append(("Signature", signature))
        return query, body

    def send(self, method: str, query: t.Sequence[tuple[str, str]], body: t.Sequence[tuple[str, str]] = ()) -> Reply:
        target = f"/?{urllib.parse.urlencode(query)}" if query else "/"
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        return RawClient(self.endpoint).send(method, target, headers, urllib.parse.urlencode(body).encode())


def _escaped(text: str) -> str:
    return urllib.parse.quote_plus(text).replace("+", "%20").replace("*", "%2A").replace("%7E", "~")
