/**
 * How the widget looks: the ask page's tokens, which a host page may set anew (`--turnwise-accent` and so on). Sizes are
 * in em of the reader's own font size: a host page may use rem for something else.
 */

/** @param {Record<string, string>} colours */
const tokensOf = (colours) =>
  Object.entries(colours).map(([name, colour]) => `--${name}: var(--turnwise-${name}, ${colour});`).join("");

const LIGHT = tokensOf({
  paper: "#f4f5f1", sheet: "#ffffff", ink: "#1b2426", "ink-quiet": "#51605f", line: "#d6d9d2", "line-strong": "#74807d",
  accent: "#0b5a63", "accent-strong": "#073f46", "on-accent": "#ffffff", marker: "#ffe169", "on-marker": "#1b2426",
  mark: "#ffeb99", "on-mark": "#1b2426", alert: "#a02c1c", focus: "#0b5a63", shadow: "rgb(27 36 38 / 22%)",
});
const DARK = tokensOf({
  paper: "#111718", sheet: "#1a2224", ink: "#ecece5", "ink-quiet": "#a9b5b3", line: "#2f3b3d", "line-strong": "#7f8f8e",
  accent: "#8ad4db", "accent-strong": "#b4e6ea", "on-accent": "#0b1f22", marker: "#f3cf4d", "on-marker": "#17191a",
  mark: "#5a4b0e", "on-mark": "#fff5cf", alert: "#ffa08f", focus: "#f3cf4d", shadow: "rgb(0 0 0 / 60%)",
});

