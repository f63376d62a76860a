# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API and its twin in Python: reset, seed, clock, settings, faults."""

from __future__ import annotations

import http.client
import json
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import BASIC, LOAD_BALANCER, SERVER_GROUP, Bench

_NO_SECONDS: tuple[object, ...] = (float("nan"), float("inf"), -1, 86_401, 10**30, True, "1", [])
_NO_TIMES: tuple[object, ...] = (float("nan"), float("inf"), -float("inf"), 10**12, -(10**11), 10**30, True, "5", None)
_NO_CODES: tuple[object, ...] = (5, [], {}, True, "a\r\nb", "\ud800", "x" * 201)


def control(bench: Bench, method: str, path: str, body: object = None) -> tuple[int, t.Any]:
    connection = http.client.HTTPConnection(bench.emulator.endpoint, timeout=10)
    try:
        connection.request(method, f"/_emulator/{path}", body=None if body is None else json.dumps(body))
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_it_lists_itself(bench: Bench) -> None:
    status, operations = control(bench, "GET", "")
    assert status == 200
    assert "POST /_emulator/reset" in operations
    assert control(bench, "GET", "nonsense")[0] == 404
    assert control(bench, "GET", "reset")[0] == 405


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("seed", {"colours": []}),
        ("seed", {"scale": {"listeners": 1}}),
        ("seed", {"scale": {"servers": 1}}),
        ("seed", {"scale": 5}),
        ("seed", {"load_balancers": [{"name": "new"}], "listeners": [{"load_balancer": "nobody"}]}),
        ("seed", {"certificates": [{"name": "x", "certificate": "no", "key": "no"}]}),
        ("seed", {"certificates": [{"name": "x", "names": ["ö.example.com"]}]}),
        ("seed", {"certificates": [{"name": "x", "days": "many"}]}),
        ("seed", {"ca_certificates": [{"warehouse": "nowhere"}]}),
        ("seed", {"ca_certificates": [{"site": "mars"}]}),
        ("seed", {"warehouses": [{"name": "x", "type": "y"}]}),
        ("seed", {"load_balancers": {}}),
        ("seed", {"load_balancers": [{"colour": "red"}]}),
        ("seed", {"load_balancers": [{"edition": "Gold"}]}),
        ("fault", {"kind": "earthquake"}),
        ("fault", {"nth": "third"}),
        ("fault", {"what": 1}),
        ("clock", {"back": 1}),
        ("settings", {"polls": "two"}),
        ("settings", {"strict_parameters": 1}),
        ("settings", {"accounts": []}),
        ("settings", []),
        ("settings", {"region": "\ud800"}),
        ("settings", {"job_seconds": float("nan")}),
        *(("fault", {"kind": kind, "seconds": each}) for kind in ("refused", "slow") for each in _NO_SECONDS),
        *(("fault", {"http_status": each}) for each in (7, 199, 600, 1000, -1, True, 200.5, "500")),
        *(("fault", {"retry_after_ms": each}) for each in ("x\ny", "5", -1, 1.5, True, 10**30)),
        *(("fault", {"code": each}) for each in _NO_CODES),
        *(("fault", {name: 5}) for name in ("action", "message", "kind")),
        *(("fault", {name: each}) for name in ("nth", "count") for each in (0, -1, True, 1.5, 10**30)),
        *(("clock", {name: each}) for name in ("advance", "gateway") for each in _NO_TIMES),
        ("clock", {"advance": 10**12, "gateway": 100}),
        ("clock", {"\ud800": 1}),
    ],
)
def test_bad_orders_are_refused_and_change_nothing(bench: Bench, path: str, body: object) -> None:
    def everything() -> object:
        offsets = bench.emulator.do(lambda cloud: (cloud.clock.world_offset, cloud.clock.gateway_offset))
        faults = bench.emulator.do(lambda cloud: list(cloud.faults.open))
        return control(bench, "GET", "state"), control(bench, "GET", "settings"), offsets, faults

    before = everything()
    status, answer = control(bench, "POST", path, body)
    assert (status, bool(answer["error"])) == (400, True)
    assert everything() == before
    assert bench.alb("ListLoadBalancers").code == "ok"


@pytest.mark.parametrize("advance", [-(10**9), 10**9, 250 * 10**9])
def test_clock_far_away(bench: Bench, advance: int) -> None:
    assert control(bench, "POST", "clock", {"advance": advance})[0] == 200
    made = material.make()
    assert bench.upload(made, "web").code == "ok"
    assert bench.cas("ListCertificates").status == 200
    assert bench.alb("ListLoadBalancers").code == "ok"


