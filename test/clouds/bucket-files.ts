import { readTree, writeTree } from '../helper/file-tree.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import type { Cloud } from './cloud.ts';

/** The files of a bucket, by an rclone of our own that knows it as `far`. */
export function bucketFiles(
  bucket: string,
  copy: (source: string, destination: string) => Promise<unknown>,
): Pick<Cloud, 'read' | 'write'> {
  return {
    async read(folder) {
      await using local = await temporaryDirectory();
      await copy(`far:${bucket}/${folder}`, local.path);
      return await readTree(local.path);
    },
    async write(folder, files) {
      await using local = await temporaryDirectory();
      await writeTree(local.path, files);
      await copy(local.path, `far:${bucket}/${folder}`);
    },
  };
}
