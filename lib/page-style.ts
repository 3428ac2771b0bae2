/** Colours follow the system's light or dark setting; every tone also says its meaning in words. */
export const PAGE_STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif;
    --line: light-dark(#d8dce2, #3a3f47); --quiet: light-dark(#5b6472, #a2abb8); --panel: light-dark(#f6f7f9, #1e2227);
    --good: light-dark(#0b6b33, #6fd197); --warn: light-dark(#8a5200, #f0b45b); --bad: light-dark(#b3261e, #ff8f85); }
  body { margin: 0 auto; padding: 1.5rem; max-width: 90rem; background: light-dark(#fff, #14171a);
    color: light-dark(#1b1f24, #e6e9ee); }
  h1 { margin: 0; font-size: 1.6rem; }
  h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; }
  small { color: var(--quiet); font-weight: normal; font-size: .8em; }
  dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; }
  dt { color: var(--quiet); font-size: .8rem; }
  dd { margin: 0; overflow-wrap: anywhere; }
  nav a { margin-inline-end: 1rem; color: inherit; }
  .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { padding: .4rem .75rem; text-align: start; vertical-align: top; white-space: nowrap; }
  tbody tr { border-top: 1px solid var(--line); }
  thead th { background: var(--panel); color: var(--quiet); font-size: .8rem; font-weight: 600; }
  tbody th { font-weight: 600; max-width: 24rem; overflow-wrap: anywhere; white-space: normal; }
  .wrap { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
  .number { text-align: end; font-variant-numeric: tabular-nums; }
  code { font: .85em ui-monospace, monospace; }
  .badge { font-weight: 600; }
  .badge::before { content: '● '; }
  .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
  p, footer { color: var(--quiet); }
  footer { margin-top: 2rem; }
`
