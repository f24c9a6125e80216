import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a credential and that many tasks, as people would write them; gives the directory. */
export function writeManifests(directory, { tasks, describe = nightly }) {
  const manifests = join(directory, 'tasks.d');
  mkdirSync(manifests, { recursive: true });
  writeFileSync(join(manifests, 'this-machine.yaml'), credential(join(directory, 'cloud')));
  for (let index = 0; index < tasks; index += 1) {
    writeFileSync(join(manifests, `task-${String(index).padStart(5, '0')}.yaml`), describe(index, directory));
  }
  return manifests;
}

function credential(root) {
  return `# The far side of every task.
apiVersion: cloudsync/v1
kind: CloudCredential
metadata:
  name: this-machine
spec:
  provider: local
  options:
    root: ${root}
`;
}

/** A task that uses about as many fields as a real one. */
function nightly(index, directory) {
  const name = `share-${String(index).padStart(5, '0')}`;
  return `# yaml-language-server: $schema=../schema/task.schema.json
apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata:
  name: ${name}
  labels: { team: team-${index % 7}, tier: nightly }
spec:
  description: Share ${index} of the file server, nightly
  direction: PUSH
  transferMode: ${index % 3 === 0 ? 'SYNC' : 'COPY'}
  path: ${join(directory, 'shares', name)}
  remote:
    credential: this-machine
    folder: shares/${name}
  schedule:
    cron: "${index % 60} ${index % 6} * * *"
    timeZone: Europe/Berlin
    jitter: 10m
    missedRuns: RunOnce
    deadline: 6h
  # Caches can be made again.
  exclude: ["*.tmp", "/cache/**", "*.part"]
  transfers: 4
  bandwidthLimit: ["08:00,512", "18:00,30MB", "23:00,off"]
  timeout: 6h
  history: { successful: 10, failed: 20 }
`;
}

/** The smallest task: copies `from` to a folder of its own. `schedule` is a cron expression, or `null` for none. */
export function copyTask({ name, from, schedule }) {
  return `apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata:
  name: ${name}
spec:
  direction: PUSH
  transferMode: COPY
  path: ${from}
  remote:
    credential: this-machine
    folder: ${name}
${schedule === null ? '' : `  schedule: "${schedule}"\n`}`;
}
