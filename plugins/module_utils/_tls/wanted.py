# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What is wanted of an endpoint, and how what was seen differs from it. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._core.errors import DeadlineError, InputError
from .._x509.facts import normalise_fingerprint
from .meant import Meant
from .seen import VERSIONS, Asked, Handshake, Row, differing

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class UnmetError(DeadlineError):
    """
    What was wanted was not seen in time.

    :param seen: the answer about what was seen last.
    :param unmet: sentences.
    """

    def __init__(self, message: str, seen: Mapping[str, t.Any], unmet: Sequence[str]) -> None:
        super().__init__(message)
        self.seen = seen
        self.unmet = unmet

    def facts(self) -> dict[str, t.Any]:
        return {**self.seen, "unmet": list(self.unmet)}


@dataclass(frozen=True)
class Wanted:
    """Conditions; None for those that nobody has."""

    reached: bool = True
    sha256: tuple[str, ...] | None = None
    verified: bool | None = None
    covers_server_name: bool | None = None
    client_certificate: str | None = None
    client_certificate_accepted: bool | None = None
    min_version: str | None = None
    versions: frozenset[str] | None = field(default=None)
    alpn: str | None = None
    http_status: tuple[int, ...] | None = None
    h3_offered: bool | None = None
    certificates: Meant | None = None

    @classmethod
    def of(cls, until: Mapping[str, t.Any]) -> Wanted:
        """
        From the option.

        :raises InputError: for conditions that cannot hold.
        """
        given = {name: value for name, value in until.items() if value is not None}
        for name in ("sha256", "versions", "http_status", "certificates"):
            if given.get(name) == []:
                raise InputError(f"until.{name} is empty: nothing could be as wanted. Leave it out, or name some.")
        if not given.get("reached", True) and len(given) > 1:
            others = ", ".join(sorted(set(given) - {"reached"}))
            raise InputError(f"until.reached is false, so that {others} could never be seen. Leave one of them out.")
        return cls(
            **{
                **given,
                "sha256": tuple(map(_fingerprint, given["sha256"])) if "sha256" in given else None,
                "versions": frozenset(given["versions"]) if "versions" in given else None,
                "http_status": tuple(given["http_status"]) if "http_status" in given else None,
                "certificates": Meant.of(given["certificates"]) if "certificates" in given else None,
            }
        )

    @property
    def needs_client_outcome(self) -> bool:
        return self.client_certificate is not None or self.client_certificate_accepted is not None

    @property
    def needs_http(self) -> bool:
        return self.http_status is not None or self.h3_offered is not None

    def handshake_problems(self, asked: Asked, handshake: Handshake) -> list[str]:
        """What a handshake alone shows to be otherwise."""
        if not handshake.reached:
            return [f"it is not reached: {handshake.error}"] if self.reached else []
        if not self.reached:
            return [f"it is reached, and shows {handshake.chain[0].facts.label()}"]
        found = []
        if handshake.error is not None and not handshake.requested:
            # Else it may be for want of a client certificate, for which there are conditions.
            found.append(f"the handshake was broken off after the certificate: {handshake.error}")
        if self.sha256 is not None and handshake.leaf not in self.sha256:
            found.append(
                f"the certificate has the SHA-256 fingerprint {handshake.leaf}, not {_one_of(self.sha256)}"
                f" (it is {handshake.chain[0].facts.title}, good until {handshake.chain[0].facts.expires})"
            )
        problem = self.certificates.problem(asked, handshake) if self.certificates is not None else None
        found += [problem] if problem is not None else []
        if self.min_version and handshake.version and _age(handshake.version) < _age(self.min_version):
            found.append(f"{handshake.version} was negotiated, not {self.min_version} or later")
        if self.alpn is not None and handshake.alpn != self.alpn:
            found.append(f"{handshake.alpn or 'no protocol'} was negotiated by ALPN, not {self.alpn}")
        return found

    def problems(self, row: Row) -> list[str]:
        """What is otherwise, in the row's last handshake and in what was found out beside."""
        found = self.handshake_problems(row.asked, row.last)
        if not self.reached or not row.last.reached:
            return found
        if not row.agreed:
            found.append(f"{len(row.handshakes)} handshakes did not agree: {differing(row.handshakes)}")
        if self.verified is not None and row.verified != self.verified:
            found.append(f"the chain is not verified: {row.verify_error}" if self.verified else "the chain is verified")
        if self.covers_server_name is not None and row.covers_server_name != self.covers_server_name:
            names = ", ".join(row.last.chain[0].facts.names) or "none"
            have = "is good" if row.covers_server_name else "is not good"
            found.append(f"the certificate {have} for {row.server_name}: its names are {names}")
        found += self._client_problems(row)
        if self.versions is not None:
            tried = {name: value for name, value in (row.versions or {}).items() if value is not None}
            accepted = {name for name, value in tried.items() if value}
            if accepted != self.versions & set(tried):
                found.append(f"{_listed(accepted)} are accepted, not {_listed(self.versions)}")
        return found + self._http_problems(row)

    def _client_problems(self, row: Row) -> list[str]:
        client = row.client
        if client is None:
            return []
        found = []
        state = "not_requested"
        if client.requested:
            state = "optional" if client.without == "served" else "required"
        if self.client_certificate is not None and state != self.client_certificate:
            found.append(f"a client certificate is {state.replace('_', ' ')}, not {self.client_certificate}")
        accepted = client.with_given == "served"
        if self.client_certificate_accepted is not None and accepted != self.client_certificate_accepted:
            asked = "nobody asks for the client certificate"
            refused = f"the client certificate is refused: {client.with_error}" if client.requested else asked
            found.append(refused if self.client_certificate_accepted else "the client certificate is accepted")
        return found

    def _http_problems(self, row: Row) -> list[str]:
        http = row.http
        if not self.needs_http or http is None:
            return ["no request could be made"] if self.needs_http else []
        if http.status is None:
            return [f"the request got no answer: {http.error}"]
        found = []
        if self.http_status is not None and http.status not in self.http_status:
            found.append(f"the HTTP status is {http.status}, not {_one_of(self.http_status)}")
        if self.h3_offered is not None and bool(http.h3) != self.h3_offered:
            told = f"Alt-Svc is {http.alt_svc}" if http.alt_svc else "there is no Alt-Svc"
            found.append(f"HTTP/3 is {'not ' if self.h3_offered else ''}offered: {told}")
        return found


def unmet(wanted: Wanted, rows: Sequence[Row]) -> list[str]:
    """What is otherwise, one sentence each."""
    return [f"{row.asked.title}: {problem}" for row in rows for problem in wanted.problems(row)]


def _fingerprint(text: str) -> str:
    found = normalise_fingerprint(text)
    if found is None or len(found) != 64:
        raise InputError(f"until.sha256: {text!r} is not a SHA-256 fingerprint (64 hexadecimal digits).")
    return found


def _age(version: str) -> int:
    return VERSIONS.index(version)


def _one_of(values: Sequence[object]) -> str:
    return f"one of {', '.join(map(str, values))}" if len(values) > 1 else str(values[0])


def _listed(versions: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(versions)) or "none"
