import { type Config, type ConfigInput, configSchema } from '../../src/config/schema.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { ThymusEvent } from '../../src/core/events.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts'
import { createScriptedEngine, type ScriptedEngine } from './scripted-engine.ts'

export type RunningGateway<E extends Engine = ScriptedEngine> = {
  readonly gateway: Gateway
  readonly engine: E
  readonly port: number
  readonly url: string
  readonly events: ThymusEvent[]
  readonly config: Config
}

/** Settings for a gateway on a free loopback port. */
export function loopbackConfig(input: ConfigInput = {}): Config {
  return configSchema.parse({ mode: 'enforce', ...input, listen: { host: '127.0.0.1', port: 0 } })
}

export async function startGateway(upstream: string, input: ConfigInput = {}): Promise<RunningGateway> {
  return await startGatewayWith(createScriptedEngine(), { upstream, input })
}

export async function startGatewayWith<E extends Engine>(
  engine: E,
  { upstream, input = {} }: { readonly upstream: string; readonly input?: ConfigInput },
): Promise<RunningGateway<E>> {
  const config = loopbackConfig(input)
  const events: ThymusEvent[] = []
  const gateway = createGateway({ config, engine, clock: systemClock, emit: (event) => events.push(event), upstream })
  const { port } = await gateway.listen()
  return { gateway, engine, port, url: `http://127.0.0.1:${port}`, events, config }
}
