# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.security_policy import (
    CIPHERS,
    CIPHERS_OF,
    TLS_VERSIONS,
    CreatePolicy,
    DeletePolicy,
    PolicyUser,
    SecurityPolicy,
    UpdatePolicy,
    Wishes,
    check_combination,
    check_name,
    check_not_of_system,
    ciphers_in_order,
    plan_absent,
    plan_present,
    shows,
    versions_in_order,
    wishes_of,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.tags import TagResource, UntagResource
from hypothesis import assume, given, settings, strategies as st

GCM = "ECDHE-RSA-AES128-GCM-SHA256"
OLD = "AES128-SHA"
NEW = "TLS_AES_128_GCM_SHA256"
SM2 = "ECC-SM2-WITH-SM4-SM3"
USER = PolicyUser("lsn-1", "alb-1", "HTTPS", 443)
POLICY = SecurityPolicy(
    "sp-1",
    "modern",
    frozenset({"TLSv1.2", "TLSv1.3"}),
    frozenset({GCM, OLD, NEW}),
    {"team": "web"},
    resource_group_id="rg-1",
    create_time="2026-01-01T00:00:00Z",
)


def policy_of(versions, ciphers):
    return replace(POLICY, tls_versions=frozenset(versions), ciphers=frozenset(ciphers))


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_the_catalogue_is_that_of_the_documentation():
    assert {version: len(ciphers) for version, ciphers in CIPHERS_OF.items()} == {
        "TLSv1.0": 7,
        "TLSv1.1": 7,
        "TLSv1.2": 19,
        "TLSv1.3": 5,
    }
    assert len(set(CIPHERS)) == len(CIPHERS) == 24
    assert set(CIPHERS) == {cipher for ciphers in CIPHERS_OF.values() for cipher in ciphers}


def test_the_limits_of_the_api_cannot_be_passed():
    """So nothing counts. If this fails, check_combination() has to."""
    assert len(CIPHERS) <= 32
    assert len(TLS_VERSIONS) <= 4


def test_order_is_that_of_the_catalogue_and_unknown_names_come_last():
    assert ciphers_in_order({NEW, SM2, "A", OLD, GCM}) == [GCM, OLD, NEW, "A", SM2]
    assert versions_in_order({"TLSv1.3", "TLSv1.0"}) == ["TLSv1.0", "TLSv1.3"]


# --- what goes together ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("versions", "ciphers"),
    [
        pytest.param(TLS_VERSIONS, CIPHERS, id="everything"),
        pytest.param(["TLSv1.3"], [NEW], id="one-of-1.3"),
        pytest.param(["TLSv1.2"], [GCM], id="one-of-1.2"),
        pytest.param(["TLSv1.0", "TLSv1.1", "TLSv1.2"], [OLD], id="one-for-three"),
        pytest.param(["TLSv1.0", "TLSv1.2"], [OLD, GCM], id="valid-for-one-of-two"),
    ],
)
def test_what_goes_together(versions, ciphers):
    check_combination(versions, ciphers)


@pytest.mark.parametrize(
    ("versions", "ciphers", "parts"),
    [
        pytest.param([], [GCM], ["tls_versions must not be empty"], id="no-version"),
        pytest.param(["TLSv1.2"], [], ["ciphers must not be empty"], id="no-cipher"),
        pytest.param(["TLSv1.2"], [GCM, NEW], [f"{NEW} is a cipher of TLSv1.3", "has TLSv1.2"], id="version-missing"),
        pytest.param(
            ["TLSv1.3"], [OLD, NEW], ["TLSv1.0 and TLSv1.1 and TLSv1.2", "has TLSv1.3"], id="versions-missing"
        ),
        pytest.param(["TLSv1.2", "TLSv1.3"], [GCM], ["with TLSv1.3", NEW, "Leave TLSv1.3 out"], id="1.3-without"),
        pytest.param(["TLSv1.0", "TLSv1.2"], [GCM], ["with TLSv1.0", OLD, "Leave TLSv1.0 out"], id="1.0-without"),
        pytest.param(["TLS1.2"], [GCM], ["'TLS1.2' is no TLS version", "mean TLSv1.2?"], id="version-misspelt"),
        pytest.param(
            ["SSLv3"], [GCM], ["'SSLv3' is no TLS version", "There are TLSv1.0, TLSv1.1"], id="version-unknown"
        ),
        pytest.param(["TLSv1.2"], [GCM.lower()], [f"mean {GCM}?"], id="lower-case"),
        pytest.param(["TLSv1.2"], ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], [f"mean {GCM}?"], id="iana"),
        pytest.param(["TLSv1.2"], ["AES128-GCM-SHA265"], ["mean AES128-GCM-SHA256"], id="misspelt"),
        pytest.param(["TLSv1.2"], ["TLS_AES_128_GCM_SHA_256"], [f"mean {NEW}?"], id="misspelt-1.3"),
        pytest.param(["TLSv1.2"], ["RC4-MD5"], ["'RC4-MD5' is no cipher", GCM, NEW], id="unknown"),
        pytest.param(["TLSv1.2"], [SM2, GCM], [SM2], id="sm2"),
    ],
)
def test_what_does_not_go_together(versions, ciphers, parts):
    with pytest.raises(InputError) as caught:
        check_combination(versions, ciphers)
    for part in parts:
        assert part in caught.value.message


