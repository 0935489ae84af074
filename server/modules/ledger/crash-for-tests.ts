// For tests only: several processes write one ledger while they and PostgreSQL are killed outright, at random and at every await
// around a commit. Each command is asked again with its key until it is answered; then everything is held against the answers.
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { uuidv7 } from '#contract/ids.ts'
import { systemClock } from '#platform/clock.ts'
import { createDatabase } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'
import { createLoad, currency, leg, type Ask } from './crash-load-for-tests.ts'
import { proveLedger, takenTransfer, type Proof } from './crash-proof-for-tests.ts'
import type { FaultPoint, Said, Told } from './crash-worker-for-tests.ts'
import { createLedger } from './index.ts'

export interface CrashOptions {
  /** May be killed and started again on its data. */
  database: { connectionString: string; kill(): Promise<void>; start(): Promise<void> }
  /** For the seal key and checkpoints. */
  dataFolder: string
  writers: number
  /** How many times something is killed. */
  kills: number
  /** Commands that get their answer between two kills. */
  commandsPerKill: number
  /** Chooses commands and kills: a number from 0 up to 1. */
  random: () => number
  say?: (line: string) => void
}

export interface CrashReport extends Proof {
  kills: { writer: number; atAwait: number; database: number; all: number }
  commands: number
  /** Times that a command was asked again because nobody had answered. */
  askedAgain: number
}

const accountCount = 24
const fundsMinor = 40_000n
const atOnce = 40
const maximumMinor = 60_000n
const mostTries = 4000

/** Every await of a batch: its statements, and what is around its commit. */
export const faultPoints: readonly FaultPoint[] = [
  ...[0, 1, 2, 3, 4].flatMap((step): FaultPoint[] => [
    { at: 'before_statement', step },
    { at: 'after_statement', step },
  ]),
  { at: 'before_commit' },
  { at: 'during_commit' },
  { at: 'after_commit' },
]

interface Writer {
  ask(ask: Ask): Promise<{ outcome: string } | undefined>
  arm(point: FaultPoint): void
  kill(): void
  readonly ended: Promise<void>
}

