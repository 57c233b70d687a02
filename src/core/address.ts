import { BlockList, isIP } from 'node:net'
import { ThymusError } from './errors.ts'

const ipv4Mapped = '::ffff:'

/**
 * An IPv4 address that came in IPv6 form (`::ffff:10.0.0.1`, RFC 4291, 2.5.5.2) as IPv4; any other address as it is, and
 * nothing for the socket that has lost its peer.
 */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return ''
  return address.startsWith(ipv4Mapped) && address.includes('.') ? address.slice(ipv4Mapped.length) : address
}

/** Compiles addresses and CIDR blocks. Throws THY_CONFIG naming the entry that is neither. */
export function createBlockList(entries: readonly string[], setting: string): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address)
    const widest = family === 4 ? 32 : 128
    const bits = prefix === undefined ? widest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
    if (family === 0 || !Number.isInteger(bits) || bits > widest) {
      throw new ThymusError(
        'THY_CONFIG',
        `${setting} holds "${entry}", expected an address or a CIDR block like 10.0.0.0/8`,
      )
    }
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

export function containsAddress(list: BlockList, address: string): boolean {
  const plain = plainAddress(address)
  const family = isIP(plain)
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
