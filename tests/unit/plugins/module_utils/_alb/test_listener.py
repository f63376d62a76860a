# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener import (
    CreateListener,
    DeleteListener,
    Listener,
    UpdateListener,
    Wishes,
    plan_absent,
    plan_present,
)
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener_settings import QuicUpgrade, x_forwarded_for_of
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Plan
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    ECC,
    HTTP,
    LISTENER,
    PLANNED,
    QUIC,
    RENEWED,
    RSA,
    UNKNOWN,
)
from hypothesis import given, settings, strategies as st

ONE = frozenset({RSA})
PAIR = frozenset({RSA, ECC})
NEEDED = Wishes(certificates=ONE, server_group_id="sgp-1")


def present(
    current: Listener | None, wishes: Wishes, protocol: str | None = "HTTPS", port: int | None = 443
) -> Plan[Listener]:
    return plan_present(current, wishes, load_balancer_id="alb-1", protocol=protocol, port=port)


@pytest.mark.parametrize(
    ("current", "wishes", "changes"),
    [
        pytest.param(LISTENER, Wishes(), {}, id="nothing-said"),
        pytest.param(
            LISTENER,
            Wishes(
                description="web",
                certificates=ONE,
                security_policy_id="tls_cipher_policy_1_0",
                http2_enabled=True,
                gzip_enabled=True,
                idle_timeout=15,
                request_timeout=60,
                server_group_id="sgp-1",
            ),
            {},
            id="everything-said-as-it-is",
        ),
        pytest.param(LISTENER, Wishes(description="shop"), {"description": "shop"}, id="description"),
        pytest.param(LISTENER, Wishes(idle_timeout=30), {"idle_timeout": 30}, id="idle-timeout"),
        pytest.param(LISTENER, Wishes(http2_enabled=False), {"http2_enabled": False}, id="off"),
        pytest.param(LISTENER, Wishes(server_group_id="sgp-2"), {"server_group_id": "sgp-2"}, id="server-group"),
        pytest.param(
            LISTENER,
            Wishes(security_policy_id="tls_cipher_policy_1_2", gzip_enabled=True, request_timeout=90),
            {"security_policy_id": "tls_cipher_policy_1_2", "request_timeout": 90},
            id="only-what-differs",
        ),
        pytest.param(
            LISTENER, Wishes(certificates=frozenset({RENEWED})), {"certificates": frozenset({RENEWED})}, id="renewed"
        ),
        pytest.param(LISTENER, Wishes(certificates=PAIR), {"certificates": PAIR}, id="one-to-pair"),
        pytest.param(
            replace(LISTENER, certificates=PAIR), Wishes(certificates=ONE), {"certificates": ONE}, id="pair-to-one"
        ),
        pytest.param(replace(LISTENER, certificates=PAIR), Wishes(certificates=frozenset([ECC, RSA])), {}, id="order"),
        pytest.param(
            LISTENER, Wishes(certificates=frozenset({Certificate("11-cn-hangzhou")})), {}, id="same-without-facts"
        ),
        pytest.param(
            LISTENER, Wishes(certificates=frozenset({PLANNED})), {"certificates": frozenset({PLANNED})}, id="planned"
        ),
        pytest.param(
            replace(LISTENER, certificates=frozenset({RSA, RENEWED})),
            Wishes(idle_timeout=30),
            {"idle_timeout": 30},
            id="odd-set-left-alone",
        ),
        pytest.param(replace(LISTENER, status="Stopped"), Wishes(idle_timeout=30), {"idle_timeout": 30}, id="stopped"),
        pytest.param(
            replace(LISTENER, gzip_enabled=None), Wishes(gzip_enabled=True), {"gzip_enabled": True}, id="unknown"
        ),
    ],
)
def test_update(current, wishes, changes):
    plan = present(current, wishes)
    assert plan.before == current
    assert plan.after == replace(current, **changes)
    assert plan.after is not None
    assert (plan.after.id, plan.after.status) == (current.id, current.status)
    assert plan.steps == ((UpdateListener("lsn-1", changes),) if changes else ())


@pytest.mark.parametrize("current", [LISTENER, HTTP, QUIC], ids=["https", "http", "quic"])
def test_an_existing_listener_keeps_its_protocol_if_none_is_said(current):
    plan = present(current, Wishes(idle_timeout=30), None, None)
    assert plan.after == replace(current, idle_timeout=30)


HTTPS_DEFAULTS: dict[str, t.Any] = {
    "security_policy_id": "tls_cipher_policy_1_0",
    "http2_enabled": True,
    "gzip_enabled": True,
    "idle_timeout": 15,
    "request_timeout": 60,
    "ca_enabled": False,
    "quic_upgrade": QuicUpgrade(),
}
NOT_HTTPS: dict[str, t.Any] = {
    **HTTPS_DEFAULTS,
    **dict.fromkeys(("security_policy_id", "http2_enabled", "ca_enabled", "quic_upgrade")),
}


