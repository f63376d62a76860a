# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time as real_time
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError, DeadlineError, UnreachableError
from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog, Connection, _reason, is_passing
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._core.fake_time import FakeTime
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.connecting import connection_of
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import (
    Answer,
    LocalApi,
    api_error,
    refusal,
    unused_port,
)

SECRET = "the-secret-of-the-key"
TOKEN = "the-token-of-the-session"
BUSY = refusal("IncorrectStatus.Listener", 409)


def connect(where: tuple[str, str], pace: Pace, log: CallLog | None = None, call_timeout: float = 2.0) -> Connection:
    access = Access(
        "cn-hangzhou",
        access_key_id="LTAI",
        access_key_secret=SECRET,
        security_token=TOKEN,
        call_timeout=call_timeout,
    )
    return connection_of(where, access, pace, log)


@pytest.fixture
def log() -> CallLog:
    return CallLog()


@pytest.fixture
def connection(api: LocalApi, time: FakeTime, log: CallLog) -> Connection:
    """Fake time: no test waits."""
    return connect(("HTTP", api.host), time.pace(10), log)


def test_a_read(api, connection, log):
    api.answers = [Answer({"ListenerId": "lsn-1"})]
    assert connection.read("GetListenerAttribute", {"ListenerId": "lsn-1"}) == {"ListenerId": "lsn-1"}
    (request,) = api.requests
    assert request.action == "GetListenerAttribute"
    assert request.query == {"ListenerId": "lsn-1"}
    assert request.headers["x-acs-version"] == "2020-06-16"
    assert request.headers["authorization"].startswith("ACS3-HMAC-SHA256 Credential=LTAI,")
    assert SECRET not in str(request)
    assert log.to_dict() == {"GetListenerAttribute": 1}


def test_parameters_are_flattened(api, connection):
    connection.write("CreateListener", {"Certificates": [{"CertificateId": "1"}, {"CertificateId": "2"}], "Port": 443})
    query = api.requests[0].query
    assert query.pop("ClientToken")
    assert query == {"Certificates.1.CertificateId": "1", "Certificates.2.CertificateId": "2", "Port": "443"}


def test_a_private_key_is_not_in_the_url(api, connection):
    connection.write("UploadUserCertificate", {}, body={"Name": "www", "Key": "the key"})
    assert api.requests[0].body == {"Name": "www", "Key": "the key"}
    assert set(api.requests[0].query) == {"ClientToken"}


def test_an_action_without_client_token(api, connection):
    connection.write("DeletePCACert", {"Identifier": "a"}, token=False)
    assert api.requests[0].query == {"Identifier": "a"}


def test_pages(api, connection):
    api.answers = [
        Answer({"Listeners": [{"n": 1}, {"n": 2}], "NextToken": "more"}),
        Answer({"Listeners": [], "NextToken": "yet more"}),
        Answer({"NextToken": "and more"}),
        Answer({"Listeners": [{"n": 3}], "NextToken": ""}),
    ]
    assert [row["n"] for row in connection.pages("ListListeners", {"Filter": "x"}, "Listeners")] == [1, 2, 3]
    assert [request.query.get("NextToken") for request in api.requests] == [None, "more", "yet more", "and more"]
    assert {(request.query["MaxResults"], request.query["Filter"]) for request in api.requests} == {("100", "x")}


