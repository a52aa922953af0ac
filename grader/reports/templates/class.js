"use strict";
// Tables sort by a click on a header, and show only the rows that have the words of their filter. Texts of students are
// only compared, never made into markup.
const compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;

function sorted(rows, column, isNumber, sign) {
  const keyed = rows.map((row) => {
    const text = row.cells[column].textContent.trim();
    return { row, text, key: isNumber ? Number.parseFloat(text) : text };
  });
  const missing = ({ text, key }) => text === "" || text === "–" || Number.isNaN(key);
  // What is not known stands last in either order.
  return keyed
    .sort((a, b) => missing(a) - missing(b) || (missing(a) ? 0 : sign * (isNumber ? a.key - b.key : compare(a.key, b.key))))
    .map(({ row }) => row);
}

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (head.classList.contains("unsorted")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = head.ariaSort === "ascending" ? "descending" : "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      const rows = sorted([...table.tBodies[0].rows], column, head.classList.contains("number"), order === "ascending" ? 1 : -1);
      const all = document.createDocumentFragment();
      rows.forEach((row) => all.append(row));
      table.tBodies[0].append(all);
    });
  });
}

function filterable(filter) {
  const [field, said] = [filter.querySelector("input"), filter.querySelector("[role=status]")];
  const rows = [...document.getElementById(filter.dataset.table).tBodies[0].rows];
  const texts = new Map();
  const show = () => {
    if (texts.size === 0) rows.forEach((row) => texts.set(row, row.textContent.toLowerCase()));
    const words = field.value.toLowerCase().split(/\s+/);
    rows.forEach((row) => { row.hidden = !words.every((word) => texts.get(row).includes(word)); });
    said.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} shown`;
  };
  let waiting = 0;
  field.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(show);
  });
  filter.hidden = false;
}

document.querySelectorAll("table.sortable").forEach(sortable);
document.querySelectorAll(".filter").forEach(filterable);
