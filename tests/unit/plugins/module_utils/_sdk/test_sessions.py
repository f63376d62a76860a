# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import threading
import typing as t
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import (
    InputError,
    UnreachableError,
    UntrustedError,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.route import Route
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.sessions import travelling
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._core.fake_time import FakeTime
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.connecting import connection_of
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import (
    Answer,
    LocalApi,
    LocalProxy,
    own_tls,
    proxying,
    serving,
    unused_port,
)
from darabonba.core import DaraCore
from Tea.core import TeaCore

ACCESS = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="the secret", call_timeout=2.0)
# Nobody answers there; only a proxy can have been asked.
FAR = ("HTTP", "alb.test")


@pytest.fixture
def proxy() -> Iterator[LocalProxy]:
    with proxying() as one:
        yield one


@pytest.fixture
def tls(tmp_path) -> Iterator[tuple[LocalApi, str]]:
    """An API by HTTPS, and the file with its CA."""
    context, ca = own_tls(tmp_path)
    with serving(context) as one:
        one.answers = [Answer({"fine": True})]
        yield one, str(ca)


def read(where: tuple[str, str], access: Access, seconds: float = 0.1) -> dict[str, t.Any]:
    return connection_of(where, access, FakeTime().pace(seconds)).read("GetListenerAttribute")


# --- proxies ---------------------------------------------------------------------------------------------------------


def test_the_proxy_of_the_option(proxy):
    assert read(FAR, replace(ACCESS, proxy=f"http://{proxy.host}")) == {"Proxy": proxy.host}
    assert proxy.seen == [("POST", "http://alb.test/", None)]


def test_the_option_goes_before_the_environment(proxy, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port()}")
    assert read(FAR, replace(ACCESS, proxy=f"http://{proxy.host}")) == {"Proxy": proxy.host}


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_proxy_of_the_environment(proxy, monkeypatch, name, scheme):
    monkeypatch.setenv(name, f"{scheme}{proxy.host}")
    assert read(FAR, ACCESS) == {"Proxy": proxy.host}


def test_two_proxies_in_one_process(proxy):
    with proxying() as other:
        for one in (proxy, other, proxy):
            assert read(FAR, replace(ACCESS, proxy=f"http://{one.host}")) == {"Proxy": one.host}
        assert (len(proxy.seen), len(other.seen)) == (2, 1)


@pytest.mark.parametrize("by", ["option", "environment"])
@pytest.mark.parametrize("excluded", ["127.0.0.0/8", "127.0.0.1", "*"])
def test_what_is_reached_directly(proxy, api, monkeypatch, by, excluded):
    api.answers = [Answer({"fine": True})]
    access = replace(ACCESS, proxy=f"http://{proxy.host}")
    if by == "option":
        access = replace(access, no_proxy=(excluded,))
    else:
        monkeypatch.setenv("NO_PROXY", f"other.test,{excluded}")
    assert read(("HTTP", api.host), access) == {"fine": True}
    assert proxy.seen == []


