import { describe, expect, test } from 'vitest';
import { openWithTask } from '../helper/task.ts';

describe.concurrent('the zone of schedules that name none', () => {
  test('is named by next and by the plan', async () => {
    await using cloudsync = await openWithTask({ schedule: '0 2 * * *' });
    Object.assign(cloudsync.environment, { TZ: 'America/New_York' });
    expect((await cloudsync.run('plan')).stdout).toContain('02:00 America/New_York');
    await cloudsync.run('apply');
    const next = await cloudsync.run('next', '--count', '1');
    expect(next.stdout).toContain('America/New_York');
    expect(next.stderr).not.toContain('TZ');
  });

  test.each(['Europe/Berln', '"Europe/Berlin"', 'CET-1CEST', 'GMT+2'])('is warned of where TZ is %s', async (zone) => {
    await using cloudsync = await openWithTask({ schedule: '0 2 * * *' });
    Object.assign(cloudsync.environment, { TZ: zone });
    const plan = await cloudsync.run('plan');
    expect(plan.stderr).toContain(`warning: TZ is ${JSON.stringify(zone)}, which is not the name of a time zone`);
    expect(plan.stdout).not.toContain('undefined');
    const daemon = await cloudsync.daemon();
    expect(await daemon.logged('TimeZoneUnusable')).toMatchObject({ message: expect.stringContaining('write a name') });
  });
});
