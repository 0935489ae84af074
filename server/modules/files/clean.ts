// What may be kept of the bytes that somebody sends: what it is stands in its content, never in a name or a header. Pictures
// are written again without place and camera; what unpacks to too many pixels is refused by its head, unread.
import { fileLimits } from '#contract/files.ts'
import { refused, type Cleaned } from './file.ts'
import { cleanJpeg } from './jpeg.ts'
import { cleanPdf } from './pdf.ts'
import { cleanPng, pngSignature } from './png.ts'
import { cleanWebp } from './webp.ts'

const readers: readonly [(bytes: Buffer) => boolean, (bytes: Buffer) => Cleaned][] = [
  [(bytes) => bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff, cleanJpeg],
  [(bytes) => bytes.subarray(0, 8).equals(pngSignature), cleanPng],
  [
    (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
    cleanWebp,
  ],
  [(bytes) => bytes.toString('latin1', 0, 5) === '%PDF-', cleanPdf],
]

export function cleanFile(bytes: Buffer): Cleaned {
  if (bytes.length > fileLimits.bytes)
    return refused('file_too_large', 'it is too large', { maximumMegabytes: fileLimits.bytes / 1024 / 1024 })
  const clean = readers.find(([isOne]) => isOne(bytes))?.[1]
  if (!clean) return refused('file_kind_refused', 'it is no kind that is taken')
  const cleaned = clean(bytes)
  if (cleaned.verdict === 'refused') return cleaned
  const { width = 0, height = 0 } = cleaned
  if (Math.max(width, height) > fileLimits.sidePixels || width * height > fileLimits.pixels)
    return refused('picture_too_big', `it would be ${width} × ${height} pixels`, {
      maximumMegapixels: fileLimits.pixels / 1_000_000,
    })
  return cleaned
}
