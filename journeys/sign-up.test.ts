// From nothing to money in the wallet: sign-up by phone in Indonesian on a phone, a top-up that the bank tells twice.
import { expect, it } from 'vitest'
import { balanceMinor, movements } from './lib/customer.ts'
import { bankTransfers } from './lib/sandbox.ts'
import { phone, setStage } from './lib/stage.ts'
import { pattern, rupiah, wordsOf } from './lib/words.ts'

// A fresh installation without demo data: the first customer of all.
const stage = setStage({ empty: true })
const words = wordsOf('wallet', 'id')
const typedNumber = '0812 7766 5544'
const number = '+6281277665544'

it('a person opens a wallet with a phone number and sees money arrive from the bank, once', async () => {
  const { product } = stage
  const { page, complaints } = await stage.open('wallet', { language: 'id', size: phone })
  const world = await stage.open('world', { language: 'id', size: phone })
  const button = (id: string) => page.getByRole('button', { name: words(id), exact: true })

  await page.goto(product.customersUrl)
  expect(await page.locator('html').getAttribute('lang')).toBe('id-ID')
  await button('enter.sign_up').click()
  await page.getByLabel(words('enter.contact')).fill(typedNumber)
  await button('enter.send_code').click()
  await page.getByRole('heading', { name: words('enter.code.title') }).waitFor()

  // The code is read from the phone's page, as a person reads it.
  await world.page.goto(`${product.sandboxUrl}/phone?to=${encodeURIComponent(number)}`)
  const code = await world.page.locator('[data-code]').first().getAttribute('data-code')
  expect(code).toMatch(/^\d{6}$/)

  // A wrong code is refused in words, the right one goes on by itself.
  const wrong = code === '111222' ? '111223' : '111222'
  complaints.expect(403, '/api/sign-up/verify')
  await page.getByLabel(words('enter.code'), { exact: true }).fill(wrong)
  await page.getByText(words('error.code_wrong.title')).waitFor()
  await page.getByLabel(words('enter.code'), { exact: true }).fill(code!)

  await page.getByLabel(words('enter.name')).fill('Sekar Ayuningtyas')
  // A password that everybody takes is refused here, with words how to better it, not after the PIN.
  complaints.expect(422, '/api/sign-up/password')
  await page.getByLabel(words('enter.password'), { exact: true }).fill('rahasia123')
  await button('enter.continue').click()
  await page.getByText('Banyak orang memakai yang ini').waitFor()
  await page.getByLabel(words('enter.password'), { exact: true }).fill('perahu-kertas-hujan')
  await button('enter.continue').click()
  await page.getByLabel(words('enter.pin'), { exact: true }).fill('402917')
  await page.getByLabel(words('enter.pin.again'), { exact: true }).fill('402917')

  await page.getByRole('heading', { name: 'Sekar Ayuningtyas' }).waitFor()
  await page.getByTestId('balance').getByText(rupiah(0)).waitFor()
  await page.getByText(words('history.empty'), { exact: true }).waitFor()

  // The number to send money to.
  await page
    .getByRole('navigation', { name: words('home.ways') })
    .getByText(words('ledge.top_up'))
    .click()
  const shown = page.getByTestId('virtual-account-number').locator('[aria-hidden]')
  await shown.waitFor()
  const account = (await shown.innerText()).replace(/\s/g, '')
  expect(account).toMatch(/^8808\d{12}$/)
  await page.getByText(words('topup.waiting')).waitFor()

  // At the bank: the name is checked before the money goes.
  const bank = world.page
  const transfer = async (rupiahs: string): Promise<void> => {
    await bank.goto(`${product.sandboxUrl}/bank?lang=id-ID`)
    await bank.locator('#virtualAccount').fill(account)
    await bank.locator('#amount').fill(rupiahs)
    await bank.locator('button[type=submit]').click()
    await bank.getByText('Sekar Ayuningtyas').waitFor()
    await bank.locator('button[type=submit]').click()
  }
  await transfer('250.000')

  // It shows itself, without a reload.
  await page.getByText(words('topup.arrived', { amount: rupiah(250_000) })).waitFor()
  await page.getByText(pattern('wallet', 'id', 'topup.balance_now')).waitFor()
  // And what may still come in is what the wallet has room for now.
  await page.getByText(rupiah(1_750_000), { exact: true }).waitFor()

  // The bank really told it twice, and both calls were answered.
  await expect
    .poll(async () => (await bankTransfers(product, account))[0], { timeout: 60_000, interval: 200 })
    .toMatchObject({ state: 'accepted', calls: [{}, {}] })

  await page.goBack()
  await page.getByTestId('balance').getByText(rupiah(250_000)).waitFor()
  await page.getByRole('link', { name: words('home.all') }).click()
  const rows = page.locator('a[href^="/transactions/"]')
  await rows.first().waitFor()
  expect(await rows.count()).toBe(1)
  expect(await movements(product, page)).toMatchObject([
    { kind: 'top_up', state: 'completed', amount: { amountMinor: '25000000' } },
  ])
  expect(await balanceMinor(product, page)).toBe(25_000_000n)

  // More than the wallet may hold: the page that promises to show what arrives shows that too.
  await page.goto(`${product.customersUrl}/top-up`)
  await page.getByText(words('topup.waiting')).waitFor()
  await transfer('1.900.000')
  await page.getByText(words('topup.kept', { amount: rupiah(1_900_000) })).waitFor()
  await page.getByRole('link', { name: words('topup.kept.see') }).click()
  await page.getByText(words('sentence.top_up_held.title')).waitFor()

  // With room for less than the smallest top-up, no amount is named any more.
  await page.goBack()
  await page.getByText(rupiah(1_750_000), { exact: true }).waitFor()
  await transfer('1.745.000')
  await page.getByText(words('topup.full')).waitFor()
  expect(await page.getByText(words('topup.maximum')).count()).toBe(0)

  // A talk about money is with the helper until the customer writes, and then says by itself that staff are asked: also
  // while nobody of the staff is there to take it.
  const [newest] = await movements(product, page)
  await page.goto(`${product.customersUrl}/help/new?about=${newest!.reference}`)
  await page.waitForURL('**/help/chat/*')
  const helper = page.locator('.chat-head').getByText(words('chat.helper'))
  await helper.waitFor()
  await page.getByLabel(words('chat.write')).fill('Apakah ini sudah semua?')
  await page.getByRole('button', { name: words('chat.send') }).click()
  await helper.waitFor({ state: 'detached' })

  // Where there is no transaction, nobody is sent to ask about it: help in general is offered.
  complaints.expect(404, '/api/transactions/')
  await page.goto(`${product.customersUrl}/transactions/PY-0000-0000`)
  await page.getByRole('link', { name: words('status.ask') }).click()
  await page.waitForURL('**/help/new')
})
