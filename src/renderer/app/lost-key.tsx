/** Shown when this window has nothing to prove itself with: reloaded, or opened without the printed address. */
export function LostKey() {
  return (
    <main className="page">
      <h1>This window has lost its key.</h1>
      <p>
        Paste the address that <code>npm start</code> printed into the address bar of this window, or of
        another. It ends in <code>#t=…</code>, which lets only you in. The window takes it out of the address
        bar when it opens and keeps it nowhere, so a reload forgets it.
      </p>
      <p>The engine goes on without this window: open positions keep their stops on the exchange.</p>
    </main>
  );
}
