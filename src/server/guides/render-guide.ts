// Markdown of guides as HTML without anything that runs, restyles the page or loads from elsewhere.
import { Marked } from 'marked'
import sanitize from 'sanitize-html'

const marked = new Marked({ gfm: true, breaks: false, async: false })

const ownPicture = /^\/api\/assets\/[0-9a-f-]{36}$/

const options: sanitize.IOptions = {
  allowedTags: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'blockquote', 'pre', 'code', 'kbd', 'ul', 'ol', 'li', 'a', 'img'],
    ...['strong', 'b', 'em', 'i', 'del', 's', 'u', 'sub', 'sup', 'details', 'summary'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    ol: ['start'],
    th: ['align'],
    td: ['align'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow' } }),
    // A picture from elsewhere would tell its host who reads the guide: it becomes a link.
    img: (tagName, { src = '', alt = '', ...rest }): sanitize.Tag =>
      ownPicture.test(src)
        ? { tagName, attribs: { src, alt, ...rest } }
        : { tagName: 'a', attribs: { href: src, rel: 'noopener noreferrer nofollow' }, text: alt || src },
  },
}

/** Markdown (GFM, with a little HTML) → safe HTML. */
export const renderMarkdown = (markdown: string): string => sanitize(marked.parse(markdown) as string, options)
