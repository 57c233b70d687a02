// The Content-Type that the upstream of CRS 4 gives an answer that names none: it is a Go server, and those look at the
// first 512 bytes (WHATWG MIME Sniffing). ModSecurity looks into answers of some types only, so the type decides.

const html = /^<(?:!--|(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[ >])/i

const signatures: readonly (readonly [start: string, type: string])[] = [
  ['%PDF-', 'application/pdf'],
  ['%!PS-Adobe-', 'application/postscript'],
  ['\xfe\xff', 'text/plain; charset=utf-16be'],
  ['\xff\xfe', 'text/plain; charset=utf-16le'],
  ['\xef\xbb\xbf', 'text/plain; charset=utf-8'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['BM', 'image/bmp'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['Rar!\x1a\x07', 'application/x-rar-compressed'],
  ['PK\x03\x04', 'application/zip'],
  ['\x1f\x8b\x08', 'application/x-gzip'],
  ['\0asm', 'application/wasm'],
]

export function sniffType(content: Buffer): string {
  const head = content.toString('latin1', 0, 512)
  const text = head.replace(/^[\t\n\f\r ]+/, '')
  if (html.test(text)) return 'text/html; charset=utf-8'
  if (text.startsWith('<?xml')) return 'text/xml; charset=utf-8'
  const known = signatures.find(([start]) => head.startsWith(start))
  if (known !== undefined) return known[1]
  return hasControls(head) ? 'application/octet-stream' : 'text/plain; charset=utf-8'
}

function hasControls(head: string): boolean {
  for (let at = 0; at < head.length; at += 1) {
    const code = head.charCodeAt(at)
    if (code <= 8 || code === 11 || (code >= 14 && code <= 26) || (code >= 28 && code <= 31)) return true
  }
  return false
}
