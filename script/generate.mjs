#!/usr/bin/env node
// Writes what is derived from other sources: the validators, the credential schema and the manifest reference.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { credentialSchema } from './lib/credential-schema.mjs';
import { manifestReference } from './lib/manifest-reference.mjs';
import { validatorSource } from './lib/validator-source.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const taskSchema = JSON.parse(readFileSync(join(root, 'schema/task.schema.json'), 'utf8'));
const { providers, rcloneFlags, flagVerdicts, trueNasFields, trueNasProviders } = await loadSources();
const schema = credentialSchema([...providers.values()]);

write('src/manifest/generated/validators.ts', validatorSource(taskSchema));
write('schema/credential.schema.json', `${JSON.stringify(schema, null, 2)}\n`);
write(
  'docs/manifest.md',
  manifestReference(taskSchema, schema, {
    rcloneFlags,
    flagVerdicts: flagVerdicts(),
    trueNasFields,
    trueNasProviders,
  }),
);

/** These sources are TypeScript, which Node 20 cannot read, so the project's own compiler goes first. */
async function loadSources() {
  const output = join(root, 'build/generate');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const options = [
    '--ignoreConfig',
    '--noCheck',
    '--rewriteRelativeImportExtensions',
    '--target',
    'es2023',
    '--module',
    'nodenext',
  ];
  const sources = [
    'provider/registry',
    'manifest/rclone-flag',
    'manifest/rclone-flag-verdict',
    'manifest/truenas-name',
  ];
  const entries = sources.map((source) => join(root, `src/${source}.ts`));
  execFileSync(
    process.execPath,
    [compiler, ...options, '--rootDir', join(root, 'src'), '--outDir', output, ...entries],
    {
      stdio: 'inherit',
    },
  );
  const loaded = await Promise.all(sources.map((source) => import(pathToFileURL(join(output, `${source}.js`)).href)));
  return Object.assign({}, ...loaded);
}

function write(path, text) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
