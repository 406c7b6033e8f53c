// Shares of the shown themes over time, with the numbers behind them.

import { drawMark, el, formatCount, formatPercent, svg } from "./elements.js";
import { shadeOf } from "./colours.js";
import { countShares, jeffreys, namePeriod } from "./shares.js";

const PLOT = { left: 46, right: 12, top: 10, bottom: 24 };
const MOST_MARKS = 30;
const CHOSEN = -2;
// The share of so few papers says little: it is drawn faintly, and the axis does not reach for it. So does that of a
// trickle beside the largest period, as of old papers in a new collection.
const FEW = 5;
const TRICKLE = 0.002;

function niceTop(share) {
  const steps = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];
  return steps.find((step) => step >= share) ?? 1;
}

export class Trend {
  constructor(state, look) {
    Object.assign(this, { state, look });
    this.chart = svg("svg", { class: "tlx-chart", role: "img" });
    this.note = el("p", { class: "tlx-note" });
    this.body = el("div", { class: "tlx-scroll", tabindex: 0, role: "group", "aria-label": "Numbers behind the chart" });
    this.numbers = el(
      "details",
      { class: "tlx-numbers", on: { toggle: () => this.fillTable() } },
      el("summary", {}, "Numbers"),
      this.body,
    );
    this.frame = el("div", { class: "tlx-chartframe" }, this.chart);
    this.root = el(
      "section",
      { class: "tlx-trend", "aria-label": "Trend" },
      el("h2", {}, "Share of the papers, by period"),
      this.frame,
      this.note,
      this.numbers,
    );
    new ResizeObserver(() => this.draw()).observe(this.frame);
    this.chart.addEventListener("pointermove", (event) => this.point(event));
    this.chart.addEventListener("pointerleave", () => state.light(-1));
    state.listen((changed) => {
      if (["filter", "themes", "selection", "lit", "look"].some((one) => changed.has(one))) this.draw();
    });
  }

  // Lines to draw: the shown themes and the selection; null where a period has no paper.
  list() {
    const { state } = this;
    this.found = countShares(state);
    const { counts, totals, chosen } = this.found;
    const share = (own) => Array.from(own, (count, p) => (totals[p] ? count / totals[p] : null));
    const lines = state.themes
      .map((theme, t) => ({ t, label: theme.label, colour: shadeOf(theme, this.look()), symbol: theme.symbol, own: counts[t] }))
      .filter(({ t }) => state.isShown[t]);
    if (state.nSelected) {
      lines.push({ t: CHOSEN, label: "Selected papers", colour: "currentColor", symbol: "circle", own: chosen });
    }
    return lines.map((line) => ({ ...line, shares: share(line.own) }));
  }

