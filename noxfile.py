# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
All checks of the collection, one session each: `nox -l` lists them.

The sessions share a few environments, made under `.nox` at first use and again when their requirements change;
`make test` runs the sessions through `dev/check.py`, which counts.
"""

from __future__ import annotations

import dataclasses
import fcntl
import functools
import hashlib
import importlib.util
import json
import os
import re
import shutil
import sys
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "dev"))

import get_others  # noqa: E402 - found through the line above
import get_pip  # noqa: E402
import pythons  # noqa: E402
import tree  # noqa: E402

RESULTS = tree.CACHE / "results"
HOME = tree.CACHE / "home"
REQUIREMENTS = (
    "requirements.txt",
    "dev/quality.txt",
    "tests/unit/requirements.txt",
    "tests/integration/requirements.txt",
)
# Running things in no environment of nox's own: see Environment.
session_without_venv = functools.partial(nox.session, venv_backend="none")

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "none"
nox.options.tags = ["lint"]


# --- environments --------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Environment:
    """
    A virtual environment that sessions share.

    nox would make one for each session: a dozen, most of them with ansible-core in it.

    :param name: name under `.nox`, to which the Python version is added.
    :param versions: acceptable Python versions, the preferred one first.
    :param packages: what to install, as pip takes it; names that end in .txt are requirements files of the checkout.
    """

    name: str
    versions: tuple[str, ...]
    packages: tuple[str, ...]

    def bin(self, session: nox.Session) -> Path:
        """Its directory of programs, after making it if need be. Skips the session if there is no such Python."""
        found = pythons.first(*self.versions)
        if found is None:
            session.skip(f"no Python {' or '.join(self.versions)} on this machine")
        version, interpreter = found
        place = ROOT / ".nox" / f"{self.name}-{version}"
        stamp = place / ".installed"
        wanted = self._fingerprint(interpreter)
        place.parent.mkdir(exist_ok=True)
        with place.with_name(f"{place.name}.lock").open("w") as lock:
            # Two sessions that run at the same time may want the same one.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
                shutil.rmtree(place, ignore_errors=True)
                _run(session, interpreter, "-m", "venv", place)
                files = [f"--requirement={name}" for name in self.packages if name.endswith(".txt")]
                names = [name for name in self.packages if not name.endswith(".txt")]
                pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--quiet"]
                _run(session, place / "bin/python", *pip, *files, *names)
                stamp.write_text(wanted, encoding="utf-8")
        return place / "bin"

    def _fingerprint(self, interpreter: Path) -> str:
        """Changes when the environment has to be made again."""
        texts = [(ROOT / name).read_text(encoding="utf-8") for name in REQUIREMENTS]
        parts = [str(interpreter), str(ROOT), *self.packages, *texts]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def site_packages(self, session: nox.Session) -> Path:
        """Where its packages are."""
        return next(self.bin(session).parent.glob("lib/python3*/site-packages"))

    def run(
        self,
        session: nox.Session,
        program: str,
        *arguments: object,
        cwd: Path = ROOT,
        env: dict[str, str] | None = None,
        silent: bool = False,
    ) -> str:
        """Run one of its programs, with its directory first in PATH; what it prints, if silent."""
        directory = self.bin(session)
        values = {
            "PATH": f"{directory}{os.pathsep}{os.environ['PATH']}",
            "VIRTUAL_ENV": str(directory.parent),
            # Most of the tools write something there, such as ~/.ansible and ~/antsibull.log.
            "HOME": str(HOME),
        }
        HOME.mkdir(parents=True, exist_ok=True)
        with session.chdir(cwd):
            return _run(session, directory / program, *arguments, env={**values, **(env or {})}, silent=silent)


def _run(session: nox.Session, *command: object, env: dict[str, str] | None = None, silent: bool = False) -> str:
    """session.run() of a program that belongs to no environment of nox's."""
    stderr = sys.stderr if silent else None  # else it would be part of the output
    output = session.run(
        *map(str, command),
        external=True,
        env=env or {},
        silent=silent,
        stderr=stderr,
        # Time to clean up after Ctrl-C: nox would kill after half a second.
        interrupt_timeout=10,
        terminate_timeout=10,
    )
    return output if isinstance(output, str) else ""


