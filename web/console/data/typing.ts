// Who is writing just now, by conversation. Shown for a few seconds after each notice, never stored.

export const typingShownMs = 6000

export class TypingNotices {
  #timers = new Map<string, ReturnType<typeof setTimeout>>()
  #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly isTyping = (conversationId: string): boolean => this.#timers.has(conversationId)

  note(conversationId: string): void {
    clearTimeout(this.#timers.get(conversationId))
    this.#timers.set(
      conversationId,
      setTimeout(() => this.end(conversationId), typingShownMs),
    )
    this.#tell()
  }

  end(conversationId: string): void {
    if (!this.#timers.has(conversationId)) return
    clearTimeout(this.#timers.get(conversationId))
    this.#timers.delete(conversationId)
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
