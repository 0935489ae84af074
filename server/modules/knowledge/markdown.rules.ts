// Makes safe HTML of the small Markdown that our articles use: headings, paragraphs, lists, notes, bold, italic, code, links.
// Everything is escaped first, so that nothing in a text can become an element or an attribute that is not named here.

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => escapes[letter]!)

/** Our own pages, and what a phone opens; no other scheme. */
const safeTarget = /^(?:\/(?!\/)|https:\/\/|mailto:|tel:|#)[^\s]*$/

/** Bold, italic, code and links within a line. Other languages' punctuation stays as it is. */
export function renderInline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.length > 2 && part.startsWith('`') && part.endsWith('`')
        ? `<code>${escape(part.slice(1, -1))}</code>`
        : renderLinks(part),
    )
    .join('')
}

function renderLinks(text: string): string {
  return text
    .split(/(\[[^\]]+\]\([^)\s]+\))/)
    .map((part) => {
      const [, label, target] = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part) ?? []
      if (label === undefined || target === undefined) return renderStress(part)
      return safeTarget.test(target)
        ? `<a href="${escape(target)}">${renderStress(label)}</a>`
        : renderStress(label)
    })
    .join('')
}

function renderStress(text: string): string {
  return escape(text)
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>')
}

type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph' | 'note'; lines: string[] }
  | { kind: 'ul' | 'ol'; items: string[] }

function readBlocks(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  const start = (block: Block): Block => {
    blocks.push(block)
    return (open = block)
  }
  for (const line of markdown.split(/\r?\n/)) {
    const heading = /^(#{2,4}) (.+)$/.exec(line)
    const item = /^(?:(-)|\d+\.) (.+)$/.exec(line)
    const note = /^> ?(.*)$/.exec(line)
    if (line.trim() === '') open = undefined
    else if (heading) {
      start({ kind: 'heading', level: heading[1]!.length, text: heading[2]! })
      open = undefined
    } else if (item) {
      const kind = item[1] ? 'ul' : 'ol'
      const list = open?.kind === kind ? open : start({ kind, items: [] })
      if (list.kind === kind) list.items.push(item[2]!)
    } else if (note) {
      const block = open?.kind === 'note' ? open : start({ kind: 'note', lines: [] })
      if (block.kind === 'note') block.lines.push(note[1]!)
    } else if ((open?.kind === 'ul' || open?.kind === 'ol') && /^\s{2,}\S/.test(line))
      open.items[open.items.length - 1] += ` ${line.trim()}`
    else if (open?.kind === 'paragraph') open.lines.push(line.trim())
    else start({ kind: 'paragraph', lines: [line.trim()] })
  }
  return blocks
}

/** Renders a whole article. */
export function renderMarkdown(markdown: string): string {
  return readBlocks(markdown)
    .map((block) => {
      if (block.kind === 'heading') return `<h${block.level}>${renderInline(block.text)}</h${block.level}>`
      if ('items' in block) {
        const items = block.items.map((each) => `<li>${renderInline(each)}</li>`).join('')
        return `<${block.kind}>${items}</${block.kind}>`
      }
      const paragraph = `<p>${renderInline(block.lines.join(' '))}</p>`
      return block.kind === 'note' ? `<blockquote>${paragraph}</blockquote>` : paragraph
    })
    .join('\n')
}

/** The words of an article without its marks, for the search. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/\]\([^)\s]+\)/g, ']')
    .replace(/[*`>#[\]]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
