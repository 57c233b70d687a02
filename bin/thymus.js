#!/usr/bin/env node
// No import at the top and no recent syntax, so that an old Node gets as far as the sentence below.
const oldest = 24
const { node } = process.versions
if (Number(node.split('.')[0]) < oldest) {
  process.stderr.write(`thymus: Node ${node} is too old, expected ${oldest} or later. [THY_NODE_VERSION]\n`)
  process.exitCode = 2
} else {
  import('../dist/main.js').then(
    (program) => program.main(),
    (error) => {
      process.stderr.write(`thymus: The program cannot be loaded: ${error.message}\n`)
      process.exitCode = 1
    },
  )
}
