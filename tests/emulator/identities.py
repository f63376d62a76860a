# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a listener's certificates a client gets: first by name, then by what the client can verify."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from .certificates import load_key


@dataclass(frozen=True)
class Identity:
    """A server certificate with its key. `names` are its DNS names, `algorithm` is RSA or ECC."""

    certificate_id: str
    algorithm: str
    names: tuple[str, ...]
    chain_pem: str = field(repr=False)
    key_pem: str = field(repr=False)

    @functools.cached_property
    def key(self) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
        return load_key(self.key_pem)

    @functools.cached_property
    def pkcs8_pem(self) -> bytes:
        """The key in a form that OpenSSL takes; what was uploaded may have a wrong heading."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


@dataclass(frozen=True)
class Identities:
    """All that a listener serves."""

    default: tuple[Identity, ...]
    additional: tuple[Identity, ...] = ()

    @functools.cached_property
    def _by_name(self) -> dict[str, tuple[Identity, ...]]:
        found: dict[str, list[Identity]] = {}
        for identity in (*self.additional, *self.default):
            for name in identity.names:
                found.setdefault(normal_name(name), []).append(identity)
        return {name: _one_per_algorithm(each) for name, each in found.items()}

    def for_name(self, server_name: str | None) -> tuple[Identity, ...]:
        """
        Those for a name, at most one RSA and one ECC.

        An exact match goes before a wildcard, whose star stands for one label; without a match it is the default.
        Additional and default certificates are looked through alike: with an RSA default and an additional ECC
        certificate of the same name the client has the choice.

        :param server_name: SNI of the client, None if it sent none
        """
        name = normal_name(server_name or "")
        return self._by_name.get(name) or self._by_name.get(f"*.{name.partition('.')[2]}") or self.default


def normal_name(name: str) -> str:
    return name.lower().rstrip(".")


def _one_per_algorithm(identities: Iterable[Identity]) -> tuple[Identity, ...]:
    """The first of each, ECC in front: who can verify both gets that."""
    first: dict[str, Identity] = {}
    for identity in identities:
        first.setdefault(identity.algorithm, identity)
    return tuple(first[algorithm] for algorithm in ("ECC", "RSA") if algorithm in first)
