# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What a network error says in the end."""

from __future__ import annotations

import re

# After host, URL and the classes it went through.
_REASONS = (
    re.compile(r"(certificate verify failed: .+?)\.?(?: \(_ssl|$)"),
    re.compile(r"\[SSL: [A-Z0-9_ ]+\] (.+?)(?: \(_ssl|$)"),
    re.compile(r"(Tunnel connection failed: [0-9]{3}[A-Za-z ]*)"),
    re.compile(r"\[Errno -?[0-9]+\] ([^'\"\])]+)"),
    re.compile(r"(timed out)"),
    re.compile(r"RemoteDisconnected\('([^']+)'"),
    re.compile(r"(Connection reset by peer)"),
    re.compile(r"Exceeded 0 (redirects)"),
)

_WORDS = {"redirects": "it redirects to another address, which is not followed"}


def is_untrusted(reason: str) -> bool:
    """Whether a known reason is a certificate that is not trusted, or is for other names. It stays so."""
    return "certificate verify failed" in reason


def known_reason(text: str) -> str | None:
    """What happened, without the URL, whose parameters nobody needs to see; None for what is not known."""
    text = re.sub(r"url: \S+", "", text)
    proxy = "the proxy in between: " if "ProxyError" in text else ""
    for pattern in _REASONS:
        found = pattern.search(text)
        if found:
            return proxy + _WORDS.get(found[1], found[1].strip())
    return "the proxy in between does not answer as one" if proxy else None
