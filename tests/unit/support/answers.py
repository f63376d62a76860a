# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests look for in answers and logs."""

from __future__ import annotations

import base64
import functools
import re
import typing as t
from collections.abc import Iterable

from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import PASSPHRASE
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

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
    Which pieces of a private key are in a text: runs of 16 characters of its base64 that begin at multiples of four (so
    that none of 19 is missed), however the lines are broken.

    :param public: PEM text that may be there, such as the certificate, which shares the public key with the key.
    """
    squeezed = re.sub(r"(\\n|\\r|\s)+", "", text)
    harmless = _base64_of(public)
    body = _base64_of(key_pem)
    runs = (body[start : start + 16] for start in range(0, len(body) - 15, 4))
    return [run for run in runs if run in squeezed and run not in harmless]


def key_traces(key_pem: str, text: str, *, public: str = "") -> list[str]:
    """
    What of a private key is in a text: key_pieces(), or its secret numbers written in another way.

    These are decimal and hexadecimal digits, with or without colons or C(\\x) between bytes; bytes as Python shows
    them; and base64 of whatever they are a part of. Of all of them runs of 16 characters that begin at multiples of 16.
    """
    # Most of what modules tell they tell often.
    text = '"'.join(dict.fromkeys(re.split('[" ]', text)))
    found = key_pieces(key_pem, text, public=public)
    plain = re.sub(r"(\\n|\\r|\s)+", "", text)
    digits = re.sub(r"0x|\\+x|[:,]", "", plain).lower()
    for number in _secret_numbers(key_pem):
        found += [run for run in _runs(number.hex(), str(int.from_bytes(number, "big"))) if run in digits]
        # Whatever else is before it: in base64 three bytes are four characters.
        encoded = (base64.b64encode(number[start : len(number) - (len(number) - start) % 3]) for start in range(3))
        shown = (repr(number)[2:-1], repr(number.decode("latin-1"))[1:-1])
        found += [run for run in _runs(*(each.decode() for each in encoded), *shown) if run in plain]
    return found


@functools.cache
def _secret_numbers(key_pem: str) -> tuple[bytes, ...]:
    """The private exponent and the primes of an RSA key; the scalar of an EC key."""
    password = PASSPHRASE.password if "ENCRYPTED" in key_pem else None
    key = load_pem_private_key(key_pem.encode(), password, unsafe_skip_rsa_key_validation=True)
    numbers: tuple[int, ...]
    if isinstance(key, rsa.RSAPrivateKey):
        known = key.private_numbers()
        numbers = (known.d, known.p, known.q, known.dmp1, known.dmq1, known.iqmp)
    else:
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        numbers = (key.private_numbers().private_value,)
    return tuple(number.to_bytes((number.bit_length() + 7) // 8, "big") for number in numbers)


def _runs(*texts: str) -> list[str]:
    return [text[start : start + 16] for text in texts for start in range(0, len(text) - 15, 16)]
