import { execFile } from 'node:child_process';
import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../src/daemon/settings.ts';
import { type Passes, withPasses } from './passes.ts';
import { type TasksDirectory, tasksDirectory } from './tasks-directory.ts';

const run = promisify(execFile);
const graceMs = 10_000;

/** The task `docs` in `docs.yaml`, a COPY, is applied, and a SYNC of the same name in `docs-old.yaml` was rejected. */
async function withRival(part: Partial<Settings> = {}): Promise<TasksDirectory> {
  const directory = await tasksDirectory({ pruneGraceMs: graceMs, ...part });
  await directory.writeTask('docs');
  await withPasses(directory, ({ pass }) => pass());
  await rival(directory, 'docs-old.yaml', 'transferMode: SYNC');
  return directory;
}

/** Another manifest of the task `docs`. */
async function rival(directory: TasksDirectory, file: string, ...lines: readonly string[]): Promise<void> {
  const own = directory.at('tasks.d/docs.yaml');
  const kept = directory.at('kept');
  await rename(own, kept);
  await rename(await directory.writeTask('docs', ...lines), directory.at('tasks.d', file));
  await rename(kept, own);
}

function docsIn({ engine }: Passes) {
  const docs = engine.active().get('docs');
  return docs === undefined ? null : { path: docs.path, mode: docs.spec.transferMode };
}

const kept = { path: 'docs.yaml', mode: 'COPY' };

/** What may stand where a manifest was, and is none. */
const oddKinds: Readonly<Record<string, (path: string, directory: TasksDirectory) => Promise<unknown>>> = {
  empty: (path) => writeFile(path, ''),
  'comments only': (path) => writeFile(path, '# nothing here\n'),
  'half written': (path) => writeFile(path, 'apiVersion: cloudsync/v1\nkind: CloudSy'),
  'half written, with a name': (path) =>
    writeFile(path, 'apiVersion: cloudsync/v1\nkind: CloudSyncTask\nmetadata: { name: docs }\nspec:\n  dire'),
  'not UTF-8': (path) => writeFile(path, Buffer.of(0x6b, 0xff, 0xfe)),
  'too large': (path) => writeFile(path, `#${'x'.repeat(70_000)}`),
  'several documents': (path) => writeFile(path, 'a: 1\n---\nb: 2\n'),
  'conflict markers': (path) => writeFile(path, '<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> theirs\n'),
  'not a map': (path) => writeFile(path, '- a\n'),
  'of another kind': (path) => writeFile(path, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: docs }\n'),
  'a named pipe': (path) => run('mkfifo', [path]),
  'a directory': (path) => mkdir(path),
  'a dangling link': (path) => symlink('nowhere', path),
  'a link to itself': (path) => symlink('docs.yaml', path),
  'a link out of the directory': (path, directory) => symlink(directory.at('source/a.txt'), path),
  'a device': (path) => symlink('/dev/null', path),
};

describe('a name stays with the file that it was applied from', () => {
  test.each(Object.entries(oddKinds))('while that is %s, also over a restart', async (_, make) => {
    await using directory = await withRival();
    const own = directory.at('tasks.d/docs.yaml');
    await withPasses(directory, async (passes) => {
      await passes.pass();
      await rm(own);
      await make(own, directory);
      await passes.pass();
      passes.clock.advance(graceMs + 1);
      const { desired } = await passes.pass();
      expect(docsIn(passes)).toEqual(kept);
      const files = new Set(desired.problems.map(({ file }) => file));
      expect([...files]).toEqual([directory.at('tasks.d/docs-old.yaml'), own]);
    });
    await withPasses(directory, async (passes) => {
      await passes.pass();
      passes.clock.advance(graceMs + 1);
      await passes.pass();
      expect(docsIn(passes)).toEqual(kept);
    });
  });

  test.each(Object.entries(oddKinds))('and with nobody else after it, while that is %s', async (_, make) => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    const own = await directory.writeTask('docs');
    await withPasses(directory, async (passes) => {
      await passes.pass();
      await rm(own);
      await make(own, directory);
      await passes.pass();
      passes.clock.advance(graceMs + 1);
      await passes.pass();
      expect(docsIn(passes)).toEqual(kept);
    });
  });

  test('while that is away for less than the grace', async () => {
    await using directory = await withRival();
    const own = directory.at('tasks.d/docs.yaml');
    await withPasses(directory, async (passes) => {
      await rename(own, directory.at('away'));
      const { plan, confirmAt } = await passes.pass();
      expect(confirmAt).toBe(passes.clock.now() + graceMs);
      const [change] = plan.changes.filter(({ name }) => name === 'docs');
      expect(change).toMatchObject({ action: 'update', path: 'docs-old.yaml' });
      expect(change?.effects.map(({ code }) => code)).toContain('NameTakenOver');
      expect(docsIn(passes)).toEqual(kept);
      await rename(directory.at('away'), own);
      passes.clock.advance(graceMs + 1);
      const { desired } = await passes.pass();
      expect(docsIn(passes)).toEqual(kept);
      expect([...desired.rejected]).toEqual(['docs-old.yaml']);
    });
  });

  test('and goes over once that has been away for the grace', async () => {
    await using directory = await withRival();
    await withPasses(directory, async (passes) => {
      await rm(directory.at('tasks.d/docs.yaml'));
      await passes.pass();
      passes.clock.advance(graceMs);
      expect((await passes.pass()).confirmAt).toBeNull();
      expect(docsIn(passes)).toEqual({ path: 'docs-old.yaml', mode: 'SYNC' });
      expect((await passes.pass()).plan.summary).toMatchObject({ update: 0, adopt: 0 });
    });
  });

  test('also where the copy says the same, so that the file can come back and be edited', async () => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    const own = await directory.writeTask('docs');
    await withPasses(directory, async (passes) => {
      await passes.pass();
      await copyFile(own, directory.at('tasks.d/docs-old.yaml'));
      await passes.pass();
      await rename(own, directory.at('away'));
      await passes.pass();
      await passes.pass();
      expect(docsIn(passes)).toEqual(kept);
      await rename(directory.at('away'), own);
      await directory.writeTask('docs', 'transferMode: MOVE');
      await passes.pass();
      expect(docsIn(passes)).toEqual({ path: 'docs.yaml', mode: 'MOVE' });
    });
  });
});

