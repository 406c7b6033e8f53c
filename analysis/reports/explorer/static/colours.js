// Colours of papers: by theme and topic, by date, by a number or by a label of the source.

import { formatDay, shapeNumber } from "./elements.js";

// Plasma, without the end that a ground swallows: even in lightness, read alike with any colour vision, and 3 : 1 or more.
const LIGHT_RAMP = ["#0d0887", "#360498", "#5902a3", "#7905a6", "#97149f", "#b02a90", "#c6417d", "#d9586a", "#e87159"];
const DARK_RAMP = ["#b02a90", "#c4407f", "#d7556c", "#e56c5c", "#f1844c", "#fb9e3b", "#fcbb2d", "#f9d924", "#f0f921"];
const NOTHING = { light: "#8b929a", dark: "#6b737d" };
const N_STEPS = 256;

function split(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

// As the pixels of a picture want it: alpha, blue, green, red.
export function packColour(colour) {
  const [red, green, blue] = split(colour);
  return (255 << 24) | (blue << 16) | (green << 8) | red;
}

export function mixRamp(ramp, share) {
  const at = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const low = Math.min(Math.floor(at), ramp.length - 2);
  const [from, to] = [split(ramp[low]), split(ramp[low + 1])];
  const mixed = from.map((part, k) => Math.round(part + (to[k] - part) * (at - low)));
  return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function spread(values, isThere) {
  const known = [];
  for (let i = 0; i < values.length; i += 1) if (isThere(values[i])) known.push(values[i]);
  if (!known.length) return null;
  known.sort((a, b) => a - b);
  // Few papers lie far out; the ends of the ramp are for the rest.
  const at = (share) => known[Math.round(share * (known.length - 1))];
  return known.length > 200 ? [at(0.01), at(0.99)] : [known[0], known[known.length - 1]];
}

function colourByNumber(values, isThere, write, ramp, nothing) {
  const range = spread(values, isThere);
  const steps = Array.from({ length: N_STEPS }, (_, k) => packColour(mixRamp(ramp, k / (N_STEPS - 1))));
  const absent = packColour(nothing);
  const colours = new Uint32Array(values.length);
  const width = range ? range[1] - range[0] || 1 : 1;
  let nAbsent = 0;
  for (let i = 0; i < values.length; i += 1) {
    if (isThere(values[i])) {
      const share = Math.min(Math.max((values[i] - range[0]) / width, 0), 1);
      colours[i] = steps[Math.round(share * (N_STEPS - 1))];
    } else {
      colours[i] = absent;
      nAbsent += 1;
    }
  }
  const ends = range ? [write(range[0]), write(range[1])] : ["", ""];
  return { colours, key: { ramp, ends, nAbsent, nothing } };
}

function colourByGroup(codes, titles, palette, nothing, marks) {
  const colourOf = (k) =>
    k >= titles.length || titles[k] === "(none)" || titles[k] === "(others)" ? nothing : palette[k % palette.length];
  const packed = new Map();
  const colours = new Uint32Array(codes.length);
  const counts = new Array(titles.length).fill(0);
  for (let i = 0; i < codes.length; i += 1) {
    const k = codes[i];
    if (!packed.has(k)) packed.set(k, packColour(colourOf(k)));
    colours[i] = packed.get(k);
    if (k < counts.length) counts[k] += 1;
  }
  const groups = titles.map((title, k) => ({ title, count: counts[k], colour: colourOf(k) }));
  return { colours, key: { groups }, marks };
}

export function listColourings(state) {
  const own = state.core.facts.colourings.map((one, k) => ({ ...one, name: `colouring-${k}` }));
  return [
    { name: "theme", title: "Theme" },
    { name: "topic", title: "Topic" },
    { name: "date", title: "Date" },
    ...own,
  ];
}

// A colour for each paper, a shape where themes are shown, and what the key has to say.
export function colourPapers(state, mode) {
  const ramp = mode === "dark" ? DARK_RAMP : LIGHT_RAMP;
  const nothing = NOTHING[mode];
  const name = state.colouring;
  const palette = state.palette.map((one) => shadeOf(one, mode));
  if (name === "theme") {
    const packed = state.themes.map((one) => packColour(shadeOf(one, mode)));
    const colours = new Uint32Array(state.n);
    for (let i = 0; i < state.n; i += 1) colours[i] = packed[state.theme[i]];
    return { colours, shapes: state.themes.map((one) => shapeNumber(one.symbol)), key: null };
  }
  if (name === "topic") {
    const titles = state.topics.map((one) => one.label);
    return colourByGroup(state.topic, titles, palette, nothing);
  }
  if (name === "date") {
    return colourByNumber(state.day, (day) => day !== -2147483648, (day) => formatDay(day, 0), ramp, nothing);
  }
  const values = state.core[name];
  const { groups } = state.core.facts.colourings[Number(name.split("-")[1])];
  if (groups.length) return colourByGroup(values, groups, palette, nothing);
  const write = (value) => (Number.isInteger(value) ? value.toLocaleString("en-US") : value.toFixed(2));
  return colourByNumber(values, (value) => !Number.isNaN(value), write, ramp, nothing);
}

export function shadeOf(theme, mode) {
  return mode === "dark" ? theme.dark : theme.color;
}
