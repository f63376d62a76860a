# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
What somebody without Ansible would write: ask with the SDK's typed client which certificate a listener serves.

For `dev/bench.py`: `sdk_script.py LISTENER CERTIFICATE TIMES`.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from alibabacloud_alb20200616.client import Client
from alibabacloud_alb20200616.models import GetListenerAttributeRequest
from alibabacloud_tea_openapi.utils_models import Config


def main(listener_id: str, certificate_id: str, times: int) -> None:
    """
    Make the calls, and write the seconds that client and calls took to the file that ALICLOUD_TLS_STOPWATCH names.

    :raises SystemExit: if the listener has another certificate.
    """
    start = time.perf_counter()
    protocol, _separator, host = os.environ["ALIBABA_CLOUD_ALB_ENDPOINT"].partition("://")
    client = Client(
        Config(
            access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            region_id=os.environ["ALIBABA_CLOUD_REGION_ID"],
            endpoint=host,
            protocol=protocol,
        )
    )
    for _turn in range(times):
        answer = client.get_listener_attribute(GetListenerAttributeRequest(listener_id=listener_id))
        rows = answer.body.certificates if answer.body else None
        served = [one.certificate_id for one in rows or []]
        if served != [certificate_id]:
            sys.exit(f"{listener_id} serves {served}")
    seconds = time.perf_counter() - start
    Path(os.environ["ALICLOUD_TLS_STOPWATCH"]).write_text(f"{seconds}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
