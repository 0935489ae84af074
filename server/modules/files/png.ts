// PNG (ISO/IEC 15948): the chunks that draw the picture, each with its checksum proven, and nothing else. Texts, times, Exif,
// colour profiles, further frames and whatever stands behind the end are left out.
import { crc32 } from 'node:zlib'
import { damaged, type Cleaned } from './file.ts'

export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const kept: ReadonlySet<string> = new Set([
  'IHDR',
  'PLTE',
  'IDAT',
  'IEND',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'sBIT',
  'bKGD',
  'pHYs',
])
/** Bits a sample that each colour type may have. */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

function headOf(data: Buffer): { width: number; height: number } | undefined {
  if (data.length !== 13) return undefined
  const [depth, colour, compression, filter, interlace] = data.subarray(8)
  if (!depths[colour!]?.includes(depth!) || compression !== 0 || filter !== 0 || interlace! > 1)
    return undefined
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)]
  return width > 0 && height > 0 ? { width, height } : undefined
}

export function cleanPng(bytes: Buffer): Cleaned {
  const parts: Buffer[] = [pngSignature]
  let size: { width: number; height: number } | undefined
  let data: 'before' | 'in' | 'after' = 'before'
  let at = pngSignature.length
  for (;;) {
    if (at + 12 > bytes.length) return damaged('it ends too early')
    const length = bytes.readUInt32BE(at)
    const end = at + 12 + length
    if (end > bytes.length) return damaged('a chunk is longer than the file')
    const type = bytes.toString('latin1', at + 4, at + 8)
    const body = bytes.subarray(at + 8, end - 4)
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      return damaged(`the checksum of ${type} is wrong`)
    if ((type === 'IHDR') !== (size === undefined)) return damaged('its head is not at its head')
    if (type === 'IHDR') {
      size = headOf(body)
      if (!size) return damaged('its head is wrong')
    }
    if (type === 'IDAT') {
      if (data === 'after') return damaged('its data is torn apart')
      // The first two bytes of a zlib stream prove themselves.
      if (data === 'before' && (body.length < 2 || (body[0]! & 15) !== 8 || body.readUInt16BE(0) % 31 !== 0))
        return damaged('its data is not compressed as it says')
      data = 'in'
    } else if (data === 'in') data = 'after'
    if (kept.has(type)) parts.push(bytes.subarray(at, end))
    // A capital first letter says that the picture cannot be drawn without it.
    else if (!/^[a-z][A-Za-z]{3}$/.test(type)) return damaged('a chunk is not one of ours')
    if (type === 'IEND') break
    at = end
  }
  if (!size || data === 'before') return damaged('it holds no picture')
  return { verdict: 'kept', mediaType: 'image/png', content: Buffer.concat(parts), ...size }
}
