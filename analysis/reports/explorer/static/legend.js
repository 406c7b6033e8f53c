// The themes as check boxes with their numbers, and the key of any other colouring.

import { button, drawMark, el, formatCount } from "./elements.js";
import { shadeOf } from "./colours.js";

const MOST_GROUPS = 26;

export class Legend {
  constructor(state, look) {
    Object.assign(this, { state, look });
    this.list = el("ul", { class: "tlx-themes" });
    const bar = el(
      "div",
      { class: "tlx-small-bar" },
      button("All", () => state.showThemes(state.isShown.map(() => true)), { class: "tlx-small" }),
      button("None", () => state.showThemes(state.isShown.map(() => false)), { class: "tlx-small" }),
    );
    this.key = el("div", { class: "tlx-key" });
    this.root = el(
      "section",
      { class: "tlx-legend", "aria-label": "Themes" },
      el("div", { class: "tlx-sidehead" }, el("h2", {}, "Themes"), bar),
      this.list,
      this.key,
    );
    this.fill();
    state.listen((changed) => {
      if (changed.has("themes") || changed.has("look")) this.fill();
      if (changed.has("filter")) this.count();
      if (changed.has("lit")) this.mark();
    });
  }

  fill() {
    const { state } = this;
    this.rows = state.themes.map((theme, t) => {
      const box = el("input", {
        type: "checkbox",
        on: { change: () => state.showThemes(state.isShown.map((was, k) => (k === t ? box.checked : was))) },
      });
      const count = el("span", { class: "tlx-count" });
      const note = [theme.verdict === "unclear" ? "" : theme.verdict, theme.edited ? "corrected by hand" : ""].filter(Boolean).join(", ");
      const label = el(
        "label",
        { title: theme.description || theme.label },
        box,
        drawMark(theme.symbol, shadeOf(theme, this.look())),
        el("span", { class: "tlx-name", dir: "auto" }, theme.label, note ? el("small", {}, ` ${note}`) : null),
        count,
      );
      const only = button("only", () => state.showThemes(state.isShown.map((_, k) => k === t)), {
        class: "tlx-only",
        "aria-label": `Only ${theme.label}`,
      });
      const row = el("li", { "data-theme": theme.theme }, label, only);
      row.addEventListener("pointerenter", () => state.light(t));
      row.addEventListener("pointerleave", () => state.light(-1));
      row.addEventListener("focusin", () => state.light(t));
      row.addEventListener("focusout", () => state.light(-1));
      return { row, box, count };
    });
    this.list.replaceChildren(...this.rows.map(({ row }) => row));
    this.count();
  }

  count() {
    const { state } = this;
    const counts = new Uint32Array(state.themes.length);
    for (let i = 0; i < state.n; i += 1) counts[state.theme[i]] += state.passingButThemes[i];
    this.rows.forEach(({ row, box, count }, t) => {
      box.checked = state.isShown[t];
      count.textContent = formatCount(counts[t]);
      row.classList.toggle("tlx-empty", counts[t] === 0);
    });
  }

  mark() {
    this.rows.forEach(({ row }, t) => row.classList.toggle("tlx-lit", t === this.state.lit));
  }

  // What the colours on the map mean when they are not those of the themes.
  showKey(key, title) {
    if (!key) {
      this.key.replaceChildren();
      return;
    }
    const head = el("h2", {}, title);
    if (key.groups) {
      const shown = key.groups.slice(0, MOST_GROUPS);
      const rows = shown.map(({ title: text, count, colour }) =>
        el("li", {}, drawMark("circle", colour), el("span", { class: "tlx-name", dir: "auto" }, text),
          el("span", { class: "tlx-count" }, formatCount(count))),
      );
      const rest = key.groups.length - shown.length;
      const note = rest > 0 ? el("p", { class: "tlx-note" }, `and ${rest} more; colours come round again.`) : null;
      this.key.replaceChildren(head, el("ul", { class: "tlx-groups" }, rows), ...(note ? [note] : []));
      return;
    }
    const steps = key.ramp.map((colour) => {
      const step = el("span", {});
      step.style.background = colour;
      return step;
    });
    const ends = el("div", { class: "tlx-ends" }, el("span", {}, key.ends[0]), el("span", {}, key.ends[1]));
    const absent = key.nAbsent ? el("p", { class: "tlx-note" }, `Grey: ${formatCount(key.nAbsent, "paper")} without.`) : null;
    this.key.replaceChildren(head, el("div", { class: "tlx-ramp" }, steps), ends, ...(absent ? [absent] : []));
  }
}
