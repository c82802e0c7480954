import { createRequire } from 'node:module';
import type { Reader } from 'protobufjs';
import { MEXC_FRAME, type ProtoMessage } from '#shared/protocol/mexc-spot';
import { bad, type Fields } from '../core/fields';

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
    const reader = readerClass().create(bytes);
    return readMessage(reader, reader.len, MEXC_FRAME);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw bad(
      `not one protobuf frame (${why.slice(0, 60)})`,
      Buffer.from(bytes.subarray(0, 48)).toString('hex'),
    );
  }
}

function readMessage(reader: Reader, end: number, message: ProtoMessage): Fields {
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
        ? reader.string()
        : kind === 'int32'
          ? reader.int32()
          : kind === 'bool'
            ? reader.bool()
            : kind === 'int64'
              ? whole(reader.int64())
              : readMessage(reader, reader.uint32() + reader.pos, kind);
    if (repeated === undefined) fields[name] = value;
    else if (fields[name] === undefined) fields[name] = [value];
    else (fields[name] as unknown[]).push(value);
  }
  if (reader.pos !== end) throw new RangeError('a message ends inside a field');
  return fields;
}

/** Text where a number would lose digits. */
function whole(value: number | { toNumber(): number; toString(): string }): number | string {
  const number = typeof value === 'number' ? value : value.toNumber();
  return Number.isSafeInteger(number) ? number : String(value);
}
