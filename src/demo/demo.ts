// The bundled demo: an API, the people who use it, and two attackers, shown step by step. It must not reach into the
// gateway: it knows only a URL, the events and the progress of learning that it is given.
import { createLogbook } from './logbook.ts'
import { maxPersonas, type PersonaReport, runPersonas } from './personas.ts'
import type { DemoReport } from './report.ts'
import {
  type DemoDependencies,
  type DemoTiming,
  explained,
  reasonOf,
  showAttack,
  showLearning,
  showMemory,
} from './stages.ts'

const usualTiming: DemoTiming = {
  personas: maxPersonas,
  maxLearningMs: 150_000,
  progressEveryMs: 5_000,
  attackPauseMs: 120,
  maxAttackRequests: 150,
  eventMs: 2_000,
}

/** Runs all steps, one after the other, and reports. Rejects only when `signal` aborts or the gateway goes away. */
export async function runDemo(dependencies: DemoDependencies): Promise<DemoReport> {
  const { log, signal, gatewayUrl, random } = dependencies
  const timing = { ...usualTiming, ...dependencies.timing }
  const logbook = createLogbook()
  const unsubscribe = dependencies.subscribe(logbook.note)
  const end = new AbortController()
  const refusals: string[] = []
  const people = runPersonas({
    baseUrl: gatewayUrl,
    count: timing.personas,
    random,
    signal: AbortSignal.any([signal, end.signal]),
    onReply: (reply, { name, request }) => {
      if (reply.referenceId === undefined) return
      refusals.push(reply.referenceId)
      const line = `${name} was refused by mistake at ${request.target}, reference ${reply.referenceId}`
      void explained(reply, logbook, timing.eventMs).then((found) => {
        log(found === undefined ? line : `${line}: ${reasonOf(found)}`)
      })
    },
  })
  try {
    log(`the demo API stands behind ${gatewayUrl}, the dashboard is at ${dependencies.adminUrl}`)
    const matured = await showLearning(dependencies, timing)
    const held = await showAttack(dependencies, { timing, logbook })
    const secondRefusedAt = await showMemory(dependencies, { timing, logbook })
    const report = { matured, held, cells: logbook.bornCells().length, secondRefusedAt, benignRefused: refusals.length }
    if (dependencies.keepsTraffic !== true) await farewell(people, end, log)
    return { ...report, benignRefused: refusals.length }
  } catch (error) {
    end.abort()
    await people
    throw error
  } finally {
    unsubscribe()
  }
}

async function farewell(
  people: Promise<PersonaReport>,
  end: AbortController,
  log: (line: string) => void,
): Promise<void> {
  end.abort()
  const { requests, refused } = await people
  log(`ordinary people sent ${requests} requests, ${refused} of them were refused`)
}
