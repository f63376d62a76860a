# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Which certificates of listeners new ones are to replace, and what the listeners have then."""

from __future__ import annotations

import math
import typing as t
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .._x509.names import covers_all, normal_names, uncovered
from .certificate import Certificate, in_order, number_of
from .coverage import names_of
from .listed import ListedListener

Certificates = frozenset[Certificate]
Names = t.Literal["same", "covered"]

_SUCH = {"same": "exactly its names", "covered": "all of its names"}

_Rank = tuple[date, date, float, str]


@dataclass(frozen=True)
class Aim:
    """
    What is to be replaced, and what by.

    :param new: the certificates to choose from, with facts.
    :param named: whether somebody named them; else they are all those in CAS that are valid.
    :param superseded: tells by its identifier whether a certificate is to be replaced, whatever it is for, and no other
        one is; None leaves that to C(names).
    :param names: C(same) for certificates that are for the very same names as a new one, C(covered) for those all of
        whose names a new one is good for.
    :param within_days: replace only what has at most so many whole days left; None is whatever it has.
    :param now: with a time zone.
    """

    new: Iterable[Certificate]
    named: bool
    now: datetime
    superseded: Callable[[str], bool] | None = None
    names: Names = "same"
    within_days: int | None = None


@dataclass(frozen=True)
class Change:
    """
    :param lost_names: names of the old certificate that nothing on the listener is good for afterwards; None if nobody
        knows its names.
    """

    old: Certificate
    new: Certificate
    lost_names: tuple[str, ...] | None

    def to_dict(self, now: datetime) -> dict[str, t.Any]:
        return {
            "old": self.old.told(),
            "new": self.new.told(),
            "summary": f"{self.old.label()} is replaced by {self.new.label()}",
            "days_left": _days_left(self.old, now),
            "lost_names": None if self.lost_names is None else list(self.lost_names),
        }


@dataclass(frozen=True)
class Unmatched:
    """
    A certificate that stays although it was asked for to be replaced.

    :param default: whether it is a default one of the listener; otherwise it is an additional one.
    :param reason: a sentence.
    """

    certificate: Certificate
    default: bool
    reason: str


@dataclass(frozen=True)
class Rotation:
    """
    What is to be done on a listener; nothing, if there are no changes.

    :param default: the default certificates now. The additional ones are without those that are being removed.
    :param planned_default: the default certificates afterwards.
    """

    listed: ListedListener
    default: Certificates
    additional: Certificates
    default_changes: tuple[Change, ...]
    additional_changes: tuple[Change, ...]
    planned_default: Certificates
    planned_additional: Certificates
    unmatched: tuple[Unmatched, ...]

    @property
    def changed(self) -> bool:
        return bool(self.default_changes or self.additional_changes)

    def to_dict(self, now: datetime) -> dict[str, t.Any]:
        return {
            **self._place(),
            "status": self.listed.listener.status,
            "certificates": _told(self.default),
            "additional_certificates": _told(self.additional),
            "default_changes": [one.to_dict(now) for one in self.default_changes],
            "additional_changes": [one.to_dict(now) for one in self.additional_changes],
            "planned_certificates": _told(self.planned_default),
            "planned_additional_certificates": _told(self.planned_additional),
        }

    def unmatched_to_dicts(self) -> list[dict[str, t.Any]]:
        return [
            {
                **self._place(),
                "role": "default" if one.default else "additional",
                "certificate": one.certificate.told(),
                "reason": one.reason,
            }
            for one in self.unmatched
        ]

    def _place(self) -> dict[str, t.Any]:
        one = self.listed.listener
        return {"id": one.id, "load_balancer_id": one.load_balancer_id, "protocol": one.protocol, "port": one.port}


def plan(listeners: Iterable[ListedListener], aim: Aim) -> list[Rotation]:
    """
    What is to be done on each listener, in their order.

    :param listeners: with all that is known of their certificates, of new ones, too.
    """
    successors = _Successors(aim)
    return [_plan(one, successors) for one in listeners]


class _Answer(t.NamedTuple):
    """
    What becomes of a certificate: another one takes its place, or it stays for a reason, or nobody asked about it.

    :ivar reason: a sentence, if it was asked for to be replaced and is not.
    """

    new: Certificate | None = None
    reason: str | None = None


_ALONE = _Answer()


