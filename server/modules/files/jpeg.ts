// JPEG (ITU-T T.81): only what draws the picture is written again. Place, camera, thumbnails, comments, colour profiles and
// whatever stands behind the end are left out; of Exif only which way is up survives, because the picture needs it.
import { damaged, type Cleaned } from './file.ts'

const tableMarkers: ReadonlySet<number> = new Set([0xc4, 0xdb, 0xdd])
/** Baseline, extended and progressive with Huffman codes: what browsers draw. */
const frameMarkers: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2])
/** A progressive picture has about ten; very many are made to keep a reader busy. */
const mostScans = 100
const plainJfif = Buffer.from([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0])

/** An Exif segment that says nothing but the orientation (2 to 8). */
const orientationOnly = (orientation: number): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xe1, 0, 34]),
    Buffer.from('Exif\0\0MM\0*', 'latin1'),
    Buffer.from([0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]),
  ])

/** Which way is up, of an Exif segment's payload; 1 when it does not say. */
function orientationOf(payload: Buffer): number {
  if (payload.length < 14 || payload.toString('latin1', 0, 6) !== 'Exif\0\0') return 1
  const tiff = payload.subarray(6)
  const little = tiff.toString('latin1', 0, 2) === 'II'
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
  const directory = u32(4)
  if (directory + 2 > tiff.length) return 1
  const count = Math.min(u16(directory), 100)
  for (let index = 0; index < count; index++) {
    const at = directory + 2 + index * 12
    if (at + 12 > tiff.length) return 1
    if (u16(at) !== 0x0112) continue
    const value = u16(at + 8)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** Where the coded data that begins at `from` ends: at the next marker that is neither stuffing nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (
    let at = bytes.indexOf(0xff, from);
    at >= 0 && at + 1 < bytes.length;
    at = bytes.indexOf(0xff, at + 1)
  ) {
    const next = bytes[at + 1]!
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return -1
}

export function cleanJpeg(bytes: Buffer): Cleaned {
  const kept: Buffer[] = [Buffer.from([0xff, 0xd8])]
  const head = { jfif: false, orientation: 1 }
  let size: { width: number; height: number } | undefined
  let scans = 0
  let at = 2
  for (;;) {
    if (bytes[at] !== 0xff) return damaged('a marker is missing')
    while (bytes[at + 1] === 0xff) at++
    const marker = bytes[at + 1]
    if (marker === undefined) return damaged('it ends too early')
    if (marker === 0xd9) break
    if (at + 4 > bytes.length) return damaged('it ends too early')
    const length = bytes.readUInt16BE(at + 2)
    const end = at + 2 + length
    if (length < 2 || end > bytes.length) return damaged('a segment is longer than the file')
    const payload = bytes.subarray(at + 4, end)
    if (frameMarkers.has(marker)) {
      if (size || payload.length < 6 || payload[0] !== 8) return damaged('its frame is not one of ours')
      const parts = payload[5]!
      if (![1, 3, 4].includes(parts) || payload.length !== 6 + parts * 3)
        return damaged('its parts are wrong')
      size = { height: payload.readUInt16BE(1), width: payload.readUInt16BE(3) }
      if (size.width === 0 || size.height === 0) return damaged('it has no size')
      kept.push(bytes.subarray(at, end))
    } else if (marker === 0xda) {
      if (!size || ++scans > mostScans) return damaged('its scans are wrong')
      const next = endOfScan(bytes, end)
      if (next < 0) return damaged('it ends too early')
      kept.push(bytes.subarray(at, next))
      at = next
      continue
    } else if (tableMarkers.has(marker)) kept.push(bytes.subarray(at, end))
    else if (marker === 0xe0) head.jfif ||= payload.toString('latin1', 0, 5) === 'JFIF\0'
    else if (marker === 0xe1) head.orientation = Math.max(head.orientation, orientationOf(payload))
    // Adobe's says how the colours are mixed; twelve bytes and no words.
    else if (marker === 0xee && payload.length >= 12 && payload.toString('latin1', 0, 5) === 'Adobe')
      kept.push(Buffer.from([0xff, 0xee, 0, 14]), payload.subarray(0, 12))
    else if (!((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe))
      return damaged(`marker ${marker.toString(16)} is not one of ours`)
    at = end
  }
  if (!size || scans === 0) return damaged('it holds no picture')
  const [start, ...rest] = kept
  const content = Buffer.concat([
    start!,
    ...(head.jfif ? [plainJfif] : []),
    ...(head.orientation > 1 ? [orientationOnly(head.orientation)] : []),
    ...rest,
    Buffer.from([0xff, 0xd9]),
  ])
  // Turned by a quarter, it is shown with its sides exchanged.
  const { width, height } = head.orientation >= 5 ? { width: size.height, height: size.width } : size
  return { verdict: 'kept', mediaType: 'image/jpeg', content, width, height }
}
