# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import permissions
import pytest


def test_the_note_of_the_documentation_is_read():
    note = "RAM permissions: C(alb:GetListenerAttribute), C(yundun-cert:ListCert); see C(alb:Other-)."
    found = permissions.told({"notes": ["Of C(alb:NoSuchThing).", note]})
    assert found == {"alb:GetListenerAttribute", "yundun-cert:ListCert"}
    assert permissions.told({}) == set()


def test_every_module_is_read():
    found = permissions.documented()
    assert {"alb_listener_cert", "cas_certificate"} <= set(found)
    assert "tls_endpoint_info" not in found


def test_a_module_that_should_call_no_api_and_does_is_told():
    used = {"m": {"alb:A"}, "n": {"alb:B"}, "o": set()}
    assert permissions.problems({"m": {"alb:A"}}, used) == ["n: uses alb:B, but calls no API"]


@pytest.mark.parametrize(
    ("told", "used", "wanted"),
    [
        ({"alb:A"}, {"alb:A"}, []),
        ({"alb:A"}, set(), ["m: no test has used it"]),
        ({"alb:A"}, {"alb:A", "alb:B"}, ["m: uses alb:B, which is not documented"]),
        ({"alb:A", "alb:B"}, {"alb:A"}, ["m: documents alb:B, which no test has used"]),
    ],
    ids=["agree", "unused", "undocumented", "too-much"],
)
def test_what_does_not_agree_is_told(told, used, wanted):
    assert permissions.problems({"m": told}, {"m": used}) == wanted


def test_use_is_printed_and_differences_fail(tmp_path, capsys):
    file = tmp_path / "actions.json"
    file.write_text(json.dumps({"alb_listener_cert": ["alb:NoSuchAction"]}), encoding="utf-8")
    assert permissions.main([str(file)]) == 1
    out, err = capsys.readouterr()
    assert out == "alb_listener_cert\n    alb:NoSuchAction\n"
    assert "alb_listener_cert: uses alb:NoSuchAction, which is not documented" in err
