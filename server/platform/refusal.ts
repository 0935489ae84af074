// A refusal on the merits or by the rules: an expected answer, not a fault. Carries a code of the catalogue.
import { problemOf, type ErrorCode, type Problem, type ProblemValues } from '#contract/errors.ts'

export class Refusal extends Error {
  readonly code: ErrorCode
  readonly values: ProblemValues | undefined
  readonly detail: string | undefined

  constructor(code: ErrorCode, values?: ProblemValues, detail?: string) {
    super(detail ? `${code}: ${detail}` : code)
    this.name = 'Refusal'
    this.code = code
    this.values = values
    this.detail = detail
  }

  toProblem(instance?: string): Problem {
    return problemOf(this.code, {
      ...(this.detail ? { detail: this.detail } : {}),
      ...(this.values ? { values: this.values } : {}),
      ...(instance ? { instance } : {}),
    })
  }
}