@pytest.mark.parametrize(
    ("answer", "code", "status", "request_id"),
    [
        pytest.param(refusal("ResourceNotFound.Listener", 404), "ResourceNotFound.Listener", 404, "REQ-1", id="404"),
        pytest.param(refusal("InvalidParameter", 400), "InvalidParameter", 400, "REQ-1", id="400"),
        pytest.param(
            Answer({"code": "NotFound", "message": "No.", "requestId": "REQ-2"}, 400),
            "NotFound",
            400,
            "REQ-2",
            id="lower-case",
        ),
        pytest.param(
            Answer({"Code": "InvalidParameter", "Message": "No."}, 400), "InvalidParameter", 400, None, id="no-id"
        ),
    ],
)
def test_a_refusal(api, connection, answer, code, status, request_id):
    api.answers = [answer]
    with pytest.raises(ApiError) as caught:
        connection.read("GetListenerAttribute")
    error = caught.value
    assert (error.action, error.code, error.detail, error.status, error.request_id, error.endpoint) == (
        "GetListenerAttribute",
        code,
        "No.",
        status,
        request_id,
        api.host,
    )
    assert len(api.requests) == 1
    assert error.__cause__ is None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(b"<html>Bad Gateway</html>", 502, {"Content-Type": "text/html"}), id="html-502"),
        pytest.param(Answer(b"<html>Welcome</html>", 200, {"Content-Type": "text/html"}), id="html-200"),
        pytest.param(Answer(b"", 407), id="empty-407"),
        pytest.param(Answer(b"", 200), id="empty-200"),
        pytest.param(Answer(b"\xff\xfe", 502), id="not-utf8"),
        pytest.param(Answer([], 200), id="list"),
        pytest.param(Answer(["no"], 400), id="list-400"),
        pytest.param(Answer(None, 500), id="null-500"),
        pytest.param(Answer({"error": "not found"}, 404), id="json-of-somebody-else"),
        pytest.param(Answer({}, 503), id="empty-object-503"),
    ],
)
def test_what_answers_is_not_the_api(api, connection, answer):
    api.answers = [answer]
    with pytest.raises(UnreachableError) as caught:
        connection.read("GetListenerAttribute", {"Marker": "in-the-url"})
    for part in (api.host, "ALB", "GetListenerAttribute"):
        assert part in caught.value.message
    # The SDK forgets the status of what is not JSON.
    assert answer.status == 200 or f"HTTP {answer.status}" in caught.value.message
    for part in (TOKEN, SECRET, "in-the-url", "Traceback", "{'message'"):
        assert part not in caught.value.message


def test_an_html_answer_in_between_is_survived(api, connection):
    api.answers = [Answer(b"<html>Bad Gateway</html>", 502), Answer({"fine": True})]
    assert connection.read("GetListenerAttribute") == {"fine": True}


def test_the_pause_the_api_asks_for(api, connection, time):
    api.answers = [refusal("Throttling.User", 429, x_acs_retry_after="3500"), Answer({"fine": True})]
    assert connection.read("GetListenerAttribute") == {"fine": True}
    assert time.pauses == pytest.approx([3.5])


@pytest.mark.parametrize("status", [429, 503])
def test_the_pause_that_the_standard_header_asks_for(api, connection, time, status):
    """Not the API's own, but a gateway's, say; the SDK does not look at it."""
    api.answers = [refusal("Whatever", status, Retry_After="4"), Answer({"fine": True})]
    assert connection.read("GetListenerAttribute") == {"fine": True}
    assert time.pauses == pytest.approx([4])


@pytest.mark.parametrize(
    ("code", "status", "asked"),
    [("Throttling.User", 503, "Wed, 21 Oct 2026 07:28:00 GMT"), ("SystemBusy", 400, "4"), ("SystemBusy", 503, "soon")],
)
def test_a_pause_that_is_not_understood_or_not_for_this_is_not_made(api, connection, time, code, status, asked):
    api.answers = [refusal(code, status, Retry_After=asked), Answer({"fine": True})]
    assert connection.read("GetListenerAttribute") == {"fine": True}
    assert sum(time.pauses) < 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(BUSY, id="busy"),
        pytest.param(refusal("Throttling.User", 400), id="throttled-with-400"),
        pytest.param(refusal("InternalError", 500), id="internal"),
        pytest.param(refusal("Whatever", 400, x_acs_retry_after="20"), id="asked-to-wait"),
    ],
)
def test_what_passes_is_tried_again(api, connection, log, answer):
    api.answers = [answer, answer, Answer({"fine": True})]
    assert connection.read("GetListenerAttribute") == {"fine": True}
    assert log.to_dict() == {"GetListenerAttribute": 3}


