import { describe, expect, test } from 'vitest';
import type { FileSystemFacts } from '../../src/model/memory.ts';
import type { FileSystem } from '../../src/place/local-place.ts';
import { mountsBelow, ownMountOf, parseMounts, partsOf } from '../../src/place/mount-table.ts';
import { isSameFileSystem, lastingMounts, mountFault } from '../../src/place/mounted.ts';

function facts(name: string, part: Partial<FileSystemFacts> = {}): FileSystemFacts {
  return { name, uuid: null, ...part };
}

describe('one file system or another', () => {
  const [one, other] = ['ext4 /dev/loop0', 'ext4 /dev/loop1'];

  test.each<[string, boolean, FileSystemFacts, FileSystemFacts]>([
    ['one UUID under two names', true, facts(one, { uuid: 'a' }), facts(other, { uuid: 'a' })],
    ['two UUIDs under one name', false, facts(one, { uuid: 'a' }), facts(one, { uuid: 'b' })],
    ['two ids under one name', false, facts(one, { id: '1' }), facts(one, { id: '2' })],
    ['one id under two names', true, facts(one, { id: '1' }), facts(other, { id: '1' })],
    ['one id of two types', false, facts(one, { id: '1' }), facts('btrfs /dev/loop0', { id: '1' })],
    ['an id where there was a UUID', true, facts(one, { uuid: 'a' }), facts(one, { id: '1' })],
    ['an id where none was known', true, facts(one), facts(one, { id: '1' })],
    ['two names, and nothing else known', false, facts(one), facts(other, { id: '1' })],
  ])('%s', (_, same, before, now) => {
    expect(isSameFileSystem(before, now)).toBe(same);
    expect(isSameFileSystem(now, before)).toBe(same);
  });
});

describe('what is wrong with a file system', () => {
  const disk = facts('ext4 /dev/sdb1', { point: '/mnt/usb' });
  const root = facts('ext4 /dev/sda1', { point: '/' });
  const below = '/mnt/usb/photos';

  test('a mount that is missing is named, and what is there instead', () => {
    expect(mountFault(below, disk, root)).toBe(
      'nothing is mounted at /mnt/usb, where ext4 /dev/sdb1 was at the last success, so /mnt/usb/photos is on ext4 /dev/sda1',
    );
  });

  test('a mount of a part of the same file system is missing too', () => {
    expect(mountFault(below, { ...disk, uuid: 'a' }, { ...root, uuid: 'a' })).toMatch(/^nothing is mounted/);
  });

  test('another file system at the same point is named with the point', () => {
    expect(mountFault(below, disk, facts('ext4 /dev/sdc1', { point: '/mnt/usb' }))).toBe(
      '/mnt/usb/photos is on another file system (ext4 /dev/sdc1, mounted at /mnt/usb) than at the last success (ext4 /dev/sdb1)',
    );
  });

  test('two under one name are told apart', () => {
    expect(mountFault(below, { ...disk, id: '1' }, { ...disk, id: '2' })).toMatch(
      /\(ext4 \/dev\/sdb1 2, mounted.+\(ext4 \/dev\/sdb1 1\)$/,
    );
  });

  test.each<[string, FileSystemFacts, FileSystemFacts]>([
    ['the same', disk, disk],
    ['the same, mounted further down', root, { ...root, point: '/mnt/usb' }],
    ['the same, mounted beside', disk, { ...disk, point: '/mnt/other' }],
    ['the same, of which an earlier version kept no point', facts(root.name), root],
    ['a disk that was not mounted before it was used', facts('autofs systemd-1'), disk],
  ])('nothing: %s', (_, before, now) => {
    expect(mountFault(below, before, now)).toBeNull();
  });
});

describe('what is mounted below a folder', () => {
  function below(folder: string, lines: readonly string[]) {
    const mounts = parseMounts(['20 1 8:1 / / rw - ext4 /dev/sda1 rw', ...lines].join('\n'));
    const found = mountsBelow(partsOf(folder), mounts).map(
      ({ type, source, device, point }): FileSystem => ({ type, source, device, point: `/${point.join('/')}` }),
    );
    return lastingMounts(folder, found).map(([name, { source }]) => [name, source]);
  }

  test('is found at every depth, and beside it nothing', () => {
    const lines = [
      '21 20 8:2 / /data/usb rw - ext4 /dev/sdb1 rw',
      '22 21 8:3 / /data/usb/deep rw - xfs /dev/sdc1 rw',
      '23 20 8:4 / /database rw - xfs /dev/sdd1 rw',
    ];
    expect(below('/data', lines)).toEqual([
      ['usb', '/dev/sdb1'],
      ['usb/deep', '/dev/sdc1'],
    ]);
    expect(below('/data/usb', lines)).toEqual([['deep', '/dev/sdc1']]);
  });

  test('is what is seen of several mounts on one point', () => {
    const lines = ['21 20 8:2 / /data/usb rw - ext4 /dev/sdb1 rw', '22 21 8:3 / /data/usb rw - ext4 /dev/sdc1 rw'];
    expect(below('/data', lines)).toEqual([['usb', '/dev/sdc1']]);
  });

  test('leaves out what holds no files of a user, and snapshots', () => {
    const lines = [
      '21 20 0:5 / /data/proc rw - proc proc rw',
      '22 20 0:6 / /data/auto rw - autofs systemd-1 rw',
      '23 20 0:7 / /data/.zfs/snapshot/monday rw - zfs tank@monday rw',
      '24 20 0:8 / /data/merged rw - overlay overlay rw',
    ];
    expect(below('/data', lines)).toEqual([]);
  });

  test('leaves out a folder that is mounted on itself, but not another folder of its file system', () => {
    const lines = [
      '21 20 8:1 /data/own /data/own rw - ext4 /dev/sda1 rw',
      '22 20 8:1 /other /data/bound rw - ext4 /dev/sda1 rw',
    ];
    expect(below('/data', lines)).toEqual([['bound', '/dev/sda1']]);
    const mounts = parseMounts(['20 1 8:1 / / rw - ext4 /dev/sda1 rw', ...lines].join('\n'));
    expect(ownMountOf(['data', 'own', 'deep'], mounts)?.id).toBe('20');
    expect(ownMountOf(['data', 'bound'], mounts)?.id).toBe('22');
  });

  test('is nothing where the system does not say what is mounted', () => {
    expect(mountsBelow(['data'], parseMounts(''))).toEqual([]);
    expect(ownMountOf(['data'], parseMounts(''))).toBeNull();
  });
});
