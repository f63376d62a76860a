# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated cloud without any transport: a request in, an answer out."""

from __future__ import annotations

import copy
import hashlib
import json
import time
import typing as t
from collections.abc import Sequence
from dataclasses import replace

from . import jobs
from .actions import Action, Catalogue, Context, Fields
from .alb import ALB
from .calls import Call, log_entry
from .clock import Clock
from .errors import ApiRefusal, refusal
from .faults import Fault, Faults
from .invented import invented
from .parameters import Arguments
from .seed import plant
from .settings import Settings
from .signature import Gateway
from .sites import host_of
from .warehouses import CAS
from .wire import WireAnswer, WireRequest, failure, new_request_id, success
from .world import World

CATALOGUES: dict[str, Catalogue] = {each.version: each for each in (ALB, CAS)}
_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Cloud:
    """
    All state and all rules.

    Not safe for threads: whoever owns it lets one request in at a time.
    """

    def __init__(self, settings: Settings, seeds: Sequence[t.Mapping[str, t.Any]] = ()) -> None:
        """
        :param seeds: what is there at the start, and after each reset
        :raises ValueError: a seed is not well formed
        """
        self.settings = settings
        self.clock = Clock()
        self.gateway = Gateway(self.clock)
        self.world = World()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.resets = 0
        """A request that was held up while this changed belongs to a world that is gone."""
        self._numbers = 0
        self._beginning = (settings, tuple(seeds))
        for each in seeds:
            self.seed(each)

    def answer(self, request: WireRequest, fault: Fault | None = None) -> WireAnswer:
        """Answer one request, and log it. A reset connection is an answer with status 0."""
        began = time.perf_counter()
        account = ""
        request_id = new_request_id()
        try:
            account = self.gateway.admit(request, self.settings).access_key_id
            jobs.count_call(self.world, self.clock)
            answer = self._faulty(request, request_id, fault)
        except ApiRefusal as exc:
            catalogue = CATALOGUES.get(request.version, ALB)
            host = f"alb.{self.settings.region}.aliyuncs.com"
            if catalogue is CAS:
                host = host_of(request.site or self.settings.site)
            answer = failure(request_id, exc, product=catalogue.product, host=host)
        self._numbers += 1
        took = (time.perf_counter() - began) * 1000
        now = self.clock.stamp()
        self.calls.append(log_entry(self._numbers, now, request, answer, account=account, milliseconds=took))
        del self.calls[: -self.settings.calls_kept or None]
        return answer

    def reset(self) -> None:
        """As at the start: settings and seeds of then, no faults, calls or nonces, and the clocks on time."""
        self.resets += 1
        gone = set(self.world.listeners)
        self.world = World()
        self.world.touched_listeners |= gone
        self.settings, seeds = self._beginning
        self.clock.world_offset = self.clock.gateway_offset = 0.0
        self.gateway.nonces.clear()
        self.faults.clear()
        self.calls.clear()
        for each in seeds:
            self.seed(each)

    def seed(self, seed: t.Mapping[str, t.Any]) -> dict[str, list[str]]:
        """
        Put resources there without API calls.

        :raises ValueError: the seed is not well formed
        :return: the ids, by kind
        """
        return plant(self.world, self.clock, self.settings, seed)

    def settle(self) -> None:
        """Finish all jobs now."""
        jobs.finish_all(self.world, self.clock)

    def advance(self, seconds: float, *, gateway: float = 0.0) -> None:
        """
        Put the world's clock forward, and the gateway's.

        :raises ValueError: see Clock.put_forward; then neither was
        """
        self.clock.put_forward(seconds, gateway)
        jobs.finish_due(self.world, self.clock)

    def _faulty(self, request: WireRequest, request_id: str, fault: Fault | None) -> WireAnswer:
        if fault is None or fault.kind in ("slow", "stale", "load_balancer_configuring"):
            return self._dispatch(request, request_id, fault)
        if fault.kind == "error":
            raise fault.refusal()
        if fault.kind == "html":
            return WireAnswer(fault.http_status or 502, _HTML, "(html)", request_id, {}, "text/html")
        if fault.kind == "reset_before":
            return WireAnswer(0, b"", "(reset)", request_id)
        if fault.kind == "reset_after":
            return replace(self._dispatch(request, request_id), status=0, code="(reset)")
        return self._dispatch(request, request_id, fault)

    def _dispatch(self, request: WireRequest, request_id: str, fault: Fault | None = None) -> WireAnswer:
        catalogue = CATALOGUES.get(request.version)
        if catalogue is None:
            raise refusal("InvalidVersion")
        action = catalogue.actions.get(request.action)
        if action is None or request.path != "/":
            raise refusal("InvalidAction.NotFound")
        sent = request.parameters
        arguments = Arguments.decode(sent, action.parameters, action.required, strict=self.settings.strict_parameters)
        context = Context(
            action=action.name,
            arguments=arguments,
            world=(fault.before if fault is not None else None) or self.world,
            settings=self.settings,
            clock=self.clock,
            job_failure=_failure_of_job(fault),
            cas_site=request.site,
            load_balancer_busy=fault is not None and fault.kind == "load_balancer_configuring",
        )
        waiting = [] if action.reads else self.faults.waiting_for_a_write()
        before = copy.deepcopy(self.world) if waiting else None
        fields = self._once(catalogue, action, context)
        for each in waiting:
            each.before = before
        return success(request_id, fields)

    def _once(self, catalogue: Catalogue, action: Action, context: Context) -> Fields:
        """Answer, or repeat the answer that this ClientToken already got."""
        token = context.arguments.text("ClientToken")
        if not token or "ClientToken" not in action.parameters:
            return action.answer(context)
        if len(token) > 64 or not token.isascii():
            raise invented("client-token", "ClientToken must be ASCII and have at most 64 characters.")
        site = context.site if catalogue is CAS else ""
        key = (f"{catalogue.version} {site}", action.name, token)
        digest = hashlib.sha256(
            json.dumps(context.arguments.without("ClientToken"), sort_keys=True).encode()
        ).hexdigest()
        known = self.world.replays.get(key)
        if known is None:
            fields = action.answer(context)
            self.world.replays[key] = (digest, fields)
            return fields
        if known[0] != digest:
            raise invented(
                "client-token-reuse",
                "The idempotence token of request is same with the prev one, but the signature is different.",
            )
        return known[1]


def _failure_of_job(fault: Fault | None) -> tuple[str, str] | None:
    if fault is None or fault.kind != "job_failed":
        return None
    return fault.code, fault.message or "The emulator was told that this job fails."
