# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What is known about one certificate, read from a PEM file or told by the API. Standard library only."""

from __future__ import annotations

import re
import typing as t
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone

from .._core.errors import InputError
from .names import covers

# "sha256:", "SHA-1 =", and what openssl prints: "SHA256 Fingerprint="
_FINGERPRINT = re.compile(r"(?:sha-?(1|256)(?:\s+fingerprint)?\s*[:=])?([0-9a-f:\s]+)", re.IGNORECASE | re.ASCII)
_KINDS = {40: "1", 64: "256"}
_CN = re.compile(r"(?:^|,)CN=((?:\\.|[^,\\])*)")
_DAY = timedelta(days=1)
# Of China: the latest that the days of CAS can be in.
_LATEST_TIME_ZONE = timezone(timedelta(hours=8))


def normalise_fingerprint(text: str | None) -> str | None:
    """64 (SHA-256) or 40 (SHA-1) lower-case hex digits; None if the text is not a fingerprint or its prefix lies."""
    match = _FINGERPRINT.fullmatch((text or "").strip())
    if match is None:
        return None
    digits = re.sub(r"[:\s]", "", match[2]).lower()
    kind = _KINDS.get(len(digits))
    return digits if kind is not None and match[1] in (None, kind) else None


def _common_name(name: str) -> str:
    """The CN of an RFC 4514 name; the name itself if it has none."""
    found = _CN.search(name)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else name


def _moment(text: str) -> tuple[datetime, bool] | None:
    """A date of a certificate, and whether it is a bare one (midnight UTC then). None if it is unknown."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc), len(text) == len("2027-01-31")


def _day(text: str, zone: timezone) -> date | None:
    """The day of a moment in a time zone; a bare date whatever its time zone. None if it is unknown."""
    found = _moment(text)
    if found is None:
        return None
    moment, bare = found
    try:
        return moment.date() if bare else moment.astimezone(zone).date()
    except OverflowError:  # the end of the year 9999, which stands for no end
        return moment.date()


@dataclass(frozen=True)
class CertificateFacts:
    """
    The public facts of a certificate.

    :param subject: RFC 4514 (most specific part first), such as C(CN=www.example.com,O=Acme).
    :param names: DNS names (lower case) and IP addresses of the SAN extension in its order; without that extension, the
        CN if it can be the name of a host.
    :param issuer: RFC 4514.
    :param not_before: UTC, C(2026-11-23T00:00:00Z), or a bare date when the API tells no more.
    :param not_after: like O(not_before).
    :param algorithm: of the public key: C(RSA), C(ECC), C(Ed25519), C(SM2), ..., C(unknown).
    :param key_size: bits.
    :param sha256: fingerprint of the DER, 64 lower-case hex digits.
    :param sha1: 40 lower-case hex digits.
    :param serial: lower-case hex without leading zeros.
    """

    subject: str
    names: tuple[str, ...]
    issuer: str
    not_before: str
    not_after: str
    algorithm: str
    key_size: int | None
    sha256: str
    sha1: str | None
    serial: str | None

    def to_dict(self) -> dict[str, t.Any]:
        """All fields as JSON types."""
        return {**asdict(self), "names": list(self.names)}

    @classmethod
    def from_dict(cls, mapping: t.Mapping[str, t.Any]) -> CertificateFacts:
        """The reverse of to_dict(). Only C(sha256) has to be there: without it the facts identify nothing."""
        if not mapping.get("sha256"):
            raise InputError("The facts of a certificate lack sha256.")
        sha256 = normalise_fingerprint(str(mapping["sha256"]))
        if sha256 is None or len(sha256) != 64:
            raise InputError("The facts of a certificate have a sha256 that is not 64 hexadecimal digits.")
        names, key_size, serial = mapping.get("names") or (), mapping.get("key_size"), mapping.get("serial")
        sha1 = normalise_fingerprint(str(mapping.get("sha1") or ""))
        return cls(
            subject=str(mapping.get("subject") or ""),
            names=(names,) if isinstance(names, str) else tuple(str(name) for name in names),
            issuer=str(mapping.get("issuer") or ""),
            not_before=str(mapping.get("not_before") or ""),
            not_after=str(mapping.get("not_after") or ""),
            algorithm=str(mapping.get("algorithm") or "unknown"),
            key_size=int(str(key_size)) if str(key_size).isdecimal() else None,
            sha256=sha256,
            sha1=sha1 if sha1 and len(sha1) == 40 else None,
            serial=(str(serial).replace(":", "").lower().lstrip("0") or "0") if serial else None,
        )

    @property
    def expires(self) -> str:
        """C(YYYY-MM-DD), empty if unknown."""
        return self.not_after[:10]

    # CAS tells days, of a time zone that is documented nowhere: where a moment is known, CAS may call it the day in UTC
    # or that in China. Many certificates end at 23:59:59 UTC, where these differ.

    @property
    def days(self) -> tuple[date | None, date | None]:
        """First and last day, at the latest that CAS may say; None if unknown."""
        return _day(self.not_before, _LATEST_TIME_ZONE), _day(self.not_after, _LATEST_TIME_ZONE)

    def outlasts(self, other: CertificateFacts) -> bool | None:
        """Whether it certainly ends on a later day than another one; None if nobody knows."""
        mine, theirs = _day(self.not_after, timezone.utc), other.days[1]
        return None if mine is None or theirs is None else mine > theirs

    def covers(self, name: str) -> bool:
        """Whether the certificate is good for a host, an IP address, or all of a wildcard."""
        return covers(self.names, name)

    # A bare date does not tell its time zone: what has begun somewhere has begun, and the last day is that of UTC.

    def is_expired(self, now: datetime) -> bool:
        """False if nobody knows. C(now) has a time zone."""
        left = self._left(now)
        return left is not None and left < timedelta(0)

    def is_not_yet_valid(self, now: datetime) -> bool:
        """False if nobody knows. C(now) has a time zone."""
        start = _moment(self.not_before)
        return start is not None and start[0] - now > (_DAY if start[1] else timedelta(0))

    def days_left(self, now: datetime) -> int | None:
        """Whole days until it expires: 0 on the last day, negative afterwards, None if nobody knows."""
        left = self._left(now)
        return None if left is None else left // _DAY

    def _left(self, now: datetime) -> timedelta | None:
        end = _moment(self.not_after)
        if end is None:
            return None
        return end[0] - now + (_DAY - timedelta.resolution if end[1] else timedelta(0))

    def summary(self) -> dict[str, t.Any]:
        """
        What a diff shows.

        Subject and issuer as their common names and names in order: CAS tells no more than that, and the same
        certificate must not look different when its PEM is known.
        """
        return {
            "subject": _common_name(self.subject),
            "names": sorted(self.names),
            "issuer": _common_name(self.issuer),
            "expires": self.expires,
            "algorithm": self.algorithm,
            "sha256": self.sha256,
        }

    @property
    def title(self) -> str:
        """What to call it in a sentence: the subject, or what else there is, in one line."""
        return " ".join(self.subject.split()) or ", ".join(self.names[:1]) or "certificate without a subject"

    def label(self) -> str:
        """One line for a person."""
        return f"{self.title} ({self.algorithm}, expires {self.expires or 'unknown'}, SHA-256 {self.sha256[:12]})"
