// The bank's addresses: the form, its check, the transfer; and the same as JSON for tests.
import { Type } from 'typebox'
import type { App } from '../platform/http.ts'
import { readLanguage } from '../platform/language.ts'
import { sendPage } from '../platform/page.ts'
import { bankPage, checkPage, transferList } from './bank.pages.ts'
import { accountDigits, type Bank } from './bank.ts'
import { payOutList } from './pay-outs.pages.ts'
import type { PayOuts } from './pay-outs.ts'

const maximumRupiah = 1_000_000_000n

/** Whole rupiah as a person types them (`250.000`) in minor units; undefined when it is no amount. */
export function readAmount(text: string): bigint | undefined {
  const digits = text.replace(/^rp/i, '').replace(/[\s.,\u00a0]/g, '')
  if (!/^[0-9]{1,10}$/.test(digits)) return undefined
  const rupiah = BigInt(digits)
  return rupiah >= 1n && rupiah <= maximumRupiah ? rupiah * 100n : undefined
}

const text = (maxLength: number) => Type.String({ maxLength })
const DraftSchema = Type.Object({ virtualAccount: text(40), amount: text(20) })
const TransferSchema = Type.Object({
  virtualAccount: text(40),
  amount: text(20),
  name: text(255),
  requestId: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
})

export function bankRoutes(app: App, needs: { bank: Bank; payOuts: PayOuts }): void {
  const { bank, payOuts } = needs
  const empty = { virtualAccount: '', amount: '' }

  app.get('/bank', async (request, reply) => {
    const locale = readLanguage(request, reply)
    const query = request.query as Partial<Record<string, unknown>>
    const word = (value: unknown) => (typeof value === 'string' ? value.slice(0, 40) : '')
    const draft = { virtualAccount: word(query['virtualAccount']), amount: word(query['amount']) }
    return sendPage(
      reply,
      bankPage({
        locale,
        draft,
        sent: 'sent' in query,
        transfers: await bank.transfers(),
        payOuts: await payOuts.list(),
      }),
    )
  })
  app.get('/bank/content', async (request, reply) =>
    sendPage(reply, transferList(readLanguage(request, reply), await bank.transfers())),
  )

  app.get('/bank/pay-outs', async (request, reply) =>
    sendPage(reply, payOutList(readLanguage(request, reply), await payOuts.list())),
  )

  app.post('/bank/check', { schema: { body: DraftSchema } }, async (request, reply) => {
    const locale = readLanguage(request, reply)
    const draft = {
      virtualAccount: accountDigits(request.body.virtualAccount),
      amount: request.body.amount.trim(),
    }
    const amountMinor = readAmount(draft.amount)
    const recipient = amountMinor === undefined ? undefined : await bank.inquire(draft.virtualAccount)
    if (amountMinor !== undefined && recipient?.found)
      return sendPage(reply, checkPage(locale, draft, recipient, amountMinor))
    const error = recipient && !recipient.found ? recipient.reason : 'amount'
    return sendPage(
      reply,
      bankPage({ locale, draft, error, transfers: await bank.transfers(), payOuts: await payOuts.list() }),
      422,
    )
  })

  app.post('/bank/transfers', { schema: { body: TransferSchema } }, async (request, reply) => {
    const { name, requestId } = request.body
    const virtualAccount = accountDigits(request.body.virtualAccount)
    const amountMinor = readAmount(request.body.amount)
    if (amountMinor === undefined || !/^8808[0-9]{12}$/.test(virtualAccount)) {
      const page = bankPage({
        locale: readLanguage(request, reply),
        draft: empty,
        error: amountMinor === undefined ? 'amount' : 'unknown',
        transfers: await bank.transfers(),
        payOuts: await payOuts.list(),
      })
      return sendPage(reply, page, 422)
    }
    await bank.transfer({ virtualAccount, name, amountMinor, requestId })
    return reply.redirect('/bank?sent', 303)
  })

  const ApiSchema = Type.Object({
    virtualAccountNumber: text(40),
    amountMinor: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }),
  })
  app.post('/bank/api/transfers', { schema: { body: ApiSchema } }, async (request, reply) => {
    const virtualAccount = accountDigits(request.body.virtualAccountNumber)
    const recipient = await bank.inquire(virtualAccount)
    if (!recipient.found)
      return reply.code(recipient.reason === 'unknown' ? 404 : 502).send({ error: recipient.reason })
    const { name, requestId } = recipient
    const id = await bank.transfer({
      virtualAccount,
      name,
      amountMinor: BigInt(request.body.amountMinor),
      requestId,
    })
    return reply.code(201).send({ id, name, requestId })
  })
  app.get('/bank/api/transfers', async () => ({
    transfers: (await bank.transfers(200)).map((transfer) => ({
      id: transfer.id,
      virtualAccountNumber: transfer.virtual_account,
      name: transfer.account_name,
      amountMinor: transfer.amount_minor.toString(),
      requestId: transfer.payment_request_id,
      state: transfer.state,
      calls: transfer.history,
    })),
  }))
}