class _Known(t.NamedTuple):
    """
    What is compared of a certificate.

    :ivar algorithm: None if nobody knows.
    :ivar names: as normal_names() has them.
    :ivar rank: by the end of its validity, then by its beginning, then by when CAS got it: what is not there yet is the
        latest. No two contents have the same.
    """

    certificate: Certificate
    algorithm: str | None
    names: frozenset[str]
    rank: _Rank


def _plan(listed: ListedListener, successors: _Successors) -> Rotation:
    default = listed.listener.certificates
    additional = frozenset(one for one, status in (listed.additional or {}).items() if status != "Dissociating")
    answers = _without_clashes({one: successors.of(one) for one in default}, default)
    answers |= {one: successors.of(one) for one in additional}
    stays = [one for one in (*in_order(default), *in_order(additional)) if answers[one].new is None]

    def there(new: Certificate) -> Certificate:
        """A copy that the listener has already, if it has one."""
        return next((one for one in stays if _content(one) == _content(new)), new)

    news = {one: there(answer.new) for one, answer in answers.items() if answer.new is not None}
    planned_default = frozenset(news.get(one, one) for one in default)
    # ALB takes no certificate as default and as additional one at once.
    planned_additional = frozenset(news.get(one, one) for one in additional) - planned_default
    served = names_of(planned_default | planned_additional)

    def changes(some: Certificates) -> tuple[Change, ...]:
        return tuple(Change(one, news[one], _lost_names(one, served)) for one in in_order(some) if one in news)

    return Rotation(
        listed=listed,
        default=default,
        additional=additional,
        default_changes=changes(default),
        additional_changes=changes(additional),
        planned_default=planned_default,
        planned_additional=planned_additional,
        unmatched=tuple(
            Unmatched(one, some is default, reason)
            for some in (default, additional)
            for one in in_order(some)
            if (reason := answers[one].reason) is not None
        ),
    )


def _without_clashes(answers: dict[Certificate, _Answer], default: Certificates) -> dict[Certificate, _Answer]:
    """Without those by which a listener would have two default certificates of one algorithm."""
    found = dict(answers)
    for one in default:
        new, kind = answers[one].new, _algorithm(answers[one].new)
        if new is None or kind is None:
            continue
        others = in_order(answers[other].new or other for other in default if other != one)
        for each in others:
            if _algorithm(each) == kind and _content(each) != _content(new):
                found[one] = _Answer(
                    reason=f"{new.label()} cannot be the default beside {each.label()}: both are {kind}."
                )
    return found


