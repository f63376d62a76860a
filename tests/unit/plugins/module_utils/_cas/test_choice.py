# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._cas.certificate import StoredCertificate
from ansible_collections.alicloud.tls.plugins.module_utils._cas.choice import newest_for
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import facts
from hypothesis import given, strategies as st

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


def stored(number: int, start: str, end: str, name: str = "www.example.com", kind: str = "RSA") -> StoredCertificate:
    one = replace(facts(name, kind), not_before=start, not_after=end)
    return StoredCertificate(f"c{number}", "cn-hangzhou", one, number, f"{number}-cn-hangzhou")


OLD = stored(1, "2026-08-01", "2026-12-01")
NEW = stored(2, "2026-11-01", "2027-02-01")
COPY = stored(3, "2026-11-01T08:00:00Z", "2027-02-01T08:00:00Z")
ECC = stored(4, "2026-10-01", "2027-01-01", kind="ECC")
WILD = stored(5, "2026-09-01", "2027-09-01", name="*.example.com")
GONE = stored(6, "2026-01-01", "2026-11-22")
SOON = stored(7, "2026-12-01", "2027-12-01")
OTHER = stored(8, "2026-11-22", "2027-12-01", name="www.example.org")
ALL = [COPY, OLD, WILD, NEW, ECC, GONE, SOON, OTHER]


@pytest.mark.parametrize(
    ("domain", "algorithm", "wanted"),
    [
        pytest.param("www.example.com", None, [2, 3], id="newest-and-its-copy"),
        pytest.param("www.example.com", "ECC", [4], id="algorithm"),
        pytest.param("mail.example.com", None, [5], id="wildcard"),
        pytest.param("mail.example.com", "ECC", [], id="no-such-algorithm"),
        pytest.param("www.example.net", None, [], id="no-such-name"),
    ],
)
def test_newest(domain, algorithm, wanted):
    assert [one.number for one in newest_for(ALL, domain, NOW, algorithm=algorithm)] == wanted


@given(st.permutations(ALL))
def test_the_order_of_the_list_does_not_matter(some):
    assert newest_for(some, "www.example.com", NOW) == [NEW, COPY]
