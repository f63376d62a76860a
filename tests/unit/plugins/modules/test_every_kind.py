# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Listeners of each protocol on load balancers of each edition: what they can have, and what is refused without a write.

HTTP listeners have no certificates; mutual authentication is for HTTPS listeners, and not on Basic load balancers.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, comparable, differences, writes
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD, known_ca
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage

BALANCERS = {"Basic": "alb-basic000000000000", "Standard": DEMO, "StandardWithWaf": "alb-waf00000000000000"}
CREATE, UPDATE, DELETE = "CreateListener", "UpdateListenerAttribute", "DeleteListener"
ASSOCIATE = "AssociateAdditionalCertificatesWithListener"
DISSOCIATE = "DissociateAdditionalCertificatesFromListener"


@dataclass(frozen=True)
class Kind:
    """
    :param edition: of the load balancer.
    :param protocol: of the listener.
    """

    edition: str
    protocol: str

    @property
    def certified(self) -> bool:
        return self.protocol != "HTTP"

    @property
    def mutual(self) -> bool:
        return self.protocol == "HTTPS" and self.edition != "Basic"

    @property
    def why_no_mutual_authentication(self) -> tuple[str, ...]:
        return ("Basic edition",) if self.protocol == "HTTPS" else ("HTTPS listeners only", self.protocol)

    def place(self, port: int = 443) -> Answer:
        return {"load_balancer": BALANCERS[self.edition], "port": port, "protocol": self.protocol}

    def new(self, stage: Stage) -> Answer:
        """Options that create a listener, but for its place."""
        one = {"certificates": [stage.uploaded(stage.pki.rsa)["id"]]} if self.certified else {}
        return {"server_group": GROUP, **one}


KINDS = [Kind(edition, protocol) for edition in BALANCERS for protocol in ("HTTPS", "QUIC", "HTTP")]


def kinds(wanted: Callable[[Kind], bool]) -> pytest.MarkDecorator:
    """Run a test with each of these kinds."""
    found = [pytest.param(kind, id=f"{kind.edition}-{kind.protocol}") for kind in KINDS if wanted(kind)]
    return pytest.mark.parametrize("kind", found)


every_kind = kinds(lambda _kind: True)


@pytest.fixture(autouse=True)
def _third_edition(stage: Stage) -> None:
    waf = {"load_balancer_id": BALANCERS["StandardWithWaf"], "edition": "StandardWithWaf", "vpc_id": "vpc-demo"}
    stage.cloud.seed({"load_balancers": [waf]})


def changes(stage: Stage, module: str, *actions: str, **options: t.Any) -> Answer:
    """The answer to a task, after the twelve steps: check mode, run, and both again."""
    stage.cloud.clear_calls()
    before = stage.cloud.state()
    predicted = stage.run(module, check=True, **options)
    assert (writes(stage.cloud.actions), stage.cloud.state()) == ([], before)
    done = stage.run(module, **options)
    assert differences(comparable(predicted), comparable(done)) == []
    assert done["changed"]
    assert writes(stage.cloud.actions) == [step.partition(":")[0] for step in done["steps"]] == list(actions)
    for again in (stage.run(module, check=True, **options), stage.run(module, **options)):
        assert (again["changed"], again["steps"]) == (False, [])
    assert len(writes(stage.cloud.actions)) == len(actions)
    return done


def refused(stage: Stage, module: str, *reason: str, **options: t.Any) -> None:
    """A task fails for a reason, in check mode as well, and writes nothing."""
    stage.cloud.clear_calls()
    before = stage.cloud.state()
    for check in (True, False):
        answer = stage.run.fails(module, check=check, **options)
        for words in reason:
            assert words in answer["msg"], answer["msg"]
        assert (answer["changed"], answer["steps"]) == (False, [])
    assert (writes(stage.cloud.actions), stage.cloud.state()) == ([], before)


def created(stage: Stage, kind: Kind) -> str:
    """The id of a new listener."""
    return str(stage.run("alb_listener", **kind.place(), **kind.new(stage))["listener"]["id"])


def held(stage: Stage) -> t.Any:
    """The only listener, as the cloud has it."""
    (listener,) = stage.cloud.world.listeners.values()
    return listener


# --- what there is ---------------------------------------------------------------------------------------------------


