# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import fields, replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.balancer import AccessLog as BalancerLog, LoadBalancer
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener import (
    CreateListener,
    DeleteListener,
    Listener,
    MakeRoom,
    SwitchListener,
    UnlinkQuic,
    UpdateListener,
    UpdateLogConfig,
    Wishes,
    check_balancer,
    check_recreatable,
    is_at,
    needs_balancer,
    plan_absent,
    plan_present,
    plan_recreation,
)
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener_settings import (
    AccessLog,
    CertificateHeader,
    QuicUpgrade,
    x_forwarded_for_of,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import InputError
from ansible_collections.alicloud.tls.plugins.module_utils._core.plan import Plan
from ansible_collections.alicloud.tls.plugins.module_utils._core.tags import TagResource, UntagResource
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
        pytest.param(
            lambda: plan_absent(HTTP, port=81), ("port 80 of alb-1, not HTTP on port 81",), id="absent-other-port"
        ),
        pytest.param(
            lambda: plan_absent(HTTP, load_balancer_id="alb-2"), ("on port 80 of alb-2",), id="absent-elsewhere"
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


CA = Certificate("ca-1", ECC.facts)
OTHER_CA = Certificate("ca-2", ECC.facts)
PLANNED_CA = Certificate(None, ECC.facts)
WITH_CA = replace(LISTENER, ca_enabled=True, ca_certificate_id="ca-1")
LINK = QuicUpgrade(True, "lsn-quic")


@pytest.mark.parametrize(
    ("current", "wishes", "changes"),
    [
        pytest.param(
            LISTENER,
            Wishes(ca_enabled=True, ca_certificate=CA),
            {"ca_enabled": True, "ca_certificate_id": "ca-1"},
            id="on",
        ),
        pytest.param(
            LISTENER,
            Wishes(ca_enabled=True, ca_certificate=PLANNED_CA),
            {"ca_enabled": True, "ca_certificate_id": None},
            id="on-with-a-planned-ca",
        ),
        pytest.param(
            replace(LISTENER, ca_enabled=False, ca_certificate_id="ca-1"),
            Wishes(ca_enabled=True),
            {"ca_enabled": True, "ca_certificate_id": "ca-1"},
            id="on-with-the-ca-from-before",
        ),
        pytest.param(WITH_CA, Wishes(ca_enabled=True), {}, id="on-already"),
        pytest.param(WITH_CA, Wishes(ca_enabled=True, ca_certificate=CA), {}, id="on-with-this-ca-already"),
        pytest.param(WITH_CA, Wishes(ca_certificate=CA), {}, id="this-ca-already"),
        pytest.param(
            WITH_CA,
            Wishes(ca_certificate=OTHER_CA),
            {"ca_enabled": True, "ca_certificate_id": "ca-2"},
            id="another-ca",
        ),
        pytest.param(WITH_CA, Wishes(ca_enabled=False), {"ca_enabled": False}, id="off"),
        pytest.param(
            WITH_CA, Wishes(ca_enabled=False, ca_certificate=OTHER_CA), {"ca_enabled": False}, id="off-anyway"
        ),
        pytest.param(LISTENER, Wishes(ca_enabled=False, ca_certificate=OTHER_CA), {}, id="off-already"),
        pytest.param(LISTENER, Wishes(quic_upgrade=LINK), {"quic_upgrade": LINK}, id="link"),
        pytest.param(
            replace(LISTENER, quic_upgrade=LINK),
            Wishes(quic_upgrade=QuicUpgrade()),
            {"quic_upgrade": QuicUpgrade()},
            id="unlink",
        ),
        pytest.param(replace(LISTENER, quic_upgrade=LINK), Wishes(quic_upgrade=LINK), {}, id="linked-already"),
        pytest.param(
            LISTENER,
            Wishes(x_forwarded_for={"proto": True, "host": None}),
            {"x_forwarded_for": replace(LISTENER.x_forwarded_for, proto=True)},
            id="headers",
        ),
        pytest.param(LISTENER, Wishes(x_forwarded_for={"enabled": True, "host": None}), {}, id="headers-as-they-are"),
    ],
)
def test_update_of_what_belongs_together(current, wishes, changes):
    plan = present(current, wishes)
    assert plan.after == replace(current, **changes)
    assert plan.steps == ((UpdateListener("lsn-1", changes),) if changes else ())


LOG = {"customized_headers": True, "tracing": None}
LOGGED = AccessLog(customized_headers=True)


@pytest.mark.parametrize(
    ("current", "wishes", "steps"),
    [
        pytest.param(LISTENER, Wishes(stopped=True), [SwitchListener("lsn-1", True)], id="stop"),
        pytest.param(
            replace(LISTENER, stopped=True), Wishes(stopped=False), [SwitchListener("lsn-1", False)], id="start"
        ),
        pytest.param(LISTENER, Wishes(stopped=False), [], id="runs"),
        pytest.param(replace(LISTENER, stopped=True, status="Stopped"), Wishes(stopped=True), [], id="is-stopped"),
        pytest.param(replace(LISTENER, stopped=True), Wishes(), [], id="left-alone"),
        pytest.param(
            LISTENER,
            Wishes(stopped=True, idle_timeout=9, access_log=LOG, tags={"a": "1"}),
            [
                UpdateListener("lsn-1", {"idle_timeout": 9}),
                UpdateLogConfig("lsn-1", LOGGED),
                SwitchListener("lsn-1", True),
                TagResource("listener", "lsn-1", {"a": "1"}),
            ],
            id="change-and-stop",
        ),
        pytest.param(
            replace(LISTENER, stopped=True),
            Wishes(stopped=False, idle_timeout=9, access_log=LOG),
            [
                SwitchListener("lsn-1", False),
                UpdateListener("lsn-1", {"idle_timeout": 9}),
                UpdateLogConfig("lsn-1", LOGGED),
            ],
            id="start-and-change",
        ),
        pytest.param(
            replace(LISTENER, tags={"a": "1", "b": "2", "acs:x": "3"}),
            Wishes(tags={"a": "2"}, purge_tags=True),
            [UntagResource("listener", "lsn-1", ("b",)), TagResource("listener", "lsn-1", {"a": "2"})],
            id="purge-but-not-the-cloud's",
        ),
        pytest.param(replace(LISTENER, tags={"b": "2"}), Wishes(tags={}), [], id="no-purge"),
        pytest.param(replace(LISTENER, tags={"b": "2"}), Wishes(purge_tags=True), [], id="nothing-said-of-tags"),
        pytest.param(replace(LISTENER, access_log=LOGGED), Wishes(access_log=LOG), [], id="log-as-it-is"),
        pytest.param(
            replace(LISTENER, access_log=LOGGED),
            Wishes(access_log={"tracing": {"enabled": False, "sample": 5, "type": None}}),
            [],
            id="tracing-off-as-it-is",
        ),
    ],
)
def test_steps_of_their_own(current, wishes, steps):
    plan = present(current, wishes)
    assert list(plan.steps) == steps
    assert plan.after is not None
    if wishes.stopped is not None:
        assert (plan.after.stopped, plan.after.status) == (
            wishes.stopped,
            "Stopped" if wishes.stopped else plan.after.status,
        )


def test_create_with_everything():
    wishes = Wishes(
        certificates=PAIR,
        server_group_id="sgp-1",
        ca_enabled=True,
        ca_certificate=CA,
        quic_upgrade=LINK,
        x_forwarded_for={"host": True},
        access_log=LOG,
        tags={"a": "1"},
        stopped=True,
    )
    plan = present(None, wishes)
    headers = replace(x_forwarded_for_of("HTTPS"), host=True)
    create, *later = plan.steps
    assert create == CreateListener(
        "alb-1",
        "HTTPS",
        443,
        {
            "certificates": ONE,
            "server_group_id": "sgp-1",
            "ca_enabled": True,
            "ca_certificate_id": "ca-1",
            "quic_upgrade": LINK,
            "x_forwarded_for": headers,
            "tags": {"a": "1"},
        },
    )
    assert later == [
        UpdateListener(None, {"certificates": PAIR}),
        UpdateLogConfig(None, LOGGED),
        SwitchListener(None, True),
    ]
    after = plan.after
    assert after is not None
    assert (after.status, after.stopped, after.access_log, after.tags) == ("Stopped", True, LOGGED, {"a": "1"})
    assert (after.quic_upgrade, after.x_forwarded_for, after.ca_certificate_id) == (LINK, headers, "ca-1")


@pytest.mark.parametrize(
    ("current", "wishes", "part"),
    [
        pytest.param(LISTENER, Wishes(ca_enabled=True), "ca_certificate is needed", id="no-ca"),
        pytest.param(LISTENER, Wishes(ca_certificate=CA), "set ca_enabled to true", id="ca-alone"),
        pytest.param(QUIC, Wishes(ca_enabled=False), "ca_enabled exists on HTTPS", id="ca-on-quic"),
        pytest.param(HTTP, Wishes(quic_upgrade=QuicUpgrade()), "quic_upgrade exists on HTTPS", id="quic-on-http"),
        pytest.param(QUIC, Wishes(x_forwarded_for={"enabled": True}), "x_forwarded_for.enabled", id="header-on-quic"),
        pytest.param(LISTENER, Wishes(description="a b"), "description", id="description"),
        pytest.param(LISTENER, Wishes(idle_timeout=3601), "idle_timeout must be from 1 to 3600", id="timeout"),
    ],
)
def test_settings_that_are_refused(current, wishes, part):
    with pytest.raises(InputError, match=re.escape(part)):
        present(current, wishes, None, None)


STANDARD = LoadBalancer("alb-1", "shop", "Standard")
BASIC = replace(STANDARD, edition="Basic", access_log=BalancerLog("shop", "alb"))


@pytest.mark.parametrize(
    ("wishes", "needed", "refused_by"),
    [
        pytest.param(Wishes(idle_timeout=9), False, None, id="nothing-special"),
        pytest.param(Wishes(security_policy_id="tls_cipher_policy_1_2"), False, None, id="policy-of-the-system"),
        pytest.param(Wishes(security_policy_id="sp-1"), True, BASIC, id="own-policy"),
        pytest.param(Wishes(ca_enabled=True, ca_certificate=CA), True, BASIC, id="mutual-authentication"),
        pytest.param(Wishes(access_log=LOG), True, STANDARD, id="access-log"),
    ],
)
@pytest.mark.parametrize("new", [True, False], ids=["create", "update"])
def test_what_the_load_balancer_has_to_have(wishes, needed, refused_by, new):
    if new:
        wishes = replace(wishes, certificates=ONE, server_group_id="sgp-1")
    plan = present(None if new else LISTENER, wishes)
    assert needs_balancer(plan) is needed
    for balancer in (STANDARD, BASIC):
        if balancer == refused_by:
            with pytest.raises(InputError, match=r"alb-1 \(shop\)"):
                check_balancer(plan, balancer)
        else:
            check_balancer(plan, balancer)


def recreation(current: Listener, wishes: Wishes, balancer: str = "alb-1", **at: t.Any) -> Plan[Listener]:
    return plan_recreation(current, wishes, load_balancer_id=balancer, protocol=at.get("protocol"), port=at.get("port"))


FULL = replace(
    WITH_CA,
    quic_upgrade=LINK,
    x_forwarded_for=replace(LISTENER.x_forwarded_for, slb_id=True, client_cert_issuer_dn=CertificateHeader(True, "i")),
    access_log=AccessLog(True, True, 5, "Zipkin"),
    tags={"a": "1", "acs:x": "2"},
    stopped=True,
)


def test_recreation_on_another_port():
    plan = recreation(FULL, Wishes(idle_timeout=9), port=444)
    assert plan.before is FULL
    assert plan.after == replace(FULL, port=444, idle_timeout=9, tags={"a": "1"})
    assert [type(step) for step in plan.steps] == [
        UnlinkQuic,
        CreateListener,
        UpdateLogConfig,
        SwitchListener,
        DeleteListener,
    ]
    assert isinstance(plan.steps[0], UnlinkQuic)
    assert plan.steps[0].reversal() == UpdateListener("lsn-1", {"quic_upgrade": LINK})
    assert plan.steps[-1] == DeleteListener("lsn-1")


def test_recreation_in_the_same_place_makes_room_and_can_go_back():
    plan = recreation(FULL, Wishes(description="plain"), protocol="HTTP")
    assert plan.after == replace(
        HTTP,
        port=443,
        description="plain",
        stopped=True,
        tags={"a": "1"},
        access_log=FULL.access_log,
        x_forwarded_for=replace(x_forwarded_for_of("HTTP"), slb_id=True),
    )
    room, create, *_later = plan.steps
    assert isinstance(room, MakeRoom)
    assert isinstance(create, CreateListener)
    back = room.reversal()
    assert (back.protocol, back.port, back.load_balancer_id) == ("HTTPS", 443, "alb-1")
    assert back.sentence().endswith(
        ", with mutual authentication, still without its access log settings and being stopped"
    )
    for name in (
        "certificates",
        "ca_certificate_id",
        "quic_upgrade",
        "x_forwarded_for",
        "server_group_id",
        "description",
    ):
        assert back.settings[name] == getattr(FULL, name)


def test_recreation_elsewhere_does_not_take_the_link_along():
    with pytest.raises(InputError, match="lsn-quic"):
        recreation(FULL, Wishes(), "alb-2")
    plan = recreation(FULL, Wishes(quic_upgrade=QuicUpgrade()), "alb-2")
    assert [type(step) for step in plan.steps][:1] == [CreateListener]


def test_recreation_for_quic_leaves_the_port_of_tcp_alone():
    plan = recreation(LISTENER, Wishes(), protocol="QUIC")
    assert [type(step) for step in plan.steps] == [CreateListener, DeleteListener]
    assert plan.after == QUIC


@pytest.mark.parametrize(
    ("listener", "additional", "part"),
    [
        (LISTENER, 2, "2 additional certificates"),
        (replace(LISTENER, access_control_lists=("acl-1",)), 0, "acl-1"),
    ],
)
def test_what_would_be_lost_is_not_recreated(listener, additional, part):
    with pytest.raises(InputError, match=part):
        check_recreatable(listener, additional)
    check_recreatable(LISTENER, 0)


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (SwitchListener("lsn-1", False), "StartListener: lsn-1"),
        (SwitchListener(None, True), "StopListener: the new listener"),
        (UpdateLogConfig("lsn-1", LOGGED), "UpdateListenerLogConfig: customized headers on, tracing off"),
        (
            UpdateLogConfig("lsn-1", AccessLog(False, True, 5, "Zipkin")),
            "UpdateListenerLogConfig: customized headers off, tracing Zipkin for 5 of 10000",
        ),
        (
            present(LISTENER, Wishes(x_forwarded_for={"host": True, "client_cert_issuer_dn": {"enabled": True}})).steps[
                0
            ],
            "UpdateListenerAttribute: set x_forwarded_for to host on, client_cert_issuer_dn on",
        ),
        (
            UpdateListener("lsn-1", {"quic_upgrade": LINK}),
            "UpdateListenerAttribute: set quic_upgrade to by lsn-quic",
        ),
        (UpdateListener("lsn-1", {"quic_upgrade": QuicUpgrade()}), "UpdateListenerAttribute: set quic_upgrade to off"),
    ],
)
def test_sentences_of_other_steps(step, wanted):
    assert step.sentence() == wanted


