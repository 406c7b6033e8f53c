// The whole explorer, put together: once for a page, once for a notebook.

import { button, el, formatCount, plain } from "./elements.js";
import { ModelBlocks, PageBlocks } from "./blocks.js";
import { Texts } from "./texts.js";
import { State } from "./state.js";
import { listColourings } from "./colours.js";
import { PaperMap } from "./papermap.js";
import { Trend } from "./trend.js";
import { Timeline } from "./timeline.js";
import { Legend } from "./legend.js";
import { Papers } from "./papers.js";
import { Details } from "./details.js";
import { saveFile, writeTable } from "./downloads.js";
import { Draft, Kernel } from "./corrections.js";
import { Correcting } from "./correcting.js";

const LOOKS = ["auto", "light", "dark"];
const KEYS = [
  ["/", "search"],
  ["Arrow keys on the map", "from paper to paper"],
  ["Shift and arrow keys", "move the map"],
  ["+ − 0", "zoom in, zoom out, all papers"],
  ["Enter, Space", "open, select the paper"],
  ["Shift and drag", "lasso; Shift and click adds or takes away one paper"],
  ["Ctrl and lasso", "add to the selection"],
  ["Escape", "clear everything"],
];

// Light or dark: as chosen here, else as the notebook or the system has it.
function watchLook(root, answer) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const find = () => {
    if (root.dataset.look !== "auto") return root.dataset.look;
    const own = document.body.dataset.jpThemeLight;
    if (own) return own === "true" ? "light" : "dark";
    return system.matches ? "dark" : "light";
  };
  const tell = () => {
    root.dataset.mode = find();
    answer();
  };
  system.addEventListener("change", tell);
  const watcher = new MutationObserver(tell);
  watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  root.dataset.mode = find();
  return { tell, stop: () => [system.removeEventListener("change", tell), watcher.disconnect()] };
}

class Explorer {
  constructor(root, core, themes, source, makeBackend) {
    this.root = root;
    root.classList.add("tlx");
    root.dataset.look = "auto";
    this.state = new State(core, themes);
    this.texts = new Texts(source, core);
    this.backend = makeBackend(themes, this.texts);
    this.watch = watchLook(root, () => this.recolour());
    const look = () => root.dataset.mode;
    this.map = new PaperMap(this.state, this.texts, look);
    this.trend = new Trend(this.state, look);
    this.timeline = new Timeline(this.state);
    this.legend = new Legend(this.state, look);
    this.papers = new Papers(this.state, this.texts, look);
    this.details = new Details(this.state, this.texts, look);
    this.correcting = new Correcting(this.state, this.texts, this.backend, (block) => block && this.takeThemes(block));
    this.papers.bar.append(
      button("CSV", () => this.save("csv"), { class: "tlx-small", title: "Download these papers as a table" }),
      button("Ids", () => this.save("ids"), { class: "tlx-small", title: "Download the ids of these papers" }),
    );
    const inner = el(
      "div",
      { class: "tlx-app" },
      this.buildHead(core.facts),
      el("div", { class: "tlx-side" }, this.legend.root, this.correcting.root),
      el("div", { class: "tlx-middle" }, this.map.root, this.timeline.root),
      el("div", { class: "tlx-right" }, this.trend.root, this.papers.root, this.details.root),
    );
    root.replaceChildren(inner);
    root.addEventListener("keydown", (event) => this.answerKey(event));
    this.state.listen((changed) => {
      if (changed.has("colour")) this.recolour();
      if (changed.has("cleared")) this.field.value = "";
    });
  }

  buildHead(facts) {
    this.field = el("input", { type: "search", "aria-label": "Search", placeholder: "Search", title: "Words of titles and abstracts, or how they begin", on: {
      input: () => this.waitToSearch(),
      keydown: (event) => event.key === "Enter" && this.search(),
    } });
    const kinds = [["words", "Words"], ...(this.backend.search ? [["meaning", "Meaning"]] : [])];
    this.kind = el("select", { "aria-label": "Search by", on: { change: () => this.search() } },
      kinds.map(([value, label]) => el("option", { value }, label)));
    this.kind.hidden = kinds.length < 2;
    this.fault = el("span", { class: "tlx-message", role: "alert" });
    const colourings = listColourings(this.state);
    this.colour = el("select", { on: { change: () => this.state.colour(this.colour.value) } },
      colourings.map(({ name, title }) => el("option", { value: name }, title)));
    const keys = KEYS.flatMap(([key, text]) => [el("dt", {}, key), el("dd", {}, text)]);
    this.looks = button("Look: auto", () => this.nextLook(), { title: "Light, dark, or as the system has it" });
    return el(
      "header",
      { class: "tlx-head" },
      el("div", { class: "tlx-heading" }, el("h1", { dir: "auto" }, facts.title), facts.caution ? el("p", { dir: "auto" }, facts.caution) : null),
      el("div", { class: "tlx-bar", role: "search" }, this.field, this.kind, this.fault),
      el("div", { class: "tlx-bar" }, el("label", {}, "Colour ", this.colour), button("Clear", () => this.state.clear(), { title: "Escape" }), this.looks,
        el("details", { class: "tlx-help" }, el("summary", {}, "Keys"), el("dl", {}, keys))),
    );
  }

