#!/usr/bin/env python3
"""Compares detectSqlInjection and detectXss with libinjection as libmodsecurity has it, text by text.

    python3 scripts/check-injection.py FILE.jsonl.gz ... [--show N]

Needs Debian's libmodsecurity3 and a node that runs TypeScript (24 or later; NODE names another one). Reads traffic
records (see docs): the payload where a record has one, or else the path, each parameter, JSON leaf and form value.
Prints per file and label: texts, what the reference reports, what both report, what only one of them reports.
"""
import base64
import collections
import ctypes
import gzip
import json
import os
import subprocess
import sys
import urllib.parse

OWN = """
import { detectSqlInjection } from './src/innate/injection/detect-sql-injection.ts'
import { detectXss } from './src/innate/injection/detect-xss.ts'
import { readFileSync } from 'node:fs'
const texts = readFileSync(0, 'latin1').split('\\n').slice(0, -1).map((line) => Buffer.from(line, 'hex').toString('latin1'))
const verdicts = texts.map((text) => `${detectSqlInjection(text).isInjection ? 1 : 0}${detectXss(text) ? 1 : 0}`)
process.stdout.write(verdicts.join('\\n'))
"""


def leaves(value):
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield value


def parameters(query):
    for pair in query.split('&'):
        for part in pair.split('=', 1):
            yield urllib.parse.unquote_to_bytes(part.replace('+', ' '))


def texts_of(record):
    if record.get('payload'):
        yield record['payload']
        return
    url, body = record.get('url') or '', record.get('body')
    if not url and record.get('raw_b64'):
        head, _, body = base64.b64decode(record['raw_b64']).decode('latin-1').partition('\r\n\r\n')
        url = (head.split(' ') + [''])[1]
    path, _, query = url.partition('?')
    yield urllib.parse.unquote_to_bytes(path)
    yield from parameters(query)
    if body and body[0] in '{[':
        try:
            yield from leaves(json.loads(body))
            return
        except ValueError:
            pass
    if body:
        yield from parameters(body)


def read(path):
    """Distinct texts by label, as bytes."""
    found = {}
    with gzip.open(path, 'rt') if path.endswith('.gz') else open(path) as file:
        for line in file:
            record = json.loads(line)
            for text in texts_of(record):
                data = text if isinstance(text, bytes) else text.encode('utf-8', 'surrogatepass')
                if data and len(data) <= 20000:
                    found[(record['label'], data)] = True
    return list(found)


def reference(texts):
    library = ctypes.CDLL('libmodsecurity.so.3')
    sqli, xss = library.libinjection_sqli, library.libinjection_xss
    sqli.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p]
    xss.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    fingerprint = ctypes.create_string_buffer(16)
    return [(sqli(text, len(text), fingerprint), xss(text, len(text))) for text in texts]


def own(texts):
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    node = os.environ.get('NODE', os.path.join(root, 'node_modules', '.bin', 'node'))
    lines = ''.join(text.hex() + '\n' for text in texts)
    done = subprocess.run([node, '--input-type=module', '-e', OWN], cwd=root, input=lines, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return [(int(line[0]), int(line[1])) for line in done.stdout.split('\n')]


def main(arguments):
    show = int(arguments[arguments.index('--show') + 1]) if '--show' in arguments else 0
    files = [name for name in arguments if name.endswith(('.jsonl', '.gz'))]
    if not files:
        sys.exit(__doc__)
    print(f'{"file":24}{"label":9}{"kind":6}{"texts":>7}{"reference":>11}{"both":>7}{"missed":>8}{"only own":>10}')
    for path in files:
        found = read(path)
        texts = [text for _, text in found]
        rows = collections.defaultdict(lambda: [0, 0, 0, 0, 0])
        for (label, text), theirs, ours in zip(found, reference(texts), own(texts)):
            for index, kind in enumerate(('sql', 'xss')):
                row, has, sees = rows[(label, kind)], bool(theirs[index]), bool(ours[index])
                for column, value in enumerate((True, has, has and sees, has and not sees, sees and not has)):
                    row[column] += value
                if has != sees and show > 0:
                    show -= 1
                    print(f'  {kind} {"missed" if has else "only own"}: {text[:120]!r}')
        for (label, kind), row in sorted(rows.items()):
            name = os.path.basename(path).split('.')[0]
            print(f'{name:24}{label:9}{kind:6}{row[0]:>7}{row[1]:>11}{row[2]:>7}{row[3]:>8}{row[4]:>10}')


main(sys.argv[1:])
