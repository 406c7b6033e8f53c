// The table of papers: of a hundred thousand rows only those in sight are built.

import { button, drawMark, el, formatCount, formatDay, isWebAddress } from "./elements.js";
import { shadeOf } from "./colours.js";

const ROW = 42;
const MORE = 6;
const COLUMNS = [
  ["title", "Title"],
  ["date", "Date"],
  ["theme", "Theme"],
];

export class Papers {
  constructor(state, texts, look) {
    Object.assign(this, { state, texts, look, order: null, isDown: false, rows: [] });
    this.status = el("p", { class: "tlx-status", role: "status", "aria-live": "polite" });
    this.heads = COLUMNS.map(([name, label]) =>
      el("div", { role: "columnheader", "aria-sort": "none", class: `tlx-cell tlx-${name}` },
        button(label, () => this.sortBy(name), { class: "tlx-sort" })),
    );
    this.body = el("div", { class: "tlx-rows", role: "rowgroup" });
    this.scroller = el("div", { class: "tlx-scroller", role: "presentation", on: { scroll: () => this.draw() } }, this.body);
    this.grid = el(
      "div",
      { class: "tlx-grid", role: "grid", "aria-label": "Papers", "aria-readonly": "true" },
      el("div", { role: "rowgroup" }, el("div", { role: "row", class: "tlx-row tlx-headrow", "aria-rowindex": 1 }, this.heads)),
      this.scroller,
    );
    this.bar = el("div", { class: "tlx-small-bar" });
    this.root = el(
      "section",
      { class: "tlx-papers", "aria-label": "Papers" },
      el("div", { class: "tlx-sidehead" }, this.status, this.bar),
      this.grid,
    );
    this.scroller.addEventListener("keydown", (event) => this.answerKey(event));
    new ResizeObserver(() => this.draw()).observe(this.scroller);
    texts.opening.then(() => this.draw());
    state.listen((changed) => {
      if (["filter", "selection", "themes"].some((one) => changed.has(one))) this.fill();
      else if (changed.has("look")) this.draw();
      if (changed.has("focus")) this.follow();
    });
    this.fill();
  }

  fill() {
    this.rows = this.state.listPapers();
    this.sort();
    this.at = Math.max(0, this.rows.indexOf(this.state.focus));
    this.scroller.scrollTop = 0;
    this.write();
    this.draw();
  }

  write() {
    const { state } = this;
    const { nSelected, nPassing, n, words, ranking } = state;
    const shown = nPassing === n ? `all ${formatCount(n, "paper")}` : `${formatCount(nPassing)} of ${formatCount(n, "paper")}`;
    let text = nSelected ? `${formatCount(nSelected, "paper")} selected, of ${shown}` : `Showing ${shown}`;
    if (ranking) text = `${ranking.title}: ${formatCount(this.rows.length, "paper")}`;
    if (words && !ranking) text += `. “${words.text}”: ${formatCount(words.count, "paper")}, ${formatCount(words.nInTitle)} in the title`;
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  sortBy(name) {
    // Down, up, and back to the order of the study.
    if (this.order !== name) [this.order, this.isDown] = [name, name === "date"];
    else if (this.isDown === (name === "date")) this.isDown = !this.isDown;
    else this.order = null;
    this.heads.forEach((head, k) => {
      const isOwn = COLUMNS[k][0] === this.order;
      head.setAttribute("aria-sort", isOwn ? (this.isDown ? "descending" : "ascending") : "none");
    });
    this.fill();
  }

  sort() {
    const { state, texts, order } = this;
    if (!order) return;
    const sign = this.isDown ? -1 : 1;
    if (order === "date") {
      this.rows.sort((a, b) => sign * (state.day[a] - state.day[b]) || a - b);
      return;
    }
    const words = new Map(this.rows.map((i) => [i, order === "theme" ? state.labelOf(i) : texts.readTitle(i)]));
    const compare = new Intl.Collator("en").compare;
    this.rows.sort((a, b) => sign * compare(words.get(a), words.get(b)) || a - b);
  }

  draw() {
    const { scroller, rows } = this;
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - MORE);
    const last = Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW) + MORE);
    const hadFocus = this.body.contains(this.body.getRootNode().activeElement);
    this.body.style.height = `${Math.max(rows.length, 1) * ROW}px`;
    this.grid.setAttribute("aria-rowcount", rows.length + 1);
    const built = [];
    for (let k = first; k < last; k += 1) built.push(this.buildRow(k));
    if (!rows.length) built.push(this.buildEmpty());
    this.body.replaceChildren(...built);
    if (hadFocus) this.body.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  buildEmpty() {
    return el("div", { role: "row", class: "tlx-row" }, el("div", { role: "gridcell", class: "tlx-cell tlx-none" }, "No paper passes the filters."));
  }

  buildRow(k) {
    const { state, texts } = this;
    const i = this.rows[k];
    const theme = state.themes[state.theme[i]];
    const row = el(
      "div",
      {
        role: "row",
        class: "tlx-row",
        "aria-rowindex": k + 2,
        "aria-selected": String(i === state.focus),
        tabindex: k === this.at ? 0 : -1,
        "data-row": i,
        on: { click: () => this.open(k), focus: () => (this.at = k) },
      },
      el("div", { role: "gridcell", class: "tlx-cell tlx-title" },
        el("span", { dir: "auto" }, texts.readTitle(i)), this.buildLink(texts.readUrl(i))),
      el("div", { role: "gridcell", class: "tlx-cell tlx-date" }, formatDay(state.day[i], state.core.precision[i])),
      el("div", { role: "gridcell", class: "tlx-cell tlx-theme" },
        drawMark(theme.symbol, shadeOf(theme, this.look())), el("span", { dir: "auto" }, theme.label)),
    );
    row.style.top = `${k * ROW}px`;
    return row;
  }

  // Out of the way of the tab key: the paper, once open, has the same link.
  buildLink(url) {
    return isWebAddress(url)
      ? el("a", {
          class: "tlx-out", href: url, target: "_blank", rel: "noopener noreferrer", tabindex: -1,
          title: `Open at ${new URL(url).host}`, "aria-label": "Open the paper",
          on: { click: (event) => event.stopPropagation() },
        }, "↗")
      : null;
  }

  open(k) {
    this.at = k;
    this.state.setFocus(this.rows[k]);
  }

  // The row of the paper in focus comes into sight.
  follow() {
    const k = this.rows.indexOf(this.state.focus);
    if (k >= 0) {
      this.at = k;
      this.reveal(k);
    }
    this.draw();
  }

  reveal(k) {
    const { scroller } = this;
    if (k * ROW < scroller.scrollTop) scroller.scrollTop = k * ROW;
    const under = (k + 1) * ROW - scroller.clientHeight;
    if (under > scroller.scrollTop) scroller.scrollTop = under;
  }

  answerKey(event) {
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
    const by = moves[event.key];
    if (event.key === "Enter" || event.key === " ") this.open(this.at);
    else if (by === undefined || !this.rows.length) return;
    else {
      this.at = Math.min(Math.max(this.at + by, 0), this.rows.length - 1);
      this.reveal(this.at);
      this.draw();
      this.body.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
    }
    event.preventDefault();
  }
}
