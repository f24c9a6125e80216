import { expect, test } from 'vitest';
import { tortureDaemon } from '../../torture/kills.ts';

/** Six for each fault. */
const kills = 216;

test(`a daemon that is killed ${kills} times, at every step, loses, repeats, corrupts and leaves behind nothing`, {
  timeout: 600_000,
}, async () => {
  const reports = await tortureDaemon({ count: kills, seed: 1, worlds: 4 });

  expect(reports.flatMap(({ fault, details }) => details.map((detail) => `${fault}: ${detail}`))).toEqual([]);
  expect(reports.filter(({ tried }) => tried === 0).map(({ fault }) => fault)).toEqual([]);
});
