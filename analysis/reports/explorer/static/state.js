// What is shown and what is chosen. Every part of the explorer reads from here and is told of changes.

const NO_TOPIC = 65535;

// A map that is higher than wide lies on its side, as in the figure: its axes mean nothing.
function layDown(x, y) {
  const span = (values) => {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return high - low;
  };
  return span(y) > span(x) ? [y, x.map((value) => -value)] : [x, y];
}

export class State {
  constructor(core, themes) {
    this.listeners = [];
    this.core = core;
    this.n = core.facts.n_papers;
    [this.x, this.y] = layDown(core.x, core.y);
    this.day = core.day;
    this.period = core.period;
    this.periods = core.facts.periods;
    this.colouring = "theme";
    this.range = null;
    this.words = null;
    this.ranking = null;
    this.selected = new Uint8Array(this.n);
    this.nSelected = 0;
    this.focus = -1;
    this.lit = -1;
    this.isShown = [];
    this.takeThemes(themes);
    this.filter();
  }

  // Themes as they are after a correction; what was hidden stays hidden.
  takeThemes(block) {
    const hidden = new Set((this.themes ?? []).filter((_, t) => !this.isShown[t]).map((one) => one.theme));
    this.themes = block.facts.themes;
    this.topics = block.facts.topics;
    this.palette = block.facts.palette;
    this.theme = block.theme;
    this.topic = block.topic;
    this.score = block.score;
    this.isShown = this.themes.map((one) => !hidden.has(one.theme));
    this.lit = -1;
  }

  listen(answer) {
    this.listeners.push(answer);
  }

  tell(...changes) {
    const changed = new Set(changes);
    for (const answer of this.listeners) answer(changed);
  }

  // Which papers pass all filters, and all but one: each part shows what its own filter leaves out.
  filter() {
    const { n, theme, period, isShown, range, words } = this;
    this.passing = new Uint8Array(n);
    this.passingWords = new Uint8Array(n);
    this.passingButDate = new Uint8Array(n);
    this.passingButThemes = new Uint8Array(n);
    this.nPassing = 0;
    this.nSelected = 0;
    for (let i = 0; i < n; i += 1) {
      const holds = words === null || words.mask[i] === 1;
      const within = range === null || (period[i] >= range[0] && period[i] <= range[1]);
      const shown = isShown[theme[i]];
      this.passingWords[i] = holds;
      this.passingButDate[i] = holds && shown;
      this.passingButThemes[i] = holds && within;
      this.passing[i] = holds && within && shown;
      this.nPassing += this.passing[i];
      this.nSelected += this.passing[i] & this.selected[i];
    }
  }

  showThemes(isShown) {
    this.isShown = isShown;
    this.filter();
    this.tell("filter");
  }

  setRange(range) {
    this.range = range;
    this.filter();
    this.tell("filter");
  }

  setWords(words) {
    this.words = words;
    this.ranking = null;
    this.filter();
    this.tell("filter", "selection");
  }

  // The selection as a mask. What a filter hides of it counts again when the filter goes.
  select(mask, ranking = null) {
    this.selected = mask;
    this.ranking = ranking;
    this.nSelected = 0;
    for (let i = 0; i < this.n; i += 1) this.nSelected += mask[i] & this.passing[i];
    this.tell("selection");
  }

  selectRows(rows, ranking = null) {
    const mask = new Uint8Array(this.n);
    for (const i of rows) mask[i] = 1;
    this.select(mask, ranking);
  }

  toggle(i) {
    const mask = this.selected.slice();
    mask[i] = mask[i] ? 0 : 1;
    this.select(mask);
  }

  setFocus(i) {
    this.focus = i;
    this.tell("focus");
  }

  light(theme) {
    if (theme === this.lit) return;
    this.lit = theme;
    this.tell("lit");
  }

  colour(name) {
    this.colouring = name;
    this.tell("colour");
  }

  clear() {
    this.range = null;
    this.words = null;
    this.isShown = this.isShown.map(() => true);
    this.focus = -1;
    this.filter();
    this.selectRows([]);
    this.tell("filter", "focus", "cleared");
  }

  // Selected papers, or all that pass: in the order of a ranking where there is one.
  listPapers() {
    if (this.ranking) return Array.from(this.ranking.rows).filter((i) => this.passing[i]);
    if (this.nSelected) return this.listSelected();
    const rows = [];
    for (let i = 0; i < this.n; i += 1) if (this.passing[i]) rows.push(i);
    return rows;
  }

  listSelected() {
    const rows = [];
    for (let i = 0; i < this.n; i += 1) if (this.selected[i] && this.passing[i]) rows.push(i);
    return rows;
  }

  labelOf(i) {
    return this.themes[this.theme[i]].label;
  }

  topicOf(i) {
    return this.topic[i] === NO_TOPIC ? "" : this.topics[this.topic[i]].label;
  }
}
