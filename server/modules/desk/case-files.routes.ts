// Pictures and documents of a case: what its conversation and its refunds hold. Each look is recorded before anything is sent.
import { Type } from 'typebox'
import { UuidSchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { fileAnswer, sendFile } from '#modules/files/index.ts'
import type { AgentGate } from './agent-gate.ts'
import { readReferences } from './desk.sql.ts'
import { recordLook } from './look.ts'
import type { DeskNeeds } from './needs.ts'

export function caseFileRoutes(
  api: Face,
  platform: Platform,
  needs: DeskNeeds,
  { caseFor }: Pick<AgentGate, 'caseFor'>,
): void {
  const looked = recordLook(platform, needs)
  api.get(
    '/api/cases/:id/files/:fileId',
    {
      schema: {
        tags: ['Cases'],
        summary: 'A picture or document that the customer sent',
        description:
          'For whom the case gives a reason to look. Recorded as a look once in the hour, which the customer sees.',
        params: Type.Object({ id: UuidSchema, fileId: UuidSchema }),
        response: fileAnswer,
      },
    },
    async (request, reply) => {
      const { id, fileId } = request.params
      const { record, agent } = await caseFor(request, id, 'file.read')
      const references = (await readReferences(platform.db.read, [record.id])).get(record.id) ?? []
      const file = await needs.files.readHeld([record.conversationId, ...references], fileId)
      if (!file) throw new Refusal('not_found')
      await looked({ record, agent, field: 'file', reason: 'case', fileId })
      return sendFile(reply, file)
    },
  )
}
