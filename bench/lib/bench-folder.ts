// Where a measurement keeps its database while it runs. Nothing of it stays: not after the end, not after a signal, and what a
// killed run left is removed by the next one, with its database server.
// Must never happen: the folder of a run that lives is touched, or a server that is not in such a folder is ended.
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { killOutright } from '#platform/embedded/kill-outright-for-tests.ts'
import { ownIdentity, startTicksOf, workingFolderOf } from '#platform/embedded/processes.ts'

const prefixes = ['tuntas-bench-', 'tuntas-replay-']
const ownerFile = 'owner.pid'

export interface BenchFolder {
  /** For `startEmbedded`. */
  dataDir: string
  /** For all else that goes with the run. */
  folder: string
  /** Call it after the server has stopped. */
  remove(): void
}

/** A folder of this run, whose owner it names; first removes those of dead runs. `within`: for tests. */
export async function openBenchFolder(
  prefix: 'tuntas-bench-' | 'tuntas-replay-',
  within: string = tmpdir(),
): Promise<BenchFolder> {
  await removeDeadRuns(within)
  const folder = mkdtempSync(path.join(within, prefix))
  // PostgreSQL runs as another user than root: in a closed folder its data would be kept elsewhere, and stay there.
  chmodSync(folder, 0o755)
  writeFileSync(path.join(folder, ownerFile), JSON.stringify(ownIdentity()))
  const remove = () => {
    for (const signal of signals) process.off(signal, onSignal)
    removeRun(folder)
  }
  let ending = false
  const onSignal = (signal: NodeJS.Signals) => {
    // A terminal signals the whole group, and who started us passes it on: the second one must not cut the first one short.
    if (ending) return
    ending = true
    const server = serverOf(folder)
    const ended = server === undefined ? Promise.resolve() : killOutright(server)
    void ended.finally(() => {
      removeRun(folder)
      process.exit(signal === 'SIGINT' ? 130 : 143)
    })
  }
  for (const signal of signals) process.on(signal, onSignal)
  return { folder, dataDir: path.join(folder, 'postgres'), remove }
}

const signals = ['SIGINT', 'SIGTERM'] as const

/** Removes what runs left whose process is gone; answers how many. */
export async function removeDeadRuns(within: string = tmpdir()): Promise<number> {
  const left = readdirSync(within)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
    .map((name) => path.join(within, name))
    .filter(isLeft)
  for (const folder of left) {
    const server = serverOf(folder)
    if (server !== undefined) await killOutright(server)
    removeRun(folder)
  }
  return left.length
}

/** The owner that the folder names is gone. A folder that names none is somebody else's, or not ready yet. */
function isLeft(folder: string): boolean {
  try {
    const { pid, startTicks, boot, pidNamespace } = JSON.parse(
      readFileSync(path.join(folder, ownerFile), 'utf8'),
    ) as ReturnType<typeof ownIdentity>
    const here = ownIdentity()
    if (boot === here.boot && pidNamespace !== here.pidNamespace) return false
    return boot !== here.boot || startTicksOf(pid) !== startTicks
  } catch {
    return false
  }
}

/** The living PostgreSQL that works in this folder. Its pid alone is no proof: the system gives pids again. */
function serverOf(folder: string): number | undefined {
  try {
    const cluster = realpathSync(path.join(dataOf(folder), 'cluster'))
    const pid = Number(readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
    return pid > 1 && workingFolderOf(pid) === cluster ? pid : undefined
  } catch {
    return undefined
  }
}

/** Where the data really is: the folder itself, or where the embedded server keeps it when the folder is closed to its user. */
function dataOf(folder: string): string {
  const data = path.join(folder, 'postgres')
  const link = path.join(data, 'kept-elsewhere')
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(link) : data
}

function removeRun(folder: string): void {
  for (const place of [dataOf(folder), folder]) rmSync(place, { recursive: true, force: true })
}
