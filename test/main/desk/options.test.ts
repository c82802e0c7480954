import { describe, expect, it } from 'vitest';
import { parseDeskArguments, UsageError } from '#main/desk/options';

const parse = (...argv: string[]) => parseDeskArguments(argv, { XDG_DATA_HOME: '/data' });

describe('the command line of the desk', () => {
  it('defaults to practice at five times the speed on any free port', () => {
    expect(parse()).toMatchObject({
      mode: 'practice',
      speed: 5,
      port: 0,
      seed: 1,
      headless: false,
      replayFile: null,
    });
  });

  it('keeps a replay’s account apart from the generated market’s', () => {
    expect(parse()?.profileDir).not.toBe(parse('--replay', 'x.csv')?.profileDir);
  });

  it('asks for help with null', () => {
    expect(parse('--help')).toBeNull();
  });

  it.each([
    ['--port', '70000'],
    ['--port', '1.5'],
    ['--speed', '1001'],
    ['--speed', 'NaN'],
    ['--speed', '1e2'],
    ['--mode', 'live'],
    ['--mode', 'Practice'],
    ['--seed', '1_000'],
    ['--exchanges', 'binance,okx'],
    ['--exchanges', ''],
  ])('refuses %s %s, naming option and value', (option, value) => {
    expect(() => parse(option, value)).toThrow(UsageError);
    expect(() => parse(option, value)).toThrow(`${option} ${value}`);
  });

  it('connects to the exchanges named, each once, and to all when none is', () => {
    expect(parse('--exchanges', 'Bybit, binance,bybit')?.exchanges).toEqual(['bybit', 'binance']);
    expect(parse()).not.toHaveProperty('exchanges');
  });

  it('refuses a practice speed in a mode whose market has its own', () => {
    expect(() => parse('--mode', 'testnet', '--speed', '10')).toThrow(/belong to practice/);
  });
});