@pytest.mark.parametrize("status", [200, 204, 304, 599])
def test_any_status_that_there_is(bench: Bench, status: int) -> None:
    bench.emulator.fault(kind="error", http_status=status)
    target, headers, body = bench.raw.prepare("ListListeners")
    connection = http.client.HTTPConnection(bench.emulator.endpoint, timeout=5)
    try:
        connection.request("POST", target, body, headers)
        response = connection.getresponse()
        response.read()
        assert response.status == status
        connection.request("GET", "/_emulator/state")
        assert connection.getresponse().status == 200
    finally:
        connection.close()


def test_seed_and_state(bench: Bench) -> None:
    seed = {
        "load_balancers": [{"name": "waf", "edition": "StandardWithWaf"}],
        "server_groups": [{"server_group_id": "sgp-1", "name": "one", "protocol": "GRPC"}],
        "ca_certificates": [{"identifier": "ca-1", "pem": material.authority_pem()}],
    }
    status, ids = control(bench, "POST", "seed", seed)
    assert (status, ids["server_groups"], ids["ca_certificates"]) == (200, ["sgp-1"], ["ca-1"])
    made = ids["load_balancers"][0]
    assert bench.alb("GetLoadBalancerAttribute", LoadBalancerId=made).body["LoadBalancerEdition"] == "StandardWithWaf"
    state = control(bench, "GET", "state")[1]
    assert [each["load_balancer_id"] for each in state["load_balancers"]] == [LOAD_BALANCER, BASIC, made]
    assert [each["server_group_id"] for each in state["server_groups"]] == [SERVER_GROUP, "sgp-1"]
    assert state == json.loads(json.dumps(bench.emulator.state(), default=list))


def test_reset_goes_back_to_the_start(bench: Bench) -> None:
    control(bench, "POST", "settings", {"polls": 7})
    control(bench, "POST", "fault", {"count": 100})
    control(bench, "POST", "clock", {"advance": 10**6, "gateway": 10**6})
    bench.emulator.seed({"load_balancers": [{}]})
    assert control(bench, "POST", "reset") == (200, {})
    assert control(bench, "GET", "settings")[1]["polls"] == 2
    assert control(bench, "GET", "calls")[1] == []
    assert bench.alb("ListLoadBalancers").body["TotalCount"] == 2


def test_calls_and_urls(bench: Bench) -> None:
    bench.create(ListenerPort=99999)
    bench.upload(material.make(), "web")
    calls = control(bench, "GET", "calls")[1]
    assert [(each["action"], each["version"], each["http_status"], each["code"], each["rule"]) for each in calls] == [
        ("CreateListener", "2020-06-16", 400, "InvalidParameter", "range"),
        ("UploadUserCertificate", "2020-04-07", 200, "", ""),
    ]
    assert calls[0]["parameters"]["ListenerPort"] == "99999"
    assert "ListenerPort" in calls[0]["in_query"]
    assert calls[1]["in_body"] == ["Name", "Cert", "Key"]
    urls = control(bench, "GET", "urls")[1]
    assert urls[0]["url"].startswith("/?DefaultActions.1.ForwardGroupConfig")
    assert urls[1] == {"number": 2, "method": "POST", "url": "/", "private_key_in_url": False}
    assert bench.emulator.urls == [each["url"] for each in urls]
    assert bench.emulator.actions == ["CreateListener", "UploadUserCertificate"]
    assert control(bench, "DELETE", "calls") == (200, {})
    assert bench.emulator.calls == []


def test_data_plane_rows_by_both_ways(bench: Bench) -> None:
    bench.listener()
    assert control(bench, "GET", "data-plane") == (200, bench.emulator.data_plane())


def test_settle_and_clock(bench: Bench) -> None:
    listener_id = bench.create().body["ListenerId"]
    control(bench, "POST", "settle")
    assert bench.get(listener_id)["ListenerStatus"] == "Running"
    now = control(bench, "POST", "clock", {"advance": 3600})[1]
    assert now["now"] - now["gateway_now"] == pytest.approx(3600, abs=1)


def test_stop(bench: Bench) -> None:
    assert control(bench, "POST", "stop")[0] == 200
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            bench.alb("ListListeners")
        except OSError:
            return
        time.sleep(0.01)
    pytest.fail("it still answers")


