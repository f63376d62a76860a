# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
PEM files: certificates, the order of their chain, and the private key that belongs to them.

InputError for all that the user has to correct. Key material is held in local variables only, and an error about a key
is raised outside of the C(except) block, so that not even its context has seen the input.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
import sys
import typing as t
from dataclasses import dataclass, field

from .._core.errors import InputError, MissingLibraryError
from .facts import CertificateFacts
from .names import is_host_name

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
    from cryptography.x509.oid import NameOID
except ImportError:
    HAS_CRYPTOGRAPHY = False
else:
    HAS_CRYPTOGRAPHY = hasattr(x509.Certificate, "not_valid_after_utc")  # since 42
    _MALFORMED = (
        ValueError,
        KeyError,  # this and the next: names with odd ASN.1 types
        TypeError,
        UnsupportedAlgorithm,
        x509.InvalidVersion,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    )
    _ALGORITHMS = (
        (rsa.RSAPublicKey, "RSA"),
        (ec.EllipticCurvePublicKey, "ECC"),
        (dsa.DSAPublicKey, "DSA"),
        (ed25519.Ed25519PublicKey, "Ed25519"),
        (ed448.Ed448PublicKey, "Ed448"),
    )

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

# At the start of a line, or right behind the end of another block (files joined without a newline in between).
_BEGIN = re.compile(r"(?:^[ \t\ufeff]*|(?<=-----))-----BEGIN ([A-Z0-9 ]{1,40})-----", re.MULTILINE)
_CERTIFICATE_LABELS = ("CERTIFICATE", "X509 CERTIFICATE")
_KINDS = (
    ("PRIVATE KEY", "a private key"),
    ("CERTIFICATE REQUEST", "a certificate signing request (CSR)"),
    ("TRUSTED CERTIFICATE", "an OpenSSL trusted certificate"),
    ("CERTIFICATE", "a certificate"),
    ("PUBLIC KEY", "a public key"),
    ("PKCS7", "a PKCS#7 bundle"),
)
_SM2 = bytes.fromhex("06082a811ccf5501822d")  # the curve's object identifier in DER
_MAX_CERTIFICATES = 10  # leaf and root included; bounds the search for the order
_MIN_RSA_BITS = 2048
# Nobody documents which curves ALB takes; these are the ones that TLS clients offer.
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_TAKEN = "ALB takes RSA and ECC"
_SM2_TAKEN = f"{_TAKEN} (SM2 is for accounts that Alibaba Cloud has enabled for it, and not supported here)"


@dataclass(frozen=True)
class Certificate:
    """A certificate that was read. C(pem) is encoded anew and ends in one newline."""

    facts: CertificateFacts
    pem: str = field(repr=False)
    is_ca: bool
    parsed: x509.Certificate = field(repr=False, compare=False)

    def __repr__(self) -> str:
        return f"Certificate({self.facts.label()})"


@dataclass(frozen=True)
class ServerCertificate:
    """
    What an upload needs, apart from the key.

    :param pem: the leaf, then the chain in order; it ends in a newline.
    :param warnings: what is odd, yet no reason to refuse it; one sentence each.
    """

    leaf: CertificateFacts
    chain: tuple[CertificateFacts, ...]
    pem: str = field(repr=False)
    warnings: tuple[str, ...] = ()


class _Block(t.NamedTuple):
    """Where a PEM block is. Positions only, so that it can be printed."""

    label: str
    line: int  # counted from 1
    start: int  # of what is between the BEGIN and END markers
    stop: int
    problem: str | None


def _require_cryptography() -> None:
    if not HAS_CRYPTOGRAPHY:
        raise MissingLibraryError(f"The Python package cryptography (42 or later) is required for {sys.executable}.")


def _blocks(text: str) -> list[_Block]:
    begins = list(_BEGIN.finditer(text))
    blocks = []
    for begin, following in itertools.zip_longest(begins, begins[1:]):
        start, label = begin.end(), begin[1]
        stop = text.find(f"-----END {label}-----", start, following.start() if following else len(text))
        problem = None
        if stop < 0:
            problem = "has no END line of its own: it is cut off"
        elif "\n" not in (body := text[start:stop]) or body.lstrip(" \t")[0] != "\n" or body.rstrip(" \t")[-1] != "\n":
            problem = "lost its newlines: the BEGIN and END markers must stand on lines of their own"
        blocks.append(_Block(label, text.count("\n", 0, start) + 1, start, stop, problem))
    return blocks


