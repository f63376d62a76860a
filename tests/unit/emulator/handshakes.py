# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients for the data plane: the openssl program for TLS, aioquic for QUIC."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import json
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from cryptography import x509
from cryptography.hazmat.primitives import hashes

if t.TYPE_CHECKING:
    from ansible_collections.alicloud.tls.tests.unit.emulator.http3_client import Http3Client

# PKCS1: signatures that TLS 1.3 has for chains only.
Offered = t.Literal["RSA", "ECC", "PKCS1"]
OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="there is no openssl program")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Seen:
    """What a client saw of a connection."""

    connected: bool
    """The handshake was done."""
    verified: bool
    sha256: str = ""
    """Of the leaf."""
    answer: t.Mapping[str, t.Any] | None = None
    """None: there was none."""
    headers: str = ""
    output: str = ""


def s_client(
    row: Mapping[str, t.Any], name: str | None, *options: str, request: str = "GET / HTTP/1.1", headers: str = ""
) -> Seen:
    """
    One connection with `openssl s_client`, which trusts the tests' CA, and one request.

    The system's configuration of OpenSSL does not count, so that old versions are tried where they are asked for.
    """
    assert OPENSSL is not None
    sni = ("-noservername",) if name is None else ("-servername", name, "-verify_hostname", name)
    target = f"{row['address']}:{row['port']}"
    command = (OPENSSL, "s_client", "-connect", target, "-CAfile", _authority_file(), "-ign_eof", *sni, *options)
    text = f"{request}\r\nHost: {name or 'nobody'}\r\n{headers}Connection: close\r\n\r\n"
    ran = subprocess.run(
        command,
        input=text.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=20,
        check=False,
        env={"PATH": os.environ["PATH"], "OPENSSL_CONF": os.devnull},
    )
    output = ran.stdout.decode("utf-8", "replace")
    pem = _PEM.search(output)
    head, _blank, rest = output[output.find("HTTP/1.1 200") :].partition("\r\n\r\n")
    answered = "HTTP/1.1 200" in output
    return Seen(
        connected="Cipher is (NONE)" not in output and "Cipher is" in output,
        verified="Verify return code: 0 (ok)" in output or "Verification: OK" in output,
        sha256=_sha256(pem.group(0)) if pem else "",
        answer=json.JSONDecoder().raw_decode(rest)[0] if answered and rest.startswith("{") else None,
        headers=head.lower() if answered else "",
        output=output,
    )


def quic_client(
    row: Mapping[str, t.Any],
    name: str,
    *,
    algorithm: Offered | None = None,
    method: str = "GET",
    verify: bool = True,
) -> Seen:
    """One QUIC connection and one HTTP/3 request with aioquic, which verifies against the tests' CA."""

    async def run() -> Seen:
        async with quic_connection(row, name, algorithm, verify=verify) as connection:
            sha256, headers, body = await connection.ask(method)
        return Seen(True, verify, sha256, json.loads(body) if body else None, headers)

    return asyncio.run(run())


def quic_connection(
    row: Mapping[str, t.Any], name: str, algorithm: Offered | None = None, *, verify: bool = True
) -> contextlib.AbstractAsyncContextManager[Http3Client]:
    """
    A connection for several requests: `async with … as connection: await connection.ask("GET")`.

    :param algorithm: offer signatures of this kind only
    """
    from aioquic.asyncio.client import connect
    from aioquic.h3.connection import H3_ALPN
    from aioquic.quic.configuration import QuicConfiguration
    from ansible_collections.alicloud.tls.tests.unit.emulator.http3_client import Http3Client

    configuration = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, server_name=name, idle_timeout=5)
    configuration.load_verify_locations(cadata=material.authority_pem().encode())
    if not verify:
        configuration.verify_mode = ssl.CERT_NONE
    offered = {None: "", "RSA": "RSA", "ECC": "ECDSA", "PKCS1": "RSA_PKCS1"}[algorithm]
    connection = connect(
        row["address"],
        row["port"],
        configuration=configuration,
        create_protocol=lambda quic, stream_handler: Http3Client(quic, name, offered),
    )
    return t.cast("contextlib.AbstractAsyncContextManager[Http3Client]", connection)


def client_files(made: material.Material, directory: Path, name: str) -> tuple[str, ...]:
    """Options of s_client that show a certificate."""
    path = directory / f"{name}.pem"
    path.write_text(made.chain_pem + made.key_pem, encoding="ascii")
    return ("-cert", str(path), "-key", str(path))


@functools.cache
def _authority_file() -> str:
    directory = tempfile.mkdtemp(prefix="emulator-tests-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    path = Path(directory, "ca.pem")
    path.write_text(material.authority_pem(), encoding="ascii")
    return str(path)


def _sha256(pem: str) -> str:
    return x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA256()).hex().upper()
