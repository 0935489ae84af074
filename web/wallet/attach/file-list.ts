// What is being added to a message or a form: made small, sent under one key each, tried again when the network is back.
// What arrived outlives a reload; what did not must be chosen again, because a page may not keep a picture.

import type { Attachment } from '../../../contract/files.ts'
import type { ErrorCode, ProblemValues } from '../../../contract/errors.ts'
import { newIdempotencyKey, toProblem } from '../../ui/api.ts'
import type { SendFile } from './send-file.ts'
import type { Prepared } from './shrink.ts'

export type FileItem = {
  key: string
  kind: 'picture' | 'document'
  state: 'preparing' | 'sending' | 'waiting' | 'done' | 'failed'
  /** 0 to 1 while it is sent. */
  share: number
  preview?: string
  file?: Attachment
  problem?: { code: ErrorCode; values: ProblemValues }
}

export type FileListNeeds = {
  most: number
  read(): Attachment[]
  write(files: Attachment[]): void
  prepare(file: File): Promise<Prepared>
  send: SendFile
  /** Told to the server without waiting: what is not told goes by itself after a day. */
  forget(fileId: string): void
}

/** Nothing was said about the file itself. */
const unanswered = new Set<ErrorCode>(['network_error', 'shutting_down', 'outcome_unknown'])

const kindOf = (file: Attachment): FileItem['kind'] =>
  file.mediaType === 'application/pdf' ? 'document' : 'picture'

export class FileList {
  #needs: FileListNeeds
  #items: readonly FileItem[]
  #bodies = new Map<string, Blob>()
  #aborts = new Map<string, AbortController>()
  #listeners = new Set<() => void>()

  constructor(needs: FileListNeeds) {
    this.#needs = needs
    this.#items = needs
      .read()
      .map((file) => ({ key: file.id, kind: kindOf(file), state: 'done', share: 1, file }))
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly getItems = (): readonly FileItem[] => this.#items

  /** As many as there is room for; answers whether all were taken. */
  add(files: readonly File[]): boolean {
    const room = Math.max(0, this.#needs.most - this.#items.length)
    for (const file of files.slice(0, room)) void this.#prepare(newIdempotencyKey(), file)
    return files.length <= room
  }

  retry(key: string): void {
    if (this.#bodies.has(key)) void this.#send(key)
  }

  /** The connection is back: what waits for it goes out, under the same keys. */
  networkBack(): void {
    for (const { key, state } of this.#items) if (state === 'waiting') void this.#send(key)
  }

  remove(key: string): void {
    const item = this.#items.find((other) => other.key === key)
    this.#aborts.get(key)?.abort()
    if (item?.file) this.#needs.forget(item.file.id)
    this.#bodies.delete(key)
    this.#change(this.#items.filter((other) => other.key !== key))
  }

  /** What arrived belongs to something now: the list starts anew. Answers it. */
  take(): Attachment[] {
    const taken = this.#items.flatMap(({ file }) => file ?? [])
    this.#change(this.#items.filter(({ file }) => !file))
    return taken
  }

  async #prepare(key: string, file: File): Promise<void> {
    const kind = file.type === 'application/pdf' ? 'document' : 'picture'
    this.#change([...this.#items, { key, kind, state: 'preparing', share: 0 }])
    try {
      const { body, preview } = await this.#needs.prepare(file)
      if (!this.#has(key)) return
      this.#bodies.set(key, body)
      if (preview) this.#set(key, { preview })
      await this.#send(key)
    } catch (error) {
      this.#fail(key, error)
    }
  }

  async #send(key: string): Promise<void> {
    const abort = new AbortController()
    this.#aborts.set(key, abort)
    this.#set(key, { state: 'sending', share: 0, problem: undefined })
    try {
      const file = await this.#needs.send(
        key,
        this.#bodies.get(key)!,
        (share) => this.#set(key, { share }),
        abort.signal,
      )
      this.#bodies.delete(key)
      // Taken out while it was on its way.
      if (!this.#has(key)) return this.#needs.forget(file.id)
      this.#set(key, { state: 'done', share: 1, file })
    } catch (error) {
      this.#fail(key, error)
    } finally {
      this.#aborts.delete(key)
    }
  }

  #fail(key: string, error: unknown): void {
    const { code, values } = toProblem(error)
    if (unanswered.has(code)) this.#set(key, { state: 'waiting', share: 0 })
    else this.#set(key, { state: 'failed', share: 0, problem: { code, values } })
  }

  #has(key: string): boolean {
    return this.#items.some((item) => item.key === key)
  }

  #set(key: string, change: Partial<FileItem>): void {
    if (this.#has(key))
      this.#change(this.#items.map((item) => (item.key === key ? { ...item, ...change } : item)))
  }

  #change(items: readonly FileItem[]): void {
    this.#items = items
    this.#needs.write(items.flatMap(({ file }) => file ?? []))
    for (const listener of this.#listeners) listener()
  }
}