def test_throttling(bench: Bench) -> None:
    order = {"code": "Throttling.User", "retry_after_ms": 120, "nth": 2, "count": 2, "action": "ListListeners"}
    control(bench, "POST", "fault", order)
    bench.alb("ListLoadBalancers")
    replies = [bench.alb("ListListeners") for _number in range(4)]
    assert [each.code for each in replies] == ["ok", "Throttling.User", "Throttling.User", "ok"]
    assert (replies[1].status, replies[1].headers["x-acs-retry-after"]) == (400, "120")


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"code": "ServiceUnavailable"}, 503, "ServiceUnavailable"),
        ({"code": "InternalError"}, 500, "InternalError"),
        ({"code": "ResourceNotFound.Listener"}, 404, "ResourceNotFound.Listener"),
        ({"code": "Forbidden.RAM", "http_status": 403, "message": "No."}, 403, "Forbidden.RAM"),
    ],
)
def test_error_fault(bench: Bench, order: dict[str, t.Any], status: int, code: str) -> None:
    bench.emulator.fault(**order)
    reply = bench.alb("ListListeners")
    assert (reply.status, reply.code) == (status, code)
    assert "x-acs-retry-after" not in reply.headers
    assert bench.alb("ListListeners").code == "ok"


def test_html_instead_of_json(bench: Bench) -> None:
    bench.emulator.fault("ListListeners", kind="html")
    with pytest.raises(json.JSONDecodeError):
        bench.alb("ListListeners")
    assert bench.emulator.calls[-1].http_status == 502


@pytest.mark.parametrize(("kind", "made"), [("reset_before", 0), ("reset_after", 1)])
def test_lost_answer(bench: Bench, kind: str, made: int) -> None:
    bench.emulator.fault("CreateListener", kind=kind)
    with pytest.raises(ConnectionResetError):
        bench.create(ClientToken="t")
    assert bench.emulator.calls[-1].http_status == 0
    assert len(bench.emulator.world.listeners) == made
    assert bench.create(ClientToken="t").code == "ok"
    assert len(bench.emulator.world.listeners) == 1


def test_slow_call_does_not_hold_up_others(bench: Bench) -> None:
    bench.emulator.fault("ListListeners", kind="slow", seconds=0.3)
    began = time.monotonic()
    assert bench.alb("ListListeners").code == "ok"
    assert time.monotonic() - began >= 0.3
    assert bench.alb("ListListeners").code == "ok"
    assert time.monotonic() - began < 1


def test_call_that_sleeps_through_a_reset_is_dropped(bench: Bench) -> None:
    bench.emulator.fault("CreateListener", kind="slow", seconds=0.2)
    with ThreadPoolExecutor() as pool:
        sleeping = pool.submit(bench.create)
        time.sleep(0.1)
        bench.emulator.reset()
        assert isinstance(sleeping.exception(timeout=5), ConnectionError)
    assert not bench.emulator.world.listeners
    assert bench.emulator.calls == []


def test_withdrawn_fault(bench: Bench) -> None:
    bench.emulator.fault()
    assert control(bench, "DELETE", "fault") == (200, {})
    assert bench.alb("ListListeners").code == "ok"


def test_jobs_by_time_end_without_a_call() -> None:
    with Emulator(Settings(job_seconds=0.05), demo=True) as emulator:
        bench = Bench(emulator, RawClient(emulator.endpoint))
        bench.create()
        deadline = time.monotonic() + 5
        while not emulator.data_plane() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(emulator.data_plane()) == 1


def test_two_emulators_do_not_know_each_other() -> None:
    with Emulator(demo=True) as first, Emulator() as second:
        assert first.endpoint != second.endpoint
        assert RawClient(second.endpoint).call("ListLoadBalancers").body["TotalCount"] == 0


def test_taken_port_is_an_error(bench: Bench) -> None:
    port = int(bench.emulator.endpoint.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        Emulator(port=port).start()


def test_stop_is_quick_with_connections_open(bench: Bench) -> None:
    connection = http.client.HTTPConnection(bench.emulator.endpoint, timeout=10)
    connection.request("GET", "/_emulator/state")
    connection.getresponse().read()
    began = time.monotonic()
    bench.emulator.stop()
    assert time.monotonic() - began < 2
    connection.close()