def test_what_does_not_pass_ends_at_the_deadline(api, connection, time):
    api.answers = [BUSY]
    with pytest.raises(ApiError) as caught:
        connection.read("GetListenerAttribute")
    assert caught.value.code == "IncorrectStatus.Listener"
    assert " It was still so after 10 s. Another change of the listener is still under way" in caught.value.message
    assert sum(time.pauses) == pytest.approx(10)
    assert len(api.requests) == len(time.pauses) + 1


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("IncorrectStatus.LoadBalancer", ("Another change of the load balancer or one of its listeners",)),
        ("IncorrectStatus.SecurityPolicy", ("the security policy, which reaches all listeners",)),
        ("ResourceInConfiguring.Listener", ("Another change of the listener is still under way",)),
        ("IncorrectBusinessStatus.LoadBalancer", ("locked", "unpaid bill")),
        ("Throttling.User", ("It was still so after 10 s.",)),
    ],
)
def test_what_may_be_under_way_at_the_deadline(api, connection, code, parts):
    api.answers = [refusal(code)]
    with pytest.raises(ApiError) as caught:
        connection.read("GetListenerAttribute")
    for part in (*parts, "still so after 10 s"):
        assert part in caught.value.message
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        (
            "ResourceQuotaExceeded.LoadBalancerCertificatesNum",
            (
                "additional certificates",
                "alb_quota_loadbalancer_certificates_num_basic_edition",
                "alb_quota_loadbalancer_certificates_num_standard_edition",
                "Quota Center",
            ),
        ),
        ("ResourceQuotaExceeded.LoadBalancerListenersNum", ("listeners of the load balancer", "Quota Center")),
        ("ResourceQuotaExceeded.Whatever", ("usage and limit", "Quota Center")),
        ("QuotaExceeded.SecurityPoliciesNum", ("custom security policies in the region", "Quota Center")),
        ("QuotaExceeded.Whatever", ("usage and limit", "Quota Center")),
        ("Forbidden.LoadBalancer", ("RAM permission alb:DeleteListener for the load balancer",)),
        ("Forbidden.SecurityPolicy", ("RAM permission alb:DeleteListener for the security policy",)),
        ("AccessDenied.NoAuth", ("RAM permission alb:DeleteListener.",)),
        ("PermissionDenied", ("RAM permission alb:DeleteListener.",)),
        ("Forbidden.RAM", ("RAM permission alb:DeleteListener.",)),
    ],
)
def test_advice(api, connection, code, parts):
    api.answers = [refusal(code, message="The quota of x is exceeded, usage 10/10.")]
    with pytest.raises(ApiError) as caught:
        connection.write("DeleteListener", {"ListenerId": "lsn-1"})
    for part in (*parts, "usage 10/10"):
        assert part in caught.value.message
    assert "{" not in caught.value.message
    assert len(api.requests) == 1


ACCESS = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret=SECRET, call_timeout=2.0)


@pytest.mark.parametrize(
    ("product", "version", "action", "calls", "wanted"),
    [
        pytest.param("ALB", "2020-06-16", "GetListenerAttribute", 180, 60, id="alb"),
        pytest.param("CAS", "2020-04-07", "ListUserCertificateOrder", 8, 1, id="list-of-cas"),
        pytest.param("CAS", "2020-04-07", "ListWarehouse", 8, 1, id="other-list-of-cas"),
        pytest.param("CAS", "2020-04-07", "GetUserCertificateDetail", 190, 0, id="not-limited"),
        pytest.param("CAS", "2020-06-30", "DescribeCACertificateList", 8, 1, id="private-ca"),
    ],
)
def test_calls_stay_below_the_published_limits(api, time, product, version, action, calls, wanted):
    pace = time.pace(100)
    connection = connection_of(("HTTP", api.host), ACCESS, pace, product=product, version=version)
    for _unused in range(calls):
        connection.read(action)
    assert time.pauses == []
    connection.read(action)
    assert sum(time.pauses) == pace.waited == wanted
    connection.read("TagResources")
    assert sum(time.pauses) == wanted


def test_waiting_for_a_turn_ends_at_the_deadline(api, time):
    connection = connection_of(("HTTP", api.host), ACCESS, time.pace(10))
    for _unused in range(180):
        connection.read("ListListeners")
    with pytest.raises(DeadlineError, match="ListListeners may be called only so often, and the 10 s of wait_timeout"):
        connection.read("ListListeners")
    assert len(api.requests) == 180


