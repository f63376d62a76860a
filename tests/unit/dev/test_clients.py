# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from _authority import Authority, Issued
from _clients import Client

ANSWER = b'HTTP/1.1 200 OK\r\nAlt-Svc: h3=":8443"\r\n\r\n'


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def partners() -> Authority:
    return Authority("Partners")


@pytest.fixture(scope="module")
def pair(authority: Authority) -> tuple[Issued, Issued]:
    names = ("www.example.com", "example.com")
    return authority.issue(*names, since_days=1, days=20), authority.issue(*names, ecc=True)


@pytest.fixture
def context(pair: tuple[Issued, Issued], tmp_path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for number, issued in enumerate(pair):
        files = tmp_path / f"{number}.pem", tmp_path / f"{number}.key.pem"
        issued.write(*files)
        assert files[1].stat().st_mode & 0o777 == 0o600
        context.load_cert_chain(*files)
    return context


@pytest.fixture
def port(context: ssl.SSLContext) -> Iterator[int]:
    """Where a server answers one request."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)

        def serve() -> None:
            connection, _peer = listening.accept()
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secured:
                        if secured.recv(1000):
                            secured.sendall(ANSWER)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join()


@pytest.mark.parametrize(("number", "algorithm"), [(0, "RSA"), (1, "ECC")])
def test_a_client_of_a_kind_sees_its_certificate(
    authority: Authority, pair: tuple[Issued, Issued], port: int, number: int, algorithm: str
) -> None:
    version, served = Client("127.0.0.1", port, authority.root).handshake("example.com", algorithm)
    assert (version, served) == ("TLSv1.2", pair[number].sha256)


def test_another_name_is_refused(authority: Authority, port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=r"www\.example\.net"):
        Client("127.0.0.1", port, authority.root).handshake("www.example.net")


def test_another_authority_is_refused(port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        Client("127.0.0.1", port, Authority().root).handshake("www.example.com")


def test_alt_svc_is_told(authority: Authority, port: int) -> None:
    assert Client("127.0.0.1", port, authority.root).offered("www.example.com") == 'h3=":8443"'


@pytest.fixture
def wants_partners(context: ssl.SSLContext, partners: Authority) -> None:
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=partners.root.decode())


@pytest.mark.usefixtures("wants_partners")
def test_a_client_without_a_certificate_notices_that_it_is_refused(authority: Authority, port: int) -> None:
    with pytest.raises(OSError, match=r"(?i)certificate.required|eof|reset"):
        Client("127.0.0.1", port, authority.root).handshake("www.example.com")


@pytest.mark.usefixtures("wants_partners")
def test_a_client_shows_its_certificate(authority: Authority, partners: Authority, port: int, tmp_path: Path) -> None:
    files = tmp_path / "client.pem", tmp_path / "client.key.pem"
    partners.issue("partner.example.net", ecc=True, client=True).write(*files)
    version, _served = Client("127.0.0.1", port, authority.root, files).handshake("www.example.com")
    assert version.startswith("TLSv1.")
