"""Every input of the table gives the messages that stand there, and no other."""

from pathlib import Path

import pytest
from messages import TABLE, answer, inputs

CASES = inputs(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "said"), CASES, ids=[text[-60:] for text, _ in CASES])
def test_an_input_gives_the_messages_of_the_table(
    text: str, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert answer(text) == said
    keys = [line.split(": ")[0] for line in said if line.startswith("! ")]
    assert len(set(keys)) == len(keys), "one key, one problem"
