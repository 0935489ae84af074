import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { readConfig } from '#platform/config.ts'
import { createCarriers } from './carriers.ts'

const config = readConfig({ TUNTAS_SANDBOX: 'on', TUNTAS_PEPPER: Buffer.alloc(32, 7).toString('base64') })
const cleanups: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function gateway(status: number) {
  const requests: { headers: IncomingMessage['headers']; body: unknown; method: string | undefined }[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
    request.on('end', () => {
      requests.push({ headers: request.headers, method: request.method, body: JSON.parse(text) })
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/' } : {}).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())))
  const { port } = server.address() as AddressInfo
  const carriers = createCarriers({
    ...config,
    smsUrl: `http://127.0.0.1:${port}/phone/sms`,
    smsSecret: 'a secret',
  })
  cleanups.push(() => carriers.close())
  return { requests, carriers }
}

const text = 'Tuntas：482913 是您的开户验证码，5 分钟内有效。'

describe('SMS', () => {
  test('is posted as JSON with the gateway secret', async () => {
    const { requests, carriers } = await gateway(202)
    await carriers.sms({ id: 'message-1', to: '+6281234567890', text })
    expect(requests).toMatchObject([
      {
        method: 'POST',
        headers: { authorization: 'Bearer a secret', 'content-type': 'application/json' },
        body: { id: 'message-1', to: '+6281234567890', text },
      },
    ])
  })
  test.each([500, 429, 401, 302])('an answer %i is no delivery', async (status) => {
    const { carriers } = await gateway(status)
    await expect(carriers.sms({ id: 'message-1', to: '+6281234567890', text })).rejects.toThrow(
      /answered|fetch failed/,
    )
  })
})

describe('e-mail', () => {
  async function mailServer(refuse = false) {
    const received: Buffer[] = []
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onData(stream, _session, done) {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
        stream.on('end', () => {
          received.push(Buffer.concat(chunks))
          done(refuse ? new Error('mailbox full') : null)
        })
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    cleanups.push(() => new Promise((resolve) => server.close(() => resolve())))
    const { port } = server.server.address() as AddressInfo
    const carriers = createCarriers({ ...config, smtpUrl: `smtp://127.0.0.1:${port}` })
    cleanups.push(() => carriers.close())
    return { mails: () => Promise.all(received.map((raw) => simpleParser(raw))), carriers }
  }
  const mail = {
    id: 'message-1',
    to: 'ayu@contoh.example',
    subject: '您的 Tuntas 开户验证码',
    text,
    locale: 'zh-CN',
  }

  test('goes out as plain text that nothing answers by itself', async () => {
    const { mails, carriers } = await mailServer()
    await carriers.email(mail)
    const [got, ...more] = await mails()
    expect(more).toEqual([])
    expect(got!.text?.trim()).toBe(text)
    expect(got!.html).toBe(false)
    expect(got!.subject).toBe(mail.subject)
    expect(got!.from?.text).toBe(config.mailFrom.replace(/^(\w+) /, '"$1" '))
    expect([got!.to].flat()[0]?.text).toBe(mail.to)
    expect(got!.headers.get('auto-submitted')).toBe('auto-generated')
    expect(got!.headers.get('content-type')).toMatchObject({
      value: 'text/plain',
      params: { charset: 'utf-8' },
    })
    expect(got!.messageId).toBe('<message-1@tuntas.example>')
  })

  test('C7 a line break in the subject or the address makes no header of its own', async () => {
    const { mails, carriers } = await mailServer()
    await carriers.email({ ...mail, subject: 'Hello\r\nBcc: other@contoh.example' })
    await carriers
      .email({ ...mail, to: 'ayu@contoh.example\r\nBcc: other@contoh.example' })
      .catch(() => undefined)
    const got = await mails()
    expect(got.length).toBeGreaterThan(0)
    expect(got.filter((mail) => mail.headers.has('bcc'))).toEqual([])
  })

  test('a refusal or a closed door of the mail server is no delivery', async () => {
    const { carriers } = await mailServer(true)
    await expect(carriers.email(mail)).rejects.toThrow('mailbox full')
    const nowhere = createCarriers({ ...config, smtpUrl: 'smtp://127.0.0.1:1' })
    await expect(nowhere.email(mail)).rejects.toThrow(/ECONNREFUSED/)
  })
})
