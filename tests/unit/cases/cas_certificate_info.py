# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("cas_certificate_info")


@CASES.case(changed=False)
def _all_of_them_and_their_use(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.uploaded(stage.pki.expired)
    return {"with_tags": True, "with_listeners": True}


@CASES.case(changed=False)
def _some_by_identifier(stage: Stage) -> Answer:
    return {"ids": [stage.uploaded(bundle)["id"] for bundle in (stage.pki.rsa, stage.pki.ecc)]}


@CASES.case(changed=False)
def _some_by_reference(stage: Stage) -> Answer:
    one, two = (stage.uploaded(bundle) for bundle in (stage.pki.rsa, stage.pki.single))
    return {"references": ["domain:single.example.com", one["id"], two["sha256"], f"name:{one['name']}"]}


@CASES.case(changed=False)
def _nothing(_stage: Stage) -> Answer:
    return {}
