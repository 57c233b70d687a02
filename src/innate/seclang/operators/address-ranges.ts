import { isIPv4, isIPv6 } from 'node:net'

/** Sets of IPv4 and IPv6 addresses, written as hexadecimal digits (8 or 32), so that order is order of text. */
export type AddressRanges = { readonly has: (address: string) => boolean }

type Range = { readonly first: string; readonly last: string }

/** Throws for what is no address or network in CIDR notation. */
export function createAddressRanges(networks: readonly string[]): AddressRanges {
  const ranges = networks.map(parseNetwork)
  const short = merge(ranges.filter(({ first }) => first.length === 8))
  const long = merge(ranges.filter(({ first }) => first.length === 32))
  return {
    has: (address) => {
      const digits = addressDigits(address)
      return digits !== null && includes(digits.length === 8 ? short : long, digits)
    },
  }
}

function includes(ranges: readonly Range[], digits: string): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.first ?? '') <= digits) low = middle + 1
    else high = middle
  }
  return digits <= (ranges[low - 1]?.last ?? '')
}

/** In order, and what overlaps as one. */
function merge(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = []
  for (const range of ranges.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const before = merged.at(-1)
    if (before === undefined || before.last < range.first) merged.push(range)
    else if (before.last < range.last) merged[merged.length - 1] = { first: before.first, last: range.last }
  }
  return merged
}

function parseNetwork(network: string): Range {
  const [address = '', bits, ...rest] = network.split('/')
  const digits = addressDigits(address)
  const width = (digits?.length ?? 0) * 4
  const kept = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  if (digits === null || rest.length > 0 || kept < 0 || kept > width) {
    throw new Error(`${JSON.stringify(network)} is no address or network, such as 10.0.0.0/8 or 2001:db8::/32`)
  }
  const hosts = (1n << BigInt(width - kept)) - 1n
  const first = BigInt(`0x${digits}`) & ~hosts
  return { first: hex(first, digits.length), last: hex(first | hosts, digits.length) }
}

const hex = (value: bigint, digits: number): string => value.toString(16).padStart(digits, '0')

/** The digits of an address as text, `null` when it is none; a zone (`%eth0`) makes it none. */
export function addressDigits(address: string): string | null {
  if (isIPv4(address))
    return address
      .split('.')
      .map((part) => hex(BigInt(part), 2))
      .join('')
  if (!isIPv6(address) || address.includes('%')) return null
  const [left = '', right] = address.toLowerCase().split('::')
  const before = groupsOf(left)
  const after = right === undefined ? '' : groupsOf(right)
  return before + '0'.repeat(32 - before.length - after.length) + after
}

/** Groups between colons as digits; the last may be an IPv4 address. */
function groupsOf(text: string): string {
  if (text === '') return ''
  return text
    .split(':')
    .map((group) => (group.includes('.') ? addressDigits(group) : group.padStart(4, '0')))
    .join('')
}
