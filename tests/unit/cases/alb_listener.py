# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.alicloud.tls.tests.emulator.world import CustomPolicy
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage

CASES = Cases("alb_listener")


@CASES.case()
def _create_by_ids(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.rsa)
    return {"load_balancer": DEMO, "port": 443, "server_group": GROUP, "certificates": [one["id"]]}


@CASES.case()
def _create_by_names_with_an_object(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.rsa)
    return {**stage.at, "server_group": "demo-web", "certificates": [one]}


@CASES.case()
def _create_with_every_setting(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.ecc)
    return {
        **stage.at,
        "protocol": "HTTPS",
        "server_group": "demo-web",
        "certificates": [one["sha256"]],
        "description": "shop",
        "security_policy_id": "tls_cipher_policy_1_2_strict_with_1_3",
        "http2_enabled": False,
        "gzip_enabled": False,
        "idle_timeout": 30,
        "request_timeout": 90,
    }


@CASES.case()
def _change_one_setting(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "description": "shop"}


@CASES.case()
def _change_many_settings_by_id(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, description="shop")
    return {
        "listener_id": listener["id"],
        "description": "shop-2",
        "security_policy_id": "tls_cipher_policy_1_2",
        "http2_enabled": False,
        "gzip_enabled": False,
        "idle_timeout": 5,
        "request_timeout": 5,
    }


@CASES.case()
def _change_the_server_group(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.cloud.seed({"server_groups": [{"server_group_id": "sgp-other", "name": "other", "vpc_id": "vpc-demo"}]})
    return {**stage.at, "server_group": "other"}


@CASES.case()
def _change_certificate_and_setting(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)], "description": "renewed"}


@CASES.case()
def _add_the_other_algorithm(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [listener["certificates"][0]["id"], stage.uploaded(stage.pki.ecc)]}


@CASES.case(changed=False)
def _nothing_to_change(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, description="shop")
    return {**stage.at, "certificates": listener["certificates"], "description": "shop", "server_group": GROUP}


@CASES.case(changed=False)
def _leave_certificates_to_others(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)], "replace_certificates": False}


@CASES.case()
def _give_it_a_policy_by_object(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "security_policy": {"id": own_policy(stage), "name": "own"}}


@CASES.case(changed=False)
def _leave_mutual_authentication_to_others(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "ca_enabled": True, "ca_certificate": authority(stage), "replace_certificates": False}


@CASES.case()
def _begin_with_mutual_authentication_that_others_change(stage: Stage) -> Answer:
    certificates = [stage.uploaded(stage.pki.rsa)]
    mutual = {"ca_enabled": True, "ca_certificate": authority(stage), "replace_certificates": False}
    return {**stage.at, "server_group": GROUP, "certificates": certificates, **mutual}


@CASES.case()
def _remove(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "state": "absent"}


@CASES.case()
def _remove_by_id(stage: Stage) -> Answer:
    return {"listener_id": stage.served(stage.pki.rsa)["id"], "state": "absent"}


@CASES.case(changed=False)
def _no_listener_to_remove(stage: Stage) -> Answer:
    return {**stage.at, "state": "absent"}


@CASES.case(changed=False)
def _no_listener_with_this_id_to_remove(_stage: Stage) -> Answer:
    return {"listener_id": "lsn-gone", "state": "absent"}


# --- protocols -------------------------------------------------------------------------------------------------------


@CASES.case()
def _create_an_http_listener(stage: Stage) -> Answer:
    return {**stage.at, "port": 80, "protocol": "HTTP", "server_group": "demo-web", "x_forwarded_for": {"proto": True}}


@CASES.case()
def _create_a_quic_listener(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.ecc)
    return {**stage.at, "protocol": "QUIC", "server_group": "demo-web", "certificates": [one["id"]]}


