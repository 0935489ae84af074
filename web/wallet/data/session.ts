// Who is signed in on this page. Signing out ends the session at the server first where that is possible,
// and always erases what the device kept.

import { api } from '../../ui/api.ts'
import { localeOf, setLanguage, type Language } from '../../ui/language.ts'
import { forgetSessionEnd, queryClient } from './client.ts'
import { eraseKept, keep, takeOver } from './keep.ts'
import { startLive, stopLive } from './live.ts'
import { useMe } from './queries.ts'
import type { Me } from './types.ts'

export type Session = { state: 'loading' } | { state: 'out' } | { state: 'in'; me: Me } | { state: 'unreachable'; retry: () => void }

/** The session of this page. A kept customer counts as signed in until the server says otherwise. */
export function useSession(): Session {
  const { data, isPending, refetch } = useMe()
  if (data === null) return { state: 'out' }
  if (data) return { state: 'in', me: data }
  if (isPending) return { state: 'loading' }
  return { state: 'unreachable', retry: () => void refetch() }
}

/** After sign-in or sign-up: what belonged to anybody else leaves the device. */
export function signedIn(me: Me): void {
  forgetSessionEnd()
  takeOver(me.customerId)
  keep('me', me)
  queryClient.setQueryData(['me'], me)
  // What is on the screen is read again for this customer; the rest is forgotten. (Clearing the whole cache would
  // leave the screen's own readers behind.)
  const others = { predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== 'me' }
  queryClient.removeQueries({ ...others, type: 'inactive' })
  void queryClient.resetQueries(others)
  startLive(me.customerId)
}

export async function signOut(): Promise<void> {
  // Without a connection the cookie stays until it expires; the device forgets all the same.
  await api.post('/api/sign-out').catch(() => undefined)
  stopLive()
  eraseKept()
  location.assign('/')
}

/** "Not you?" at a checkout: signs out and stays at the same address. */
export async function leaveAsSomebodyElse(): Promise<void> {
  await api.post('/api/sign-out').catch(() => undefined)
  stopLive()
  eraseKept()
  location.reload()
}

/** Changes the language here, and for what we write to the customer. */
export async function chooseLanguage(language: Language, signedInNow: boolean): Promise<void> {
  await setLanguage(language)
  if (!signedInNow) return
  const me = await api.put<Me>('/api/me/preferences', { locale: localeOf[language] }).catch(() => undefined)
  if (me) queryClient.setQueryData(['me'], me)
}
