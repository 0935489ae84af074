// The stage of a journey file: one running product, one Chromium, and people with windows of their own.
// Whatever a page complains about (an error in its console, a failed request that nobody expected) fails the journey;
// on a failure each open window is photographed into shots/.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest'
import { repositoryRoot } from '../../scripts/lib/pinned-node.mjs'
import { startProduct, type Product } from './product.ts'
import { watch, type Complaints } from './complaints.ts'
import { localeOf, type Language } from './words.ts'

export const phone = { width: 390, height: 844 }
export const desk = { width: 1440, height: 900 }

export interface Window {
  page: Page
  context: BrowserContext
  complaints: Complaints
}

export interface WindowOptions {
  language: Language
  size: { width: number; height: number }
  scheme?: 'light' | 'dark'
  /** Picture points per CSS point; 1 by default. */
  scale?: number
}

export interface Stage {
  product: Product
  browser: Browser
  /** A person's own window, with nothing remembered; named for its picture, closed with the test unless the file says otherwise. */
  open(name: string, options: WindowOptions): Promise<Window>
}

/**
 * What the browser does not need here. The first two are pages of the address bar, which nobody sees and each window would
 * load; the others are those that Playwright turns off itself, for one list takes the place of another.
 */
const withoutFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
]

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${withoutFeatures.join(',')}`,
    ],
  })
}

export async function openWindow(browser: Browser, options: WindowOptions): Promise<Window> {
  const { language, size, scheme = 'light', scale = 1 } = options
  const isPhone = size.width < 600
  const context = await browser.newContext({
    locale: localeOf[language],
    viewport: size,
    timezoneId: 'Asia/Jakarta',
    colorScheme: scheme,
    deviceScaleFactor: scale,
    hasTouch: isPhone,
    isMobile: isPhone,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(60_000)
  const complaints = watch(context)
  return { page: await context.newPage(), context, complaints }
}

/** Call once at the top of a journey file; what it answers is filled before the first test. */
export function setStage(options: { empty?: boolean; keepsWindows?: boolean } = {}): Stage {
  const windows = new Map<string, Window>()
  const stage = {
    async open(name: string, wanted: WindowOptions) {
      const window = await openWindow(stage.browser, wanted)
      windows.set(name, window)
      return window
    },
  } as Stage

  beforeAll(async () => {
    const start = options.empty ? { empty: true } : { copyOf: inject('preparedData') }
    const [product, browser] = await Promise.all([startProduct(start), launchBrowser()])
    Object.assign(stage, { product, browser })
  })

  // What one journey killed and did not start again must not fail the next one.
  beforeEach(() => stage.product.ensureRunning())

  afterEach(async ({ task }) => {
    const complaints = [...windows].flatMap(([name, window]) =>
      window.complaints.take().map((complaint) => `${name}: ${complaint}`),
    )
    if (task.result?.state === 'fail' || complaints.length > 0) await photograph(windows, task.name)
    if (!options.keepsWindows) {
      await Promise.all([...windows.values()].map(({ context }) => context.close()))
      windows.clear()
    }
    expect(complaints).toEqual([])
  })

  afterAll(async () => {
    await stage.browser?.close()
    await stage.product?.dispose()
  })
  return stage
}

async function photograph(windows: ReadonlyMap<string, Window>, title: string): Promise<void> {
  const folder = path.join(repositoryRoot, 'shots')
  mkdirSync(folder, { recursive: true })
  const slug = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 80)
  const pictures = [...windows].flatMap(([name, { context }]) =>
    context.pages().map((page, index) =>
      page.screenshot({
        path: path.join(folder, `${slug(title)}-${slug(name)}-${index}.png`),
        timeout: 5000,
      }),
    ),
  )
  await Promise.allSettled(pictures)
}
