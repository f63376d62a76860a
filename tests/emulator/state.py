# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
The world in a file, to be there again after a restart. It holds private keys, so only its owner may read it.

Written from the type annotations of the dataclasses, so that a field more needs no line here.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import json
import logging
import os
import random
import time
import types
import typing as t
from collections.abc import Callable
from pathlib import Path

from .clock import Clock
from .cloud import Cloud
from .world import World

_LOG = logging.getLogger("alicloud_tls.emulator")
FORMAT = 1
_WAIT = 0.1
_NOT_KEPT = frozenset({"touched_listeners", "names"})
"""Of the world: made anew, and kept in a form of its own."""


class StateFile:
    """
    A file that follows the world, a moment behind.

    :param path: where; it need not exist. A symbolic link is followed.
    """

    def __init__(self, path: Path, cloud: Cloud) -> None:
        self._path = path.resolve()
        self._cloud = cloud
        self._timer: asyncio.TimerHandle | None = None
        self._took = 0.0

    def load(self) -> bool:
        """
        Take over what the file has.

        :return: False if there is no file
        :raises ValueError: the file is not one of ours
        """
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return False
        clock = Clock()
        try:
            content = json.loads(raw.decode())
            if content["format"] != FORMAT:
                raise ValueError(f"its format is {content['format']}, not {FORMAT}")
            world = t.cast("World", decoded(World, content["world"]))
            state = content["names"]
            world.names.setstate((state[0], tuple(state[1]), state[2]))
            clock.put_forward(content["clock"])
            # One object in two tables.
            world.running_jobs = {each: world.jobs[each] for each in world.running_jobs}
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as exc:
            raise ValueError(f"{self._path} is no state of this emulator: {type(exc).__name__}: {exc}") from exc
        world.touched_listeners = set(world.listeners) - world.asleep
        self._cloud.world = world
        self._cloud.clock.world_offset = clock.world_offset
        return True

    def changed(self) -> None:
        """Something may have changed: write soon, and spend no more than a tenth of the time on it."""
        if self._timer is None:
            wait = max(_WAIT, 10 * self._took)
            self._timer = asyncio.get_running_loop().call_later(wait, self._write_if_it_can_be)

    def write(self) -> None:
        """
        Write now, the whole or nothing.

        :raises OSError: it cannot be written
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        began = time.monotonic()
        cloud = self._cloud
        content = {
            "format": FORMAT,
            "about": "State of the alicloud.tls emulator, with private keys.",
            "clock": cloud.clock.world_offset,
            "names": cloud.world.names.getstate(),
            "world": encoded(cloud.world),
        }
        write_privately(self._path, json.dumps(content, ensure_ascii=False, separators=(",", ":")))
        self._took = time.monotonic() - began

    def _write_if_it_can_be(self) -> None:
        try:
            self.write()
        except OSError as exc:
            _LOG.warning("the state is not kept: %s", exc)


def write_privately(path: Path, text: str) -> None:
    """Replace a file by one that only its owner may read. Who reads sees the old one or the new one, whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def encoded(value: t.Any) -> t.Any:
    """As plain data for JSON. A dictionary whose keys are no text becomes a list of pairs."""
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: encoded(getattr(value, name)) for name, _decode in _fields(type(value))}
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: encoded(each) for key, each in value.items()}
        return [[encoded(key), encoded(each)] for key, each in value.items()]
    if isinstance(value, (set, frozenset)):
        return sorted(encoded(each) for each in value)
    if isinstance(value, (list, tuple)):
        return [encoded(each) for each in value]
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def decoded(hint: t.Any, value: t.Any) -> t.Any:
    """
    What `encoded` was given, by its type annotation.

    :raises ValueError: the value is not of that type
    """
    return _decoder(hint)(value)


_Decoder = Callable[[t.Any], t.Any]


@functools.cache
def _decoder(hint: t.Any) -> _Decoder:  # noqa: PLR0911 - one return per form of type
    origin, arguments = t.get_origin(hint), t.get_args(hint)
    if hint is t.Any:
        return lambda value: value
    if origin is t.Literal:
        return lambda value: _one_of(arguments, value)
    if origin in (t.Union, types.UnionType):
        return functools.partial(_union, tuple(_decoder(each) for each in arguments))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        # Made when it is needed: types may refer to each other.
        return functools.partial(_dataclass, hint)
    if origin is dict:
        key, inner = map(_decoder, arguments)
        return lambda value: {
            key(name): inner(each) for name, each in (value.items() if isinstance(value, dict) else value)
        }
    if origin in (list, set, frozenset):
        inner = _decoder(arguments[0])
        return lambda value: origin(inner(each) for each in _list(value))
    if origin is tuple and arguments[-1] is Ellipsis:
        inner = _decoder(arguments[0])
        return lambda value: tuple(inner(each) for each in _list(value))
    if origin is tuple:
        parts = tuple(_decoder(each) for each in arguments)
        return lambda value: tuple(part(each) for part, each in zip(parts, _list(value), strict=True))
    return functools.partial(_scalar, hint)


@functools.cache
def _fields(kind: t.Any) -> tuple[tuple[str, _Decoder], ...]:
    hints = t.get_type_hints(kind)
    names = [each.name for each in dataclasses.fields(kind) if each.init]
    kept = [name for name in names if kind is not World or name not in _NOT_KEPT]
    return tuple((name, _decoder(hints[name])) for name in kept)


def _dataclass(kind: t.Any, value: t.Any) -> t.Any:
    """A field that the file does not have gets its default; one that the class does not have is left out."""
    if not isinstance(value, dict):
        raise ValueError(f"a {kind.__name__} is not a {type(value).__name__}")
    return kind(**{name: decode(value[name]) for name, decode in _fields(kind) if name in value})


def _union(decoders: tuple[_Decoder, ...], value: t.Any) -> t.Any:
    for decode in decoders:
        try:
            return decode(value)
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    raise ValueError(f"{type(value).__name__} fits none of the possible types")


def _scalar(hint: t.Any, value: t.Any) -> t.Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint in {types.NoneType, None}:
        if value is not None:
            raise ValueError("not nothing")
        return None
    if hint is random.Random or not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ValueError(f"{type(value).__name__} instead of {getattr(hint, '__name__', hint)}")
    return value


def _one_of(choices: tuple[t.Any, ...], value: t.Any) -> t.Any:
    if value not in choices:
        raise ValueError(f"not one of {', '.join(map(str, choices))}")
    return value


def _list(value: t.Any) -> list[t.Any]:
    if not isinstance(value, list):
        raise ValueError(f"a {type(value).__name__} is no list")
    return value
