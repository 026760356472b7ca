/** How verdicts are said to a person, everywhere in the same words; figures come in words from the server. */
import type { Verdict } from "./wire";

/** In the order in which outcomes are shown. */
export const OUTCOMES: Record<Verdict, { title: string; icon: string }> = {
  faster: { title: "Faster", icon: "rocket" },
  same: { title: "No gain", icon: "dash" },
  slower: { title: "Slower", icon: "arrow-down" },
  wrong: { title: "Wrong result", icon: "error" },
  crashed: { title: "Crashed", icon: "bug" },
  timed_out: { title: "Took too long", icon: "watch" },
  unloadable: { title: "Could not be loaded", icon: "circle-slash" },
  rejected: { title: "Refused", icon: "shield" },
};

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
