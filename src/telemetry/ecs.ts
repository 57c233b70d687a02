import type { Exchange, ThymusEvent } from '../core/events.ts'
import { type Finding, formatFieldId } from '../core/finding.ts'
import { singleLine } from './redact.ts'

/** A log line: names of the Elastic Common Schema 8 where it has one, `thymus.*` otherwise. */
export type LogLine = {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly atMs: number
  readonly fields: Readonly<Record<string, unknown>>
}

const maxFindings = 20

/** The line of an event; `undefined` for exchanges about which nobody said anything. */
export function toLogLine(event: ThymusEvent, nowMs: number): LogLine | undefined {
  switch (event.kind) {
    case 'exchange':
      return exchangeLine(event.exchange)
    case 'hold':
      return line('warn', nowMs, {
        message: `Client held: ${event.rung}. ${event.reason}`,
        action: 'client-held',
        ...about(event.clientId),
        'thymus.rung': event.rung,
        'thymus.hold_until': new Date(event.untilMs).toISOString(),
        'event.reason': singleLine(event.reason),
      })
    case 'release':
      return line('info', nowMs, {
        message: `Client released by ${event.by}. ${event.reason}`,
        action: 'client-released',
        ...about(event.clientId),
        'user.name': singleLine(event.by, 128),
        'event.reason': singleLine(event.reason),
      })
    case 'cell':
      return line('info', nowMs, {
        message: `Memory cell ${event.change}. ${event.reason}`,
        action: `cell-${event.change}`,
        'thymus.detector_id': singleLine(event.cellId, 128),
        'event.reason': singleLine(event.reason),
      })
    default:
      return operationLine(event, nowMs)
  }
}

type Operation = Exclude<ThymusEvent, { kind: 'exchange' | 'hold' | 'release' | 'cell' }>

function operationLine(event: Operation, nowMs: number): LogLine {
  switch (event.kind) {
    case 'fault':
      return line('error', nowMs, {
        message: `Fault in ${event.layer}: ${event.message}`,
        action: 'fault',
        outcome: 'failure',
        'error.message': singleLine(event.message),
        'thymus.layer': event.layer,
      })
    case 'shed':
      return line('debug', nowMs, {
        message: `A request had more that is new than the ${event.layer} layer looks at; the rest was left to the others.`,
        action: 'work-shed',
        'thymus.layer': event.layer,
      })
    case 'breaker':
      return line('error', nowMs, {
        message: `Circuit breaker: ${event.subject}. ${event.reason}`,
        action: 'breaker-opened',
        'thymus.subject': singleLine(event.subject),
        'event.reason': singleLine(event.reason),
      })
    case 'profile-state':
      return line('info', nowMs, {
        message: `${event.route} is ${event.state}. ${event.detail}`,
        action: 'profile-state',
        'service.name': singleLine(event.service, 128),
        'url.path': singleLine(event.route),
        'thymus.profile_state': event.state,
      })
    case 'store':
      return line(event.state === 'connected' ? 'info' : 'warn', nowMs, {
        message: `Store ${event.state}. ${event.detail}`,
        action: `store-${event.state}`,
        outcome: event.state === 'connected' ? 'success' : 'failure',
      })
    case 'admin':
      return line('info', nowMs, {
        message: `${event.actor} did ${event.action} on ${event.subject}.`,
        action: `admin-${singleLine(event.action, 64)}`,
        'user.name': singleLine(event.actor, 128),
        'thymus.subject': singleLine(event.subject),
      })
    default:
      return event satisfies never
  }
}

