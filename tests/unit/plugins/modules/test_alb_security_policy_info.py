# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_security_policy_info on the real SDK and the emulated cloud: filters, calls, who uses what."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.policies import SecurityPolicies
from ansible_collections.alicloud.tls.tests.emulator.world import CustomPolicy
from ansible_collections.alicloud.tls.tests.unit.cases.alb_security_policy import policy, used_policy
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage
from ansible_collections.alicloud.tls.tests.unit.test_layers import documented

MODULE = "alb_security_policy_info"
SYSTEM = [f"tls_cipher_policy_{which}" for which in ("1_0", "1_1", "1_2", "1_2_strict", "1_2_strict_with_1_3")]


def found(stage: Stage, **options: t.Any) -> list[Answer]:
    rows: list[Answer] = stage.run(MODULE, **options)["security_policies"]
    return rows


def ids(rows: list[Answer]) -> list[str]:
    return [row["id"] for row in rows]


def many(stage: Stage, count: int) -> list[str]:
    """Policies put there behind the back of the API, and their ids."""
    made = [f"sp-{number:03}" for number in range(count)]

    def place(cloud: t.Any) -> None:
        for one in made:
            cloud.world.security_policies[one] = CustomPolicy(one, f"policy {one}", ("TLSv1.2",), ("AES128-SHA",))

    stage.cloud.do(place)
    return made


# --- what is found ---------------------------------------------------------------------------------------------------


def test_all_are_listed_the_users_own_first(stage: Stage) -> None:
    one, two = policy(stage, "bb"), policy(stage, "aa", tags={"team": "web"})
    stage.cloud.clear_calls()
    rows = found(stage)
    assert ids(rows) == [two["id"], one["id"], *SYSTEM]
    assert [row["kind"] for row in rows] == ["custom"] * 2 + ["system"] * 5
    assert stage.cloud.actions == ["ListSecurityPolicies", "ListSystemSecurityPolicies"]


def test_a_policy_is_told_as_its_module_tells_it(stage: Stage) -> None:
    one = policy(stage, tags={"team": "web"})
    (row,) = found(stage, kind="custom")
    assert {name: row[name] for name in one} == {**one, "listeners": None}
    assert row["resource_group_id"] == "rg-emulator"
    assert row["create_time"].endswith("Z")


def test_both_modules_document_the_same() -> None:
    one = documented("alb_security_policy")["RETURN"]["security_policy"]["contains"]
    two = documented(MODULE)["RETURN"]["security_policies"]["contains"]
    assert set(two) - set(one) == {"kind", "resource_group_id", "create_time"}
    for name, about in one.items():
        told = {**about, "description": ""}
        assert told == {**two[name], "description": ""}


def test_those_of_the_system_have_lists_only(stage: Stage) -> None:
    (row,) = found(stage, ids=["tls_cipher_policy_1_2_strict_with_1_3"])
    assert row["tls_versions"] == ["TLSv1.2", "TLSv1.3"]
    assert row["ciphers"][-1] == "TLS_AES_128_CCM_8_SHA256"
    empty = ("name", "status", "listeners", "resource_group_id", "create_time")
    assert [row[name] for name in empty] == [None] * 5
    assert row["tags"] == {}


def test_what_the_api_adds_is_told(stage: Stage) -> None:
    stage.cloud.change_settings(policy_1_0_to_1_3=True)
    assert "tls_cipher_policy_1_0_to_1_3" in ids(found(stage, kind="system"))


@pytest.mark.parametrize(
    ("options", "names", "actions"),
    [
        pytest.param({"kind": "custom"}, ["aa", "bb", "cc"], ["ListSecurityPolicies"], id="custom"),
        pytest.param({"kind": "system"}, [None] * 5, ["ListSystemSecurityPolicies"], id="system"),
        pytest.param({"names": ["cc", "aa", "x"]}, ["aa", "cc"], ["ListSecurityPolicies"], id="names"),
        pytest.param({"tags": {"team": "web"}}, ["aa", "bb"], ["ListSecurityPolicies"], id="tag"),
        pytest.param({"tags": {"team": "web", "env": "test"}}, ["bb"], ["ListSecurityPolicies"], id="tags"),
        pytest.param({"tags": {"env": ""}}, [], ["ListSecurityPolicies"], id="tag-value-empty"),
        pytest.param({"names": ["aa", "cc"], "tags": {"team": "web"}}, ["aa"], ["ListSecurityPolicies"], id="both"),
        pytest.param({"names": ["aa"], "kind": "system"}, [], [], id="named-system"),
        pytest.param({"tags": {"a": "1"}, "kind": "system"}, [], [], id="tagged-system"),
        pytest.param({"ids": ["sp-nobody"]}, [], ["ListSecurityPolicies"], id="unknown"),
        pytest.param({"ids": ["tls_cipher_policy_9"]}, [], ["ListSystemSecurityPolicies"], id="unknown-system"),
        pytest.param({"ids": []}, [], [], id="no-ids"),
        pytest.param({"names": []}, [], [], id="no-names"),
        pytest.param({"ids": ["tls_cipher_policy_1_2"], "kind": "custom"}, [], [], id="kinds-at-odds"),
    ],
)
def test_filters(stage: Stage, options: Answer, names: list[str | None], actions: list[str]) -> None:
    policy(stage, "aa", tags={"team": "web"})
    policy(stage, "bb", tags={"team": "web", "env": "test"})
    policy(stage, "cc")
    stage.cloud.clear_calls()
    assert [row["name"] for row in found(stage, **options)] == names
    assert stage.cloud.actions == actions


