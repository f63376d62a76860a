# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What all modules of the collection can do; one fragment per action group."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and tell what would be changed without changing it.
    support: full
    details: Reads and decides exactly as without check mode; only the writes are left out.
  diff_mode:
    description: Tells what is, or would be, changed when run in diff mode.
    support: full
    details: >-
      Certificates are shown by subject, names, issuer, expiry, algorithm and SHA-256 fingerprint. Private keys and PEM
      are never part of it.
  idempotent:
    description: A second run with the same options changes nothing if nothing else has changed in between.
    support: full
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
"""

    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and tell what would be changed without changing it.
    support: full
    details: Only reads, in check mode and without.
  diff_mode:
    description: Tells what is, or would be, changed when run in diff mode.
    support: N/A
    details: Only reads, so that nothing ever differs.
  idempotent:
    description: A second run with the same options changes nothing if nothing else has changed in between.
    support: full
    details: Never changes anything.
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
"""

    ACTIONGROUP_ALB = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/alicloud.tls.alb) or C(group/alicloud.tls.all) in C(module_defaults) to set common options.
    support: full
    membership:
      - alicloud.tls.alb
      - alicloud.tls.all
"""

    ACTIONGROUP_CAS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/alicloud.tls.cas) or C(group/alicloud.tls.all) in C(module_defaults) to set common options.
    support: full
    membership:
      - alicloud.tls.cas
      - alicloud.tls.all
"""
