"""The verdicts of a study from its tables: `python -m workflow.study.run.judge FROM TO`.

FROM is a folder of results, or one that this command wrote. TO gets no more than what the verdicts
follow from, config.yaml, training.csv, timing.csv and errors.csv.gz, and the verdicts, findings.csv
and intervals.csv. They can be the same.
"""

import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import yaml

from evaluation.claims.table import findings, findings_table, intervals_table
from evaluation.measures.tables import StudyTables, judged_errors, read_study_tables
from rve.errors import InputError
from rve.files import replacing
from rve.table import read_table
from workflow.study.config.model import Study
from workflow.study.config.validation import load_study
from workflow.study.plan.comparisons import settings

CONFIG, ERRORS = "config.yaml", "errors.csv.gz"


def read(folder: Path) -> tuple[Study, StudyTables]:
    """The study of a folder, and the tables that its claims are judged by.

    Beside its config.yaml or in tables/ stand training.csv, timing.csv if it times, and online.csv
    or errors.csv.gz; an `InputError` says which cannot be read.
    """
    try:
        study = load_study(yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InputError(f"{folder / CONFIG}: no resolved configuration: {error}") from error
    tables = folder / "tables" if (folder / "tables").is_dir() else folder
    whole = (tables / "online.csv").exists()
    training, timing = tables / "training.csv", tables / "timing.csv" if study.timing else None
    online = tables / ("online.csv" if whole else ERRORS)
    found = read_study_tables(training, online, settings(study), timing)
    return study, found if whole else replace(found, online=found.online[:0], measured=found.online)


def judge(source: Path, target: Path) -> pd.DataFrame:
    """Write the verdicts of a study, as `read` has it, and what they follow from.

    Returns:
        findings.csv.
    """
    study, tables = read(source)
    errors = judged_errors(tables) if tables.measured is None else tables.measured
    text = (source / CONFIG).read_text(encoding="utf-8")
    found = findings(replace(tables, measured=errors))
    beside = source.parent / (study.findings.beside or "")
    others = (beside / "findings.csv", beside / "tables/findings.csv")
    other = next((path for path in others if study.findings.beside and path.exists()), None)
    table = findings_table(found, read_table(other) if other else None)
    for name, frame in {
        "training.csv": tables.training,
        "timing.csv": tables.timing,
        ERRORS: errors,
        "findings.csv": table,
        "intervals.csv": intervals_table(found),
    }.items():
        packed = {"method": "gzip", "mtime": 0} if name.endswith(".gz") else None
        with replacing(target / name) as temporary:
            frame.to_csv(temporary, index=False, compression=packed)
    with replacing(target / CONFIG) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return table


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"error: expected two folders, FROM and TO, got {len(sys.argv) - 1}")
    try:
        verdicts = judge(Path(sys.argv[1]), Path(sys.argv[2]))["verdict"].value_counts()
    except InputError as error:
        sys.exit(f"error: {error}")
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()))