def test_ciphers_that_are_there_are_taken_even_if_unknown():
    check_combination(["TLSv1.1"], [SM2, OLD], there={SM2})
    check_combination(["TLSv1.1"], [SM2], there={SM2})
    with pytest.raises(InputError, match=r"with TLSv1\.3"):
        check_combination(["TLSv1.3"], [SM2], there={SM2})
    with pytest.raises(InputError, match=SM2):
        check_combination(["TLSv1.1"], [SM2, OLD], there={OLD})


VERSIONS = st.frozensets(st.sampled_from(TLS_VERSIONS))
CHOSEN = st.frozensets(st.sampled_from([*CIPHERS_OF["TLSv1.2"][:2], OLD, "DES-CBC3-SHA", *CIPHERS_OF["TLSv1.3"][:2]]))


def goes_together(versions, ciphers):
    try:
        check_combination(versions, ciphers)
    except InputError:
        return False
    return True


@given(versions=VERSIONS, ciphers=CHOSEN)
def test_the_rules_are_the_documented_ones(versions, ciphers):
    """Said otherwise: every cipher has its version, and every version its cipher."""
    pairs = {(version, cipher) for version in versions for cipher in CIPHERS_OF[version] if cipher in ciphers}
    complete = {version for version, _cipher in pairs} == versions and {cipher for _version, cipher in pairs} == ciphers
    assert goes_together(versions, ciphers) is (complete and bool(pairs))


# Versions, each with a cipher of its own: what goes together is made of these.
PAIRS = st.frozensets(
    st.sampled_from([(version, cipher) for version in TLS_VERSIONS for cipher in CIPHERS_OF[version]]), min_size=1
).map(lambda pairs: (frozenset(version for version, _c in pairs), frozenset(cipher for _v, cipher in pairs)))


@given(one=PAIRS, more=st.sampled_from(CIPHERS))
def test_another_cipher_of_a_chosen_version_does_no_harm(one, more):
    versions, ciphers = one
    assert goes_together(versions, ciphers)
    assert goes_together(versions, ciphers | {more}) is any(more in CIPHERS_OF[version] for version in versions)


@given(one=PAIRS, two=PAIRS)
def test_what_goes_together_does_so_with_all_else_that_does(one, two):
    assert goes_together(one[0] | two[0], one[1] | two[1])


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ab", "1a", "TLS 1.2 only", "a.b_c-d", "安全策略", "a" * 128])
def test_names(name):
    check_name(name)


@pytest.mark.parametrize("name", ["", "a", "a" * 129, "_ab", "-ab", " ab", "a/b", "a\nb", "ab\n"])
def test_names_that_are_refused(name):
    with pytest.raises(InputError, match="2 to 128"):
        check_name(name)


def test_policies_of_the_system_are_refused():
    with pytest.raises(InputError, match=r"tls_cipher_policy_1_2 is a policy of the system, which nobody can change"):
        check_not_of_system("tls_cipher_policy_1_2")
    check_not_of_system("sp-1")


