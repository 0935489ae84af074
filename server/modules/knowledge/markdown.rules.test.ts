import { describe, expect, it } from 'vitest'
import { plainText, renderMarkdown } from './markdown.rules.ts'

describe('renders', () => {
  it.each([
    ['a paragraph over two lines', 'one\ntwo', '<p>one two</p>'],
    ['two paragraphs', 'one\n\ntwo', '<p>one</p>\n<p>two</p>'],
    ['headings', '## One\n### Two', '<h2>One</h2>\n<h3>Two</h3>'],
    ['a list', '- one\n- two', '<ul><li>one</li><li>two</li></ul>'],
    ['a numbered list', '1. one\n2. two', '<ol><li>one</li><li>two</li></ol>'],
    ['a list item over two lines', '- one\n  more\n- two', '<ul><li>one more</li><li>two</li></ul>'],
    ['two kinds of list', '- one\n1. two', '<ul><li>one</li></ul>\n<ol><li>two</li></ol>'],
    ['a note', '> take\n> care', '<blockquote><p>take care</p></blockquote>'],
    ['stress', '**bold** and *soft*', '<p><strong>bold</strong> and <em>soft</em></p>'],
    ['stress beside Han', '您有**三次**机会', '<p>您有<strong>三次</strong>机会</p>'],
    ['code as it stands', '`**a**`', '<p><code>**a**</code></p>'],
    ['a link', '[limits](/help/limits)', '<p><a href="/help/limits">limits</a></p>'],
    ['a link to a phone', '[call](tel:+6221)', '<p><a href="tel:+6221">call</a></p>'],
  ])('%s', (_name, markdown, html) => {
    expect(renderMarkdown(markdown)).toBe(html)
  })
})

describe('lets nothing through', () => {
  it.each([
    ['an element', '<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
    ['an element in a heading', '## <img src=x onerror=y>', '<h2>&lt;img src=x onerror=y&gt;</h2>'],
    ['an element in code', '`<b>`', '<p><code>&lt;b&gt;</code></p>'],
    ['an element in a label', '[<b>](/a)', '<p><a href="/a">&lt;b&gt;</a></p>'],
    ['a script as target', '[a](javascript:alert(1))', '<p>a)</p>'],
    ['another host without scheme', '[a](//evil.example)', '<p>a</p>'],
    ['data as target', '[a](data:text/html,x)', '<p>a</p>'],
    ['a quote in a target', '[a](/b"onclick="x)', '<p><a href="/b&quot;onclick=&quot;x">a</a></p>'],
  ])('%s', (_name, markdown, html) => {
    expect(renderMarkdown(markdown)).toBe(html)
  })
})

it('gives the words alone for the search', () => {
  expect(plainText('## One\n\n- **two** [three](/help/four)\n> `five`')).toBe('One - two three five')
})
