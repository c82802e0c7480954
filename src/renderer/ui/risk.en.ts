/** Each cap of the risk gate: its name, and in one plain sentence what it counts. */
export const RISK_TEXTS: Readonly<Record<string, { readonly name: string; readonly means: string }>> = {
  daily_loss: {
    name: "Today's loss",
    means: "Fall of equity since the day's opening (00:00 UTC), open positions included.",
  },
  drawdown: {
    name: 'Fall from the peak',
    means: 'Fall of equity below the highest it has been since the count began.',
  },
  loss_streak: {
    name: 'Losses in a row',
    means: 'Positions closed at a loss one after the other, newest first.',
  },
  trades_per_day: { name: 'Opened today', means: 'Positions opened since 00:00 UTC.' },
  open_positions: { name: 'Open positions', means: 'Open or opening, orders in doubt included.' },
  exposure: { name: 'Money at work', means: 'Value of everything open or opening, at its worst case.' },
  order_value: { name: 'One entry', means: 'Your position size against the most one entry may be worth.' },
  symbol_exposure: { name: 'One symbol', means: 'The symbol with most at work, all exchanges together.' },
  wave_exposure: { name: 'One wave', means: 'The wave with most at work.' },
  provider_exposure: { name: 'The provider', means: 'Everything at work that a signal opened.' },
  order_rate: {
    name: 'Orders a minute',
    means: 'Orders sent in the last 60 s. Stops and exits count and are never held back.',
  },
  leverage: { name: 'Leverage', means: 'What you set, against the most that is ever used.' },
};
