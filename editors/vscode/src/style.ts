/** The look of a report. Every colour is the theme's own, so that high contrast works as well. */
export const STYLE = `
body { padding: 0 1.5rem 2rem; line-height: 1.5; }
main { max-width: 64rem; }
h1 { font-size: 1.6em; font-weight: 600; margin: 1.2rem 0 0; }
h1 code { font-size: inherit; color: inherit; background: none; padding: 0; }
h2 { font-size: 1.2em; font-weight: 600; margin: 2rem 0 0.5rem; }
h3 { font-size: 1em; font-weight: 600; margin: 1rem 0 0.25rem; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; }
small { color: var(--vscode-descriptionForeground); font-size: 0.92em; white-space: nowrap; }
li small { white-space: normal; }
.path { margin: 0; color: var(--vscode-descriptionForeground); }
.result { font-size: 1.15em; margin: 1rem 0; }
.links { display: flex; gap: 0.5rem; margin: 0; }
.button { padding: 0.25rem 0.9rem; border-radius: 2px; text-decoration: none;
  color: var(--vscode-button-foreground); background: var(--vscode-button-background);
  border: 1px solid var(--vscode-button-border, transparent); }
.button:hover { color: var(--vscode-button-foreground); background: var(--vscode-button-hoverBackground); }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
.wide { overflow-x: auto; }
.chart { display: block; width: 100%; min-width: 560px; max-width: 720px; }
.grid { stroke: var(--vscode-editorWidget-border, var(--vscode-contrastBorder)); stroke-width: 1; opacity: 0.7; }
.base { stroke: var(--vscode-foreground); stroke-width: 1; stroke-dasharray: 4 3; }
.tick, .round { fill: var(--vscode-foreground); font-size: 12px; }
.tick { text-anchor: end; }
.round { text-anchor: middle; }
.bar { fill: none; stroke-width: 2; }
.agent0 { fill: var(--vscode-charts-blue); stroke: var(--vscode-charts-blue); }
.agent1 { fill: var(--vscode-charts-orange); stroke: var(--vscode-charts-orange); }
.agent2 { fill: var(--vscode-charts-green); stroke: var(--vscode-charts-green); }
.agent3 { fill: var(--vscode-charts-purple); stroke: var(--vscode-charts-purple); }
path.bar { fill: none; }
path.hollow { fill: var(--vscode-editor-background); stroke-width: 2; }
.untimed { stroke: var(--vscode-foreground); stroke-width: 2; fill: none; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; }
.legend svg { vertical-align: -3px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0;
  border-bottom: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder)); }
th { font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
td.number, td.verdict { white-space: nowrap; }
td.verdict.good { font-weight: 600; }
td.why { min-width: 14rem; }
summary { cursor: pointer; color: var(--vscode-textLink-foreground); }
pre { white-space: pre; overflow-x: auto; max-width: 40rem; margin: 0.25rem 0; padding: 0.5rem;
  background: var(--vscode-textCodeBlock-background); }
pre code { color: inherit; background: none; padding: 0; font-family: var(--vscode-editor-font-family); }
dl { margin: 0; }
dl div { display: flex; gap: 1rem; padding: 0.15rem 0; }
dt { flex: 0 0 9rem; color: var(--vscode-descriptionForeground); }
dd { margin: 0; }
`;
