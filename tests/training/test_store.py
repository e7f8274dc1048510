"""Files of networks: whole and exact, or refused with a reason."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import Array, random_network, random_stiffness

from rve.dataset.dataset import Dataset
from rve.errors import InputError
from training import record
from training.fit import History, Result
from training.homogenise import homogenise
from training.network import Kind, MaterialNetwork
from training.networks_table import COLUMNS, read, table
from training.record import describe
from training.specification import Settings
from training.store import load, load_arrays, load_record, save

LAYERS = 2
SETTINGS = Settings(epochs=3, batch_size=4, eta=1.0, xi=2.0, seed=7)


@dataclass
class Saved:
    """A network and its file."""

    network: MaterialNetwork
    path: Path

    def rewrite_arrays(self, **changes: Any) -> None:
        arrays = {"z": self.network.z, "angles": self.network.angles} | changes
        np.savez(self.path, **{name: a for name, a in arrays.items() if a is not None})

    def rewrite_record(self, **changes: Any) -> None:
        file = self.path.with_suffix(".json")
        record = json.loads(file.read_text()) | changes
        file.write_text(json.dumps({k: v for k, v in record.items() if v is not None}))


def history(epochs: int = 3) -> History:
    rng = np.random.default_rng(0)
    return History(*rng.uniform(size=(len(fields(History)), epochs)))


def result(network: MaterialNetwork, epochs: int = 3) -> Result:
    failed = epochs == 0
    return Result(
        network=network,
        history=history(epochs),
        seconds=1.5,
        status="failed" if failed else "ok",
        reason="all base nodes died" if failed else "",
    )


def write(kind: Kind, path: Path) -> Saved:
    network = random_network(kind, LAYERS, np.random.default_rng(1))
    save(network, history(), describe(result(network), SETTINGS, {"samples": 40}), path)
    return Saved(network, path)


@pytest.fixture(params=["DMN", "IMN"])
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> Saved:
    return write(request.param, tmp_path / "nested" / "network.npz")


def test_a_network_comes_back_to_the_last_bit(saved: Saved) -> None:
    network = load(saved.path)
    assert network.kind == saved.network.kind
    assert network.layers == LAYERS
    for name in ("z", "angles"):
        written: Array = getattr(saved.network, name)
        read: Array = getattr(network, name)
        assert read.dtype == np.float64
        assert read.tobytes() == written.tobytes()


def test_history_lies_beside_the_parameters(saved: Saved) -> None:
    arrays = load_arrays(saved.path)
    assert arrays.keys() == {"z", "angles", "phases"} | {field.name for field in fields(History)}
    for field in fields(History):
        assert (arrays[field.name] == getattr(history(), field.name)).all()


def test_phases_come_back_by_their_names(tmp_path: Path) -> None:
    names = ("matrix", "fibre", "void")
    network = replace(
        random_network("IMN", LAYERS, np.random.default_rng(1)),
        phases=np.array([0, 2, 1, 2]),
        names=names,
    )
    save(network, history(), {"status": "ok"}, tmp_path / "network.npz")
    read = load(tmp_path / "network.npz")
    assert read.phases.tolist() == [0, 2, 1, 2]
    assert read.names == tuple(load_record(tmp_path / "network.npz")["phases"]) == names


def test_files_without_phases_are_of_two_that_alternate(saved: Saved) -> None:
    saved.rewrite_arrays()
    saved.rewrite_record(phases=None)
    network = load(saved.path)
    assert network.phases.tolist() == [0, 1, 0, 1]
    assert network.names == ("matrix", "fibre")


def test_record_says_how_the_network_was_made(saved: Saved) -> None:
    record = load_record(saved.path)
    expected = {
        "format": 1,
        "kind": saved.network.kind,
        "layers": LAYERS,
        "samples": 40,
        "epochs": 3,
        "batch_size": 4,
        "eta": 1.0,
        "xi": 2.0,
        "seed": 7,
        "status": "ok",
        "active_nodes": 4,
        "parameters": 25 if saved.network.kind == "DMN" else 10,
        "error_training": history().error_training[-1],
        "error_validation": history().error_validation[-1],
    }
    assert expected.items() <= record.items()


def test_files_appear_whole_and_alone(saved: Saved) -> None:
    assert {p.name for p in saved.path.parent.iterdir()} == {"network.npz", "network.json"}


def test_table_has_a_row_for_each_network_the_failed_one_too(tmp_path: Path) -> None:
    good, bad = write("IMN", tmp_path / "good.npz"), tmp_path / "bad.npz"
    failed = result(good.network, epochs=0)
    save(good.network, failed.history, describe(failed, SETTINGS, {"samples": 40}), bad)
    rows = table([good.path, bad])
    assert list(rows.columns) == COLUMNS
    assert rows["network"].tolist() == ["good", "bad"]
    assert rows["status"].tolist() == ["ok", "failed"]
    assert rows["reason"].tolist() == ["", "all base nodes died"]
    assert rows["error_validation"][0] == history().error_validation[-1]
    assert np.isnan(rows["error_validation"][1])


def sets_of_samples(teacher: MaterialNetwork) -> dict[str, Dataset]:
    """Three sets of samples whose cell is that network, times a factor of their own."""
    rng = np.random.default_rng(4)
    found = []
    for count, factor in ((11, 1.25), (7, 1.6), (5, 2.0)):
        p1, p2 = ([random_stiffness(rng, 10.0) for _ in range(count)] for _ in range(2))
        rve = factor * homogenise(teacher, np.array(p1), np.array(p2))
        found.append(Dataset(np.stack([p1, p2], axis=1), rve))
    return dict(zip(("training", "validation", "flowing"), found, strict=True))


@pytest.mark.parametrize("at_once", [2**15, 2 * 2**LAYERS])
@pytest.mark.parametrize("kind", ["DMN", "IMN"])
def test_errors_of_a_mixed_training_are_those_of_each_set_alone(
    kind: Kind, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell that is stiffer by a factor makes a relative error of 1 - 1 / factor (Eq. 33).

    The history of such a training is of orthotropic and flowing samples together.
    """
    monkeypatch.setattr(record, "_AT_ONCE", at_once)
    network = random_network(kind, LAYERS, np.random.default_rng(1))
    measured = sets_of_samples(network)
    found = describe(result(network), SETTINGS, {"samples": 11}, measured=measured)
    errors = [found[f"error_{name}"] for name in ("training", "validation", "flowing")]
    assert errors == pytest.approx([1 - 1 / 1.25, 1 - 1 / 1.6, 1 - 1 / 2.0], rel=1e-12)
    failed = describe(result(network, epochs=0), SETTINGS, {"samples": 11}, measured=measured)
    assert failed["error_validation"] is failed["error_flowing"] is None


