# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Which host names would be left without a certificate."""

from __future__ import annotations

from collections.abc import Iterable

from .._core.errors import InputError
from .._x509.names import uncovered
from .certificate import Certificate, in_order


def names_of(certificates: Iterable[Certificate]) -> list[str]:
    """The names that certificates are known to be for."""
    return [name for one in certificates if one.facts for name in one.facts.names]


def lost_names(before: Iterable[Certificate], after: Iterable[Certificate]) -> list[str]:
    """The names that are served before and that no certificate matches afterwards, sorted."""
    return uncovered(names_of(before), names_of(after))


def check_coverage(leaving: Iterable[Certificate], staying: Iterable[Certificate]) -> None:
    """
    See to it that every host name that is served now still has a certificate that matches it.

    :param leaving: certificates that would no longer be served, with their facts.
    :param staying: those that would be, with theirs.
    :raises InputError: if a name would lose its certificate, or if that cannot be told.
    """
    leaving, staying = in_order(leaving), in_order(staying)
    unknown = [one.label() for one in leaving if one.facts is None or not one.facts.names]
    if unknown:
        raise InputError(
            f"Which host names would lose their certificate cannot be told: CAS does not tell what {', '.join(unknown)}"
            " is for. Nothing was changed. Set allow_uncovered_names to go on all the same."
        )
    lost = lost_names(leaving, staying)
    if lost:
        names = f"{len(lost)} host names" if len(lost) > 1 else "A host name"
        raise InputError(
            f"{names} would have no matching certificate any more: {', '.join(lost)}. Nothing was changed. Add a"
            " certificate for what is missing, or set allow_uncovered_names if it is not to be served any more."
        )
