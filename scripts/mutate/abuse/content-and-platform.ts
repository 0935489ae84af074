// What is written is never run, and only our own pages are heard (C1, C12, P1, P2).
import { control, type Control, desk, inFile } from './control.ts'

export const contentAndPlatform: readonly Control[] = [
  control(
    'C1',
    'pages of the sandbox escape what they are given',
    'sandbox/sandbox.test.ts',
    'C1 escapes whatever it is sent',
    inFile('sandbox/platform/html.ts', 'return escapeHtml(String(part))', 'return String(part)'),
  ),
  control(
    'C1',
    'answers are not guessed to be pages',
    `${desk}/abuse.test.ts`,
    'is answered as JSON that no browser takes for a page',
    inFile(
      'server/platform/http.ts',
      'reply.headers(request.routeOptions.config.answersData ? data : page)',
      'void [data, page]',
    ),
  ),
  control(
    'C12',
    'the digits with which a message ends are known in the next',
    `${desk}/abuse.test.ts`,
    'C12 a secret split over two messages',
    inFile(`${desk}/send-messages.ts`, ', tail: record.digitsTail', ''),
  ),
  control(
    'C12',
    'a code that is announced is known in the next message',
    `${desk}/abuse.test.ts`,
    'C12 a secret split over two messages',
    inFile(`${desk}/send-messages.ts`, 'expectsCode: record.expectsCode,', 'expectsCode: false,'),
  ),
  control(
    'C12',
    'what was begun is kept with the conversation',
    `${desk}/abuse.test.ts`,
    'C12 a secret split over two messages',
    inFile(
      `${desk}/desk.sql.ts`,
      ', expects_code = changed.expects_code, digits_tail = changed.digits_tail',
      '',
    ),
  ),
  control(
    'C12',
    'pieces are looked at together',
    `${desk}/redact-split.rules.test.ts`,
    'a number in pieces (C12)',
    inFile(`${desk}/redact.rules.ts`, "...findSplit(plain, previous?.tail ?? ''),", ''),
  ),
  control(
    'C12',
    'a code alone after talk of one is taken out',
    `${desk}/redact.rules.test.ts`,
    'a code in the message after (C12)',
    inFile(
      `${desk}/redact.rules.ts`,
      "if (alone) spans.push({ from: alone.from, to: alone.to, kind: 'code' })",
      '',
    ),
  ),
  control(
    'P1',
    'the origin is ours',
    'server/platform/http.test.ts',
    'P1 a request that changes something',
    inFile(
      'server/platform/http.ts',
      "if (origin !== undefined && origin !== new URL(publicUrl).origin) throw new Refusal('origin_refused')",
      '',
    ),
  ),
  control(
    'P1',
    'a header that forms cannot set',
    'server/platform/http.test.ts',
    'P1 a request that changes something',
    inFile('server/platform/http.ts', "if (request.headers['x-tuntas-csrf'] !== '1')", 'if (false)'),
  ),
  control(
    'P1',
    'no content type that forms can send',
    'server/platform/http.test.ts',
    'P1 a request that changes something',
    inFile('server/platform/http.ts', "app.removeContentTypeParser('text/plain')", ''),
  ),
  control(
    'P2',
    'the origin of a live connection is ours',
    'server/platform/live.test.ts',
    'a page of another site (P2)',
    inFile(
      'server/platform/live.ts',
      'if (request.headers.origin !== undefined && request.headers.origin !== origin)',
      'if (false)',
    ),
  ),
]
