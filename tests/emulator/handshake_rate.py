# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many handshakes a second the data plane does: for the benchmark, with the emulator in a process of its own."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util
import multiprocessing
import socket
import ssl
import threading
import time
import typing as t
from multiprocessing.connection import Connection

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from .certificates import read_upload
from .cloud import Cloud
from .seed import DEMO_SEED
from .server import Emulator
from .settings import Settings
from .world import Listener, ListenerConfig, UploadedCertificate

NAME = "bench.example.com"
_CLIENTS = 4
"""Threads, so that the emulator never waits for a client."""


def handshake_rates(seconds: float = 1.0) -> dict[str, float]:
    """
    Full handshakes a second by kind: TLS with RSA (2048 bits) and ECC (P-256), and QUIC if aioquic is there.

    The emulator uses one core. TLS is measured with four clients at a time, QUIC with one, whose own work counts.

    :param seconds: how long to measure each kind
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    emulator = context.Process(target=_serve, args=(theirs,), daemon=True)
    emulator.start()
    try:
        ports: dict[str, tuple[str, int]] = ours.recv()
        rates = {}
        for kind, (address, port) in ports.items():
            measure = _quic_rate if kind.startswith("QUIC") else tls_rate
            measure(address, port, min(seconds, 0.1))
            rates[kind] = measure(address, port, seconds)
        ours.send("stop")
    finally:
        emulator.join(10)
        if emulator.is_alive():
            emulator.terminate()
    return rates


def tls_rate(address: str, port: int, seconds: float = 1.0) -> float:
    """Handshakes a second with one HTTPS endpoint, each on a connection of its own, without resumption."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    began = time.perf_counter()
    counts = [0] * _CLIENTS

    def run(client: int) -> None:
        while time.perf_counter() - began < seconds:
            with (
                socket.create_connection((address, port), timeout=10) as raw,
                context.wrap_socket(raw, server_hostname=NAME),
            ):
                counts[client] += 1

    threads = [threading.Thread(target=run, args=(client,)) for client in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def _quic_rate(address: str, port: int, seconds: float) -> float:
    from aioquic.asyncio.client import connect
    from aioquic.quic.configuration import QuicConfiguration

    async def run() -> float:
        fading: list[asyncio.Task[bool | None]] = []
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            configuration = QuicConfiguration(server_name=NAME, alpn_protocols=["h3"], verify_mode=ssl.CERT_NONE)
            handshake = connect(address, port, configuration=configuration)
            await handshake.__aenter__()
            # To wait until it has faded away is no part of a handshake.
            fading.append(asyncio.create_task(handshake.__aexit__(None, None, None)))
        took = time.perf_counter() - began
        await asyncio.gather(*fading)
        return len(fading) / took

    return asyncio.run(run())


def _serve(theirs: Connection) -> None:
    """In the other process: listeners of each kind, until told to stop."""
    with Emulator(Settings(polls=0), demo=True) as emulator:
        kinds = emulator.do(_furnish)
        rows = {row["listener_id"]: row for row in emulator.data_plane()}
        theirs.send({kind: (rows[each]["address"], rows[each]["port"]) for kind, each in kinds.items()})
        theirs.recv()


def _furnish(cloud: Cloud) -> dict[str, str]:
    """Listeners by kind."""
    world, found = cloud.world, {}
    keys: dict[str, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]
    keys = {"RSA": rsa.generate_private_key(65537, 2048), "ECC": ec.generate_private_key(ec.SECP256R1())}
    protocols: tuple[t.Literal["HTTPS", "QUIC"], ...] = ("HTTPS", "QUIC")
    for number, (algorithm, key) in enumerate(keys.items(), 1):
        chain, key_pem = _self_signed(key)
        facts = read_upload(chain, key_pem)
        certificate = UploadedCertificate(number, f"cas-{number}", algorithm, "", facts, chain, key_pem)
        world.certificates[number] = certificate
        for protocol in protocols if importlib.util.find_spec("aioquic") else protocols[:1]:
            listener_id = f"lsn-{protocol}-{algorithm}"
            policy = "tls_cipher_policy_1_2_strict_with_1_3"
            ids = (certificate.identifier(cloud.settings.site),)
            config = ListenerConfig(certificate_ids=ids, security_policy_id=policy)
            load_balancer = DEMO_SEED["load_balancers"][0]["load_balancer_id"]
            world.listeners[listener_id] = Listener(listener_id, load_balancer, protocol, number, config, "Running")
            world.touched_listeners.add(listener_id)
            found[f"{'TLS 1.3' if protocol == 'HTTPS' else 'QUIC'} {algorithm}"] = listener_id
    return found


def _self_signed(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> tuple[str, str]:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), dt.datetime.now(dt.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    key_pem = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem).decode(), key_pem.decode()
