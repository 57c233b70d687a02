import type { Config } from '../config/schema.ts'
import { ThymusError } from '../core/errors.ts'
import { cellSummary } from '../memory/cell-summary.ts'
import { type AdminClient, connectAdmin, isThymusAt, type JsonObject } from './admin-client.ts'
import { optionError } from './arguments.ts'
import type { Call, CommandContext, OptionTable } from './context.ts'
import type { StoredState } from './parts.ts'
import { settingsOf } from './settings-options.ts'

export const adminOption: OptionTable = {
  admin: { value: 'URL', sentence: 'Admin listener to ask; else that of the configuration, else the data folder.' },
}

/** Cells and clients of a running gateway, or of a data folder that no gateway uses: the same questions to both. */
export type LiveState = {
  /** `http://127.0.0.1:9090` or the data folder. */
  readonly from: string
  readonly cells: () => Promise<readonly JsonObject[]>
  readonly forget: (cellId: string) => Promise<boolean>
  readonly held: () => Promise<{ readonly held: readonly JsonObject[]; readonly exemptions: readonly JsonObject[] }>
  readonly release: (clientId: string, reason: string) => Promise<boolean>
  readonly exempt: (clientId: string, options: { reason: string; ttlMs: number | null }) => Promise<JsonObject>
  readonly close: () => Promise<void>
}

const by = 'command line'

/** Opens what answers, asks, and lets go of it again. */
export async function withState<T>(
  origin: { readonly call: Call; readonly context: CommandContext; readonly config: Config },
  use: (state: LiveState) => Promise<T>,
): Promise<T> {
  const { call, context, config } = origin
  const client = await adminFor(call, context, config)
  const state =
    client === undefined
      ? overFolder(await context.parts.openState(config), config.dataDir, context)
      : overAdmin(client)
  try {
    return await use(state)
  } finally {
    await state.close()
  }
}

/** For what only a running gateway has. Throws THY_ADMIN when none answers. */
export async function withGateway<T>(
  call: Call,
  context: CommandContext,
  use: (client: AdminClient) => Promise<T>,
): Promise<T> {
  const { config } = await settingsOf(call, context)
  const client = await adminFor(call, context, config)
  if (client === undefined) {
    throw new ThymusError(
      'THY_ADMIN',
      `No gateway answers at ${adminUrlOf(config)}: name its listener with --admin URL.`,
    )
  }
  try {
    return await use(client)
  } finally {
    await client.signOut()
  }
}

/** A named admin listener must answer; the configured one is used when it does. */
export async function adminFor(call: Call, context: CommandContext, config: Config): Promise<AdminClient | undefined> {
  const named = call.text('admin')
  if (named !== undefined) {
    if (!/^https?:$/.test(URL.parse(named)?.protocol ?? '')) {
      throw optionError(`--admin is ${JSON.stringify(named)}, expected a URL like http://127.0.0.1:9090`)
    }
    return connectAdmin(named, context)
  }
  const { enabled, port } = config.admin
  if (!enabled || port === 0) return undefined
  const url = adminUrlOf(config)
  return (await isThymusAt(url)) ? connectAdmin(url, context) : undefined
}

export function adminUrlOf(config: Config): string {
  const { host, port } = config.admin
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

function overAdmin(client: AdminClient): LiveState {
  const listOf = (reply: JsonObject | undefined, key: string) => (reply?.[key] ?? []) as readonly JsonObject[]
  const at = (kind: 'cells' | 'clients', id: string) => `/${kind}/${encodeURIComponent(id)}`
  return {
    from: client.url,
    cells: async () => listOf(await client.call('GET', '/cells'), 'cells'),
    forget: async (cellId) => (await client.call('DELETE', at('cells', cellId))) !== undefined,
    held: async () => {
      const reply = await client.call('GET', '/clients/held')
      const held = listOf(reply, 'held').map((entry) => (entry['hold'] ?? {}) as JsonObject)
      return { held, exemptions: listOf(reply, 'exemptions') }
    },
    release: async (clientId, reason) =>
      (await client.call('POST', `${at('clients', clientId)}/release`, { reason })) !== undefined,
    exempt: async (clientId, options) => {
      const reply = await client.call('POST', `${at('clients', clientId)}/exempt`, options)
      if (reply === undefined) throw new ThymusError('THY_ADMIN', `${client.url} does not know how to exempt a client.`)
      return (reply['exemption'] ?? {}) as JsonObject
    },
    close: client.signOut,
  }
}

function overFolder(state: StoredState, folder: string, context: CommandContext): LiveState {
  return {
    from: folder,
    cells: async () => state.cells().map((cell) => cellSummary(cell, context.clock.now())),
    forget: async (cellId) => state.forget(cellId, by),
    held: async () => ({ held: state.holds(), exemptions: state.exemptions() }),
    release: async (clientId, reason) => state.release(clientId, by, reason),
    exempt: async (clientId, { reason, ttlMs }) => {
      const untilMs = ttlMs === null ? null : context.clock.now() + ttlMs
      return state.exempt(clientId, { by, reason, untilMs })
    },
    close: state.close,
  }
}
