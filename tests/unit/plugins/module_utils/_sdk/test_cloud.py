# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
import time

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import NotFoundError
from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.cloud import Cloud


@pytest.fixture
def cloud() -> Cloud:
    return Cloud(Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret"), Pace(10))


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_what_is_found_is_in_the_order_of_the_items(cloud, count):
    def find(number: int) -> int:
        time.sleep(0.002 * (count - number))
        return number * 2

    assert cloud.at_once(find, range(count)) == [number * 2 for number in range(count)]


def test_four_are_under_way_at_a_time(cloud):
    """Each waits for three others: fewer threads would wait for ever, more would be counted."""
    meeting = threading.Barrier(4, timeout=5)
    most, here = 0, 0
    lock = threading.Lock()

    def find(_number: int) -> int:
        nonlocal most, here
        with lock:
            here += 1
            most = max(most, here)
        meeting.wait()
        with lock:
            here -= 1
        return threading.get_ident()

    assert len(set(cloud.at_once(find, range(8)))) <= 4
    assert most == 4


def test_one_item_needs_no_thread(cloud):
    assert cloud.at_once(lambda _item: threading.current_thread(), [1]) == [threading.main_thread()]


def test_an_error_is_raised_and_the_rest_is_left_out(cloud):
    begun = []

    def find(number: int) -> int:
        begun.append(number)
        if number in {1, 2}:
            raise NotFoundError(f"no {number}")
        time.sleep(0.05)
        return number

    with pytest.raises(NotFoundError, match="no 1"):
        cloud.at_once(find, range(100))
    assert len(begun) < 20
