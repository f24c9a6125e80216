import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readTree } from '../helper/file-tree.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

test('what init prints can be pasted, line by line, and what it leaves is fit for Git', async () => {
  await using directory = await temporaryDirectory();
  await directory.write('bin/cloudsync', `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  await chmod(directory.at('bin/cloudsync'), 0o755);
  const { PATH } = process.env;
  const env = { PATH: `${directory.at('bin')}:${PATH}`, HOME: directory.path, STATE_DIRECTORY: directory.at('state') };
  const shell = (script: string, cwd = directory.path) =>
    promisify(execFile)('sh', ['-ec', script], { cwd, env: { ...env, GIT_CONFIG_NOSYSTEM: '1' } });
  const { stderr } = await shell("cloudsync init 'my backups'");
  const steps = [...stderr.matchAll(/^ {2}(.+)$/gm)].map(([, step = '']) => step);
  expect(steps.length).toBeGreaterThan(5);

  const pasted = await shell(steps.join('\n'));

  expect(pasted.stdout).toContain('No problems in 2 files');
  expect(pasted.stdout).toContain('sample: Succeeded');
  expect(pasted.stdout).toContain('+ photos');
  const repository = directory.at('my backups');
  expect(await readTree(`${repository}/sample/cloud`)).toEqual({
    '.gitkeep': '',
    'documents/hello.txt': expect.any(String),
  });
  expect((await shell('cloudsync validate', repository)).stdout).toContain('No problems in 4 files');
  const { stdout: files } = await shell('git init -q . && git add -A && git ls-files', repository);
  expect(files.trim().split('\n')).toEqual([
    ...[
      'sample/.gitignore',
      'sample/cloud/.gitkeep',
      'sample/documents/hello.txt',
      'schema/credential.schema.json',
      'schema/task.schema.json',
    ],
    ...[
      'tasks.d/.gitignore',
      'tasks.d/nas.yaml',
      'tasks.d/photos.yaml',
      'tasks.d/sample-folder.yaml',
      'tasks.d/sample.yaml',
    ],
  ]);
});