describe('a file that moves takes its name along at once', () => {
  test('to another name and folder', async () => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    const own = await directory.writeTask('docs');
    await mkdir(directory.at('tasks.d/sub'));
    await withPasses(directory, async (passes) => {
      await passes.pass();
      await rename(own, directory.at('tasks.d/sub/papers.yml'));
      expect((await passes.pass()).plan.summary).toMatchObject({ adopt: 1, delete: 0, update: 0 });
      expect(docsIn(passes)).toEqual({ path: 'sub/papers.yml', mode: 'COPY' });
    });
  });

  test('while a duplicate appears that says something else', async () => {
    await using directory = await withRival();
    await withPasses(directory, async (passes) => {
      await rename(directory.at('tasks.d/docs.yaml'), directory.at('tasks.d/papers.yaml'));
      await passes.pass();
      expect(docsIn(passes)).toEqual({ path: 'papers.yaml', mode: 'COPY' });
    });
  });

  test('in exchange for that of another task', async () => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    const [docs, films] = [await directory.writeTask('docs'), await directory.writeTask('films')];
    await withPasses(directory, async (passes) => {
      await passes.pass();
      await rename(docs, directory.at('between'));
      await rename(films, docs);
      await rename(directory.at('between'), films);
      expect((await passes.pass()).plan.summary).toMatchObject({ adopt: 2, update: 0, delete: 0 });
    });
  });

  test('and with another spec, once the old place has been empty for the grace', async () => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    const own = await directory.writeTask('docs');
    await withPasses(directory, async (passes) => {
      await passes.pass();
      await directory.writeTask('docs', 'transferMode: MOVE');
      await rename(own, directory.at('tasks.d/papers.yaml'));
      await passes.pass();
      expect(docsIn(passes)).toEqual(kept);
      passes.clock.advance(graceMs);
      await passes.pass();
      expect(docsIn(passes)).toEqual({ path: 'papers.yaml', mode: 'MOVE' });
    });
  });
});

