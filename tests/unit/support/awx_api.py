# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
A stand-in for the REST API of AWX, on loopback, for the modules of awx.awx.

It is not AWX. It keeps what it is sent, gives it back, and refuses what AWX would refuse as far as that is written
here: references to what is not there, playbooks that the project does not have, surveys, injectors and schedules that
are not in order. It has no users, launches nothing, and knows no field beyond those that the modules used here send.
What it knows of AWX is from AWX's documentation, its sources and those of the modules.
"""

from __future__ import annotations

import json
import re
import tempfile
import threading
import typing as t
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.alicloud.tls.tests.unit.support.awx import ROOT, Answer, check_injectors, trouble
from jinja2 import UndefinedError

TOKEN = "a-token"
ORGANIZATION = "Default"


@dataclass(frozen=True)
class Kind:
    """
    Things of one kind.

    :param required: fields that a new one needs.
    :param references: which fields are ids, and of what.
    :param defaults: further fields, and what they are if nothing is said.
    :param lists: associations, and of what.
    """

    type: str
    required: tuple[str, ...] = ("name",)
    references: dict[str, str] = field(default_factory=dict)
    defaults: Answer = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)


_ASKED = ("credential", "diff_mode", "inventory", "job_slice_count", "job_type", "limit", "variables", "verbosity")
_PROMPTS: Answer = {f"ask_{each}_on_launch": False for each in _ASKED}
_NODES = {f"{when}_nodes": "workflow_job_template_nodes" for when in ("success", "failure", "always")}
_OWNED = {"organization": "organizations"}
KINDS: dict[str, Kind] = {
    "organizations": Kind("organization"),
    "credential_types": Kind(
        "credential_type", ("name", "kind"), defaults={"kind": "", "inputs": {}, "injectors": {}, "managed": False}
    ),
    "credentials": Kind(
        "credential",
        ("name", "credential_type"),
        {**_OWNED, "credential_type": "credential_types"},
        {"inputs": {}},
    ),
    "execution_environments": Kind("execution_environment", ("name", "image"), _OWNED, {"image": "", "pull": ""}),
    "projects": Kind(
        "project",
        references=_OWNED,
        defaults={"scm_type": "", "scm_url": "", "scm_branch": "", "scm_revision": "1" * 40},
    ),
    "inventories": Kind(
        "inventory", ("name", "organization"), _OWNED, {"kind": "", "host_filter": None, "variables": ""}
    ),
    "hosts": Kind("host", ("name", "inventory"), {"inventory": "inventories"}, {"enabled": True, "variables": ""}),
    "job_templates": Kind(
        "job_template",
        ("name", "project", "playbook"),
        {
            **_OWNED,
            "project": "projects",
            "inventory": "inventories",
            "execution_environment": "execution_environments",
        },
        {
            **_PROMPTS,
            "job_type": "run",
            "playbook": "",
            "extra_vars": "",
            "diff_mode": False,
            "survey_enabled": False,
        },
        {"credentials": "credentials"},
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        references=_OWNED,
        defaults={"extra_vars": "", "survey_enabled": False, **_PROMPTS},
    ),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node",
        ("workflow_job_template", "identifier"),
        {"workflow_job_template": "workflow_job_templates", "unified_job_template": "unified_job_templates"},
        {"identifier": ""},
        _NODES,
    ),
    "workflow_approval_templates": Kind("workflow_approval_template", defaults={"timeout": 0}),
    "schedules": Kind(
        "schedule",
        ("name", "rrule", "unified_job_template"),
        {"unified_job_template": "unified_job_templates"},
        {"rrule": "", "extra_data": {}, "enabled": True},
        {"credentials": "credentials"},
    ),
}
_UNIFIED = ("job_templates", "projects", "workflow_job_templates", "workflow_approval_templates")
_SHARED = {"id", "type", "url", "name", "description", "related", "summary_fields"}


class RefusedError(Exception):
    """
    :ivar status: HTTP status.
    """

    def __init__(self, told: Answer, status: int = 400) -> None:
        super().__init__(json.dumps(told))
        self.status = status
        self.told = told


class FakeAwx:
    """
    The API while it runs, with an organization in it and nothing else.

    :ivar things: what there is, by kind.
    :ivar surveys: by id of the template.
    :ivar links: ids by URL of the association.
    :ivar writes: method and path of all requests that could change something.
    """

    def __init__(self) -> None:
        self.things: dict[str, list[Answer]] = {name: [] for name in KINDS}
        self.surveys: dict[int, Answer] = {}
        self.links: dict[str, list[int]] = {}
        self.writes: list[str] = []
        self._last = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.create("organizations", {"name": ORGANIZATION})

    def __enter__(self) -> FakeAwx:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def names(self, kind: str) -> list[str]:
        """In the order in which they were made."""
        return [thing.get("name") or thing["identifier"] for thing in self.things[kind]]

    def named(self, kind: str, name: str) -> Answer:
        (found,) = (thing for thing in self.things[kind] if name in (thing.get("name"), thing.get("identifier")))
        return found

    def linked(self, thing: Answer, association: str) -> list[str]:
        """Names of what is associated with a thing."""
        ids = self.links.get(f"{thing['url']}{association}/", [])
        return [each.get("name") or each["identifier"] for number in ids for each in [self._by_id(number)]]

    def _by_id(self, number: int) -> Answer:
        return next(thing for things in self.things.values() for thing in things if thing["id"] == number)

    # --- requests ---

    def answer(self, method: str, address: str, body: Answer) -> tuple[int, Answer]:
        split = urlsplit(address)
        parts = split.path.strip("/").split("/")[2:]
        if method != "GET":
            self.writes.append(f"{method} {split.path}")
        query = dict(parse_qsl(split.query))
        answer: tuple[int, Answer]
        match (method, parts):
            case ("GET", [kind]):
                found = [each for each in self._listed(kind) if _matches(each, query)]
                answer = 200, {"count": len(found), "next": None, "previous": None, "results": found}
            case ("POST", [kind]):
                answer = 201, self.create(kind, body)
            case ("GET", ["project_updates", number]):
                answer = 200, _update(number)
            case ("POST", ["projects", number, "update"]):
                answer = 202, _update(number)
            case ("GET", [kind, number]):
                answer = 200, self._get(kind, number)
            case ("PATCH", [kind, number]):
                answer = 200, self._change(kind, number, body)
            case (_, [kind, number, "survey_spec"]):
                answer = self._survey(method, self._get(kind, number), body)
            case ("POST", ["workflow_job_template_nodes", number, "create_approval_template"]):
                node = self._get("workflow_job_template_nodes", number)
                made = self.create("workflow_approval_templates", body)
                node["unified_job_template"] = made["id"]
                node["related"]["unified_job_template"] = made["url"]
                answer = 201, made
            case (_, [kind, number, association]) if association in KINDS[kind].lists:
                answer = self._associate(
                    method, self._get(kind, number), KINDS[kind].lists[association], association, body
                )
            case _:
                raise RefusedError({"detail": f"{method} {split.path} is not known here"}, 404)
        return answer

    def _listed(self, kind: str) -> list[Answer]:
        if kind == "unified_job_templates":
            return [thing for each in _UNIFIED for thing in self.things[each]]
        return self.things[kind]

    def _get(self, kind: str, number: str) -> Answer:
        for thing in self._listed(kind):
            if str(thing["id"]) == number:
                return thing
        raise RefusedError({"detail": "Not found."}, 404)

    def create(self, kind: str, body: Answer) -> Answer:
        missing = [name for name in KINDS[kind].required if not body.get(name)]
        if missing:
            raise RefusedError({name: ["This field is required."] for name in missing})
        same = [each for each in self.things[kind] if _identity(each) == _identity({**body, "type": each["type"]})]
        if same and kind != "workflow_approval_templates":
            raise RefusedError({"__all__": [f"{kind} with this name already exists."]})
        self._check(kind, body)
        with self._lock:
            self._last += 1
            number = self._last
        url = f"/api/v2/{kind}/{number}/"
        thing: Answer = {
            "id": number,
            "type": KINDS[kind].type,
            "url": url,
            "description": "",
            **dict.fromkeys(KINDS[kind].references),
            **KINDS[kind].defaults,
            **{name: value for name, value in body.items() if name != "type"},
            "related": {"survey_spec": f"{url}survey_spec/", "update": f"{url}update/"},
            "summary_fields": {},
        }
        self.things[kind].append(thing)
        if kind == "projects":
            return {**thing, "summary_fields": {"current_update": {"id": number}}}
        return thing

    def _change(self, kind: str, number: str, body: Answer) -> Answer:
        thing = self._get(kind, number)
        self._check(kind, {**thing, **body})
        thing.update(body)
        return thing

    def _check(self, kind: str, body: Answer) -> None:
        for name, what in KINDS[kind].references.items():
            if body.get(name) is not None and body[name] not in [each["id"] for each in self._listed(what)]:
                raise RefusedError({name: [f'Invalid pk "{body[name]}" - object does not exist.']})
        known = {*_SHARED, *KINDS[kind].references, *KINDS[kind].defaults}
        if not set(body) <= known:
            raise RefusedError({name: ["is not known here"] for name in set(body) - known})
        if kind == "credential_types":
            _check_type(body)
        elif kind == "job_templates" and not (ROOT / body["playbook"]).is_file():
            raise RefusedError({"playbook": ["Playbook not found for project."]})
        elif kind == "schedules":
            _check_schedule(body)
            self._check_extra_data(body)

    def _check_extra_data(self, body: Answer) -> None:
        template = next(
            each for each in self._listed("unified_job_templates") if each["id"] == body["unified_job_template"]
        )
        questions = {each["variable"]: each for each in self.surveys.get(template["id"], {"spec": []})["spec"]}
        for name, value in body["extra_data"].items():
            if name in questions and trouble(questions[name], value):
                raise RefusedError({"variables_needed_to_start": [trouble(questions[name], value)]})
            if name not in questions and not template["ask_variables_on_launch"]:
                raise RefusedError({"extra_data": [f"Variables {name} are not allowed on launch."]})

    def _survey(self, method: str, template: Answer, body: Answer) -> tuple[int, Answer]:
        if method == "POST":
            _check_survey(body)
            self.surveys[template["id"]] = body
        return 200, self.surveys.get(template["id"], {})

    def _associate(self, method: str, thing: Answer, what: str, association: str, body: Answer) -> tuple[int, Answer]:
        ids = self.links.setdefault(f"{thing['url']}{association}/", [])
        if method == "GET":
            found = [each for each in self.things[what] if each["id"] in ids]
            return 200, {"count": len(found), "next": None, "previous": None, "results": found}
        self._get(what, str(body["id"]))
        if body.get("disassociate"):
            ids.remove(body["id"])
        else:
            ids.append(body["id"])
        return 204, {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else {}
                try:
                    if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                        raise RefusedError({"detail": "Authentication credentials were not provided."}, 401)
                    status, told = fake.answer(self.command, self.path, body)
                except RefusedError as refused:
                    status, told = refused.status, refused.told
                text = b"" if status == 204 else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.send_header("X-API-Product-Name", "AWX")
                self.send_header("X-API-Product-Version", "24.6.1")
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - as http.server wants them

            def log_message(self, *_what: object) -> None:
                pass

        return Handler


def _matches(thing: Answer, query: dict[str, str]) -> bool:
    either = {name.removeprefix("or__"): value for name, value in query.items() if name.startswith("or__")}
    all_of = {name: value for name, value in query.items() if not name.startswith("or__")}
    if not all(str(thing.get(name)) == value for name, value in all_of.items()):
        return False
    return not either or any(str(thing.get(name)) == value for name, value in either.items())


def _identity(thing: Answer) -> tuple[t.Any, ...]:
    names: tuple[str, ...] = (
        "name",
        "organization",
        "inventory",
        "workflow_job_template",
        "identifier",
        "unified_job_template",
    )
    if thing["type"] == "workflow_job_template_node":
        names = ("workflow_job_template", "identifier")
    return tuple(thing.get(name) for name in names)


def _update(number: str) -> Answer:
    """An update of a project, which is always done by now, and finds nothing new."""
    done = {"status": "successful", "failed": False, "event_processing_finished": True, "scm_revision": "1" * 40}
    return {**done, "id": int(number), "url": f"/api/v2/project_updates/{number}/", "finished": "", "started": ""}


def _check_type(body: Answer) -> None:
    for each in body["inputs"]["fields"]:
        known = {"id", "type", "label", "help_text", "secret", "multiline", "choices", "default", "format"}
        if not set(each) <= known or each["type"] not in ("string", "boolean"):
            raise RefusedError({"inputs": [f"{each['id']} has what is not allowed."]})
        if each.get("secret") and ("choices" in each or "default" in each):
            raise RefusedError({"inputs": [f"{each['id']} cannot be secret and have choices."]})
    for name in body["injectors"].get("env", {}):
        if not re.fullmatch("[a-zA-Z_]+[a-zA-Z0-9_]*", name) or name.startswith("ANSIBLE_"):
            raise RefusedError({"injectors": [f"{name} is no name for a variable."]})
    for name in body["injectors"].get("file", {}):
        if not re.fullmatch(r"template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?", name):
            raise RefusedError({"injectors": [f"{name} is no name for a file."]})
    try:
        with tempfile.TemporaryDirectory() as directory:
            check_injectors(body, Path(directory))
    except UndefinedError as error:
        raise RefusedError({"injectors": [str(error)]}) from error


def _check_schedule(body: Answer) -> None:
    if not re.fullmatch(r"DTSTART:\d{8}T\d{6}Z RRULE:FREQ=\w+;INTERVAL=\d+(;\w+=[\w,]+)*", body["rrule"]):
        raise RefusedError({"rrule": ["is not one that AWX takes."]})


def _check_survey(body: Answer) -> None:
    if not {"name", "description", "spec"} <= set(body):
        raise RefusedError({"error": "name, description and spec are needed."})
    seen = set()
    for each in body["spec"]:
        if not {"question_name", "variable", "type", "required"} <= set(each) or each["variable"] in seen:
            raise RefusedError({"error": f"{each} lacks something, or is there twice."})
        seen.add(each["variable"])
        if each["type"] in ("multiplechoice", "multiselect") and not each.get("choices"):
            raise RefusedError({"error": f"{each['variable']} needs choices."})
        if each.get("default", "") != "" and trouble(each, each["default"]):
            raise RefusedError({"error": trouble(each, each["default"])})
