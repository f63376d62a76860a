# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests look for in answers and logs."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable

Answer = dict[str, t.Any]

# Of what a task answers, this is not the same twice: chance decides it, or check mode has no reason to do it.
COSTS = ("api_calls", "waited", "invocation")
# What only the cloud can choose.
_IDS = ("id", "certificate_id", "identifier")


def comparable(answer: Answer) -> Answer:
    """An answer without what differs between two runs that do the same."""
    return {name: value for name, value in answer.items() if name not in COSTS}


def differences(predicted: t.Any, done: t.Any, where: str = "answer") -> list[str]:
    """
    Where an answer of check mode is not the answer of the run.

    An id may be missing in check mode, if the run has one then; nothing else may differ.
    """
    if isinstance(predicted, dict) and isinstance(done, dict):
        found = [f"{where}.{key} is in one of both only" for key in sorted(set(predicted) ^ set(done))]
        for key in sorted(set(predicted) & set(done)):
            if key in _IDS and predicted[key] is None and done[key] is not None:
                continue
            found += differences(predicted[key], done[key], f"{where}.{key}")
        return found
    if isinstance(predicted, list) and isinstance(done, list) and len(predicted) == len(done):
        pairs = enumerate(zip(predicted, done, strict=True))
        return [line for number, (one, two) in pairs for line in differences(one, two, f"{where}[{number}]")]
    return [] if predicted == done else [f"{where}: {predicted!r} in check mode, {done!r} for real"]


def is_write(action: str) -> bool:
    """Whether an API action changes something."""
    return not action.startswith(("Describe", "Get", "List"))


def writes(actions: Iterable[str]) -> list[str]:
    return [action for action in actions if is_write(action)]


def _base64_of(pem: str) -> str:
    lines = (line.strip() for line in pem.splitlines())
    return "".join(line for line in lines if line and ":" not in line and "-----" not in line)


def key_pieces(key_pem: str, text: str, *, public: str = "") -> list[str]:
    """
    Which pieces of a private key are in a text: runs of 16 characters of its base64, however the lines are broken.

    :param public: PEM text that may be there, such as the certificate, which shares the public key with the key.
    """
    squeezed = re.sub(r"(\\n|\\r|\s)+", "", text)
    harmless = _base64_of(public)
    body = _base64_of(key_pem)
    runs = (body[start : start + 16] for start in range(len(body) - 15))
    return [run for run in runs if run in squeezed and run not in harmless]