function exchangeLine(exchange: Exchange): LogLine | undefined {
  const { verdict } = exchange
  const { findings } = verdict
  const top = strongest(findings)
  if (verdict.kind === 'allow' && top === undefined) return undefined
  const isRefused = verdict.kind !== 'allow'
  const would = verdict.kind === 'allow' ? verdict.would : undefined
  const isQuiet = !isRefused && would === undefined
  return line(isRefused ? 'warn' : isQuiet ? 'debug' : 'info', exchange.atMs, {
    message: `${exchange.method} ${exchange.route} ${sentenceOf(verdict.kind, would?.kind)}${top === undefined ? '.' : `: ${top.reason}`}`,
    action: isRefused ? `request-${verdict.kind}` : 'request-allow',
    category: ['web', 'intrusion_detection'],
    kind: 'alert',
    type: [isRefused ? 'denied' : 'allowed'],
    outcome: isRefused ? 'failure' : 'success',
    'client.user.id': singleLine(exchange.clientId, 160),
    'event.duration': Math.round(exchange.durationMs * 1e6),
    'service.name': singleLine(exchange.service, 128),
    'http.request.method': singleLine(exchange.method, 32),
    'http.response.status_code': exchange.status,
    'url.path': singleLine(exchange.route),
    ...(top === undefined ? {} : topFields(top)),
    'thymus.reference_id': verdict.referenceId,
    'thymus.verdict': verdict.kind,
    'thymus.mode': verdict.mode,
    'thymus.anomaly_score': round(verdict.score),
    ...(verdict.kind === 'deny' ? { 'thymus.refusal_reason': verdict.because } : {}),
    ...(would === undefined ? {} : { 'thymus.would': would.kind }),
    'thymus.findings': findings.slice(0, maxFindings).map(findingFields),
  })
}

/** Dotted names of the strongest finding, so that searches need not look into the list. */
function topFields(top: Finding): Record<string, unknown> {
  const confidence = top.score >= 0.8 ? 'High' : top.score >= 0.5 ? 'Medium' : 'Low'
  return {
    ...(top.layer === 'innate' ? { 'rule.id': singleLine(top.source, 128) } : {}),
    'rule.category': top.layer,
    'thymus.detector_id': singleLine(top.source, 128),
    'threat.indicator.description': singleLine(top.reason),
    'threat.indicator.confidence': confidence,
    'threat.indicator.provider': 'thymus',
  }
}

function findingFields(finding: Finding): Record<string, unknown> {
  return {
    layer: finding.layer,
    source: singleLine(finding.source, 128),
    field: finding.field === null ? null : singleLine(formatFieldId(finding.field)),
    score: round(finding.score),
    reason: singleLine(finding.reason),
    shadow: finding.shadow === true,
  }
}

/** Findings that act come before those that only watch. */
function strongest(findings: readonly Finding[]): Finding | undefined {
  let top: Finding | undefined
  for (const finding of findings) if (top === undefined || weight(finding) > weight(top)) top = finding
  return top
}

function weight(finding: Finding): number {
  return finding.score + (finding.shadow === true ? 0 : 1)
}

function sentenceOf(kind: 'allow' | 'slow' | 'deny', would: 'slow' | 'deny' | undefined): string {
  if (kind === 'deny') return 'was refused'
  if (kind === 'slow') return 'was slowed down'
  return would === undefined
    ? 'was allowed'
    : `was allowed, enforce mode would ${would === 'deny' ? 'refuse' : 'slow'} it`
}

type Content = {
  readonly message: string
  readonly action: string
  readonly category?: readonly string[]
  readonly kind?: string
  readonly type?: readonly string[]
  readonly outcome?: 'success' | 'failure'
  readonly [name: string]: unknown
}

function line(level: LogLine['level'], atMs: number, content: Content): LogLine {
  const { message, action, category, kind, type, outcome, ...fields } = content
  return {
    level,
    atMs,
    message: singleLine(message),
    fields: {
      'event.kind': kind ?? 'event',
      'event.category': category ?? ['configuration'],
      'event.type': type ?? ['info'],
      'event.action': action,
      'event.outcome': outcome ?? 'success',
      ...fields,
    },
  }
}

/** Clients appear by their redacted id only. */
function about(clientId: string): Record<string, unknown> {
  return { 'client.user.id': singleLine(clientId, 160), category: ['intrusion_detection'] }
}

function round(score: number): number {
  return Math.round(score * 10_000) / 10_000
}
