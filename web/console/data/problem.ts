// A problem as the console shows it. A refusal explains itself; only what went wrong on our side has a reference to quote.

import { ApiProblem, toProblem } from '../../ui/index.ts'

export function shownProblem(error: unknown): ApiProblem {
  const problem = toProblem(error)
  if (problem.status >= 500) return problem
  const { code, title, detail, retry, values, status } = problem
  return new ApiProblem({ code, title, detail, retry, values, status })
}
