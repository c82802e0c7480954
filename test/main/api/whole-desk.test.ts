import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPositions } from '#main/engine/index';
import type { LinkStatus } from '#shared/domain/connection';
import type { Decision } from '#shared/domain/decision';
import type { JournalRecord } from '#shared/domain/journal';
import type { Position } from '#shared/domain/position';
import { createWorld, LONG_DAY, type World } from '../../simulation/world';

const MINUTE = 60_000;
type Client = ReturnType<typeof clientOf>;
const clientOf = (world: World) => createRouterClient(world.desk.api.router, { context: { window: 'test' } });

/** A practice desk in virtual time, two waves old, asked only through the contract. */
let world: World;
let client: Client;
beforeAll(async () => {
  world = await createWorld({ seed: 3, pace: LONG_DAY });
  client = clientOf(world);
  await world.seams.advance(25 * MINUTE);
}, 120_000);
afterAll(() => world.close());

const journal = (): readonly JournalRecord[] =>
  world.desk.store.journal(1, 100_000).map(({ record }) => record);
/** First item of a stream. */
async function first<T>(stream: Promise<AsyncIterable<T>>): Promise<T> {
  for await (const item of await stream) return item;
  throw new Error('the stream ended before its first item');
}
const rowsOf = <T>(item: { readonly kind: string; readonly rows?: readonly T[] }): readonly T[] =>
  item.rows ?? [];
async function executed(): Promise<readonly Decision[]> {
  const item = await first(client.signals.decisions());
  return rowsOf<Decision>(item as never).filter(({ positionId }) => positionId !== null);
}

describe('the signal server, as a screen sees it', () => {
  it('M-027 tells since when it is connected, and what came', async () => {
    const status = await first(client.signals.provider());
    const received = journal().filter(({ kind }) => kind === 'signal_received').length;
    expect(received).toBeGreaterThan(0);
    expect(status).toMatchObject({ state: 'authenticated', signalsReceived: received, reconnections: 0 });
    expect(status.connectedAt).toBeLessThan(world.seams.clock.now() - 20 * MINUTE);
    expect(status.lastSignalAt).toBeGreaterThan(status.connectedAt!);
    expect(status.bytesReceived).toBeGreaterThan(1_000);
    expect(status.buffered).toBeGreaterThan(0);
    expect([status.queryIntervalSeconds, status.signalWindowMinutes]).toEqual([30, 32]);
  });

  it('M-026 shows each state of the line within half a second', async () => {
    const seen: { readonly state: string; readonly at: number }[] = [];
    const stop = new AbortController();
    const follow = (async () => {
      for await (const item of await client.connections.stream(undefined, { signal: stop.signal })) {
        const rows = item.kind === 'snapshot' ? item.rows : item.put;
        const link = (rows as readonly LinkStatus[]).find(({ key }) => key === 'signals');
        if (link && link.state !== seen.at(-1)?.state)
          seen.push({ state: link.state, at: world.seams.clock.now() - link.since });
      }
    })().catch(() => {});
    await world.seams.advance(1_000);
    await client.connections.reconnect({ key: 'signals' });
    await world.seams.advance(3_000);
    stop.abort();
    await world.seams.advance(1);
    await follow;
    expect(seen.map(({ state }) => state)).toEqual(['live', 'connecting', 'authenticating', 'live']);
    for (const { at } of seen.slice(1)) expect(at).toBeLessThanOrEqual(500);
  });
});

describe('one signal', () => {
  it('M-116 is one correlation, from its arrival to the close of its position', async () => {
    const open = rowsOf<Position>((await first(client.positions.stream())) as never);
    const position = open.find(({ status }) => status === 'active')!;
    const signalId = position.signalId!;
    await client.positions.close({ positionId: position.id, ticket: 'a ticket of its own' });
    await world.seams.advance(MINUTE);
    const isAbout = (record: JournalRecord): boolean => {
      if (record.kind === 'signal_received') return record.signal.id === signalId;
      if (record.kind === 'decision_made') return record.decision.signal.id === signalId;
      if (record.kind === 'order_changed') return record.order.positionId === position.id;
      if (record.kind === 'position_changed') return record.position.id === position.id;
      if (record.kind === 'fill_applied' || record.kind === 'event') return record.positionId === position.id;
      return false;
    };
    const expected = world.desk.store
      .journal(1, 100_000)
      .filter(({ record }) => isAbout(record))
      .map(({ seq }) => seq);
    const { rows } = await client.signals.story({ signalId });
    const told = rows.map(({ seq }) => seq);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told).toEqual(expect.arrayContaining(expected));
    const kinds = new Set(rows.map(({ record }) => record.kind));
    for (const kind of [
      'signal_received',
      'decision_made',
      'position_changed',
      'order_changed',
      'fill_applied',
    ])
      expect(kinds).toContain(kind);
    expect(rows[0]?.record.kind).toBe('signal_received');
    const last = rows.filter(({ record }) => record.kind === 'position_changed').at(-1)?.record;
    expect(last).toMatchObject({ position: { status: 'closed' } });
  });

  it('M-116 has no row of another signal in its story', async () => {
    for (const { signal } of await executed()) {
      const { rows } = await client.signals.story({ signalId: signal.id });
      for (const { record } of rows) {
        const mentioned = JSON.stringify(record).match(/"correlationId":"([^"]+)"/)?.[1];
        expect(mentioned ?? signal.correlationId).toBe(signal.correlationId);
      }
    }
  });
});

