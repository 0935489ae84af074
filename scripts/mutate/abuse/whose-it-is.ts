// What keeps customers and shops to what is theirs (R1 to R3).
import { control, type Control, desk, files, inFile, payments, refunds } from './control.ts'

const cases = `${desk}/cases.test.ts`

export const whoseItIs: readonly Control[] = [
  control(
    'R1',
    'a conversation is opened about one’s own money alone',
    cases,
    'R1 nobody opens a case about the money of somebody else',
    inFile(
      `${desk}/open-conversation.ts`,
      "if (about !== undefined && !detail) throw new Refusal('not_found')",
      '',
    ),
  ),
  control(
    'R1 R3',
    'a conversation is read and marked by its customer alone',
    cases,
    'R1 R3 another customer',
    inFile(
      `${desk}/conversation.routes.ts`,
      'if (!record || record.customerId !== customerId)',
      'if (!record)',
    ),
  ),
  control(
    'R1',
    'its customer alone writes into a conversation',
    cases,
    'R1 R3 another customer',
    inFile(
      `${desk}/send-messages.ts`,
      "if (record.customerId !== sender.id) throw new Refusal('not_found')",
      '',
    ),
  ),
  control(
    'R1',
    'a choice is its customer’s',
    `${desk}/choose.test.ts`,
    'R1 nobody chooses in the case of somebody else',
    inFile(`${desk}/choose.ts`, 'if (!record || record.customerId !== customerId)', 'if (!record)'),
  ),
  control(
    'R1',
    'a choice is about money that the case holds',
    `${desk}/choose.test.ts`,
    'R1 nobody chooses in the case of somebody else',
    inFile(
      `${desk}/choose.ts`,
      "if (!(await readReferences(tx, [record.id])).get(record.id)?.includes(reference))\n      throw new Refusal('not_found')",
      '',
    ),
  ),
  ...['R1 is given by its customer alone', 'R1 is said by its customer alone'].map((name) =>
    control(
      'R1',
      'a rating and "not solved" are its customer’s',
      `${desk}/closing.test.ts`,
      name,
      inFile(
        `${desk}/close-and-reopen.ts`,
        'if (!record || record.customerId !== customerId)',
        'if (!record)',
      ),
    ),
  ),
  control(
    'R1',
    'the trace of a payment is its customer’s',
    `${payments}/payments.test.ts`,
    'R1 nobody reads another customer’s payment',
    inFile(
      `${payments}/index.ts`,
      'if (!payment || payment.customerId !== customerId) return undefined',
      'if (!payment) return undefined',
    ),
  ),
  control(
    'R1',
    'a refund is asked for by whose payment it is',
    `${refunds}/refund.routes.test.ts`,
    'R1 ask and withdraw nothing of somebody else',
    inFile(
      `${refunds}/refund.routes.ts`,
      "if ((await platform.references.ownerOf(payment)) !== customerId) throw new Refusal('not_found')",
      '',
    ),
  ),
  control(
    'R1',
    'a refund is withdrawn by its customer',
    `${refunds}/refund.routes.test.ts`,
    'R1 ask and withdraw nothing of somebody else',
    inFile(
      `${refunds}/answer-refund.ts`,
      'if (!found || found.refund.customerId !== customerId)',
      'if (!found)',
    ),
  ),
  control(
    'R1',
    'a refund is answered by its shop',
    `${refunds}/refund.routes.test.ts`,
    'R1 see and answer nothing of another shop',
    inFile(
      `${refunds}/answer-refund.ts`,
      'if (!found || found.refund.merchantId !== merchantId)',
      'if (!found)',
    ),
    inFile(
      `${refunds}/shop.routes.ts`,
      'if (!refund || refund.merchantId !== caller.merchantOf(request))',
      'if (!refund)',
    ),
  ),
  control(
    'R2',
    'a file is read by its customer',
    `${files}/files.test.ts`,
    'another customer’s file is answered as none at all (R2)',
    inFile(
      `${files}/index.ts`,
      'if ((await store.readOwner(db.read, fileId)) !== customerId) return undefined',
      '',
    ),
  ),
  control(
    'R2',
    'a message carries files of its customer',
    `${desk}/files.test.ts`,
    'with another customer’s picture is refused as with none',
    inFile(`${files}/link-files.ts`, "if (!ids.every(isTheirs)) throw new Refusal('file_missing')", ''),
  ),
  control(
    'R2',
    'a message says nothing but what its schema knows',
    `${desk}/abuse.test.ts`,
    'come as the customer’s own files or not at all',
    inFile(
      'contract/desk.ts',
      'files: Type.Optional(fileIdsOf(fileLimits.perMessage)),\n  },\n  { additionalProperties: false },',
      'files: Type.Optional(fileIdsOf(fileLimits.perMessage)),\n  },',
    ),
  ),
  control(
    'R3',
    'a cursor counts within one conversation',
    cases,
    'R3 a cursor counts within one’s own conversation',
    inFile(
      `${desk}/message.sql.ts`,
      'WHERE conversation_id = $1 AND sequence > $2 AND ($4',
      'WHERE $1::uuid IS NOT NULL AND sequence > $2 AND ($4',
    ),
  ),
  control(
    'R3',
    'whose it is comes before what was stored under the id',
    cases,
    'R3 a stranger',
    inFile(
      `${desk}/send-messages.ts`,
      'const first = known.get(key)',
      'const first = known.get(key)\n      if (first) return presentMessage(first)',
    ),
  ),
  control(
    'R3 R12',
    'search leaves out the searcher’s own wallet',
    cases,
    'R12 R3 lists and search',
    inFile(
      `${desk}/queue.sql.ts`,
      '($5::uuid IS NULL OR "case".customer_id <> $5)',
      '($5::uuid IS NULL OR true)',
    ),
  ),
  control(
    'R3 R12',
    'lists leave out the reader’s own wallet',
    cases,
    'R12 R3 lists and search',
    inFile(
      `${desk}/queue.sql.ts`,
      '($7::uuid IS NULL OR "case".customer_id <> $7)',
      '($7::uuid IS NULL OR true)',
    ),
  ),
]
