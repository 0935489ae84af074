// Every component in every state, looked at by axe in a real browser: both schemes, three languages, large type.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGallery, type GalleryBrowser } from '../../vite/gallery-browser.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const phone = { width: 390, height: 844 }
const small = { width: 320, height: 640 }
const desk = { width: 1440, height: 900 }

type Finding = { rule: string; impact: string; nodes: string[] }
let gallery: GalleryBrowser

beforeAll(async () => {
  gallery = await openGallery()
})
afterAll(() => gallery?.close())

async function open(wish: string, viewport: { width: number; height: number }) {
  const page = await gallery.browser.newPage({ viewport, reducedMotion: 'reduce' })
  page.setDefaultTimeout(120_000)
  await page.goto(`${gallery.address}?${wish}`)
  await page.waitForSelector('html[data-ready]')
  await page.evaluate(() => document.fonts.ready)
  return page
}

async function findings(page: Awaited<ReturnType<typeof open>>): Promise<Finding[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          root: Document,
          options: object,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
      }
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const result = await axe.run(document, { runOnly: { type: 'tag', values: tags } })
    return result.violations.map(({ id, impact, nodes }) => ({
      rule: id,
      impact,
      nodes: nodes.map(({ html }) => html.slice(0, 200)),
    }))
  })
}

describe('the gallery has no accessibility fault', () => {
  it.each([
    ['lang=en&scheme=light', phone],
    ['lang=id&scheme=dark', phone],
    ['lang=zh&scheme=light&type=larger', phone],
    ['lang=id&scheme=dark&type=large', small],
    ['lang=en&scheme=dark&density=compact', desk],
    ['lang=zh&scheme=dark&type=larger', desk],
  ])('%s, %o', async (wish, viewport) => {
    const page = await open(wish, viewport)
    expect(await findings(page)).toEqual([])
    await page.close()
  })

  it('with a sheet open, focus starts on its title and stays inside, and Escape gives it back', async () => {
    const page = await open('lang=en', phone)
    await page.click('.open-sheet')
    await page.waitForSelector('dialog[open]')
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('sheet-title')
    expect(await findings(page)).toEqual([])
    for (let press = 0; press < 6; press++) {
      await page.keyboard.press('Tab')
      expect(
        await page.evaluate(
          () =>
            !document.activeElement ||
            document.activeElement === document.body ||
            Boolean(document.activeElement.closest('dialog')),
        ),
      ).toBe(true)
    }
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.classList.contains('open-sheet'))).toBe(true)
    await page.close()
  })
})

describe('nothing is cut', () => {
  it.each([
    ['lang=id&type=larger', small],
    ['lang=en&type=larger', phone],
    ['lang=zh&type=large', small],
    ['lang=en', small],
  ])('%s, %o, needs no sideways scrolling', async (wish, viewport) => {
    const page = await open(wish, viewport)
    const widths = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      window: innerWidth,
    }))
    expect(widths.page).toBe(widths.window)
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.money > [aria-hidden], .btn-face, .st, .hop-t')]
        .filter(
          (element) =>
            element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline',
        )
        .map((element) => element.outerHTML.slice(0, 120)),
    )
    expect(cut).toEqual([])
    await page.close()
  })
})

describe('fields', () => {
  it('a PIN can be pasted, a rupiah amount is grouped as it is typed', async () => {
    const page = await open('lang=en', phone)
    const pin = page.getByLabel('PIN', { exact: true })
    await pin.focus()
    await page.evaluate(() => document.execCommand('insertText', false, '48 20 17'))
    expect(await pin.inputValue()).toBe('482017')
    const amount = page.getByLabel('You can spend')
    await amount.fill('')
    await amount.pressSequentially('1250000')
    expect(await amount.inputValue()).toBe('1.250.000')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Backspace')
    await page.keyboard.type('9')
    expect(await amount.inputValue()).toBe('1.250.090')
    await page.close()
  })
})
