/** What the page of the inventory has beside the common style. */
export const INVENTORY_STYLE = `
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
  tbody th { min-width: 12rem; } th, td { padding-inline: .5rem; } td button, th button { text-align: start; }
  th button.name { border: 0; background: none; padding: 0; font-weight: 600; overflow-wrap: anywhere; }
  th button.name::before { content: '▸ '; } th button.name[aria-expanded=true]::before { content: '▾ '; }
  th code { display: block; color: var(--quiet); font-weight: normal; }
  tr.details td { white-space: normal; background: var(--panel); overflow-wrap: anywhere; }
  .details h3 { font-size: .85rem; margin: .5rem 0 .2rem; } .details ul { margin: 0; padding-inline-start: 1.2rem; }
  .pager { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .6rem 0; }
  .map { display: grid; grid-template-columns: minmax(0, 1fr) 5rem minmax(0, 1fr) 5rem minmax(0, 1.3fr); }
  .map h3 { font-size: .85rem; margin: 0 0 .3rem; color: var(--quiet); height: 1.3rem; white-space: nowrap; }
  .map ol { list-style: none; margin: 0; padding: 0; } .map li { height: 2rem; }
  .map button { width: 100%; height: 1.75rem; padding-block: 0; align-items: center; display: flex; gap: .5rem; justify-content: space-between; text-align: start; }
  .map button span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .map button[aria-pressed=true] { border-width: 2px; border-color: light-dark(#1f5fbf, #8ab8ff); font-weight: 600; }
  .map .far { color: var(--bad); }
  .map svg { width: 100%; display: block; } .map path { fill: none; stroke: var(--quiet); opacity: .5; }
  .months { display: block; width: 100%; max-width: 60rem; height: auto; }
  .months text { fill: currentColor; font: 11px system-ui, sans-serif; } .months rect { fill: light-dark(#2f6fb3, #7fb2e5); }
  .months rect.bad { fill: var(--bad); } .months rect.warn { fill: var(--warn); }
  td.bar { min-width: 22rem; width: 45%; } td.bar svg { width: 100%; height: 1rem; display: block; }
  td.bar rect { fill: light-dark(#2f6fb3, #7fb2e5); } td.bar rect.bad { fill: var(--bad); } td.bar rect.warn { fill: var(--warn); }
  td.bar line { stroke: var(--quiet); stroke-width: 3; } td.bar circle { fill: currentColor; }
  @media (max-width: 45rem) { .filters label, .filters .search { flex: 1 1 100%; } select { width: 100%; } .map { display: block; } .map svg { display: none; } .map h3 { margin-top: 1rem; } }
  @media print {
    :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 11px; }
    nav, .filters, .pager button, .pager label { display: none; } .scroll { overflow: visible; border: 0; }
    th, td { white-space: normal; padding: .2rem .3rem; } tr { break-inside: avoid; }
    td.bar { min-width: 8rem; } rect, line, path { print-color-adjust: exact; }
  }
`
