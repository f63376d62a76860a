# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Server certificates in CAS: finding, reading, uploading and deleting those of one site."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone

from .._cas.certificate import Delete, StoredCertificate, Upload
from .._core.errors import ApiError, InputError, NotFoundError
from .._x509.facts import CertificateFacts, normalise_fingerprint
from .cas import CasApi, is_not_found

# So many certificates are read one by one; for more, the list takes fewer calls.
_FEW = 2
_LARGE_PAGE = 100  # The largest of ListCertificates.


class ServerCertificates:
    """:param api: CAS at one site."""

    def __init__(self, api: CasApi) -> None:
        self._api = api
        self.site = api.site
        # A certificate with a number never changes.
        self._facts: dict[int, CertificateFacts] = {}
        self._listed: dict[str | None, list[StoredCertificate]] = {}

    def everything(self, *, expired: bool) -> list[StoredCertificate]:
        """
        All certificates of the site, bought ones too, oldest first. Listed once for a task, however often it asks.

        Two lists are joined by number, since each lacks what the other has: ListUserCertificateOrder (50 rows a call)
        tells the fingerprints, ListCertificates (100 rows a call) the identifier, the algorithm and who uses it. That
        is M/50 + M/100 calls for M certificates, and the same again for expired ones, which both lists hide.

        A certificate whose SHA-256 CAS does not tell is left out: nothing would tell it from another one.

        :param expired: whether to list expired ones too.
        """
        found = {
            one.number: one for status in ((None, "EXPIRED") if expired else (None,)) for one in self._listing(status)
        }
        return sorted(found.values(), key=lambda one: one.number or 0)

    def copies(
        self,
        sha256: str,
        *,
        facts: CertificateFacts | None = None,
        most: int | None = None,
        uploads_only: bool = False,
    ) -> list[StoredCertificate]:
        """
        The copies of a certificate that the site holds, oldest first.

        The list is asked for the certificate's own name first, since that is one call; the keyword's matching is
        documented as fuzzy, so nothing found means looking through everything.

        :param facts: of the certificate, if they are known.
        :param most: how many to read; each is a call.
        :param uploads_only: leave out certificates that were bought, which are not ours to delete.
        """
        expired = facts is None or not facts.not_after or facts.not_after[:10] <= _today()
        kind = "UPLOAD" if uploads_only else "CERT"
        keyword = _keyword(facts)
        numbers: list[int] = []
        if keyword is not None:
            numbers = self._numbers(sha256, keyword=keyword, expired=expired, kind=kind)
        if not numbers:
            numbers = self._numbers(sha256, keyword=None, expired=expired, kind=kind)
        return [self.certificate(number) for number in sorted(numbers)[:most]]

    def check_name(self, name: str) -> None:
        """:raises InputError: if a certificate has that name, so that an upload would be refused."""
        if any(row.get("Name") == name for status in (None, "EXPIRED") for row in self._rows("UPLOAD", None, status)):
            raise self._name_taken(name, None)

    def certificate(self, number: int) -> StoredCertificate:
        """
        One certificate. The API is told to leave out PEM and private key.

        :raises NotFoundError: if the site has none with that number.
        """
        answer = self._detail(number)
        if answer is None:
            raise NotFoundError(
                f"There is no certificate {number} {self._api.where}. Certificates of the other site need the option"
                " cas_site."
            )
        found = _read_certificate(answer, self.site)
        self._facts[number] = found.facts
        return found

    def known(self, numbers: Iterable[int]) -> dict[int, CertificateFacts]:
        """
        What CAS tells of certificates, by number; those that it does not have are left out.

        Few are asked for one by one. Many are looked up in the list, which does not tell their algorithm.
        """
        wanted = set(numbers)
        if len(wanted - self._facts.keys()) > _FEW:
            self._read_list(wanted)
        for number in sorted(wanted - self._facts.keys()):
            answer = self._detail(number)
            if answer is not None:
                self._facts[number] = _read_certificate(answer, self.site).facts
        return {number: self._facts[number] for number in wanted & self._facts.keys()}

    def _read_list(self, wanted: set[int]) -> None:
        for status in (None, "EXPIRED"):
            for row in self._rows("CERT", None, status):
                if _sha256(row):
                    self._facts.setdefault(int(row["CertificateId"]), _read_facts(row))
            if wanted <= self._facts.keys():
                return

    def send(self, step: object) -> StoredCertificate:
        """Make one write of a plan. These are done when the API answers."""
        self._listed.clear()
        if isinstance(step, Upload):
            return self._upload(step)
        if isinstance(step, Delete):
            try:
                self._api.write("DeleteUserCertificate", {"CertId": step.certificate.number})
            except ApiError as error:
                # Deleted by somebody else, or by a try whose answer was lost.
                if not is_not_found(error):
                    raise
            return step.certificate
        raise TypeError(f"CAS has no write for {type(step).__name__}")

    def settle(self, sent: StoredCertificate) -> StoredCertificate:
        """Wait until an upload can be read back; ALB may not find it before."""
        number = sent.number
        if number is None:
            raise NotFoundError("CAS accepted the upload without telling the certificate's number.")
        answer = self._api.pace.until(
            lambda: self._detail(number),
            lambda seen: seen is not None,
            lambda _seen: f"Certificate {number} was uploaded to CAS {self.site} but cannot be read back.",
        )
        return _read_certificate(answer or {}, self.site)

    def _upload(self, step: Upload) -> StoredCertificate:
        wanted = step.certificate

        def landed() -> dict[str, t.Any] | None:
            found = self._numbers(wanted.facts.sha256, keyword=None, expired=True, kind="UPLOAD")
            return {"CertId": max(found)} if found else None

        try:
            answer = self._api.write(
                "UploadUserCertificate",
                {},
                body={"Name": wanted.name, "Cert": step.pem, "Key": step.private_key},
                landed=landed,
            )
        except ApiError as error:
            if error.code != "NameRepeat":
                raise
            # Somebody may have uploaded the very same a moment ago.
            answer = landed() or {}
            if not answer:
                raise self._name_taken(wanted.name, error.request_id) from error
        return StoredCertificate(name=wanted.name, site=self.site, facts=wanted.facts, number=int(answer["CertId"]))

    def _name_taken(self, name: str, request_id: str | None) -> InputError:
        asked = f" (request id {request_id})" if request_id else ""
        return InputError(
            f"CAS {self.site} already has another certificate named {name!r}, and names cannot be used twice{asked}."
            " Leave out name to have one made from each certificate."
        )

    def _numbers(self, sha256: str, *, keyword: str | None, expired: bool, kind: str) -> list[int]:
        """Numbers of the certificates with this content. Without a Status the API hides expired ones."""
        found: list[int] = []
        for status in (None, "EXPIRED") if expired else (None,):
            rows = self._rows(kind, keyword, status)
            found.extend(int(row["CertificateId"]) for row in rows if normalise_fingerprint(row.get("Sha2")) == sha256)
        return sorted(set(found))

    def _rows(self, kind: str, keyword: str | None, status: str | None) -> Iterator[Mapping[str, t.Any]]:
        """:param kind: CERT for bought and uploaded ones, UPLOAD for the latter; the API's default are orders."""
        query = {"OrderType": kind}
        query.update({name: value for name, value in (("Keyword", keyword), ("Status", status)) if value})
        return self._api.pages("ListUserCertificateOrder", query, "CertificateOrderList")

    def _listing(self, status: str | None) -> list[StoredCertificate]:
        if status not in self._listed:
            # What the other list shows if it is not told a status is documented nowhere; too much of it does no harm.
            query = {"CertificateStatus": status.lower()} if status else {}
            more = {
                str(row.get("CertificateId")): row
                for row in self._api.pages("ListCertificates", query, "CertificateList", size=_LARGE_PAGE)
            }
            found = []
            for row in self._rows("CERT", None, status):
                one = self._joined(row, more.get(str(row["CertificateId"]), {}))
                if one is not None:
                    found.append(one)
            self._listed[status] = found
        return self._listed[status]

    def _joined(self, row: Mapping[str, t.Any], more: Mapping[str, t.Any]) -> StoredCertificate | None:
        """:param more: the row of the other list, if it has one; otherwise the certificate is asked for."""
        if not row.get("Sha2") or not more.get("CertIdentifier"):
            detail = self._detail(int(row["CertificateId"]))
            if detail is None or not _sha256(detail):
                return None
            more = {**more, **detail}
        products = more.get("UsingProductList")
        return replace(
            _read_certificate({**row, **more, "Id": row["CertificateId"], "Name": row.get("Name")}, self.site),
            uploaded=bool(row.get("Upload")),
            products=None if products is None else tuple(str(one) for one in products),
        )

    def _detail(self, number: int) -> dict[str, t.Any] | None:
        try:
            return self._api.read("GetUserCertificateDetail", {"CertId": number, "CertFilter": True})
        except ApiError as error:
            if is_not_found(error):
                return None
            raise


