import type { LoadedConfig } from '../config/load-config.ts'
import { ThymusError } from '../core/errors.ts'
import { positionalsOf } from './arguments.ts'
import type { Call, Command, CommandContext } from './context.ts'
import {
  type Check,
  checkDataFolder,
  checkNode,
  checkPorts,
  checkRedis,
  checkRules,
  checkSettings,
  checkUpstream,
} from './doctor-checks.ts'
import { jsonOption, print, textTable } from './output.ts'
import { settingsOf, startOptions } from './settings-options.ts'

/** Exits 0 when nothing fails, 2 otherwise. Warnings do not count. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Look for what keeps the gateway from running well, and say what to do about it.',
  positionals: '',
  options: { ...startOptions, ...jsonOption },
  run: async (call, context) => {
    positionalsOf(call, [])
    const checks = [checkNode(context.nodeVersion), ...(await configured(call, context))]
    const isWell = checks.every((check) => check.state !== 'fail')
    print(call, context, {
      json: { ok: isWell, checks },
      text: () =>
        textTable(
          ['', 'what', 'how it is'],
          checks.map(({ name, state, sentence }) => [state, name, sentence]),
        ),
    })
    return isWell ? 0 : 2
  },
}

/** A bad configuration is a finding of the doctor, not the end of it. */
async function configured(call: Call, context: CommandContext): Promise<readonly Check[]> {
  let loaded: LoadedConfig
  try {
    loaded = await settingsOf(call, context)
  } catch (error) {
    if (!(error instanceof ThymusError) || error.code === 'THY_OPTION') throw error
    return [{ name: 'configuration', state: 'fail', sentence: error.message }]
  }
  const { config, file } = loaded
  return [
    {
      name: 'configuration',
      state: 'ok',
      sentence: file === null ? 'No file; defaults are used.' : `${file} is valid.`,
    },
    ...checkSettings(config, context.clock.now()),
    await checkRules(config, context),
    await checkDataFolder(config, context),
    ...(await checkPorts(config)),
    ...(await checkRedis(config)),
    await checkUpstream(config),
  ]
}
