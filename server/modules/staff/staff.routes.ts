// The agents' routes of sign-in and their own state. Thin: schema, use case, cookie.
import { Type } from 'typebox'
import {
  AvailabilitySchema,
  PresenceSchema,
  StaffMeSchema,
  StaffSignInSchema,
  type StaffMe,
} from '#contract/console.ts'
import { ProblemSchema } from '#contract/schema.ts'
import { cookieOptions, type RequestWithHeaders } from '#platform/cookies.ts'
import type { Face } from '#platform/http.ts'
import { absoluteMs, staffCookie, type StaffSession } from './staff-sessions.ts'

export interface StaffRouteParts {
  publicUrl: string
  authenticate(request: RequestWithHeaders): Promise<StaffSession>
  signIn(
    body: { email: string; password: string },
    request: RequestWithHeaders & { ip: string },
  ): Promise<{ me: StaffMe; token: string }>
  signOut(request: RequestWithHeaders): Promise<void>
  setAvailable(session: StaffSession, available: boolean): Promise<StaffMe>
  /** Answers when it was proved. */
  provePresence(session: StaffSession, password: string): Promise<Date>
  me(session: StaffSession): StaffMe
}

export function staffRoutes(api: Face, parts: StaffRouteParts): void {
  const tags = ['Sign-in']
  const setAvailable = async (request: RequestWithHeaders, available: boolean) =>
    parts.setAvailable(await parts.authenticate(request), available)
  api.post(
    '/api/sign-in',
    {
      schema: {
        tags,
        summary: 'Sign in as a member of staff; sets the session cookie',
        description: 'Refusals: credentials_wrong, sign_in_locked (values.untilAt).',
        body: StaffSignInSchema,
        response: { 200: StaffMeSchema, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => {
      const { me, token } = await parts.signIn(request.body, request)
      reply.setCookie(staffCookie, token, cookieOptions(parts.publicUrl, 'strict', absoluteMs / 1000))
      reply.header('cache-control', 'no-store')
      return me
    },
  )
  api.post(
    '/api/sign-out',
    {
      schema: {
        tags,
        summary: 'End this session; also right without one',
        response: { 204: Type.Null({ description: 'Done' }), '4xx': ProblemSchema },
      },
    },
    async (request, reply) => {
      await parts.signOut(request)
      reply.clearCookie(staffCookie, { path: '/' })
      return reply.code(204).send(null)
    },
  )
  api.get(
    '/api/me',
    {
      schema: {
        tags: ['Me'],
        summary: 'Who is signed in, and what they may do',
        response: { 200: StaffMeSchema, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return parts.me(await parts.authenticate(request))
    },
  )
  api.post(
    '/api/me/presence',
    {
      schema: {
        tags: ['Me'],
        summary: 'Type the password again: proves for five minutes that it is you at this screen',
        description:
          'Approving, granting above the limit that needs two people, and giving a silent shop’s payment back ask for it (presence_required). It holds for this session alone. Refusals: password_wrong; password_locked (values.untilAt) after five wrong tries, longer each time.',
        body: PresenceSchema,
        response: { 200: StaffMeSchema, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => {
      const session = await parts.authenticate(request)
      const presentAt = await parts.provePresence(session, request.body.password)
      reply.header('cache-control', 'no-store')
      return parts.me({ ...session, presentAt })
    },
  )
  api.put(
    '/api/me/availability',
    {
      schema: {
        tags: ['Me'],
        summary: 'Take new cases, or not',
        body: AvailabilitySchema,
        response: { 200: StaffMeSchema, '4xx': ProblemSchema },
      },
    },
    (request) => setAvailable(request, request.body.available),
  )
}
