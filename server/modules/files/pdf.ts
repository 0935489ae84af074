// PDF (ISO 32000): kept as it came, because a document that was changed proves nothing; so it is only ever a download. What is
// locked, what holds programs or further files, and what hides its objects from this look is refused.
import { inflateSync } from 'node:zlib'
import { damaged, refused, type Cleaned } from './file.ts'

/** Names that start something, carry something, or hide everything. */
const unsafe =
  /\/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|Rendition|XFA|SubmitForm|ImportData|Encrypt)(?![A-Za-z0-9])/
/** In a packed list of objects; together, over the whole document. */
const mostUnpackedBytes = 20 * 1024 * 1024

/** A name may be written with #xx for a letter: /J#53 is /JS. */
const plainNames = (text: string): string =>
  text.replace(/#([0-9A-Fa-f]{2})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)))

export function cleanPdf(bytes: Buffer): Cleaned {
  const text = bytes.toString('latin1')
  if (!/^%PDF-[12]\.\d/.test(text)) return damaged('its head is wrong')
  if (!text.slice(-1024).includes('%%EOF') || !text.includes('startxref')) return damaged('it ends too early')
  let left = mostUnpackedBytes
  // The words between the streams; a stream is pixels and letters, except for packed lists of objects.
  const words: string[] = []
  let at = 0
  for (const match of text.matchAll(/stream\r?\n/g)) {
    const from = match.index + match[0].length
    if (match.index < at) continue
    const before = text.slice(at, match.index)
    words.push(before)
    const end = text.indexOf('endstream', from)
    if (end < 0) return damaged('a stream has no end')
    at = end + 'endstream'.length
    const dictionary = plainNames(before.slice(Math.max(0, before.lastIndexOf(' obj'))))
    if (!/\/ObjStm(?![A-Za-z])/.test(dictionary)) continue
    if (!/\/FlateDecode(?![A-Za-z])/.test(dictionary) || /\/DecodeParms(?![A-Za-z])/.test(dictionary))
      return refused('file_unsafe', 'it hides its objects')
    try {
      const unpacked = inflateSync(bytes.subarray(from, end), { maxOutputLength: Math.max(1, left) })
      left -= unpacked.length
      words.push(unpacked.toString('latin1'))
    } catch {
      return refused('file_unsafe', 'its objects cannot be looked at')
    }
  }
  words.push(text.slice(at))
  const found = unsafe.exec(plainNames(words.join('\n')))
  if (found) return refused('file_unsafe', `it holds ${found[0]}`)
  return { verdict: 'kept', mediaType: 'application/pdf', content: bytes }
}
