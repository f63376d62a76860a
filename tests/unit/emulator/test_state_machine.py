# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random calls, good and bad, against a model of two pages. Over no socket, but signed as any."""

from __future__ import annotations

import json
import os
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ansible_collections.alicloud.tls.tests.emulator import Settings
from ansible_collections.alicloud.tls.tests.emulator.cloud import Cloud
from ansible_collections.alicloud.tls.tests.emulator.faults import Fault
from ansible_collections.alicloud.tls.tests.emulator.seed import DEMO_SEED
from ansible_collections.alicloud.tls.tests.emulator.wire import WireRequest
from ansible_collections.alicloud.tls.tests.unit.emulator import material
from ansible_collections.alicloud.tls.tests.unit.emulator.acs3 import ALB, CAS, RawClient
from ansible_collections.alicloud.tls.tests.unit.emulator.conftest import BASIC, LOAD_BALANCER, SERVER_GROUP
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

_LISTENERS = 4
_BEGINNING = ((False, "HTTPS", 1), (False, "QUIC", 1), (False, "HTTPS", 2), (True, "HTTPS", 1), (True, "HTTP", 2))
"""Listeners that are there: on the Basic load balancer or the other one, protocol, port."""
_QUOTAS = {BASIC: 2, LOAD_BALANCER: 3}
_POLICIES, _PER_POLICY = 2, 1
_FOREVER = 1e9
_UNKNOWN = "7-cn-hangzhou"
_ALGORITHMS: tuple[material.Algorithm, ...] = ("ECC", "ECC", "RSA", "ECC", "RSA")
_WHICH = st.integers(0, 19)
_ONE = st.integers(0, len(_ALGORITHMS) - 1)
# Mostly what may be right; also none, too many, the same twice, and one that there is not.
_CERTIFICATES = st.one_of(
    st.lists(_ONE, min_size=1, max_size=1),
    st.lists(_ONE, min_size=1, max_size=2, unique=True),
    st.lists(_ONE, min_size=1, max_size=2, unique=True),
    st.lists(st.integers(0, len(_ALGORITHMS)), max_size=3),
)
_HOW = st.tuples(st.booleans(), st.sampled_from([True, True, False]))
"""With a ClientToken; and whether its job ends at once."""
How = tuple[bool, bool]


