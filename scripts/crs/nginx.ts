// The reference: nginx with ModSecurity v3 as Debian packages them, on a free port, in a folder of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoggedRule } from './judge.ts'

const modulePath = '/usr/lib/nginx/modules/ngx_http_modsecurity_module.so'

export type NginxOptions = {
  /** Text of the main SecLang file; `null` runs nginx without the module. */
  readonly rules: string | null
  readonly backendPort: number
}

export type Nginx = {
  readonly port: number
  /** What the rules logged since the last call; waits until nginx has finished `requests` more requests. */
  readonly takeLog: (requests: number) => Promise<ReferenceLog>
  /** CPU time of the worker so far, in microseconds; steps of 10 ms. */
  readonly cpuMicros: () => number
  /** Resident memory of the worker, in bytes. */
  readonly memoryBytes: () => number
  readonly close: () => Promise<void>
}

export type ReferenceLog = {
  readonly logged: readonly LoggedRule[]
  /** nginx cuts lines at 2 KB: a rule that matched a very long name leaves no id. */
  readonly isCut: boolean
}

/** `null` when nginx and its module are there, else a sentence that says what to install. */
export function whyNoNginx(): string | null {
  const hasNginx = spawnSync('nginx', ['-v']).status === 0
  if (hasNginx && existsSync(modulePath)) return null
  return 'nginx with ModSecurity is not installed: apt-get install nginx-light libnginx-mod-http-modsecurity'
}

export async function startNginx({ rules, backendPort }: NginxOptions): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'crs-nginx-'))
  mkdirSync(join(folder, 'temp'))
  const port = await freePort()
  if (rules !== null) writeFileSync(join(folder, 'main.conf'), `SecTmpDir ${folder}/temp\n${rules}`)
  writeFileSync(join(folder, 'nginx.conf'), nginxConfig({ folder, port, backendPort, hasRules: rules !== null }))
  writeFileSync(join(folder, 'error.log'), '')
  writeFileSync(join(folder, 'access.log'), '')
  const master = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  master.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  try {
    await untilListening(port, master)
  } catch (error) {
    await stop(master, folder)
    throw new Error(`nginx did not start: ${complaint.slice(0, 2000)}`, { cause: error })
  }
  const errors = follow(join(folder, 'error.log'))
  const accesses = follow(join(folder, 'access.log'))
  const worker = workerOf(master.pid ?? 0)
  errors.take()
  return {
    port,
    takeLog: async (requests) => {
      await untilLogged(accesses, requests)
      return readErrorLog(errors.take())
    },
    cpuMicros: () => cpuMicrosOf(worker),
    memoryBytes: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${worker}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    close: async () => {
      errors.close()
      accesses.close()
      await stop(master, folder)
    },
  }
}

type ConfigOptions = {
  readonly folder: string
  readonly port: number
  readonly backendPort: number
  readonly hasRules: boolean
}

function nginxConfig({ folder, port, backendPort, hasRules }: ConfigOptions): string {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${folder}/temp;`,
  )
  return `
${hasRules ? `load_module ${modulePath};` : ''}
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
events { worker_connections 512; }
http {
${temps.join('\n')}
  access_log ${folder}/access.log;
  client_max_body_size 64m;
  client_body_buffer_size 16m;
  large_client_header_buffers 8 64k;
  underscores_in_headers on;
  ignore_invalid_headers off;
  keepalive_requests 1000000;
  upstream backend { server 127.0.0.1:${backendPort}; keepalive 8; }
  server {
    listen 127.0.0.1:${port};
    ${hasRules ? `modsecurity on; modsecurity_rules_file ${folder}/main.conf;` : ''}
    location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`
}

/** A file that grows, read bit by bit. */
type Followed = { readonly take: () => string; readonly size: () => number; readonly close: () => void }

function follow(path: string): Followed {
  const file = openSync(path, 'r')
  let at = 0
  return {
    size: () => statSync(path).size,
    take: () => {
      const bytes = Buffer.alloc(Math.max(0, statSync(path).size - at))
      at += readSync(file, bytes, 0, bytes.length, at)
      return bytes.toString('latin1')
    },
    close: () => closeSync(file),
  }
}

const logPatienceMs = 1500

/** Waits for as many more lines in the access log; a connection that never made a request leaves none. */
async function untilLogged(accesses: Followed, requests: number): Promise<void> {
  const startedMs = Date.now()
  let lines = 0
  for (;;) {
    lines += accesses.take().split('\n').length - 1
    if (lines >= requests || Date.now() - startedMs > logPatienceMs) return
    await sleep(1)
  }
}

/** The rules that ModSecurity's lines in nginx's error log name. */
export function readErrorLog(text: string): ReferenceLog {
  const lines = text.split('\n').filter((line) => /ModSecurity: (?:Warning|Access denied)/.test(line))
  const logged = lines.flatMap((line) => {
    const id = /\[id "(\d+)"\]/.exec(line)?.[1]
    return id === undefined ? [] : [{ id: Number(id), message: part(line, 'msg'), data: part(line, 'data') }]
  })
  return { logged, isCut: logged.length < lines.length }
}

const part = (line: string, name: string): string => new RegExp(`\\[${name} "(.*?)"\\] \\[`).exec(line)?.[1] ?? ''

function workerOf(master: number): number {
  const children = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ')
  return Number(children[0])
}

function cpuMicrosOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilListening(port: number, master: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (master.exitCode !== null) throw new Error('nginx ended')
    const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
      (answer) => answer.arrayBuffer().then(() => true),
      () => false,
    )
    if (isUp) return
    await sleep(50)
  }
  throw new Error('nginx did not listen within 20 seconds')
}

async function stop(master: ChildProcess, folder: string): Promise<void> {
  if (master.exitCode === null) {
    const gone = once(master, 'exit')
    master.kill('SIGTERM')
    await gone
  }
  rmSync(folder, { recursive: true, force: true })
}
