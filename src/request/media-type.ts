/** The type of a Content-Type without its parameters, in lower case (RFC 9110, 8.3.1); '' when there is none. */
export function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(';')
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
}
