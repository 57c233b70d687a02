import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type Express, type Response } from 'express'

const yearSeconds = 31_536_000

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Thymus</title></head>
<body><h1>The dashboard is not built</h1>
<p>Run <code>npm run build</code> in the project folder and start Thymus again. The API under /api/v1 works without it.</p>
</body></html>
`

/** The built dashboard: beside the compiled room, or in `dist` when the sources run as they are. */
export function locateDashboard(): string {
  const isSource = import.meta.url.endsWith('.ts')
  return fileURLToPath(new URL(isSource ? '../../dist/admin/dashboard' : './dashboard', import.meta.url))
}

/** Names under assets/ carry a hash of their content and never change; the page itself is asked for every time. */
function setCaching(response: Response, path: string): void {
  const isHashed = /[\\/]assets[\\/]/.test(path)
  response.setHeader('cache-control', isHashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache')
}

export function serveDashboard(app: Express, folder: string): void {
  app.use(
    express.static(folder, {
      index: 'index.html',
      dotfiles: 'ignore',
      redirect: false,
      cacheControl: false,
      setHeaders: setCaching,
    }),
  )
  app.get('/', (_request, response) => {
    const isBuilt = existsSync(join(folder, 'index.html'))
    response.status(isBuilt ? 500 : 503).setHeader('cache-control', 'no-store')
    response.type('html').send(notBuilt)
  })
}
