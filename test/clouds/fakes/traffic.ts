/** What a fake is asked, however it arrived: through the proxy or on a port of its own. */
export interface CloudRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface CloudResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export type Handler = (request: CloudRequest) => CloudResponse | Promise<CloudResponse>;

/** One line of the request log. It holds neither headers nor bodies, so that it can be printed whole. */
export interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

export interface Fault {
  /** Tried on `METHOD https://host/path?query`. */
  readonly match: RegExp;
  readonly status: number;
  /** How many requests fail before the cloud recovers. */
  readonly times: number;
}

/** A request that is kept waiting. */
export interface Hold {
  /** Fulfilled when a request waits. */
  readonly arrived: Promise<void>;
  /** Lets this and all later requests pass. */
  release(): void;
}

export interface Traffic {
  /** In the order of their answers. */
  readonly requests: readonly LoggedRequest[];
  fail(fault: Fault): void;
  hold(match: RegExp): Hold;
}

/** A request log with faults to inject; `answer` is what every request to the fake goes through. */
export function traffic(
  failure: (status: number) => CloudResponse,
): Traffic & { answer(request: CloudRequest, handler: Handler): Promise<CloudResponse>; release(): void } {
  const requests: LoggedRequest[] = [];
  const faults: { readonly fault: Fault; left: number }[] = [];
  const holds: { readonly match: RegExp; readonly arrive: () => void; readonly released: Promise<void> }[] = [];
  const releases: (() => void)[] = [];

  return {
    requests,
    fail: (fault) => {
      faults.push({ fault, left: fault.times });
    },
    hold(match) {
      const arrived = signal();
      const released = signal();
      holds.push({ match, arrive: arrived.send, released: released.sent });
      releases.push(released.send);
      return { arrived: arrived.sent, release: released.send };
    },
    async answer(request, handler) {
      const line = `${request.method} ${request.url.href}`;
      for (const hold of holds.filter(({ match }) => match.test(line))) {
        hold.arrive();
        await hold.released;
      }
      const hit = faults.find(({ fault, left }) => left > 0 && fault.match.test(line));
      if (hit !== undefined) hit.left -= 1;
      const response = hit === undefined ? await handled(request, handler) : failure(hit.fault.status);
      requests.push({ method: request.method, url: request.url.href, status: response.status });
      return response;
    },
    release: () => {
      for (const release of releases) release();
    },
  };
}

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): CloudResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** A file's content, or the part that a `range` header asks for. */
export function download(
  request: CloudRequest,
  content: Buffer,
  headers: Readonly<Record<string, string>> = {},
): CloudResponse {
  const { range: header = '' } = request.headers;
  const range = /^bytes=(\d+)-(\d*)$/.exec(header);
  const type = { 'content-type': 'application/octet-stream', ...headers };
  if (range === null) return { status: 200, headers: type, body: content };
  const start = Number(range[1]);
  const end = range[2] === '' ? content.length - 1 : Math.min(Number(range[2]), content.length - 1);
  return {
    status: 206,
    headers: { ...type, 'content-range': `bytes ${start}-${end}/${content.length}` },
    body: content.subarray(start, end + 1),
  };
}

/** A broken fake must not look like a cloud with a passing problem, which rclone would try again and again. */
async function handled(request: CloudRequest, handler: Handler): Promise<CloudResponse> {
  try {
    return await handler(request);
  } catch (error) {
    return json({ error: `The fake failed: ${error instanceof Error ? error.stack : String(error)}` }, 400);
  }
}

function signal(): { readonly sent: Promise<void>; readonly send: () => void } {
  let send: () => void = () => {};
  const sent = new Promise<void>((resolve) => {
    send = resolve;
  });
  return { sent, send };
}
