# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Connection as gateways make it."""

from __future__ import annotations

from alibabacloud_alb20200616.client import Client
from ansible_collections.alicloud.tls.plugins.module_utils._core.pace import Pace
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog, Connection


def connection_of(
    where: tuple[str, str],
    access: Access,
    pace: Pace,
    log: CallLog | None = None,
    *,
    product: str = "ALB",
    version: str = "2020-06-16",
) -> Connection:
    return Connection(
        product=product,
        version=version,
        make_client=Client,
        where=where,
        access=access,
        pace=pace,
        log=log or CallLog(),
    )
