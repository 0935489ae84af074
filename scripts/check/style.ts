// Checks what every file must look like: length, heading, leftovers, colours. Fails when it read too little.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isMain, report } from './report.ts'
import { listFiles } from './source.ts'
import { isChecked, judgeReasons, judgeStyle } from './style-rules.ts'

const leastFiles = 100

export function checkStyle(root: string) {
  const files = listFiles(root).filter(isChecked)
  const texts = files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')] as const)
  const tokens = new Map(texts).get('web/ui/tokens.css')
  const problems = texts.flatMap(([file, text]) => judgeStyle(file, text, tokens))
  if (!tokens) problems.push('web/ui/tokens.css was not read')
  problems.push(...judgeReasons(new Map(texts.map(([file, text]) => [file, text.split('\n').length - 1]))))
  if (files.length < leastFiles)
    problems.push(`read only ${files.length} files: this check does not see the code`)
  return { problems, files: files.length }
}

if (isMain(import.meta.url)) {
  const { problems, files } = checkStyle(path.resolve(process.argv[2] ?? '.'))
  report(problems, `${files} files look as agreed`)
}
