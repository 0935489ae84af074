// Starts the product: hands over to the Node that it is pinned to, whatever Node runs this file.

import path from 'node:path'
import { handOver } from './lib/hand-over.mjs'
import { compileCache, findPinnedNode, repositoryRoot } from './lib/pinned-node.mjs'

const { node, problem } = findPinnedNode()
if (problem !== undefined) {
  console.error(problem)
  process.exit(1)
}
handOver(node, [path.join(repositoryRoot, 'server', 'main.ts'), ...process.argv.slice(2)], {
  env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
})
