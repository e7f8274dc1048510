"""As many networks as decide the claims: `python -m workflow.study.run.decided study.yaml`.

After each look, see `findings.looks`, the sweeps behind claims that are still open get the seeds
of the next one. An interrupted run goes on where it was. The seeds that a run came to stand in
results/<study>/seeds.yaml, an overlay for a run by hand.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import yaml

from evaluation.claims.catalogue import CLAIMS
from evaluation.claims.claim import MEANINGS, Compared
from rve.errors import InputError
from rve.table import read_table
from workflow.study.config.files import read_files
from workflow.study.config.model import Study
from workflow.study.config.problem import ConfigError
from workflow.study.config.text import check_files
from workflow.study.config.validation import load_study
from workflow.study.plan.comparisons import comparisons, first_sweep


def read_study(overlays: Sequence[Path]) -> Study:
    """The study of config.yaml under these overlays, which has looks."""
    configuration = read_files(overlays)
    check_files(configuration.files)
    study = load_study(configuration.raw, written=configuration.written)
    if not study.findings.looks:
        raise InputError("findings.looks: expected at least one number of seeds, got none")
    return study


def sweeps_of(study: Study, compared: Compared) -> set[str]:
    """The sweeps whose networks a claim is about."""
    if compared.sweeps == "batches":
        samples = {name: study.sweeps[name].samples or () for name in comparisons(study).batches}
        return {name for name, some in samples.items() if compared.samples in (None, *some[:1])}
    found = first_sweep(study, compared.sweeps)
    return {found} if found else set()


def raise_seeds(study: Study, findings: pd.DataFrame, seeds: Mapping[str, int]) -> dict[str, int]:
    """Seeds of each sweep for the next look; the same where all its claims are decided.

    Claims on times do not count: these are measured on the first networks alone. Neither do claims
    that would take more networks than the last look has. This estimate comes from the networks so
    far, and allows for an error of the root of their number.
    """
    result = dict(seeds)
    *_, last = looks = study.findings.looks
    for row in findings[findings["verdict"] == "inconclusive"].to_dict("records"):
        claim, now = CLAIMS[row["id"]], row["seeds"]
        hopeless = row["times_as_many"] * now > last * (last / now) ** 0.5
        if claim.implementation or hopeless:
            continue
        sweeps = sweeps_of(study, claim.compared)
        later = [n for n in looks if n > min((seeds[s] for s in sweeps), default=n)]
        for sweep in sweeps:
            result[sweep] = max(result[sweep], later[0] if later else 0)
    return result


def run(overlays: Sequence[Path], *targets: str) -> None:
    """Run the workflow; an `InputError` if it failed."""
    command = [sys.executable, "-m", "snakemake", *targets, "--cores", "all"]
    if subprocess.run([*command, "--configfile", *map(str, overlays)]).returncode:
        raise InputError("the workflow failed; see above. The same command goes on where it was.")


def describe_look(
    findings: pd.DataFrame, seeds: Mapping[str, int], further: Mapping[str, int]
) -> str:
    """What a look found, and which sweeps get further seeds, in a line."""
    counts = findings["verdict"].value_counts()
    verdicts = ", ".join(f"{counts[name]} {name}" for name in MEANINGS if name in counts)
    more = [f"{name} to {n}" for name, n in further.items() if n > seeds[name]]
    goes_on = f"more seeds: {', '.join(more)}" if more else "no more seeds"
    return f"look at {max(seeds.values())} seeds: {verdicts}; {goes_on}"


def main(overlays: Sequence[Path]) -> None:
    """Look after look until all claims are decided, or the last look is done; then the report."""
    study = read_study(overlays)
    folder = Path("results", study.study)
    file, table = folder / "seeds.yaml", folder / "tables/findings.csv"
    folder.mkdir(parents=True, exist_ok=True)
    seeds = dict.fromkeys(study.sweeps, study.findings.looks[0])
    while True:
        sweeps = {name: {"seeds": number} for name, number in seeds.items()}
        file.write_text(yaml.safe_dump({"sweeps": sweeps}, sort_keys=False), encoding="utf-8")
        run([*overlays, file], str(table))
        findings = read_table(table)
        further = raise_seeds(study, findings, seeds)
        print(describe_look(findings, seeds, further), flush=True)
        if further == seeds:
            break
        seeds = further
    run([*overlays, file])


if __name__ == "__main__":
    try:
        main([Path(argument) for argument in sys.argv[1:]])
    except (InputError, ConfigError) as error:
        sys.exit(f"error: {error}")