@every_kind
def test_a_listener_comes_changes_and_goes(stage: Stage, kind: Kind) -> None:
    answer = changes(stage, "alb_listener", CREATE, **kind.place(), **kind.new(stage))
    where = (answer["listener"]["load_balancer_id"], answer["listener"]["protocol"])
    assert where == (BALANCERS[kind.edition], kind.protocol)
    assert len(answer["listener"]["certificates"]) == kind.certified
    changes(stage, "alb_listener", UPDATE, **kind.place(), request_timeout=120)
    changes(stage, "alb_listener", DELETE, **kind.place(), state="absent")
    assert stage.cloud.state()["listeners"] == []


@every_kind
def test_a_list_tells_what_it_has(stage: Stage, kind: Kind) -> None:
    listener_id = created(stage, kind)
    (found,) = stage.run("alb_listener_info", protocols=[kind.protocol], with_certificates=True)["listeners"]
    assert (found["id"], found["load_balancer_id"]) == (listener_id, BALANCERS[kind.edition])
    assert len(found["certificates"]) == kind.certified
    assert found["additional_certificates"] == []
    assert not found["ca_enabled"]


@kinds(lambda kind: kind.certified)
def test_certificates_are_replaced_added_and_removed(stage: Stage, kind: Kind) -> None:
    listener = {"listener_id": created(stage, kind)}
    renewed, ecc = (stage.uploaded(one)["id"] for one in (stage.pki.renewed, stage.pki.ecc))
    answer = changes(stage, "alb_listener_cert", UPDATE, **listener, certificates=[renewed])
    assert [one["id"] for one in answer["listener"]["certificates"]] == [renewed]
    changes(stage, "alb_additional_cert", ASSOCIATE, **listener, certificates=[ecc])
    assert held(stage).additional == {ecc: "Associated"}
    changes(stage, "alb_additional_cert", DISSOCIATE, **listener, certificates=[ecc], state="absent")
    assert held(stage).additional == {}


@kinds(lambda kind: kind.mutual)
def test_mutual_authentication_is_enabled_changed_and_disabled(stage: Stage, kind: Kind) -> None:
    old, new = known_ca(stage, stage.pki.root, OLD), known_ca(stage, stage.pki.stranger, NEW)
    listener = {"listener_id": created(stage, kind)}
    changes(stage, "alb_mutual_auth", UPDATE, **listener, ca_certificate=old)
    stage.cloud.change_settings(change_ca_while_enabled=True)
    changes(stage, "alb_ca_cert", UPDATE, **listener, ca_certificate=new)
    assert (held(stage).config.ca_enabled, held(stage).config.ca_certificate_ids) == (True, (NEW,))
    changes(stage, "alb_mutual_auth", UPDATE, **listener, state="disabled")
    assert not held(stage).config.ca_enabled
    changes(stage, "alb_listener", DELETE, **kind.place(), state="absent")
    options = {**kind.new(stage), "ca_enabled": True, "ca_certificate": old}
    assert changes(stage, "alb_listener", CREATE, **kind.place(), **options)["listener"]["ca_enabled"]


# --- what there is not -----------------------------------------------------------------------------------------------


@kinds(lambda kind: not kind.certified)
def test_certificates_are_refused(stage: Stage, kind: Kind) -> None:
    listener = {"listener_id": created(stage, kind)}
    given = {"certificates": [stage.uploaded(stage.pki.rsa)["id"]]}
    reason = "only HTTPS and QUIC"
    refused(stage, "alb_listener", reason, **kind.place(8443), server_group=GROUP, **given)
    refused(stage, "alb_listener", reason, **kind.place(), **given)
    refused(stage, "alb_listener_cert", reason, **listener, **given)
    for state in ("present", "absent", "exact"):
        refused(stage, "alb_additional_cert", reason, **listener, **given, state=state)


@kinds(lambda kind: not kind.mutual)
def test_mutual_authentication_is_refused(stage: Stage, kind: Kind) -> None:
    given = {"ca_certificate": known_ca(stage, stage.pki.root, OLD)}
    listener, reason = {"listener_id": created(stage, kind)}, kind.why_no_mutual_authentication
    refused(stage, "alb_listener", *reason, **kind.place(8443), **kind.new(stage), **given, ca_enabled=True)
    refused(stage, "alb_listener", *reason, **kind.place(), **given, ca_enabled=True)
    refused(stage, "alb_mutual_auth", *reason, **listener, **given)
    refused(stage, "alb_ca_cert", *reason, **listener, **given)


@kinds(lambda kind: not kind.mutual)
def test_what_is_not_there_is_disabled_already(stage: Stage, kind: Kind) -> None:
    listener_id = created(stage, kind)
    stage.cloud.clear_calls()
    assert not stage.run("alb_mutual_auth", listener_id=listener_id, state="disabled")["changed"]
    assert writes(stage.cloud.actions) == []
