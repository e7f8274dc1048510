"""The report in a browser: it runs without errors, sorts, saves and shows; where Chromium is."""

import json
import re
import shutil
import subprocess
from html import escape, unescape
from typing import Any

import pandas as pd
import pytest
from made_up import made_up_study
from test_report import MESHED, PACKED, rendered

from evaluation.claims.table import findings, findings_table

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--enable-logging=stderr",
    "--v=0",
)
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"></svg>'
# Clicks as a reader does, and writes down what it finds.
PROBE = """<script>
window.addEventListener("load", () => {
  const probe = { errors: window.errors, sorted: {}, saved: {}, rows: {} };
  URL.createObjectURL = (blob) => { probe.last = blob; return "about:srcdoc#"; };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = table.querySelectorAll("th button");
    const column = (i) => [...table.tBodies[0].rows].map((row) => row.cells[i].innerText);
    probe.sorted[table.id] = [...heads].map((head, i) => {
      head.click();
      const up = column(i);
      head.click();
      return [up, column(i)];
    });
  }
  const saved = [];
  const press = (name, button) => {
    button.click();
    saved.push(probe.last.text().then((text) => { probe.saved[name] = text; }));
  };
  for (const details of document.querySelectorAll("details[data-csv]")) {
    press(details.dataset.csv, details.querySelector("button"));
    details.open = true;
  }
  press("findings-table", document.querySelector("button[data-table=findings-table]"));
  press("figure", document.querySelectorAll("figcaption button")[1]);
  const image = document.querySelector("figure img");
  image.click();
  const dialog = document.querySelector("dialog");
  probe.zoomed = dialog.open && dialog.querySelector("img").src === image.src;
  dialog.close();
  document.querySelector("button[data-verdict='not tested']").click();
  const rows = [...document.querySelectorAll("#findings-table tbody tr")];
  probe.filtered = rows.filter((row) => !row.hidden).map((row) => row.dataset.verdict);
  probe.widths = [document.documentElement.scrollWidth, window.innerWidth];
  probe.pictures = [...document.querySelectorAll("figure img")].map((i) => i.naturalWidth);
  setTimeout(() => Promise.all(saved).then(() => {
    for (const details of document.querySelectorAll("details[data-csv]")) {
      probe.rows[details.dataset.csv] = details.querySelectorAll("tbody tr").length;
    }
    delete probe.last;
    const holder = document.createElement("pre");
    holder.id = "probe";
    holder.textContent = JSON.stringify(probe);
    parent.document.body.append(holder);
  }), 300);
});
</script>"""
FRAME = """<!doctype html><meta charset="utf-8"><body style="margin: 0">
<iframe style="width: {width}px; height: 900px; border: 0" srcdoc="{page}"></iframe></body>"""
WATCH = """<script>
window.errors = [];
window.addEventListener("error", (event) => window.errors.push(String(event.message)));
</script>"""

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module", params=[1280, 390])
def probe(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a reader's clicks lead to, on a wide screen and on a telephone's."""
    folder = tmp_path_factory.mktemp("browser")
    page = rendered(made_up_study(), {}, MESHED | PACKED, PICTURE)
    page = page.replace("<head>", f"<head>{WATCH}").replace("</body>", f"{PROBE}</body>")
    # No window of Chromium is as narrow as a telephone, but a frame is.
    page = FRAME.format(width=request.param, page=escape(page))
    (folder / "report.html").write_text(page)
    run = subprocess.run(
        [
            str(CHROMIUM),
            *FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1280,900",
            "--virtual-time-budget=5000",
            "--dump-dom",
            (folder / "report.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "CONSOLE" not in run.stderr, run.stderr
    held = re.search(r'<pre id="probe">(.*?)</pre>', run.stdout, re.DOTALL)
    assert held, run.stdout[-2000:] + run.stderr[-2000:]
    return json.loads(unescape(held[1]))


def test_nothing_fails_and_everything_is_seen(probe: Any) -> None:
    assert probe["errors"] == []
    assert probe["zoomed"]
    assert len(probe["pictures"]) > 4
    assert set(probe["pictures"]) == {300}
    content, window = probe["widths"]
    assert content <= window


def number(text: str) -> float:
    return float(re.sub(r"[^0-9.].*", "", text.replace(",", "")))


def test_every_column_sorts_both_ways(probe: Any) -> None:
    assert len(probe["sorted"]) > 3
    for columns in probe["sorted"].values():
        for up, down in columns:
            assert sorted(up) == sorted(down)
            known = [text for text in up if text not in ("–", "")]
            assert up[: len(known)] == known, "what is missing comes last"
            if all(re.match(r"\d[\d.,]*(\D|$)", text) for text in known):
                assert [number(text) for text in known] == sorted(map(number, known))


def test_tables_are_saved_as_their_files(probe: Any) -> None:
    study = made_up_study()
    frames: dict[str, pd.DataFrame] = {
        "training": study.training,
        "online": study.online,
        "timing": study.timing,
        "findings": findings_table(findings(study)),
    }
    for name, frame in frames.items():
        assert probe["saved"][f"{name}.csv"] == frame.to_csv(index=False)
        assert probe["rows"][f"{name}.csv"] == len(frame)
    assert probe["saved"]["findings-table"].startswith("Verdict,Claim,Section,Paper,Ours")
    assert probe["saved"]["figure"] == PICTURE.decode()


def test_findings_are_filtered_by_verdict(probe: Any) -> None:
    expected = (findings_table(findings(made_up_study()))["verdict"] == "not tested").sum()
    assert probe["filtered"] == ["not tested"] * expected
