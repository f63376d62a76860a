# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real endpoints: each running listener is served on a loopback port of its own, HTTP and HTTPS on TCP, QUIC on UDP."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import importlib.util
import ipaddress
import logging
import socket
import typing as t
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from .errors import ApiRefusal
from .http_answer import Link, Reply, Request, Site, reply
from .http_front import HttpServer, read_body, refused
from .identities import Identities, Identity
from .settings import Settings
from .tls_service import Rules, TlsService
from .world import Listener, World

if t.TYPE_CHECKING:
    from .quic import QuicFront

_LOG = logging.getLogger("alicloud_tls.emulator.data_plane")
_FIRST_ADDRESS = ipaddress.IPv4Address("127.0.0.1")
_HANDSHAKE_SECONDS = 10.0
_NO_H2 = "HTTP/2 is not offered: it needs the Python package h2 (pip install h2)"
_NO_AIOQUIC = "QUIC is not served: it needs the Python package aioquic (pip install aioquic)"
_Respond = Callable[[Site, Link, Request], Reply]


@dataclass(frozen=True)
class Wanted:
    """All that the world says about what a listener serves. Equal means that nothing has to be done."""

    site: Site
    rules: Rules | None
    """None without TLS, and for QUIC, which has rules of its own."""
    identities: Identities
    http2: bool = False


@dataclass
class Endpoint:
    """A loopback port that lives as long as its listener, whether that runs or is stopped."""

    site: Site
    transport: t.Literal["tcp", "udp"]
    address: str
    port: int | None = None
    """None if it could not be had."""
    reserved: socket.socket | None = field(default=None, repr=False)
    """Bound, but not listening."""
    front: _TcpFront | QuicFront | None = field(default=None, repr=False)
    """What listens."""
    served: Wanted | None = field(default=None, repr=False)
    error: str = ""
    """Why it does not serve what it should."""
    notes: list[str] = field(default_factory=list)
    """What it does not do as ALB would, for want of something here."""

    def to_dict(self) -> dict[str, t.Any]:
        return {
            "load_balancer_id": self.site.load_balancer_id,
            "dns_name": self.site.dns_name,
            "listener_id": self.site.listener_id,
            "listener_port": self.site.listener_port,
            "protocol": self.site.protocol,
            "transport": self.transport,
            "address": self.address,
            "port": self.port,
            "listening": self.front is not None,
            "error": self.error,
            "notes": list(self.notes),
        }

    def line(self) -> str:
        """One line for people."""
        site = self.site
        return (
            f"{site.listener_id} ({site.protocol} {site.listener_port} of {site.load_balancer_id})"
            f" at {self.address}:{self.port}"
        )


