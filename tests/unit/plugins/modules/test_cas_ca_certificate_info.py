# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cas_ca_certificate_info on the real SDK and the emulated cloud: filters, details, pages, calls."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_pieces
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

MODULE = "cas_ca_certificate_info"
ISSUED = "1e000000-issued"


@pytest.fixture
def there(stage: Stage) -> dict[str, Answer]:
    """A root in the default repository, a stranger in another one, and an intermediate that Alibaba Cloud issued."""
    stage.cloud.seed({"ca_certificates": [{"identifier": ISSUED, "pem": stage.pki.intermediate.pem}]})
    found: dict[str, Answer] = {
        "root": stage.run("cas_ca_certificate", certificate=stage.pki.root.pem)["ca_certificate"],
        "stranger": stage.run("cas_ca_certificate", certificate=stage.pki.stranger.pem, repository="partners")[
            "ca_certificate"
        ],
    }
    stage.cloud.clear_calls()
    return found


def _found(stage: Stage, **options: t.Any) -> list[str]:
    return [one["subject"] for one in stage.run(MODULE, **options)["ca_certificates"]]


ROOT, STRANGER, MIDDLE = "CN=Example Root", "CN=Other CA", "CN=Example CA"


@pytest.mark.parametrize(
    ("options", "subjects"),
    [
        ({}, [MIDDLE, ROOT, STRANGER]),
        ({"source": "uploaded"}, [ROOT, STRANGER]),
        ({"source": "alicloud"}, [MIDDLE]),
        ({"repository": "partners"}, [STRANGER]),
        ({"repository": "PARTNERS"}, []),
        ({"common_name": "other ca"}, [STRANGER]),
        ({"common_name": "other"}, []),
        ({"identifiers": [ISSUED, "nothing", "", ISSUED]}, [MIDDLE]),
        ({"identifiers": ["nothing"]}, []),
        ({"identifiers": []}, []),
        ({"identifiers": [ISSUED], "source": "uploaded"}, []),
        ({"sha256": []}, []),
    ],
)
def test_filters(stage: Stage, there: dict[str, Answer], options: Answer, subjects: list[str]) -> None:
    assert _found(stage, **options) == subjects


def test_by_fingerprint_in_any_form(stage: Stage, there: dict[str, Answer]) -> None:
    sha256 = there["stranger"]["sha256"]
    colons = ":".join(sha256[at : at + 2] for at in range(0, 64, 2)).upper()
    for text in (sha256, colons, f"sha256:{sha256}"):
        assert _found(stage, sha256=[text, "00" * 32]) == [STRANGER]
    assert _found(stage, sha256=[sha256], repository="alicloud-tls") == []


def test_without_details_it_makes_two_calls(stage: Stage, there: dict[str, Answer]) -> None:
    answer = stage.run(MODULE)
    assert stage.cloud.actions == ["ListCertWarehouse", "ListCert"]
    root = answer["ca_certificates"][1]
    assert (root["identifier"], root["repository"]) == (there["root"]["identifier"], there["root"]["repository"])
    for name in ("not_before", "not_after", "serial", "algorithm"):
        assert root[name] == there["root"][name]
    assert {name for name, value in root.items() if value is None} == {
        "key_size",
        "others",
        "pem",
        "self_signed",
        "sha1",
        "sha256",
    }
    assert answer["ca_certificates"][0]["repository"] is None


def test_details_are_those_of_the_certificate(stage: Stage, there: dict[str, Answer]) -> None:
    found = stage.run(MODULE, with_details=True)["ca_certificates"]
    assert sorted(stage.cloud.actions) == [*["DescribeWarehouseCert"] * 3, "ListCert", "ListCertWarehouse"]
    middle, root, _stranger = found
    assert {name: root[name] for name in there["root"] if name != "name"} == {
        name: value for name, value in there["root"].items() if name != "name"
    }
    assert (root["pem"], middle["pem"]) == (stage.pki.root.pem, stage.pki.intermediate.pem)
    assert (middle["self_signed"], middle["issuer"], middle["source"]) == (False, ROOT, "alicloud")


