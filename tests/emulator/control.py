# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API under /_emulator/: for tests and people, unsigned, not part of any cloud."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable, Mapping

from .cloud import Cloud
from .data_plane import DataPlane
from .faults import Fault
from .seed import DEMO_SEED, require_plain, shown
from .seed_file import parse_seed

PREFIX = "/_emulator/"
_Body = Mapping[str, t.Any]


class Controls:
    """
    What can be asked for, by method and path.

    :param stop: called when the emulator is to end
    :param data_plane: what listens beside it
    :param sites: host:port of CAS by site
    """

    def __init__(
        self, cloud: Cloud, *, stop: Callable[[], None], data_plane: DataPlane, sites: Mapping[str, str]
    ) -> None:
        self._cloud = cloud
        self._stop = stop
        self._table: dict[tuple[str, str], Callable[[_Body], object]] = {
            ("GET", ""): lambda _body: sorted(f"{method} {PREFIX}{path}" for method, path in self._table),
            ("POST", "reset"): lambda _body: cloud.reset(),
            ("POST", "seed"): cloud.seed,
            ("POST", "seed-demo"): lambda _body: cloud.seed(DEMO_SEED),
            ("GET", "calls"): lambda _body: [call.to_dict() for call in cloud.calls],
            ("DELETE", "calls"): lambda _body: cloud.calls.clear(),
            ("GET", "urls"): lambda _body: [
                {
                    "number": call.number,
                    "method": call.method,
                    "url": call.url,
                    "private_key_in_url": call.private_key_in_url,
                }
                for call in cloud.calls
            ],
            ("GET", "state"): lambda _body: cloud.world.dump(),
            ("GET", "data-plane"): lambda _body: data_plane.rows(),
            ("GET", "sites"): lambda _body: dict(sites),
            ("GET", "ports"): lambda _body: data_plane.ports(),
            ("POST", "clock"): self._clock,
            ("POST", "fault"): self._fault,
            ("DELETE", "fault"): lambda _body: cloud.faults.clear(),
            ("GET", "settings"): lambda _body: cloud.settings.facts(),
            ("POST", "settings"): self._settings,
            ("POST", "settle"): lambda _body: cloud.settle(),
            ("POST", "stop"): lambda _body: self._stop(),
        }

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, object]:
        """
        :param path: below PREFIX
        :return: HTTP status, and what to send as JSON
        """
        operation = self._table.get((method, path))
        if operation is None:
            known = any(each == path for _method, each in self._table)
            return (405 if known else 404), {"error": f"there is no {method} {PREFIX}{path}"}
        try:
            result = operation(_decoded(path, body))
        except (ValueError, TypeError, OverflowError, RecursionError) as exc:
            return 400, {"error": str(exc)}
        return 200, {} if result is None else result

    def _fault(self, body: _Body) -> None:
        fault = Fault.ordered(body)
        if fault.kind == "refused" and not fault.seconds:
            raise ValueError("nobody could withdraw it over HTTP: it needs seconds")
        self._cloud.faults.add(fault)

    def _clock(self, body: _Body) -> dict[str, float]:
        unknown = set(body) - {"advance", "gateway"}
        if unknown:
            raise ValueError(f"clock takes advance and gateway (seconds), not {shown(*unknown)}")
        self._cloud.advance(body.get("advance", 0), gateway=body.get("gateway", 0))
        return {"now": self._cloud.clock.now(), "gateway_now": self._cloud.clock.gateway_now()}

    def _settings(self, body: _Body) -> dict[str, object]:
        self._cloud.settings = self._cloud.settings.changed(body)
        return self._cloud.settings.facts()


def _decoded(path: str, body: bytes) -> dict[str, t.Any]:
    """
    A seed may be YAML.

    :raises ValueError: nothing that an operation could take
    """
    if not body:
        return {}
    if path == "seed":
        return parse_seed(body.decode())
    decoded = json.loads(body)
    if not isinstance(decoded, dict):
        raise ValueError("the body must be a JSON object")
    require_plain(decoded)
    return decoded
