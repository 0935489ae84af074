// One HTTP face: schemas checked, errors as RFC 9457 problems, OpenAPI served with a reader, safe headers.
// A request that is not GET must be JSON from our own page: content type, CSRF header and origin are checked here.
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawServerDefault,
} from 'fastify'
import helmet from 'helmet'
import { ServerResponse, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { isUuid, uuidv7 } from '#contract/ids.ts'
import { problemOf, type ErrorCode, type Problem } from '#contract/errors.ts'
import { isConnectionError } from './db.ts'
import type { Platform } from './platform.ts'
import { Refusal } from './refusal.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No page: its answers carry the headers of data. */
    answersData?: boolean
  }
}

export type Face = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface FaceOptions {
  name: 'customers' | 'agents'
  /** Browsers may only call from here. */
  publicUrl: string
}

/** A server for one address. Rooms add their routes inside `api` scopes made by `apiScope`. */
export function createFace(platform: Platform, options: FaceOptions): Face {
  const { config, log, metrics } = platform
  const app = fastify({
    bodyLimit: 64 * 1024,
    requestTimeout: 15_000,
    trustProxy:
      config.trustedProxies > 0 ? (_address: string, hop: number) => hop < config.trustedProxies : false,
    genReqId: () => uuidv7(),
    // Strict: a body says what it means in JSON's own types. What an address can only say as text is read before.
    ajv: {
      customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: true, allErrors: false },
    },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // An address that cannot be read never reaches a route, nor the error handler below.
    frameworkErrors: (error, request, reply) => sendProblem(toProblem(error, request), reply),
  }).withTypeProvider<TypeBoxTypeProvider>()

  // What a form of another site can send (P1) is no content type of ours.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error, request)
    metrics.refusals.inc({ code: problem.code })
    if (problem.code === 'system_error')
      log.error({ error, requestId: request.id, route: request.routeOptions.url }, 'request failed')
    return sendProblem(problem, reply)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.httpSeconds.observe(
      { face: options.name, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    )
    done()
  })
  // After bodies are read and, at the shops' face, signed bytes are proven; before schemas count characters.
  app.addHook('preValidation', (request, _reply, done) => {
    for (const part of [request.body, request.query, request.params]) takeOutUnstorable(part)
    readAddress(request.routeOptions.schema?.querystring, request.query)
    readAddress(request.routeOptions.schema?.params, request.params)
    done()
  })
  // Only to set cookies: sessions read theirs themselves, also where no request of this server is (cookies.ts).
  app.register(cookie, { hook: false })
  const page = pageHeaders(options.publicUrl)
  const data = dataHeaders(page)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.routeOptions.config.answersData ? data : page)
    done()
  })
  return app
}

/**
 * Of these, what an answer needs that is no page (OWASP, REST security): nothing in it runs or is framed, it is what it says it
 * is, and nobody keeps a copy. The rest is for documents, and would only be carried to the phone with every answer.
 */
function dataHeaders(page: Record<string, string>): Record<string, string> {
  const kept = ['strict-transport-security', 'x-content-type-options', 'cross-origin-resource-policy']
  return {
    ...Object.fromEntries(Object.entries(page).filter(([name]) => kept.includes(name))),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  }
}

/** The headers that keep pages safe, as helmet makes them: the same for every answer, so they are made once. */
function pageHeaders(publicUrl: string): Record<string, string> {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // Mantine and the charts set style attributes; scripts stay strict.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'", publicUrl.replace(/^http/, 'ws')],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    hsts: publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
  })(new IncomingMessage(new Socket()), response, (error) => {
    if (error) throw error as Error
  })
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  )
}

export interface ApiScope {
  /** Where the reader page stands, e.g. `/docs/customer`. */
  docsPath: string
  title: string
  description: string
  /** `browser`: cookie, origin and CSRF header. `machine`: signed requests from servers. */
  caller: 'browser' | 'machine'
  publicUrl: string
}

/** A scope with its own OpenAPI 3.1 document: GET {docsPath} reads, GET {docsPath}/json is the document. */
export async function apiScope(
  app: Face,
  scope: ApiScope,
  register: (api: Face) => void | Promise<void>,
): Promise<void> {
  await app.register(async (api) => {
    await api.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: scope.title, description: scope.description, version: '1' },
        servers: [{ url: scope.publicUrl }],
      },
    })
    await api.register(async (docs) => {
      await docs.register(swaggerUi, { routePrefix: scope.docsPath, staticCSP: false })
    })
    // Beside the reader pages, not around them: what guards the API must not guard its documentation.
    await api.register(async (guarded) => {
      guarded.addHook('onRoute', (route) => {
        route.config = { ...route.config, answersData: true }
      })
      // A flood from one session, key or address; sign-in, codes and chat have closer limits of their own.
      await guarded.register(rateLimit, {
        max: requestsPerMinute,
        timeWindow: 60_000,
        keyGenerator: callerOf,
        // Told when it is exceeded, not with every answer.
        addHeadersOnExceeding: {
          'x-ratelimit-limit': false,
          'x-ratelimit-remaining': false,
          'x-ratelimit-reset': false,
        },
        errorResponseBuilder: (_request, { ttl }) =>
          new Refusal('busy', { retryAfterSeconds: Math.ceil(ttl / 1000) }),
      })
      if (scope.caller === 'browser') {
        guarded.addHook('onRequest', (request, _reply, done) => {
          try {
            refuseForeignRequest(request, scope.publicUrl)
            done()
          } catch (error) {
            done(error as Error)
          }
        })
      }
      await register(guarded as unknown as Face)
    })
  })
}

