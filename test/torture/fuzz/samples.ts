import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands for a secret that somebody wrote into a manifest. No message may show it. */
export const canary = 'CANARY4f1c';

/** Every manifest that we show to people, and manifests of ours that say everything that can be said. */
export function readSamples(): readonly string[] {
  const shown = readdirSync('tasks.d').filter((name) => name.endsWith('.yaml'));
  const told = [...readFileSync('README.md', 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  return [...shown.map((name) => readFileSync(join('tasks.d', name), 'utf8')), ...told, ...ours];
}

const fullTask = `# yaml-language-server: $schema=../schema/task.schema.json
apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata:
  name: photos-to-b2
  labels: { team: media }
spec:
  description: Family photos, nightly
  direction: PUSH
  transferMode: SYNC
  path: /mnt/tank/photos
  remote:
    credential: backblaze
    bucket: family-photos
    folder: photos
  schedule:
    cron: "0 2 * * *"
    timeZone: Europe/Berlin
    jitter: 10m
    missedRuns: RunOnce
    deadline: 6h
  enabled: true
  followSymlinks: false
  preScript: |
    mountpoint -q /mnt/tank
  finallyScript: |
    #!/bin/sh
    echo done
  exclude: ["*.tmp", "/cache/**", "{a,b}/[0-9]*.{jpg,png}"]
  include: ["{{(?i).*\\\\.raw}}"]
  uploadChunkSize: 96Mi
  encryption:
    password: { fromEnv: PHOTOS_CRYPT_PASSWORD }
    salt: { fromFile: /run/secrets/photos-salt }
    filenames: true
  transfers: 4
  bandwidthLimit: ["08:00,512", "Mon-12:00,10MB", "13:00,512:1M", "23:00,off"]
  fastList: false
  timeout: 6h
  history: { successful: 10, failed: 20 }
  rcloneFlags: { checkers: 16 }
`;

const encryptedTask = `apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata: { name: letters }
spec:
  direction: PULL
  path: ./letters
  remote: { credential: here }
  encryption:
    password: ${canary}
    salt: "${canary}"
  schedule: daily
`;

function credentialWith(provider: string, options: string): string {
  return `apiVersion: cloudsync/v1\nkind: CloudCredential\nmetadata: { name: far }\nspec:\n  provider: ${provider}\n  options:\n${options}`;
}

const ours: readonly string[] = [
  fullTask,
  encryptedTask,
  credentialWith('b2', '    account: { fromEnv: B2_ACCOUNT }\n    key: { fromFile: /run/secrets/b2-key }\n'),
  credentialWith('b2', `    account: me\n    key: ${canary}\n`),
  credentialWith(
    's3',
    `    provider: AWS\n    access_key_id: AKIA\n    secret_access_key: "${canary}"\n    region: eu-west-1\n`,
  ),
  credentialWith('sftp', `    host: far.example\n    user: me\n    pass: |\n      ${canary}\n    port: 22\n`),
  credentialWith('webdav', `    url: https://far.example/dav\n    vendor: other\n    pass: ['${canary}']\n`),
  credentialWith(
    'drive',
    `    scope: drive\n    token: {"access_token":"${canary}","expiry":"2030-01-01T00:00:00Z"}\n`,
  ),
];
