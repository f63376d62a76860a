# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stale reads, load balancers that are being configured, and closed sockets. The other faults: test_control.py."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import BASIC, LOAD_BALANCER, Bench


@pytest.fixture
def settings() -> Settings:
    return Settings(polls=0, strict_parameters=True, data_plane=False)


def _idle_timeout(bench: Bench, listener_id: str) -> int:
    return int(bench.get(listener_id)["IdleTimeout"])


def test_stale_reads_show_what_was_before_the_next_write(bench: Bench) -> None:
    listener_id = bench.listener()
    bench.emulator.fault("GetListenerAttribute", kind="stale", count=2)
    assert _idle_timeout(bench, listener_id) == 15  # no write yet, and not counted
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, IdleTimeout=20).code == "ok"
    assert bench.alb("ListListeners").body["Listeners"][0]["IdleTimeout"] == 20  # another action
    assert bench.alb("UpdateListenerAttribute", ListenerId=listener_id, IdleTimeout=21).code == "ok"
    seen = [_idle_timeout(bench, listener_id) for _number in range(3)]
    assert seen == [15, 15, 21]


def test_stale_read_does_not_know_what_was_just_made(bench: Bench) -> None:
    bench.emulator.fault(kind="stale", count=2, nth=2)
    assert bench.create(ListenerPort=0).code == "InvalidParameter"  # changes nothing, so it is not the write
    listener_id = bench.create().body["ListenerId"]
    asked = {"ListenerId": listener_id}
    codes = [bench.alb("GetListenerAttribute", **asked).code for _number in range(4)]
    assert codes == ["ok", "ResourceNotFound.Listener", "ResourceNotFound.Listener", "ok"]


def test_load_balancer_is_configuring_for_some_calls(bench: Bench) -> None:
    listener_id = bench.listener()
    bench.emulator.fault(kind="load_balancer_configuring", count=4)
    shown = bench.alb("GetLoadBalancerAttribute", LoadBalancerId=LOAD_BALANCER).body
    assert shown["LoadBalancerStatus"] == "Configuring"
    assert bench.alb("ListLoadBalancers", LoadBalancerStatus="Active").body["TotalCount"] == 0
    refused = bench.alb("UpdateListenerAttribute", ListenerId=listener_id)
    assert refused.body["Message"] == f"The status of {LOAD_BALANCER} [Configuring] is incorrect."
    assert bench.create(ListenerPort=81).code == "IncorrectStatus.LoadBalancer"
    assert bench.create(ListenerPort=81).code == "ok"


def test_load_balancer_is_configuring_with_its_listeners(bench: Bench) -> None:
    bench.emulator.change_settings(load_balancer_configuring=True)
    first, second = bench.listener(), bench.listener(ListenerPort=81)
    bench.emulator.change_settings(polls=9)
    assert bench.alb("UpdateListenerAttribute", ListenerId=first).code == "ok"
    assert bench.alb("UpdateListenerAttribute", ListenerId=second).code == "IncorrectStatus.LoadBalancer"
    assert bench.alb("UpdateListenerAttribute", ListenerId=first).code == "IncorrectStatus.Listener"
    assert bench.create(LoadBalancerId=BASIC).code == "ok"
    bench.emulator.settle()
    assert bench.alb("UpdateListenerAttribute", ListenerId=second).code == "ok"


def _refused(bench: Bench) -> bool:
    try:
        bench.alb("ListListeners")
    except ConnectionRefusedError:
        return True
    return False


def test_connections_are_refused_until_the_order_is_withdrawn(bench: Bench) -> None:
    bench.emulator.fault(kind="refused", seconds=0)
    assert [_refused(bench) for _number in range(3)] == [True] * 3
    bench.emulator.withdraw_faults()
    assert not _refused(bench)


def test_connections_are_refused_for_a_while(bench: Bench) -> None:
    bench.emulator.fault(kind="refused", seconds=0.2)
    assert _refused(bench)
    deadline = time.monotonic() + 5
    while _refused(bench) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _refused(bench)


def test_sockets_close_after_so_many_calls_and_open_connections_are_reset(bench: Bench) -> None:
    bench.emulator.fault("ListListeners", kind="refused", nth=2, seconds=0)
    connection = http.client.HTTPConnection(bench.emulator.endpoint, timeout=5)
    target, headers, _body = bench.raw.prepare("ListListeners")
    connection.request("POST", target, headers=headers)
    assert connection.getresponse().read()
    connection.request("POST", target, headers=headers)
    with pytest.raises(ConnectionResetError):
        connection.getresponse()
    assert _refused(bench)
    bench.emulator.reset()
    assert not _refused(bench)


def test_emulator_ends_while_its_sockets_are_closed() -> None:
    with Emulator(demo=True) as emulator:
        emulator.fault(kind="refused", seconds=0)
    with Emulator(port=int(emulator.endpoint.rpartition(":")[2])) as again:
        assert RawClient(again.endpoint).call("ListListeners").code == "ok"


def test_refusal_over_http_needs_an_end(bench: Bench) -> None:
    def order(seconds: float) -> int:
        body = json.dumps({"kind": "refused", "seconds": seconds}).encode()
        request = urllib.request.Request(f"{bench.emulator.url}/_emulator/fault", data=body)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as exc:
            return exc.code

    assert order(0) == 400
    assert order(-1) == 400
    assert not _refused(bench)
    assert order(0.05) == 200
    assert _refused(bench)
