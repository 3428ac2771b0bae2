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
  nav a, th a { color: inherit; } nav a { margin-inline-end: 1rem; }
  .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { padding: .4rem .75rem; text-align: start; vertical-align: top; white-space: nowrap; }
  tbody tr { border-top: 1px solid var(--line); }
  thead th { background: var(--panel); color: var(--quiet); font-size: .8rem; font-weight: 600; }
  tbody th { font-weight: 600; max-width: 24rem; overflow-wrap: anywhere; white-space: normal; }
  .wrap { white-space: normal; overflow-wrap: anywhere; min-width: 16rem; }
  .number { text-align: end; font-variant-numeric: tabular-nums; }
  code { font: .85em ui-monospace, monospace; }
  .badge { font-weight: 600; }
  .badge::before { content: '● '; }
  .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
  p, footer { color: var(--quiet); }
  footer { margin-top: 2rem; }
  header { overflow-wrap: anywhere; }
  .filters { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: 1rem 0; padding: .75rem 1rem;
    background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; }
  .filters label { display: grid; min-width: 0; max-width: 100%; gap: .15rem; font-size: .8rem; color: var(--quiet); }
  .filters .search { flex: 1 1 16rem; }
  input, select, button { font: inherit; color: inherit; background: light-dark(#fff, #14171a);
    border: 1px solid light-dark(#8a93a0, #6b7480); border-radius: .35rem; padding: .25rem .5rem; min-width: 0; }
  button { cursor: pointer; } button:disabled { opacity: .6; cursor: default; }
  :focus-visible { outline: 3px solid light-dark(#1f5fbf, #8ab8ff); outline-offset: 1px; }
  thead button { border: 0; background: none; padding: 0; font-weight: 600; color: inherit; }
  @media (max-width: 45rem) { .filters label, .filters .search { flex: 1 1 100%; } select { width: 100%; } }
  @media print {
    :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 11px; }
    nav, .filters { display: none; } .scroll { overflow: visible; border: 0; }
    th, td { white-space: normal; padding: .2rem .3rem; } tr { break-inside: avoid; }
    rect, line, path { print-color-adjust: exact; }
  }
`
