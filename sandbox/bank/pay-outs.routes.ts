// The bank's SNAP addresses for its partner: token, transfer to any bank, and what became of a transfer. The switches make it slow,
// lose its answer after paying, handle a request twice, or refuse; it never pays a reference twice.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseDecimalAmount, toDecimalAmount } from '../../contract/money.ts'
import type { App } from '../platform/http.ts'
import { wait, type World } from '../platform/world.ts'
import type { PayOut, PayOutOrder, PayOuts } from './pay-outs.ts'
import { snapTime } from './snap-client.ts'
import type { SnapServer } from './snap-server.ts'

const services = { token: '73', transfer: '18', status: '36' } as const
type Service = keyof typeof services

const answers = {
  successful: [200, '00', 'Successful'],
  invalid_field: [400, '01', 'Invalid Field Format'],
  unauthorized: [401, '00', 'Unauthorized.'],
  invalid_token: [401, '01', 'Invalid Token (B2B)'],
  not_found: [404, '01', 'Transaction Not Found'],
  invalid_account: [404, '11', 'Invalid Card/Account/Customer/Virtual Account'],
  duplicate: [409, '01', 'Duplicate partnerReferenceNo'],
} as const

function send(
  reply: FastifyReply,
  service: Service,
  name: keyof typeof answers,
  body: Record<string, unknown> = {},
): FastifyReply {
  const [status, number, responseMessage] = answers[name]
  return reply
    .code(status)
    .header('x-timestamp', snapTime(new Date()))
    .send({ responseCode: `${status}${services[service]}${number}`, responseMessage, ...body })
}

function readOrder(body: unknown): PayOutOrder | undefined {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const word = (name: string, format: RegExp) => {
    const value = fields[name]
    return typeof value === 'string' && format.test(value) ? value : undefined
  }
  const amount = fields['amount'] as { value?: unknown; currency?: unknown } | undefined
  const amountMinor = amount?.currency === 'IDR' ? parseDecimalAmount(amount.value, 'IDR') : undefined
  const partnerReference = word('partnerReferenceNo', /^[A-Za-z0-9]{1,64}$/)
  const bankCode = word('beneficiaryBankCode', /^[0-9]{3,8}$/)
  const accountNumber = word('beneficiaryAccountNo', /^[0-9]{5,34}$/)
  const accountName = word('beneficiaryAccountName', /^.{1,100}$/u)
  if (!word('sourceAccountNo', /^[0-9]{5,19}$/) || !word('transactionDate', /^\d{4}-\d\d-\d\dT[0-9:+]+$/))
    return undefined
  if (!partnerReference || !bankCode || !accountNumber || !accountName || !amountMinor) return undefined
  const { remark } = (fields['additionalInfo'] ?? {}) as { remark?: unknown }
  return {
    partnerReference,
    amountMinor,
    bankCode,
    accountNumber,
    accountName,
    remark: typeof remark === 'string' ? remark.slice(0, 50) : '',
  }
}

const amountOf = (payOut: PayOut) => ({ value: toDecimalAmount(payOut.amount_minor, 'IDR'), currency: 'IDR' })

export function payOutRoutes(app: App, needs: { payOuts: PayOuts; snap: SnapServer; world: World }): void {
  const { payOuts, snap, world } = needs

  app.post('/bank/snap/v1.0/access-token/b2b', async (request, reply) => {
    const token = snap.issueToken(request)
    return token
      ? send(reply, 'token', 'successful', { ...token, tokenType: 'Bearer' })
      : send(reply, 'token', 'unauthorized')
  })

  app.post('/bank/snap/v1.0/transfer-interbank', async (request, reply) => {
    const fault = snap.faultOf(request)
    if (fault) return send(reply, 'transfer', fault)
    const order = readOrder(request.body)
    if (!order) return send(reply, 'transfer', 'invalid_field')
    const { lostAnswer, twice, slowMs } = world.switches.payOuts
    let done = await payOuts.execute(order)
    // The line delivered the request two times, and the answer to the second is the one that is heard.
    if (twice) done = await payOuts.execute(order)
    await wait(slowMs)
    if (lostAnswer) return cutLine(request, reply)
    if (done === 'duplicate') return send(reply, 'transfer', 'duplicate')
    if (done.state === 'refused') return send(reply, 'transfer', 'invalid_account')
    return send(reply, 'transfer', 'successful', {
      referenceNo: done.reference_no,
      partnerReferenceNo: done.partner_reference,
      amount: amountOf(done),
      beneficiaryAccountNo: done.account_number,
      beneficiaryBankCode: done.bank_code,
    })
  })

  app.post('/bank/snap/v1.0/transfer/status', async (request, reply) => {
    const fault = snap.faultOf(request)
    if (fault) return send(reply, 'status', fault)
    const { originalPartnerReferenceNo, serviceCode } = (request.body ?? {}) as Record<string, unknown>
    if (typeof originalPartnerReferenceNo !== 'string' || serviceCode !== services.transfer)
      return send(reply, 'status', 'invalid_field')
    const payOut = await payOuts.find(originalPartnerReferenceNo)
    await wait(world.switches.payOuts.slowMs)
    if (!payOut) return send(reply, 'status', 'not_found')
    return send(reply, 'status', 'successful', {
      originalPartnerReferenceNo: payOut.partner_reference,
      originalReferenceNo: payOut.reference_no,
      serviceCode,
      amount: amountOf(payOut),
      latestTransactionStatus: payOut.state === 'paid' ? '00' : '06',
      transactionStatusDesc: payOut.state === 'paid' ? 'Success' : 'Failed: account not accepted',
    })
  })

  app.get('/bank/api/pay-outs', async () => ({
    payOuts: (await payOuts.list(200)).map((payOut) => ({
      partnerReference: payOut.partner_reference,
      referenceNo: payOut.reference_no,
      amountMinor: payOut.amount_minor.toString(),
      bankCode: payOut.bank_code,
      accountNumber: payOut.account_number,
      accountName: payOut.account_name,
      remark: payOut.remark,
      state: payOut.state,
      asked: payOut.asked,
      inquiries: payOut.inquiries,
    })),
  }))
}

/** Handled, and the answer never arrives. */
function cutLine(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack()
  request.raw.socket.destroy()
  return reply
}
