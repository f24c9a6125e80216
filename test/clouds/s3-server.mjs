// An S3 server on a free port: `node s3-server.mjs DIRECTORY BUCKET`, with the key pair in the environment.
import S3rver from 's3rver';
import account from 's3rver/lib/models/account.js';

const [directory, bucket] = process.argv.slice(2);
account.DUMMY_ACCOUNT.createKeyPair(process.env.S3_ACCESS_KEY, process.env.S3_SECRET_KEY);
const server = new S3rver({
  ...{ address: '127.0.0.1', port: 0, silent: true, directory },
  configureBuckets: [{ name: bucket, configs: [] }],
});
const { port } = await server.run();
process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
