"""A finished study computed once more, and compared.

`python -m workflow.study.run.reproduce MANIFEST` does so. MANIFEST is
results/<study>/manifest.json, beside the tables and the configuration of the study. The second run
goes to results/<study>_again; interrupted, the same command goes on. Times of the clock are not
compared, nor what follows from them.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from evaluation.report.manifest import manifest
from rve.errors import InputError
from rve.imports import ROOT
from rve.table import read_table
from workflow.study.config.base import NETWORKS_OF
from workflow.study.config.files import read_files
from workflow.study.config.problem import ConfigError
from workflow.study.plan.sources import digest_of_all
from workflow.study.run import checksums
from workflow.study.run.decided import run

_RECORDED = ("git_commit", "sources", "python", "packages", "machine")


def main(path: Path) -> None:
    """Run the study of a manifest again, and print what differs; an `InputError` if tables do."""
    folder = path.parent
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))
        config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        name = f"{config['study']}_again"
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        raise InputError(f"{path}: not the manifest of a finished study: {error}") from error
    checksums.check(folder, [folder / "config.yaml", path])
    for line in changes(recorded, manifest(ROOT, {}) | {"sources": digest_of_all()}):
        print(f"changed since: {line}", flush=True)
    again, overlay = folder.with_name(name), folder.with_name(f"{name}.yaml")
    text = yaml.safe_dump({**overlay_of(config), "study": name}, sort_keys=False)
    overlay.write_text(text, encoding="utf-8")
    run([overlay])
    differences = dict(compared(folder, again))
    for table, difference in differences.items():
        print(f"{table}: {difference or 'identical'}")
    if any(differences.values()):
        raise InputError(f"{again} differs from {folder}")
    print(f"{again} and {folder} are identical, times of the clock aside")


def changes(recorded: Mapping[str, Any], now: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """What of code, packages and machine is not what it was, a line each."""
    for key in sorted(recorded.keys() & now.keys()) if at else _RECORDED:
        before, after = recorded.get(key), now.get(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from changes(before, after, f"{at}{key}.")
        elif before != after:
            yield f"{at}{key}: {before} -> {after}"


def overlay_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """The overlay that makes a resolved configuration from its base."""
    base = read_files([], {key: config[key] for key in ("base", NETWORKS_OF) if key in config})
    return _over(config, base.raw)


def _over(config: Mapping[str, Any], project: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that make this configuration from another: null removes a key."""
    before = {str(key): value for key, value in project.items()}
    overlay: dict[str, Any] = dict.fromkeys(sorted(before.keys() - config.keys()))
    for key, value in config.items():
        nested = isinstance(value, Mapping) and isinstance(before.get(key), Mapping)
        overlay[key] = _over(value, before[key]) if nested else value
    return overlay


def compared(folder: Path, again: Path) -> Iterator[tuple[str, str]]:
    """Each table and curve of a study, and how that of another run differs; "" if it does not."""
    names = [path.relative_to(folder) for path in sorted(folder.glob("reference/**/*.csv"))]
    names += [Path(f"tables/{name}.csv") for name in ("training", "online", "convergence_mesh")]
    for name in names:
        if (folder / name).exists():
            yield str(name), _difference(read_table(folder / name), read_table(again / name))


def _difference(before: pd.DataFrame, after: pd.DataFrame) -> str:
    columns = [name for name in before if "seconds" not in str(name)]
    if list(before) != list(after) or len(before) != len(after):
        return f"{before.shape} became {after.shape} rows and columns"
    changed = [name for name in columns if not before[name].equals(after[name])]
    if not changed:
        return ""
    numbers = list(before[changed].select_dtypes("number"))
    scales = before[numbers].abs().max()
    largest = ((after[numbers] - before[numbers]).abs().max() / scales).max()
    return f"{', '.join(map(str, changed))} differ, by up to {largest:.1e} of the largest value"


if __name__ == "__main__":
    try:
        main(Path(*sys.argv[1:2]))
    except (InputError, ConfigError) as error:
        sys.exit(f"error: {error}")
