# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all modules share: credentials, regions, endpoints, and what is said when they are not right."""

from __future__ import annotations

import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Account, Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_pieces
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner

MODULES = ("cas_certificate", "alb_listener", "alb_listener_cert")


@pytest.fixture(params=MODULES)
def module(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def options(module: str, pki: Pki) -> Answer:
    """A task that has something to ask."""
    if module == "cas_certificate":
        return pki.rsa.options()
    return {"load_balancer": "demo", "port": 443, "certificates": ["12345678-cn-hangzhou"]}


# --- credentials -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["both", "access_key_id", "access_key_secret"])
def test_no_credentials(
    run: Runner, cloud: Emulator, module: str, options: Answer, missing: str, strangers: list[object]
) -> None:
    """No call is made, and nobody asks the metadata service of a machine that may not be an instance."""
    for name in ("access_key_id", "access_key_secret"):
        if missing in ("both", name):
            options[name] = None
    began = time.monotonic()
    answer = run.fails(module, **options)
    assert time.monotonic() - began < 3
    for word in ("credentials", "access_key_id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ecs_ram_role"):
        assert word in answer["msg"]
    assert cloud.actions == []
    assert strangers == []
    assert not answer["changed"]


def test_the_metadata_service_is_asked_only_if_so_wished(
    run: Runner, cloud: Emulator, pki: Pki, strangers: list[object]
) -> None:
    answer = run.fails(
        "cas_certificate", **pki.rsa.options(), access_key_id=None, access_key_secret=None, ecs_ram_role="deployer"
    )
    assert strangers
    assert all(address == ("100.100.100.200", 80) for address in strangers)
    assert "deployer" in answer["msg"]
    assert "metadata service" in answer["msg"]
    assert cloud.actions == []


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"),
        ("ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET"),
    ],
)
def test_credentials_and_more_from_the_environment(
    run: Runner, cloud: Emulator, pki: Pki, monkeypatch: pytest.MonkeyPatch, key: str, secret: str
) -> None:
    monkeypatch.setenv(key, run.defaults["access_key_id"])
    monkeypatch.setenv(secret, run.defaults["access_key_secret"])
    monkeypatch.setenv("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou")
    monkeypatch.setenv("ALIBABA_CLOUD_CAS_ENDPOINT", cloud.url)
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "")  # as AWX sets what is not used
    run.defaults = {}
    assert run("cas_certificate", **pki.rsa.options())["changed"]


def test_temporary_credentials(run: Runner, capsys: pytest.CaptureFixture[str], pki: Pki) -> None:
    account = Account("STS.temporary", "its-secret", "its-token")
    with Emulator(Settings(accounts=(account,), strict_parameters=True), demo=True) as cloud:
        access: Answer = {
            "access_key_id": account.access_key_id,
            "access_key_secret": account.access_key_secret,
            "security_token": account.security_token,
            "cas_endpoint": cloud.url,
        }
        assert run("cas_certificate", **pki.rsa.options(), **access)["changed"]
        answer = run.fails("cas_certificate", **pki.rsa.options(), **{**access, "security_token": "stale-token"})
    assert "InvalidSecurityToken" in answer["msg"]
    assert "security_token" in answer["msg"]
    for secret in ("its-secret", "its-token", "stale-token"):
        assert secret not in run.said


def test_wrong_secret(run: Runner, cloud: Emulator, module: str, options: Answer) -> None:
    answer = run.fails(module, **options, access_key_secret="not-the-secret")
    for word in ("SignatureDoesNotMatch", "access_key_secret", cloud.endpoint):
        assert word in answer["msg"]
    assert answer["error"]["request_id"] in answer["msg"]
    assert len(cloud.actions) == 1
    assert "not-the-secret" not in run.said


def test_unknown_access_key(run: Runner, cloud: Emulator, module: str, options: Answer) -> None:
    answer = run.fails(module, **options, access_key_id="LTAI-nobody")
    for word in ("InvalidAccessKeyId.NotFound", "access_key_id", cloud.endpoint):
        assert word in answer["msg"]
    assert len(cloud.actions) == 1


