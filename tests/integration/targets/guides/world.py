# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cloud that the guides speak of, and the certificates that their reader has in ~/tls."""

from __future__ import annotations

import secrets
import typing as t
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from make_certificates import Issued, issue, write, write_leaf

REGION = "cn-hangzhou"
_NAMES = {
    "www.example.com": ("www.example.com", "example.com"),
    "api.example.com": ("api.example.com",),
    "partners.example.com": ("partners.example.com",),
}
Seed = dict[str, list[dict[str, t.Any]]]


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _ecc() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class Files:
    """What is in ~/tls: certificates with their chains and keys by name, and CAs."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._directory.mkdir(mode=0o700)
        (directory / "renewed").mkdir(mode=0o700)
        root = issue("Example Root", None, _ecc(), days=3650, ca=True)
        self._issuer = issue("Example CA", root, _ecc(), days=1000, ca=True)
        self.root = directory / "root.pem"
        write(self.root, root[0])
        for name in _NAMES:
            self._server(f"{name}.rsa", name, _rsa(), days=20)
            self._server(f"{name}.ecc", name, _ecc(), days=20)
        self._server("renewed/www.example.com.rsa", "www.example.com", _rsa(), days=90)
        self._server("renewed/www.example.com.ecc", "www.example.com", _ecc(), days=90)
        self._stranger()
        for year, days in (("2026", 90), ("2027", 400)):
            self._clients(year, days)

    def _server(self, stem: str, name: str, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, days: int) -> None:
        made = issue(name, self._issuer, key, days=days, names=_NAMES[name])
        write(self._directory / f"{stem}.fullchain.pem", made[0], self._issuer[0])
        write_leaf(self._directory, stem, made)

    def _stranger(self) -> None:
        """A certificate that nobody trusts, although it is for the right name."""
        stranger = issue("Stranger CA", None, _ecc(), days=1000, ca=True)
        made = issue("www.example.com", stranger, _rsa(), days=90)
        write(self._directory / "untrusted.fullchain.pem", made[0])
        write_leaf(self._directory, "untrusted", made)

    def _clients(self, year: str, days: int) -> None:
        """A CA of clients, and one of them."""
        authority: Issued = issue(f"Partners CA {year}", None, _ecc(), days=days, ca=True)
        write(self._directory / f"partners-ca-{year}.pem", authority[0])
        write_leaf(self._directory, f"probe-{year}", issue("probe", authority, _ecc(), days=days, names=["probe"]))

    def uploaded(self, stem: str) -> dict[str, str]:
        """An item of a seed: that certificate, by that name."""
        return {
            "name": stem,
            "certificate": (self._directory / f"{stem}.fullchain.pem").read_text(encoding="ascii"),
            "key": (self._directory / f"{stem}.key.pem").read_text(encoding="ascii"),
        }

    def authority(self, year: str) -> dict[str, str]:
        """An item of a seed: the CA of that year's clients, as it is in the reader's repository."""
        pem = (self._directory / f"partners-ca-{year}.pem").read_text(encoding="ascii")
        return {"identifier": f"1ef3c9a2-{year}-6d60-a1b2-5c6d7e8f9a0b", "source": "upload", "pem": pem}


def everywhere() -> Seed:
    """Load balancers, each on a loopback address of its own, which is their DNS name; and server groups."""
    network = f"127.{secrets.randbelow(254) + 1}.{secrets.randbelow(254) + 1}"
    names = ("shop", "blog", "api", "partners")
    return {
        "load_balancers": [
            {"name": name, "edition": "Standard", "vpc_id": "vpc-demo", "dns_name": f"{network}.{number}"}
            for number, name in enumerate(names, 1)
        ],
        "server_groups": [{"name": f"{name}-web", "vpc_id": "vpc-demo"} for name in names],
    }


def _in_use(files: Files) -> Seed:
    """Certificates on listeners, as default, in a pair, and as additional ones."""
    stems = ("www.example.com.rsa", "www.example.com.ecc", "api.example.com.rsa")
    return {
        "certificates": [files.uploaded(stem) for stem in stems],
        "listeners": [
            _listener(
                "shop",
                certificates=["www.example.com.rsa", "www.example.com.ecc"],
                parameters={"SecurityPolicyId": "tls_cipher_policy_1_0"},
            ),
            _listener("blog", certificates=["www.example.com.rsa"]),
            _listener("api", certificates=["api.example.com.rsa"], additional_certificates=["www.example.com.rsa"]),
        ],
    }


def _with_clients(files: Files) -> Seed:
    """A listener with mutual authentication."""
    authority = files.authority("2026")
    return {
        "certificates": [files.uploaded("partners.example.com.rsa")],
        "ca_certificates": [authority],
        "listeners": [
            _listener("partners", certificates=["partners.example.com.rsa"], ca_certificate=authority["identifier"])
        ],
    }


def _listener(name: str, **more: object) -> dict[str, t.Any]:
    return {"load_balancer": name, "port": 443, "server_groups": [f"{name}-web"], **more}


# What there is when a guide begins, beside load balancers and server groups.
SEEDS: Mapping[str, t.Callable[[Files], Seed]] = {
    "guide_additional_certificates": _in_use,
    "guide_ca_rotation": _with_clients,
    "guide_failures": _in_use,
    "guide_mutual_tls": _in_use,
    "guide_rotation": _in_use,
    "guide_tls_policy": _in_use,
    "guide_verify": _in_use,
}
# Where the cloud does what nobody has documented.
SETTINGS: Mapping[str, Mapping[str, t.Any]] = {
    "guide_ca_rotation": {"ca_bundles": True, "change_ca_while_enabled": True},
}
