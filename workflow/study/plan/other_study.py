"""A study that takes the networks of another one: `networks_of`.

Its overlays apply to the configuration of that study in place of config.yaml. So it has the same
cell, samples and networks, and names what differs: its composites and loads.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from workflow.study.config.base import NETWORKS_OF
from workflow.study.config.model import Study
from workflow.study.config.problem import ConfigError, Problem
from workflow.study.config.validation import load_study
from workflow.study.plan.grid import flowing_phases, networks, yielding

_SAME = ("rve", "dataset", "training")
"""Parts of a configuration that made the networks."""


def check_networks(study: Study) -> None:
    """Refuse a study that cannot take the networks of another one.

    Raises:
        ConfigError: the cell, the samples or the training are others, or networks are not there.
    """
    if study.networks_of and (problems := list(_problems(study, study.networks_of))):
        raise ConfigError(problems)


def remarks(study: Study) -> Iterator[str]:
    """What is admissible of a study with networks of another one, but may make them worse."""
    if study.networks_of and any(one.flowing_samples for one in networks(study).values()):
        trained = flowing_phases(_read(study.networks_of))
        first: dict[str, str] = {}
        for name, phases in yielding(study).items():
            first |= {phase: name for phase in phases if phase not in first}
        for phase, composite in first.items():
            if phase not in trained:
                yield (
                    f"composites.{composite}: the {phase} yields, and networks of "
                    f"{study.networks_of} were trained on samples in which the "
                    f"{' and '.join(trained)} does; expect larger errors, or train networks for it"
                )


def _read(name: str) -> Study:
    """The configuration of a finished study."""
    return load_study(yaml.safe_load(Path("results", name, "config.yaml").read_text("utf-8")))


def _problems(study: Study, name: str) -> Iterator[Problem]:
    folder = Path("results", name)
    other = _read(name)
    if study.study == name:
        reason = f"is {name}, whose networks this study takes; give it a name of its own"
        yield Problem("study", reason)
    if other.networks_of:
        reason = f"{name} takes its networks of {other.networks_of}; name that study"
        yield Problem(NETWORKS_OF, reason)
        return
    for part in _SAME:
        mine, theirs = getattr(study, part).model_dump(), getattr(other, part).model_dump()
        for key in mine:
            if mine[key] != theirs[key]:
                reason = (
                    f"{mine[key]} here, and {theirs[key]} in {name}, whose networks this study "
                    f"takes; remove the key, or remove {NETWORKS_OF} to train networks for it"
                )
                yield Problem(f"{part}.{key}", reason)
    for id in networks(study):
        if not all((folder / f"networks/{id}.{end}").is_file() for end in ("npz", "json")):
            reason = (
                f"{name} has no network {id}; remove `sweeps` and `network` here, or run {name}"
            )
            yield Problem(NETWORKS_OF, f"{reason} again")
            return


def origin(study: str) -> dict[str, Any]:
    """Of a finished study whose networks are taken: its name, and when and by which code it ran."""
    text = Path("results", study, "manifest.json").read_text(encoding="utf-8")
    known = json.loads(text)
    return {"study": study, **{key: known[key] for key in ("git_commit", "sources", "date")}}