def test_the_option_no_proxy_replaces_that_of_the_environment(proxy, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    access = replace(ACCESS, proxy=f"http://{proxy.host}", no_proxy=("other.test",))
    assert read(FAR, access) == {"Proxy": proxy.host}


def test_user_and_password_of_a_proxy(proxy):
    assert read(FAR, replace(ACCESS, proxy=f"http://me:p%40ss%23w%2Brd@{proxy.host}")) == {"Proxy": proxy.host}
    assert proxy.seen[0][2] == "me:p@ss#w+rd"


@pytest.mark.parametrize("status", [407, 502])
def test_a_tunnel_that_is_refused_tells_no_password(proxy, tls, status):
    api, ca = tls
    proxy.status = status
    access = replace(ACCESS, proxy=f"http://me:the-password@{proxy.host}", ca_bundle=ca)
    with pytest.raises(UnreachableError) as caught:
        read(("HTTPS", api.host), access)
    assert "proxy" in caught.value.message
    assert str(status) in caught.value.message
    assert "the-password" not in f"{caught.value.message} {caught.value!r}"
    assert api.requests == []


def test_a_proxy_that_is_down_tells_no_password():
    port = unused_port()
    with pytest.raises(UnreachableError) as caught:
        read(FAR, replace(ACCESS, proxy=f"http://me:the-password@127.0.0.1:{port}"))
    assert "the proxy in between: Connection refused" in caught.value.message
    assert "the-password" not in f"{caught.value.message} {caught.value!r}"


def test_a_proxy_of_the_environment_that_is_none(monkeypatch):
    monkeypatch.setenv("http_proxy", "socks5://me:the-password@127.0.0.1:1080")
    with pytest.raises(InputError, match="SOCKS is not supported") as caught:
        read(FAR, ACCESS)
    assert "the-password" not in caught.value.message


def test_secrets_are_not_in_the_repr():
    access = replace(ACCESS, proxy="http://me:the-password@127.0.0.1:1")
    assert "the-password" not in f"{access!r} {access.route_to('HTTP', 'alb.test')!r}"


# --- certification authorities ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("through", [False, True], ids=["directly", "through-a-proxy"])
def test_a_ca_is_trusted_by_those_who_name_it_only(tls, proxy, through):
    """Before, between and after: what was trusted once is not trusted for others."""
    api, ca = tls
    access = replace(ACCESS, proxy=f"http://{proxy.host}") if through else ACCESS
    where = ("HTTPS", api.host)
    for _round in range(2):
        with pytest.raises(UnreachableError, match="certificate verify failed"):
            read(where, access)
        assert read(where, replace(access, ca_bundle=ca)) == {"fine": True}
    assert {method for method, _target, _who in proxy.seen} == ({"CONNECT"} if through else set())


def test_a_certificate_that_is_not_trusted_is_not_tried_again(tls):
    api, ca = tls
    time, log = FakeTime(), CallLog()
    with pytest.raises(UntrustedError, match=r"name its PEM file in ca_bundle\.$"):
        connection_of(("HTTPS", api.host), ACCESS, time.pace(60.0), log).read("GetListenerAttribute")
    assert log.to_dict() == {"GetListenerAttribute": 1}
    assert time.pauses == []
    assert read(("HTTPS", api.host), replace(ACCESS, ca_bundle=ca)) == {"fine": True}


def test_a_bundle_is_in_addition_to_the_well_known_cas(tls, proxy):
    """Through a proxy, too, where the SDK forgets them."""
    api, ca = tls
    access = replace(ACCESS, ca_bundle=ca, proxy=f"http://{proxy.host}")
    read(("HTTPS", api.host), access)
    route = access.route_to("HTTPS", api.host)
    with travelling(route):
        session: t.Any = DaraCore._get_session(f"https://{api.host}:80:pool=40", "https")
    manager = session.get_adapter("https://").proxy_manager[route.proxy]
    trusted = manager.connection_pool_kw["ssl_context"].get_ca_certs()
    assert len(trusted) > 50
    assert [one for one in trusted if ("commonName", "Test CA") in (pair for rdn in one["subject"] for pair in rdn)]


def test_a_bundle_that_was_changed_is_read_again(tls, tmp_path):
    api, _ca = tls
    bundle = tmp_path / "bundle.pem"
    (tmp_path / "other").mkdir()
    _context, stranger = own_tls(tmp_path / "other")
    where, access = ("HTTPS", api.host), replace(ACCESS, ca_bundle=str(bundle))
    bundle.write_bytes((tmp_path / "ca.pem").read_bytes())
    assert read(where, access) == {"fine": True}
    bundle.write_bytes(stranger.read_bytes() + b"\n")
    with pytest.raises(UnreachableError, match="certificate verify failed"):
        read(where, access)


# --- sharing ---------------------------------------------------------------------------------------------------------


def session(route: Route | None, key: str = "https://api.test:443:pool=40", core: t.Any = DaraCore) -> t.Any:
    if route is None:
        return core._get_session(key, "https")
    with travelling(route):
        return core._get_session(key, "https")


def test_sessions_are_shared_only_by_those_who_travel_alike(tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    routes = [
        Route("a"),
        Route("b"),
        Route("a", "http://proxy.test:1"),
        Route("a", "http://other:password@proxy.test:1"),
        Route("a", None, str(bundle)),
    ]
    first = [session(route) for route in routes]
    assert len({id(one) for one in first}) == len(routes)
    assert [session(replace(route)) for route in routes] == first
    assert session(routes[0], "https://other.test:443:pool=40") is not first[0]


@pytest.mark.parametrize("core", [DaraCore, TeaCore])
def test_others_who_use_the_sdk_notice_nothing(core):
    own = session(None, core=core)
    assert own.max_redirects > 0
    assert own.trust_env
    assert session(None, core=core) is own
    routed = session(Route("a"), core=core)
    assert routed is not own
    assert routed.max_redirects == 0
    assert not routed.trust_env


def test_routes_are_nested_and_each_thread_has_its_own():
    keys = [session(Route("outer")), session(Route("inner"))]
    with travelling(Route("outer")):
        with travelling(Route("inner")):
            assert DaraCore._get_session("https://api.test:443:pool=40", "https") is keys[1]
        assert DaraCore._get_session("https://api.test:443:pool=40", "https") is keys[0]
        elsewhere: list[t.Any] = []
        thread = threading.Thread(
            target=lambda: elsewhere.append(DaraCore._get_session("https://api.test:443:pool=40", "https"))
        )
        thread.start()
        thread.join()
        assert elsewhere[0] not in keys


def test_what_came_back_is_told_to_whoever_sent_it(api):
    api.answers = [Answer(b"<html>", 502), Answer({}, 503, {"Retry-After": "7"}), Answer(lost=True)]
    with travelling(Route("outer")) as outer:
        one = session(Route("outer"), f"http://{api.host}:pool=40")
        one.post(api.url)
        assert (outer.status, outer.retry_after) == (502, None)
        with travelling(Route("inner")) as inner:
            one.post(api.url)
        assert (inner.status, inner.retry_after) == (503, 7.0)
        assert outer.status == 502
        with pytest.raises(requests.ConnectionError):
            one.post(api.url)
        assert outer.status is None


def accounts(api: LocalApi, **options: t.Any) -> list[Access]:
    return [replace(ACCESS, access_key_id=f"LTAI{number}", **options) for number in range(2)]


def test_two_accounts_in_one_process(api):
    for access in accounts(api) * 2:
        read(("HTTP", api.host), access)
    signed = [request.headers["authorization"].split("Credential=")[1].split(",")[0] for request in api.requests]
    assert signed == ["LTAI0", "LTAI1", "LTAI0", "LTAI1"]
    routes = {access.route_to("HTTP", api.host) for access in accounts(api)}
    assert len(routes) == 2


# --- threads ---------------------------------------------------------------------------------------------------------


def test_threads_share_a_connection(api, monkeypatch):
    """NO_PROXY excludes the host from a proxy that is down: one wrong look at the environment and a call fails."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("DEBUG", "sdk")
    before = dict(os.environ)
    api.answers = [Answer({"fine": True})]
    log = CallLog()
    connection = connection_of(("HTTP", api.host), ACCESS, Pace(30), log)
    answers: list[dict[str, t.Any]] = []

    def work(number: int) -> None:
        for item in range(20):
            answers.append(connection.read("GetListenerAttribute", {"ListenerId": f"lsn-{number}-{item}"}))
            assert dict(os.environ) == before

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"fine": True}] * 80
    assert log.to_dict() == {"GetListenerAttribute": 80}
    assert len({request.query["ListenerId"] for request in api.requests}) == 80
