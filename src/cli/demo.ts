import { positionalsOf } from './arguments.ts'
import type { Command } from './context.ts'
import { withDemoFolder } from './demo-folder.ts'
import { settingsOf, startOptions } from './settings-options.ts'
import { createStop } from './stop.ts'

const { upstream: _notHere, mode: _neither, ...demoOptions } = startOptions

/** The demo unattended: exits 0 only when every step happened, 1 otherwise. */
export const demoCommand: Command = {
  name: 'demo',
  summary: 'Show learning, an unknown attack, the hold and the memory of it, on a bundled API; ends by itself.',
  positionals: '',
  options: { ...demoOptions, json: { sentence: 'Print the counts as one JSON object in the last line.' } },
  notes: ['Without --data-dir the demo keeps its data in a folder that goes away with it.'],
  run: async (call, context) => {
    positionalsOf(call, [])
    const settings = await settingsOf(call, context)
    const log = (line: string) => context.stdout(`${line}\n`)
    const stop = createStop(context)
    try {
      return await withDemoFolder(call, settings, async (loaded) => {
        const demo = await context.parts.startDemo(loaded, { log, signal: stop.signal, isUnattended: true })
        try {
          const { report, isComplete } = await Promise.race([demo.finished, interrupted(stop.stopped)])
          log(call.has('json') ? JSON.stringify(report) : summaryOf(report))
          return isComplete ? 0 : 1
        } finally {
          await demo.close()
        }
      })
    } finally {
      stop.end()
    }
  },
}

type DemoResult = { readonly report: Readonly<Record<string, unknown>>; readonly isComplete: boolean }

function summaryOf(report: DemoResult['report']): string {
  return Object.entries(report)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ')
}

async function interrupted(stopped: Promise<void>): Promise<DemoResult> {
  await stopped
  return { report: { interrupted: true }, isComplete: false }
}