@dataclass
class Listener:
    """As the model knows it."""

    load_balancer: str
    protocol: str
    port: int
    default: list[str]
    policy: str = ""
    additional: set[str] = field(default_factory=set)
    coming: set[str] = field(default_factory=set)
    """Those that count for the quota before they are associated."""
    stopped: bool = False
    job: Callable[[bool], None] | None = None
    """To be called when the job ends; the argument tells whether it went well."""
    job_fails: bool = False


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.cloud = Cloud(
            Settings(
                job_seconds=_FOREVER,
                strict_parameters=True,
                quota_listeners=_LISTENERS,
                quota_certificates_basic=_QUOTAS[BASIC],
                quota_certificates_standard=_QUOTAS[LOAD_BALANCER],
                quota_security_policies=_POLICIES,
                quota_listeners_per_policy=_PER_POLICY,
            ),
            [DEMO_SEED],
        )
        self.raw = RawClient("emulator")
        self.certificates: list[str] = []
        self.listeners: dict[str, Listener] = {}
        self.policies: list[str] = []
        self.done: list[tuple[str, Mapping[str, object], dict[str, t.Any]]] = []
        """Calls with a token that went well."""
        self.fail_next = False
        self.tokens = 0

    @initialize()
    def upload(self) -> None:
        for number, algorithm in enumerate(_ALGORITHMS):
            made = material.make(algorithm=algorithm, key_number=number % 2)
            form = {"Name": f"cert-{number}", "Cert": made.chain_pem, "Key": made.key_pem}
            _status, body = self.send("UploadUserCertificate", form, version=CAS)
            self.certificates.append(f"{body['CertId']}-cn-hangzhou")
        self.certificates.append(_UNKNOWN)
        for basic, protocol, port in _BEGINNING:
            self.create_one(LOAD_BALANCER if not basic else BASIC, protocol, port, self.certificates[:1], (False, True))
        self.create_policy_of_name("first", (False, True))

    # --- rules: listeners ---

    @rule(
        basic=st.booleans(),
        protocol=st.sampled_from(["HTTP", "HTTPS", "QUIC"]),
        port=st.integers(1, 3),
        which=_CERTIFICATES,
        how=_HOW,
    )
    def create(self, basic: bool, protocol: str, port: int, which: list[int], how: How) -> None:
        ids = self.ids(which if len(which) != 1 or protocol != "HTTP" else [])
        self.create_one(BASIC if basic else LOAD_BALANCER, protocol, port, ids, how)

    def create_one(self, load_balancer: str, protocol: str, port: int, ids: list[str], how: How) -> None:
        if protocol == "HTTP" and ids == self.certificates[:1]:
            ids = []
        here = [each for each in self.listeners.values() if each.load_balancer == load_balancer]
        taken = any(each.port == port and (each.protocol == "QUIC") == (protocol == "QUIC") for each in here)
        right = not ids if protocol == "HTTP" else len(ids) == 1 and _UNKNOWN not in ids
        body = self.write(
            "CreateListener",
            {
                "LoadBalancerId": load_balancer,
                "ListenerProtocol": protocol,
                "ListenerPort": port,
                "DefaultActions.1.Type": "ForwardGroup",
                "DefaultActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId": SERVER_GROUP,
                **_numbered(ids),
            },
            good=right and not taken and len(here) < _LISTENERS,
            how=how,
        )
        if body is not None:
            listener_id = str(body["ListenerId"])
            listener = self.listeners[listener_id] = Listener(load_balancer, protocol, port, ids)
            self.begin(listener, lambda well: None if well else self.forget(listener_id), how)

    @rule(number=_WHICH, which=_CERTIFICATES, how=_HOW)
    def update(self, number: int, which: list[int], how: How) -> None:
        listener_id, listener = self.pick(number)
        ids = self.ids(which)
        good = listener is not None and _idle(listener) and not listener.stopped
        if good and listener is not None and ids:
            algorithms = [_ALGORITHMS[each] for each in which if each < len(_ALGORITHMS)]
            good = (
                listener.protocol != "HTTP"
                and len(algorithms) == len(ids) == len(set(algorithms))
                and not listener.additional & set(ids)
            )
        body = self.write("UpdateListenerAttribute", {"ListenerId": listener_id, **_numbered(ids)}, good=good, how=how)
        if body is not None and listener is not None:
            self.begin(
                listener, lambda well: setattr(listener, "default", ids or listener.default) if well else None, how
            )

    @rule(number=_WHICH, which=_CERTIFICATES, how=_HOW)
    def associate(self, number: int, which: list[int], how: How) -> None:
        self.more(number, which, how)

    def more(self, number: int, which: list[int], how: How) -> None:
        listener_id, listener = self.pick(number)
        ids = self.ids(which)
        good = listener is not None and self.may_have_more(listener, ids)
        sent = {"ListenerId": listener_id, **_numbered(ids)}
        body = self.write("AssociateAdditionalCertificatesWithListener", sent, good=good, how=how)
        if body is not None and listener is not None:
            listener.coming = set(ids)
            self.begin(listener, lambda well: listener.additional.update(ids if well else ()), how)

    @rule(number=_WHICH, first=_ONE, count=st.integers(1, 2), how=_HOW)
    def grow(self, number: int, first: int, count: int, how: How) -> None:
        """By certificates that the listener does not have: as a rule, all that can be in the way is the quota."""
        _listener_id, listener = self.pick(number)
        theirs = {*listener.default, *listener.additional} if listener is not None else set()
        free = [each for each in range(len(_ALGORITHMS)) if self.certificates[each] not in theirs]
        self.more(number, (free[first % len(free) :] + free)[:count], how)

    def may_have_more(self, listener: Listener, ids: list[str]) -> bool:
        used = sum(
            len(each.additional | each.coming)
            for each in self.listeners.values()
            if each.load_balancer == listener.load_balancer
        )
        return (
            _idle(listener)
            and not listener.stopped
            and listener.protocol != "HTTP"
            and 0 < len(ids) == len(set(ids))
            and not set(ids) & {_UNKNOWN, *listener.default, *listener.additional}
            and used + len(ids) <= _QUOTAS[listener.load_balancer]
        )

    @rule(number=_WHICH, which=_CERTIFICATES, how=_HOW)
    def dissociate(self, number: int, which: list[int], how: How) -> None:
        self.less(number, which, how)

    def less(self, number: int, which: list[int], how: How) -> None:
        listener_id, listener = self.pick(number)
        ids = self.ids(which)
        good = (
            listener is not None
            and _idle(listener)
            and not listener.stopped
            and 0 < len(ids) == len(set(ids))
            and set(ids) <= listener.additional
        )
        sent = {"ListenerId": listener_id, **_numbered(ids)}
        body = self.write("DissociateAdditionalCertificatesFromListener", sent, good=good, how=how)
        if body is not None and listener is not None:
            self.begin(listener, lambda well: listener.additional.difference_update(ids if well else ()), how)

    @precondition(lambda self: any(each.additional for each in self.listeners.values()))
    @rule(repeat=st.booleans(), how=_HOW)
    def repeat_or_shrink(self, repeat: bool, how: How) -> None:
        """With a certificate that the listener has."""
        number = next(number for number, each in enumerate(self.listeners.values()) if each.additional)
        _listener_id, listener = self.pick(number)
        which = [self.certificates.index(min(listener.additional))] if listener is not None else []
        if repeat:
            self.more(number, which, how)
        self.less(number, which, how)

    @rule(number=_WHICH, stop=st.booleans(), how=_HOW)
    def start_or_stop(self, number: int, stop: bool, how: How) -> None:
        listener_id, listener = self.pick(number)
        good = listener is not None and _idle(listener) and listener.stopped != stop
        body = self.write("StopListener" if stop else "StartListener", {"ListenerId": listener_id}, good=good, how=how)
        if body is not None and listener is not None:
            self.begin(listener, lambda well: setattr(listener, "stopped", stop) if well else None, how)

    @rule(number=_WHICH, how=_HOW)
    def delete(self, number: int, how: How) -> None:
        listener_id, listener = self.pick(number)
        good = listener is not None and _idle(listener)
        body = self.write("DeleteListener", {"ListenerId": listener_id}, good=good, how=how)
        if body is not None and listener is not None:
            self.begin(listener, lambda well: self.forget(listener_id) if well else None, how)

    # --- rules: policies ---

    @rule(how=_HOW)
    def create_policy(self, how: How) -> None:
        self.create_policy_of_name("mine", how)

    def create_policy_of_name(self, name: str, how: How) -> None:
        sent = {"SecurityPolicyName": name, "TLSVersions.1": "TLSv1.2", "Ciphers.1": "AES128-SHA"}
        body = self.write("CreateSecurityPolicy", sent, good=len(self.policies) < _POLICIES, how=how)
        if body is not None:
            self.policies.append(str(body["SecurityPolicyId"]))

    @precondition(lambda self: self.policies)
    @rule(which=_WHICH, how=_HOW)
    def attach_policy_to_all(self, which: int, how: How) -> None:
        """Which is too many."""
        for number in range(len(self.listeners)):
            self.attach(number, which, how)

    @precondition(lambda self: self.policies)
    @rule(number=_WHICH, which=_WHICH, how=_HOW)
    def attach_policy(self, number: int, which: int, how: How) -> None:
        self.attach(number, which, how)

    def attach(self, number: int, which: int, how: How) -> None:
        listener_id, listener = self.pick(number)
        policy = self.policies[which % len(self.policies)]
        users = [each for each in self.listeners.values() if each.policy == policy and each is not listener]
        good = (
            listener is not None
            and _idle(listener)
            and not listener.stopped
            and listener.protocol == "HTTPS"
            and listener.load_balancer != BASIC
            and (listener.policy == policy or len(users) < _PER_POLICY)
        )
        sent = {"ListenerId": listener_id, "SecurityPolicyId": policy}
        body = self.write("UpdateListenerAttribute", sent, good=good, how=how)
        if body is not None and listener is not None:
            old, listener.policy = listener.policy, policy
            self.begin(listener, lambda well: None if well else setattr(listener, "policy", old), how)

    @precondition(lambda self: self.policies)
    @rule(which=_WHICH, how=_HOW)
    def delete_policy(self, which: int, how: How) -> None:
        policy = self.policies[which % len(self.policies)]
        # Also while the job that takes it away, or brings it, is running.
        used = any(
            policy in config.security_policy_id
            for each in self.cloud.world.listeners.values()
            for config in each.configs()
        )
        body = self.write("DeleteSecurityPolicy", {"SecurityPolicyId": policy}, good=not used, how=how)
        if body is not None:
            self.policies.remove(policy)

    # --- rules: everything else ---

    @rule()
    def time_goes_by(self) -> None:
        self.jobs_end()

    def jobs_end(self) -> None:
        self.cloud.settle()
        for listener in list(self.listeners.values()):
            job, listener.job, listener.coming = listener.job, None, set()
            if job is not None:
                job(not listener.job_fails)

    @rule()
    def next_job_fails(self) -> None:
        self.fail_next = True

    @precondition(lambda self: self.done)
    @rule(which=_WHICH, other=st.booleans())
    def replay(self, which: int, other: bool) -> None:
        """A token again: the same answer and no effect; with other parameters a refusal."""
        action, sent, body = self.done[which % len(self.done)]
        before = self.state()
        status, again = self.send(action, {**sent, "DryRun": True} if other else sent)
        assert self.state() == before
        if other:
            assert (status, again["Code"]) == (400, "IdempotenceSignatureMismatch")
        else:
            assert {**again, "RequestId": ""} == {**body, "RequestId": ""}

    @rule(
        action=st.sampled_from(["CreateListener", "StopListener", "TagResources", "CreateServerGroup", "Nonsense"]),
        sent=st.dictionaries(
            st.sampled_from(["ListenerId", "ListenerPort", "Certificates.1.CertificateId", "Tag.1.Key", "DryRun", "?"]),
            st.text(max_size=4),
        ),
    )
    def nonsense(self, action: str, sent: Mapping[str, object]) -> None:
        before = self.state()
        status, body = self.send(action, sent)
        assert 400 <= status < 500, body
        assert self.state() == before

    # --- what always holds ---

    @invariant()
    def state_is_that_of_the_model(self) -> None:
        world = self.cloud.world
        assert set(world.listeners) == set(self.listeners)
        assert set(world.security_policies) == set(self.policies)
        for listener_id, wanted in self.listeners.items():
            there = world.listeners[listener_id]
            assert list(there.config.certificate_ids) == wanted.default
            assert {each for each, status in there.additional.items() if status != "Associating"} == wanted.additional
            assert {each for each, status in there.additional.items() if status == "Associating"} == wanted.coming
            assert (there.stopped, there.job_id is None) == (wanted.stopped, _idle(wanted))

    @invariant()
    def secure_listeners_have_a_default_certificate_and_quotas_hold(self) -> None:
        counts = dict.fromkeys(_QUOTAS, 0)
        for listener_id, listener in self.listeners.items():
            status, body = self.send("ListListenerCertificates", {"ListenerId": listener_id})
            assert (status == 200) == (listener.protocol != "HTTP")
            if status == 200:
                defaults = [each["IsDefault"] for each in body["Certificates"]]
                assert any(defaults)
                counts[listener.load_balancer] += defaults.count(False)
        assert all(counts[each] <= quota for each, quota in _QUOTAS.items())

    # --- parts ---

    def state(self) -> str:
        """All that a call could change, quicker than dump()."""
        world = self.cloud.world
        return repr((world.load_balancers, world.server_groups, world.listeners, world.security_policies, world.jobs))

    def ids(self, which: list[int]) -> list[str]:
        return [self.certificates[each] for each in which]

    def pick(self, number: int) -> tuple[str, Listener | None]:
        """One of the listeners; now and then one that there is not."""
        names = list(self.listeners)
        name = names[number % len(names)] if names and number < 19 else "lsn-no"
        return name, self.listeners.get(name)

    def begin(self, listener: Listener, job: Callable[[bool], None], how: How) -> None:
        listener.job, listener.job_fails = job, self.fail_next
        self.fail_next = False
        if how[1]:
            self.jobs_end()

    def forget(self, listener_id: str) -> None:
        del self.listeners[listener_id]

    def write(self, action: str, sent: Mapping[str, object], *, good: bool, how: How) -> dict[str, t.Any] | None:
        """
        First as a dry run, then in earnest.

        :return: the answer, or None if it was refused
        """
        before = self.state()
        status, body = self.send(action, {**sent, "DryRun": True})
        assert (status, body["Code"] == "DryRunOperation") == (_refused_with(body), good), body
        assert self.state() == before
        if how[0]:
            self.tokens += 1
            sent = {**sent, "ClientToken": f"token-{self.tokens}"}
        status, body = self.send(action, sent, fails=self.fail_next)
        assert (status == 200) == good, body
        if not good:
            assert self.state() == before
            return None
        if how[0]:
            self.done.append((action, sent, body))
        return body

    def send(
        self, action: str, sent: Mapping[str, object], *, version: str = ALB, fails: bool = False
    ) -> tuple[int, dict[str, t.Any]]:
        target, headers, content = self.raw.prepare(action, {}, version=version, form=sent)
        lowered = {name.lower(): value for name, value in headers.items()}
        fault = Fault(kind="job_failed", code="506") if fails else None
        answer = self.cloud.answer(WireRequest.decode("POST", target, lowered, content), fault)
        body: dict[str, t.Any] = json.loads(answer.body)
        return answer.status, body


def _refused_with(body: dict[str, t.Any]) -> int:
    return 404 if body["Code"].startswith("ResourceNotFound") else 400


def _idle(listener: Listener) -> bool:
    return listener.job is None


def _numbered(ids: list[str]) -> dict[str, str]:
    return {f"Certificates.{number}.CertificateId": each for number, each in enumerate(ids, 1)}


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=int(os.environ.get("EMULATOR_EXAMPLES", "25")),
    stateful_step_count=40,
    deadline=None,
    derandomize="EMULATOR_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
    # To look for the shortest way to a failure takes minutes.
    phases=[Phase.generate, Phase.shrink] if "EMULATOR_EXAMPLES" in os.environ else [Phase.generate],
)
