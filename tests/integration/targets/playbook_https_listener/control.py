# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
The emulator's control API for shells: control.py METHOD PATH [KEY].

Writes one key of the answer as JSON, or of the data plane address and port of the first listener.
"""

from __future__ import annotations

import json
import os
import sys
from urllib.request import Request, urlopen


def main(method: str, path: str, key: str = "") -> None:
    request = Request(f"{os.environ['EMULATOR_URL']}/_emulator/{path}", method=method)  # noqa: S310 - on the loopback
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - likewise
        found = json.load(answer)
    if path == "data-plane":
        sys.stdout.write(f"{found[0]['address']} {found[0]['port']}")
    else:
        sys.stdout.write(json.dumps(found[key] if key else found))


if __name__ == "__main__":
    main(*sys.argv[1:])
