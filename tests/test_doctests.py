"""The examples in the docstrings of public names: there is one for each, and all are right."""

import doctest
import importlib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    ".".join(stub.parent.relative_to(ROOT).parts)
    for folder in ("rve", "training", "evaluation")
    for stub in (ROOT / folder).rglob("__init__.pyi")
}
NAMES = {
    f"{package}.{name}": getattr(importlib.import_module(package), name)
    for package in sorted(PACKAGES)
    for name in importlib.import_module(package).__all__
}
CALLABLES = {name: thing for name, thing in NAMES.items() if callable(thing)}


def examples(name: str) -> list[doctest.DocTest]:
    """Of the docstring of a name itself, not of its members."""
    finder = doctest.DocTestFinder(recurse=False)
    return [test for test in finder.find(NAMES[name], name, globs={}) if test.examples]


@pytest.mark.parametrize("name", CALLABLES)
def test_example(name: str) -> None:
    tests = examples(name)
    assert tests, f"{name}: no example"
    report: list[Any] = []
    for test in tests:
        runner = doctest.DocTestRunner(verbose=False)
        runner.run(test, out=report.append)
        assert not runner.failures, "".join(report)


def test_data_stand_in_examples_of_functions() -> None:
    tests = [test for name in CALLABLES for test in examples(name)]
    shown = "".join(example.source for test in tests for example in test.examples)
    data = {name.rpartition(".")[2] for name in NAMES.keys() - CALLABLES.keys()}
    assert data == {"HEADER", "LAWS", "SCHEMES"}
    assert all(name in shown for name in data)
