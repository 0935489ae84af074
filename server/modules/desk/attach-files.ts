// The files of messages that are about to be stored: held by the conversation in the same commit, or the message is refused and
// nothing of it is written. Only its own customer brings files into a conversation.
import { fileLimits, type Attachment } from '#contract/files.ts'
import type { Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import type { CaseRecord } from './case.ts'
import type { DeskNeeds } from './needs.ts'
import type { SendCommand } from './send-messages.ts'

/** What each command with files may carry. A command that is missing here carries none. */
export async function attachFiles(
  tx: Transaction,
  needs: Pick<DeskNeeds, 'files'>,
  commands: readonly SendCommand[],
  cases: ReadonlyMap<string, CaseRecord>,
): Promise<Map<SendCommand, Attachment[] | Refusal>> {
  const attached = new Map<SendCommand, Attachment[] | Refusal>()
  for (const command of commands) {
    const { files, sender, conversationId } = command
    const record = cases.get(conversationId)
    if (!files || files.length === 0 || sender.kind !== 'customer' || record?.customerId !== sender.id)
      continue
    try {
      attached.set(
        command,
        await needs.files.link(tx, {
          customerId: sender.id,
          who: { kind: 'customer', id: sender.id },
          subject: conversationId,
          fileIds: files,
          most: fileLimits.perConversation,
        }),
      )
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      attached.set(command, error)
    }
  }
  return attached
}
