// Makes a picture small on the device: at most 1600 pixels a side, drawn anew, so that place and camera stay here. A document
// is sent as it is. What the device cannot draw is refused here, with the server's own codes.

import { ApiProblem } from '../../ui/api.ts'
import { fileLimits } from './limits.ts'

const longestSide = 1600
const quality = 0.82
const previewSide = 192
const sendable = new Set(['image/jpeg', 'image/png', 'image/webp'])

export type Prepared = { body: Blob; kind: 'picture' | 'document'; preview?: string }

const refused = (code: 'file_kind_refused' | 'file_too_large' | 'file_not_understood'): ApiProblem =>
  new ApiProblem({ code, title: code, values: { maximumMegabytes: fileLimits.bytes / 1024 / 1024 } })

function draw(picture: ImageBitmap, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const context = canvas.getContext('2d')!
  // JPEG has no transparency: what shows through is paper.
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

/** Rejects with ApiProblem file_kind_refused, file_not_understood or file_too_large. */
export async function prepare(file: File): Promise<Prepared> {
  if (file.type === 'application/pdf') {
    if (file.size > fileLimits.bytes) throw refused('file_too_large')
    return { body: file, kind: 'document' }
  }
  if (!file.type.startsWith('image/') || file.type.startsWith('image/svg')) throw refused('file_kind_refused')
  const picture = await createImageBitmap(file).catch(() => null)
  if (!picture) throw refused(sendable.has(file.type) ? 'file_not_understood' : 'file_kind_refused')
  try {
    const canvas = draw(picture, longestSide)
    const body = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
    if (!body) throw refused('file_not_understood')
    return { body, kind: 'picture', preview: draw(picture, previewSide).toDataURL('image/jpeg', 0.7) }
  } finally {
    picture.close()
  }
}