@pytest.mark.parametrize("secret", ["a#b%c+d e/f=", " lead", "%23", "ü"])
def test_odd_secrets_survive(api, time, secret):
    """What the SDK is given to sign with is what the option says."""
    access = Access(
        "cn-hangzhou", access_key_id="LTAI", access_key_secret=secret, security_token=f"t{secret.strip()}#%+"
    )
    made = connection_of(("HTTP", api.host), access, time.pace(10))
    found = made._client._credential.get_credential()
    assert (found.access_key_id, found.access_key_secret) == ("LTAI", secret)
    assert found.security_token == access.security_token


@pytest.mark.parametrize(
    ("code", "status", "wanted"),
    [
        ("IncorrectStatus.Listener", 409, True),
        ("IncorrectBusinessStatus.LoadBalancer", 409, True),
        ("ResourceInConfiguring.Listener", 409, True),
        ("SystemBusy", 400, True),
        ("IdempotenceProcessing", 400, True),
        ("Throttling", 400, True),
        ("Throttling.User", 400, True),
        ("Rejected.Throttling", 400, True),
        ("ServiceUnavailable", 503, True),
        ("InternalError", 500, True),
        ("ResourceNotFound.Listener", 404, False),
        ("SignatureDoesNotMatch", 400, False),
        ("QuotaExceeded.Certificate", 400, False),
        ("", 400, False),
    ],
)
def test_is_passing(code, status, wanted):
    assert is_passing(api_error(code, status=status)) is wanted


def test_one_client_token_on_all_tries(api, connection):
    api.answers = [BUSY, Answer(lost=True), Answer(b"<html>", 502), Answer()]
    connection.write("DeleteListener", {"ListenerId": "lsn-1"})
    connection.write("DeleteListener", {"ListenerId": "lsn-1"})
    tokens = [request.query["ClientToken"] for request in api.requests]
    assert len(tokens) == 5
    assert len(set(tokens[:4])) == 1
    assert tokens[4] != tokens[0]
    assert 0 < len(tokens[0]) <= 64


def test_a_lost_answer_of_a_change_that_was_made(api, connection):
    api.answers = [Answer(lost=True)]
    assert connection.write("UploadUserCertificate", {}, landed=lambda: {"CertId": 5}) == {"CertId": 5}
    assert len(api.requests) == 1


def test_a_lost_answer_of_a_change_that_was_not_made(api, connection):
    api.answers = [Answer(lost=True), Answer({"CertId": 6})]
    asked: list[int] = []

    def landed() -> None:
        asked.append(len(api.requests))

    assert connection.write("UploadUserCertificate", {}, landed=landed) == {"CertId": 6}
    assert asked == [1]


def test_a_lost_answer_that_cannot_be_looked_for_stays_lost(api, connection):
    api.answers = [Answer(lost=True)]

    def landed() -> t.NoReturn:
        raise DeadlineError("Too late to look.")

    with pytest.raises(UnreachableError, match="Too late to look"):
        connection.write("UploadUserCertificate", {}, landed=landed)
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("answers", "doubt"),
    [
        pytest.param([refusal("InvalidParameter")], False, id="refused"),
        pytest.param([Answer(lost=True), refusal("InvalidParameter")], True, id="lost-then-refused"),
        pytest.param([Answer(lost=True), BUSY, refusal("InvalidParameter")], True, id="lost-busy-refused"),
        pytest.param([Answer(lost=True), refusal("Forbidden.RAM", 403)], False, id="lost-then-forbidden"),
    ],
)
def test_a_refusal_after_a_lost_answer_leaves_a_doubt(api, connection, answers, doubt):
    api.answers = answers
    with pytest.raises(ApiError) as caught:
        connection.write("UpdateListenerAttribute", {})
    assert caught.value.after_lost_try is doubt


def test_a_refused_change_is_not_looked_for(api, connection):
    api.answers = [refusal("InvalidParameter")]

    def landed() -> t.NoReturn:
        raise AssertionError

    with pytest.raises(ApiError):
        connection.write("UploadUserCertificate", {}, landed=landed)


@pytest.mark.usefixtures("short_pauses")
def test_nobody_listens():
    port = unused_port()
    start = real_time.monotonic()
    with pytest.raises(UnreachableError) as caught:
        connect(("HTTP", f"127.0.0.1:{port}"), Pace(60), call_timeout=0.3).read("GetListenerAttribute")
    assert real_time.monotonic() - start < 0.8
    for part in ("ALB", f"127.0.0.1:{port}", "GetListenerAttribute", "Connection refused", "call_timeout is 0.3 s"):
        assert part in caught.value.message


