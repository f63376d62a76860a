# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must not go wrong when something else has: lost answers, failed jobs, missing permissions, misplaced keys."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import key_pieces, writes
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage


def pieces(key: str) -> list[str]:
    return [line for line in key.splitlines() if line and not line.startswith("-----")]


# --- misplaced keys --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["private_key_path", "certificate_path", "chain_path"])
def test_a_key_in_place_of_a_path_is_not_repeated(stage: Stage, name: str) -> None:
    key = stage.pki.rsa.key
    options: dict[str, t.Any] = {"certificate": stage.pki.rsa.fullchain} if name != "certificate_path" else {}
    options[name] = key
    answer = stage.run.fails("cas_certificate", **options)
    assert f"A private key was given as {name}" in answer["msg"]
    assert not [piece for piece in pieces(key) if piece in json.dumps(answer)]


def test_a_file_with_certificate_and_key_is_taken_and_its_key_not_told(stage: Stage) -> None:
    bundle = stage.pki.rsa
    answer = stage.run("cas_certificate", certificate=bundle.fullchain + bundle.key, private_key=bundle.key)
    assert answer["changed"]
    assert not [piece for piece in pieces(bundle.key) if piece in json.dumps(answer)]


def test_a_line_of_a_key_as_a_reference_is_not_repeated(stage: Stage) -> None:
    line = pieces(stage.pki.rsa.key)[2]
    answer = stage.run.fails("alb_listener_cert", listener_id="lsn-1", certificates=[line])
    assert line not in answer["msg"]


@pytest.mark.parametrize("transport", ["body", "query"])
@pytest.mark.parametrize("by", ["text", "path"])
@pytest.mark.parametrize("shown", [str, json.dumps, lambda key: "".join(pieces(key)[3:5])], ids=["pem", "json", "part"])
def test_a_key_in_the_message_of_the_api_is_not_repeated(
    stage: Stage, tmp_path: Path, transport: str, by: str, shown: Callable[[str], str]
) -> None:
    bundle = stage.pki.rsa
    options = bundle.options() if by == "text" else bundle.files(tmp_path)
    message = f"The key is not valid: {shown(bundle.key)}"
    stage.cloud.fault("UploadUserCertificate", code="InvalidParameter", http_status=400, message=message)
    answer = stage.run.fails("cas_certificate", **options, key_transport=transport)
    assert answer["error"]["code"] == "InvalidParameter"
    assert "so is not shown" in answer["error"]["message"]
    # The options themselves are AnsibleModule's to hide.
    answer.pop("invocation", None)
    assert key_pieces(bundle.key, json.dumps(answer), public=bundle.fullchain) == []


# --- lost answers, failed jobs ---------------------------------------------------------------------------------------


def test_a_write_whose_answers_are_all_lost_is_in_doubt(stage: Stage) -> None:
    listener, new = stage.served(stage.pki.rsa), stage.uploaded(stage.pki.renewed)
    stage.cloud.fault("UpdateListenerAttribute", kind="reset_after", count=999)
    answer = stage.run.fails(
        "alb_listener_cert", listener_id=listener["id"], certificates=[new["id"]], call_timeout=0.2
    )
    assert answer["changed"]
    assert "Whether it was done is not known" in answer["msg"]
    stage.cloud.settle()
    (there,) = stage.cloud.world.listeners.values()
    assert there.config.certificate_ids == (new["id"],)


def test_a_failed_job_has_changed_nothing(stage: Stage) -> None:
    listener, new = stage.served(stage.pki.rsa), stage.uploaded(stage.pki.renewed)
    stage.cloud.fault("UpdateListenerAttribute", kind="job_failed", code="506", message="no luck")
    answer = stage.run.fails("alb_listener_cert", listener_id=listener["id"], certificates=[new["id"]])
    assert (answer["changed"], answer["steps"]) == (False, [])
    assert "506" in answer["msg"]
    assert "Already done" not in answer["msg"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_listener_that_is_being_deleted_is_gone(stage: Stage, state: str) -> None:
    stage.served(stage.pki.rsa)
    one = stage.uploaded(stage.pki.rsa)
    stage.run("alb_listener", **stage.at, state="absent", wait=False)
    more: dict[str, t.Any] = {"server_group": "demo-web", "certificates": [one]} if state == "present" else {}
    assert stage.run("alb_listener", **stage.at, state=state, **more)["changed"] is (state == "present")
    assert len(stage.cloud.world.listeners) == (1 if state == "present" else 0)


# --- permissions, names, copies --------------------------------------------------------------------------------------


def test_facts_of_the_old_certificate_are_not_needed(stage: Stage) -> None:
    """An account that may not read CAS can change listeners all the same, if it need not be told what they serve."""
    listener, new = stage.served(stage.pki.rsa), stage.uploaded(stage.pki.renewed)
    stage.cloud.fault("GetUserCertificateDetail", code="Forbidden.RAM", http_status=403, count=999)
    options: dict[str, t.Any] = {"listener_id": listener["id"], "certificates": [new]}
    assert "cannot be told" in stage.run.fails("alb_listener_cert", **options)["msg"]
    answer = stage.run("alb_listener_cert", **options, allow_uncovered_names=True)
    assert answer["changed"]
    assert answer["diff"]["before"]["certificates"] == [{"id": listener["certificates"][0]["id"]}]
    assert stage.run("alb_listener", listener_id=listener["id"], state="absent")["changed"]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_name_that_another_certificate_has_is_told_before_the_upload(stage: Stage, check: bool) -> None:
    stage.uploaded(stage.pki.rsa, name="shop")
    stage.cloud.clear_calls()
    answer = stage.run.fails(
        "cas_certificate", check=check, **stage.pki.renewed.options(), name="shop", on_name_conflict="fail"
    )
    assert "already has another certificate named 'shop'" in answer["msg"]
    assert not writes(stage.cloud.actions)


def test_another_copy_of_what_is_served_changes_nothing(stage: Stage) -> None:
    first = stage.uploaded(stage.pki.rsa)
    stage.upload_anyway(stage.pki.rsa, "copy")
    (copy,) = (number for number in stage.cloud.world.certificates if number != first["certificate_id"])
    options: dict[str, t.Any] = {**stage.at, "server_group": "demo-web", "certificates": [f"{copy}-cn-hangzhou"]}
    listener = stage.run("alb_listener", **options)["listener"]
    assert not stage.run("alb_listener_cert", listener_id=listener["id"], certificates=[first])["changed"]
    assert not stage.run("alb_listener", **stage.at, certificates=[first])["changed"]


def test_a_listener_of_another_protocol_is_not_touched(stage: Stage) -> None:
    listener, new = stage.served(stage.pki.rsa), stage.uploaded(stage.pki.renewed)
    answer = stage.run.fails("alb_listener_cert", listener_id=listener["id"], protocol="QUIC", certificates=[new["id"]])
    assert "not a QUIC listener" in answer["msg"]
