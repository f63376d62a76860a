# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real endpoints: each running HTTP or HTTPS listener is served on a loopback port of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import socket
import ssl
import tempfile
import typing as t
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives import serialization

from .certificates import load_key
from .policies import DEFAULT_POLICY, SYSTEM_POLICIES
from .settings import Settings
from .wire import new_request_id
from .world import Listener, World

_LOG = logging.getLogger("alicloud_tls.emulator.data_plane")
_HOST = "127.0.0.1"
_HANDSHAKE_SECONDS = 10.0


@dataclass
class Endpoint:
    """A loopback port that lives as long as its listener. `context` is what the next connection gets."""

    listener_id: str
    load_balancer_id: str
    dns_name: str
    protocol: str
    listener_port: int
    socket: socket.socket = field(repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    served: tuple[object, ...] = ()
    """The part of the configuration that `context` was made from."""
    error: str = ""
    """Why it does not serve what it should."""
    acceptor: asyncio.Task[None] | None = field(default=None, repr=False)
    connections: set[asyncio.Task[None]] = field(default_factory=set, repr=False)
    server: web.Server | None = field(default=None, repr=False)
    server_names: weakref.WeakKeyDictionary[object, str] = field(default_factory=weakref.WeakKeyDictionary, repr=False)

    def to_dict(self) -> dict[str, t.Any]:
        address, port = self.socket.getsockname()[:2]
        return {
            "load_balancer_id": self.load_balancer_id,
            "dns_name": self.dns_name,
            "listener_id": self.listener_id,
            "listener_port": self.listener_port,
            "protocol": self.protocol,
            "address": address,
            "port": port,
            "error": self.error,
        }

    def line(self) -> str:
        """One line for people."""
        address, port = self.socket.getsockname()[:2]
        return (
            f"{self.listener_id} ({self.protocol} {self.listener_port} of {self.load_balancer_id}) at {address}:{port}"
        )


class DataPlane:
    """Follows the world. Belongs to one event loop."""

    def __init__(self) -> None:
        self._endpoints: dict[str, Endpoint] = {}

    def rows(self) -> list[dict[str, t.Any]]:
        return [endpoint.to_dict() for endpoint in self._endpoints.values()]

    async def sync(self, world: World, settings: Settings) -> None:
        """Open, change and close endpoints of the listeners that were touched since the last time."""
        while world.touched_listeners:
            listener_id = world.touched_listeners.pop()
            listener = world.listeners.get(listener_id)
            if listener is None or listener.status not in ("Running", "Configuring", "Deleting"):
                await self._close(listener_id)
            elif listener.protocol != "QUIC":
                self._serve(world, settings, listener)

    async def close(self) -> None:
        for listener_id in list(self._endpoints):
            await self._close(listener_id)

    def _serve(self, world: World, settings: Settings, listener: Listener) -> None:
        endpoint = self._endpoints.get(listener.listener_id)
        if endpoint is None:
            endpoint = self._open(world, listener)
            self._endpoints[listener.listener_id] = endpoint
            if listener.protocol == "HTTP":
                _LOG.info("%s listens", endpoint.line())
        if listener.protocol == "HTTP":
            return
        config = listener.config
        served = (config.certificate_ids, config.security_policy_id, config.ca_enabled and config.ca_certificate_ids)
        if served == endpoint.served:
            return
        try:
            endpoint.context = _tls_context(world, settings, listener, endpoint)
        except (ssl.SSLError, LookupError) as exc:
            # The API has accepted what the TLS library here refuses, as a weak key: tell it, keep the old.
            endpoint.error = f"{type(exc).__name__}: {exc}"
            _LOG.warning("%s does not serve its new configuration: %s", listener.listener_id, endpoint.error)
            return
        endpoint.served = served
        endpoint.error = ""
        _LOG.info("%s serves %s", endpoint.line(), ", ".join(config.certificate_ids))

    def _open(self, world: World, listener: Listener) -> Endpoint:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.bind((_HOST, 0))
        listening.listen(128)
        listening.setblocking(False)
        load_balancer = world.load_balancers.get(listener.load_balancer_id)
        endpoint = Endpoint(
            listener_id=listener.listener_id,
            load_balancer_id=listener.load_balancer_id,
            dns_name=load_balancer.dns_name if load_balancer is not None else "",
            protocol=listener.protocol,
            listener_port=listener.port,
            socket=listening,
        )
        endpoint.server = web.Server(_answerer(endpoint), access_log=None)
        endpoint.acceptor = asyncio.get_running_loop().create_task(_accept(endpoint, endpoint.server))
        return endpoint

    async def _close(self, listener_id: str) -> None:
        endpoint = self._endpoints.pop(listener_id, None)
        if endpoint is None:
            return
        _LOG.info("%s is closed", endpoint.line())
        tasks = [*endpoint.connections, *([endpoint.acceptor] if endpoint.acceptor is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        endpoint.socket.close()
        if endpoint.server is not None:
            await endpoint.server.shutdown(0.2)


async def _accept(endpoint: Endpoint, server: web.Server) -> None:
    loop = asyncio.get_running_loop()
    while True:
        connection, _peer = await loop.sock_accept(endpoint.socket)
        task = loop.create_task(_connect(endpoint, server, connection))
        endpoint.connections.add(task)
        task.add_done_callback(endpoint.connections.discard)


async def _connect(endpoint: Endpoint, server: web.Server, connection: socket.socket) -> None:
    """Hand a connection to HTTP, over TLS with the context of this moment: later changes do not reach it."""
    if endpoint.protocol == "HTTPS" and endpoint.context is None:
        connection.close()
        return
    try:
        await asyncio.get_running_loop().connect_accepted_socket(
            server,
            connection,
            ssl=endpoint.context,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS if endpoint.context is not None else None,
        )
    except (OSError, asyncio.TimeoutError) as exc:
        # ssl.SSLError is an OSError. A client that gives up is its own business.
        _LOG.debug("handshake with %s failed: %s", endpoint.listener_id, exc)
        connection.close()


def _answerer(endpoint: Endpoint) -> t.Callable[[web.BaseRequest], t.Awaitable[web.StreamResponse]]:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        """Who answered, and over what."""
        tls = request.get_extra_info("ssl_object")
        request_id = new_request_id()
        body: dict[str, t.Any] = {
            "listener_id": endpoint.listener_id,
            "load_balancer_id": endpoint.load_balancer_id,
            "listener_port": endpoint.listener_port,
            "protocol": endpoint.protocol,
            "sni": endpoint.server_names.get(tls) if tls is not None else None,
            "tls_version": tls.version() if tls is not None else None,
            "cipher": (tls.cipher() or (None,))[0] if tls is not None else None,
            "method": request.method,
            "path": request.path,
            "request_id": request_id,
        }
        return web.json_response(body, headers={"Server": "alicloud-tls-emulator", "X-Request-Id": request_id})

    return answer


def _tls_context(world: World, settings: Settings, listener: Listener, endpoint: Endpoint) -> ssl.SSLContext:
    """
    :raises ssl.SSLError: the library does not take the key, the certificate or the ciphers
    :raises LookupError: a certificate is not there any more
    """
    config = listener.config
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    policy = SYSTEM_POLICIES.get(config.security_policy_id, SYSTEM_POLICIES[DEFAULT_POLICY])
    context.set_ciphers(":".join(policy.ciphers_below_tls13))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_3 if policy.tls13 else ssl.TLSVersion.TLSv1_2
    for certificate_id in config.certificate_ids:
        certificate = world.certificate_of(certificate_id, settings.site)
        if certificate is None:
            raise LookupError(f"certificate {certificate_id} was deleted")
        key = load_key(certificate.key_pem).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with _as_file(certificate.certificate_pem.encode()) as chain, _as_file(key) as private:
            context.load_cert_chain(chain, private)
    if config.ca_enabled:
        authorities = [world.ca_certificates[each].pem for each in config.ca_certificate_ids]
        if not all(authorities):
            raise LookupError("the CA certificate was seeded without its PEM")
        context.load_verify_locations(cadata="\n".join(authorities))
        context.verify_mode = ssl.CERT_REQUIRED

    def note_server_name(tls: object, name: str | None, _context: ssl.SSLContext) -> None:
        if name is not None:
            endpoint.server_names[tls] = name

    context.sni_callback = note_server_name
    return context


@contextlib.contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """
    A path that the ssl module can read from; it takes nothing else.

    In memory where the system can, else in a private directory that is gone again at once.
    """
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
        descriptor = os.memfd_create("emulator", os.MFD_CLOEXEC)
        try:
            with os.fdopen(os.dup(descriptor), "wb") as stream:
                stream.write(content)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    directory = tempfile.mkdtemp(prefix="emulator-")  # 0700
    try:
        path = Path(directory, "pem")
        path.write_bytes(content)
        yield str(path)
    finally:
        shutil.rmtree(directory)
