# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Give ansible-test a home in which it finds everything that it would otherwise download from outside of PyPI.

For its own environments ansible-test fetches `get-pip-X.py`, unless `~/.ansible/test/cache/get_pip_X.py` is there,
which is its maintainers' own advice for machines without that access
(https://github.com/ansible/ansible/issues/77304). A few lines that use the pip bundled with the interpreter do.
A home inside of the checkout keeps the user's own untouched. Standard library only.
"""

from __future__ import annotations

import re
from pathlib import Path

STAND_IN = '''\
"""Stand-in for get-pip.py that uses the pip wheel bundled with the interpreter."""
import ensurepip
import pathlib
import runpy
import sys
import sysconfig

# The second is where distributions keep it.
places = [pathlib.Path(ensurepip.__file__).parent / "_bundled"]
places.append(pathlib.Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or "/usr/share/python-wheels"))
wheels = [wheel for place in places for wheel in place.glob("pip-*.whl")]
if not wheels:
    sys.exit("no pip wheel in " + " or ".join(map(str, places)))
wheel = wheels[0]
args = [arg for arg in sys.argv[1:] if arg not in ("--no-setuptools", "--no-wheel")]
sys.path.insert(0, str(wheel))
sys.argv = ["pip", "install"] + args
runpy.run_module("pip", run_name="__main__", alter_sys=True)
'''
# pip's configuration and its downloads. ansible-test hands no PIP_* variable on, so these have to be in the home.
_SHARED = (".config/pip", ".cache/pip")


def prepare_home(home: Path, site_packages: Path) -> Path:
    """
    Make the home, or bring it up to date.

    :param home: directory to use as HOME for ansible-test.
    :param site_packages: where the ansible-core to be used is installed.
    :returns: `home`.
    :raises RuntimeError: if that ansible-test does not say which pip it wants, as a new release might not.
    """
    source = site_packages / "ansible_test/_internal/python_requirements.py"
    versions = set(re.findall(r"\bpip='([0-9.]+)'", source.read_text(encoding="utf-8")))
    if not versions:
        raise RuntimeError(f"cannot tell from {source} which get-pip.py ansible-test wants")
    cache = home / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in versions:
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(STAND_IN, encoding="utf-8")
    for name in _SHARED:
        theirs, ours = Path.home() / name, home / name
        if theirs.is_dir() and not ours.is_symlink():
            ours.parent.mkdir(parents=True, exist_ok=True)
            ours.symlink_to(theirs, target_is_directory=True)
    # The place of old for pip's configuration, read beside that in .config. Its progress is of no use in a log.
    (home / ".pip").mkdir(exist_ok=True)
    (home / ".pip/pip.conf").write_text("[global]\nquiet = 2\n", encoding="utf-8")
    return home
