// The forms of the corrections.

import { button, el, formatCount } from "./elements.js";
import { saveFile } from "./downloads.js";
import { writeToml } from "./corrections.js";

function describe(one, labelOf) {
  const n = one.papers ? formatCount(one.papers.length, "paper") : "";
  if (one.do === "rename") return `Renamed ${labelOf(one.theme)} to ${one.label}`;
  if (one.do === "merge") return `Merged ${one.themes.map(labelOf).join(", ")} into ${labelOf(one.into)}`;
  if (one.do === "split") return `Split ${n} of ${labelOf(one.theme)} off as ${one.label}`;
  if (one.do === "move") return `Moved ${n} to ${labelOf(one.to)}`;
  if (one.do === "pin") return `Pinned ${n}`;
  return `Ignored ${one.words.join(", ")}`;
}

export class Correcting {
  constructor(state, texts, backend, take) {
    Object.assign(this, { state, texts, backend, take });
    this.selects = [];
    this.message = el("p", { class: "tlx-message", role: "alert" });
    this.journal = el("ol", { class: "tlx-journal" });
    this.undoing = button("Undo the last", () => this.act(() => this.undo()), { class: "tlx-small" });
    this.saving = backend.isDraft
      ? button("Download curation.toml", () => saveFile("curation.toml", writeToml(backend.list), "application/toml"), { class: "tlx-small" })
      : null;
    this.forms = el("fieldset", { class: "tlx-forms" }, ...this.buildForms(), this.message, this.journal,
      el("div", { class: "tlx-small-bar" }, this.undoing, this.saving));
    const intro = backend.isDraft
      ? "Try corrections out here, then take them along: the study does them when it is run with this file."
      : "Corrections are written to the study's curation.toml at once; they hold after every new fit.";
    this.root = el(
      "details",
      { class: "tlx-correcting" },
      el("summary", {}, "Correct themes"),
      el("p", { class: "tlx-note" }, intro),
      this.forms,
    );
    state.listen((changed) => {
      if (changed.has("themes")) this.fill();
      if (["selection", "filter", "themes"].some((one) => changed.has(one))) this.count();
    });
    this.fill();
    this.count();
  }

  buildForms() {
    const form = (title, parts, name, answer) =>
      el(
        "form",
        { class: "tlx-form", on: { submit: (event) => { event.preventDefault(); this.act(answer); } } },
        el("h3", {}, title), ...parts, el("button", { type: "submit", class: "tlx-small" }, name),
      );
    const select = (label) => {
      const one = el("select", { "aria-label": label });
      this.selects.push(one);
      return one;
    };
    const text = (label) => el("input", { type: "text", "aria-label": label, placeholder: label, maxlength: 80 });
    const [renamed, name] = [select("Theme to rename"), text("New name")];
    const [merged, into] = [select("Theme to merge"), select("Theme that takes it in")];
    const to = select("Theme to move to");
    const [parted, partName] = [select("Theme to split"), text("Name of the new theme")];
    const words = text("Words, with commas between");
    this.chosen = [];
    const chosen = (title) => {
      const head = el("span", {}, "");
      this.chosen.push([head, title]);
      return head;
    };
    return [
      form("Rename", [renamed, name], "Rename", () => this.send({ do: "rename", theme: renamed.value, label: name.value.trim() }, name)),
      form("Merge", [merged, into], "Merge", () => this.send({ do: "merge", themes: [merged.value, into.value], into: into.value })),
      form(chosen("Move"), [to], "Move", () => this.sendPapers((papers) => ({ do: "move", papers, to: to.value }))),
      form(chosen("Split"), [parted, partName], "Split off", () => this.split(parted.value, partName)),
      form(chosen("Pin"), [el("span", { class: "tlx-note" }, "where they are, whatever a new fit says")], "Pin", () => this.pin()),
      form("Ignore words", [words], "Ignore", () =>
        this.send({ do: "ignore", words: words.value.split(",").map((word) => word.trim()).filter(Boolean) }, words)),
    ];
  }

  fill() {
    const options = this.state.themes.filter((one) => one.kind !== "unassigned");
    for (const select of this.selects) {
      const was = select.value;
      select.replaceChildren(...options.map((one) => el("option", { value: one.theme }, one.label)));
      if (options.some((one) => one.theme === was)) select.value = was;
    }
    if (this.selects[1].value === this.selects[2].value && options.length > 1) this.selects[2].value = options[1].theme;
    const { journal } = this.backend;
    this.journal.replaceChildren(...journal.map((text) => el("li", { dir: "auto" }, text)));
    this.undoing.disabled = !journal.length;
    if (this.saving) this.saving.disabled = !journal.length;
  }

  count() {
    for (const [head, title] of this.chosen) {
      const { nSelected } = this.state;
      head.textContent = `${title} ${nSelected ? `the ${formatCount(nSelected, "selected paper")}` : "selected papers"}`;
    }
  }

  // One at a time: a second click must not act on themes that the first is about to change.
  async act(correct) {
    if (this.forms.disabled) return;
    const focused = this.root.getRootNode().activeElement;
    this.forms.disabled = true;
    this.say("Working …");
    let said = "";
    try {
      await correct();
    } catch (error) {
      said = error.message;
    }
    this.forms.disabled = false;
    this.say(said);
    // What is disabled loses the focus, and with it the place of who uses keys.
    if (this.root.contains(focused)) focused.focus({ preventScroll: true });
  }

  async listChosen(rows = this.state.listSelected()) {
    await this.texts.opening;
    if (!rows.length) throw new Error("Select papers first: with the lasso, the box, or Shift and a click.");
    return rows.map((i) => this.texts.readId(i));
  }

  async sendPapers(make) {
    await this.send(make(await this.listChosen()));
  }

  async split(theme, name) {
    const { state } = this;
    const t = state.themes.findIndex((one) => one.theme === theme);
    const rows = state.listSelected().filter((i) => state.theme[i] === t);
    if (state.nSelected && !rows.length) throw new Error(`None of the selected papers is in ${state.themes[t].label}.`);
    await this.send({ do: "split", theme, label: name.value.trim(), papers: await this.listChosen(rows) }, name);
  }

  async pin() {
    const { state } = this;
    const to = state.listSelected().map((i) => state.themes[state.theme[i]].theme);
    await this.sendPapers((papers) => ({ do: "pin", papers, to }));
  }

  check(correction) {
    const { state } = this;
    if (correction.do === "merge" && correction.themes[0] === correction.into) return "Choose two themes that differ.";
    if ("label" in correction && !/[\p{L}\p{N}]/u.test(correction.label)) return "Give a name with a letter or a digit.";
    const taken = state.themes.find((one) => one.label.toLowerCase() === correction.label?.toLowerCase());
    if (taken && taken.theme !== correction.theme) return `Another theme is called ${taken.label}. Choose another name, or merge the two.`;
    if (correction.do === "ignore" && !correction.words.length) return "Give a word.";
    return "";
  }

  async send(correction, field) {
    const fault = this.check(correction);
    if (fault) throw new Error(fault);
    const labels = new Map(this.state.themes.map((one) => [one.theme, one.label]));
    const block = await this.backend.apply(correction, describe(correction, (id) => labels.get(id) ?? id));
    if (field) field.value = "";
    this.take(block);
  }

  async undo() {
    this.take(await this.backend.undo());
  }

  say(text) {
    this.message.textContent = text;
  }
}
