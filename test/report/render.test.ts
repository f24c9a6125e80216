import { describe, expect, test } from 'vitest';
import type { FileChange } from '../../src/model/run.ts';
import type { CredentialStatus, StatusFile, TaskStatus } from '../../src/model/status.ts';
import { renderChanges } from '../../src/report/changes.ts';
import { renderHistory } from '../../src/report/history-table.ts';
import { renderUpcoming } from '../../src/report/next-table.ts';
import { renderProblemCount, renderProblems } from '../../src/report/problems.ts';
import { renderProgress, renderRunResult } from '../../src/report/run-line.ts';
import { renderStatusTable } from '../../src/report/status-table.ts';
import { renderTable } from '../../src/report/table.ts';
import { problem, runRecord } from '../helper/build.ts';
import { mebibyte, now, progress } from './samples.ts';

const plain = { color: false, width: null } as const;

describe('problems', () => {
  const problems = [
    problem(),
    problem({ severity: 'warning', code: 'CS025', message: 'odd\u001b[31m', hint: null, frame: null }),
  ];

  test('are shown with their place, frame and hint', async () => {
    await expect(`${renderProblems(problems, plain)}\n`).toMatchFileSnapshot('../golden/report-problems.txt');
    const colored = renderProblems(problems, { color: true });
    await expect(`${colored}\n`).toMatchFileSnapshot('../golden/report-problems-color.txt');
  });

  test('no file or value in them is a command to a CI', () => {
    const some = [problem({ file: '::error::x.yaml', message: '##vso[task.setvariable]a', hint: '## [b]' })];
    expect(renderProblems(some, plain)).toMatch(/^\\x3a:error::x\.yaml:9:3 error CS014 \\x23#vso\[.*hint: ## \[b\]/s);
  });

  test.each([
    [[], 12, 'No problems in 12 files'],
    [[problem()], 1, '1 error in 1 file'],
    [[problem({ severity: 'warning' }), problem({ severity: 'warning' })], 3, '2 warnings in 3 files'],
    [[problem(), problem({ severity: 'warning' }), problem()], 12, '2 errors, 1 warning in 12 files'],
  ])('are counted', (some, files, expected) => {
    expect(renderProblemCount(some, files)).toBe(expected);
  });
});

describe('tables', () => {
  const columns = [{ title: 'NAME' }, { title: 'BYTES', align: 'right' }, { title: 'MESSAGE' }] as const;
  const rows = [
    ['photos', '5', 'a message that is quite long'],
    [{ text: 'docs', style: 'green' }, '1000', ''],
  ] as const;

  test('are aligned, without blanks at the end', () => {
    expect(renderTable(columns, rows, plain)).toBe(
      ['NAME    BYTES  MESSAGE', 'photos      5  a message that is quite long', 'docs     1000'].join('\n'),
    );
  });

  test('are cut only to fit a terminal, at the last column', () => {
    expect(renderTable(columns, rows, { ...plain, width: 30 }).split('\n')[1]).toBe('photos      5  a message that…');
    expect(renderTable(columns, rows, { ...plain, width: 5 }).split('\n')[1]).toBe('photos      5  a message…');
  });

  test('are aligned under their colours too', () => {
    const text = renderTable(columns, rows, { ...plain, color: true });
    expect(text).toContain('\u001b[32mdocs\u001b[39m     1000');
  });

  test('stand a row that is too short', () => {
    expect(renderTable(columns, [['photos']], plain)).toBe('NAME    BYTES  MESSAGE\nphotos');
  });
});

const writer = { version: '0.1.0' };

function taskFile(name: string | null, part: Partial<TaskStatus>): StatusFile {
  const status: TaskStatus = {
    ...{ sync: 'Synced', health: 'Healthy', observed: null, applied: null, conditions: [], activeRun: null },
    schedule: { next: null, last: null, missed: 0 },
    ...{ lastRun: null, lastSuccess: null, consecutiveFailures: 0, history: [], problems: [], writer },
    ...part,
  };
  const metadata = { name, manifest: 'broken.yaml' };
  return { apiVersion: 'cloudsync/v1', kind: 'CloudSyncTaskStatus', metadata, status };
}

function credentialFile(name: string, part: Partial<CredentialStatus>): StatusFile {
  const status: CredentialStatus = {
    ...{ sync: 'Synced', health: 'Healthy', verifiedAt: null, conditions: [], problems: [], writer },
    ...part,
  };
  const metadata = { name, manifest: `${name}.yaml` };
  return { apiVersion: 'cloudsync/v1', kind: 'CloudCredentialStatus', metadata, status };
}

function condition(type: 'Stalled' | 'Overdue' | 'LastRunSucceeded' | 'Ready', status: 'True' | 'False', message = '') {
  return { type, status, reason: 'Some', message, lastTransitionTime: '', observedGeneration: 1 } as const;
}

describe('the status table', () => {
  const { task: _, scheduledFor: __, ...record } = runRecord();
  const lastRun = { ...record, startedAt: '2026-01-02T02:00:00.000Z', finishedAt: '2026-01-02T02:01:00.000Z' };
  const next = { next: '2026-01-03T02:00:00.000Z', last: null, missed: 0 };
  const files = [
    taskFile('photos', { lastRun, schedule: next, conditions: [condition('Ready', 'True', 'Runs on a schedule')] }),
    taskFile('documents', {
      health: 'Degraded',
      schedule: next,
      lastRun: { ...lastRun, outcome: 'Failed', lastError: 'The remote is full.' },
      conditions: [condition('LastRunSucceeded', 'False', 'The remote is full.')],
    }),
    taskFile('music', {
      health: 'Progressing',
      activeRun: {
        id: 'r',
        trigger: 'manual',
        startedAt: '',
        specHash: '',
        attempt: 1,
        waitingFor: null,
        progress: progress(),
      },
    }),
    taskFile('videos', { health: 'Suspended' }),
    taskFile('late', { conditions: [condition('Overdue', 'True', 'A run was due'), condition('Ready', 'True')] }),
    taskFile('odd', { problems: [problem({ severity: 'warning', message: 'probably not meant' })] }),
    taskFile(null, {
      sync: 'Invalid',
      health: 'Degraded',
      conditions: [condition('Ready', 'False', 'no'), condition('Stalled', 'True', 'Line 1: bad\u001b[2J')],
    }),
  ];
  const credentials = [
    credentialFile('fine', {}),
    credentialFile('new', { health: 'Unknown' }),
    credentialFile('backblaze', { health: 'Degraded', conditions: [condition('Stalled', 'True', 'Sign in again')] }),
  ];

  test('says how each task is doing, and which credentials need somebody', async () => {
    const text = renderStatusTable([...files, ...credentials], { ...plain, now });
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/report-status.txt');
    const colored = renderStatusTable(files, { color: true, width: 80, now });
    await expect(`${colored}\n`).toMatchFileSnapshot('../golden/report-status-color.txt');
  });

  test('says that there are none', () => {
    expect(renderStatusTable([], { ...plain, now })).toBe('No tasks.');
  });
});

describe('runs', () => {
  const stats = { bytes: 1.5 * mebibyte, transfers: 12, checks: 40, deletes: 3, errors: 1 };
  const records = [
    runRecord({ stats, log: 'runs/photos/r1.ndjson', warnings: ['2 links were skipped'] }),
    runRecord({ trigger: 'retry', attempt: 2, outcome: 'Failed', lastError: 'The remote is full.' }),
    runRecord({ trigger: 'manual', dryRun: true, outcome: 'Succeeded' }),
  ];

  test('are listed with when, how long and how they ended', async () => {
    const text = renderHistory(records, { ...plain, timeZone: 'Europe/Berlin' });
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/report-history.txt');
    expect(renderHistory([], { ...plain, timeZone: null })).toBe('No runs yet.');
  });

  test('are told in several lines when they end', async () => {
    const text = records.map((record) => renderRunResult(record, { color: false })).join('\n');
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/report-results.txt');
  });

  test('to come are listed with their zone', async () => {
    const runs = [
      { task: 'photos', at: Date.UTC(2026, 9, 25, 0, 30), timeZone: 'Europe/Berlin' },
      { task: 'photos', at: Date.UTC(2026, 9, 25, 1, 30), timeZone: 'Europe/Berlin' },
      { task: 'documents', at: now + 90_000, timeZone: 'UTC' },
    ];
    await expect(`${renderUpcoming(runs, { ...plain, now })}\n`).toMatchFileSnapshot('../golden/report-next.txt');
    expect(renderUpcoming([], { ...plain, now })).toBe('Nothing is scheduled.');
  });

  test.each([
    [progress(), '1.2 GiB / 3.3 GiB  35 %  12/40 files  10.1 MiB/s  3m 20s left'],
    [
      progress({ bytes: 0, totalBytes: 0, transfers: 0, totalTransfers: 0, speed: 0, etaSeconds: null }),
      '0 B / 0 B  0/0 files  7 checked  0 B/s',
    ],
    [
      progress({ bytes: 999, totalBytes: 1000, deletes: 2, errors: 1 }),
      '999 B / 1000 B  99 %  12/40 files  2 deleted  1 error  10.1 MiB/s  3m 20s left',
    ],
    [
      progress({ bytes: 2000, totalBytes: 1000, speed: 0, etaSeconds: 0 }),
      '2.0 KiB / 1000 B  100 %  12/40 files  0 B/s  0ms left',
    ],
  ])('on their way', (some, expected) => {
    expect(renderProgress(some)).toBe(expected);
  });
});

describe('changes of a dry run', () => {
  const changes: readonly FileChange[] = [
    { action: 'copy', path: 'a.jpg', size: 1.5 * mebibyte },
    { action: 'delete', path: 'old\u001b[2J.jpg' },
    { action: 'update', path: 'b.jpg', size: 10 },
    { action: 'move', path: 'c.jpg' },
    { action: 'mkdir', path: 'new' },
    { action: 'rmdir', path: 'gone/' },
    ...Array.from({ length: 12 }, (_, index) => ({ action: 'copy', path: `more-${index}`, size: 1 }) as const),
  ];

  test('show the first, and count all, deletes in front', () => {
    expect(renderChanges(changes, { limit: 6, color: false })).toBe(
      [
        ...['+ a.jpg 1.5 MiB', '- old\\x1b[2J.jpg', '~ b.jpg 10 B', '> c.jpg', '+ new/', '- gone/', '… and 12 more'],
        '1 to delete, 1 to remove (folders), 13 to copy (1.5 MiB), 1 to update (10 B), 1 to move, 1 to create (folders).',
      ].join('\n'),
    );
  });

  test('say so when there are none', () => {
    expect(renderChanges([], { limit: 10, color: false })).toBe('Nothing to do.');
  });
});
