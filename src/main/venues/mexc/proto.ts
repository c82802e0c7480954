import { createRequire } from 'node:module';
import { MEXC_FRAME, type ProtoMessage } from '#shared/protocol/mexc-spot';
import { bad, type Fields } from '../core/fields';

/** What we use of protobufjs. 64-bit numbers are objects where the package `long` is installed. */
interface Reader {
  pos: number;
  readonly len: number;
  uint32(): number;
  int32(): number;
  bool(): boolean;
  int64(): number | { toNumber(): number; toString(): string };
  skipType(wireType: number): unknown;
}
type ReaderClass = { create(bytes: Uint8Array): Reader };
let loaded: ReaderClass | null = null;

/** protobufjs is read from the disk by the first spot frame, not at start. */
function readerClass(): ReaderClass {
  loaded ??= (createRequire(import.meta.url)('protobufjs/minimal') as { Reader: ReaderClass }).Reader;
  return loaded;
}

/**
 * One binary frame as plain fields; what the exchange left out is absent. Fields of unknown number are skipped, as
 * MEXC adds some; nothing is inflated, so that a compressed frame is only an unreadable one.
 * @throws ProtocolError
 */
export function decodeFrame(bytes: Uint8Array): Fields {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const reader = readerClass().create(buffer);
    return readMessage(reader, buffer, reader.len, MEXC_FRAME);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw bad(
      `not one protobuf frame (${why.slice(0, 60)})`,
      Buffer.from(bytes.subarray(0, 48)).toString('hex'),
    );
  }
}

function readMessage(reader: Reader, buffer: Buffer, end: number, message: ProtoMessage): Fields {
  const fields: Record<string, unknown> = {};
  if (end > reader.len) throw new RangeError('a message reaches past the frame');
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = message[tag >>> 3];
    if (field === undefined) {
      reader.skipType(tag & 7);
      continue;
    }
    const { name, kind, repeated } = field;
    if ((tag & 7) !== (kind === 'int32' || kind === 'int64' || kind === 'bool' ? 0 : 2))
      throw new RangeError(`field ${name} has another type`);
    const value =
      kind === 'string'
        ? readText(reader, buffer, end)
        : kind === 'int32'
          ? reader.int32()
          : kind === 'bool'
            ? reader.bool()
            : kind === 'int64'
              ? readWhole(reader, buffer)
              : readMessage(reader, buffer, reader.uint32() + reader.pos, kind);
    if (repeated === undefined) fields[name] = value;
    else if (fields[name] === undefined) fields[name] = [value];
    else (fields[name] as unknown[]).push(value);
  }
  if (reader.pos !== end) throw new RangeError('a message ends inside a field');
  return fields;
}

/** protobufjs' own reader of text takes a cut one for whole. */
function readText(reader: Reader, buffer: Buffer, end: number): string {
  const length = reader.uint32();
  const start = reader.pos;
  if (start + length > end) throw new RangeError('a text reaches past its message');
  reader.pos = start + length;
  return buffer.toString('utf8', start, reader.pos);
}

/** Text where a number would lose digits. protobufjs also takes a number for whole that is cut after its fourth byte. */
function readWhole(reader: Reader, buffer: Buffer): number | string {
  const value = reader.int64();
  if ((buffer[reader.pos - 1] ?? 0x80) & 0x80) throw new RangeError('a number ends too early');
  const number = typeof value === 'number' ? value : value.toNumber();
  return Number.isSafeInteger(number) ? number : String(value);
}