class DataPlane:
    """Follows the world. Belongs to one event loop."""

    def __init__(self) -> None:
        self._endpoints: dict[str, Endpoint] = {}
        self._addresses: dict[str, str] = {}
        """Load balancer -> address of its own, with real port numbers."""

    def rows(self) -> list[dict[str, t.Any]]:
        return [endpoint.to_dict() for endpoint in self._endpoints.values()]

    def ports(self) -> dict[str, dict[str, dict[str, dict[str, t.Any]]]]:
        """DNS name of a load balancer -> listener port -> tcp or udp -> address and port here."""
        found: dict[str, dict[str, dict[str, dict[str, t.Any]]]] = {}
        for endpoint in self._endpoints.values():
            if endpoint.port is not None:
                by_port = found.setdefault(endpoint.site.dns_name, {})
                place = {"address": endpoint.address, "port": endpoint.port}
                by_port.setdefault(str(endpoint.site.listener_port), {})[endpoint.transport] = place
        return found

    async def sync(self, world: World, settings: Settings) -> None:
        """Open, change and close endpoints of the listeners that were touched since the last time."""
        while world.touched_listeners:
            listener_id = world.touched_listeners.pop()
            listener = world.listeners.get(listener_id)
            if listener is None or listener.status == "Provisioning":
                await self._forget(listener_id)
            elif listener.serves:
                await self._serve(world, settings, listener)
            else:
                await self._stop(world, settings, listener)

    async def close(self) -> None:
        for listener_id in list(self._endpoints):
            await self._forget(listener_id)

    async def _serve(self, world: World, settings: Settings, listener: Listener) -> None:
        endpoint = self._endpoint(world, settings, listener)
        known: tuple[Identity, ...] = ()
        if endpoint.served is not None:
            known = (*endpoint.served.identities.default, *endpoint.served.identities.additional)
        try:
            wanted = _wanted(world, settings, listener, {each.certificate_id: each for each in known})
            if endpoint.front is not None and wanted == endpoint.served:
                endpoint.error = ""
                return
            _reserve(endpoint, settings)
            await self._apply(endpoint, wanted)
        except (OSError, LookupError, ValueError, ImportError) as exc:
            # The API has accepted what cannot be served here, as a CA without its PEM: tell it, keep the old.
            # An ssl.SSLError is an OSError.
            endpoint.error = str(exc) if isinstance(exc, ImportError) else f"{type(exc).__name__}: {exc}"
            _LOG.warning("%s does not serve its configuration: %s", endpoint.line(), endpoint.error)
            return
        endpoint.served = wanted
        endpoint.site = wanted.site
        endpoint.error = ""
        _LOG.info("%s %s", endpoint.line(), _told(wanted))
        for note in endpoint.notes:
            _LOG.info("%s: %s", listener.listener_id, note)

    async def _apply(self, endpoint: Endpoint, wanted: Wanted) -> None:
        """
        Let new connections have it. If it does not work out, all is as before.

        :raises OSError: the port is taken, or OpenSSL does not take what it was given
        :raises ValueError: aioquic does not
        :raises ImportError: there is no aioquic
        """
        if wanted.site.protocol == "QUIC":
            await self._apply_quic(endpoint, wanted)
            return
        tls = TlsService(wanted.rules, wanted.identities) if wanted.rules is not None else None
        service = _TcpService(wanted.site, tls, self._respond)
        endpoint.notes = list(tls.notes) if tls is not None else []
        if wanted.http2 and not _has("h2"):
            endpoint.notes.append(_NO_H2)
        if isinstance(endpoint.front, _TcpFront):
            endpoint.front.service = service
        elif endpoint.reserved is not None:
            endpoint.reserved.listen(128)
            endpoint.front = _TcpFront(service, endpoint.reserved)
            endpoint.reserved = None

    async def _apply_quic(self, endpoint: Endpoint, wanted: Wanted) -> None:
        if not _has("aioquic"):
            raise ImportError(_NO_AIOQUIC)
        from .quic import QuicFront, QuicService

        service = QuicService(wanted.site, wanted.identities)
        if isinstance(endpoint.front, QuicFront):
            endpoint.front.service = service
        elif endpoint.reserved is not None:
            front = QuicFront(service, self._respond)
            await front.listen(endpoint.reserved)
            endpoint.front, endpoint.reserved = front, None

    async def _stop(self, world: World, settings: Settings, listener: Listener) -> None:
        """Listen no more; the port stays taken for when it starts again."""
        endpoint = self._endpoint(world, settings, listener)
        if endpoint.front is not None:
            await _close_front(endpoint)
            _LOG.info("%s is stopped", endpoint.line())
        endpoint.served = None
        endpoint.notes = []
        try:
            _reserve(endpoint, settings)
            endpoint.error = ""
        except OSError as exc:
            endpoint.error = f"{type(exc).__name__}: {exc}"

    async def _forget(self, listener_id: str) -> None:
        endpoint = self._endpoints.pop(listener_id, None)
        if endpoint is None:
            return
        _LOG.info("%s is closed", endpoint.line())
        await _close_front(endpoint)
        if endpoint.reserved is not None:
            endpoint.reserved.close()
        if not self._endpoints:
            self._addresses.clear()

    def _endpoint(self, world: World, settings: Settings, listener: Listener) -> Endpoint:
        endpoint = self._endpoints.get(listener.listener_id)
        if endpoint is None:
            site = Site.of(listener, world.load_balancers.get(listener.load_balancer_id))
            address = str(_FIRST_ADDRESS)
            if settings.real_ports:
                address = _own_address(site) or self._addresses.setdefault(
                    listener.load_balancer_id, str(_FIRST_ADDRESS + len(self._addresses))
                )
            endpoint = Endpoint(site, "udp" if listener.protocol == "QUIC" else "tcp", address)
            self._endpoints[listener.listener_id] = endpoint
        return endpoint

    def _respond(self, site: Site, link: Link, request: Request) -> Reply:
        linked = self._endpoints.get(site.quic_listener_id)
        return reply(site, link, request, linked.port if linked is not None and linked.front is not None else None)


