import { exchange } from './exchange.ts'
import { startNginx } from './nginx.ts'
import type { Surface } from './surface.ts'

export type NginxSurfaceOptions = {
  readonly rules: string
  readonly backendPort: number
  readonly silenceMs: number
}

/** nginx with ModSecurity v3. */
export async function startNginxSurface({ rules, backendPort, silenceMs }: NginxSurfaceOptions): Promise<Surface> {
  const nginx = await startNginx({ rules, backendPort })
  await nginx.takeLog(1)
  return {
    name: 'nginx with ModSecurity',
    send: async (bytes) => {
      const answer = await exchange(bytes, { port: nginx.port, silenceMs })
      const { logged, isCut } = await nginx.takeLog(1)
      const isRefused = answer.status === 400 && logged.length === 0
      return { ...answer, isRefused, logged, isCut }
    },
    sendLeniently: null,
    close: nginx.close,
  }
}
