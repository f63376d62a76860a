# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is let in after alb_mutual_auth and alb_ca_cert: real handshakes with the emulator's listeners."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.unit.emulator.handshakes import client_files, needs_openssl, s_client
from ansible_collections.alicloud.tls.tests.unit.emulator.material import Material
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import Issued
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD, authenticated, known_ca
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

pytestmark = needs_openssl


@pytest.fixture
def cloud() -> Iterator[Emulator]:
    """With listeners that listen, and in the words of its switches: one that takes what is not documented."""
    switches = Settings(strict_parameters=True, polls=0, ca_bundles=True, change_ca_while_enabled=True)
    with Emulator(switches, demo=True) as emulator:
        yield emulator


@pytest.fixture
def let_in(stage: Stage, tmp_path: Path) -> Callable[[], list[str]]:
    """Which clients are: one without a certificate, one of the old CA (root), one of the new (stranger)."""
    clients: dict[str, tuple[str, ...]] = {"nobody": ()}
    for name, ca in (("old", stage.pki.root), ("new", stage.pki.stranger)):
        made: Issued = stage.pki.issue(f"client of the {name} CA", issuer=ca)
        clients[name] = client_files(Material(made.certificate, made.pem, made.key_pem()), tmp_path, name)

    def look() -> list[str]:
        (row,) = stage.cloud.data_plane()
        return [name for name, shown in clients.items() if s_client(row, "www.example.com", *shown).answer is not None]

    return look


def test_only_clients_with_a_certificate_are_let_in(stage: Stage, let_in: Callable[[], list[str]]) -> None:
    stage.served(stage.pki.rsa)
    assert let_in() == ["nobody", "old", "new"]
    ca = known_ca(stage, stage.pki.root, OLD)
    stage.run("alb_mutual_auth", **stage.at, ca_certificate=ca)
    assert let_in() == ["old"]
    stage.run("alb_mutual_auth", **stage.at, state="disabled")
    assert let_in() == ["nobody", "old", "new"]


def test_another_ca_lets_its_clients_in_and_no_others(stage: Stage, let_in: Callable[[], list[str]]) -> None:
    authenticated(stage)
    stage.run("alb_ca_cert", **stage.at, ca_certificate=NEW)
    assert let_in() == ["new"]


def test_a_bundle_lets_the_clients_of_both_in(stage: Stage, let_in: Callable[[], list[str]]) -> None:
    """The rotation: old, both, new, and never a client that is refused while it may have either."""
    old, new = stage.pki.root.pem, stage.pki.stranger.pem
    authenticated(stage)
    steps: list[tuple[dict[str, t.Any], list[str]]] = [
        ({"certificates": [old]}, ["old"]),
        ({"certificates": [old, new], "bundle": True}, ["old", "new"]),
        ({"certificates": [new]}, ["new"]),
    ]
    for options, expected in steps:
        stage.run("alb_ca_cert", **stage.at, **options)
        assert let_in() == expected
