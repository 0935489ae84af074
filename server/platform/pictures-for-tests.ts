// For tests only: small real pictures, and what cameras, programs and attackers put around them.
import { crc32 } from 'node:zlib'

const real = (text: string) => Buffer.from(text, 'base64')

/** Twelve by eight pixels each. */
export const pictures = {
  jpeg: real(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAIAAwDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAeEAABBAEFAAAAAAAAAAAAAAABAAIDESEEBRIUcf/EABUBAQEAAAAAAAAAAAAAAAAAAAEC/8QAGBEAAwEBAAAAAAAAAAAAAAAAAAECERL/2gAMAwEAAhEDEQA/AKcEOuG5l7y/r83HMlis1i/FTREJYVVdH//Z',
  ),
  png: real(
    'iVBORw0KGgoAAAANSUhEUgAAAAwAAAAICAYAAADN5B7xAAAAOklEQVR4AcyPsQ0AAAQExQwqk9i/MonKEEIpFDqSb17u849wvAKUyLq2nAK25+R/BcSdu6b+6Z03BAAAAP//E4tRKAAAAAZJREFUAwBfNxQRQDZwKAAAAABJRU5ErkJggg==',
  ),
  webp: real(
    'UklGRlAAAABXRUJQVlA4IEQAAADQAQCdASoMAAgABABoJagC7AD0HPuZAAD+bL/BrW5m1LkkrnxuwJvUsdrHqwvHidGA6yBs3h3Iyh8N+YKXhnbwFgAAAA==',
  ),
  webpAlpha: real(
    'UklGRmQAAABXRUJQVlA4WAoAAAAQAAAACwAABwAAQUxQSBMAAAABDzDmERFCIJBEtj/ZDBH9DxoAAFZQOCAqAAAAcAEAnQEqDAAIAAQAaCWwAuwBdQAA/vBCf/5qv0sfGP/N5Q6jUfIy0AAA',
  ),
  webpLossless: real('UklGRi4AAABXRUJQVlA4TCEAAAAvC8ABAA/wFerLNH+Fev5DC4TZRgj1xzmy/Y4hov+RnQQA'),
} as const

/** Words that must not be found in anything that is kept. */
export const secrets = ['Pixel 9 Pro', 'GPS -6.2088 106.8456', 'Nabila'] as const
const secretText = secrets.join(' ')

export function jpegSegment(marker: number, payload: Buffer | string): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/** As a phone writes it: Exif with place and camera and which way is up, XMP, a profile, Photoshop's, a comment, a second picture behind. */
export function photographed(jpeg: Buffer = pictures.jpeg, orientation = 6): Buffer {
  const directory = Buffer.alloc(14)
  directory.writeUInt16LE(1, 0)
  directory.writeUInt16LE(0x0112, 2)
  directory.writeUInt16LE(3, 4)
  directory.writeUInt32LE(1, 6)
  directory.writeUInt16LE(orientation, 10)
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0II*\0\b\0\0\0', 'latin1'),
    directory,
    Buffer.alloc(4),
    Buffer.from(secretText),
  ])
  return Buffer.concat([
    jpeg.subarray(0, 2),
    jpegSegment(0xe1, exif),
    jpegSegment(0xe1, `http://ns.adobe.com/xap/1.0/\0${secretText}`),
    jpegSegment(0xe2, `ICC_PROFILE\0\x01\x01${secretText}`),
    jpegSegment(0xed, `Photoshop 3.0\0${secretText}`),
    jpegSegment(0xfe, secretText),
    jpeg.subarray(2),
    jpeg,
    Buffer.from(secretText),
  ])
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  data.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

const afterHead = 33
/** A screenshot with everything that programs write into one, and something behind its end. */
export function screenshot(png: Buffer = pictures.png): Buffer {
  const texts = ['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'iCCP', 'acTL', 'prVt'].map((type) =>
    pngChunk(type, Buffer.from(secretText)),
  )
  return Buffer.concat([
    png.subarray(0, afterHead),
    ...texts,
    png.subarray(afterHead),
    Buffer.from(secretText),
  ])
}

/** The same picture, but it says that it is so large. */
export function pngOfSize(width: number, height: number): Buffer {
  const head = Buffer.from(pictures.png.subarray(16, 29))
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  return Buffer.concat([
    pictures.png.subarray(0, 8),
    pngChunk('IHDR', head),
    pictures.png.subarray(afterHead),
  ])
}

export function riff(...chunks: readonly (readonly [string, Buffer])[]): Buffer {
  const parts = chunks.map(([type, data]) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32LE(data.length, 4)
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
  })
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts])
  const head = Buffer.alloc(8)
  head.write('RIFF', 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

/** With flags for everything, and Exif, XMP and a profile with words in them. */
export function photographedWebp(): Buffer {
  const head = Buffer.from([0x3c, 0, 0, 0, 11, 0, 0, 7, 0, 0])
  const words = Buffer.from(secretText)
  const picture = pictures.webp.subarray(20)
  return Buffer.concat([
    riff(
      ['VP8X', head],
      ['ICCP', words],
      ['VP8 ', picture],
      ['EXIF', words],
      ['XMP ', words],
      ['JUNK', words],
    ),
    words,
  ])
}

/** A document with these objects, as far as anybody looks at one here. */
export const pdf = (...objects: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    ...objects.flatMap((object, index) => [
      Buffer.from(`${index + 1} 0 obj\n`),
      typeof object === 'string' ? Buffer.from(object, 'latin1') : object,
      Buffer.from('\nendobj\n'),
    ]),
    Buffer.from('trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n'),
  ])
