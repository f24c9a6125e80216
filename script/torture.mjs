#!/usr/bin/env node
// Kills daemons by the thousand, feeds the parser by the hundred thousand, or lets tasks run into faults, and counts the
// damage. Needs a build.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

if (!existsSync('dist/cli.js')) {
  console.error('There is no dist/cli.js to torture. Run npm run build first, in the folder of package.json.');
  process.exit(1);
}
const bundle = await rolldown({
  ...{ input: 'test/torture/torture.ts', platform: 'node', logLevel: 'warn' },
  transform: { target: 'node20' },
  // Rolldown brings the helpers for what Node.js 20 does not know, such as `await using`.
  external: (id) =>
    !id.startsWith('.') && !id.includes('@oxc-project') && !id.startsWith('/') && id !== 'test/torture/torture.ts',
});
await bundle.write({ dir: 'build/torture', format: 'esm', entryFileNames: '[name].mjs' });
const { torture } = await import(pathToFileURL(resolve('build/torture/torture.mjs')).href);
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => interruption.abort());
const session = { progress: (line) => console.error(line), signal: interruption.signal };
const { text, exitCode } = await torture(process.argv.slice(2), session);
console.log(text);
process.exitCode = exitCode;
