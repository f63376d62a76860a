# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._cas.authority import (
    Content,
    CreateRepository,
    DeleteCaCertificate,
    ListedAuthority,
    Repository,
    StoredAuthority,
    UploadCaCertificate,
    chosen_name,
    in_order_of_choice,
    named,
    pem_fingerprints,
    plan_absent,
    plan_present,
    utc_of,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Plan
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import facts
from hypothesis import given, strategies as st

ROOT = replace(facts("Example Root"), names=(), issuer="CN=Example Root", serial="1f")
OTHER = replace(facts("Other Root"), names=(), issuer="CN=Other Root", serial="20")
CONTENT = Content(ROOT, True)
BUNDLE = Content(ROOT, True, (OTHER,))
HOME = Repository("alicloud-tls", "cn-hangzhou", 12)
NEW_HOME = Repository("alicloud-tls", "cn-hangzhou")
PEM = "-----BEGIN CERTIFICATE-----\nMIIBpemBody\n-----END CERTIFICATE-----\n"
STORED = StoredAuthority(CONTENT, HOME, identifier="1efd3cac-1")
LISTED = ListedAuthority(
    identifier="1efd3cac-1",
    source="upload",
    is_ca=True,
    status="ISSUE",
    repository=12,
    common_name="Example Root",
    issuer="Example Root",
    serial="001F",
    algorithm="RSA",
    sign_algorithm="SHA256WITHRSA",
    not_before="2026-11-01T00:00:00Z",
    not_after="2027-01-30T23:59:59Z",
)
MADE_NAME = f"Example-Root-{ROOT.sha256[:12]}"


def present(
    stored: StoredAuthority | None = None, repository: Repository = HOME, name: str | None = None
) -> Plan[StoredAuthority]:
    return plan_present(stored, wanted=CONTENT, repository=repository, name=name, pem=PEM)


@pytest.mark.parametrize(
    ("stored", "repository", "name"),
    [
        pytest.param(STORED, HOME, None, id="there"),
        pytest.param(STORED, HOME, "other", id="name-of-no-use"),
        pytest.param(STORED, NEW_HOME, None, id="elsewhere"),
    ],
)
def test_the_same_content_is_not_uploaded_again(stored, repository, name):
    plan = present(stored, repository, name)
    assert plan.steps == ()
    assert plan.before == plan.after == STORED
    assert plan.after is not None
    assert (plan.after.identifier, plan.after.name) == ("1efd3cac-1", None)


@pytest.mark.parametrize(
    ("repository", "name", "wanted_name", "steps"),
    [
        pytest.param(HOME, None, MADE_NAME, ["UploadPCACert"], id="repository-there"),
        pytest.param(HOME, "clients", "clients", ["UploadPCACert"], id="named"),
        pytest.param(NEW_HOME, None, MADE_NAME, ["CreateWarehouse", "UploadPCACert"], id="repository-created-before"),
    ],
)
def test_upload(repository, name, wanted_name, steps):
    plan = present(None, repository, name)
    assert plan.before is None
    assert plan.after == StoredAuthority(CONTENT, repository, wanted_name)
    assert plan.after is not None
    assert plan.after.identifier is None
    assert [step.sentence().partition(":")[0] for step in plan.steps] == steps
    assert plan.steps[-1] == UploadCaCertificate(plan.after, PEM)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param([], id="none"),
        pytest.param([STORED], id="one"),
        pytest.param([STORED, replace(STORED, identifier="1efd3cac-2")], id="all-copies"),
    ],
)
def test_absent(stored):
    plan = plan_absent(stored)
    assert plan.after is None
    assert plan.before == (stored[0] if stored else None)
    assert plan.steps == tuple(DeleteCaCertificate(one) for one in stored)