def test_a_clock_that_is_wrong(run: Runner, cloud: Emulator, module: str, options: Answer) -> None:
    cloud.do(lambda inside: setattr(inside.clock, "gateway_offset", 3600))
    answer = run.fails(module, **options)
    assert "InvalidTimeStamp.Expired" in answer["msg"]
    assert "clock" in answer["msg"]


def test_secrets_are_in_no_answer(run: Runner, module: str, options: Answer) -> None:
    answer = run.fails(module, **options, access_key_secret="s3cr3t-0123456789", security_token="t0k3n-0123456789")
    assert answer["invocation"]["module_args"]["access_key_secret"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert "s3cr3t" not in run.said
    assert "t0k3n" not in run.said


# --- regions and endpoints -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["Hangzhou", "cn_hangzhou", "cn-hangzhou/x", "evil.example.com#", "cn-hangzhou\n"])
def test_malformed_regions(run: Runner, cloud: Emulator, module: str, options: Answer, region: str) -> None:
    answer = run.fails(module, **options, region=region)
    assert "region" in answer["msg"]
    assert repr(region) in answer["msg"]
    assert cloud.actions == []


def test_no_region(run: Runner, cloud: Emulator, module: str, options: Answer) -> None:
    answer = run.fails(module, **options, region=None)
    for word in ("region", "ALIBABA_CLOUD_REGION_ID"):
        assert word in answer["msg"]
    assert cloud.actions == []


@pytest.mark.parametrize("endpoint", ["http://", "ftp://127.0.0.1", "http://user:password@127.0.0.1", "http://a/b"])
def test_malformed_endpoints(run: Runner, module: str, options: Answer, endpoint: str) -> None:
    answer = run.fails(module, **options, alb_endpoint=endpoint, cas_endpoint=endpoint)
    assert "endpoint" in answer["msg"]


def _closed_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port: int = closed.getsockname()[1]
    return port


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_unreachable_endpoint(run: Runner, cloud: Emulator, module: str, options: Answer, scheme: str) -> None:
    port = _closed_port()
    place = f"{scheme}://127.0.0.1:{port}"
    began = time.monotonic()
    answer = run.fails(module, **options, alb_endpoint=place, cas_endpoint=place, call_timeout=0.4)
    assert time.monotonic() - began < 5
    for word in ("127.0.0.1", str(port), "refused", "0.4 s"):
        assert word in answer["msg"]
    assert cloud.actions == []
    assert not answer["changed"]


@pytest.fixture
def deaf() -> Iterator[str]:
    """Takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_endpoint_that_does_not_answer(run: Runner, module: str, options: Answer, deaf: str) -> None:
    began = time.monotonic()
    place = f"http://{deaf}"
    answer = run.fails(module, **options, alb_endpoint=place, cas_endpoint=place, call_timeout=0.5)
    assert time.monotonic() - began < 5
    for word in (deaf, "timed out", "0.5 s"):
        assert word in answer["msg"]


def test_plain_http_where_tls_is_expected(run: Runner, cloud: Emulator, module: str, options: Answer) -> None:
    place = f"https://{cloud.endpoint}"
    answer = run.fails(module, **options, alb_endpoint=place, cas_endpoint=place, call_timeout=0.4)
    assert cloud.endpoint in answer["msg"]
    assert "https://" in answer["msg"]


@pytest.mark.parametrize("status", [200, 404, 502])
def test_html_instead_of_json(run: Runner, cloud: Emulator, module: str, options: Answer, status: int) -> None:
    cloud.fault("*", kind="html", http_status=status, count=999)
    answer = run.fails(module, **options, call_timeout=0.2)
    for word in (cloud.endpoint, f"HTTP {status}", "endpoint", "proxy"):
        assert word in answer["msg"]
    assert "Traceback" not in answer["msg"]
    assert not answer["changed"]


class _OtherJson(http.server.BaseHTTPRequestHandler):
    """An API, but not this one."""

    def do_POST(self) -> None:
        self.send_response(403)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"detail": "nobody here"}')

    def log_message(self, *_arguments: object) -> None:
        """Silence."""


def test_json_of_somebody_else(run: Runner, module: str, options: Answer) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _OtherJson) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        place = f"http://127.0.0.1:{server.server_address[1]}"
        answer = run.fails(module, **options, alb_endpoint=place, cas_endpoint=place, call_timeout=0.2)
        server.shutdown()
    for word in (place, "403", "endpoint"):
        assert word in answer["msg"]


def test_a_proxy_is_not_asked_for_what_no_proxy_excludes(
    run: Runner, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{_closed_port()}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert run("cas_certificate", **pki.rsa.options())["changed"]


def test_two_accounts_proxies_and_sites_in_one_process(run: Runner, pki: Pki) -> None:
    """A loop in the fast front: what one item says is forgotten by the next."""
    options = pki.rsa.options()
    assert run("cas_certificate", **options)["changed"]
    down = f"http://me:the-password@127.0.0.1:{_closed_port()}"
    answer = run.fails("cas_certificate", **options, proxy=down, call_timeout=0.3)
    assert "the proxy in between: Connection refused" in answer["msg"]
    assert answer["invocation"]["module_args"]["proxy"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert "the-password" not in run.said
    assert "InvalidAccessKeyId" in run.fails("cas_certificate", **options, access_key_id="LTAI-nobody")["msg"]
    assert not run("cas_certificate", **options)["changed"]
    assert not run("cas_certificate", **options, proxy=down, no_proxy="127.0.0.0/8")["changed"]


def test_a_profile(run: Runner, cloud: Emulator, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    nobody: Answer = {"access_key_id": None, "access_key_secret": None, "region": None}
    row = {"name": "prod", "mode": "AK", "region_id": "cn-beijing"}
    row |= {name: run.defaults[name] for name in ("access_key_id", "access_key_secret")}
    answer = run.fails("cas_certificate", **pki.rsa.options(), **nobody, profile="prod")
    assert str(tmp_path / ".aliyun" / "config.json") in answer["msg"]
    assert cloud.actions == []
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_text(json.dumps({"profiles": [row]}))
    assert run("cas_certificate", **pki.rsa.options(), **nobody, profile="prod", cas_endpoint=cloud.url)["changed"]
    wrong = {**row, "access_key_secret": "n0t-the-s3cr3t"}
    (tmp_path / ".aliyun" / "config.json").write_text(json.dumps({"profiles": [wrong]}))
    answer = run.fails("cas_certificate", **pki.rsa.options(), **nobody, profile="prod", cas_endpoint=cloud.url)
    assert "SignatureDoesNotMatch" in answer["msg"]
    assert "n0t-the-s3cr3t" not in run.said


def test_a_pod_that_cannot_sign_in(
    run: Runner, cloud: Emulator, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is in the URL of the exchange."""
    (tmp_path / "token").write_text("the-oidc-token")
    monkeypatch.setenv("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/pod")
    monkeypatch.setenv("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/ack")
    monkeypatch.setenv("ALIBABA_CLOUD_OIDC_TOKEN_FILE", str(tmp_path / "token"))
    answer = run.fails(
        "cas_certificate",
        **pki.rsa.options(),
        access_key_id=None,
        access_key_secret=None,
        sts_endpoint=f"http://127.0.0.1:{_closed_port()}",
        call_timeout=0.3,
    )
    for word in ("acs:ram::1:role/pod", "refused"):
        assert word in answer["msg"]
    assert "the-oidc-token" not in run.said
    assert cloud.actions == []


def test_debugging_the_sdk_tells_no_secret(
    run: Runner, cloud: Emulator, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBUG", "sdk")
    assert run("cas_certificate", **pki.rsa.options())["changed"]
    assert "Signature=" not in run.said
    assert key_pieces(pki.rsa.key, run.said, public=pki.rsa.fullchain) == []
    assert len(cloud.world.certificates) == 1


def test_the_site_follows_the_region(run: Runner, pki: Pki) -> None:
    for region, site in (("cn-beijing", "cn-hangzhou"), ("eu-central-1", "ap-southeast-1")):
        answer = run("cas_certificate", check=True, **pki.rsa.options(), region=region)
        assert answer["certificate"]["site"] == site
    answer = run("cas_certificate", check=True, **pki.rsa.options(), region="eu-central-1", cas_site="cn-hangzhou")
    assert answer["certificate"]["site"] == "cn-hangzhou"
