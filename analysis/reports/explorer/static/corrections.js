// Corrections: written as curation.toml, and shown ahead where no kernel carries them out.

function quote(text) {
  const escaped = JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  // JSON may hold halves of pairs, which TOML refuses.
  return escaped.replace(/\\ud[89a-f][0-9a-f]{2}/gi, "\\ufffd");
}

function writeValue(value) {
  return Array.isArray(value) ? `[${value.map(writeValue).join(", ")}]` : quote(value);
}

export function writeToml(corrections) {
  const blocks = corrections.map((one) => {
    const lines = Object.entries(one).map(([name, value]) => `${name} = ${writeValue(value)}`);
    return `[[corrections]]\n${lines.join("\n")}\n`;
  });
  return `# Add these lines to the curation.toml of the study, then run it again.\n\n${blocks.join("\n")}`;
}

function makeSlug(label, taken) {
  const slug = label.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "theme";
  let name = slug;
  for (let k = 2; taken.has(name); k += 1) name = `${slug}-${k}`;
  return name;
}

// The themes as they would be after some corrections. Labels and keyphrases are not counted anew here.
export function previewThemes(block, corrections, rowOf) {
  const themes = block.facts.themes.map((one) => ({ ...one }));
  const theme = block.theme.slice();
  const find = (id) => themes.findIndex((one) => one.theme === id);
  const touch = (t) => Object.assign(themes[t], { edited: true, verdict: "" });
  const put = (papers, t) => {
    for (const id of papers) {
      const i = rowOf.get(id);
      touch(theme[i]);
      theme[i] = t;
    }
    touch(t);
  };
  for (const one of corrections) {
    if (one.do === "rename") Object.assign(themes[find(one.theme)], { label: one.label, edited: true });
    if (one.do === "move") put(one.papers, find(one.to));
    if (one.do === "merge") {
      const into = find(one.into);
      const parts = new Set(one.themes.map(find));
      for (let i = 0; i < theme.length; i += 1) if (parts.has(theme[i])) theme[i] = into;
      touch(into);
    }
    if (one.do === "split") {
      const shades = block.facts.palette;
      const shade = shades.find(({ color }) => !themes.some((t) => t.color === color)) ?? shades[themes.length % shades.length];
      const made = { ...themes[find(one.theme)], theme: makeSlug(one.label, new Set(themes.map((t) => t.theme))) };
      themes.push({ ...made, label: one.label, kind: "discovered", ...shade, symbol: "star", description: "" });
      put(one.papers, themes.length - 1);
    }
  }
  return dropEmpty({ ...block, facts: { ...block.facts, themes }, theme }, corrections);
}

// A theme that was merged away is there no more.
function dropEmpty(block, corrections) {
  const merged = new Set(corrections.filter((one) => one.do === "merge").flatMap((one) => one.themes.filter((id) => id !== one.into)));
  const kept = block.facts.themes.map((one, t) => t).filter((t) => !merged.has(block.facts.themes[t].theme));
  const number = new Map(kept.map((t, k) => [t, k]));
  return {
    ...block,
    facts: { ...block.facts, themes: kept.map((t) => block.facts.themes[t]) },
    theme: block.theme.map((t) => number.get(t)),
  };
}

// Of a page without a kernel: corrections are collected, shown ahead, and taken along as a file.
export class Draft {
  constructor(block, texts) {
    Object.assign(this, { block, texts, list: [], journal: [], isDraft: true });
  }

  async apply(correction, said) {
    await this.texts.opening;
    this.rowOf ??= new Map(this.texts.details.facts.paper_ids.map((id, i) => [id, i]));
    const list = [...this.list, correction];
    const block = previewThemes(this.block, list, this.rowOf);
    this.list = list;
    this.journal = [...this.journal, said];
    return block;
  }

  async undo() {
    this.list = this.list.slice(0, -1);
    this.journal = this.journal.slice(0, -1);
    return this.rowOf ? previewThemes(this.block, this.list, this.rowOf) : this.block;
  }
}

// Of a notebook: the kernel corrects the study, counts anew and sends the themes back.
export class Kernel {
  constructor(model) {
    Object.assign(this, { model, asked: new Map(), number: 0, isDraft: false, taking: null });
    model.on("msg:custom", (answer) => {
      const wait = this.asked.get(answer.number);
      if (!wait) return;
      this.asked.delete(answer.number);
      if (answer.error) wait.reject(new Error(answer.error));
      else wait.resolve(answer);
    });
  }

  ask(message) {
    this.number += 1;
    return new Promise((resolve, reject) => {
      this.asked.set(this.number, { resolve, reject });
      this.model.send({ ...message, number: this.number });
    });
  }

  // All corrections that hold, also those of other days, as the kernel tells them.
  get journal() {
    return this.model.get("corrections");
  }

  async apply(correction) {
    const { n_taken: wanted } = await this.ask(correction);
    // The answer may come before the themes that it speaks of.
    await new Promise((resolve) => {
      const look = () => {
        if (this.model.get("n_taken") < wanted) return;
        this.model.off("change:n_taken", look);
        resolve();
      };
      this.model.on("change:n_taken", look);
      look();
    });
    await this.taking;
    return null;
  }

  undo() {
    return this.apply({ do: "undo" });
  }

  search(words) {
    return this.ask({ do: "search", words });
  }
}
