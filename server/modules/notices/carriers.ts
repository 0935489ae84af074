// The two ways out: an SMS gateway over HTTP, and a mail server over SMTP. Both may be down, slow or lie;
// they throw, and the caller tries again under the same id.
import { createTransport } from 'nodemailer'
import type { Config } from '#platform/config.ts'

export interface Sms {
  /** The same id again is the same message. */
  id: string
  to: string
  text: string
}

export interface Email {
  id: string
  to: string
  subject: string
  text: string
  locale: string
}

export interface Carriers {
  sms(message: Sms): Promise<void>
  email(message: Email): Promise<void>
  close(): void
}

const timeoutMs = 10_000

export function createCarriers(config: Readonly<Config>): Carriers {
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^>\s]+)>?$/.exec(config.mailFrom)?.[1] ?? 'tuntas.example'
  return {
    async sms(message) {
      const response = await fetch(config.smsUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${config.smsSecret}` },
        body: JSON.stringify({ to: message.to, text: message.text, id: message.id }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`the SMS gateway answered ${response.status}`)
    },
    async email(message) {
      await transport.sendMail({
        from: config.mailFrom,
        to: { name: '', address: message.to },
        subject: message.subject,
        text: `${message.text}\n`,
        textEncoding: 'base64',
        messageId: `<${message.id}@${domain}>`,
        // RFC 3834: nothing answers to this by itself.
        headers: {
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
          'Content-Language': message.locale,
        },
      })
    },
    close: () => transport.close(),
  }
}
