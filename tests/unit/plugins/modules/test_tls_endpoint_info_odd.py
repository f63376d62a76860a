# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tls_endpoint_info with endpoints that are odd: what the emulator's data plane does not do."""

from __future__ import annotations

import contextlib
import socket
import typing as t
from datetime import timedelta

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._tls import place, quic, trust
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_pieces
from ansible_collections.alicloud.tls.tests.unit.support.pki import NAMES, Bundle, Pki
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.tls_server import OK, Node, served
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from OpenSSL import SSL, _util

TRANSPORTS = ["tcp", pytest.param("quic", marks=pytest.mark.skipif(quic.PROBLEM is not None, reason="needs aioquic"))]
VERSIONS = {"TLSv1.2": SSL.TLS1_2_VERSION, "TLSv1.3": SSL.TLS1_3_VERSION}


@pytest.fixture
def probe(run: Runner, pki: Pki) -> Runner:
    """Runs the module against this machine, with the test's root as the only one that is trusted."""
    run.defaults.clear()
    run.defaults.update(address="127.0.0.1", server_names=[NAMES[0]], ca_certificates=[pki.root.pem])
    return run


def _row(probe: Runner, port: int, **options: t.Any) -> Answer:
    answer = probe("tls_endpoint_info", port=port, **{"handshake_timeout": 5, **options})
    assert len(answer["endpoints"]) == 1
    row: Answer = answer["endpoints"][0]
    return row


def _client(bundle: Bundle) -> Answer:
    return {"client_certificate": bundle.fullchain, "client_key": bundle.key}


# --- client certificates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("http", [True, False], ids=["request", "no-request"])
@pytest.mark.parametrize("version", VERSIONS)
def test_who_needs_a_client_certificate_says_so_in_an_alert(probe: Runner, pki: Pki, version: str, http: bool) -> None:
    node = Node(pki.ecc, VERSIONS[version], pki.intermediate.pem + pki.root.pem)
    with served(node) as port:
        row = _row(probe, port, http=http)
        client = row["client_certificate"]
        assert (row["reached"], row["version"], row["verified"]) == (True, version, True)
        assert client["requested"]
        assert client["accepted_issuers"] == ["CN=Example CA", "CN=Example Root"]
        assert (client["without"], client["with"]) == ("refused", None)
        alert = "certificate required" if version == "TLSv1.3" else "handshake failure"
        assert client["without_error"] == f"TLS alert: {alert}"

        row = _row(probe, port, http=http, **_client(pki.rsa))
        client = row["client_certificate"]
        assert (client["without"], client["with"], client["with_error"]) == ("refused", "served", None)
        assert (row["http"] or {}).get("status") == (200 if http else None)

        stranger = Bundle(pki.issue("client", issuer=pki.stranger))
        client = _row(probe, port, http=http, **_client(stranger))["client_certificate"]
        assert (client["with"], client["with_error"]) == ("refused", "TLS alert: unknown ca")
    assert key_pieces(pki.rsa.key, probe.said, public=pki.rsa.fullchain) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_who_just_closes_the_connection_may_have_accepted_the_client(probe: Runner, pki: Pki, version: str) -> None:
    """As Python's asyncio before 3.11 does. Who refuses a client has said so before."""
    with served(Node(pki.ecc, VERSIONS[version], pki.intermediate.pem, goodbye=False)) as port:
        until: Answer = {"client_certificate": "required", "client_certificate_accepted": True}
        client = _row(probe, port, http=False, until=until, timeout=0, **_client(pki.rsa))["client_certificate"]
        assert (client["with"], client["with_error"]) == ("served", None)
        stranger = Bundle(pki.issue("client", issuer=pki.stranger))
        client = _row(probe, port, http=False, **_client(stranger))["client_certificate"]
        assert (client["with"], client["with_error"]) == ("refused", "TLS alert: unknown ca")


