import type { Finding } from './finding.ts';

/** What a tool has left in the place of a manifest; to parse it would say something else at each line. */
export function foreignText(text: string): Finding | null {
  const conflict = text.search(/^(?:<{7}|>{7})(?: |$)/m);
  if (conflict >= 0) {
    const hint = 'keep one side, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>';
    return fault(conflict, 'a merge conflict is not resolved here', hint);
  }
  if (/^version https:\/\/git-lfs\.github\.com\/spec\//.test(text)) {
    const hint = 'run git lfs pull, or take manifests out of .gitattributes';
    return fault(0, 'this is a pointer of Git LFS, and not the manifest itself', hint);
  }
  return null;
}

function fault(offset: number, message: string, hint: string): Finding {
  return { code: 'CS004', severity: 'error', spot: { offset }, message, hint };
}
