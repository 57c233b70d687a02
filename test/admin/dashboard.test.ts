import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { createManualClock } from '../../src/core/clock.ts'
import { buildDashboard, findViolations, launchChromium, watchPage } from './browser.ts'
import { type Running, withAdmin } from './client.ts'
import { accuseOnce, accuseTwice, attack, caseOf, findingOf, password } from './fixture.ts'

const patience = 180_000
let browser: Browser
let built: ReturnType<typeof buildDashboard>

beforeAll(async () => {
  built = buildDashboard()
  browser = await launchChromium()
}, patience)
afterAll(async () => {
  await browser?.close()
  built?.remove()
})

type Visit = Running & { readonly page: Page; readonly open: (view: string, title: string) => Promise<void> }

/** A signed-in dashboard in a browser of its own; fails when the console or the content policy complains. */
async function visit(test: (visit: Visit) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
  // The browser's own clock runs on, so the listener's starts where the browser is.
  await withAdmin({ dashboardDir: built.folder, clock: createManualClock(Date.now()) }, async (running) => {
    const context = await browser.newContext(options)
    try {
      const page = await context.newPage()
      const complaints = watchPage(page)
      const base = `http://127.0.0.1:${running.port}/`
      const open = async (view: string, title: string) => {
        await page.goto(`${base}#/${view}`)
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        await page.getByText('Loading…').first().waitFor({ state: 'detached' })
      }
      await page.goto(base)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      await test({ ...running, page, open })
      expect(complaints).toEqual([])
    } finally {
      await context.close()
    }
  })
}

const views = [
  ['overview', 'Overview'],
  ['review', 'Review'],
  ['held', 'Held clients'],
  ['cells', 'Memory cells'],
  ['profiles', 'Learned profiles'],
  ['detectors', 'Detectors'],
  ['tolerances', 'Tolerances'],
  ['rules', 'Routes and rules'],
] as const

/** Something to show in every view. */
function fill({ cases, quarantine, memory, deps, clock }: Running): void {
  cases.add(caseOf('ref-1', { findings: [findingOf(), findingOf({ layer: 'innate', source: 'sqli-110' })] }))
  cases.add(caseOf('ref-2', { verdict: 'deny', would: null, status: 403 }))
  accuseTwice(quarantine, '203.0.113.7')
  accuseOnce(quarantine, '198.51.100.4')
  quarantine.exempt('address:192.0.2.10', { by: 'admin', reason: 'our monitor', untilMs: null })
  memory.remember(attack)
  const scope = {
    service: 'api',
    method: 'GET',
    route: '/orders/{int}',
    field: 'query:page',
    finding: 'adaptive:chunk',
  }
  deps.tolerances.tolerate(scope, { by: 'admin', reason: 'seen before', untilMs: clock.now() + 86_400_000 })
}