@pytest.mark.parametrize(
    ("wishes", "protocol", "wanted"),
    [
        pytest.param(NEEDED, "HTTPS", HTTPS_DEFAULTS, id="least"),
        pytest.param(NEEDED, None, HTTPS_DEFAULTS, id="https-is-meant"),
        pytest.param(
            replace(NEEDED, description="shop", http2_enabled=False, idle_timeout=1),
            "HTTPS",
            {**HTTPS_DEFAULTS, "description": "shop", "http2_enabled": False, "idle_timeout": 1},
            id="own-settings",
        ),
        pytest.param(replace(NEEDED, certificates=frozenset({PLANNED})), "HTTPS", HTTPS_DEFAULTS, id="planned"),
        pytest.param(
            NEEDED,
            "QUIC",
            NOT_HTTPS,
            id="quic",
        ),
        pytest.param(
            Wishes(server_group_id="sgp-1"),
            "HTTP",
            NOT_HTTPS,
            id="http",
        ),
    ],
)
def test_create(wishes, protocol, wanted):
    plan = present(None, wishes, protocol)
    assert plan.before is None
    assert plan.after == Listener(
        id=None,
        status="Running",
        load_balancer_id="alb-1",
        protocol=protocol or "HTTPS",
        port=443,
        x_forwarded_for=x_forwarded_for_of(protocol or "HTTPS"),
        **{"server_group_id": "sgp-1", "certificates": wishes.certificates or frozenset(), **wanted},
    )
    assert plan.steps == (CreateListener("alb-1", protocol or "HTTPS", 443, wishes.given()),)


def test_create_with_a_pair():
    """One certificate is always taken at once; the listener is whole after the second write."""
    plan = present(None, replace(NEEDED, certificates=PAIR))
    assert plan.after is not None
    assert plan.after.certificates == PAIR
    create, update = plan.steps
    assert isinstance(create, CreateListener)
    assert len(create.settings["certificates"]) == 1
    assert create.settings["certificates"] < PAIR
    assert update == UpdateListener(None, {"certificates": PAIR})


@pytest.mark.parametrize(
    ("current", "protocol", "changed"),
    [
        pytest.param(LISTENER, "HTTPS", True, id="there"),
        pytest.param(LISTENER, None, True, id="any-protocol"),
        pytest.param(HTTP, None, True, id="http"),
        pytest.param(None, "HTTPS", False, id="not-there"),
        pytest.param(replace(LISTENER, id=None), "HTTPS", False, id="only-planned"),
    ],
)
def test_absent(current, protocol, changed):
    plan = plan_absent(current, protocol=protocol)
    assert plan.after is None
    assert plan.before == (current if changed else None)
    assert plan.steps == ((DeleteListener("lsn-1"),) if changed else ())


@pytest.mark.parametrize(
    ("make", "parts"),
    [
        pytest.param(
            lambda: present(None, Wishes(certificates=ONE)),
            ("no HTTPS listener on port 443 of alb-1", "server_group"),
            id="no-group",
        ),
        pytest.param(
            lambda: present(None, Wishes(server_group_id="sgp-1")), ("certificates is needed",), id="no-certificate"
        ),
        pytest.param(
            lambda: present(None, Wishes(server_group_id="sgp-1"), "QUIC"),
            ("no QUIC listener", "certificates is needed"),
            id="quic-no-certificate",
        ),
        pytest.param(lambda: present(None, NEEDED, port=None), ("only if port is given",), id="no-port"),
        pytest.param(
            lambda: present(None, replace(NEEDED, certificates=frozenset())),
            ("must not be empty",),
            id="create-with-none",
        ),
        pytest.param(
            lambda: present(LISTENER, Wishes(certificates=frozenset())), ("must not be empty",), id="take-away"
        ),
        pytest.param(
            lambda: present(LISTENER, Wishes(certificates=frozenset({RSA, RENEWED}))),
            ("one RSA and one ECC",),
            id="two-rsa",
        ),
        pytest.param(lambda: present(None, NEEDED, "HTTP"), ("HTTP listeners take no certificates",), id="http-with"),
        pytest.param(
            lambda: present(HTTP, Wishes(certificates=ONE), None, None),
            ("HTTP listeners take no certificates",),
            id="http-gets",
        ),
        pytest.param(
            lambda: present(HTTP, Wishes(http2_enabled=True), None, None),
            ("http2_enabled", "not on HTTP"),
            id="http-http2",
        ),
        pytest.param(
            lambda: present(None, replace(NEEDED, security_policy_id="p"), "QUIC"),
            ("security_policy_id", "not on QUIC"),
            id="quic-policy",
        ),
        pytest.param(
            lambda: present(HTTP, Wishes(), port=80),
            ("lsn-1 is the HTTP listener on port 80 of alb-1, not HTTPS on port 80", "cannot be changed"),
            id="protocol-differs",
        ),
        pytest.param(
            lambda: present(LISTENER, Wishes(), port=8443),
            ("not HTTPS on port 8443", "cannot be changed"),
            id="port-differs",
        ),
        pytest.param(
            lambda: plan_absent(HTTP, protocol="HTTPS"), ("lsn-1 is the HTTP listener",), id="absent-other-protocol"
        ),
    ],
)
def test_refusals(make, parts):
    with pytest.raises(InputError) as caught:
        make()
    for part in parts:
        assert part in caught.value.message


