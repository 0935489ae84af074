// The bar on top: where one is, search, whether one takes chats, the connection, the clock, oneself.

import { UnstyledButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { CircleCheck, CirclePause, CloudOff, Keyboard, LoaderCircle, LogOut, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { StaffMe } from '../../../contract/console.ts'
import { Avatar, Icon, formatClock, toast, useLanguage } from '../../ui/index.ts'
import { useNow } from '../data/clock.ts'
import { meKey, noteSessionEnd, queryClient } from '../data/client.ts'
import { requests } from '../data/requests.ts'
import { signOut, useLiveState, useMay, useMe } from '../data/workplace.tsx'
import { t } from '../texts.ts'
import { Menu, MenuButton } from './Menu.tsx'
import { useWidth } from './width.ts'

export function TopBar({ title, search, onKeys }: { title: string; search?: ReactNode; onKeys: () => void }) {
  const width = useWidth()
  const mayChange = useMay('availability.change')
  return (
    <header className="bar">
      {/* The phone's bar has no room for a title; it is there for readers all the same. */}
      <h1 className={width === 'phone' ? 'sr' : 'bar-title'}>{title}</h1>
      {search}
      <span className="grow" />
      <ConnectionState />
      {mayChange && <Availability brief={width === 'phone'} />}
      {width !== 'phone' && <Clock />}
      <SelfMenu onKeys={onKeys} />
    </header>
  )
}

function Clock() {
  const language = useLanguage()
  const now = useNow(5000)
  return <span className="t13 mute num">{formatClock(now, { language, zoneName: true })}</span>
}

/** Said only when something is not as usual: nobody needs to be told that it works. */
function ConnectionState() {
  const state = useLiveState()
  return (
    <span className="bar-connection" role="status">
      {state !== 'online' && (
        <span className={`st t13 ${state === 'offline' ? 'hold' : 'back'}`}>
          <Icon
            of={state === 'offline' ? CloudOff : LoaderCircle}
            className={state === 'offline' ? '' : 'spin'}
          />
          <span>{t(`connection.${state}`)}</span>
        </span>
      )}
    </span>
  )
}

function Availability({ brief }: { brief: boolean }) {
  const { available } = useMe()
  const change = useMutation({
    mutationFn: requests.setAvailable,
    onSuccess: (me) => queryClient.setQueryData<StaffMe | null>(meKey, me),
    onError: (error) => {
      noteSessionEnd(error)
      toast({ text: t('availability.failed'), tone: 'wait' })
    },
  })
  const shown = change.isPending ? change.variables : available
  return (
    <UnstyledButton
      className={`availability st t13 ${shown ? 'ok' : 'hold'}`}
      role="switch"
      aria-checked={shown}
      aria-label={t('availability.label')}
      aria-busy={change.isPending}
      onClick={() => !change.isPending && change.mutate(!available)}
    >
      <Icon of={shown ? CircleCheck : CirclePause} />
      {!brief && <span>{shown ? t('availability.on') : t('availability.off')}</span>}
      <span className="availability-track" aria-hidden="true">
        <i />
      </span>
    </UnstyledButton>
  )
}

function SelfMenu({ onKeys }: { onKeys: () => void }) {
  const me = useMe()
  const [, navigate] = useLocation()
  const leave = useMutation({
    mutationFn: () => signOut(me),
    onError: () => toast({ text: t('self.sign_out_failed'), tone: 'wait' }),
  })
  const name = t('self.menu', { name: me.displayName })
  return (
    <Menu
      label={name}
      width={248}
      buttonClass="self"
      button={
        <>
          <Avatar name={me.displayName} kind="agent" size="s" />
          <span className="sr">{name}</span>
        </>
      }
    >
      {(close) => {
        const choose = (action: () => void) => (): void => {
          close()
          action()
        }
        return (
          <>
            <div className="self-head">
              <b className="cut">{me.displayName}</b>
              <span className="t13 mute cut">{me.email}</span>
              <span className="t13 mute">{t(`role.${me.role}`)}</span>
            </div>
            <MenuButton onClick={choose(() => navigate('/settings'))}>
              <Icon of={Settings} />
              {t('settings.title')}
            </MenuButton>
            <MenuButton onClick={choose(onKeys)}>
              <Icon of={Keyboard} />
              {t('keys.title')}
            </MenuButton>
            <MenuButton onClick={choose(() => leave.mutate())}>
              <Icon of={LogOut} />
              {t('self.sign_out')}
            </MenuButton>
          </>
        )
      }}
    </Menu>
  )
}