# --- plans -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "steps"),
    [
        pytest.param(Wishes(), [], id="nothing"),
        pytest.param(Wishes("modern", POLICY.tls_versions, POLICY.ciphers, {"team": "web"}, True), [], id="same"),
        pytest.param(
            Wishes(ciphers=frozenset({GCM, NEW})),
            ["UpdateSecurityPolicyAttribute: remove AES128-SHA (sp-1)"],
            id="cipher-less",
        ),
        pytest.param(
            Wishes(tls_versions=frozenset({"TLSv1.1", "TLSv1.3"}), ciphers=frozenset({OLD, NEW, "AES256-SHA"})),
            [f"UpdateSecurityPolicyAttribute: add TLSv1.1, AES256-SHA; remove TLSv1.2, {GCM} (sp-1)"],
            id="lists",
        ),
        pytest.param(Wishes(name="new"), ["UpdateSecurityPolicyAttribute: rename modern to new (sp-1)"], id="rename"),
        pytest.param(
            Wishes(name="new", ciphers=frozenset({GCM, NEW}), tags={"a": "1"}, purge_tags=True),
            [
                "UpdateSecurityPolicyAttribute: rename modern to new; remove AES128-SHA (sp-1)",
                "UnTagResources: remove team from sp-1",
                "TagResources: set a=1 on sp-1",
            ],
            id="everything",
        ),
        pytest.param(Wishes(tags={"a": "1"}), ["TagResources: set a=1 on sp-1"], id="tag"),
    ],
)
def test_a_plan_of_a_policy_that_is_there(wishes, steps):
    made = plan_present(POLICY, wishes)
    assert made.before == POLICY
    assert made.after is not None
    assert [step.sentence() for step in made.steps] == steps
    assert set(made.after.summary()) == set(POLICY.summary())


def test_an_update_has_both_lists_and_the_name_only_if_it_changes():
    (step,) = plan_present(POLICY, Wishes(ciphers=frozenset({GCM, NEW}))).steps
    assert isinstance(step, UpdatePolicy)
    assert (step.name, step.tls_versions, step.ciphers) == (None, POLICY.tls_versions, frozenset({GCM, NEW}))
    (step,) = plan_present(POLICY, Wishes(name="new")).steps
    assert isinstance(step, UpdatePolicy)
    assert (step.name, step.tls_versions, step.ciphers) == ("new", POLICY.tls_versions, POLICY.ciphers)


def test_a_plan_of_a_new_policy():
    made = plan_present(None, Wishes("modern", frozenset({"TLSv1.3"}), frozenset({NEW}), {"a": "1"}))
    assert made.before is None
    assert made.after == SecurityPolicy(None, "modern", frozenset({"TLSv1.3"}), frozenset({NEW}), {"a": "1"})
    assert made.after.listeners == ()
    assert made.steps == (CreatePolicy("modern", frozenset({"TLSv1.3"}), frozenset({NEW}), {"a": "1"}),)
    assert made.steps[0].sentence() == f"CreateSecurityPolicy: modern with TLSv1.3, {NEW}, tagged a=1"


@pytest.mark.parametrize(
    ("wishes", "part"),
    [
        pytest.param(Wishes("modern"), "named 'modern' yet; tls_versions and ciphers are needed", id="lists-missing"),
        pytest.param(Wishes("modern", frozenset({"TLSv1.3"})), "ciphers is needed", id="ciphers-missing"),
        pytest.param(Wishes("m", frozenset({"TLSv1.3"}), frozenset({NEW})), "2 to 128", id="name"),
        pytest.param(Wishes("modern", frozenset({"TLSv1.3"}), frozenset({OLD})), "cipher of TLSv1.0", id="combination"),
    ],
)
def test_a_new_policy_that_is_refused(wishes, part):
    with pytest.raises(InputError, match=part):
        plan_present(None, wishes)


def test_one_list_is_judged_with_the_other_that_is_there():
    with pytest.raises(InputError, match=r"has TLSv1\.3"):
        plan_present(POLICY, Wishes(tls_versions=frozenset({"TLSv1.3"})))
    with pytest.raises(InputError, match=r"with TLSv1\.3"):
        plan_present(POLICY, Wishes(ciphers=frozenset({GCM})))
    with pytest.raises(InputError, match="2 to 128"):
        plan_present(POLICY, Wishes(name="_"))


def test_what_is_there_and_stays_is_not_judged():
    odd = policy_of({"TLSv1.0", "TLSv1.2"}, {GCM, SM2})
    assert not plan_present(odd, Wishes(tls_versions=odd.tls_versions, ciphers=odd.ciphers)).changed
    assert plan_present(odd, Wishes(name="other")).changed
    assert plan_present(odd, Wishes(ciphers=frozenset({GCM, OLD, SM2}))).changed


def test_a_plan_of_absence():
    made = plan_absent(replace(POLICY, listeners=()))
    assert (made.after, made.steps) == (None, (DeletePolicy("sp-1", "modern"),))
    assert made.steps[0].sentence() == "DeleteSecurityPolicy: sp-1 (modern)"
    assert not plan_absent(None).changed


