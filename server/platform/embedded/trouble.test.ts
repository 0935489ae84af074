import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { describeFileError, EmbeddedDatabaseError } from './errors.ts'
import {
  ask,
  afterThisTest,
  failingPrograms,
  isRoot,
  mounted,
  newFolder,
  ordinaryUid,
  runApp,
  start,
  usedDataFolder,
} from './test-bench.ts'

/** One clear message: a stable code, no stack trace inside, and something to do. */
async function troubleOf(starting: Promise<unknown>): Promise<EmbeddedDatabaseError> {
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(EmbeddedDatabaseError)
  const trouble = error as EmbeddedDatabaseError
  expect(trouble.message).not.toMatch(/\n\s+at /)
  return trouble
}

test.each([
  ['could not write file: No space left on device', 'disk_full'],
  ['could not create directory: Read-only file system', 'folder_read_only'],
  ['could not change permissions: Permission denied', 'folder_not_accessible'],
  ['could not map anonymous shared memory: Cannot allocate memory', 'not_enough_memory'],
  ['something nobody has seen before', 'start_failed'],
])('what a program complains about gets its code: %s', async (complaint, code) => {
  const dataDir = path.join(newFolder(), 'data')
  const trouble = await troubleOf(start(dataDir, { binaries: failingPrograms(complaint) }))
  expect(trouble.code).toBe(code)
  expect(trouble.message).toContain(complaint)
  expect(trouble.message).toContain(dataDir)
  expect(readdirSync(dataDir).filter((name) => name !== 'socket')).toEqual([])
})

test.each([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EROFS', 'folder_read_only'],
  ['EACCES', 'folder_not_accessible'],
])('a file system error %s becomes %s', (systemCode, code) => {
  const error = Object.assign(new Error('raw'), { code: systemCode })
  expect(describeFileError(error, '/somewhere')).toMatchObject({ code })
})

test.runIf(isRoot)('a full disk at the first start, and enough space later', async (context) => {
  const folder = newFolder()
  if (!mounted(folder, '-t', 'tmpfs', '-o', 'size=20m,mode=755', 'none'))
    return context.skip('no permission to mount')
  const trouble = await troubleOf(start(path.join(folder, 'data')))
  expect(trouble.code).toBe('disk_full')
  mounted(folder, '-o', 'remount,size=400m')
  const database = await start(path.join(folder, 'data'))
  expect(await ask(database.connectionString, 'SELECT 1')).toBe(1)
  await database.stop()
})