def test_sentences():
    label = ROOT.label()
    assert [step.sentence() for step in present(None, NEW_HOME, "clients").steps] == [
        "CreateWarehouse: alicloud-tls for uploaded CA certificates in CAS cn-hangzhou",
        f"UploadPCACert: {label} to repository alicloud-tls of CAS cn-hangzhou as clients",
    ]
    (delete,) = plan_absent([STORED]).steps
    assert delete.sentence() == f"DeletePCACert: {label}, 1efd3cac-1 in repository alicloud-tls"


def test_answer_and_diff():
    shown = {key: value for key, value in ROOT.to_dict().items() if key != "names"}
    assert STORED.to_dict() == {
        "identifier": "1efd3cac-1",
        "repository": {"name": "alicloud-tls", "id": 12},
        "name": None,
        "site": "cn-hangzhou",
        **shown,
        "self_signed": True,
        "others": [],
    }
    summary = STORED.summary()
    assert summary == {
        "repository": "alicloud-tls",
        "site": "cn-hangzhou",
        "name": None,
        **{key: value for key, value in ROOT.summary().items() if key != "names"},
    }
    assert STORED.title() == "CA certificate in CAS cn-hangzhou"


def test_a_bundle_is_told_in_full():
    stored = replace(STORED, content=BUNDLE)
    assert [one["sha256"] for one in stored.to_dict()["others"]] == [OTHER.sha256]
    assert [one["subject"] for one in stored.summary()["others"]] == ["Other Root"]
    assert ROOT.label() in BUNDLE.label()
    assert OTHER.label() in BUNDLE.label()


def test_content_is_all_of_its_certificates():
    turned = Content(OTHER, True, (ROOT,))
    assert turned.fingerprints == BUNDLE.fingerprints
    assert CONTENT.fingerprints != BUNDLE.fingerprints
    assert BUNDLE.serials == {0x1F, 0x20}
    assert Content(ROOT, True, (replace(OTHER, serial=None),)).serials == frozenset()


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "start"),
    [
        pytest.param("CN=Example Root", "Example-Root", id="cn"),
        pytest.param("O=Acme,CN=Acme CA,C=CN", "Acme-CA", id="cn-inside"),
        pytest.param(r"CN=Acme\, Inc. CA", "Acme-Inc.-CA", id="escaped"),
        pytest.param("O=Acme", "ca", id="no-cn"),
        pytest.param("CN=根证书", "ca", id="other-letters"),
        pytest.param("", "ca", id="no-subject"),
    ],
)
def test_made_names(subject, start):
    assert chosen_name(None, Content(replace(ROOT, subject=subject), True)) == f"{start}-{ROOT.sha256[:12]}"


def test_the_made_name_of_a_bundle_is_its_own():
    name = chosen_name(None, BUNDLE)
    assert name.startswith("Example-Root-")
    assert name != chosen_name(None, CONTENT)
    assert name.rpartition("-")[2] == Content(OTHER, True, (ROOT,)).mark


@given(common=st.text(max_size=200), sha256=st.text("0123456789abcdef", min_size=64, max_size=64))
def test_made_names_are_short_and_tell_certificates_apart(common, sha256):
    made = chosen_name(None, Content(replace(ROOT, subject=f"CN={common}", sha256=sha256), True))
    assert 13 < len(made) <= 63
    assert made.endswith(f"-{sha256[:12]}")
    assert set(made) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")


# --- what the list of CAS tells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "wanted", "worth"),
    [
        pytest.param("1f", {0x1F}, True, id="same"),
        pytest.param("001F", {0x1F}, True, id="padded-capitals"),
        pytest.param("00:1f", {0x1F}, True, id="colons"),
        pytest.param("0x1F", {0x1F}, True, id="prefix"),
        pytest.param("31", {0x1F}, True, id="decimal"),
        pytest.param("1f", {0x20, 0x1F}, True, id="one-of-a-bundle"),
        pytest.param("20", {0x1F}, False, id="another"),
        pytest.param("", {0x1F}, True, id="not-told"),
        pytest.param("serial!", {0x1F}, True, id="unreadable"),
        pytest.param("20", set(), True, id="own-unknown"),
    ],
)
def test_serial_numbers_are_compared_as_numbers(told, wanted, worth):
    assert replace(LISTED, serial=told).may_have(frozenset(wanted)) is worth


