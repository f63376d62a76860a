#!/usr/bin/env bash
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the guides say is what happens. That of ACME has a test of its own, since it needs an ACME server.

set -eux -o pipefail

guides=()
for guide in ../../../../docs/docsite/rst/guide_*.rst; do
    case "${guide}" in
        */guide_acme.rst | */guide_awx.rst) ;;
        *) guides+=("${guide}") ;;
    esac
done
python guide.py "${OUTPUT_DIR}" "${guides[@]}"
