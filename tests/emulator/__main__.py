# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: python -m tests.emulator"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import logging
import math
import os
import signal
import sys
import typing as t
from pathlib import Path

from .seed import DEMO_SEED
from .seed_file import read_seed_file
from .server import Server, require_loopback
from .settings import Settings
from .sites import other_site

_LOG = logging.getLogger("alicloud_tls.emulator")
_BOOLEAN_OPTIONS = ("strict_parameters", "data_plane", "delete_bound_certificates")


def main(arguments: list[str] | None = None) -> int:
    """Run until told to stop; the exit status is 2 for bad arguments and 1 if the port is taken."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if not options.unsafe_bind:
            require_loopback(options.host)
        settings = _settings(options)
        seeds: list[t.Any] = [DEMO_SEED] if options.demo_seed else []
        if options.seed:
            seeds.append(read_seed_file(Path(options.seed)))
        server = Server(
            settings,
            seeds,
            host=options.host,
            port=options.port,
            second_port=options.second_port,
            unsafe_bind=options.unsafe_bind,
            state=Path(options.state) if options.state else None,
        )
    except (ValueError, OSError) as exc:
        parser.error(str(exc))
    level = logging.WARNING if options.quiet else logging.DEBUG if options.verbose else logging.INFO
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    _LOG.setLevel(level)
    try:
        asyncio.run(_serve(options, server))
    except OSError as exc:
        print(f"emulator: {exc}", file=sys.stderr)
        return 1
    except ValueError as exc:
        parser.error(str(exc))
    return 0


async def _serve(options: argparse.Namespace, server: Server) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stopping.set)
    address, port = await server.start()
    try:
        endpoint = f"{address}:{port}"
        if options.unsafe_bind:
            _LOG.warning("whoever reaches %s can see and change everything, without a signature", endpoint)
        if not options.quiet:
            print(_introduction(endpoint, server), flush=True)
        if options.ready_file:
            facts = {
                "url": f"http://{endpoint}",
                "endpoint": endpoint,
                "pid": os.getpid(),
                "cas_endpoints": server.cas_endpoints,
            }
            _write_atomically(Path(options.ready_file), facts)
        if options.lifetime:
            loop.call_later(options.lifetime, server.stopping.set)
        await server.stopping.wait()
    finally:
        await server.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.emulator",
        description="A strict local emulator of Alibaba Cloud ALB and CAS, on one loopback port.",
    )
    defaults = Settings()
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on; 0 takes a free one (default)")
    parser.add_argument(
        "--second-port", type=_port, default=0, help="port on which CAS is the other site; 0 takes a free one (default)"
    )
    parser.add_argument(
        "--unsafe-bind",
        action="store_true",
        help="allow any --host; whoever can reach it can see and change everything, the control API is unsigned",
    )
    parser.add_argument("--ready-file", metavar="FILE", help="write url, endpoints and pid as JSON when ready")
    parser.add_argument(
        "--seed", metavar="FILE", help="YAML or JSON file with what is there at the start, see README.md"
    )
    parser.add_argument(
        "--state",
        metavar="FILE",
        help="keep everything in this file across restarts; if it is there, seeds count after a reset only."
        " It holds private keys",
    )
    parser.add_argument("--demo-seed", action="store_true", help="begin with two load balancers and a server group")
    parser.add_argument("--lifetime", type=_lifetime, metavar="SECONDS", help="end after this time")
    parser.add_argument(
        "--polls", type=int, default=defaults.polls, help="calls that a job takes (default: %(default)s)"
    )
    parser.add_argument("--job-seconds", type=float, help="time that a job takes, instead of --polls")
    meanings = {each.name: str(each.metadata.get("meaning", "")) for each in dataclasses.fields(Settings)}
    for name in _BOOLEAN_OPTIONS:
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            action=argparse.BooleanOptionalAction,
            default=getattr(defaults, name),
            help=meanings[name].replace("`", ""),
        )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=JSON", help="any other switch of the README, as in polls=0"
    )
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("--quiet", action="store_true", help="print nothing but warnings")
    loudness.add_argument("--verbose", action="store_true", help="log the control API, too")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return number


def _lifetime(text: str) -> float:
    seconds = float(text)
    if not math.isfinite(seconds) or seconds < 0:
        raise argparse.ArgumentTypeError("not a time to live")
    return seconds


def _settings(options: argparse.Namespace) -> Settings:
    """
    :raises ValueError: --set names no switch or has a bad value
    """
    changes: dict[str, object] = {name: getattr(options, name) for name in ("polls", "job_seconds", *_BOOLEAN_OPTIONS)}
    for setting in options.set:
        name, equals, value = setting.partition("=")
        if not equals:
            raise ValueError(f"--set wants NAME=JSON, not {setting}")
        changes[name] = json.loads(value)
    return Settings().changed(changes)


def _introduction(endpoint: str, server: Server) -> str:
    settings = server.cloud.settings
    account = settings.accounts[0]
    second = other_site(settings.site)
    return "\n".join(
        (
            f"ALB 2020-06-16 and CAS 2020-04-07 on http://{endpoint}; control API under http://{endpoint}/_emulator/",
            "",
            f"export ALIBABA_CLOUD_ACCESS_KEY_ID={account.access_key_id}",
            f"export ALIBABA_CLOUD_ACCESS_KEY_SECRET={account.access_key_secret}",
            f"export ALIBABA_CLOUD_REGION_ID={settings.region}",
            f"export ALIBABA_CLOUD_ALB_ENDPOINT=http://{endpoint}",
            f"export ALIBABA_CLOUD_CAS_ENDPOINT=http://{endpoint}",
            "",
            f"CAS there is the site {settings.site}. The site {second}, with other certificates, is",
            f"  ALIBABA_CLOUD_CAS_ENDPOINT=http://{server.cas_endpoints[second]}",
            "",
            f"Clients that know no such variables: endpoint {endpoint}, protocol HTTP, for both products.",
            "Each request, and the port on which each listener really listens, is told below.",
            "",
        )
    )


def _write_atomically(path: Path, content: dict[str, t.Any]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    sys.exit(main())
