// A customer's own files over HTTP: the body is the file itself. Nobody else's file can be told from none (R2).
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AttachmentSchema, fileLimits, MediaTypeSchema } from '#contract/files.ts'
import { UuidSchema } from '#contract/schema.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import { idempotencyKey, type Face } from '#platform/http.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Files } from './index.ts'
import { fileAnswer, sendFile } from './send-file.ts'

const tags = ['Files']
const params = Type.Object({ id: UuidSchema })
const types = MediaTypeSchema.enum

export function fileRoutes(
  api: Face,
  files: Files,
  authenticate: (request: RequestWithHeaders) => Promise<{ customerId: string }>,
): void {
  const adders = new WeakMap<FastifyRequest, string>()

  // A scope of its own: no other route takes such bodies.
  void api.register(async (own) => {
    own.addContentTypeParser(
      types,
      { parseAs: 'buffer', bodyLimit: fileLimits.bytes },
      (_request, body, done) => done(null, body),
    )
    own.post(
      '/api/files',
      {
        bodyLimit: fileLimits.bytes,
        schema: {
          tags,
          summary: 'Add a picture or a document',
          description:
            'The body is the file itself. What it is, is read from its content; place, camera and everything else that does not draw the picture is taken out. Needs an Idempotency-Key: the same key with the same bytes answers the same file. What is not sent within a day is removed.',
          consumes: types,
          body: {
            content: Object.fromEntries(types.map((type) => [type, { schema: { description: 'The file' } }])),
          },
          response: { 200: AttachmentSchema },
        },
        // Before the body is read: strangers, and those who have tried too often, send nothing.
        async onRequest(request) {
          const { customerId } = await authenticate(request)
          idempotencyKey(request)
          await files.mayTry(customerId)
          adders.set(request, customerId)
        },
        errorHandler(error) {
          if ((error as { statusCode?: number }).statusCode === 413)
            throw new Refusal('file_too_large', { maximumMegabytes: fileLimits.bytes / 1024 / 1024 })
          throw error
        },
      },
      async (request) => {
        const body: unknown = request.body
        if (!Buffer.isBuffer(body)) throw new Refusal('media_type_unsupported')
        return files.add(adders.get(request)!, idempotencyKey(request), body)
      },
    )
  })

  api.get(
    '/api/files/:id/content',
    { schema: { tags, summary: 'One of my files', params, response: fileAnswer } },
    async (request, reply) => {
      const { customerId } = await authenticate(request)
      const file = await files.readOwn(customerId, request.params.id)
      if (!file) throw new Refusal('not_found')
      return sendFile(reply, file)
    },
  )

  api.delete(
    '/api/files/:id',
    {
      schema: {
        tags,
        summary: 'Remove a file that was not sent yet',
        description: 'conflict once it belongs to a message or a refund.',
        params,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { customerId } = await authenticate(request)
      await files.remove(customerId, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
