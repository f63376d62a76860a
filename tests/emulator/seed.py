# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
Resources that are there without an API call.

Certificates and listeners of a seed are made by the API's own actions, so that no seed makes what the API would refuse.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import json
import math
import re
import types
import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from . import generated
from .actions import Catalogue, Context
from .alb import ALB
from .cas import CAS, SITES
from .certificates import facts_of, load_key, read_chain
from .clock import Clock
from .errors import ApiRefusal
from .parameters import Arguments
from .settings import Settings
from .warehouses import KINDS, new_warehouse
from .world import BackendServer, CaCertificate, Listener, LoadBalancer, ServerGroup, UploadedCertificate, World

DEMO_SEED: dict[str, list[dict[str, str]]] = {
    "load_balancers": [
        {"load_balancer_id": "alb-demo0000000000000", "name": "demo", "edition": "Standard", "vpc_id": "vpc-demo"},
        {"load_balancer_id": "alb-basic000000000000", "name": "basic", "edition": "Basic", "vpc_id": "vpc-demo"},
    ],
    "server_groups": [
        {"server_group_id": "sgp-demo0000000000000", "name": "demo-web", "protocol": "HTTP", "vpc_id": "vpc-demo"},
    ],
}
_SCALE = ("load_balancers", "listeners", "certificates")
_LARGEST_SCALE = 100_000
_LISTENERS_EACH = 50
_Item = Mapping[str, t.Any]
_Ids = dict[str, list[str]]
_Hints = Mapping[str, t.Any]
_DEEPEST = 30
_LARGEST = 1_000_000
_SITED = {"name": str, "site": str}
_WAREHOUSE: _Hints = {**_SITED, "type": str}
_CERTIFICATE: _Hints = {
    **_SITED,
    "certificate": str | None,
    "key": str | None,
    "names": list[str],
    "algorithm": str,
    "days": float,
    "resource_group_id": str,
    "tags": dict[str, str],
}
_LISTENER: _Hints = {
    "load_balancer": str,
    "protocol": str,
    "port": int,
    "server_groups": list[str],
    "certificates": list[str],
    "additional_certificates": list[str],
    "ca_certificate": str,
    "stopped": bool,
    "tags": dict[str, str],
    "parameters": dict[str, t.Any],
}
_WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict[str, str]: "an object whose names and values are text",
    list[str]: "a list of texts",
    list[BackendServer]: "a list of objects",
}


def plant(world: World, clock: Clock, settings: Settings, seed: Mapping[str, t.Any]) -> _Ids:
    """
    Add what the seed names. A load balancer, server group or CA with an id that is there already replaces the old one.

    :param seed: lists under the names of `_Planter.kinds`, and numbers under `scale`; see README.md
    :raises ValueError: anything that is not as it should be; then nothing was added
    :return: ids by kind, in the order of the seed; of certificates it is the CertIdentifier
    """
    planter = _Planter(world, clock, settings)
    unknown = set(seed) - set(planter.kinds) - {"scale"}
    if unknown:
        raise ValueError(f"a seed has no {shown(*unknown)}")
    require_plain(seed)
    ids: _Ids = {}
    with _all_or_nothing(world):
        for kind, plant_one in planter.kinds.items():
            if kind in seed or kind in ("load_balancers", "server_groups", "ca_certificates"):
                ids[kind] = [_told(kind, plant_one, item) for item in _items(seed, kind)]
        if "scale" in seed:
            planter.scale(seed["scale"])
    return ids


