import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { BodyPlan } from '../../src/http/body-plan.ts'
import { captureBody } from '../../src/http/capture-body.ts'

const plan = (collectBytes: number, isBounded: boolean): BodyPlan => ({
  kind: 'plan',
  collectBytes,
  isBounded,
  encoding: 'identity',
  maxInspectedBytes: 1_000_000,
})

/** A message into which the test pushes what node's parser would. */
function message(): IncomingMessage {
  return new IncomingMessage(new Socket())
}

function end(req: IncomingMessage): void {
  req.complete = true
  req.push(null)
}

type Outcome = { body: string | null; isCut: boolean; rejected: boolean }

function capture(req: IncomingMessage, bodyPlan: BodyPlan): Outcome {
  const outcome: Outcome = { body: null, isCut: false, rejected: false }
  captureBody(req, bodyPlan, {
    style: 'give-back',
    reader: {
      onBody: ({ bytes, isCut }) => {
        outcome.body = bytes.toString('latin1')
        outcome.isCut = isCut
      },
      onBodyRejected: () => {
        outcome.rejected = true
      },
    },
  })
  return outcome
}

async function readAll(req: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of req) text += (chunk as Buffer).toString('latin1')
  return text
}

describe('captureBody', () => {
  it('gives the body and leaves the message as good as new, however it arrives', async () => {
    const chunk = fc.string({ minLength: 1, maxLength: 40 }).map((text) => Buffer.from(text).toString('latin1'))
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 8 }), fc.nat(8), async (texts, before) => {
        const req = message()
        const early = texts.slice(0, before)
        for (const text of early) req.push(Buffer.from(text, 'latin1'))
        if (before === 8) end(req)
        const outcome = capture(req, plan(1_000, true))
        for (const text of texts.slice(before)) req.push(Buffer.from(text, 'latin1'))
        if (before !== 8) end(req)
        expect(outcome).toEqual({ body: texts.join(''), isCut: false, rejected: false })
        expect(await readAll(req)).toBe(texts.join(''))
      }),
    )
  })

  it('cuts at the limit and loses nothing, or rejects', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 100 }), fc.boolean(), async (lengths, limit, isBounded) => {
        const text = lengths.map((length, index) => String.fromCharCode(97 + index).repeat(length))
        const whole = text.join('')
        const req = message()
        const outcome = capture(req, plan(limit, isBounded))
        for (const piece of text) req.push(Buffer.from(piece))
        end(req)
        if (whole.length <= limit) expect(outcome).toEqual({ body: whole, isCut: false, rejected: false })
        else if (isBounded) expect(outcome).toEqual({ body: null, isCut: false, rejected: true })
        else expect(outcome).toEqual({ body: whole.slice(0, limit), isCut: true, rejected: false })
        if (!outcome.rejected) expect(await readAll(req)).toBe(whole)
      }),
    )
  })

  it('lets a reader that comes later see the end of an empty body', async () => {
    const req = message()
    const outcome = capture(req, plan(10, true))
    end(req)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(outcome.body).toBe('')
    expect(await readAll(req)).toBe('')
  })
})
