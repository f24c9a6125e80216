/**
 * Folders in which a file system shows its snapshots: ZFS; NetApp and most servers of NFS; NetApp over SMB; Synology;
 * QNAP. They hold every file again, once for each snapshot, and nobody can write there. `.snapshots` is not among them:
 * tools keep files of their own in it.
 */
export const snapshotFolders: readonly string[] = ['.zfs', '.snapshot', '~snapshot', '#snapshot', '@Recently-Snapshot'];

export function isSnapshotFolder(name: string): boolean {
  return snapshotFolders.includes(name);
}