class _Planter:
    """Plants into one world."""

    def __init__(self, world: World, clock: Clock, settings: Settings) -> None:
        self._world = world
        self._clock = clock
        # What is seeded is there at once, and a pair of certificates is a pair from the start.
        self._settings = dataclasses.replace(
            settings, polls=0, job_seconds=None, two_defaults_on_create=True, strict_parameters=True
        )
        self._region = settings.region
        self.kinds: dict[str, Callable[[_Item], str]] = {
            "load_balancers": self._load_balancer,
            "server_groups": self._server_group,
            "warehouses": self._warehouse,
            "ca_certificates": self._authority,
            "certificates": self._certificate,
            "listeners": self._listener,
        }

    def _load_balancer(self, item: _Item) -> str:
        _check(item, _hints(LoadBalancer), "LoadBalancer")
        defaults = {"load_balancer_id": self._world.new_id("alb-", 18), "create_time": self._clock.stamp()}
        made = LoadBalancer(**{**defaults, **copy.deepcopy(dict(item))})
        if not made.dns_name:
            made.dns_name = f"{made.load_balancer_id}.{self._region}.alb.aliyuncs.com"
        self._world.load_balancers[made.load_balancer_id] = made
        return made.load_balancer_id

    def _server_group(self, item: _Item) -> str:
        _check(item, _hints(ServerGroup), "ServerGroup")
        for each in item.get("servers", []):
            _check(each, _hints(BackendServer), "server")
        defaults = {"server_group_id": self._world.new_id("sgp-", 17), "create_time": self._clock.stamp()}
        made = ServerGroup(**{**defaults, **copy.deepcopy(dict(item))})
        self._world.server_groups[made.server_group_id] = made
        return made.server_group_id

    def _warehouse(self, item: _Item) -> str:
        _check(item, _WAREHOUSE, "warehouse")
        kind = item.get("type", "uploadedAuthorityCertificate")
        if kind not in KINDS:
            raise ValueError(f"type must be one of {', '.join(KINDS)}")
        context = self._context(CAS, "CreateWarehouse", {}, _site(item))
        return new_warehouse(context, _text(item, "name"), kind).instance_id

    def _authority(self, item: _Item) -> str:
        hints = dict(_hints(CaCertificate))
        names = set(hints) - {"facts", "warehouse_id"}
        known = {name: hints[name] for name in names}
        _check(item, {**known, "warehouse": str | None, "common_name": str}, "CaCertificate")
        fields = {name: item[name] for name in names if name in item}
        if "common_name" in item:
            fields["pem"] = generated.pem_of(generated.authority(_text(item, "common_name")))
        made = CaCertificate(**{"identifier": self._world.new_ca_identifier(self._clock.milliseconds()), **fields})
        made.site = _site(item)
        if made.source not in ("aliyun", "upload") or made.kind not in ("CA", "CERT"):
            raise ValueError("source must be aliyun or upload, kind CA or CERT")
        if made.pem:
            made.facts = read_chain(made.pem, (lambda: load_key(made.key_pem)) if made.key_pem else None)
        wanted = item.get("warehouse")
        if wanted is not None:
            found = next((each for each in self._world.warehouses.values() if each.name == wanted), None)
            if found is None:
                raise ValueError(f"there is no warehouse {shown(wanted)}")
            made.warehouse_id = found.warehouse_id
        self._world.ca_certificates[made.identifier] = made
        return made.identifier

    def _certificate(self, item: _Item) -> str:
        """Brought along, or generated if `names` are given instead."""
        _check(item, _CERTIFICATE, "certificate")
        name = _text(item, "name")
        pem, key = item.get("certificate"), item.get("key")
        if pem is None and key is None:
            algorithm = item.get("algorithm", "ECC")
            if algorithm not in generated.ALGORITHMS:
                raise ValueError(f"algorithm must be one of {', '.join(generated.ALGORITHMS)}")
            domains = item.get("names", [f"{name}.example.com"])
            if not domains:
                raise ValueError("names must be a list of names")
            days = float(item.get("days", 90))
            made = generated.certificate(domains, self._clock.moment(), algorithm=algorithm, days=days)
            pem, key = generated.pem_of(made) + generated.authority_pem(), generated.key_pem(algorithm)
        parameters: dict[str, t.Any] = {"Name": name, "Cert": pem, "Key": key}
        if "resource_group_id" in item:
            parameters["ResourceGroupId"] = item["resource_group_id"]
        if item.get("tags"):
            parameters["Tags"] = [{"Key": each, "Value": value} for each, value in item["tags"].items()]
        site = _site(item)
        number = self._call(CAS, "UploadUserCertificate", parameters, site)["CertId"]
        return self._world.certificates[number].identifier(site or self._settings.site)

    def _listener(self, item: _Item) -> str:
        """Load balancer, server groups, certificates and CA by id or name; anything else as CreateListener has it."""
        _check(item, _LISTENER, "listener")
        world = self._world
        groups = {each.name: each.server_group_id for each in world.server_groups.values()}
        parameters: dict[str, t.Any] = {
            "LoadBalancerId": _by_name(
                "load balancer",
                item.get("load_balancer"),
                {each.name: each.load_balancer_id for each in world.load_balancers.values()},
                world.load_balancers,
            ),
            "ListenerProtocol": item.get("protocol", "HTTPS"),
            "ListenerPort": item.get("port", 443),
            "DefaultActions": [
                {
                    "Type": "ForwardGroup",
                    "ForwardGroupConfig": {
                        "ServerGroupTuples": [
                            {"ServerGroupId": _by_name("server group", each, groups, world.server_groups)}
                            for each in _texts(item, "server_groups")
                        ]
                    },
                }
            ],
        }
        certificates = self._certificates(item, "certificates")
        if certificates:
            parameters["Certificates"] = certificates
        if "ca_certificate" in item:
            authorities = {each.name: each.identifier for each in world.ca_certificates.values() if each.name}
            found = _by_name("CA certificate", item["ca_certificate"], authorities, world.ca_certificates)
            parameters |= {"CaEnabled": True, "CaCertificates": [{"CertificateId": found}]}
        if item.get("tags"):
            parameters["Tag"] = [{"Key": each, "Value": value} for each, value in item["tags"].items()]
        parameters |= item.get("parameters", {})
        listener_id: str = self._call(ALB, "CreateListener", parameters)["ListenerId"]
        additional = self._certificates(item, "additional_certificates")
        for begin in range(0, len(additional), 10):
            some = {"ListenerId": listener_id, "Certificates": additional[begin : begin + 10]}
            self._call(ALB, "AssociateAdditionalCertificatesWithListener", some)
        if item.get("stopped"):
            self._call(ALB, "StopListener", {"ListenerId": listener_id})
        return listener_id

    def _certificates(self, item: _Item, name: str) -> list[dict[str, str]]:
        site = self._settings.site
        known = {each.name: each.identifier(site) for each in self._world.certificates.values()}
        ids = set(known.values())
        return [{"CertificateId": _by_name("certificate", each, known, ids)} for each in _texts(item, name)]

    def scale(self, wanted: object) -> None:
        """Many of them, cheaply. Their listeners wait for the first write to them before they get a port."""
        numbers = _numbers(wanted)
        world = self._world
        certificates = self._many_certificates(numbers["certificates"])
        if not numbers["load_balancers"]:
            return
        group = self._server_group({"name": "scale"})
        balancers = [self._load_balancer({"name": f"scale-{number:05}"}) for number in range(numbers["load_balancers"])]
        first: Listener | None = None
        for number in range(numbers["listeners"]):
            round_number, which = divmod(number, len(balancers))
            if first is None:
                item = {"load_balancer": balancers[0], "server_groups": [group]}
                kind = {"certificates": certificates[:1]} if certificates else {"protocol": "HTTP"}
                first = world.listeners[self._listener({**item, **kind})]
                world.asleep.add(first.listener_id)
                world.touched_listeners.discard(first.listener_id)
                continue
            config = first.config
            if certificates:
                mine = certificates[number % len(certificates)]
                config = dataclasses.replace(config, certificate_ids=(mine,))
            listener_id = world.new_id("lsn-", 16)
            world.listeners[listener_id] = dataclasses.replace(
                first,
                listener_id=listener_id,
                load_balancer_id=balancers[which],
                port=443 + round_number,
                config=config,
                additional={},
                tags={},
            )
            world.asleep.add(listener_id)

    def _many_certificates(self, count: int) -> list[str]:
        """CertIdentifiers. Nothing to check here: they are our own."""
        world, site = self._world, self._settings.site
        made: list[str] = []
        now = self._clock.moment()
        key_pem = generated.key_pem()
        public_key = load_key(key_pem).public_key()
        for number in range(count):
            leaf = generated.certificate([f"www-{number:05}.example.com"], now)
            uploaded = UploadedCertificate(
                certificate_id=world.next_certificate_id,
                instance_id=world.new_id("cas-upload-", 6),
                name=f"scale-{number:05}",
                resource_group_id="rg-emulator",
                facts=facts_of([leaf], public_key),
                certificate_pem=generated.pem_of(leaf),
                key_pem=key_pem,
                site=site,
            )
            world.next_certificate_id += 1
            world.certificates[uploaded.certificate_id] = uploaded
            made.append(uploaded.identifier(site))
        return made

    def _call(self, catalogue: Catalogue, action: str, parameters: _Item, site: str = "") -> dict[str, t.Any]:
        return catalogue.actions[action].answer(self._context(catalogue, action, parameters, site))

    def _context(self, catalogue: Catalogue, name: str, parameters: _Item, site: str = "") -> Context:
        action = catalogue.actions[name]
        sent = dict(_flat(parameters))
        required = action.required if sent else ()
        arguments = Arguments.decode(sent, action.parameters, required, strict=True)
        return Context(name, arguments, self._world, self._settings, self._clock, cas_site=site)


