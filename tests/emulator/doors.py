# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For the fault `refused`: close the sockets on which a runner listens, and open them again."""

from __future__ import annotations

import socket

from aiohttp import web


class Doors:
    """
    The listening sockets of one runner.

    While they are closed their ports stay taken, by sockets that do not listen: connections are refused, and no other
    program gets in between. Connections that are open already are not touched.
    """

    def __init__(self) -> None:
        self._kept: list[socket.socket] = []

    @property
    def closed(self) -> bool:
        return bool(self._kept)

    async def close(self, runner: web.ServerRunner) -> None:
        addresses = list(runner.addresses)
        for site in list(runner.sites):
            await site.stop()
        for address in addresses:
            kept = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_STREAM)
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            kept.bind(address)
            self._kept.append(kept)

    async def open(self, runner: web.ServerRunner) -> None:
        while self._kept:
            await web.SockSite(runner, self._kept.pop(0)).start()

    def forget(self) -> None:
        """At the end."""
        while self._kept:
            self._kept.pop().close()
