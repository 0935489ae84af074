import fc from 'fast-check'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fileLimits } from '#contract/files.ts'
import { cleanFile } from './clean.ts'
import {
  jpegSegment,
  pdf,
  photographed,
  photographedWebp,
  pictures,
  pngChunk,
  pngOfSize,
  riff,
  screenshot,
  secrets,
} from '#platform/pictures-for-tests.ts'

function kept(bytes: Buffer) {
  const cleaned = cleanFile(bytes)
  if (cleaned.verdict === 'refused') throw new Error(`${cleaned.code}: ${cleaned.why}`)
  return cleaned
}
function codeOf(bytes: Buffer): string {
  const cleaned = cleanFile(bytes)
  return cleaned.verdict === 'refused' ? cleaned.code : cleaned.verdict
}
const says = (bytes: Buffer) => secrets.filter((secret) => bytes.includes(secret))

describe('what is kept of a picture', () => {
  it.each([
    ['jpeg', photographed(), 'image/jpeg'],
    ['png', screenshot(), 'image/png'],
    ['webp', photographedWebp(), 'image/webp'],
  ] as const)('%s: no place, no camera, no words, nothing behind its end', (_name, bytes, mediaType) => {
    expect(says(bytes)).toEqual([...secrets])
    const cleaned = kept(bytes)
    expect(cleaned.mediaType).toBe(mediaType)
    expect(says(cleaned.content)).toEqual([])
  })

  it.each(Object.entries(pictures))('%s: a clean one stays byte for byte', (_name, bytes) => {
    const cleaned = kept(bytes)
    expect(cleaned.content.equals(bytes)).toBe(true)
    expect([cleaned.width, cleaned.height]).toEqual([12, 8])
  })

  it('which way is up survives, and with it the sides', () => {
    const turned = kept(photographed(pictures.jpeg, 6))
    expect([turned.width, turned.height]).toEqual([8, 12])
    // Cleaned again, it is the same: nothing is lost or added by a second time.
    expect(kept(turned.content).content.equals(turned.content)).toBe(true)
    expect(turned.content.length - kept(photographed(pictures.jpeg, 1)).content.length).toBe(36)
    expect(kept(photographed(pictures.jpeg, 9)).content.equals(pictures.jpeg)).toBe(true)
  })

  it('the picture of a PNG is the one that was sent', () => {
    expect(kept(screenshot()).content.equals(pictures.png)).toBe(true)
  })
})

describe('what is refused', () => {
  it.each([
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;')],
    ['a drawing with a program', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a drawing behind an XML head', Buffer.from('<?xml version="1.0"?><svg/>')],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a program', Buffer.from('alert(1)//')],
    ['a GIF that is a program too', Buffer.from('GIF89a=1;alert(1)//')],
    ['nothing', Buffer.alloc(0)],
    ['a picture of an iPhone', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0')],
    ['an archive', Buffer.from('PK\x03\x04')],
    ['a moving WebP', riff(['VP8X', Buffer.alloc(10)], ['ANIM', Buffer.alloc(6)])],
  ])('%s is no kind that is taken', (_name, bytes) => expect(codeOf(bytes)).toBe('file_kind_refused'))

  it.each([
    ['a page that begins like a JPEG', Buffer.from('\xff\xd8\xff<script>alert(1)</script>', 'latin1')],
    ['a JPEG without a picture', Buffer.from([0xff, 0xd8, 0xff, 0xd9])],
    ['a JPEG that ends in the middle', pictures.jpeg.subarray(0, -2)],
    [
      'a JPEG with a segment that is too long',
      Buffer.concat([pictures.jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0xff, 0xff])]),
    ],
    [
      'a JPEG of two frames',
      Buffer.concat([
        pictures.jpeg.subarray(0, 2),
        jpegSegment(0xc0, Buffer.from([8, 0, 8, 0, 8, 1, 1, 17, 0])),
        pictures.jpeg.subarray(2),
      ]),
    ],
    ['a PNG with a wrong checksum', Buffer.from(pictures.png).fill(1, 29, 30)],
    ['a PNG that ends in the middle', pictures.png.subarray(0, -12)],
    [
      'a PNG with a chunk that nobody knows',
      Buffer.concat([
        pictures.png.subarray(0, 33),
        pngChunk('EVIL', Buffer.alloc(4)),
        pictures.png.subarray(33),
      ]),
    ],
    ['a PNG without its head', Buffer.concat([pictures.png.subarray(0, 8), pictures.png.subarray(33)])],
    ['a WebP that ends in the middle', pictures.webp.subarray(0, -6)],
    [
      'a WebP of two sizes',
      riff(['VP8X', Buffer.from([0, 0, 0, 0, 99, 0, 0, 99, 0, 0])], ['VP8 ', pictures.webp.subarray(20)]),
    ],
    ['a PDF without an end', pdf('<< /Type /Catalog >>').subarray(0, 40)],
  ])('%s is not understood', (_name, bytes) => expect(codeOf(bytes)).toBe('file_not_understood'))

  it('a picture that unpacks to too much is refused by its head', () => {
    expect(codeOf(pngOfSize(fileLimits.sidePixels + 1, 1))).toBe('picture_too_big')
    expect(codeOf(pngOfSize(10_000, 10_000))).toBe('picture_too_big')
    expect(codeOf(pngOfSize(0x7fffffff, 0x7fffffff))).toBe('picture_too_big')
    expect(codeOf(pngOfSize(7000, 7000))).toBe('kept')
  })

  it('a file above the limit is refused unread', () => {
    expect(codeOf(Buffer.concat([pictures.jpeg, Buffer.alloc(fileLimits.bytes)]))).toBe('file_too_large')
  })
})

