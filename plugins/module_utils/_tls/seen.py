# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What one handshake, and several of them, have shown of an endpoint. Plain data."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .._core.plain import as_plain
from .._x509.names import covers

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from .._x509.pem import Certificate

VERSIONS = ("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3")
KeyType = t.Literal["rsa", "ecdsa"]
# As the facts of a certificate call such a key.
ALGORITHMS: dict[KeyType, str] = {"rsa": "RSA", "ecdsa": "ECC"}
# What servers akin to nginx answer with when they want a certificate and do not break the connection off.
_REFUSALS = (400, 495, 496)
_H3 = re.compile(r'(?:^|,)\s*h3="([^"]*)"')


@dataclass(frozen=True)
class Asked:
    """
    What a client asks for.

    :param server_name: in normal form.
    :param key_type: None if the server has the choice.
    """

    server_name: str
    key_type: KeyType | None = None

    @property
    def title(self) -> str:
        return f"{self.server_name} ({self.key_type})" if self.key_type else self.server_name


@dataclass(frozen=True)
class Answer:
    """
    What an HTTP request got.

    :param status: None without an answer.
    :param error: why there is none.
    """

    status: int | None = None
    alt_svc: str | None = None
    error: str | None = None

    @property
    def h3(self) -> tuple[str, ...]:
        """Where HTTP/3 is offered, as C(Alt-Svc) tells (RFC 7838)."""
        return tuple(_H3.findall(self.alt_svc or ""))

    @property
    def refused(self) -> bool:
        """Whether it is how a client certificate is asked for, or refused, without an alert."""
        return self.status in _REFUSALS

    def to_dict(self) -> dict[str, t.Any]:
        return {"status": self.status, "alt_svc": self.alt_svc, "h3": list(self.h3), "error": self.error}


@dataclass(frozen=True)
class Handshake:
    """
    One handshake, as far as it went.

    :param peer: IP address and port; None without a connection.
    :param error: why it was not finished.
    :param chain: as the server sent it, its own certificate first; empty if it did not get that far.
    :param requested: whether the server asked for a client certificate.
    :param issuers: of client certificates, as the server tells; RFC 4514.
    :param answered: whether there was a connection, or over QUIC anything that came back.
    """

    peer: str | None = None
    error: str | None = None
    version: str | None = None
    cipher: str | None = None
    alpn: str | None = None
    chain: tuple[Certificate, ...] = ()
    requested: bool = False
    issuers: tuple[str, ...] = ()
    answered: bool = True

    @property
    def reached(self) -> bool:
        return bool(self.chain)

    @property
    def leaf(self) -> str | None:
        """SHA-256 fingerprint."""
        return self.chain[0].facts.sha256 if self.chain else None

    def essence(self) -> tuple[object, ...]:
        """What handshakes with nodes of the same configuration have in common."""
        return (self.leaf, self.version, self.alpn, self.requested)


@dataclass(frozen=True)
class ClientOutcome:
    """What becomes of clients with and without a certificate; None for what was not tried."""

    requested: bool
    accepted_issuers: tuple[str, ...] = ()
    without_error: str | None = None
    with_error: str | None = None
    tried_without: bool = False
    tried_with: bool = False

    @property
    def without(self) -> str | None:
        return _fate(self.tried_without, self.without_error)

    @property
    def with_given(self) -> str | None:
        return _fate(self.tried_with, self.with_error)

    def to_dict(self) -> dict[str, t.Any]:
        return {
            "requested": self.requested,
            "without": self.without,
            "without_error": self.without_error,
            "with": self.with_given,
            "with_error": self.with_error,
            "accepted_issuers": list(self.accepted_issuers),
        }


def _fate(tried: bool, error: str | None) -> str | None:
    if not tried:
        return None
    return "served" if error is None else "refused"


@dataclass(frozen=True)
class Row:
    """
    What is known of a name and a kind of key.

    :param key_type: None if the server had the choice.
    :param handshakes: at least one.
    :param verify_error: None if the chain is verified.
    :param client: None over QUIC, and if the endpoint was not reached.
    :param versions: None if not looked for.
    :param ciphers: None if not looked for.
    """

    server_name: str
    key_type: KeyType | None
    transport: str
    handshakes: tuple[Handshake, ...]
    verify_error: str | None = None
    client: ClientOutcome | None = None
    http: Answer | None = None
    versions: dict[str, bool | None] | None = field(default=None)
    ciphers: dict[str, list[str]] | None = field(default=None)

    @property
    def asked(self) -> Asked:
        return Asked(self.server_name, self.key_type)

    @property
    def last(self) -> Handshake:
        return self.handshakes[-1]

    @property
    def agreed(self) -> bool:
        return len({each.essence() for each in self.handshakes}) == 1

    @property
    def leaves(self) -> list[str]:
        return list(dict.fromkeys(each.leaf for each in self.handshakes if each.leaf is not None))

    @property
    def covers_server_name(self) -> bool | None:
        return covers(self.last.chain[0].facts.names, self.server_name) if self.last.chain else None

    @property
    def verified(self) -> bool | None:
        return self.verify_error is None if self.last.reached else None

    def to_dict(self) -> dict[str, t.Any]:
        """As the module answers it."""
        last = self.last
        return {
            "server_name": self.server_name,
            "key_type": self.key_type,
            "transport": self.transport,
            "peer": last.peer,
            "reached": last.reached,
            "error": last.error,
            "attempts": len(self.handshakes),
            "agreed": self.agreed,
            "leaves": self.leaves,
            "version": last.version,
            "cipher": last.cipher,
            "alpn": last.alpn,
            "chain": [each.facts.to_dict() for each in last.chain],
            "verified": self.verified,
            "verify_error": self.verify_error,
            "covers_server_name": self.covers_server_name,
            "client_certificate": self.client.to_dict() if self.client else None,
            "http": self.http.to_dict() if self.http else None,
            "versions": as_plain(self.versions),
            "ciphers": as_plain(self.ciphers),
        }


def differing(handshakes: Sequence[Handshake]) -> str:
    """In words, what handshakes that do not agree have shown."""
    shown = dict.fromkeys(
        f"{each.leaf or 'no certificate'} ({', '.join(filter(None, (each.version, each.alpn, each.error)))})"
        for each in handshakes
    )
    return " and ".join(shown)