@contextmanager
def _all_or_nothing(world: World) -> Iterator[None]:
    """Planting adds, and changes nothing that was there: copies of the containers are enough to go back."""
    before = {each.name: copy.copy(getattr(world, each.name)) for each in dataclasses.fields(world)}
    state = world.names.getstate()
    try:
        yield
    except BaseException:
        for name, value in before.items():
            setattr(world, name, value)
        world.names.setstate(state)
        raise
    # The jobs that made the listeners are nobody's.
    world.jobs = before["jobs"]


def _told(kind: str, plant_one: Callable[[_Item], str], item: _Item) -> str:
    try:
        return plant_one(item)
    except ApiRefusal as exc:
        label = shown(item.get("name") or item.get("port") or kind)
        raise ValueError(f"{kind} {label}: {exc.code}: {exc.message}") from exc
    except (TypeError, OverflowError) as exc:
        raise ValueError(f"{kind}: {exc}") from exc


def _items(seed: Mapping[str, t.Any], kind: str) -> list[_Item]:
    items = seed.get(kind, [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise ValueError(f"{kind} must be a list of objects")
    return items


def shown(*names: object) -> str:
    """Names as a message may have them. What looks like none may be a private key, by mistake."""
    words = [str(each) if re.fullmatch(r"[\w.-]{1,60}", str(each)) else "a name that is not shown" for each in names]
    return ", ".join(sorted(words))


def require_plain(value: object) -> None:
    """
    What came from outside is such that it can be shown and kept as JSON.

    :raises ValueError: a date, a number that is none or too large, half a character, a name that is no text, a loop
    """
    left = _LARGEST
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        left -= 1
        if depth > _DEEPEST or left < 0:
            raise ValueError("this is too large, or goes too deep")
        if isinstance(each, Mapping):
            if not all(isinstance(name, str) for name in each):
                raise ValueError("all names must be text")
            waiting += [(inner, depth + 1) for inner in (*each, *each.values())]
        elif isinstance(each, (list, tuple)):
            waiting += [(inner, depth + 1) for inner in each]
        elif isinstance(each, str):
            each.encode()
        elif isinstance(each, (int, float)):
            if not -(2**63) < each < 2**63 or not math.isfinite(each):
                raise ValueError("a number is too large, or none")
        elif each is not None:
            raise ValueError(f"a {type(each).__name__} is neither text nor number")


@functools.cache
def _hints(kind: type) -> _Hints:
    """The types of a dataclass's fields, by their names."""
    return t.get_type_hints(kind)


def _check(item: _Item, hints: _Hints, kind: str) -> None:
    """:raises ValueError: a name that is not among them, or a value that does not fit its type"""
    unknown = set(item) - set(hints)
    if unknown:
        raise ValueError(f"a {kind} has no {shown(*unknown)}; it has: {', '.join(sorted(hints))}")
    for name, value in item.items():
        hint: t.Any = hints[name]
        if not _fits(hint, value):
            origin: t.Any = t.get_origin(hint)
            choices = t.get_args(hint) if origin is t.Literal else ()
            wanted = f"one of {', '.join(choices)}" if choices else _WORDS.get(hint, "of another type")
            raise ValueError(f"{name} of a {kind} must be {wanted}")
        if not value and name in ("load_balancer_id", "server_group_id", "identifier", "server_id"):
            raise ValueError(f"{name} must not be empty")


def _fits(hint: t.Any, value: object) -> bool:  # noqa: PLR0911 - one return per form of type
    origin, arguments = t.get_origin(hint), t.get_args(hint)
    if hint is t.Any:
        return True
    if origin is t.Literal:
        return value in arguments
    if origin in (t.Union, types.UnionType):
        return any(_fits(each, value) for each in arguments)
    if origin is dict:
        return isinstance(value, Mapping) and all(_fits(arguments[1], each) for each in value.values())
    if origin is list:
        return isinstance(value, list) and all(_fits(arguments[0], each) for each in value)
    if dataclasses.is_dataclass(hint):
        return isinstance(value, Mapping)
    if isinstance(value, bool):
        return hint is bool
    return isinstance(value, (int, float) if hint is float else hint)


def _text(item: _Item, name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be given")
    return value


def _texts(item: _Item, name: str) -> list[str]:
    value: list[str] = item.get(name, [])
    return value


def _site(item: _Item) -> str:
    site = item.get("site", "")
    if site not in ("", *SITES):
        raise ValueError(f"site must be one of {', '.join(SITES)}")
    return str(site)


def _by_name(kind: str, wanted: object, by_name: Mapping[str, str], ids: t.Container[str] = ()) -> str:
    """The id that is meant by an id or a name."""
    if not isinstance(wanted, str) or not wanted:
        raise ValueError(f"{kind} must be given, by name or id")
    if wanted in ids:
        return wanted
    if wanted not in by_name:
        raise ValueError(f"there is no {kind} {shown(wanted)}")
    return by_name[wanted]


def _numbers(wanted: object) -> dict[str, int]:
    if not isinstance(wanted, Mapping):
        raise ValueError(f"scale must be an object with {', '.join(_SCALE)}")
    _check(wanted, dict.fromkeys(_SCALE, int), "scale")
    numbers = {name: wanted.get(name, 0) for name in _SCALE}
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_SCALE:
            raise ValueError(f"{name} must be a number up to {_LARGEST_SCALE}")
    if numbers["listeners"] > _LISTENERS_EACH * numbers["load_balancers"]:
        raise ValueError(f"a load balancer has at most {_LISTENERS_EACH} listeners")
    return numbers


def _flat(value: t.Any, name: str = "") -> Iterator[tuple[str, str]]:
    """As on the wire: Certificates.1.CertificateId=…"""
    prefix = f"{name}." if name else ""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{prefix}{key}")
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{prefix}{number}")
    elif value is not None:
        yield name, value if isinstance(value, str) else json.dumps(value)
