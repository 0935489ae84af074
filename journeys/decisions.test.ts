// Money above the limit whose shop stays silent, as two agents meet at it: one asks a second person and reads that nothing has
// moved yet, the other one hears that a colleague was quicker. What is decided or was never there is told once, in one sentence.
import { expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { bagus, dewi, signInAtConsole, typePasswordAgain } from './lib/agent.ts'
import { signInStaff } from './lib/desk-api.ts'
import { moveTime } from './lib/sandbox.ts'
import { desk, setStage } from './lib/stage.ts'
import { pattern, wordsOf } from './lib/words.ts'

const stage = setStage()
const en = wordsOf('console', 'en')
const giveBack = pattern('console', 'en', 'decision.way.return')

async function writeWhy(page: Page, note: string): Promise<void> {
  await page.getByRole('button', { name: giveBack }).click()
  await page.getByLabel(en('decision.note')).fill(note)
}

async function send(page: Page): Promise<void> {
  await page.locator('.note-form').getByRole('button', { name: giveBack }).click()
  await typePasswordAgain(page, 'en')
}

it('two agents give the same payment of a silent shop back: one asks a second person, the other one hears it', async () => {
  const { product } = stage
  // Past the time that its shop had.
  await moveTime(product, 3 * 60)
  const [first, second] = [
    await stage.open('agent', { language: 'en', size: desk }),
    await stage.open('lead', { language: 'en', size: desk }),
  ]
  await signInAtConsole(product, first.page, 'en', bagus.email)
  await signInAtConsole(product, second.page, 'en', dewi.email)
  await first.page.goto(`${product.agentsUrl}/decisions`)
  const row = first.page
    .locator('.work-row')
    .filter({ hasText: en('decision.kind.silent_shop') })
    .first()
  const reference = await row.locator('.tag').innerText()
  await row.click()
  await writeWhy(first.page, 'The shop is closed.')

  // The colleague's page is a moment behind: it still shows what the list was before the first one pressed.
  await second.page.goto(`${product.agentsUrl}/decisions/${reference}`)
  await writeWhy(second.page, 'Nobody answers there.')
  const before = await (await second.page.request.get(`${product.agentsUrl}/api/decisions`)).text()
  await second.page.route('**/api/decisions', (route) =>
    route.fulfill({ contentType: 'application/json', body: before }),
  )

  await send(first.page)
  await first.page.getByText(en('decision.done.asked')).waitFor()
  await first.page.getByText(en('decision.done.return')).waitFor()
  second.complaints.expect(409, `/api/decisions/silent-shop/${reference}`)
  await send(second.page)
  await second.page.getByText(en('error.conflict.title')).waitFor()
  expect(await second.page.getByText(en('decision.done.asked')).count()).toBe(0)

  const staff = await signInStaff(product, dewi.email)
  const { approvals } = await staff.get<{ approvals: { reference: string; reason: string }[] }>(
    '/api/approvals?view=waiting',
  )
  expect(approvals.filter((each) => each.reference === reference)).toMatchObject([
    { reason: 'The shop is closed.' },
  ])
  await first.page.getByRole('link', { name: en('decision.done.asked.see') }).click()
  await first.page.waitForURL('**/approvals')

  // By its address it is found again as what it is: nothing to decide, and where to look.
  await first.page.goto(`${product.agentsUrl}/decisions/${reference}`)
  await first.page.getByText(en('decision.closed')).waitFor()
  await first.page.getByRole('link', { name: en('decision.closed.cases') }).waitFor()
  first.complaints.expect(404, '/api/refunds/RF-NOPE-NOPE')
  await first.page.goto(`${product.agentsUrl}/decisions/RF-NOPE-NOPE`)
  await first.page.getByText(en('error.not_found.title')).waitFor()
  for (const other of ['decision.closed', 'decision.gone'] as const)
    expect(await first.page.getByText(en(other)).count()).toBe(0)
})
