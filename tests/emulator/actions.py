# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions as a table: name, parameters, and the function that answers."""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .clock import Clock
from .errors import refusal
from .invented import invented
from .parameters import Arguments, Parameter, flag, integer, text
from .settings import Settings
from .world import CaCertificate, UploadedCertificate, World

Fields = dict[str, t.Any]
PAGING = (integer("MaxResults", 1, 100), text("NextToken"))
WRITING = (text("ClientToken"), flag("DryRun"))
_ItemT = t.TypeVar("_ItemT")


@dataclass(frozen=True)
class Context:
    """One call, for the function that answers it."""

    action: str
    arguments: Arguments
    world: World
    settings: Settings
    clock: Clock
    job_failure: tuple[str, str] | None = None
    """Code and message with which the job of this call is to fail."""
    cas_site: str = ""
    """The site of CAS that was asked; empty: the one of the load balancers."""
    load_balancer_busy: bool = False
    """This call finds each load balancer Configuring."""

    @property
    def site(self) -> str:
        """The site of CAS that was asked. ALB has no sites."""
        return self.cas_site or self.settings.site

    def certificate(self, identifier: str) -> UploadedCertificate | None:
        """The certificate that a listener may use under this CertIdentifier."""
        found = self.world.certificate_of(identifier, self.settings.site)
        return found if found is not None and self._in_reach(found.site) else None

    def authority(self, identifier: str) -> CaCertificate | None:
        """The CA certificate that a listener may use under this Identifier."""
        found = self.world.ca_certificates.get(identifier)
        return found if found is not None and found.kind == "CA" and self._in_reach(found.site) else None

    def _in_reach(self, site: str) -> bool:
        return site in ("", self.settings.site) or self.settings.certificates_of_any_site

    def passed(self) -> None:
        """
        To be called between the checks and the change.

        :raises ApiRefusal: DryRunOperation, if this was a dry run
        """
        if self.arguments.flag("DryRun"):
            raise refusal("DryRunOperation")

    def page(self, things: list[_ItemT], *, default: int = 20) -> tuple[list[_ItemT], Fields]:
        """
        Cut the page that MaxResults and NextToken ask for.

        :return: the page, and the fields that tell of it
        """
        size = self.arguments.integer("MaxResults", default)
        mark = hashlib.sha256(
            json.dumps([self.action, self.arguments.without("NextToken", "MaxResults")], sort_keys=True).encode()
        ).digest()[:15]
        begin = 0
        token = self.arguments.text("NextToken")
        if token:
            begin = _offset(token, mark)
            if begin > len(things):
                raise invented("next-token", "NextToken is not valid.")
        end = begin + size
        following = base64.urlsafe_b64encode(mark + end.to_bytes(6, "big")).decode() if end < len(things) else ""
        return things[begin:end], {"MaxResults": size, "NextToken": following, "TotalCount": len(things)}


def is_read(action: str) -> bool:
    return action.startswith(("Get", "List", "Describe"))


def _offset(token: str, mark: bytes) -> int:
    try:
        decoded = base64.urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        decoded = b""
    if len(decoded) != len(mark) + 6 or not decoded.startswith(mark):
        raise invented("next-token", "NextToken is not valid.")
    return int.from_bytes(decoded[len(mark) :], "big")


@dataclass(frozen=True)
class Action:
    name: str
    parameters: Mapping[str, Parameter]
    required: tuple[str, ...]
    answer: Callable[[Context], Fields]
    summary: str

    @property
    def reads(self) -> bool:
        """It changes nothing."""
        return is_read(self.name)


@dataclass
class Catalogue:
    """The actions of one product in one version."""

    product: str
    version: str
    host: str
    """HostId of its errors."""
    actions: dict[str, Action] = field(default_factory=dict)

    def action(
        self, name: str, *parameters: Parameter, required: tuple[str, ...] = ()
    ) -> Callable[[Callable[[Context], Fields]], Callable[[Context], Fields]]:
        """Register the decorated function as the answer to an action."""

        def register(answer: Callable[[Context], Fields]) -> Callable[[Context], Fields]:
            summary = " ".join((answer.__doc__ or "").split())
            table = {each.name: each for each in parameters}
            self.actions[name] = Action(name, table, required, answer, summary)
            return answer

        return register
