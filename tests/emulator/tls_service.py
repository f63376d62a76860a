# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS with OpenSSL: what a listener's policy, certificates and CA mean for Python's ssl module."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import ssl
import sys
import tempfile
import warnings
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .identities import Identities, Identity

_VERSIONS = {
    "TLSv1.0": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
_WITHOUT = {"TLSv1.1": ssl.OP_NO_TLSv1_1, "TLSv1.2": ssl.OP_NO_TLSv1_2}
_BUILT_IN = {
    "TLSv1.0": ssl.HAS_TLSv1,
    "TLSv1.1": ssl.HAS_TLSv1_1,
    "TLSv1.2": ssl.HAS_TLSv1_2,
    "TLSv1.3": ssl.HAS_TLSv1_3,
}


@dataclass(frozen=True)
class Rules:
    """
    What is asked of every connection to a listener, whichever name it is for.

    :ivar versions: as TLSv1.2
    :ivar ciphers: OpenSSL's names, IANA's for TLS 1.3
    :ivar alpn: protocols in order of preference; a client that has none of them may go on without
    :ivar authorities_pem: CA certificates for client certificates; None: nobody is asked for one
    """

    versions: tuple[str, ...]
    ciphers: tuple[str, ...]
    alpn: tuple[str, ...] = ("http/1.1",)
    authorities_pem: str | None = None


@dataclass
class TlsService:
    """
    Rules and certificates as they were when this was made; a change of the listener makes a new one.

    :raises ssl.SSLError: the library does not take a default certificate, its key, a CA or any of the ciphers
    """

    rules: Rules
    identities: Identities
    notes: list[str] = field(default_factory=list)
    """What the library here cannot do, though the rules ask for it."""
    _contexts: dict[tuple[str, ...], ssl.SSLContext] = field(default_factory=dict, repr=False)
    _server_names: weakref.WeakKeyDictionary[object, str] = field(default_factory=weakref.WeakKeyDictionary, repr=False)

    def __post_init__(self) -> None:
        self.context = self._context_with(self.identities.default)
        self.context.sni_callback = self._choose
        self.notes += _shortcomings(self.rules, self.context)

    def server_name(self, connection: object) -> str | None:
        """The SNI of a connection of this service."""
        return self._server_names.get(connection)

    def _choose(self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        """Called by OpenSSL with the ClientHello. Of RSA and ECC it picks one itself, by what the client offers."""
        if name is not None:
            self._server_names[connection] = name
        identities = self.identities.for_name(name)
        if identities == self.identities.default:
            return None
        try:
            connection.context = self._context_with(identities)
        except ssl.SSLError:
            # The API accepted what OpenSSL does not take, as a key that is far too short.
            return int(ssl.ALERT_DESCRIPTION_INTERNAL_ERROR)
        return None

    def _context_with(self, identities: Sequence[Identity]) -> ssl.SSLContext:
        """One per set of certificates, made when the first client wants it."""
        key = tuple(identity.certificate_id for identity in identities)
        context = self._contexts.get(key)
        if context is None:
            context = self._contexts[key] = _make_context(self.rules, identities)
        return context


def _make_context(rules: Rules, identities: Sequence[Identity]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _set_versions(context, rules.versions)
    old, new = _split(rules.ciphers)
    # Level 0 lets TLS 1.0 and 1.1 and keys of 1024 bits through, whatever the system's configuration says.
    context.set_ciphers(":".join((*(old or ("DEFAULT",)), "@SECLEVEL=0")))
    if "TLSv1.3" in rules.versions:
        _set_tls13_ciphers(context, new)
    context.set_alpn_protocols(list(rules.alpn))
    for identity in identities:
        with _as_file(identity.chain_pem.encode()) as chain, _as_file(identity.pkcs8_pem) as key:
            context.load_cert_chain(chain, key)
    if rules.authorities_pem is not None:
        context.load_verify_locations(cadata=rules.authorities_pem)
        context.verify_mode = ssl.CERT_REQUIRED
        # A CA of the private CA service may have been issued by another; it is the one that is trusted, not its issuer.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _set_versions(context: ssl.SSLContext, versions: Sequence[str]) -> None:
    wanted = [version for version in _VERSIONS if version in versions]
    with warnings.catch_warnings():
        # Old versions are asked for on purpose.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = _VERSIONS[wanted[0]]
        context.maximum_version = _VERSIONS[wanted[-1]]
        for version, option in _WITHOUT.items():
            if version not in wanted:
                context.options |= option


def _split(ciphers: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those up to TLS 1.2, and those of TLS 1.3."""
    new = tuple(each for each in ciphers if each.startswith("TLS_"))
    return tuple(each for each in ciphers if each not in new), new


def _set_tls13_ciphers(context: ssl.SSLContext, wanted: Sequence[str]) -> None:
    """
    Leave of the TLS 1.3 ciphers those that a policy has, and add what it has beyond OpenSSL's default.

    The ssl module can do that from Python 3.15 on. Before, the call is made on the SSL_CTX, the first field after the
    object's head in CPython 3.10 to 3.14; elsewhere `_shortcomings` tells.
    """
    if sys.version_info >= (3, 15):
        context.set_ciphersuites(":".join(wanted))
        return
    if sys.implementation.name != "cpython":
        return
    import _ssl

    path = getattr(_ssl, "__file__", None)
    if path is None:
        return
    try:
        set_ciphersuites = ctypes.CDLL(path).SSL_CTX_set_ciphersuites
    except (OSError, AttributeError):
        return
    set_ciphersuites.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    pointer = ctypes.c_void_p.from_address(id(context) + object.__basicsize__)
    set_ciphersuites(pointer, ":".join(wanted).encode("ascii"))


def _shortcomings(rules: Rules, context: ssl.SSLContext) -> list[str]:
    """In words, what of the rules OpenSSL does not do here."""
    offered = {cipher["name"] for cipher in context.get_ciphers()}
    missing = [version for version in rules.versions if not _BUILT_IN[version]]
    missing += [cipher for cipher in rules.ciphers if cipher not in offered]
    notes = [f"{ssl.OPENSSL_VERSION} does not offer {', '.join(missing)}"] if missing else []
    if "TLSv1.3" in rules.versions:
        more = sorted(name for name in offered if name.startswith("TLS_") and name not in rules.ciphers)
        if more:
            notes.append(f"the policy cannot keep {', '.join(more)} out with this Python")
    return notes


@contextlib.contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """
    A path that the ssl module can read from; it takes nothing else.

    In memory where the system can, else in a private directory that is gone again at once.
    """
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
        descriptor = os.memfd_create("emulator", os.MFD_CLOEXEC)
        try:
            with os.fdopen(os.dup(descriptor), "wb") as stream:
                stream.write(content)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    directory = tempfile.mkdtemp(prefix="emulator-")  # 0700
    try:
        path = Path(directory, "pem")
        path.write_bytes(content)
        yield str(path)
    finally:
        shutil.rmtree(directory)
