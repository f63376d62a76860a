# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.tags import (
    TagResource,
    UntagResource,
    read_tags,
    tag_filter,
    tag_steps,
    tags_afterwards,
)
from hypothesis import given, strategies as st

KIND = "securitypolicy"


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        pytest.param({}, {}, id="none"),
        pytest.param(
            {"team": "web", 5: 6, "pi": 3.14, "empty": None},
            {"team": "web", "5": "6", "pi": "3.14", "empty": ""},
            id="kinds",
        ),
        pytest.param({"k" * 128: "v" * 128}, {"k" * 128: "v" * 128}, id="long"),
        pytest.param({"my-acs:": "aliyun"}, {"my-acs:": "aliyun"}, id="reserved-elsewhere"),
    ],
)
def test_tags_are_read(tags, found):
    assert read_tags(tags) == found


@pytest.mark.parametrize(
    ("tags", "part"),
    [
        pytest.param({"": "x"}, "1 to 128 characters", id="no-key"),
        pytest.param({"k" * 129: "x"}, "1 to 128 characters", id="long-key"),
        pytest.param({"k": "x" * 129}, "at most 128", id="long-value"),
        pytest.param({"acs:x": "x"}, "acs:", id="reserved"),
        pytest.param({"aliyunx": "x"}, "aliyun", id="reserved-too"),
        pytest.param({"k": "see https://x"}, "https://", id="link"),
        pytest.param({"http://": "x"}, "http://", id="link-as-key"),
        pytest.param({"on": True}, "quotes", id="truth"),
        pytest.param({"k": ["x"]}, "quotes", id="list"),
        pytest.param({f"k{number}": "x" for number in range(21)}, "21 tags", id="many"),
    ],
)
def test_tags_that_are_refused(tags, part):
    with pytest.raises(InputError, match=part):
        read_tags(tags)


def test_tags_of_the_cloud_can_be_looked_for():
    assert tag_filter({"acs:rm:rgId": "rg-1", 5: None}) == {"acs:rm:rgId": "rg-1", "5": ""}


@pytest.mark.parametrize(
    ("tags", "part"),
    [
        pytest.param({"": "x"}, "not empty", id="no-key"),
        pytest.param({"on": True}, "quotes", id="truth"),
        pytest.param({f"k{number}": "x" for number in range(21)}, "21 tags", id="many"),
    ],
)
def test_what_cannot_be_looked_for(tags, part):
    with pytest.raises(InputError, match=part):
        tag_filter(tags)


@pytest.mark.parametrize(
    ("there", "wanted", "purge", "afterwards"),
    [
        pytest.param({"a": "1"}, None, True, {"a": "1"}, id="left-out"),
        pytest.param({"a": "1"}, {}, False, {"a": "1"}, id="nothing-to-add"),
        pytest.param({"a": "1"}, {}, True, {}, id="none"),
        pytest.param({"a": "1"}, {"b": "2"}, False, {"a": "1", "b": "2"}, id="add"),
        pytest.param({"a": "1"}, {"b": "2"}, True, {"b": "2"}, id="replace"),
        pytest.param({"a": "1"}, {"a": "2"}, False, {"a": "2"}, id="overwrite"),
        pytest.param(
            {"acs:rg": "1", "aliyun": "2"}, {"b": "2"}, True, {"acs:rg": "1", "aliyun": "2", "b": "2"}, id="cloud"
        ),
    ],
)
def test_tags_afterwards(there, wanted, purge, afterwards):
    assert tags_afterwards(there, wanted, purge=purge) == afterwards


def test_removals_come_first_and_fit_in_calls():
    there = {f"k{number:02}": "x" for number in range(25)}
    gone = tuple(there)
    assert tag_steps(KIND, "sp-1", there, {"new": "1"}) == (
        UntagResource(KIND, "sp-1", gone[:20]),
        UntagResource(KIND, "sp-1", gone[20:]),
        TagResource(KIND, "sp-1", {"new": "1"}),
    )


def test_sentences():
    sentences = [one.sentence() for one in tag_steps(KIND, "sp-1", {"b": "", "a": "1"}, {"d": "4", "c": "3"})]
    assert sentences == ["UnTagResources: remove a, b from sp-1", "TagResources: set c=3, d=4 on sp-1"]


TAGS = st.dictionaries(st.sampled_from(["a", "b", "c", "acs:d"]), st.sampled_from(["", "1", "2"]))


@given(there=TAGS, wanted=st.none() | TAGS, purge=st.booleans())
def test_steps_lead_there_and_no_further(there, wanted, purge):
    afterwards = tags_afterwards(there, wanted, purge=purge)
    reached = dict(there)
    for step in tag_steps(KIND, "sp-1", there, afterwards):
        if isinstance(step, TagResource):
            reached.update(step.tags)
        else:
            reached = {key: value for key, value in reached.items() if key not in step.keys}
    assert reached == afterwards
    assert tags_afterwards(reached, wanted, purge=purge) == reached
    assert tag_steps(KIND, "sp-1", reached, reached) == ()
