# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
A proxy for HTTPS behind which the cloud is emulated: proxy.py CA_FILE READY_FILE < EMULATORS.

EMULATORS is a JSON object, from host names of the cloud to the host:port of the emulator that each of them stands for.
To clients the proxy is these hosts, by certificates of a CA that it writes to CA_FILE, and to no other host it lets
anybody through. READY_FILE gets its URL and process ID. It ends by itself if it is forgotten.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import socketserver
import ssl
import sys
import tempfile
import threading
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup_emulator/files"))

from make_certificates import issue, write, write_leaf

LIFETIME = 1500  # seconds


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, emulators: dict[str, str], context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.emulators = emulators
        self.context = context


class Tunnel(socketserver.StreamRequestHandler):
    """One client: CONNECT, then TLS with it, and what it says goes to the emulator."""

    server: Proxy
    rbufsize = 0  # nothing of the handshake may be read ahead

    def handle(self) -> None:
        method, target, _version = self.rfile.readline().decode("ascii").split()
        while self.rfile.readline().strip():
            pass
        host, port = target.rsplit(":", 1)
        emulator = self.server.emulators.get(host)
        if method != "CONNECT" or port != "443" or emulator is None:
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        address, number = emulator.rsplit(":", 1)
        with (
            self.server.context.wrap_socket(self.connection, server_side=True) as client,
            socket.create_connection((address, int(number))) as cloud,
        ):
            back = threading.Thread(target=pump, args=(cloud, client), daemon=True)
            back.start()
            pump(client, cloud)
            back.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until one of them has gone, then tell the other."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass  # either of them went without a word, which is the same to the other
    finally:
        with contextlib.suppress(OSError):  # it may have gone, too
            target.shutdown(socket.SHUT_RDWR)


def certified(hosts: list[str], ca_file: Path) -> ssl.SSLContext:
    """A context with a certificate for these hosts, signed by a new CA that is written to the file."""
    ca = issue("Proxy CA", None, ec.generate_private_key(ec.SECP256R1()), days=1, ca=True)
    served = issue(hosts[0], ca, ec.generate_private_key(ec.SECP256R1()), days=1, names=hosts)
    write(ca_file, ca[0])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as place:  # only from files does the standard library take them
        write_leaf(Path(place), "proxy", served)
        context.load_cert_chain(Path(place) / "proxy.pem", Path(place) / "proxy.key.pem")
    return context


def main(ca_file: Path, ready_file: Path) -> None:
    emulators: dict[str, str] = json.load(sys.stdin)
    with Proxy(emulators, certified(list(emulators), ca_file)) as proxy:
        host, port = proxy.server_address[:2]
        unfinished = ready_file.with_suffix(".new")
        unfinished.write_text(json.dumps({"url": f"http://{host}:{port}", "pid": os.getpid()}), encoding="utf-8")
        shutil.move(unfinished, ready_file)
        timer = threading.Timer(LIFETIME, proxy.shutdown)
        timer.daemon = True
        timer.start()
        proxy.serve_forever()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
