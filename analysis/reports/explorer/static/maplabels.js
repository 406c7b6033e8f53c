// Names of themes on the map: at the middle of their papers, none over another.

import { svg } from "./elements.js";

const LINE = 15;
const LONGEST = 24;
const MOST = 14;
// Where a label may go from the middle of its papers: rings of twelve places, the nearest first.
const MOVES = [[0, 0]];
for (const ring of [26, 48, 72, 100, 135]) {
  for (let k = 0; k < 12; k += 1) {
    const angle = (k * Math.PI) / 6;
    MOVES.push([Math.cos(angle) * ring * 1.5, Math.sin(angle) * ring]);
  }
}
const MOST_POINTS = 1500;
const FEWEST = 3;

function breakLines(label) {
  const lines = [""];
  for (const word of label.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length >= LONGEST) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  const cut = lines.slice(0, 2).map((line) => (line.length > LONGEST + 6 ? `${line.slice(0, LONGEST + 5)}…` : line));
  if (lines.length > 2 && !cut[1].endsWith("…")) cut[1] += " …";
  return cut;
}

function middle(values) {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

// The middle of the papers of each theme that is shown, in the unit of the map.
export function findMiddles(state) {
  const rows = state.themes.map(() => []);
  for (let i = 0; i < state.n; i += 1) {
    if (state.passing[i] && !Number.isNaN(state.x[i])) rows[state.theme[i]].push(i);
  }
  return rows
    .map((own, t) => ({ t, n: own.length, own }))
    .filter(({ t, n }) => n >= Math.min(FEWEST, state.n / 20) && state.themes[t].kind !== "unassigned")
    .sort((a, b) => b.n - a.n || a.t - b.t)
    .slice(0, MOST)
    .map(({ t, own }) => ({
      t,
      x: middle(own.map((i) => state.x[i])),
      y: middle(own.map((i) => state.y[i])),
    }));
}

function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

// What a place costs: papers under the label, and the way from the middle.
function weigh(box, points, [left, top]) {
  let nHidden = 0;
  for (const [x, y] of points) {
    if (x > box.x - 5 && x < box.x + box.width + 5 && y > box.y - 4 && y < box.y + box.height + 4) nHidden += 1;
  }
  // Among few papers each counts; in a crowd some must be hidden, and a name belongs near its own.
  const cost = Math.min(nHidden * Math.max(70 * Math.min(1, (100 / points.length) ** 1.5), 0.8), points.length > 300 ? 60 : 400);
  return cost + Math.hypot(box.x + box.width / 2 - left, box.y + box.height / 2 - top);
}

export function samplePoints(state, place) {
  const points = [];
  const stride = Math.max(1, Math.ceil(state.n / MOST_POINTS));
  for (let i = 0; i < state.n; i += stride) if (state.passing[i]) points.push(place(state.x[i], state.y[i]));
  return points;
}

// Where each label lies for one zoom: its middle, from the middle of its papers, in pixels.
export function layLabels(middles, { place, width, height, themes, points }) {
  // The corner of the tools is taken.
  const taken = [{ x: 0, y: 0, width: 300, height: 42 }];
  const laid = [];
  for (const { t, x, y } of middles) {
    const lines = breakLines(themes[t].label);
    const size = { width: Math.max(...lines.map((line) => line.length)) * 8 + 8, height: lines.length * LINE + 5 };
    const [left, top] = place(x, y);
    if (left < 0 || top < 0 || left > width || top > height) continue;
    const boxes = MOVES.map(([right, down]) => ({
      x: Math.min(Math.max(left - size.width / 2 + right, 4), width - size.width - 4),
      y: Math.min(Math.max(top - size.height / 2 + down, 4), height - size.height - 4),
      ...size,
    })).filter((one) => !taken.some((other) => overlap(one, other)));
    if (!boxes.length) continue;
    const costs = boxes.map((one) => weigh(one, points, [left, top]));
    const box = boxes[costs.indexOf(Math.min(...costs))];
    taken.push(box);
    laid.push({ t, x, y, lines, right: box.x + size.width / 2 - left, down: box.y - top });
  }
  return laid;
}

export function drawLabels(group, laid, { place, lit }) {
  const texts = laid.map(({ t, x, y, lines, right, down }) => {
    const [left, top] = place(x, y);
    const rows = lines.map((line, k) => svg("tspan", { x: left + right, y: top + down + 14 + k * LINE }, line));
    return svg("text", { class: lit >= 0 && lit !== t ? "tlx-maplabel tlx-dim" : "tlx-maplabel", "text-anchor": "middle" }, rows);
  });
  group.replaceChildren(...texts);
}
