import { expect, it } from 'vitest'
import { escapeHtml, escapeMarkdown, escapeXml, tableCell } from '../../../lib/escape.ts'

it.each([
  [escapeHtml, `<a b="c">'&'</a>`, '&lt;a b=&quot;c&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;'],
  [escapeXml, 'a\u0000\u001b<\n"b"\uffff', 'a&lt;&#10;&quot;b&quot;'],
  [escapeMarkdown, 'a|b `c` [d](e) <f> & g_h\r\ni', 'a\\|b \\`c\\` \\[d\\](e) &lt;f&gt; &amp; g\\_h i'],
  [tableCell, 'a|b `c` <d>', 'a\\|b `c` &lt;d>'],
])('%o writes %j', (write, text, written) => {
  expect(write(text)).toBe(written)
})
