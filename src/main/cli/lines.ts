/** A line of input with its number from 1; `text` is null when it was longer than allowed, and was not kept. */
export interface Line {
  readonly number: number;
  readonly text: string | null;
}

/** Input blocks as lines without their ends. Holds one line at a time, and of one that is too long nothing. */
export async function* linesOf(
  input: AsyncIterable<string | Uint8Array>,
  maxLength: number,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let number = 1;
  let kept: string[] = [];
  let length = 0;
  const take = (part: string): void => {
    length += part.length;
    if (length <= maxLength) kept.push(part);
    else kept = [];
  };
  const line = (): Line => {
    const text = length > maxLength ? null : kept.join('').replace(/\r$/, '');
    kept = [];
    length = 0;
    return { number: number++, text };
  };
  for await (const block of input) {
    const text = typeof block === 'string' ? block : decoder.decode(block, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      take(text.slice(from, end));
      yield line();
      from = end + 1;
    }
    take(text.slice(from));
  }
  take(decoder.decode());
  if (length > 0) yield line();
}
