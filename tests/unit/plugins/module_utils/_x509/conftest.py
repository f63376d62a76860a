# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One public key infrastructure per test session; making keys is what takes time."""

from __future__ import annotations

import types

import pytest
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import Issued, issue
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa


@pytest.fixture(scope="session")
def chain() -> tuple[Issued, ...]:
    """Leaf, two intermediates, root."""
    root = issue("Acme Root", ca=True)
    upper = issue("Acme Upper CA", issuer=root, ca=True)
    lower = issue("Acme Lower CA", issuer=upper, ca=True)
    leaf = issue("www.example.com", issuer=lower, names=["www.example.com"], ca=False)
    return leaf, lower, upper, root


@pytest.fixture(scope="session")
def leaf(chain: tuple[Issued, ...]) -> Issued:
    return chain[0]


@pytest.fixture(scope="session")
def other(chain: tuple[Issued, ...]) -> Issued:
    """Another leaf of the same issuer."""
    return issue("other.example.com", issuer=chain[1], names=["other.example.com"])


@pytest.fixture(scope="session")
def stranger() -> Issued:
    """The CA of somebody else."""
    return issue("Other Root", ca=True)


@pytest.fixture(scope="session")
def rsa_leaf() -> Issued:
    return issue("rsa.example.com", key=rsa.generate_private_key(65537, 2048), names=["rsa.example.com"])


@pytest.fixture(scope="session")
def kinds(rsa_leaf: Issued) -> types.SimpleNamespace:
    """Self-signed leaves, one per kind of key."""
    return types.SimpleNamespace(
        rsa1024=issue("rsa1024", key=rsa.generate_private_key(65537, 1024)),  # noqa: S505 (has to be refused)
        rsa2048=rsa_leaf,
        rsa4096=issue("rsa4096", key=rsa.generate_private_key(65537, 4096)),
        p256=issue("p256", key=ec.generate_private_key(ec.SECP256R1())),
        p384=issue("p384", key=ec.generate_private_key(ec.SECP384R1())),
        p521=issue("p521", key=ec.generate_private_key(ec.SECP521R1())),
        dsa=issue("dsa", key=dsa.generate_private_key(1024)),  # noqa: S505 (has to be refused)
        ed25519=issue("ed25519", key=ed25519.Ed25519PrivateKey.generate()),
        ed448=issue("ed448", key=ed448.Ed448PrivateKey.generate()),
    )
