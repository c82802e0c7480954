import type { ServerOptions } from '#main/seams/seams';

export type HttpRequest = Parameters<ServerOptions['request']>[0];
export type HttpResponse = Parameters<ServerOptions['request']>[1];

export const addressOf = (request: HttpRequest): string => request.socket.remoteAddress ?? 'unknown';

/** One header as text; the first when it was sent several times. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The body as text; `tooLarge` makes the exchange's own refusal. */
export async function readBody(
  request: HttpRequest,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
