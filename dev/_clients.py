# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
TLS and QUIC clients of the demo's own, so that it is not the collection that says what the collection has done.

They trust one authority and nobody else, and do not connect if the chain does not verify, or is not for the name.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import ssl
import typing as t
from dataclasses import dataclass
from pathlib import Path

from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.quic.configuration import QuicConfiguration
from cryptography.hazmat.primitives import hashes

_SECONDS = 10
# What makes a server of TLS 1.2 choose the certificate with that kind of key.
_CIPHERS = {"RSA": "ECDHE-RSA-AES128-GCM-SHA256", "ECC": "ECDHE-ECDSA-AES128-GCM-SHA256"}


@dataclass(frozen=True)
class Client:
    """
    :param address: where to connect to.
    :param root: PEM of the authority.
    :param certificate: files with a client certificate and its private key.
    """

    address: str
    port: int
    root: bytes
    certificate: tuple[Path, Path] | None = None

    def handshake(self, name: str, algorithm: str | None = None) -> tuple[str, str]:
        """
        :param name: what the certificate has to be for.
        :param algorithm: RSA or ECC for a client that knows only keys of that kind, and TLS 1.2.
        :returns: TLS version, and SHA-256 fingerprint of the certificate served.
        :raises OSError: if there is no connection, if the chain does not verify, or if the server wants a certificate.
        """
        with self._connected(name, algorithm) as secured:
            # A server of TLS 1.3 refuses a client only after the handshake.
            _ask(secured, name)
            return secured.version() or "?", hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()

    def offered(self, name: str) -> str:
        """What an HTTPS answer has in Alt-Svc; empty without one."""
        with self._connected(name, None) as secured:
            found = re.search(rb"^alt-svc: *(.*?)\r?$", _ask(secured, name), re.IGNORECASE | re.MULTILINE)
        return found[1].decode("ascii") if found else ""

    def quic_handshake(self, name: str) -> str:
        """
        :param name: what the certificate has to be for.
        :returns: SHA-256 fingerprint of the certificate served over QUIC.
        :raises OSError: if there is no connection, or if the chain does not verify.
        """
        configuration = QuicConfiguration(is_client=True, alpn_protocols=["h3"], server_name=name)
        configuration.load_verify_locations(cadata=self.root)
        return asyncio.run(asyncio.wait_for(self._over_quic(configuration), _SECONDS))

    async def _over_quic(self, configuration: QuicConfiguration) -> str:
        async with connect(self.address, self.port, configuration=configuration) as protocol:
            served = _peer_certificate(protocol)
        return t.cast("str", served.fingerprint(hashes.SHA256()).hex())

    def _connected(self, name: str, algorithm: str | None) -> ssl.SSLSocket:
        context = ssl.create_default_context(cadata=self.root.decode())
        if algorithm:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers(_CIPHERS[algorithm])
        if self.certificate:
            context.load_cert_chain(*self.certificate)
        connection = socket.create_connection((self.address, self.port), timeout=_SECONDS)
        try:
            return context.wrap_socket(connection, server_hostname=name)
        except BaseException:
            connection.close()
            raise


def _ask(secured: ssl.SSLSocket, name: str) -> bytes:
    """The beginning of the answer to a request; empty if there is none."""
    secured.sendall(f"HEAD / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode("ascii"))
    answer = b""
    while b"\r\n\r\n" not in answer and (more := secured.recv(4096)):
        answer += more
    return answer


def _peer_certificate(protocol: QuicConnectionProtocol) -> t.Any:
    # aioquic has no public name for it.
    return protocol._quic.tls._peer_certificate  # noqa: SLF001