describe('a credential has an owner as a task has', () => {
  function other(directory: TasksDirectory): string {
    return `apiVersion: cloudsync/v1
kind: CloudCredential
metadata: { name: here }
spec: { provider: local, options: { root: ${directory.at('remote2')} } }
`;
  }

  function rootIn({ engine }: Passes) {
    const { root } = engine.active().get('docs')?.credential?.options ?? {};
    return root;
  }

  test.each(Object.entries(oddKinds))('while its file is %s, also over a restart', async (_, make) => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    await directory.writeTask('docs');
    await withPasses(directory, ({ pass }) => pass());
    const own = directory.at('tasks.d/here.yaml');
    await rm(own);
    await make(own, directory);
    await directory.write('tasks.d/z.yaml', other(directory));
    for (const _restart of ['first', 'second']) {
      await withPasses(directory, async (passes) => {
        await passes.pass();
        passes.clock.advance(graceMs + 1);
        const { desired } = await passes.pass();
        expect(rootIn(passes)).toBe(directory.at('remote'));
        expect(desired.problems.map(({ file }) => file)).toEqual(
          expect.arrayContaining([own, directory.at('tasks.d/z.yaml')]),
        );
      });
    }
  });

  test('while its file is away for less than the grace, and not after it', async () => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    await directory.writeTask('docs');
    await withPasses(directory, ({ pass }) => pass());
    await rm(directory.at('tasks.d/here.yaml'));
    await directory.write('tasks.d/z.yaml', other(directory));
    await withPasses(directory, async (passes) => {
      expect((await passes.pass()).confirmAt).toBe(passes.clock.now() + graceMs);
      expect(rootIn(passes)).toBe(directory.at('remote'));
      passes.clock.advance(graceMs);
      await passes.pass();
      expect(rootIn(passes)).toBe(directory.at('remote2'));
      expect((await passes.pass()).plan.summary.update).toBe(0);
    });
  });

  test('and its file may move', async () => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    await directory.writeTask('docs');
    await withPasses(directory, ({ pass }) => pass());
    await rename(directory.at('tasks.d/here.yaml'), directory.at('tasks.d/there.yaml'));
    await withPasses(directory, async (passes) => {
      expect(await passes.pass()).toMatchObject({ confirmAt: null, plan: { summary: { unchanged: 1, update: 0 } } });
      expect(passes.engine.owners().get('here')?.path).toBe('there.yaml');
    });
  });
});

describe('what is not read holds what was applied from it', () => {
  const places: Readonly<Record<string, (directory: TasksDirectory) => Promise<unknown>>> = {
    'a link out of the directory': async (directory) => {
      await rename(directory.at('tasks.d/sub'), directory.at('elsewhere'));
      await symlink('../elsewhere', directory.at('tasks.d/sub'));
    },
    'a link that leads nowhere': async (directory) => {
      await rename(directory.at('tasks.d/sub'), directory.at('away'));
      await symlink('../nowhere', directory.at('tasks.d/sub'));
    },
  };

  test.each(Object.entries(places))('a folder that becomes %s', async (_, change) => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    await mkdir(directory.at('tasks.d/sub'));
    await rename(await directory.writeTask('docs'), directory.at('tasks.d/sub/docs.yaml'));
    await withPasses(directory, async (passes) => {
      await passes.pass();
      expect(docsIn(passes)).not.toBeNull();
      await change(directory);
      await passes.pass();
      passes.clock.advance(graceMs + 1);
      const { desired, plan } = await passes.pass();
      expect(docsIn(passes)).toEqual({ path: 'sub/docs.yaml', mode: 'COPY' });
      expect(desired.problems).toMatchObject([{ code: 'CS048', file: directory.at('tasks.d/sub') }]);
      expect(plan.changes).toMatchObject([{ action: 'invalid', reason: 'ManifestUnread' }]);
    });
  });

  test('a folder that becomes a link to one in the directory has moved', async () => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    await mkdir(directory.at('tasks.d/sub'));
    await rename(await directory.writeTask('docs'), directory.at('tasks.d/sub/docs.yaml'));
    await withPasses(directory, async (passes) => {
      await passes.pass();
      await rename(directory.at('tasks.d/sub'), directory.at('tasks.d/other'));
      await symlink('other', directory.at('tasks.d/sub'));
      const { desired } = await passes.pass();
      expect(docsIn(passes)).toEqual({ path: 'other/docs.yaml', mode: 'COPY' });
      expect(desired.problems).toEqual([]);
    });
  });

  test.each([
    'docs.YAML',
    'docs.Yml',
    'docs.yaml.txt',
    'docs.yaml~',
    'docs.yaml.bak',
    'docs.json',
    'papers.yaml.txt',
    'docs',
  ])('a file that is renamed to %s', async (name) => {
    await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
    const own = await directory.writeTask('docs');
    await withPasses(directory, async (passes) => {
      await passes.pass();
      await rename(own, directory.at('tasks.d', name));
      await passes.pass();
      passes.clock.advance(graceMs + 1);
      const { desired } = await passes.pass();
      expect(docsIn(passes)).toEqual(kept);
      expect(desired.problems).toMatchObject([
        { code: 'CS048', severity: 'warning', file: directory.at('tasks.d', name) },
      ]);
    });
  });

  test('what an editor keeps beside a manifest is of no concern', async () => {
    await using directory = await tasksDirectory();
    const own = await directory.writeTask('docs');
    await copyFile(own, directory.at('tasks.d/docs.yaml~'));
    await directory.write('tasks.d/README.txt', 'Each file here has a line\n  kind: CloudSyncTask\n');
    await directory.write('tasks.d/package.json', '{"name":"docs"}');
    await withPasses(directory, async ({ pass }) => {
      expect((await pass()).desired).toMatchObject({ problems: [], unread: [] });
    });
  });
});
