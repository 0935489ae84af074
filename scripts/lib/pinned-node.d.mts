// The types of pinned-node.mjs, for the tests; the file itself must stay plain JavaScript.

export declare const repositoryRoot: string
export declare const compileCache: string

export declare function findPinnedNode(place?: {
  root?: string
  platform?: string
  arch?: string
  runningVersion?: string
  runningPath?: string
}): { node: string; problem?: undefined } | { node?: undefined; problem: string }
