# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
The action front: runs a task inside the controller, where that is the same as running its module.

Ansible imports the action plugin before it forks its workers, so they inherit the SDK already loaded; a module loads
it again for every item and host. What a module gets for free is restored here: the task's environment, option checks,
removal of secrets from the answer, and the working directory of relative paths.
"""

from __future__ import annotations

import contextlib
import os
import typing as t
from collections.abc import Iterator, Mapping

from ansible import constants
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._ansible.task import Probe, Work, meant_by, secrets_in
from ..module_utils._sdk import alb, cas, client

_SWITCH = "ALICLOUD_TLS_FAST_PATH"
_VARIABLE = "alicloud_tls_fast_path"


class TaskAction(ActionBase):
    """
    Base of this collection's action plugins; a subclass names its task.

    The module is shipped instead if the connection is not local, with C(become) or C(async), if the SDK (or what else
    the task needs) is not installed for the controller, or if E(ALICLOUD_TLS_FAST_PATH) or the variable
    C(alicloud_tls_fast_path) says no.
    """

    TASK: t.ClassVar[Work]

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        task_vars = task_vars or {}
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        environment: dict[str, t.Any] = {}
        self._compute_environment_string(environment)
        with _environment(environment):
            try:
                here = self._runs_here(task_vars)
            except TypeError as exc:
                return {**result, "failed": True, "msg": f"{_SWITCH} or {_VARIABLE} is neither on nor off: {exc}"}
            if here:
                return {**result, **self._answer(task_vars)}
        asynchronous = bool(self._task.async_val)
        given = meant_by(self.TASK, self._task.args)
        shipped = self._execute_module(module_args=given, task_vars=task_vars, wrap_async=asynchronous)
        return {**result, **shipped}

    def _runs_here(self, task_vars: Mapping[str, t.Any]) -> bool:
        wanted = self._templar.template(task_vars.get(_VARIABLE)) if _VARIABLE in task_vars else os.environ.get(_SWITCH)
        if wanted in (None, ""):
            wanted = True
        return (
            boolean(wanted)
            and self._connection.transport == "local"
            and not self._task.async_val
            and not self._connection.become
            and not self._lacks()
        )

    def _lacks(self) -> bool:
        """Whether the controller cannot import what the task needs; the interpreter of the module may."""
        if isinstance(self.TASK, Probe):
            return self.TASK.lacks(self._task.args)
        return any((alb.SDK_PROBLEM, cas.SDK_PROBLEM, client.SDK_PROBLEM))

    def _answer(self, task_vars: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """What the module would answer: checked options in, secrets out."""
        spec = self.TASK.argument_spec()
        constraints = dict(self.TASK.constraints)
        given = meant_by(self.TASK, _plain(self._task.args))
        checked = ModuleArgumentSpecValidator(spec, **constraints).validate(given)
        params = checked.validated_parameters
        if checked.error_messages:
            message = str(checked.errors.msg)
            if isinstance(checked.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._task.action}) module: {message}"
            answer: dict[str, t.Any] = {"failed": True, "msg": message}
        else:
            answer = self.TASK.run(
                params,
                check_mode=self._task.check_mode,
                diff=self._task.diff,
                base_dir=self._loader.get_basedir(),
            )
        secrets = secrets_in(self.TASK, {name: params[name] for name in spec if name in params})
        if _tells_invocation(task_vars):
            answer["invocation"] = {"module_args": params}
        cleaned: dict[str, t.Any] = remove_values(answer, secrets)
        return cleaned


def _plain(value: t.Any) -> t.Any:
    """The same without what templates and vaults leave on values, as a module gets them through JSON."""
    if isinstance(value, Mapping):
        return {str.__str__(key): _plain(one) for key, one in value.items()}
    if isinstance(value, str):
        return str.__str__(value)
    if getattr(value, "__ENCRYPTED__", False):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    return float(value) if isinstance(value, float) else value


def _tells_invocation(task_vars: Mapping[str, t.Any]) -> bool:
    """Modules repeat their options in the answer: always before ansible-core 2.21, by configuration since."""
    if constants.config.get_configuration_definition("INJECT_INVOCATION") is None:
        return True
    return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=dict(task_vars)))


@contextlib.contextmanager
def _environment(wanted: Mapping[str, t.Any]) -> Iterator[None]:
    """The task's C(environment) in this process, for as long as the task runs. A worker runs one task at a time."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update({name: str(value) for name, value in wanted.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