CONTROLLER = ("3.14", "3.13", "3.12", "3.11")
FOR_TESTS = (
    "pytest>=8.4",
    "pytest-timeout>=2.3",
    "requirements.txt",
    "tests/unit/requirements.txt",
    "tests/integration/requirements.txt",
)
QUALITY = Environment("quality", CONTROLLER, ("dev/quality.txt",))
# By itself: it holds attrs and other packages below the versions that the other tools take.
IMPORTER = Environment("importer", CONTROLLER, ("ansible-core", "galaxy-importer"))
# ansible-core to test on. pip takes the newest that the Python allows, so "newest" is 2.19 on Python 3.11.
CORES = {
    # With nox, as the tests of what is in dev run this file's sessions.
    "newest": Environment("core-newest", CONTROLLER, ("ansible-core", "nox>=2025.5.1", *FOR_TESTS)),
    "2.19": Environment("core-2.19", ("3.11", "3.12", "3.13"), ("ansible-core~=2.19.0", *FOR_TESTS)),
    # The oldest Python too, so that both floors are tested.
    "2.16": Environment("core-2.16", ("3.10", "3.11", "3.12"), ("ansible-core~=2.16.0", *FOR_TESTS)),
}


def make(session: nox.Session, environment: Environment) -> None:
    """Make an environment, if it is not up to date."""
    environment.bin(session)


for _name, _environment in {"quality": QUALITY, "importer": IMPORTER, **CORES}.items():
    _session = functools.partial(make, environment=_environment)
    _session.__doc__ = f"Make the environment {_name}, if it is not up to date."
    session_without_venv(_session, name=f"environment-{_name}", tags=["environment"], default=False)


# --- reading the code ----------------------------------------------------------------------------------------------


@session_without_venv(name="format", default=False)
def format_(session: nox.Session) -> None:
    """Format the Python files and mend what ruff can mend."""
    QUALITY.run(session, "ruff", "check", "--fix-only", ".")
    QUALITY.run(session, "ruff", "format", ".")


@session_without_venv(tags=["lint"])
def formatting(session: nox.Session) -> None:
    """ruff format: are the Python files formatted?"""
    QUALITY.run(session, "ruff", "format", "--check", "--diff", ".")


@session_without_venv(tags=["lint"])
def ruff(session: nox.Session) -> None:
    """ruff check: the rules of ruff.toml."""
    QUALITY.run(session, "ruff", "check", "--no-fix", ".", *session.posargs)


@session_without_venv(tags=["lint"])
def yaml(session: nox.Session) -> None:
    """yamllint: YAML files, and the YAML in plugins and guides."""
    _antsibull(session, "yamllint")


@session_without_venv(tags=["lint"])
def shell(session: nox.Session) -> None:
    """shellcheck: shell scripts, .ci/run included."""
    scripts = [name for name in tree.known_files() if name.endswith(".sh") or name == ".ci/run"]
    QUALITY.run(session, "shellcheck", *scripts)


@session_without_venv(tags=["lint"])
def licences(session: nox.Session) -> None:
    """reuse and antsibull-nox: does every file say its licence?"""
    _antsibull(session, "license-check")


@session_without_venv(tags=["lint"])
def changelog(session: nox.Session) -> None:
    """antsibull-changelog: fragments and configuration."""
    QUALITY.run(session, "antsibull-changelog", "lint")


