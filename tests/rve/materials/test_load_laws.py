"""Laws in a file of the user's."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from own_laws import LINEAR

from rve.errors import InputError
from rve.loads import monotonic
from rve.materials import LAWS, composite, materials
from rve.materials.composite import load_laws

EPOXY = {"law": "linear", "youngs_modulus": 3.8, "poisson_ratio": 0.387}


@pytest.fixture(autouse=True)
def laws_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = dict(LAWS)
    monkeypatch.setattr(composite, "_loaded", {})
    yield
    LAWS.clear()
    LAWS.update(before)


def test_a_law_of_a_file_is_one_of_all(tmp_path: Path) -> None:
    """Its slope is a constant, which is known before the search for the plastic strain."""
    file = tmp_path / "training.py"  # a name that a package has
    file.write_text(LINEAR)
    assert list(load_laws(file)) == ["linear"]
    assert load_laws(str(file))["linear"] is LAWS["linear"]
    epoxy, _ = materials(*2 * [EPOXY | {"start": 0.01, "slope": 0.1}])
    curve = epoxy.curve(monotonic("12", 0.04, 4, "stress"))
    # Simple shear: q = sqrt(3) tau = start + slope p, and gamma = tau / G + sqrt(3) p.
    shear = 3.8 / (2 * (1 + 0.387))
    tau = curve.stress[:, 5] / np.sqrt(2)
    p = (np.sqrt(3) * tau - 0.01) / 0.1
    np.testing.assert_allclose(tau[1:] / shear + np.sqrt(3) * p[1:], 0.04 * np.arange(1, 5) / 4)
    assert [path.name for path in tmp_path.iterdir()] == ["training.py"]


def test_an_edited_file_replaces_its_laws(tmp_path: Path) -> None:
    file = tmp_path / "my_laws.py"
    file.write_text(LINEAR)
    load_laws(file)
    file.write_text(LINEAR.replace('"linear"', '"straight"'))
    load_laws(file)
    assert "straight" in LAWS and "linear" not in LAWS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, r"my_laws\.py: cannot be read: .*No such file"),
        ("x = 1\ny = (", r"my_laws\.py, line 2: '\(' was never closed"),
        ("\nimport nothing_of_this_name", r"line 2: ModuleNotFoundError: No module named"),
        ("", r"has no law, a class with a `name`"),
        ("from rve.materials import Law", r"has no law, a class with a `name`"),
        (LINEAR.replace('"linear"', '"swift"'), r"there is another law swift; rename it"),
        (LINEAR.replace("flow_stress", "stress"), r"Linear: lacks flow_stress"),
        (LINEAR.replace("@dataclass(frozen=True)\n", ""), r"Linear: start, slope: .*@dataclass"),
        (LINEAR + LINEAR.replace("Linear(", "Other("), r"two of its laws have one name"),
    ],
)
def test_what_is_said_of_a_file_that_has_no_laws(
    text: str | None, message: str, tmp_path: Path
) -> None:
    file, before = tmp_path / "my_laws.py", dict(LAWS)
    if text is not None:
        file.write_text(text)
    with pytest.raises(InputError, match=message):
        load_laws(file)
    assert before == LAWS
