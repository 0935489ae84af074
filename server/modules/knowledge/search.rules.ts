// Finds articles for a question in any of our languages, mistyped words included. Pure: texts in, ranking out.
// BM25 over three kinds of terms: words, character 3-grams of words (for affixes and errors), Han uni- and bigrams.

/** A text that can be found, in fields that count differently. */
export interface Document {
  id: string
  fields: readonly { text: string; weight: number }[]
}

export interface Hit {
  id: string
  /** Comparable within one search only. */
  score: number
}

export interface Index {
  /** Frequency of each term in each document, fields weighted. */
  postings: ReadonlyMap<string, ReadonlyMap<string, number>>
  lengths: ReadonlyMap<string, number>
  averageLength: number
}

// The usual values of BM25 for short texts (Robertson and Zaragoza 2009, section 3.5.2).
const saturation = 1.2
const lengthInfluence = 0.6

const gramWeight = 0.3
/** A known word that is one typing error away from the one asked for. */
const mistypedWeight = 0.7
const hanUnigramWeight = 0.4
/** A word counts as met when this share of its 3-grams is. Lower finds more and stranger things. */
const leastGramShare = 0.5
/** Hits below this share of the best one are noise. */
const leastShareOfBest = 0.2

/** One form for all ways to write the same: width, case, accents. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
}

interface Words {
  latin: string[]
  han: string[]
}

function split(text: string): Words {
  const folded = fold(text)
  return { latin: folded.match(/[a-z0-9]+/g) ?? [], han: folded.match(/\p{Script=Han}+/gu) ?? [] }
}

const grams = (word: string): string[] => {
  const framed = `_${word}_`
  return Array.from({ length: Math.max(0, framed.length - 2) }, (_, at) => `g:${framed.slice(at, at + 3)}`)
}

const hanBigrams = (run: string): string[] =>
  Array.from({ length: [...run].length - 1 }, (_, at) => `b:${[...run].slice(at, at + 2).join('')}`)

/** All terms of a text, with how much each counts. */
export function termsOf(text: string): { term: string; weight: number }[] {
  const { latin, han } = split(text)
  return [
    ...latin.map((word) => ({ term: `w:${word}`, weight: 1 })),
    // Short words have no grams of their own: "top" must not find "stop".
    ...latin
      .filter((word) => word.length > 3)
      .flatMap(grams)
      .map((term) => ({ term, weight: gramWeight })),
    ...han.flatMap((run) => [...run].map((letter) => ({ term: `h:${letter}`, weight: hanUnigramWeight }))),
    ...han.flatMap(hanBigrams).map((term) => ({ term, weight: 1 })),
  ]
}

export function buildIndex(documents: readonly Document[]): Index {
  const postings = new Map<string, Map<string, number>>()
  const lengths = new Map<string, number>()
  for (const document of documents) {
    let length = 0
    for (const field of document.fields)
      for (const { term } of termsOf(field.text)) {
        length++
        const inDocuments = postings.get(term) ?? new Map<string, number>()
        inDocuments.set(document.id, (inDocuments.get(document.id) ?? 0) + field.weight)
        postings.set(term, inDocuments)
      }
    lengths.set(document.id, length)
  }
  const total = [...lengths.values()].reduce((sum, length) => sum + length, 0)
  return { postings, lengths, averageLength: total / Math.max(1, documents.length) }
}

/** The documents that answer the question, best first; none when nothing in it is known. */
export function search(index: Index, question: string, limit: number): Hit[] {
  const scores = new Map<string, number>()
  for (const { term, weight } of knownTerms(index, question)) {
    const inDocuments = index.postings.get(term)!
    const rarity = Math.log(1 + (index.lengths.size - inDocuments.size + 0.5) / (inDocuments.size + 0.5))
    for (const [id, frequency] of inDocuments) {
      const relativeLength = index.lengths.get(id)! / index.averageLength
      const damping = saturation * (1 - lengthInfluence + lengthInfluence * relativeLength)
      const gain = weight * rarity * ((frequency * (saturation + 1)) / (frequency + damping))
      scores.set(id, (scores.get(id) ?? 0) + gain)
    }
  }
  const ranked = [...scores].map(([id, score]) => ({ id, score })).sort(byScore)
  const best = ranked[0]?.score ?? 0
  return ranked.filter((hit) => hit.score >= best * leastShareOfBest).slice(0, limit)
}

const byScore = (one: Hit, other: Hit): number => other.score - one.score || (one.id < other.id ? -1 : 1)

/** The terms of a question that say something here: words met whole, or met in most of their 3-grams; all of Han. */
function knownTerms(index: Index, question: string): { term: string; weight: number }[] {
  const { latin, han } = split(question)
  const known = (term: string) => index.postings.has(term)
  const words = latin.flatMap((word) => [
    ...(known(`w:${word}`)
      ? [{ term: `w:${word}`, weight: 1 }]
      : mistyped(index, word).map((term) => ({ term, weight: mistypedWeight }))),
    ...metGrams(index, word).map((term) => ({ term, weight: gramWeight })),
  ])
  const letters = han.flatMap((run) => termsOf(run)).filter(({ term }) => known(term))
  // One letter of Chinese alone proves nothing unless it is the whole question.
  const speaks =
    letters.some(({ term }) => term.startsWith('b:')) || han.every((run) => [...run].length === 1)
  return [...words, ...(speaks ? letters : [])]
}

function mistyped(index: Index, word: string): string[] {
  if (word.length <= 3) return []
  return [...index.postings.keys()].filter(
    (term) => term.startsWith('w:') && isOneErrorAway(word, term.slice(2)),
  )
}

/** One letter wrong, missing or too many, or two neighbours swapped. */
export function isOneErrorAway(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1 || one === other) return false
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  const [restOfOne, restOfOther] = [one.slice(at), other.slice(at)]
  if (restOfOne.slice(1) === restOfOther.slice(1)) return true
  if (restOfOne.slice(1) === restOfOther || restOfOne === restOfOther.slice(1)) return true
  return (
    restOfOne[0] === restOfOther[1] &&
    restOfOne[1] === restOfOther[0] &&
    restOfOne.slice(2) === restOfOther.slice(2)
  )
}

/** The known 3-grams of a word, when some document holds enough of them at once. */
function metGrams(index: Index, word: string): string[] {
  if (word.length <= 3) return []
  const known = grams(word).filter((term) => index.postings.has(term))
  const perDocument = new Map<string, number>()
  for (const term of known)
    for (const id of index.postings.get(term)!.keys()) perDocument.set(id, (perDocument.get(id) ?? 0) + 1)
  return Math.max(0, ...perDocument.values()) >= word.length * leastGramShare ? known : []
}
