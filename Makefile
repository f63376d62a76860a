# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Thin doors: make the environment, then let nox do it. `make help` lists them.

PYTHON ?= python3
VENV := .venv
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs bench format clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## The life of a service on a local emulator, from nothing to a rotation and a rollback
	@$(VENV)/bin/python -m nox --session demo

test: $(INSTALLED) ## Everything that CI runs
	@$(VENV)/bin/python dev/check.py

lint: $(INSTALLED) ## Only what reads the code, without running it
	@$(VENV)/bin/python dev/check.py lint

docs: $(INSTALLED) ## Documentation as HTML, in .cache/docs
	@$(VENV)/bin/python -m nox --session docs

bench: $(INSTALLED) ## Time per item, compared with a no-op module and a plain SDK script
	@$(VENV)/bin/python -m nox --session bench

format: $(INSTALLED) ## Format the Python files
	@$(VENV)/bin/python -m nox --session format

clean: ## Remove environments, caches and reports
	rm -rf $(VENV) .nox .cache .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/output alicloud-tls-*.tar.gz
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.txt dev/requirements.txt tests/unit/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "$(PYTHON) is not Python 3.11 or newer. Name one that is: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making $(VENV) ..." >&2
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip --disable-pip-version-check install --quiet --quiet -r requirements.txt -r dev/requirements.txt
	@$(VENV)/bin/python dev/tree.py link > /dev/null
	@touch $@
