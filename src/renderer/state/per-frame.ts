/**
 * Collects calls and runs `flush` once per painted frame. In a hidden window, where no frame is painted, twice a
 * second, so that what waits stays small.
 */
export function perFrame(flush: () => void): () => void {
  let waiting = false;
  const run = () => {
    waiting = false;
    flush();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    if (document.visibilityState === 'hidden') setTimeout(run, 500);
    else requestAnimationFrame(run);
  };
}
