// For tests only: several processes write one ledger while they and PostgreSQL are killed outright, at random and at every await
// around a commit. Each command is asked again with its key until it is answered; then everything is held against the answers.
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { uuidv7 } from '#contract/ids.ts'
import { systemClock } from '#platform/clock.ts'
import { createDatabase } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'
import type { FaultPoint, Said, Told } from './crash-worker-for-tests.ts'
import {
  createLedger,
  createSeals,
  readPublicKeys,
  sealPlaces,
  verifyLedger,
  type Checkpoint,
  type TransferCommand,
  type PostableTransfer,
} from './index.ts'

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

export interface CrashReport {
  kills: { writer: number; atAwait: number; database: number; all: number }
  commands: number
  posted: number
  refused: number
  broken: number
  /** Times that a command was asked again because nobody had answered. */
  askedAgain: number
  sealedTransfers: bigint
  checkpoints: number
}

const accountCount = 24
const fundsMinor = 40_000n
const currency = 'IDR' as const
const atOnce = 40
const maximumMinor = 60_000n
const mostTries = 1000
const takenId = 'broken: transfers_pkey'

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
  ask(command: TransferCommand): Promise<{ outcome: string } | undefined>
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
    else resolve?.(said.fault === takenId ? { outcome: said.fault } : undefined)
  })
  const send = (told: Told) => {
    if (child.connected) child.send(told, () => undefined)
  }
  return {
    ended,
    ask: (command) =>
      new Promise((resolve) => {
        if (!child.connected || child.exitCode !== null || child.signalCode !== null)
          return resolve(undefined)
        waiting.set(next, resolve)
        send({ do: 'submit', id: next++, command })
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
  const firstTransfer = (await db.read.one<{ id: string }>('SELECT id FROM ledger.transfers LIMIT 1')).id

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

  function leg(debitAccountId: string, creditAccountId: string, amountMinor: bigint): PostableTransfer {
    return {
      id: uuidv7(),
      debitAccountId,
      creditAccountId,
      amountMinor,
      currency,
      kind: 'crash',
      reference: 'TN-TEST-0001',
      effectiveAt: new Date(),
    }
  }
  const pick = (except?: string): string => {
    const found = wallets[Math.floor(random() * wallets.length)]!
    return found === except ? pick(except) : found
  }
  const amount = () => BigInt(1 + Math.floor(random() * 900))

  function nextCommand(): TransferCommand {
    const from = pick()
    const command = { ownerId: from, key: uuidv7() }
    const chance = random()
    // Breaks its batch: the id is taken.
    if (chance < 0.02) return { ...command, transfers: [{ ...leg(from, pick(from), 1n), id: firstTransfer }] }
    // Half of what follows meets the same two accounts.
    if (chance < 0.3)
      return { ...command, transfers: [leg(from, from === wallets[0] ? wallets[1]! : wallets[0]!, amount())] }
    if (chance < 0.5) {
      const path = [from, pick(from)]
      while (path.length < 5) path.push(pick(path.at(-1)))
      const same = amount()
      return { ...command, transfers: path.slice(1).map((to, index) => leg(path[index]!, to, same)) }
    }
    if (chance < 0.6) return { ...command, transfers: [leg(bank, from, amount())] }
    if (chance < 0.7) return { ...command, transfers: [leg(from, bank, amount())] }
    return { ...command, transfers: [leg(from, pick(from), amount())] }
  }

  const writers: Promise<Writer>[] = []
  const startNumber = (number: number) =>
    startWriter(connectionString, number === 0 ? options.dataFolder : '')
  for (let number = 0; number < writerCount; number++) writers.push(startNumber(number))
  await Promise.all(writers)

  const report: CrashReport = {
    kills: { writer: 0, atAwait: 0, database: 0, all: 0 },
    commands: 0,
    posted: 0,
    refused: 0,
    broken: 0,
    askedAgain: 0,
    sealedTransfers: 0n,
    checkpoints: 0,
  }
  const answers: { command: TransferCommand; outcome: string }[] = []
  let killed = 0
  let faultAt = 0
  let troubles: Promise<void> = Promise.resolve()
  let isOver = false

  async function askUntilAnswered(command: TransferCommand): Promise<string> {
    for (let tries = 0; tries < mostTries; tries++) {
      const writer = await writers[Math.floor(random() * writers.length)]!
      const answer = await writer.ask(command)
      if (answer) return answer.outcome
      report.askedAgain++
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`a command was asked ${mostTries} times and never answered: ${command.key}`)
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
      report.kills.database++
      await database.kill()
      await database.start()
    } else if (chance === 4) {
      report.kills.all++
      const all = await Promise.all(writers)
      for (const writer of all) writer.kill()
      await database.kill()
      await database.start()
      await Promise.all(all.map((_, index) => replaceWriter(index)))
    } else if (chance === 2 || chance === 7) {
      report.kills.writer++
      victim.kill()
      await replaceWriter(number)
    } else {
      report.kills.atAwait++
      victim.arm(faultPoints[faultAt++ % faultPoints.length]!)
      await replaceWriter(number)
    }
    if (killed % 20 === 0)
      say(`${killed} kills, ${answers.length} commands answered, ${report.askedAgain} asked again`)
  }

  async function call(): Promise<void> {
    while (!isOver) {
      const command = nextCommand()
      answers.push({ command, outcome: await askUntilAnswered(command) })
    }
  }
  // Callers go on while things are killed; the next kill comes after so many more answers.
  const callers = Array.from({ length: atOnce }, call)
  troubles = (async () => {
    for (let wanted = options.commandsPerKill; killed < options.kills; wanted += options.commandsPerKill) {
      while (answers.length < wanted) await new Promise((resolve) => setTimeout(resolve, 2))
      await killSomething()
      wanted = Math.max(wanted, answers.length)
    }
  })()
  await troubles.finally(() => (isOver = true))
  await Promise.all(callers)

  // Every key keeps its one answer, whoever is asked.
  for (let from = 0; from < answers.length; from += atOnce)
    await Promise.all(
      answers.slice(from, from + atOnce).map(async ({ command, outcome }) => {
        assert.equal(await askUntilAnswered(command), outcome)
      }),
    )
  await prove()
  for (const writer of await Promise.all(writers)) writer.kill()
  await Promise.all((await Promise.all(writers)).map((writer) => writer.ended))
  await db.close()
  return report

  async function prove(): Promise<void> {
    const posted = answers.filter(({ outcome }) => outcome === 'posted')
    const broken = answers.filter(({ outcome }) => outcome === takenId)
    report.commands = answers.length
    report.posted = posted.length
    report.broken = broken.length
    report.refused = answers.length - posted.length - broken.length
    // Broken are those whose id was taken, and no other: whoever shared their batch was answered like anybody. The rules may
    // refuse one of them before its id is looked at; posted it never is.
    for (const { command, outcome } of answers) {
      const isTaken = command.transfers![0]!.id === firstTransfer
      if (isTaken) assert.notEqual(outcome, 'posted')
      else assert.notEqual(outcome, takenId)
    }
    assert.ok(broken.length > 0 || answers.length < 1000, 'no command broke its batch')

    const expected = new Map<string, PostableTransfer>()
    const balances = new Map<string, bigint>(wallets.map((id) => [id, fundsMinor]))
    for (const { command } of posted)
      for (const each of command.transfers!) {
        assert.ok(!expected.has(each.id))
        expected.set(each.id, each)
        balances.set(each.debitAccountId, (balances.get(each.debitAccountId) ?? 0n) - each.amountMinor)
        balances.set(each.creditAccountId, (balances.get(each.creditAccountId) ?? 0n) + each.amountMinor)
      }
    const rows = await db.read.rows<{ id: string; debit: string; credit: string; amount: bigint }>(
      `SELECT id, debit_account_id AS debit, credit_account_id AS credit, amount FROM ledger.transfers
       WHERE debit_account_id <> $1 OR amount <> $2`,
      [bank, fundsMinor],
    )
    assert.equal(rows.length, expected.size, 'transfers acknowledged and committed')
    for (const row of rows) {
      const wanted = expected.get(row.id)
      assert.deepEqual(
        [row.debit, row.credit, row.amount],
        [wanted?.debitAccountId, wanted?.creditAccountId, wanted?.amountMinor],
      )
    }
    const accounts = await ledger.accounts(db.read, wallets)
    for (const id of wallets) assert.equal(accounts.get(id)!.balanceMinor, balances.get(id))
    const { keys } = await db.read.one<{ keys: bigint }>('SELECT count(*) AS keys FROM ledger.idempotency')
    assert.equal(Number(keys), report.posted + report.refused)
    assert.deepEqual(await ledger.check(db.read), { sumsPerCurrency: { IDR: 0n }, brokenAccounts: [] })

    const places = sealPlaces(options.dataFolder)
    const idle = {
      loop: () => ({ wake: () => undefined }),
      start: () => undefined,
      stop: async () => undefined,
    }
    const seals = createSeals({ db, clock: systemClock, jobs: idle, log: console as never }, places)
    await seals.seal()
    await seals.checkpoint()
    const checkpoints: Checkpoint[] = []
    for (const name of await places.checkpoints.list())
      checkpoints.push(JSON.parse(await places.checkpoints.get(name)) as Checkpoint)
    const keysOf = readPublicKeys(readFileSync(places.publicKeyFile, 'utf8'))
    const verified = await verifyLedger(db.read, checkpoints, keysOf)
    assert.deepEqual(verified.findings, [])
    assert.equal(verified.unsealed, 0n)
    report.sealedTransfers = verified.transfers
    report.checkpoints = checkpoints.length
  }
}
