// What every page must be, whatever it shows: named, in its language, without texts that nobody translated,
// not wider than its window, and without a fault that axe finds.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { catalogue, localeOf, type App, type Language } from './words.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What the browser's side of a check answers. */
interface Facts {
  title: string
  lang: string
  pageWidth: number
  headings: number
  text: string
  /** References that stand on two lines. */
  broken: string[]
}

interface Violation {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

/** Waits until nothing on the page is still being read. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await page.locator('.skeleton, .waiting:not(.tag), [aria-busy=true]').first().waitFor({ state: 'detached' })
  await page.evaluate('document.fonts.ready.then(() => undefined)')
}

/** Runs in the browser: every reference that people may read aloud, where its text takes more than one line. */
const brokenReferences = `() => {
  const found = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode
    for (const match of node.data.matchAll(/[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}/g)) {
      const range = document.createRange()
      range.setStart(node, match.index)
      range.setEnd(node, match.index + match[0].length)
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(match[0])
    }
  }
  return found
}`

/**
 * Faults in words; an empty list is a good page. `axe`: all of it; or `words`, what a language can break, without the measuring of
 * every colour, which is most of the time; or false for none.
 */
export async function faultsOf(
  page: Page,
  wanted: { app: App | 'sandbox'; language: Language; axe: boolean | 'words' },
): Promise<string[]> {
  const facts = (await page.evaluate(`({
    title: document.title,
    lang: document.documentElement.lang,
    pageWidth: document.documentElement.scrollWidth,
    headings: document.querySelectorAll('h1').length,
    text: document.body.innerText,
    broken: (${brokenReferences})(),
  })`)) as Facts
  // Not `innerWidth`: a phone zooms out until what is too wide fits, and says so.
  const windowWidth = page.viewportSize()!.width
  const faults: string[] = []
  // Banks and shops of the sandbox have names of their own.
  if (!/\S/.test(facts.title) || (wanted.app !== 'sandbox' && !facts.title.includes('Tuntas')))
    faults.push(`title is "${facts.title}"`)
  if (facts.lang !== localeOf[wanted.language]) faults.push(`lang is ${facts.lang}`)
  if (facts.pageWidth > windowWidth) faults.push(`${facts.pageWidth} px wide in a window of ${windowWidth}`)
  faults.push(...facts.broken.map((reference) => `on two lines: ${reference}`))
  if (facts.headings !== 1) faults.push(`${facts.headings} headings of the first level`)
  // What the sandbox says is checked beside its texts: it has no ids.
  const ids = wanted.app === 'sandbox' ? {} : catalogue(wanted.app, wanted.language)
  for (const word of new Set(facts.text.split(/\s+/)))
    if ((word.includes('.') && Object.hasOwn(ids, word)) || /\{\w+\}/.test(word))
      faults.push(`not translated: ${word}`)
  if (wanted.axe) faults.push(...(await axeFaults(page, wanted.axe === 'words')))
  return faults
}

async function axeFaults(page: Page, withoutColours: boolean): Promise<string[]> {
  await page.evaluate(axeSource)
  const violations = (await page.evaluate(`axe.run(document, {
    resultTypes: ['violations'],
    rules: { 'color-contrast': { enabled: ${!withoutColours} } },
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  }).then(({ violations }) => violations.map(({ id, nodes }) => ({
    id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })),
  })))`)) as Violation[]
  // What scrolls under the bar at the foot of a phone is out of reach only until it is scrolled.
  const isCovered = ({ failureSummary = '' }) => failureSummary.includes('partially obscured')
  const real = violations.filter(({ id, nodes }) => id !== 'target-size' || !nodes.every(isCovered))
  return real.map(
    ({ id, nodes }) =>
      `axe ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`).join(' | ')}`,
  )
}
