import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openCredentials } from '../../src/admin/credentials.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thymus-credentials-'))
  path = join(folder, 'data', 'admin.json')
})
afterEach(() => {
  chmodSync(folder, 0o700)
  rmSync(folder, { recursive: true, force: true })
})

describe('credentials', () => {
  it('makes a long password at the first run, shows it once and accepts it afterwards', async () => {
    const first = openCredentials(path)
    const made = first.firstRunPassword ?? ''
    expect(made).toMatch(/^[\w-]{24}$/)
    expect(await first.verify('admin', made)).toBe(true)
    const second = openCredentials(path)
    expect(second.firstRunPassword).toBeNull()
    expect(await second.verify('admin', made)).toBe(true)
  })

  it('makes another password in every folder', () => {
    expect(openCredentials(path).firstRunPassword).not.toBe(openCredentials(join(folder, 'b.json')).firstRunPassword)
  })

  it('refuses a wrong password and a wrong name', async () => {
    const { firstRunPassword, verify } = openCredentials(path)
    const made = firstRunPassword ?? ''
    const refused = [
      ['admin', `${made}x`],
      ['admin', ''],
      ['root', made],
      ['', made],
      ['Admin', made],
    ] as const
    for (const [user, password] of refused) expect(await verify(user, password)).toBe(false)
    expect(refused).toHaveLength(5)
  })

  it('keeps a hash and never the password, readable by the owner only, with nothing left beside it', () => {
    const made = openCredentials(path).firstRunPassword ?? ''
    const text = readFileSync(path, 'utf8')
    expect(text).not.toContain(made)
    expect(JSON.parse(text)).toMatchObject({ algorithm: 'argon2id', memory: 19_456, passes: 2, parallelism: 1 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'data'))).toEqual(['admin.json'])
  })

  it('takes the password that the operator set, in place of the stored one', async () => {
    const made = openCredentials(path).firstRunPassword ?? ''
    const chosen = openCredentials(path, 'a password of my own')
    expect(chosen.firstRunPassword).toBeNull()
    expect(await chosen.verify('admin', 'a password of my own')).toBe(true)
    expect(await chosen.verify('admin', made)).toBe(false)
    expect(await openCredentials(path).verify('admin', 'a password of my own')).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('leaves the file alone when the operator sets the password that is stored', () => {
    openCredentials(path, 'a password of my own')
    const before = readFileSync(path, 'utf8')
    openCredentials(path, 'a password of my own')
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it('refuses a short password with its length and the allowed range', () => {
    expect(() => openCredentials(path, 'short')).toThrow('THYMUS_ADMIN_PASSWORD has 5 characters, expected 12 to 1024.')
    expect(() => openCredentials(path, '')).toThrow(expect.objectContaining({ code: 'THY_CONFIG' }))
  })

  it('names the file when it is damaged, and what to do', () => {
    openCredentials(path)
    const damaged = ['', '{}', '{"schema":1}', 'not json', '[]', readFileSync(path, 'utf8').replace('argon2id', 'md5')]
    for (const text of damaged) {
      writeFileSync(path, text)
      expect(() => openCredentials(path)).toThrow(`The password file ${path} is damaged; delete it`)
    }
    expect(damaged).toHaveLength(6)
  })

  it('says so when the folder cannot be used', () => {
    writeFileSync(join(folder, 'file'), '')
    const inFile = join(folder, 'file', 'admin.json')
    expect(() => openCredentials(inFile)).toThrow(expect.objectContaining({ code: 'THY_DATA_DIR' }))
  })

  it('compares passwords in one Unicode form', async () => {
    const { verify } = openCredentials(path, 'Grüße aus Köln')
    expect(await verify('admin', 'Gru\u0308ße aus Ko\u0308ln')).toBe(true)
  })
})