@session_without_venv(tags=["lint"])
def extras(session: nox.Session) -> None:
    """antsibull-nox: action groups, unwanted files, blanks; and equal lower bounds in all requirements files."""
    bounds: dict[str, dict[str, str]] = {}
    for name in ("requirements.txt", "tests/unit/requirements.txt", "tests/integration/requirements.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            package, separator, version = line.partition(">=")
            if separator and not line.startswith("#"):
                bounds.setdefault(package, {})[name] = version
    differing = {package: files for package, files in bounds.items() if len(set(files.values())) > 1}
    if differing:
        session.error(f"lower bounds differ: {differing}")
    _antsibull(session, "extra-checks")


@session_without_venv(tags=["lint"])
def types(session: nox.Session) -> None:
    """mypy strict: plugins, emulator, unit tests, and the programs in dev."""
    place = tree.link()
    inside = Path("ansible_collections/alicloud/tls")
    parts = ("plugins", "tests/emulator", "tests/unit")
    with_python = [inside / part for part in parts if any((ROOT / part).rglob("*.py"))]
    common = ["--config-file", ROOT / ".mypy.ini", "--cache-dir", tree.CACHE / "mypy"]
    try:
        QUALITY.run(session, "mypy", *common, *with_python, cwd=place)
    finally:
        QUALITY.run(session, "mypy", *common, "noxfile.py", *sorted(Path("dev").rglob("*.py")))


@session_without_venv(name="docs-lint", tags=["lint"])
def docs_lint(session: nox.Session) -> None:
    """antsibull-docs: documentation of plugins and roles, guides, and all references between them."""
    _antsibull(session, "docs-check")  # only the guides' code blocks: it makes no tree when it is given an environment
    place = tree.CACHE / "docs-lint"
    flags = ["--plugin-docs", "--skip-rstcheck", "--validate-collection-refs", "self", "--check-extra-docs-refs"]
    command = ["antsibull-docs", "lint-collection-docs", *flags, "."]
    QUALITY.run(session, *command, cwd=tree.copy(place), env=_ansible_paths(place))


@session_without_venv(name="ansible-lint", tags=["lint"])
def ansible_lint(session: nox.Session) -> None:
    """ansible-lint: profile production, offline."""
    place = tree.CACHE / "ansible-lint"
    flags = ["--offline", "--strict", "--nocolor"]
    QUALITY.run(session, "ansible-lint", *flags, cwd=tree.copy(place), env=_ansible_paths(place))


@session_without_venv(tags=["lint"])
def galaxy(session: nox.Session) -> None:
    """ansible-galaxy build, and would Galaxy import it?"""
    _antsibull(session, "build-import-check", IMPORTER)


@session_without_venv(name="execution-environment", tags=["lint"])
def execution_environment(session: nox.Session) -> None:
    """ansible-builder: the definition of an execution environment, and does it find what the collection needs?"""
    place = tree.CACHE / "execution-environment"
    definition = tree.copy(place) / "playbooks/awx/execution-environment.yml"
    # Only what needs no container engine.
    QUALITY.run(session, "ansible-builder", "create", "--file", definition, "--context", place / "context")
    output = QUALITY.run(session, "ansible-builder", "introspect", place, silent=True)
    found = re.findall(r"^- '?(\S+)  # from collection alicloud\.tls'?$", output, re.MULTILINE)
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    if sorted(found) != sorted(wanted):
        session.error(f"ansible-builder finds {found}, requirements.txt has {wanted}")


def _ansible_paths(place: Path) -> dict[str, str]:
    """Make Ansible look for collections only here, and keep the user's home out of it."""
    return {"ANSIBLE_COLLECTIONS_PATH": str(place), "ANSIBLE_HOME": str(tree.CACHE / "ansible")}


def _antsibull(session: nox.Session, name: str, environment: Environment = QUALITY) -> None:
    """Run a session that antsibull-nox.toml describes, without the environment of its own that it would make."""
    if environment is not QUALITY:
        # antsibull-nox is in one environment, the programs that it is to start are in another.
        path = os.pathsep.join([str(environment.bin(session)), str(QUALITY.bin(session)), os.environ["PATH"]])
        QUALITY.run(session, "nox", "--no-venv", "--session", name, env={"PATH": path})
    else:
        QUALITY.run(session, "nox", "--no-venv", "--session", name)


if importlib.util.find_spec("antsibull_nox"):
    # Only for the nox of QUALITY: .venv does not have it, to be there sooner.
    import antsibull_nox

    antsibull_nox.load_antsibull_nox_toml()


# --- running the code ----------------------------------------------------------------------------------------------


_TOOLS = ["tests/unit/dev", "tests/unit/emulator"]
# Tasks of modules without a front of them, which have integration targets, and what is below them.
_TASKS = ["tests/unit/plugins/modules"]
_PURE = [f"tests/unit/plugins/module_utils/{layer}" for layer in ("_alb", "_cas", "_core", "_sdk", "_x509")]
_SLOW = ["tests/unit/plugins/action/test_every_module.py"]
# With what dev/get_others.py fetches for the newest one only, or with many runs of ansible-runner.
_WITH_OTHERS = [
    "tests/unit/playbooks/test_awx_jobs.py",
    "tests/unit/playbooks/test_awx_setup.py",
    "tests/unit/playbooks/test_issue_and_deploy.py",
    "tests/unit/playbooks/test_issue_and_deploy_due.py",
]


def units(session: nox.Session, core: str) -> None:
    """pytest on one ansible-core."""
    place, results = tree.link(), _results(session)
    flags = [
        f"--junit-xml={results / 'units.xml'}",
        f"--override-ini=cache_dir={tree.CACHE / f'pytest-{core}'}",
        "--timeout=300",
        "--durations=5",
    ]
    actions = results / "actions.json"
    # What does not depend on ansible-core is tested once, or twice where it is cheap and Python is the oldest, too.
    once = {
        "newest": [],
        "2.16": [*_SLOW, *_TOOLS, *_WITH_OTHERS, *_TASKS],
        "2.19": [*_SLOW, *_TOOLS, *_WITH_OTHERS, *_TASKS, *_PURE],
    }[core]
    if core == "newest":
        get_others.prepare(CORES[core].bin(session) / "python")
    env = {"PYTHONPATH": str(place), **_ansible_paths(place)}
    CORES[core].run(
        session,
        "python",
        "-m",
        "pytest",
        *flags,
        *(session.posargs or [f"--ignore={path}" for path in once]),
        env={**env, "ALICLOUD_TLS_ACTIONS": str(actions)},
    )
    if not session.posargs and not once:
        # Do the modules document the permissions that they need?
        CORES[core].run(session, "python", "dev/permissions.py", actions, env=env)


def sanity(session: nox.Session, core: str) -> None:
    """ansible-test sanity on one ansible-core, without an ignore file, on every Python found."""
    ignored = sorted(name for name in tree.known_files() if name.startswith("tests/sanity/ignore"))
    if ignored:
        session.error(f"nothing is to be ignored: {', '.join(ignored)}")
    results = _results(session)
    tool = AnsibleTest(session, core, "sanity")
    try:
        tool.run("--color", "no", "--junit", *session.posargs)
    finally:
        tool.bring_back("junit", results)


def integration(session: nox.Session, core: str) -> None:
    """ansible-test integration on one ansible-core: modules, against the emulator."""
    _integration(session, core, [name for name in _targets() if not name.startswith(_WITH_ROLES)])


def roles(session: nox.Session, core: str) -> None:
    """ansible-test integration on one ansible-core: roles and guides, against the emulator."""
    _integration(session, core, [name for name in _targets() if name.startswith(_WITH_ROLES)])


_WITH_ROLES = ("role_", "guides")  # how names of targets begin
_FRONT = "--front="


def _targets() -> list[str]:
    return sorted(path.parent.name for path in (tree.ROOT / "tests/integration/targets").glob("*/aliases"))


def _integration(session: nox.Session, core: str, targets: list[str]) -> None:
    """
    Targets that are named on the command line, or else these.

    Modules are tested in both fronts, the controller and the module, or with `--front=controller` in that one. Other
    options are those of ansible-test.
    """
    results = _results(session)
    tool = AnsibleTest(session, core, "integration")
    if fronts := [each.removeprefix(_FRONT) for each in session.posargs if each.startswith(_FRONT)]:
        if not {*fronts} <= {"controller", "module"}:
            session.error(f"there is no front {' or '.join(fronts)}")
        tool.write("tests/integration/integration_config.yml", json.dumps({"test_fronts": fronts}))
    given = [each for each in session.posargs if not each.startswith(_FRONT)]
    chosen = given if any(not each.startswith("-") for each in given) else [*given, *targets]
    # What should run: ansible-test's own report has only what went well.
    (results / "targets.txt").write_text(tool.run("--list-targets", *chosen, silent=True), encoding="utf-8")
    try:
        tool.run("--color", "no", "--continue-on-error", *chosen)
    finally:
        tool.bring_back("data", results)


class AnsibleTest:
    """A command of ansible-test, run on a copy of the collection and in a home inside of the checkout."""

    def __init__(self, session: nox.Session, core: str, command: str) -> None:
        self._session = session
        self._environment = CORES[core]
        self._command = command
        self._collection = tree.copy(tree.CACHE / session.name)
        home = get_pip.prepare_home(tree.CACHE / f"home-{command}", self._environment.site_packages(session))
        path = f"{self._environment.bin(session)}{os.pathsep}{pythons.search_path()}"
        self._env = {"HOME": str(home), "PATH": path}

    def run(self, *arguments: str, silent: bool = False) -> str:
        """Run it; what it prints, if silent."""
        command = ("ansible-test", self._command, *arguments)
        return self._environment.run(self._session, *command, cwd=self._collection, env=self._env, silent=silent)

    def write(self, name: str, text: str) -> None:
        """Write a file into the copy of the collection."""
        (self._collection / name).write_text(text, encoding="utf-8")

    def bring_back(self, kind: str, results: Path) -> None:
        """Copy its reports of a kind, should there be any."""
        source = self._collection / "tests/output" / kind
        if source.is_dir():
            shutil.copytree(source, results / kind)


def _results(session: nox.Session) -> Path:
    """An empty directory for what the session reports; dev/check.py looks there."""
    place = RESULTS / session.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


for _core in CORES:
    for _kind in (units, sanity, integration, roles):
        _session = functools.partial(_kind, core=_core)
        _session.__doc__ = (_kind.__doc__ or "").replace("one ansible-core", f"ansible-core {_core}")
        session_without_venv(_session, name=f"{_kind.__name__}-{_core}", tags=[_kind.__name__], default=False)


# --- showing it ----------------------------------------------------------------------------------------------------


@session_without_venv(default=False)
def docs(session: nox.Session) -> None:
    """The documentation as HTML, in .cache/docs/html."""
    place = tree.CACHE / "docs"
    source = place / "rst"
    shutil.rmtree(place, ignore_errors=True)
    source.mkdir(parents=True, mode=0o700)
    collections = tree.CACHE / "docs-tree"
    tree.copy(collections)
    flags = ["--use-current", "--squash-hierarchy", "--fail-on-error", f"--dest-dir={source}"]
    QUALITY.run(session, "antsibull-docs", "collection", *flags, "alicloud.tls", env=_ansible_paths(collections))
    settings = ["extensions=sphinx_antsibull_ext", "project=alicloud.tls", "html_theme=alabaster", "default_role=any"]
    # Wide enough for commands and variables in one line.
    wide = {"page_width": "1300px", "sidebar_width": "260px", "body_max_width": "none"}
    settings += [f"html_theme_options.{name}={value}" for name, value in wide.items()]
    # No intersphinx: nothing is fetched, so references to Ansible's own documentation stay plain text.
    settings += ["suppress_warnings=ref.ref,toc.no_title"]
    flags = ["-q", "-C", *(f"-D{setting}" for setting in settings)]
    QUALITY.run(session, "sphinx-build", *flags, source, place / "html")
    session.log(f"see {place / 'html' / 'index.html'}")


@session_without_venv(default=False)
def demo(session: nox.Session) -> None:
    """The life of a service, by the playbooks on the emulator and proven by TLS and QUIC clients."""
    tree.link()
    _run(session, sys.executable, "dev/demo.py", *session.posargs)


@session_without_venv(default=False)
def bench(session: nox.Session) -> None:
    """Milliseconds per item: fast front, module, no-op module, plain SDK; then what the emulator takes and gives."""
    tree.link()
    missed = []
    for program, arguments in (
        ("dev/bench.py", session.posargs),
        ("dev/bench_emulator.py", {"--quick"} & set(session.posargs)),
    ):
        try:
            _run(session, sys.executable, program, *arguments)
        except CommandFailed:
            missed.append(program)
    if missed:
        session.error(f"{' and '.join(missed)} missed a wanted figure")
