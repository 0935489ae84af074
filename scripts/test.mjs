// `npm test`: hands over to the pinned Node, which runs everything in scripts/test/run.ts.
// Plain JavaScript, so that any Node from 20 on can read it.

import path from 'node:path'
import { handOver } from './lib/hand-over.mjs'
import { compileCache, findPinnedNode, repositoryRoot } from './lib/pinned-node.mjs'

const { node, problem } = findPinnedNode()
if (problem !== undefined) {
  console.error(problem)
  console.log('0 passed, 1 failed')
  process.exit(1)
}
handOver(node, [path.join(repositoryRoot, 'scripts', 'test', 'run.ts'), ...process.argv.slice(2)], {
  env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
})
