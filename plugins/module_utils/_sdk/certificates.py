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

from .._cas.certificate import Delete, StoredCertificate, Tag, Untag, Upload
from .._core.errors import ApiError, DeadlineError, InputError, NotFoundError
from .._x509.facts import CertificateFacts, normalise_fingerprint
from .._x509.names import is_host_name
from .cas import CasApi, is_not_found

# So many certificates are read one by one; for more, the list takes fewer calls.
_FEW = 2
_LARGE_PAGE = 100  # The largest of ListCertificates.
_TAGS_WITHIN = 30.0  # Seconds.


class ServerCertificates:
    """:param api: CAS at one site."""

    def __init__(self, api: CasApi) -> None:
        self._api = api
        self.site = api.site
        # A certificate with a number never changes.
        self._facts: dict[int, CertificateFacts] = {}
        self._listed: dict[str | None, list[StoredCertificate]] = {}
        self._settled: dict[int, StoredCertificate] = {}

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

    def numbers_of(self, names: Iterable[str]) -> dict[str, int]:
        """Which of some names are in use, expired certificates' names included, and by which certificate."""
        wanted = frozenset(names)
        return {
            str(row["Name"]): int(row["CertificateId"])
            for status in (None, "EXPIRED")
            for row in self._rows("CERT", None, status)
            if row.get("Name") in wanted
        }

    def certificate(self, number: int) -> StoredCertificate:
        """
        One certificate. The API is told to leave out PEM and private key.

        :raises NotFoundError: if the site has none with that number.
        """
        found = self.find(number)
        if found is None:
            raise NotFoundError(
                f"There is no certificate {number} {self._api.where}. Certificates of the other site need the option"
                " cas_site."
            )
        return found

    def find(self, number: int) -> StoredCertificate | None:
        """Like certificate(); None if the site has none with that number."""
        answer = self._detail(number)
        if answer is None:
            return None
        found = _read_certificate(answer, self.site)
        self._facts[number] = found.facts
        return found

    def with_products(self, certificate: StoredCertificate) -> StoredCertificate:
        """The same, with the size of its key and the cloud products that use it, as far as CAS knows. One call."""
        try:
            answer = self._api.read("GetCertificateDetail", {"CertificateId": certificate.number})
        except ApiError as error:
            if not is_not_found(error):  # deleted meanwhile
                raise
            answer = {}
        facts = replace(certificate.facts, key_size=certificate.facts.key_size or answer.get("KeySize"))
        return replace(certificate, products=_products(answer) or (), facts=facts)

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
            self._delete(step)
            return step.certificate
        if isinstance(step, (Tag, Untag)):
            self._tag(step)
            return step.certificate
        raise TypeError(f"CAS has no write for {type(step).__name__}")

    def settle(self, sent: StoredCertificate) -> StoredCertificate:
        """Wait until an upload can be read back; ALB may not find it before."""
        number = sent.number
        if number is None:
            raise NotFoundError("CAS accepted the upload without telling the certificate's number.")
        if number in self._settled:
            return self._settled[number]
        answer = self._api.pace.until(
            lambda: self._detail(number),
            lambda seen: seen is not None,
            lambda _seen: f"Certificate {number} was uploaded to CAS {self.site} but cannot be read back.",
        )
        self._settled[number] = _read_certificate(answer or {}, self.site)
        return self._settled[number]

    def settle_tags(self, step: Tag | Untag) -> None:
        """
        Wait until a certificate has, or has lost, the tags.

        That the tag actions are for uploaded certificates, too, is documented nowhere, so their word is not taken.
        """
        number = step.certificate.number or 0
        for last in self._api.pace.tries(_TAGS_WITHIN):
            seen = _tags((self._detail(number) or {}).get("Tags"))
            if isinstance(step, Tag) and seen.items() >= step.tags.items():
                return
            if isinstance(step, Untag) and not seen.keys() & set(step.keys):
                return
            if last:
                raise DeadlineError(
                    f"CAS accepted the change of tags of certificate {number}, but its tags are still {dict(seen)}."
                    " Whether tags of uploaded certificates can be changed after the upload is not documented."
                )

    def _delete(self, step: Delete) -> None:
        try:
            self._api.write("DeleteUserCertificate", {"CertId": step.certificate.number})
        except ApiError as error:
            # Deleted by somebody else, or by a try whose answer was lost.
            if not is_not_found(error):
                raise

    def _tag(self, step: Tag | Untag) -> None:
        target: dict[str, t.Any] = {
            "RegionId": self.site,
            "ResourceType": "instance",
            "ResourceId": [step.certificate.instance_id],
        }
        # Neither has a ClientToken; both may be repeated.
        if isinstance(step, Tag):
            tags = [{"Key": key, "Value": value} for key, value in sorted(step.tags.items())]
            self._api.write("TagResources", {**target, "Tag": tags}, token=False)
        else:
            self._api.write("UntagResources", {**target, "TagKey": list(step.keys)}, token=False)

    def _upload(self, step: Upload) -> StoredCertificate:
        wanted = step.certificate

        def landed() -> dict[str, t.Any] | None:
            found = self._numbers(wanted.facts.sha256, keyword=None, expired=True, kind="UPLOAD")
            return {"CertId": max(found)} if found else None

        parameters: dict[str, t.Any] = {}
        if wanted.tags:
            parameters["Tags"] = [{"Key": key, "Value": value} for key, value in sorted(wanted.tags.items())]
        if wanted.resource_group_id:
            parameters["ResourceGroupId"] = wanted.resource_group_id
        material = {"Name": wanted.name, "Cert": step.pem, "Key": step.private_key}
        try:
            if step.key_in_url:
                answer = self._api.write("UploadUserCertificate", {**parameters, **material}, landed=landed)
            else:
                answer = self._api.write("UploadUserCertificate", parameters, body=material, landed=landed)
        except ApiError as error:
            if error.code != "NameRepeat":
                raise
            # Somebody may have uploaded the very same a moment ago.
            answer = landed() or {}
            if not answer:
                raise self._name_taken(wanted.name, error.request_id) from error
        return replace(wanted, number=int(answer["CertId"]))

    def _name_taken(self, name: str, request_id: str | None) -> InputError:
        return InputError(
            f"CAS {self.site} already has another certificate named {name!r}, and names cannot be used twice (request"
            f" id {request_id}). Somebody has uploaded it just now; run the task again."
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
        rows = self._api.pages("ListUserCertificateOrder", query, "CertificateOrderList")
        return (row for row in rows if row.get("CertificateId"))

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
        return _read_certificate({**more, **_given(row), "Id": row["CertificateId"]}, self.site)

    def _detail(self, number: int) -> dict[str, t.Any] | None:
        try:
            return self._api.read("GetUserCertificateDetail", {"CertId": number, "CertFilter": True})
        except ApiError as error:
            if is_not_found(error):
                return None
            raise


def _keyword(facts: CertificateFacts | None) -> str | None:
    """The common name, or else the first host name: what the list's fuzzy search for domains may know."""
    if facts is None:
        return None
    for part in facts.subject.split(","):
        if part.startswith("CN=") and "\\" not in part and part[3:]:
            return part[3:]
    return next((name for name in facts.names if is_host_name(name)), None)


def _read_certificate(answer: Mapping[str, t.Any], site: str) -> StoredCertificate:
    """:param answer: of GetUserCertificateDetail, or the rows of both lists in one."""
    return StoredCertificate(
        name=str(answer.get("Name") or ""),
        site=site,
        facts=_read_facts(answer),
        tags=_tags(answer["Tags"]) if "Tags" in answer else None,
        number=int(answer["Id"]),
        id=answer.get("CertIdentifier") or None,
        instance_id=answer.get("InstanceId") or None,
        resource_group_id=answer.get("ResourceGroupId") or None,
        uploaded=_is_uploaded(answer),
        expired=answer.get("Expired"),
        products=_products(answer),
    )


def _given(row: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Without what is empty, which the other list may know."""
    return {name: value for name, value in row.items() if value not in (None, "")}


def _is_uploaded(answer: Mapping[str, t.Any]) -> bool | None:
    if answer.get("Upload") is not None:
        return bool(answer["Upload"])
    return None if answer.get("BuyInAliyun") is None else not answer["BuyInAliyun"]


def _products(answer: Mapping[str, t.Any]) -> tuple[str, ...] | None:
    products = answer.get("UsingProductList")
    return None if products is None else tuple(str(one) for one in products)


def _tags(rows: Iterable[Mapping[str, t.Any]] | None) -> dict[str, str]:
    return {str(row["TagKey"]): str(row.get("TagValue") or "") for row in rows or () if row.get("TagKey")}


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
