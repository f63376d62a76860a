# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.security_policy import (
    CreatePolicy,
    DeletePolicy,
    PolicyUser,
    UpdatePolicy,
    shows,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import (
    ApiError,
    DeadlineError,
    InputError,
    JobFailedError,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.tags import TagResource, UntagResource
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi, Sent
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.policies import SecurityPolicies
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

Gateway = Callable[..., tuple[SecurityPolicies, FakeConnection]]
LISTENER = {"ListenerId": "lsn-1", "ListenerPort": 443, "ListenerProtocol": "HTTPS", "LoadBalancerId": "alb-1"}
USER = PolicyUser("lsn-1", "alb-1", "HTTPS", 443)
GONE = api_error("ResourceNotFound.SecurityPolicy", status=404)
UPDATE = UpdatePolicy("sp-1", None, frozenset({"TLSv1.3"}), frozenset({"TLS_AES_128_GCM_SHA256"}), ())


@pytest.fixture
def gateway(monkeypatch, time) -> Gateway:
    """The gateway and the connection behind it, made from what each action answers; 10 s of fake time."""

    def make(**answers: t.Any) -> tuple[SecurityPolicies, FakeConnection]:
        fake = FakeConnection(answers)
        monkeypatch.setattr(alb, "Connection", lambda **_given: fake)
        access = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret")
        return SecurityPolicies(AlbApi(access, time.pace(10), CallLog())), fake

    return make


def row(policy_id="sp-1", name="modern", status="Available", **more):
    lists = {"TLSVersions": ["TLSv1.3", "TLSv1.2"], "Ciphers": ["TLS_AES_128_GCM_SHA256", "AES128-SHA"]}
    return {"SecurityPolicyId": policy_id, "SecurityPolicyName": name, "SecurityPolicyStatus": status, **lists, **more}


def rows(*found):
    return {"SecurityPolicies": list(found)}


# --- finding ---------------------------------------------------------------------------------------------------------


def test_a_policy_is_read(gateway):
    tags = [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": ""}]
    made, _fake = gateway(ListSecurityPolicies=[rows(row(ResourceGroupId="rg-1", CreateTime="2026", Tags=tags))])
    assert made.by_id("sp-1").to_row() == {
        "id": "sp-1",
        "name": "modern",
        "kind": "custom",
        "tls_versions": ["TLSv1.2", "TLSv1.3"],
        "ciphers": ["AES128-SHA", "TLS_AES_128_GCM_SHA256"],
        "tags": {"a": "", "b": "2"},
        "status": "Available",
        "listeners": None,
        "resource_group_id": "rg-1",
        "create_time": "2026",
    }


def test_a_row_with_nothing_but_an_id_is_read(gateway):
    made, _fake = gateway(ListSecurityPolicies=[rows({"SecurityPolicyId": "sp-1"})])
    assert made.by_id("sp-1").to_dict()["tags"] == {}


def test_a_name_is_the_whole_name(gateway):
    """Should the API take a part of a name for a hit."""
    made, fake = gateway(ListSecurityPolicies=[rows(row("sp-2", "modern-2"), row())])
    assert made.by_name("modern").id == "sp-1"
    assert fake.calls == [("ListSecurityPolicies", {"SecurityPolicyNames": ["modern"]}, None)]
    made, _fake = gateway(ListSecurityPolicies=[rows(row("sp-2", "modern-2"))])
    assert made.by_name("modern") is None


def test_two_of_a_name_are_told_with_their_ids(gateway):
    made, _fake = gateway(ListSecurityPolicies=[rows(row("sp-2"), row("sp-1"))])
    with pytest.raises(InputError, match=r"2 security policies are named 'modern': sp-1, sp-2\. Give the policy_id"):
        made.by_name("modern")


def test_a_policy_that_is_being_changed_is_waited_for(gateway, time):
    answers = [rows(row(status="Configuring")), rows(row(status="Configuring")), rows(row())]
    made, fake = gateway(ListSecurityPolicies=answers)
    assert made.by_id("sp-1").settled
    assert len(fake.calls) == 3
    assert len(time.pauses) == 2


def test_one_that_does_not_settle_is_told(gateway):
    made, _fake = gateway(ListSecurityPolicies=[rows(row(status="Configuring"))])
    with pytest.raises(DeadlineError, match=r"sp-1 is still Configuring after 10 s.*Nothing was changed"):
        made.by_name("modern")


def test_filters_go_into_as_many_calls_as_needed(gateway):
    def answer(parameters):
        return rows(*(row(one) for one in parameters["SecurityPolicyIds"]))

    made, fake = gateway(ListSecurityPolicies=answer)
    ids = [f"sp-{number:02}" for number in range(41)]
    assert [one.id for one in made.custom(ids=[*ids[::-1], "sp-00"])] == ids
    assert [len(call.parameters["SecurityPolicyIds"]) for call in fake.calls] == [20, 20, 1]


def test_names_go_ten_at_a_time_with_the_tags(gateway):
    made, fake = gateway(
        ListSecurityPolicies=[rows(row("sp-1", "n01"), row("sp-2", "n02", Tags=[{"Key": "a", "Value": "1"}]))]
    )
    names = [f"n{number:02}" for number in range(11)]
    assert [one.id for one in made.custom(names=names, tags={"a": "1"})] == ["sp-2"]
    assert [call.parameters for call in fake.calls] == [
        {"SecurityPolicyNames": names[:10], "Tag": [{"Key": "a", "Value": "1"}]},
        {"SecurityPolicyNames": names[10:], "Tag": [{"Key": "a", "Value": "1"}]},
    ]


def test_ids_and_names_must_both_fit(gateway):
    made, fake = gateway(ListSecurityPolicies=[rows(row("sp-1", "a"), row("sp-2", "b"))])
    assert [one.id for one in made.custom(ids=["sp-1", "sp-2"], names=["b", "c"])] == ["sp-2"]
    assert [call.parameters for call in fake.calls] == [{"SecurityPolicyIds": ["sp-1", "sp-2"]}]


def test_of_no_ids_and_no_names_there_is_nothing_to_ask(gateway):
    made, fake = gateway()
    assert made.custom(ids=[]) == made.custom(names=[]) == []
    assert fake.calls == []


def test_policies_of_the_system_have_no_name(gateway):
    lists = {"TLSVersions": ["TLSv1.2"], "Ciphers": ["AES128-SHA"]}
    found = [{"SecurityPolicyId": f"tls_cipher_policy_{which}", **lists} for which in ("1_2", "1_1")]
    made, fake = gateway(ListSystemSecurityPolicies=[rows(*found)])
    assert [one.id for one in made.of_system()] == ["tls_cipher_policy_1_1", "tls_cipher_policy_1_2"]
    (one,) = made.of_system(["tls_cipher_policy_1_2", "tls_cipher_policy_9"])
    assert (one.name, one.status, one.to_row()["kind"]) == (None, None, "system")
    assert [call.parameters for call in fake.calls] == [{}, {}]


# --- users -----------------------------------------------------------------------------------------------------------


def test_users_are_asked_for_five_at_a_time(gateway):
    def answer(parameters):
        # As if the API left out what nobody has.
        asked = parameters["SecurityPolicyIds"]
        related = [{"SecurityPolicyId": one, "RelatedListeners": [LISTENER]} for one in asked if one == "sp-6"]
        return {"SecrityPolicyRelations": related}

    made, fake = gateway(ListSecurityPolicyRelations=answer)
    ids = [f"sp-{number}" for number in range(1, 8)]
    assert made.users(ids) == {**dict.fromkeys(ids, ()), "sp-6": (USER,)}
    assert [len(call.parameters["SecurityPolicyIds"]) for call in fake.calls] == [5, 2]


def test_users_are_sorted(gateway):
    places = [("alb-2", 443), ("alb-1", 8443), ("alb-1", 443)]
    related = [{**LISTENER, "LoadBalancerId": where, "ListenerPort": port} for where, port in places]
    answer = {"SecrityPolicyRelations": [{"SecurityPolicyId": "sp-1", "RelatedListeners": related}]}
    made, _fake = gateway(ListSecurityPolicyRelations=[answer])
    assert [(one.load_balancer_id, one.port) for one in made.users(["sp-1"])["sp-1"]] == sorted(places)


def test_one_that_is_gone_does_not_hide_the_others(gateway):
    def answer(parameters):
        if "sp-2" in parameters["SecurityPolicyIds"]:
            raise GONE
        return {"SecrityPolicyRelations": []}

    made, _fake = gateway(ListSecurityPolicyRelations=answer)
    assert made.users(["sp-1", "sp-2", "sp-3"]) == {"sp-1": (), "sp-3": ()}


def test_other_refusals_stay_as_they_are(gateway):
    made, _fake = gateway(ListSecurityPolicyRelations=[api_error("Forbidden.RAM", status=403)])
    with pytest.raises(ApiError, match=r"Forbidden\.RAM"):
        made.users(["sp-1", "sp-2"])


# --- writes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "answer", "call", "sent"),
    [
        pytest.param(
            CreatePolicy("new", frozenset({"TLSv1.2", "TLSv1.1"}), frozenset({"AES256-SHA", "AES128-SHA"}), {"a": "1"}),
            {"SecurityPolicyId": "sp-9"},
            (
                "CreateSecurityPolicy",
                {
                    "SecurityPolicyName": "new",
                    "TLSVersions": ["TLSv1.1", "TLSv1.2"],
                    "Ciphers": ["AES128-SHA", "AES256-SHA"],
                    "Tag": [{"Key": "a", "Value": "1"}],
                },
                None,
            ),
            Sent("sp-9", None),
            id="create",
        ),
        pytest.param(
            UPDATE,
            {"JobId": "job-1"},
            (
                "UpdateSecurityPolicyAttribute",
                {"SecurityPolicyId": "sp-1", "TLSVersions": ["TLSv1.3"], "Ciphers": ["TLS_AES_128_GCM_SHA256"]},
                None,
            ),
            Sent("sp-1", "job-1"),
            id="update",
        ),
        pytest.param(
            DeletePolicy("sp-1", "modern"),
            {},
            ("DeleteSecurityPolicy", {"SecurityPolicyId": "sp-1"}, None),
            Sent("sp-1", None),
            id="delete",
        ),
        pytest.param(
            TagResource("securitypolicy", "sp-1", {"a": "1"}),
            {},
            (
                "TagResources",
                {"ResourceType": "securitypolicy", "ResourceId": ["sp-1"], "Tag": [{"Key": "a", "Value": "1"}]},
                None,
            ),
            Sent("sp-1", None),
            id="tag",
        ),
        pytest.param(
            UntagResource("securitypolicy", "sp-1", ("a", "b")),
            {},
            (
                "UnTagResources",
                {"ResourceType": "securitypolicy", "ResourceId": ["sp-1"], "TagKey": ["a", "b"]},
                None,
            ),
            Sent("sp-1", None),
            id="untag",
        ),
    ],
)
def test_writes(gateway, step, answer, call, sent):
    made, fake = gateway(**{call[0]: [answer]})
    assert made.send(step) == sent
    assert fake.calls == [call]


def test_a_policy_deleted_already_is_deleted(gateway):
    made, _fake = gateway(DeleteSecurityPolicy=[GONE])
    assert made.send(DeletePolicy("sp-1", "modern")) == Sent("sp-1", None)


def test_a_policy_that_is_gone_is_not_updated(gateway):
    made, _fake = gateway(UpdateSecurityPolicyAttribute=[GONE])
    with pytest.raises(ApiError, match=r"ResourceNotFound\.SecurityPolicy"):
        made.send(UPDATE)


NOBODY: dict[str, t.Any] = {"SecrityPolicyRelations": []}
SOMEBODY = {"SecrityPolicyRelations": [{"SecurityPolicyId": "sp-1", "RelatedListeners": [LISTENER]}]}
IN_USE = api_error("ResourceInUse.SecurityPolicy")


def test_a_policy_in_use_by_nobody_is_deleted_a_little_later(gateway):
    made, fake = gateway(DeleteSecurityPolicy=[IN_USE, IN_USE, {}], ListSecurityPolicyRelations=[NOBODY])
    assert made.send(DeletePolicy("sp-1", "modern")) == Sent("sp-1", None)
    assert fake.actions.count("DeleteSecurityPolicy") == 3


def test_a_policy_in_use_by_somebody_new_is_told_at_once(gateway, time):
    made, _fake = gateway(
        DeleteSecurityPolicy=[api_error("ResourceInUse.SecurityPolicy")], ListSecurityPolicyRelations=[SOMEBODY]
    )
    with pytest.raises(ApiError) as caught:
        made.send(DeletePolicy("sp-1", "modern"))
    assert "in use by HTTPS 443 of alb-1 (lsn-1)." in caught.value.message
    assert time.pauses == []


def test_a_policy_in_use_by_nobody_for_ever_is_told(gateway, time):
    made, _fake = gateway(
        DeleteSecurityPolicy=[api_error("ResourceInUse.SecurityPolicy")], ListSecurityPolicyRelations=[NOBODY]
    )
    with pytest.raises(ApiError) as caught:
        made.send(DeletePolicy("sp-1", "modern"))
    assert "still so after 10 s, with no listener to be seen." in caught.value.message
    assert sum(time.pauses) == pytest.approx(10)


def test_what_is_no_write_is_a_mistake_of_ours(gateway):
    made, _fake = gateway()
    with pytest.raises(TypeError, match="no write for int"):
        made.send(5)


def test_rehearsals(gateway):
    passed = api_error("DryRunOperation")
    made, fake = gateway(UpdateSecurityPolicyAttribute=[passed], DeleteSecurityPolicy=[IN_USE])
    assert made.rehearse(UPDATE)
    assert fake.calls[0].parameters["DryRun"] is True
    assert not made.rehearse(TagResource("securitypolicy", "sp-1", {"a": "1"}))
    with pytest.raises(ApiError, match="ResourceInUse"):
        made.rehearse(DeletePolicy("sp-1", "modern"))


# --- settling --------------------------------------------------------------------------------------------------------


def is_updated(policy):
    return shows(policy, UPDATE)


WANTED = {"TLSVersions": ["TLSv1.3"], "Ciphers": ["TLS_AES_128_GCM_SHA256"]}
STALE = rows(row())
BUSY = rows(row(status="Configuring"))
DONE = rows(row(**WANTED))


def test_an_update_is_waited_for(gateway, time):
    made, fake = gateway(ListSecurityPolicies=[BUSY, BUSY, DONE])
    assert made.settle(Sent("sp-1", "job-1"), is_updated).ciphers == {"TLS_AES_128_GCM_SHA256"}
    # No question about the job while the policy itself says that it is being changed.
    assert fake.actions == ["ListSecurityPolicies"] * 3
    assert len(time.pauses) == 3


def test_new_lists_are_not_the_end_while_the_policy_is_being_changed(gateway):
    made, fake = gateway(ListSecurityPolicies=[rows(row(status="Configuring", **WANTED)), DONE])
    assert made.settle(Sent("sp-1", "job-1"), is_updated).settled
    assert len(fake.calls) == 2


def test_what_has_no_job_is_looked_at_at_once(gateway, time):
    made, _fake = gateway(ListSecurityPolicies=[DONE])
    assert made.settle(Sent("sp-1", None), is_updated) is not None
    assert time.pauses == []


def test_a_stale_read_is_not_the_end(gateway):
    jobs = {"Jobs": [{"Status": "Processing"}]}
    made, fake = gateway(ListSecurityPolicies=[STALE, rows(), DONE], ListAsynJobs=[jobs])
    assert made.settle(Sent("sp-1", "job-1"), is_updated) is not None
    assert fake.actions.count("ListAsynJobs") == 2


def test_a_failed_job_is_told(gateway):
    failed = {"Status": "Failed", "ApiName": "UpdateSecurityPolicyAttribute", "ErrorCode": "506", "ErrorMessage": "no"}
    made, _fake = gateway(ListSecurityPolicies=[STALE], ListAsynJobs=[{"Jobs": [failed]}])
    with pytest.raises(JobFailedError, match=r"UpdateSecurityPolicyAttribute for sp-1.*506: no"):
        made.settle(Sent("sp-1", "job-1"), is_updated)


def test_the_deadline_names_the_last_state(gateway):
    made, _fake = gateway(ListSecurityPolicies=[BUSY], ListAsynJobs=[{"Jobs": [{"Status": "Processing"}]}])
    with pytest.raises(DeadlineError, match=r"sp-1 is not as planned after 10 s: it is Configuring \(job job-1: Proc"):
        made.settle(Sent("sp-1", "job-1"), is_updated)


def test_another_change_that_came_after_ours_is_told(gateway):
    made, _fake = gateway(ListSecurityPolicies=[STALE], ListAsynJobs=[{"Jobs": [{"Status": "Succeeded"}]}])
    with pytest.raises(DeadlineError, match=r"it is Available \(job job-1: Succeeded\).*somebody else"):
        made.settle(Sent("sp-1", "job-1"), is_updated)


def test_a_deleted_policy_is_gone_when_it_is_not_listed(gateway):
    made, fake = gateway(ListSecurityPolicies=[STALE, rows()])
    assert made.settle(Sent("sp-1", None), None) is None
    assert len(fake.calls) == 2


def test_a_policy_that_never_goes_is_told(gateway):
    made, _fake = gateway(ListSecurityPolicies=[STALE])
    with pytest.raises(DeadlineError, match=r"it is Available\. The change was accepted"):
        made.settle(Sent("sp-1", None), None)
