# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_security_policy on the real SDK and the emulated cloud: calls, users, waiting, bad input, bad days."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.policies import SecurityPolicies
from ansible_collections.alicloud.tls.tests.emulator.world import CustomPolicy
from ansible_collections.alicloud.tls.tests.unit.cases.alb_security_policy import CIPHERS, VERSIONS, policy, used_policy
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, writes
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

MODULE = "alb_security_policy"
MODERN: Answer = {"name": "modern", "tls_versions": VERSIONS, "ciphers": CIPHERS}
STRICT: Answer = {"name": "modern", "tls_versions": ["TLSv1.3"], "ciphers": ["TLS_AES_256_GCM_SHA384"]}
UPDATE = "UpdateSecurityPolicyAttribute"


def there(stage: Stage) -> CustomPolicy:
    """The only policy there is."""
    (found,) = stage.cloud.world.security_policies.values()
    return found


def sent(stage: Stage, action: str) -> dict[str, str]:
    """The parameters of the last call of an action, without its token."""
    call = [call for call in stage.cloud.calls if call.action == action][-1]
    return {name: value for name, value in call.parameters.items() if name != "ClientToken"}


# --- calls -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("by", ["name", "policy_id"])
def test_with_nothing_to_do_it_makes_one_call(stage: Stage, by: str, check: bool) -> None:
    one = policy(stage, tags={"team": "web"})
    options = {**MODERN, "name": None, "tags": {"team": "web"}, by: one["id" if by == "policy_id" else by]}
    stage.cloud.clear_calls()
    answer = stage.run(MODULE, check=check, **options)
    assert not answer["changed"]
    assert answer["security_policy"]["listeners"] is None
    assert stage.cloud.actions == ["ListSecurityPolicies"]


def test_creating_takes_three_calls(stage: Stage) -> None:
    answer = stage.run(MODULE, **MODERN, tags={"team": "web"})
    assert stage.cloud.actions == ["ListSecurityPolicies", "CreateSecurityPolicy", "ListSecurityPolicies"]
    assert answer["security_policy"]["id"] == there(stage).security_policy_id
    assert answer["security_policy"]["listeners"] == []
    assert there(stage).tags == {"team": "web"}


def test_updating_takes_two_reads_a_write_and_polls(stage: Stage) -> None:
    """On an emulator whose job takes two polls."""
    policy(stage)
    stage.cloud.clear_calls()
    answer = stage.run(MODULE, **STRICT)
    polls = ["ListSecurityPolicies"] * 2
    assert stage.cloud.actions == ["ListSecurityPolicies", "ListSecurityPolicyRelations", UPDATE, *polls]
    assert sum(answer["api_calls"].values()) == len(stage.cloud.actions)
    assert (there(stage).tls_versions, there(stage).ciphers) == (("TLSv1.3",), ("TLS_AES_256_GCM_SHA384",))


def test_tags_alone_need_no_users_and_no_update(stage: Stage) -> None:
    policy(stage, tags={"team": "web", "old": "1"})
    stage.cloud.clear_calls()
    assert stage.run(MODULE, name="modern", tags={"team": "x"}, purge_tags=True)["changed"]
    assert writes(stage.cloud.actions) == ["UnTagResources", "TagResources"]
    assert "ListSecurityPolicyRelations" not in stage.cloud.actions
    assert there(stage).tags == {"team": "x"}


def test_tags_stay_if_they_are_not_purged(stage: Stage) -> None:
    policy(stage, tags={"team": "web", "old": "1"})
    stage.run(MODULE, name="modern", tags={"new": "2"})
    assert there(stage).tags == {"team": "web", "old": "1", "new": "2"}
    assert not stage.run(MODULE, name="modern", purge_tags=True)["changed"]


def test_an_update_sends_both_lists_in_the_order_of_the_documentation(stage: Stage) -> None:
    policy(stage)
    stage.run(MODULE, name="modern", ciphers=["TLS_AES_256_GCM_SHA384", "AES128-SHA", CIPHERS[0]])
    assert sent(stage, UPDATE) == {
        "SecurityPolicyId": there(stage).security_policy_id,
        "TLSVersions.1": "TLSv1.2",
        "TLSVersions.2": "TLSv1.3",
        "Ciphers.1": CIPHERS[0],
        "Ciphers.2": "AES128-SHA",
        "Ciphers.3": "TLS_AES_256_GCM_SHA384",
    }