def test_a_policy_in_use_is_not_deleted():
    other = replace(USER, listener_id="lsn-2", port=8443)
    with pytest.raises(InputError) as caught:
        plan_absent(replace(POLICY, listeners=(USER, other)))
    for part in (
        "sp-1 (modern)",
        "HTTPS 443 of alb-1 (lsn-1), HTTPS 8443 of alb-1 (lsn-2)",
        "alicloud.tls.alb_listener",
    ):
        assert part in caught.value.message


WISHES = st.builds(
    Wishes,
    name=st.sampled_from([None, "modern", "other"]),
    tls_versions=st.none() | VERSIONS,
    ciphers=st.none() | CHOSEN,
    tags=st.none() | st.dictionaries(st.sampled_from(["team", "new"]), st.sampled_from(["", "web"])),
    purge_tags=st.booleans(),
)
CURRENT = st.builds(policy_of, VERSIONS, CHOSEN) | PAIRS.map(lambda pair: policy_of(*pair)) | st.none()


@settings(max_examples=200)
@given(current=CURRENT, wishes=WISHES)
def test_a_plan_carried_out_leaves_nothing_to_plan(current, wishes):
    try:
        made = plan_present(current, wishes)
    except InputError:
        assume(False)
    assert made.after is not None
    done = replace(made.after, id="sp-1")
    assert not plan_present(done, wishes).changed
    for step in made.steps:
        assert shows(done, step)
        assert current is None or not shows(current, step)
    if made.before is not None:
        assert set(made.before.summary()) == set(made.after.summary())
    json.dumps([done.to_dict(), done.to_row(), done.summary()])


# --- answers ---------------------------------------------------------------------------------------------------------


def test_the_answer():
    assert replace(POLICY, listeners=(USER,)).to_dict() == {
        "id": "sp-1",
        "name": "modern",
        "tls_versions": ["TLSv1.2", "TLSv1.3"],
        "ciphers": [GCM, OLD, NEW],
        "tags": {"team": "web"},
        "status": "Available",
        "listeners": [{"id": "lsn-1", "load_balancer_id": "alb-1", "protocol": "HTTPS", "port": 443}],
    }
    assert POLICY.to_dict()["listeners"] is None


def test_the_diff_tells_who_has_it_in_words():
    assert "listeners" not in POLICY.summary()
    assert replace(POLICY, listeners=(USER,)).summary()["listeners"] == ["HTTPS 443 of alb-1 (lsn-1)"]
    assert POLICY.title() == "TLS security policy modern"


def test_a_row_tells_the_kind():
    of_system = SecurityPolicy("tls_cipher_policy_1_2", None, frozenset({"TLSv1.2"}), frozenset({GCM}), status=None)
    assert (of_system.to_row()["kind"], POLICY.to_row()["kind"]) == ("system", "custom")
    assert POLICY.to_row()["resource_group_id"] == "rg-1"
    assert POLICY.to_row()["create_time"] == "2026-01-01T00:00:00Z"
    assert of_system.title() == "TLS security policy tls_cipher_policy_1_2"


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        pytest.param(TagResource("securitypolicy", "sp-1", {"team": "web"}), True, id="tag"),
        pytest.param(TagResource("securitypolicy", "sp-1", {"team": "x"}), False, id="tag-value"),
        pytest.param(UntagResource("securitypolicy", "sp-1", ("old",)), True, id="untag"),
        pytest.param(UntagResource("securitypolicy", "sp-1", ("team", "old")), False, id="untag-one-left"),
        pytest.param(UpdatePolicy("sp-1", None, POLICY.tls_versions, POLICY.ciphers, ()), True, id="lists"),
        pytest.param(UpdatePolicy("sp-1", "new", POLICY.tls_versions, POLICY.ciphers, ()), False, id="name"),
        pytest.param(UpdatePolicy("sp-1", None, POLICY.tls_versions, frozenset({NEW}), ()), False, id="ciphers"),
        pytest.param(DeletePolicy("sp-1", "modern"), False, id="delete"),
    ],
)
def test_whether_a_write_shows(step, shown):
    assert shows(POLICY, step) is shown


def test_wishes_are_read_from_options():
    nothing = dict.fromkeys(["name", "tls_versions", "ciphers", "tags"])
    assert wishes_of({**nothing, "purge_tags": False}) == Wishes()
    given_all = {"name": "x", "tls_versions": ["TLSv1.3"], "ciphers": [NEW, NEW], "tags": {"a": 1}, "purge_tags": True}
    assert wishes_of(given_all) == Wishes("x", frozenset({"TLSv1.3"}), frozenset({NEW}), {"a": "1"}, True)