def test_who_can_do_without_a_client_certificate(probe: Runner, pki: Pki) -> None:
    with served(Node(pki.ecc, client_cas=pki.root.pem, required=False)) as port:
        client = _row(probe, port, until={"client_certificate": "optional"})["client_certificate"]
        assert (client["requested"], client["without"]) == (True, "served")
        answer = probe.fails("tls_endpoint_info", port=port, until={"client_certificate": "required"}, timeout=0)
        assert answer["unmet"] == [f"{NAMES[0]}: a client certificate is optional, not required"]


def test_a_refusal_in_http(probe: Runner, pki: Pki) -> None:
    """nginx does it this way."""
    answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    with served(Node(pki.ecc, client_cas=pki.root.pem, required=False, answer=answer)) as port:
        client = _row(probe, port, until={"client_certificate": "required"})["client_certificate"]
        assert (client["without"], client["without_error"]) == ("refused", "HTTP status 400")


def test_a_client_certificate_that_nobody_asks_for(probe: Runner, pki: Pki) -> None:
    with served(Node(pki.ecc)) as port:
        row = _row(probe, port, until={"client_certificate": "not_requested"}, **_client(pki.rsa))
        assert row["client_certificate"] == {
            "requested": False,
            "without": None,
            "without_error": None,
            "with": None,
            "with_error": None,
            "accepted_issuers": [],
        }
        until = {"client_certificate_accepted": True}
        answer = probe.fails("tls_endpoint_info", port=port, until=until, timeout=0, **_client(pki.rsa))
        assert answer["unmet"] == [f"{NAMES[0]}: nobody asks for the client certificate"]


# --- nodes that differ -----------------------------------------------------------------------------------------------


def test_attempts_that_do_not_agree(probe: Runner, pki: Pki) -> None:
    with served(Node(pki.ecc), Node(pki.rsa)) as port:
        row = _row(probe, port, attempts=3, http=False)
        assert (row["attempts"], row["agreed"]) == (3, False)
        assert row["leaves"] == [pki.ecc.sha256, pki.rsa.sha256]
        until: Answer = {"verified": True}
        answer = probe.fails("tls_endpoint_info", port=port, attempts=2, until=until, timeout=0, http=False)
        assert f"2 handshakes did not agree: {pki.rsa.sha256}" in answer["msg"]
        assert pki.ecc.sha256 in answer["msg"]


def test_the_last_node_is_waited_for(probe: Runner, pki: Pki) -> None:
    """Old, new, old: only the third look has two handshakes with the new one."""
    old, new = Node(pki.rsa), Node(pki.ecc)
    with served(old, new, old, new, new) as port:
        until: Answer = {"sha256": [pki.ecc.fingerprint]}
        answer = probe("tls_endpoint_info", port=port, attempts=2, until=until, timeout=20, http=False)
        assert answer["looks"] == 3
        assert answer["endpoints"][0]["attempts"] == 2
        assert answer["waited"] > 0


def test_the_last_node_is_waited_for_with_certificates(probe: Runner, pki: Pki) -> None:
    old, new = Node(pki.rsa), Node(pki.renewed)
    given = {"sha256": pki.renewed.sha256, "names": [NAMES[0]], "algorithm": "RSA"}
    options: Answer = {"server_names": None, "until": {"certificates": [given]}, "http": False}
    with served(new, old, new, old, new, new, new) as port:
        answer = probe("tls_endpoint_info", port=port, attempts=3, timeout=20, **options)
        assert answer["looks"] == 3
        (row,) = answer["endpoints"]
        assert (row["server_name"], row["key_type"], row["attempts"]) == (NAMES[0], "rsa", 3)


def test_a_handshake_that_is_not_as_wanted_ends_the_look(probe: Runner, pki: Pki) -> None:
    with served(Node(pki.rsa)) as port:
        until: Answer = {"sha256": [pki.ecc.sha256]}
        answer = probe.fails("tls_endpoint_info", port=port, attempts=9, until=until, timeout=0)
        assert answer["endpoints"][0]["attempts"] == 1
        assert answer["looks"] == 1


