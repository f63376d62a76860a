# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Which of the certificates in CAS are meant by something else than their number or content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .._x509.facts import CertificateFacts
from .._x509.names import covers
from .certificate import StoredCertificate


def newest_for(
    stored: Iterable[StoredCertificate], domain: str, now: datetime, *, algorithm: str | None = None
) -> list[StoredCertificate]:
    """
    The newest certificate that is valid now and covers a host name, with its copies; of several if chance decided.

    :param algorithm: C(RSA) or C(ECC); none with an unknown one counts then.
    :returns: those with the latest start of validity, and of these with the latest end; empty if there are none.
    """
    fitting = [
        one
        for one in stored
        if covers(one.facts.names, domain)
        and not one.facts.is_expired(now)
        and not one.facts.is_not_yet_valid(now)
        and algorithm in (None, one.facts.algorithm)
    ]
    latest = max((_age(one.facts) for one in fitting), default=None)
    return sorted((one for one in fitting if _age(one.facts) == latest), key=lambda one: one.number or 0)


def _age(facts: CertificateFacts) -> tuple[str, str]:
    # Some sources tell days only, so days are compared.
    return facts.not_before[:10], facts.not_after[:10]
