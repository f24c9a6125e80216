import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noMemory } from '../../src/model/memory.ts';
import { readMemory, writeMemory } from '../../src/state/memory-store.ts';
import { temporaryState } from './open-state.ts';

function withDisk(disk: unknown) {
  return { ...noMemory, success: { specHash: 'sha256:1', at: 0, fileSystems: { '/data': disk } } };
}

async function read(memory: object) {
  await using home = await temporaryState();
  await mkdir(home.state.memory, { recursive: true });
  await writeFile(join(home.state.memory, 'photos.json'), JSON.stringify(memory));
  const corrupt: unknown[] = [];
  const found = await readMemory(home.state, 'photos', (...parts) => void corrupt.push(parts));
  return { found, corrupt: corrupt.length };
}

const disk = { name: 'ext4 /dev/sda1', uuid: null };

test.each<[string, object]>([
  ['with an id and a point', { ...disk, id: '1', point: '/' }],
  ['without an id', { ...disk, id: null, point: '/' }],
  ['as an earlier version wrote it', disk],
])('a disk is read %s', async (_, facts) => {
  const memory = withDisk(facts);
  expect(await read(memory)).toEqual({ found: memory, corrupt: 0 });
});

test.each<[string, object]>([
  ['an id', { ...disk, id: 1 }],
  ['a point', { ...disk, point: null }],
])('a disk with %s of another type is corrupt', async (_, facts) => {
  expect(await read(withDisk(facts))).toEqual({ found: null, corrupt: 1 });
});

test('what is written is read', async () => {
  await using home = await temporaryState();
  expect(await writeMemory(home.state, 'photos', noMemory)).toMatchObject({ ok: true });
  expect(await readMemory(home.state, 'photos', () => {})).toEqual(noMemory);
});
