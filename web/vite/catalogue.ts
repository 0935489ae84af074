// Turns locales/{en,id,zh}.json into compiled Lingui catalogues at build time, so that
// no message parser is shipped. A message that does not parse must stop the build.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'
import type { Plugin } from 'vite'

const prefix = '\0catalogue:'
const localeFile = /\/locales\/(?:en|id|zh)\.json$/

/** Compiles one catalogue, flat id → ICU text. Throws with the id of the text that is wrong. */
export function compileCatalogue(texts: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([id, text]) => {
      try {
        return [id, compileMessageOrThrow(text)]
      } catch (cause) {
        throw new Error(`Message ${id} is not valid ICU: ${text}`, { cause })
      }
    }),
  )
}

export function cataloguePlugin(): Plugin {
  return {
    name: 'tuntas-catalogue',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!importer || !localeFile.test(source)) return null
      const folder = dirname(importer.replace(/\?.*$/, ''))
      const file = source.startsWith('.')
        ? resolve(folder, source)
        : (await this.resolve(source, importer, { skipSelf: true }))?.id
      // The id must not end in .json, or Vite's own JSON plugin takes it too.
      return file ? `${prefix}${file}#` : null
    },
    load(id) {
      if (!id.startsWith(prefix)) return null
      const file = id.slice(prefix.length, -1)
      this.addWatchFile(file)
      const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
      return { code: `export default ${JSON.stringify(compileCatalogue(texts))}`, moduleType: 'js' }
    },
  }
}