  draw() {
    const { state } = this;
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height) return;
    this.lines = this.list();
    const range = state.range ?? [0, state.periods.length - 1];
    const periods = state.periods.map((one, p) => ({ ...one, p })).slice(range[0], range[1] + 1);
    const { totals } = this.found;
    this.few = Math.max(FEW, Math.ceil(TRICKLE * Math.max(0, ...totals)));
    const firm = periods.filter(({ p }) => totals[p] >= this.few);
    const heeded = firm.length ? firm : periods;
    const top = niceTop(Math.max(0.01, ...this.lines.flatMap((line) => heeded.map(({ p }) => line.shares[p] ?? 0))));
    const span = width - PLOT.left - PLOT.right;
    const step = periods.length > 1 ? span / (periods.length - 1) : 0;
    this.isCut = this.lines.some((line) => periods.some(({ p }) => line.shares[p] > top));
    this.across = (p) => PLOT.left + (periods.length > 1 ? (p - range[0]) * step : span / 2);
    this.up = (share) => height - PLOT.bottom - (share / top) * (height - PLOT.top - PLOT.bottom);
    this.isFew = (p) => totals[p] < this.few;
    this.shown = periods;
    this.chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.chart.setAttribute("aria-label", this.describe());
    this.chart.replaceChildren(...this.drawAxes(width, top, periods, step), ...this.drawBand(periods));
    const lit = state.lit;
    for (const line of [...this.lines].sort((a, b) => (a.t === lit) - (b.t === lit))) {
      this.chart.append(this.drawLine(line, periods, lit >= 0 && line.t !== lit));
    }
    this.write();
    this.fillTable();
  }

  describe() {
    const shown = this.lines.map((line) => line.label);
    return `Share of the papers per period, of ${formatCount(shown.length, "line")}: ${shown.slice(0, 12).join("; ")}. The numbers are in the table below.`;
  }

  drawAxes(width, top, periods, step) {
    const parts = [0, top / 2, top].map((share) =>
      svg(
        "g",
        { class: "tlx-axis" },
        svg("line", { x1: PLOT.left, x2: width - PLOT.right, y1: this.up(share), y2: this.up(share) }),
        svg("text", { x: PLOT.left - 6, y: this.up(share) + 4, "text-anchor": "end" }, formatPercent(share)),
      ),
    );
    const every = Math.max(1, Math.ceil(66 / Math.max(step, 1)));
    periods.forEach((period, k) => {
      if (k % every) return;
      const x = Math.min(this.across(period.p), width - 26);
      parts.push(svg("text", { class: "tlx-axis", x, y: this.up(0) + 17, "text-anchor": "middle" }, namePeriod(period)));
    });
    return parts;
  }

  drawBand(periods) {
    const line = this.lines.find(({ t }) => t === this.state.lit);
    if (!line) return [];
    const known = periods.filter(({ p }) => this.found.totals[p]);
    const ends = known.map(({ p }) => jeffreys(line.own[p], this.found.totals[p]));
    const clip = (share) => Math.max(PLOT.top, this.up(share));
    const over = known.map(({ p }, k) => `${this.across(p)} ${clip(ends[k][1])}`);
    const under = known.map(({ p }, k) => `${this.across(p)} ${clip(ends[k][0])}`).reverse();
    return known.length > 1
      ? [svg("path", { class: "tlx-band", fill: line.colour, d: `M${[...over, ...under].join("L")}Z` })]
      : [];
  }

  drawLine(line, periods, isDim) {
    const group = svg("g", { class: isDim ? "tlx-line tlx-dim" : "tlx-line", "data-theme": this.state.themes[line.t]?.theme });
    const isLit = line.t === this.state.lit;
    for (let k = 1; k < periods.length; k += 1) {
      const [a, b] = [periods[k - 1], periods[k]];
      if (line.shares[a.p] === null || line.shares[b.p] === null) continue;
      group.append(
        svg("line", {
          class: this.isFew(a.p) || this.isFew(b.p) ? "tlx-few" : null,
          x1: this.across(a.p),
          y1: this.up(line.shares[a.p]),
          x2: this.across(b.p),
          y2: this.up(line.shares[b.p]),
          stroke: line.colour,
          "stroke-width": isLit || line.t === CHOSEN ? 3 : 1.7,
          "stroke-dasharray": a.complete && b.complete ? null : "3 4",
        }),
      );
    }
    for (const { p } of periods.length <= MOST_MARKS ? periods : []) {
      if (line.shares[p] === null) continue;
      const mark = drawMark(line.symbol, line.colour).firstChild;
      if (this.isFew(p)) mark.setAttribute("class", "tlx-few");
      mark.setAttribute("transform", `translate(${this.across(p)} ${this.up(line.shares[p])}) scale(.62)`);
      group.append(mark);
    }
    return group;
  }

  write() {
    const { state, found } = this;
    const nUndated = Array.from(state.period).reduce((n, p, i) => n + (p < 0 && state.passingButThemes[i]), 0);
    const isPart = state.words !== null;
    const line = this.lines.find(({ t }) => t === state.lit);
    const parts = [
      state.nSelected ? "Thick: the selected papers." : "",
      isPart ? "Of the papers that hold the words." : "Of all papers of the period, whatever their theme.",
      this.shown.some(({ p }) => found.totals[p] && this.isFew(p)) ? `Faint: fewer than ${formatCount(this.few, "paper")}${this.isCut ? ", partly above the chart" : ""}.` : "",
      this.shown.some(({ complete }) => !complete) ? "Dashed: a period that the corpus does not cover whole." : "",
      nUndated ? `${formatCount(nUndated, "paper")} without a period left out.` : "",
      state.core.facts.is_split ? "Whole papers are counted here; the study's tables split them." : "",
    ];
    const lit = line
      ? `${line.label}: ${formatCount(line.own.reduce((a, b) => a + b, 0), "paper")} in periods. Band: 95 % interval (Jeffreys).`
      : "";
    this.note.textContent = lit || parts.filter(Boolean).join(" ");
  }

  // The line nearest to the pointer comes forward.
  point(event) {
    const box = this.chart.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const near = this.shown.reduce((a, b) => (Math.abs(this.across(b.p) - x) < Math.abs(this.across(a.p) - x) ? b : a), this.shown[0]);
    if (!near) return;
    let [best, least] = [-1, 18];
    for (const line of this.lines) {
      const share = line.shares[near.p];
      if (share === null || line.t === CHOSEN) continue;
      const away = Math.abs(this.up(share) - y);
      if (away < least) [best, least] = [line.t, away];
    }
    this.state.light(best);
  }

  fillTable() {
    if (!this.numbers.open || !this.lines) return;
    const { totals } = this.found;
    const head = el("tr", {}, el("th", { scope: "col" }, "Period"), el("th", { scope: "col" }, "Papers"),
      this.lines.map((line) => el("th", { scope: "col" }, line.label)));
    const rows = this.shown.map((period) =>
      el("tr", {}, el("th", { scope: "row" }, namePeriod(period) + (period.complete ? "" : " (not whole)")),
        el("td", {}, formatCount(totals[period.p])),
        this.lines.map((line) => el("td", {}, `${formatPercent(line.shares[period.p])} (${line.own[period.p]})`))),
    );
    const caption = el("caption", {}, "Share of the papers of each period, and their number");
    this.body.replaceChildren(el("table", {}, caption, el("thead", {}, head), el("tbody", {}, rows)));
  }
}
