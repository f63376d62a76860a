# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""CA certificates in the repositories of CAS: finding, reading, uploading and deleting those of one site."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from .._cas.authority import (
    Content,
    CreateRepository,
    DeleteCaCertificate,
    ListedAuthority,
    Repository,
    StoredAuthority,
    UploadCaCertificate,
    named,
    pem_fingerprints,
    utc_of,
)
from .._core.errors import ApiError, InputError, NotFoundError
from .cas import CasApi, is_not_found

# CAS has two vocabularies for one thing. That they mean the same is by their descriptions; no source says so.
_KIND_TO_CREATE = "uploadedAuthorityCertificate"
_KIND_TO_LIST = "uploadCA"
# Codes for a name or content that is there already. Whether UploadPCACert uses them is not documented.
_REPEATED = ("NameRepeat", "ParamRepeat")

# What a write has led to: for the write after it, and to wait for.
Sent = Repository | StoredAuthority


class Authorities:
    """
    :param api: CAS at one site.
    :ivar uploaded: identifiers of what this task has uploaded, by fingerprints of the content.
    """

    def __init__(self, api: CasApi) -> None:
        self._api = api
        self.site = api.site
        self.uploaded: dict[frozenset[str], str] = {}

    @property
    def where(self) -> str:
        """Site and host, for messages about what was not found."""
        return self._api.where

    def repositories(self) -> list[Repository]:
        """The repositories for uploaded CA certificates."""
        rows = self._api.pages("ListCertWarehouse", {"Type": _KIND_TO_LIST}, "CertWarehouseList")
        return [Repository(str(row.get("Name") or ""), self.site, int(row["WhId"])) for row in rows]

    def listed(
        self,
        *,
        source: str | None = None,
        repository: int | None = None,
        identifiers: Sequence[str] = (),
        authorities_only: bool = True,
    ) -> Iterator[ListedAuthority]:
        """
        CA certificates as the list tells them: without names and fingerprints.

        :param source: C(upload) or C(aliyun).
        :param repository: number of the one they are to be in.
        :param authorities_only: false for other certificates in repositories, too.
        """
        query = {
            "CertType": "CA" if authorities_only else None,
            "SourceType": source,
            "WarehouseId": repository,
            "Identifiers": ",".join(identifiers) or None,
        }
        given = {name: value for name, value in query.items() if value is not None}
        for row in self._api.pages("ListCert", given, "CertList"):
            yield _read_row(row)

    def pem(self, identifier: str) -> str | None:
        """The certificates that are stored under an identifier, as PEM text; None if there is no such identifier."""
        try:
            return str(self._api.read("DescribeWarehouseCert", {"CertIdentifier": identifier}).get("Content") or "")
        except ApiError as error:
            if is_not_found(error):
                return None
            raise

    def copies(self, wanted: Content, candidates: Iterable[ListedAuthority]) -> Iterator[ListedAuthority]:
        """Those that have this very content. A call for each that may have it, made as they are asked for."""
        for one in candidates:
            if one.may_have(wanted.serials) and self._has(one, wanted):
                yield one

    def send(self, step: object) -> Sent:
        """Make one write of a plan. These are done when the API answers."""
        if isinstance(step, CreateRepository):
            return self._create(step.repository)
        if isinstance(step, UploadCaCertificate):
            return self._upload(step)
        if isinstance(step, DeleteCaCertificate):
            try:
                self._api.write("DeletePCACert", {"Identifier": step.authority.identifier}, token=False)
            except ApiError as error:
                # Deleted by somebody else, or by a try whose answer was lost.
                if not is_not_found(error):
                    raise
            return step.authority
        raise TypeError(f"repositories of CAS have no write for {type(step).__name__}")

    def settle(self, sent: Sent) -> None:
        """Wait until an upload can be read back; ALB may not find it before."""
        if isinstance(sent, StoredAuthority) and sent.identifier:
            identifier = sent.identifier
            self._api.pace.until(
                lambda: self.pem(identifier),
                lambda seen: seen is not None,
                lambda _seen: f"CA certificate {identifier} was uploaded to CAS {self.site} but cannot be read back.",
            )

    def _has(self, one: ListedAuthority, wanted: Content) -> bool:
        return pem_fingerprints(self.pem(one.identifier) or "") == wanted.fingerprints

    def _create(self, repository: Repository) -> Repository:
        def landed() -> dict[str, t.Any] | None:
            return {} if named(self.repositories(), repository.name) else None

        try:
            self._api.write(
                "CreateWarehouse", {"Name": repository.name, "Type": _KIND_TO_CREATE}, landed=landed, token=False
            )
        except ApiError as error:
            # Somebody may have created it a moment ago.
            if error.code not in _REPEATED or landed() is None:
                raise
        return repository

    def _upload(self, step: UploadCaCertificate) -> StoredAuthority:
        wanted = step.authority
        number = wanted.repository.number or self._number(wanted.repository.name)

        def find(candidates: Iterable[ListedAuthority]) -> dict[str, t.Any] | None:
            found = next(self.copies(wanted.content, candidates), None)
            return {"Identifier": found.identifier} if found else None

        try:
            # In the URL, as the SDK of CAS does it. Only certificates are sent, which are not secret.
            answer = self._api.write(
                "UploadPCACert",
                {"WarehouseId": number, "Name": wanted.name, "Cert": step.pem},
                landed=lambda: find(self.listed(repository=number)),
                token=False,
            )
        except ApiError as error:
            if error.code not in _REPEATED:
                raise
            # Somebody may have uploaded the very same a moment ago.
            found = find(self.listed(repository=number, authorities_only=False))
            if found is None:
                raise self._repeated(wanted, error) from error
            answer = found
        if not answer.get("Identifier"):
            raise NotFoundError("CAS accepted the CA certificate without telling its identifier.")
        identifier = self.uploaded[wanted.content.fingerprints] = str(answer["Identifier"])
        return replace(wanted, repository=replace(wanted.repository, number=number), identifier=identifier)

    def _number(self, name: str) -> int:
        """Of a repository that was created just now: CreateWarehouse tells another kind of id than uploads need."""
        found = self._api.pace.until(
            lambda: named(self.repositories(), name),
            bool,
            lambda _seen: (
                f"The repository {name} was created in CAS {self.site}, but after {self._api.pace.seconds:g} s the list"
                f" of repositories for uploaded CA certificates (type {_KIND_TO_LIST}) still does not have it."
            ),
        )
        return int(found[0].number or 0)

    def _repeated(self, wanted: StoredAuthority, error: ApiError) -> InputError:
        what = "another certificate" if error.code == "NameRepeat" else "something that it takes for the same"
        hint = (
            f"has the name {wanted.name!r}; leave out name to have one made from each certificate"
            if error.code == "NameRepeat"
            else "is there; look for it with alicloud.tls.cas_ca_certificate_info"
        )
        return InputError(
            f"CAS {self.site} refused the CA certificate, because in repository {wanted.repository.name} {what} {hint}"
            f" ({error.code}, request id {error.request_id})."
        )


def _read_row(row: Mapping[str, t.Any]) -> ListedAuthority:
    return ListedAuthority(
        identifier=str(row["Identifier"]),
        source=str(row.get("SourceType") or ""),
        is_ca=str(row.get("CertType") or "").upper() == "CA",
        status=str(row.get("Status") or ""),
        repository=int(row["WhId"]) if row.get("WhId") else None,
        common_name=str(row.get("CommonName") or ""),
        issuer=str(row.get("Issuer") or ""),
        serial=str(row.get("SerialNo") or ""),
        algorithm=str(row.get("Algorithm") or ""),
        sign_algorithm=str(row.get("SignAlgorithm") or ""),
        not_before=utc_of(row.get("BeforeDate")),
        not_after=utc_of(row.get("AfterDate")),
    )
