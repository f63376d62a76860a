# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Whether a text is a private key, or repeats a part of one."""

from __future__ import annotations

import re

# So many characters of a key's base64 are no accident: the chance is one in 2**96 for any place.
_RUN = 16
# What may break the lines of a key in messages: as it is, or escaped as in JSON and in URLs.
_BREAKS = re.compile(r"\s+|(?:\\[nr])+|(?:%0[ADad])+")
_MARK = re.compile(r"-----(?:BEGIN|END) [A-Z ]*-----")
# What the lines around a key in PEM end in.
_LINE = "PRIVATE KEY-----"
# The base64 of a key without these lines, that is of a DER sequence that begins with the version, 0 or 1, and goes on
# as PKCS#8, PKCS#1 and SEC1 do. Certificates, requests and public keys begin otherwise. One for each way to tell the
# length.
_BARE = re.compile(
    r"(?:(?<![A-Za-z0-9+/])|(?<=\\[nr]))"
    r"(?:MI[I-L][A-Za-z0-9+/]{2}[AQgw]IBA[ADQ]"
    r"|MI[E-H][A-Za-z0-9+/]AgE(?:A[AM]|BB)"
    r"|M[A-H][AEIMQUYcgkosw048]CAQ(?:A[Cw]|EE))"
    r"[A-Za-z0-9+/]{32}"
)


def has_key(text: str) -> bool:
    """
    Whether there is a private key in a text, in PEM or the bare base64 of one.

    A line from the middle of a key looks like anything else in base64, and is not recognised.
    """
    return _LINE in text or _BARE.search(text) is not None


def repeats_key(text: str, key: str) -> bool:
    """
    Whether some part of a private key is in a text, however its lines are broken.

    :param key: in PEM, or what else was given for one.
    """
    if _LINE in text:
        return True
    squeezed = _BREAKS.sub("", text)
    body = _BREAKS.sub("", _MARK.sub("", key))
    return any(body[start : start + _RUN] in squeezed for start in range(len(body) - _RUN + 1))