@pytest.mark.usefixtures("short_pauses")
def test_nobody_answers(api):
    """The last try begins early enough to end in time."""
    held = threading.Event()
    api.answers = [Answer(held=held)]
    start = real_time.monotonic()
    try:
        with pytest.raises(
            UnreachableError, match=r"timed out\. Gave up after 1 try; call_timeout is 0\.6 s"
        ) as caught:
            connect(("HTTP", api.host), Pace(60), call_timeout=0.6).read("GetListenerAttribute")
    finally:
        held.set()
    assert api.host in caught.value.message
    assert real_time.monotonic() - start < 0.75


@pytest.mark.parametrize("call_timeout", [0.3, 2.0, 7.5])
@pytest.mark.parametrize("took", [0.0, 0.1, 1.9])
def test_no_try_may_end_after_the_time_for_the_call(api, time, call_timeout, took):
    connection = connect(("HTTP", api.host), time.pace(60), call_timeout=call_timeout)
    start, ends = time.now, []

    def send(limit: float) -> t.NoReturn:
        ends.append(time.now + limit - start)
        time.now += min(took, limit)
        raise UnreachableError("No answer.")

    with pytest.raises(UnreachableError, match="Gave up after"):
        connection._connected(send, None, [])
    assert max(ends) <= call_timeout * 1.001
    assert time.now - start <= call_timeout * 1.001


def test_a_redirect_is_not_followed(api, time):
    """It would carry body and token to whoever it names."""
    api.answers = [Answer(status=307, headers={"Location": f"http://{api.host}/elsewhere"})]
    with pytest.raises(UnreachableError, match="redirects to another address, which is not followed"):
        connect(("HTTP", api.host), time.pace(1)).write("UploadUserCertificate", {}, body={"Key": "the key"})
    assert {request.action for request in api.requests} == {"UploadUserCertificate"}


def test_https_where_http_is_spoken(api, time):
    """The name of a parameter is no reason."""
    with pytest.raises(UnreachableError) as caught:
        connect(("HTTPS", api.host), time.pace(1)).write("UpdateListenerAttribute", {"IdleTimeout": 3})
    assert "wrong version number" in caught.value.message.lower()
    assert "timed out" not in caught.value.message
    assert "ClientToken" not in caught.value.message


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
@pytest.mark.parametrize("proxy", ["HTTP_PROXY", "http_proxy"])
def test_no_proxy_is_respected(api, time, monkeypatch, name, proxy):
    url = f"http://127.0.0.1:{unused_port()}"
    monkeypatch.setenv(proxy, url)
    monkeypatch.setenv(name, "10.0.0.1,127.0.0.1")
    api.answers = [Answer({"fine": True})]
    assert connect(("HTTP", api.host), time.pace(1)).read("GetListenerAttribute") == {"fine": True}
    assert os.environ[proxy] == url