def _instead(blocks: Sequence[_Block]) -> str:
    """What was given in place of the thing that was looked for. Names kinds, never quotes."""
    found = (kind for mark, kind in _KINDS if any(mark in block.label for block in blocks))
    return f"it holds {next(found, 'no PEM block of a known kind')}"


def _unify_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _taken(facts: CertificateFacts) -> str:
    return _SM2_TAKEN if facts.algorithm == "SM2" else _TAKEN


def _public_key(certificate: x509.Certificate) -> CertificatePublicKeyTypes | None:
    """None for a key that cryptography does not know, such as SM2, or one that is broken."""
    try:
        return certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return None


def _algorithm(certificate: x509.Certificate, der: bytes) -> tuple[str, int | None]:
    key = _public_key(certificate)
    for kind, name in _ALGORITHMS:
        if isinstance(key, kind):
            return name, getattr(key, "key_size", None)
    return ("SM2", 256) if key is None and _SM2 in der else ("unknown", None)


def _common_names(name: x509.Name) -> tuple[str, ...]:
    values = (str(attribute.value) for attribute in name.get_attributes_for_oid(NameOID.COMMON_NAME))
    return tuple(value.lower() for value in values if is_host_name(value))


def _utc(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _certificate(der: bytes) -> Certificate:
    """Raises whatever cryptography raises for a malformed certificate: much of it is decoded on access."""
    certificate = x509.load_der_x509_certificate(der)
    names: tuple[str, ...] = _common_names(certificate.subject)
    is_ca = False
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            kept = (name for name in extension.value if isinstance(name, (x509.DNSName, x509.IPAddress)))
            names = tuple(str(name.value).lower() for name in kept)
        elif isinstance(extension.value, x509.BasicConstraints):
            is_ca = extension.value.ca
    algorithm, key_size = _algorithm(certificate, der)
    facts = CertificateFacts(
        subject=certificate.subject.rfc4514_string(),
        names=names,
        issuer=certificate.issuer.rfc4514_string(),
        not_before=_utc(certificate.not_valid_before_utc),
        not_after=_utc(certificate.not_valid_after_utc),
        algorithm=algorithm,
        key_size=key_size,
        sha256=hashlib.sha256(der).hexdigest(),
        sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest(),
        serial=f"{certificate.serial_number:x}",
    )
    return Certificate(facts, certificate.public_bytes(Encoding.PEM).decode("ascii"), is_ca, certificate)


def read_certificates(text: str, *, source: str) -> tuple[Certificate, ...]:
    """
    All certificates of a PEM text, in its order. Text around the blocks and blocks of other kinds are passed over.

    :param source: what to call the text in an error, such as C(certificate_path /etc/ssl/www.pem).
    """
    _require_cryptography()
    text = _unify_newlines(text)
    blocks = _blocks(text)
    wanted = [block for block in blocks if block.label in _CERTIFICATE_LABELS]
    if not wanted:
        raise InputError(f"{source}: a PEM certificate (BEGIN CERTIFICATE) is needed, but {_instead(blocks)}.")
    found = []
    for number, block in enumerate(wanted, 1):
        where = f"{source}: certificate {number} (line {block.line})"
        if block.problem:
            raise InputError(f"{where} {block.problem}.")
        try:
            der = base64.b64decode("".join(text[block.start : block.stop].split()), validate=True)
        except ValueError:
            raise InputError(f"{where} is not valid base64.") from None
        try:
            found.append(_certificate(der))
        except _MALFORMED:
            raise InputError(f"{where} is not an X.509 certificate: its base64 is right, its content is not.") from None
    return tuple(found)


def read_der(der: bytes, *, source: str) -> Certificate:
    """
    A certificate in DER, as it comes over the wire.

    :param source: what to call it in an error.
    """
    _require_cryptography()
    try:
        return _certificate(der)
    except _MALFORMED:
        raise InputError(f"{source} is not an X.509 certificate.") from None


def uses_old_hash(certificate: x509.Certificate) -> bool:
    """Whether the hash of the signature is so old that cryptography may refuse to look at the signature."""
    try:
        found = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return True
    return found is not None and found.name in ("md5", "sha1")


def _issued(issuer: Certificate, certificate: Certificate, source: str) -> bool:
    if certificate.parsed.issuer != issuer.parsed.subject:
        return False
    try:
        certificate.parsed.verify_directly_issued_by(issuer.parsed)
    except UnsupportedAlgorithm:
        problem = f"made with a key of type {issuer.facts.algorithm}) cannot be verified; {_taken(issuer.facts)}"
    except (InvalidSignature, TypeError, ValueError):
        if not uses_old_hash(certificate.parsed):
            return False
        problem = "with an old hash such as SHA-1) cannot be verified; TLS clients refuse it as well"
    else:
        return True
    raise InputError(f"{source}: the signature of {certificate.facts.title} ({problem}.")


def _paths(path: tuple[int, ...], rest: frozenset[int], issuers: Sequence[frozenset[int]]) -> Iterator[tuple[int, ...]]:
    """Every way to go on from C(path) up to an issuer at a time, using all of C(rest)."""
    if not rest:
        yield path
    for index in rest & issuers[path[-1]]:
        yield from _paths((*path, index), rest - {index}, issuers)


def _stranger(given: Sequence[Certificate], issuers: Sequence[frozenset[int]]) -> str:
    """Which certificate has no place behind the leaf, and which one would have."""
    every = frozenset(range(len(given)))
    leaves = (index for index in sorted(every.difference(*issuers)) if not given[index].is_ca)
    path = [next(leaves, 0)]
    while more := issuers[path[-1]].difference(path):
        path.append(min(more))
    last = given[path[-1]].facts
    namesakes = [index for index in sorted(every.difference(path)) if given[index].facts.subject == last.issuer]
    stranger = given[namesakes[0] if namesakes else min(every.difference(path))].facts
    if last.subject == last.issuer:
        reason = f"the chain is complete with the self-signed {last.subject}"
    elif namesakes:
        reason = f"it has the name of the issuer of {last.subject}, but its key did not sign that certificate"
    else:
        reason = f"the issuer of {last.subject} was expected, which is {last.issuer}"
    return f"{stranger.subject} does not belong to the chain of {given[path[0]].facts.subject}: {reason}"


def order_chain(certificates: Sequence[Certificate], *, source: str) -> tuple[Certificate, ...]:
    """
    Leaf first, each followed by its issuer (by name and by signature). A root at the end may be there or not.

    The given order stays if it is right. Another one is put right if there is exactly one way to use all certificates.
    A certificate given twice counts once, at its first place: "fullchain" and "chain" files are often given together.
    """
    _require_cryptography()
    given = tuple({certificate.facts.sha256: certificate for certificate in certificates}.values())
    if all(_issued(issuer, certificate, source) for certificate, issuer in itertools.pairwise(given)):
        return given
    if len(given) > _MAX_CERTIFICATES:
        raise InputError(
            f"{source}: {len(given)} certificates in no order; give only the leaf and those that lead to its root."
        )
    every = frozenset(range(len(given)))
    issuers = [frozenset(j for j in every if j != i and _issued(given[j], given[i], source)) for i in sorted(every)]
    paths = itertools.chain.from_iterable(_paths((i,), every - {i}, issuers) for i in sorted(every))
    first, second = next(paths, None), next(paths, None)
    if first is None:
        raise InputError(f"{source}: {_stranger(given, issuers)}.")
    if second is not None:
        raise InputError(
            f"{source}: the certificates fit in more than one order; put the leaf first, then each issuer."
        )
    return tuple(given[index] for index in first)


def check_key(certificate: Certificate, *, source: str, allow_weak_key: bool) -> tuple[str, ...]:
    """
    Find out whether ALB takes the public key of a certificate.

    :param allow_weak_key: whether RSA may have less than 2048 bits.
    :returns: a warning about a weak key that was allowed.
    """
    facts, key = certificate.facts, _public_key(certificate.parsed)
    if facts.algorithm not in ("RSA", "ECC"):
        kind = "of an unknown type or curve" if facts.algorithm == "unknown" else f"of type {facts.algorithm}"
        raise InputError(f"{source}: {facts.title} has a public key {kind}; {_taken(facts)}.")
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name not in _CURVES:
        curves = ", ".join(_CURVES.values())
        raise InputError(
            f"{source}: {facts.title} has an ECC key on the curve {key.curve.name}, which TLS clients do not know; the"
            f" curve must be one of {curves}."
        )
    if facts.algorithm == "ECC" or (facts.key_size or 0) >= _MIN_RSA_BITS:
        return ()
    problem = f"{source}: {facts.title} has an RSA key of {facts.key_size} bits, too short to be safe"
    if allow_weak_key:
        return (f"{problem}.",)
    raise InputError(f"{problem}: at least {_MIN_RSA_BITS} are needed; set allow_weak_key to use it all the same.")


def check_validity(certificate: Certificate, *, source: str, now: datetime) -> None:
    """:raises InputError: if the certificate is expired or not valid yet."""
    facts, hint = certificate.facts, "set allow_expired to use it all the same"
    if facts.is_expired(now):
        raise InputError(f"{source}: {facts.title} expired at {facts.not_after}; {hint}.")
    if facts.is_not_yet_valid(now):
        raise InputError(f"{source}: {facts.title} is not valid before {facts.not_before}; {hint}.")


def _name_warnings(leaf: Certificate, source: str) -> tuple[str, ...]:
    facts = leaf.facts
    if not facts.names:
        return (f"{source}: {facts.title} names no host: no TLS client will accept it for one.",)
    if any(isinstance(extension.value, x509.SubjectAlternativeName) for extension in leaf.parsed.extensions):
        return ()
    who = f"{source}: {facts.title}"
    return (f"{who} has no subject alternative names; most TLS clients no longer take the common name instead.",)


def normalise_private_key(key_text: str, *, source: str = "private_key") -> str:
    """The PEM block of the key with LF newlines and no blanks around lines. The key itself is not looked into."""
    text = _unify_newlines(key_text)
    blocks = _blocks(text)
    keys = [block for block in blocks if block.label.endswith("PRIVATE KEY")]
    if not keys:
        raise InputError(f"{source}: a PEM private key (BEGIN PRIVATE KEY) is needed, but {_instead(blocks)}.")
    if len(keys) > 1:
        raise InputError(f"{source}: {len(keys)} private keys were found, exactly one is needed.")
    key = keys[0]
    if key.problem:
        raise InputError(f"{source}: the private key (line {key.line}) {key.problem}.")
    body = "\n".join(line.strip() for line in text[key.start : key.stop].strip().split("\n"))
    return f"-----BEGIN {key.label}-----\n{body}\n-----END {key.label}-----\n"


def match_key(leaf: Certificate, key_text: str, *, source: str) -> None:
    """
    Returns if the private key (PKCS#1, SEC1 or PKCS#8, not encrypted) is the one of the certificate.

    :param source: what to call the key in an error, such as C(private_key_path /etc/ssl/www.key).
    """
    _require_cryptography()
    pem = normalise_private_key(key_text, source=source)
    if pem.startswith("-----BEGIN ENCRYPTED ") or "\nProc-Type: 4,ENCRYPTED\n" in pem:
        hint = "decrypt it first: openssl pkey -in encrypted.key -out decrypted.key"
        raise InputError(f"{source}: the private key is encrypted, and there is no way to send its passphrase; {hint}")
    problem = None
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except UnsupportedAlgorithm:
        problem = f"is of an unknown type or curve; {_TAKEN}"
    except (TypeError, ValueError):
        problem = "is damaged or not in PKCS#8, PKCS#1 or SEC1 format"
    if problem:
        raise InputError(f"{source}: the private key {problem}.")
    if key.public_key() != _public_key(leaf.parsed):
        raise InputError(
            f"{source}: the key of another certificate: its public key differs from that of {leaf.facts.label()}."
        )


def load_server_certificate(
    *,
    certificate: str,
    certificate_source: str,
    chain: str | None,
    chain_source: str | None,
    private_key: str | None,
    private_key_source: str | None,
    now: datetime,
    allow_expired: bool,
    allow_weak_key: bool = False,
) -> ServerCertificate:
    """
    Read a server certificate and find everything that would make the upload or the listener fail.

    :param certificate: PEM text of the leaf, with or without chain.
    :param chain: PEM text of further certificates.
    :param private_key: PEM text; when given it has to belong to the leaf. It is not kept.
    :param now: with time zone.
    :param allow_expired: pass over the validity of all certificates.
    :param allow_weak_key: let the leaf have an RSA key of less than 2048 bits.
    """
    given = read_certificates(certificate, source=certificate_source)
    source = certificate_source
    if chain is not None:
        given += read_certificates(chain, source=chain_source or "chain")
        source = f"{certificate_source} with {chain_source or 'chain'}"
    for each in given:
        if each.facts.algorithm == "SM2":  # before its signatures, of which nothing can be told
            check_key(each, source=source, allow_weak_key=allow_weak_key)
    leaf, *rest = order_chain(given, source=source)
    warnings = check_key(leaf, source=source, allow_weak_key=allow_weak_key) + _name_warnings(leaf, source)
    for each in () if allow_expired else (leaf, *rest):
        check_validity(each, source=source, now=now)
    if private_key is not None:
        match_key(leaf, private_key, source=private_key_source or "private_key")
    pem = "".join(each.pem for each in (leaf, *rest))
    return ServerCertificate(leaf.facts, tuple(each.facts for each in rest), pem, warnings)
