# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Where to connect."""

from __future__ import annotations

import ipaddress
import socket
import time
import typing as t
from dataclasses import dataclass

if t.TYPE_CHECKING:
    from collections.abc import Sequence

_DEFAULT_PORT = 443


@dataclass(frozen=True)
class Place:
    """
    An endpoint.

    :param address: host name or IP address.
    """

    address: str
    port: int

    def connect(self, seconds: float, turn: int = 0) -> socket.socket:
        """
        A TCP connection to the first of its addresses that takes it.

        :param seconds: for all of them.
        :param turn: which address to begin with.
        :raises OSError: none did; what the last one said.
        """
        end = time.monotonic() + seconds
        last: OSError | None = None
        for family, address in self.addresses(socket.SOCK_STREAM, turn):
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connected = socket.socket(family, socket.SOCK_STREAM)
            try:
                connected.settimeout(left)
                connected.connect(address)
            except OSError as error:
                connected.close()
                last = error
            else:
                return connected
        raise last or OSError("There is no address")

    def addresses(self, kind: socket.SocketKind, turn: int = 0) -> Sequence[tuple[int, t.Any]]:
        """
        Family and address of each.

        :raises OSError: the name is not known.
        """
        found = [(each[0], each[4]) for each in socket.getaddrinfo(self.address, self.port, type=kind)]
        start = turn % len(found)
        return found[start:] + found[:start]

    def host(self, server_name: str) -> str:
        """As a request names it."""
        name = f"[{server_name}]" if ":" in server_name else server_name
        return name if self.port == _DEFAULT_PORT else f"{name}:{self.port}"


def peer_of(place: t.Any) -> str:
    """IP address and port of a socket's address."""
    address, port = place[:2]
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def is_address(name: str) -> bool:
    """Whether it is an IP address, for which there is no SNI."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def said(error: OSError, seconds: float) -> str:
    """What a socket says, for the user."""
    if isinstance(error, TimeoutError):
        return f"No answer within {seconds:g} s"
    return error.strerror or str(error) or type(error).__name__