def test_what_fits_no_fingerprint_is_read_but_not_shown(stage: Stage, there: dict[str, Answer]) -> None:
    assert len(_found(stage, sha256=[there["root"]["sha256"]], source="uploaded")) == 1
    assert stage.cloud.actions.count("DescribeWarehouseCert") == 2


def test_pages_are_hidden(stage: Stage) -> None:
    seeds = [{"identifier": f"id-{number:03}", "common_name": f"CA {number}"} for number in range(120)]
    stage.cloud.seed({"ca_certificates": seeds})
    found = stage.run(MODULE)["ca_certificates"]
    assert [one["identifier"] for one in found] == [f"id-{number:03}" for number in range(120)]
    assert stage.cloud.actions == ["ListCertWarehouse", *["ListCert"] * 3]
    stage.cloud.clear_calls()
    assert len(stage.run(MODULE, identifiers=[one["identifier"] for one in found])["ca_certificates"]) == 120
    assert stage.cloud.actions == ["ListCertWarehouse", *["ListCert"] * 3]


def test_a_bundle_is_found_by_each_of_its_certificates(stage: Stage) -> None:
    chain = stage.pki.intermediate.pem + stage.pki.root.pem
    made = stage.run("cas_ca_certificate", certificate=chain, bundle=True)["ca_certificate"]
    for sha256 in (made["sha256"], made["others"][0]["sha256"]):
        (found,) = stage.run(MODULE, sha256=[sha256])["ca_certificates"]
        assert (found["identifier"], found["pem"]) == (made["identifier"], chain)
        assert found["others"] == made["others"]


def test_one_that_cannot_be_read_is_shown_as_far_as_it_is_known(stage: Stage) -> None:
    strange = stage.pki.issue("Strange", ca=None)
    stage.cloud.seed({"ca_certificates": [{"identifier": "strange", "pem": strange.pem}, {"identifier": "empty"}]})
    empty, shown = stage.run(MODULE, with_details=True)["ca_certificates"]
    assert (shown["subject"], shown["pem"], shown["self_signed"]) == ("CN=Strange", None, None)
    assert (empty["subject"], empty["sha256"], empty["pem"]) == ("", None, None)
    assert [one["identifier"] for one in stage.run(MODULE, sha256=[shown["sha256"]])["ca_certificates"]] == ["strange"]


def test_what_goes_while_it_is_read_is_left_out(stage: Stage, there: dict[str, Answer]) -> None:
    stage.cloud.fault("DescribeWarehouseCert", code="NotFound", http_status=400)
    assert len(_found(stage, with_details=True)) == 2


def test_other_certificates_are_not_listed(stage: Stage) -> None:
    stage.cloud.seed({"ca_certificates": [{"identifier": "server", "pem": stage.pki.rsa.fullchain, "kind": "CERT"}]})
    assert _found(stage) == []


def test_a_key_in_place_of_a_fingerprint_is_not_repeated(stage: Stage) -> None:
    key = stage.pki.root.key_pem()
    first, second = key.splitlines()[1:3]
    # Only how a key begins can be recognised.
    for line, words in ((first, "A private key was given as sha256"), (second, "sha256: item 2 is not a SHA-256")):
        answer = stage.run.fails(MODULE, sha256=["00" * 32, line])
        assert words in answer["msg"]
        assert key_pieces(key, answer["msg"]) == []
    assert stage.cloud.actions == []


@pytest.mark.parametrize("action", ["ListCertWarehouse", "ListCert", "DescribeWarehouseCert"])
def test_a_missing_permission_is_named(stage: Stage, there: dict[str, Answer], action: str) -> None:
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=9)
    answer = stage.run.fails(MODULE, with_details=True)
    assert f"yundun-cert:{action}" in answer["msg"]


def test_throttling_is_survived(stage: Stage, there: dict[str, Answer]) -> None:
    stage.cloud.fault("*", code="Throttling.User", http_status=400, count=4)
    assert len(_found(stage, with_details=True)) == 3
