# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local connection, which so many tasks can use before it is gone."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = """
name: there_for_a_while
short_description: The local connection, for a while
author: The alicloud.tls contributors (@alicloud-tls)
description: For so many tasks the local connection; to those after them the host is unreachable.
version_added: 0.1.0
extends_documentation_fragment: connection_pipelining
options:
  tasks:
    description: How many tasks find the host.
    type: int
    vars:
      - name: there_for_a_while_tasks
  record:
    description: Path of a file that is not there at first; keeps how many have found it.
    type: str
    vars:
      - name: there_for_a_while_record
"""


class Connection(LocalConnection):
    transport = "there_for_a_while"

    def _connect(self) -> t.Any:
        if not self._connected:
            record = Path(self.get_option("record"))
            found = len(record.read_bytes()) if record.exists() else 0
            if found >= self.get_option("tasks"):
                raise AnsibleConnectionFailure("The host is gone.")
            record.write_bytes(b"." * (found + 1))
        return super()._connect()
