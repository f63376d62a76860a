# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CAs for mutual authentication, as the cloud has them and as tasks are told of them."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone

from ansible_collections.alicloud.tls.plugins.module_utils._x509.ca import load_ca_certificate
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import Issued
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

OLD = "1ed65580-7e33-6a50-8630-dd13fdc009ee"
NEW = "1efd3caf-3cc7-6f42-be33-29ca9cecdfd3"


def facts(ca: Issued) -> Answer:
    """What is known of a CA certificate."""
    now = datetime.now(timezone.utc)
    return load_ca_certificate(ca.pem, source="ca", now=now, allow_expired=True).facts.to_dict()


def known_ca(stage: Stage, ca: Issued, identifier: str) -> Answer:
    """A CA certificate that is there; what a task is told of it."""
    stage.cloud.seed({"ca_certificates": [{"identifier": identifier, "pem": ca.pem}]})
    return {"identifier": identifier, **facts(ca)}


def authenticated(stage: Stage, **more: t.Any) -> Answer:
    """A listener with mutual authentication and the root as its CA; known_ca(stage, stage.pki.stranger, NEW) is too."""
    known_ca(stage, stage.pki.stranger, NEW)
    ca = known_ca(stage, stage.pki.root, OLD)
    listener = stage.served(stage.pki.rsa, **more)
    answer: Answer = stage.run("alb_mutual_auth", listener_id=listener["id"], ca_certificate=ca)["listener"]
    return answer