describe('the events', () => {
  const events = (query: object) => client.history.events({ offset: 0, limit: 500, ...query });

  it('M-114 are filtered by type, severity, symbol, exchange and time', async () => {
    const all = await events({});
    expect(all.total).toBe(world.desk.store.journal(1, 100_000).length);
    const orders = await events({ type: 'order_changed' });
    expect(orders.total).toBeGreaterThan(0);
    expect(new Set(orders.rows.map(({ record }) => record.kind))).toEqual(new Set(['order_changed']));
    const { record } = orders.rows[0] as {
      readonly record: Extract<JournalRecord, { kind: 'order_changed' }>;
    };
    const { symbol } = record.order.request;
    const ofSymbol = await events({ type: 'order_changed', symbol, exchange: 'binance' });
    expect(ofSymbol.total).toBeLessThan(orders.total);
    for (const row of ofSymbol.rows) expect(row.record).toMatchObject({ order: { request: { symbol } } });
    expect((await events({ exchange: 'bybit' })).total).toBe(0);
    const { at } = all.rows.at(-1)!;
    const since = await events({ from: at.wall });
    expect(since.rows.every((row) => row.at.wall >= at.wall)).toBe(true);
    expect((await events({ severity: 'critical' })).total).toBe(
      journal().filter((each) => each.kind === 'event' && each.severity === 'critical').length,
    );
  });

  it('M-114 are exported as CSV, a line an event', async () => {
    const { total } = await events({ text: 'params_updated' });
    const { csv, rows } = await client.history.exportCsv({ what: 'events', text: 'params_updated' });
    expect(rows).toBe(total);
    expect(total).toBeGreaterThan(0);
    expect(csv.trim().split('\r\n')).toHaveLength(total + 1);
  });
});

describe('a lock of a param', () => {
  const binance = async () => {
    const item = await first(client.params.stream());
    return rowsOf<{
      readonly effective: { readonly exchange: string; readonly values: object; readonly origins: object };
      readonly stored: { readonly values: { readonly stopLoss: string | null } } | null;
    }>(item as never).find(({ effective }) => effective.exchange === 'binance')!;
  };
  const changes = () =>
    journal().flatMap((record) =>
      record.kind === 'params_changed' && record.source !== 'wave' ? [record.source] : [],
    );

  it('M-062 wins over waves, keeps what they bring, gives it back when it is lifted, and both stand in the record', async () => {
    const waveValue = (await binance()).stored!.values.stopLoss;
    expect(waveValue).not.toBeNull();
    await client.params.lock({ exchange: 'binance', name: 'stopLoss', value: '2.22' as never });
    expect((await binance()).effective).toMatchObject({
      values: { stopLoss: '2.22' },
      origins: { stopLoss: 'lock' },
    });
    const before = journal().length;
    await world.seams.advance(20 * MINUTE);
    const later = journal().slice(before);
    const used = later.flatMap((record) => (record.kind === 'params_used' ? [record.params] : []));
    expect(used.length).toBeGreaterThan(0);
    for (const params of used)
      expect(params).toMatchObject({ values: { stopLoss: '2.22' }, origins: { stopLoss: 'lock' } });
    const opened = later.flatMap((record) =>
      record.kind === 'position_changed' && record.position.status === 'pending_entry'
        ? [record.position.params.stopLoss]
        : [],
    );
    expect(new Set(opened)).toEqual(new Set(['2.22']));
    const kept = (await binance()).stored!.values.stopLoss;
    expect(kept).not.toBe('2.22');

    await client.params.unlock({ exchange: 'binance', name: 'stopLoss' });
    expect((await binance()).effective).toMatchObject({
      values: { stopLoss: kept },
      origins: { stopLoss: 'stored' },
    });
    expect(changes()).toEqual(['lock', 'unlock']);
    const { rows } = await client.params.history({ exchange: 'binance', offset: 0, limit: 100 });
    const byHand = rows.map(({ source }) => source).filter((source) => source !== 'wave');
    expect(byHand).toEqual(['unlock', 'lock']);
  }, 60_000);
});

