# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.tags import tag_filter
from hypothesis import given, strategies as st


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, {}),
        ({"team": "web"}, {"team": "web"}),
        ({"cost": 7, 8: None}, {"cost": "7", "8": ""}),
        ({"acs:rm:rgId": "rg-1"}, {"acs:rm:rgId": "rg-1"}),
    ],
)
def test_tags_to_look_for(asked, wanted):
    assert tag_filter(asked) == wanted


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"team": True}, "tag team must be text"),
        ({"team": ["web"]}, "tag team must be text"),
        ({"": "web"}, "key is not empty"),
        ({f"k{number}": "v" for number in range(21)}, "21 tags"),
    ],
)
def test_what_no_tag_can_be(asked, words):
    with pytest.raises(InputError, match=words):
        tag_filter(asked)


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=20))
def test_texts_stay_as_they_are(tags):
    assert tag_filter(tags) == tags
