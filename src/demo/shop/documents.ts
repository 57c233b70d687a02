import express, { type Router } from 'express'
import { signedIn } from './accounts.ts'
import { fail } from './answers.ts'
import type { Shop } from './shop.ts'

const maxUploadBytes = 2_097_152

/** Uploads: one file with a caption, which is looked at and thrown away. */
export function documentRoutes(shop: Shop): Router {
  const router = express.Router()
  router.post(
    '/documents',
    express.raw({ type: 'multipart/form-data', limit: maxUploadBytes }),
    async (request, response) => {
      const customer = signedIn(shop, request, response)
      if (customer === undefined) return
      if (!Buffer.isBuffer(request.body)) return fail(response, 415, 'send multipart/form-data')
      const form = await readForm(request.body, request.get('content-type') ?? '')
      const file = form?.get('file')
      const caption = form?.get('caption')
      if (file === null || file === undefined || typeof file === 'string') return fail(response, 422, 'file is missing')
      if (typeof caption !== 'string' || caption.length > 120)
        return fail(response, 422, 'caption has at most 120 characters')
      response.status(201).json({ name: file.name, type: file.type, bytes: file.size, caption })
    },
  )
  return router
}

/** `undefined` when the body is not what its content type says. */
async function readForm(body: Buffer, contentType: string): Promise<FormData | undefined> {
  try {
    return await new Response(Uint8Array.from(body), { headers: { 'content-type': contentType } }).formData()
  } catch {
    return undefined
  }
}
