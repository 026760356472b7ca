/** The server's jobs as they were last told, and which of them a command is about. */
import * as vscode from "vscode";
import { Problem } from "./problem";
import type { Server } from "./server";
import type { Job } from "./wire";

type States = readonly Job["state"][];

export class Jobs implements vscode.Disposable {
  /** Those that wait their turn, run, or wait for the user's word. */
  current: readonly Job[] = [];
  /** Those that were begun since the server started and are over, the last one first. */
  past: readonly Job[] = [];
  private readonly begun = new Map<string, Job>();
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private asking = false;
  private again = false;

  constructor(private readonly server: Server) {}

  /** Asks the server anew; many calls at once become one question, and one more. */
  async refresh(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      do {
        this.again = false;
        this.take(this.server.state === "running" ? await this.server.ask<Job[]>("jobs") : []);
      } while (this.again);
    } catch (error) {
      this.server.log.warn(String(error));
      this.take([]);
    } finally {
      this.asking = false;
    }
  }

  private take(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (job.state !== "offered" || this.begun.has(job.job)) {
        this.begun.set(job.job, job);
      }
    }
    this.current = jobs;
    this.past = [...this.begun.values()]
      .filter((job) => !jobs.some((each) => each.job === job.job))
      .reverse();
    this.changes.fire();
  }

  /** A server that was started anew knows no job of the one before. */
  forget(): void {
    this.begun.clear();
    this.take([]);
  }

  of(states: States): readonly Job[] {
    return this.current.filter((job) => states.includes(job.state));
  }

  /** The job that was named, the only one there is, or the one that the user picks. */
  async choose(named: unknown, jobs: readonly Job[], none: string): Promise<string> {
    if (typeof named === "string") {
      return named;
    }
    const [only] = jobs;
    if (!only) {
      throw new Problem(none);
    }
    if (jobs.length === 1) {
      return only.job;
    }
    const picked = await vscode.window.showQuickPick(
      jobs.map((job) => ({ label: job.qualname, description: described(job), job: job.job })),
    );
    if (!picked) {
      throw new vscode.CancellationError();
    }
    return picked.job;
  }

  dispose(): void {
    this.changes.dispose();
  }
}

/** Where a job stands, in a few words. */
export function described(job: Job): string {
  switch (job.state) {
    case "queued":
      return "waits its turn";
    case "running":
      return job.said;
    case "offered":
      return `${job.words.speedup} faster`;
  }
}
