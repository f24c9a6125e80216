import type { CloudRequest, CloudResponse } from './traffic.ts';

export interface ResumableUploads<Target> {
  start(address: string, target: Target): CloudResponse;
  /** Takes a part; `stored` is called with the whole after the last. */
  receive(id: string, request: CloudRequest, stored: (target: Target, content: Buffer) => CloudResponse): CloudResponse;
}

/** Google's protocol for uploads in parts: https://cloud.google.com/storage/docs/performing-resumable-uploads */
export function resumableUploads<Target>(): ResumableUploads<Target> {
  const sessions = new Map<string, { readonly target: Target; content: Buffer }>();
  return {
    start(address, target) {
      const id = `upload-${sessions.size}`;
      sessions.set(id, { target, content: Buffer.alloc(0) });
      return { status: 200, headers: { location: `${address}&upload_id=${id}` } };
    },
    receive(id, { headers: { 'content-range': range = '', 'x-guploader-no-308': plain }, body }, stored) {
      const session = sessions.get(id);
      if (session === undefined) return { status: 404 };
      const [, first, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(range) ?? [];
      if (first !== undefined) session.content = Buffer.concat([session.content.subarray(0, Number(first)), body]);
      if (total !== undefined && Number(total) === session.content.length)
        return stored(session.target, session.content);
      const received = session.content.length === 0 ? {} : { range: `bytes=0-${session.content.length - 1}` };
      // What goes on is said by status 308, which is a redirect to some clients; these ask for it in a header.
      if (plain === undefined) return { status: 308, headers: received };
      return { status: 200, headers: { ...received, 'x-http-status-code-override': '308' } };
    },
  };
}
