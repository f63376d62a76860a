#!/usr/bin/env bash
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The playbook as users call it: by its name, with credentials from the environment and variables from a file.

set -eux -o pipefail

export ANSIBLE_ROLES_PATH=..

ansible-playbook -i "${INVENTORY_PATH}" -e "output_dir=${OUTPUT_DIR}" start.yml "$@"
# shellcheck source=/dev/null
source "${OUTPUT_DIR}/environment"
trap 'python control.py POST stop' EXIT

cat > "${OUTPUT_DIR}/listener.yml" << EOF
https_listener_hosts: testhost
https_listener_load_balancer: demo
https_listener_server_group: demo-web
https_listener_certificates:
  - certificate_path: ${OUTPUT_DIR}/emulator/rsa.fullchain.pem
    private_key_path: ${OUTPUT_DIR}/emulator/rsa.key.pem
EOF

play() {
    ansible-playbook -i "${INVENTORY_PATH}" alicloud.tls.https_listener -e "@${OUTPUT_DIR}/listener.yml" "$@" |
        tee "${OUTPUT_DIR}/play.txt"
}

# The plan, on a load balancer without a listener. Nothing is changed.
play --check --diff
grep 'changed=2 ' "${OUTPUT_DIR}/play.txt"
grep '"subject": "www.example.com"' "${OUTPUT_DIR}/play.txt"
test "$(python control.py GET state listeners)" = '[]'

# For real, and again.
play --diff
grep 'changed=2 ' "${OUTPUT_DIR}/play.txt"
play
grep 'changed=0 ' "${OUTPUT_DIR}/play.txt"

# What clients are served, before and after a renewal.
served() {
    read -r address port <<< "$(python control.py GET data-plane)"
    python ../setup_emulator/files/served.py \
        "${address}" "${port}" "${OUTPUT_DIR}/emulator/root.pem" www.example.com RSA
}

test "$(served)" = "$(cat "${OUTPUT_DIR}/emulator/rsa.sha256")"
sed -i.old 's/rsa/renewed/' "${OUTPUT_DIR}/listener.yml"
play --diff
grep 'changed=2 ' "${OUTPUT_DIR}/play.txt"
test "$(served)" = "$(cat "${OUTPUT_DIR}/emulator/renewed.sha256")"

# What the role's argument spec does not allow is refused before anything is asked.
if play -e https_listener_idle_timeout=soon; then
    exit 1
fi
grep 'https_listener_idle_timeout' "${OUTPUT_DIR}/play.txt"
