# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
TLS clients that trust one root only: handshakes.py DIRECTORY ADDRESS < CLIENTS.

Certificates are those that make_certificates.py has put into the directory. CLIENTS is a JSON list of objects with the
port, the name to ask for, the algorithm that is wanted (RSA, ECC), and, for one with a certificate, the client's name.
Prints a JSON list with the name of the certificate that each was served, or "not verified", "refused", "closed".
"""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import sys
import typing as t
from pathlib import Path


def served(directory: Path, address: str, port: int, name: str, algorithm: str, client: str | None = None) -> str:
    context = ssl.create_default_context(cafile=str(directory / "root.pem"))
    # The kind of certificate is part of the cipher, and a client is refused in the handshake, below TLS 1.3 only.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+aECDSA" if algorithm == "ECC" else "ECDHE+aRSA")
    if client is not None:
        context.load_cert_chain(directory / f"{client}.pem", directory / f"{client}.key.pem")
    known = {path.read_text(encoding="ascii"): path.stem for path in directory.glob("*.sha256")}
    try:
        with (
            socket.create_connection((address, port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=name) as tls,
        ):
            found = hashlib.sha256(tls.getpeercert(binary_form=True) or b"").hexdigest()
    except ssl.SSLCertVerificationError:
        return "not verified"
    except ConnectionRefusedError:
        return "closed"
    except OSError:  # an alert, or the end of the connection
        return "refused"
    return known.get(found, found)


def main(directory: str, address: str) -> None:
    clients: list[dict[str, t.Any]] = json.load(sys.stdin)
    json.dump([served(Path(directory), address, **client) for client in clients], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
