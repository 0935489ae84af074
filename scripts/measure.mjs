// `npm run measure -- NAME`: takes a measurement that the README quotes. Hands over to the pinned Node.

import path from 'node:path'
import { handOver } from './lib/hand-over.mjs'
import { findPinnedNode, repositoryRoot } from './lib/pinned-node.mjs'

const measurements = ['start']
const [name, ...rest] = process.argv.slice(2)
const { node, problem } = findPinnedNode()
if (problem !== undefined || !measurements.includes(name)) {
  console.error(problem ?? `npm run measure -- NAME, where NAME is one of: ${measurements.join(', ')}`)
  process.exit(1)
}
handOver(node, [path.join(repositoryRoot, 'scripts', 'measure', `${name}.ts`), ...rest])
