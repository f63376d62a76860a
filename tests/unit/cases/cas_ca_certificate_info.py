# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("cas_ca_certificate_info")


def _two(stage: Stage) -> list[Answer]:
    stage.cloud.seed({"ca_certificates": [{"identifier": "1e000000-issued", "pem": stage.pki.intermediate.pem}]})
    root = stage.run("cas_ca_certificate", certificate=stage.pki.root.pem)
    stranger = stage.run("cas_ca_certificate", certificate=stage.pki.stranger.pem, repository="partners")
    return [one["ca_certificate"] for one in (root, stranger)]


@CASES.case()
def _with_details(stage: Stage) -> Answer:
    _two(stage)
    return {"with_details": True}


@CASES.case()
def _all(stage: Stage) -> Answer:
    _two(stage)
    return {}


@CASES.case()
def _by_fingerprint(stage: Stage) -> Answer:
    return {"sha256": [_two(stage)[1]["sha256"]]}


@CASES.case()
def _by_identifiers(stage: Stage) -> Answer:
    return {"identifiers": [one["identifier"] for one in _two(stage)]}


@CASES.case()
def _nothing_there(_stage: Stage) -> Answer:
    return {}
