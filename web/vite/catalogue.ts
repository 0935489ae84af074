// Turns locales/{en,id,zh}.json into compiled Lingui catalogues at build time, so that
// no message parser is shipped. A message that does not parse must stop the build.
// `en.json?first` holds only what the first page says, by the ids in locales/first.json; `?later` the rest.

import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'
import type { Plugin } from 'vite'

const prefix = '\0catalogue:'
const localeFile = /\/locales\/(?:en|id|zh)\.json(?:\?(first|later))?$/

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

/** The texts of one part. `starts` are ids, or beginnings of ids, that belong to the first part. */
export function partOf(
  texts: Record<string, string>,
  part: 'first' | 'later',
  starts: readonly string[],
): Record<string, string> {
  const isFirst = (id: string): boolean => starts.some((start) => id.startsWith(start))
  return Object.fromEntries(Object.entries(texts).filter(([id]) => isFirst(id) === (part === 'first')))
}

export function cataloguePlugin(): Plugin {
  return {
    name: 'tuntas-catalogue',
    enforce: 'pre',
    async resolveId(source, importer) {
      const match = importer ? localeFile.exec(source) : null
      if (!importer || !match) return null
      const folder = dirname(importer.replace(/\?.*$/, ''))
      const path = source.replace(/\?.*$/, '')
      const file = path.startsWith('.')
        ? resolve(folder, path)
        : (await this.resolve(path, importer, { skipSelf: true }))?.id
      // The id must not end in .json, or Vite's own JSON plugin takes it too.
      return file ? `${prefix}${file}#${match[1] ?? ''}` : null
    },
    load(id) {
      if (!id.startsWith(prefix)) return null
      const [file, part] = id.slice(prefix.length).split('#') as [string, string]
      this.addWatchFile(file)
      const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
      let texts = read(file) as Record<string, string>
      if (part === 'first' || part === 'later')
        texts = partOf(texts, part, read(join(dirname(file), 'first.json')) as string[])
      return { code: `export default ${JSON.stringify(compileCatalogue(texts))}`, moduleType: 'js' }
    },
  }
}
