# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Whom a client trusts, and the certificate it shows itself."""

from __future__ import annotations

import sys
import typing as t
from dataclasses import dataclass, field

from .._core.errors import InputError, MissingLibraryError
from .._x509.pem import Certificate, match_key, normalise_private_key, read_certificates

try:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509.oid import ExtendedKeyUsageOID
    from OpenSSL import SSL, crypto
except (ImportError, AttributeError) as exc:  # pyOpenSSL says the latter of a cryptography that is too new for it
    PROBLEM: str | None = str(exc)
else:
    # The first version that lets choose the ciphers of TLS 1.3.
    PROBLEM = None if hasattr(SSL.Context, "set_tls13_ciphersuites") else "it is older than version 25.2"

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from .seen import KeyType


def need_openssl() -> None:
    """:raises MissingLibraryError: if pyOpenSSL could not be imported."""
    if PROBLEM is not None:
        raise MissingLibraryError(
            f"The Python package pyOpenSSL (25.2 or later) cannot be used by {sys.executable}: {PROBLEM}. Install the"
            " collection's requirements.txt for that interpreter, or in AWX use an execution environment that has it."
        )


@dataclass(frozen=True)
class ClientIdentity:
    """
    A client certificate with its chain and key.

    :raises InputError: if they cannot be used.
    """

    chain: tuple[Certificate, ...]
    key_pem: str = field(repr=False)

    @classmethod
    def read(cls, certificate: tuple[str, str], key: tuple[str, str]) -> ClientIdentity:
        """
        Both are PEM texts and what to call them.

        :raises InputError: if they cannot be used, or do not belong together.
        """
        text, source = certificate
        chain = read_certificates(text, source=source)
        match_key(chain[0], key[0], source=key[1])
        return cls(chain, normalise_private_key(key[0], source=key[1]))

    @property
    def key_type(self) -> KeyType | None:
        """The kind of its key, as signatures name it."""
        kinds: dict[str, KeyType] = {"RSA": "rsa", "ECC": "ecdsa"}
        return kinds.get(self.chain[0].facts.algorithm)

    def show(self, context: SSL.Context) -> None:
        """Have connections of a context show it when they are asked."""
        context.use_certificate(self.chain[0].parsed)
        for each in self.chain[1:]:
            context.add_extra_chain_cert(each.parsed)
        # The same kind of key as that of the certificate, or match_key() would have said so.
        context.use_privatekey(t.cast("t.Any", load_pem_private_key(self.key_pem.encode(), password=None)))


class Trust:
    """
    CA certificates.

    :param texts: PEM texts and what to call them; None for the CA certificates of the system.
    :raises InputError: if they cannot be read.
    """

    def __init__(self, texts: Sequence[tuple[str, str]] | None) -> None:
        if texts is None:
            # Where they are is known to contexts only. What a context gives away dies with it, so it is kept.
            self._context = SSL.Context(SSL.TLS_METHOD)
            self._context.set_default_verify_paths()
            store = self._context.get_cert_store()
            self._store = store if store is not None else crypto.X509Store()
            return
        self._store = crypto.X509Store()
        for text, source in texts:
            for each in read_certificates(text, source=source):
                self._store.add_cert(_native(each))
        # Whoever names an intermediate CA trusts it, not its issuer.
        self._store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)

    def problem(self, chain: Sequence[Certificate]) -> str | None:
        """Why a server's certificate cannot be verified; None if it can. Its names are not looked at."""
        leaf, others = chain[0], [_native(each) for each in chain[1:]]
        try:
            crypto.X509StoreContext(self._store, _native(leaf), others).verify_certificate()
        except crypto.X509StoreContextError as error:
            culprit = error.certificate.to_cryptography().subject.rfc4514_string()
            return f"{error} ({culprit or 'certificate without a subject'})"
        if not _for_servers(leaf.parsed):
            return f"its extended key usage does not let it be a server's ({leaf.facts.title})"
        return None


def _native(certificate: Certificate) -> crypto.X509:
    try:
        return crypto.X509.from_cryptography(certificate.parsed)
    except (crypto.Error, ValueError) as error:
        raise InputError(f"OpenSSL cannot read {certificate.facts.label()}: {error}.") from error


def _for_servers(certificate: x509.Certificate) -> bool:
    usages = (each.value for each in certificate.extensions if isinstance(each.value, x509.ExtendedKeyUsage))
    usage = next(usages, None)
    wanted = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    return usage is None or any(each in usage for each in wanted)
