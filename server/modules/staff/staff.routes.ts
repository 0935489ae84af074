// The agents' routes of sign-in and their own state. Thin: schema, use case, cookie.
import { Type } from 'typebox'
import { AvailabilitySchema, StaffMeSchema, StaffSignInSchema, type StaffMe } from '#contract/console.ts'
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