def _keyword(facts: CertificateFacts | None) -> str | None:
    """The common name, which the list's fuzzy search knows."""
    if facts is None:
        return None
    for part in facts.subject.split(","):
        if part.startswith("CN=") and "\\" not in part:
            return part[3:] or None
    return None


def _read_certificate(answer: Mapping[str, t.Any], site: str) -> StoredCertificate:
    """:param answer: of GetUserCertificateDetail, or the rows of both lists in one."""
    return StoredCertificate(
        name=str(answer.get("Name") or ""),
        site=site,
        number=int(answer["Id"]),
        id=answer.get("CertIdentifier") or None,
        facts=_read_facts(answer),
    )


def _read_facts(answer: Mapping[str, t.Any]) -> CertificateFacts:
    """:param answer: likewise, or a row of ListUserCertificateOrder alone."""
    common = answer.get("Common") or answer.get("CommonName") or ""
    names = [name.strip() for name in str(answer.get("Sans") or "").split(",") if name.strip()]
    return CertificateFacts.from_dict(
        {
            "subject": f"CN={common}" if common else "",
            # Never the common name instead: lists that lack names have made tools remove certificates in use.
            "names": names,
            "issuer": answer.get("Issuer"),
            "not_before": answer.get("StartDate"),
            "not_after": answer.get("EndDate"),
            "algorithm": answer.get("Algorithm"),
            "key_size": answer.get("KeySize"),
            "sha256": _sha256(answer),
            "sha1": answer.get("Fingerprint"),
            "serial": answer.get("SerialNo"),
        }
    )


def _sha256(answer: Mapping[str, t.Any]) -> str | None:
    return answer.get("Sha2") or answer.get("CertSha2")


def _today() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d")
