# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.coverage import check_coverage, lost_names, names_of
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import UNKNOWN, facts
from hypothesis import given, strategies as st


def of(name: str) -> Certificate:
    return Certificate(f"{sum(map(ord, name))}-cn-hangzhou", facts(name))


SHOP, MAIL, WILD, DEEP, ADDRESS = map(
    of, ("shop.example.com", "mail.example.com", "*.example.com", "a.shop.example.com", "192.0.2.7")
)


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        pytest.param([SHOP], [SHOP], [], id="same"),
        pytest.param([SHOP], [WILD], [], id="by-wildcard"),
        pytest.param([WILD], [SHOP], ["*.example.com"], id="wildcard-lost"),
        pytest.param([SHOP, MAIL], [MAIL], ["shop.example.com"], id="one-of-two"),
        pytest.param([DEEP], [WILD], ["a.shop.example.com"], id="two-labels"),
        pytest.param([ADDRESS], [WILD], ["192.0.2.7"], id="address"),
        pytest.param([SHOP, MAIL], [], ["mail.example.com", "shop.example.com"], id="all"),
        pytest.param([], [SHOP], [], id="nothing-before"),
        pytest.param([UNKNOWN], [SHOP], [], id="nobody-knows"),
    ],
)
def test_lost_names(before, after, lost):
    assert lost_names(before, after) == lost


CERTIFICATES = st.lists(st.sampled_from([SHOP, MAIL, WILD, DEEP, ADDRESS]), max_size=4)


@given(CERTIFICATES, CERTIFICATES, CERTIFICATES)
def test_more_certificates_never_lose_more_names(before, after, more):
    assert lost_names(before, before) == []
    assert set(lost_names(before, after + more)) <= set(lost_names(before, after))
    assert set(lost_names(before, after)) <= set(names_of(before))


def test_the_names_and_the_ways_out_are_told():
    with pytest.raises(InputError) as caught:
        check_coverage([SHOP, MAIL], [ADDRESS])
    for part in ("2 host names", "mail.example.com, shop.example.com", "Nothing was changed", "allow_uncovered_names"):
        assert part in caught.value.message


def test_what_nobody_knows_cannot_be_judged():
    with pytest.raises(InputError, match=r"cannot be told: .*99-cn-hangzhou.*allow_uncovered_names"):
        check_coverage([UNKNOWN], [SHOP])
    nameless = Certificate("98-cn-hangzhou", replace(facts("old.example.com"), names=()))
    with pytest.raises(InputError, match=r"cannot be told: .*old\.example\.com.*allow_uncovered_names"):
        check_coverage([nameless], [SHOP])
    check_coverage([SHOP], [WILD, UNKNOWN, nameless])