describe('what the account did', () => {
  const fills = () => journal().flatMap((record) => (record.kind === 'fill_applied' ? [record.fill] : []));
  const syncLines = async (): Promise<readonly Record<string, unknown>[]> => {
    await world.seams.advance(2_000);
    return [...world.files()]
      .filter(([path]) => path.startsWith('/profile/logs/trade_sync/'))
      .flatMap(([, bytes]) => new TextDecoder().decode(bytes).trim().split('\n'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('M-287 is in the store and on the screen: orders, fills with fee and source, positions, balances', async () => {
    const page = await client.history.fills({ offset: 0, limit: 500 });
    expect(page.total).toBe(fills().length);
    expect(page.rows.length).toBeGreaterThan(0);
    for (const fill of page.rows) {
      expect(fill.fee?.currency).toMatch(/^[A-Z]+$/);
      expect(fill.source).toBe('stream');
    }
    const orders = await client.history.orders({ offset: 0, limit: 500 });
    expect(orders.rows.some(({ status, averagePrice }) => status === 'filled' && averagePrice !== null)).toBe(
      true,
    );
    const status = await first(client.app.status());
    expect(status.equityUsd).toMatch(/^\d+\.\d\d$/);
  });

  it('M-295 is written in one transaction with what it changes: each fill of ours stands beside its position', () => {
    for (const { at, record, seq } of world.desk.store.journal(1, 100_000)) {
      if (record.kind !== 'fill_applied' || record.positionId === null) continue;
      const beside = world.desk.store.journal(seq + 1, 8).filter((row) => row.at.wall === at.wall);
      expect(beside.map((row) => row.record.kind)).toContain('position_changed');
    }
  });

  it('M-296 adds up: every stored position is what its stored fills make it', () => {
    const { store } = world.desk;
    const positions = store.positions({});
    expect(positions.length).toBeGreaterThan(2);
    expect(checkPositions(positions, (positionId) => store.fills({ positionId }))).toEqual([]);
  });

  it('M-298 is asked for at the start, every ten minutes, and after each reconnection', async () => {
    await client.connections.reconnect({ key: 'binance_future private' });
    await world.seams.advance(20_000);
    const reasons = (await syncLines())
      .filter(({ event, venue }) => event === 'sync_summary' && venue === 'binance_future')
      .map(({ reason }) => reason);
    expect(reasons[0]).toBe('start');
    expect(reasons.filter((reason) => reason === 'period').length).toBeGreaterThanOrEqual(2);
    expect(reasons.at(-1)).toBe('reconnection');
  });

  it('M-297 is in the trade sync log of this start, with fills by stream, repeats by asking and positions', async () => {
    const lines = await syncLines();
    expect(new Set(lines.map(({ event }) => event))).toEqual(
      new Set(['fetch_start', 'fetch_result', 'storage', 'position_update', 'sync_summary']),
    );
    const sum = (source: string, field: string): number =>
      lines.reduce(
        (total, line) =>
          line.event === 'storage' && line.source === source ? total + Number(line[field]) : total,
        0,
      );
    expect(sum('stream', 'count')).toBe(fills().length);
    expect(sum('sync', 'count')).toBe(0);
    expect(sum('sync', 'duplicates')).toBeGreaterThan(0);
  });

  it('M-290 holds no public trade: the market trades all the time, and every stored fill has an order of ours', () => {
    const known = new Set(world.desk.store.orders({}).map(({ request }) => request.clientOrderId));
    for (const { clientOrderId } of fills()) expect(known.has(clientOrderId!)).toBe(true);
  });
});

describe('the risk gate and the way out', () => {
  it('tells each limit with what is used of it', async () => {
    const { meters } = await first(client.app.risk());
    const of = (rule: string) => meters.find((meter) => meter.rule === rule)!;
    const status = await first(client.app.status());
    expect(of('open_positions')).toMatchObject({ used: String(status.openPositions), limit: '10' });
    expect(Number(of('exposure').used)).toBeGreaterThan(0);
    expect(Number(of('symbol_exposure').used)).toBeLessThanOrEqual(Number(of('exposure').used));
    expect(Number(of('trades_per_day').used)).toBeGreaterThanOrEqual(status.openPositions);
    expect(Number(of('drawdown').used)).toBeGreaterThanOrEqual(0);
    for (const { used, limit, share } of meters)
      if (share !== null) expect(share).toBeCloseTo(Number(used) / Number(limit), 9);
  });

  it('counts drawdown anew when a person says so', async () => {
    await client.app.countLossesAnew();
    await world.seams.advance(1_500);
    const { meters } = await first(client.app.risk());
    expect(meters.find(({ rule }) => rule === 'loss_streak')?.used).toBe('0');
    // A world that runs on may have fallen a little since; it cannot have fallen from the old peak.
    expect(Number(meters.find(({ rule }) => rule === 'drawdown')?.used)).toBeLessThan(0.5);
  });

  it('flattens everything once for one ticket, and says what it closes', async () => {
    const before = await first(client.app.status());
    const { closing } = await client.app.flatten({ ticket: 'one click of the button' });
    expect(closing).toBe(before.openPositions);
    await client.app.flatten({ ticket: 'one click of the button' });
    await world.seams.advance(MINUTE);
    const after = await first(client.app.status());
    expect(after).toMatchObject({ openPositions: 0, killed: true });
    const told = journal().filter((record) => record.kind === 'event' && record.type === 'flatten_all');
    expect(told).toHaveLength(1);
  });
});
