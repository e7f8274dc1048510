"""What the report states of a study: names and texts, from templates of sentences and values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evaluation.formatting import enumeration, percent, spaced
from evaluation.report.tables import Table, cell
from training.finish import STEPS
from training.specification import parameter_names

Pairs = list[tuple[str, str]]

TEMPLATES: dict[str, Any] = {
    "loader": FileSystemLoader(Path(__file__).parent / "templates"),
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
}
PAPER = {"epochs": 10_000, "patience": 50, "learning_rate": 0.01, "samples": 2048}
PAPER_SEEDS = "5 or 10"
PAPER_MATRICES = ((3.8, 0.387, 0.01), (2.1, 0.3, 0.029), (3.8, 0.387, 0.03))
"""Young's modulus, Poisson's ratio and yield stress of Table 1, GPa."""


@dataclass(frozen=True)
class Sweeps:
    """Sweep of a study -> setting -> its values, those that the sweep leaves to others too."""

    settings: Mapping[str, Mapping[str, Sequence[Any]]]

    def used(self, key: str, sweeps: Iterable[str] | None = None) -> list[Any]:
        """The distinct values of a setting in all sweeps, or in these, in their order."""
        names = self.settings if sweeps is None else sweeps
        return list(dict.fromkeys(value for name in names for value in self.settings[name][key]))

    def having(self, key: str, values: Sequence[object]) -> list[str]:
        """The sweeps in which a setting has one of these values."""
        return [name for name, of in self.settings.items() if set(values) & set(of[key])]

    def beyond(self, key: str, usual: object) -> list[str]:
        """The sweeps in which a setting has another value than this one."""
        return [name for name, of in self.settings.items() if set(of[key]) - {usual}]

    def named(self, sweeps: Sequence[str]) -> str:
        """Which sweeps a sentence is about, before it; nothing if it is about all."""
        if len(sweeps) == len(self.settings):
            return ""
        return f"In {enumeration([spaced(name) for name in sweeps])}: "


def sweeps_of(config: Mapping[str, Any]) -> Sweeps:
    """How the networks of a study are trained, from its resolved configuration."""
    usual = {key: config["training"][key] for key in parameter_names("schedule")}
    usual |= config["network"]
    found = {}
    for name, sweep in config["sweeps"].items():
        settings = usual | {key: value for key, value in sweep.items() if value is not None}
        found[name] = {
            key: list(value) if isinstance(value, list | tuple) else [value]
            for key, value in settings.items()
        }
    return Sweeps(found)


def assumptions(config: Mapping[str, Any], statistics: Mapping[str, Any]) -> Pairs:
    """What is assumed where the paper is silent, and its value."""
    known = {"config": config, "cell": statistics, "sweeps": sweeps_of(config)}
    return pairs("assumptions", **known, paper_matrices=PAPER_MATRICES)


def differences_from_paper(config: Mapping[str, Any]) -> Pairs:
    """What is done differently from the paper, and what that means."""
    return pairs("differences", config=config, sweeps=sweeps_of(config), paper=PAPER, steps=STEPS)


def pairs(template: str, **values: Any) -> Pairs:
    """The rows of a template, each begun by `- name ::`."""
    environment = Environment(**TEMPLATES)
    environment.filters |= {
        "cell": cell,
        "percent": percent,
        "range": lambda limits: f"[{limits[0]:g}, {limits[1]:g}]",
        "sentence": lambda text: text[0].upper() + text[1:],
        "spaced": spaced,
        "targets": _targets,
        "words": _words,
    }
    rendered = environment.get_template(f"{template}.j2").render(values)
    _, *parts = re.split(r"^- (.+?) ::", rendered, flags=re.MULTILINE)
    texts = [re.sub(r"[ \n]+", " ", text).strip() for text in parts[1::2]]
    return list(zip(parts[::2], texts, strict=True))


def short_training(
    config: Mapping[str, Any], samples: int, statistics: Mapping[str, Any]
) -> Table | None:
    """This study beside the paper, if its training is shorter than there.

    A study with coated starts is not meant to be the paper's.

    `samples` are the most that a network of the study was trained with.
    """
    training, sweeps = config["training"], sweeps_of(config)
    if training["epochs"] >= PAPER["epochs"] or "coated" in sweeps.used("initialisation"):
        return None
    rows = [
        ["epochs", f"{training['epochs']:,}", f"{PAPER['epochs']:,}"],
        ["patience [epochs]", str(training["patience"]), str(PAPER["patience"])],
        ["random initialisations", ", ".join(map(str, sorted(sweeps.used("seeds")))), PAPER_SEEDS],
        ["most training samples", f"{samples:,}", f"{PAPER['samples']:,}"],
        ["fibres in the cell", str(statistics["fibres"]), "–"],
        ["elements of the cell", f"{statistics['elements']:,}", "–"],
    ]
    return Table(["", "this study", "the paper"], rows, 1)


def _targets(xi: Iterable[float | str]) -> str:
    """Targets of the sum of the weights."""
    texts = {"auto": "a quarter of the base nodes"}
    return enumeration([texts.get(str(value)) or f"{value:g}" for value in xi])


def _words(values: Iterable[Any]) -> str:
    """Numbers as `2,000 and 10,000`, or their range where there are many."""
    found = sorted(set(values))
    texts = [f"{value:,}" if isinstance(value, int) else f"{value:g}" for value in found]
    return f"{texts[0]} to {texts[-1]}" if len(texts) > 2 else " and ".join(texts)
