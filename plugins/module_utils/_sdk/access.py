# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Who calls the API, and from where: resolved once per task, before the first call."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from .._core.errors import InputError
from .endpoints import alb_host, cas_host, cas_site_for, checked_proxy, goes_direct, split_endpoint
from .profiles import Profile
from .route import Route

_NO_CREDENTIALS = (
    "No Alibaba Cloud credentials: set the options access_key_id and access_key_secret, or the environment variables"
    " ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (with ALIBABA_CLOUD_SECURITY_TOKEN for STS),"
    " or name a profile, an OIDC provider with its token, or with ecs_ram_role the role of the ECS instance."
    " Credentials files are not read and the metadata service is not asked unless so wished."
)


@dataclass(frozen=True)
class Access:
    """
    One account in one region. Who signs is one of: an access key, a profile, an OIDC token, the instance's role.

    :param ecs_ram_role: name of the instance's RAM role to take credentials from.
    :param profile: of a credentials file.
    :param assume_role_arn: RAM role to assume with the access key, the profile or the OIDC token.
    :param oidc_provider_arn: who has issued the token in oidc_token_file (path).
    :param cas_site: where certificates are, if not where the region's are.
    :param endpoint_type: C(public), or C(vpc) for the endpoints within a VPC.
    :param alb_endpoint: host[:port] or URL, instead of the region's own.
    :param cas_endpoint: the same for CAS.
    :param proxy: URL; may hold a password. If None, the environment's.
    :param no_proxy: what is reached directly. If None, the environment's.
    :param ca_bundle: path of a PEM file with further CAs to trust.
    :param call_timeout: seconds one API call may take, tries after a lost connection included.
    """

    region: str
    access_key_id: str | None = None
    access_key_secret: str | None = field(default=None, repr=False)
    security_token: str | None = field(default=None, repr=False)
    ecs_ram_role: str | None = None
    profile: Profile | None = None
    assume_role_arn: str | None = None
    assume_role_session_name: str | None = None
    assume_role_external_id: str | None = field(default=None, repr=False)
    oidc_provider_arn: str | None = None
    oidc_token_file: str | None = None
    sts_endpoint: str | None = None
    cas_site: str | None = None
    endpoint_type: str | None = None
    alb_endpoint: str | None = None
    cas_endpoint: str | None = None
    proxy: str | None = field(default=None, repr=False)
    no_proxy: tuple[str, ...] | None = None
    ca_bundle: str | None = None
    call_timeout: float = 20.0

    def site(self) -> str:
        """The CAS site that certificates are in, if nothing they are named by says so."""
        return self.cas_site or cas_site_for(self.region)

    def alb(self) -> tuple[str, str]:
        """Scheme and host of the region's ALB."""
        return split_endpoint(self.alb_endpoint or alb_host(self.region, self.endpoint_type or "public"))

    def cas(self, site: str) -> tuple[str, str]:
        """Scheme and host of one of the CAS sites."""
        return split_endpoint(self.cas_endpoint or cas_host(site, self.endpoint_type or "public"))

    def session_name(self) -> str:
        """What the audit log calls a session with a role."""
        return self.assume_role_session_name or "alicloud-tls"

    def route_to(self, scheme: str, host: str) -> Route:
        """
        How to get to a host, with what the environment says where options do not.

        The SDK ignores the variables for CAs that everything else on requests honours. It takes files only.
        """
        scheme = scheme.lower()
        proxy = self.proxy or _ambient(f"{scheme}_proxy")
        without = self.no_proxy if self.no_proxy is not None else tuple((_ambient("no_proxy") or "").split(","))
        if proxy and goes_direct(f"{scheme}://{host}/", without):
            proxy = None
        bundles = (os.environ.get("REQUESTS_CA_BUNDLE"), os.environ.get("CURL_CA_BUNDLE"))
        bundle = self.ca_bundle or next((path for path in bundles if path and Path(path).is_file()), None)
        return Route(self._account(), checked_proxy(proxy) if proxy else None, bundle)

    def check(self) -> None:
        """:raises InputError: if there is nobody to sign as. Asks nobody."""
        if self.ecs_ram_role and self.assume_role_arn:
            raise InputError("Give either ecs_ram_role or assume_role_arn, not both.")
        oidc = {name: getattr(self, name) for name in ("oidc_provider_arn", "oidc_token_file", "assume_role_arn")}
        if oidc["oidc_provider_arn"] or oidc["oidc_token_file"]:
            missing = [name for name, value in oidc.items() if not value]
            if missing:
                raise InputError(f"OIDC needs {', '.join(oidc)}; missing: {', '.join(missing)}.")
        elif not self.ecs_ram_role and self.profile is None:
            pair = {name: getattr(self, name) for name in ("access_key_id", "access_key_secret")}
            missing = [name for name, value in pair.items() if not value]
            if missing:
                half = f" Half of the pair is there; {missing[0]} is missing." if len(missing) == 1 else ""
                raise InputError(f"{_NO_CREDENTIALS}{half}")

    def temporary(self) -> bool:
        """Whether the keys to sign with have to be got from somewhere: an exchange, or a profile."""
        return bool(self.ecs_ram_role or self.assume_role_arn or self.profile)

    def found_secrets(self) -> set[str]:
        """Secrets that no option and no variable of this collection has told: those of profiles and proxies."""
        found: set[str | None] = set()
        profile = self.profile
        while profile is not None:
            found |= {profile.access_key_secret, profile.security_token, profile.external_id}
            profile = profile.source
        for proxy in (self.proxy, _ambient("http_proxy"), _ambient("https_proxy")):
            # User and password as they are written there: a password alone may be a word that is everywhere.
            found.add((proxy or "").rpartition("@")[0].rpartition("://")[2])
        return {secret for secret in found if secret}

    def _account(self) -> str:
        """Tells accounts apart; no secret."""
        parts = (self.access_key_id, self.ecs_ram_role, self.profile, self.assume_role_arn, self.oidc_token_file)
        return " ".join(str(part) for part in parts if part)


def _ambient(name: str) -> str | None:
    """An environment variable in lower case, as curl and requests prefer it, or in upper case."""
    return os.environ.get(name) or os.environ.get(name.upper())
