// Markdown as DOM nodes, without any HTML of the text getting through: headings, lists, code, quotes, tables, links, pictures.
import { h } from './dom'

const safeUrl = (url: string): string | null => (/^(https?:|mailto:|\/(?!\/))/i.test(url) ? url : null)

const inlinePattern =
  /!\[([^\]]*)\]\(([^)\s]+)[^)]*\)|\[([^\]]+)\]\(([^)\s]+)[^)]*\)|`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|\*(.+?)\*|\b_(.+?)_\b|~~(.+?)~~|(https?:\/\/[^\s<>)]+)/g

const makeLink = (url: string, children: (Node | string)[]): HTMLElement | string => {
  const safe = safeUrl(url)
  const link = safe && h('a', { href: safe, target: '_blank', rel: 'noopener noreferrer' }, ...children)
  return link || h('span', {}, ...children)
}

/** Pictures of the own server are shown; those of others would tell them who reads, so they become links. */
const makePicture = (url: string, title: string): HTMLElement | string =>
  url.startsWith('/') && !url.startsWith('//') ? h('img', { src: url, alt: title }) : makeLink(url, [title || url])

export const renderInline = (text: string): (Node | string)[] => {
  const parts: (Node | string)[] = []
  let at = 0
  for (const found of text.matchAll(inlinePattern)) {
    if (found.index > at) parts.push(text.slice(at, found.index))
    const [all, alt, picture, title, link, code, strong, strong2, soft, soft2, gone, bare] = found
    if (picture !== undefined) parts.push(makePicture(picture, alt ?? ''))
    else if (link !== undefined) parts.push(makeLink(link, renderInline(title ?? '')))
    else if (code !== undefined) parts.push(h('code', { text: code }))
    else if (strong !== undefined || strong2 !== undefined) parts.push(h('strong', {}, ...renderInline((strong ?? strong2)!)))
    else if (soft !== undefined || soft2 !== undefined) parts.push(h('em', {}, ...renderInline((soft ?? soft2)!)))
    else if (gone !== undefined) parts.push(h('s', {}, ...renderInline(gone)))
    else if (bare !== undefined) parts.push(makeLink(bare, [bare]))
    at = found.index + all.length
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

const listItem = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$/

const takeList = (lines: string[], indent: number): HTMLElement => {
  const ordered = listItem.exec(lines[0]!)?.[2] !== undefined
  const list = h(ordered ? 'ol' : 'ul')
  while (lines.length > 0) {
    const found = listItem.exec(lines[0]!)
    if (!found || found[1]!.length < indent) break
    if (found[1]!.length > indent && list.lastElementChild) {
      list.lastElementChild.append(takeList(lines, found[1]!.length))
      continue
    }
    lines.shift()
    list.append(h('li', {}, ...renderInline(found[3]!.replace(/^\[([ x])\]\s/i, (_, mark) => (mark === ' ' ? '☐ ' : '☑ ')))))
  }
  return list
}

const splitRow = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())

const takeTable = (lines: string[]): HTMLElement => {
  const head = splitRow(lines.shift()!)
  lines.shift()
  const rows: string[][] = []
  while (lines.length > 0 && lines[0]!.includes('|')) rows.push(splitRow(lines.shift()!))
  const row = (cells: string[], tag: 'th' | 'td') => h('tr', {}, ...cells.map((cell) => h(tag, {}, ...renderInline(cell))))
  return h(
    'table',
    { class: 'ed-table' },
    h('thead', {}, row(head, 'th')),
    h('tbody', {}, ...rows.map((cells) => row(cells, 'td'))),
  )
}

const isTable = (lines: readonly string[]): boolean =>
  lines.length > 1 && lines[0]!.includes('|') && /^\s*\|?\s*:?-{2,}/.test(lines[1]!)

const startsBlock = /^(#{1,6}\s|```|>|\s*([-*+]|\d+[.)])\s|\s*$)/

export const renderMarkdown = (markdown: string): HTMLElement[] => {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n')
  const blocks: HTMLElement[] = []
  while (lines.length > 0) {
    const line = lines[0]!
    const heading = /^(#{1,6})\s+(.*)$/.exec(line)
    if (line.trim() === '') lines.shift()
    else if (heading) {
      lines.shift()
      blocks.push(h(`h${Math.min(heading[1]!.length + 1, 6)}` as 'h2', {}, ...renderInline(heading[2]!)))
    } else if (line.startsWith('```')) {
      lines.shift()
      const code: string[] = []
      while (lines.length > 0 && !lines[0]!.startsWith('```')) code.push(lines.shift()!)
      lines.shift()
      blocks.push(h('pre', {}, h('code', { text: code.join('\n') })))
    } else if (line.startsWith('>')) {
      const quoted: string[] = []
      while (lines[0]?.startsWith('>')) quoted.push(lines.shift()!.replace(/^>\s?/, ''))
      blocks.push(h('blockquote', {}, ...renderMarkdown(quoted.join('\n'))))
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      lines.shift()
      blocks.push(h('hr'))
    } else if (listItem.test(line)) blocks.push(takeList(lines, listItem.exec(line)![1]!.length))
    else if (isTable(lines)) blocks.push(takeTable(lines))
    else {
      const words = [lines.shift()!]
      while (lines.length > 0 && !startsBlock.test(lines[0]!)) words.push(lines.shift()!)
      blocks.push(h('p', {}, ...renderInline(words.join(' '))))
    }
  }
  return blocks
}
