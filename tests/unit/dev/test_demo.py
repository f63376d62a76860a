# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import _emulator
import demo
import pytest
from _authority import Authority, ServerCertificate


def line(task: str, *, changed: bool) -> str:
    return json.dumps({"task": task, "changed": changed, "diff": {"after": task}, "steps": [f"do {task}"]})


def recap(**counters: int) -> str:
    return json.dumps({"recap": {"one": counters, "two": counters}})


def test_a_record_has_what_changed_and_the_recap() -> None:
    text = "\n".join([line("upload", changed=True), line("look", changed=False), recap(ok=3, changed=1)])
    record = demo.Record.read(text)
    assert record.changes == [demo.Change("upload", {"after": "upload"}, ("do upload",))]
    assert record.recap == {"ok": 6, "changed": 2}


def test_a_record_without_recap_is_refused() -> None:
    with pytest.raises(ValueError, match="recap"):
        demo.Record.read(line("upload", changed=True))


def test_proofs_are_kept_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    proofs = demo.Proofs()
    proofs.begin("1.", "1. First")
    proofs.that(so=True, sentence="it is", otherwise="it is not")
    with pytest.raises(demo.NotSoError, match="it is not"):
        proofs.that(so=False, sentence="it is as well", otherwise="it is not")
    assert proofs.sentences == {"1.": ["it is"]}
    assert capsys.readouterr().out == "\n1. First\n========\n  proven: it is\n"


def test_table() -> None:
    assert demo.table([("step", "calls"), ("1. check", "5")]) == ["step      calls", "1. check  5"]


def test_repeated_first_cells_are_left_out() -> None:
    rows = [("a", "1"), ("a", "2"), ("b", "3"), ("a", "4")]
    assert demo.without_repeats(rows) == [("a", "1"), ("", "2"), ("b", "3"), ("a", "4")]


def test_actions_are_told_apart_and_counted() -> None:
    actions = ["GetListenerAttribute", "UpdateListenerAttribute", "GetListenerAttribute", "ListAsynJobs"]
    assert _emulator.writes(actions) == ["UpdateListenerAttribute"]
    assert _emulator.counted(actions) == "GetListenerAttribute x2, UpdateListenerAttribute, ListAsynJobs"
    assert _emulator.counted([]) == "none"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> ServerCertificate:
    return authority.issue("www.example.com", "example.com", since_days=1, days=20)


@pytest.fixture
def port(certificate: ServerCertificate, tmp_path: Path) -> Iterator[int]:
    """Where a server answers one TLS handshake."""
    files = tmp_path / "fullchain.pem", tmp_path / "key.pem"
    certificate.write(*files)
    assert files[1].stat().st_mode & 0o777 == 0o600
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)

        def serve() -> None:
            connection, _peer = listening.accept()
            with connection:
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join()


def test_the_client_sees_what_is_served(authority: Authority, certificate: ServerCertificate, port: int) -> None:
    version, served = demo.handshake("127.0.0.1", port, "example.com", authority.root)
    assert version.startswith("TLSv1.")
    assert served == certificate.sha256


def test_the_client_refuses_another_name(authority: Authority, port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=r"www\.example\.net"):
        demo.handshake("127.0.0.1", port, "www.example.net", authority.root)


def test_the_client_refuses_another_authority(port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        demo.handshake("127.0.0.1", port, "www.example.com", Authority().root)