SINGLES = [RSA, ECC, RENEWED, PLANNED, UNKNOWN]
CERTIFICATES = st.sampled_from(
    [frozenset({one}) for one in SINGLES] + [frozenset({RSA, ECC}), frozenset({RENEWED, ECC})]
)
QUIC_UPGRADES = st.sampled_from([QuicUpgrade(), LINK, QuicUpgrade(True, "lsn-quic-2"), QuicUpgrade(True)])
HEADER = st.fixed_dictionaries({"enabled": st.none() | st.booleans(), "alias": st.sampled_from([None, "a", "b"])})
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "processing_mode": st.sampled_from([None, "append", "remove"]),
        "proto": st.none() | st.booleans(),
        "client_source_ips_trusted": st.sampled_from([None, "", "10.1.1.0/24"]),
        "client_cert_subject_dn": st.none() | HEADER,
    },
)
LOGS = st.fixed_dictionaries(
    {
        "customized_headers": st.none() | st.booleans(),
        "tracing": st.none()
        | st.fixed_dictionaries(
            {
                "enabled": st.none() | st.booleans(),
                "sample": st.none() | st.integers(1, 10000),
                "type": st.sampled_from([None, "Zipkin", "OpenTelemetry"]),
            }
        ),
    }
)
TAGS = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from(["", "1", "2"]))
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
    ca_enabled=st.none() | st.booleans(),
    ca_certificate=st.none() | st.sampled_from([CA, OTHER_CA, PLANNED_CA]),
    quic_upgrade=st.none() | QUIC_UPGRADES,
    x_forwarded_for=st.none() | HEADERS,
    access_log=st.none() | LOGS,
    tags=st.none() | TAGS,
    purge_tags=st.booleans(),
    stopped=st.none() | st.booleans(),
)


