"""The examples of the documentation run, and the stubs say what the module is."""

from __future__ import annotations

import doctest
import inspect
import subprocess
import sys
from pathlib import Path

import kms_alias
import pytest

ROOT = Path(kms_alias.__file__).parent
CONFIGURATION = str(Path(__file__).parents[1] / "pyproject.toml")


def documented():
    """Every public object and its members, with their documentation."""
    yield "kms_alias", kms_alias.__doc__
    for name in kms_alias.__all__:
        value = getattr(kms_alias, name)
        if not (inspect.isclass(value) or callable(value)):
            continue
        yield name, value.__doc__
        if inspect.isclass(value):
            for member, function in vars(value).items():
                documentation = getattr(function, "__doc__", None)
                if not member.startswith("_") and callable(function):
                    yield f"{name}.{member}", documentation


DOCUMENTED = [(name, text) for name, text in documented() if text and ">>>" in text]


@pytest.mark.parametrize(("name", "text"), DOCUMENTED, ids=[name for name, _ in DOCUMENTED])
def test_an_example_runs(name, text):
    test = doctest.DocTestParser().get_doctest(text, {"kms_alias": kms_alias}, name, None, 0)
    # The examples of `strict` and `fetch` name what their module imports.
    test.globs.update({member: getattr(kms_alias, member) for member in kms_alias.__all__})
    failed = doctest.DocTestRunner().run(test)
    assert failed.attempted and not failed.failed


def test_the_examples_of_the_page_run():
    page = Path(__file__).parents[3] / "docs/python.md"
    # An example ends where its fence does.
    text = page.read_text().replace("```", "\n")
    test = doctest.DocTestParser().get_doctest(text, {}, "docs/python.md", None, 0)
    done = doctest.DocTestRunner().run(test)
    assert done.attempted >= 10 and not done.failed


def test_there_are_examples():
    assert len(DOCUMENTED) > 25
    assert all(text for name, text in documented() if name[0].isupper() or "_" in name)


def test_what_is_public_is_exported():
    public = {name for name in vars(kms_alias) if name[0] not in "_@"}
    modules = {"pytest_plugin", "annotations", "NamedTuple"}
    assert public - modules == set(kms_alias.__all__) - {"__version__"}


def test_the_package_is_typed(tmp_path):
    assert (ROOT / "py.typed").exists()
    command = [sys.executable, "-m", "mypy", "--config-file", CONFIGURATION, "-p", "kms_alias"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stubs_are_the_module(tmp_path):
    command = [sys.executable, "-m", "mypy.stubtest", "--mypy-config-file", CONFIGURATION]
    command.append("kms_alias._kms_alias")
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
