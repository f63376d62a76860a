#!/usr/bin/env bash
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the guides say is what happens. Those of ACME and of AWX have tests of their own,
# since they need more than the cloud.

set -eux -o pipefail

export PYTHONPATH="${ANSIBLE_COLLECTIONS_PATH}"
guides=()
# This directory is that of a copy without the guides.
for guide in "${ANSIBLE_COLLECTIONS_PATH%%:*}"/ansible_collections/alicloud/tls/docs/docsite/rst/guide_*.rst; do
    case "${guide}" in
        */guide_acme.rst | */guide_awx.rst) ;;
        *) guides+=("${guide}") ;;
    esac
done
python guide.py "${OUTPUT_DIR}" "${guides[@]}"
