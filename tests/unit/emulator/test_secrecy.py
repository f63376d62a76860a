# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private key is nowhere but in the answer that the API gives it in."""

from __future__ import annotations

import base64
import json
import logging
import urllib.parse
import urllib.request

import pytest
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import CAS
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import Bench


def _traces(made: material.Material) -> list[str]:
    """Pieces of the key as text, of which none may show up."""
    lines = [line for line in made.key_pem.splitlines() if "PRIVATE KEY" not in line]
    der = base64.b64decode("".join(lines))
    return [*lines, *(urllib.parse.quote(line) for line in lines), der.hex(), repr(der)[2:40]]


def test_key_shows_up_nowhere(
    bench: Bench, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    made = material.make()
    sent = {"Name": "web", "Cert": made.chain_pem, "Key": made.key_pem}
    uploads = [
        bench.raw.call("UploadUserCertificate", form=sent, version=CAS),
        bench.raw.call("UploadUserCertificate", sent | {"Name": "in-the-url"}, version=CAS),
        # Refused ones, among them with the key where it does not belong.
        bench.raw.call("UploadUserCertificate", form=sent, version=CAS),
        bench.raw.call("UploadUserCertificate", sent | {"Name": "x", "PrivateKey": made.key_pem}, version=CAS),
        bench.raw.call("UploadUserCertificate", form=sent | {"Name": "y", "Cert": made.key_pem}, version=CAS),
        bench.raw.call("UploadUserCertificate", form={"Name": made.key_pem, "Cert": "c", "Key": "k"}, version=CAS),
        bench.raw.call("NoSuchAction", {"SignPrivateKey": made.key_pem, "EncryptPrivateKey": made.key_pem}),
    ]
    assert [each.code for each in uploads[:3]] == ["ok", "ok", "NameRepeat"]
    identifier = f"{uploads[0].body['CertId']}-cn-hangzhou"
    bench.listener(identifier)
    detail = bench.cas("GetUserCertificateDetail", CertId=uploads[0].body["CertId"])
    assert detail.body["Key"] == made.key_pem
    places = {
        "calls": repr(bench.emulator.calls),
        "lines": repr([call.line() for call in bench.emulator.calls]),
        "world": repr(bench.emulator.world),
        "state": repr(bench.emulator.state()),
        "settings": bench.emulator.do(lambda cloud: repr(cloud.settings) + repr(cloud.settings.facts())),
        "log": caplog.text,
        "output": "".join(capfd.readouterr()),
        "refusals": repr([each.body for each in uploads]),
    }
    for path in ("calls", "urls", "state", "data-plane", "settings"):
        with urllib.request.urlopen(f"{bench.emulator.url}/_emulator/{path}", timeout=5) as answer:  # noqa: S310
            places[path] = json.dumps(json.load(answer))
    assert "UploadUserCertificate" in places["log"]
    for place, text in places.items():
        for trace in _traces(made):
            assert trace not in text, place
        assert "emulator-secret" not in text, place