@pytest.mark.parametrize(
    ("plan", "wanted"),
    [
        pytest.param(
            present(None, NEEDED),
            f"CreateListener: HTTPS on port 443 of alb-1 serving {RSA.label()}",
            id="create",
        ),
        pytest.param(
            present(None, Wishes(server_group_id="sgp-1"), "HTTP"),
            "CreateListener: HTTP on port 443 of alb-1",
            id="create-http",
        ),
        pytest.param(
            present(LISTENER, Wishes(certificates=frozenset({RSA, ECC}), idle_timeout=30)),
            f"UpdateListenerAttribute: set certificates to {ECC.label()} and {RSA.label()}, idle_timeout to 30",
            id="update",
        ),
        pytest.param(
            present(LISTENER, Wishes(certificates=frozenset({UNKNOWN}))),
            "UpdateListenerAttribute: set certificates to certificate 99-cn-hangzhou",
            id="update-unknown",
        ),
        pytest.param(plan_absent(LISTENER, protocol=None), "DeleteListener: lsn-1", id="delete"),
    ],
)
def test_sentences(plan, wanted):
    assert [step.sentence() for step in plan.steps] == [wanted]


def test_id_and_status_are_no_difference():
    assert replace(LISTENER, id=None, status="Configuring") == LISTENER
    assert replace(LISTENER, port=444) != LISTENER


@pytest.mark.parametrize(
    ("status", "settled"),
    [("Running", True), ("Stopped", True), ("Provisioning", False), ("Configuring", False), ("None", False)],
)
def test_settled(status, settled):
    assert replace(LISTENER, status=status).settled is settled


def test_the_diff_leaves_out_what_the_cloud_chooses():
    assert set(LISTENER.to_dict()) - set(LISTENER.summary()) == {"id", "status"}
    assert LISTENER.title() == "HTTPS listener on port 443 of alb-1"


SINGLES = [RSA, ECC, RENEWED, PLANNED, UNKNOWN]
CERTIFICATES = st.sampled_from(
    [frozenset({one}) for one in SINGLES] + [frozenset({RSA, ECC}), frozenset({RENEWED, ECC})]
)
WISHES = st.builds(
    Wishes,
    description=st.none() | st.sampled_from(["web", "shop"]),
    certificates=st.none() | CERTIFICATES,
    security_policy_id=st.none() | st.sampled_from(["tls_cipher_policy_1_0", "tls_cipher_policy_1_2"]),
    http2_enabled=st.none() | st.booleans(),
    gzip_enabled=st.none() | st.booleans(),
    idle_timeout=st.none() | st.integers(1, 60),
    request_timeout=st.none() | st.integers(1, 180),
    server_group_id=st.none() | st.sampled_from(["sgp-1", "sgp-2"]),
)
LISTENERS = st.builds(
    replace,
    st.sampled_from([LISTENER, HTTP, QUIC]),
    description=st.none() | st.sampled_from(["web", "shop"]),
    certificates=CERTIFICATES,
    idle_timeout=st.none() | st.integers(1, 60),
    server_group_id=st.none() | st.sampled_from(["sgp-1", "sgp-2"]),
)


@settings(max_examples=60)
@given(current=st.none() | LISTENERS, wishes=WISHES, protocol=st.sampled_from(["HTTPS", "HTTP", "QUIC"]))
def test_a_plan_carried_out_leaves_nothing_to_plan(current, wishes, protocol):
    kind, port = (None, None) if current else (protocol, 443)
    try:
        plan = present(current, wishes, kind, port)
    except InputError:
        return  # Refusals have tables of their own.
    assert plan.after is not None
    assert not present(plan.after, wishes, kind, port).changed
    for name, value in wishes.given().items():
        assert getattr(plan.after, name) == value
    json.dumps(plan.after.to_dict())
    if plan.before is not None:
        assert set(plan.before.summary()) == set(plan.after.summary())
        assert set(plan.before.to_dict()) == set(plan.after.to_dict())


@given(current=LISTENERS)
def test_absence_leaves_nothing_to_plan(current):
    plan = plan_absent(current, protocol=None)
    assert plan.changed
    assert not plan_absent(plan.after, protocol=None).changed
