# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
The gateway: signatures, their date and their nonce.

ACS3-HMAC-SHA256, which is in headers, and the older one of RPC style, HMAC-SHA1, which is in the parameters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import quote

from .clock import Clock
from .errors import malformed, missing, refusal
from .invented import invented
from .settings import Account, Settings
from .wire import WireRequest

ALGORITHM = "ACS3-HMAC-SHA256"
RPC_ALGORITHM = "HMAC-SHA1"
_MUST_BE_SIGNED = (
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
)


@dataclass
class Gateway:
    """Lets signed requests in. Remembers nonces for as long as a date is accepted."""

    clock: Clock
    nonces: dict[str, float] = field(default_factory=dict)

    def admit(self, request: WireRequest, settings: Settings) -> Account:
        """
        :return: the account that signed
        :raises ApiRefusal: for anything that is not right; then the nonce is not used up
        """
        if request.method not in ("GET", "POST"):
            raise refusal("UnsupportedHTTPMethod", request.method)
        if request.rpc is not None:
            return self._admit_rpc(request, request.rpc, settings)
        for header in ("x-acs-action", "x-acs-version"):
            if not request.headers.get(header):
                raise missing(header.removeprefix("x-acs-").capitalize())
        claims = _claims(request.headers)
        account = _account(settings, claims.access_key_id)
        self._check_date(request.headers.get("x-acs-date", ""), settings.signature_window)
        _check_signature(request, claims, account)
        _check_token(request.headers.get("x-acs-security-token", ""), account)
        self._use_nonce(f"{account.access_key_id}/{request.headers['x-acs-signature-nonce']}", settings)
        return account

    def _admit_rpc(self, request: WireRequest, sent: Mapping[str, str], settings: Settings) -> Account:
        """As `admit`, for the older signature."""
        for name in (
            "Action",
            "Version",
            "AccessKeyId",
            "SignatureMethod",
            "SignatureVersion",
            "SignatureNonce",
            "Timestamp",
            "Signature",
        ):
            if not sent.get(name):
                raise missing(name)
        if sent["SignatureMethod"] != RPC_ALGORITHM or sent.get("SignatureType"):
            raise refusal("InvalidSignatureMethod")
        if sent["SignatureVersion"] != "1.0":
            raise malformed("SignatureVersion")
        if sent.get("Format", "JSON").upper() != "JSON":
            raise refusal("InvalidParameter.Format")
        account = _account(settings, sent["AccessKeyId"])
        self._check_date(sent["Timestamp"], settings.signature_window)
        _check_rpc_signature(request, sent["Signature"], account)
        _check_token(sent.get("SecurityToken", ""), account)
        self._use_nonce(f"{account.access_key_id}/{sent['SignatureNonce']}", settings)
        return account

    def _check_date(self, text: str, window: float) -> None:
        try:
            date = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        except ValueError as exc:
            raise refusal("InvalidTimeStamp.Format") from exc
        if abs(self.clock.gateway_now() - date.timestamp()) > window:
            raise refusal("InvalidTimeStamp.Expired")

    def _use_nonce(self, nonce: str, settings: Settings) -> None:
        now = self.clock.now()
        used = self.nonces.get(nonce)
        # A date may be off to both sides, so a request can be valid for twice the window.
        lifetime = 2 * settings.signature_window
        if used is not None and now - used <= lifetime:
            raise refusal("SignatureNonceUsed")
        self.nonces.pop(nonce, None)
        self.nonces[nonce] = now
        while self.nonces:
            oldest = next(iter(self.nonces))
            if now - self.nonces[oldest] <= lifetime:
                break
            del self.nonces[oldest]


@dataclass(frozen=True)
class _Claims:
    access_key_id: str
    signed_headers: tuple[str, ...]
    signature: str


def _claims(headers: Mapping[str, str]) -> _Claims:
    scheme, _blank, rest = headers.get("authorization", "").strip().partition(" ")
    if scheme != ALGORITHM:
        raise refusal("IncompleteSignature", f"Authorization must begin with {ALGORITHM}.")
    parts: dict[str, str] = {}
    for part in rest.split(","):
        name, _equals, value = part.strip().partition("=")
        parts[name] = value
    if not all(parts.get(name) for name in ("Credential", "SignedHeaders", "Signature")):
        raise refusal("IncompleteSignature", "Authorization must have Credential, SignedHeaders and Signature.")
    signed = tuple(parts["SignedHeaders"].split(";"))
    wanted = [*_MUST_BE_SIGNED, *(name for name in headers if name.startswith("x-acs-"))]
    for name in wanted:
        if name not in headers or name not in signed:
            raise invented("signed-headers", f"The header {name} must be there and signed.")
    return _Claims(parts["Credential"], signed, parts["Signature"])


def _account(settings: Settings, access_key_id: str) -> Account:
    account = next((each for each in settings.accounts if each.access_key_id == access_key_id), None)
    if account is None:
        raise refusal("InvalidAccessKeyId.NotFound")
    if not account.active:
        raise refusal("InvalidAccessKeyId.Inactive")
    return account


def _check_token(token: str, account: Account) -> None:
    if account.security_token is not None and not token:
        raise missing("SecurityToken")
    if (token or None) != account.security_token:
        raise invented("security-token", "The security token does not belong to the access key.")


def _check_rpc_signature(request: WireRequest, signature: str, account: Account) -> None:
    """What is signed is all parameters, wherever they travel."""
    pairs = sorted(pair for pair in request.query + request.form if pair[0] != "Signature")
    query = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in pairs)
    to_sign = f"{request.method}&%2F&{_encode(query)}"
    digest = hmac.new(f"{account.access_key_secret}&".encode(), to_sign.encode(), hashlib.sha1).digest()
    if not hmac.compare_digest(base64.b64encode(digest), signature.encode()):
        raise refusal("SignatureDoesNotMatch", "")


def _check_signature(request: WireRequest, claims: _Claims, account: Account) -> None:
    payload = hashlib.sha256(request.body).hexdigest()
    if not hmac.compare_digest(payload.encode(), request.headers["x-acs-content-sha256"].encode()):
        raise refusal("SignatureDoesNotMatch", "The body does not have the hash of x-acs-content-sha256.")
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in claims.signed_headers)
    query = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(request.query))
    canonical = "\n".join(
        (request.method, request.path, query, headers, ";".join(claims.signed_headers), payload)
    ).encode()
    wanted = f"{ALGORITHM}\n{hashlib.sha256(canonical).hexdigest()}"
    signature = hmac.new(account.access_key_secret.encode(), wanted.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature.encode(), claims.signature.encode()):
        raise refusal("SignatureDoesNotMatch", "")


def _encode(value: str) -> str:
    return quote(value, safe="~")