def _own_address(site: Site) -> str | None:
    """The DNS name of the load balancer, if that is a loopback address: so clients need not know of any emulator."""
    try:
        named = ipaddress.IPv4Address(site.dns_name)
    except ValueError:
        return None
    return str(named) if named.is_loopback else None


@dataclass(frozen=True)
class _TcpService:
    """What a connection gets: made anew when the listener changes, so that connections keep what they came for."""

    site: Site
    tls: TlsService | None
    respond: _Respond

    def link(self, transport: asyncio.BaseTransport | None) -> Link:
        """Describe a connection of this service."""
        if transport is None:
            return Link("")
        peer = transport.get_extra_info("peername") or ("", 0)
        connection = transport.get_extra_info("ssl_object")
        if self.tls is None or connection is None:
            return Link("", peer[:2])
        return Link(
            http_version="",
            peer=peer[:2],
            alpn=connection.selected_alpn_protocol(),
            sni=self.tls.server_name(connection),
            tls_version=connection.version(),
            cipher=(connection.cipher() or (None,))[0],
            client_certificate=connection.getpeercert(binary_form=True),
        )


class _TcpFront:
    """A listening socket. `service` is what the next connection gets."""

    def __init__(self, service: _TcpService, listening: socket.socket) -> None:
        self.service = service
        self._socket = listening
        self._transports: weakref.WeakSet[asyncio.BaseTransport] = weakref.WeakSet()
        self._handshakes: set[asyncio.Task[None]] = set()
        self._acceptor = asyncio.get_running_loop().create_task(self._accept())

    async def close(self) -> None:
        """Close the socket and all connections."""
        tasks = [self._acceptor, *self._handshakes]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._socket.close()
        for transport in list(self._transports):
            if isinstance(transport, asyncio.WriteTransport):
                # Python 3.11: a TLS transport that was closed twice is gone, and says so in this way.
                with contextlib.suppress(AttributeError):
                    transport.abort()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _peer = await loop.sock_accept(self._socket)
            except OSError as exc:
                # Too many open files, most likely.
                _LOG.warning("%s cannot accept a connection: %s", self.service.site.listener_id, exc)
                await asyncio.sleep(0.1)
                continue
            task = loop.create_task(self._connect(self.service, connection))
            self._handshakes.add(task)
            task.add_done_callback(self._handshakes.discard)

    async def _connect(self, service: _TcpService, connection: socket.socket) -> None:
        tls = service.tls
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: _Switch(service, self._transports),
                connection,
                ssl=tls.context if tls is not None else None,
                ssl_handshake_timeout=_HANDSHAKE_SECONDS if tls is not None else None,
            )
        except (OSError, asyncio.TimeoutError) as exc:
            # ssl.SSLError is an OSError. A client that gives up is its own business.
            _LOG.debug("handshake with %s failed: %s", service.site.listener_id, exc)
            connection.close()


class _Switch(asyncio.Protocol):
    """Hands a connection, when its handshake is done, to the protocol that was negotiated."""

    def __init__(self, service: _TcpService, transports: weakref.WeakSet[asyncio.BaseTransport]) -> None:
        self._service = service
        self._transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transports.add(transport)
        service = self._service
        link = service.link(transport)
        protocol: asyncio.BaseProtocol
        if link.alpn == "h2":
            from .http2 import Http2

            protocol = Http2(lambda request: service.respond(service.site, link, request))
        else:
            protocol = HttpServer(_http1(service, link))()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)


