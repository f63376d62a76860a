# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""One look at an endpoint: all handshakes and requests that tell what its clients get."""

from __future__ import annotations

import functools
import typing as t
from dataclasses import dataclass, replace

from .._core.errors import MissingLibraryError
from .place import Place
from .quic import QuicSession, need_aioquic
from .seen import VERSIONS, Answer, Asked, ClientOutcome, Handshake, KeyType, Row
from .tcp import Offer, Session, ciphers_of, shake
from .trust import need_openssl

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .trust import ClientIdentity, Trust


@dataclass(frozen=True)
class Endpoint:
    """
    An endpoint, and what clients there are.

    :param transport: C(tcp) or C(quic).
    :param asked: host names, or IP addresses, with the kinds of keys; each pair once.
    :param alpn: protocols to offer.
    :param client: certificate to show when asked.
    :param http: whether to make a request.
    :param attempts: handshakes for each name and kind of key.
    :param seconds: that a connection may take.
    """

    place: Place
    transport: str
    asked: tuple[Asked, ...]
    alpn: tuple[str, ...]
    trust: Trust
    client: ClientIdentity | None = None
    http: bool = True
    attempts: int = 1
    seconds: float = 10.0

    def look(self, enough: Callable[[Asked, Handshake], bool], *, versions: bool = False) -> list[Row]:
        """
        In the order of what is asked for.

        Where nothing answers to the first, the others are not tried, but get the same: a port that is silent would cost
        the time of a handshake for each of perhaps hundreds.

        :param enough: whether a handshake makes those after it unnecessary.
        :param versions: whether to try all of them.
        """
        rows: list[Row] = []
        for each in self.asked:
            if rows and not rows[0].last.answered:
                rows.append(replace(rows[0], server_name=each.server_name, key_type=each.key_type))
            else:
                rows.append(self._row(each, functools.partial(enough, each), versions))
        return rows

    def with_versions(self, row: Row) -> Row:
        """The same with the versions that are accepted."""
        return replace(row, versions=self._versions(self._offer(row)))

    def with_ciphers(self, row: Row) -> Row:
        """The same with the ciphers that are accepted."""
        offer = self._offer(row)
        accepted = row.versions or self._versions(offer)
        found = {version: self._ciphers(offer, version) for version in VERSIONS if accepted[version]}
        return replace(row, ciphers=found)

    def _row(self, asked: Asked, enough: Callable[[Handshake], bool], versions: bool) -> Row:
        look = self._quic_row if self.transport == "quic" else self._tcp_row
        row = look(asked.server_name, asked.key_type, enough)
        if row.last.reached:
            row = replace(row, verify_error=self.trust.problem(row.last.chain))
        return self.with_versions(row) if versions and row.last.reached else row

    def _quic_row(self, name: str, kind: KeyType | None, enough: Callable[[Handshake], bool]) -> Row:
        handshakes: list[Handshake] = []
        http: Answer | None = None
        for turn in range(self.attempts):
            with QuicSession(self.place, name, kind, self.alpn) as session:
                session.shake(self.seconds, turn)
                handshakes.append(session.seen)
                last = turn == self.attempts - 1 or enough(session.seen)
                if last and self.http and session.seen.reached:
                    http = session.ask()
            if last:
                break
        return Row(name, kind, self.transport, tuple(handshakes), http=http)

    def _tcp_row(self, name: str, kind: KeyType | None, enough: Callable[[Handshake], bool]) -> Row:
        offer = Offer(name, kind, self.alpn, self.client)
        handshakes: list[Handshake] = []
        for turn in range(self.attempts):
            with shake(self.place, offer, self.seconds, turn) as session:
                handshakes.append(session.seen)
            if enough(session.seen):
                break
        row = Row(name, kind, self.transport, tuple(handshakes))
        if not row.last.reached:
            return row
        plain = replace(offer, alpn=("http/1.1",) if self.http else self.alpn)
        # Who offers signatures of one kind of key only cannot sign with the other kind, and would show no certificate.
        client = ClientOutcome(row.last.requested, row.last.issuers)
        http: Answer | None = None
        if row.last.requested:
            error, http = self._try(replace(plain, client=None))
            client = replace(client, tried_without=True, without_error=error)
        if not row.last.requested or self.client is not None:
            shown = plain if self.client is None or self.client.key_type == kind else replace(plain, key_type=None)
            error, http = self._try(shown) if self.http or row.last.requested else (None, None)
            if row.last.requested:
                client = replace(client, tried_with=True, with_error=error)
        return replace(row, client=client, http=http)

    def _try(self, offer: Offer) -> tuple[str | None, Answer | None]:
        """Why a client is refused, None if it is served; and the answer to its request if it makes one."""
        with shake(self.place, offer, self.seconds) as session:
            if not self.http:
                return session.served(), None
            answer = session.ask(self.place.host(offer.server_name))
        if answer.refused:
            return f"HTTP status {answer.status}", answer
        return answer.error, answer

    def _offer(self, row: Row) -> Offer:
        return Offer(row.server_name, row.key_type, self.alpn, self.client)

    def _versions(self, offer: Offer) -> dict[str, bool | None]:
        return {version: self._accepts(offer, version) for version in VERSIONS}

    def _accepts(self, offer: Offer, version: str) -> bool | None:
        if not ciphers_of(version, offer.key_type):
            return None
        with self._shake(replace(offer, versions=(version, version), everything=True)) as session:
            return session.seen.version == version

    def _ciphers(self, offer: Offer, version: str) -> list[str]:
        """Offer all, see which is taken, and offer the others, until none is."""
        left = ciphers_of(version, offer.key_type)
        found: list[str] = []
        while left:
            with self._shake(replace(offer, versions=(version, version), ciphers=tuple(left))) as session:
                taken = session.seen.cipher
            if taken is None or taken not in left:
                break
            found.append(taken)
            left.remove(taken)
        return found

    def _shake(self, offer: Offer) -> t.ContextManager[Session]:
        return shake(self.place, offer, self.seconds)


def need_libraries(transport: str) -> None:
    """:raises MissingLibraryError: if one is missing."""
    need_openssl()
    if transport == "quic":
        need_aioquic()


def lacks_libraries(transport: object) -> bool:
    """Whether one is missing here. What is no transport is refused later."""
    try:
        need_libraries(str(transport))
    except MissingLibraryError:
        return True
    return False


def outcome(rows: Sequence[Row]) -> list[dict[str, t.Any]]:
    """As the module answers it."""
    return [row.to_dict() for row in rows]
