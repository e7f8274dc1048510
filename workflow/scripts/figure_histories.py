"""Draw the training histories of the sweeps over batch sizes."""

from pathlib import Path

from evaluation.figures.histories import History, histories
from evaluation.figures.style import save
from rve.table import read_table
from training.store import load_arrays
from workflow.study.job import job

with job(snakemake.log):
    table = read_table(snakemake.input.table[0])
    trained = set(table.loc[table["status"] == "ok", "network"])
    found = {}
    for path in map(Path, snakemake.input.networks):
        if path.stem in trained:
            arrays = load_arrays(path)
            found[path.stem] = History(arrays["error_training"], arrays["error_validation"])
    sweeps = {
        sweep: {label: [found[id] for id in ids if id in found] for label, ids in groups.items()}
        for sweep, groups in snakemake.params.sweeps.items()
    }
    save(histories(sweeps), Path(snakemake.output[0]))
