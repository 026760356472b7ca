/** The chart of a report: speedup by round and agent, with the 95 % intervals, as an SVG of plain shapes. */
import { escape } from "./text";
import type { Candidate } from "./wire";

const WIDTH = 720;
const TOP = 16;
const BOTTOM = 250;
/** Where variants stand that were not timed. */
const STRIP = 280;
const HEIGHT = 326;
const LEFT = 72;
const RIGHT = 708;

/** Agents differ by shape and not by colour alone. */
const SHAPES = [
  "M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0Z",
  "M-5.5,-5.5h11v11h-11Z",
  "M0,-7L7,6H-7Z",
  "M0,-7L7,0L0,7L-7,0Z",
];
const CROSS = "M-5,-5L5,5M-5,5L5,-5";

interface Timed extends Candidate {
  speedup: number;
  low: number;
  high: number;
}

export function agentsOf(candidates: readonly Candidate[]): string[] {
  return [...new Set(candidates.map((each) => each.agent))];
}

/** The sign of an agent, for a legend. */
export function sign(place: number): string {
  return `<svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true"><path class="agent${place % 4}" d="${SHAPES[place % 4]}"/></svg>`;
}

export function chart(candidates: readonly Candidate[]): string {
  const timed = candidates.filter(isTimed);
  const { low, high, ticks } = scale(timed);
  const y = (speedup: number) =>
    BOTTOM - ((Math.log(speedup) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (BOTTOM - TOP);
  const x = places(candidates);
  const agents = agentsOf(candidates);
  const marks = candidates.map((each) => {
    const at = x(each);
    return isTimed(each)
      ? timedMark(each, at, y, agents.indexOf(each.agent))
      : `<g><title>${escape(said(each))}</title><path class="untimed" transform="translate(${at},${STRIP})" d="${CROSS}"/></g>`;
  });
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="chart-title chart-desc">
<title id="chart-title">Speedup by round and agent</title>
<desc id="chart-desc">${escape(candidates.map(said).join(" "))}</desc>
<g aria-hidden="true">
${ticks
  .map(
    (tick) =>
      `<line class="${tick === 1 ? "base" : "grid"}" x1="${LEFT}" x2="${RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick" x="${LEFT - 8}" y="${y(tick) + 4}">${tick}x</text>`,
  )
  .join("\n")}
<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${STRIP}" y2="${STRIP}"/><text class="tick" x="${LEFT - 8}" y="${STRIP + 4}">not timed</text>
${rounds(candidates)
  .map((round, place, all) => {
    const middle = LEFT + ((place + 0.5) * (RIGHT - LEFT)) / all.length;
    return `<text class="round" x="${middle}" y="${HEIGHT - 12}">${round ? `round ${round}` : "by hand"}</text>`;
  })
  .join("\n")}
</g>
${marks.join("\n")}
</svg>`;
}

function timedMark(each: Timed, x: number, y: (speedup: number) => number, agent: number): string {
  const place = agent % 4;
  const bar = `M${x},${y(each.low)}V${y(each.high)}M${x - 4},${y(each.low)}h8M${x - 4},${y(each.high)}h8`;
  const hollow = each.verdict === "faster" ? "" : " hollow";
  return `<g><title>${escape(said(each))}</title><path class="bar agent${place}" d="${bar}"/><path class="agent${place}${hollow}" transform="translate(${x},${y(each.speedup)})" d="${SHAPES[place]}"/></g>`;
}

function isTimed(each: Candidate): each is Timed {
  return each.speedup !== null && each.low !== null && each.high !== null;
}

function said(each: Candidate): string {
  const verdict = each.words.verdict.toLowerCase();
  const gain = isTimed(each) ? `, ${each.words.speedup} (${each.words.interval})` : "";
  return `Round ${each.round}, ${each.agent}: ${verdict}${gain}.`;
}

/** A logarithmic scale that holds every interval and 1x, with round ticks. */
function scale(timed: readonly Timed[]): { low: number; high: number; ticks: number[] } {
  const low = Math.min(0.8, ...timed.map((each) => each.low)) / 1.1;
  const high = Math.max(2, ...timed.map((each) => each.high)) * 1.1;
  const steps = high / low > 1000 ? [1] : high / low > 100 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    ticks.push(...steps.map((step) => Number((step * 10 ** power).toPrecision(1))));
  }
  return { low, high, ticks: ticks.filter((tick) => tick >= low && tick <= high) };
}

function rounds(candidates: readonly Candidate[]): number[] {
  return [...new Set(candidates.map((each) => each.round))].sort((a, b) => a - b);
}

/** Where each variant stands: rounds side by side, and in a round its variants. */
function places(candidates: readonly Candidate[]): (each: Candidate) => number {
  const order = rounds(candidates);
  const band = (RIGHT - LEFT) / Math.max(order.length, 1);
  return (each) => {
    const beside = candidates.filter((other) => other.round === each.round);
    const step = Math.min(48, band / (beside.length + 1));
    const offset = (beside.indexOf(each) - (beside.length - 1) / 2) * step;
    return LEFT + (order.indexOf(each.round) + 0.5) * band + offset;
  };
}
