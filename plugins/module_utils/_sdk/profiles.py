# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
Credentials files: that of the aliyun CLI (JSON), and that of the SDKs (INI).

They are read here and not by the SDK, which cuts the values of INI files at a C(#), fills what a profile lacks from the
environment, and for some profiles runs a command or rewrites the file.
"""

from __future__ import annotations

import configparser
import json
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .._core.errors import InputError, NotFoundError

# Where profiles are looked for, in this order, below the home directory.
PLACES = (".aliyun/config.json", ".alibabacloud/credentials.ini", ".alibabacloud/credentials")

# What STS takes.
_SHORTEST_SESSION = 900


@dataclass(frozen=True)
class Profile:
    """
    How one profile says who signs.

    :param mode: one of C(keys), C(role) (to assume), C(instance) (role of the ECS instance) and C(oidc).
    :param file: path, for messages.
    :param access_key_id: for C(keys) and C(role); None for a role that C(source) assumes.
    :param role: ARN; name of the role for C(instance), which may be empty: the instance's only one.
    :param seconds: how long a session lasts, if the profile says so.
    :param sts_region: whose STS to ask, if the profile says so.
    :param region: the profile's default region.
    :param source: the profile that assumes the role.
    """

    name: str
    file: str
    mode: t.Literal["keys", "role", "instance", "oidc"]
    access_key_id: str | None = None
    access_key_secret: str | None = field(default=None, repr=False)
    security_token: str | None = field(default=None, repr=False)
    role: str | None = None
    session_name: str | None = None
    external_id: str | None = field(default=None, repr=False)
    policy: str | None = None
    seconds: int | None = None
    sts_region: str | None = None
    sts_by_vpc: bool = False
    oidc_provider_arn: str | None = None
    oidc_token_file: str | None = None
    region: str | None = None
    source: Profile | None = None

    def title(self) -> str:
        return f"profile {self.name} of {self.file}"


def find_profile(name: str | None, file: str | None, home: Path) -> Profile:
    """
    Read a profile.

    :param name: if None, the one that the CLI uses (C(current)), or C(default) of an INI file.
    :param file: path, if not one of PLACES; JSON or INI, as its content tells.
    :raises NotFoundError: if there is no such file or profile.
    :raises InputError: if it cannot be used. No message tells a value of the file.
    """
    files = [Path(file)] if file else [home / one for one in PLACES]
    seen: dict[Path, list[str]] = {}
    for path in files:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as exc:
            raise InputError(f"Cannot read credentials file {path}: {getattr(exc, 'strerror', 'not UTF-8')}.") from None
        profiles, current = _of_json(text, path) if text.lstrip().startswith("{") else _of_ini(text, path)
        if (name or current) in profiles:
            return _profile(name or current, profiles, path, ())
        seen[path] = sorted(profiles)
    if not seen:
        raise NotFoundError(f"There is no credentials file; looked for {', '.join(str(path) for path in files)}.")
    found = "; ".join(f"{path} has {', '.join(names) or 'none'}" for path, names in seen.items())
    raise NotFoundError(f"There is no profile {name or 'to use when none is named'}: {found}.")


_Fields = Mapping[str, t.Any]


def _of_json(text: str, path: Path) -> tuple[dict[str, _Fields], str]:
    """The CLI's profiles by name, and the name of the one in use."""
    try:
        whole = json.loads(text)
    except ValueError:
        raise InputError(f"Credentials file {path} starts as JSON, but is not.") from None
    rows = whole.get("profiles")
    profiles = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {str(row.get("name")): row for row in profiles}, str(whole.get("current") or "default")


# INI: type, and the names of the same in the CLI's file.
_INI_MODES = {
    "access_key": "AK",
    "sts": "StsToken",
    "ram_role_arn": "RamRoleArn",
    "oidc_role_arn": "OIDC",
    "ecs_ram_role": "EcsRamRole",
}
_INI_NAMES = {
    "security_token": "sts_token",
    "role_arn": "ram_role_arn",
    "role_session_name": "ram_session_name",
    "role_name": "ram_role_name",
    "oidc_token_file_path": "oidc_token_file",
}


def _of_ini(text: str, path: Path) -> tuple[dict[str, _Fields], str]:
    # No interpolation and no comments after values: both % and # are characters of a secret.
    parser = configparser.ConfigParser(interpolation=None, default_section="")
    try:
        parser.read_string(text)
    except configparser.Error as exc:
        # Its text repeats lines of the file.
        raise InputError(f"Credentials file {path} is neither JSON nor INI ({type(exc).__name__}).") from None
    profiles: dict[str, _Fields] = {}
    for section in parser.sections():
        fields: dict[str, t.Any] = {_INI_NAMES.get(name, name): value for name, value in parser.items(section)}
        kind = fields.get("type") or ""
        profiles[section] = {**fields, "mode": _INI_MODES.get(kind, kind)}
    return profiles, "default"


@dataclass(frozen=True)
class _Row:
    """One profile as it is in the file."""

    name: str
    path: Path
    fields: _Fields

    @property
    def mode(self) -> str:
        return str(self.fields.get("mode") or "")

    @property
    def title(self) -> str:
        return f"Profile {self.name} of {self.path}"

    def text(self, key: str) -> str | None:
        value = self.fields.get(key)
        return str(value) if value not in (None, "") else None

    def needed(self, key: str) -> str:
        value = self.text(key)
        if value is None:
            raise InputError(f"{self.title} is of mode {self.mode} and has no {key}.")
        return value

    def common(self) -> dict[str, t.Any]:
        return {"name": self.name, "file": str(self.path), "region": self.text("region_id")}

    def keys(self) -> dict[str, t.Any]:
        return {name: self.needed(name) for name in ("access_key_id", "access_key_secret")}

    def session(self) -> dict[str, t.Any]:
        """What a role is assumed with."""
        return {
            "role": self.needed("ram_role_arn"),
            "session_name": self.text("ram_session_name") or self.text("role_session_name"),
            "external_id": self.text("external_id"),
            "policy": self.text("policy"),
            "seconds": _seconds(self.fields.get("expired_seconds"), self.title),
            "sts_region": self.text("sts_region"),
            "sts_by_vpc": self.fields.get("enable_vpc") is True,
        }


def _profile(name: str, profiles: Mapping[str, _Fields], path: Path, above: tuple[str, ...]) -> Profile:
    """:param above: the profiles that this one is the source of."""
    row = _Row(name, path, profiles[name])
    if row.mode == "AK":
        return Profile(mode="keys", **row.keys(), **row.common())
    if row.mode == "StsToken":
        return Profile(mode="keys", **row.keys(), security_token=row.needed("sts_token"), **row.common())
    if row.mode == "RamRoleArn":
        token = row.text("sts_token")
        return Profile(mode="role", **row.keys(), security_token=token, **row.session(), **row.common())
    if row.mode == "ChainableRamRoleArn":
        source = row.needed("source_profile")
        if source not in profiles:
            raise InputError(f"{row.title} has the source_profile {source}, which is not in that file.")
        if source in (name, *above):
            raise InputError(f"{row.title} is its own source: {' -> '.join((*above, name, source))}.")
        first = _profile(source, profiles, path, (*above, name))
        return Profile(mode="role", source=first, **row.session(), **row.common())
    if row.mode == "EcsRamRole":
        return Profile(mode="instance", role=row.text("ram_role_name") or "", **row.common())
    if row.mode == "OIDC":
        token_of: dict[str, t.Any] = {name: row.needed(name) for name in ("oidc_provider_arn", "oidc_token_file")}
        return Profile(mode="oidc", **token_of, **row.session(), **row.common())
    raise InputError(
        f"{row.title} is of mode {row.mode or 'none'}, which cannot be used. Those that can are AK, StsToken,"
        " RamRoleArn, ChainableRamRoleArn, EcsRamRole and OIDC; in INI files access_key, sts, ram_role_arn,"
        " ecs_ram_role and oidc_role_arn. For others, have the aliyun CLI make temporary keys and give these."
    )


def _seconds(value: t.Any, where: str) -> int | None:
    if value in (None, "", 0):
        return None
    try:
        seconds = int(value)
    except (TypeError, ValueError):
        seconds = 0
    if seconds < _SHORTEST_SESSION:
        raise InputError(f"{where} has expired_seconds that are not a number of at least {_SHORTEST_SESSION}.")
    return seconds
