import { join, relative, sep } from 'node:path';
import { scalar } from '../manifest/scaffold.ts';

/** A folder beside the tasks directory that stands in for the cloud, and something to copy into it. */
export function sampleFiles(directory: string, tasksDirectory: string): readonly { path: string; text: string }[] {
  const sample = join(directory, 'sample');
  const seen = (path: string) => relative(tasksDirectory, path).split(sep).join('/');
  const schema = (kind: string) => seen(join(directory, 'schema', `${kind}.schema.json`));
  return [
    {
      path: join(tasksDirectory, 'sample-folder.yaml'),
      text: `# yaml-language-server: $schema=${schema('credential')}
# A folder on this machine in place of an account. \`cloudsync new credential\` writes one of any other provider.
apiVersion: cloudsync/v1
kind: CloudCredential
metadata:
  name: sample-folder
spec:
  provider: local
  options:
    root: ${scalar(seen(join(sample, 'cloud')))}
`,
    },
    {
      path: join(tasksDirectory, 'sample.yaml'),
      text: `# yaml-language-server: $schema=${schema('task')}
# It has no schedule, so that it runs only when asked: cloudsync run sample
apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata:
  name: sample
spec:
  description: Something to try, to be deleted later together with the folder sample
  direction: PUSH
  transferMode: COPY
  path: ${scalar(seen(join(sample, 'documents')))}
  remote:
    credential: sample-folder
    folder: documents
`,
    },
    { path: join(sample, 'documents/hello.txt'), text: 'Copied by the task sample.\n' },
    { path: join(sample, '.gitignore'), text: '/cloud/*\n!/cloud/.gitkeep\n' },
    // A run never makes the root of a credential.
    { path: join(sample, 'cloud/.gitkeep'), text: '' },
  ];
}
