import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** A request as a server sees it, made without any wire. */
export function createRequest(url: URL, init: RequestInit = {}): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.method = (init.method ?? 'GET').toUpperCase();
  request.url = `${url.pathname}${url.search}`;
  request.httpVersion = '1.1';
  const body = bodyBytes(init.body);
  const headers = new Headers(init.headers);
  if (init.body instanceof URLSearchParams && !headers.has('content-type'))
    headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  request.headers = { host: url.host, ...Object.fromEntries(headers) };
  if (body.length > 0) request.headers['content-length'] = String(body.length);
  request.rawHeaders = Object.entries(request.headers).flatMap(([name, value]) => [name, String(value)]);
  if (body.length > 0) request.push(body);
  request.push(null);
  request.complete = true;
  return request;
}

function bodyBytes(body: RequestInit['body']): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof URLSearchParams) return Buffer.from(body.toString());
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new TypeError('the simulated network sends text, form and byte bodies only');
}

interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Collects what a server answers; everything is delivered at once when it ends. */
class SimulatedResponse extends ServerResponse {
  readonly #chunks: Buffer[] = [];
  readonly #done: (sent: Sent) => void;
  #begun = false;
  #over = false;

  constructor(request: IncomingMessage, done: (sent: Sent) => void) {
    super(request);
    this.#done = done;
    Object.defineProperties(this, {
      headersSent: { get: () => this.#begun },
      writableEnded: { get: () => this.#over },
    });
  }
  override writeHead(status: number, ...rest: unknown[]): this {
    this.statusCode = status;
    const headers = rest.find((part) => typeof part === 'object' && part !== null) ?? {};
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value as string);
    this.#begun = true;
    return this;
  }
  override flushHeaders(): void {
    this.#begun = true;
  }
  override write(chunk: unknown): boolean {
    this.#begun = true;
    if (chunk instanceof Uint8Array) this.#chunks.push(Buffer.from(chunk));
    else if (typeof chunk === 'string') this.#chunks.push(Buffer.from(chunk));
    return true;
  }
  override end(chunk?: unknown): this {
    if (this.#over) return this;
    this.write(chunk);
    this.#over = true;
    const headers = new Headers();
    for (const [name, value] of Object.entries(this.getHeaders()))
      for (const one of Array.isArray(value) ? value : [value]) headers.append(name, String(one));
    this.#done({ status: this.statusCode, headers, body: Buffer.concat(this.#chunks) });
    queueMicrotask(() => this.emit('finish'));
    return this;
  }
}

const BODILESS = new Set([204, 205, 304]);

/** Lets a server answer a request; resolves when it has ended its answer. */
export const answer = (
  request: IncomingMessage,
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Response> =>
  new Promise((resolve) => {
    const response = new SimulatedResponse(request, ({ status, headers, body }) =>
      resolve(
        new Response(BODILESS.has(status) || body.length === 0 ? null : new Uint8Array(body), {
          status,
          headers,
        }),
      ),
    );
    serve(request, response);
  });