def test_the_tag_actions_are_given_no_token(stage: Stage) -> None:
    """They have none; the strict emulator would refuse it."""
    policy(stage)
    stage.run(MODULE, name="modern", tags={"team": "web"})
    call = next(call for call in stage.cloud.calls if call.action == "TagResources")
    assert "ClientToken" not in call.parameters


def test_a_new_name_is_for_the_policy_of_the_id(stage: Stage) -> None:
    one = policy(stage)
    assert stage.run(MODULE, policy_id=one["id"], name="tls13")["security_policy"]["name"] == "tls13"
    assert there(stage).name == "tls13"
    # By the old name alone it would be another policy.
    assert stage.run(MODULE, check=True, **MODERN)["steps"][0].startswith("CreateSecurityPolicy")


def test_previous_puts_it_back(stage: Stage) -> None:
    policy(stage, tags={"team": "web"})
    before = stage.run(MODULE, **STRICT, tags={}, purge_tags=True)["previous"]
    options = {name: before[name] for name in ("name", "tls_versions", "ciphers", "tags")}
    assert stage.run(MODULE, **options)["changed"]
    assert (set(there(stage).ciphers), there(stage).tags) == (set(CIPHERS), {"team": "web"})


# --- who uses it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_users_are_told_before_an_update(stage: Stage, check: bool) -> None:
    _one, listener = used_policy(stage)
    answer = stage.run(MODULE, check=check, **STRICT)
    label = f"HTTPS 443 of {listener['load_balancer_id']} ({listener['id']})"
    assert answer["diff"]["before"]["listeners"] == answer["diff"]["after"]["listeners"] == [label]
    (user,) = answer["security_policy"]["listeners"]
    assert user == {name: listener[name] for name in ("id", "load_balancer_id", "protocol", "port")}
    assert answer["previous"]["listeners"] == [user]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_policy_in_use_is_not_deleted(stage: Stage, check: bool) -> None:
    _one, listener = used_policy(stage)
    stage.cloud.clear_calls()
    answer = stage.run.fails(MODULE, check=check, name="modern", state="absent")
    for word in ("modern", "in use by", f"HTTPS 443 of {listener['load_balancer_id']} ({listener['id']})"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer["changed"]


def test_a_policy_that_lingers_in_use_is_deleted(stage: Stage) -> None:
    """After its last listener was given another one."""
    _one, listener = used_policy(stage)
    stage.run("alb_listener", listener_id=listener["id"], security_policy_id="tls_cipher_policy_1_2")
    stage.cloud.fault("DeleteSecurityPolicy", code="ResourceInUse.SecurityPolicy", http_status=400, count=2)
    assert stage.run(MODULE, name="modern", state="absent")["changed"]
    assert not stage.cloud.world.security_policies


def test_a_policy_that_lingers_past_the_deadline_is_told(stage: Stage) -> None:
    policy(stage)
    stage.cloud.fault("DeleteSecurityPolicy", code="ResourceInUse.SecurityPolicy", http_status=400, count=9999)
    answer = stage.run.fails(MODULE, name="modern", state="absent", wait_timeout=0.3)
    for word in ("ResourceInUse.SecurityPolicy", "0.3 s", "no listener to be seen"):
        assert word in answer["msg"]
    assert not answer["changed"]


# --- waiting ---------------------------------------------------------------------------------------------------------


def test_without_waiting_it_ends_while_the_policy_is_configuring(stage: Stage) -> None:
    policy(stage)
    stage.cloud.change_settings(polls=50)
    answer = stage.run(MODULE, **STRICT, wait=False)
    assert answer["security_policy"]["status"] == there(stage).status == "Configuring"
    assert answer["security_policy"]["tls_versions"] == ["TLSv1.3"]
    assert stage.run(MODULE, name="other", tls_versions=VERSIONS, ciphers=CIPHERS, wait=False)["security_policy"]["id"]


def test_a_policy_that_is_busy_before_the_task_is_waited_for(stage: Stage) -> None:
    policy(stage)
    stage.cloud.change_settings(polls=6)
    stage.run(MODULE, **STRICT, wait=False)
    stage.cloud.clear_calls()
    assert not stage.run(MODULE, **STRICT)["changed"]
    assert set(stage.cloud.actions) == {"ListSecurityPolicies"}
    assert len(stage.cloud.actions) > 1


def test_a_policy_busy_past_the_deadline_is_told(stage: Stage) -> None:
    policy(stage)
    stage.cloud.change_settings(polls=10000)
    stage.run(MODULE, **STRICT, wait=False)
    stage.cloud.clear_calls()
    answer = stage.run.fails(MODULE, **MODERN, wait_timeout=0.3)
    for word in (there(stage).security_policy_id, "Configuring", "0.3 s", "Nothing was changed"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_the_deadline_names_the_last_state(stage: Stage) -> None:
    one = policy(stage)
    stage.cloud.change_settings(polls=10000)
    answer = stage.run.fails(MODULE, **STRICT, wait_timeout=0.3)
    for word in (one["id"], "Configuring", "Processing", "0.3 s", "wait_timeout"):
        assert word in answer["msg"]
    assert answer["changed"]


def test_a_stale_read_after_the_write_is_not_believed(stage: Stage) -> None:
    policy(stage)
    stage.cloud.fault("*", kind="stale", count=2)
    answer = stage.run(MODULE, **STRICT)
    assert answer["security_policy"]["ciphers"] == ["TLS_AES_256_GCM_SHA384"]
    assert answer["security_policy"]["status"] == "Available"


# --- rehearsal -------------------------------------------------------------------------------------------------------


def test_a_rehearsal_sends_the_first_write_as_a_dry_run(stage: Stage) -> None:
    answer = stage.run(MODULE, check=True, **MODERN, check_mode_dry_run=True)
    assert answer["dry_run"] == answer["steps"]
    assert sent(stage, "CreateSecurityPolicy")["DryRun"].lower() == "true"
    assert not stage.cloud.world.security_policies


def test_a_rehearsal_finds_the_quota_used_up(stage: Stage) -> None:
    stage.cloud.change_settings(quota_security_policies=1)
    policy(stage, "first")
    for options in ({"check": True, "check_mode_dry_run": True}, {}):
        answer = stage.run.fails(MODULE, **MODERN, **options)
        assert "QuotaExceeded.SecurityPoliciesNum" in answer["msg"]
        assert "1/1" in answer["msg"]


def test_tags_cannot_be_rehearsed(stage: Stage) -> None:
    policy(stage)
    stage.cloud.clear_calls()
    answer = stage.run(MODULE, check=True, name="modern", tags={"a": "1"}, check_mode_dry_run=True)
    assert (answer["changed"], answer["dry_run"]) == (True, [])
    assert writes(stage.cloud.actions) == []


# --- bad input -------------------------------------------------------------------------------------------------------

_BAD: dict[str, tuple[Answer, list[str]]] = {
    "nobody": ({"name": None}, ["name", "policy_id"]),
    "nothing": ({"name": "", "policy_id": ""}, ["name, policy_id"]),
    "a policy of the system": (
        {"name": None, "policy_id": "tls_cipher_policy_1_2"},
        ["tls_cipher_policy_1_2", "policy of the system", "a name of your own"],
    ),
    "a name of the system": ({"name": "tls_cipher_policy_1_3", "state": "absent"}, ["policy of the system"]),
    "an unknown id": ({"policy_id": "sp-nobody"}, ["sp-nobody", "cn-hangzhou", "127.0.0.1:", "leave policy_id out"]),
    "a bad name": ({"name": "_x"}, ["2 to 128", "'_x'"]),
    "no versions": ({"name": "new", "tls_versions": None}, ["'new'", "tls_versions is needed"]),
    "no lists": ({"name": "new", "tls_versions": None, "ciphers": None}, ["tls_versions and ciphers are needed"]),
    "empty ciphers": ({"ciphers": []}, ["ciphers must not be empty"]),
    "an unknown version": ({"tls_versions": ["TLSv1.4"]}, ["tls_versions", "TLSv1.3", "TLSv1.4"]),
    "an unknown cipher": (
        {"ciphers": ["TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA265"]},
        ["ECDHE-RSA-AES128-GCM-SHA265", "Did you mean ECDHE-RSA-AES128-GCM-SHA256"],
    ),
    "a cipher without its version": ({"tls_versions": ["TLSv1.3"]}, ["cipher of TLSv1.2", "tls_versions has TLSv1.3"]),
    "a version without its cipher": (
        {"tls_versions": ["TLSv1.0", "TLSv1.2"], "ciphers": ["AES128-GCM-SHA256"]},
        ["TLSv1.0", "No client could connect", "AES128-SHA"],
    ),
    "a tag of the cloud": ({"tags": {"acs:x": "1"}}, ["acs:"]),
    "too many tags": ({"tags": {str(number): "x" for number in range(21)}}, ["21 tags", "20"]),
    "an unknown option": ({"cipher": "x"}, ["cipher", "Unsupported"]),
}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("what", list(_BAD))
def test_bad_input_is_told_and_nothing_is_written(stage: Stage, what: str, check: bool) -> None:
    policy(stage, tls_versions=["TLSv1.2"], ciphers=["AES128-SHA"])
    stage.cloud.clear_calls()
    answer = stage.run.fails(MODULE, check=check, **{**MODERN, **_BAD[what][0]})
    for word in _BAD[what][1]:
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer.get("changed")


@pytest.mark.parametrize("state", ["present", "absent"])
def test_two_policies_of_a_name_are_told_with_their_ids(stage: Stage, state: str) -> None:
    one, two = policy(stage), policy(stage, "other")

    def rename(cloud: t.Any) -> None:
        cloud.world.security_policies[two["id"]].name = "modern"

    stage.cloud.do(rename)
    answer = stage.run.fails(MODULE, **MODERN, state=state)
    for word in ("2 security policies", "'modern'", one["id"], two["id"], "policy_id"):
        assert word in answer["msg"]
    assert stage.run(MODULE, policy_id=two["id"], state="absent")["changed"]
    assert there(stage).security_policy_id == one["id"]


def test_an_id_and_another_name_delete_nothing(stage: Stage) -> None:
    one = policy(stage)
    answer = stage.run.fails(MODULE, policy_id=one["id"], name="other", state="absent")
    for word in (one["id"], "'modern'", "'other'"):
        assert word in answer["msg"]
    assert stage.run(MODULE, policy_id=one["id"], name="modern", state="absent")["changed"]


# --- bad days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_lost_answer_makes_no_second_policy(stage: Stage, kind: str) -> None:
    stage.cloud.fault("CreateSecurityPolicy", kind=kind)
    answer = stage.run(MODULE, **MODERN)
    assert answer["security_policy"]["id"] == there(stage).security_policy_id
    first, second = (call for call in stage.cloud.calls if call.action == "CreateSecurityPolicy")
    assert first.parameters["ClientToken"] == second.parameters["ClientToken"]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
@pytest.mark.parametrize(
    ("action", "options"),
    [
        (UPDATE, STRICT),
        ("TagResources", {"name": "modern", "tags": {"a": "1"}}),
        ("UnTagResources", {"name": "modern", "tags": {}, "purge_tags": True}),
        ("DeleteSecurityPolicy", {"name": "modern", "state": "absent"}),
    ],
)
def test_a_lost_answer_is_survived(stage: Stage, action: str, options: Answer, kind: str) -> None:
    policy(stage, tags={"team": "web"})
    stage.cloud.fault(action, kind=kind)
    assert stage.run(MODULE, **options)["changed"]
    assert not stage.run(MODULE, **options)["changed"]


def test_a_failed_job_has_changed_nothing(stage: Stage) -> None:
    one = policy(stage)
    stage.cloud.fault(UPDATE, kind="job_failed", code="506", message="no luck")
    answer = stage.run.fails(MODULE, **STRICT, tags={"a": "1"})
    for word in (UPDATE, one["id"], "506", "no luck"):
        assert word in answer["msg"]
    assert (answer["changed"], answer["steps"]) == (False, [])
    assert set(there(stage).ciphers) == set(CIPHERS)
    assert there(stage).tags == {}


def test_what_was_done_before_a_refusal_is_told(stage: Stage) -> None:
    policy(stage)
    stage.cloud.fault("TagResources", code="Forbidden.RAM", http_status=403)
    answer = stage.run.fails(MODULE, **STRICT, tags={"a": "1"})
    for word in ("alb:TagResources", "Already done: UpdateSecurityPolicyAttribute", "Running the task again"):
        assert word in answer["msg"]
    assert answer["changed"]
    assert len(answer["steps"]) == 1
    again = stage.run(MODULE, **STRICT, tags={"a": "1"})
    assert [step.partition(":")[0] for step in again["steps"]] == ["TagResources"]


@pytest.mark.parametrize(
    ("action", "options"),
    [
        ("ListSecurityPolicies", MODERN),
        ("ListSecurityPolicyRelations", STRICT),
        ("CreateSecurityPolicy", {**MODERN, "name": "new"}),
        (UPDATE, STRICT),
        ("DeleteSecurityPolicy", {"name": "modern", "state": "absent"}),
        ("TagResources", {"name": "modern", "tags": {"a": "1"}}),
        ("UnTagResources", {"name": "modern", "tags": {}, "purge_tags": True}),
    ],
)
def test_a_missing_permission_is_named(stage: Stage, action: str, options: Answer) -> None:
    policy(stage, tags={"team": "web"})
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403)
    answer = stage.run.fails(MODULE, **options)
    assert f"alb:{action}" in answer["msg"]
    assert answer["error"]["action"] == action


def test_throttling_is_survived(stage: Stage) -> None:
    policy(stage)
    stage.cloud.fault("*", code="Throttling.User", http_status=400, retry_after_ms=120, count=2)
    answer = stage.run(MODULE, **STRICT)
    assert answer["changed"]
    assert answer["waited"] >= 0.24


@pytest.mark.parametrize(("action", "options"), [(UPDATE, STRICT), ("DeleteSecurityPolicy", {"state": "absent"})])
def test_a_change_by_another_run_between_read_and_write_is_waited_for(
    stage: Stage, action: str, options: Answer
) -> None:
    policy(stage)
    stage.cloud.fault(action, code="IncorrectStatus.SecurityPolicy", http_status=400, count=2)
    stage.cloud.clear_calls()
    assert stage.run(MODULE, **{"name": "modern", **options})["changed"]
    assert stage.cloud.actions.count(action) == 3


def _deleted_in_the_middle(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run deletes the policy when this one has read it."""
    look = SecurityPolicies.users

    def delete(cloud: t.Any) -> None:
        cloud.world.security_policies.clear()

    def users(self: SecurityPolicies, policy_ids: t.Sequence[str]) -> t.Any:
        found = look(self, policy_ids)
        stage.cloud.do(delete)
        return found

    monkeypatch.setattr(SecurityPolicies, "users", users)


def test_a_policy_deleted_in_the_middle_of_an_update_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    one = policy(stage)
    _deleted_in_the_middle(stage, monkeypatch)
    answer = stage.run.fails(MODULE, **STRICT)
    for word in (UPDATE, "ResourceNotFound.SecurityPolicy", one["id"]):
        assert word in answer["msg"]
    assert not answer["changed"]


def test_a_policy_deleted_in_the_middle_of_its_deletion_is_gone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    policy(stage)
    _deleted_in_the_middle(stage, monkeypatch)
    assert stage.run(MODULE, name="modern", state="absent")["security_policy"] is None


def test_a_policy_attached_in_the_middle_of_its_deletion_stays(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    one, listener = used_policy(stage)
    asked: list[object] = []
    look = SecurityPolicies.users

    def users(self: SecurityPolicies, policy_ids: t.Sequence[str]) -> t.Any:
        asked.append(policy_ids)
        return look(self, policy_ids) if len(asked) > 1 else {}

    monkeypatch.setattr(SecurityPolicies, "users", users)
    answer = stage.run.fails(MODULE, name="modern", state="absent")
    for word in ("ResourceInUse.SecurityPolicy", listener["id"]):
        assert word in answer["msg"]
    assert there(stage).security_policy_id == one["id"]
    assert not answer["changed"]
