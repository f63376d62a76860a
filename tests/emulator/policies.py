# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TLS security policies of ALB. Cipher names are OpenSSL's up to TLS 1.2, IANA's for TLS 1.3."""

from __future__ import annotations

import typing as t

_ECDHE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-ECDSA-AES256-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-RSA-AES256-SHA384",
)
_RSA = ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA256", "AES256-SHA256")
_ECDHE_SHA = (
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA",
)
_RSA_SHA = ("AES128-SHA", "AES256-SHA", "DES-CBC3-SHA")
_TLS13 = (
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_CCM_SHA256",
    "TLS_AES_128_CCM_8_SHA256",
)
_ALL = _ECDHE + _RSA + _ECDHE_SHA + _RSA_SHA
_STRICT = _ECDHE + _ECDHE_SHA


class SecurityPolicy(t.NamedTuple):
    tls_versions: tuple[str, ...]
    ciphers: tuple[str, ...]

    @property
    def tls13(self) -> bool:
        return "TLSv1.3" in self.tls_versions

    @property
    def ciphers_below_tls13(self) -> tuple[str, ...]:
        return tuple(cipher for cipher in self.ciphers if cipher not in _TLS13)


DEFAULT_POLICY = "tls_cipher_policy_1_0"
SYSTEM_POLICIES: dict[str, SecurityPolicy] = {
    "tls_cipher_policy_1_0": SecurityPolicy(("TLSv1.0", "TLSv1.1", "TLSv1.2"), _ALL),
    "tls_cipher_policy_1_1": SecurityPolicy(("TLSv1.1", "TLSv1.2"), _ALL),
    "tls_cipher_policy_1_2": SecurityPolicy(("TLSv1.2",), _ALL),
    "tls_cipher_policy_1_2_strict": SecurityPolicy(("TLSv1.2",), _STRICT),
    "tls_cipher_policy_1_2_strict_with_1_3": SecurityPolicy(("TLSv1.2", "TLSv1.3"), _STRICT + _TLS13),
    "tls_cipher_policy_1_0_to_1_3": SecurityPolicy(("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"), _ALL + _TLS13),
}
SWITCHED_POLICY = "tls_cipher_policy_1_0_to_1_3"
"""Of 2026, and for an edition whose name in the API is unknown: there only by the switch policy_1_0_to_1_3."""
CIPHERS: dict[str, tuple[str, ...]] = {
    "TLSv1.0": _ECDHE_SHA + _RSA_SHA,
    "TLSv1.1": _ECDHE_SHA + _RSA_SHA,
    "TLSv1.2": _ALL,
    "TLSv1.3": _TLS13,
}
"""TLS version -> ciphers that a custom policy with that version can have."""
