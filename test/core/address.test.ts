import { describe, expect, it } from '@jest/globals'
import { containsAddress, createBlockList, plainAddress } from '../../src/core/address.ts'

describe('address blocks', () => {
  const list = createBlockList(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'], 'test')
  it.each([
    ['10.200.3.4', true],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['::ffff:10.1.1.1', true],
    ['2001:db8:9::1', true],
    ['2001:db9::1', false],
    ['not an address', false],
    ['', false],
  ])('says of %j: %s', (address, expected) => {
    expect(containsAddress(list, address)).toBe(expected)
  })

  it.each(['10.0.0.0/', '10.0.0.0/33', '::/129', 'host', '10.0.0.0/ 8', '1.2.3.4/0x8'])(
    'refuses %j and names it',
    (entry) => {
      expect(() => createBlockList([entry], 'quarantine.neverHold')).toThrow(`quarantine.neverHold holds "${entry}"`)
    },
  )

  it('reads an IPv4 address in IPv6 form as IPv4', () => {
    expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(plainAddress('2001:db8::1')).toBe('2001:db8::1')
  })
})
