// Ties a list of files to a page: kept with the customer's other data, tried again when the network is back.

import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Attachment } from '../../../contract/files.ts'
import { api } from '../../ui/api.ts'
import { dropKept, keep, readKept } from '../data/keep.ts'
import { FileList, type FileItem } from './file-list.ts'
import { sendFile } from './send-file.ts'
import { prepare } from './shrink.ts'

const inTheWay = new Set<FileItem['state']>(['preparing', 'sending', 'waiting'])

export type Files = {
  list: FileList
  items: readonly FileItem[]
  /** What has arrived. */
  ready: Attachment[]
  /** Something is still on its way. */
  busy: boolean
}

/** `name` names what they belong to on this device, e.g. `refund.TN-7Q2M-93TD`. */
export function useFiles(name: string, most: number): Files {
  const kept = `files.${name}`
  const [list] = useState(
    () =>
      new FileList({
        most,
        read: () => readKept<Attachment[]>(kept)?.data ?? [],
        write: (files) => (files.length ? keep(kept, files) : dropKept(kept)),
        prepare,
        send: sendFile,
        forget: (fileId) => void api.delete(`/api/files/${fileId}`).catch(() => undefined),
      }),
  )
  const items = useSyncExternalStore(list.subscribe, list.getItems, list.getItems)
  useEffect(() => {
    const back = (): void => list.networkBack()
    addEventListener('online', back)
    return () => removeEventListener('online', back)
  }, [list])
  return {
    list,
    items,
    ready: items.flatMap(({ file }) => file ?? []),
    busy: items.some(({ state }) => inTheWay.has(state)),
  }
}
