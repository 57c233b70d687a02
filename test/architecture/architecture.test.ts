import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { composers, dashboard, importTable, publicEntries, vendorHomes } from './import-table.ts'
import * as rules from './rules.ts'
import { readSources, root } from './source-files.ts'

const sources = readSources('src')
const tests = readSources('test')
const scripts = readSources('scripts', 'bin')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

describe('the rooms', () => {
  it('are exactly those of the table', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
    expect(rooms.filter((room) => !composers.includes(room)).sort()).toEqual(Object.keys(importTable).sort())
  })

  it('import only what the table allows', () => expect(rules.findRoomBreaches(sources)).toEqual([]))

  it('have a table that leads only downwards', () => {
    const order = Object.keys(importTable)
    const upwards = Object.entries(importTable).flatMap(([room, allowed]) =>
      allowed.filter((other) => isAbove(other, room)).map((other) => `${room} -> ${other}`),
    )
    expect(upwards).toEqual([])
    expect(order.length).toBeGreaterThan(15)
  })

  it('introduce themselves with what they are for and what they must not do', () => {
    expect(rules.findUnintroducedRooms(sources.filter(({ path }) => !path.includes(dashboard)))).toEqual([])
  })

  it('are tested, each in a folder of its own', () => {
    const untested = Object.keys(importTable).filter((room) => !existsSync(join(root, 'test', room)))
    expect(untested).toEqual([])
  })
})

/** Whether `room` can be reached from `other` by the table: then an import of `other` would close a circle. */
function isAbove(other: string, room: string): boolean {
  const reached = new Set<string>()
  const queue = [other]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === room) return true
    if (reached.has(next)) continue
    reached.add(next)
    queue.push(...(importTable[next] ?? []))
  }
  return false
}

describe('the sources', () => {
  it('keep every vendor in its home', () => expect(rules.findVendorBreaches(sources)).toEqual([]))
  it('have no import cycles', () => expect(rules.findCycles(sources)).toEqual([]))
  it('name imported files with their endings', () => {
    expect(rules.findEndingBreaches([...sources, ...tests, ...scripts])).toEqual([])
  })
  it('have no barrels', () => expect(rules.findBarrels(sources)).toEqual([]))
  it('have no default exports', () => expect(rules.findDefaultExports([...sources, ...tests, ...scripts])).toEqual([]))
  it('keep their types', () => expect(rules.findForbiddenCode(sources)).toEqual([]))
  it('leave no notes behind', () => {
    expect(rules.findForbiddenNotes([...sources, ...tests, ...scripts])).toEqual([])
  })
  it(`have at most ${rules.maxFileLines} lines each`, () => {
    expect(rules.findLongFiles([...sources, ...scripts])).toEqual([])
  })
  it('are given time and chance', () => expect(rules.findAmbientTime(sources)).toEqual([]))
  it('have names that say something', () => {
    expect(rules.findVagueNames([...sources, ...tests, ...scripts].map(({ path }) => path))).toEqual([])
  })
})

describe('the manifest', () => {
  it('has a home for every dependency', () => {
    const homeless = Object.keys(manifest.dependencies).filter((name) => !(name in vendorHomes))
    expect(homeless).toEqual([])
  })

  it('pins every dependency exactly', () => {
    const loose = Object.entries(manifest.dependencies).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
    )
    expect(loose).toEqual([])
  })

  it('exports the public entries and nothing else but itself', () => {
    const exported = Object.keys(manifest.exports).map((key) => key.replace(/^\./, 'thymus'))
    expect(exported.sort()).toEqual([...Object.keys(publicEntries), 'thymus/package.json'].sort())
    for (const [entry, path] of Object.entries(publicEntries)) {
      const compiled = path.replace(/^src/, './dist').replace(/\.ts$/, '')
      const target = manifest.exports[entry.replace(/^thymus/, '.')]
      expect(target).toEqual({ types: `${compiled}.d.ts`, default: `${compiled}.js` })
    }
  })
})

/** Folders of `test` that mirror no folder of `src`: what they look at is the project as a whole. */
const wholeProject = [
  'architecture',
  'bench',
  'conformance',
  'consumer',
  'docker',
  'docs',
  'end-to-end',
  'package',
  'rules',
  'scripts',
  'support',
  'models',
]

describe('the tests', () => {
  it('stand at the path of what they test', () => {
    const strays = tests
      .map(({ path }) => path.split('/').slice(1, -1).join('/'))
      .filter((folder) => folder !== '' && !wholeProject.includes(folder.split('/')[0] ?? ''))
      .filter((folder) => !existsSync(join(root, 'src', folder)) && !/(?:^|\/)fixtures(?:\/|$)/.test(folder))
    expect([...new Set(strays)]).toEqual([])
  })

  it('are never switched off but for what a machine lacks, nor run alone', () => {
    // What is allowed is `found ? it : it.skip`, with the reason in the title.
    const marks =
      /(?<!\? (?:it|describe) : )\b(?:it|test|describe)\.(?:only|skip|todo)\b|\b(?:xit|fit|xdescribe|fdescribe)\s*\(/
    expect(tests.filter(({ module }) => marks.test(module.code)).map(({ path }) => path)).toEqual([])
  })
})
