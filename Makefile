# The two commands of the README. Each makes its own virtual environment and needs only Python and pip.
PYTHON ?= python3

.PHONY: demo test

demo: .venv-demo/installed
	.venv-demo/bin/strategitekst analyze src/strategitekst/examples --out out/demo

test: .venv/installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/zensical build --strict
	.venv/bin/pytest

# A wheel, as users get it: what the package lacks shows here.
.venv-demo/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-demo
	.venv-demo/bin/pip install --quiet --constraint constraints.txt .
	touch $@

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@
