// The options of `npm test`. An unknown option is refused: a typo must not run less than was meant.

export type Part = 'checks' | 'unit' | 'journeys'
export type ServerKind = 'embedded' | 'debian'

export interface Options {
  parts: readonly Part[]
  /** PostgreSQL servers that the server's tests run on, in this order. */
  servers: readonly ServerKind[]
}

const allParts: readonly Part[] = ['checks', 'unit', 'journeys']
const allServers: readonly ServerKind[] = ['embedded', 'debian']

export const usage = `npm test -- [--only checks|unit|journeys] [--on embedded|debian]

  --only   run one part instead of all three
  --on     run the server's tests on one PostgreSQL instead of both: the one from npm, or Debian's`

/** Reads the arguments. Throws an Error whose message says what is wrong. */
export function readOptions(args: readonly string[]): Options {
  let parts = allParts
  let servers = allServers
  const rest = args.flatMap((arg) => (/^--\w+=/.test(arg) ? arg.split(/=(.*)/s, 2) : [arg]))
  while (rest.length > 0) {
    const name = rest.shift()!
    const value = rest.shift()
    if (name === '--only' && allParts.includes(value as Part)) parts = [value as Part]
    else if (name === '--on' && allServers.includes(value as ServerKind)) servers = [value as ServerKind]
    else throw new Error(`${[name, value].filter(Boolean).join(' ')} is not an option.\n\n${usage}`)
  }
  return { parts, servers }
}
