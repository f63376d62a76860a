# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cloud with things in it, for tests that begin in the middle."""

from __future__ import annotations

import functools
import typing as t
from dataclasses import dataclass, field

from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.emulator.certificates import read_upload
from ansible_collections.alicloud.tls.tests.emulator.world import UploadedCertificate
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle, Pki
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner

DEMO = "alb-demo0000000000000"
GROUP = "sgp-demo0000000000000"


@dataclass
class Stage:
    """
    What modules have put there, and what tasks are told of it.

    :ivar at: names the listener of the tests.
    """

    run: Runner
    cloud: Emulator
    pki: Pki
    at: dict[str, t.Any] = field(default_factory=lambda: {"load_balancer": "demo", "port": 443})

    def uploaded(self, bundle: Bundle, name: str | None = None) -> Answer:
        """What cas_certificate answers for a certificate that CAS has; put there if need be."""
        have = (each.certificate_pem for each in self.cloud.world.certificates.values())
        if bundle.fullchain not in have:
            self.upload_anyway(bundle, name or f"www.example.com-{bundle.sha256[:12]}")
        answer = self.run("cas_certificate", certificate=bundle.fullchain, allow_expired=True)
        found: Answer = answer["certificate"]
        return found

    def served(self, *bundles: Bundle, **more: t.Any) -> Answer:
        """A listener with these certificates."""
        first, *others = [self.uploaded(bundle) for bundle in bundles]
        options = {"server_group": GROUP, "allow_expired": True, **self.at, **more}
        answer: Answer = self.run("alb_listener", certificates=[first], **options)["listener"]
        if others:
            answer = self.run("alb_listener", certificates=[first, *others], allow_expired=True, **self.at)["listener"]
        return answer

    def upload_anyway(self, bundle: Bundle, name: str, **tags: str) -> None:
        """
        Put a certificate there, behind the back of the API, even if it is there already.

        :param tags: with underscores for the hyphens of keys.
        """
        uploaded = UploadedCertificate(
            certificate_id=self.cloud.world.next_certificate_id,
            instance_id=f"cas-{name}",
            name=name,
            resource_group_id="rg-emulator",
            facts=_facts(bundle.fullchain, bundle.key),
            certificate_pem=bundle.fullchain,
            key_pem=bundle.key,
            tags={key.replace("_", "-"): value for key, value in tags.items()},
        )

        def place(cloud: t.Any) -> None:
            cloud.world.certificates[uploaded.certificate_id] = uploaded
            cloud.world.next_certificate_id += 7

        self.cloud.do(place)


# RSA keys take long to read.
_facts = functools.cache(read_upload)