const STYLE = `
:host { all: initial; display: block; }
:host(:not([mode="inline"])) { display: contents; }
:host([hidden]) { display: none !important; }

/* Everything that a host page could have handed down ends here; its text decorations don't pass an inline-grid. */
.root {
  all: initial;
  ${LIGHT}
  --text: var(--turnwise-font, Seravek, "Gill Sans Nova", "Segoe UI", Ubuntu, Calibri, "Source Sans 3", system-ui, sans-serif);
  --serif: var(--turnwise-quote-font, "Iowan Old Style", Charter, "Palatino Linotype", Palatino, P052, "URW Palladio L", Georgia, serif);
  --corner: var(--turnwise-corner, 4px);
  display: inline-grid;
  inline-size: 100%;
  vertical-align: top;
  color-scheme: light;
  color: var(--ink);
  font-family: var(--text);
  font-size: var(--turnwise-font-size, medium);
  line-height: 1.5;
  overflow-wrap: break-word;
  text-align: start;
  -webkit-text-size-adjust: 100%;
}
.root.launching { display: contents; }
@media (prefers-color-scheme: dark) {
  :host(:not([theme="light"])) .root { ${DARK} color-scheme: dark; }
}
:host([theme="dark"]) .root { ${DARK} color-scheme: dark; }

*, *::before, *::after { box-sizing: border-box; }
h2, h3, h4, p, ul, blockquote { margin: 0; padding: 0; }
h2, h3, h4 { font-size: 1em; font-weight: 600; line-height: 1.3; }
ul { list-style: none; }
cite { font-style: normal; color: var(--ink); }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; word-spacing: inherit; }
button { cursor: pointer; }
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; padding-block: 0.2em; }
a:hover { color: var(--accent-strong); text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.question:focus { outline: none; }
.icon { inline-size: 1.5em; block-size: 1.5em; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.unseen {
  position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; border: 0; user-select: none;
}

.launcher {
  position: fixed;
  inset-block-end: calc(var(--turnwise-inset-block, 1.25em) + var(--stack, 0) * 4.25em);
  inset-inline-end: var(--turnwise-inset-inline, 1.25em);
  z-index: var(--turnwise-z-index, 2147483000);
  display: inline-flex; align-items: center; gap: 0.6em;
  max-inline-size: calc(100vw - 2.5em);
  min-block-size: 3.25em;
  padding: 0.5em 1.35em 0.5em 1.1em;
  border: 2px solid var(--accent);
  border-radius: 2em;
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  box-shadow: 0 4px 16px var(--shadow);
}
.launcher:hover { background: var(--accent-strong); border-color: var(--accent-strong); }
.launcher:focus-visible { border-radius: 2em; outline-offset: 3px; }

.panel {
  inline-size: 100%;
  max-inline-size: none;
  margin: 0;
  padding: 0;
  border: 1px solid var(--line-strong);
  border-radius: calc(var(--corner) + 2px);
  background: var(--paper);
  color: var(--ink);
  overflow: hidden;
  display: grid;
  grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
}
section.panel { max-block-size: var(--turnwise-max-height, 44em); }
dialog.panel {
  position: fixed;
  inset: auto;
  inset-block-end: var(--turnwise-inset-block, 1.25em);
  inset-inline-end: var(--turnwise-inset-inline, 1.25em);
  z-index: var(--turnwise-z-index, 2147483000);
  inline-size: min(28em, 100vw - 2 * var(--turnwise-inset-inline, 1.25em));
  block-size: min(var(--turnwise-max-height, 44em), 100vh - 2 * var(--turnwise-inset-block, 1.25em));
  block-size: min(var(--turnwise-max-height, 44em), 100dvh - 2 * var(--turnwise-inset-block, 1.25em));
  max-block-size: none;
  box-shadow: 0 10px 40px var(--shadow);
}
dialog.panel:not([open]) { display: none; }
dialog.panel::backdrop { background: var(--paper); }

.header { display: flex; align-items: center; gap: 0.25em 0.75em; min-block-size: 4em; padding: 0.6em 0.75em 0.6em 1.1em; border-block-end: 1px solid var(--line); background: var(--sheet); }
.title { flex: 1 1 0; min-inline-size: 0; overflow-wrap: anywhere; font-family: var(--serif); font-size: 1.15em; font-weight: 700; }
.log { overflow-y: auto; overscroll-behavior: contain; padding: 1.1em; position: relative; }
.log:focus-visible { outline-offset: -3px; }
.intro { display: grid; gap: 0.75em; justify-items: start; color: var(--ink-quiet); }
.composer { padding: 0.75em 1.1em 1.1em; border-block-start: 1px solid var(--line); background: var(--sheet); }
.composer label { display: block; margin-block-end: 0.35em; font-weight: 600; }
.row { display: flex; flex-wrap: wrap; align-items: stretch; gap: 0.5em; }
.field {
  flex: 1 1 9em;
  min-inline-size: 0;
  min-block-size: 2.9em;
  max-block-size: 8em;
  padding: 0.6em 0.75em;
  border: 2px solid var(--ink);
  border-radius: var(--corner);
  background: var(--sheet);
  line-height: 1.4;
  resize: none;
  field-sizing: content;
}
.field[aria-invalid] { border-color: var(--alert); }
.field-error { margin-block-start: 0.4em; color: var(--alert); font-weight: 600; }

.button { min-block-size: 2.75em; padding: 0.4em 1em; border: 2px solid var(--accent); border-radius: var(--corner); background: transparent; color: var(--accent); }
.button:hover { border-color: var(--accent-strong); color: var(--accent-strong); }
.button.main { padding-inline: 1.4em; background: var(--accent); color: var(--on-accent); font-weight: 600; }
.button.main:hover { background: var(--accent-strong); color: var(--on-accent); }
.button.quiet { border: 1px solid var(--line-strong); min-block-size: 2.4em; font-size: 0.94em; background: var(--sheet); }
.button.link { min-block-size: 1.75em; padding: 0.15em 0; border: 0; text-align: start; text-decoration: underline 1px; text-underline-offset: 0.2em; }
.button.link:hover { text-decoration-thickness: 2px; }
.corner { display: inline-grid; place-items: center; min-inline-size: 2.75em; min-block-size: 2.75em; padding: 0; border: 0; border-radius: var(--corner); background: transparent; color: var(--ink-quiet); }
.corner:hover { color: var(--ink); background: var(--paper); }

.exchange { padding-block-end: 1.75em; }
.exchange + .exchange { padding-block-start: 1.1em; border-block-start: 2px solid var(--ink); }
.exchange:last-child { padding-block-end: 0; }
.question { font-family: var(--serif); font-size: 1.25em; margin-block-end: 0.75em; }
.statement + .statement { margin-block-start: 0.75em; }
.source + .statement { margin-block-start: 1em; }
.quoted { font-family: var(--serif); font-size: 1.1em; line-height: 1.45; }
.lead { display: block; margin-block: 0 0.45em; font-family: var(--text); font-size: 0.86em; color: var(--ink-quiet); }
.statement + .quoted:has(> .lead), .source + .quoted:has(> .lead) { margin-block-start: 1.4em; }
.lead b { color: var(--ink); }
.quote { font-family: var(--serif); quotes: none; }
.cited { white-space: nowrap; margin-inline-start: 0.15em; }
.marker {
  display: inline-block;
  min-inline-size: 1.75em; min-block-size: 1.75em;
  padding: 0 0.35em;
  border: 0;
  border-radius: var(--corner);
  background: var(--marker);
  color: var(--on-marker);
  font-family: var(--text); font-size: max(0.86em, 15px); font-weight: 600; line-height: 1.75;
}
.marker:hover, .marker[aria-expanded="true"] { box-shadow: 0 0 0 2px var(--ink); }
.remark { padding: 0 0.35em; border: 1px dashed var(--line-strong); border-radius: var(--corner); font-family: var(--text); font-size: 0.86em; color: var(--ink); white-space: normal; }

.source { position: relative; display: grid; gap: 0.5em; margin-block: 0.75em; padding: 0.9em 1em; border: 1px solid var(--line); border-inline-start: 6px solid var(--marker); border-radius: var(--corner); background: var(--sheet); font-size: 0.94em; }
.source blockquote { padding-inline-end: 2em; font-family: var(--serif); font-size: 1.06em; color: var(--ink-quiet); }
.source .corner { position: absolute; inset-block-start: 0.25em; inset-inline-end: 0.25em; }
mark { background: var(--mark); color: var(--on-mark); padding-block: 0.1em; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.links { display: flex; flex-wrap: wrap; gap: 0.25em 1.25em; }
.outward { text-decoration: none; }
.quiet-words { color: var(--ink-quiet); }
/* A word without end is broken, rather than making these wider than the panel. */
.intro, .source, .notice, .after { overflow-wrap: anywhere; }

.state { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75em; }
.said:not(:empty) { margin-block-end: 1em; }
.body:not(:empty) + .state:not(:empty) { margin-block-start: 1em; }
.progress { color: var(--ink-quiet); }
.progress::before { content: ""; display: inline-block; inline-size: 0.7em; block-size: 0.7em; margin-inline-end: 0.6em; border: 1px solid var(--on-marker); background: var(--marker); }
.after { display: grid; gap: 1.25em; justify-items: start; }
.after > * { inline-size: 100%; }
.after > .button { inline-size: auto; }
.body:not(:empty) ~ .after:not(:empty) { margin-block-start: 1.25em; }
.notice { display: grid; gap: 0.5em; justify-items: start; padding: 0.75em 1em; border: 1px solid var(--line); border-inline-start: 6px solid var(--accent); background: var(--sheet); }
.notice.alert { border-inline-start-color: var(--alert); }
.nearest, .related { display: grid; gap: 0.4em; }
.nearest ul { display: grid; gap: 1em; margin-block-start: 0.4em; }
.passage { display: grid; gap: 0.25em; padding-inline-start: 0.9em; border-inline-start: 1px dashed var(--line-strong); font-size: 0.94em; }

/* Where there is little room the panel takes all of it, and scrolls as one. */
@media (max-width: 32em), (max-height: 26em) {
  dialog.panel { inset: 0; inline-size: 100%; block-size: 100vh; block-size: 100dvh; border: 0; border-radius: 0; }
}
@media (max-height: 26em) {
  .panel { overflow-y: auto; grid-template-rows: auto auto auto; align-content: start; }
  section.panel { max-block-size: none; }
  .log { overflow: visible; }
}
@media (prefers-reduced-motion: no-preference) {
  .progress::before { animation: breathe 0.9s ease-in-out infinite alternate; }
  @keyframes breathe { to { opacity: 0.2; } }
}
@media (forced-colors: active) {
  .launcher, .button, .marker, .corner { border: 1px solid ButtonText; }
  .marker[aria-expanded="true"] { outline: 2px solid Highlight; }
  mark { forced-color-adjust: none; background: Mark; color: MarkText; }
}
@media print {
  .launcher, .composer, .header button { display: none; }
  section.panel { max-block-size: none; overflow: visible; }
  section.panel .log { overflow: visible; }
}
`;
