// A month's statement with all its entries: the first page with the sums, then the older entries, page by page.

import type { Statement, StatementEntries } from '../../../contract/customer.ts'
import { api } from '../../ui/api.ts'
import { useKept, type KeptRead } from '../data/queries.ts'
import type { StatementMonth } from './months.ts'

const pageSize = 200

async function loadStatement({ from, to }: StatementMonth): Promise<Statement> {
  const statement = await api.get<Statement>('/api/wallet/statement', {
    query: { from, to, limit: pageSize },
  })
  const entries = [...statement.entries]
  let { next } = statement
  while (next) {
    const page = await api.get<StatementEntries>('/api/wallet/statement/entries', {
      query: { after: next, limit: pageSize },
    })
    entries.push(...page.entries)
    next = page.next
  }
  const { next: _read, ...whole } = statement
  return { ...whole, entries }
}

export const useStatement = (month: StatementMonth): KeptRead<Statement> =>
  useKept<Statement>(['statement', month.key], `statement.2.${month.key}`, () => loadStatement(month))