describe('documents', () => {
  const catalogue = '<< /Type /Catalog >>'
  const packed = (text: string, more = '/Filter /FlateDecode') =>
    Buffer.concat([
      Buffer.from(`<< /Type /ObjStm ${more} >>\nstream\n`),
      deflateSync(Buffer.from(text)),
      Buffer.from('\nendstream'),
    ])

  it('are kept as they came', () => {
    const bytes = pdf(
      catalogue,
      '<< /Length 9 >>\nstream\n/JS /Launch\nendstream',
      packed('<< /Type /Page >>'),
    )
    expect(kept(bytes).content.equals(bytes)).toBe(true)
  })

  it.each([
    ['a program', pdf(catalogue, '<< /S /JavaScript /JS (app.alert(1)) >>')],
    ['a program under another spelling', pdf(catalogue, '<< /S /J#61vaScript /#4aS (1) >>')],
    ['a start of something', pdf(catalogue, '<< /S /Launch /F (cmd.exe) >>')],
    ['another file', pdf(catalogue, '<< /Names << /EmbeddedFiles 4 0 R >> >>')],
    ['a lock', pdf(catalogue, '<< /Encrypt 4 0 R >>')],
    ['a packed program', pdf(catalogue, packed('<< /S /JavaScript >>'))],
    ['objects packed twice', pdf(catalogue, packed('x', '/Filter [/ASCIIHexDecode /LZWDecode]'))],
    ['objects that unpack without end', pdf(catalogue, packed('a'.repeat(25 * 1024 * 1024)))],
  ])('with %s are refused', (_name, bytes) => expect(codeOf(bytes)).toBe('file_unsafe'))
})

describe('whatever comes', () => {
  it('damage is refused or survived, never a fault, and what is kept is clean when looked at again', () => {
    const seeds = [
      photographed(),
      screenshot(),
      photographedWebp(),
      pictures.webpAlpha,
      pdf('<< /Type /Catalog >>'),
    ]
    const damaged = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.nat(),
      )
      .map(([seed, changes, cut]) => {
        const bytes = Buffer.from(seed)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes
      })
    fc.assert(
      fc.property(damaged, (bytes) => {
        const cleaned = cleanFile(bytes)
        if (cleaned.verdict === 'refused' || cleaned.mediaType === 'application/pdf') return
        const again = cleanFile(cleaned.content)
        expect(again.verdict).toBe('kept')
        expect(again.verdict === 'kept' && again.content.equals(cleaned.content)).toBe(true)
      }),
      { numRuns: 400, seed: 7 },
    )
  })
})
