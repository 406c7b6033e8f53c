// Shares of themes by period, and the interval of each: the same numbers as in the tables.

// Papers of each theme in each period, of those that pass all filters but the one of themes.
export function countShares(state) {
  const nPeriods = state.periods.length;
  const counts = state.themes.map(() => new Uint32Array(nPeriods));
  const totals = new Uint32Array(nPeriods);
  const chosen = new Uint32Array(nPeriods);
  for (let i = 0; i < state.n; i += 1) {
    const p = state.period[i];
    if (p < 0 || !state.passingButThemes[i]) continue;
    counts[state.theme[i]][p] += 1;
    totals[p] += 1;
    chosen[p] += state.selected[i] & state.passing[i];
  }
  return { counts, totals, chosen };
}

export function namePeriod({ start, end }) {
  const days = (Date.parse(end) - Date.parse(start)) / 86400000 + 1;
  const month = Number(start.slice(5, 7));
  if (days > 360) return start.slice(0, 4);
  if (days > 170) return `${start.slice(0, 4)} H${month > 6 ? 2 : 1}`;
  if (days > 80) return `${start.slice(0, 4)} Q${Math.ceil(month / 3)}`;
  return days > 20 ? start.slice(0, 7) : start;
}

function logGamma(z) {
  // Lanczos, g = 7, nine terms.
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  let sum = terms[0];
  for (let k = 1; k < 9; k += 1) sum += terms[k] / (z - 1 + k);
  const t = z + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(t) - t + Math.log(sum);
}

const TINY = 1e-300;

// Regularised incomplete beta function by its continued fraction (modified Lentz).
function betaBelow(x, a, b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY);
  let value = d;
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || TINY);
    c = 1 + even / c || TINY;
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || TINY);
    c = 1 + odd / c || TINY;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-12) break;
  }
  return front * value;
}

// 95 % Jeffreys interval of a share; 0 and 1 where no paper or every paper counts.
export function jeffreys(count, total) {
  if (!total) return [NaN, NaN];
  const [a, b] = [count + 0.5, total - count + 0.5];
  const find = (wanted) => {
    let [low, high] = [0, 1];
    for (let k = 0; k < 50; k += 1) {
      const middle = (low + high) / 2;
      if (betaBelow(middle, a, b) < wanted) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return [count === 0 ? 0 : find(0.025), count === total ? 1 : find(0.975)];
}
