import { BlockList, isIPv6, type Socket } from 'node:net'
import { plainAddress } from '../core/address.ts'

/** The other end of a connection; judged once per connection. */
export type Peer = {
  readonly address: string
  /** Whether what it says about where a request came from is believed. */
  readonly isTrusted: boolean
}

const peerKey = Symbol('peer')
type Known = Socket & { [peerKey]?: Peer }

/** The peer of a socket. */
export type PeerOf = (socket: Socket) => Peer

export function createPeerOf(trustedProxies: readonly string[]): PeerOf {
  const trusted = createBlockList(trustedProxies)
  return (socket) => {
    const known: Known = socket
    const peer = known[peerKey]
    if (peer !== undefined) return peer
    const address = plainAddress(socket.remoteAddress)
    const made = { address, isTrusted: address !== '' && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') }
    known[peerKey] = made
    return made
  }
}

function createBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const slash = entry.indexOf('/')
    const address = plainAddress(slash < 0 ? entry : entry.slice(0, slash))
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (slash < 0) list.addAddress(address, family)
    else list.addSubnet(address, Number(entry.slice(slash + 1)), family)
  }
  return list
}
