# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Whether a text repeats a private key, or a part of one."""

from __future__ import annotations

import re

# So many characters of a key's base64 are no accident: the chance is one in 2**96 for any place.
_RUN = 16
# What may break the lines of a key in messages: as it is, or escaped as in JSON and in URLs.
_BREAKS = re.compile(r"\s+|(?:\\[nr])+|(?:%0[ADad])+")
_MARK = re.compile(r"-----(?:BEGIN|END) [A-Z ]*-----")


def repeats_key(text: str, key: str) -> bool:
    """
    Whether some part of a private key is in a text, however its lines are broken.

    :param key: in PEM, or what else was given for one.
    """
    if "PRIVATE KEY-----" in text:
        return True
    squeezed = _BREAKS.sub("", text)
    body = _BREAKS.sub("", _MARK.sub("", key))
    return any(body[start : start + _RUN] in squeezed for start in range(len(body) - _RUN + 1))
