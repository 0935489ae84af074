// Checks the documentation and the help articles against the code that they speak of.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readConfig } from '#platform/config.ts'
import { promisedCodes } from './catalogue-rules.ts'
import {
  judgeCauses,
  judgeLabels,
  judgeMission,
  judgeSettings,
  linksOf,
  machinePlaces,
} from './documents-rules.ts'
import { isMain, report } from './report.ts'
import { listFiles } from './source.ts'

const leastDocuments = 50

/** The names that the program asks the environment for. */
function knownSettings(): string[] {
  const names = new Set<string>()
  const environment = new Proxy<Record<string, string>>(
    {},
    {
      get: (_nothing, name) => (names.add(String(name)), undefined),
    },
  )
  try {
    readConfig(environment)
  } catch {
    // An empty environment may not be enough; the names have been asked for all the same.
  }
  return [...names]
}

export function checkDocuments(root: string) {
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
  const readTexts = (app: string, language: string) =>
    JSON.parse(read(`web/${app}/locales/${language}.json`)) as Record<string, string>
  const documents = listFiles(root).filter((file) => file.endsWith('.md'))
  const problems: string[] = []
  let links = 0
  for (const file of documents) {
    const text = read(file)
    for (const place of machinePlaces(text)) problems.push(`${file}: names a place of one machine: ${place}`)
    if (file.startsWith('knowledge/')) continue
    for (const target of linksOf(text)) {
      links++
      if (!existsSync(path.join(root, path.dirname(file), target)))
        problems.push(`${file}: the link to ${target} leads nowhere`)
    }
  }
  problems.push(...judgeMission(read('docs/mission.md')))
  problems.push(...judgeSettings(knownSettings(), read('.env.example'), read('docs/operate.md')))
  for (const language of ['en', 'id', 'zh']) {
    const article = (slug: string) => read(`knowledge/${language}/${slug}.md`)
    problems.push(...judgeLabels(language, readTexts('wallet', language), article))
    const causes = article('why-a-payment-is-refused')
    problems.push(...judgeCauses(language, promisedCodes, readTexts('ui', language), causes))
  }
  if (documents.length < leastDocuments || links < leastDocuments)
    problems.push(`read only ${documents.length} documents with ${links} links: this check does not see them`)
  return { problems, documents: documents.length, links }
}

if (isMain(import.meta.url)) {
  const { problems, documents, links } = checkDocuments(path.resolve(process.argv[2] ?? '.'))
  report(problems, `${documents} documents with ${links} links agree with the code`)
}
