// What the documentation must keep: links that lead somewhere, every row of the mission, every setting, labels as they
// stand on the screens. Pure: texts in, problems out.

/** Targets of links within the repository, relative to the file, without their anchors. */
export function linksOf(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

/** Places of one machine, which mean nothing to a reader. */
export function machinePlaces(text: string): string[] {
  return text.match(/(?<![\w.:/])\/(?:work|tmp|root|home)\/[\w./-]+/g) ?? []
}

const range = (letter: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${letter}${at + 1}`)

/** Rows that docs/mission.md must hold, each once. */
export const missionRows: readonly string[] = [
  ...range('W', 11),
  ...range('A', 9),
  ...range('S', 17),
  ...range('N', 16),
]

const states = ['works', 'partly', 'not yet']

/** Each row once, with a state; what works has a place and a test; what is partly there says what is missing. */
export function judgeMission(markdown: string): string[] {
  const rows = markdown
    .split('\n')
    .filter((line) => /^\| [WASN]\d+ \|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const problems: string[] = []
  for (const id of missionRows) {
    const found = rows.filter((row) => row[1] === id).length
    if (found !== 1) problems.push(`docs/mission.md: ${id} stands there ${found} times`)
  }
  for (const [, id, , state = '', place, test, missing] of rows) {
    if (!states.includes(state)) problems.push(`docs/mission.md: ${id} has no state but "${state}"`)
    if (state !== 'not yet' && !place) problems.push(`docs/mission.md: ${id} ${state} without a place`)
    if (state === 'works' && !test) problems.push(`docs/mission.md: ${id} works without a test`)
    if (state === 'partly' && !missing) problems.push(`docs/mission.md: ${id} does not say what is missing`)
    if (state === 'works' && missing) problems.push(`docs/mission.md: ${id} works and yet lacks: ${missing}`)
  }
  return problems
}

/** Every setting that the program reads, and no other, in both documents. */
export function judgeSettings(known: readonly string[], example: string, operate: string): string[] {
  const inExample = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map((match) => match[1]!)
  const inOperate = [...operate.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]!)
  return [...compare('.env.example', known, inExample), ...compare('docs/operate.md', known, inOperate)]
}

function compare(file: string, known: readonly string[], told: readonly string[]): string[] {
  return [
    ...known.filter((name) => !told.includes(name)).map((name) => `${file}: ${name} is missing`),
    ...told.filter((name) => !known.includes(name)).map((name) => `${file}: ${name} is not a setting`),
  ]
}

/** Labels of buttons that articles tell people to press, by the text's id. */
export const labelsInArticles: Readonly<Record<string, readonly string[]>> = {
  'transaction.help': ['paid-but-shop-has-nothing', 'refunds', 'why-a-payment-is-refused', 'how-to-reach-us'],
  'checkout.cancel': ['pay-a-shop'],
  'checkout.pay': ['pay-a-shop'],
  'ledge.top_up': ['top-up', 'top-up-not-arrived'],
  'nav.help': ['top-up-not-arrived', 'is-it-really-tuntas', 'how-to-reach-us'],
  'enter.code.again': ['sign-in-trouble'],
  'freeze.now': ['freeze-my-wallet'],
  'frozen.unfreeze': ['freeze-my-wallet'],
  'looks.title': ['what-agents-see'],
  'account.size': ['language-and-large-type'],
  'account.scheme': ['language-and-large-type'],
}

/** Where an article of one language calls a button by another name than the screen does. */
export function judgeLabels(
  language: string,
  texts: Readonly<Record<string, string>>,
  articleOf: (slug: string) => string,
): string[] {
  return Object.entries(labelsInArticles).flatMap(([id, slugs]) => {
    const label = texts[id]
    if (!label) return [`web/wallet ${language} ${id}: missing, although articles name it`]
    return slugs
      .filter((slug) => !articleOf(slug).includes(`**${label}**`))
      .map((slug) => `knowledge/${language}/${slug}.md: does not call the button **${label}** (${id})`)
  })
}

/** The causes that the article on refused payments does not explain under the title of the screens. */
export function judgeCauses(
  language: string,
  codes: readonly string[],
  texts: Readonly<Record<string, string>>,
  article: string,
): string[] {
  return codes
    .map((code) => texts[`error.${code}.title`]?.replace(/[.。]$/, '') ?? code)
    .filter((title) => !article.includes(`\n### ${title}\n`))
    .map((title) => `knowledge/${language}/why-a-payment-is-refused.md: does not explain "${title}"`)
}