def test_a_proxy_that_is_down_is_named_as_the_reason(api, time, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    with pytest.raises(UnreachableError) as caught:
        connect(("HTTP", api.host), time.pace(1)).read("GetListenerAttribute")
    assert api.requests == []
    assert "proxy" in caught.value.message.lower()


@pytest.mark.parametrize("answer", [Answer(), BUSY], ids=["fine", "refused"])
def test_debug_prints_nothing_and_the_environment_is_left_alone(api, time, monkeypatch, capfd, answer):
    monkeypatch.setenv("DEBUG", "sdk")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    before = dict(os.environ)
    # Whatever configures logging may switch the SDK's loggers on again.
    logged: list[str] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", lambda record: logged.append(record.getMessage()))
    monkeypatch.setattr(logging.getLogger("darabonba-core"), "disabled", False)
    monkeypatch.setattr(logging.getLogger("darabonba-core"), "handlers", [handler])
    api.answers = [answer]
    connection = connect(("HTTP", api.host), time.pace(1))
    try:
        connection.read("GetListenerAttribute")
    except ApiError:
        assert answer is BUSY
    assert api.requests
    assert dict(os.environ) == before
    assert logged == []
    assert capfd.readouterr() == ("", "")


def test_the_reason_of_a_failure_never_tells_the_token(api, time):
    api.answers = [Answer(lost=True)]
    with pytest.raises(UnreachableError) as caught:
        connect(("HTTP", api.host), time.pace(1)).read("GetListenerAttribute", {"Marker": "in-the-url"})
    told = f"{caught.value.message} {caught.value!r}"
    assert not [part for part in (TOKEN, SECRET, "in-the-url", "{'message'") if part in told]


URL = "/?IdleTimeout=60&ListenerId=lsn-1&ClientToken=abc"
POOL = f"HTTPSConnectionPool(host='alb.test', port=443): Max retries exceeded with url: {URL} (Caused by "


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            f"{POOL}NewConnectionError(\"HTTPSConnection(host='alb.test', port=443): Failed to establish a new"
            ' connection: [Errno 111] Connection refused"))',
            "Connection refused",
            id="refused",
        ),
        pytest.param(
            "HTTPSConnectionPool(host='proxy.test', port=443): Max retries exceeded with url: / (Caused by"
            " NewConnectionError(\"HTTPSConnection(host='proxy.test', port=443): Failed to establish a new connection:"
            ' [Errno 111] Connection refused"))',
            "Connection refused",
            id="host-named-proxy",
        ),
        pytest.param(
            f"{POOL}NameResolutionError(\"HTTPSConnection(host='alb.test', port=443): Failed to resolve 'alb.test'"
            ' ([Errno -2] Name or service not known)"))',
            "Name or service not known",
            id="dns",
        ),
        pytest.param(
            f"{POOL}NewConnectionError(': Failed to establish a new connection: [Errno 101] Network is unreachable'))",
            "Network is unreachable",
            id="network",
        ),
        pytest.param(
            "HTTPSConnectionPool(host='alb.test', port=443): Read timed out. (read timeout=10.0)",
            "timed out",
            id="read",
        ),
        pytest.param(
            f"{POOL}ConnectTimeoutError(<HTTPSConnection>, 'Connection to alb.test timed out. (connect timeout=5.0)'))",
            "timed out",
            id="connect",
        ),
        pytest.param(
            f"{POOL}SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed:"
            " unable to get local issuer certificate (_ssl.c:1020)')))",
            "certificate verify failed: unable to get local issuer certificate",
            id="issuer",
        ),
        pytest.param(
            f'{POOL}SSLError(SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed:'
            " Hostname mismatch, certificate is not valid for 'alb.test'. (_ssl.c:1020)\")))",
            "certificate verify failed: Hostname mismatch, certificate is not valid for 'alb.test'",
            id="host-name",
        ),
    ],
)
def test_reasons(text, wanted):
    assert _reason(text).rstrip(".") == wanted


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param(
            f"{POOL}SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1020)')))",
            "wrong version number",
            id="not-tls",
        ),
        pytest.param(
            f"{POOL}ProxyError('Unable to connect to proxy', NewConnectionError('[Errno 111] Connection refused')))",
            "proxy",
            id="proxy",
        ),
        pytest.param(
            "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
            "Remote end closed connection without response",
            id="closed",
        ),
        pytest.param(
            "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
            "Connection reset by peer",
            id="reset",
        ),
    ],
)
def test_other_reasons(text, part):
    found = _reason(text)
    assert part in found
    assert "ClientToken" not in found
    assert "timed out" not in found


def test_own_ca_bundles(tmp_path, monkeypatch):
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    other = tmp_path / "other.pem"
    other.touch()

    def used(access: Access) -> str | None:
        return access.route_to("HTTPS", "alb.test").ca_bundle

    access = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret=SECRET)
    assert used(access) is None
    monkeypatch.setenv("CURL_CA_BUNDLE", str(other))
    assert used(access) == str(other)
    assert used(replace(access, ca_bundle=str(bundle))) == str(bundle)


def test_a_call_loads_no_request_models():
    """They are most of the SDK's import time."""
    script = (
        "import sys\n"
        "from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb, cas\n"
        "assert (alb.SDK_PROBLEM, cas.SDK_PROBLEM) == (None, None)\n"
        "print(len([name for name in sys.modules if '20200616.models._' in name or '20200407.models._' in name]))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
