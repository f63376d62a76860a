# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Who calls the API, and from where: resolved once per task, before the first call."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._core.errors import InputError, MissingLibraryError, TlsError
from .endpoints import alb_host, cas_host, cas_site_for, split_endpoint

if t.TYPE_CHECKING:
    from alibabacloud_credentials.client import Client as Credential

_NO_CREDENTIALS = (
    "No Alibaba Cloud credentials: set the options access_key_id and access_key_secret, or the environment variables"
    " ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (with ALIBABA_CLOUD_SECURITY_TOKEN for STS),"
    " or ask for the role of the ECS instance with ecs_ram_role. The metadata service is not asked unless ecs_ram_role"
    " is set."
)


@dataclass(frozen=True)
class Access:
    """
    One account in one region.

    :param ecs_ram_role: name of the instance's RAM role to take credentials from.
    :param assume_role_arn: RAM role to assume with the access key.
    :param cas_site: where certificates are, if not where the region's are.
    :param alb_endpoint: host[:port] or URL, instead of the region's own.
    :param cas_endpoint: the same for CAS.
    :param ca_bundle: path of a PEM file with further CAs to trust.
    :param call_timeout: seconds one API call may take, tries after a lost connection included.
    """

    region: str
    access_key_id: str | None = None
    access_key_secret: str | None = field(default=None, repr=False)
    security_token: str | None = field(default=None, repr=False)
    ecs_ram_role: str | None = None
    assume_role_arn: str | None = None
    assume_role_session_name: str | None = None
    assume_role_external_id: str | None = field(default=None, repr=False)
    sts_endpoint: str | None = None
    cas_site: str | None = None
    alb_endpoint: str | None = None
    cas_endpoint: str | None = None
    ca_bundle: str | None = None
    call_timeout: float = 20.0

    def site(self) -> str:
        """The CAS site that certificates are in, if nothing they are named by says so."""
        return self.cas_site or cas_site_for(self.region)

    def alb(self) -> tuple[str, str]:
        """Scheme and host of the region's ALB."""
        return split_endpoint(self.alb_endpoint or alb_host(self.region))

    def cas(self, site: str) -> tuple[str, str]:
        """Scheme and host of one of the CAS sites."""
        return split_endpoint(self.cas_endpoint or cas_host(site))

    def check(self) -> None:
        """:raises InputError: if there is nobody to sign as. Asks nobody."""
        if self.ecs_ram_role and self.assume_role_arn:
            raise InputError("Give either ecs_ram_role or assume_role_arn, not both.")
        if self.ecs_ram_role:
            return
        if not self.access_key_id or not self.access_key_secret:
            raise InputError(_NO_CREDENTIALS)

    def temporary(self) -> bool:
        """Whether somebody else has to be asked for the keys to sign with."""
        return bool(self.ecs_ram_role or self.assume_role_arn)

    def credential(self) -> Credential:
        """
        Credentials that renew themselves.

        :raises TlsError: if they cannot be had; the message carries no part of the exchange, which may hold tokens.
        """
        try:
            from alibabacloud_credentials.client import Client
            from alibabacloud_credentials.exceptions import CredentialException
            from alibabacloud_credentials.models import Config
            from Tea.exceptions import RetryError, TeaException
        except ImportError:
            raise MissingLibraryError(
                "ecs_ram_role and assume_role_arn need the Python package alibabacloud-credentials."
            ) from None
        if self.assume_role_arn:
            config = Config(
                type="ram_role_arn",
                access_key_id=self.access_key_id,
                access_key_secret=self.access_key_secret,
                security_token=self.security_token,
                role_arn=self.assume_role_arn,
                role_session_name=self.assume_role_session_name or "alicloud-tls",
                external_id=self.assume_role_external_id,
                sts_endpoint=self.sts_endpoint or f"sts.{self.region}.aliyuncs.com",
            )
            wanted = f"assume the RAM role {self.assume_role_arn}"
        else:
            config = Config(type="ecs_ram_role", role_name=self.ecs_ram_role)
            wanted = f"get credentials of the ECS instance's RAM role {self.ecs_ram_role} from the metadata service"
        client = Client(config)
        try:
            client.get_credential()
        except (CredentialException, RetryError, TeaException, OSError, ValueError) as exc:
            raise TlsError(f"Could not {wanted} ({type(exc).__name__}).") from None
        return client
