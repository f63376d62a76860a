# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The server certificates that listeners are bound to, default and additional; and adding and removing the latter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .._alb.additional_certs import AdditionalCertificates, Associate, Dissociate
from .._alb.certificate import Certificate, in_order
from .._core.errors import ApiError, InputError, NotFoundError
from .alb import AlbApi, Request, Sent

# One of them is misspelt in the API's documentation of the list.
_LEAVING = ("Dissociating", "Diassociating")
_MOVING = ("Associating", *_LEAVING)

# What the API says of a certificate that is already as it is to be.
_DONE_ALREADY = {
    "AssociateAdditionalCertificatesWithListener": "ResourceAlreadyAssociated.Certificate",
    "DissociateAdditionalCertificatesFromListener": "ResourceNotAssociated.Certificate",
}


@dataclass(frozen=True)
class _Bound:
    """
    One reading of the list.

    :param additional: the status of each additional certificate, by identifier.
    """

    default: tuple[str, ...]
    additional: Mapping[str, str]

    def moving(self, among: Iterable[str] | None = None) -> list[str]:
        """Which additional certificates are on their way, of all or of some."""
        some = self.additional if among is None else among
        return [one for one in some if self.additional.get(one) in _MOVING]


class BoundCertificates:
    """:param api: ALB in the region of the task."""

    def __init__(self, api: AlbApi) -> None:
        self._api = api

    def of(self, listener_id: str) -> AdditionalCertificates:
        """
        The certificates of a listener, once none of them is being added or removed.

        One call for each hundred. That some other change of the listener is under way is not noticed.

        :raises NotFoundError: if there is no such listener.
        :raises InputError: if its protocol has no certificates.
        :raises DeadlineError: if they do not come to rest.
        """
        found = self._api.pace.until(
            lambda: self._read(listener_id),
            lambda seen: not seen.moving(),
            lambda seen: (
                f"{_statuses(seen, seen.moving())} on {listener_id} after {self._api.pace.seconds:g} s, so another"
                " change of its certificates is under way. Nothing was changed."
            ),
        )
        return _state(listener_id, found)

    def send(self, step: object, _before: Sent | None = None) -> Sent:
        """
        Make one write of a plan; it is under way when this returns.

        What is already as it is to be, by another run or by a try whose answer was lost, is no error.
        """
        request = _request(step)
        while True:
            try:
                answer = self._api.write(request)
            except ApiError as error:
                left = self._left(request, error)
                if left is None:
                    raise
                if not left.parameters["Certificates"]:
                    return Sent(request.parameters["ListenerId"], None)
                request = left
                continue
            return Sent(request.parameters["ListenerId"], answer.get("JobId"))

    def rehearse(self, step: object) -> bool:
        """
        Have the API check a write without making it.

        :returns: whether it could be asked: not about a listener or certificates that are only planned.
        :raises ApiError: what it would refuse the write with.
        """
        request = _request(step)
        ids = [request.parameters["ListenerId"], *_identifiers(request)]
        if None in ids:
            return False
        self._api.rehearse(request)
        return True

    def settle(self, sent: Sent, step: object) -> AdditionalCertificates:
        """
        Wait until a fresh read shows what was written: certificates that are Associated, or gone.

        :param step: what was sent.
        :raises JobFailedError: if the cloud gave up; with its reason.
        :raises DeadlineError: if it was not so in time.
        """
        ids = _identifiers(_request(step))
        gone = isinstance(step, Dissociate)

        def missing(seen: _Bound) -> list[str]:
            if gone:
                return [one for one in ids if one in seen.additional]
            return [one for one in ids if seen.additional.get(one) != "Associated"]

        def done(seen: _Bound) -> bool:
            left = missing(seen)
            if left and not seen.moving(left):
                # At rest, but not as planned: the job has failed, or not begun, or this read is stale.
                self._api.job(sent)
            return not left

        def late(seen: _Bound) -> str:
            # A last question, which raises if the job has failed without the certificates coming to rest.
            status = self._api.job(sent)
            return (
                f"{sent.id} is not as planned after {self._api.pace.seconds:g} s: {_statuses(seen, missing(seen))} (job"
                f" {sent.job_id}: {status}). The change was accepted and may still be under way; run the task again, or"
                " raise wait_timeout."
            )

        return _state(sent.id, self._api.pace.until(lambda: self._read(sent.id), done, late, pause_first=True))

    def _left(self, request: Request, error: ApiError) -> Request | None:
        """What is still to be asked for after a refusal; None if the refusal has to stand."""
        if error.code != _DONE_ALREADY[request.action]:
            return None
        seen = self._read(request.parameters["ListenerId"])
        ids = _identifiers(request)
        if error.code == "ResourceNotAssociated.Certificate":
            left = [one for one in ids if one in seen.additional and seen.additional[one] not in _LEAVING]
        else:
            left = [one for one in ids if one not in seen.additional or seen.additional[one] in _LEAVING]
        return _with_identifiers(request, left) if len(left) < len(ids) else None

    def _read(self, listener_id: str) -> _Bound:
        query = {"ListenerId": listener_id, "CertificateType": "Server"}
        default: list[str] = []
        additional: dict[str, str] = {}
        try:
            for row in self._api.pages("ListListenerCertificates", query, "Certificates"):
                identifier = row.get("CertificateId")
                # What is not said to be additional is not ours to touch.
                if identifier and row.get("IsDefault") is False:
                    additional[str(identifier)] = str(row.get("Status") or "Associated")
                elif identifier:
                    default.append(str(identifier))
        except ApiError as error:
            if error.code == "OperationDenied.HttpListenerNotSupport":
                raise InputError(
                    f"{listener_id} is an HTTP listener; only HTTPS and QUIC listeners have certificates (request id"
                    f" {error.request_id})."
                ) from error
            if error.code == "ResourceNotFound.Listener":
                raise NotFoundError(f"There is no listener {listener_id} {self._api.where}.") from error
            raise
        return _Bound(tuple(default), additional)


def _request(step: object) -> Request:
    """A step as the API takes it. Identifiers always have their suffix: the API refuses to remove bare numbers."""
    if isinstance(step, Associate):
        action = "AssociateAdditionalCertificatesWithListener"
    elif isinstance(step, Dissociate):
        action = "DissociateAdditionalCertificatesFromListener"
    else:
        raise TypeError(f"there is no write for {type(step).__name__}")
    ids = [one.id for one in in_order(step.certificates)]
    return _with_identifiers(Request(action, {"ListenerId": step.listener_id}), ids)


def _with_identifiers(request: Request, ids: Collection[str | None]) -> Request:
    rows = [{"CertificateId": one} for one in ids]
    return Request(request.action, {**request.parameters, "Certificates": rows})


def _identifiers(request: Request) -> list[str]:
    return [row["CertificateId"] for row in request.parameters["Certificates"]]


def _state(listener_id: str, seen: _Bound) -> AdditionalCertificates:
    return AdditionalCertificates(
        listener_id,
        certificates=frozenset(Certificate(one) for one in seen.additional),
        default=frozenset(Certificate(one) for one in seen.default),
    )


def _statuses(seen: _Bound, ids: Iterable[str]) -> str:
    told = []
    for one in sorted(ids):
        status = "a default certificate" if one in seen.default else seen.additional.get(one)
        told.append(f"certificate {one} is {'still ' if status in _MOVING else ''}{status or 'not to be found'}")
    return ", ".join(told)
