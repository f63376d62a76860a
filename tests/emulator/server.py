# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP in front of the cloud, and the data plane beside it: one event loop, one request at a time."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import ipaddress
import json
import logging
import socket
import struct
import threading
import typing as t
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import web

from . import jobs
from .calls import Call
from .cloud import Cloud
from .control import PREFIX, Controls
from .data_plane import DataPlane
from .doors import Doors
from .errors import ApiRefusal
from .faults import Fault
from .http_front import HttpServer, read_body, refused
from .seed import DEMO_SEED
from .settings import Settings
from .sites import other_site, site_named_by
from .state import StateFile
from .wire import WireRequest, redacted_text
from .world import World

_LOG = logging.getLogger("alicloud_tls.emulator")
_READS = ("Get", "List", "Describe")
_ResultT = t.TypeVar("_ResultT")


class Server:
    """
    The emulator inside an event loop.

    :ivar cas_endpoints: host:port of CAS by site; the second port is the site that the load balancers are not at
    :raises ValueError: (start) the host is not a loopback address, or the state file is not one
    """

    def __init__(
        self,
        settings: Settings,
        seeds: Sequence[Mapping[str, t.Any]] = (),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        second_port: int = 0,
        unsafe_bind: bool = False,
        state: Path | None = None,
    ) -> None:
        """:param state: file that keeps the world; if it is there, it counts, and the seeds only after a reset"""
        self.cloud = Cloud(settings, seeds)
        self._state = StateFile(state, self.cloud) if state is not None else None
        self.cas_endpoints: dict[str, str] = {}
        self.data_plane = DataPlane()
        self.stopping = asyncio.Event()
        self._host = host
        self._port = port
        self._second_port = second_port
        self._unsafe_bind = unsafe_bind
        self._lock = asyncio.Lock()
        self._runner: web.ServerRunner | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._doors = Doors()
        self._controls = Controls(
            self.cloud, stop=self.stopping.set, data_plane=self.data_plane, sites=self.cas_endpoints
        )

    async def start(self) -> tuple[str, int]:
        """Listen; return address and port."""
        if not self._unsafe_bind:
            require_loopback(self._host)
        if self._state is not None and not self._state.load():
            self._state.write()
        # No access log: a private key may come in a URL, however bad that is.
        self._runner = web.ServerRunner(HttpServer(self._answer), shutdown_timeout=0.2)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
            address, port = self._runner.addresses[0][:2]
            self._port = int(port)
            beside = len(self._runner.addresses)
            await web.TCPSite(self._runner, self._host, self._second_port).start()
            self._second_port = int(self._runner.addresses[beside][1])
        except OSError:
            await self._runner.cleanup()
            raise
        site = self.cloud.settings.site
        shown = f"[{address}]" if ":" in address else address
        self.cas_endpoints |= {site: f"{shown}:{port}", other_site(site): f"{shown}:{self._second_port}"}
        await self.do(lambda _cloud: None)
        return shown, self._port

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self.data_plane.close()
        self._doors.forget()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._state is not None:
            self._state.write()

    async def do(self, operation: Callable[[Cloud], _ResultT], *, reads: bool = False) -> _ResultT:
        """
        Run something on the cloud, and let the data plane and the state file follow.

        :param reads: it changes nothing
        """
        async with self._lock:
            reads = reads and not self.cloud.world.running_jobs
            result = operation(self.cloud)
            await self._follow()
            if self._state is not None and not reads:
                self._state.changed()
        return result

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            body = await read_body(request)
        except ApiRefusal as exc:
            return refused(exc)
        if request.path.startswith(PREFIX):
            return await self._control(request, body)
        if self._doors.closed:
            # It came over a connection that was open before. The control API can be used over such a one.
            _reset(request.transport)
            return web.Response(status=500)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        decoded = WireRequest.decode(request.method, _text(request.raw_path), headers, body, self._site(request))
        fault = self.cloud.faults.take(decoded.action)
        if fault is not None and fault.kind == "slow":
            resets = self.cloud.resets
            await asyncio.sleep(fault.seconds)
            if resets != self.cloud.resets:
                _reset(request.transport)
                return web.Response(status=500)
        answer = await self.do(lambda cloud: cloud.answer(decoded, fault), reads=decoded.action.startswith(_READS))
        if _LOG.isEnabledFor(logging.INFO):
            _LOG.info("%s", self.cloud.calls[-1].line() if self.cloud.calls else decoded.safe_action)
        if answer.status == 0:
            _reset(request.transport)
            return web.Response(status=500)
        return web.Response(
            status=answer.status, body=answer.body, content_type=answer.content_type, headers=dict(answer.headers)
        )

    def _site(self, request: web.BaseRequest) -> str:
        """The site of CAS that this is for; empty: that of the load balancers."""
        named = site_named_by(request.headers.get("Host", ""))
        if named:
            return named
        transport = request.transport
        here = transport.get_extra_info("sockname") if transport is not None else None
        return other_site(self.cloud.settings.site) if here and here[1] == self._second_port else ""

    async def _control(self, request: web.BaseRequest, body: bytes) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        status, result = await self.do(
            lambda _cloud: self._controls.answer(request.method, path, body), reads=request.method == "GET"
        )
        _LOG.debug("%s %s %s", redacted_text(request.method), redacted_text(request.path), status)
        return web.json_response(result, status=status, dumps=_dumps)

    async def _follow(self) -> None:
        settings = self.cloud.settings
        self.cloud.world.asleep -= self.cloud.world.touched_listeners
        if self.cloud.world.touched_listeners and settings.data_plane:
            await self.data_plane.sync(self.cloud.world, settings)
        await self._follow_refusal()
        due = jobs.next_due(self.cloud.world)
        if due is not None and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, due - self.cloud.clock.now()), self._timer_rings)

    async def _follow_refusal(self) -> None:
        """Close or open the sockets, as the fault `refused` says."""
        fault = self.cloud.faults.refusing()
        if self._runner is None or (fault is not None) == self._doors.closed:
            return
        if fault is None:
            await self._doors.open(self._runner)
            return
        await self._doors.close(self._runner)
        if fault.seconds:
            asyncio.get_running_loop().call_later(
                fault.seconds, self._later, lambda cloud: cloud.faults.withdraw(fault)
            )

    def _later(self, operation: Callable[[Cloud], None]) -> None:
        task = asyncio.get_running_loop().create_task(self.do(operation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _timer_rings(self) -> None:
        self._timer = None
        self._later(lambda cloud: jobs.finish_due(cloud.world, cloud.clock))


def require_loopback(host: str) -> None:
    """
    :raises ValueError: anything but a loopback address or localhost
    """
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise ValueError(f"the emulator binds to loopback addresses only, not to {host} (see --unsafe-bind)")


class Emulator:
    """
    The emulator in a daemon thread, for tests.

    Usage::

        with Emulator(Settings(polls=0), demo=True) as emulator:
            client = Client(Config(endpoint=emulator.endpoint, protocol="HTTP", ...))

    :ivar endpoint: host:port, as the SDK wants it
    :ivar url: http://host:port
    :ivar cas_endpoints: host:port of CAS by site. `endpoint` is the one of the site of the load balancers.
    """

    def __init__(self, settings: Settings | None = None, *, port: int = 0, demo: bool = False) -> None:
        self._settings = settings or Settings()
        self._wanted_port = port
        self._demo = demo
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self.endpoint = ""
        self.url = ""
        self.cas_endpoints: dict[str, str] = {}

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """
        Return when it listens.

        :raises OSError: the port is taken
        """
        self._server = Server(self._settings, [DEMO_SEED] if self._demo else [], port=self._wanted_port)
        started: concurrent.futures.Future[tuple[str, int]] = concurrent.futures.Future()
        self._thread = threading.Thread(
            target=lambda server: asyncio.run(self._serve(server, started)),
            args=(self._server,),
            name="emulator",
            daemon=True,
        )
        self._thread.start()
        address, port = started.result(timeout=30)
        self.endpoint = f"{address}:{port}"
        self.url = f"http://{self.endpoint}"
        self.cas_endpoints = dict(self._server.cas_endpoints)

    def stop(self) -> None:
        if self._loop is not None and self._server is not None and not self._loop.is_closed():
            # The loop may end between the question and the call.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._server.stopping.set)
        if self._thread is not None:
            self._thread.join(timeout=10)

    @property
    def world(self) -> World:
        """The state itself. Look at it between calls, change it by `do`."""
        return self._running().cloud.world

    @property
    def calls(self) -> list[Call]:
        """The API calls since the start, the last reset or `clear_calls`."""
        return list(self._running().cloud.calls)

    @property
    def actions(self) -> list[str]:
        """The names of the actions called."""
        return [call.action for call in self.calls]

    @property
    def urls(self) -> list[str]:
        """Path and query of each API call; a private key in it shows as wire.REDACTED."""
        return [call.url for call in self.calls]

    def do(self, operation: Callable[[Cloud], _ResultT]) -> _ResultT:
        """Run something on the cloud, in its thread, while no request is being answered."""
        server, loop = self._running(), self._loop
        if loop is None:
            raise RuntimeError("the emulator is not running")
        return asyncio.run_coroutine_threadsafe(server.do(operation), loop).result(timeout=60)

    def reset(self) -> None:
        """As at the start, the demo seed included."""
        self.do(lambda cloud: cloud.reset())

    def seed(self, seed: Mapping[str, t.Any]) -> dict[str, list[str]]:
        """Add load_balancers, server_groups, ca_certificates; return their ids."""
        return self.do(lambda cloud: cloud.seed(seed))

    def seed_demo(self) -> dict[str, list[str]]:
        return self.seed(DEMO_SEED)

    def state(self) -> dict[str, t.Any]:
        """Everything but private keys, as plain data."""
        return self.do(lambda cloud: cloud.world.dump())

    def clear_calls(self) -> None:
        self.do(lambda cloud: cloud.calls.clear())

    def data_plane(self) -> list[dict[str, t.Any]]:
        """Where the listeners really listen."""
        rows = self._running().data_plane.rows
        return self.do(lambda _cloud: rows())

    def ports(self) -> dict[str, dict[str, dict[str, dict[str, t.Any]]]]:
        """DNS name of a load balancer -> listener port -> tcp or udp -> address and port here."""
        ports = self._running().data_plane.ports
        return self.do(lambda _cloud: ports())

    def resolve(self, dns_name: str, port: int, transport: t.Literal["tcp", "udp"] = "tcp") -> tuple[str, int]:
        """
        Where to connect to instead of a port of a load balancer.

        :raises LookupError: it has no such listener, or that one has no port here
        """
        place = self.ports().get(dns_name, {}).get(str(port), {}).get(transport)
        if place is None:
            raise LookupError(f"no listener of {dns_name} on {transport} port {port}")
        return place["address"], place["port"]

    def advance(self, seconds: float) -> None:
        """Put the world's clock forward; the gateway's, for x-acs-date, stays."""
        self.do(lambda cloud: cloud.advance(seconds))

    def fault(self, action: str = "*", **order: t.Any) -> None:
        """Order a fault, see faults.Fault."""
        self.do(lambda cloud: cloud.faults.add(Fault.ordered({"action": action, **order})))

    def withdraw_faults(self) -> None:
        """Forget all that were ordered."""
        self.do(lambda cloud: cloud.faults.clear())

    def change_settings(self, **changes: object) -> None:
        """Change switches until the next reset."""

        def change(cloud: Cloud) -> None:
            cloud.settings = cloud.settings.changed(changes)

        self.do(change)

    def settle(self) -> None:
        """Finish all jobs now."""
        self.do(lambda cloud: cloud.settle())

    def _running(self) -> Server:
        if self._server is None:
            raise RuntimeError("the emulator is not running")
        return self._server

    async def _serve(self, server: Server, started: concurrent.futures.Future[tuple[str, int]]) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            started.set_result(await server.start())
        except OSError as exc:
            started.set_exception(exc)
            return
        await server.stopping.wait()
        await server.close()


def _reset(transport: asyncio.BaseTransport | None) -> None:
    """Make the client see its connection reset, not closed."""
    if not isinstance(transport, asyncio.Transport):
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _text(value: str) -> str:
    """What is not UTF-8 comes as surrogates, which could neither be signed nor logged."""
    return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=list)
