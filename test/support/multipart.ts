/** A multipart body with boundary `b0`: a file of `fileBytes`, then a value, then perhaps a second file. */
export function multipartUpload({ fileBytes, value }: { readonly fileBytes: number; readonly value: string }): Buffer {
  const head = (rest: string): string => `--b0\r\nContent-Disposition: form-data; ${rest}\r\n\r\n`
  return Buffer.concat([
    Buffer.from(`${head('name="photo"; filename="a.png"')}`),
    Buffer.alloc(fileBytes, 'pixels '),
    Buffer.from(`\r\n${head('name="note"')}${value}\r\n--b0--\r\n`),
  ])
}

export const multipartHeaders = { 'content-type': 'multipart/form-data; boundary=b0' }