test.runIf(isRoot)('a full disk at a later start, and nothing lost', async (context) => {
  const folder = newFolder()
  if (!mounted(folder, '-t', 'tmpfs', '-o', 'size=400m,mode=755', 'none'))
    return context.skip('no permission to mount')
  const dataDir = await usedDataFolder(path.join(folder, 'data'))
  const first = await start(dataDir)
  await ask(first.connectionString, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  const filler = path.join(folder, 'filler')
  expect(() => {
    for (;;) writeFileSync(filler, Buffer.alloc(1024 * 1024), { flag: 'a' })
  }).toThrow('ENOSPC')
  const trouble = await troubleOf(start(dataDir))
  expect(trouble.code).toBe('disk_full')
  rmSync(filler)
  const second = await start(dataDir)
  expect(await ask(second.connectionString, 'SELECT answer FROM kept')).toBe(42)
  await second.stop()
})

test.runIf(isRoot)('a read-only file system', async (context) => {
  const folder = newFolder()
  if (!mounted(folder, '-t', 'tmpfs', '-o', 'ro,size=1m', 'none'))
    return context.skip('no permission to mount')
  expect((await troubleOf(start(path.join(folder, 'data')))).code).toBe('folder_read_only')
})

test.runIf(isRoot)('a folder that the ordinary user may not write to', async () => {
  const app = await runApp({ dataDir: path.join(newFolder(), 'data'), asUid: ordinaryUid })
  expect(app.facts.code).toBe('folder_not_accessible')
  expect(await app.ended).toBe(3)
})

test.runIf(isRoot)(
  'a folder that others cannot read: root gives the server a way through, and nothing more',
  async () => {
    const dataDir = path.join(newFolder(), 'data')
    mkdirSync(dataDir, { mode: 0o700 })
    const database = await start(dataDir)
    expect(await ask(database.connectionString, 'SELECT 1')).toBe(1)
  },
)

test.runIf(isRoot)(
  'below a folder that is closed to the server, the data is kept elsewhere and found again',
  async () => {
    const closed = newFolder()
    chmodSync(closed, 0o700)
    const dataDir = path.join(closed, 'data')
    const lines: string[] = []
    const first = await start(dataDir, { log: (line) => lines.push(line) })
    const shelter = readlinkSync(path.join(dataDir, 'kept-elsewhere'))
    afterThisTest(() => rmSync(shelter, { recursive: true, force: true }))
    expect(lines.join('\n')).toContain(`the database is kept in ${shelter}`)
    await ask(first.connectionString, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    const second = await start(dataDir)
    expect(await ask(second.connectionString, 'SELECT answer FROM kept')).toBe(42)
    await second.stop()
    // Opening the folder later does not make the data disappear.
    chmodSync(closed, 0o755)
    const third = await start(dataDir)
    expect(await ask(third.connectionString, 'SELECT answer FROM kept')).toBe(42)
    await third.stop()
  },
)

test.runIf(isRoot)('whoever deletes the data folder begins with nothing, there too', async () => {
  const closed = newFolder()
  chmodSync(closed, 0o700)
  const dataDir = path.join(closed, 'data')
  const shelters: string[] = []
  for (let round = 1; round <= 2; round += 1) {
    const database = await start(dataDir)
    const shelter = readlinkSync(path.join(dataDir, 'kept-elsewhere'))
    shelters.push(shelter)
    afterThisTest(() => rmSync(shelter, { recursive: true, force: true }))
    expect(await ask(database.connectionString, "SELECT to_regclass('kept')")).toBeNull()
    await ask(database.connectionString, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await database.stop()
    rmSync(dataDir, { recursive: true })
  }
  expect(new Set(shelters).size).toBe(2)
})

test.runIf(isRoot)('a database of root itself is refused, because PostgreSQL would refuse it', async () => {
  const dataDir = await usedDataFolder()
  chownSync(path.join(dataDir, 'cluster'), 0, 0)
  expect((await troubleOf(start(dataDir))).code).toBe('folder_owned_by_another_user')
})

test.runIf(isRoot)("an ordinary user is told that the database is another user's", async () => {
  const dataDir = await usedDataFolder()
  chownSync(path.join(dataDir, 'cluster'), 1, 1)
  const app = await runApp({ dataDir, asUid: ordinaryUid })
  expect(app.facts.code).toBe('folder_owned_by_another_user')
  expect(app.facts.message).toContain('belongs to user 1')
})

test.runIf(isRoot)('a user without a name, as containers have them', async () => {
  const folder = newFolder()
  chownSync(folder, 54_321, 54_321)
  const app = await runApp({ dataDir: path.join(folder, 'data'), asUid: 54_321 })
  expect(app.facts.code).toBe('user_without_name')
})

test.runIf(isRoot)('a root that may not act for other users', async () => {
  const withoutRights = ['setpriv', '--bounding-set', '-all', '--inh-caps', '-all']
  const app = await runApp({ dataDir: path.join(newFolder(), 'data') }, withoutRights)
  expect(app.facts.code).toBe('cannot_switch_user')
})

test('a database of another major version is left alone', async () => {
  const dataDir = await usedDataFolder()
  const versionFile = path.join(dataDir, 'cluster', 'PG_VERSION')
  writeFileSync(versionFile, '9\n')
  const trouble = await troubleOf(start(dataDir))
  expect(trouble.code).toBe('other_major_version')
  expect(trouble.message).toMatch(/made by PostgreSQL 9, this one is \d+/)
  expect(readFileSync(versionFile, 'utf8')).toBe('9\n')
})

test('a cluster folder with something else in it is left alone', async () => {
  const dataDir = path.join(newFolder(), 'data')
  mkdirSync(path.join(dataDir, 'cluster'), { recursive: true })
  chownSync(path.join(dataDir, 'cluster'), isRoot ? ordinaryUid : process.getuid!(), process.getgid!())
  writeFileSync(path.join(dataDir, 'cluster', 'letter.txt'), 'dear reader')
  const trouble = await troubleOf(start(dataDir))
  expect(trouble.code).toBe('start_failed')
  expect(existsSync(path.join(dataDir, 'cluster', 'letter.txt'))).toBe(true)
})

test('no programs for this platform', async () => {
  const dataDir = path.join(newFolder(), 'data')
  const trouble = await troubleOf(start(dataDir, { binaries: { platform: 'plan9-mips' } }))
  expect(trouble.code).toBe('binaries_missing')
  expect(trouble.message).toContain('DATABASE_URL')
  expect(readdirSync(dataDir).filter((name) => name.endsWith('.lock'))).toEqual([])
})

test('programs that do not run here', async () => {
  const folder = newFolder()
  writeFileSync(path.join(folder, 'postgres'), 'no program at all', { mode: 0o755 })
  const trouble = await troubleOf(start(path.join(newFolder(), 'data'), { binaries: { folder } }))
  expect(trouble.code).toBe('binaries_unusable')
})
