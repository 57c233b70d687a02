import { hashText } from '../core/hash.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'

const secretNames = new Set(['password', 'passwd', 'pwd', 'pass', 'passphrase', 'pin', 'otp', 'totp', 'secret'])
const accountNames = new Set(['username', 'user', 'email', 'login', 'account', 'phone', 'userid', 'user_name', 'mail'])

/**
 * The account that a sign-in names, as a hash; 0 when it names none; -1 when the request is no sign-in. A sign-in
 * carries a secret field or Basic credentials (RFC 7617); a poll with an expired bearer token is none.
 */
export function readSignIn(request: CanonicalRequest): number {
  let account = 0
  let isSignIn = false
  for (const field of request.fields) {
    if (field.location === 'header' || field.location === 'cookie' || field.location === 'path') continue
    const name = lastPart(field.name).toLowerCase()
    if (secretNames.has(name)) isSignIn = true
    else if (accountNames.has(name)) account = hashText(field.value) || 1
  }
  return isSignIn ? account : readBasic(request.view.rawHeaders)
}

function readBasic(rawHeaders: readonly string[]): number {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length !== 13 || name.toLowerCase() !== 'authorization') continue
    const value = rawHeaders[index + 1] ?? ''
    return value.slice(0, 6).toLowerCase() === 'basic ' ? hashText(value) || 1 : -1
  }
  return -1
}

function lastPart(name: string): string {
  const at = name.lastIndexOf('/')
  return at === -1 ? name : name.slice(at + 1)
}