def test_ids_of_both_kinds(stage: Stage) -> None:
    one, _two = policy(stage, "aa"), policy(stage, "bb")
    wanted = ["tls_cipher_policy_1_2", one["id"], "sp-nobody"]
    assert ids(found(stage, ids=wanted)) == [one["id"], "tls_cipher_policy_1_2"]


def test_pages_and_batches_are_hidden(stage: Stage) -> None:
    made = many(stage, 120)
    assert ids(found(stage, kind="custom")) == made
    assert stage.cloud.actions == ["ListSecurityPolicies"] * 2
    stage.cloud.clear_calls()
    assert ids(found(stage, ids=made[:50])) == made[:50]
    assert stage.cloud.actions == ["ListSecurityPolicies"] * 3


# --- who uses them ---------------------------------------------------------------------------------------------------


def test_listeners_are_told_when_asked_for(stage: Stage) -> None:
    one, listener = used_policy(stage)
    other = policy(stage, "other")
    rows = {row["id"]: row["listeners"] for row in found(stage, with_listeners=True)}
    assert rows[other["id"]] == []
    assert rows[one["id"]] == [{name: listener[name] for name in ("id", "load_balancer_id", "protocol", "port")}]
    assert [rows[one] for one in SYSTEM] == [None] * 5


def test_listeners_cost_a_call_for_every_five_policies(stage: Stage) -> None:
    many(stage, 11)
    found(stage, with_listeners=True)
    assert stage.cloud.actions.count("ListSecurityPolicyRelations") == 3
    stage.cloud.clear_calls()
    found(stage, with_listeners=True, names=["nobody"])
    assert stage.cloud.actions == ["ListSecurityPolicies"]


def test_a_policy_deleted_meanwhile_is_left_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    made = many(stage, 3)
    look = SecurityPolicies.custom

    def delete(cloud: t.Any) -> None:
        del cloud.world.security_policies[made[1]]

    def custom(self: SecurityPolicies, **filters: t.Any) -> t.Any:
        listed = look(self, **filters)
        stage.cloud.do(delete)
        return listed

    monkeypatch.setattr(SecurityPolicies, "custom", custom)
    assert ids(found(stage, kind="custom", with_listeners=True)) == [made[0], made[2]]


# --- bad days --------------------------------------------------------------------------------------------------------


def test_a_policy_that_is_being_changed_is_not_waited_for(stage: Stage) -> None:
    policy(stage)
    stage.cloud.change_settings(polls=1000)
    stage.run("alb_security_policy", name="modern", ciphers=["AES128-SHA", "TLS_AES_128_GCM_SHA256"], wait=False)
    stage.cloud.clear_calls()
    (row,) = found(stage, kind="custom")
    assert row["status"] == "Configuring"
    assert len(stage.cloud.actions) == 1


def test_throttling_is_survived(stage: Stage) -> None:
    stage.cloud.fault("*", code="Throttling.User", http_status=400, retry_after_ms=60, count=2)
    assert ids(found(stage)) == SYSTEM


@pytest.mark.parametrize(
    "action", ["ListSecurityPolicies", "ListSecurityPolicyRelations", "ListSystemSecurityPolicies"]
)
def test_a_missing_permission_is_named(stage: Stage, action: str) -> None:
    policy(stage)
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403)
    answer = stage.run.fails(MODULE, with_listeners=True)
    assert f"alb:{action}" in answer["msg"]
    assert not answer["changed"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param({"kind": "mine"}, ["kind", "all, custom, system"], id="kind"),
        pytest.param({"tags": {"on": True}}, ["tag on", "quotes"], id="tag"),
        pytest.param({"region": ""}, ["region"], id="region"),
    ],
)
def test_bad_input_is_told_before_any_call(stage: Stage, options: Answer, words: list[str]) -> None:
    answer = stage.run.fails(MODULE, **options)
    for word in words:
        assert word in answer["msg"]
    assert stage.cloud.actions == []
