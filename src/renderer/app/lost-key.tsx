/** Shown when this window has nothing to prove itself with: reloaded, or opened without the printed address. */
export function LostKey() {
  return (
    <main className="page">
      <h1>This window has lost its key.</h1>
      <p>
        Open the address that <code>npm start</code> printed. It ends in <code>#t=…</code>; the part after it
        lets only you in, and is used up when the page loads.
      </p>
      <p>The engine goes on without this window: open positions keep their stops on the exchange.</p>
    </main>
  );
}
