// The customers' routes of sign-up, sign-in and their own data. Thin: schema, use case, cookie.
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import {
  CodeSentSchema,
  MeSchema,
  PreferencesSchema,
  SignInSchema,
  SignUpFinishSchema,
  SignUpPasswordSchema,
  SignUpResendSchema,
  SignUpStartSchema,
  SignUpVerifySchema,
  type Me,
} from '#contract/customer.ts'
import { ProblemSchema } from '#contract/schema.ts'
import { cookieOptions } from '#platform/cookies.ts'
import type { Face } from '#platform/http.ts'
import type { Codes } from './codes.ts'
import { meOf, type Customer } from './customers.ts'
import { deviceCookie, deviceCookieSeconds, deviceToken } from './devices.ts'
import { absoluteMs, sessionCookie, type Session } from './sessions.ts'
import { signIn, type SignInParts } from './sign-in.ts'
import {
  checkSignUpPassword,
  finishSignUp,
  startSignUp,
  verifySignUp,
  type SignedIn,
  type SignUpParts,
} from './sign-up.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Locale } from '#contract/schema.ts'

export interface RouteParts {
  publicUrl: string
  deviceKey: Buffer
  codes: Codes
  signUp: SignUpParts
  signIn: SignInParts
  authenticate(request: RequestWithHeaders): Promise<Session>
  signOut(request: RequestWithHeaders): Promise<void>
  customer(id: string): Promise<Customer>
  changeLocale(customerId: string, locale: Locale): Promise<Customer>
}

const noContent = Type.Null({ description: 'Done' })

export function identityRoutes(api: Face, parts: RouteParts): void {
  const tags = ['Sign-up and sign-in']

  function welcome(reply: FastifyReply, { customer, token, deviceId }: SignedIn): Me {
    reply.setCookie(sessionCookie, token, cookieOptions(parts.publicUrl, 'lax', absoluteMs / 1000))
    reply.setCookie(
      deviceCookie,
      deviceToken(parts.deviceKey, deviceId),
      cookieOptions(parts.publicUrl, 'lax', deviceCookieSeconds),
    )
    reply.header('cache-control', 'no-store')
    return meOf(customer)
  }

  async function changePreferences(request: RequestWithHeaders, locale: Locale): Promise<Me> {
    const { customerId } = await parts.authenticate(request)
    return meOf(await parts.changeLocale(customerId, locale))
  }

  api.post(
    '/api/sign-up/start',
    {
      schema: {
        tags,
        summary: 'Start a sign-up: a six-digit code goes to the phone or e-mail address',
        description:
          'The answer is the same whether or not the contact has an account already. Refusals: contact_invalid, country_not_supported, code_send_limit.',
        body: SignUpStartSchema,
        response: { 200: CodeSentSchema, '4xx': ProblemSchema },
      },
    },
    (request) => startSignUp(parts.signUp, request.body, request.ip),
  )

  api.post(
    '/api/sign-up/resend',
    {
      schema: {
        tags,
        summary: 'Send a new code for this sign-up; the one before is void',
        description: 'Refusals: code_send_limit (values.untilAt), code_tries_used, flow_invalid.',
        body: SignUpResendSchema,
        response: { 200: CodeSentSchema, '4xx': ProblemSchema },
      },
    },
    (request) => parts.codes.resend(request.body.flowId, 'sign_up', request.ip),
  )

  api.post(
    '/api/sign-up/verify',
    {
      schema: {
        tags,
        summary: 'Prove the contact with the code',
        description: 'Refusals: code_wrong (values.triesLeft), code_expired, code_tries_used, flow_invalid.',
        body: SignUpVerifySchema,
        response: { 204: noContent, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => {
      await verifySignUp(parts.signUp, request.body)
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/api/sign-up/password',
    {
      schema: {
        tags,
        summary: 'Would this password be taken? Nothing is kept',
        description:
          'Refusals: password_weak (values.why: too_short, common, pattern, own), flow_invalid. Finishing judges again.',
        body: SignUpPasswordSchema,
        response: { 204: noContent, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => {
      await checkSignUpPassword(parts.signUp, request.body)
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/api/sign-up/finish',
    {
      schema: {
        tags,
        summary: 'Set name, password and PIN; opens the wallet and signs in',
        description: 'Refusals: flow_invalid, password_weak, pin_weak.',
        body: SignUpFinishSchema,
        response: { 200: MeSchema, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => welcome(reply, await finishSignUp(parts.signUp, request.body, request)),
  )

  api.post(
    '/api/sign-in',
    {
      schema: {
        tags,
        summary: 'Sign in; sets the session cookie',
        description: 'Refusals: credentials_wrong, sign_in_locked (values.untilAt), contact_invalid.',
        body: SignInSchema,
        response: { 200: MeSchema, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => welcome(reply, await signIn(parts.signIn, request.body, request)),
  )

  api.post(
    '/api/sign-out',
    {
      schema: {
        tags,
        summary: 'End this session; also right without one',
        response: { 204: noContent, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => {
      await parts.signOut(request)
      reply.clearCookie(sessionCookie, { path: '/' })
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/api/me',
    {
      schema: {
        tags: ['Me'],
        summary: 'Who is signed in; contacts are masked',
        response: { 200: MeSchema, '4xx': ProblemSchema },
      },
    },
    async (request, reply) => {
      const { customerId } = await parts.authenticate(request)
      reply.header('cache-control', 'no-store')
      return meOf(await parts.customer(customerId))
    },
  )

  api.put(
    '/api/me/preferences',
    {
      schema: {
        tags: ['Me'],
        summary: 'Change the language of messages and pages',
        body: PreferencesSchema,
        response: { 200: MeSchema, '4xx': ProblemSchema },
      },
    },
    (request) => changePreferences(request, request.body.locale),
  )
}
