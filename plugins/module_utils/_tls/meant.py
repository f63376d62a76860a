# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The certificates that a listener is meant to serve: what to ask it for, and whether it serves them. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from .._core.errors import InputError
from .._x509.facts import CertificateFacts
from .._x509.names import is_host_name, matches, normalise_name
from .place import is_address
from .seen import ALGORITHMS, Asked

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .seen import Handshake, KeyType

# Stands for the hosts that a wildcard is good for.
WILDCARD_LABEL = "wildcard-check"
# A sentence names no more certificates than that.
_MOST_NAMED = 5


@dataclass(frozen=True)
class Meant:
    """
    All certificates of a listener, the default ones and the others.

    :param certificates: at least one; their names are in normal form.
    """

    certificates: tuple[CertificateFacts, ...]

    @classmethod
    def of(cls, given: Sequence[Mapping[str, t.Any]]) -> Meant:
        """
        From what modules return.

        :raises InputError: if the fingerprint of one is not there, or is none.
        """
        return cls(tuple(dict.fromkeys(_facts(each, number) for number, each in enumerate(given))))

    def names(self, most: int) -> tuple[str, ...]:
        """
        Host names to ask for, each once, in the order of the certificates and of their names.

        A wildcard is asked for by one host. IP addresses are there for certificates that have nothing else.

        :param most: names of each certificate; 0 for all of them.
        """
        return tuple(dict.fromkeys(name for each in self.certificates for name in _names(each)[: most or None]))

    def asked(self, names: Iterable[str], key_types: Sequence[KeyType | None]) -> tuple[Asked, ...]:
        """
        What to ask for: by name, then by kind of key.

        :param key_types: of each name; those that the certificates have if empty.
        :raises InputError: if there is no certificate that could be served.
        """
        found = dict.fromkeys(Asked(name, kind) for name in names for kind in key_types or self.key_types(name))
        for each in found:
            if not self.candidates(each):
                raise InputError(
                    f"key_types has {each.key_type}, but none of until.certificates that is for {each.server_name} has"
                    " such a key. Leave key_types out to ask for the kinds of keys that they have."
                )
        return tuple(found)

    def key_types(self, name: str) -> tuple[KeyType | None, ...]:
        """
        The handshakes to make for a name: with each kind of key that the certificates for it have.

        Servers look for the name itself before they look for a wildcard, and so does this. None (any) is there for
        certificates whose kind of key is not known, and for names that no certificate is for.
        """
        exact = [each for each in self.certificates if name in each.names]
        algorithms = {each.algorithm for each in exact or self._covering(name)}
        kinds = [kind for kind, algorithm in ALGORITHMS.items() if algorithm in algorithms]
        return (*kinds,) if algorithms and algorithms <= set(ALGORITHMS.values()) else (None, *kinds)

    def candidates(self, asked: Asked) -> list[CertificateFacts]:
        """
        The certificates that may be served to such a client, as far as is known.

        For a name that none of them is for it is any of them: the listener's default is served then.
        """
        known = self._covering(asked.server_name)
        found = [each for each in self.certificates if each in known or not each.names] if known else self.certificates
        return [each for each in found if asked.key_type is None or each.algorithm not in _others(asked.key_type)]

    def problem(self, asked: Asked, handshake: Handshake) -> str | None:
        """How what is served differs; None if it does not. The endpoint is reached."""
        name, leaf = asked.server_name, handshake.chain[0].facts
        given = [each for each in self.certificates if each.sha256 == leaf.sha256]
        # What it is good for is known from itself if whoever gave it did not know all its names.
        good = any(each.covers(name) for each in (*given, leaf)) or not self._covering(name)
        right_key = asked.key_type is None or leaf.algorithm == ALGORITHMS[asked.key_type]
        if given and good and right_key:
            return None
        return f"the certificate is {_described(leaf)}, not {_one_of(self.candidates(asked))}"

    def _covering(self, name: str) -> list[CertificateFacts]:
        """Those that are known to be good for a name in normal form; by that alone, as there may be thousands."""
        patterns = [each for each in (name, f"*.{name.partition('.')[2]}") if matches(each, name)]
        return [each for each in self.certificates if any(pattern in each.names for pattern in patterns)]


def _facts(given: Mapping[str, t.Any], number: int) -> CertificateFacts:
    try:
        facts = CertificateFacts.from_dict(given)
    except InputError as error:
        which = f" ({given['id']})" if given.get("id") else ""
        raise InputError(
            f"until.certificates[{number}]{which}: {error.message} Modules for listeners return it so when they had"
            " nothing to do; alicloud.tls.cas_certificate_info tells all of it."
        ) from error
    return replace(facts, names=tuple(map(normalise_name, facts.names)))


def _names(certificate: CertificateFacts) -> list[str]:
    hosts = [f"{WILDCARD_LABEL}{name[1:]}" if name.startswith("*.") else name for name in certificate.names]
    # The CN of a certificate without other names may be anything; a wildcard's host may be too long to be one.
    possible = [name for name in hosts if is_host_name(name) and "*" not in name]
    return [name for name in possible if not is_address(name)] or possible


def _others(key_type: KeyType) -> set[str]:
    """Algorithms that are certainly not it."""
    return {algorithm for kind, algorithm in ALGORITHMS.items() if kind != key_type}


def _described(certificate: CertificateFacts) -> str:
    fingerprint = f"SHA-256 fingerprint {certificate.sha256}"
    if not certificate.subject and not certificate.names:
        return f"the one with the {fingerprint}"
    known = [certificate.algorithm] if certificate.algorithm != "unknown" else []
    known += [f"good until {certificate.expires}"] if certificate.expires else []
    return f"{certificate.title} ({', '.join([*known, fingerprint])})"


def _one_of(certificates: Sequence[CertificateFacts]) -> str:
    told = [_described(each) for each in certificates[:_MOST_NAMED]]
    if len(certificates) > _MOST_NAMED:
        told.append(f"{len(certificates) - _MOST_NAMED} more")
    return f"one of {', '.join(told)}" if len(told) > 1 else told[0]
