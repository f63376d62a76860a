# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A TLS server that does what it is told, where the emulator is too well-behaved."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import typing as t
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle
from cryptography import x509
from OpenSSL import SSL, crypto

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Node:
    """
    What one connection gets.

    :param version: the only one, by its number on the wire.
    :param client_cas: PEM of the CAs of client certificates; empty: nobody is asked for one.
    :param required: whether clients without one are refused by TLS.
    :param answer: to the request.
    :param goodbye: whether it says goodbye before it closes the connection.
    """

    bundle: Bundle
    version: int = SSL.TLS1_3_VERSION
    client_cas: str = ""
    required: bool = True
    answer: bytes = OK
    goodbye: bool = True

    def context(self) -> SSL.Context:
        context = SSL.Context(SSL.TLS_METHOD)
        context.set_min_proto_version(self.version)
        context.set_max_proto_version(self.version)
        leaf, *others = x509.load_pem_x509_certificates(self.bundle.fullchain.encode())
        context.use_certificate(leaf)
        for each in others:
            context.add_extra_chain_cert(each)
        context.use_privatekey(t.cast("t.Any", self.bundle.issued.key))
        if self.client_cas:
            trusted = [crypto.X509.from_cryptography(each) for each in _read(self.client_cas)]
            store = context.get_cert_store()
            assert store is not None
            for ca in trusted:
                store.add_cert(ca)
            store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
            with warnings.catch_warnings():
                # pyOpenSSL has nothing instead of it.
                warnings.simplefilter("ignore", DeprecationWarning)
                context.set_client_ca_list([each.get_subject() for each in trusted])
            required = SSL.VERIFY_FAIL_IF_NO_PEER_CERT if self.required else 0
            context.set_verify(SSL.VERIFY_PEER | required)
        return context


def _read(pem: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(pem.encode())


@contextlib.contextmanager
def served(*nodes: Node | bytes) -> Iterator[int]:
    """
    A port of 127.0.0.1. The first connection gets the first node, the second one the second, and so on, around.

    A node that is bytes sends these to whoever connects, without TLS.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        done = threading.Event()
        thread = threading.Thread(target=_serve, args=(listening, nodes, done), daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            done.set()
            thread.join(5)


def _serve(listening: socket.socket, nodes: Sequence[Node | bytes], done: threading.Event) -> None:
    turns: t.Iterator[Node | bytes] = itertools.cycle(nodes)
    while not done.is_set():
        try:
            connection, _address = listening.accept()
        except TimeoutError:
            continue
        node = next(turns)
        connection.settimeout(None)
        with connection, contextlib.suppress(SSL.Error, OSError):
            if isinstance(node, bytes):
                connection.recv(65536)
                connection.sendall(node)
            else:
                _answer(node, connection)


def _answer(node: Node, connection: socket.socket) -> None:
    tls = SSL.Connection(node.context(), connection)
    tls.set_accept_state()
    tls.do_handshake()
    with contextlib.suppress(SSL.ZeroReturnError):
        tls.recv(65536)
        tls.sendall(node.answer)
    if node.goodbye:
        tls.shutdown()
