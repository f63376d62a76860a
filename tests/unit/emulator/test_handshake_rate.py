# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measurement of the data plane measures something."""

from __future__ import annotations

import importlib.util

from ansible_collections.alicloud.tls.tests.emulator.handshake_rate import handshake_rates


def test_every_kind_is_measured() -> None:
    rates = handshake_rates(0.05)
    quic = {"QUIC RSA", "QUIC ECC"} if importlib.util.find_spec("aioquic") else set()
    assert set(rates) == {"TLS 1.3 RSA", "TLS 1.3 ECC"} | quic
    assert min(rates.values()) > 1
