// A real SMTP server: takes every e-mail for anybody, keeps its text. HTML is never shown, so nothing in it can run.
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { wait, type World } from '../platform/world.ts'
import type { Inbox } from './inbox.ts'

export interface MailServer {
  port: number
  close(): Promise<void>
}

class TemporarilyDown extends Error {
  readonly responseCode = 451
}

export async function startMailServer(
  options: { host: string; port: number },
  world: World,
  inbox: Inbox,
): Promise<MailServer> {
  const server = new SMTPServer({
    name: 'sandbox.tuntas.example',
    banner: 'Tuntas sandbox: takes all mail, delivers none',
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: 5 * 1024 * 1024,
    disableReverseLookup: true,
    onMailFrom(_address, _session, done) {
      if (world.switches.messages.up) done()
      else done(new TemporarilyDown('4.3.2 switched off in the sandbox'))
    },
    onData(stream, session, done) {
      async function take() {
        const mail = await simpleParser(stream)
        await wait(world.switches.messages.slowMs)
        for (const { address } of session.envelope.rcptTo)
          await inbox.receive({
            channel: 'email',
            to: address,
            from: mail.from?.text ?? '',
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            messageId: mail.messageId && `${mail.messageId.slice(0, 300)} ${address}`,
          })
      }
      take().then(
        () => done(),
        () => done(new TemporarilyDown('4.3.0 could not be kept')),
      )
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(options.port, options.host, () => resolve())
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
