# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a rotation in an account that has nothing: no load balancers, no listeners, no certificates in CAS."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.emulator.actions import is_read
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Playbooks, access_to


@pytest.mark.parametrize("given", [True, False], ids=["a certificate", "what expires"])
def test_there_is_nothing_to_do_and_that_is_no_failure(given: bool, pki: Pki, tmp_path: Path) -> None:
    wanted = {"certificates": [pki.renewed.files(tmp_path)]} if given else {"expires_within_days": 30, "retire": True}
    with Emulator() as cloud:
        ended = Playbooks(tmp_path).shipped(
            "alicloud.tls.rotate_certificates",
            {
                "certificate_rotation_region": "cn-hangzhou",
                **{f"certificate_rotation_{name}": value for name, value in wanted.items()},
            },
            "--check",
            **access_to(cloud.url),
        )
        assert ended.status == 0, ended.output
        said = " ".join(ended.output.split())
        assert 'Say what is to be replaced] ********** ok: [localhost] => { "msg": { "listeners": [] } }' in said
        assert "changed=0 unreachable=0 failed=0" in said
        assert "ListListeners" in cloud.actions
        assert all(map(is_read, cloud.actions))
