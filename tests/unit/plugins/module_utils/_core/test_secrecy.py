# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import urllib.parse

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.secrecy import repeats_key

# No key, but as long as the lines of one.
LINES = [f"{number}AbCdEfGhIjKlMnOpQrStUvWxYz+/{number}" * 2 for number in range(1, 5)]
PEM = "\n".join(["-----BEGIN PRIVATE KEY-----", *LINES, "-----END PRIVATE KEY-----", ""])


@pytest.mark.parametrize(
    "text",
    [
        PEM,
        json.dumps(PEM),
        urllib.parse.quote_plus("\n".join(LINES)),
        "".join(LINES),
        "\r\n".join(LINES),
        f"Line 2 is bad: {LINES[1]}",
        LINES[0][-8:] + "\n" + LINES[1][:8],
        LINES[2][5:21],
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_what_repeats_a_key(text):
    assert repeats_key(f"The key is not valid: {text}.", PEM)


@pytest.mark.parametrize(
    "text",
    ["", "The key is not valid.", "-----BEGIN CERTIFICATE-----", LINES[0][:15], "Invalid parameter, please check."],
)
def test_what_does_not(text):
    assert not repeats_key(text, PEM)


@pytest.mark.parametrize("key", ["", "short", "-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_key_is_in_no_text(key):
    assert not repeats_key("Anything at all, even what is short.", key)