class _Successors:
    """Finds the successor of a certificate, which does not depend on the listener."""

    def __init__(self, aim: Aim) -> None:
        self._aim = aim
        self._answers: dict[str, _Answer] = {}
        self._new: dict[str, _Known] = {}
        # What is itself to be replaced replaces nothing. Of several copies the one that CAS got first is taken.
        for one in sorted(map(_known, aim.new), key=lambda each: each.rank):
            if not self._is_superseded(one.certificate):
                self._new.setdefault(_content(one.certificate), one)

    def of(self, old: Certificate) -> _Answer:
        # The same certificate may be on many listeners.
        if old.key not in self._answers:
            self._answers[old.key] = self._decide(old)
        return self._answers[old.key]

    def _is_superseded(self, one: Certificate) -> bool:
        return self._aim.superseded is not None and one.id is not None and self._aim.superseded(one.id)

    def _decide(self, old: Certificate) -> _Answer:
        aim = self._aim
        if aim.superseded is not None and not self._is_superseded(old):
            return _ALONE
        if aim.within_days is not None:
            left = _days_left(old, aim.now)
            if left is None:
                return _Answer(reason="CAS does not tell when it expires.")
            if left > aim.within_days:
                return _ALONE
        return self._by_names(old) if aim.superseded is None else self._in_place_of(old)

    def _by_names(self, old: Certificate) -> _Answer:
        """Of those that are for its names and do not end before it the best; none if it is the best itself."""
        itself = self._new.get(_content(old))
        here = itself or _known(old)
        fitting = [one for one in self._new.values() if one is not itself and self._fits(one, here)]
        lasting = [one for one in fitting if _outlasts(here, one) is False]

        def merit(one: _Known) -> tuple[bool, _Rank]:
            return one.names == here.names, one.rank

        best = max(lasting, key=merit, default=None)
        if best is not None and (itself is None or merit(best) > merit(itself)):
            return _Answer(best.certificate)
        if itself is not None and self._aim.named:
            # It is what the listener is meant to have.
            return _ALONE
        if not fitting and self._aim.within_days is None:
            return _ALONE
        return _Answer(reason=self._why_it_stays(here, itself, max(fitting, key=merit, default=None)))

    def _fits(self, one: _Known, here: _Known) -> bool:
        if here.algorithm is None or one.algorithm != here.algorithm:
            return False
        return covers_all(one.names, here.names) and (self._aim.names == "covered" or one.names == here.names)

    def _why_it_stays(self, here: _Known, itself: _Known | None, fitting: _Known | None) -> str:
        """:param fitting: the best that is for its names, if there is one."""
        if here.algorithm is None or not here.names:
            return f"{_unknown(here)}, so that nothing can be found in its place."
        such = f"{here.algorithm} and for {_SUCH[self._aim.names]}"
        if fitting is None:
            none = "None of the new certificates" if self._aim.named else "No other valid certificate in CAS"
            return f"{none} is {such}."
        if itself is not None:
            return f"No other valid certificate in CAS that is {such} is valid longer."
        if _outlasts(here, fitting) is None:
            return f"Whether it is valid longer than {fitting.certificate.label()} is not known."
        expires = here.certificate.facts.expires if here.certificate.facts else ""
        return f"It is valid until {expires}, longer than {fitting.certificate.label()}."

    def _in_place_of(self, old: Certificate) -> _Answer:
        """The only one of its algorithm, or else the best of those that are for all of its names."""
        named, here = self._aim.named, _known(old)
        if named and _content(old) in self._new:
            return _Answer(reason="It is a copy of one of the new certificates.")
        others = [one for key, one in self._new.items() if key != _content(old)]
        alike = [one for one in others if here.algorithm in (None, one.algorithm)]
        # What nobody has named is taken only if it is for the same.
        if named and len(alike) == 1:
            return _Answer(alike[0].certificate)
        covering = [one for one in alike if here.algorithm is not None and covers_all(one.names, here.names)]
        if covering:
            return _Answer(max(covering, key=lambda one: one.rank).certificate)
        return _Answer(reason=self._why_none_replaces_it(here, len(alike)))

    def _why_none_replaces_it(self, here: _Known, alike: int) -> str:
        """:param alike: how many could."""
        if not self._aim.named:
            if here.algorithm is None or not here.names:
                return f"{_unknown(here)}, so that nothing can be found in its place."
            return f"No other valid certificate in CAS is {here.algorithm} and for all of its names."
        if not self._new:
            return "There is no new certificate."
        if here.algorithm is None:
            return f"{_unknown(here)}, and there are {alike} new certificates."
        if not alike:
            return f"None of the new certificates is {here.algorithm}."
        why = "none of them is for all of its names" if here.names else _unknown(here)
        return f"{alike} of the new certificates are {here.algorithm}, and {why}."


def _known(certificate: Certificate) -> _Known:
    facts = certificate.facts
    if facts is None:
        return _Known(certificate, None, frozenset(), (date.min, date.min, 0, certificate.key))
    start, end = facts.days
    number = math.inf if certificate.id is None else number_of(certificate.id) or 0
    return _Known(
        certificate=certificate,
        algorithm=_algorithm(certificate),
        names=normal_names(facts.names),
        rank=(end or date.min, start or date.min, number, facts.sha256),
    )


def _outlasts(one: _Known, other: _Known) -> bool | None:
    """Whether it is valid longer; None if nobody knows."""
    ours, theirs = one.certificate.facts, other.certificate.facts
    return None if ours is None or theirs is None else ours.outlasts(theirs)


def _algorithm(certificate: Certificate | None) -> str | None:
    """None if nobody knows."""
    facts = certificate.facts if certificate else None
    return None if facts is None or facts.algorithm == "unknown" else facts.algorithm


def _unknown(one: _Known) -> str:
    if one.certificate.facts is None:
        return "CAS tells nothing of it"
    return f"CAS does not tell its {'algorithm' if one.algorithm is None else 'names'}"


def _content(certificate: Certificate) -> str:
    """The same for all copies of a certificate, as far as that is known."""
    return certificate.facts.sha256 if certificate.facts else certificate.key


def _days_left(certificate: Certificate, now: datetime) -> int | None:
    return certificate.facts.days_left(now) if certificate.facts else None


def _lost_names(old: Certificate, served: Iterable[str]) -> tuple[str, ...] | None:
    names = names_of([old])
    return tuple(uncovered(names, served)) if names else None


def _told(certificates: Iterable[Certificate]) -> list[dict[str, t.Any]]:
    return [one.told() for one in in_order(certificates)]