# --- what is no endpoint ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "It answers in plain HTTP"),
        (b"220 mail.example.com ESMTP\r\n", "What it answers is not TLS"),
        (b"\x15\x03\x01\x00\x02\x02\x28", "TLS alert: handshake failure"),
        (b"", "The connection was closed by the other side"),
    ],
    ids=["http", "smtp", "alert", "closed"],
)
def test_what_does_not_shake_hands(probe: Runner, said: bytes, error: str) -> None:
    with served(said) as port:
        row = _row(probe, port)
        assert (row["reached"], row["error"], row["chain"], row["http"]) == (False, error, [], None)
        assert row["peer"] == f"127.0.0.1:{port}"
        assert row["agreed"]
        _row(probe, port, until={"reached": False})


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_closed_port(probe: Runner, transport: str) -> None:
    """As before there is a listener: no failure unless it is to be there."""
    kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for check in (False, True):
        answer = probe("tls_endpoint_info", check=check, port=port, transport=transport)
        (row,) = answer["endpoints"]
        assert (row["reached"], row["error"]) == (False, "Connection refused")
    answer = probe.fails("tls_endpoint_info", port=port, transport=transport, until={}, timeout=0)
    assert answer["unmet"] == [f"{NAMES[0]}: it is not reached: Connection refused"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_silent_port(probe: Runner, transport: str) -> None:
    """Over QUIC that is found out once for all names."""
    kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as silent:
        silent.bind(("127.0.0.1", 0))
        if transport == "tcp":
            silent.listen()
        port = silent.getsockname()[1]
        names = [*NAMES, "a.example.com"]
        options: Answer = {"server_names": names, "transport": transport, "handshake_timeout": 0.3}
        rows = probe("tls_endpoint_info", port=port, **options)["endpoints"]
        clients = set()
        silent.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                if transport == "tcp":
                    connection, client = silent.accept()
                    connection.close()
                else:
                    _datagram, client = silent.recvfrom(65536)
                clients.add(client)
    assert [row["server_name"] for row in rows] == names
    assert {(row["reached"], row["error"]) for row in rows} == {(False, "No answer within 0.3 s")}
    assert len(clients) == (len(names) if transport == "tcp" else 1)


def test_an_address_that_takes_no_connection_is_tried_once(
    probe: Runner, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def unanswered(*_arguments: object, **_more: object) -> t.NoReturn:
        tried.append(1)
        raise TimeoutError

    options: Answer = {"server_names": [*NAMES], "key_types": ["rsa", "ecdsa"], "handshake_timeout": 5}
    with monkeypatch.context() as patched:
        patched.setattr(place.Place, "connect", unanswered)
        rows = probe("tls_endpoint_info", port=1, **options)["endpoints"]
    assert len(tried) == 1
    assert [(row["server_name"], row["key_type"], row["error"]) for row in rows] == [
        (name, kind, "No answer within 5 s") for name in NAMES for kind in ("rsa", "ecdsa")
    ]
    # One that is there, but has no certificate with that kind of key, is something else.
    with served(Node(pki.ecc)) as port:
        rows = probe("tls_endpoint_info", port=port, **options)["endpoints"]
    assert [row["reached"] for row in rows] == [False, True] * 2


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_address_that_is_not_known(probe: Runner, monkeypatch: pytest.MonkeyPatch, transport: str) -> None:
    def unknown(*_arguments: object, **_more: object) -> t.NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    row = _row(probe, 443, address="nowhere.example.com", transport=transport)
    assert (row["reached"], row["error"], row["peer"]) == (False, "Name or service not known", None)


def test_addresses_take_turns(probe: Runner, pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Node(pki.ecc)) as one, served(Node(pki.rsa)) as two:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in (one, two)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: found)
        row = _row(probe, 443, address="two.example.com", attempts=4, http=False)
        assert row["leaves"] == [pki.ecc.sha256, pki.rsa.sha256]
        assert row["peer"] == f"127.0.0.1:{two}"


# --- requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (
            b'HTTP/1.1 301 Moved\r\nLocation: /x\r\nAlt-Svc: h3=":443"; ma=1\r\nalt-svc: h3-29="a:1", h3="b:2"\r\n\r\n',
            {"status": 301, "alt_svc": 'h3=":443"; ma=1, h3-29="a:1", h3="b:2"', "h3": [":443", "b:2"], "error": None},
        ),
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK,
            {"status": 200, "alt_svc": None, "h3": [], "error": None},
        ),
        (
            b"220 mail.example.com\r\n",
            {"status": None, "alt_svc": None, "h3": [], "error": "What it answers to a request is not HTTP/1.1"},
        ),
        (b"", {"status": None, "alt_svc": None, "h3": [], "error": "The connection was closed by the other side"}),
    ],
    ids=["redirect", "early-hints", "not-http", "nothing"],
)
def test_answers_to_the_request(probe: Runner, pki: Pki, answer: bytes, wanted: Answer) -> None:
    with served(Node(pki.ecc, answer=answer)) as port:
        assert _row(probe, port)["http"] == wanted


