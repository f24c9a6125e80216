import { expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { context, sourceFile } from './manifest-builder.ts';

const task = `apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata: { name: photos }
spec:
  direction: PUSH
  path: /data
  remote: { credential: here }
  preScript: "true"
  encryption:
    password: { fromCommand: [pass] }
`;

const credential = `apiVersion: cloudsync/v1
kind: CloudCredential
metadata: { name: here }
spec:
  provider: local
  options: { root: { fromCommand: [pwd] } }
`;

function refused(text: string, commands: boolean): readonly string[] {
  const { problems } = parseManifest(sourceFile(text), context({ commands }));
  return problems.filter(({ code }) => code === 'CS045').map(({ line, message }) => `${line} ${message}`);
}

test('scripts and commands are refused where none may run, each at its place', () => {
  expect(refused(task, false)).toEqual([
    '8 spec.preScript runs a command, which --no-scripts forbids',
    '10 spec.encryption.password runs a command, which --no-scripts forbids',
  ]);
  expect(refused(credential, false)).toEqual(['6 spec.options.root runs a command, which --no-scripts forbids']);
});

test('and taken where they may', () => {
  expect(refused(task, true)).toEqual([]);
  expect(refused(credential, true)).toEqual([]);
});