def _like(current: Listener, headers: dict[str, t.Any], ca: tuple[bool, str | None], link: QuicUpgrade) -> Listener:
    """With what only some protocols have."""
    merged = current.x_forwarded_for.merged({name: one for name, one in headers.items() if name == "proto"})
    if current.protocol != "HTTPS":
        return replace(current, x_forwarded_for=merged)
    merged = current.x_forwarded_for.merged(headers)
    return replace(current, x_forwarded_for=merged, ca_enabled=ca[0], ca_certificate_id=ca[1], quic_upgrade=link)


LISTENERS = st.builds(
    _like,
    st.builds(
        replace,
        st.sampled_from([LISTENER, HTTP, QUIC]),
        description=st.none() | st.sampled_from(["web", "shop"]),
        certificates=CERTIFICATES,
        idle_timeout=st.none() | st.integers(1, 60),
        server_group_id=st.sampled_from(["sgp-1", "sgp-2"]),
        access_log=st.sampled_from([AccessLog(), LOGGED, AccessLog(False, True, 5, "Zipkin")]),
        tags=TAGS,
        stopped=st.booleans(),
    ),
    HEADERS,
    st.sampled_from([(False, None), (False, "ca-1"), (True, "ca-1"), (True, "ca-2")]),
    st.sampled_from([QuicUpgrade(), LINK]),
).map(lambda one: replace(one, status="Stopped" if one.stopped else "Running"))


