# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
The examples in the documentation of every module, run by the real ansible-playbook as they stand there.

Each module has a cloud of its own, with what its examples speak of. In their text only identifiers are replaced, which
the cloud chooses. A task of a module that changes something has to change something.
"""

from __future__ import annotations

import ast
import contextlib
import re
import typing as t
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml
from ansible_collections.alicloud.tls.plugins import modules
from ansible_collections.alicloud.tls.tests.emulator import Emulator, Settings
from ansible_collections.alicloud.tls.tests.emulator.world import CustomPolicy
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import issue
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import CLOUDLESS
from ansible_collections.alicloud.tls.tests.unit.support.fronts import plays
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle, Pki
from ansible_collections.alicloud.tls.tests.unit.support.playbooks import Ended, Playbooks

PLACE = Path(modules.__path__[0])
MODULES = sorted({path.stem for path in PLACE.glob("*.py")} - CLOUDLESS)
LISTENER, CERTIFICATE, NEXT, CA = "lsn-o4u54y73wq7b", "12345678", "12345679", "1ed65580-7e33-6a50-8630-dd13fdc009ee"
SHA256 = "9f2d1c0b7a6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4"
SHOP = {"load_balancer": "shop", "server_groups": ["shop-web"]}
# What examples write for something, and what it is here.
Names = dict[str, str]


@dataclass
class Scene:
    """A cloud with the load balancer and the server group of all examples."""

    cloud: Emulator
    pki: Pki

    def certificates(self, *items: Answer) -> list[str]:
        """
        Certificates by what a seed says of them.

        :returns: their numbers.
        """
        return [one.partition("-")[0] for one in self.cloud.seed({"certificates": list(items)})["certificates"]]

    def listener(self, **more: t.Any) -> str:
        (made,) = self.cloud.seed({"listeners": [{**SHOP, **more}]})["listeners"]
        return made

    def fingerprint(self, name: str) -> str:
        return next(one.facts.sha256 for one in self.cloud.world.certificates.values() if one.name == name)

    def authority(self, pem: str, **more: str) -> None:
        self.cloud.seed({"ca_certificates": [{"pem": pem, **more}]})


def _additional_certificates(scene: Scene) -> Names:
    numbers = scene.certificates(
        {"name": "default", "names": ["*.example.com"]},
        {"name": "api", "names": ["api.example.com"], "algorithm": "RSA", "days": 30},
        {"name": "api-next", "names": ["api.example.com"], "algorithm": "RSA", "days": 60},
        {"name": "other", "names": ["other.example.org"]},
        {"name": "shop", "names": ["shop.example.com"]},
    )
    listener = scene.listener(certificates=["default"], additional_certificates=["shop"])
    return {LISTENER: listener, CERTIFICATE: numbers[1], NEXT: numbers[3], SHA256: scene.fingerprint("shop")}


def _ca_of_a_listener(scene: Scene) -> Names:
    scene.cloud.change_settings(change_ca_while_enabled=True, ca_bundles=True)
    scene.authority(scene.pki.root.pem, identifier=CA)
    scene.authority(scene.pki.intermediate.pem, identifier="1efd3caf-3cc7-6f42-be33-29ca9cecdfd3")
    scene.certificates({"name": "shop"})
    return {LISTENER: scene.listener(certificates=["shop"], ca_certificate=CA)}


def _listeners_to_rotate(scene: Scene) -> Names:
    _shop, other, _wildcard = scene.certificates(
        {"name": "shop", "names": ["shop.example.com"], "days": 10},
        {"name": "other", "names": ["other.example.com"], "days": 10},
        {"name": "wildcard-2027", "names": ["*.example.com"]},
    )
    scene.listener(certificates=["shop"], additional_certificates=["other"])
    return {"12345677": other}


def _listeners(scene: Scene) -> Names:
    scene.authority(scene.pki.root.pem, identifier=CA)
    return {CERTIFICATE: scene.certificates({"name": "shop"})[0]}


def _default_certificates(scene: Scene) -> Names:
    names = {"names": ["shop.example.com"]}
    numbers = scene.certificates(
        {"name": "old", "algorithm": "RSA", "days": 10, **names},
        {"name": "new", "algorithm": "RSA", "days": 20, **names},
        {"name": "newer", "algorithm": "RSA", "days": 30, **names},
        {"name": "ecc", "days": 30, **names},
        {"name": "ecc-newer", "days": 40, **names},
    )
    listener = scene.listener(certificates=["old"])
    return {LISTENER: listener, CERTIFICATE: numbers[1], NEXT: numbers[3], SHA256: scene.fingerprint("newer")}


def _listeners_with_a_certificate(scene: Scene) -> Names:
    first, second = scene.certificates(
        {"name": "old", "names": ["shop.example.com"]}, {"name": "new", "names": ["shop.example.com"]}
    )
    scene.listener(certificates=["old"])
    scene.listener(certificates=["new"], port=8443, additional_certificates=["old"])
    return {"12345677": first, CERTIFICATE: second}


def _load_balancers(scene: Scene) -> Names:
    more = {"load_balancer_id": "alb-bd6oylbckp6k9x", "address_type": "Internet", "tags": {"team": "web"}}
    scene.cloud.seed({"load_balancers": [{"name": "pay", **more}]})
    return {}


def _mutual_authentication(scene: Scene) -> Names:
    scene.authority(scene.pki.root.pem, identifier=CA)
    scene.certificates({"name": "shop"})
    return {LISTENER: scene.listener(certificates=["shop"])}


def _policies(scene: Scene) -> Names:
    policy = CustomPolicy("sp-n0kn923ihzgqlg2qqd", "strict", ("TLSv1.2",), ("AES128-SHA",), tags={"team": "web"})
    scene.cloud.do(lambda cloud: cloud.world.security_policies.update({policy.security_policy_id: policy}))
    return {}


def _server_groups(scene: Scene) -> Names:
    scene.cloud.seed({"server_groups": [{"server_group_id": "sgp-i5qt20o4", "name": "pay-web"}]})
    return {}


def _authorities_to_upload(scene: Scene) -> Names:
    scene.certificates({"name": "shop"})
    scene.listener(certificates=["shop"])
    scene.cloud.seed({"warehouses": [{"name": "of old"}]})
    scene.authority(scene.pki.stranger.pem, source="upload", warehouse="of old")
    return {}


def _authorities(scene: Scene) -> Names:
    scene.cloud.seed({"warehouses": [{"name": "partners"}]})
    begin, end = (datetime(2026, month, 1, tzinfo=timezone.utc) for month in (1, 12))
    partner = issue("Partner CA", ca=True, not_before=begin, not_after=end)
    scene.authority(partner.pem, source="upload", warehouse="partners")
    return {SHA256: Bundle(partner).sha256}


def _certificates_to_upload(scene: Scene) -> Names:
    old, before = scene.pki.rsa, _shop(scene.pki, start=-100, end=5)
    scene.certificates(
        {"name": "old", "certificate": old.fullchain, "key": old.key},
        {"name": "before", "certificate": before.pem, "key": before.key, "tags": {"managed-by": "alicloud.tls"}},
    )
    scene.listener(certificates=["old"])
    return {}


def _certificates(scene: Scene) -> Names:
    names = {"names": ["www.example.com"]}
    _old, _ecc, rsa, _gone = scene.certificates(
        {"name": "old", "days": 10, **names},
        {"name": "ecc", "days": 20, **names},
        {"name": "rsa", "algorithm": "RSA", **names},
        {"name": "gone", "days": -0.5, "tags": {"team": "web"}},
    )
    return {LISTENER: scene.listener(certificates=["old"]), CERTIFICATE: rsa}


SCENES: dict[str, Callable[[Scene], Names]] = {
    "alb_additional_cert": _additional_certificates,
    "alb_ca_cert": _ca_of_a_listener,
    "alb_cert_rotation_info": _listeners_to_rotate,
    "alb_listener": _listeners,
    "alb_listener_cert": _default_certificates,
    "alb_listener_info": _listeners_with_a_certificate,
    "alb_load_balancer_info": _load_balancers,
    "alb_mutual_auth": _mutual_authentication,
    "alb_security_policy": _policies,
    "alb_security_policy_info": _policies,
    "alb_server_group_info": _server_groups,
    "cas_ca_certificate": _authorities_to_upload,
    "cas_ca_certificate_info": _authorities,
    "cas_certificate": _certificates_to_upload,
    "cas_certificate_info": _certificates,
}


def _shop(pki: Pki, **days: float) -> Bundle:
    return Bundle(pki.issue("shop.example.com", names=["shop.example.com"], key=pki.ecc.issued.key, **days))


def files(pki: Pki) -> dict[str, str]:
    """What is in the files that examples name."""
    shop = _shop(pki, start=-60, end=300)
    return {
        "clients-ca.pem": pki.root.pem,
        "clients-ca.old.pem": pki.stranger.pem,
        "clients-ca.new.pem": pki.intermediate.pem,
        "partner-ca.pem": pki.intermediate.pem,
        "www.example.com.fullchain.pem": pki.renewed.fullchain,
        "www.example.com.key.pem": pki.renewed.key,
        "www.example.com.old.pem": pki.rsa.fullchain,
        "shop.fullchain.pem": shop.fullchain,
        "shop.key.pem": shop.key,
    }


def examples(module: str, names: Names) -> list[Answer]:
    """The tasks in the documentation of a module, whose names then begin with it."""
    body = ast.parse((PLACE / f"{module}.py").read_text(encoding="utf-8")).body
    (text,) = (
        ast.literal_eval(node.value)
        for node in body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES"
    )
    for written, here in names.items():
        assert written in text, f"{module} has no example with {written}"
        text = text.replace(written, here)
    return [{**each, "name": f"{module}: {each['name']}"} for each in yaml.safe_load(text)]


@dataclass(frozen=True)
class Done:
    """:param tasks: of all modules."""

    ended: Ended
    tasks: list[Answer]

    def outcomes(self, name: str) -> set[str]:
        """What the output says of a task, of each item if it has a loop."""
        told = re.search(rf"^TASK \[{re.escape(name)}\] \*+\n((?:(?!TASK|PLAY).*\n)*)", self.ended.output, re.MULTILINE)
        return set(re.findall(r"^(\w+): \[localhost\]", told[1] if told else "", re.MULTILINE))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> Done:
    directory = tmp_path_factory.mktemp("examples")
    (directory / "files").mkdir()
    for name, text in files(pki).items():
        (directory / "files" / name).write_text(text, encoding="utf-8")
    book: list[Answer] = []
    with contextlib.ExitStack() as clouds:
        for module, set_scene in SCENES.items():
            settings = Settings(strict_parameters=True, polls=0, data_plane=False, accept_expired_certificates=True)
            cloud = clouds.enter_context(Emulator(settings))
            cloud.seed(
                {
                    "load_balancers": [{"load_balancer_id": "alb-shop000000000000", "name": "shop"}],
                    "server_groups": [{"server_group_id": "sgp-shop000000000000", "name": "shop-web"}],
                }
            )
            book += plays(cloud, examples(module, set_scene(Scene(cloud, pki))), {})
        ended = Playbooks(directory).run(book)
    return Done(ended, [task for play in book for task in play["tasks"]])


def test_every_module_has_a_scene() -> None:
    assert sorted(SCENES) == MODULES


def test_all_examples_work(done: Done) -> None:
    assert done.ended.status == 0, done.ended.output[-3000:]
    wrong = []
    for task in done.tasks:
        (action,) = (key for key in task if "." in key)
        changes = action.startswith("alicloud.tls.") and not action.endswith("_info")
        outcomes = done.outcomes(task["name"])
        # Of the items of a loop, only some may be meant.
        meant = outcomes - {"skipping"} if "loop" in task else outcomes
        if meant != {"changed" if changes else "ok"}:
            wrong.append((task["name"], outcomes))
    assert wrong == []