def test_a_table_of_an_older_version_is_read_too(saved: Saved, tmp_path: Path) -> None:
    older = table([saved.path]).drop(columns="error_flowing")
    older.to_csv(tmp_path / "training.csv", index=False)
    found = read(tmp_path / "training.csv")
    assert list(found.columns) == COLUMNS
    assert found["error_flowing"].isna().all()
    assert found["error_validation"][0] == older["error_validation"][0]
    older.drop(columns="moments").to_csv(tmp_path / "training.csv", index=False)
    with pytest.raises(InputError, match="no table of networks, it has no column moments"):
        read(tmp_path / "training.csv")


def remove_record(saved: Saved) -> None:
    saved.path.with_suffix(".json").unlink()


def break_record(saved: Saved) -> None:
    saved.path.with_suffix(".json").write_text('{"format": 1,')


def list_record(saved: Saved) -> None:
    saved.path.with_suffix(".json").write_text("[1, 2]")


def truncate(saved: Saved) -> None:
    content = saved.path.read_bytes()
    saved.path.write_bytes(content[: len(content) // 2])


def unknown_kind(saved: Saved) -> None:
    """With the angles of a DMN, which is what anything but an IMN is taken for."""
    saved.rewrite_record(kind="GNN")
    saved.rewrite_arrays(angles=np.zeros((2 ** (LAYERS + 1) - 1, 3)))


def objects() -> Array:
    return np.array([{}, None, 1.0, 2.0], dtype=object)


MALFORMED = [
    pytest.param(remove_record, "its record network.json is not beside it", id="no record"),
    pytest.param(break_record, "not the record of a network: ", id="record is not JSON"),
    pytest.param(list_record, "not the record of a network: ", id="record is a list"),
    pytest.param(
        lambda s: s.rewrite_record(format=None),
        "not the record of a network: 'format'",
        id="record without a format",
    ),
    pytest.param(
        lambda s: s.rewrite_record(format=2),
        "has the format 2, this version reads 1; train it again",
        id="another format",
    ),
    pytest.param(lambda s: s.rewrite_record(kind=None), "kind", id="no kind"),
    pytest.param(unknown_kind, "GNN", id="unknown kind"),
    pytest.param(lambda s: s.rewrite_record(layers="two"), "layers", id="layers in words"),
    pytest.param(lambda s: s.path.unlink(), "not the file of a network: ", id="no arrays"),
    pytest.param(lambda s: s.path.write_bytes(b""), "not the file of a network", id="empty"),
    pytest.param(truncate, "not the file of a network", id="truncated"),
    pytest.param(lambda s: s.path.write_text("weights"), "not the file of a network: ", id="text"),
    pytest.param(
        lambda s: s.rewrite_arrays(z=None),
        "not the file of a network: it needs the arrays z and angles",
        id="no weights",
    ),
    pytest.param(
        lambda s: s.rewrite_arrays(z=objects()),
        "not the file of a network: Object arrays cannot be loaded",
        id="pickled objects",
    ),
    pytest.param(
        lambda s: s.rewrite_arrays(z=s.network.z[:3]),
        r"has z \(3,\) and angles .*, expected \(4,\) and .* with 2 layers",
        id="weights missing",
    ),
    pytest.param(
        lambda s: s.rewrite_arrays(angles=s.network.angles.T),
        r"has z \(4,\) and angles .*, expected \(4,\) and .* with 2 layers",
        id="angles transposed",
    ),
    pytest.param(lambda s: s.rewrite_record(layers=3), "for .MN with 3 layers", id="another depth"),
    pytest.param(
        lambda s: s.rewrite_arrays(z=s.network.z * [1, np.nan, 1, 1]),
        "holds a parameter that is not finite",
        id="weight is not a number",
    ),
    pytest.param(
        lambda s: s.rewrite_arrays(angles=s.network.angles + np.inf),
        "holds a parameter that is not finite",
        id="infinite angles",
    ),
    pytest.param(
        lambda s: s.rewrite_arrays(z=s.network.z),
        "it has no array phases, which its record names",
        id="no phases",
    ),
    pytest.param(
        lambda s: s.rewrite_arrays(phases=np.array([0, 1, 2, 1])),
        "array phases is not a number from 0 to 1 for each of the 4 base nodes",
        id="a phase without a name",
    ),
    pytest.param(
        lambda s: s.rewrite_arrays(phases=np.zeros(3, dtype=int)),
        "array phases is not a number from 0 to 1",
        id="phases missing",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), MALFORMED)
def test_malformed_files_are_refused_with_the_reason(
    spoil: Callable[[Saved], Any], message: str, tmp_path: Path
) -> None:
    """The message names the file too."""
    saved = write("IMN", tmp_path / "network.npz")
    spoil(saved)
    with pytest.raises(InputError, match=message) as refusal:
        load(saved.path)
    assert str(saved.path.with_suffix("")) in str(refusal.value)


def test_pickled_objects_are_not_even_unpickled(tmp_path: Path) -> None:
    """Loading a stranger's network cannot run code."""
    saved, trace = write("IMN", tmp_path / "network.npz"), tmp_path / "trace"

    class Trap:
        def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
            return Path.touch, (trace,)

    trap = np.empty(4, dtype=object)
    trap[0] = Trap()
    saved.rewrite_arrays(z=trap)
    with pytest.raises(InputError):
        load(saved.path)
    assert not trace.exists()
