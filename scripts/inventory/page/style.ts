/** What the page of the inventory has beside the common style. */
export const INVENTORY_STYLE = `
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
  @media (max-width: 45rem) { .map { display: block; } .map svg { display: none; } .map h3 { margin-top: 1rem; } }
  @media print {
    .pager button, .pager label { display: none; } td.bar { min-width: 8rem; }
  }
`
