import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { toMicros } from '../time.ts';

/**
 * Reads the fields of protobuf messages one after the other, in whatever order they come. A message is read by
 *
 *     while (r.more(end)) {
 *       switch (r.field()) {
 *         case 1: name = r.string(); break;
 *         default: r.ignore();
 *       }
 *     }
 *
 * Every method throws when the bytes are not what the field's type asks for, none reads past the buffer.
 * https://protobuf.dev/programming-guides/encoding/
 */
export class MessageReader extends BinaryReader {
  private number = 0;
  private wireType = 0;

  /** Whether the message that ends at `end` has another field. */
  more(end: number): boolean {
    if (this.pos > end) throw new RangeError('a field reaches past the end of its message');
    return this.pos < end;
  }

  /** The number of the next field. */
  field(): number {
    const tag = this.uint32();
    this.number = tag >>> 3;
    this.wireType = tag & 7;
    if (this.number === 0) throw new RangeError('field number 0');
    return this.number;
  }

  /** Steps over a field this reader does not know, as protobuf asks: newer senders may have added it. */
  ignore(): void {
    this.skip(this.wireType, this.number);
  }

  /** Where the message in this field ends. */
  message(): number {
    this.expect(WireType.LengthDelimited);
    const length = this.uint32();
    const end = this.pos + length;
    if (end > this.len) throw new RangeError('premature EOF');
    return end;
  }

  override string(): string {
    this.expect(WireType.LengthDelimited);
    return super.string();
  }

  override bytes(): Uint8Array {
    this.expect(WireType.LengthDelimited);
    return super.bytes();
  }

  /** A trace or span id as lower-case hex; `undefined` when it is empty. */
  id(): string | undefined {
    const bytes = this.bytes();
    if (bytes.length === 0) return undefined;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  }

  override double(): number {
    this.expect(WireType.Bit64);
    return super.double();
  }

  override bool(): boolean {
    this.expect(WireType.Varint);
    return super.bool();
  }

  /** An enum, uint32 or int32. */
  varint(): number {
    this.expect(WireType.Varint);
    return this.int32();
  }

  override sint32(): number {
    this.expect(WireType.Varint);
    return super.sint32();
  }

  override fixed32(): number {
    this.expect(WireType.Bit32);
    return super.fixed32();
  }

  /** A fixed64 of nanoseconds since the epoch, as microseconds. */
  micros(): number {
    this.expect(WireType.Bit64);
    const low = super.fixed32();
    return toMicros(super.fixed32(), low);
  }

  /** An int64 or sfixed64: a string of digits when a number cannot hold it exactly. */
  integer(): number | string {
    const value = this.wireType === WireType.Bit64 ? this.sfixed64() : this.int64Field();
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }

  /** A fixed64 as the nearest number. */
  count(): number {
    this.expect(WireType.Bit64);
    const low = super.fixed32();
    return super.fixed32() * 2 ** 32 + low;
  }

  /** A repeated fixed64, packed or one by one. */
  counts(into: number[]): void {
    this.repeated(WireType.Bit64, () => {
      const low = super.fixed32();
      into.push(super.fixed32() * 2 ** 32 + low);
    });
  }

  /** A repeated uint64 of varints, packed or one by one. */
  varints(into: number[]): void {
    this.repeated(WireType.Varint, () => into.push(Number(this.uint64())));
  }

  /** A repeated double, packed or one by one. */
  doubles(into: number[]): void {
    this.repeated(WireType.Bit64, () => into.push(super.double()));
  }

  private repeated(wireType: WireType, readOne: () => void): void {
    if (this.wireType !== WireType.LengthDelimited) {
      this.expect(wireType);
      readOne();
      return;
    }
    const end = this.message();
    while (this.more(end)) readOne();
  }

  private int64Field(): bigint | string {
    this.expect(WireType.Varint);
    return this.int64();
  }

  private expect(wireType: WireType): void {
    if (this.wireType !== wireType) {
      throw new TypeError(`field ${this.number} has wire type ${this.wireType} instead of ${wireType}`);
    }
  }
}
