"""Draw the figures of one source."""

from evaluation.figures.catalogue import figures_of
from evaluation.figures.sources import SOURCES
from evaluation.figures.style import save
from evaluation.measures.comparisons import study_settings
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    study = study_settings(snakemake.params.settings)
    figures = figures_of(study)
    data = SOURCES[snakemake.params.source](study, **dict(snakemake.input.items()))
    for path in snakemake.output:
        save(figures[path.stem](*data), path)
