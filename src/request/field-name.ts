const digitRuns = /\d+/g
const oddCharacter = /[^\w@.:\-[\] #/~]/

const plainCode = new Uint8Array(128)
for (let code = 0; code < 128; code += 1) plainCode[code] = oddCharacter.test(String.fromCharCode(code)) ? 0 : 1

/** Names that reach into the prototype of an object (CWE-1321). */
const prototypeNames = ['__proto__', 'constructor', 'prototype']

/** Whether a parameter name is one that an API may have chosen: by its characters, and not a prototype's. */
export function isPlainName(name: string): boolean {
  for (const reserved of prototypeNames) if (name.includes(reserved)) return false
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index)
    if (code >= 128 || plainCode[code] === 0) return false
  }
  return true
}

/** The name under which learning keeps a field: digits stand for any digits, length is capped. */
export function templateName(name: string, maxLength: number): string {
  const short = name.length > maxLength ? name.slice(0, maxLength) : name
  return short.replace(digitRuns, '#')
}