def said(wishes: Wishes) -> set[str]:
    """Names of the settings that a task may write."""
    names = {one.name for one in fields(wishes) if getattr(wishes, one.name) not in (None, "")}
    return names | ({"ca_enabled", "ca_certificate_id"} if names & {"ca_enabled", "ca_certificate"} else set())


@settings(max_examples=300)
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
    assert sum(isinstance(step, UpdateListener) for step in plan.steps) <= 1
    for step in plan.steps:
        if isinstance(step, (CreateListener, UpdateListener)):
            assert set(step.settings) <= said(wishes)
    if current is not None and wishes.access_log is None:
        assert not any(isinstance(step, UpdateLogConfig) for step in plan.steps)
    if wishes.tags is None:
        assert not any(isinstance(step, (TagResource, UntagResource)) for step in plan.steps)
    if wishes.stopped is None:
        assert not any(isinstance(step, SwitchListener) for step in plan.steps)
    if plan.before is not None:
        assert set(plan.before.summary()) == set(plan.after.summary())
        assert set(plan.before.to_dict()) == set(plan.after.to_dict())


@given(current=LISTENERS)
def test_absence_leaves_nothing_to_plan(current):
    plan = plan_absent(current, protocol=None)
    assert plan.changed
    assert not plan_absent(plan.after, protocol=None).changed


@settings(max_examples=200)
@given(
    current=LISTENERS,
    wishes=WISHES,
    protocol=st.sampled_from(["HTTPS", "HTTP", "QUIC"]),
    port=st.sampled_from([80, 443, 444]),
)
def test_what_was_recreated_is_as_wished(current, wishes, protocol, port):
    if is_at(current, "alb-1", protocol, port):
        return
    try:
        plan = recreation(current, wishes, protocol=protocol, port=port)
    except InputError:
        return  # Such as certificates that an HTTP listener does not have.
    assert plan.after is not None
    assert is_at(plan.after, "alb-1", protocol, port)
    assert not present(plan.after, wishes, protocol, port).changed
    assert sum(isinstance(step, CreateListener) for step in plan.steps) == 1
    assert sum(isinstance(step, DeleteListener) for step in plan.steps) == 1
    if wishes.stopped is None:
        assert plan.after.stopped == current.stopped
    for name in ("description", "gzip_enabled", "request_timeout", "server_group_id"):
        if getattr(wishes, name) is None and getattr(current, name) is not None:
            assert getattr(plan.after, name) == getattr(current, name)
