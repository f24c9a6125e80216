import { execFile } from 'node:child_process';
import { access, chmod, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeTree } from '../helper/file-tree.ts';
import { commitAll, git } from '../helper/git-repository.ts';
import { credentialManifest, taskManifest } from '../helper/manifest.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const pipeline = fileURLToPath(new URL('../../deploy/gitlab-ci.yml', import.meta.url));

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
}

/** Runs the script of the job, as a runner does, in a checkout of one commit; gives its exit code and its artifacts. */
async function runJob(directory: TemporaryDirectory, base: string) {
  const { cloudsync: job } = parse(await readFile(pipeline, 'utf8')) as { readonly cloudsync: Job };
  const cloudsync = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
  await chmod(await directory.write('bin/cloudsync', cloudsync), 0o755);
  git(directory.path, 'clone', '--quiet', '--depth=1', `file://${directory.at('repository')}`, 'checkout');
  const { PATH } = process.env;
  const env = {
    ...{
      PATH: `${directory.at('bin')}:${PATH}`,
      HOME: directory.path,
      STATE_DIRECTORY: directory.at('state'),
      ...job.variables,
    },
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
  };
  const options = { cwd: directory.at('checkout'), env };
  const exitCode = await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', job.script.join('\n')], options).then(
    () => 0,
    ({ code }: { readonly code: number }) => code,
  );
  const { paths, reports } = job.artifacts;
  for (const path of [...paths, reports.junit]) await access(directory.at('checkout', path));
  const artifact = (name: string) => readFile(directory.at('checkout', name), 'utf8');
  return { exitCode, junit: await artifact(reports.junit), markdown: await artifact('cloudsync.md') };
}

/** A repository with one task, and the commit that holds it. */
async function openRepository(directory: TemporaryDirectory): Promise<string> {
  const files = { 'here.yaml': stringify(credentialManifest()), 'photos.yaml': stringify(taskManifest('photos')) };
  await writeTree(directory.at('repository/tasks.d'), files);
  git(directory.at('repository'), 'init', '--quiet');
  git(directory.at('repository'), 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  return commitAll(directory.at('repository'));
}

describe.concurrent('the pipeline for GitLab', () => {
  test('shows what a merge request would change', async () => {
    await using directory = await temporaryDirectory();
    const base = await openRepository(directory);
    const changed = stringify(taskManifest('photos', { transferMode: 'SYNC' }));
    await directory.write('repository/tasks.d/photos.yaml', changed);
    commitAll(directory.at('repository'));

    const { exitCode, junit, markdown } = await runJob(directory, base);

    expect(exitCode).toBe(0);
    expect(junit).toContain('tasks.d/photos.yaml');
    expect(markdown).toContain('SYNC');
  });

  test('fails on a broken manifest, with its problem in the report', async () => {
    await using directory = await temporaryDirectory();
    const base = await openRepository(directory);
    const broken = stringify(taskManifest('music', { scheduel: 'daily' }));
    await directory.write('repository/tasks.d/music.yaml', broken);
    commitAll(directory.at('repository'));

    const { exitCode, junit } = await runJob(directory, base);

    expect(exitCode).toBe(1);
    expect(junit).toMatch(/<failure[^>]*CS012/);
  });
});
