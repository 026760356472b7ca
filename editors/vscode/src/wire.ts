/** What the server answers, as `quickstudy_server/commands.py` and `quickstudy/report.py` write it. */

/** A speedup as a person reads it, and its interval: `12x`, `11x to 13x`; empty if there is none. */
export interface Words {
  speedup: string;
  interval: string;
}

/** A verdict as a person reads it, how it is meant, and its place among verdicts when they are listed. */
export interface VerdictWords {
  verdict: string;
  tone: "good" | "neutral" | "poor" | "bad";
  place: number;
}

export interface Job {
  job: string;
  uri: string;
  qualname: string;
  name: string;
  state: "queued" | "running" | "offered";
  /** The last sentence about it. */
  said: string;
  percentage: number;
  /** The round under way, 0 before the first, and how many there are to be. */
  round: number;
  rounds: number;
  phase: "preparing" | "fetching" | "proposing" | "judging" | "explaining" | "over";
  words: Words;
  /** The function's line, counted from 0. */
  line: number;
  /** The address of the page about its offer. */
  page: string | null;
}

export interface Preview {
  uri: string;
  version: number;
  before: string;
  after: string;
  start: number;
  title: string;
}

export interface Lesson {
  id: number;
  text: string;
  outcome: string;
  speedup: number | null;
  words: Words & VerdictWords;
  agent: string;
  path: string;
  qualname: string;
  created: string;
  uses: number;
  pinned: boolean;
  /** The function's file, if it is there. */
  uri: string | null;
  /** The address of the project whose lesson it is. */
  root: string;
}

export interface Candidate {
  id: string;
  agent: string;
  round: number;
  verdict: string;
  reason: string | null;
  speedup: number | null;
  low: number | null;
  high: number | null;
  lessons_used: number[];
  prompt_tokens: number;
  completion_tokens: number;
  words: Words & VerdictWords & { cost: string };
  source: string;
}

export interface Report {
  verdict: "faster" | "none" | "unmeasurable" | "no_agents" | "interrupted";
  reason: string | null;
  target: { path: string; qualname: string };
  best: null | { candidate: string; words: Words; diff: string };
  candidates: Candidate[];
  lessons: {
    id: number;
    agent: string;
    round: number;
    outcome: string;
    words: Words & VerdictWords;
    text: string;
  }[];
  failures: { agent: string; round: number; reason: string }[];
  workload: { origins: string[]; calls: number; distinct: number; holdout: number };
  usage: {
    prompt_tokens: number;
    completion_tokens: number;
    words: { cost: string; prepare: string; generate: string; check: string; time: string; total: string };
  };
  machine: { python: string; platform: string; cpu: string; sandbox: string };
}
