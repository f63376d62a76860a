# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
Host names and IP addresses, and which of them a certificate is good for. Standard library only.

RFC 9525: a name of a certificate is a host name, an IP address, or a wildcard whose whole left-most label is C(*); that
one label stands for exactly one other. Nothing is covered by an empty list.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
import unicodedata

if t.TYPE_CHECKING:
    from collections.abc import Iterable

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)*(?![0-9]+\Z){_LABEL}")
_LONGEST_NAME, _LONGEST_LABEL = 253, 63
# The dot of East Asian keyboards; and str.lower() makes another letter of this sigma at the end of a word.
_ALIKE = str.maketrans({"\u3002": ".", "\u03a3": "\u03c3"})
# Letters (and two joiners) that IDNA 2008 keeps, while Python's codec (IDNA 2003) makes another host name of them.
_KEPT_SINCE_2008 = frozenset("\u00df\u03c2\u200c\u200d")


def _address(text: str) -> str | None:
    """The canonical form of an IP address; None if it is none."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


def _a_label(label: str) -> str:
    """The label as DNS and certificates have it; as it is if it has no such form."""
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return label
    try:
        if _KEPT_SINCE_2008.intersection(label):
            return f"xn--{label.encode('punycode').decode('ascii')}"
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return label


def normalise_name(text: str) -> str:
    """
    One way to write a host name, wildcard or IP address: lower case, A-labels (C(xn--...)), no dot at the end.

    IPv6 addresses lose brackets and are compressed. What is no name at all still equals itself.
    """
    name = text.strip()
    if not name.isascii():
        name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).translate(_ALIKE).lower())
    name = ".".join(_a_label(label) for label in name.strip().lower().split("."))
    if name.endswith(".") and not name.endswith(".."):
        name = name[:-1]
    return _address(name) or name


def is_host_name(text: str) -> bool:
    """Whether it can be the name of a host (underscores are let pass), a wildcard or an IP address."""
    name = normalise_name(text)
    return _address(name) is not None or (len(name) <= _LONGEST_NAME and _HOST_NAME.fullmatch(name) is not None)


def normal_names(names: Iterable[str]) -> frozenset[str]:
    """The names, each as normalise_name() writes it, without empty ones."""
    return frozenset(filter(None, map(normalise_name, names)))


def _covered(names: frozenset[str], name: str) -> bool:
    """Both are normal already."""
    if name in names:
        return True
    label, _dot, rest = name.partition(".")
    return bool(label and rest) and "*" not in name and f"*.{rest}" in names and _address(name) is None


def covers(names: Iterable[str], name: str) -> bool:
    """
    Whether a certificate with C(names) is good for C(name).

    :param name: of a host, an IP address, or a wildcard; only the same wildcard covers a wildcard.
    """
    return _covered(normal_names(names), normalise_name(name))


def covers_all(names: frozenset[str], others: frozenset[str]) -> bool:
    """
    Whether a certificate with C(names) is good for all C(others), of which there have to be some.

    :param names: like the others as normal_names() has them, so that many can be compared with many.
    """
    return bool(others) and all(_covered(names, name) for name in others)


def matches(pattern: str, host: str) -> bool:
    """Whether one name of a certificate is good for a host."""
    return covers((pattern,), host)


def uncovered(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """
    The names, in normal form and sorted, that were served before and that nothing covers afterwards.

    What no client can ask for, such as a common name like C(Acme Root CA), was never served.
    """
    known = normal_names(after)
    return sorted(name for name in normal_names(before) if is_host_name(name) and not _covered(known, name))


def same_names(a: Iterable[str], b: Iterable[str]) -> bool:
    """Whether both are the same set of names, however they are written; two empty ones are not."""
    names = normal_names(a)
    return bool(names) and names == normal_names(b)
