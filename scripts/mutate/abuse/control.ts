// How a control is named: the smallest change that takes it out, and the test that must miss it.

/** A piece of a file that stands there once, and what takes its place; or SQL that runs after the migrations. */
export type Part = { file: string; from: string; to: string } | { sql: string }

export interface Control {
  /** The numbers of the cases. */
  cases: string
  control: string
  /** More than one: they stand one behind the other, and only without all of them the abuse comes through. */
  parts: readonly Part[]
  /** `name`: words of the name of the test, or of what it stands in. */
  test: { file: string; name: string }
}

export const inFile = (file: string, from: string, to: string): Part => ({ file, from, to })

export const control = (
  cases: string,
  control: string,
  file: string,
  name: string,
  ...parts: readonly Part[]
): Control => ({ cases, control, parts, test: { file, name } })

const modules = 'server/modules'
export const approvals = `${modules}/approvals`
export const desk = `${modules}/desk`
export const files = `${modules}/files`
export const ledger = `${modules}/ledger`
export const payments = `${modules}/payments`
export const refunds = `${modules}/refunds`
export const staff = `${modules}/staff`
export const wallets = `${modules}/wallets`
