# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks on listeners share. The tasks themselves are tested through their modules, over HTTP."""

from __future__ import annotations

import json
import types
import typing as t
from dataclasses import dataclass, replace
from datetime import datetime, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener import Listener
from ansible_collections.alicloud.tls.plugins.module_utils._ansible.task import Run
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError, NotFoundError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._tasks._listeners import (
    check_port,
    find_listener,
    planned_listener,
)
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    ECC,
    LISTENER,
    PLANNED,
    RSA,
    UNKNOWN,
    facts,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
EXPIRED = facts("old.example.com", not_after="2026-11-22T00:00:00Z")


@dataclass
class Alb:
    known: list[Listener]

    def listener(self, listener_id: str) -> Listener:
        return next(one for one in self.known if one.id == listener_id)

    def find_listener_id(self, balancer: str, port: int, _protocol: str | None) -> tuple[str, str | None]:
        return f"id-of-{balancer}", next((one.id for one in self.known if one.port == port), None)


@dataclass
class World:
    region: str = "cn-hangzhou"

    def run(self, *, check_mode: bool = False, **params: t.Any) -> Run:
        options = dict.fromkeys(("listener_id", "listener", "load_balancer", "port", "protocol"))
        cloud = types.SimpleNamespace(
            listeners=Alb([LISTENER]),
            access=Access(self.region),
        )
        given = {**options, "allow_expired": False, **params}
        return Run(given, check_mode, "/", NOW, t.cast("t.Any", None), t.cast("t.Any", cloud))


@pytest.mark.parametrize("port", [1, 443, 65535, None])
def test_ports(port):
    check_port(port)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port(port):
    with pytest.raises(InputError, match=f"from 1 to 65535, not {port}"):
        check_port(port)


@pytest.mark.parametrize(
    ("params", "check_mode"),
    [
        pytest.param({"listener_id": "lsn-1"}, False, id="id"),
        pytest.param({"load_balancer": "web", "port": 443}, False, id="place"),
        pytest.param({"listener": {"id": "lsn-1"}}, False, id="object"),
        pytest.param({"listener": {"id": "lsn-1"}}, True, id="object-check-mode"),
        pytest.param({"listener": {**LISTENER.to_dict(), "id": None}}, True, id="planned"),
    ],
)
def test_find_listener(params, check_mode):
    found = find_listener(World().run(check_mode=check_mode, **params))
    assert (found.load_balancer_id, found.protocol, found.port, found.certificates) == (
        "alb-1",
        "HTTPS",
        443,
        frozenset({RSA}),
    )


@pytest.mark.parametrize(
    ("params", "check_mode", "kind", "parts"),
    [
        pytest.param(
            {"load_balancer": "web", "port": 80},
            False,
            NotFoundError,
            ("no listener on port 80 of load balancer id-of-web in region cn-hangzhou",),
            id="nothing-there",
        ),
        pytest.param(
            {"load_balancer": "web", "port": 80, "protocol": "QUIC"},
            True,
            NotFoundError,
            ("no QUIC listener",),
            id="quic",
        ),
        pytest.param({"load_balancer": "web", "port": 70000}, False, InputError, ("65535",), id="port"),
        pytest.param(
            {"listener": {**LISTENER.to_dict(), "id": None}}, False, InputError, ("no id", "check mode"), id="planned"
        ),
        pytest.param({"listener": {"id": None}}, True, InputError, ("alicloud.tls.alb_listener returned",), id="empty"),
    ],
)
def test_a_listener_that_is_not_found(params, check_mode, kind, parts):
    with pytest.raises(kind) as caught:
        find_listener(World().run(check_mode=check_mode, **params))
    for part in parts:
        assert part in caught.value.message


def test_a_planned_listener_survives_the_way_through_a_playbook():
    planned = replace(LISTENER, id=None, certificates=frozenset({PLANNED, ECC}))
    found = planned_listener(json.loads(json.dumps(planned.to_dict())))
    assert found.certificates == planned.certificates
    assert {one.facts for one in found.certificates} == {PLANNED.facts, ECC.facts}


def test_a_planned_listener_may_have_certificates_nobody_knows():
    planned = replace(LISTENER, id=None, certificates=frozenset({UNKNOWN}))
    assert planned_listener(planned.to_dict()).certificates == {UNKNOWN}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"port": None}, id="port-null"),
        pytest.param({"port": "https"}, id="port-text"),
        pytest.param({"certificates": None}, id="certificates-null"),
        pytest.param({"certificates": ["11-cn-hangzhou"]}, id="certificates-text"),
        pytest.param({"certificates": [{}]}, id="certificate-empty"),
    ],
)
def test_what_is_no_planned_listener(changes):
    with pytest.raises(InputError, match=r"listener is not what alicloud\.tls\.alb_listener returned"):
        planned_listener({**LISTENER.to_dict(), "id": None, **changes})
