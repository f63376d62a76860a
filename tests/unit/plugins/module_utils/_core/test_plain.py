# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._core.plain import as_plain


@dataclass(frozen=True)
class Leaf:
    name: str | None = None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...] = ()
    only: Leaf = Leaf("only")
    tags: Mapping[str, str] = field(default_factory=dict)
    maybe: tuple[Leaf, ...] | None = None


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, None),
        (1, 1),
        ("text", "text"),
        ((1, (2,)), [1, [2]]),
        (Leaf(), {"name": None, "numbers": []}),
        (
            Tree((Leaf("a", (1, 2)), Leaf()), tags={"team": "web"}),
            {
                "leaves": [{"name": "a", "numbers": [1, 2]}, {"name": None, "numbers": []}],
                "only": {"name": "only", "numbers": []},
                "tags": {"team": "web"},
                "maybe": None,
            },
        ),
    ],
)
def test_states_become_what_json_has(value, wanted):
    found = as_plain(value)
    assert found == wanted
    assert json.loads(json.dumps(found)) == found
