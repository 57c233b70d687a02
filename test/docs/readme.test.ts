import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { commands } from '../../src/cli/run.ts'
import { root } from '../package/consumer.ts'

/** Pages for people; what they tell readers to type or to open has to be there. */
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...docsPages()].filter((page) =>
  existsSync(join(root, page)),
)

function docsPages(): string[] {
  return readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
}

const read = (page: string): string => readFileSync(join(root, page), 'utf8')
const manifest: { scripts: Record<string, string> } = JSON.parse(read('package.json'))
const ownCommands = commands.map(({ name }) => name)

/** Code that a reader may copy: fenced blocks line by line, and what stands between backticks. */
function commandsIn(text: string): string[] {
  const fenced = [...text.matchAll(/^```(?:bash|sh|console|shell)?\n([\s\S]*?)^```/gm)].flatMap((match) =>
    (match[1] ?? '').split('\n').map((line) => line.replace(/^\$ /, '').trim()),
  )
  const inline = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')
  return [...fenced, ...inline]
}

/** One sentence per command that cannot work; nothing for what is no command of ours. */
function wrongCommands(commands: readonly string[]): string[] {
  return commands.flatMap((command) => {
    const script = /^npm (?:run (?:-s |--silent )?([\w:-]+)|(start|test)\b)/.exec(command)
    const name = script?.[1] ?? script?.[2]
    if (name !== undefined && !(name in manifest.scripts)) return [`${command}: package.json has no script ${name}`]
    const thymus = /^(?:npx thymus|npm run (?:-s|--silent) thymus --|thymus) ([a-z-]+)\b/.exec(command)?.[1]
    if (thymus !== undefined && !ownCommands.includes(thymus)) return [`${command}: there is no command ${thymus}`]
    const file =
      /^(?:node|bash|docker compose -f) ([\w./-]+)/.exec(command)?.[1] ?? /^(\.\/?[\w-]+\/[\w./-]+)$/.exec(command)?.[1]
    if (file !== undefined && !existsSync(join(root, file))) return [`${command}: there is no ${file}`]
    return []
  })
}

/** Links to files of the project that are not there. */
function brokenLinks(page: string): string[] {
  const targets = [...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '')
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(resolve(root, dirname(page), decodeURIComponent(target))))
}

describe('the pages', () => {
  it('include a README and the pages of a project that takes contributions', () => {
    for (const page of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']) expect(pages).toContain(page)
  })

  for (const page of pages) {
    it(`name only commands that exist: ${page}`, () => expect(wrongCommands(commandsIn(read(page)))).toEqual([]))
    it(`link only to what is there: ${page}`, () => expect(brokenLinks(page)).toEqual([]))
  }

  it('tell how to start, how to protect an API and how to test in the README', () => {
    const commands = commandsIn(read('README.md')).join('\n')
    for (const command of ['npm start', '--upstream http', 'npm test']) expect(commands).toContain(command)
  })
})

describe('the check of commands', () => {
  it('finds scripts, commands and files that are not there', () => {
    const text =
      '```bash\n$ npm run nothing\nnpm start\n```\nSay `node scripts/none.mjs` or `./nowhere/run`, `npm test`, `thymus dance`.'
    expect(wrongCommands(commandsIn(text))).toHaveLength(4)
  })
})
