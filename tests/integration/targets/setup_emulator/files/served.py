# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
A TLS client that trusts one root only: served.py ADDRESS PORT ROOT NAME ALGORITHM.

Prints the SHA-256 fingerprint of the certificate that it is served, or fails.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import sys


def fingerprint(address: str, port: int, root: str, name: str, algorithm: str) -> str:
    context = ssl.create_default_context(cafile=root)
    # The kind of certificate is part of the cipher below TLS 1.3 only.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+aECDSA" if algorithm == "ECC" else "ECDHE+aRSA")
    with (
        socket.create_connection((address, port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as tls,
    ):
        served = tls.getpeercert(binary_form=True)
    if served is None:
        raise ssl.SSLError("no certificate")
    return hashlib.sha256(served).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(fingerprint(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
