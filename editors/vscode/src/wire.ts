/** What the server answers, as `quickstudy_server/commands.py` and `quickstudy/report.py` write it. */

export type Verdict =
  | "faster"
  | "same"
  | "slower"
  | "wrong"
  | "crashed"
  | "timed_out"
  | "unloadable"
  | "rejected";

export interface Job {
  job: string;
  uri: string;
  qualname: string;
  name: string;
  state: "queued" | "running" | "offered";
  /** The last sentence about it. */
  said: string;
  percentage: number;
  speedup: number | null;
  low: number | null;
  high: number | null;
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
  outcome: Verdict;
  speedup: number | null;
  low: number | null;
  high: number | null;
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
  verdict: Verdict;
  reason: string | null;
  speedup: number | null;
  low: number | null;
  high: number | null;
  lessons_used: number[];
  prompt_tokens: number;
  completion_tokens: number;
  cost_usd: number;
  source: string;
}

export interface Report {
  verdict: "faster" | "none" | "unmeasurable" | "no_agents" | "interrupted";
  reason: string | null;
  target: { path: string; qualname: string };
  best: null | { candidate: string; speedup: number; low: number; high: number; diff: string };
  candidates: Candidate[];
  lessons: {
    id: number;
    agent: string;
    round: number;
    outcome: Verdict;
    speedup: number | null;
    text: string;
  }[];
  failures: { agent: string; round: number; reason: string }[];
  workload: { origins: string[]; calls: number; distinct: number; holdout: number };
  usage: {
    prompt_tokens: number;
    completion_tokens: number;
    cost_usd: number;
    prepare_s: number;
    generate_s: number;
    check_s: number;
    time_s: number;
    total_s: number;
  };
  machine: { python: string; platform: string; cpu: string; sandbox: string };
}
