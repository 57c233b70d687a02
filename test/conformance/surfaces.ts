import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import express, { type Request, type Response } from 'express'
import type { Thymus } from '../../src/app.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { Verdict } from '../../src/core/verdict.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { createExpressMiddleware } from '../../src/middleware/express.ts'
import { startEchoUpstream } from '../support/echo-upstream.ts'
import { sendRaw } from '../support/raw-client.ts'

const express4 = createRequire(import.meta.url)('express4') as typeof express

/** One way in which a request reaches the engine. */
export type Surface = {
  readonly name: string
  readonly hasParsers: boolean
  readonly judge: (bytes: Buffer) => Promise<Judgement>
  readonly close: () => Promise<void>
}

/** What came of a request; `verdict` is null where no layer saw it. */
export type Judgement = { readonly status: number; readonly verdict: string | null }

/** Notes the verdicts of an engine. */
function listen(engine: Engine): { readonly engine: Engine; readonly take: () => string | null } {
  let last: Verdict | null = null
  return {
    engine: {
      ...engine,
      admit: (view) => {
        const inspection = engine.admit(view)
        last = inspection?.verdict ?? last
        return inspection
      },
      inspect: (view) => {
        const inspection = engine.inspect(view)
        last = inspection.verdict
        return inspection
      },
    },
    take: () => {
      const verdict = last
      last = null
      return verdict === null ? null : describe(verdict)
    },
  }
}

function describe(verdict: Verdict): string {
  return verdict.kind === 'deny' ? `deny ${verdict.status} ${verdict.because}` : verdict.kind
}

export async function gatewaySurface(thymus: Thymus): Promise<Surface> {
  const upstream = await startEchoUpstream()
  const { engine, take } = listen(thymus.engine)
  const gateway = createGateway({
    config: thymus.config(),
    engine,
    clock: systemClock,
    emit: () => undefined,
    upstream: upstream.url,
  })
  const { port } = await gateway.listen()
  const close = async (): Promise<void> => {
    await gateway.close()
    await upstream.close()
  }
  return { name: 'gateway', hasParsers: false, judge: judgeAt(port, take), close }
}

export type ExpressSurfaceOptions = { readonly version: 4 | 5; readonly hasParsers: boolean }

export async function expressSurface(thymus: Thymus, { version, hasParsers }: ExpressSurfaceOptions): Promise<Surface> {
  const { engine, take } = listen(thymus.engine)
  const create = version === 4 ? express4 : express
  const app = create()
  if (hasParsers) {
    app.use(create.json({ strict: false, limit: '2mb' }))
    app.use(create.urlencoded({ extended: true, limit: '2mb' }))
    app.use(create.text({ limit: '2mb' }))
    app.use(create.raw({ limit: '2mb' }))
  }
  app.use(createExpressMiddleware(engine, { config: thymus.config(), clock: systemClock, emit: () => undefined }))
  app.use((req: Request, res: Response) => {
    req.resume()
    res.end('ok')
  })
  const server = createServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  const name = `Express ${version} ${hasParsers ? 'after' : 'before'} parsers`
  const { port } = server.address() as AddressInfo
  return { name, hasParsers, judge: judgeAt(port, take), close }
}

function judgeAt(port: number, take: () => string | null): Surface['judge'] {
  return async (bytes) => {
    const { status } = await sendRaw(bytes, { port, untilClosed: true })
    return { status, verdict: take() }
  }
}
