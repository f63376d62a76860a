# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
The official Node SDK against the emulator, where there are node and npm.

npm installs the packages once, under .cache/node of the checkout; if it cannot, the test is skipped.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import time
import typing as t
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Account, Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import LOAD_BALANCER, SERVER_GROUP

_HERE = Path(__file__).resolve().parent / "node"
_CACHE = Path(__file__).resolve().parents[3] / ".cache/node"
_INSTALL_SECONDS = 120.0
_TRY_AGAIN_SECONDS = 3600.0


@pytest.fixture(scope="module")
def packages() -> Path:
    """The package.json beside which the SDK is installed."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no node and npm")
    try:
        _CACHE.mkdir(parents=True, exist_ok=True)
        with (_CACHE / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            reason = _install()
    except OSError as exc:
        reason = str(exc)
    if reason:
        pytest.skip(f"npm could not install the Node SDK: {reason}")
    return _CACHE / "package.json"


def _install() -> str:
    """Why it did not work, or empty. A failure is remembered for an hour: nobody should wait for it each time."""
    wanted = (_HERE / "package.json").read_text(encoding="utf-8")
    stamp, mark = _CACHE / ".installed", hashlib.sha256(wanted.encode()).hexdigest()
    known = stamp.read_text(encoding="utf-8") if stamp.is_file() else ""
    if known == mark:
        return ""
    if known.startswith(f"{mark} ") and time.time() - stamp.stat().st_mtime < _TRY_AGAIN_SECONDS:
        return known.partition(" ")[2]
    (_CACHE / "package.json").write_text(wanted, encoding="utf-8")
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0", "--loglevel=error"]
    try:
        done = subprocess.run(
            command, cwd=_CACHE, capture_output=True, timeout=_INSTALL_SECONDS, check=False, text=True
        )
        reason = "" if done.returncode == 0 else (done.stderr.strip() or "it failed").splitlines()[0]
    except subprocess.TimeoutExpired:
        reason = f"not done after {_INSTALL_SECONDS:g} s"
    stamp.write_text(f"{mark} {reason}" if reason else mark, encoding="utf-8")
    return reason


@pytest.mark.parametrize("token", [None, "token"])
def test_way_through(packages: Path, token: str | None) -> None:
    made = material.make("node.example.com", algorithm="RSA")
    account = Account("LTAI-node", "node-secret", token)
    with Emulator(Settings(accounts=(account,), strict_parameters=True), demo=True) as emulator:
        emulator.seed({"warehouses": [{"name": "clients"}]})
        emulator.fault("ListLoadBalancers", code="Throttling.User", retry_after_ms=70)
        orders = {
            "packages": str(packages),
            "endpoint": emulator.endpoint,
            "abroad": emulator.cas_endpoints["ap-southeast-1"],
            "accessKeyId": account.access_key_id,
            "accessKeySecret": account.access_key_secret,
            "securityToken": token,
            "cert": made.chain_pem,
            "key": made.key_pem,
            "loadBalancerId": LOAD_BALANCER,
            "serverGroupId": SERVER_GROUP,
        }
        done = subprocess.run(
            ["node", str(_HERE / "client.js")],  # noqa: S607 - PATH decides
            input=json.dumps(orders),
            capture_output=True,
            timeout=60,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        calls = {call.action: call.parameters for call in emulator.calls if call.http_status == 200}
    _check_answers(json.loads(done.stdout), made)
    # Node spells them like this; lists are flattened from 1.
    assert calls["GetUserCertificateDetail"]["CertFilter"] == "true"
    create = calls["CreateListener"]
    assert (create["Http2Enabled"], create["GzipEnabled"], create["ListenerPort"]) == ("true", "false", "443")
    assert create["DefaultActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId"] == SERVER_GROUP
    assert create["Tag.1.Value"] == "node*~ é"
    assert create["XForwardedForConfig.XForwardedForProtoEnabled"] == "true"


def _check_answers(answers: dict[str, t.Any], made: material.Material) -> None:
    detail, listener = answers["detail"], answers["listener"]
    assert (detail["Sha2"], detail.get("Key"), detail["Sans"]) == (made.sha256, None, "node.example.com")
    assert [each["Name"] for each in answers["orders"]["CertificateOrderList"]] == ["node"]
    assert answers["abroad"]["TotalCount"] == 0
    assert [each["Name"] for each in answers["warehouses"]["CertWarehouseList"]] == ["clients"]
    assert answers["jobs"]["Jobs"][0]["Status"] == "Succeeded"
    assert answers["busy"]["code"] == "IncorrectStatus.Listener"
    assert (listener["IdleTimeout"], listener["GzipEnabled"], listener["Http2Enabled"]) == (20, True, True)
    assert listener["Certificates"] == [{"CertificateId": detail["CertIdentifier"]}]
    assert listener["XForwardedForConfig"]["XForwardedForProtoEnabled"] is True
    assert [each["ListenerId"] for each in answers["listed"]["Listeners"]] == [listener["ListenerId"]]
    assert (answers["missing"]["code"], answers["missing"]["statusCode"]) == ("ResourceNotFound.Listener", 404)
    assert (answers["throttled"]["code"], answers["throttled"]["retryAfter"]) == ("Throttling.User", 70)
