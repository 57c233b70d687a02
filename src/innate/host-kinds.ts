/** What a host in a URL can point at besides the open internet. */
export const hostKinds = [
  'loopback',
  'private',
  'link-local',
  'metadata',
  'unspecified',
  'odd-form',
  'rebinding',
] as const
export type HostKind = (typeof hostKinds)[number]

const metadataNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'instance-data',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
])
const metadataAddresses: ReadonlySet<number> = new Set([0xa9fea9fe, 0x646464c8, 0xa9fe7f01, 0xc0000ac0])
/** Public names that resolve to whatever address they spell. */
const rebindingSuffixes = [
  '.nip.io',
  '.sslip.io',
  '.xip.io',
  '.localtest.me',
  '.lvh.me',
  '.vcap.me',
  '.rbndr.us',
  '.1u.ms',
] as const
const loopbackNames: ReadonlySet<string> = new Set([
  'localhost',
  'localhost.localdomain',
  'ip6-localhost',
  'ip6-loopback',
  'localtest.me',
  'lvh.me',
  'vcap.me',
])

/** Kinds of a host as a URL spells it: a name, an IPv4 address in any base and with 1 to 4 parts, or `[IPv6]`. */
export function kindsOfHost(spelled: string): readonly HostKind[] {
  const host = unifyDigits(spelled.toLowerCase()).replace(/\.$/, '')
  if (host.startsWith('[')) return kindsOfIpv6(host.slice(1, -1))
  if (loopbackNames.has(host) || host.endsWith('.localhost')) return ['loopback']
  if (metadataNames.has(host)) return ['metadata']
  if (rebindingSuffixes.some((suffix) => host.endsWith(suffix))) return ['rebinding']
  const parts = host.split('.')
  const address = readIpv4(parts)
  if (address === null) return []
  const isPlain = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))
  const kinds = kindsOfIpv4(address)
  return isPlain ? kinds : [...kinds, 'odd-form']
}

/** Circled and full-width digits, letters and dots are resolved like plain ones by many URL parsers (UTS 46). */
function unifyDigits(host: string): string {
  for (let index = 0; index < host.length; index += 1) {
    if (host.charCodeAt(index) >= 128) return host.normalize('NFKC').replaceAll('。', '.').toLowerCase()
  }
  return host
}

/** inet_aton: 1 to 4 parts in decimal, octal (0...) or hexadecimal (0x...); the last part fills what is left. */
function readIpv4(parts: readonly string[]): number | null {
  if (parts.length > 4) return null
  let address = 0
  for (const [index, part] of parts.entries()) {
    const value = readPart(part)
    const isLast = index === parts.length - 1
    const limit = isLast ? 256 ** (5 - parts.length) : 256
    if (value === null || value >= limit) return null
    address += isLast ? value : value * 256 ** (3 - index)
  }
  return address
}

function readPart(part: string): number | null {
  if (/^0x[0-9a-f]{1,12}$/.test(part)) return Number.parseInt(part.slice(2), 16)
  if (/^0[0-7]{1,15}$/.test(part)) return Number.parseInt(part, 8)
  return /^\d{1,10}$/.test(part) ? Number(part) : null
}

function kindsOfIpv4(address: number): readonly HostKind[] {
  if (metadataAddresses.has(address)) return ['metadata', 'link-local']
  const first = Math.floor(address / 0x1000000)
  const second = Math.floor(address / 0x10000) % 256
  if (first === 127) return ['loopback']
  if (first === 0) return ['unspecified']
  if (first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168))
    return ['private']
  if (first === 169 && second === 254) return ['link-local']
  return first === 100 && second >= 64 && second < 128 ? ['private'] : []
}

function kindsOfIpv6(spelled: string): readonly HostKind[] {
  const words = readIpv6(spelled.split('%')[0] ?? '')
  if (words === null) return []
  const leading = words.slice(0, 6).join(':')
  const low = (words[6] ?? 0) * 0x10000 + (words[7] ?? 0)
  if (leading === '0:0:0:0:0:65535' || leading === '0:0:0:0:65535:0' || leading === '100:65435:0:0:0:0') {
    return [...kindsOfIpv4(low), 'odd-form']
  }
  if (leading === '0:0:0:0:0:0') {
    if (low <= 1) return [low === 1 ? 'loopback' : 'unspecified']
    return [...kindsOfIpv4(low), 'odd-form']
  }
  const first = words[0] ?? 0
  if (first === 0xfd00 && words[1] === 0xec2) return ['metadata', 'private']
  if ((first & 0xfe00) === 0xfc00) return ['private']
  return (first & 0xffc0) === 0xfe80 ? ['link-local'] : []
}

/** Eight words of an IPv6 address (RFC 4291, with a dotted tail); `null` when it is none. */
function readIpv6(spelled: string): readonly number[] | null {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(spelled)
  const tail = dotted === null ? null : readIpv4((dotted[2] ?? '').split('.'))
  if (dotted !== null && tail === null) return null
  const text =
    tail === null
      ? spelled
      : `${dotted?.[1]}${Math.floor(tail / 0x10000).toString(16)}:${(tail % 0x10000).toString(16)}`
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - rest.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const words = [...head, ...Array.from({ length: missing }, () => '0'), ...rest]
  return words.every((word) => /^[0-9a-f]{1,4}$/.test(word)) ? words.map((word) => Number.parseInt(word, 16)) : null
}
