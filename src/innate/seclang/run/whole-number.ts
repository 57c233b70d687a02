const leading = /^[ \t\n\v\f\r]*([+-]?\d{1,11})/

/** What `stoi` of C++ reads: leading white space, a sign, digits; 0 when there are none or they exceed 32 bits. */
export function wholeNumber(text: string): number {
  const digits = leading.exec(text)?.[1]
  if (digits === undefined) return 0
  const value = Number(digits)
  return value === (value | 0) ? value : 0
}
