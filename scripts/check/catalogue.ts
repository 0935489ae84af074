// Checks the texts of all apps against the contract: errors, states of money, hops of a trace, in three languages.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { errorCatalogue } from '#contract/errors.ts'
import { HopSchema, HopStateSchema, MoneyStateSchema } from '#contract/trace.ts'
import { compareLanguages, judgeErrorTexts, judgeWords, type Catalogue } from './catalogue-rules.ts'
import { isMain, report } from './report.ts'

const languages = ['en', 'id', 'zh']
const leastTexts = 200

/** The values that a schema lists, as an enum or as a union of literals. */
function literals(schema: unknown): string[] {
  const { enum: values, anyOf } = schema as { enum?: string[]; anyOf?: { const: string }[] }
  const found = values ?? anyOf?.map((each) => each.const) ?? []
  if (found.length === 0) throw new Error('a schema of the contract lists no values: mend this check')
  return found
}

/** Ids that web/ui puts together from values of the contract. */
function wordsOfContract(): string[] {
  const { key, owner, then } = HopSchema.properties
  return [
    ...literals(MoneyStateSchema).map((state) => `state.${state}`),
    ...literals(HopStateSchema).map((state) => `trace.state.${state}`),
    ...literals(key).flatMap((hop) => [`trace.hop.${hop}`, `trace.hop.${hop}.open`, `trace.desk.${hop}`]),
    ...literals(owner).map((each) => `trace.owner.${each}`),
    ...literals(then).map((each) => `trace.then.${each}`),
  ]
}

export function checkCatalogues(root: string) {
  const apps = readdirSync(path.join(root, 'web'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, 'web', entry.name, 'locales')))
    .map((entry) => entry.name)
  const problems: string[] = []
  let texts = 0
  for (const app of apps) {
    const catalogues = Object.fromEntries(languages.map((language) => [language, read(root, app, language)]))
    texts += Object.keys(catalogues['en']!).length
    problems.push(...compareLanguages(`web/${app}`, catalogues))
    if (app === 'ui')
      problems.push(
        ...judgeErrorTexts(Object.keys(errorCatalogue), catalogues),
        ...judgeWords(wordsOfContract(), catalogues),
      )
  }
  if (!apps.includes('ui') || texts < leastTexts)
    problems.push(`read only ${texts} texts of ${apps.length} apps: this check does not see the catalogues`)
  return { problems, texts, apps }
}

function read(root: string, app: string, language: string): Catalogue {
  return JSON.parse(
    readFileSync(path.join(root, 'web', app, 'locales', `${language}.json`), 'utf8'),
  ) as Catalogue
}

if (isMain(import.meta.url)) {
  const { problems, texts, apps } = checkCatalogues(path.resolve(process.argv[2] ?? '.'))
  report(problems, `${texts} texts of ${apps.join(', ')} stand in ${languages.length} languages`)
}