# --- verification ----------------------------------------------------------------------------------------------------


def test_a_certificate_that_is_not_for_servers(probe: Runner, pki: Pki) -> None:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    bundle = Bundle(pki.issue(NAMES[0], issuer=pki.root, names=NAMES, extensions=[usage]))
    with served(Node(bundle)) as port:
        row = _row(probe, port)
        assert not row["verified"]
        assert row["verify_error"] == f"its extended key usage does not let it be a server's (CN={NAMES[0]})"


def test_a_chain_that_lacks_the_intermediate_ca(probe: Runner, pki: Pki) -> None:
    bare = Bundle(pki.rsa.issued)
    with served(Node(bare)) as port:
        row = _row(probe, port)
        assert not row["verified"]
        assert "unable to get local issuer certificate" in row["verify_error"]
        assert _row(probe, port, ca_certificates=[pki.intermediate.pem])["verified"]


def test_the_system_has_ca_certificates(
    probe: Runner, pki: Pki, tmp_path: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root.pem").write_text(pki.root.pem)
    with served(Node(pki.ecc)) as port:
        assert not _row(probe, port, ca_certificates=None)["verified"]
        assert _row(probe, port, ca_certificates=None, ca_path=str(tmp_path / "root.pem"))["verified"]
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
        assert _row(probe, port, ca_certificates=None)["verified"]
        assert not _row(probe, port, ca_certificates=[pki.stranger.pem])["verified"]


def test_a_certificate_that_is_not_valid_yet(probe: Runner, pki: Pki) -> None:
    with served(Node(pki.not_yet)) as port:
        row = _row(probe, port)
        assert "not yet valid" in row["verify_error"]
        assert pki.now + timedelta(days=1) < pki.now + timedelta(days=2)


# --- libraries -------------------------------------------------------------------------------------------------------


def test_without_pyopenssl(probe: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "PROBLEM", "No module named 'OpenSSL'")
    answer = probe.fails("tls_endpoint_info", port=443)
    for word in ("pyOpenSSL (25.2 or later)", "No module named 'OpenSSL'", "requirements.txt"):
        assert word in answer["msg"]


def test_without_aioquic(probe: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quic, "PROBLEM", "No module named 'aioquic'")
    answer = probe.fails("tls_endpoint_info", port=443, transport="quic")
    for word in ("aioquic", "transport=quic", "No module named 'aioquic'"):
        assert word in answer["msg"]


def test_a_pyopenssl_that_hides_the_signatures(probe: Runner, pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(_util.lib, "SSL_CTX_set1_sigalgs_list")
    with served(Node(pki.ecc)) as port:
        assert _row(probe, port)["reached"]
        answer = probe.fails("tls_endpoint_info", port=port, key_types=["rsa"])
    assert "Leave key_types out" in answer["msg"]