async function startWriter(connectionString: string, dataFolder: string): Promise<Writer> {
  const script = fileURLToPath(new URL('./crash-worker-for-tests.ts', import.meta.url))
  const child: ChildProcess = fork(script, [connectionString, dataFolder], {
    execArgv: [],
    serialization: 'advanced',
  })
  const waiting = new Map<number, (answer: { outcome: string } | undefined) => void>()
  let next = 0
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      for (const resolveOne of waiting.values()) resolveOne(undefined)
      waiting.clear()
      resolve()
    }),
  )
  child.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', () => reject(new Error('a writer ended before it was ready')))
  })
  child.on('message', (said: Said) => {
    if (!('id' in said)) return
    const resolve = waiting.get(said.id)
    waiting.delete(said.id)
    if ('outcome' in said) resolve?.({ outcome: said.outcome })
    // The command's own fault is an answer. Anything else (nobody knows, too much to do, somebody else has the key) is none.
    else resolve?.(said.fault === takenTransfer ? { outcome: said.fault } : undefined)
  })
  const send = (told: Told) => {
    if (child.connected) child.send(told, () => undefined)
  }
  return {
    ended,
    ask: (ask) =>
      new Promise((resolve) => {
        if (!child.connected || child.exitCode !== null || child.signalCode !== null)
          return resolve(undefined)
        waiting.set(next, resolve)
        send({ do: 'ask', id: next++, ask })
      }),
    arm: (point) => send({ do: 'die', point, afterBatches: 2 }),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Runs it all and proves it; throws what does not hold. */
export async function crashLedger(options: CrashOptions): Promise<CrashReport> {
  const { database, writers: writerCount, random, say = () => undefined } = options
  const { connectionString } = database
  const db = createDatabase({ connectionString, maximumConnections: 2 })
  const ledger = createLedger({ clock: systemClock })
  await migrate(db, new URL('../../../migrations/', import.meta.url))
  const { bank, wallets } = await fund()
  const takenId = (await db.read.one<{ id: string }>('SELECT id FROM ledger.transfers LIMIT 1')).id

  async function fund() {
    const ids = Array.from({ length: accountCount }, () => uuidv7())
    return db.transaction(async (tx) => {
      const from = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency })
      await ledger.openAccounts(
        tx,
        ids.map((id) => ({
          id,
          kind: 'customer_wallet' as const,
          ownerId: uuidv7(),
          currency,
          minimumMinor: 0n,
          maximumMinor,
        })),
      )
      await ledger.post(
        tx,
        ids.map((id) => leg(from, id, fundsMinor)),
      )
      return { bank: from, wallets: ids }
    })
  }

  const load = createLoad({ bank, wallets, takenId, random })
  const writers: Promise<Writer>[] = []
  const startNumber = (number: number) =>
    startWriter(connectionString, number === 0 ? options.dataFolder : '')
  for (let number = 0; number < writerCount; number++) writers.push(startNumber(number))
  await Promise.all(writers)

  const kills = { writer: 0, atAwait: 0, database: 0, all: 0 }
  let askedAgain = 0
  let killed = 0
  let faultAt = 0
  let troubles: Promise<void> = Promise.resolve()
  let isOver = false

  async function askUntilAnswered(ask: Ask): Promise<{ outcome: string; asked: number }> {
    for (let asked = 0; asked < mostTries; asked++) {
      const writer = await writers[Math.floor(random() * writers.length)]!
      const answer = await writer.ask(ask)
      if (answer) return { ...answer, asked }
      askedAgain++
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`asked ${mostTries} times and never answered: ${ask.do}`)
  }

  /** Puts a new process in the place of one that is gone. */
  async function replaceWriter(number: number) {
    // Until it is gone it goes on being asked: one that shall die in a batch needs batches.
    await (
      await writers[number]!
    ).ended
    await (writers[number] = startNumber(number))
  }

  async function killSomething(): Promise<void> {
    const number = killed++ % writerCount
    const victim = await writers[number]!
    const chance = killed % 10
    if (chance === 9) {
      kills.database++
      await database.kill()
      await database.start()
    } else if (chance === 4) {
      kills.all++
      const all = await Promise.all(writers)
      for (const writer of all) writer.kill()
      await database.kill()
      await database.start()
      await Promise.all(all.map((_, index) => replaceWriter(index)))
    } else if (chance === 2 || chance === 7) {
      kills.writer++
      victim.kill()
      await replaceWriter(number)
    } else {
      kills.atAwait++
      victim.arm(faultPoints[faultAt++ % faultPoints.length]!)
      await replaceWriter(number)
    }
    if (killed % 20 === 0)
      say(`${killed} kills, ${load.answers.length} commands answered, ${askedAgain} asked again`)
  }

  async function call(): Promise<void> {
    while (!isOver) {
      const ask = load.next()
      load.learn({ ask, ...(await askUntilAnswered(ask)) })
    }
  }
  // Callers go on while things are killed; the next kill comes after so many more answers.
  const callers = Array.from({ length: atOnce }, call)
  troubles = (async () => {
    for (let wanted = options.commandsPerKill; killed < options.kills; wanted += options.commandsPerKill) {
      while (load.answers.length < wanted) await new Promise((resolve) => setTimeout(resolve, 2))
      await killSomething()
      wanted = Math.max(wanted, load.answers.length)
    }
  })()
  await troubles.finally(() => (isOver = true))
  await Promise.all(callers)

  // Every key keeps its one answer, whoever is asked.
  const keyed = load.answers.filter(({ ask }) => ask.do === 'submit')
  for (let from = 0; from < keyed.length; from += atOnce)
    await Promise.all(
      keyed.slice(from, from + atOnce).map(async ({ ask, outcome }) => {
        assert.equal((await askUntilAnswered(ask)).outcome, outcome)
      }),
    )
  const proof = await proveLedger({
    db,
    ledger,
    bank,
    wallets,
    fundsMinor,
    takenId,
    answers: load.answers,
    dataFolder: options.dataFolder,
  })
  for (const writer of await Promise.all(writers)) writer.kill()
  await Promise.all((await Promise.all(writers)).map((writer) => writer.ended))
  await db.close()
  return { kills, commands: load.answers.length, askedAgain, ...proof }
}
