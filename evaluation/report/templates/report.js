"use strict";

// A cell's place in a sorted column: numbers by value, what is missing last, text by alphabet.
function key(text) {
  const cleaned = text.replace(/\u00a0/g, " ").trim();
  if (cleaned === "" || cleaned === "–") return [2, 0];
  // "9.4 ± 1.0", "1,234", "12 of 128", "1.9–2.6×" and "1e-5" are numbers; "composite 1" is not.
  const number = cleaned.replace(/,/g, "").match(/^[-−]?\d+(\.\d+)?(e[-+]?\d+)?(?=$|[\s×–%(])/i);
  return number ? [0, parseFloat(number[0].replace("−", "-"))] : [1, cleaned];
}

function compare(a, b) {
  if (a[0] !== b[0]) return a[0] - b[0];
  return a[0] === 1 ? a[1].localeCompare(b[1], "en", { numeric: true }) : a[1] - b[1];
}

function sortBy(head) {
  const table = head.closest("table");
  const column = [...head.parentNode.children].indexOf(head);
  const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [key(row.cells[column].innerText), row]);
  // What is missing stays last either way.
  rows.sort(([a], [b]) => (a[0] === 2 || b[0] === 2 ? a[0] - b[0] : direction * compare(a, b)));
  body.append(...rows.map(([, row]) => row));
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
}

function makeSortable(table) {
  for (const head of table.querySelectorAll("thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(head));
    head.append(button);
  }
}

function download(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function quoted(text) {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(table) {
  const line = (row) => [...row.cells].map((cell) => quoted(cell.textContent.trim())).join(",");
  return [...table.rows].map(line).join("\n") + "\n";
}

function parsed(csv) {
  const rows = [[""]];
  let inside = false;
  for (let i = 0; i < csv.length; i += 1) {
    const row = rows[rows.length - 1];
    const character = csv[i];
    if (inside) {
      if (character === '"' && csv[i + 1] === '"') { row[row.length - 1] += '"'; i += 1; }
      else if (character === '"') inside = false;
      else row[row.length - 1] += character;
    } else if (character === '"') inside = true;
    else if (character === ",") row.push("");
    else if (character === "\n") rows.push([""]);
    else row[row.length - 1] += character;
  }
  return rows.filter((row) => row.length > 1 || row[0] !== "");
}

function shortened(text) {
  return /^-?\d+\.\d{5,}(e[-+]?\d+)?$/.test(text) ? String(+parseFloat(text).toPrecision(5)) : text;
}

// Complete tables are laid out when they are first opened: thousands of rows cost time.
function layOut(details, csv) {
  const [heads, ...rows] = parsed(csv);
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const name of heads) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().textContent = shortened(value);
  }
  makeSortable(table);
  details.querySelector(".scroll").replaceChildren(table);
}

function setUpTables() {
  document.querySelectorAll("table.sortable").forEach(makeSortable);
  for (const button of document.querySelectorAll("button[data-table]")) {
    const table = document.getElementById(button.dataset.table);
    const save = () => download(`${button.dataset.table}.csv`, csvOf(table), "text/csv");
    button.addEventListener("click", save);
  }
  for (const details of document.querySelectorAll("details[data-csv]")) {
    const name = details.dataset.csv;
    const csv = details.querySelector("script").textContent.replaceAll("<\\/", "</").trimStart();
    const show = () => layOut(details, csv);
    details.addEventListener("toggle", show, { once: true });
    const button = details.querySelector("button");
    button.addEventListener("click", () => download(name, csv, "text/csv"));
  }
}

function setUpTally() {
  const buttons = [...document.querySelectorAll("button[data-verdict]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      for (const other of buttons) other.setAttribute("aria-pressed", String(on && other === button));
      for (const row of document.querySelectorAll("#findings-table tbody tr")) {
        row.hidden = on && row.dataset.verdict !== button.dataset.verdict;
      }
    });
  }
}

function setUpFigures() {
  const dialog = document.querySelector("dialog");
  const image = dialog.querySelector("img");
  let scale = 1;
  let fitted = 1;
  const show = (value) => {
    scale = Math.min(Math.max(value, fitted / 2), 12 * fitted);
    image.style.width = `${scale * image.naturalWidth}px`;
  };
  const open = (source) => {
    image.src = source.src;
    image.alt = source.alt;
    dialog.showModal();
    const { clientWidth, clientHeight } = dialog;
    fitted = 0.96 * Math.min(
      clientWidth / source.naturalWidth, clientHeight / source.naturalHeight);
    show(fitted);
  };
  for (const figure of document.querySelectorAll("figure")) {
    const source = figure.querySelector("img");
    const [zoom, save] = figure.querySelectorAll("button");
    source.addEventListener("click", () => open(source));
    zoom.addEventListener("click", () => open(source));
    save.addEventListener("click", () => {
      const svg = atob(source.src.split(",")[1]);
      const bytes = Uint8Array.from(svg, (character) => character.charCodeAt(0));
      download(`${figure.id}.svg`, bytes, "image/svg+xml");
    });
  }
  const [smaller, larger, close] = dialog.querySelectorAll("button");
  smaller.addEventListener("click", () => show(scale / 1.5));
  larger.addEventListener("click", () => show(scale * 1.5));
  image.addEventListener("click", () => show(scale > 1.4 * fitted ? fitted : 2 * fitted));
  close.addEventListener("click", () => dialog.close());
}

setUpTables();
setUpTally();
setUpFigures();
