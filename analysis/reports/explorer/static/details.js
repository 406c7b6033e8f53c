// One paper: title and link, date, theme, abstract, and those like it.

import { button, drawMark, el, formatDay, isWebAddress, plain } from "./elements.js";
import { shadeOf } from "./colours.js";
import { findNear } from "./texts.js";

const N_NEAR = 20;

export class Details {
  constructor(state, texts, look) {
    Object.assign(this, { state, texts, look });
    this.root = el("section", { class: "tlx-details", "aria-label": "Paper", tabindex: -1 });
    state.listen((changed) => {
      if (["focus", "themes", "look"].some((one) => changed.has(one))) this.fill();
    });
    this.fill();
  }

  async fill() {
    const { state, texts } = this;
    const i = state.focus;
    if (i < 0) {
      this.root.replaceChildren(el("p", { class: "tlx-note" }, "Click a paper on the map or in the table to read its abstract."));
      return;
    }
    const abstract = await texts.readAbstract(i);
    // Another paper may have been asked for meanwhile.
    if (i !== state.focus) return;
    const url = texts.readUrl(i);
    const title = plain(texts.readTitle(i));
    const theme = state.themes[state.theme[i]];
    const topic = state.topicOf(i);
    const score = Number.isNaN(state.score[i]) ? "" : `, score ${state.score[i].toFixed(2)}`;
    const byline = plain(texts.readByline(i));
    this.root.replaceChildren(
      el("h2", { class: "tlx-papertitle", dir: "auto" }, title),
      ...(byline ? [el("p", { class: "tlx-byline", dir: "auto" }, byline)] : []),
      el("p", { class: "tlx-facts" },
        `${formatDay(state.day[i], state.core.precision[i])} · `,
        drawMark(theme.symbol, shadeOf(theme, this.look())), el("span", { dir: "auto" }, ` ${theme.label}${score}`),
        topic ? el("span", { dir: "auto" }, ` · topic: ${topic}`) : null),
      this.buildBar(i, url),
      el("p", { class: "tlx-abstract", dir: "auto" }, plain(abstract) || "No abstract."),
      el("p", { class: "tlx-note" }, plain(texts.readId(i))),
    );
    this.root.scrollTop = 0;
  }

  buildBar(i, url) {
    const isNear = this.state.core.facts.has_near;
    return el(
      "div",
      { class: "tlx-small-bar" },
      isNear ? button("More like this", () => this.showNear(i), { class: "tlx-small" }) : null,
      isWebAddress(url)
        ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, `Open at ${new URL(url).host} ↗`)
        : null,
    );
  }

  async showNear(i) {
    const found = await findNear(this.texts.source, i, N_NEAR);
    const title = `Most like “${plain(this.texts.readTitle(i)).slice(0, 60)}”${found.isExact ? "" : " (approximate)"}`;
    this.state.selectRows(found.rows, { rows: found.rows, title });
  }
}
