// Reads a Dockerfile into stages of steps, as far as ours goes. It must not guess: what it does not know, it refuses.

const harmless = ['EXPOSE', 'VOLUME', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD', 'USER']

/** Stages in order: `{ name, base, steps }`, each step `{ instruction, line, ... }`. */
export function parseDockerfile(text) {
  const stages = []
  for (const { line, content } of logicalLines(text)) {
    const [, instruction, rest] = /^(\S+)\s+(.*)$/s.exec(content) ?? []
    if (instruction === undefined) throw new Error(`line ${line} is not an instruction: ${content}`)
    if (instruction === 'FROM') stages.push(parseFrom(rest, stages.length))
    else {
      const stage = stages.at(-1)
      if (stage === undefined) throw new Error(`line ${line}: ${instruction} stands before FROM`)
      stage.steps.push({ instruction, line, ...parseStep(instruction, rest, line) })
    }
  }
  return stages
}

/** Joins continued lines and leaves out comments. */
function logicalLines(text) {
  const found = []
  let open
  for (const [index, raw] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(raw)) continue
    const isContinued = raw.endsWith('\\')
    const content = isContinued ? raw.slice(0, -1) : raw
    open = open === undefined ? { line: index + 1, content } : { ...open, content: `${open.content} ${content.trim()}` }
    if (isContinued) continue
    found.push({ ...open, content: open.content.trim() })
    open = undefined
  }
  return found
}

function parseFrom(rest, index) {
  const [base, , name] = rest.split(/\s+/)
  return { name: name ?? String(index), base, steps: [] }
}

function parseStep(instruction, rest, line) {
  if (instruction === 'WORKDIR') return { path: rest }
  if (instruction === 'RUN') return { command: rest }
  if (instruction === 'ENV') return { variables: parseVariables(rest, line) }
  if (instruction === 'COPY') return parseCopy(rest, line)
  if (instruction === 'ENTRYPOINT' || instruction === 'CMD') return { words: JSON.parse(rest) }
  if (instruction === 'HEALTHCHECK') return { words: JSON.parse(rest.slice(rest.indexOf('CMD') + 3)) }
  if (harmless.includes(instruction)) return { text: rest }
  throw new Error(`line ${line}: ${instruction} is not an instruction that the check knows`)
}

function parseVariables(rest, line) {
  return Object.fromEntries(
    rest.split(/\s+/).map((pair) => {
      const [, name, value] = /^(\w+)=(\S*)$/.exec(pair) ?? []
      if (name === undefined) throw new Error(`line ${line}: ENV is ${pair}, expected NAME=value`)
      return [name, value]
    }),
  )
}

function parseCopy(rest, line) {
  const words = rest.split(/\s+/)
  const flags = words.filter((word) => word.startsWith('--'))
  const paths = words.filter((word) => !word.startsWith('--'))
  const unknown = flags.find((flag) => !/^--(from|chown)=/.test(flag))
  if (unknown !== undefined) throw new Error(`line ${line}: COPY ${unknown} is not an option that the check knows`)
  if (paths.length < 2) throw new Error(`line ${line}: COPY needs a source and a destination`)
  const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length)
  return { from, sources: paths.slice(0, -1), destination: paths.at(-1) }
}

/** What a container of the last stage runs, and how its health is asked for. */
export function commandsOf(stages) {
  const steps = stages.at(-1)?.steps ?? []
  const wordsOf = (instruction) => steps.findLast((step) => step.instruction === instruction)?.words ?? []
  return { start: [...wordsOf('ENTRYPOINT'), ...wordsOf('CMD')], health: wordsOf('HEALTHCHECK') }
}

/** Decides for paths of the build context, last matching line wins, as Docker does for the forms that ours uses. */
export function createIgnore(text) {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  const matchers = lines.map((line) => {
    const isKept = line.startsWith('!')
    const body = (isKept ? line.slice(1) : line)
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('**/', '(?:.*/)?')
      .replace(/(?<!\.)\*/g, '[^/]*')
    return { isKept, pattern: new RegExp(`^${body}(?:/.*)?$`) }
  })
  return (path) => !(matchers.findLast(({ pattern }) => pattern.test(path))?.isKept ?? true)
}