def _http1(service: _TcpService, link: Link) -> Callable[[web.BaseRequest], t.Awaitable[web.StreamResponse]]:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        try:
            await read_body(request)
        except ApiRefusal as exc:
            return refused(exc, 400)
        version = f"HTTP/{request.version.major}.{request.version.minor}"
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = service.respond(service.site, link, Request(request.method, request.path, headers, version))
        return web.Response(body=answer.body, headers=answer.headers)

    return answer


def _wanted(world: World, settings: Settings, listener: Listener, known: dict[str, Identity]) -> Wanted:
    """
    :raises LookupError: a certificate is not there any more, or there is no PEM of a CA
    """
    config = listener.config
    site = Site.of(listener, world.load_balancers.get(listener.load_balancer_id))
    if listener.protocol == "HTTP":
        return Wanted(site, None, Identities(()))

    def identities(certificate_ids: tuple[str, ...]) -> tuple[Identity, ...]:
        return tuple(_identity(world, settings, each, known) for each in certificate_ids)

    every = Identities(identities(config.certificate_ids), identities(listener.served_additional))
    if listener.protocol == "QUIC":
        return Wanted(site, None, every)
    authorities = None
    if config.ca_enabled:
        pems = [world.ca_certificates[each].pem for each in config.ca_certificate_ids]
        if not all(pems):
            raise LookupError("the CA certificate was seeded without its PEM")
        authorities = "\n".join(pems)
    versions, ciphers = world.policy_of(listener)
    alpn = ("h2", "http/1.1") if config.http2_enabled and _has("h2") else ("http/1.1",)
    return Wanted(site, Rules(versions, ciphers, alpn, authorities), every, config.http2_enabled)


def _identity(world: World, settings: Settings, certificate_id: str, known: dict[str, Identity]) -> Identity:
    certificate = world.certificate_of(certificate_id, settings.site)
    if certificate is None:
        # An existing connection does not mind; what is served already may go on.
        if certificate_id in known:
            return known[certificate_id]
        raise LookupError(f"certificate {certificate_id} was deleted")
    identity = Identity(
        certificate_id,
        certificate.facts.algorithm,
        certificate.facts.names,
        certificate.certificate_pem,
        certificate.key_pem,
    )
    # The same again comes with its key parsed.
    return known[certificate_id] if known.get(certificate_id) == identity else identity


def _reserve(endpoint: Endpoint, settings: Settings) -> None:
    """
    Take the port: the one it had, the listener's own if so wished, or any.

    :raises OSError: it is taken, or the system does not let us
    """
    if endpoint.front is not None or endpoint.reserved is not None:
        return
    kind = socket.SOCK_DGRAM if endpoint.transport == "udp" else socket.SOCK_STREAM
    reserved = socket.socket(socket.AF_INET, kind)
    try:
        if kind == socket.SOCK_STREAM:
            # A stopped listener takes its port again while old connections fade away.
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((endpoint.address, endpoint.port or (endpoint.site.listener_port if settings.real_ports else 0)))
        reserved.setblocking(False)
    except OSError as exc:
        reserved.close()
        if exc.errno == errno.EACCES:
            raise PermissionError(f"no right to bind port {endpoint.site.listener_port} (real_ports)") from exc
        raise
    endpoint.reserved = reserved
    endpoint.port = int(reserved.getsockname()[1])


async def _close_front(endpoint: Endpoint) -> None:
    front, endpoint.front = endpoint.front, None
    if isinstance(front, _TcpFront):
        await front.close()
    elif front is not None:
        front.close()
        # The datagram transport lets go of its socket in the loop's next round.
        await asyncio.sleep(0)


def _told(wanted: Wanted) -> str:
    if wanted.site.protocol == "HTTP":
        return "listens"
    ids = [each.certificate_id for each in wanted.identities.default]
    more = [each.certificate_id for each in wanted.identities.additional]
    return f"serves {', '.join(ids)}" + (f" and by name {', '.join(more)}" if more else "")


def _has(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
