# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Make the certificates of the integration tests: make_certificates.py DIRECTORY.

Server certificates come from root.pem, by way of chain.pem; but the stranger's. Each authority of clients has one
client: clients.pem has client.pem, partners.pem has partner.pem.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
NAMES = ("www.example.com", "example.com")
CLIENTS = {"clients": "client", "partners": "partner"}
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Issued = tuple[x509.Certificate, Key]


def issue(
    subject: str,
    issuer: Issued | None,
    key: Key,
    *,
    days: int,
    since: int = 30,
    ca: bool = False,
    names: Sequence[str] = NAMES,
) -> Issued:
    """A certificate that is valid since so many days ago, for so many days from now."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer[0].subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=since))
        .not_valid_after(NOW + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(ca), critical=True)
    )
    if issuer is not None:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[1].public_key())
        builder = builder.add_extension(identifier, critical=False)
    if not ca:
        found = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        builder = builder.add_extension(found, critical=False)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def _usage(ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _ec() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def main(directory: Path) -> None:
    directory.mkdir(mode=0o700, exist_ok=True)
    root = issue("Example Root", None, _ec(), days=3650, ca=True)
    middle = issue("Example CA", root, _ec(), days=1000, ca=True)
    write(directory / "root.pem", root[0])
    write(directory / "chain.pem", middle[0])
    stranger = issue("Stranger CA", None, _ec(), days=1000, ca=True)
    for authority, client in CLIENTS.items():
        signed_by = issue(f"Example {authority}", None, _ec(), days=1000, ca=True)
        write(directory / f"{authority}.pem", signed_by[0])
        write_leaf(directory, client, issue(client, signed_by, _ec(), days=90, names=[f"{client}.example.com"]))
    leaves = {
        "rsa": issue(NAMES[0], middle, _rsa(), days=90),
        "renewed": issue(NAMES[0], middle, _rsa(), days=180),
        "outdated": issue(NAMES[0], middle, _rsa(), days=10, since=90),
        "ecc": issue(NAMES[0], middle, _ec(), days=90),
        "expired": issue(NAMES[0], middle, _ec(), days=-1),
        "renewed-ecc": issue(NAMES[0], middle, _ec(), days=180),
        "api": issue("api.example.com", middle, _ec(), days=90, names=["api.example.com", "*.api.example.com"]),
        "renewed-api": issue(
            "api.example.com", middle, _ec(), days=180, names=["api.example.com", "*.api.example.com"]
        ),
    }
    for name, issued in leaves.items():
        write(directory / f"{name}.fullchain.pem", issued[0], middle[0])
        write_leaf(directory, name, issued)
    # Not from the root that clients trust.
    strange = issue(NAMES[0], stranger, _rsa(), days=300)
    write(directory / "strange.fullchain.pem", strange[0])
    write_leaf(directory, "strange", strange)


def write_leaf(directory: Path, name: str, issued: Issued) -> None:
    """The certificate alone, its key, and its fingerprint."""
    certificate, key = issued
    write(directory / f"{name}.pem", certificate)
    path = directory / f"{name}.key.pem"
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (directory / f"{name}.sha256").write_text(certificate.fingerprint(hashes.SHA256()).hex(), encoding="ascii")


def write(path: Path, *certificates: x509.Certificate) -> None:
    path.write_bytes(b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
