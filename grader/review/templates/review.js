"use strict";
// Students' words are on this page. They are only ever read as text: nothing here makes elements of text.
(() => {
  const cards = [...document.querySelectorAll(".card")];
  const byId = (id) => document.getElementById(id);
  // Looked up once: a class has thousands of cards, and each key that is pressed asks all of them.
  const fields = new Map(cards.map((card) => [card, {
    points: card.querySelector(".given-points"),
    comment: card.querySelector("textarea"),
    boxes: [...card.querySelectorAll("input[type=checkbox]")],
  }]));
  const points = (card) => fields.get(card).points;
  const comment = (card) => fields.get(card).comment;
  const boxes = (card) => fields.get(card).boxes;
  const touched = (card) =>
    points(card).value !== points(card).defaultValue || comment(card).value !== comment(card).defaultValue || boxes(card).some((box) => box.checked);
  const group = (card) => cards.filter((one) => one.dataset.group === card.dataset.group);
  const rows = (card) => JSON.parse(card.dataset.rows);
  const key = `marks ${document.body.dataset.export}`;

  // As the import reads a number: "2.5", "2,5" or "1/2".
  const trouble = (card) => {
    const text = points(card).value.trim();
    if (!text) return comment(card).value.trim() && !comment(card).defaultValue.trim() ? "A comment needs points." : "";
    const decimal = /^(\d{0,9})(?:[.,](\d{0,3})0*)?$/.exec(text);
    const fraction = /^(\d{1,9}) ?\/ ?(\d{1,3})$/.exec(text);
    if (!fraction && !(decimal && (decimal[1] || decimal[2]))) return "Points are a number such as 2.5, with at most three decimals.";
    const number = fraction ? fraction[1] / fraction[2] : Number(text.replace(",", "."));
    return number <= Number(card.dataset.maximum) ? "" : `At most ${card.dataset.maximum} points.`;
  };

  const show = (card, words) => {
    card.querySelector(".trouble").textContent = words;
    points(card).setAttribute("aria-invalid", String(Boolean(words)));
    card.classList.toggle("bad", Boolean(words));
    card.classList.toggle("marked", !words && Boolean(points(card).value.trim()));
  };

  const count = () => {
    const left = cards.filter((card) => !points(card).value.trim()).length;
    byId("left").textContent = left ? `${left} of ${cards.length} left` : cards.length ? `All ${cards.length} have points` : "";
    byId("progress").max = Math.max(cards.length, 1);
    byId("progress").value = cards.length - left;
  };

  const say = (words, bad = false) => {
    byId("said").textContent = words;
    byId("said").classList.toggle("bad", bad);
  };

  let unsaved = false;
  let kept = true;
  const keep = () => {
    unsaved = true;
    const state = {};
    for (const card of cards.filter(touched)) {
      state[card.id] = [points(card).value, comment(card).value, boxes(card).map((box) => box.checked)];
    }
    try {
      localStorage.setItem(key, JSON.stringify(state));
    } catch {
      kept = false;
      say("This browser does not keep what you type: save before you close the page.", true);
    }
  };

  const restore = () => {
    let state = null;
    try {
      state = JSON.parse(localStorage.getItem(key));
    } catch {
      return;
    }
    for (const card of cards) {
      const [number, words, ticks] = state?.[card.id] ?? [points(card).value, comment(card).value, []];
      points(card).value = number;
      comment(card).value = words;
      boxes(card).forEach((box, position) => (box.checked = Boolean(ticks[position])));
    }
    if (state) say("What was typed here before is back.");
  };

  const changed = (card) => {
    show(card, trouble(card));
    count();
    keep();
  };

  const addUp = (card) => {
    const sum = boxes(card).reduce((total, box) => total + (box.checked ? Number(box.dataset.points) : 0), 0);
    points(card).value = String(Math.round(sum * 1000) / 1000);
    changed(card);
  };

  const sameForAll = (card) => {
    const ticks = boxes(card).map((box) => box.checked);
    const others = group(card).filter((other) => other !== card);
    const replaced = others.filter((other) => points(other).value.trim() && points(other).value !== points(card).value).length;
    for (const other of others) {
      points(other).value = points(card).value;
      comment(other).value = comment(card).value;
      boxes(other).forEach((box, position) => (box.checked = ticks[position]));
      show(other, trouble(other));
    }
    count();
    keep();
    say(`The same for ${others.length + 1} answers.${replaced ? ` ${replaced} had other points.` : ""}`);
  };

  const goTo = (card) => {
    if (!card) return say("No answer is left without points.");
    card.scrollIntoView({ block: "nearest" });
    points(card).focus();
    points(card).select();
  };

  const next = (after) => {
    const start = cards.indexOf(after) + 1;
    goTo([...cards.slice(start), ...cards.slice(0, start)].find((card) => !points(card).value.trim()));
  };

  // As `grader.review.cells.guarded` does for a comment.
  const guarded = (text) => (/^'*(?:[=+@\uff1d\uff0b\uff0d\uff20\t\r\n-]|[\d.,:\/eE+ -]+$)/.test(text) ? `'${text}` : text);
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  const table = () => {
    const lines = [document.body.dataset.header];
    for (const card of cards) {
      for (const [question, student, fingerprint] of rows(card)) {
        lines.push([question, student, points(card).value.trim(), guarded(comment(card).value), fingerprint].map(cell).join(","));
      }
    }
    return `\ufeff${lines.join("\n")}\n`;
  };

  const save = () => {
    const bad = cards.find((card) => trouble(card));
    if (bad) {
      cards.forEach((card) => show(card, trouble(card)));
      goTo(bad);
      return say("Not saved: these points cannot be taken.", true);
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([table()], { type: "text/csv" }));
    link.download = "review.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
    say(`Saved as ${link.download} among your downloads.`);
  };

  for (const card of cards) {
    points(card).addEventListener("input", () => changed(card));
    points(card).addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      next(card);
    });
    comment(card).addEventListener("input", () => changed(card));
    boxes(card).forEach((box) => box.addEventListener("change", () => addUp(card)));
    card.querySelector(".same")?.addEventListener("click", () => sameForAll(card));
  }
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.(".card");
    const box = card && event.altKey && /^Digit[1-9]$/.test(event.code) ? boxes(card)[event.code.slice(5) - 1] : null;
    if (box) box.click();
    else if (card?.querySelector(".same") && event.altKey && event.code === "KeyG") sameForAll(card);
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") save();
    else return;
    event.preventDefault();
  });
  byId("next").addEventListener("click", () => next(document.activeElement.closest(".card")));
  byId("save").addEventListener("click", save);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !kept) event.preventDefault();
  });
  restore();
  cards.forEach((card) => show(card, trouble(card)));
  count();
})();
