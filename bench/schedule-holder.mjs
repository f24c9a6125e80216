// Takes in that many schedules, by our scheduler or by croner's own, and says what that took. Needs --expose-gc.
import { setTimeout as pause } from 'node:timers/promises';
import { Cron } from 'croner';

const [kind, count] = process.argv.slice(2);
const idleMs = 5000;
const holders = { cloudsync: holdInScheduler, croner: holdInCroner };
const hold = await holders[kind]();

globalThis.gc();
const heapBefore = process.memoryUsage().heapUsed;
const start = performance.now();
const held = Array.from({ length: Number(count) }, (_, index) => hold(index));
const buildMs = performance.now() - start;
globalThis.gc();
const heapMegabytes = (process.memoryUsage().heapUsed - heapBefore) / 1e6;

const before = process.cpuUsage();
await pause(idleMs);
const { user, system } = process.cpuUsage(before);
const idlePercent = ((user + system) / (idleMs * 1000)) * 100;
process.stdout.write(JSON.stringify({ held: held.length, heapMegabytes, buildMs, idlePercent }), () => process.exit());

/** Spread over the day, so that a few dozen come due each minute. */
function cron(index) {
  return `${index % 60} ${Math.floor(index / 60) % 24} * * *`;
}

async function holdInScheduler() {
  const { createScheduler } = await import('../build/js/schedule/scheduler.js');
  const { systemClock } = await import('../build/js/model/clock.js');
  const scheduler = createScheduler({ clock: systemClock, onDue() {} });
  return (index) => {
    const policy = { missedRuns: 'RunOnce', deadlineMs: 3_600_000 };
    scheduler.set(`task-${index}`, { cron: cron(index), timeZone: 'Europe/Berlin', jitterMs: 600_000, ...policy });
    return scheduler;
  };
}

async function holdInCroner() {
  return (index) => new Cron(cron(index), { timezone: 'Europe/Berlin' }, () => {});
}
