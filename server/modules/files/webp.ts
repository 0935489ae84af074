// WebP (RFC 9649): one still picture, with its transparency. Exif, XMP, colour profiles, unknown chunks and whatever stands
// behind the end are left out; a moving picture is refused.
import { damaged, refused, type Cleaned } from './file.ts'

interface Size {
  width: number
  height: number
}

function sizeOfVp8(data: Buffer): Size | undefined {
  // A key frame, its start code, then 14 bits for each side.
  if (data.length < 10 || (data[0]! & 1) !== 0 || data.readUIntBE(3, 3) !== 0x9d012a) return undefined
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff }
}

function sizeOfVp8l(data: Buffer): Size | undefined {
  if (data.length < 5 || data[0] !== 0x2f) return undefined
  const bits = data.readUInt32LE(1)
  return bits >>> 29 === 0 ? { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 } : undefined
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

export function cleanWebp(bytes: Buffer): Cleaned {
  const stated = bytes.readUInt32LE(4) + 8
  if (stated > bytes.length || stated < 20) return damaged('it ends too early')
  let canvas: Size | undefined
  let alpha: Buffer | undefined
  let picture: { type: string; data: Buffer; size: Size } | undefined
  for (let at = 12; at + 8 <= stated;) {
    const type = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const end = at + 8 + length
    if (end > stated) return damaged('a chunk is longer than the file')
    const data = bytes.subarray(at + 8, end)
    if (type === 'ANIM' || type === 'ANMF') return refused('file_kind_refused', 'it moves')
    if (type === 'VP8X') {
      if (canvas || picture || length < 10) return damaged('its head is not at its head')
      canvas = { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 }
    } else if (type === 'ALPH') alpha ??= data
    else if (type === 'VP8 ' || type === 'VP8L') {
      const size = type === 'VP8 ' ? sizeOfVp8(data) : sizeOfVp8l(data)
      if (picture || !size || size.width === 0 || size.height === 0) return damaged('its picture is wrong')
      picture = { type, data, size }
    }
    at = end + (length % 2)
  }
  if (!picture) return damaged('it holds no picture')
  const { type, data, size } = picture
  if (canvas && (canvas.width !== size.width || canvas.height !== size.height))
    return damaged('its two sizes differ')
  const parts: Buffer[] = []
  if (type === 'VP8 ' && alpha && canvas) {
    const head = Buffer.alloc(10)
    head[0] = 0x10
    head.writeUIntLE(size.width - 1, 4, 3)
    head.writeUIntLE(size.height - 1, 7, 3)
    parts.push(chunk('VP8X', head), chunk('ALPH', alpha))
  }
  parts.push(chunk(type, data))
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...parts])
  const riff = Buffer.alloc(8)
  riff.write('RIFF', 'latin1')
  riff.writeUInt32LE(body.length, 4)
  return { verdict: 'kept', mediaType: 'image/webp', content: Buffer.concat([riff, body]), ...size }
}
