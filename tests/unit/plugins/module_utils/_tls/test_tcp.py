# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made of a connection that ends without a goodbye."""

from __future__ import annotations

import typing as t
from unittest import mock

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._tls.seen import Handshake
from ansible_collections.alicloud.tls.plugins.module_utils._tls.tcp import Session

TICKET = b"SSLv3/TLS read server session ticket"


def _closed(step: object) -> t.NoReturn:
    raise ConnectionAbortedError("closed")


@pytest.mark.parametrize(
    ("version", "states", "refusal"),
    [
        ("TLSv1.2", (), None),
        ("TLSv1.3", (TICKET,), None),
        ("TLSv1.3", (b"SSL negotiation finished successfully",), "closed"),
    ],
    ids=["old", "ticket", "nothing"],
)
def test_whether_who_is_not_told_goodbye_was_served(
    version: str, states: tuple[bytes, ...], refusal: str | None
) -> None:
    link = mock.Mock()
    link.exchange.side_effect = _closed
    link.reason.side_effect = str
    assert Session(Handshake(version=version, requested=True), mock.Mock(), link, states).served() == refusal