@given(serial=st.integers(min_value=1, max_value=2**160), padding=st.integers(0, 4))
def test_the_right_serial_number_is_always_worth_a_look(serial, padding):
    assert replace(LISTED, serial="0" * padding + f"{serial:X}").may_have(frozenset({serial}))
    assert replace(LISTED, serial=str(serial)).may_have(frozenset({serial}))


def test_facts_of_the_list():
    found = LISTED.facts("ab" * 32)
    assert (found.subject, found.issuer, found.serial, found.sha256) == (
        "CN=Example Root",
        "Example Root",
        "1f",
        "ab" * 32,
    )
    assert replace(LISTED, common_name="", serial="").facts().subject == ""


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        pytest.param(1749580567000, "2025-06-10T18:36:07Z", id="milliseconds"),
        pytest.param(None, "", id="none"),
        pytest.param(0, "", id="zero"),
        pytest.param("1749580567000", "", id="text"),
        pytest.param(10**18, "", id="no-year"),
    ],
)
def test_dates(told, wanted):
    assert utc_of(told) == wanted


# --- which copy, which repository ------------------------------------------------------------------------------------


def test_order_of_choice():
    rows = [
        replace(LISTED, identifier=identifier, repository=number)
        for identifier, number in (("d", 7), ("c", 12), ("b", 12), ("a", None))
    ]

    def order(**how):
        return [one.identifier for one in in_order_of_choice(rows, **how)]

    assert order() == ["a", "b", "c", "d"]
    assert order(repositories={12}) == ["b", "c", "a", "d"]
    assert order(prefer="d", repositories={12}) == ["d", "b", "c", "a"]


def test_repositories_by_name():
    there = [Repository("x", "s", 9), Repository("x", "s", 3), Repository("X", "s", 1)]
    assert [one.number for one in named(there, "x")] == [3, 9]
    assert named(there, "y") == []


# --- content ---------------------------------------------------------------------------------------------------------


def test_fingerprints_of_pem():
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    block = "-----BEGIN CERTIFICATE-----\r\nYW\r\nJj\r\n-----END CERTIFICATE-----"
    assert pem_fingerprints(f"# text\n{block}\n{block}\n") == {abc}
    assert pem_fingerprints("-----BEGIN CERTIFICATE-----\nYWJ\n-----END CERTIFICATE-----\n") == frozenset()
    assert pem_fingerprints("-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n") == {empty}
    assert pem_fingerprints("") == frozenset()


# --- plans -----------------------------------------------------------------------------------------------------------


@given(there=st.booleans(), new_home=st.booleans(), name=st.none() | st.just("clients"))
def test_a_plan_carried_out_leaves_nothing_to_plan(there, new_home, name):
    plan = present(STORED if there else None, NEW_HOME if new_home else HOME, name)
    assert plan.after is not None
    made = replace(plan.after, repository=HOME, identifier="1efd3cac-9")
    again = present(made, HOME, name)
    assert not again.changed
    assert again.after == made
    assert set(plan.after.summary()) == set(made.summary())
    assert not plan_absent([]).changed


TEXT = st.text("abcdefghijklmnopqrstuvwxyz0123456789+/=", min_size=20, max_size=60)


@given(pem=TEXT)
def test_nothing_tells_the_pem(pem):
    plan = plan_present(None, wanted=CONTENT, repository=NEW_HOME, name=None, pem=pem)
    assert plan.after is not None
    told = [repr(plan), json.dumps([plan.after.to_dict(), plan.after.summary()])]
    told += [step.sentence() for step in plan.steps]
    assert not [text for text in told if pem in text]
    assert isinstance(plan.steps[0], CreateRepository)
