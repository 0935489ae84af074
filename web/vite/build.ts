// Builds the browser apps into dist/web/. Skips itself when no source has changed since the
// last build, so that `npm start` is quick. A first load over its budget must fail the build.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { apps, gallery, type App } from './apps.ts'
import { measureFirstLoad, type AppSize } from './size.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const distFolder = join(root, 'dist/web')

export type BuildOptions = {
  /** Build although nothing has changed. */
  force?: boolean
  /** Build the component gallery too, into dist/web/gallery. */
  gallery?: boolean
  /** Only these apps; default all. */
  only?: string[]
}

export type BuildResult = { built: string[]; sizes: AppSize[] }

/** Thrown when the first load of an app is heavier than its budget. */
export class OverBudgetError extends Error {}

/** A hash over everything that the output depends on: file names and contents. */
export function hashSources(): string {
  const hash = createHash('sha256')
  for (const folder of ['web', 'contract']) {
    const names = existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      : []
    const files = names.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
      hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
    }
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
}

function describe(size: AppSize, app: App): string {
  const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`
  const budget = app.budgetBytes ? ` of ${kilobytes(app.budgetBytes)}` : ''
  return `web/${app.folder}: first load ${kilobytes(size.scriptBytes)}${budget} of script, ${kilobytes(size.styleBytes)} of style (gzip)`
}

/** Within a test NODE_ENV is "test", and Vite would then bundle the libraries' development parts. */
async function buildForProduction(app: App, outDir: string): Promise<void> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  // Read only when something is built: Vite alone takes as long as the rest of a start.
  const [{ build }, { webConfig }] = await Promise.all([import('vite'), import('./config.ts')])
  try {
    await build(webConfig(app, outDir))
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

/**
 * Builds what has changed and returns the gzipped sizes of each app's first load.
 * Throws OverBudgetError when an app is over its budget; the output is then not stamped as good.
 */
export async function buildWeb(options: BuildOptions = {}): Promise<BuildResult> {
  const wanted = [...apps, ...(options.gallery ? [gallery] : [])].filter(
    (app) => options.only?.includes(app.name) ?? true,
  )
  const stamp = hashSources()
  const result: BuildResult = { built: [], sizes: [] }
  for (const app of wanted) {
    const outDir = join(distFolder, app.name)
    // Beside the app's folder, not in it: the folder is served to the world.
    const stampFile = join(distFolder, `${app.name}.stamp`)
    const fresh =
      existsSync(stampFile) &&
      readFileSync(stampFile, 'utf8') === stamp &&
      existsSync(join(outDir, 'index.html'))
    if (!fresh || options.force) {
      await buildForProduction(app, outDir)
      result.built.push(app.name)
    }
    const size = measureFirstLoad(app, outDir)
    result.sizes.push(size)
    if (app.budgetBytes && size.scriptBytes > app.budgetBytes)
      throw new OverBudgetError(`Over budget. ${describe(size, app)}`)
    mkdirSync(dirname(stampFile), { recursive: true })
    writeFileSync(stampFile, stamp)
    if (!fresh || options.force) console.log(describe(size, app))
  }
  return result
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2)
  const only = flags.filter((flag) => flag.startsWith('--only=')).map((flag) => flag.slice('--only='.length))
  await buildWeb({
    force: flags.includes('--force'),
    gallery: flags.includes('--gallery'),
    only: only.length ? only : undefined,
  })
}