@CASES.case()
def _create_quic_beside_https(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {**stage.at, "protocol": "QUIC", "server_group": GROUP, "certificates": listener["certificates"]}


@CASES.case()
def _create_with_all_there_is(stage: Stage) -> Answer:
    """CreateListener takes most of it; the second certificate, the access log and the stop are writes of their own."""
    _with_access_log(stage)
    quic = stage.served(stage.pki.ecc, protocol="QUIC")
    return {
        **stage.at,
        "server_group": GROUP,
        "certificates": [stage.uploaded(stage.pki.rsa), stage.uploaded(stage.pki.ecc)],
        "security_policy_id": own_policy(stage),
        "ca_enabled": True,
        "ca_certificate": authority(stage),
        "quic_upgrade": {"enabled": True, "listener_id": quic["id"]},
        "x_forwarded_for": {"host": True, "client_cert_subject_dn": {"enabled": True, "alias": "subject"}},
        "access_log": {"customized_headers": True, "tracing": {"enabled": True, "sample": 100, "type": "Zipkin"}},
        "tags": {"team": "shop", "stage": 1},
        "description": "shop",
        "state": "stopped",
    }


@CASES.case()
def _change_an_http_listener(stage: Stage) -> Answer:
    http(stage)
    return {**stage.at, "port": 80, "gzip_enabled": False, "request_timeout": 600}


@CASES.case(changed=False)
def _nothing_to_change_of_an_http_listener(stage: Stage) -> Answer:
    listener = http(stage)
    return {**stage.at, "port": 80, "protocol": "HTTP", "server_group": GROUP, **_given_back(listener)}


@CASES.case()
def _remove_the_quic_listener_of_two_on_a_port(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.served(stage.pki.ecc, protocol="QUIC")
    return {**stage.at, "protocol": "QUIC", "state": "absent"}


# --- start and stop --------------------------------------------------------------------------------------------------


@CASES.case()
def _stop(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "state": "stopped"}


@CASES.case()
def _start(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, state="stopped")
    return {**stage.at, "state": "running"}


@CASES.case()
def _change_and_stop(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "state": "stopped", "description": "shop"}


@CASES.case()
def _start_and_change(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, state="stopped")
    return {**stage.at, "state": "running", "description": "shop", "tags": {"a": "b"}}


@CASES.case(changed=False)
def _stopped_already(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, state="stopped")
    return {"listener_id": listener["id"], "state": "stopped"}


@CASES.case(changed=False)
def _stopped_and_left_alone(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, state="stopped")
    return {**stage.at, "idle_timeout": 15}


@CASES.case()
def _tag_what_is_stopped(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, state="stopped")
    return {**stage.at, "tags": {"a": "b"}}


@CASES.case(changed=False)
def _running_already(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "state": "running"}


# --- tags ------------------------------------------------------------------------------------------------------------


@CASES.case()
def _add_and_change_tags(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, tags={"team": "shop", "kept": "yes"})
    return {**stage.at, "tags": {"team": "web", "new": ""}}


@CASES.case()
def _purge_tags(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, tags={"team": "shop", "gone": "yes"})
    return {**stage.at, "tags": {"team": "web"}, "purge_tags": True}


@CASES.case()
def _purge_all_tags_and_change_a_setting(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, tags={"team": "shop"})
    return {**stage.at, "tags": {}, "purge_tags": True, "idle_timeout": 9}


@CASES.case(changed=False)
def _tags_that_are_there(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, tags={"team": "shop", "kept": "yes"})
    return {**stage.at, "tags": {"team": "shop"}}


@CASES.case(changed=False)
def _nothing_to_purge_without_tags(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, tags={"team": "shop"})
    return {**stage.at, "purge_tags": True}


# --- mutual authentication -------------------------------------------------------------------------------------------


@CASES.case()
def _switch_mutual_authentication_on(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "ca_enabled": True, "ca_certificate": {"identifier": authority(stage)}, "idle_timeout": 9}


@CASES.case()
def _switch_mutual_authentication_off(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, ca_enabled=True, ca_certificate=authority(stage))
    return {**stage.at, "ca_enabled": False}


@CASES.case()
def _switch_mutual_authentication_on_again_with_the_ca_from_before(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, ca_enabled=True, ca_certificate=authority(stage))
    stage.run("alb_listener", **stage.at, ca_enabled=False)
    return {**stage.at, "ca_enabled": True}


@CASES.case()
def _replace_the_ca(stage: Stage) -> Answer:
    stage.cloud.change_settings(change_ca_while_enabled=True)
    stage.served(stage.pki.rsa, ca_enabled=True, ca_certificate=authority(stage))
    return {**stage.at, "ca_certificate": authority(stage, "ca-other")}


@CASES.case(changed=False)
def _mutual_authentication_as_it_is(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, ca_enabled=True, ca_certificate=authority(stage))
    return {**stage.at, "ca_enabled": True, "ca_certificate": listener["ca_certificate_id"]}


@CASES.case(changed=False)
def _mutual_authentication_off_as_it_is(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "ca_enabled": False, "ca_certificate": "ca-from-before"}


# --- QUIC upgrade ----------------------------------------------------------------------------------------------------


@CASES.case()
def _link_to_quic_by_port(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.served(stage.pki.ecc, protocol="QUIC")
    return {**stage.at, "quic_upgrade": {"enabled": True, "port": 443}}


@CASES.case()
def _link_to_quic_by_ids(stage: Stage) -> Answer:
    quic = stage.served(stage.pki.ecc, protocol="QUIC")
    return {
        "listener_id": stage.served(stage.pki.rsa)["id"],
        "quic_upgrade": {"enabled": True, "listener_id": quic["id"]},
    }


@CASES.case()
def _link_to_quic_by_object(stage: Stage) -> Answer:
    quic = stage.served(stage.pki.ecc, protocol="QUIC")
    stage.served(stage.pki.rsa)
    return {**stage.at, "quic_upgrade": {"enabled": True, "listener": quic}, "idle_timeout": 9}


@CASES.case()
def _unlink_from_quic(stage: Stage) -> Answer:
    linked(stage)
    return {**stage.at, "quic_upgrade": {"enabled": False}}


@CASES.case(changed=False)
def _linked_to_quic_as_it_is(stage: Stage) -> Answer:
    linked(stage)
    return {**stage.at, "quic_upgrade": {"enabled": True}}


@CASES.case(changed=False)
def _unlinked_from_quic_as_it_is(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "quic_upgrade": {"enabled": False}}


# --- headers and access log ------------------------------------------------------------------------------------------


@CASES.case()
def _change_headers(stage: Stage) -> Answer:
    stage.served(
        stage.pki.rsa, x_forwarded_for={"slb_id": True, "client_cert_issuer_dn": {"enabled": True, "alias": "i"}}
    )
    return {
        **stage.at,
        "x_forwarded_for": {
            "enabled": False,
            "processing_mode": "remove",
            "proto": True,
            "client_source_ips": True,
            "client_source_ips_trusted": "10.1.1.0/24;192.0.2.1",
            "client_cert_issuer_dn": {"alias": "issuer"},
            "client_cert_fingerprint": {"enabled": True},
        },
    }


@CASES.case()
def _trust_nobody_any_more(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, x_forwarded_for={"client_source_ips": True, "client_source_ips_trusted": "10.1.1.0/24"})
    return {**stage.at, "x_forwarded_for": {"client_source_ips_trusted": ""}}


@CASES.case()
def _change_headers_of_quic(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa, protocol="QUIC", x_forwarded_for={"host": True})
    return {**stage.at, "protocol": "QUIC", "x_forwarded_for": {"slb_port": True}}


@CASES.case(changed=False)
def _headers_as_they_are(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, x_forwarded_for={"host": True})
    return {**stage.at, "x_forwarded_for": listener["x_forwarded_for"]}


@CASES.case(changed=False)
def _the_name_of_a_header_that_is_not_added(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "x_forwarded_for": {"client_cert_issuer_dn": {"alias": "issuer"}}}


@CASES.case()
def _change_the_access_log_and_a_setting(stage: Stage) -> Answer:
    _with_access_log(stage)
    stage.served(stage.pki.rsa)
    return {
        **stage.at,
        "access_log": {"tracing": {"enabled": True, "sample": 1, "type": "OpenTelemetry"}},
        "description": "shop",
    }


@CASES.case()
def _switch_tracing_off(stage: Stage) -> Answer:
    _with_access_log(stage)
    stage.served(
        stage.pki.rsa,
        access_log={"customized_headers": True, "tracing": {"enabled": True, "sample": 1, "type": "Zipkin"}},
    )
    return {**stage.at, "access_log": {"tracing": {"enabled": False}}}


@CASES.case(changed=False)
def _access_log_as_it_is(stage: Stage) -> Answer:
    _with_access_log(stage)
    listener = stage.served(
        stage.pki.rsa,
        access_log={"customized_headers": True, "tracing": {"enabled": True, "sample": 1, "type": "Zipkin"}},
    )
    return {"listener_id": listener["id"], "access_log": listener["access_log"]}


# --- another protocol, port or load balancer -------------------------------------------------------------------------


@CASES.case()
def _https_instead_of_http(stage: Stage) -> Answer:
    http(stage, tags={"team": "shop"}, x_forwarded_for={"slb_id": True}, idle_timeout=9)
    one = stage.uploaded(stage.pki.rsa)
    return {**stage.at, "port": 80, "protocol": "HTTPS", "certificates": [one], "force_recreate": True}


@CASES.case()
def _http_instead_of_https_stopped(stage: Stage) -> Answer:
    linked(stage, ca_enabled=True, ca_certificate=authority(stage), state="stopped")
    return {**stage.at, "protocol": "HTTP", "description": "plain", "force_recreate": True}


@CASES.case()
def _another_port(stage: Stage) -> Answer:
    _with_access_log(stage)
    listener = linked(
        stage,
        access_log={"tracing": {"enabled": True, "sample": 1, "type": "Zipkin"}},
        tags={"team": "shop"},
        ca_enabled=True,
        ca_certificate=authority(stage),
    )
    at: Answer = {"load_balancer": DEMO, "port": 8443}
    return {"listener_id": listener["id"], **at, "force_recreate": True, "tags": {"moved": "yes"}}


@CASES.case()
def _another_load_balancer(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, description="shop")
    at: Answer = {"load_balancer": "basic", "port": 443}
    return {"listener_id": listener["id"], **at, "force_recreate": True}


@CASES.case()
def _quic_instead_of_https(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    at: Answer = {"load_balancer": "demo", "port": 443, "protocol": "QUIC"}
    return {"listener_id": listener["id"], **at, "force_recreate": True}


@CASES.case()
def _nothing_to_recreate(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "protocol": "HTTPS", "idle_timeout": 9, "force_recreate": True}


def http(stage: Stage, **more: t.Any) -> Answer:
    """An HTTP listener on port 80."""
    options = {"load_balancer": "demo", "port": 80, "protocol": "HTTP", "server_group": GROUP, **more}
    found: Answer = stage.run("alb_listener", **options)["listener"]
    return found


def linked(stage: Stage, **more: t.Any) -> Answer:
    """An HTTPS listener that tells its clients of a QUIC listener on the same port."""
    stage.served(stage.pki.ecc, protocol="QUIC")
    return stage.served(stage.pki.rsa, quic_upgrade={"enabled": True, "port": 443}, **more)


def authority(stage: Stage, identifier: str = "ca-example") -> str:
    """Identifier of a CA that listeners can use."""
    stage.cloud.seed({"ca_certificates": [{"identifier": identifier, "pem": stage.pki.root.pem}]})
    return identifier


def own_policy(stage: Stage) -> str:
    """Id of a TLS policy that is none of the system's."""
    policy = CustomPolicy("sp-own", "own", ("TLSv1.2",), ("ECDHE-RSA-AES128-GCM-SHA256",))
    stage.cloud.do(lambda cloud: cloud.world.security_policies.update({"sp-own": policy}))
    return policy.security_policy_id


def _with_access_log(stage: Stage) -> None:
    def switch_on(cloud: t.Any) -> None:
        cloud.world.load_balancers[DEMO].log_project = "shop"
        cloud.world.load_balancers[DEMO].log_store = "alb"

    stage.cloud.do(switch_on)


def _given_back(listener: Answer) -> Answer:
    """What a listener is, as options."""
    names = ("description", "gzip_enabled", "idle_timeout", "request_timeout", "x_forwarded_for", "access_log", "tags")
    return {name: listener[name] for name in names if listener[name] is not None}
