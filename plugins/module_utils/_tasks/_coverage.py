# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The guard of tasks that take certificates away from a listener: no host name loses its certificate unasked."""

from __future__ import annotations

from .._alb.coverage import check_coverage, lost_names
from .._ansible.task import Run
from ._references import Certificates, with_facts_if_told


def guard_coverage(
    run: Run, listener_id: str | None, current: Certificates, wanted: Certificates
) -> Certificates | None:
    """
    See to it that a new default set leaves no host name without a certificate.

    The additional certificates are looked at only if the new set does not cover all by itself.

    :param listener_id: None if the listener is only planned.
    :param current: the default set, with facts.
    :param wanted: the new one, with facts.
    :returns: the additional certificates, if they had to be looked at.
    :raises InputError: if a name would lose its certificate.
    """
    leaving = current - wanted
    # An empty list of names says nothing: CAS has left names out before.
    unknown = any(one.facts is None or not one.facts.names for one in leaving)
    if run.params["allow_uncovered_names"] or not (unknown or lost_names(leaving, wanted)):
        return None
    additional = with_facts_if_told(run, additional_certificates(run, listener_id), current, wanted)
    check_coverage(leaving, wanted | additional)
    return additional


def additional_certificates(run: Run, listener_id: str | None) -> Certificates:
    """Of a listener; none if it is only planned."""
    if listener_id is None:
        return frozenset()
    return run.cloud.bound_certificates.of(listener_id).certificates
