import type { Plan } from '../../src/model/plan.ts';
import {
  activeTask,
  credentialSpec,
  desired,
  remoteLocation,
  resolvedTask,
  schedule,
  taskSpec,
} from '../helper/build.ts';
import { invalidManifest, invalidSet, planOf } from './plan-input.ts';

/** A plan with a change of every kind. */
export function everyKind(): Plan {
  const b2 = credentialSpec({
    provider: 'b2',
    options: { account: { fromEnv: 'B2_ACCOUNT' }, key: { age: 'AGE-TEXT' } },
  });
  const remote = remoteLocation({ credential: 'b2', bucket: 'family-photos' });
  const photos = { paths: ['/mnt/tank/photos'], remote };
  const script = 'set -e\nmountpoint -q /mnt/tank\n';
  return planOf(
    desired(
      [
        resolvedTask('documents', { spec: taskSpec({ transferMode: 'MOVE' }) }),
        resolvedTask('mail', { path: 'home/mail.yaml' }),
        resolvedTask('music'),
        resolvedTask('photos', {
          labels: { team: 'media' },
          spec: taskSpec({
            ...photos,
            transferMode: 'SYNC',
            schedule: schedule({ cron: '30 2 * * *' }),
            exclude: ['*.tmp', 'a\u001b[2Kb\u202e'],
            preScript: `${script}sync\n`,
          }),
          credential: b2,
        }),
        resolvedTask('videos', { spec: taskSpec({ enabled: false }) }),
      ],
      {
        files: 8,
        revision: '0f1e2d3c4b5a69788796a5b4c3d2e1f001122334',
        invalid: invalidSet([
          invalidManifest('books.yaml', { name: 'books' }),
          invalidManifest('letters.yaml', { name: 'letters' }),
        ]),
      },
    ),
    [
      activeTask('books'),
      activeTask('mail'),
      activeTask('music'),
      activeTask('old', { spec: taskSpec({ direction: 'PULL' }) }),
      activeTask('photos', {
        spec: taskSpec({ ...photos, preScript: `${script}true\n` }),
        credential: { ...b2, options: { account: { fromEnv: 'B2_ACCOUNT' } } },
      }),
    ],
  );
}

/** More deletes than the guard lets pass. */
export function blocked(): Plan {
  return planOf(
    desired([resolvedTask('new')]),
    Array.from({ length: 6 }, (_, index) => activeTask(`old-${index}`)),
  );
}
