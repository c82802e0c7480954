/** Lets at most `width` questions run at once; the others wait their turn in order. */
export function createGate(width: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(question: () => Promise<T>): Promise<T> => {
    // A finished question hands its place over, so the count never exceeds the width in between.
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await question();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
