// Finds the Node that this product is pinned to. Plain JavaScript: any Node from 20 on must be able to read it.

import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/**
 * Where Node keeps what it compiled, for NODE_COMPILE_CACHE: the second start need not strip and parse a thousand files again.
 * Beside the packages, so that only who may change the program may change this; `npm ci` clears it. Not writable: nothing kept.
 */
export const compileCache = path.join(repositoryRoot, 'node_modules', '.cache', 'tuntas')

const oldestUsableMajor = 24

/**
 * The Node to run the product with: the one in node_modules, else the running one when it is new enough.
 * Answers `{ node }` (a path) or `{ problem }` (a sentence for the person who started us).
 */
export function findPinnedNode({
  root = repositoryRoot,
  platform = process.platform,
  arch = process.arch,
  runningVersion = process.version,
  runningPath = process.execPath,
} = {}) {
  if (!existsSync(path.join(root, 'node_modules'))) {
    return { problem: `The dependencies are not installed. Run this first, in ${root}:\n\n  npm ci\n` }
  }
  const pinned = path.join(root, 'node_modules', `node-${platform}-${arch}`, 'bin', 'node')
  if (isExecutable(pinned)) return { node: pinned }
  if (majorOf(runningVersion) >= oldestUsableMajor) return { node: runningPath }
  return {
    problem:
      `This needs Node ${oldestUsableMajor} or newer; you are running ${runningVersion}, ` +
      `and there is no ${path.relative(root, pinned)}.\n` +
      `On Linux x64 and arm64 it comes with: npm ci (without --omit=optional). ` +
      `Elsewhere install Node ${oldestUsableMajor} and start again.`,
  }
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function majorOf(version) {
  return Number(version.replace(/^v/, '').split('.')[0])
}
