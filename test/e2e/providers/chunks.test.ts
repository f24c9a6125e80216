import { expect, test } from 'vitest';
import type { CloudKind } from '../../clouds/cloud.ts';
import { cloudOf } from '../../clouds/fake-kind.ts';
import { startB2 } from '../../clouds/fakes/b2.ts';
import { startDrive } from '../../clouds/fakes/drive.ts';
import { startDropbox } from '../../clouds/fakes/dropbox.ts';
import type { FakeCloud } from '../../clouds/fakes/fake-cloud.ts';
import { startOneDrive } from '../../clouds/fakes/onedrive.ts';
import { startSwift } from '../../clouds/fakes/swift.ts';
import { s3ByTls } from '../../clouds/s3-by-tls.ts';
import { openCloudsync } from '../../helper/cloudsync.ts';
import { evidenceBook } from './evidence.ts';
import { openPlace, placeIn } from './place.ts';

const { saw } = evidenceBook('chunks');

interface Chunks {
  readonly provider: string;
  readonly bucket?: string;
  readonly start: () => Promise<FakeCloud>;
  readonly size: string;
  readonly bytes: number;
  /** What must be among the requests, once for each part. */
  readonly request: RegExp;
  readonly parts: number;
}

/** Below 200 MiB, rclone sends a file to these in one part. */
const beyondCutoff = 200 * 1024 * 1024 + 1;

const uploads: readonly Chunks[] = [
  {
    ...{ provider: 'b2', bucket: 'family', start: startB2, size: '64Mi', bytes: beyondCutoff, parts: 4 },
    request: /POST .*b2_upload_part\//,
  },
  {
    ...{ provider: 'drive', start: startDrive, size: '4Mi', bytes: 9_000_000, parts: 3 },
    request: /upload_id=/,
  },
  {
    ...{ provider: 'dropbox', start: startDropbox, size: '1Mi', bytes: 2_500_000, parts: 3 },
    request: /upload_session\/append_v2/,
  },
  {
    ...{ provider: 'onedrive', start: startOneDrive, size: '320k', bytes: 700_000, parts: 3 },
    request: /^PUT https:\/\/upload\.onedrive\.example\//,
  },
  {
    ...{ provider: 'swift', bucket: 'family', start: startSwift, size: '1Mi', bytes: 2_500_000, parts: 3 },
    request: /^PUT .*segments.*\/\d{8}$/,
  },
];

test.concurrent.for(uploads)('$provider: uploadChunkSize decides how many parts are sent', async (upload) => {
  await using cloudsync = await openCloudsync();
  await using fake = await upload.start();
  const place = await placeIn(cloudsync, cloudOf(fake, upload.provider, upload.bucket));
  const large = Buffer.alloc(upload.bytes, 'chunked ');
  await cloudsync.directory.write('local/files/large.bin', large);
  await place.task('files', 'large', { uploadChunkSize: upload.size });

  await place.succeed();

  const sent = fake.requests.map(({ method, url }) => `${method} ${url}`).filter((line) => upload.request.test(line));
  expect(sent).toHaveLength(upload.parts);
  expect([...fake.files().values()].some((content) => content.equals(large))).toBe(true);
  const kind: Pick<CloudKind, 'provider' | 'server'> = {
    provider: upload.provider,
    server: { name: `fake, test/clouds/fakes/${upload.provider}.ts`, version: null },
  };
  saw(kind, `uploadChunkSize: ${upload.size}`, `${upload.parts} parts for ${upload.bytes} bytes`);
});

test('s3: uploadChunkSize decides how many parts are sent', async () => {
  await using place = await openPlace(s3ByTls);
  await place.cloudsync.directory.write('local/files/large.bin', Buffer.alloc(beyondCutoff));
  await place.task('files', 'large', { uploadChunkSize: '64Mi' });

  await place.succeed();

  const parts = place.cloud.traffic?.requests.filter(({ url }) => /[?&]partNumber=/.test(url));
  expect(parts).toHaveLength(4);
  saw(s3ByTls, 'uploadChunkSize: 64Mi', `4 parts for ${beyondCutoff} bytes`);
});
