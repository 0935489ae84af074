// Before the journeys: the product's first start with its demo, once. Each journey file starts on a copy of what that made,
// so nothing that one journey does can reach another.
import type { TestProject } from 'vitest/node'
import { startProduct } from './product.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A data folder with the demo, of a product that ended in order. Copy it; never start on it. */
    preparedData: string
  }
}

export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const product = await startProduct()
  await product.stop()
  project.provide('preparedData', product.dataFolder)
  return () => product.dispose()
}
