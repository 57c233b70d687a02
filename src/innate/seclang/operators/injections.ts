import { detectSqlInjection } from '../../injection/detect-sql-injection.ts'
import { detectXss } from '../../injection/detect-xss.ts'
import { wholeText } from '../../operators/operator.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

export const detectSqli: SecOperatorCompiler = {
  name: 'detectSQLi',
  means: 'The text reads as an SQL injection; captures its fingerprint.',
  compile: () => ({
    name: 'detectSQLi',
    test: (subject) => detectSqlInjection(subject.text, subject.work).isInjection,
    locate: wholeText,
    capture: (subject) => [detectSqlInjection(subject.text).fingerprint],
    literals: [],
    isCheap: false,
  }),
}

export const detectXssOperator: SecOperatorCompiler = {
  name: 'detectXSS',
  means: 'The text reads as markup or a URL that runs a script.',
  compile: () => ({
    name: 'detectXSS',
    test: (subject) => detectXss(subject.text, subject.work),
    locate: wholeText,
    capture: (subject) => [subject.text],
    literals: [],
    isCheap: false,
  }),
}