describe('the dashboard', () => {
  it('refuses a wrong password with a sentence, and signs in and out', async () => {
    await withAdmin({ dashboardDir: built.folder }, async ({ port, events }) => {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.getByLabel('Password').waitFor()
      expect(await findViolations(page)).toEqual([])
      await page.getByLabel('Password').fill('not the password')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').getByText('The name or the password is wrong.').waitFor()
      await page.getByLabel('Password').fill(password)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      await page.reload()
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByText('You are signed out.').waitFor()
      expect(events).toContainEqual({ kind: 'admin', actor: 'admin', action: 'sign-out', subject: 'admin' })
      await context.close()
    })
  }, 60_000)

  it('releases a held client: it leaves the list and the quarantine', async () => {
    await visit(async ({ page, open, quarantine }) => {
      const clientId = accuseTwice(quarantine, '203.0.113.7')
      await open('held', 'Held clients')
      await page.getByRole('row', { name: clientId }).getByText('isolated').waitFor()
      await page.getByRole('button', { name: `Release ${clientId}` }).click()
      await page.getByText(`${clientId} is released on every gateway.`).waitFor()
      await page.getByText('Nobody is held').waitFor()
      expect(quarantine.lookup(clientId)).toBeUndefined()
    })
  }, 60_000)

  it('extends a hold and exempts a client by keyboard alone', async () => {
    await visit(async ({ page, open, quarantine }) => {
      const clientId = accuseTwice(quarantine, '203.0.113.7')
      const before = quarantine.lookup(clientId)?.untilMs ?? 0
      await open('held', 'Held clients')
      await page.getByRole('button', { name: `Extend the hold of ${clientId}` }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Hold for longer' }).waitFor()
      await page.keyboard.press('Tab')
      await page.getByRole('button', { name: 'Extend', exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.getByText(`${clientId} is held until`).waitFor()
      expect(quarantine.lookup(clientId)).toMatchObject({ untilMs: before + 3_600_000, by: 'person' })
      await page.getByRole('button', { name: `Exempt ${clientId}` }).click()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(quarantine.exemptions()).toEqual([])
      await page.getByRole('button', { name: `Exempt ${clientId}` }).click()
      await page.getByLabel('Reason').fill('our monitor')
      await page.keyboard.press('Enter')
      await page.getByText(`${clientId} is exempt`).waitFor()
      expect(quarantine.exemptions()).toMatchObject([{ clientId, reason: 'our monitor', by: 'admin' }])
    })
  }, 60_000)

  it('marks a finding as normal: the case leaves the list and a tolerance holds', async () => {
    await visit(async ({ page, open, cases, deps }) => {
      cases.add(caseOf('ref-1', { findings: [findingOf(), findingOf({ layer: 'innate', source: 'sqli-110' })] }))
      await open('review', 'Review')
      await page.getByText('letter-quote-blank').first().waitFor()
      await page.getByRole('button', { name: 'This is normal…' }).click()
      await page.getByLabel('innate:sqli-110').uncheck()
      expect(await findViolations(page)).toEqual([])
      await page.getByRole('button', { name: 'Mark as normal' }).click()
      await page.getByText('Marked as normal. One tolerance holds from now on.').waitFor()
      await page.getByText('Nothing to review').waitFor()
      expect(deps.tolerances.list()).toMatchObject([
        { scope: { route: '/orders/{int}', field: 'query:page', finding: 'adaptive:chunk' }, by: 'admin' },
      ])
      await open('tolerances', 'Tolerances')
      await page.getByRole('button', { name: 'Withdraw' }).click()
      await page.getByText('Nothing is tolerated').waitFor()
      expect(deps.tolerances.list()).toEqual([])
    })
  }, 60_000)

  it('marks a finding as an attack: a memory cell is born, and can be forgotten', async () => {
    await visit(async ({ page, open, cases, memory }) => {
      cases.add(caseOf('ref-1'))
      await open('review', 'Review')
      await page.getByRole('button', { name: 'This is an attack' }).click()
      await page.getByText('Marked as an attack and remembered').waitFor()
      expect(memory.cells()).toHaveLength(1)
      await open('cells', 'Memory cells')
      await page.getByRole('button', { name: 'Forget' }).click()
      expect(await findViolations(page)).toEqual([])
      await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click()
      await page.getByText('No attack is remembered yet').waitFor()
      expect(memory.cells()).toEqual([])
    })
  }, 60_000)

  it('goes back to the sign-in when the session is over', async () => {
    await withAdmin({ dashboardDir: built.folder }, async ({ port, clock, deps }) => {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      clock.advance(deps.config.admin.sessionTtlMs)
      await page.getByText('Your session is over.').waitFor()
      await context.close()
    })
  }, 60_000)

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no barrier in any view and fits a small screen, filled and empty, in ${colorScheme} colours`, async () => {
      const looked: string[] = []
      await visit(
        async (running) => {
          const { page, open } = running
          for (const state of ['empty', 'filled']) {
            if (state === 'filled') fill(running)
            for (const [view, title] of views) {
              await open(view, title)
              expect([state, view, await findViolations(page)]).toEqual([state, view, []])
              const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
              expect([state, view, overflow]).toEqual([state, view, 0])
              looked.push(`${state} ${view}`)
            }
          }
        },
        { colorScheme, viewport: { width: 390, height: 840 } },
      )
      expect(looked).toHaveLength(16)
    }, 120_000)
  }
})
