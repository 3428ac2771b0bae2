const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML, SVG and XML show it, in elements and in attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (each) => HTML[each] ?? each)
}

/** Characters that XML 1.0 cannot hold, even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const FORBIDDEN_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text for an attribute or an element of XML 1.0; line breaks stay, and what XML cannot hold is left out. */
export function escapeXml(text: string): string {
  return escapeHtml(text.replace(FORBIDDEN_IN_XML, '')).replaceAll('\n', '&#10;')
}

/** Text in a table cell or a line of Markdown: nothing of it may be taken for Markdown or HTML. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[&<>]/g, (each) => HTML[each] ?? each)
    .replaceAll(/[\\`*_|[\]~$]/g, '\\$&')
    .replaceAll(/\r?\n/g, ' ')
}

/** Markdown in a table cell: it stays Markdown, and does not end the cell or open an element. */
export function tableCell(markdown: string): string {
  return markdown.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

/** Attributes of an XML element, each with a blank before it. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('')
}
