/** A report as a page: no script, no remote content, one style, all colours from the theme. */
import { agentsOf, chart, sign } from "./chart";
import { STYLE } from "./style";
import { escape } from "./text";
import { count } from "./words";
import type { Candidate, Job, Report } from "./wire";

export interface About {
  /** The texts of the project's lessons. */
  lessons: ReadonlyMap<number, string>;
  state: Job["state"] | "over";
  job: string;
  nonce: string;
}

export function page(report: Report, about: About): string {
  const { target, candidates } = report;
  const policy = `default-src 'none'; style-src 'nonce-${about.nonce}'; form-action 'none'; base-uri 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Report: ${escape(target.qualname)}</title>
<style nonce="${about.nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1><code>${escape(target.qualname)}</code></h1>
<p class="path">${escape(target.path)}</p>
<p class="result">${escape(result(report, about))}</p>
${links(about)}
${candidates.length ? drawn(candidates) : ""}
${candidates.length ? variants(candidates) : ""}
${failures(report)}
${lessons(report, about)}
${usage(report)}
</main>
</body>
</html>`;
}

function result({ best, verdict, reason }: Report, { state }: About): string {
  if (state === "queued" || state === "running") {
    return "The team is still at work; this page follows it.";
  }
  if (best) {
    return `${best.words.speedup} faster (${best.words.interval}), proven equal on this machine.`;
  }
  return reason ?? (verdict === "none" ? "No faster variant was found." : "There is no result.");
}

function links({ state, job }: About): string {
  if (state !== "offered") {
    return "";
  }
  const argument = encodeURIComponent(JSON.stringify([job]));
  return `<p class="links"><a class="button" href="command:quickstudy.showDiff?${argument}">Show diff</a>
<a class="button" href="command:quickstudy.applyOffer?${argument}">Apply</a></p>`;
}

function drawn(candidates: readonly Candidate[]): string {
  const legend = agentsOf(candidates).map((agent, place) => `<li>${sign(place)} ${escape(agent)}</li>`);
  return `<section aria-labelledby="speedups"><h2 id="speedups">Speedups</h2>
<p>The original’s time divided by the variant’s; the bars are 95 % intervals. Filled marks are surely faster.</p>
<div class="wide" tabindex="0" role="group" aria-label="Chart of speedups">${chart(candidates)}</div>
<ul class="legend">${legend.join("")}</ul></section>`;
}

function variants(candidates: readonly Candidate[]): string {
  const rows = candidates.map((each) => {
    const gain = `${escape(each.words.speedup)} <small>${escape(each.words.interval)}</small>`;
    const used = each.lessons_used.map((id) => `#${id}`).join(", ");
    const code = `<details><summary>code</summary><pre tabindex="0"><code>${escape(each.source)}</code></pre></details>`;
    const cells = [
      `<th scope="row">${escape(each.id)}${each.source ? code : ""}</th>`,
      `<td>${escape(each.agent)}</td>`,
      `<td class="number">${each.round}</td>`,
      `<td class="verdict ${escape(each.words.tone)}">${escape(each.words.verdict)}</td>`,
      `<td class="number">${gain}</td>`,
      `<td class="why">${escape(each.reason ?? "")}</td>`,
      `<td>${used || "none"}</td>`,
      `<td class="number">${(each.prompt_tokens + each.completion_tokens).toLocaleString("en")}</td>`,
      `<td class="number">${escape(each.words.cost)}</td>`,
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  const heads = ["Variant", "Agent", "Round", "Verdict", "Speedup", "Why", "Lessons used", "Tokens", "Cost"];
  return table("variants", "Every variant", heads, rows);
}

function failures({ failures }: Report): string {
  if (!failures.length) {
    return "";
  }
  const rows = failures.map(
    (each) =>
      `<tr><th scope="row">${escape(each.agent)}</th><td class="number">${each.round}</td><td class="why">${escape(each.reason)}</td></tr>`,
  );
  return table("failures", "Agents that could not answer", ["Agent", "Round", "Why"], rows);
}

function lessons(report: Report, about: About): string {
  const used = [...new Set(report.candidates.flatMap((each) => each.lessons_used))].sort((a, b) => a - b);
  const known = new Map([...about.lessons, ...report.lessons.map((each) => [each.id, each.text] as const)]);
  const read = used.map(
    (id) => `<li><b>#${id}</b> ${escape(known.get(id) ?? "This lesson was forgotten since.")}</li>`,
  );
  const learnt = report.lessons.map((each) => {
    const gain = each.words.speedup && `, ${escape(each.words.speedup)}`;
    return `<li><b>#${each.id}</b> ${escape(each.text)} <small>${escape(each.words.verdict)}${gain}, by ${escape(each.agent)}</small></li>`;
  });
  const nothing = "<p>None.</p>";
  return `<section aria-labelledby="lessons"><h2 id="lessons">Lessons</h2>
<h3>Read by the team</h3>${read.length ? `<ul>${read.join("")}</ul>` : nothing}
<h3>Learnt in this job</h3>${learnt.length ? `<ul>${learnt.join("")}</ul>` : nothing}</section>`;
}

function usage({ usage, workload, machine }: Report): string {
  const { words } = usage;
  const facts: [string, string][] = [
    ["Tokens read", usage.prompt_tokens.toLocaleString("en")],
    ["Tokens written", usage.completion_tokens.toLocaleString("en")],
    ["Cost", words.cost],
    [
      "Time",
      `${words.total}: ${words.prepare} to prepare, ${words.generate} for the models, ${words.check} for checks, ${words.time} for timing`,
    ],
    [
      "Measured on",
      `${count(workload.distinct, "different call")}, ${workload.holdout.toLocaleString("en")} of them held out; from ${workload.origins.join(", ") || "nowhere yet"}`,
    ],
    ["Machine", `${machine.cpu}, Python ${machine.python}, sandbox: ${machine.sandbox}`],
  ];
  const rows = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escape(value)}</dd></div>`);
  return `<section aria-labelledby="usage"><h2 id="usage">What it took</h2><dl>${rows.join("")}</dl></section>`;
}

function table(id: string, title: string, heads: readonly string[], rows: readonly string[]): string {
  return `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
<div class="wide" tabindex="0" role="group" aria-labelledby="${id}"><table aria-labelledby="${id}"><thead><tr>${heads
    .map((head) => `<th scope="col">${head}</th>`)
    .join("")}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div></section>`;
}