const requestsPerMinute = 1200

/** Many customers may share one address: who is signed in counts alone. Of the token only the end is kept. */
function callerOf(request: FastifyRequest): string {
  const token =
    request.headers.authorization ??
    /tuntas_(?:session|staff)=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
  return token?.slice(-12) ?? request.ip
}

/**
 * PostgreSQL's text knows no NUL and its JSON no half of a character: both are taken out of every string, in place, so that
 * no room is surprised by them. Without recursion: a body may be nested as deep as it is long.
 */
function takeOutUnstorable(part: unknown): void {
  const open = [part]
  while (open.length > 0) {
    const values = open.pop()
    // The bytes of a file are no text.
    if (typeof values !== 'object' || values === null || Buffer.isBuffer(values)) continue
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== 'string') open.push(value)
      else if (value.includes('\u0000') || !value.isWellFormed())
        (values as Record<string, unknown>)[name] = value.replaceAll('\u0000', '').toWellFormed()
    }
  }
}

/** An address knows text alone: what its schema calls a number or a yes-or-no is read as one, in place, if it is written as one. */
function readAddress(schema: unknown, values: unknown): void {
  const { properties } = (schema ?? {}) as { properties?: Record<string, { type?: string }> }
  const given = values as Record<string, unknown>
  for (const [name, { type }] of Object.entries(properties ?? {})) {
    const text = given[name]
    if (typeof text !== 'string') continue
    if ((type === 'integer' || type === 'number') && /^-?\d{1,15}$/.test(text)) given[name] = Number(text)
    if (type === 'boolean' && (text === 'true' || text === 'false')) given[name] = text === 'true'
  }
}

/** CSRF (OWASP): a simple cross-site form can send neither our header nor JSON; the origin must be ours when it is told. */
function refuseForeignRequest(request: FastifyRequest, publicUrl: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const origin = request.headers.origin
  if (origin !== undefined && origin !== new URL(publicUrl).origin) throw new Refusal('origin_refused')
  if (request.headers['x-tuntas-csrf'] !== '1')
    throw new Refusal('origin_refused', undefined, 'the header x-tuntas-csrf: 1 is missing')
}

/** The Idempotency-Key header, a UUID. Throws idempotency_key_missing. */
export function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  const text = typeof key === 'string' ? key.toLowerCase() : undefined
  if (!isUuid(text))
    throw new Refusal('idempotency_key_missing', undefined, 'send an Idempotency-Key header with a UUID')
  return text
}

function sendProblem(problem: Problem, reply: FastifyReply): FastifyReply {
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(problem))
}

interface FastifyFault {
  code?: string
  statusCode?: number
  validation?: readonly {
    instancePath: string
    message?: string
    params?: { missingProperty?: string; additionalProperty?: string }
  }[]
  validationContext?: string
}

function toProblem(error: unknown, request: FastifyRequest): Problem {
  const instance = String(request.id)
  if (error instanceof Refusal) return error.toProblem(instance)
  const fault = error as FastifyFault
  if (fault.validation?.[0]) {
    const first = fault.validation[0]
    const field = [
      fault.validationContext,
      first.instancePath.slice(1).replaceAll('/', '.'),
      first.params?.missingProperty ?? first.params?.additionalProperty,
    ]
      .filter(Boolean)
      .join('.')
    return problemOf('validation_failed', {
      detail: `${field}: ${first.message ?? 'not valid'}`,
      values: { field },
      instance,
    })
  }
  const known: Record<number, ErrorCode> = {
    400: 'malformed',
    413: 'payload_too_large',
    415: 'media_type_unsupported',
    429: 'busy',
    404: 'not_found',
  }
  const code = fault.statusCode === undefined ? undefined : known[fault.statusCode]
  if (code) return problemOf(code, { instance })
  if (fault.statusCode === 503) return problemOf('shutting_down', { instance })
  if (isConnectionError(error))
    return problemOf('outcome_unknown', {
      instance,
      detail: 'the database does not answer; ask again with the same key',
    })
  return problemOf('system_error', { instance })
}
