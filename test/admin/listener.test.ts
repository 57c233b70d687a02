import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { createAdmin } from '../../src/admin/admin.ts'
import { withAdmin } from './client.ts'
import { createFixture } from './fixture.ts'

describe('admin listener', () => {
  it('names the port when it is in use, and what to do', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const fixture = createFixture({ config: { admin: { port } } })
    try {
      await expect(createAdmin(fixture.deps).listen()).rejects.toMatchObject({
        code: 'THY_PORT',
        exitCode: 2,
        message: `The admin port 127.0.0.1:${port} is in use; stop what uses it or set admin.port to another one.`,
      })
    } finally {
      taken.close()
      await fixture.dispose()
    }
  })

  it('forgets the password of a first run that could not show it, and reports no fault beside the error', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const fixture = createFixture({ password: undefined, config: { admin: { port } } })
    const faults: string[] = []
    fixture.deps.events.subscribe((event) => {
      if (event.kind === 'fault') faults.push(event.message)
    })
    try {
      await expect(createAdmin(fixture.deps).listen()).rejects.toMatchObject({ code: 'THY_PORT' })
      expect(faults).toEqual([])
      expect(createAdmin(fixture.deps).firstRunPassword).toMatch(/^[\w-]{24}$/)
    } finally {
      taken.close()
      await fixture.dispose()
    }
  })

  it('names an address that is not of this machine', async () => {
    const fixture = createFixture({ config: { admin: { host: '192.0.2.1' } } })
    await expect(createAdmin(fixture.deps).listen()).rejects.toMatchObject({
      code: 'THY_PORT',
      message: expect.stringContaining('does not belong to this machine'),
    })
    await fixture.dispose()
  })

  it('closes although a client keeps its connection, and may be closed before it was opened', async () => {
    const fixture = createFixture()
    const admin = createAdmin(fixture.deps)
    const { port } = await admin.listen()
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
    await admin.close()
    await createAdmin(fixture.deps).close()
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
    await fixture.dispose()
  })

  it('shows the password of the first run once', async () => {
    const fixture = createFixture({ password: undefined })
    expect(createAdmin(fixture.deps).firstRunPassword).toMatch(/^[\w-]{24}$/)
    expect(createAdmin(fixture.deps).firstRunPassword).toBeNull()
    await fixture.dispose()
  })

  it('says how to build the dashboard when it is not there', async () => {
    await withAdmin({}, async ({ call }) => {
      const reply = await call('GET', '/')
      expect(reply.status).toBe(503)
      expect(reply.text).toContain('npm run build')
    })
  })
})
