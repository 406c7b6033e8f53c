// What was selected, as files: a table whose cells are no formulas, or plain ids.

import { formatDay } from "./elements.js";

const CSV_COLUMNS = ["paper_id", "title", "published", "theme", "theme_label", "topic", "theme_score", "url", "abstract"];

// A spreadsheet takes a cell that begins so for a formula; an apostrophe makes it text.
export function writeCell(value) {
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export async function writeTable(state, texts, rows) {
  const lines = [CSV_COLUMNS.join(",")];
  await texts.opening;
  for (const i of rows) {
    const score = Number.isNaN(state.score[i]) ? "" : Number(state.score[i].toFixed(4));
    const day = formatDay(state.day[i], state.core.precision[i]);
    const cells = [
      texts.readId(i),
      texts.readTitle(i),
      day === "undated" ? "" : day,
      state.themes[state.theme[i]].theme,
      state.labelOf(i),
      state.topicOf(i),
      score,
      texts.readUrl(i),
      await texts.readAbstract(i),
    ];
    lines.push(cells.map(writeCell).join(","));
  }
  // The mark at the head tells Excel that this is UTF-8.
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

export function saveFile(name, text, kind) {
  const address = URL.createObjectURL(new Blob([text], { type: `${kind};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