  recolour() {
    const { state } = this;
    this.map.recolour();
    const title = listColourings(state).find(({ name }) => name === state.colouring).title;
    this.legend.showKey(this.map.paint.key, title);
    state.tell("look");
  }

  nextLook() {
    const next = LOOKS[(LOOKS.indexOf(this.root.dataset.look) + 1) % LOOKS.length];
    this.root.dataset.look = next;
    this.looks.textContent = `Look: ${next}`;
    this.watch.tell();
  }

  takeThemes(block) {
    this.state.takeThemes(block);
    this.state.filter();
    this.state.tell("themes", "filter");
  }

  waitToSearch() {
    clearTimeout(this.waiting);
    if (this.kind.value === "words") this.waiting = setTimeout(() => this.search(), 250);
  }

  async search() {
    clearTimeout(this.waiting);
    const text = this.field.value.trim();
    this.fault.textContent = "";
    if (this.kind.value === "meaning") await this.searchMeaning(text);
    else await this.searchWords(text);
  }

  async searchWords(text) {
    if (!/[\p{L}\p{N}_]/u.test(text)) {
      if (this.state.words) this.state.setWords(null);
      return;
    }
    this.root.setAttribute("aria-busy", "true");
    const found = await this.texts.search(text);
    this.root.removeAttribute("aria-busy");
    // More may have been typed meanwhile.
    if (text !== this.field.value.trim()) return;
    const count = found.mask.reduce((sum, one) => sum + one, 0);
    this.state.setWords({ ...found, text: plain(text), count });
  }

  async searchMeaning(text) {
    if (!text) return;
    this.root.setAttribute("aria-busy", "true");
    try {
      const { rows } = await this.backend.search(text);
      if (this.state.words) this.state.setWords(null);
      this.state.selectRows(rows, { rows: Int32Array.from(rows), title: `Nearest in meaning to “${plain(text)}”` });
    } catch (error) {
      this.fault.textContent = error.message;
    }
    this.root.removeAttribute("aria-busy");
  }

  async save(kind) {
    const rows = this.papers.rows;
    await this.texts.opening;
    if (kind === "ids") saveFile("papers.txt", rows.map((i) => `${this.texts.readId(i)}\n`).join(""), "text/plain");
    else saveFile("papers.csv", await writeTable(this.state, this.texts, rows), "text/csv");
  }

  answerKey(event) {
    const isTyping = event.target.matches?.("input[type=text], input[type=search], textarea, select");
    if (event.key === "Escape") this.state.clear();
    else if (event.key === "/" && !isTyping) {
      this.field.focus();
      event.preventDefault();
    }
  }
}

export async function mount(root, source, makeBackend) {
  try {
    const [core, themes] = await Promise.all([source.read("core"), source.read("themes")]);
    if (core.facts.n_papers) return new Explorer(root, core, themes, source, makeBackend);
    root.textContent = "This study has no papers.";
  } catch (error) {
    root.textContent = `The explorer could not be opened: ${error.message}`;
    throw error;
  }
  return null;
}

export async function openPage() {
  const root = document.getElementById("explorer");
  const app = await mount(root, new PageBlocks(), (themes, texts) => new Draft(themes, texts));
  if (!app) return;
  document.documentElement.dataset.ready = formatCount(app.state.n, "paper");
  // The abstracts wait until the first picture stands.
  requestAnimationFrame(() => setTimeout(() => app.texts.openAll(), 50));
}

export async function renderWidget({ model, el: place }) {
  const root = el("div", { class: "tlx-widget" });
  // Keys pressed here are not commands of the notebook.
  root.dataset.lmSuppressShortcuts = "true";
  place.append(root);
  const source = new ModelBlocks(model);
  const app = await mount(root, source, () => new Kernel(model));
  if (!app) return undefined;
  app.map.isGuest = true;
  let isOwn = false;
  model.on("change:n_taken", () => {
    app.backend.taking = source.read("themes").then((themes) => app.takeThemes(themes));
  });
  model.on("change:rows", () => {
    if (!isOwn) app.state.selectRows(model.get("rows"));
  });
  app.state.listen((changed) => {
    if (!changed.has("selection")) return;
    isOwn = true;
    model.set("rows", app.state.listSelected());
    model.save_changes();
    isOwn = false;
  });
  root.addEventListener("keydown", (event) => event.stopPropagation());
  return () => app.watch.stop();
}
