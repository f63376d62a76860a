# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""aiohttp's server, whose own errors are JSON like all others and go into no log with what the client sent."""

from __future__ import annotations

import asyncio
import logging
import typing as t
from collections.abc import Awaitable, Callable

from aiohttp import web

from .errors import ApiRefusal
from .invented import invented
from .wire import failure, new_request_id

_LOG = logging.getLogger("alicloud_tls.emulator")
_LARGEST_BODY = 64 * 1024 * 1024
_BODY_SECONDS = 30.0
_LINE_SIZE = 1024 * 1024


class HttpServer(web.Server):
    """Hands each connection to a handler of the kind below."""

    def __init__(self, answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> None:
        self._options: dict[str, t.Any] = {
            "access_log": None,
            "max_line_size": _LINE_SIZE,
            "max_field_size": 65536,
        }
        super().__init__(answer, **self._options)

    def __call__(self) -> web.RequestHandler:
        return _Handler(self, loop=asyncio.get_running_loop(), **self._options)


class _Handler(web.RequestHandler):
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP, and what the emulator itself got wrong."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer is under way already")
        if status < 500:
            refusal = not_http(message or "")
        else:
            # Without the exception's text: there may be a private key in it.
            _LOG.error("emulator: %s", type(exc).__name__, exc_info=exc if _LOG.isEnabledFor(logging.DEBUG) else None)
            refusal = ApiRefusal("InternalError", "The emulator failed; please report this.", 500)
        response = refused(refusal, status)
        response.force_close()
        return response


def refused(refusal: ApiRefusal, status: int = 0) -> web.Response:
    """An answer for what was no call yet."""
    answer = failure(new_request_id(), refusal, product="Alb", host="localhost")
    return web.Response(status=status or answer.status, body=answer.body, content_type=answer.content_type)


def not_http(detail: str) -> ApiRefusal:
    first = detail.strip().split("\n", 1)[0]
    return invented("http", f"The request is not well-formed HTTP. {first}".strip())


async def read_body(request: web.BaseRequest) -> bytes:
    """
    :raises ApiRefusal: it does not come, is too long, or is not in the encoding that was announced
    """
    if not request.body_exists:
        return b""
    parts: list[bytes] = []
    size = 0
    try:
        while not request.content.at_eof():
            part = await asyncio.wait_for(request.content.readany(), _BODY_SECONDS)
            size += len(part)
            if size > _LARGEST_BODY:
                raise invented("body-size", f"The body has more than {_LARGEST_BODY} bytes.")
            parts.append(part)
    except asyncio.TimeoutError as exc:
        raise not_http("The body does not come.") from exc
    except web.RequestPayloadError as exc:
        raise not_http("The body is not as announced.") from exc
    return b"".join(parts)
