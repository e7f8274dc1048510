"""The examples in the docstrings of public names: there is one for each, and all are right."""

import doctest
import importlib
from typing import Any

import pytest

PACKAGES = ["dataset", "homogenisation", "kernels", "loads", "materials", "microstructure"]
NAMES = [
    f"rve.{package}.{name}"
    for package in PACKAGES
    for name in importlib.import_module(f"rve.{package}").__all__
]
"""Public names; to come: training, evaluation.online, evaluation.export."""


def found(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def examples(name: str) -> list[doctest.DocTest]:
    """Of the docstring of a name itself, not of its members."""
    finder = doctest.DocTestFinder(recurse=False)
    return [test for test in finder.find(found(name), name, globs={}) if test.examples]


@pytest.mark.parametrize("name", [name for name in NAMES if callable(found(name))])
def test_example(name: str) -> None:
    tests = examples(name)
    assert tests, f"{name}: no example"
    report: list[str] = []
    for test in tests:
        runner = doctest.DocTestRunner(verbose=False)
        runner.run(test, out=report.append)
        assert not runner.failures, "".join(report)


def test_data_are_in_the_examples_of_functions() -> None:
    sources = "".join(
        e.source
        for name in NAMES
        if callable(found(name))
        for test in examples(name)
        for e in test.examples
    )
    data = [name for name in NAMES if not callable(found(name))]
    assert data == ["rve.kernels.HEADER", "rve.materials.LAWS"]
    assert all(name.rpartition(".")[2] in sources for name in data)
