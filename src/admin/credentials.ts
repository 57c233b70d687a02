import { type Argon2Parameters, argon2, argon2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { messageOf, ThymusError } from '../core/errors.ts'

export const adminUser = 'admin'
export const minPasswordLength = 12
export const maxPasswordLength = 1_024

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 30 ms. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const
const saltLength = 16

const base64 = z.string().regex(/^[A-Za-z0-9+/]+$/)
const storedSchema = z.strictObject({
  schema: z.literal(1),
  user: z.literal(adminUser),
  algorithm: z.literal('argon2id'),
  memory: z.int().min(8).max(1_048_576),
  passes: z.int().min(1).max(16),
  parallelism: z.int().min(1).max(16),
  salt: base64,
  hash: base64,
})
type StoredCredential = z.output<typeof storedSchema>

export type Credentials = {
  /** The password that was made at the first run; shown once and kept nowhere. */
  readonly firstRunPassword: string | null
  /** Undoes the first run: its password was never shown, so the next start makes another one. */
  readonly forgetFirstRun: () => void
  /** Takes as long for an unknown name as for a known one. */
  readonly verify: (user: string, password: string) => Promise<boolean>
}

const derive = promisify(argon2)

function parametersOf(
  stored: Pick<StoredCredential, 'memory' | 'passes' | 'parallelism'>,
  salt: Buffer,
  message: string,
) {
  const { memory, passes, parallelism } = stored
  return { message, nonce: salt, memory, passes, parallelism, tagLength: cost.tagLength } satisfies Argon2Parameters
}

function hashPassword(password: string): StoredCredential {
  const salt = randomBytes(saltLength)
  const hash = argon2Sync('argon2id', parametersOf(cost, salt, password.normalize('NFKC')))
  const { memory, passes, parallelism } = cost
  const text = { salt: salt.toString('base64').replace(/=+$/, ''), hash: hash.toString('base64').replace(/=+$/, '') }
  return { schema: 1, user: adminUser, algorithm: 'argon2id', memory, passes, parallelism, ...text }
}

/** Same work for every name: the password is always hashed, and only then is the name looked at. */
async function verify(stored: StoredCredential, user: string, password: string): Promise<boolean> {
  const expected = Buffer.from(stored.hash, 'base64')
  const parameters = parametersOf(stored, Buffer.from(stored.salt, 'base64'), password.normalize('NFKC'))
  const actual = await derive('argon2id', parameters)
  const isPassword = actual.length === expected.length && timingSafeEqual(actual, expected)
  return isPassword && user === adminUser
}

function readStored(path: string): StoredCredential | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ThymusError('THY_DATA_DIR', `The password file ${path} cannot be read: ${messageOf(thrown)}`, {
      cause: thrown,
    })
  }
  try {
    return storedSchema.parse(JSON.parse(text))
  } catch (thrown) {
    const message = `The password file ${path} is damaged; delete it to get a new password at the next start.`
    throw new ThymusError('THY_DATA_DIR', message, { cause: thrown })
  }
}

/** Writes whole or not at all, readable by the owner only. Returns false when `isNew` and the file exists already. */
function writeStored(path: string, stored: StoredCredential, isNew: boolean): boolean {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, `${JSON.stringify(stored)}\n`, { mode: 0o600, flag: 'wx', flush: true })
    if (isNew) linkSync(temporary, path)
    else renameSync(temporary, path)
    return true
  } catch (thrown) {
    if (isNew && (thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    const message = `The password file ${path} cannot be written: ${messageOf(thrown)}`
    throw new ThymusError('THY_DATA_DIR', message, { cause: thrown })
  } finally {
    rmSync(temporary, { force: true })
  }
}

function matches(stored: StoredCredential, password: string): boolean {
  const parameters = parametersOf(stored, Buffer.from(stored.salt, 'base64'), password.normalize('NFKC'))
  const expected = Buffer.from(stored.hash, 'base64')
  const actual = argon2Sync('argon2id', parameters)
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

function storeChosen(path: string, password: string): StoredCredential {
  if (password.length < minPasswordLength || password.length > maxPasswordLength) {
    const message = `THYMUS_ADMIN_PASSWORD has ${password.length} characters, expected ${minPasswordLength} to ${maxPasswordLength}.`
    throw new ThymusError('THY_CONFIG', message)
  }
  const stored = readStored(path)
  if (stored !== undefined && matches(stored, password)) return stored
  const fresh = hashPassword(password)
  writeStored(path, fresh, false)
  return fresh
}

/** Reads the stored credential, stores the one the operator set, or makes one at the first run. */
export function openCredentials(path: string, password?: string): Credentials {
  const opened = (stored: StoredCredential, firstRunPassword: string | null): Credentials => ({
    firstRunPassword,
    forgetFirstRun: () => {
      if (firstRunPassword !== null) rmSync(path, { force: true })
    },
    verify: (user, attempt) => verify(stored, user, attempt),
  })
  if (password !== undefined) return opened(storeChosen(path, password), null)
  const stored = readStored(path)
  if (stored !== undefined) return opened(stored, null)
  const made = randomBytes(18).toString('base64url')
  const fresh = hashPassword(made)
  if (writeStored(path, fresh, true)) return opened(fresh, made)
  // Another process was first: its password counts.
  return openCredentials(path)
}
