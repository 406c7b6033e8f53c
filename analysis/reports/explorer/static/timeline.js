// Papers per period, and a brush over the periods: by pointer, and by keys on its two ends.

import { button, el, formatCount, svg } from "./elements.js";
import { namePeriod } from "./shares.js";

const BARS = { left: 10, right: 10, top: 6, bottom: 20 };

export class Timeline {
  constructor(state) {
    this.state = state;
    this.chart = svg("svg", { class: "tlx-chart", "aria-hidden": "true" });
    this.frame = el("div", { class: "tlx-timeframe" }, this.chart);
    this.ends = ["first", "last"].map((name, k) =>
      el("div", {
        class: "tlx-handle",
        role: "slider",
        tabindex: 0,
        "aria-label": `The ${name} period shown`,
        "aria-orientation": "horizontal",
        on: { keydown: (event) => this.answerKey(event, k) },
      }),
    );
    this.frame.append(...this.ends);
    this.reset = button("All dates", () => state.setRange(null), { class: "tlx-small" });
    this.said = el("span", { class: "tlx-said" });
    const head = el("div", { class: "tlx-timehead" }, el("h2", {}, "Papers per period"), this.said, this.reset);
    this.root = el("section", { class: "tlx-timeline", "aria-label": "Dates" }, head, this.frame);
    new ResizeObserver(() => this.draw()).observe(this.frame);
    this.frame.addEventListener("pointerdown", (event) => this.press(event));
    this.frame.addEventListener("pointermove", (event) => this.move(event));
    this.frame.addEventListener("pointerup", () => this.release());
    this.frame.addEventListener("pointercancel", () => this.release());
    state.listen((changed) => {
      if (["filter", "themes", "look"].some((one) => changed.has(one))) this.draw();
    });
  }

  get last() {
    return this.state.periods.length - 1;
  }

  draw() {
    const { state } = this;
    const { clientWidth: width, clientHeight: height } = this.frame;
    const n = state.periods.length;
    this.root.hidden = n === 0;
    if (!width || !height || !n) return;
    const all = new Uint32Array(n);
    const own = new Uint32Array(n);
    let nOutside = 0;
    for (let i = 0; i < state.n; i += 1) {
      const p = state.period[i];
      if (p >= 0) {
        all[p] += 1;
        own[p] += state.passingButDate[i];
      } else nOutside += state.passingButDate[i];
    }
    this.step = (width - BARS.left - BARS.right) / n;
    // Few papers that pass have a scale of their own: beside all, they would not be seen.
    const isFew = Math.max(...own) < 0.2 * Math.max(...all);
    const most = Math.max(1, ...(isFew ? own : all));
    const tall = height - BARS.top - BARS.bottom;
    const bar = (count, p, name) =>
      svg("rect", {
        class: name,
        x: BARS.left + p * this.step + Math.min(1, this.step * 0.1),
        width: Math.max(this.step - Math.min(2, this.step * 0.2), 0.5),
        y: BARS.top + tall * (1 - count / most),
        height: (tall * count) / most,
      });
    const range = state.range ?? [0, this.last];
    const parts = [];
    for (let p = 0; p < n; p += 1) {
      const isOut = p < range[0] || p > range[1];
      if (!isFew) parts.push(bar(all[p], p, "tlx-allbar"));
      parts.push(bar(own[p], p, isOut ? "tlx-bar tlx-out" : "tlx-bar"));
    }
    parts.push(svg("text", { class: "tlx-axis", x: BARS.left + 3, y: BARS.top + 9 }, formatCount(most)));
    const every = Math.max(1, Math.ceil(56 / this.step));
    for (let p = 0; p < n; p += every) {
      const x = BARS.left + (p + 0.5) * this.step;
      parts.push(svg("text", { class: "tlx-axis", x, y: height - 5, "text-anchor": "middle" }, namePeriod(state.periods[p])));
    }
    if (state.range) {
      const x = BARS.left + range[0] * this.step;
      parts.push(svg("rect", { class: "tlx-brush", x, y: 1, width: (range[1] - range[0] + 1) * this.step, height: tall + BARS.top }));
    }
    this.chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.chart.replaceChildren(...parts);
    this.placeEnds(range, tall);
    this.write(range, nOutside, own);
  }

  placeEnds(range, tall) {
    this.ends.forEach((end, k) => {
      end.style.left = `${BARS.left + (range[k] + k) * this.step}px`;
      end.style.height = `${tall + BARS.top}px`;
      end.setAttribute("aria-valuemin", k ? range[0] : 0);
      end.setAttribute("aria-valuemax", k ? this.last : range[1]);
      end.setAttribute("aria-valuenow", range[k]);
      end.setAttribute("aria-valuetext", namePeriod(this.state.periods[range[k]]));
    });
  }

  write(range, nOutside, own) {
    const { state } = this;
    const [from, to] = range.map((p) => namePeriod(state.periods[p]));
    let count = 0;
    for (let p = range[0]; p <= range[1]; p += 1) count += own[p];
    const outside = nOutside ? `, ${formatCount(nOutside)} more without a period` : "";
    this.said.textContent = `${from === to ? from : `${from} to ${to}`}: ${formatCount(count, "paper")}${outside}`;
    this.reset.disabled = state.range === null;
  }

  locate(event) {
    const x = event.clientX - this.frame.getBoundingClientRect().left - BARS.left;
    return Math.min(Math.max(Math.floor(x / this.step), 0), this.last);
  }

  press(event) {
    if (event.button !== 0 || !this.step) return;
    const p = this.locate(event);
    const { range } = this.state;
    const end = this.ends.indexOf(event.target);
    // An end is pulled, the brush is moved, and anything else begins a new one.
    if (end >= 0) this.drag = { anchor: (range ?? [0, this.last])[1 - end], from: p, at: p };
    else if (range && p >= range[0] && p <= range[1]) this.drag = { moved: range, from: p };
    else this.drag = { anchor: p, from: p };
    this.frame.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  move(event) {
    const { drag } = this;
    if (!drag) return;
    const p = this.locate(event);
    if (p === drag.at) return;
    drag.at = p;
    if (drag.moved) {
      const by = Math.min(Math.max(p - drag.from, -drag.moved[0]), this.last - drag.moved[1]);
      this.take([drag.moved[0] + by, drag.moved[1] + by]);
    } else {
      this.take([Math.min(drag.anchor, p), Math.max(drag.anchor, p)]);
    }
  }

  release() {
    const { drag } = this;
    this.drag = null;
    // A click on a bar asks for that period alone.
    if (drag && drag.at === undefined) this.take([drag.from, drag.from]);
  }

  take(range) {
    this.state.setRange(range[0] === 0 && range[1] === this.last ? null : range);
  }

  answerKey(event, k) {
    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -4, PageUp: 4, Home: -1e6, End: 1e6 };
    const by = moves[event.key];
    if (by === undefined) return;
    const range = [...(this.state.range ?? [0, this.last])];
    const [low, high] = k ? [range[0], this.last] : [0, range[1]];
    range[k] = Math.min(Math.max(range[k] + by, low), high);
    this.take(range);
    event.preventDefault();
  }
}
