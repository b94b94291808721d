// What is kept of a skeleton's drawing, and that nothing in it can run, load or restyle (CVE-2026-23516).
import { describe, expect, test } from 'bun:test'
import { cleanSkeletonSvg } from './skeleton-svg'

const sublabels = [
  { id: 11, name: 'head' },
  { id: 12, name: 'a"<b>&', givenId: 97 },
  { id: 13, name: 'foot' },
]
const line =
  '<line x1="36.3" y1="45" x2="59.07" y2="-2e3" stroke="black" data-type="edge" data-node-from="2" stroke-width="0.5" data-node-to="3"></line>'
const circle = (label: string, node = 1) =>
  `<circle r="1.5" stroke="black" fill="#b3b3b3" cx="22.6" cy="25.7" stroke-width="0.1" data-type="element node" data-element-id="${node}" data-node-id="${node}" ${label}></circle>`
const clean = (svg: string) => cleanSkeletonSvg(svg, sublabels)

test('a clean drawing comes out as it went in', () => {
  const parts = [line, circle('data-label-id="11"'), circle('data-label-id="12"', 2)]
  for (const gap of ['', '\n', '\n  ']) expect(clean(parts.join(gap))).toBe(parts.join(gap))
})

test.each([
  ['data-label-name="foot"', 1, 13],
  ['data-label-name="a&quot;&lt;b>&amp;"', 1, 12],
  ['data-label-id="97"', 3, 12],
  ['data-label-name="597501"', 1, 11],
  ['data-label-id="103"', 2, 12],
  ['', 3, 13],
])('a circle with %p and number %i stands for sublabel %i', (label, node, id) => {
  expect(clean(circle(label, node))).toBe(circle(`data-label-id="${id}"`, node))
})

test('a circle that stands for no sublabel names none', () => {
  expect(clean(circle('data-label-name="nobody"', 9))).not.toContain('label')
})

test('wrappers go, short tags are written out', () => {
  expect(clean('<svg xmlns="http://www.w3.org/2000/svg"><g fill="red"><line x1="1" y1="2" x2="3" y2="4"/></g></svg>')).toBe(
    '<line x1="1" y1="2" x2="3" y2="4"></line>',
  )
})

describe('CVE-2026-23516: stored XSS through skeleton SVG', () => {
  const plain = '<circle r="1" cx="2" cy="3"></circle>'
  test.each([
    '<script>alert(1)</script>',
    '<g><script href="//evil.example/x.js"/></g>',
    '<image href="x" onerror="alert(1)"/>',
    '<foreignObject><body><img src="x" onerror="alert(1)"/></body></foreignObject>',
    '<a href="javascript:alert(1)"><circle r="9" cx="1" cy="1"/></a>',
    '<animate attributeName="href" values="javascript:alert(1)"/>',
    '<style>*{background:url(//evil.example)}</style>',
    '<use href="data:image/svg+xml,x"/>',
    '<text>hello</text>',
    '<SCRIPT>alert(1)</SCRIPT>',
    '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
    '<!-- <script>alert(1)</script> -->',
    '<![CDATA[<script>alert(1)</script>]]>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  ])('%s leaves nothing', (evil) => {
    expect(clean(`${evil}${plain}`)).toBe(plain)
    expect(clean(`${plain}${evil}`)).toBe(plain)
  })

  test.each([
    'onload="alert(1)"',
    'onmouseover="alert(1)"',
    'style="background:url(//evil.example)"',
    'fill="url(//evil.example#x)"',
    'stroke="red;background:url(x)"',
    'href="javascript:alert(1)"',
    'xlink:href="x"',
    'id="toString"',
    'constructor="1"',
    'cx="1&quot; onload=&quot;alert(1)"',
    'data-type="&quot;&gt;&lt;script&gt;"',
  ])('the attribute %s is dropped', (evil) => {
    expect(clean(`<circle r="1" ${evil}></circle>`)).toBe('<circle r="1"></circle>')
  })

  test.each([
    ['<circle r="1"', 'well-formed'],
    ['<circle r=1></circle>', 'well-formed'],
    ['<circle></line>', 'well-formed'],
    ['<circle r="1" r="2"></circle>', 'well-formed'],
    ['<circle r="&x;"></circle>', 'well-formed'],
    ['<!DOCTYPE svg [<!ENTITY x "y">]><circle r="1"></circle>', ''],
    ['<line></line>'.repeat(2001), 'more than 2000'],
    [' '.repeat(2 ** 20 + 1), 'longer than'],
  ])('%.40s is refused with the name of the field', (svg, why) => {
    let problem: any
    try {
      clean(svg)
    } catch (error) {
      problem = error
    }
    expect([problem?.status, Object.keys(problem?.body ?? {})]).toEqual([400, ['svg']])
    expect(problem.body.svg[0]).toContain(why)
  })
})
