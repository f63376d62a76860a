# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds as text: YAML, or JSON, which is YAML; and what a seed file reads out of other files."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

_FILES = {"certificate_file": "certificate", "key_file": "key", "pem_file": "pem"}


def read_seed_file(path: Path) -> dict[str, t.Any]:
    """
    A seed with `certificate_file`, `key_file` and `pem_file` read, which are relative to it.

    :raises ValueError: it is not a seed
    :raises OSError: it, or a file that it names, cannot be read
    """
    seed = parse_seed(path.read_text(encoding="utf-8"))
    for kind in ("certificates", "ca_certificates"):
        items = seed.get(kind)
        for item in items if isinstance(items, list) else []:
            for name in set(item) & set(_FILES) if isinstance(item, dict) else ():
                item[_FILES[name]] = _file(path.parent, name, item.pop(name)).read_text(encoding="utf-8")
    return seed


def _file(beside: Path, field: str, name: object) -> Path:
    """What cannot be read is told by its name, so a key that stands there by mistake must not get that far."""
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= 1000 or "-----BEGIN" in name:
        raise ValueError(f"{field} must be the name of a file")
    return beside / name


def parse_seed(text: str) -> dict[str, t.Any]:
    """
    :raises ValueError: not YAML, not an object, or YAML and no PyYAML to read it
    """
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        decoded = _from_yaml(text)
    if not isinstance(decoded, dict) or not all(isinstance(key, str) for key in decoded):
        raise ValueError("a seed is an object with the kinds of resources as names")
    return decoded


def _from_yaml(text: str) -> t.Any:
    try:
        import yaml
    except ImportError as exc:
        raise ValueError("this is not JSON, and to read YAML the package PyYAML is needed") from exc
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as exc:
        # Without the line itself, which may be one of a private key.
        line = exc.problem_mark.line + 1 if exc.problem_mark is not None else "?"
        raise ValueError(f"neither JSON nor YAML, see line {line}") from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, LookupError, AttributeError):
        # Not all that PyYAML raises for a value that does not fit its tag is its own.
        raise ValueError("neither JSON nor YAML") from None
